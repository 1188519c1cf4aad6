/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Softmax, entropy map (equation 2) and argmax on the caller's buffers. */

#include "uncertainty/uncertainty.h"

#include <math.h>

/* ---- softmax ---- */

typedef struct softmax_job {
    float *probabilities;
    const segent_layout *layout;
} softmax_job;

static int64_t softmax_tile(void *user, const sg_uncertainty_kernels *kernels, const sg_tile *tile)
{
    const softmax_job *job = user;
    const segent_layout *layout = job->layout;
    _Alignas(64) float factor[SG_BLOCK_PIXELS];
    kernels->exponential(tile->block, tile->width, tile->pixels, tile->classes, tile->maximum, 1.0f,
                         factor);
    const int64_t bad = sg_first_nan(factor, tile->pixels);
    if (bad >= 0)
        return bad;
    for (int64_t j = 0; j < tile->pixels; j++)
        factor[j] = 1.0f / factor[j];
    kernels->store(tile->block, tile->width, tile->pixels, tile->classes, factor,
                   job->probabilities + tile->y * layout->row_stride +
                       tile->x * layout->column_stride,
                   layout->class_stride, layout->column_stride);
    return -1;
}

static bool same_size(const segent_layout *a, const segent_layout *b)
{
    return a->classes == b->classes && a->height == b->height && a->width == b->width;
}

static bool same_strides(const segent_layout *a, const segent_layout *b)
{
    return a->class_stride == b->class_stride && a->row_stride == b->row_stride &&
           a->column_stride == b->column_stride;
}

segent_status sg_softmax(segent_context *context, const float *logits, const segent_layout *layout,
                         float *probabilities, const segent_layout *output_layout)
{
    static const char name[] = "segent_softmax";
    if (!logits || !probabilities)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       logits ? "probabilities" : "logits");
    const segent_layout *output = output_layout ? output_layout : layout;
    segent_status status = sg_check_layout(context, name, "logits", layout, false);
    if (status == SEGENT_OK)
        status = sg_check_layout(context, name, "probabilities", output, true);
    if (status != SEGENT_OK)
        return status;
    if (!same_size(layout, output))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: the layouts of logits and probabilities differ in their sizes", name);
    if (logits == probabilities && !same_strides(layout, output))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: in place, but the layouts differ in their strides", name);
    int64_t bad;
    softmax_job job = {probabilities, output};
    status = sg_walk(context, logits, layout, (sg_walk_options){0}, softmax_tile, &job, &bad);
    if (status == SEGENT_OK && bad >= 0)
        return sg_fail_logits(context, name, logits, layout, bad);
    return status;
}

/* ---- entropy map ---- */

typedef struct entropy_job {
    segent_entropy_options options;
    sg_unit_scale unit;
    float scale; /* 1 / temperature */
    float *entropy;
    segent_plane plane;
} entropy_job;

static int64_t entropy_place(const entropy_job *job, const sg_tile *tile)
{
    return tile->y * job->plane.row_stride + tile->x * job->plane.column_stride;
}

