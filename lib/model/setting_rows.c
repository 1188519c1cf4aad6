/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* All settings, and how the text of each is read. */

#include "model/colours.h"
#include "model/decimal.h"
#include "model/settings.h"

enum { SIZE_MAX_TRAINED = 1 << 16 };

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

static bool read_precision_error(sg_piece s, sg_settings *settings)
{
    double error;
    if (!sg_parse_decimal(s, &error) || !(error >= 1e-9 && error <= 1e3))
        return false;
    settings->precision_error = (float)error;
    return true;
}

static bool read_eps(sg_piece s, sg_settings *settings)
{
    return sg_parse_decimal(s, &settings->eps) && settings->eps <= 1.0;
}

/* Reads a number for each of red, green and blue, of which the absolute values are from `least` to
 * NORMALIZATION_MAX; negative ones only if the least is 0. */
static bool read_channels(sg_piece s, double least, float values[3])
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
    return read_channels(s, 0.0, settings->normalization.mean);
}

static bool read_std(sg_piece s, sg_settings *settings)
{
    return read_channels(s, STD_MIN, settings->normalization.std);
}

static bool read_description(sg_piece s, sg_settings *settings)
{
    settings->description = s.text;
    settings->description_length = s.length;
    return true;
}

/* The colours themselves are read when the number of classes is known. */
static bool read_palette(sg_piece s, sg_settings *settings)
{
    settings->palette = s;
    return sg_colours_read(s, NULL) > 0;
}

const sg_setting_row sg_setting_rows[SG_SETTINGS] = {
    [SG_SETTING_RATES] = {"rates", NULL, SG_VALUE_NUMBERS, read_rates,
                          "three numbers from 1 to 4096, such as 12,24,36"},
    [SG_SETTING_OUTPUT_STRIDE] = {"output_stride", NULL, SG_VALUE_NUMBER, read_output_stride,
                                  "8, 16 or 32"},
    [SG_SETTING_SIZE] = {"size", NULL, SG_VALUE_NUMBER, read_size,
                         "a number of pixels from 1 to 65536"},
    [SG_SETTING_TEMPERATURE] = {"temperature", NULL, SG_VALUE_NUMBER, read_temperature,
                                "a number from 0.001 to 1000"},
    [SG_SETTING_PRECISION_ERROR] = {"precision_error", NULL, SG_VALUE_NUMBER, read_precision_error,
                                    "a difference of logits from 0.000000001 to 1000"},
    [SG_SETTING_MEAN] =
        {"mean", NULL, SG_VALUE_NUMBERS, read_mean,
         "three numbers from -16 to 16, of colours from 0 to 1, such as 0.5,0.5,0.5"},
    [SG_SETTING_STD] =
        {"std", NULL, SG_VALUE_NUMBERS, read_std,
         "three numbers from 0.000001 to 16, of colours from 0 to 1, such as 0.5,0.5,0.5"},
    [SG_SETTING_EPS] = {"eps", NULL, SG_VALUE_NUMBER, read_eps, "a number from 0 to 1"},
    [SG_SETTING_DESCRIPTION] = {"description", NULL, SG_VALUE_TEXT, read_description, "text"},
    [SG_SETTING_CLASSES] = {"classes", "class_names", SG_VALUE_NAMES, NULL, "a list of names"},
    [SG_SETTING_PALETTE] =
        {"palette", NULL, SG_VALUE_COLOURS, read_palette,
         "1 to 65536 colours, such as #000000,#8000ff or [[0, 0, 0], [128, 0, 255]]"},
};
