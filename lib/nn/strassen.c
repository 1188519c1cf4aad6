/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Workspace, in floats:
 *
 *     B11 | B21 | B22, scaled, if products are paired |
 *     T2 | T1 | T3 | -T4 of the weights, then of each of the seven right sides if these are halved
 *     too |
 *     of each thread: pairs of the right sides' columns, if products are paired |
 *         for each level: S1 | S2 | S3 | S4 | P1 + P6 | P1 + P6 + P7 | P1 + P6 + P5
 *
 * right sides as [panel of a half of the outputs][a half of the inputs][width], a thread's with a
 * row for each pair of rows, a little longer than its numbers, so that rows do not all fall into
 * the same sets of a cache. */

#include "strassen.h"

#include <string.h>

#include "engine.h"
#include "paired.h"

enum {
    UNIT = 16, /* parts of the inputs are a multiple of it: the sums' kernel's */
    GAP = 16,
    WEIGHTS_GRAIN = 64 /* rows of a panel whose sums are made together */
};

/* The order of the products, each with its right side. */
enum { OF_B11, OF_B21, OF_T2, OF_T1, OF_T3, OF_MINUS_T4, OF_B22, PRODUCTS };

/* Making sums takes less of the time the more channels there are on the other side. */
static bool has_channels(const sg_costs *costs, const sg_convolution_shape *shape)
{
    const int32_t inputs = shape->inputs, outputs = shape->outputs;
    const int32_t less = inputs < outputs ? inputs : outputs;
    const int32_t more = inputs < outputs ? outputs : inputs;
    return less >= costs->strassen_channels ||
           (costs->strassen_wide > 0 && less >= costs->strassen_narrow &&
            more >= costs->strassen_wide);
}

bool sg_strassen_suits(const sg_packed *packed, const sg_convolution_shape *shape, int32_t levels)
{
    const int64_t parts = (int64_t)1 << levels;
    return packed->kernels.fast && packed->summable && !packed->gathered && shape->stride == 1 &&
           shape->kernel % 2 == 1 &&
           2 * (int64_t)shape->padding == (int64_t)shape->dilation * (shape->kernel - 1) &&
           has_channels(packed->costs, shape) && shape->inputs % (UNIT * parts) == 0 &&
           shape->outputs % (packed->kernels.panel * parts) == 0;
}

/* ==== A run ==== */

/* A right side: a part of the inputs of a part of the outputs. */
typedef struct right {
    const float *first;   /* panel */
    int64_t panel_stride; /* from one to the next */
} right;

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_packed *packed;
    const sg_convolution_call *call;
    int32_t levels;
    right rights[PRODUCTS * PRODUCTS]; /* of the products, in their order */
    const float *bias;
    bool in_place; /* the residual lies in the output */
    float scale;   /* for paired products: of the weights; 0: plain ones */
    float shift;   /* for paired products: mean of the inputs */
    sg_activation activation;
} run;

static int64_t products_of(int32_t levels)
{
    return levels == 2 ? PRODUCTS * PRODUCTS : PRODUCTS;
}

/* Floats from one row of sums to the next at a level of the recursion, counted down to 1. */
static int64_t row_of_sums(const sg_packed *packed, int32_t level, int32_t levels)
{
    return (packed->depth >> (levels - level + 1)) + GAP;
}

static int64_t row_of_products(const sg_packed *packed, int32_t level, int32_t levels)
{
    return (packed->panels >> (levels - level + 1)) * packed->kernels.panel + GAP;
}

/* Two levels have plain products: what pairing them takes would be more than the second level
 * saves. */
static bool can_pair(const sg_packed *packed, int32_t levels)
{
    return sg_pairs_products(&packed->kernels) && levels == 1;
}

/* A whole number of the kernel's tiles. */
static int64_t most_rows(const sg_packed *packed, int32_t levels)
{
    const int64_t rows = levels == 1 ? packed->costs->chunk_rows : packed->costs->twice_rows;
    return rows / packed->kernels.tile * packed->kernels.tile;
}

static int64_t room_floats(const sg_packed *packed, int32_t level, int32_t levels)
{
    return (most_rows(packed, levels) << (level - 1)) *
           (4 * row_of_sums(packed, level, levels) + 3 * row_of_products(packed, level, levels));
}

