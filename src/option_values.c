/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "option_values.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "segent/segent.h"
#include "words.h"

/* The most pixels of a picture that `bench` makes: as many as a picture file may have by default.
 */
enum { PIXELS_MAX = 178956970 };

static const char *const save_names[SAVE_COUNT] = {
    "panel", "labels", "overlay", "entropy", "entropy.npy", "logits.npy", "probs.npy"};

const char *save_name(sg_save_kind kind)
{
    return save_names[kind];
}

static bool all_of(const char *text, const char *characters)
{
    return *text && text[strspn(text, characters)] == '\0';
}

/* A decimal number, nothing before or after it; not "nan", "inf" or hexadecimal. */
static bool read_real(const char *text, double *number)
{
    char *end;
    if (!all_of(text, "0123456789.eE+-"))
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && end != text && isfinite(*number);
}

static bool read_integer(const char *text, const char **end, int64_t *number)
{
    char *after;
    const char first = text[*text == '-'];
    if (first < '0' || first > '9')
        return false;
    errno = 0;
    *number = strtoll(text, &after, 10);
    *end = after;
    return errno == 0;
}

static bool set_integer(const sg_option *option, const char *value, int64_t *target)
{
    const char *end;
    int64_t number;
    if (!read_integer(value, &end, &number) || *end)
        return false;
    *target = number;
    return (double)number >= option->minimum && (double)number <= option->maximum;
}

static bool set_dimensions(const sg_option *option, const char *value, sg_dimensions *target)
{
    const char *end;
    int64_t width, height;
    if (!read_integer(value, &end, &width) || *end != 'x' ||
        !read_integer(end + 1, &end, &height) || *end)
        return false;
    const int64_t low = (int64_t)option->minimum, high = (int64_t)option->maximum;
    if (width < low || height < low || width > high || height > high)
        return false;
    if (width > PIXELS_MAX / height)
        return false;
    *target = (sg_dimensions){(int32_t)width, (int32_t)height};
    return true;
}

static bool set_shard(const sg_option *option, const char *value, sg_shard *target)
{
    const char *end;
    int64_t index, count;
    if (!read_integer(value, &end, &index) || *end != '/' || !read_integer(end + 1, &end, &count) ||
        *end)
        return false;
    if (index < 1 || index > count || count > (int64_t)option->maximum)
        return false;
    *target = (sg_shard){(int32_t)index, (int32_t)count};
    return true;
}

static bool set_rates(const sg_option *option, const char *value, int32_t target[3])
{
    for (int i = 0; i < 3; i++) {
        const char *end;
        int64_t rate;
        if (!read_integer(value, &end, &rate) || *end != (i < 2 ? ',' : '\0') ||
            rate < (int64_t)option->minimum || rate > (int64_t)option->maximum)
            return false;
        target[i] = (int32_t)rate;
        value = end + 1;
    }
    return true;
}

static bool set_colour(const char *value, int32_t *target)
{
    value += *value == '#';
    if (strlen(value) != 6 || !all_of(value, "0123456789abcdefABCDEF"))
        return false;
    *target = (int32_t)strtol(value, NULL, 16);
    return true;
}

/* The kind of output that the `length` characters at `word` name, or SAVE_COUNT. */
static int find_save(const char *word, size_t length)
{
    int kind = 0;
    while (kind < SAVE_COUNT &&
           (strncmp(word, save_names[kind], length) != 0 || save_names[kind][length] != '\0'))
        kind++;
    return kind;
}

/* "panel,labels" or "none". NULL, or what is wrong, to free. */
static char *set_save(const char *value, uint32_t *target)
{
    uint32_t kinds = 0;
    if (strcmp(value, "none") == 0) {
        *target = 0;
        return NULL;
    }
    for (const char *word = value;; word++) {
        const size_t length = strcspn(word, ",");
        const int kind = find_save(word, length);
        if (kind == SAVE_COUNT) {
            char name[64];
            snprintf(name, sizeof(name), "%.*s", (int)(length < 63 ? length : 63), word);
            const char *closest = closest_word(name, save_names, SAVE_COUNT);
            return text_join("there is no output '%s'%s%s%s", name,
                             closest ? "; did you mean '" : "", closest ? closest : "",
                             closest ? "'?" : "");
        }
        kinds |= 1u << kind;
        word += length;
        if (!*word)
            break;
    }
    *target = kinds;
    return NULL;
}

/* What a value of this kind must be. To free. */
static char *describe_value(const sg_option *option)
{
    switch (option->kind) {
    case OPTION_INTEGER:
        return text_join("a whole number from %.0f to %.0f", option->minimum, option->maximum);
    case OPTION_REAL:
        return text_join("a number from %g to %g", option->minimum, option->maximum);
    case OPTION_DIMENSIONS:
        return text_join("WIDTHxHEIGHT, each from %.0f to %.0f, of at most %d pixels",
                         option->minimum, option->maximum, PIXELS_MAX);
    case OPTION_SHARD:
        return text_join("I/N, with N from 1 to %.0f and I from 1 to N", option->maximum);
    case OPTION_RATES:
        return text_join("three numbers from %.0f to %.0f, such as 12,24,36", option->minimum,
                         option->maximum);
    case OPTION_COLOUR:
        return text_join("a colour as RRGGBB, six hexadecimal digits");
    case OPTION_CHOICE:
        return text_join("one of %s", option->choices);
    default:
        return text_join("a name");
    }
}

static bool set_valid(const sg_option *option, const char *value, void *target)
{
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)target = true;
        return true;
    case OPTION_SWITCH:
        *(int32_t *)target = 1;
        return true;
    case OPTION_TEXT:
        *(const char **)target = value;
        return *value != '\0';
    case OPTION_INTEGER:
        return set_integer(option, value, target);
    case OPTION_REAL:
        return read_real(value, target) && *(double *)target >= option->minimum &&
               *(double *)target <= option->maximum;
    case OPTION_CHOICE:
        *(int32_t *)target = choice_index(option->choices, value, strlen(value));
        return *(int32_t *)target >= 0;
    case OPTION_RATES:
        return set_rates(option, value, target);
    case OPTION_COLOUR:
        return set_colour(value, target);
    case OPTION_DIMENSIONS:
        return set_dimensions(option, value, target);
    case OPTION_SHARD:
        return set_shard(option, value, target);
    case OPTION_SAVE:
        break;
    }
    return false;
}

char *option_set(const sg_option *option, const char *value, sg_settings *settings)
{
    void *const target = (char *)settings + option->offset;
    if (option->kind == OPTION_SAVE)
        return set_save(value, target);
    if (set_valid(option, value, target))
        return NULL;
    char *expected = describe_value(option);
    char *cause = text_join("'%s' is not %s", value, expected);
    free(expected);
    return cause;
}

void option_negate(const sg_option *option, sg_settings *settings)
{
    *(int32_t *)((char *)settings + option->offset) = 0;
}
