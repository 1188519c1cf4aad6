/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Workspace, in floats:
 *
 *     zeros (channels) | weights [point][panel][channel][panel width] | of each slot:
 *         inputs [point][tile][channel] | products [point][tile][output]
 *
 * with rows of tiles 16 floats longer than their channels, so that they do not all fall into the
 * same sets of a cache. */

#include "winograd.h"

#include <string.h>

enum {
    KERNEL = 3,
    GAP = 16,
    LINE = 64, /* bytes of a cache line */
    BLOCK_TILES = 48,
    WEIGHTS_GRAIN = 2048,
    MIXED_LENGTH = 10 /* of sub-grids, at most: on longer ones tiles of 4 waste little */
};

/* Cost of transforms at one point, in multiply-accumulates: of a tile's channel, of a weight. */
enum { TILE_WORK = 6, WEIGHT_WORK = 10 };

bool sg_winograd_suits(const sg_packed *packed, const sg_convolution_shape *shape)
{
    return packed->kernels.fast && shape->kernel == KERNEL && shape->stride == 1 &&
           shape->padding == shape->dilation && !packed->gathered;
}

bool sg_winograd_fits(const sg_convolution_shape *shape, int32_t height, int32_t width,
                      sg_winograd_family family)
{
    const int32_t longest = height > width ? height : width;
    return family != SG_WINOGRAD_MIXED || (longest - 1) / shape->dilation + 1 <= MIXED_LENGTH;
}

const char *sg_winograd_name(sg_winograd_family family)
{
    static const char *const names[SG_WINOGRAD_FAMILIES] = {"F(2x2,3x3)", "F(4x4,3x3)",
                                                            "F(mixed,3x3)"};
    return names[family];
}

/* Tiles of each side along a sub-grid of `length` pixels; of mixed ones as few as will do, alike.
 */
static void split_length(sg_winograd_family family, int64_t length,
                         int64_t counts[SG_WINOGRAD_SIDES])
{
    memset(counts, 0, SG_WINOGRAD_SIDES * sizeof(*counts));
    if (family == SG_WINOGRAD_2)
        counts[SG_SIDE_2] = (length + 1) / 2;
    else if (family == SG_WINOGRAD_4)
        counts[SG_SIDE_4] = (length + 3) / 4;
    else if (length > 0) {
        const int64_t tiles = (length - 1) / 5 + 1;
        const int64_t shorter = length / tiles;
        const int64_t longer = length % tiles;
        /* A single pixel is half of a tile of 2. */
        counts[SG_SIDE_MIXED_2 + (shorter < 2 ? 0 : shorter - 2)] = tiles - longer;
        if (longer)
            counts[SG_SIDE_MIXED_2 + shorter + 1 - 2] = longer;
    }
}

/* The tiles of one side along all sub-grids of a side of the map: the first n % d of those are one
 * pixel longer than the others. */
typedef struct line {
    int64_t dilation, longer; /* sub-grids; of those, the longer ones */
    int64_t longer_tiles,
        longer_first; /* on each of the longer: tiles; first pixel, counted on it */
    int64_t shorter_tiles, shorter_first;
    int64_t outputs; /* of a tile */
} line;

static line line_of(sg_winograd_family family, sg_winograd_side side, int64_t size,
                    int64_t dilation)
{
    int64_t longer[SG_WINOGRAD_SIDES], shorter[SG_WINOGRAD_SIDES];
    split_length(family, size / dilation + 1, longer);
    split_length(family, size / dilation, shorter);
    line l = {.dilation = dilation,
              .longer = size % dilation,
              .longer_tiles = longer[side],
              .shorter_tiles = shorter[side],
              .outputs = sg_winograd_side_outputs(side)};
    for (int32_t larger = side + 1; larger < SG_WINOGRAD_SIDES; larger++) {
        l.longer_first += longer[larger] * sg_winograd_side_outputs(larger);
        l.shorter_first += shorter[larger] * sg_winograd_side_outputs(larger);
    }
    return l;
}

static int64_t line_tiles(const line *l)
{
    return l->longer * l->longer_tiles + (l->dilation - l->longer) * l->shorter_tiles;
}