/* What a thread keeps of one right side for paired products. */
static int64_t columns_floats(const sg_packed *packed)
{
    return sg_columns_floats(sg_packed_columns(packed) / 2);
}

static int64_t slot_floats(const sg_packed *packed, int32_t levels)
{
    int64_t floats = can_pair(packed, levels) ? PRODUCTS * columns_floats(packed) : 0;
    for (int32_t level = 1; level <= levels; level++)
        floats += room_floats(packed, level, levels);
    return floats;
}

/* The floats of all sums of weights. The first level has four, each a quarter of the matrix; the
 * second has four for each of the first one's products, each a sixteenth. */
static int64_t sums_floats(const sg_packed *packed, int32_t levels)
{
    return sg_packed_matrix(packed) / 4 * (levels == 2 ? 4 + PRODUCTS : 4);
}

/* The floats of the weights' own quarters, which paired products take scaled. */
static int64_t scaled_floats(const sg_packed *packed, int32_t levels)
{
    return can_pair(packed, levels) ? sg_packed_matrix(packed) / 4 * 3 : 0;
}

int64_t sg_strassen_workspace(const sg_packed *packed, int32_t levels, int32_t threads)
{
    const int64_t floats = scaled_floats(packed, levels) + sums_floats(packed, levels) +
                           threads * slot_floats(packed, levels);
    return floats * (int64_t)sizeof(float);
}

/* ---- weights ---- */

/* A matrix to be halved both ways, and where its sums are. */
typedef struct matrix {
    right whole;
    int64_t panels, depth, width;
    float *sums;
} matrix;

static matrix weights_of(const run *r)
{
    const sg_packed *packed = r->packed;
    const int64_t width = packed->kernels.panel;
    const float *centre = packed->weights + packed->taps / 2 * sg_packed_matrix(packed);
    return (matrix){{centre, packed->depth * width},
                    packed->panels,
                    packed->depth,
                    width,
                    (float *)r->call->workspace + scaled_floats(packed, r->levels)};
}

static right right_of(const matrix *m, int32_t which)
{
    const int64_t count = m->depth / 2 * m->width; /* floats of half a panel */
    const int64_t quarter = m->panels / 2 * count;
    const right low = m->whole;
    const float *high = low.first + m->panels / 2 * low.panel_stride;
    switch (which) {
    case OF_B11:
        return low;
    case OF_B21:
        return (right){low.first + count, low.panel_stride};
    case OF_B22:
        return (right){high + count, low.panel_stride};
    case OF_T2:
        return (right){m->sums, count};
    case OF_T1:
        return (right){m->sums + quarter, count};
    case OF_T3:
        return (right){m->sums + 2 * quarter, count};
    default:
        return (right){m->sums + 3 * quarter, count};
    }
}

/* The which-th right side as a matrix to be halved, its sums behind those of the weights. */
static matrix half_of(const run *r, const matrix *m, int32_t which)
{
    const int64_t floats = sg_packed_matrix(r->packed);
    return (matrix){right_of(m, which), m->panels / 2, m->depth / 2, m->width,
                    (float *)r->call->workspace + floats + which * floats / 4};
}

/* The weights' own quarters, scaled: B11, B21, B22. */
static right scaled_right(const run *r, int32_t which)
{
    const int64_t quarter = sg_packed_matrix(r->packed) / 4;
    return (right){(float *)r->call->workspace + which * quarter,
                   r->packed->depth / 2 * r->packed->kernels.panel};
}

static void set_rights(run *r)
{
    const matrix m = weights_of(r);
    right *to = r->rights;
    for (int32_t i = 0; i < PRODUCTS; i++) {
        if (r->levels == 1) {
            *to++ = right_of(&m, i);
            continue;
        }
        const matrix half = half_of(r, &m, i);
        for (int32_t j = 0; j < PRODUCTS; j++)
            *to++ = right_of(&half, j);
    }
    if (r->scale > 0) {
        r->rights[OF_B11] = scaled_right(r, 0);
        r->rights[OF_B21] = scaled_right(r, 1);
        r->rights[OF_B22] = scaled_right(r, 2);
    }
}

