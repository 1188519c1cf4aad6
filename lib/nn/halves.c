/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Direct convolutions as in packed.c. What products leave to the next ones must not be rounded, so
 * where an output is a sum of several products these go to floats in the workspace, of a thread's
 * chunk of pixels, and only the last one leaves halves. */

#include "halves.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "engine.h"
#include "window.h"

enum {
    KERNEL_MOST = 7, /* of larger ones a pair of inputs has more weights than are packed together */
    BLOCK = 128,     /* weights of an output that are packed together, at most */
    LARGEST = 0x7f7f7fff, /* bits of the largest float that is not rounded to infinity */
    PANEL_MOST = 32,
    CONVERT_GRAIN = 64
};

bool sg_halves_weights(const sg_convolution_shape *shape)
{
    return shape->input == SG_BF16 && !shape->precise && shape->groups == 1 && !shape->scaled &&
           shape->inputs % 2 == 0 && shape->kernel <= KERNEL_MOST && sg_packed_has_centre(shape);
}

/* ---- weights ---- */

static bool suits(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    return kernels->halves.fast && sg_halves_weights(shape);
}

static sg_packed packed_of(const sg_product_kernels *kernels, const sg_convolution_shape *shape)
{
    return (sg_packed){.kernels = *kernels,
                       .costs = sg_costs_of(kernels),
                       .type = SG_BF16,
                       .taps = (int64_t)shape->kernel * shape->kernel,
                       .depth = shape->inputs / 2,
                       .panels = (shape->outputs - 1) / kernels->panel + 1};
}

static size_t packed_floats(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    const sg_packed p = packed_of(&kernels->halves, shape);
    size_t count = 0;
    return sg_size_multiply((size_t)(p.taps * p.depth), (size_t)(p.panels * p.kernels.panel),
                            &count)
               ? count
               : 0;
}

typedef struct packing {
    const sg_allocator *allocator;
    const sg_packed *packed;
    const sg_convolution_shape *shape;
    const sg_convolution_weights *from;
    atomic_int largest; /* bits of the largest magnitude */
} packing;

/* `count` of one output's weights from the first-th on, scaled and rounded. Returns the larger of
 * `bits` and those of the largest. */
static int32_t round_weights(const packing *job, int64_t output, int64_t first, int32_t count,
                             sg_bf16 to[BLOCK], int32_t bits)
{
    const int64_t dense = (int64_t)job->shape->kernel * job->shape->kernel * job->shape->inputs;
    const int64_t stride = job->from->output_stride ? job->from->output_stride : dense;
    const double scale = job->from->scale ? job->from->scale[output] : 1.0;
    const char *from =
        (const char *)job->from->values + (output * stride + first) * (int64_t)sizeof(float);
    float raw[BLOCK];
    int32_t magnitudes[BLOCK];
    memcpy(raw, from, (size_t)count * sizeof(float));
    for (int32_t e = 0; e < count; e++)
        raw[e] = (float)((double)raw[e] * scale);
    memcpy(magnitudes, raw, (size_t)count * sizeof(float));
    for (int32_t e = 0; e < count; e++)
        to[e] = sg_bf16_round(raw[e]);
    for (int32_t e = 0; e < count; e++) {
        const int32_t magnitude = magnitudes[e] & INT32_MAX;
        bits = magnitude > bits ? magnitude : bits;
    }
    return bits;
}

/* Pairs of one output: words[i][tap] of `pairs` pairs of inputs, whose weights lie input after
 * input, `taps` of each. */
static void pair_up(const sg_bf16 *halves, int64_t pairs, int64_t taps, uint32_t *words)
{
    for (int64_t i = 0; i < pairs; i++, halves += 2 * taps, words += taps) {
        for (int64_t t = 0; t < taps; t++)
            words[t] = (uint32_t)halves[t] | (uint32_t)halves[taps + t] << 16;
    }
}

/* One panel. Returns the bits of the largest magnitude. */
static int32_t pack_panel(const packing *job, int64_t panel)
{
    const sg_packed *packed = job->packed;
    const int64_t taps = packed->taps, width = packed->kernels.panel;
    const int64_t left = job->shape->outputs - panel * width;
    const int64_t columns = left < width ? left : width;
    const int64_t tap_step = packed->panels * packed->depth * width;
    const int64_t most = BLOCK / (2 * taps); /* pairs together */
    char *base = (char *)packed->weights + panel * packed->depth * width * (int64_t)sizeof(float);
    uint32_t words[PANEL_MOST][BLOCK / 2] = {{0}}, row[PANEL_MOST];
    sg_bf16 halves[BLOCK] = {0};
    int32_t bits = 0;
    for (int64_t first = 0; first < packed->depth; first += most) {
        const int64_t rest = packed->depth - first, pairs = rest < most ? rest : most;
        for (int64_t o = 0; o < columns; o++) {
            bits = round_weights(job, panel * width + o, first * 2 * taps,
                                 (int32_t)(pairs * 2 * taps), halves, bits);
            pair_up(halves, pairs, taps, words[o]);
        }
        for (int64_t i = 0; i < pairs * taps; i++) {
            for (int64_t o = 0; o < width; o++)
                row[o] = words[o][i];
            memcpy(base +
                       (i % taps * tap_step + (first + i / taps) * width) * (int64_t)sizeof(float),
                   row, (size_t)width * sizeof(float));
        }
    }
    return bits;
}

