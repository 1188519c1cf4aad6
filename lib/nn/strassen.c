/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Kept weights: [product][panel of a half of the outputs][a half of the inputs][panel width], the
 * products in the order in which they are run. Workspace of a thread, in floats:
 *
 *     S1 | S2 | S3 | S4 | P1 + P6 | P1 + P6 + P7 | P1 + P6 + P5        a row a pair of pixels
 *
 * with rows a little longer than their numbers, so that they do not all fall into the same sets of
 * a cache. */

#include "strassen.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum {
    LEAST_CHANNELS = 256, /* of inputs and outputs: below, the sums cost more than they save */
    UNIT = 32,  /* channels are a multiple of it, and halves of what the sums' kernel needs */
    PAIRS = 36, /* of a chunk, at most: their sums stay in the second cache */
    GAP = 16
};

/* The order of the products, each with its right side. */
enum { B11, B21, T2, T1, T3, MINUS_T4, B22, PRODUCTS };

bool sg_strassen_suits(const sg_packed *packed, const sg_convolution_shape *shape)
{
    return packed->kernels.fast && shape->kernel == 1 && shape->stride == 1 &&
           shape->padding == 0 && shape->inputs >= LEAST_CHANNELS &&
           shape->outputs >= LEAST_CHANNELS && shape->inputs % UNIT == 0 &&
           shape->outputs % (2 * packed->kernels.panel) == 0 && shape->outputs % UNIT == 0;
}

/* ==== Weights ==== */

typedef struct keeping {
    const sg_packed *packed;
    float *to;
    atomic_bool finite;
} keeping;

/* Of a panel's pair, one in each half of the outputs, all seven. */
static bool keep_panel(const keeping *job, int64_t panel)
{
    const sg_packed *packed = job->packed;
    const int64_t count = packed->depth / 2 * packed->kernels.panel; /* floats of half a panel */
    const int64_t panels = packed->panels / 2;
    const float *b11 = packed->weights + panel * 2 * count, *b21 = b11 + count;
    const float *b12 = packed->weights + (panel + panels) * 2 * count, *b22 = b12 + count;
    float *to[PRODUCTS];
    for (int32_t i = 0; i < PRODUCTS; i++)
        to[i] = job->to + (i * panels + panel) * count;
    memcpy(to[B11], b11, (size_t)count * sizeof(float));
    memcpy(to[B21], b21, (size_t)count * sizeof(float));
    memcpy(to[B22], b22, (size_t)count * sizeof(float));
    int finite = 1;
    for (int64_t e = 0; e < count; e++) {
        const double t1 = (double)b12[e] - (double)b11[e], t2 = (double)b22[e] - t1;
        const float sums[4] = {(float)t1, (float)t2, (float)((double)b22[e] - (double)b12[e]),
                               (float)((double)b21[e] - t2)};
        to[T1][e] = sums[0];
        to[T2][e] = sums[1];
        to[T3][e] = sums[2];
        to[MINUS_T4][e] = sums[3];
        for (int32_t i = 0; i < 4; i++)
            finite &= isfinite(sums[i]) != 0;
    }
    return finite != 0;
}

static void keep_panels(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    keeping *job = argument;
    (void)thread;
    for (int64_t panel = begin; panel < end; panel++) {
        if (!keep_panel(job, panel))
            atomic_store(&job->finite, false);
    }
}

segent_status sg_strassen_keep(segent_context *context, sg_packed *packed)
{
    const size_t quarter =
        (size_t)(packed->panels / 2 * (packed->depth / 2) * packed->kernels.panel);
    size_t count = 0;
    keeping job = {.packed = packed};
    if (sg_size_multiply(quarter, PRODUCTS, &count))
        job.to = sg_alloc(&context->allocator, count, sizeof(float));
    if (!job.to)
        return sg_fail_memory(context, "sums of weights", count * sizeof(float));
    atomic_init(&job.finite, true);
    sg_parallel_for(context->pool, packed->panels / 2, 1, keep_panels, &job);
    if (!atomic_load(&job.finite)) {
        sg_free(&context->allocator, job.to);
        return SEGENT_OK;
    }
    packed->strassen = job.to;
    sg_free(&context->allocator, packed->weights);
    packed->weights = NULL;
    return SEGENT_OK;
}

/* ==== A run ==== */

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_packed *packed;
    const sg_convolution_call *call;
    const float *bias;
    bool in_place; /* the residual lies in the output */
    bool relu;
    int32_t threads;
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

int64_t sg_strassen_workspace(const sg_packed *packed, int32_t threads)
{
    return threads * slot_floats(packed);
}

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
    float *at = r->call->workspace + thread * slot_floats(packed);
    chunk c = {.r = r, .first = first, .evens = (pixels + 1) / 2, .odds = pixels / 2};
    for (int32_t i = 0; i < 4; i++, at += r->pairs * row_of_sums(packed))
        c.sums[i] = at;
    c.u2 = at;
    c.u3 = c.u2 + r->pairs * row_of_products(packed);
    c.u4 = c.u3 + r->pairs * row_of_products(packed);
    /* The chunk that this thread will do next, if the others are as fast. */
    const int64_t later = first + 2 * r->pairs * r->threads;
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
    const int64_t depth = packed->depth / 2;
    const float *b = packed->strassen + which * panels * depth * width;
    sg_product p = to;
    p.depth = depth;
    p.columns = packed->kernels.panel;
    p.a = a;
    p.a_stride = a_stride;
    for (int64_t panel = 0; panel < panels; panel++) {
        const int64_t column = panel * width;
        p.b = b + panel * depth * width;
        p.next = p.b + depth * width; /* of the next product, after the last panel */
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
    multiply(&q, B11, even, stride, kept(&q, q.u2, false, NULL));
    multiply(&q, B21, even + r->inputs, stride, ended(&q, false, 0, q.u2));
    multiply(&q, T2, q.sums[1], row, kept(&q, q.u2, true, NULL));
    multiply(&q, T1, q.sums[0], row, kept(&q, q.u4, false, q.u2));
    if (q.odds) {
        sg_product last = ended(&q, true, 1, q.u4);
        last.also = q.u3;
        last.also_term = q.u2;
        last.also_stride = row_of_products(r->packed);
        multiply(&q, T3, q.sums[2], row, last);
        multiply(&q, MINUS_T4, odd + r->inputs, stride, ended(&q, true, 0, q.u3));
    }
    multiply(&q, B22, q.sums[3], row, ended(&q, false, 1, q.u4));
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
             .threads = sg_pool_threads(context->pool),
             .inputs = packed->depth / 2,
             .outputs = packed->panels / 2 * packed->kernels.panel};
    if (call->residual && call->residual->data != call->output.data)
        copy_residual(call);
    r.pairs = sg_packed_grain(pairs, chunk_pairs(packed), packed->kernels.tile, r.threads);
    sg_parallel_for(context->pool, pairs, r.pairs, run_pairs, &r);
}
