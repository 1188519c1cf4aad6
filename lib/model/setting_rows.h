/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The settings of a model, a row each: what all places where they can be said share. A new one is
 * another number and another row. */

#ifndef SG_SETTING_ROWS_H
#define SG_SETTING_ROWS_H

#include "model/decimal.h"

struct sg_settings;

typedef enum sg_setting {
    SG_SETTING_RATES,
    SG_SETTING_OUTPUT_STRIDE,
    SG_SETTING_SIZE,
    SG_SETTING_TEMPERATURE,
    SG_SETTING_PRECISION_ERROR,
    SG_SETTING_MEAN,
    SG_SETTING_STD,
    SG_SETTING_EPS,
    SG_SETTING_DESCRIPTION,
    SG_SETTING_CLASSES,
    SG_SETTING_PALETTE,
    SG_SETTINGS /* how many there are */
} sg_setting;

/* Kinds of values that settings have in JSON. Any of them may be a text instead, as it is in
 * metadata. */
typedef enum sg_value_kind {
    SG_VALUE_TEXT,
    SG_VALUE_NUMBER,
    SG_VALUE_NUMBERS,
    SG_VALUE_NAMES,
    SG_VALUE_COLOURS
} sg_value_kind;

typedef struct sg_setting_row {
    const char *key, *other; /* another word for the same in JSON, or NULL */
    sg_value_kind kind;
    /* Reads the value's text. False: it cannot be used, and the settings are as they may be. NULL:
     * the setting is read elsewhere, and is none of those between semicolons. */
    bool (*read)(sg_piece value, struct sg_settings *settings);
    const char *expected; /* what sentences say that the value must be */
} sg_setting_row;

extern const sg_setting_row sg_setting_rows[SG_SETTINGS];

#endif