/* First output of the i-th tile. */
static int64_t line_pixel(const line *l, int64_t i)
{
    const int64_t on_longer = l->longer * l->longer_tiles;
    if (i < on_longer)
        return i / l->longer_tiles +
               l->dilation * (l->longer_first + i % l->longer_tiles * l->outputs);
    i -= on_longer;
    return l->longer + i / l->shorter_tiles +
           l->dilation * (l->shorter_first + i % l->shorter_tiles * l->outputs);
}

static int64_t tile_points(const sg_winograd_tiles *tiles)
{
    return (int64_t)(sg_winograd_side_outputs(tiles->row_side) + 2) *
           (sg_winograd_side_outputs(tiles->column_side) + 2);
}

static void add_tiles(sg_winograd *w, sg_winograd_side row_side, sg_winograd_side column_side)
{
    const line rows = line_of(w->family, row_side, w->height, w->dilation);
    const line columns = line_of(w->family, column_side, w->width, w->dilation);
    sg_winograd_tiles tiles = {.row_side = row_side,
                               .column_side = column_side,
                               .rows = line_tiles(&rows),
                               .columns = line_tiles(&columns),
                               .first_block = w->blocks};
    const int64_t count = tiles.rows * tiles.columns;
    if (count == 0)
        return;
    /* Blocks alike, and if they are the only ones, as many a thread. */
    const int64_t unit = w->family == SG_WINOGRAD_MIXED ? 1 : w->threads;
    const int64_t blocks = ((count - 1) / BLOCK_TILES / unit + 1) * unit;
    tiles.block = (count - 1) / blocks + 1;
    tiles.blocks = (count - 1) / tiles.block + 1;
    w->tiles[w->kinds++] = tiles;
    w->blocks += tiles.blocks;
    const int64_t floats = tile_points(&tiles) * tiles.block * (w->channels + w->outputs);
    if (floats > w->workspaces)
        w->workspaces = floats;
    const int32_t row_points = sg_winograd_side_outputs(row_side) + 2;
    const int32_t column_points = sg_winograd_side_outputs(column_side) + 2;
    w->row_points = row_points > w->row_points ? row_points : w->row_points;
    w->column_points = column_points > w->column_points ? column_points : w->column_points;
}

static int64_t matrix_floats(const sg_packed *packed)
{
    return packed->panels * packed->depth * packed->kernels.panel;
}

sg_winograd sg_winograd_plan(const sg_packed *packed, const sg_convolution_shape *shape,
                             int32_t height, int32_t width, sg_winograd_family family,
                             int32_t threads)
{
    sg_winograd w = {.packed = packed,
                     .family = family,
                     .height = height,
                     .width = width,
                     .dilation = shape->dilation,
                     .threads = threads,
                     .channels = (packed->depth + GAP - 1) / GAP * GAP + GAP,
                     .outputs =
                         (packed->panels * packed->kernels.panel + GAP - 1) / GAP * GAP + GAP};
    if (family == SG_WINOGRAD_2)
        add_tiles(&w, SG_SIDE_2, SG_SIDE_2);
    else if (family == SG_WINOGRAD_4)
        add_tiles(&w, SG_SIDE_4, SG_SIDE_4);
    else {
        /* The longest work first, so that threads end together. */
        for (int32_t row = SG_SIDE_MIXED_5; row >= SG_SIDE_MIXED_2; row--) {
            for (int32_t column = SG_SIDE_MIXED_5; column >= SG_SIDE_MIXED_2; column--)
                add_tiles(&w, row, column);
        }
    }
    w.slots = w.blocks < threads ? w.blocks : threads;
    w.weights = (int64_t)w.row_points * w.column_points * matrix_floats(packed);
    return w;
}

double sg_winograd_work(const sg_winograd *w)
{
    const double inputs = (double)w->packed->depth;
    const double outputs = (double)(w->packed->panels * w->packed->kernels.panel);
    double points = 0;
    for (int32_t i = 0; i < w->kinds; i++)
        points += (double)(w->tiles[i].rows * w->tiles[i].columns * tile_points(&w->tiles[i]));
    return points * (inputs * outputs + TILE_WORK * (inputs + outputs)) +
           WEIGHT_WORK * (double)w->weights;
}