/* Straight from where the logits lie to where the map does, if that is side by side as well. */
static int64_t stream_tile(const entropy_job *job, const sg_uncertainty_kernels *kernels,
                           const sg_tile *tile)
{
    float values[SG_BLOCK_PIXELS];
    int64_t bad = -1;
    if (job->plane.column_stride == 1)
        return kernels->stream(tile->source, tile->class_stride, tile->pixels, tile->classes,
                               job->scale, job->unit, job->entropy + entropy_place(job, tile));
    for (int64_t j = 0; j < tile->pixels; j += SG_BLOCK_PIXELS) {
        const int64_t left = tile->pixels - j;
        const int64_t pixels = left < SG_BLOCK_PIXELS ? left : SG_BLOCK_PIXELS;
        const int64_t found = kernels->stream(tile->source + j, tile->class_stride, pixels,
                                              tile->classes, job->scale, job->unit, values);
        bad = bad < 0 && found >= 0 ? j + found : bad;
        sg_values_put(job->entropy, entropy_place(job, tile) + j * job->plane.column_stride,
                      job->plane.column_stride, values, pixels);
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
    sg_values_put(job->entropy, entropy_place(job, tile), job->plane.column_stride, values,
                  tile->pixels);
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
    sg_values_put(job->entropy, entropy_place(job, tile), job->plane.column_stride, nats,
                  tile->pixels);
    return bad;
}

/* Names what is wrong with the probabilities of a pixel. */
static segent_status fail_probabilities(segent_context *context, const char *function,
                                        const float *values, const segent_layout *layout,
                                        int64_t pixel, bool strict)
{
    const int64_t y = pixel / layout->width, x = pixel % layout->width;
    const float *first = values + y * layout->row_stride + x * layout->column_stride;
    char number[SG_NUMBER_SIZE];
    double sum = 0.0;
    if (sg_fail_not_finite(context, function, "probabilities", values, layout, pixel, true))
        return SEGENT_ERROR_NOT_FINITE;
    for (int64_t c = 0; c < layout->classes; c++) {
        const float p = first[c * layout->class_stride];
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
    if (options->source == SEGENT_SOURCE_PROBABILITIES && options->temperature != 1.0f)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: probabilities take no temperature", name);
    const segent_status status = sg_check_unit(context, name, options->unit);
    return status == SEGENT_OK ? sg_check_temperature(context, name, options->temperature) : status;
}

segent_status sg_entropy_map(segent_context *context, const float *values,
                             const segent_layout *layout, const segent_entropy_options *given,
                             float *entropy, const segent_plane *plane)
{
    static const char name[] = "segent_entropy_map";
    if (!values || !entropy)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       values ? "entropy" : "values");
    entropy_job job = {.options = segent_entropy_options_init(), .entropy = entropy};
    segent_status status = sg_read_options(context, "segent_entropy_options", &job.options,
                                           sizeof(job.options), given);
    if (status == SEGENT_OK)
        status = sg_check_reserved(context, "segent_entropy_options", job.options.reserved);
    if (status == SEGENT_OK)
        status = check_entropy_options(context, name, &job.options);
    if (status == SEGENT_OK)
        status = sg_check_layout(context, name, "values", layout, false);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "values of the entropy map", layout->height,
                                layout->width, plane, true, &job.plane);
    if (status != SEGENT_OK)
        return status;
    const bool logits = job.options.source == SEGENT_SOURCE_LOGITS;
    int64_t bad;
    job.unit = sg_unit_scale_of(job.options.unit, layout->classes);
    job.scale = sg_scale_of_temperature(job.options.temperature);
    const sg_walk_options options = {.direct = logits,
                                     .joined = job.plane.row_stride ==
                                               layout->width * job.plane.column_stride};
    status = sg_walk(context, values, layout, options,
                     logits ? entropy_of_logits : entropy_of_probabilities, &job, &bad);
    if (status != SEGENT_OK || bad < 0)
        return status;
    return logits ? sg_fail_logits(context, name, values, layout, bad)
                  : fail_probabilities(context, name, values, layout, bad, job.options.strict != 0);
}

/* ---- argmax ---- */

typedef struct argmax_job {
    void *labels;
    segent_label_type type;
    segent_plane plane;
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
    sg_labels_put(job->labels, job->type,
                  tile->y * job->plane.row_stride + tile->x * job->plane.column_stride,
                  job->plane.column_stride, tile->label, tile->pixels);
    return kernels->has_nan(tile->block, tile->width, tile->pixels, tile->classes)
               ? first_pixel_with_nan(tile)
               : -1;
}

segent_status sg_argmax(segent_context *context, const float *values, const segent_layout *layout,
                        void *labels, segent_label_type type, const segent_plane *plane)
{
    static const char name[] = "segent_argmax";
    if (!values || !labels)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       values ? "labels" : "values");
    argmax_job job = {.labels = labels, .type = type};
    segent_status status = sg_check_layout(context, name, "values", layout, false);
    if (status == SEGENT_OK)
        status = sg_check_labels(context, name, type, layout->classes);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "labels", layout->height, layout->width, plane, true,
                                &job.plane);
    if (status != SEGENT_OK)
        return status;
    int64_t bad;
    status = sg_walk(context, values, layout, (sg_walk_options){.labels = true}, argmax_tile, &job,
                     &bad);
    if (status == SEGENT_OK && bad >= 0) {
        sg_fail_not_finite(context, name, "values", values, layout, bad, false);
        return SEGENT_ERROR_NOT_FINITE;
    }
    return status;
}
