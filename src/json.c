/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "utf8.h"

static void write_string(FILE *file, const char *text)
{
    putc('"', file);
    while (*text) {
        const char *start = text;
        const uint32_t code = utf8_next(&text);
        if (code == UTF8_INVALID)
            fprintf(file, "\\udc%02x", (unsigned)(unsigned char)*start);
        else if (code == '"' || code == '\\')
            fprintf(file, "\\%c", (int)code);
        else if (utf8_is_control(code))
            fprintf(file, "\\u%04x", (unsigned)code);
        else
            fwrite(start, 1, (size_t)(text - start), file);
    }
    putc('"', file);
}

static void begin(sg_json *json, const char *key)
{
    if (json->comma)
        fputs(", ", json->file);
    json->comma = true;
    if (key)
        fprintf(json->file, "\"%s\": ", key);
}

static void open_bracket(sg_json *json, const char *key, char bracket)
{
    begin(json, key);
    putc(bracket, json->file);
    json->comma = false;
}

static void close_bracket(sg_json *json, char bracket)
{
    putc(bracket, json->file);
    json->comma = true;
}

void json_open_object(sg_json *json, const char *key)
{
    open_bracket(json, key, '{');
}

void json_close_object(sg_json *json)
{
    close_bracket(json, '}');
}

void json_open_list(sg_json *json, const char *key)
{
    open_bracket(json, key, '[');
}

void json_close_list(sg_json *json)
{
    close_bracket(json, ']');
}

void json_text(sg_json *json, const char *key, const char *text)
{
    begin(json, key);
    write_string(json->file, text);
}

void json_integer(sg_json *json, const char *key, int64_t number)
{
    begin(json, key);
    fprintf(json->file, "%" PRId64, number);
}

/* The command never calls setlocale(), so the decimal point is a point. */
void json_number(sg_json *json, const char *key, double number)
{
    char text[40];
    begin(json, key);
    if (!isfinite(number)) {
        fputs("null", json->file);
        return;
    }
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    fputs(text, json->file);
}

void json_boolean(sg_json *json, const char *key, bool value)
{
    begin(json, key);
    fputs(value ? "true" : "false", json->file);
}

void json_end(sg_json *json)
{
    putc('\n', json->file);
    json->comma = false;
}
