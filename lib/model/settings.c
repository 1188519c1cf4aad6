/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/settings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/decimal.h"

enum { SIZE_DEFAULT = 640, SIZE_MAX_TRAINED = 1 << 16 };

/* Colours are from 0 to 1. A mean or standard deviation beyond this is one of colours from 0 to
 * 255, with which no picture would be seen. */
static const double NORMALIZATION_MAX = 16.0, STD_MIN = 1e-6;

/* ---- one setting each ---- */

static bool read_rates(sg_piece s, sg_settings *settings)
{
    for (int i = 0; i < SG_ATROUS; i++) {
        if (i > 0 && sg_first_of(s) != ',')
            return false;
        sg_skip(&s, i > 0);
        if (!sg_take_integer(&s, &settings->rates[i]) || settings->rates[i] < 1 ||
            settings->rates[i] > SG_RATE_MAX)
            return false;
    }
    return s.length == 0;
}

static bool read_output_stride(sg_piece s, sg_settings *settings)
{
    const bool whole = sg_take_integer(&s, &settings->output_stride) && s.length == 0;
    const int32_t stride = settings->output_stride;
    return whole && (stride == 8 || stride == 16 || stride == 32);
}

static bool read_size(sg_piece s, sg_settings *settings)
{
    return sg_take_integer(&s, &settings->size) && s.length == 0 && settings->size >= 1 &&
           settings->size <= SIZE_MAX_TRAINED;
}

static bool read_temperature(sg_piece s, sg_settings *settings)
{
    double temperature;
    if (!sg_parse_decimal(s, &temperature) || !(temperature >= 1e-3 && temperature <= 1e3))
        return false;
    settings->temperature = (float)temperature;
    return true;
}

static bool read_eps(sg_piece s, sg_settings *settings)
{
    return sg_parse_decimal(s, &settings->eps.value) && settings->eps.value <= 1.0;
}

/* Reads three numbers of which the absolute values are from `least` to NORMALIZATION_MAX; negative
 * ones only if the least is 0. */
static bool read_colours(sg_piece s, double least, float values[3])
{
    for (int i = 0; i < 3; i++) {
        size_t length = 0;
        double value;
        while (length < s.length && s.text[length] != ',')
            length++;
        const bool negative = least == 0.0 && sg_first_of(s) == '-';
        const sg_piece number = {s.text + negative, length - negative};
        if (!sg_parse_decimal(number, &value) || !(value >= least && value <= NORMALIZATION_MAX) ||
            (length == s.length) != (i == 2))
            return false;
        values[i] = (float)(negative ? -value : value);
        sg_skip(&s, i < 2 ? length + 1 : length);
    }
    return true;
}

static bool read_mean(sg_piece s, sg_settings *settings)
{
    return read_colours(s, 0.0, settings->normalization.mean);
}

static bool read_std(sg_piece s, sg_settings *settings)
{
    return read_colours(s, STD_MIN, settings->normalization.std);
}

static bool read_description(sg_piece s, sg_settings *settings)
{
    settings->description = s.text;
    settings->description_length = s.length;
    return true;
}

/* A row a setting; a new one is another row. */
static const struct {
    const char *key;
    bool (*read)(sg_piece value, sg_settings *settings);
    const char *expected;
} rows[] = {{"rates", read_rates, "three numbers from 1 to 4096, such as 12,24,36"},
            {"output_stride", read_output_stride, "8, 16 or 32"},
            {"size", read_size, "a number of pixels from 1 to 65536"},
            {"temperature", read_temperature, "a number from 0.001 to 1000"},
            {"mean", read_mean,
             "three numbers from -16 to 16, of colours from 0 to 1, such as 0.5,0.5,0.5"},
            {"std", read_std,
             "three numbers from 0.000001 to 16, of colours from 0 to 1, such as 0.5,0.5,0.5"},
            {"eps", read_eps, "a number from 0 to 1"},
            {"description", read_description, "text"}};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* ---- the caller's ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static sg_piece trim(sg_piece s)
{
    while (s.length > 0 && is_blank(*s.text))
        sg_skip(&s, 1);
    while (s.length > 0 && is_blank(s.text[s.length - 1]))
        s.length--;
    return s;
}

