/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The bytes of an input: a file, mapped, or standard input, read whole. */

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

/* "-" is standard input. False: `error` holds the cause, without the file's name. */
bool input_open(const char *path, sg_input *bytes, char *error, size_t error_size);
void input_close(sg_input *bytes);

#endif