static void pack(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    packing *job = argument;
    const sg_packed *packed = job->packed;
    const int64_t run = packed->depth * packed->kernels.panel;
    (void)thread;
    for (int64_t tap = 0; tap < packed->taps; tap++)
        sg_alloc_populate(job->allocator, packed->weights + (tap * packed->panels + begin) * run,
                          (size_t)((end - begin) * run) * sizeof(float));
    for (int64_t panel = begin; panel < end; panel++) {
        const int32_t bits = pack_panel(job, panel);
        int32_t largest = atomic_load(&job->largest);
        while (bits > largest && !atomic_compare_exchange_weak(&job->largest, &largest, bits)) {
        }
    }
}

static segent_status pack_room(segent_context *context, const sg_convolution_shape *shape,
                               const sg_convolution_weights *weights, const sg_packed *packed)
{
    packing job = {
        .allocator = &context->allocator, .packed = packed, .shape = shape, .from = weights};
    atomic_init(&job.largest, 0);
    for (int64_t o = 0; o < shape->outputs; o++) {
        packed->room.shift[o] = weights->shift ? (float)weights->shift[o] : 0.0f;
        if (!isfinite(packed->room.shift[o]))
            atomic_store(&job.largest, INT32_MAX);
    }
    sg_parallel_for(context->pool, packed->panels, 1, pack, &job);
    return atomic_load(&job.largest) <= LARGEST
               ? SEGENT_OK
               : sg_fail(context, SEGENT_ERROR_MODEL,
                         "weights are not finite once batch norm is folded in");
}

static segent_status pack_convolution(segent_context *context, const sg_convolution_shape *shape,
                                      const sg_convolution_weights *weights,
                                      sg_convolution *convolution)
{
    const size_t count = packed_floats(&context->kernels, shape);
    sg_packed *packed = &convolution->packed;
    *packed = packed_of(&context->kernels.halves, shape);
    if (!sg_room_take(&context->allocator, weights->room, !weights->values, count, shape->outputs,
                      &packed->room))
        return sg_fail_memory(context, "weights", count * sizeof(float));
    packed->weights = packed->room.weights;
    packed->shift = packed->room.shift;
    return weights->values ? pack_room(context, shape, weights, packed) : SEGENT_OK;
}

static void destroy(sg_convolution *convolution)
{
    sg_packed_destroy(&convolution->allocator, &convolution->packed);
}

const sg_form sg_form_halves = {
    .suits = suits, .room = packed_floats, .pack = pack_convolution, .destroy = destroy};

/* ---- a run ---- */

typedef struct run {
    const sg_packed *packed;
    const sg_convolution_shape *shape;
    const sg_convolution_call *call;
    const float *bias;
    const sg_tensor *residual; /* NULL: none, or it lies in the output, which is of floats */
    bool in_place;             /* that */
    sg_window window;          /* its input is not looked at */
    int64_t blocks;            /* of pairs */
    int64_t chunk;             /* pixels of a chunk, at most */
    float *sums;               /* of each thread, (chunk, outputs); NULL: the output has them */
} run;

/* Output pixels of a chunk. */
typedef struct chunk {
    int64_t first; /* pixel */
    int32_t held;  /* by the kernels */
    float *sums;   /* (pixels, outputs), or the output's own place */
    int64_t stride;
} chunk;

/* Rows of A that make some output pixels of a chunk: a block of pairs of one tap. */
typedef struct part {
    const float *a;
    int64_t step, rows, pixel, tap, first;
    bool accumulates, last;
} part;

static chunk chunk_of(const run *r, int64_t first, int32_t thread)
{
    const sg_tensor *output = &r->call->output;
    chunk c = {.first = first, .stride = output->channels};
    if (output->type == SG_F32) {
        c.sums = sg_tensor_f32(output, first);
        c.stride = output->pixel_stride;
    } else if (r->sums) {
        c.sums = r->sums + thread * r->chunk * output->channels;
    }
    return c;
}

static int64_t block_pairs(const run *r, int64_t first)
{
    const int64_t left = r->packed->depth - first, most = r->packed->costs->depth;
    return left < most ? left : most;
}

