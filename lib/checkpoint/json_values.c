/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The values of JSON that a safetensors header does not have. */

#include "json.h"

#include <string.h>

enum { DEPTH_MAX = 64 };

static bool is_digit(const sg_json_reader *json)
{
    return json->position < json->end && json->data[json->position] >= '0' &&
           json->data[json->position] <= '9';
}

static bool take(sg_json_reader *json, const char *one_of)
{
    const unsigned char c = json->position < json->end ? json->data[json->position] : 0;
    const bool found = c != 0 && strchr(one_of, c);
    json->position += found;
    return found;
}

static bool take_digits(sg_json_reader *json)
{
    const size_t start = json->position;
    while (is_digit(json))
        json->position++;
    return json->position > start;
}

segent_status sg_json_decimal(sg_json_reader *json, sg_span *number)
{
    (void)sg_json_peek(json);
    const size_t start = json->position;
    (void)take(json, "-");
    bool right = take(json, "0") || take_digits(json);
    if (right && take(json, "."))
        right = take_digits(json);
    if (right && take(json, "eE")) {
        (void)take(json, "+-");
        right = take_digits(json);
    }
    if (!right || is_digit(json))
        return sg_json_fail(json, "a number expected");
    *number = (sg_span){(const char *)json->data + start, json->position - start};
    return SEGENT_OK;
}

static segent_status skip_word(sg_json_reader *json)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const size_t length = strlen(words[i]);
        if (json->end - json->position >= length &&
            memcmp(json->data + json->position, words[i], length) == 0) {
            json->position += length;
            return SEGENT_OK;
        }
    }
    return sg_json_fail(json, "a value expected");
}

static segent_status skip_string(sg_json_reader *json)
{
    sg_span string;
    const size_t used = json->text_size;
    const segent_status status = sg_json_string(json, &string);
    json->text_size = used;
    return status;
}

/* Takes what stands before an element of an object, its key. */
static segent_status skip_key(sg_json_reader *json, char closing)
{
    const segent_status status = closing == '}' ? skip_string(json) : SEGENT_OK;
    return closing == '}' && status == SEGENT_OK ? sg_json_expect(json, ':') : status;
}

/* Takes a value that is neither a list nor an object. */
static segent_status skip_scalar(sg_json_reader *json)
{
    sg_span number;
    const unsigned char c = sg_json_peek(json);
    if (c == '"')
        return skip_string(json);
    if (c == '-' || (c >= '0' && c <= '9'))
        return sg_json_decimal(json, &number);
    return skip_word(json);
}

/* Closes lists and objects that end here, and goes on to the next element of the one that is left,
 * if any is. */
static segent_status close_ended(sg_json_reader *json, const char *closings, int *depth)
{
    segent_status status = SEGENT_OK;
    while (status == SEGENT_OK && *depth > 0) {
        bool more = false;
        status = sg_json_next(json, closings[*depth - 1], &more);
        if (status == SEGENT_OK && more)
            return skip_key(json, closings[*depth - 1]);
        *depth -= 1;
    }
    return status;
}

segent_status sg_json_skip(sg_json_reader *json)
{
    char closings[DEPTH_MAX]; /* of the lists and objects that have begun */
    int depth = 0;
    segent_status status = SEGENT_OK;
    do {
        const unsigned char c = sg_json_peek(json);
        const char closing = c == '{' ? '}' : c == '[' ? ']' : '\0';
        if (closing && depth == DEPTH_MAX)
            return sg_json_fail(json, "lists and objects in each other, more than 64");
        if (!closing) {
            status = skip_scalar(json);
        } else {
            json->position++;
            if (sg_json_peek(json) != (unsigned char)closing) {
                closings[depth++] = closing;
                status = skip_key(json, closing);
                continue;
            }
            json->position++;
        }
        if (status == SEGENT_OK)
            status = close_ended(json, closings, &depth);
    } while (status == SEGENT_OK && depth > 0);
    return status;
}
