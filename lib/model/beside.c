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

static const struct {
    const char *name;
    double usual[COLOURS];
} normalisations[] = {
    {"pixel_mean", {0.485, 0.456, 0.406}}, {"pixel_std", {0.229, 0.224, 0.225}},
    {"image_mean", {0.485, 0.456, 0.406}}, {"image_std", {0.229, 0.224, 0.225}},
    {"img_mean", {0.485, 0.456, 0.406}},   {"img_std", {0.229, 0.224, 0.225}},
    {"mean", {0.485, 0.456, 0.406}},       {"std", {0.229, 0.224, 0.225}},
};

/* Whether the numbers are the usual ones, for pictures of 0 to 1 or of 0 to 255. */
static bool is_usual(const float values[COLOURS], const double usual[COLOURS])
{
    bool same[2] = {true, true};
    for (int i = 0; i < COLOURS; i++) {
        same[0] = same[0] && fabs(values[i] - usual[i]) < 2e-3;
        same[1] = same[1] && fabs(values[i] / 255.0 - usual[i]) < 2e-3;
    }
    return same[0] || same[1];
}

/* Tells of a tensor of three numbers that pictures were normalised by and that are not ImageNet's;
 * true if it did. */
static bool tell_normalisation(segent_context *context, const segent_checkpoint *checkpoint,
                               const segent_tensor_info *tensor, int64_t index)
{
    float values[COLOURS];
    const char *dot = strrchr(tensor->name, '.');
    const char *last = dot ? dot + 1 : tensor->name;
    for (size_t i = 0; i < sizeof(normalisations) / sizeof(normalisations[0]); i++) {
        if (strcmp(last, normalisations[i].name) != 0)
            continue;
        if (tensor->elements != COLOURS || tensor->dtype == 0 ||
            sg_checkpoint_read(context, checkpoint, index, values, COLOURS) != SEGENT_OK ||
            is_usual(values, normalisations[i].usual))
            return false;
        char numbers[COLOURS][SG_NUMBER_SIZE];
        sg_log(context, SEGENT_LOG_WARNING,
               "%s: %.100s is %s, %s, %s, but pictures are normalised by ImageNet's numbers, so "
               "that the results may not be what the network was trained for",
               sg_checkpoint_label(checkpoint), tensor->name,
               sg_number(numbers[0], 4, (double)values[0]),
               sg_number(numbers[1], 4, (double)values[1]),
               sg_number(numbers[2], 4, (double)values[2]));
        return true;
    }
    return false;
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
                          const char *prefix)
{
    passed_over beside = {.count = 0}, unused = {.count = 0}, elsewhere = {.count = 0};
    const size_t length = strlen(prefix);
    const int64_t count = segent_checkpoint_count(checkpoint);
    bool told = false;
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
        told = told || tell_normalisation(context, checkpoint, &tensor, i);
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
