/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "winograd_run.h"

#include <math.h>
#include <string.h>

enum { LINE = 64 /* bytes of a cache line */, WEIGHTS_GRAIN = 2048 };

/* ==== Weights ==== */

/* Transforms the weights of the block of channels: numbers begin to end, counted through all
 * panels.
 */
static void transform_weights(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const sg_winograd_job *r = argument;
    const sg_packed *packed = r->w->packed;
    const int64_t width = packed->kernels.panel, panel = r->depth * width;
    (void)thread;
    for (int64_t at = begin, count; at < end; at += count) {
        const int64_t left = panel - at % panel;
        const int64_t from = (at / panel * packed->depth + r->first_channel) * width + at % panel;
        count = left < end - at ? left : end - at;
        packed->kernels.winograd->weights(
            &(sg_winograd_weights){.taps = packed->weights + from,
                                   .tap_stride = sg_packed_matrix(packed),
                                   .count = count,
                                   .rows = (const double(*)[3])r->rows,
                                   .columns = (const double(*)[3])r->columns,
                                   .row_points = r->pass->row_points,
                                   .column_points = r->pass->column_points,
                                   .stream = r->w->weights >= r->w->packed->costs->streamed,
                                   .points = r->weights + at,
                                   .stride = sg_point_floats(r->w)});
    }
}

/* ==== Tiles ==== */

sg_winograd_block sg_winograd_block_of(const sg_winograd_job *r, const sg_winograd_tiles *tiles,
                                       int64_t index, float *slot)
{
    const int64_t first = (index - tiles->first_block) * tiles->block;
    const int64_t left = tiles->rows * tiles->columns - first;
    const int64_t count = left < tiles->block ? left : tiles->block;
    const sg_winograd *w = r->w;
    sg_winograd_block b = {
        .r = r,
        .tiles = tiles,
        .rows = sg_line_of(tiles->row_side, w->height, w->dilation, w->rows_shared),
        .columns = sg_line_of(tiles->column_side, w->width, w->dilation, w->columns_shared),
        .first = first,
        .count = count,
        .row = sg_winograd_side_counts(tiles->row_side),
        .column = sg_winograd_side_counts(tiles->column_side),
        .inputs = slot,
        .products = slot + sg_tile_points(tiles) * count * w->channels,
        .input_stride = count * w->channels,
        .product_stride = count * w->outputs};
    if (w->overlaid) {
        b.products = slot;
        b.product_stride = b.input_stride;
        b.inputs += b.input_stride;
    } else if (w->depth_blocks > 1) {
        b.products = r->products + (index - r->first_block) * r->pass->products;
    }
    return b;
}

/* Channels in the place of a float. */
static int64_t per_float(const sg_packed *packed)
{
    return packed->type == SG_BF16 ? 2 : 1;
}

void sg_winograd_input(const sg_winograd_block *b, int64_t t)
{
    const sg_winograd *w = b->r->w;
    const sg_tensor *input = &b->r->call->input;
    const int64_t y = sg_line_pixel(&b->rows, (b->first + t) / b->tiles->columns);
    const int64_t x = sg_line_pixel(&b->columns, (b->first + t) % b->tiles->columns);
    const int32_t rows = b->row.inputs, columns = b->column.inputs;
    const float *pixels[SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX];
    for (int32_t i = 0; i < rows; i++) {
        const int64_t iy = y + (int64_t)(i - b->row.before) * w->dilation;
        for (int32_t j = 0; j < columns; j++) {
            const int64_t ix = x + (int64_t)(j - b->column.before) * w->dilation;
            const bool exists = iy >= 0 && iy < w->height && ix >= 0 && ix < w->width;
            pixels[i * columns + j] =
                exists ? sg_tensor_place(input, iy * w->width + ix) + b->r->first_channel
                       : b->r->zeros;
        }
    }
    w->packed->kernels.winograd->input[b->tiles->row_side][b->tiles->column_side](
        pixels, b->r->depth * per_float(w->packed), b->inputs + t * w->channels, b->input_stride);
}

