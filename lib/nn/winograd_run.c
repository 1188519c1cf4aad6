/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include <string.h>

#include "winograd_tiles.h"

enum {
    LINE = 64,        /* bytes of a cache line */
    CHUNK_TILES = 96, /* of one point of a shared block that one thread multiplies at a time */
    CHUNK_UNIT = 12,  /* tiles of chunks that are alike */
    TILES_GRAIN = 4,  /* tiles of a shared block that one thread transforms at a time */
    WEIGHTS_GRAIN = 2048
};

/* ==== Weights ==== */

/* A transform of weights, to be shared out. */
typedef struct weights_job {
    const sg_packed *packed;
    int32_t row_points, column_points;
    float *points;
    double rows[SG_WINOGRAD_POINTS_MAX][3], columns[SG_WINOGRAD_POINTS_MAX][3];
} weights_job;

static void transform_weights(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const weights_job *job = argument;
    const int64_t matrix = sg_matrix_floats(job->packed);
    (void)thread;
    job->packed->kernels.winograd->weights(
        &(sg_winograd_weights){.taps = job->packed->weights + begin,
                               .tap_stride = matrix,
                               .count = end - begin,
                               .rows = (const double(*)[3])job->rows,
                               .columns = (const double(*)[3])job->columns,
                               .row_points = job->row_points,
                               .column_points = job->column_points,
                               .points = job->points + begin,
                               .stride = matrix});
}

static void transform_all_weights(segent_context *context, const sg_packed *packed,
                                  sg_winograd_side side, int32_t row_points, int32_t column_points,
                                  float *points)
{
    weights_job job = {packed, row_points, column_points, points, {{0}}, {{0}}};
    sg_winograd_weight_matrix(side, job.rows);
    sg_winograd_weight_matrix(side, job.columns);
    sg_parallel_for(context->pool, sg_matrix_floats(packed), WEIGHTS_GRAIN, transform_weights,
                    &job);
}

segent_status sg_winograd_keep(segent_context *context, sg_packed *packed)
{
    const int32_t points = sg_winograd_side_outputs(SG_SIDE_4) + 2;
    size_t count = 0;
    if (sg_size_multiply((size_t)sg_matrix_floats(packed), (size_t)(points * points), &count))
        packed->transformed = sg_alloc(&context->allocator, count, sizeof(float));
    if (!packed->transformed)
        return sg_fail_memory(context, "transformed weights", count * sizeof(float));
    transform_all_weights(context, packed, SG_SIDE_4, points, points, packed->transformed);
    sg_free(&context->allocator, packed->weights);
    packed->weights = NULL;
    return SEGENT_OK;
}

/* ==== Tiles ==== */

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_winograd *w;
    const sg_convolution_shape *shape;
    const sg_convolution_call *call;
    const float *bias, *zeros, *weights;
    float *slots;
} run;

/* Tiles of one kind that go through all products together, and where their numbers lie. */
typedef struct part {
    const run *r;
    const sg_winograd_tiles *tiles;
    sg_line rows, columns;
    int64_t first, count;
    int32_t row_outputs, column_outputs; /* of a tile */
    float *inputs, *products;
    int64_t input_stride, product_stride; /* from point to point */
    int64_t depth_stride; /* of the inputs, from one block of channels to the next */
} part;

static part part_of(const run *r, const sg_winograd_tiles *tiles, int64_t first, int64_t count,
                    float *inputs)
{
    const sg_winograd *w = r->w;
    part p = {.r = r,
              .tiles = tiles,
              .rows = sg_line_of(w->family, tiles->row_side, w->height, w->dilation),
              .columns = sg_line_of(w->family, tiles->column_side, w->width, w->dilation),
              .first = first,
              .count = count,
              .row_outputs = sg_winograd_side_outputs(tiles->row_side),
              .column_outputs = sg_winograd_side_outputs(tiles->column_side),
              .inputs = inputs,
              .input_stride = count * w->channels,
              .product_stride = count * w->outputs,
              .depth_stride = sg_tile_points(tiles) * count * w->channels};
    p.products = inputs + w->depth_blocks * p.depth_stride;
    return p;
}

