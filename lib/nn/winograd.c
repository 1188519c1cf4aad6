/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Workspace, in floats:
 *
 *     zeros (channels) | weights [point][panel][channel][panel width] | of each thread:
 *         inputs [point][tile][channel] | products [point][tile][output]
 *
 * with rows of tiles 16 floats longer than their channels, so that they do not all fall into the
 * same sets of a cache. */

#include "winograd.h"

#include <string.h>

enum { KERNEL = 3, GAP = 16, BLOCK_TILES = 48, WEIGHTS_GRAIN = 2048 };

/* Cost of transforms at one point, in multiply-accumulates: of a tile's channel, of a weight. */
enum { TILE_WORK = 6, WEIGHT_WORK = 10 };

bool sg_winograd_suits(const sg_packed *packed, const sg_convolution_shape *shape)
{
    return packed->kernels.fast && shape->kernel == KERNEL && shape->stride == 1 &&
           shape->padding == shape->dilation && !packed->gathered;
}

/* Tiles along a side of n pixels: the first n % d sub-grids are one longer than the others. */
static int64_t side_tiles(int64_t n, int64_t d, int64_t m)
{
    return n % d * (n / d / m + 1) + (d - n % d) * ((n / d + m - 1) / m);
}

/* First pixel of the i-th of them. */
static int64_t side_start(int64_t i, int64_t n, int64_t d, int64_t m)
{
    const int64_t tiles = n / d / m + 1, longer = n % d * tiles;
    const int64_t shorter = (n / d + m - 1) / m;
    if (i < longer)
        return i / tiles + d * m * (i % tiles);
    return n % d + (i - longer) / shorter + d * m * ((i - longer) % shorter);
}

sg_winograd sg_winograd_plan(const sg_packed *packed, const sg_convolution_shape *shape,
                             int32_t height, int32_t width, int32_t m, int32_t threads)
{
    sg_winograd w = {.packed = packed,
                     .m = m,
                     .height = height,
                     .width = width,
                     .dilation = shape->dilation,
                     .threads = threads,
                     .rows = side_tiles(height, shape->dilation, m),
                     .columns = side_tiles(width, shape->dilation, m)};
    const int64_t points = (int64_t)(m + 2) * (m + 2);
    const int64_t tiles = w.rows * w.columns;
    /* Blocks alike, and as many a thread. */
    const int64_t blocks = ((tiles - 1) / BLOCK_TILES / threads + 1) * threads;
    w.block = (tiles - 1) / blocks + 1;
    w.channels = (packed->depth + GAP - 1) / GAP * GAP + GAP;
    w.outputs = (packed->panels * packed->kernels.panel + GAP - 1) / GAP * GAP + GAP;
    w.weights = points * packed->panels * packed->depth * packed->kernels.panel;
    w.workspaces = points * w.block * (w.channels + w.outputs);
    return w;
}

double sg_winograd_work(const sg_winograd *w)
{
    const double points = (w->m + 2) * (w->m + 2);
    const double tiles = (double)(w->rows * w->columns);
    const double inputs = (double)w->packed->depth;
    const double outputs = (double)(w->packed->panels * w->packed->kernels.panel);
    return points * (tiles * (inputs * outputs + TILE_WORK * (inputs + outputs)) +
                     WEIGHT_WORK * inputs * outputs);
}

int64_t sg_winograd_workspace(const sg_winograd *w)
{
    return w->channels + (w->weights + GAP - 1) / GAP * GAP + w->threads * w->workspaces;
}

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_winograd *w;
    const sg_convolution_shape *shape;
    const sg_convolution_call *call;
    const float *bias;
    float *zeros, *weights, *threads;
    double g[SG_WINOGRAD_SIDE_MAX][3];
} run;

static void transform_weights(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_packed *packed = r->w->packed;
    const int64_t matrix = packed->panels * packed->depth * packed->kernels.panel;
    (void)thread;
    packed->kernels.winograd->weights(packed->weights + begin, matrix, end - begin,
                                      (const double(*)[3])r->g, r->w->m + 2, r->weights + begin,
                                      matrix);
}

