/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* As much of JSON as a safetensors header has: strings, whole numbers and punctuation. What the
 * header's grammar does not have is refused where it stands, so nothing nests. */

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
} sg_json_reader;

/* "FILE: header: WHAT at byte N". */
segent_status sg_json_fail(const sg_json_reader *json, const char *what);

/* Skips white space; the character that follows, or 0 at the end. */
unsigned char sg_json_peek(sg_json_reader *json);

/* Takes that character, or fails. */
segent_status sg_json_expect(sg_json_reader *json, char character);

/* After an element: takes "," (*more = true) or the closing character (*more = false). */
segent_status sg_json_next(sg_json_reader *json, char closing, bool *more);

/* A string, UTF-8, without NUL; `text` holds it, NUL-terminated. */
segent_status sg_json_string(sg_json_reader *json, sg_span *string);

/* A whole number from 0 to INT64_MAX, in plain digits. */
segent_status sg_json_number(sg_json_reader *json, int64_t *number);

#endif
