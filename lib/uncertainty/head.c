/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From low-resolution logits to labels, entropy and sums at any size, without logits of that size.
 *
 * Output rows are cut into bands and each band into tiles of one block's width. In a tile, the two
 * rows of logits that an output row lies between are stretched along x into two blocks, which stay
 * while the output rows lie between the same two; each output row is then a weighted sum of the two
 * blocks. The order of operations is torch's: along x first, then along y, in float32, so that the
 * interpolated logits are torch's to the bit. */

#include "uncertainty/uncertainty.h"

#include <math.h>
#include <string.h>

static const char name[] = "segent_uncertainty_from_logits";

/* Rows of a band; blocks of a thread: the pixels, and the two stretched rows. */
enum { BAND_ROWS = 32, BLOCK_PIXELS = 0, BLOCK_ROWS = 1, BLOCKS = 3 };

typedef struct head {
    const sg_uncertainty_kernels *kernels;
    const float *logits;
    const segent_layout *layout;
    segent_uncertainty_maps maps;
    sg_unit_scale unit, normalized;
    float scale;           /* 1 / temperature */
    int32_t *left, *right; /* taps of every output column */
    float *lambda;
    sg_row_total *rows;
    sg_workspace workspace;
} head;

/* A step of linear interpolation, as in sg_taps. */
typedef struct tap {
    int32_t left, right;
    float lambda;
} tap;

/* Where an output position lies among `in` inputs: src = max(0, (dst + 0.5) * in / out - 0.5). As
 * in torch, the ratio is rounded to float32 and the rest is exact until lambda is rounded. */
static tap tap_of(int64_t position, int64_t in, int64_t out)
{
    if (in == out)
        return (tap){(int32_t)position, (int32_t)position, 0.0f};
    const double ratio = (double)((float)in / (float)out);
    const double place = ratio * ((double)position + 0.5) - 0.5;
    const double source = place < 0.0 ? 0.0 : place;
    const int64_t left = source < (double)(in - 1) ? (int64_t)source : in - 1;
    const float offset = (float)(source - (double)left);
    return (tap){(int32_t)left, (int32_t)(left + (left < in - 1)), offset > 1.0f ? 1.0f : offset};
}

/* ---- one tile of one output row ---- */

/* A tile: columns x to x + pixels - 1; slot i holds row held[i] stretched, or -1. */
typedef struct tile {
    int64_t x, pixels;
    int32_t thread;
    int64_t held[2];
    float *block, *slot[2];
    _Alignas(64) float maximum[SG_BLOCK_PIXELS];
    _Alignas(64) int32_t label[SG_BLOCK_PIXELS];
} tile;

/* The stretched row `row`, keeping the slot that holds `other`. */
static const float *stretched(const head *h, tile *t, int64_t row, int64_t other)
{
    for (int i = 0; i < 2; i++) {
        if (t->held[i] == row)
            return t->slot[i];
    }
    const int i = t->held[0] == other ? 1 : 0;
    const sg_taps taps = {h->left + t->x, h->right + t->x, h->lambda + t->x};
    h->kernels->stretch(h->logits + row * h->layout->row_stride, h->layout->class_stride,
                        h->layout->column_stride, taps, t->pixels, h->layout->classes, t->slot[i],
                        h->workspace.width);
    t->held[i] = row;
    return t->slot[i];
}

static void interpolate(const head *h, tile *t, int64_t y)
{
    const int64_t classes = h->layout->classes, width = h->workspace.width;
    const tap between = tap_of(y, h->layout->height, h->maps.height);
    int32_t *label = h->maps.labels ? t->label : NULL;
    const float *top = stretched(h, t, between.left, between.right);
    if (between.lambda == 0.0f) {
        h->kernels->load(top, width, 1, t->pixels, classes, t->block, width, t->maximum, label);
        return;
    }
    const float *bottom = stretched(h, t, between.right, between.left);
    h->kernels->blend(top, bottom, 1.0f - between.lambda, between.lambda, t->pixels, classes,
                      t->block, width, t->maximum, label);
}

