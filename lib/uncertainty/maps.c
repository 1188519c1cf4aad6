/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Softmax, entropy map (equation 2) and argmax on the caller's buffers. */

#include "uncertainty/uncertainty.h"

#include <math.h>

/* ---- softmax ---- */

typedef struct softmax_job {
    segent_tensor_view probabilities;
} softmax_job;

static int64_t softmax_tile(void *user, const sg_uncertainty_kernels *kernels, const sg_tile *tile)
{
    const softmax_job *job = user;
    const segent_tensor_view *to = &job->probabilities;
    _Alignas(64) float factor[SG_BLOCK_PIXELS];
    kernels->exponential(tile->block, tile->width, tile->pixels, tile->classes, tile->maximum, 1.0f,
                         factor);
    const int64_t bad = sg_first_nan(factor, tile->pixels);
    if (bad >= 0)
        return bad;
    for (int64_t j = 0; j < tile->pixels; j++)
        factor[j] = 1.0f / factor[j];
    kernels->store(tile->block, tile->width, tile->pixels, tile->classes, factor,
                   to->data + sg_tensor_at(to, tile->y, tile->x), to->channel_stride,
                   to->column_stride);
    return -1;
}

static bool same_strides(const segent_tensor_view *a, const segent_tensor_view *b)
{
    return a->channel_stride == b->channel_stride && a->row_stride == b->row_stride &&
           a->column_stride == b->column_stride;
}

segent_status sg_softmax(segent_context *context, const segent_tensor_view *given,
                         const segent_tensor_view *probabilities)
{
    static const char name[] = "segent_softmax";
    const sg_view_check output = {context, name, "probabilities", true};
    segent_tensor_view logits;
    softmax_job job;
    int64_t bad;
    segent_status status =
        sg_check_tensor((sg_view_check){context, name, "logits", false}, given, &logits);
    if (status == SEGENT_OK)
        status = sg_check_tensor(output, probabilities, &job.probabilities);
    if (status == SEGENT_OK)
        status = sg_check_same_size(output, job.probabilities.height, job.probabilities.width,
                                    logits.height, logits.width);
    if (status != SEGENT_OK)
        return status;
    if (job.probabilities.channels != logits.channels)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: logits of %lld channels, but probabilities of %lld", name,
                       (long long)logits.channels, (long long)job.probabilities.channels);
    if (logits.data == job.probabilities.data && !same_strides(&logits, &job.probabilities))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: in place, but the views differ in their strides", name);
    status = sg_walk(context, &logits, (sg_walk_options){0}, softmax_tile, &job, &bad);
    if (status == SEGENT_OK && bad >= 0)
        return sg_fail_logits(context, name, &logits, bad);
    return status;
}

/* ---- entropy map ---- */

typedef struct entropy_job {
    segent_entropy_options options;
    sg_unit_scale unit;
    float scale; /* 1 / temperature */
    segent_map_view entropy;
} entropy_job;

/* Straight from where the logits lie to where the map does, if that is side by side as well. */
static int64_t stream_tile(const entropy_job *job, const sg_uncertainty_kernels *kernels,
                           const sg_tile *tile)
{
    float values[SG_BLOCK_PIXELS];
    int64_t bad = -1;
    if (job->entropy.column_stride == 1)
        return kernels->stream(tile->source, tile->class_stride, tile->pixels, tile->classes,
                               job->scale, job->unit,
                               job->entropy.data + sg_map_at(&job->entropy, tile->y, tile->x));
    for (int64_t j = 0; j < tile->pixels; j += SG_BLOCK_PIXELS) {
        const int64_t left = tile->pixels - j;
        const int64_t pixels = left < SG_BLOCK_PIXELS ? left : SG_BLOCK_PIXELS;
        const int64_t found = kernels->stream(tile->source + j, tile->class_stride, pixels,
                                              tile->classes, job->scale, job->unit, values);
        bad = bad < 0 && found >= 0 ? j + found : bad;
        sg_values_put(&job->entropy, tile->y, tile->x + j, values, pixels);
    }
    return bad;
}

