/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The bytes of an input: a file is mapped, a pipe is read whole, up to 2 GiB. */

#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sg_input {
    const void *data;
    size_t size;
    bool mapped; /* a file's; false: memory of our own */
} sg_input;

/* How messages call an input: "-" is "standard input". */
const char *input_name(const char *path);

/* Whether the input is standard input, "-", or a pipe such as a shell's <(command). Such an input
 * has no path that the library could open: its bytes are given to the library instead. */
bool input_is_stream(const char *path);

/* Whether the input is a folder; if so, says that the files in it with this extension may be
 * given. */
bool input_refuse_folder(const char *path, const char *extension);

/* Opens a file, or standard input for "-"; input_close() gives its bytes back. False: it cannot be
 * read, already said unless a signal interrupted the reading. */
bool input_open(const char *path, sg_input *bytes);

/* The same, but the cause is written into `error` instead of being said. */
bool input_try(const char *path, sg_input *bytes, char *error, size_t error_size);

void input_close(sg_input *bytes);

/* Lets go of the memory that a file's bytes have come to lie in, wherever that costs nothing: they
 * are read again when they are looked at again. */
void input_release(const sg_input *bytes);

#endif