int64_t sg_winograd_workspace(const sg_winograd *w)
{
    return w->channels + (w->weights + GAP - 1) / GAP * GAP + w->slots * w->workspaces;
}

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_winograd *w;
    const sg_convolution_shape *shape;
    const sg_convolution_call *call;
    const float *bias;
    float *zeros, *weights, *slots;
    double rows[SG_WINOGRAD_POINTS_MAX][3], columns[SG_WINOGRAD_POINTS_MAX][3];
} run;

static void transform_weights(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_winograd *w = r->w;
    const int64_t matrix = matrix_floats(w->packed);
    (void)thread;
    w->packed->kernels.winograd->weights(
        &(sg_winograd_weights){.taps = w->packed->weights + begin,
                               .tap_stride = matrix,
                               .count = end - begin,
                               .rows = (const double(*)[3])r->rows,
                               .columns = (const double(*)[3])r->columns,
                               .row_points = w->row_points,
                               .column_points = w->column_points,
                               .points = r->weights + begin,
                               .stride = matrix});
}

/* One block's tiles and where its numbers lie. */
typedef struct block {
    const run *r;
    const sg_winograd_tiles *tiles;
    line rows, columns;
    int64_t first, count;
    int32_t row_outputs, column_outputs; /* of a tile */
    float *inputs, *products;
    int64_t input_stride, product_stride; /* from point to point */
} block;

static block block_of(const run *r, int64_t index, int32_t thread)
{
    const sg_winograd *w = r->w;
    const sg_winograd_tiles *tiles = w->tiles;
    while (index >= tiles->first_block + tiles->blocks)
        tiles++;
    const int64_t first = (index - tiles->first_block) * tiles->block;
    const int64_t left = tiles->rows * tiles->columns - first;
    const int64_t slot = w->slots == w->blocks ? index : thread;
    block b = {.r = r,
               .tiles = tiles,
               .rows = line_of(w->family, tiles->row_side, w->height, w->dilation),
               .columns = line_of(w->family, tiles->column_side, w->width, w->dilation),
               .first = first,
               .count = left < tiles->block ? left : tiles->block,
               .row_outputs = sg_winograd_side_outputs(tiles->row_side),
               .column_outputs = sg_winograd_side_outputs(tiles->column_side),
               .inputs = r->slots + slot * w->workspaces,
               .input_stride = tiles->block * w->channels,
               .product_stride = tiles->block * w->outputs};
    b.products = b.inputs + tile_points(tiles) * b.input_stride;
    return b;
}

/* B^T d B of tile t of the block, whose first output is pixel (y, x). */
static void transform_input(const block *b, int64_t t, int64_t y, int64_t x)
{
    const sg_winograd *w = b->r->w;
    const sg_tensor *input = &b->r->call->input;
    const int32_t columns = b->column_outputs + 2;
    const float *pixels[SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX];
    for (int32_t i = 0; i < b->row_outputs + 2; i++) {
        const int64_t iy = y + (int64_t)(i - 1) * w->dilation;
        for (int32_t j = 0; j < columns; j++) {
            const int64_t ix = x + (int64_t)(j - 1) * w->dilation;
            const bool exists = iy >= 0 && iy < w->height && ix >= 0 && ix < w->width;
            pixels[i * columns + j] =
                exists ? input->data + (iy * w->width + ix) * input->pixel_stride : b->r->zeros;
        }
    }
    w->packed->kernels.winograd->input[b->tiles->row_side][b->tiles->column_side](
        pixels, input->channels, b->inputs + t * w->channels, b->input_stride);
}

/* A^T M A of it, and the epilogue. */
static void transform_output(const block *b, int64_t t, int64_t y, int64_t x)
{
    const sg_winograd *w = b->r->w;
    const sg_tensor *to = &b->r->call->output, *residual = b->r->call->residual;
    sg_winograd_output output = {.points = b->products + t * w->outputs,
                                 .stride = b->product_stride,
                                 .has_residual = residual != NULL,
                                 .relu = b->r->shape->relu,
                                 .bias = b->r->bias,
                                 .channels = to->channels};
    for (int32_t i = 0; i < b->row_outputs * b->column_outputs; i++) {
        const int64_t oy = y + (int64_t)(i / b->column_outputs) * w->dilation;
        const int64_t ox = x + (int64_t)(i % b->column_outputs) * w->dilation;
        if (oy >= w->height || ox >= w->width)
            continue;
        const int64_t pixel = oy * w->width + ox;
        output.pixels[i] = to->data + pixel * to->pixel_stride;
        if (residual)
            output.residuals[i] = residual->data + pixel * residual->pixel_stride;
    }
    w->packed->kernels.winograd->output[b->tiles->row_side][b->tiles->column_side](&output);
}