/* `rows` rows of a panel of the four sums of m. */
static void sum_rows(const run *r, const matrix *m, int64_t panel, int64_t row, int64_t rows)
{
    const int64_t depth = m->depth / 2, quarter = m->panels / 2 * depth * m->width;
    const float *b11 = m->whole.first + panel * m->whole.panel_stride + row * m->width;
    const float *b21 = b11 + depth * m->width;
    const int64_t half = m->panels / 2 * m->whole.panel_stride;
    sg_strassen_weights w = {
        .b11 = b11, .b12 = b11 + half, .b21 = b21, .b22 = b21 + half, .count = rows * m->width};
    for (int32_t i = 0; i < 4; i++)
        w.sums[i] = m->sums + i * quarter + (panel * depth + row) * m->width;
    for (int32_t i = 0; i < 3 && r->scale > 0; i++)
        w.scaled[i] = (float *)r->call->workspace + i * quarter + (panel * depth + row) * m->width;
    w.scale = r->scale;
    bool paired;
    (void)sg_paired_rows(row, depth, 1, &paired);
    w.shift = paired ? r->shift : 0;
    r->packed->kernels.strassen->weights(&w);
}

/* Makes rows begin to end of the weights' sums. Rows are counted through all panels of the smallest
 * part of the outputs; the rows at the same place in the other parts are made with them. */
static void sum_weights(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const matrix m = weights_of(r);
    const int64_t depth = m.depth >> r->levels, panels = m.panels >> r->levels;
    const int64_t parts = (int64_t)1 << (r->levels - 1); /* of a half, each way */
    (void)thread;
    for (int64_t at = begin, rows; at < end; at += rows) {
        const int64_t panel = at / depth, row = at % depth;
        rows = depth - row < end - at ? depth - row : end - at;
        if (r->scale > 0) {
            bool paired;
            rows = sg_paired_rows(row, depth, rows, &paired);
        }
        for (int64_t i = 0; i < parts * parts; i++)
            sum_rows(r, &m, panel + i / parts * panels, row + i % parts * depth, rows);
        for (int32_t i = 0; i < PRODUCTS && r->levels == 2; i++) {
            const matrix half = half_of(r, &m, i);
            sum_rows(r, &half, panel, row, rows);
        }
    }
}

/* ---- pixels ---- */

/* A left side: a part of the inputs of some pixels, or their sums. */
typedef struct left {
    const float *data;
    int64_t rows, stride;
} left;

/* A level's room for sums of rows and of products. */
typedef struct room {
    float *sums[4];
    float *u2, *u3, *u4; /* P1 + P6, P1 + P6 + P7, P1 + P6 + P5 */
    int64_t sums_row, products_row;
    int64_t inputs, outputs; /* of a half */
} room;

/* Pixels that go through all products together. */
typedef struct chunk {
    const run *r;
    room rooms[SG_STRASSEN_LEVELS];
    float *columns;      /* of all right sides, for paired products */
    const char *ahead;   /* memory that is wanted next, and its */
    int64_t ahead_bytes; /* share of a product's panel */
} chunk;

static float *slot_of(const run *r, int32_t thread)
{
    return (float *)r->call->workspace + scaled_floats(r->packed, r->levels) +
           sums_floats(r->packed, r->levels) + thread * slot_floats(r->packed, r->levels);
}

static chunk chunk_of(const run *r, int64_t first, int64_t pixels, int32_t thread)
{
    const sg_packed *packed = r->packed;
    const sg_tensor *input = &r->call->input;
    float *at = slot_of(r, thread);
    chunk c = {.r = r, .columns = at};
    if (can_pair(packed, r->levels))
        at += PRODUCTS * columns_floats(packed);
    for (int32_t level = 1; level <= r->levels; level++) {
        const int64_t pairs = most_rows(packed, r->levels) << (level - 1);
        room *to = &c.rooms[level - 1];
        to->sums_row = row_of_sums(packed, level, r->levels);
        to->products_row = row_of_products(packed, level, r->levels);
        to->inputs = to->sums_row - GAP;
        to->outputs = to->products_row - GAP;
        for (int32_t i = 0; i < 4; i++, at += pairs * to->sums_row)
            to->sums[i] = at;
        to->u2 = at;
        to->u3 = to->u2 + pairs * to->products_row;
        to->u4 = to->u3 + pairs * to->products_row;
        at = to->u4 + pairs * to->products_row;
    }
    const int64_t later = first + pixels; /* what this thread will most likely do next */
    const int64_t rest = sg_tensor_pixels(input) - later;
    const int64_t rows = rest < pixels ? rest : pixels;
    const int64_t steps = products_of(r->levels) * (packed->panels >> r->levels);
    c.ahead = (const char *)sg_tensor_f32(input, rows ? later : first);
    c.ahead_bytes = rows * input->pixel_stride * (int64_t)sizeof(float) / steps;
    return c;
}