/* B^T d B of tile t of the part. */
static void transform_input(const part *p, int64_t t)
{
    const sg_winograd *w = p->r->w;
    const sg_tensor *input = &p->r->call->input;
    const int64_t y = sg_line_pixel(&p->rows, (p->first + t) / p->tiles->columns);
    const int64_t x = sg_line_pixel(&p->columns, (p->first + t) % p->tiles->columns);
    const int32_t rows = p->row_outputs + 2, columns = p->column_outputs + 2;
    const float *pixels[SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX];
    for (int32_t i = 0; i < rows; i++) {
        const int64_t iy = y + (int64_t)(i - 1) * w->dilation;
        for (int32_t j = 0; j < columns; j++) {
            const int64_t ix = x + (int64_t)(j - 1) * w->dilation;
            const bool exists = iy >= 0 && iy < w->height && ix >= 0 && ix < w->width;
            pixels[i * columns + j] =
                exists ? input->data + (iy * w->width + ix) * input->pixel_stride : p->r->zeros;
        }
    }
    float *to = p->inputs + t * w->channels;
    for (int64_t k0 = 0; k0 < input->channels; k0 += w->depth) {
        const int64_t left = input->channels - k0;
        w->packed->kernels.winograd->input[p->tiles->row_side][p->tiles->column_side](
            pixels, left < w->depth ? left : w->depth, to, p->input_stride);
        for (int32_t i = 0; i < rows * columns; i++)
            pixels[i] += w->depth;
        to += p->depth_stride;
    }
}

/* A^T M A of it, and the epilogue. */
static void transform_output(const part *p, int64_t t)
{
    const sg_winograd *w = p->r->w;
    const sg_tensor *to = &p->r->call->output, *residual = p->r->call->residual;
    const int64_t y = sg_line_pixel(&p->rows, (p->first + t) / p->tiles->columns);
    const int64_t x = sg_line_pixel(&p->columns, (p->first + t) % p->tiles->columns);
    sg_winograd_output output = {.points = p->products + t * w->outputs,
                                 .stride = p->product_stride,
                                 .has_residual = residual != NULL,
                                 .relu = p->r->shape->relu,
                                 .bias = p->r->bias,
                                 .channels = to->channels};
    for (int32_t i = 0; i < p->row_outputs * p->column_outputs; i++) {
        const int64_t oy = y + (int64_t)(i / p->column_outputs) * w->dilation;
        const int64_t ox = x + (int64_t)(i % p->column_outputs) * w->dilation;
        if (oy >= w->height || ox >= w->width)
            continue;
        const int64_t pixel = oy * w->width + ox;
        output.pixels[i] = to->data + pixel * to->pixel_stride;
        if (residual)
            output.residuals[i] = residual->data + pixel * residual->pixel_stride;
    }
    w->packed->kernels.winograd->output[p->tiles->row_side][p->tiles->column_side](&output);
}

/* ==== Products ==== */

/* Some tiles of a part at one pair of points. */
typedef struct item {
    const part *p;
    int32_t row, column; /* the points */
    int64_t first, count;
} item;

static const float *item_weights(const item *i)
{
    const sg_winograd *w = i->p->r->w;
    return i->p->r->weights +
           ((int64_t)i->row * w->column_points + i->column) * sg_matrix_floats(w->packed);
}

static int64_t item_point(const item *i)
{
    return (int64_t)i->row * (i->p->column_outputs + 2) + i->column;
}

static float *item_products(const item *i)
{
    return i->p->products + item_point(i) * i->p->product_stride + i->first * i->p->r->w->outputs;
}

/* Its tiles' channels in one block of channels. */
static const float *item_inputs(const item *i, int64_t depth_block)
{
    return i->p->inputs + depth_block * i->p->depth_stride + item_point(i) * i->p->input_stride +
           i->first * i->p->r->w->channels;
}

