/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From low-resolution logits to labels, entropy and sums at any size, without logits of that size:
 * bands of output rows, tile by tile (interpolation.c). */

#include "uncertainty/uncertainty.h"

#include <math.h>

static const char name[] = "segent_uncertainty_from_logits";

/* Rows of a band. */
enum { BAND_ROWS = 32 };

typedef struct head {
    const sg_uncertainty_kernels *kernels;
    sg_pool *pool;
    segent_tensor_view logits;
    segent_uncertainty_maps maps; /* with all sizes and strides filled in */
    sg_unit_scale unit, normalized;
    float scale;            /* 1 / temperature */
    double undecided_below; /* margins of logits that are counted; 0: none is */
    sg_row_total *rows;
    sg_interpolation interpolation;
} head;

/* ---- one tile of one output row ---- */

typedef sg_stretched_tile tile;

static void put(const segent_map_view *map, int64_t y, const tile *t, const float *from)
{
    if (map->data)
        sg_values_put(map, y, t->x, from, t->pixels);
}

/* How many pixels have two largest logits that are nearer than `below` to each other. */
static int64_t count_undecided(const tile *t, const float *second, double below)
{
    int64_t count = 0;
    for (int64_t j = 0; j < t->pixels; j++)
        count += (double)t->maximum[j] - (double)second[j] < below;
    return count;
}

/* Top probability and margin. Returns how many pixels are undecided. */
static int64_t put_confidence(const head *h, tile *t, int64_t y, const float *sum)
{
    _Alignas(64) float second[SG_BLOCK_PIXELS], top[SG_BLOCK_PIXELS], margin[SG_BLOCK_PIXELS];
    const segent_uncertainty_maps *maps = &h->maps;
    const bool wanted = maps->top_probability.data || maps->margin.data;
    if (!wanted && !(h->undecided_below > 0.0))
        return 0;
    h->kernels->second(t->block, h->interpolation.workspace.width, t->pixels, h->logits.channels,
                       second);
    if (wanted) {
        h->kernels->confidence(t->maximum, second, sum, h->scale, t->pixels, top, margin);
        put(&maps->top_probability, y, t, top);
        put(&maps->margin, y, t, margin);
    }
    return h->undecided_below > 0.0 ? count_undecided(t, second, h->undecided_below) : 0;
}

/* The tile's values, each times its pixel's factor (NULL: 1), into a tensor of full size. */
static void store(const head *h, const tile *t, int64_t y, const float *factor,
                  const segent_tensor_view *to)
{
    h->kernels->store(t->block, h->interpolation.workspace.width, t->pixels, h->logits.channels,
                      factor, to->data + sg_tensor_at(to, y, t->x), to->channel_stride,
                      to->column_stride);
}

/* Logits and probabilities of full size; leaves the exponentials in the block. */
static void put_classes(const head *h, tile *t, int64_t y)
{
    _Alignas(64) float factor[SG_BLOCK_PIXELS];
    if (h->maps.logits.data)
        store(h, t, y, NULL, &h->maps.logits);
    if (h->maps.probabilities.data) {
        h->kernels->exponential(t->block, h->interpolation.workspace.width, t->pixels,
                                h->logits.channels, t->maximum, h->scale, factor);
        for (int64_t j = 0; j < t->pixels; j++)
            factor[j] = 1.0f / factor[j];
        store(h, t, y, factor, &h->maps.probabilities);
    }
}

/* One tile of one row; returns how many of its pixels are undecided. */
static int64_t finish_row(head *h, tile *t, int64_t y, sg_row_sum *row)
{
    _Alignas(64) float sum[SG_BLOCK_PIXELS], nats[SG_BLOCK_PIXELS], values[SG_BLOCK_PIXELS];
    const segent_uncertainty_maps *maps = &h->maps;
    sg_interpolate(&h->interpolation, t, y, maps->labels.data != NULL);
    h->kernels->entropy(t->block, h->interpolation.workspace.width, t->pixels, h->logits.channels,
                        t->maximum, h->scale, sum, nats);
    const int64_t bad = sg_first_nan(sum, t->pixels);
    if (bad >= 0)
        sg_workspace_fault(&h->interpolation.workspace, t->thread, y * maps->width + t->x + bad);
    sg_unit_apply(h->normalized, nats, t->pixels, values);
    h->kernels->accumulate(values, t->pixels, row);
    if (h->unit.factor != h->normalized.factor)
        sg_unit_apply(h->unit, nats, t->pixels, values);
    put(&maps->entropy, y, t, values);
    if (maps->labels.data)
        sg_labels_put(&maps->labels, y, t->x, t->label, t->pixels);
    const int64_t undecided = put_confidence(h, t, y, sum);
    put_classes(h, t, y);
    return undecided;
}

