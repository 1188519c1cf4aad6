/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The matrix product: all tile edges, rows at any distance, operands that end where memory does;
 * plain ones and paired ones. */

#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ACCUMULATE = 4,
    RELU = 8,
    BIAS = 16,
    RESIDUAL = 32,
    TERM = 64,
    ALSO = 128, /* twice as much: the second place */
    VARIANTS = 512
};

typedef struct operands {
    check_memory a, b, c, bias, residual, before, term, also[2], also_term[2];
    int64_t c_count;
    sg_product product;
} operands;

/* The last two bits of the variant are gaps between rows; a residual is C itself where it may be.
 */
static operands make(const sg_product_kernels *kernels, int64_t rows, int64_t depth,
                     int32_t columns, uint32_t variant)
{
    uint64_t seed = (uint64_t)(rows * 1000003 + depth * 1009 + columns) + variant;
    operands o = {.product = {.rows = rows,
                              .depth = depth,
                              .columns = columns,
                              .a_stride = depth + variant % 3,
                              .c_stride = columns + variant % 2,
                              .accumulate = variant & ACCUMULATE,
                              .activation = variant & RELU ? SG_RELU : SG_IDENTITY}};
    sg_product *p = &o.product;
    o.c_count = (rows - 1) * p->c_stride + columns;
    o.a = check_floats((rows - 1) * p->a_stride + depth, &seed);
    o.b = check_floats(depth * kernels->panel, &seed);
    o.c = check_floats(o.c_count, &seed);
    o.bias = check_floats(columns, &seed);
    o.residual = check_floats(o.c_count, &seed);
    o.before = check_floats(o.c_count, &seed);
    o.term = check_floats(o.c_count, &seed);
    memcpy(o.before.data, o.c.data, (size_t)o.c_count * sizeof(float));
    p->a = o.a.data;
    p->b = o.b.data;
    p->c = o.c.data;
    p->bias = variant & BIAS ? o.bias.data : NULL;
    if (variant & RESIDUAL) {
        p->residual = variant & ACCUMULATE ? o.residual.data : o.c.data;
        p->residual_stride = p->c_stride;
    }
    if (variant & TERM) {
        p->term = o.term.data;
        p->term_stride = p->c_stride;
    }
    for (uint32_t k = 0; k < 2; k++) {
        o.also[k] = check_floats(o.c_count, &seed);
        o.also_term[k] = check_floats(o.c_count, &seed);
        if (variant & (uint32_t)ALSO << k)
            p->also[k] = (sg_product_also){o.also[k].data, o.also_term[k].data, p->c_stride};
    }
    return o;
}

static void release(operands *o)
{
    check_free(&o->a);
    check_free(&o->b);
    check_free(&o->c);
    check_free(&o->bias);
    check_free(&o->residual);
    check_free(&o->before);
    check_free(&o->term);
    for (int32_t k = 0; k < 2; k++) {
        check_free(&o->also[k]);
        check_free(&o->also_term[k]);
    }
}

static double sum_over_k(const sg_product_kernels *kernels, const sg_product *p, int64_t i,
                         int64_t j)
{
    double sum = 0;
    for (int64_t k = 0; k < p->depth; k++)
        sum += (double)p->a[i * p->a_stride + k] * (double)p->b[k * kernels->panel + j];
    return sum;
}

/* Of `which`, the sum over k and perhaps the term, with a term of its own. */
static double truth_elsewhere(const sg_product_kernels *kernels, const operands *o, int32_t which,
                              int64_t i, int64_t j)
{
    const sg_product *p = &o->product;
    const float *term = o->term.data, *own = o->also_term[which].data;
    const int64_t at = i * p->c_stride + j;
    return sum_over_k(kernels, p, i, j) + (which == 1 && p->term ? (double)term[at] : 0) +
           (double)own[at];
}

