/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Evaluations as objects: made, merged, freed. */

#include "uncertainty/evaluation.h"

int sg_evaluation_measures(const segent_evaluation *evaluation)
{
    return evaluation->source == SEGENT_SOURCE_LOGITS ? SG_MEASURES : SEGENT_MEASURE_MARGIN + 1;
}

/* ---- tallies ---- */

size_t sg_tally_size(int32_t classes)
{
    return sizeof(sg_tally) + (size_t)classes * sizeof(sg_class_count);
}

bool sg_evaluation_fits(const segent_evaluation *evaluation, int64_t images, int64_t pixels)
{
    return images <= SG_EVALUATION_PIXELS - evaluation->images &&
           pixels <= SG_EVALUATION_PIXELS - evaluation->tally->pixels;
}

void sg_tally_merge(sg_tally *tally, const sg_tally *other, int32_t classes)
{
    /* Within that many pixels no sum is too large. */
    (void)sg_exact_merge(&tally->brier, &other->brier);
    (void)sg_exact_merge(&tally->nll, &other->nll);
    tally->pixels += other->pixels;
    tally->right += other->right;
    tally->infinite += other->infinite;
    for (int i = 0; i < SG_CALIBRATION_BINS; i++) {
        tally->bin_pixels[i] += other->bin_pixels[i];
        tally->bin_right[i] += other->bin_right[i];
        (void)sg_exact_merge(&tally->bin_confidence[i], &other->bin_confidence[i]);
    }
    for (int32_t c = 0; c < classes; c++) {
        tally->classes[c].labelled += other->classes[c].labelled;
        tally->classes[c].predicted += other->classes[c].predicted;
        tally->classes[c].both += other->classes[c].both;
    }
}

/* ---- making and freeing ---- */

segent_status sg_evaluation_make(segent_context *context, int32_t classes, segent_source source,
                                 int32_t ignore, float temperature, segent_evaluation **made)
{
    segent_evaluation *evaluation = sg_alloc_zero(&context->allocator, 1, sizeof(*evaluation));
    if (!evaluation)
        return sg_fail_memory(context, "an evaluation", sizeof(*evaluation));
    evaluation->allocator = context->allocator;
    evaluation->classes = classes;
    evaluation->source = source;
    evaluation->ignore = ignore;
    evaluation->temperature = temperature;
    evaluation->tally = sg_alloc_zero(&context->allocator, 1, sg_tally_size(classes));
    bool all = evaluation->tally != NULL;
    for (int i = 0; all && i < sg_evaluation_measures(evaluation); i++)
        all = sg_histogram_create(&context->allocator, &evaluation->histogram[i]);
    if (!all) {
        segent_evaluation_destroy(evaluation);
        return sg_fail_memory(context, "an evaluation", sg_tally_size(classes));
    }
    *made = evaluation;
    return SEGENT_OK;
}

static segent_status check_options(segent_context *context, const char *function,
                                   const segent_evaluation_options *options)
{
    if (options->source != SEGENT_SOURCE_LOGITS && options->source != SEGENT_SOURCE_PROBABILITIES)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown source %d", function,
                       (int)options->source);
    if (options->ignore < SEGENT_IGNORE_ZERO || options->ignore >= SG_EVALUATION_CLASSES)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: an ignored id of %d; 1 to 65535, SEGENT_IGNORE_NONE and "
                       "SEGENT_IGNORE_ZERO are possible",
                       function, (int)options->ignore);
    if (options->source == SEGENT_SOURCE_PROBABILITIES && options->temperature != 0.0f &&
        options->temperature != 1.0f)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: probabilities take no temperature", function);
    return sg_check_temperature(context, function, options->temperature);
}

segent_status sg_evaluation_create(segent_context *context, int32_t classes,
                                   const segent_evaluation_options *given,
                                   segent_evaluation **evaluation)
{
    static const char name[] = "segent_evaluation_create";
    segent_evaluation_options options = segent_evaluation_options_init();
    if (!evaluation)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: evaluation is NULL", name);
    if (classes < 1 || classes > SG_EVALUATION_CLASSES)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: %d classes; 1 to 65536 are possible", name, (int)classes);
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_evaluation_options), &options, given);
    if (status == SEGENT_OK)
        status = sg_check_reserved(context, "segent_evaluation_options", options.reserved_word);
    if (status == SEGENT_OK)
        status = check_options(context, name, &options);
    if (status != SEGENT_OK)
        return status;
    int32_t ignore = options.ignore;
    if (ignore == 0 || ignore == SEGENT_IGNORE_ZERO)
        ignore = ignore == 0 ? SG_IGNORE_DEFAULT : 0;
    return sg_evaluation_make(context, classes, options.source, ignore,
                              options.temperature == 0.0f ? 1.0f : options.temperature, evaluation);
}

void segent_evaluation_destroy(segent_evaluation *evaluation)
{
    if (!evaluation)
        return;
    const sg_allocator allocator = evaluation->allocator;
    for (int i = 0; i < sg_evaluation_measures(evaluation); i++)
        sg_histogram_destroy(&allocator, &evaluation->histogram[i]);
    sg_free(&allocator, evaluation->tally);
    sg_free(&allocator, evaluation);
}

/* ---- merging ---- */

segent_status sg_evaluation_merge(segent_context *context, segent_evaluation *evaluation,
                                  const segent_evaluation *other)
{
    static const char name[] = "segent_evaluation_merge";
    char first[SG_NUMBER_SIZE], second[SG_NUMBER_SIZE];
    if (!evaluation || !other || evaluation == other)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s", name,
                       evaluation && other ? "an evaluation cannot be merged with itself"
                                           : "an evaluation is NULL");
    if (evaluation->classes != other->classes)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: evaluations of %d and of %d classes", name, (int)evaluation->classes,
                       (int)other->classes);
    if (evaluation->source != other->source)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: evaluations of %s and of %s",
                       name, segent_source_name(evaluation->source),
                       segent_source_name(other->source));
    if (evaluation->ignore != other->ignore)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: evaluations that ignore id %d and id %d (-1: none)", name,
                       (int)evaluation->ignore, (int)other->ignore);
    if (evaluation->temperature != other->temperature)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: evaluations at temperatures of %s and %s", name,
                       sg_number(first, 9, (double)evaluation->temperature),
                       sg_number(second, 9, (double)other->temperature));
    if (!sg_evaluation_fits(evaluation, other->images, other->tally->pixels))
        return sg_fail(context, SEGENT_ERROR_LIMIT, "%s: more than 2^53 pictures or pixels", name);
    const int measures = sg_evaluation_measures(evaluation);
    for (int i = 0; i < measures; i++) {
        sg_histogram_want_merge(&evaluation->histogram[i], &other->histogram[i]);
        if (!sg_histogram_reserve(&evaluation->allocator, &evaluation->histogram[i]))
            return sg_fail_memory(context, "counts of an evaluation", sizeof(sg_page));
    }
    sg_tally_merge(evaluation->tally, other->tally, evaluation->classes);
    for (int i = 0; i < measures; i++)
        sg_histogram_merge(&evaluation->histogram[i], &other->histogram[i]);
    evaluation->images += other->images;
    return SEGENT_OK;
}
