/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The bytes of an input: a file, mapped, or a pipe, read whole up to 2 GiB. */

#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sg_input {
    const void *data;
    size_t size;
    bool mapped;
} sg_input;

/* How messages call an input: "-" is "standard input". */
const char *input_name(const char *path);

/* Whether the input is standard input, "-", or a pipe such as a shell's <(command): what only
 * input_open() reads. */
bool input_is_stream(const char *path);

/* Whether the input is a folder, after saying what to give instead: files with that extension. */
bool input_refuse_folder(const char *path, const char *extension);

/* "-" is standard input. False: `error` holds the cause, without the file's name. */
bool input_open(const char *path, sg_input *bytes, char *error, size_t error_size);
void input_close(sg_input *bytes);

#endif
