/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Workspace, in floats:
 *
 *     T2 | T1 | T3 | -T4, each [panel of a half of the outputs][a half of the inputs][width],
 *     and of each thread  S1 | S2 | S3 | S4 | P1 + P6 | P1 + P6 + P7 | P1 + P6 + P5
 *
 * the latter with a row for each pair of pixels, a little longer than its numbers, so that rows do
 * not all fall into the same sets of a cache. */

#include "strassen.h"

#include <string.h>

enum {
    LEAST_CHANNELS = 256, /* of inputs and outputs: below, the sums cost more than they save */
    UNIT = 32,  /* channels are a multiple of it, and halves of what the sums' kernel needs */
    PAIRS = 36, /* of a chunk, at most: their sums stay in the second cache */
    GAP = 16,
    WEIGHTS_GRAIN = 64 /* rows of a panel whose sums are made together */
};

/* The order of the products, each with its right side. */
enum { OF_B11, OF_B21, OF_T2, OF_T1, OF_T3, OF_MINUS_T4, OF_B22, PRODUCTS };

bool sg_strassen_suits(const sg_packed *packed, const sg_convolution_shape *shape)
{
    return packed->kernels.fast && packed->summable && shape->kernel == 1 && shape->stride == 1 &&
           shape->padding == 0 && shape->inputs >= LEAST_CHANNELS &&
           shape->outputs >= LEAST_CHANNELS && shape->inputs % UNIT == 0 &&
           shape->outputs % (2 * packed->kernels.panel) == 0 && shape->outputs % UNIT == 0;
}

/* ==== A run ==== */

/* The right side of a product: a half of the inputs of a half of the outputs. */
typedef struct right {
    const float *first;   /* panel */
    int64_t panel_stride; /* from one to the next */
} right;

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_packed *packed;
    right rights[PRODUCTS];
    const sg_convolution_call *call;
    const float *bias;
    bool in_place; /* the residual lies in the output */
    bool relu;
    int64_t inputs, outputs; /* of a half */
    int64_t pairs;           /* of a chunk, at most */
} run;

static int64_t row_of_sums(const sg_packed *packed)
{
    return packed->depth / 2 + GAP;
}

static int64_t row_of_products(const sg_packed *packed)
{
    return packed->panels / 2 * packed->kernels.panel + GAP;
}

/* A whole number of the kernel's tiles. */
static int64_t chunk_pairs(const sg_packed *packed)
{
    return PAIRS / packed->kernels.tile * packed->kernels.tile;
}

static int64_t slot_floats(const sg_packed *packed)
{
    return chunk_pairs(packed) * (4 * row_of_sums(packed) + 3 * row_of_products(packed));
}

/* Of the four sums of weights. */
static int64_t weights_floats(const sg_packed *packed)
{
    return packed->panels * packed->depth * packed->kernels.panel;
}

int64_t sg_strassen_workspace(const sg_packed *packed, int32_t threads)
{
    return weights_floats(packed) + threads * slot_floats(packed);
}

/* ---- weights ---- */

static void set_rights(run *r)
{
    const sg_packed *packed = r->packed;
    const int64_t count = packed->depth / 2 * packed->kernels.panel; /* floats of half a panel */
    const int64_t half = packed->panels * count;                     /* of half the outputs */
    const float *low = packed->weights, *high = low + half, *sums = r->call->workspace;
    r->rights[OF_B11] = (right){low, 2 * count};
    r->rights[OF_B21] = (right){low + count, 2 * count};
    r->rights[OF_B22] = (right){high + count, 2 * count};
    r->rights[OF_T2] = (right){sums, count};
    r->rights[OF_T1] = (right){sums + half / 2, count};
    r->rights[OF_T3] = (right){sums + half, count};
    r->rights[OF_MINUS_T4] = (right){sums + half / 2 * 3, count};
}