static void put(float *values, const segent_plane *plane, int64_t y, const tile *t,
                const float *from)
{
    if (values)
        sg_values_put(values, y * plane->row_stride + t->x * plane->column_stride,
                      plane->column_stride, from, t->pixels);
}

/* Top probability and margin. */
static void put_confidence(const head *h, tile *t, int64_t y, const float *sum)
{
    _Alignas(64) float second[SG_BLOCK_PIXELS], top[SG_BLOCK_PIXELS], margin[SG_BLOCK_PIXELS];
    const segent_uncertainty_maps *maps = &h->maps;
    if (!maps->top_probability && !maps->margin)
        return;
    h->kernels->second(t->block, h->workspace.width, t->pixels, h->layout->classes, second);
    h->kernels->confidence(t->maximum, second, sum, h->scale, t->pixels, top, margin);
    put(maps->top_probability, &maps->top_probability_plane, y, t, top);
    put(maps->margin, &maps->margin_plane, y, t, margin);
}

/* Logits and probabilities of full size; leaves the exponentials in the block. */
static void put_classes(const head *h, tile *t, int64_t y)
{
    _Alignas(64) float factor[SG_BLOCK_PIXELS];
    const sg_uncertainty_kernels *k = h->kernels;
    const int64_t classes = h->layout->classes, width = h->workspace.width;
    const int64_t class_stride = h->maps.height * h->maps.width;
    const int64_t offset = y * h->maps.width + t->x;
    if (h->maps.logits)
        k->store(t->block, width, t->pixels, classes, NULL, h->maps.logits + offset, class_stride,
                 1);
    if (h->maps.probabilities) {
        k->exponential(t->block, width, t->pixels, classes, t->maximum, h->scale, factor);
        for (int64_t j = 0; j < t->pixels; j++)
            factor[j] = 1.0f / factor[j];
        k->store(t->block, width, t->pixels, classes, factor, h->maps.probabilities + offset,
                 class_stride, 1);
    }
}

static void finish_row(head *h, tile *t, int64_t y, sg_row_sum *row)
{
    _Alignas(64) float sum[SG_BLOCK_PIXELS], nats[SG_BLOCK_PIXELS], values[SG_BLOCK_PIXELS];
    const segent_uncertainty_maps *maps = &h->maps;
    interpolate(h, t, y);
    h->kernels->entropy(t->block, h->workspace.width, t->pixels, h->layout->classes, t->maximum,
                        h->scale, sum, nats);
    const int64_t bad = sg_first_nan(sum, t->pixels);
    if (bad >= 0)
        sg_workspace_fault(&h->workspace, t->thread, y * maps->width + t->x + bad);
    sg_unit_apply(h->normalized, nats, t->pixels, values);
    h->kernels->accumulate(values, t->pixels, row);
    if (h->unit.factor != h->normalized.factor)
        sg_unit_apply(h->unit, nats, t->pixels, values);
    put(maps->entropy, &maps->entropy_plane, y, t, values);
    if (maps->labels)
        sg_labels_put(maps->labels, maps->label_type,
                      y * maps->labels_plane.row_stride + t->x * maps->labels_plane.column_stride,
                      maps->labels_plane.column_stride, t->label, t->pixels);
    put_confidence(h, t, y, sum);
    put_classes(h, t, y);
}

/* ---- all rows ---- */

static void do_band(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    head *h = argument;
    sg_row_sum sums[BAND_ROWS];
    tile t = {.thread = thread,
              .block = sg_workspace_block(&h->workspace, thread, BLOCK_PIXELS),
              .slot = {sg_workspace_block(&h->workspace, thread, BLOCK_ROWS),
                       sg_workspace_block(&h->workspace, thread, BLOCK_ROWS + 1)}};
    for (int64_t y = begin; y < end; y++)
        sg_row_sum_begin(&sums[y - begin]);
    for (t.x = 0; t.x < h->maps.width; t.x += h->workspace.width) {
        const int64_t left = h->maps.width - t.x;
        t.pixels = left < h->workspace.width ? left : h->workspace.width;
        t.held[0] = t.held[1] = -1;
        for (int64_t y = begin; y < end; y++)
            finish_row(h, &t, y, &sums[y - begin]);
    }
    for (int64_t y = begin; y < end; y++)
        h->rows[y] = sg_row_sum_end(&sums[y - begin], h->maps.width);
}

