/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a result was made from, in four hashes: when all of them are found again, the result is what
 * the command would make again. */

#ifndef STAMP_H
#define STAMP_H

#include "options.h"
#include "segent/segent.h"

typedef struct sg_stamp {
    uint64_t run;     /* the program's version, the model and what else changes a result */
    uint64_t file;    /* the picture's file: its size, times and number, not its bytes */
    uint64_t picture; /* the picture's bytes */
    uint64_t outputs; /* the path, size and time of each output */
} sg_stamp;

/* Digits of a stamp as text: four times 16, with a dash between them. */
enum { STAMP_LENGTH = 67 };
void stamp_write(const sg_stamp *stamp, char text[STAMP_LENGTH + 1]);
bool stamp_read(const char text[STAMP_LENGTH], sg_stamp *stamp);

/* The hash of what all pictures share. `details` are those of the model that was loaded from
 * `path`. False: a file cannot be read, already said, or is no regular one, which is not said. */
bool stamp_run(const sg_settings *settings, const char *path, const segent_model_details *details,
               uint64_t *run);

/* The hash of a regular file's size, times and number, never 0; 0: it is none. */
uint64_t stamp_file(const char *path);

/* The hash of a regular file's bytes. False: it is none, or cannot be read. */
bool stamp_bytes(const char *path, uint64_t *bytes);

/* The hash of all outputs of an input, never 0; 0: one is not there. */
uint64_t stamp_outputs(const sg_settings *settings, const char *input);

#endif
