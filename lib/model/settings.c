/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/settings.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIZE_DEFAULT = 640, SIZE_MAX_TRAINED = 1 << 16 };

/* ---- numbers, read the same in every locale ---- */

/* A piece of text that does not end with a NUL. */
typedef struct span {
    const char *text;
    size_t length;
} span;

static char first_of(span s)
{
    return s.length > 0 ? *s.text : '\0';
}

static void skip(span *s, size_t count)
{
    s->text += count;
    s->length -= count;
}

static bool is_digit(span s)
{
    return first_of(s) >= '0' && first_of(s) <= '9';
}

/* Takes a whole number of at most nine digits off the beginning. */
static bool take_integer(span *s, int32_t *value)
{
    int32_t number = 0;
    int digits = 0;
    for (; is_digit(*s) && digits < 10; skip(s, 1), digits++)
        number = digits < 9 ? number * 10 + (first_of(*s) - '0') : number;
    *value = number;
    return digits >= 1 && digits <= 9;
}

/* Reads a number such as 1.25 or 8e-1, of the whole text. */
static bool parse_decimal(span s, double *value)
{
    double number = 0.0;
    int digits = 0, exponent = 0;
    for (; is_digit(s); skip(&s, 1), digits++)
        number = number * 10.0 + (first_of(s) - '0');
    if (first_of(s) == '.') {
        for (skip(&s, 1); is_digit(s); skip(&s, 1), digits++, exponent--)
            number = number * 10.0 + (first_of(s) - '0');
    }
    if (digits == 0 || digits > 40)
        return false;
    if (first_of(s) == 'e' || first_of(s) == 'E') {
        int32_t power;
        skip(&s, 1);
        const bool negative = first_of(s) == '-';
        if (negative || first_of(s) == '+')
            skip(&s, 1);
        if (!take_integer(&s, &power) || power > 300)
            return false;
        exponent += negative ? -power : power;
    }
    /* Powers of ten up to 22 are exact, those of a tenth are not. */
    *value = exponent < 0 ? number / pow(10.0, -exponent) : number * pow(10.0, exponent);
    return s.length == 0 && isfinite(*value);
}

bool sg_parse_decimal(const char *text, double *value)
{
    return parse_decimal((span){text, strlen(text)}, value);
}

/* ---- one setting each ---- */

static bool read_rates(span s, sg_settings *settings)
{
    for (int i = 0; i < SG_ATROUS; i++) {
        if (i > 0 && first_of(s) != ',')
            return false;
        skip(&s, i > 0);
        if (!take_integer(&s, &settings->rates[i]) || settings->rates[i] < 1 ||
            settings->rates[i] > SG_RATE_MAX)
            return false;
    }
    return s.length == 0;
}

static bool read_output_stride(span s, sg_settings *settings)
{
    const bool whole = take_integer(&s, &settings->output_stride) && s.length == 0;
    const int32_t stride = settings->output_stride;
    return whole && (stride == 8 || stride == 16 || stride == 32);
}

static bool read_size(span s, sg_settings *settings)
{
    return take_integer(&s, &settings->size) && s.length == 0 && settings->size >= 1 &&
           settings->size <= SIZE_MAX_TRAINED;
}

static bool read_temperature(span s, sg_settings *settings)
{
    double temperature;
    if (!parse_decimal(s, &temperature) || !(temperature >= 1e-3 && temperature <= 1e3))
        return false;
    settings->temperature = (float)temperature;
    return true;
}

static bool read_eps(span s, sg_settings *settings)
{
    return parse_decimal(s, &settings->eps) && settings->eps <= 1.0;
}

static bool read_description(span s, sg_settings *settings)
{
    settings->description = s.text;
    settings->description_length = s.length;
    return true;
}