static int64_t entropy_of_logits(void *user, const sg_uncertainty_kernels *kernels,
                                 const sg_tile *tile)
{
    const entropy_job *job = user;
    _Alignas(64) float sum[SG_BLOCK_PIXELS], values[SG_BLOCK_PIXELS];
    if (!tile->block)
        return stream_tile(job, kernels, tile);
    kernels->entropy(tile->block, tile->width, tile->pixels, tile->classes, tile->maximum,
                     job->scale, sum, values);
    sg_unit_apply(job->unit, values, tile->pixels, values);
    sg_values_put(&job->entropy, tile->y, tile->x, values, tile->pixels);
    return sg_first_nan(sum, tile->pixels);
}

static bool sums_to_one(const entropy_job *job, float sum)
{
    return fabsf(sum - 1.0f) <= job->options.tolerance;
}

/* The range of an entropy is enforced only where the values are probabilities up to rounding. */
static int64_t entropy_of_probabilities(void *user, const sg_uncertainty_kernels *kernels,
                                        const sg_tile *tile)
{
    const entropy_job *job = user;
    _Alignas(64) float nats[SG_BLOCK_PIXELS], sum[SG_BLOCK_PIXELS];
    _Alignas(64) float lowest[SG_BLOCK_PIXELS], highest[SG_BLOCK_PIXELS];
    int64_t bad = -1;
    kernels->probability(tile->block, tile->width, tile->pixels, tile->classes, nats, sum, lowest,
                         highest);
    for (int64_t j = tile->pixels - 1; j >= 0; j--) {
        const bool valid = lowest[j] >= 0.0f && highest[j] <= 1.0f && sums_to_one(job, sum[j]);
        if (!isfinite(nats[j]) || (job->options.strict && !valid))
            bad = j;
        if (valid)
            sg_unit_apply(job->unit, &nats[j], 1, &nats[j]);
        else
            nats[j] *= job->unit.factor;
    }
    sg_values_put(&job->entropy, tile->y, tile->x, nats, tile->pixels);
    return bad;
}

segent_status sg_fail_probabilities(segent_context *context, const char *function,
                                    const segent_tensor_view *values, int64_t pixel, bool strict)
{
    const int64_t y = pixel / values->width, x = pixel % values->width;
    const float *first = values->data + sg_tensor_at(values, y, x);
    char number[SG_NUMBER_SIZE];
    double sum = 0.0;
    if (sg_fail_not_finite(context, function, "probabilities", values, pixel, true))
        return SEGENT_ERROR_NOT_FINITE;
    for (int64_t c = 0; c < values->channels; c++) {
        const float p = first[c * values->channel_stride];
        sum += (double)p;
        if (strict && (p < 0.0f || p > 1.0f))
            return sg_fail(context, SEGENT_ERROR_NOT_PROBABILITY,
                           "%s: %s at (y, x, class) = (%lld, %lld, %lld) is not in [0, 1]",
                           function, sg_number(number, 6, (double)p), (long long)y, (long long)x,
                           (long long)c);
    }
    return sg_fail(context, SEGENT_ERROR_NOT_PROBABILITY,
                   "%s: the probabilities at (y, x) = (%lld, %lld) sum to %s instead of 1",
                   function, (long long)y, (long long)x, sg_number(number, 7, sum));
}

static segent_status check_entropy_options(segent_context *context, const char *name,
                                           const segent_entropy_options *options)
{
    char number[SG_NUMBER_SIZE];
    if (options->source != SEGENT_SOURCE_LOGITS && options->source != SEGENT_SOURCE_PROBABILITIES)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown source %d", name,
                       (int)options->source);
    if (!(options->tolerance >= 0.0f))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a tolerance of %s; it must be at least 0", name,
                       sg_number(number, 6, (double)options->tolerance));
    if (options->source == SEGENT_SOURCE_PROBABILITIES && options->temperature != 0.0f &&
        options->temperature != 1.0f)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: probabilities take no temperature", name);
    const segent_status status = sg_check_unit(context, name, options->unit);
    return status == SEGENT_OK ? sg_check_temperature(context, name, options->temperature) : status;
}