static double truth(const sg_product_kernels *kernels, const operands *o, int64_t i, int64_t j)
{
    const sg_product *p = &o->product;
    const float *before = o->before.data, *residual = o->residual.data, *term = o->term.data;
    const int64_t at = i * p->c_stride + j;
    double sum = sum_over_k(kernels, p, i, j) + (p->term ? (double)term[at] : 0) +
                 (p->accumulate ? (double)before[at] : 0);
    if (p->bias)
        sum += (double)p->bias[j];
    if (p->residual)
        sum += (double)(p->residual == p->c ? before : residual)[at];
    return p->activation == SG_RELU && sum < 0 ? 0 : sum;
}

static float *copy(const check_memory *memory, int64_t count)
{
    float *copied = malloc((size_t)count * sizeof(float));
    if (!copied)
        abort();
    memcpy(copied, memory->data, (size_t)count * sizeof(float));
    return copied;
}

/* What lies between the rows must be as it was. */
static void check(const sg_product_kernels *kernels, int64_t rows, int64_t depth, int32_t columns,
                  uint32_t variant)
{
    operands o = make(kernels, rows, depth, columns, variant);
    const sg_product *p = &o.product;
    const float *before = o.before.data;
    float *also_before[2] = {copy(&o.also[0], o.c_count), copy(&o.also[1], o.c_count)};
    kernels->product(p);
    for (int64_t at = 0; at < o.c_count; at++) {
        const int64_t i = at / p->c_stride, j = at % p->c_stride;
        /* Every term is below 1, and so is the rounding of each sum, relative to all of them. */
        const double bound = j < columns ? 4e-7 * ((double)depth + 4) : 0;
        const double expected = j < columns ? truth(kernels, &o, i, j) : (double)before[at];
        if (!(fabs((double)p->c[at] - expected) <= bound))
            check_fail("%d x %d x %d, variant %u: C[%d][%d] is %.8g, expected %.8g", (int)rows,
                       (int)columns, (int)depth, variant, (int)i, (int)j, (double)p->c[at],
                       expected);
        for (int32_t k = 0; k < 2; k++) {
            const double also = (double)((const float *)o.also[k].data)[at];
            const double wanted = j < columns && p->also[k].c
                                      ? truth_elsewhere(kernels, &o, k, i, j)
                                      : (double)also_before[k][at];
            if (!(fabs(also - wanted) <= bound))
                check_fail("%d x %d x %d, variant %u: also %d [%d][%d] is %.8g, expected %.8g",
                           (int)rows, (int)columns, (int)depth, variant, (int)k, (int)i, (int)j,
                           also, wanted);
        }
    }
    free(also_before[0]);
    free(also_before[1]);
    release(&o);
}

/* A's mean is about `shift`, B smaller than it by 4. */
static void check_paired(const sg_product_kernels *kernels, sg_product_pairs_fn pairs_of,
                         int64_t rows, int64_t depth, float shift, uint32_t variant)
{
    operands o = make(kernels, rows, depth, kernels->panel, variant);
    sg_product *p = &o.product;
    uint64_t seed = 9;
    check_memory pairs = check_floats(rows, &seed);
    float *a = o.a.data, *b = o.b.data;
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t k = 0; k < depth; k++)
            a[i * p->a_stride + k] += shift;
    }
    float *plain = copy(&o.b, depth * kernels->panel);
    for (int64_t e = 0; e < depth * kernels->panel; e++) {
        const int64_t k = e / kernels->panel, blocks = depth / SG_PRODUCT_BLOCK;
        const bool paired =
            k < blocks * SG_PRODUCT_BLOCK && k % SG_PRODUCT_BLOCK < SG_PRODUCT_BLOCK / 3 * 2;
        plain[e] /= 4;
        b[e] -= paired ? shift : 0;
    }
    pairs_of(p->a, p->a_stride, rows, depth, shift, pairs.data);
    p->pairs = pairs.data;
    p->unscale = 0.25f;
    /* The columns' pairs are made, and then known. */
    check_memory columns = check_floats(kernels->panel, &seed);
    p->column_pairs = columns.data;
    kernels->product(p);
    float *first = copy(&o.c, o.c_count);
    memcpy(o.c.data, o.before.data, (size_t)o.c_count * sizeof(float));
    p->columns_known = true;
    kernels->product(p);
    if (memcmp(first, o.c.data, (size_t)o.c_count * sizeof(float)) != 0)
        check_fail("paired, %d x %d: other bits once columns are known", (int)rows, (int)depth);
    free(first);
    p->b = plain;
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < kernels->panel; j++) {
            const double expected = truth(kernels, &o, i, j);
            const double found = (double)p->c[i * p->c_stride + j];
            const double bound = 2e-7 * ((double)depth + 4) * (1 + (double)(shift * shift));
            if (!(fabs(found - expected) <= bound))
                check_fail(
                    "paired, %d x %d, shift %g, variant %u: C[%d][%d] is %.8g, expected %.8g",
                    (int)rows, (int)depth, (double)shift, variant, (int)i, (int)j, found, expected);
        }
    }
    free(plain);
    check_free(&pairs);
    check_free(&columns);
    release(&o);
}