/* Whether a row of low-resolution logits has anything that needs a closer look: not a number,
 * +infinity or -infinity. */
static bool row_is_plain(const head *h, int64_t y)
{
    const segent_layout *layout = h->layout;
    int odd = 0;
    for (int64_t c = 0; c < layout->classes; c++) {
        const float *row = h->logits + c * layout->class_stride + y * layout->row_stride;
        for (int64_t x = 0; x < layout->width; x++)
            odd |= !(fabsf(row[x * layout->column_stride]) < INFINITY);
    }
    return odd == 0;
}

static bool pixel_is_bad(const head *h, int64_t y, int64_t x)
{
    const segent_layout *layout = h->layout;
    const float *first = h->logits + y * layout->row_stride + x * layout->column_stride;
    bool possible = false;
    for (int64_t c = 0; c < layout->classes; c++) {
        const float value = first[c * layout->class_stride];
        if (isnan(value) || value == INFINITY)
            return true;
        possible |= value != -INFINITY;
    }
    return !possible;
}

static void check_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    head *h = argument;
    for (int64_t y = begin; y < end; y++) {
        if (row_is_plain(h, y))
            continue;
        for (int64_t x = 0; x < h->layout->width; x++) {
            if (pixel_is_bad(h, y, x))
                sg_workspace_fault(&h->workspace, thread, y * h->layout->width + x);
        }
    }
}

static segent_status run(segent_context *context, head *h)
{
    sg_parallel_for(context->pool, h->layout->height, 1, check_rows, h);
    int64_t bad = sg_workspace_first_fault(&h->workspace);
    if (bad >= 0)
        return sg_fail_logits(context, name, h->logits, h->layout, bad);
    sg_parallel_for(context->pool, h->maps.height, BAND_ROWS, do_band, h);
    bad = sg_workspace_first_fault(&h->workspace);
    if (bad >= 0)
        return sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                       "%s: no class is possible at (y, x) = (%lld, %lld) of the output: where one "
                       "neighbour has a finite logit another has -infinity",
                       name, (long long)(bad / h->maps.width), (long long)(bad % h->maps.width));
    return SEGENT_OK;
}

/* ---- the door ---- */

static segent_status check_maps(segent_context *context, segent_uncertainty_maps *maps,
                                const segent_layout *layout)
{
    segent_status status = sg_check_size(context, name, maps->height, maps->width);
    if (status == SEGENT_OK && maps->labels)
        status = sg_check_labels(context, name, maps->label_type, layout->classes);
    const struct {
        const void *values;
        segent_plane *plane;
        const char *what;
    } planes[] = {{maps->labels, &maps->labels_plane, "labels"},
                  {maps->entropy, &maps->entropy_plane, "values of the entropy map"},
                  {maps->top_probability, &maps->top_probability_plane, "top probabilities"},
                  {maps->margin, &maps->margin_plane, "margins"}};
    for (size_t i = 0; i < sizeof(planes) / sizeof(planes[0]) && status == SEGENT_OK; i++) {
        if (planes[i].values)
            status = sg_check_plane(context, name, planes[i].what, maps->height, maps->width,
                                    planes[i].plane, true, planes[i].plane);
    }
    if (status == SEGENT_OK && (maps->logits || maps->probabilities)) {
        const segent_layout dense = segent_layout_chw(layout->classes, maps->height, maps->width);
        status =
            sg_check_layout(context, name, "logits or probabilities of full size", &dense, true);
    }
    return status;
}