static segent_status read_entropy_options(segent_context *context, const char *name,
                                          const segent_entropy_options *given,
                                          segent_entropy_options *options)
{
    *options = segent_entropy_options_init();
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_entropy_options), options, given);
    if (status == SEGENT_OK)
        status = sg_check_reserved(context, "segent_entropy_options", options->reserved_word);
    if (status == SEGENT_OK)
        status = check_entropy_options(context, name, options);
    if (options->tolerance == 0.0f)
        options->tolerance = 1e-3f;
    return status;
}

segent_status sg_entropy_map(segent_context *context, const segent_tensor_view *given_values,
                             const segent_entropy_options *given, const segent_map_view *entropy)
{
    static const char name[] = "segent_entropy_map";
    const sg_view_check output = {context, name, "values of the entropy map", true};
    segent_tensor_view values;
    entropy_job job;
    segent_status status = read_entropy_options(context, name, given, &job.options);
    if (status == SEGENT_OK)
        status =
            sg_check_tensor((sg_view_check){context, name, "values", false}, given_values, &values);
    if (status == SEGENT_OK)
        status = sg_check_map(output, entropy, &job.entropy);
    if (status == SEGENT_OK)
        status = sg_check_same_size(output, job.entropy.height, job.entropy.width, values.height,
                                    values.width);
    if (status != SEGENT_OK)
        return status;
    const bool logits = job.options.source == SEGENT_SOURCE_LOGITS;
    int64_t bad;
    job.unit = sg_unit_scale_of(job.options.unit, values.channels);
    job.scale = sg_scale_of_temperature(job.options.temperature);
    const sg_walk_options options = {.direct = logits,
                                     .joined = job.entropy.row_stride ==
                                               values.width * job.entropy.column_stride};
    status = sg_walk(context, &values, options,
                     logits ? entropy_of_logits : entropy_of_probabilities, &job, &bad);
    if (status != SEGENT_OK || bad < 0)
        return status;
    return logits ? sg_fail_logits(context, name, &values, bad)
                  : sg_fail_probabilities(context, name, &values, bad, job.options.strict != 0);
}

/* ---- argmax ---- */

typedef struct argmax_job {
    segent_label_view labels;
} argmax_job;

static int64_t first_pixel_with_nan(const sg_tile *tile)
{
    for (int64_t j = 0; j < tile->pixels; j++) {
        for (int64_t c = 0; c < tile->classes; c++) {
            if (isnan(tile->block[c * tile->width + j]))
                return j;
        }
    }
    return -1;
}

static int64_t argmax_tile(void *user, const sg_uncertainty_kernels *kernels, const sg_tile *tile)
{
    const argmax_job *job = user;
    sg_labels_put(&job->labels, tile->y, tile->x, tile->label, tile->pixels);
    return kernels->has_nan(tile->block, tile->width, tile->pixels, tile->classes)
               ? first_pixel_with_nan(tile)
               : -1;
}

segent_status sg_argmax(segent_context *context, const segent_tensor_view *given,
                        const segent_label_view *labels)
{
    static const char name[] = "segent_argmax";
    const sg_view_check output = {context, name, "labels", true};
    segent_tensor_view values;
    argmax_job job;
    int64_t bad;
    segent_status status =
        sg_check_tensor((sg_view_check){context, name, "values", false}, given, &values);
    if (status == SEGENT_OK)
        status = sg_check_labels(output, labels, values.channels, &job.labels);
    if (status == SEGENT_OK)
        status = sg_check_same_size(output, job.labels.height, job.labels.width, values.height,
                                    values.width);
    if (status == SEGENT_OK)
        status =
            sg_walk(context, &values, (sg_walk_options){.labels = true}, argmax_tile, &job, &bad);
    if (status == SEGENT_OK && bad >= 0) {
        sg_fail_not_finite(context, name, "values", &values, bad, false);
        return SEGENT_ERROR_NOT_FINITE;
    }
    return status;
}