/* A^T M A of it, and the epilogue. */
static void transform_output(const sg_winograd_block *b, int64_t t)
{
    const sg_winograd *w = b->r->w;
    const sg_tensor *to = &b->r->call->output, *residual = b->r->call->residual;
    const int64_t y = sg_line_pixel(&b->rows, (b->first + t) / b->tiles->columns);
    const int64_t x = sg_line_pixel(&b->columns, (b->first + t) % b->tiles->columns);
    sg_winograd_output output = {.points = b->products + t * w->outputs,
                                 .stride = b->product_stride,
                                 .has_residual = residual != NULL,
                                 .activation = b->r->shape->activation,
                                 .bias = b->r->bias,
                                 .channels = to->channels};
    for (int32_t i = 0; i < b->row.outputs * b->column.outputs; i++) {
        const int64_t oy = y + (int64_t)(i / b->column.outputs) * w->dilation;
        const int64_t ox = x + (int64_t)(i % b->column.outputs) * w->dilation;
        if (oy >= w->height || ox >= w->width)
            continue;
        const int64_t pixel = oy * w->width + ox;
        output.pixels[i] = sg_tensor_place(to, pixel);
        if (residual)
            output.residuals[i] = sg_tensor_place(residual, pixel);
    }
    w->packed->kernels.winograd->output[b->tiles->row_side][b->tiles->column_side](&output);
}

/* ==== Products ==== */

/* A block's numbers at one pair of points. */
typedef struct point_numbers {
    const float *weights;
    float *inputs, *products, *kept;
    float unscale; /* 1 / what the weights were multiplied by */
    float most; /* magnitude of a tile's sum over its pairs up to which its products are paired */
} point_numbers;

static point_numbers numbers_at(const sg_winograd_block *b, int64_t point)
{
    const int64_t row = point / b->column.points, column = point % b->column.points;
    const sg_winograd_job *r = b->r;
    const int64_t at = row * r->pass->column_points + column; /* among the pass's points */
    point_numbers numbers = {.weights = r->weights + at * sg_point_floats(r->w),
                             .inputs = b->inputs + point * b->input_stride,
                             .products = b->products + point * b->product_stride,
                             .unscale = 1};
    if (r->paired) {
        numbers.kept = b->kept + at * sg_point_kept(r->w);
        numbers.unscale = (float)(1 / (r->row_scales[row] * r->column_scales[column]));
        numbers.most = sg_winograd_most_paired(r, (int32_t)row, (int32_t)column);
    }
    return numbers;
}

/* The inputs of tiles `first` to `first + count` times the weights, with the sums over the tiles'
 * pairs if products are paired. Meanwhile the caches fetch what the products at the next point
 * begin with. */
static void multiply_tiles(const sg_winograd_block *b, const point_numbers *here,
                           const point_numbers *next, int64_t first, int64_t count,
                           const float *pairs)
{
    const sg_winograd *w = b->r->w;
    const sg_packed *packed = w->packed;
    const int64_t panel_floats = b->r->depth * packed->kernels.panel;
    const int64_t bytes = b->input_stride * (int64_t)sizeof(float);
    const char *ahead = (const char *)next->inputs;
    sg_product product = {.rows = count,
                          .depth = b->r->depth,
                          .columns = packed->kernels.panel,
                          .a = here->inputs + first * w->channels,
                          .a_stride = w->channels,
                          .c_stride = w->outputs,
                          .accumulate = b->r->first_channel > 0,
                          .pairs = pairs ? pairs + first : NULL,
                          .columns_known = pairs && sg_columns_known(here->kept),
                          .unscale = here->unscale,
                          .held = b->held};
    for (int64_t panel = 0; panel < packed->panels; panel++) {
        const bool last = panel + 1 == packed->panels;
        product.b = here->weights + panel * panel_floats;
        product.c = here->products + first * w->outputs + panel * packed->kernels.panel;
        if (pairs)
            product.column_pairs = here->kept + SG_COLUMNS_HEAD + panel * packed->kernels.panel;
        product.next = last ? next->weights : product.b + panel_floats;
        product.next_c = last ? next->products : product.c + packed->kernels.panel;
        product.ahead = ahead + panel * bytes / packed->panels / LINE * LINE;
        product.until = ahead + (panel + 1) * bytes / packed->panels;
        packed->kernels.product(&product);
    }
    if (pairs)
        sg_columns_set_known(here->kept, true);
}

/* The same without pairs: ordinary products do not undo the weights' scale, so the inputs do. */
static void multiply_unpaired(const sg_winograd_block *b, const point_numbers *here,
                              const point_numbers *next, int64_t first, int64_t count)
{
    for (int64_t t = first; t < first + count; t++) {
        float *inputs = here->inputs + t * b->r->w->channels;
        for (int64_t k = 0; k < b->r->depth; k++)
            inputs[k] *= here->unscale;
    }
    multiply_tiles(b, here, next, first, count, NULL);
}

/* All tiles of the block: neighbours that are alike together. A sum that is not a number is never
 * small enough. */