/* One point's matrices. */
typedef struct point_product {
    const float *weights, *inputs;
    float *products;
} point_product;

static point_product point_of(const block *b, int64_t point)
{
    const sg_winograd *w = b->r->w;
    const int64_t row = point / (b->column_outputs + 2);
    const int64_t column = point % (b->column_outputs + 2);
    return (point_product){
        b->r->weights + (row * w->column_points + column) * matrix_floats(w->packed),
        b->inputs + point * b->input_stride, b->products + point * b->product_stride};
}

/* All tiles' inputs times the weights at one point. Meanwhile the caches fetch what the products
 * at the next one begin with. */
static void multiply(const block *b, const point_product *p, const point_product *next)
{
    const sg_winograd *w = b->r->w;
    const sg_packed *packed = w->packed;
    const int64_t width = packed->kernels.panel;
    const int64_t bytes = b->count * w->channels * (int64_t)sizeof(float);
    for (int64_t panel = 0; panel < packed->panels; panel++) {
        const bool last = panel + 1 == packed->panels;
        const float *weights = p->weights + panel * packed->depth * width;
        const char *inputs = (const char *)next->inputs;
        packed->kernels.product(
            &(sg_product){.rows = b->count,
                          .depth = packed->depth,
                          .columns = packed->kernels.panel,
                          .a = p->inputs,
                          .a_stride = w->channels,
                          .b = weights,
                          .c = p->products + panel * width,
                          .c_stride = w->outputs,
                          .next = last ? next->weights : weights + packed->depth * width,
                          .next_c = last ? next->products : p->products + (panel + 1) * width,
                          .ahead = inputs + panel * bytes / packed->panels / LINE * LINE,
                          .until = inputs + (panel + 1) * bytes / packed->panels});
    }
}

static void multiply_points(const block *b)
{
    const int64_t points = tile_points(b->tiles);
    point_product here = point_of(b, 0);
    for (int64_t point = 0; point < points; point++) {
        const point_product next = point + 1 < points ? point_of(b, point + 1) : here;
        multiply(b, &here, &next);
        here = next;
    }
}

static void run_block(const block *b)
{
    for (int64_t t = 0; t < b->count; t++)
        transform_input(b, t, line_pixel(&b->rows, (b->first + t) / b->tiles->columns),
                        line_pixel(&b->columns, (b->first + t) % b->tiles->columns));
    multiply_points(b);
    for (int64_t t = 0; t < b->count; t++)
        transform_output(b, t, line_pixel(&b->rows, (b->first + t) / b->tiles->columns),
                         line_pixel(&b->columns, (b->first + t) % b->tiles->columns));
}

static void run_blocks(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    for (int64_t index = begin; index < end; index++) {
        const block b = block_of(argument, index, thread);
        run_block(&b);
    }
}

void sg_winograd_run(segent_context *context, const sg_winograd *w,
                     const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    /* Of any of the kinds of tiles: the mixed ones share the longest sides' rows. */
    static const sg_winograd_side longest[SG_WINOGRAD_FAMILIES] = {SG_SIDE_2, SG_SIDE_4,
                                                                   SG_SIDE_MIXED_5};
    run r = {.w = w,
             .shape = shape,
             .call = call,
             .bias = call->bias ? call->bias : w->packed->shift,
             .zeros = call->workspace,
             .weights = call->workspace + w->channels};
    r.slots = r.weights + (w->weights + GAP - 1) / GAP * GAP;
    sg_winograd_weight_matrix(longest[w->family], r.rows);
    sg_winograd_weight_matrix(longest[w->family], r.columns);
    memset(r.zeros, 0, (size_t)w->channels * sizeof(float));
    sg_parallel_for(context->pool, matrix_floats(w->packed), WEIGHTS_GRAIN, transform_weights, &r);
    sg_parallel_for(context->pool, w->blocks, 1, run_blocks, &r);
}