/* The tiles' inputs times the weights. Meanwhile the caches fetch what the next item begins
 * with. */
static void multiply(const item *here, const item *next)
{
    const sg_winograd *w = here->p->r->w;
    const sg_packed *packed = w->packed;
    const int64_t width = packed->kernels.panel;
    const int64_t bytes = here->count * w->channels * (int64_t)sizeof(float);
    const float *matrix = item_weights(here);
    float *products = item_products(here);
    for (int64_t d = 0; d < w->depth_blocks; d++) {
        const bool last_depth = d + 1 == w->depth_blocks;
        const int64_t k0 = d * w->depth;
        const char *ahead =
            (const char *)(last_depth ? item_inputs(next, 0) : item_inputs(here, d + 1));
        sg_product product = {.rows = here->count,
                              .depth = last_depth ? packed->depth - k0 : w->depth,
                              .columns = packed->kernels.panel,
                              .a = item_inputs(here, d),
                              .a_stride = w->channels,
                              .c_stride = w->outputs,
                              .accumulate = d > 0};
        for (int64_t panel = 0; panel < packed->panels; panel++) {
            const bool last = panel + 1 == packed->panels;
            product.b = matrix + (panel * packed->depth + k0) * width;
            product.c = products + panel * width;
            product.next = !last         ? product.b + packed->depth * width
                           : !last_depth ? matrix + (k0 + w->depth) * width
                                         : item_weights(next);
            product.next_c = !last         ? product.c + width
                             : !last_depth ? products
                                           : item_products(next);
            product.ahead = ahead + panel * bytes / packed->panels / LINE * LINE;
            product.until = ahead + (panel + 1) * bytes / packed->panels;
            packed->kernels.product(&product);
        }
    }
}

/* ==== Blocks of a thread's own ==== */

static void multiply_part(const part *p)
{
    const int32_t columns = p->column_outputs + 2;
    item here = {p, 0, 0, 0, p->count};
    for (int64_t point = 0; point < sg_tile_points(p->tiles); point++) {
        const bool last = point + 1 == sg_tile_points(p->tiles);
        item next = here;
        next.row = last ? here.row : (int32_t)((point + 1) / columns);
        next.column = last ? here.column : (int32_t)((point + 1) % columns);
        multiply(&here, &next);
        here = next;
    }
}

static void run_own_blocks(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_winograd *w = r->w;
    for (int64_t index = begin; index < end; index++) {
        const sg_winograd_tiles *tiles = w->tiles;
        while (index >= tiles->first_block + tiles->blocks)
            tiles++;
        const int64_t first = (index - tiles->first_block) * tiles->block;
        const int64_t left = tiles->rows * tiles->columns - first;
        const int64_t slot = w->slots == w->blocks ? index : thread;
        const part p = part_of(r, tiles, first, left < tiles->block ? left : tiles->block,
                               r->slots + slot * w->workspaces);
        for (int64_t t = 0; t < p.count; t++)
            transform_input(&p, t);
        multiply_part(&p);
        for (int64_t t = 0; t < p.count; t++)
            transform_output(&p, t);
    }
}

/* ==== Blocks that all threads share ==== */

typedef struct shared_block {
    const run *r;
    part parts[SG_WINOGRAD_KINDS_MAX];
    int32_t count;
    int64_t tiles;
} shared_block;

/* Calls a transform for tiles begin to end of the block. */
static void transform_tiles(const shared_block *b, int64_t begin, int64_t end,
                            void (*transform)(const part *p, int64_t t))
{
    for (int32_t i = 0; i < b->count && begin < end; i++) {
        const part *p = &b->parts[i];
        for (int64_t t = begin; t < end && t < p->count; t++)
            transform(p, t);
        begin = begin > p->count ? begin - p->count : 0;
        end -= p->count;
    }
}

static void transform_inputs(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)thread;
    transform_tiles(argument, begin, end, transform_input);
}