/* How often the mean of the inputs is that of a product's left side. */
static const float means[PRODUCTS] = {
    [OF_B11] = 1, [OF_B21] = 1, [OF_T2] = 1, [OF_T1] = 2, [OF_MINUS_T4] = 1};

/* The index-th product: A times its right side, and the terms of `to`. */
static void multiply(chunk *q, int64_t index, left a, sg_product to)
{
    const run *r = q->r;
    const sg_packed *packed = r->packed;
    const int64_t width = packed->kernels.panel, panels = packed->panels >> r->levels;
    const right b = r->rights[index];
    const float *then = index + 1 < products_of(r->levels) ? r->rights[index + 1].first : NULL;
    sg_product p = to;
    p.rows = a.rows;
    p.depth = packed->depth >> r->levels;
    p.columns = packed->kernels.panel;
    p.a = a.data;
    p.a_stride = a.stride;
    float pairs[SG_CHUNK_ROWS_MOST], *columns = q->columns + index * columns_floats(packed);
    if (r->scale > 0) {
        packed->kernels.pairs(a.data, a.stride, a.rows, p.depth, means[index] * r->shift, pairs);
        p.pairs = pairs;
        p.columns_known = sg_columns_known(columns);
        p.unscale = 1 / r->scale;
    }
    for (int64_t panel = 0; panel < panels; panel++) {
        const int64_t column = panel * width;
        p.b = b.first + panel * b.panel_stride;
        p.next = panel + 1 < panels ? p.b + b.panel_stride : then;
        p.c = to.c + column;
        p.next_c = panel + 1 < panels ? p.c + width : NULL;
        if (p.pairs)
            p.column_pairs = columns + SG_COLUMNS_HEAD + column;
        p.bias = to.bias ? to.bias + column : NULL;
        p.term = to.term ? to.term + column : NULL;
        p.residual = to.residual ? to.residual + column : NULL;
        for (int32_t i = 0; i < 2; i++) {
            p.also[i].c = to.also[i].c ? to.also[i].c + column : NULL;
            p.also[i].term = to.also[i].c ? to.also[i].term + column : NULL;
        }
        p.ahead = q->ahead;
        p.until = q->ahead += q->ahead_bytes;
        packed->kernels.product(&p);
    }
    if (r->scale > 0)
        sg_columns_set_known(columns, true);
}

/* What a level adds to a product: the lowest what comes first, so that a product may take terms of
 * both. */
static void add_term(sg_product *to, int32_t level, const float *add, int64_t stride)
{
    if (level == 1) {
        to->term = add;
        to->term_stride = stride;
    } else {
        to->residual = add;
        to->residual_stride = stride;
    }
}

/* A product that is kept, plus what may have been there, plus `add`. */
static sg_product kept(const room *at, int32_t level, float *c, bool accumulate, const float *add)
{
    sg_product p = {.c = c, .c_stride = at->products_row, .accumulate = accumulate};
    add_term(&p, level, add, at->products_row);
    return p;
}

/* A product that ends a quarter of `whole`: of its even or odd rows, of a half of its columns. */
static sg_product ended(const room *at, int32_t level, const sg_product *whole, bool odd,
                        int64_t half, const float *add)
{
    const int64_t columns = half * at->outputs;
    sg_product p = *whole;
    p.c += odd * p.c_stride + columns;
    p.c_stride *= 2;
    if (p.bias)
        p.bias += columns;
    if (p.residual) {
        p.residual += odd * p.residual_stride + columns;
        p.residual_stride *= 2;
    }
    for (int32_t i = 0; i < 2; i++) {
        if (p.also[i].c) {
            p.also[i].c += odd * p.also[i].stride + columns;
            p.also[i].term += odd * p.also[i].stride + columns;
            p.also[i].stride *= 2;
        }
    }
    add_term(&p, level, add, at->products_row);
    return p;
}

