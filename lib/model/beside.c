/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a file holds beside its network. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/find.h"

enum { NAMED_MAX = 4, LIST_SIZE = 480, COLOURS = 3 };

/* Names of tensors that were passed over: the first few, and how many. */
typedef struct passed_over {
    char text[LIST_SIZE];
    size_t length;
    int64_t count;
} passed_over;

static void pass_over(passed_over *list, const char *name)
{
    if (list->count++ < NAMED_MAX && list->length < LIST_SIZE - 1) {
        const int written = snprintf(list->text + list->length, LIST_SIZE - list->length,
                                     "%s%.100s", list->length > 0 ? ", " : "", name);
        list->length += written > 0 ? (size_t)written : 0;
    }
}

static void tell(segent_context *context, const segent_checkpoint *checkpoint, int32_t level,
                 const passed_over *list, const char *where)
{
    char more[48] = "";
    if (list->count > NAMED_MAX)
        snprintf(more, sizeof(more), " and %lld more", (long long)(list->count - NAMED_MAX));
    if (list->count > 0)
        sg_log(context, level, "%s: passed over what stands %s: %s%s",
               sg_checkpoint_label(checkpoint), where, list->text, more);
}

/* ==== Normalisation ==== */

/* The names by which normalisations are kept; those of standard deviations end in "std". */
static const char *const normalisations[] = {"pixel_mean", "pixel_std", "image_mean", "image_std",
                                             "img_mean",   "img_std",   "mean",       "std"};

static bool is_normalisation(const char *name)
{
    for (size_t i = 0; i < sizeof(normalisations) / sizeof(normalisations[0]); i++) {
        if (strcmp(name, normalisations[i]) == 0)
            return true;
    }
    return false;
}

/* Whether the numbers are those that are used, for pictures of 0 to 1 or of 0 to 255. */
static bool is_used(const float values[COLOURS], const float used[COLOURS])
{
    bool same[2] = {true, true};
    for (int i = 0; i < COLOURS; i++) {
        same[0] = same[0] && fabs((double)values[i] - (double)used[i]) < 2e-3;
        same[1] = same[1] && fabs((double)values[i] / 255.0 - (double)used[i]) < 2e-3;
    }
    return same[0] || same[1];
}

/* "0.5,0.5,0.5", with text between the numbers. */
static void write_numbers(const double values[COLOURS], const char *between, char text[LIST_SIZE])
{
    char numbers[COLOURS][SG_NUMBER_SIZE];
    for (int i = 0; i < COLOURS; i++)
        sg_number(numbers[i], 4, values[i]);
    snprintf(text, LIST_SIZE, "%s%s%s%s%s", numbers[0], between, numbers[1], between, numbers[2]);
}

/* Says that pictures are normalised by other numbers than those of a tensor, and which setting
 * would do it by them. */
static void warn_of(segent_context *context, const segent_checkpoint *checkpoint,
                    const char *tensor, const char *key, const float values[COLOURS])
{
    char found[LIST_SIZE], setting[LIST_SIZE];
    double plain[COLOURS], scaled[COLOURS], most = 0.0;
    for (int i = 0; i < COLOURS; i++) {
        plain[i] = (double)values[i];
        most = fabs(plain[i]) > most ? fabs(plain[i]) : most;
    }
    for (int i = 0; i < COLOURS; i++) /* of pictures of 0 to 1 */
        scaled[i] = most > 4.0 ? plain[i] / 255.0 : plain[i];
    write_numbers(plain, ", ", found);
    write_numbers(scaled, ",", setting);
    sg_log(context, SEGENT_LOG_WARNING,
           "%s: %.100s is %s, but pictures are normalised by another %s, so that the results may "
           "not be what the network was trained for; the setting \"%s=%s\" "
           "(segent_model_options.settings) makes it that",
           sg_checkpoint_label(checkpoint), tensor, found, key, key, setting);
}

/* Tells of a tensor of three numbers that pictures were normalised by in training, but are not
 * here; true if it did. */
static bool tell_normalisation(segent_context *context, const segent_checkpoint *checkpoint,
                               const segent_tensor_info *tensor, int64_t index,
                               const sg_normalization *used)
{
    float values[COLOURS];
    const char *dot = strrchr(tensor->name, '.');
    const char *last = dot ? dot + 1 : tensor->name;
    if (!is_normalisation(last) || tensor->elements != COLOURS || tensor->dtype == 0)
        return false;
    const bool is_std = strcmp(last + strlen(last) - 3, "std") == 0;
    if (sg_checkpoint_read(context, checkpoint, index, values, COLOURS) != SEGENT_OK ||
        is_used(values, is_std ? used->std : used->mean))
        return false;
    warn_of(context, checkpoint, tensor->name, is_std ? "std" : "mean", values);
    return true;
}

/* ==== All of it ==== */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether a tensor below the network's prefix is known to have no part in what it computes. */
static bool is_of_no_account(const char *name)
{
    return begins(name, "aux_classifier.") || strcmp(name, "n_averaged") == 0;
}

void sg_model_note_others(segent_context *context, const segent_checkpoint *checkpoint,
                          const char *prefix, const sg_normalization *used)
{
    passed_over beside = {.count = 0}, unused = {.count = 0}, elsewhere = {.count = 0};
    const size_t length = strlen(prefix);
    const int64_t count = segent_checkpoint_count(checkpoint);
    int told = 0; /* of a mean and a standard deviation */
    for (int64_t i = 0; i < count; i++) {
        segent_tensor_info tensor = {.struct_size = sizeof(tensor)};
        if (sg_checkpoint_tensor(context, checkpoint, i, &tensor) != SEGENT_OK)
            return;
        const bool below = strncmp(tensor.name, prefix, length) == 0;
        const char *name = below ? tensor.name + length : tensor.name;
        if (below && begins(name, "backbone.fc."))
            pass_over(&unused, tensor.name);
        if (below && (begins(name, "backbone.") || begins(name, "classifier.")))
            continue;
        told += told < 2 && tell_normalisation(context, checkpoint, &tensor, i, used);
        if (!below)
            pass_over(&elsewhere, tensor.name);
        else if (!is_of_no_account(name))
            pass_over(&beside, tensor.name);
    }
    tell(context, checkpoint, SEGENT_LOG_WARNING, &beside,
         "beside the network's backbone and classifier");
    tell(context, checkpoint, SEGENT_LOG_INFO, &unused, "in the backbone and has no part in it");
    tell(context, checkpoint, SEGENT_LOG_INFO, &elsewhere, "elsewhere in the file");
}