/* B^T d B of one tile, whose first output is pixel (y, x). */
static void transform_input(const run *r, int64_t y, int64_t x, float *points)
{
    const sg_winograd *w = r->w;
    const sg_tensor *input = &r->call->input;
    const sg_winograd_kernels *kernels = w->packed->kernels.winograd;
    const int32_t side = w->m + 2;
    const float *pixels[SG_WINOGRAD_POINTS_MAX];
    for (int32_t i = 0; i < side; i++) {
        const int64_t iy = y + (int64_t)(i - 1) * w->dilation;
        for (int32_t j = 0; j < side; j++) {
            const int64_t ix = x + (int64_t)(j - 1) * w->dilation;
            const bool exists = iy >= 0 && iy < w->height && ix >= 0 && ix < w->width;
            pixels[i * side + j] =
                exists ? input->data + (iy * w->width + ix) * input->pixel_stride : r->zeros;
        }
    }
    (w->m == 4 ? kernels->input4 : kernels->input2)(pixels, input->channels, points,
                                                    w->block * w->channels);
}

/* A^T M A of one tile, and the epilogue. */
static void transform_output(const run *r, int64_t y, int64_t x, const float *points)
{
    const sg_winograd *w = r->w;
    const sg_tensor *to = &r->call->output, *residual = r->call->residual;
    const sg_winograd_kernels *kernels = w->packed->kernels.winograd;
    sg_winograd_output output = {.points = points,
                                 .stride = w->block * w->outputs,
                                 .has_residual = residual != NULL,
                                 .relu = r->shape->relu,
                                 .bias = r->bias,
                                 .channels = to->channels};
    for (int32_t i = 0; i < w->m * w->m; i++) {
        const int64_t oy = y + (int64_t)(i / w->m) * w->dilation;
        const int64_t ox = x + (int64_t)(i % w->m) * w->dilation;
        if (oy >= w->height || ox >= w->width)
            continue;
        const int64_t pixel = oy * w->width + ox;
        output.pixels[i] = to->data + pixel * to->pixel_stride;
        if (residual)
            output.residuals[i] = residual->data + pixel * residual->pixel_stride;
    }
    (w->m == 4 ? kernels->output4 : kernels->output2)(&output);
}

/* The products of `tiles` tiles at every point. */
static void multiply(const run *r, int64_t tiles, const float *inputs, float *products)
{
    const sg_winograd *w = r->w;
    const sg_packed *packed = w->packed;
    const int64_t width = packed->kernels.panel;
    const int64_t points = (int64_t)(w->m + 2) * (w->m + 2);
    const float *b = r->weights;
    for (int64_t point = 0; point < points; point++) {
        for (int64_t panel = 0; panel < packed->panels; panel++) {
            const float *following = b + packed->depth * width;
            /* What the caches should fetch meanwhile: the next panel, or the next point's tiles. */
            const bool last = panel + 1 == packed->panels && point + 1 < points;
            const sg_product product = {
                .rows = tiles,
                .depth = packed->depth,
                .columns = packed->kernels.panel,
                .a = inputs + point * w->block * w->channels,
                .a_stride = w->channels,
                .b = b,
                .c = products + point * w->block * w->outputs + panel * width,
                .c_stride = w->outputs,
                .next = last ? inputs + (point + 1) * w->block * w->channels : following};
            packed->kernels.product(&product);
            b = following;
        }
    }
}

/* Tiles begin to end, at most a block. */
static void run_block(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_winograd *w = r->w;
    const int64_t points = (int64_t)(w->m + 2) * (w->m + 2);
    float *inputs = r->threads + thread * w->workspaces;
    float *products = inputs + points * w->block * w->channels;
    for (int64_t t = begin; t < end; t++) {
        transform_input(r, side_start(t / w->columns, w->height, w->dilation, w->m),
                        side_start(t % w->columns, w->width, w->dilation, w->m),
                        inputs + (t - begin) * w->channels);
    }
    multiply(r, end - begin, inputs, products);
    for (int64_t t = begin; t < end; t++) {
        transform_output(r, side_start(t / w->columns, w->height, w->dilation, w->m),
                         side_start(t % w->columns, w->width, w->dilation, w->m),
                         products + (t - begin) * w->outputs);
    }
}

void sg_winograd_run(segent_context *context, const sg_winograd *w,
                     const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    const sg_packed *packed = w->packed;
    run r = {.w = w,
             .shape = shape,
             .call = call,
             .bias = call->bias ? call->bias : packed->shift,
             .zeros = call->workspace,
             .weights = call->workspace + w->channels};
    r.threads = r.weights + (w->weights + GAP - 1) / GAP * GAP;
    sg_winograd_weight_matrix(w->m, r.g);
    memset(r.zeros, 0, (size_t)w->channels * sizeof(float));
    sg_parallel_for(context->pool, packed->panels * packed->depth * packed->kernels.panel,
                    WEIGHTS_GRAIN, transform_weights, &r);
    sg_parallel_for(context->pool, w->rows * w->columns, w->block, run_block, &r);
}
