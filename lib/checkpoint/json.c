/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "json.h"

#include <string.h>

segent_status sg_json_fail(const sg_json_reader *json, const char *what)
{
    return sg_fail(json->context, SEGENT_ERROR_FORMAT, "%s: %s%s at byte %zu", json->label,
                   json->part ? json->part : "", what, json->position);
}

unsigned char sg_json_peek(sg_json_reader *json)
{
    while (json->position < json->end) {
        const unsigned char c = json->data[json->position];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return c;
        json->position++;
    }
    return 0;
}

segent_status sg_json_expect(sg_json_reader *json, char character)
{
    char what[] = "'?' expected";
    if (sg_json_peek(json) == (unsigned char)character) {
        json->position++;
        return SEGENT_OK;
    }
    what[1] = character;
    return sg_json_fail(json, what);
}

segent_status sg_json_next(sg_json_reader *json, char closing, bool *more)
{
    char what[] = "',' or '?' expected";
    const unsigned char c = sg_json_peek(json);
    if (c == ',' || c == (unsigned char)closing) {
        json->position++;
        *more = c == ',';
        return SEGENT_OK;
    }
    what[8] = closing;
    return sg_json_fail(json, what);
}

/* ---- strings ---- */

static int hexadecimal(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of \uXXXX, or -1. */
static int32_t read_unit(sg_json_reader *json)
{
    int32_t unit = 0;
    if (json->end - json->position < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const int digit = hexadecimal(json->data[json->position++]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* The character of \uXXXX, or of two such escapes that are a pair of surrogates; -1 if it is none.
 */
static int32_t read_escaped_character(sg_json_reader *json)
{
    const int32_t high = read_unit(json);
    if (high < 0xd800 || high > 0xdfff)
        return high;
    if (high > 0xdbff || json->end - json->position < 2 || json->data[json->position] != '\\' ||
        json->data[json->position + 1] != 'u')
        return -1;
    json->position += 2;
    const int32_t low = read_unit(json);
    if (low < 0xdc00 || low > 0xdfff)
        return -1;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* Appends a character as UTF-8, which is never longer than its escape was. */
static void append_character(sg_json_reader *json, int32_t character)
{
    unsigned char *text = (unsigned char *)json->text + json->text_size;
    size_t size = 0;
    if (character < 0x80) {
        text[size++] = (unsigned char)character;
    } else if (character < 0x800) {
        text[size++] = (unsigned char)(0xc0 | character >> 6);
    } else if (character < 0x10000) {
        text[size++] = (unsigned char)(0xe0 | character >> 12);
        text[size++] = (unsigned char)(0x80 | (character >> 6 & 63));
    } else {
        text[size++] = (unsigned char)(0xf0 | character >> 18);
        text[size++] = (unsigned char)(0x80 | (character >> 12 & 63));
        text[size++] = (unsigned char)(0x80 | (character >> 6 & 63));
    }
    if (character >= 0x80)
        text[size++] = (unsigned char)(0x80 | (character & 63));
    json->text_size += size;
}

/* Reads what follows a backslash. */
static segent_status read_escape(sg_json_reader *json)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const unsigned char c = json->position < json->end ? json->data[json->position++] : 0;
    for (size_t i = 0; names[i]; i++) {
        if (c == (unsigned char)names[i]) {
            json->text[json->text_size++] = values[i];
            return SEGENT_OK;
        }
    }
    const int32_t character = c == 'u' ? read_escaped_character(json) : -1;
    if (character < 0)
        return sg_json_fail(json, "unknown escape in a string");
    append_character(json, character);
    return SEGENT_OK;
}

segent_status sg_json_string(sg_json_reader *json, sg_span *string)
{
    const size_t start = json->text_size;
    segent_status status = sg_json_expect(json, '"');
    while (status == SEGENT_OK) {
        if (json->position == json->end)
            return sg_json_fail(json, "a string does not end");
        const unsigned char c = json->data[json->position++];
        if (c == '"')
            break;
        if (c < 0x20)
            return sg_json_fail(json, "a control character in a string");
        if (c == '\\')
            status = read_escape(json);
        else
            json->text[json->text_size++] = (char)c;
    }
    if (status != SEGENT_OK)
        return status;
    *string = (sg_span){json->text + start, json->text_size - start};
    if (!sg_span_is_text(*string))
        return sg_json_fail(json, "a string is not UTF-8 text without NUL");
    json->text[json->text_size++] = '\0';
    return SEGENT_OK;
}

/* ---- numbers ---- */

segent_status sg_json_number(sg_json_reader *json, int64_t *number)
{
    int64_t value = 0;
    const unsigned char first = sg_json_peek(json);
    const size_t start = json->position;
    while (json->position < json->end) {
        const unsigned char c = json->data[json->position];
        if (c < '0' || c > '9')
            break;
        if (value > (INT64_MAX - (c - '0')) / 10)
            return sg_json_fail(json, "a number is too large");
        value = value * 10 + (c - '0');
        json->position++;
    }
    if (json->position == start)
        return sg_json_fail(json, "a whole number expected");
    if (first == '0' && json->position - start > 1)
        return sg_json_fail(json, "a number begins with 0");
    *number = value;
    return SEGENT_OK;
}

/* ---- a list of strings ---- */

segent_status sg_checkpoint_strings(segent_context *context, const char *text, int32_t count,
                                    const char **strings, char *room)
{
    sg_json_reader json = {.context = context,
                           .label = "list",
                           .data = (const unsigned char *)text,
                           .end = strlen(text),
                           .text = room};
    bool more = true;
    int32_t found = 0;
    segent_status status = sg_json_expect(&json, '[');
    for (; status == SEGENT_OK && more; found++) {
        sg_span string = {NULL, 0};
        status = found < count ? sg_json_string(&json, &string) : sg_json_fail(&json, "too long");
        if (status != SEGENT_OK)
            break;
        strings[found] = string.text;
        status = sg_json_next(&json, ']', &more);
    }
    if (status == SEGENT_OK && (found != count || sg_json_peek(&json) != 0))
        status = sg_json_fail(&json, "too short, or text behind it");
    return status;
}
