/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The settings of a model, a row each: what all places where they can be said share. A new one is
 * another row. */

#ifndef SG_SETTING_ROWS_H
#define SG_SETTING_ROWS_H

#include "model/decimal.h"

enum { SG_SETTINGS = 10 };

struct sg_settings;

/* What the value of a setting is in JSON. Text is taken for any of them, as metadata has it. */
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