/* ---- all rows ---- */

static void do_band(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    head *h = argument;
    sg_row_sum sums[BAND_ROWS];
    int64_t undecided[BAND_ROWS] = {0};
    tile t = sg_stretched_tile_begin(&h->interpolation, thread);
    for (int64_t y = begin; y < end; y++)
        sg_row_sum_begin(&sums[y - begin]);
    while (!sg_pool_stops(h->pool) && sg_stretched_tile_next(&h->interpolation, &t)) {
        for (int64_t y = begin; y < end; y++)
            undecided[y - begin] += finish_row(h, &t, y, &sums[y - begin]);
    }
    for (int64_t y = begin; y < end; y++) {
        h->rows[y] = sg_row_sum_end(&sums[y - begin], h->maps.width);
        h->rows[y].undecided = undecided[y - begin];
    }
}

static segent_status run(segent_context *context, head *h)
{
    const segent_status status = sg_interpolation_check(context, name, &h->interpolation);
    if (status != SEGENT_OK)
        return status;
    sg_parallel_for(context->pool, h->maps.height, BAND_ROWS, do_band, h);
    const int64_t bad = sg_workspace_first_fault(&h->interpolation.workspace);
    return bad < 0 ? SEGENT_OK : sg_fail_interpolated(context, name, &h->interpolation, bad);
}

/* ---- what is asked for ---- */

/* Sizes of 0 stand for those of all outputs. */
static void fill_size(int64_t *height, int64_t *width, const segent_uncertainty_maps *maps)
{
    *height = *height == 0 ? maps->height : *height;
    *width = *width == 0 ? maps->width : *width;
}

static segent_status check_map(sg_view_check check, segent_map_view *map,
                               const segent_uncertainty_maps *maps)
{
    if (!map->data)
        return SEGENT_OK;
    fill_size(&map->height, &map->width, maps);
    const segent_status status =
        sg_check_same_size(check, map->height, map->width, maps->height, maps->width);
    return status == SEGENT_OK ? sg_check_map(check, map, map) : status;
}

static segent_status check_tensor(sg_view_check check, segent_tensor_view *tensor, int64_t classes,
                                  const segent_uncertainty_maps *maps)
{
    if (!tensor->data)
        return SEGENT_OK;
    fill_size(&tensor->height, &tensor->width, maps);
    tensor->channels = tensor->channels == 0 ? classes : tensor->channels;
    if (tensor->channels != classes)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: the %s have %lld channels, but there are %lld classes", check.function,
                       check.what, (long long)tensor->channels, (long long)classes);
    const segent_status status =
        sg_check_same_size(check, tensor->height, tensor->width, maps->height, maps->width);
    return status == SEGENT_OK ? sg_check_tensor(check, tensor, tensor) : status;
}

static segent_status check_labels(sg_view_check check, segent_label_view *labels, int64_t classes,
                                  const segent_uncertainty_maps *maps)
{
    if (!labels->data)
        return SEGENT_OK;
    fill_size(&labels->height, &labels->width, maps);
    const segent_status status =
        sg_check_same_size(check, labels->height, labels->width, maps->height, maps->width);
    return status == SEGENT_OK ? sg_check_labels(check, labels, classes, labels) : status;
}