static void transform_outputs(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)thread;
    transform_tiles(argument, begin, end, transform_output);
}

static bool has_point(const part *p, int32_t row, int32_t column)
{
    return row < p->row_outputs + 2 && column < p->column_outputs + 2;
}

static int64_t chunks_of(const part *p)
{
    return (p->count - 1) / CHUNK_TILES + 1;
}

/* The index-th item of the block, ordered by points first, so that what the threads read at the
 * same time is the same weights; false: there are fewer. */
static bool find_item(const shared_block *b, int64_t index, item *found)
{
    const sg_winograd *w = b->r->w;
    for (int32_t row = 0; row < w->row_points; row++) {
        for (int32_t column = 0; column < w->column_points; column++) {
            for (int32_t i = 0; i < b->count; i++) {
                const part *p = &b->parts[i];
                const int64_t chunks = has_point(p, row, column) ? chunks_of(p) : 0;
                if (index >= chunks) {
                    index -= chunks;
                    continue;
                }
                const int64_t units = (p->count - 1) / CHUNK_UNIT + 1;
                const int64_t first = index * units / chunks * CHUNK_UNIT;
                const int64_t end = (index + 1) * units / chunks * CHUNK_UNIT;
                *found = (item){p, row, column, first, (end < p->count ? end : p->count) - first};
                return true;
            }
        }
    }
    return false;
}

static int64_t count_items(const shared_block *b)
{
    int64_t items = 0;
    for (int32_t i = 0; i < b->count; i++)
        items += chunks_of(&b->parts[i]) * sg_tile_points(b->parts[i].tiles);
    return items;
}

static void multiply_items(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const shared_block *b = argument;
    (void)thread;
    for (int64_t index = begin; index < end; index++) {
        item here, next;
        if (!find_item(b, index, &here))
            return;
        if (!find_item(b, index + b->r->w->threads, &next))
            next = here;
        multiply(&here, &next);
    }
}

static void run_shared_blocks(segent_context *context, const run *r)
{
    sg_winograd_cursor cursor = {0};
    sg_winograd_part places[SG_WINOGRAD_KINDS_MAX];
    shared_block b = {.r = r};
    while ((b.count = sg_winograd_next_block(r->w, &cursor, places)) > 0) {
        b.tiles = 0;
        for (int32_t i = 0; i < b.count; i++) {
            b.parts[i] = part_of(r, &r->w->tiles[places[i].kind], places[i].first, places[i].count,
                                 r->slots + places[i].inputs);
            b.tiles += places[i].count;
        }
        sg_parallel_for(context->pool, b.tiles, TILES_GRAIN, transform_inputs, &b);
        sg_parallel_for(context->pool, count_items(&b), 1, multiply_items, &b);
        sg_parallel_for(context->pool, b.tiles, TILES_GRAIN, transform_outputs, &b);
    }
}

/* ==== The door ==== */

void sg_winograd_run(segent_context *context, const sg_winograd *w,
                     const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    /* Of any of the kinds of tiles: the mixed ones share the longest sides' rows. */
    static const sg_winograd_side longest[SG_WINOGRAD_FAMILIES] = {SG_SIDE_2, SG_SIDE_4,
                                                                   SG_SIDE_MIXED_5};
    float *zeros = call->workspace;
    float *weights = zeros + w->depth_blocks * w->channels;
    run r = {.w = w,
             .shape = shape,
             .call = call,
             .bias = call->bias ? call->bias : w->packed->shift,
             .zeros = zeros,
             .weights = w->packed->transformed ? w->packed->transformed : weights,
             .slots = weights + sg_with_gap(w->weights)};
    memset(zeros, 0, (size_t)(w->depth_blocks * w->channels) * sizeof(float));
    if (!w->packed->transformed)
        transform_all_weights(context, w->packed, longest[w->family], w->row_points,
                              w->column_points, weights);
    if (w->shared)
        run_shared_blocks(context, &r);
    else
        sg_parallel_for(context->pool, w->blocks, 1, run_own_blocks, &r);
}