static segent_status check(segent_context *context, head *h,
                           const segent_uncertainty_options *given_options,
                           const segent_uncertainty_maps *given_maps)
{
    segent_uncertainty_options options = segent_uncertainty_options_init();
    h->maps = segent_uncertainty_maps_init();
    segent_status status = sg_read_options(context, "segent_uncertainty_options", &options,
                                           sizeof(options), given_options);
    if (status == SEGENT_OK)
        status = sg_read_options(context, "segent_uncertainty_maps", &h->maps, sizeof(h->maps),
                                 given_maps);
    if (status == SEGENT_OK)
        status = sg_check_reserved(context, "segent_uncertainty_maps", h->maps.reserved);
    if (status == SEGENT_OK)
        status = sg_check_unit(context, name, options.unit);
    if (status == SEGENT_OK)
        status = sg_check_temperature(context, name, options.temperature);
    if (status == SEGENT_OK)
        status = sg_check_layout(context, name, "logits", h->layout, false);
    if (status == SEGENT_OK && (h->layout->height > INT32_MAX || h->layout->width > INT32_MAX))
        status = sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                         "%s: logits of %lld x %lld (height x width); at most %lld are possible",
                         name, (long long)h->layout->height, (long long)h->layout->width,
                         (long long)INT32_MAX);
    if (status == SEGENT_OK)
        status = check_maps(context, &h->maps, h->layout);
    if (status != SEGENT_OK)
        return status;
    h->scale = sg_scale_of_temperature(options.temperature);
    h->unit = sg_unit_scale_of(options.unit, h->layout->classes);
    h->normalized = sg_unit_scale_of(SEGENT_UNIT_NORMALIZED, h->layout->classes);
    return SEGENT_OK;
}

static segent_status allocate(segent_context *context, head *h)
{
    const sg_allocator *allocator = &context->allocator;
    const size_t width = (size_t)h->maps.width, height = (size_t)h->maps.height;
    const segent_status status =
        sg_workspace_create(context, h->layout->classes, BLOCKS, &h->workspace);
    if (status != SEGENT_OK)
        return status;
    h->left = sg_alloc(allocator, width, sizeof(*h->left));
    h->right = sg_alloc(allocator, width, sizeof(*h->right));
    h->lambda = sg_alloc(allocator, width, sizeof(*h->lambda));
    if (!h->left || !h->right || !h->lambda)
        return sg_fail_memory(context, "interpolation weights", width * sizeof(*h->left));
    h->rows = sg_alloc(allocator, height, sizeof(*h->rows));
    if (!h->rows)
        return sg_fail_memory(context, "sums of rows", height * sizeof(*h->rows));
    for (int64_t x = 0; x < h->maps.width; x++) {
        const tap between = tap_of(x, h->layout->width, h->maps.width);
        h->left[x] = between.left;
        h->right[x] = between.right;
        h->lambda[x] = between.lambda;
    }
    return SEGENT_OK;
}

segent_status sg_uncertainty_from_logits(segent_context *context, const float *logits,
                                         const segent_layout *layout,
                                         const segent_uncertainty_options *options,
                                         const segent_uncertainty_maps *maps,
                                         segent_entropy_summary *given)
{
    if (!logits || !maps)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       logits ? "maps" : "logits");
    head h = {.kernels = &context->kernels.uncertainty, .logits = logits, .layout = layout};
    segent_status status = check(context, &h, options, maps);
    if (status != SEGENT_OK)
        return status;
    status = allocate(context, &h);
    if (status == SEGENT_OK)
        status = run(context, &h);
    if (status == SEGENT_OK && given) {
        segent_entropy_summary summary = sg_summary_of_rows(h.rows, h.maps.height);
        summary.sum_nats = summary.sum * log((double)layout->classes);
        status = sg_write_info(context, "segent_entropy_summary", given, &summary, sizeof(summary));
    }
    sg_free(&context->allocator, h.left);
    sg_free(&context->allocator, h.right);
    sg_free(&context->allocator, h.lambda);
    sg_free(&context->allocator, h.rows);
    sg_workspace_destroy(context, &h.workspace);
    return status;
}
