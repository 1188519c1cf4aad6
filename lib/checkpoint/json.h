/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads JSON piece by piece: what a safetensors header has, which is strings, whole numbers and
 * punctuation, and what other files have besides. Each caller asks for what its grammar allows, and
 * anything else is refused where it stands. */

#ifndef SG_CHECKPOINT_JSON_H
#define SG_CHECKPOINT_JSON_H

#include "table.h"

typedef struct sg_json_reader {
    segent_context *context;
    const char *label;
    const unsigned char *data;
    size_t position, end; /* in the file */
    char *text;           /* where strings go, unescaped and NUL-terminated: end - begin bytes */
    size_t text_size;
    const char *part; /* of the file that this is, "safetensors header: "; NULL: all of it */
} sg_json_reader;

/* Fails with the sentence "FILE: PART: WHAT at byte N". */
segent_status sg_json_fail(const sg_json_reader *json, const char *what);

/* Skips white space and returns the character that follows, or 0 at the end. */
unsigned char sg_json_peek(sg_json_reader *json);

/* Takes the character if it comes next, or else fails. */
segent_status sg_json_expect(sg_json_reader *json, char character);

/* Takes what follows an element: "," (*more = true) or the closing character (*more = false). */
segent_status sg_json_next(sg_json_reader *json, char closing, bool *more);

/* Reads a string of UTF-8 without NUL into `text`, where it is NUL-terminated. */
segent_status sg_json_string(sg_json_reader *json, sg_span *string);

/* Reads a whole number from 0 to INT64_MAX, in plain digits. */
segent_status sg_json_number(sg_json_reader *json, int64_t *number);

/* Reads any number; it is left as the text that it is in the file. */
segent_status sg_json_decimal(sg_json_reader *json, sg_span *number);

/* Reads a value of any kind and forgets it. Lists and objects nest 64 deep at most. */
segent_status sg_json_skip(sg_json_reader *json);

#endif