/* Sums of rows begin to end, counted through all panels of a half of the outputs. */
static void sum_weights(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_packed *packed = r->packed;
    const int64_t width = packed->kernels.panel, depth = packed->depth / 2;
    const int64_t half = packed->panels * depth * width; /* floats of half the outputs */
    float *sums = r->call->workspace;
    (void)thread;
    for (int64_t row = begin, rows; row < end; row += rows) {
        const int64_t panel = row / depth, k = row % depth;
        const float *b11 = packed->weights + (2 * panel * depth + k) * width;
        const float *b21 = b11 + depth * width;
        rows = depth - k < end - row ? depth - k : end - row;
        sg_strassen_weights w = {
            .b11 = b11, .b12 = b11 + half, .b21 = b21, .b22 = b21 + half, .count = rows * width};
        for (int32_t i = 0; i < 4; i++)
            w.sums[i] = sums + i * half / 2 + row * width;
        packed->kernels.strassen->weights(&w);
    }
}

/* ---- pixels ---- */

/* Pairs of pixels that go through all products together. */
typedef struct chunk {
    const run *r;
    int64_t first, evens, odds; /* first pixel; even and odd ones */
    float *sums[4];
    float *u2, *u3, *u4; /* P1 + P6, P1 + P6 + P7, P1 + P6 + P5 */
    const char *ahead;   /* memory that is wanted next, and its */
    int64_t ahead_bytes; /* share of a product's panel */
} chunk;

static chunk chunk_of(const run *r, int64_t first, int64_t pixels, int32_t thread)
{
    const sg_packed *packed = r->packed;
    const sg_tensor *input = &r->call->input;
    float *at = r->call->workspace + weights_floats(packed) + thread * slot_floats(packed);
    chunk c = {.r = r, .first = first, .evens = (pixels + 1) / 2, .odds = pixels / 2};
    for (int32_t i = 0; i < 4; i++, at += r->pairs * row_of_sums(packed))
        c.sums[i] = at;
    c.u2 = at;
    c.u3 = c.u2 + r->pairs * row_of_products(packed);
    c.u4 = c.u3 + r->pairs * row_of_products(packed);
    const int64_t later = first + 2 * r->pairs; /* what this thread will most likely do next */
    const int64_t left = sg_tensor_pixels(input) - later;
    const int64_t rows = left < 0 ? 0 : left < 2 * r->pairs ? left : 2 * r->pairs;
    const int64_t steps = PRODUCTS * (packed->panels / 2);
    c.ahead = (const char *)(input->data + (rows ? later : first) * input->pixel_stride);
    c.ahead_bytes = rows * input->pixel_stride * (int64_t)sizeof(float) / steps;
    return c;
}

/* One of the seven: A times its right side, and the terms of `to`, for all panels of a half of the
 * outputs. */
static void multiply(chunk *q, int32_t which, const float *a, int64_t a_stride, sg_product to)
{
    const sg_packed *packed = q->r->packed;
    const int64_t width = packed->kernels.panel, panels = packed->panels / 2;
    const right b = q->r->rights[which];
    const float *then = which + 1 < PRODUCTS ? q->r->rights[which + 1].first : NULL;
    sg_product p = to;
    p.depth = packed->depth / 2;
    p.columns = packed->kernels.panel;
    p.a = a;
    p.a_stride = a_stride;
    for (int64_t panel = 0; panel < panels; panel++) {
        const int64_t column = panel * width;
        p.b = b.first + panel * b.panel_stride;
        p.next = panel + 1 < panels ? p.b + b.panel_stride : then;
        p.c = to.c + column;
        p.next_c = panel + 1 < panels ? p.c + width : NULL;
        p.bias = to.bias ? to.bias + column : NULL;
        p.residual = to.residual ? to.residual + column : NULL;
        p.also = to.also ? to.also + column : NULL;
        p.also_term = to.also ? to.also_term + column : NULL;
        p.ahead = q->ahead;
        p.until = q->ahead += q->ahead_bytes;
        packed->kernels.product(&p);
    }
}

/* A product that is kept, plus what may have been there, plus `add`. */
static sg_product kept(const chunk *q, float *c, bool accumulate, const float *add)
{
    const int64_t row = row_of_products(q->r->packed);
    return (sg_product){.rows = q->evens,
                        .c = c,
                        .c_stride = row,
                        .accumulate = accumulate,
                        .residual = add,
                        .residual_stride = row};
}