/* What the last product of a sum adds and leaves. */
static void finish(const run *r, sg_product *product, int64_t pixel, int64_t first)
{
    const sg_tensor *output = &r->call->output;
    product->bias = r->bias + first;
    product->activation = r->shape->activation;
    if (output->type == SG_BF16) {
        product->half = sg_tensor_half(output, pixel) + first;
        product->half_stride = output->pixel_stride;
    }
    if (!r->residual)
        return;
    if (r->residual->type == SG_BF16) {
        product->half_residual = sg_tensor_half(r->residual, pixel) + first;
        product->half_residual_stride = r->residual->pixel_stride;
    } else {
        product->residual = sg_tensor_f32(r->residual, pixel) + first;
        product->residual_stride = r->residual->pixel_stride;
    }
}

/* All panels. `ahead` is memory that will be read behind these products, fetched meanwhile. */
static void multiply(const run *r, chunk *c, const part *p, const float *ahead, int64_t ahead_bytes)
{
    const sg_packed *packed = r->packed;
    const int64_t width = packed->kernels.panel, outputs = r->shape->outputs;
    float *sums = c->sums ? c->sums + (p->pixel - c->first) * c->stride : NULL;
    for (int64_t panel = 0; panel < packed->panels; panel++) {
        const int64_t first = panel * width, left = outputs - first;
        const float *b = packed->weights +
                         ((p->tap * packed->panels + panel) * packed->depth + p->first) * width;
        const char *start = (const char *)ahead;
        sg_product product = {.rows = p->rows,
                              .depth = block_pairs(r, p->first),
                              .columns = (int32_t)(left < width ? left : width),
                              .a = p->a,
                              .a_stride = p->step,
                              .b = b,
                              .c = sums ? sums + first : NULL,
                              .c_stride = c->stride,
                              .accumulate = p->accumulates,
                              .held = &c->held,
                              .next = b + packed->depth * width,
                              .ahead = start + panel * ahead_bytes / packed->panels,
                              .until = start + (panel + 1) * ahead_bytes / packed->panels};
        if (p->last)
            finish(r, &product, p->pixel, first);
        packed->kernels.product(&product);
    }
}

/* Pixels begin to end of a 1x1 convolution of stride 1. */
static void pointwise(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_tensor *input = &r->call->input;
    chunk c = chunk_of(r, begin, thread);
    const int64_t left = sg_tensor_pixels(input) - end;
    const int64_t rows = left < end - begin ? left : end - begin; /* that most likely come next */
    const int64_t bytes = rows * sg_tensor_step(input) * (int64_t)sizeof(float) / r->blocks;
    const float *ahead = sg_tensor_place(input, end);
    part p = {.step = sg_tensor_step(input), .rows = end - begin, .pixel = begin};
    for (int64_t block = 0; block < r->blocks; block++) {
        p.first = block * r->packed->costs->depth;
        p.a = sg_tensor_place(input, begin) + p.first;
        p.accumulates = block > 0 || r->in_place;
        p.last = block + 1 == r->blocks;
        multiply(r, &c, &p, ahead + block * bytes / (int64_t)sizeof(float), bytes);
    }
    sg_product_release(&r->packed->kernels, c.held);
}

/* What tap (ky, kx) adds to output rows begin to end, for a block of pairs. */
static void add_tap(const run *r, chunk *c, int64_t begin, int64_t end, int64_t tap, int64_t first,
                    bool last)
{
    const sg_window *w = &r->window;
    const sg_tensor *input = &r->call->input;
    const int64_t ky = tap / w->kernel, kx = tap % w->kernel;
    const int64_t dy = ky * w->dilation - w->padding, dx = kx * w->dilation - w->padding;
    const sg_range rows = sg_outputs_inside(dy, w->stride, w->height, r->call->output.height);
    const sg_range columns = sg_outputs_inside(dx, w->stride, w->width, w->output_width);
    for (int64_t y = begin > rows.first ? begin : rows.first;
         y < end && y < rows.end && columns.first < columns.end; y++) {
        const int64_t pixel = (y * w->stride + dy) * w->width + columns.first * w->stride + dx;
        const part p = {.a = sg_tensor_place(input, pixel) + first,
                        .step = w->stride * sg_tensor_step(input),
                        .rows = columns.end - columns.first,
                        .pixel = y * w->output_width + columns.first,
                        .tap = tap,
                        .first = first,
                        .accumulates = c->sums != NULL,
                        .last = last};
        multiply(r, c, &p, p.a, 0);
    }
}

