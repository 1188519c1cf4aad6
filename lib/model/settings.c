/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "model/settings.h"

#include <stdio.h>
#include <string.h>

#include "model/decimal.h"

enum { SIZE_DEFAULT = 640 };

/* ---- the caller's ---- */

static int shown(sg_piece s)
{
    return s.length < 80 ? (int)s.length : 80;
}

static int find_row(sg_piece key)
{
    for (int i = 0; i < SG_SETTINGS; i++) {
        const sg_setting_row *row = &sg_setting_rows[i];
        if (row->read && strlen(row->key) == key.length &&
            memcmp(row->key, key.text, key.length) == 0)
            return i;
    }
    return -1;
}

static segent_status fail_key(segent_context *context, sg_piece key)
{
    char keys[200] = "";
    size_t length = 0;
    for (int i = 0; i < SG_SETTINGS; i++) {
        if (sg_setting_rows[i].read && length < sizeof(keys))
            length += (size_t)snprintf(keys + length, sizeof(keys) - length, "%s%s",
                                       length > 0 ? ", " : "", sg_setting_rows[i].key);
    }
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "segent_model_options: there is no setting \"%.*s\"; settings are %s",
                   shown(key), key.text, keys);
}

/* Takes one "key=value" off the beginning and reads it. */
static segent_status take_pair(segent_context *context, sg_piece *all, sg_settings *settings)
{
    size_t end = 0, equals = 0;
    while (end < all->length && all->text[end] != ';')
        end++;
    while (equals < end && all->text[equals] != '=')
        equals++;
    const sg_piece key = sg_trim((sg_piece){all->text, equals});
    const sg_piece value = equals < end
                               ? sg_trim((sg_piece){all->text + equals + 1, end - equals - 1})
                               : (sg_piece){"", 0};
    sg_skip(all, end < all->length ? end + 1 : end);
    if (key.length == 0 && equals == end)
        return SEGENT_OK;
    const int row = find_row(key);
    if (row < 0)
        return fail_key(context, key);
    const bool again = settings->from[row] == SG_GIVEN;
    if (equals == end || again)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_options: setting %s %s", sg_setting_rows[row].key,
                       again ? "is given twice" : "has no value");
    settings->from[row] = SG_GIVEN;
    if (sg_setting_rows[row].read(value, settings))
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "segent_model_options: setting %s is \"%.*s\", expected %s",
                   sg_setting_rows[row].key, shown(value), value.text,
                   sg_setting_rows[row].expected);
}

/* ---- the file's, and what is said beside it ---- */

static segent_status read_beside(segent_context *context, sg_settings_file *file, int row,
                                 sg_settings *settings)
{
    const sg_settings before = *settings;
    const char *stated = sg_settings_file_take(file, row);
    if (!stated)
        return SEGENT_OK;
    if (sg_setting_rows[row].read((sg_piece){stated, strlen(stated)}, settings)) {
        settings->from[row] = SG_BESIDE;
        return SEGENT_OK;
    }
    char problem[256];
    snprintf(problem, sizeof(problem), "is \"%.80s\", expected %s", stated,
             sg_setting_rows[row].expected);
    *settings = before;
    return sg_settings_file_refuse(context, file, row, problem);
}

/* Reads a setting that the caller does not give. */
static segent_status read_stated(segent_context *context, const segent_checkpoint *checkpoint,
                                 sg_settings_file *file, int row, sg_settings *settings)
{
    char key[32];
    snprintf(key, sizeof(key), "segent.%s", sg_setting_rows[row].key);
    const char *stated = segent_checkpoint_metadata(checkpoint, key);
    if (!stated)
        return read_beside(context, file, row, settings);
    if (!sg_setting_rows[row].read((sg_piece){stated, strlen(stated)}, settings))
        return sg_fail(context, SEGENT_ERROR_MODEL, "%s: metadata %s is \"%.80s\", expected %s",
                       sg_checkpoint_label(checkpoint), key, stated, sg_setting_rows[row].expected);
    settings->from[row] = SG_READ;
    return SEGENT_OK;
}

segent_status sg_settings_read(segent_context *context, const segent_checkpoint *checkpoint,
                               const char *given, sg_settings_file *file, sg_settings *settings)
{
    sg_piece all = {given ? given : "", given ? strlen(given) : 0};
    segent_status status = SEGENT_OK;
    *settings = (sg_settings){
        .temperature = 1.0f, .size = SIZE_DEFAULT, .normalization = sg_imagenet, .description = ""};
    while (status == SEGENT_OK && all.length > 0)
        status = take_pair(context, &all, settings);
    for (int i = 0; i < SG_SETTINGS && status == SEGENT_OK; i++) {
        if (settings->from[i] != SG_GIVEN && sg_setting_rows[i].read)
            status = read_stated(context, checkpoint, file, i, settings);
    }
    return status;
}

void sg_settings_tell(const sg_settings *settings, sg_facts *facts)
{
    memcpy(facts->rates, settings->rates, sizeof(facts->rates));
    facts->rates_from = settings->from[SG_SETTING_RATES];
    facts->output_stride = settings->output_stride;
    facts->stride_from = settings->from[SG_SETTING_OUTPUT_STRIDE];
}
