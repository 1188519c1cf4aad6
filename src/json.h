/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Writes one JSON value on one line, and sets the commas by itself. Keys are constants of this
 * program. Strings may be any bytes: control characters are escaped, and a byte 0xNN that is not
 * UTF-8 is written as \udcNN, which Python's "surrogateescape" reads and writes too, so that texts
 * that differ stay different. */

#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct sg_json {
    FILE *file;
    bool comma; /* the next member or element needs one before it */
} sg_json;

/* In all of these `key` is NULL for the outermost value and for elements of a list. */
void json_open_object(sg_json *json, const char *key);
void json_close_object(sg_json *json);
void json_open_list(sg_json *json, const char *key);
void json_close_list(sg_json *json);
void json_text(sg_json *json, const char *key, const char *text);
void json_integer(sg_json *json, const char *key, int64_t number);
/* Shortest digits that read back as the same double; what is not finite becomes null. */
void json_number(sg_json *json, const char *key, double number);
void json_boolean(sg_json *json, const char *key, bool value);
/* Ends the line. */
void json_end(sg_json *json);

#endif