segent_status sg_uncertainty_check_maps(segent_context *context, const char *function,
                                        const segent_uncertainty_maps *given, int64_t classes,
                                        segent_uncertainty_maps *maps)
{
    const sg_view_check as_labels = {context, function, "labels", true};
    const sg_view_check as_entropy = {context, function, "values of the entropy map", true};
    const sg_view_check as_top = {context, function, "top probabilities", true};
    const sg_view_check as_margin = {context, function, "margins", true};
    const sg_view_check as_logits = {context, function, "logits of full size", true};
    const sg_view_check as_probabilities = {context, function, "probabilities of full size", true};
    *maps = segent_uncertainty_maps_init();
    if (!given)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: maps is NULL", function);
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_uncertainty_maps), maps, given);
    if (status == SEGENT_OK)
        status = sg_check_size(context, function, maps->height, maps->width);
    if (status == SEGENT_OK)
        status = check_labels(as_labels, &maps->labels, classes, maps);
    if (status == SEGENT_OK)
        status = check_map(as_entropy, &maps->entropy, maps);
    if (status == SEGENT_OK)
        status = check_map(as_top, &maps->top_probability, maps);
    if (status == SEGENT_OK)
        status = check_map(as_margin, &maps->margin, maps);
    if (status == SEGENT_OK)
        status = check_tensor(as_logits, &maps->logits, classes, maps);
    if (status == SEGENT_OK)
        status = check_tensor(as_probabilities, &maps->probabilities, classes, maps);
    return status;
}

static segent_status check_options(segent_context *context, head *h,
                                   const segent_uncertainty_options *given)
{
    segent_uncertainty_options options = segent_uncertainty_options_init();
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_uncertainty_options), &options, given);
    if (status == SEGENT_OK)
        status = sg_check_unit(context, name, options.unit);
    if (status == SEGENT_OK)
        status = sg_check_temperature(context, name, options.temperature);
    if (status == SEGENT_OK &&
        !(options.undecided_below >= 0.0 && options.undecided_below < HUGE_VAL))
        status = sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                         "%s: undecided_below is negative or not finite", name);
    if (status != SEGENT_OK)
        return status;
    h->undecided_below = options.undecided_below;
    h->scale = sg_scale_of_temperature(options.temperature);
    h->unit = sg_unit_scale_of(options.unit, h->logits.channels);
    h->normalized = sg_unit_scale_of(SEGENT_UNIT_NORMALIZED, h->logits.channels);
    return SEGENT_OK;
}

static segent_status check(segent_context *context, head *h, const segent_tensor_view *logits,
                           const segent_uncertainty_options *options,
                           const segent_uncertainty_maps *maps)
{
    segent_status status =
        sg_check_tensor((sg_view_check){context, name, "logits", false}, logits, &h->logits);
    if (status == SEGENT_OK)
        status = check_options(context, h, options);
    if (status == SEGENT_OK)
        status = sg_check_interpolated(context, name, &h->logits);
    if (status == SEGENT_OK)
        status = sg_uncertainty_check_maps(context, name, maps, h->logits.channels, &h->maps);
    return status;
}

static segent_status prepare(segent_context *context, head *h)
{
    const size_t height = (size_t)h->maps.height;
    const segent_status status = sg_interpolation_create(context, &h->logits, h->maps.height,
                                                         h->maps.width, 0, &h->interpolation);
    if (status != SEGENT_OK)
        return status;
    h->rows = sg_scratch_take(context, SG_SCRATCH_ROWS, height, sizeof(*h->rows));
    return h->rows ? SEGENT_OK
                   : sg_fail_memory(context, "an interpolation", height * sizeof(*h->rows));
}

segent_status sg_uncertainty_from_logits(segent_context *context, const segent_tensor_view *logits,
                                         const segent_uncertainty_options *options,
                                         const segent_uncertainty_maps *maps,
                                         segent_entropy_summary *given)
{
    head h = {.kernels = &context->kernels.uncertainty, .pool = context->pool};
    segent_status status = check(context, &h, logits, options, maps);
    if (status == SEGENT_OK)
        status = prepare(context, &h);
    if (status == SEGENT_OK)
        status = run(context, &h);
    if (status != SEGENT_OK || !given)
        return status;
    segent_entropy_summary summary = sg_summary_of_rows(h.rows, h.maps.height);
    summary.sum_nats = summary.sum * log((double)h.logits.channels);
    summary.undecided_below = h.undecided_below;
    return sg_write_info(context, SG_STRUCT(segent_entropy_summary), given, &summary);
}