static int shown(sg_piece s)
{
    return s.length < 80 ? (int)s.length : 80;
}

static int find_row(sg_piece key)
{
    for (int i = 0; i < ROWS; i++) {
        if (strlen(rows[i].key) == key.length && memcmp(rows[i].key, key.text, key.length) == 0)
            return i;
    }
    return -1;
}

static segent_status fail_key(segent_context *context, sg_piece key)
{
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "segent_model_options: there is no setting \"%.*s\"; rates, output_stride, "
                   "size, temperature, mean, std, eps and description are settings",
                   shown(key), key.text);
}

/* Takes one "key=value" off the beginning and reads it. */
static segent_status take_pair(segent_context *context, sg_piece *all, bool seen[ROWS],
                               sg_settings *settings)
{
    size_t end = 0, equals = 0;
    while (end < all->length && all->text[end] != ';')
        end++;
    while (equals < end && all->text[equals] != '=')
        equals++;
    const sg_piece key = trim((sg_piece){all->text, equals});
    const sg_piece value = equals < end ? trim((sg_piece){all->text + equals + 1, end - equals - 1})
                                        : (sg_piece){"", 0};
    sg_skip(all, end < all->length ? end + 1 : end);
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

/* ---- the file's, and what is said beside it ---- */

static void note_origin(sg_settings *settings, int row, sg_origin from)
{
    if (rows[row].read == read_rates)
        settings->rates_from = from;
    else if (rows[row].read == read_output_stride)
        settings->stride_from = from;
    else if (rows[row].read == read_eps)
        settings->eps.from = from;
}

static segent_status read_beside(segent_context *context, sg_settings_file *file, int row,
                                 sg_settings *settings)
{
    const sg_settings before = *settings;
    const char *stated = sg_settings_file_take(file, rows[row].key);
    if (!stated)
        return SEGENT_OK;
    if (rows[row].read((sg_piece){stated, strlen(stated)}, settings)) {
        note_origin(settings, row, SG_BESIDE);
        return SEGENT_OK;
    }
    char problem[256];
    snprintf(problem, sizeof(problem), "is \"%.80s\", expected %s", stated, rows[row].expected);
    *settings = before;
    return sg_settings_file_refuse(context, file, rows[row].key, problem);
}

/* Reads a setting that the caller does not give. */
static segent_status read_stated(segent_context *context, const segent_checkpoint *checkpoint,
                                 sg_settings_file *file, int row, sg_settings *settings)
{
    char key[32];
    snprintf(key, sizeof(key), "segent.%s", rows[row].key);
    const char *stated = segent_checkpoint_metadata(checkpoint, key);
    if (!stated)
        return read_beside(context, file, row, settings);
    if (!rows[row].read((sg_piece){stated, strlen(stated)}, settings))
        return sg_fail(context, SEGENT_ERROR_MODEL, "%s: metadata %s is \"%.80s\", expected %s",
                       sg_checkpoint_label(checkpoint), key, stated, rows[row].expected);
    note_origin(settings, row, SG_READ);
    return SEGENT_OK;
}

segent_status sg_settings_read(segent_context *context, const segent_checkpoint *checkpoint,
                               const char *given, sg_settings_file *file, sg_settings *settings)
{
    bool seen[ROWS] = {false};
    sg_piece all = {given ? given : "", given ? strlen(given) : 0};
    segent_status status = SEGENT_OK;
    *settings = (sg_settings){
        .temperature = 1.0f, .size = SIZE_DEFAULT, .normalization = sg_imagenet, .description = ""};
    while (status == SEGENT_OK && all.length > 0)
        status = take_pair(context, &all, seen, settings);
    for (int i = 0; i < ROWS && status == SEGENT_OK; i++) {
        if (seen[i])
            note_origin(settings, i, SG_GIVEN);
        else
            status = read_stated(context, checkpoint, file, i, settings);
    }
    return status;
}

void sg_settings_tell(const sg_settings *settings, sg_facts *facts)
{
    memcpy(facts->rates, settings->rates, sizeof(facts->rates));
    facts->rates_from = settings->rates_from;
    facts->output_stride = settings->output_stride;
    facts->stride_from = settings->stride_from;
}