/* Output rows begin to end. The tap that sees no padding comes last. */
static void spatial(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_window *w = &r->window;
    chunk c = chunk_of(r, begin * w->output_width, thread);
    const int64_t centre = w->padding / w->dilation * (w->kernel + 1);
    for (int64_t p = 0; c.sums && !r->in_place && p < (end - begin) * w->output_width; p++)
        memset(c.sums + p * c.stride, 0, (size_t)r->shape->outputs * sizeof(float));
    for (int64_t block = 0; block < r->blocks; block++) {
        const int64_t first = block * r->packed->costs->depth;
        for (int64_t tap = 0; tap < r->packed->taps; tap++) {
            if (tap != centre)
                add_tap(r, &c, begin, end, tap, first, false);
        }
        add_tap(r, &c, begin, end, centre, first, block + 1 == r->blocks);
    }
    sg_product_release(&r->packed->kernels, c.held);
}

/* ---- as an engine ---- */

static bool is_pointwise(const sg_convolution_shape *shape)
{
    return shape->kernel == 1 && shape->stride == 1;
}

/* Rows of a chunk of a convolution that is not pointwise. */
static int64_t chunk_rows(const sg_packed *packed, int64_t output_width)
{
    return (packed->costs->spatial_pixels - 1) / output_width + 1;
}

/* Pixels of a chunk, at most. */
static int64_t chunk_pixels(const sg_convolution *convolution, int64_t output_width)
{
    const sg_packed *packed = &convolution->packed;
    return is_pointwise(&convolution->shape) ? packed->costs->pixels
                                             : chunk_rows(packed, output_width) * output_width;
}

/* Whether outputs are sums of several products. */
static bool needs_sums(const sg_convolution *convolution)
{
    const sg_packed *packed = &convolution->packed;
    return convolution->shape.output == SG_BF16 &&
           (packed->taps > 1 || packed->depth > packed->costs->depth);
}

static bool fits(const sg_engine_request *request, sg_convolution_way *way)
{
    way->kernel = request->convolution->packed.kernels.name;
    return true;
}

static double cost(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_convolution *convolution = request->convolution;
    (void)way;
    return sg_packed_work(&convolution->packed, &convolution->shape, request->height,
                          request->width) /
           2;
}

static int64_t room(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_convolution *convolution = request->convolution;
    const int64_t width = sg_convolution_output_size(convolution, request->width);
    (void)way;
    return needs_sums(convolution)
               ? sg_pool_threads(request->context->pool) * chunk_pixels(convolution, width) *
                     convolution->shape.outputs * (int64_t)sizeof(float)
               : 0;
}

static void run_direct(segent_context *context, const sg_convolution *convolution,
                       const sg_convolution_way *way, const sg_convolution_call *call)
{
    const sg_packed *packed = &convolution->packed;
    const sg_tensor *output = &call->output;
    const bool in_place = call->residual && call->residual->data == output->data;
    run r = {.packed = packed,
             .shape = &convolution->shape,
             .call = call,
             .bias = call->bias ? call->bias : packed->shift,
             .in_place = in_place && output->type == SG_F32,
             .window = sg_engine_window(&convolution->shape, &call->input, output->width),
             .blocks = (packed->depth - 1) / packed->costs->depth + 1,
             .chunk = chunk_pixels(convolution, output->width),
             .sums = needs_sums(convolution) ? call->workspace : NULL};
    r.residual = r.in_place ? NULL : call->residual;
    const int64_t tile = packed->kernels.tile;
    (void)way;
    if (is_pointwise(&convolution->shape))
        sg_parallel_grains(context->pool, sg_tensor_pixels(output), tile,
                           packed->costs->pixels / tile, pointwise, &r);
    else
        sg_parallel_grains(context->pool, output->height, 1, chunk_rows(packed, output->width),
                           spatial, &r);
}

const sg_engine sg_engine_direct_halves = {.name = "direct",
                                           .type = SG_BF16,
                                           .cpus = SG_CPU_HALVES,
                                           .form = &sg_form_halves,
                                           .exact = true,
                                           .fits = fits,
                                           .cost = cost,
                                           .room = room,
                                           .run = run_direct};

/* ---- from one type to the other ---- */

typedef struct conversion {
    const sg_tensor *from, *to;
} conversion;

static void convert_pixels(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const conversion *c = argument;
    const int32_t channels = c->from->channels;
    (void)thread;
    for (int64_t pixel = begin; pixel < end; pixel++) {
        if (c->from->type == SG_BF16)
            sg_widen(sg_tensor_half(c->from, pixel), channels, sg_tensor_f32(c->to, pixel));
        else
            sg_round(sg_tensor_f32(c->from, pixel), channels, sg_tensor_half(c->to, pixel));
    }
}

void sg_convert_map(segent_context *context, const sg_tensor *from, const sg_tensor *to)
{
    conversion c = {from, to};
    sg_parallel_for(context->pool, sg_tensor_pixels(from), CONVERT_GRAIN, convert_pixels, &c);
}