/* All numbers of rows, of blocks of k, and of steps beyond them. */
static void check_pairs(const sg_product_kernels *kernels, sg_product_pairs_fn pairs_of)
{
    for (int64_t rows = 1; rows <= 2 * kernels->tile + 1; rows++) {
        for (int64_t depth = 1; depth <= 2 * SG_PRODUCT_BLOCK + 1; depth++)
            check_paired(kernels, pairs_of, rows, depth, 0,
                         (uint32_t)(rows * 37 + depth * 5) % VARIANTS);
    }
    for (uint32_t variant = 0; variant < VARIANTS; variant++)
        check_paired(kernels, pairs_of, kernels->tile + 1, 300, 0.5f, variant);
}

/* NaN and infinities go through ReLU as the definition has it. */
static void check_not_finite(const sg_product_kernels *kernels)
{
    const float a[] = {NAN, -INFINITY, INFINITY};
    float c[3] = {0};
    check_memory b = check_allocate((size_t)kernels->panel * sizeof(float));
    memset(b.data, 0, (size_t)kernels->panel * sizeof(float));
    ((float *)b.data)[0] = 1.0f;
    kernels->product(&(sg_product){.rows = 3,
                                   .depth = 1,
                                   .columns = 1,
                                   .a = a,
                                   .a_stride = 1,
                                   .b = b.data,
                                   .c = c,
                                   .c_stride = 1,
                                   .activation = SG_RELU});
    if (!isnan(c[0]) || c[1] != 0.0f || !isinf(c[2]))
        check_fail("NaN, -inf, inf become %g, %g, %g", (double)c[0], (double)c[1], (double)c[2]);
    check_free(&b);
}

void check_product(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        sg_product_kernels_init(&kernels, sets[i]);
        check_begin("product", sets[i]);
        for (int64_t rows = 1; rows <= 2 * kernels.tile + 1; rows++) {
            for (int32_t columns = 1; columns <= kernels.panel; columns++)
                check(&kernels, rows, 1 + (rows + columns) % 11, columns,
                      (uint32_t)(rows * 37 + columns * 5) % VARIANTS);
        }
        for (uint32_t variant = 0; variant < VARIANTS; variant++) {
            check(&kernels, 2 * kernels.tile + 2, 300, kernels.panel, variant);
            check(&kernels, kernels.tile, 17, kernels.panel / 2 + 1, variant);
        }
        check_not_finite(&kernels);
        if (sg_product_pairs(sets[i]))
            check_pairs(&kernels, sg_product_pairs(sets[i]));
        check_end("%s", kernels.name);
    }
}

/* ==== Time ==== */

static void run(void *argument)
{
    const operands *o = argument;
    sg_product_kernels kernels;
    sg_product_kernels_init(&kernels, (uint32_t)o->c_count);
    kernels.product(&o->product);
}

void time_product(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        sg_product_kernels_init(&kernels, sets[i]);
        operands o = make(&kernels, 96, 512, kernels.panel, RELU | BIAS);
        o.c_count = sets[i]; /* for run */
        check_time("product, multiply-adds", sets[i], (int64_t)96 * 512 * kernels.panel, run, &o);
        release(&o);
    }
}