/* A product that ends a quarter of C: of the even or odd pixels, of a half of the outputs. */
static sg_product ended(const chunk *q, bool odd, int64_t half, const float *add)
{
    const run *r = q->r;
    const sg_tensor *output = &r->call->output;
    return (sg_product){.rows = odd ? q->odds : q->evens,
                        .c = output->data + (q->first + odd) * output->pixel_stride +
                             half * r->outputs,
                        .c_stride = 2 * output->pixel_stride,
                        .accumulate = r->in_place,
                        .bias = r->bias + half * r->outputs,
                        .residual = add,
                        .residual_stride = row_of_products(r->packed),
                        .relu = r->relu};
}

static void make_sums(const chunk *q)
{
    const run *r = q->r;
    const sg_tensor *input = &r->call->input;
    const int64_t row = row_of_sums(r->packed);
    for (int64_t i = 0; i < q->evens; i++) {
        const float *even = input->data + (q->first + 2 * i) * input->pixel_stride;
        r->packed->kernels.strassen->sums(
            &(sg_strassen_pair){.even = even,
                                .odd = i < q->odds ? even + input->pixel_stride : NULL,
                                .half = r->inputs,
                                .sums = {q->sums[0] + i * row, q->sums[1] + i * row,
                                         q->sums[2] + i * row, q->sums[3] + i * row},
                                .next = 2 * input->pixel_stride});
    }
}

static void run_pairs(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_tensor *input = &r->call->input;
    const int64_t left = sg_tensor_pixels(input) - 2 * begin;
    const int64_t pixels = left < 2 * (end - begin) ? left : 2 * (end - begin);
    chunk q = chunk_of(r, 2 * begin, pixels, thread);
    const int64_t row = row_of_sums(r->packed), stride = 2 * input->pixel_stride;
    const float *even = input->data + q.first * input->pixel_stride;
    const float *odd = even + input->pixel_stride;
    make_sums(&q);
    multiply(&q, OF_B11, even, stride, kept(&q, q.u2, false, NULL));
    multiply(&q, OF_B21, even + r->inputs, stride, ended(&q, false, 0, q.u2));
    multiply(&q, OF_T2, q.sums[1], row, kept(&q, q.u2, true, NULL));
    multiply(&q, OF_T1, q.sums[0], row, kept(&q, q.u4, false, q.u2));
    if (q.odds) {
        sg_product last = ended(&q, true, 1, q.u4);
        last.also = q.u3;
        last.also_term = q.u2;
        last.also_stride = row_of_products(r->packed);
        multiply(&q, OF_T3, q.sums[2], row, last);
        multiply(&q, OF_MINUS_T4, odd + r->inputs, stride, ended(&q, true, 0, q.u3));
    }
    multiply(&q, OF_B22, q.sums[3], row, ended(&q, false, 1, q.u4));
}

/* A residual of its own goes to the output first. */
static void copy_residual(const sg_convolution_call *call)
{
    for (int64_t i = 0; i < sg_tensor_pixels(&call->output); i++)
        memcpy(call->output.data + i * call->output.pixel_stride,
               call->residual->data + i * call->residual->pixel_stride,
               (size_t)call->output.channels * sizeof(float));
}

void sg_strassen_run(segent_context *context, const sg_packed *packed,
                     const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    const int64_t pairs = (sg_tensor_pixels(&call->output) + 1) / 2;
    run r = {.packed = packed,
             .call = call,
             .bias = call->bias ? call->bias : packed->shift,
             .in_place = call->residual != NULL,
             .relu = shape->relu,
             .inputs = packed->depth / 2,
             .outputs = packed->panels / 2 * packed->kernels.panel};
    if (call->residual && call->residual->data != call->output.data)
        copy_residual(call);
    set_rights(&r);
    sg_parallel_for(context->pool, packed->panels / 2 * (packed->depth / 2), WEIGHTS_GRAIN,
                    sum_weights, &r);
    r.pairs = sg_packed_grain(pairs, chunk_pairs(packed), packed->kernels.tile,
                              sg_pool_threads(context->pool));
    sg_parallel_for(context->pool, pairs, r.pairs, run_pairs, &r);
}