static void make_sums(const chunk *q, const room *at, left a)
{
    for (int64_t i = 0; 2 * i < a.rows; i++) {
        const float *even = a.data + 2 * i * a.stride;
        const int64_t row = i * at->sums_row;
        q->r->packed->kernels.strassen->sums(&(sg_strassen_pair){
            .even = even,
            .odd = 2 * i + 1 < a.rows ? even + a.stride : NULL,
            .half = at->inputs,
            .sums = {at->sums[0] + row, at->sums[1] + row, at->sums[2] + row, at->sums[3] + row},
            .next = 2 * a.stride});
    }
}

/* A times the index-th right side of a level by seven products of halves, and the terms of `to`;
 * at level 0 by one. Calls itself for the halves: as deep as there are levels. */
static void step(chunk *q, int32_t level, int64_t index, left a, sg_product to)
{
    if (level == 0) {
        multiply(q, index, a, to);
        return;
    }
    const room *at = &q->rooms[level - 1];
    const int32_t below = level - 1;
    const int64_t evens = (a.rows + 1) / 2, odds = a.rows / 2, first = index * PRODUCTS;
    const left a11 = {a.data, evens, 2 * a.stride};
    const left a12 = {a.data + at->inputs, evens, 2 * a.stride};
    const left a22 = {a.data + a.stride + at->inputs, odds, 2 * a.stride};
    left s[4];
    make_sums(q, at, a);
    for (int32_t i = 0; i < 4; i++)
        s[i] = (left){at->sums[i], evens, at->sums_row};
    step(q, below, first + OF_B11, a11, kept(at, level, at->u2, false, NULL));
    step(q, below, first + OF_B21, a12, ended(at, level, &to, false, 0, at->u2));
    step(q, below, first + OF_T2, s[1], kept(at, level, at->u2, true, NULL));
    step(q, below, first + OF_T1, s[0], kept(at, level, at->u4, false, at->u2));
    if (odds) {
        sg_product last = ended(at, level, &to, true, 1, at->u4);
        last.also[level - 1] = (sg_product_also){at->u3, at->u2, at->products_row};
        s[2].rows = odds;
        step(q, below, first + OF_T3, s[2], last);
        step(q, below, first + OF_MINUS_T4, a22, ended(at, level, &to, true, 0, at->u3));
    }
    step(q, below, first + OF_B22, s[3], ended(at, level, &to, false, 1, at->u4));
}

/* Groups of pixels that are halved together, begin to end. */
static void run_groups(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_tensor *input = &r->call->input, *output = &r->call->output;
    const int64_t first = begin << r->levels, rest = sg_tensor_pixels(input) - first;
    const int64_t whole = (end - begin) << r->levels, pixels = rest < whole ? rest : whole;
    chunk q = chunk_of(r, first, pixels, thread);
    step(&q, r->levels, 0, (left){sg_tensor_f32(input, first), pixels, input->pixel_stride},
         (sg_product){.c = sg_tensor_f32(output, first),
                      .c_stride = output->pixel_stride,
                      .accumulate = r->in_place,
                      .bias = r->bias,
                      .activation = r->activation});
}

/* A residual of its own goes to the output first. */
static void copy_residual(const sg_convolution_call *call)
{
    for (int64_t i = 0; i < sg_tensor_pixels(&call->output); i++)
        memcpy(sg_tensor_f32(&call->output, i), sg_tensor_f32(call->residual, i),
               (size_t)call->output.channels * sizeof(float));
}

/* Finds the scale of the weights for paired products. Where the inputs hardly differ from their
 * mean nothing is paired, because weights would be rounded away next to such inputs. */