static void multiply(const sg_winograd_block *b, const point_numbers *here,
                     const point_numbers *next)
{
    const sg_winograd *w = b->r->w;
    float pairs[SG_CHUNK_ROWS_MOST];
    if (!b->r->paired) {
        multiply_tiles(b, here, next, 0, b->count, NULL);
        return;
    }
    w->packed->kernels.pairs(here->inputs, w->channels, b->count, b->r->depth, 0, pairs);
    for (int64_t first = 0, end; first < b->count; first = end) {
        const bool paired = fabsf(pairs[first]) <= here->most;
        for (end = first + 1; end < b->count; end++) {
            if ((fabsf(pairs[end]) <= here->most) != paired)
                break;
        }
        if (paired)
            multiply_tiles(b, here, next, first, end - first, pairs);
        else
            multiply_unpaired(b, here, next, first, end - first);
    }
}

static void multiply_points(const sg_winograd_block *b)
{
    const int64_t points = sg_tile_points(b->tiles);
    point_numbers here = numbers_at(b, 0);
    for (int64_t point = 0; point < points; point++) {
        const point_numbers next = point + 1 < points ? numbers_at(b, point + 1) : here;
        multiply(b, &here, &next);
        here = next;
    }
}

/* What the block of channels adds to the products of these tiles, and with the last one the
 * outputs. */
static void run_blocks(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const sg_winograd_job *r = argument;
    const sg_winograd *w = r->w;
    const bool last = r->first_channel + r->depth == w->packed->depth;
    int32_t held = 0;
    for (int64_t index = r->first_block + begin; index < r->first_block + end; index++) {
        const sg_winograd_tiles *tiles = w->tiles + r->pass->first_kind;
        while (index >= tiles->first_block + tiles->blocks)
            tiles++;
        const int64_t slot = w->slots < w->threads ? index : thread;
        sg_winograd_block b =
            sg_winograd_block_of(r, tiles, index, r->slots + slot * w->workspaces);
        b.kept = r->kept + thread * w->kept;
        b.held = &held;
        for (int64_t t = 0; t < b.count; t++)
            sg_winograd_input(&b, t);
        multiply_points(&b);
        for (int64_t t = 0; t < b.count && last; t++)
            transform_output(&b, t);
    }
    sg_product_release(&w->packed->kernels, held);
}

/* ==== Running ==== */

/* Marks what is kept of other weights as unknown. */
static void forget_kept(const sg_winograd_job *r)
{
    const sg_winograd *w = r->w;
    const int64_t points = (int64_t)r->pass->row_points * r->pass->column_points;
    for (int64_t i = 0; i < w->threads * points && r->paired; i++)
        sg_columns_set_known(r->kept + i / points * w->kept + i % points * sg_point_kept(w), false);
}

/* `blocks` blocks of tiles, all channels. */
static void run_group(segent_context *context, sg_winograd_job *r, int64_t blocks)
{
    const sg_winograd *w = r->w;
    const sg_packed *packed = w->packed;
    for (int64_t first = 0; first < packed->depth; first += w->depth) {
        const int64_t left = packed->depth - first;
        r->first_channel = first;
        r->depth = left < w->depth ? left : w->depth;
        sg_parallel_for(context->pool, r->depth * sg_packed_columns(packed), WEIGHTS_GRAIN,
                        transform_weights, r);
        forget_kept(r);
        sg_parallel_for(context->pool, blocks, 1, run_blocks, r);
    }
}

static void run_pass(segent_context *context, sg_winograd_job *r)
{
    const int64_t group = r->w->depth_blocks > 1 ? r->pass->group : r->pass->blocks;
    sg_winograd_weight_matrix(r->pass->row_side, r->rows);
    sg_winograd_weight_matrix(r->pass->column_side, r->columns);
    r->paired = sg_pairs_products(&r->w->packed->kernels);
    if (r->paired)
        sg_winograd_balance(r);
    for (int64_t first = 0; first < r->pass->blocks; first += group) {
        const int64_t left = r->pass->blocks - first;
        r->first_block = first;
        run_group(context, r, left < group ? left : group);
    }
}

void sg_winograd_run(segent_context *context, const sg_winograd *w,
                     const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    float *zeros = call->workspace;
    float *weights = zeros + w->channels;
    float *products = weights + sg_with_gap(w->weights);
    float *kept = products + sg_with_gap(w->products);
    sg_winograd_job r = {.w = w,
                         .shape = shape,
                         .call = call,
                         .bias = call->bias ? call->bias : w->packed->shift,
                         .zeros = zeros,
                         .weights = weights,
                         .products = products,
                         .kept = kept,
                         .slots = kept + w->threads * w->kept};
    memset(zeros, 0, (size_t)w->channels * sizeof(float));
    for (int32_t i = 0; i < w->passes; i++) {
        r.pass = &w->pass[i];
        run_pass(context, &r);
    }
}