/* A row a setting; a new one is another row. */
static const struct {
    const char *key;
    bool (*read)(span value, sg_settings *settings);
    const char *expected;
} rows[] = {{"rates", read_rates, "three numbers from 1 to 4096, such as 12,24,36"},
            {"output_stride", read_output_stride, "8, 16 or 32"},
            {"size", read_size, "a number of pixels from 1 to 65536"},
            {"temperature", read_temperature, "a number from 0.001 to 1000"},
            {"eps", read_eps, "a number from 0 to 1"},
            {"description", read_description, "text"}};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* ---- the caller's ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static span trim(span s)
{
    while (s.length > 0 && is_blank(*s.text))
        skip(&s, 1);
    while (s.length > 0 && is_blank(s.text[s.length - 1]))
        s.length--;
    return s;
}

static int shown(span s)
{
    return s.length < 80 ? (int)s.length : 80;
}

static int find_row(span key)
{
    for (int i = 0; i < ROWS; i++) {
        if (strlen(rows[i].key) == key.length && memcmp(rows[i].key, key.text, key.length) == 0)
            return i;
    }
    return -1;
}

static segent_status fail_key(segent_context *context, span key)
{
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "segent_model_options: there is no setting \"%.*s\"; rates, output_stride, "
                   "size, temperature, eps and description are settings",
                   shown(key), key.text);
}

/* Takes one "key=value" off the beginning and reads it. */
static segent_status take_pair(segent_context *context, span *all, bool seen[ROWS],
                               sg_settings *settings)
{
    size_t end = 0, equals = 0;
    while (end < all->length && all->text[end] != ';')
        end++;
    while (equals < end && all->text[equals] != '=')
        equals++;
    const span key = trim((span){all->text, equals});
    const span value =
        equals < end ? trim((span){all->text + equals + 1, end - equals - 1}) : (span){"", 0};
    skip(all, end < all->length ? end + 1 : end);
    if (key.length == 0 && equals == end)
        return SEGENT_OK;
    const int row = find_row(key);
    if (row < 0)
        return fail_key(context, key);
    if (equals == end || seen[row])
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_options: setting %s %s", rows[row].key,
                       seen[row] ? "is given twice" : "has no value");
    seen[row] = true;
    if (rows[row].read(value, settings))
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "segent_model_options: setting %s is \"%.*s\", expected %s", rows[row].key,
                   shown(value), value.text, rows[row].expected);
}

segent_status sg_settings_read(segent_context *context, const segent_checkpoint *checkpoint,
                               const char *given, sg_settings *settings)
{
    bool seen[ROWS] = {false};
    span all = {given ? given : "", given ? strlen(given) : 0};
    *settings = (sg_settings){
        .temperature = 1.0f, .size = SIZE_DEFAULT, .eps = SG_EPS_UNSAID, .description = ""};
    while (all.length > 0) {
        const segent_status status = take_pair(context, &all, seen, settings);
        if (status != SEGENT_OK)
            return status;
    }
    settings->rates_from = settings->rates[0] != 0 ? SG_GIVEN : SG_ASSUMED;
    settings->stride_from = settings->output_stride != 0 ? SG_GIVEN : SG_ASSUMED;
    for (int i = 0; i < ROWS; i++) {
        char key[32];
        snprintf(key, sizeof(key), "segent.%s", rows[i].key);
        const char *stated = seen[i] ? NULL : segent_checkpoint_metadata(checkpoint, key);
        if (stated && !rows[i].read((span){stated, strlen(stated)}, settings))
            return sg_fail(context, SEGENT_ERROR_MODEL, "%s: metadata %s is \"%.80s\", expected %s",
                           sg_checkpoint_label(checkpoint), key, stated, rows[i].expected);
    }
    if (settings->rates_from == SG_ASSUMED && settings->rates[0] != 0)
        settings->rates_from = SG_READ;
    if (settings->stride_from == SG_ASSUMED && settings->output_stride != 0)
        settings->stride_from = SG_READ;
    return SEGENT_OK;
}

void sg_settings_tell(const sg_settings *settings, sg_facts *facts)
{
    memcpy(facts->rates, settings->rates, sizeof(facts->rates));
    facts->rates_from = settings->rates_from;
    facts->output_stride = settings->output_stride;
    facts->stride_from = settings->stride_from;
}