static void balance(run *r)
{
    enum { FLAT = 64 }; /* the mean's square over the variance */
    const sg_tensor *input = &r->call->input;
    const sg_means sample =
        sg_means_of(input->data, sg_tensor_pixels(input), input->pixel_stride, input->channels);
    const double mean = sample.numbers, variance = sample.squares - mean * mean;
    if (variance * FLAT > mean * mean)
        r->scale = (float)sg_balance(variance, r->packed->square);
    r->shift = r->scale > 0 ? (float)mean : 0;
}

/* Whether any tap beside the centre sees the map. */
static bool sees_others(const sg_convolution_shape *shape, const sg_tensor *input)
{
    return shape->kernel > 1 && (shape->dilation < input->height || shape->dilation < input->width);
}

void sg_strassen_run(segent_context *context, const sg_packed *packed, int32_t levels,
                     const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    const int64_t pixels = sg_tensor_pixels(&call->output);
    run r = {.packed = packed,
             .call = call,
             .levels = levels,
             .bias = call->bias ? call->bias : packed->shift,
             .in_place = call->residual != NULL,
             .activation = shape->activation};
    const int64_t groups = ((pixels - 1) >> r.levels) + 1;
    if (can_pair(packed, levels))
        balance(&r);
    if (call->residual && call->residual->data != call->output.data)
        copy_residual(call);
    if (sees_others(shape, &call->input)) {
        sg_packed_add_taps(context, packed, shape, call, r.in_place);
        r.in_place = true;
    }
    set_rights(&r);
    for (int32_t i = 0; i < PRODUCTS * sg_pool_threads(context->pool) && r.scale > 0; i++)
        sg_columns_set_known(slot_of(&r, i / PRODUCTS) + i % PRODUCTS * columns_floats(packed),
                             false);
    sg_parallel_for(context->pool, (packed->panels >> r.levels) * (packed->depth >> r.levels),
                    WEIGHTS_GRAIN, sum_weights, &r);
    const int64_t tile = packed->kernels.tile;
    sg_parallel_grains(context->pool, groups, tile, most_rows(packed, levels) / tile, run_groups,
                       &r);
}

/* ---- as an engine ---- */

static bool fits(const sg_engine_request *request, sg_convolution_way *way)
{
    const sg_convolution *convolution = request->convolution;
    const sg_packed *packed = &convolution->packed;
    const sg_convolution_shape *shape = &convolution->shape;
    const sg_costs *costs = packed->costs;
    const int32_t levels = way->engine->variant;
    const int64_t pixels = (int64_t)request->height * request->width;
    way->kernel = sg_product_name(&packed->kernels, can_pair(packed, levels));
    if (!sg_strassen_suits(packed, shape, levels))
        return false;
    if (levels == 1)
        return pixels >= costs->strassen_pixels;
    const int32_t least = costs->twice_channels;
    return least > 0 && shape->inputs >= least && shape->outputs >= least &&
           pixels >= costs->twice_pixels;
}

static double cost(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_convolution *convolution = request->convolution;
    const sg_packed *packed = &convolution->packed;
    const double centre = (double)request->height * request->width * (double)packed->depth *
                          (double)sg_packed_columns(packed);
    return sg_packed_work(packed, &convolution->shape, request->height, request->width) -
           centre * (way->engine->variant == 2 ? 15.0 / 64.0 : 1.0 / 8.0);
}

static int64_t room_bytes(const sg_engine_request *request, const sg_convolution_way *way)
{
    return sg_strassen_workspace(&request->convolution->packed, way->engine->variant,
                                 sg_pool_threads(request->context->pool));
}

static void run_engine(segent_context *context, const sg_convolution *convolution,
                       const sg_convolution_way *way, const sg_convolution_call *call)
{
    sg_strassen_run(context, &convolution->packed, way->engine->variant, &convolution->shape, call);
}

#define ROW(title, levels)                                                                      \
    {                                                                                           \
        .name = (title), .type = SG_F32, .cpus = SG_PACKED_CPUS, .form = &sg_form_packed,       \
        .variant = (levels), .fits = fits, .cost = cost, .room = room_bytes, .run = run_engine, \
    }

const sg_engine sg_engine_strassen[SG_STRASSEN_LEVELS] = {ROW("Strassen", 1), ROW("Strassen^2", 2)};
