/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The product of halves in tiles, in the plain C of tiles_ref.h, whose checks end the process where
 * AMX would fault: all edges of tiles, operands that end where memory does. Results are those of
 * the order of sums that tiles.h describes, to the bit; and near the sums in double. And so for
 * AMX's own instructions, which are emulated where the processor does not have them. */

#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tiles.h"

enum {
    PANEL = 2 * SG_TILE_WORDS,
    ACCUMULATE = 4,
    BIAS = 8,
    RESIDUAL = 16,
    HALF_RESIDUAL = 32,
    HALF = 64, /* the result */
    ACTIVATION = 128,
    VARIANTS = 512
};

typedef struct operands {
    check_memory a, b, c, bias, residual, before, half, half_residual, half_before;
    int64_t count; /* of numbers in C, with the gaps between rows */
    sg_product product;
} operands;

/* Memory for `count` random bfloat16 numbers, from -1 to 1. */
static check_memory make_halves(int64_t count, uint64_t *seed)
{
    const check_memory memory = check_allocate((size_t)count * sizeof(sg_bf16));
    sg_bf16 *numbers = memory.data;
    for (int64_t i = 0; i < count; i++)
        numbers[i] = sg_bf16_round(check_random(seed, -1, 1));
    return memory;
}

static check_memory copy(const check_memory *from, size_t bytes)
{
    const check_memory memory = check_allocate(bytes);
    memcpy(memory.data, from->data, bytes);
    return memory;
}

/* The last two bits of the variant are gaps between rows; a residual is the result itself where it
 * may be. */
static operands make(int64_t rows, int64_t depth, int32_t columns, uint32_t variant)
{
    static const sg_activation activations[] = {SG_IDENTITY, SG_RELU, SG_HARD_SWISH,
                                                SG_HARD_SIGMOID};
    uint64_t seed = (uint64_t)(rows * 1000003 + depth * 1009 + columns) + variant;
    const int64_t stride = columns + variant % 2;
    operands o = {.count = (rows - 1) * stride + columns,
                  .product = {.rows = rows,
                              .depth = depth,
                              .columns = columns,
                              .a_stride = depth + variant % 4,
                              .c_stride = stride,
                              .accumulate = variant & ACCUMULATE,
                              .activation = activations[variant / ACTIVATION % 4]}};
    sg_product *p = &o.product;
    o.a = make_halves(2 * ((rows - 1) * p->a_stride + depth), &seed);
    o.b = make_halves(2 * depth * PANEL, &seed);
    uint32_t *pairs = o.b.data;
    for (int64_t i = 0; i < depth * PANEL; i++)
        pairs[i] = i % PANEL < columns ? pairs[i] : 0;
    o.c = check_floats(o.count, &seed);
    o.bias = check_floats(columns, &seed);
    o.residual = check_floats(o.count, &seed);
    o.half = make_halves(o.count, &seed);
    o.half_residual = make_halves(o.count, &seed);
    o.before = copy(&o.c, (size_t)o.count * sizeof(float));
    o.half_before = copy(&o.half, (size_t)o.count * sizeof(sg_bf16));
    p->a = o.a.data;
    p->b = o.b.data;
    p->c = o.c.data;
    p->bias = variant & BIAS ? o.bias.data : NULL;
    if (variant & RESIDUAL) {
        p->residual = variant & ACCUMULATE ? o.residual.data : o.c.data;
        p->residual_stride = stride;
    }
    if (variant & HALF) {
        p->half = o.half.data;
        p->half_stride = stride;
    }
    if (variant & HALF_RESIDUAL) {
        p->half_residual = variant & HALF ? o.half.data : o.half_residual.data;
        p->half_residual_stride = stride;
    }
    return o;
}

static void release(operands *o)
{
    check_memory *all[] = {&o->a,          &o->b,      &o->c,    &o->bias,
                           &o->residual,   &o->before, &o->half, &o->half_residual,
                           &o->half_before};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        check_free(all[i]);
}

/* The sum over k, and in `exact` without rounding. */
static float sum_over_k(const sg_product *p, int64_t i, int32_t j, double *exact)
{
    float sum = 0.0f;
    *exact = 0;
    for (int64_t first = 0; first < p->depth; first += SG_TILE_WORDS) {
        float parts[2] = {0.0f, 0.0f};
        for (int64_t k = first; k < first + SG_TILE_WORDS && k < p->depth; k++) {
            sg_bf16 x[2], y[2];
            memcpy(x, p->a + i * p->a_stride + k, sizeof(x));
            memcpy(y, p->b + k * PANEL + j, sizeof(y));
            for (int32_t e = 0; e < 2; e++) {
                /* Exact: it has 16 bits. */
                const float product = sg_bf16_widen(x[e]) * sg_bf16_widen(y[e]);
                parts[e] += product;
                *exact += (double)product;
            }
        }
        sum += parts[0] + parts[1];
    }
    return sum;
}

/* The result before it is rounded to a half, and whether its sum over k is near the exact one. */
static float truth(const operands *o, int64_t i, int32_t j, bool *near)
{
    const sg_product *p = &o->product;
    const float *before = o->before.data, *residual = o->residual.data;
    const sg_bf16 *half_before = o->half_before.data, *half_residual = o->half_residual.data;
    const int64_t at = i * p->c_stride + j;
    double exact;
    float sum = sum_over_k(p, i, j, &exact);
    *near = fabs((double)sum - exact) <= 1e-7 * (2 * (double)p->depth + 4);
    if (p->accumulate)
        sum += before[at];
    if (p->bias)
        sum += p->bias[j];
    if (p->residual)
        sum += (p->residual == p->c ? before : residual)[at];
    if (p->half_residual)
        sum += sg_bf16_widen((p->half_residual == p->half ? half_before : half_residual)[at]);
    return sg_activate(p->activation, sum);
}

static bool same(float a, float b)
{
    return memcmp(&a, &b, sizeof(a)) == 0;
}

/* Fills the memory that the next function will have its variables in with NaN: zeros that it needs
 * there have to be its own. */
static __attribute__((__noinline__)) void spoil_stack(void)
{
    volatile uint32_t words[4096];
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        words[i] = UINT32_MAX;
}

/* What lies between the rows, and the other place for results, must be as they were. */
static void check(sg_product_fn product, int64_t rows, int64_t depth, int32_t columns,
                  uint32_t variant)
{
    operands o = make(rows, depth, columns, variant);
    const sg_product *p = &o.product;
    const float *c = o.c.data, *before = o.before.data;
    const sg_bf16 *half = o.half.data, *half_before = o.half_before.data;
    spoil_stack();
    product(p);
    for (int64_t at = 0; at < o.count; at++) {
        const int64_t i = at / p->c_stride, j = at % p->c_stride;
        float expected = before[at];
        sg_bf16 expected_half = half_before[at];
        bool near = true;
        if (j < columns) {
            const float result = truth(&o, i, (int32_t)j, &near);
            if (p->half)
                expected_half = sg_bf16_round(result);
            else
                expected = result;
        }
        if (!near || !same(c[at], expected) || half[at] != expected_half)
            check_fail("%d x %d x %d, variant %u: C[%d][%d] is %.8g and 0x%04x, expected %.8g and "
                       "0x%04x%s",
                       (int)rows, (int)columns, (int)depth, variant, (int)i, (int)j, (double)c[at],
                       half[at], (double)expected, expected_half, near ? "" : ", not near");
    }
    release(&o);
}

/* Numbers too small to be normal count as zeros and become zeros; NaN stays. */
static void check_not_normal(sg_product_fn product)
{
    enum {
        SMALL = 0x0040,
        LEAST = 0x0080,
        HALF_OF_ONE = 0x3f00,
        ONE = 0x3f80,
        NOT_A_NUMBER = 0x7fc0
    };
    static const sg_bf16 factors[][2] = {
        {SMALL, ONE}, {LEAST, HALF_OF_ONE}, {LEAST, ONE}, {NOT_A_NUMBER, ONE}};
    float results[4];
    for (int32_t i = 0; i < 4; i++) {
        const uint32_t a = factors[i][0];
        uint32_t b[PANEL] = {factors[i][1]};
        float x, y[PANEL];
        memcpy(&x, &a, sizeof(x));
        memcpy(y, b, sizeof(y));
        product(&(sg_product){.rows = 1,
                              .depth = 1,
                              .columns = 1,
                              .a = &x,
                              .a_stride = 1,
                              .b = y,
                              .c = &results[i],
                              .c_stride = 1});
    }
    if (results[0] != 0.0f || results[1] != 0.0f || !same(results[2], sg_bf16_widen(LEAST)) ||
        !isnan(results[3]))
        check_fail("small, small, least, NaN become %g, %g, %g, %g", (double)results[0],
                   (double)results[1], (double)results[2], (double)results[3]);
}

static void check_all(sg_product_fn product)
{
    static const int32_t rows[] = {1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65};
    static const int32_t columns[] = {1, 7, 15, 16, 17, 31, 32};
    static const int32_t depths[] = {1, 2, 15, 16, 17, 31, 32, 33, 47};
    uint32_t n = 0;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++, n++)
            check(product, rows[r], depths[n % 9], columns[c], n * 37 % VARIANTS);
    }
    for (uint32_t variant = 0; variant < VARIANTS; variant++)
        check(product, 17 + variant % 2, 16 + variant % 3, 20 + variant % 13, variant);
    check_not_normal(product);
}

#if SG_HAVE_AMX
static void check_amx(void)
{
    check_all(sg_product_bf16_amx);
}

/* By the processor; or, where it can do all but AMX, by what the compiler made of it. */
static void check_compiled(void)
{
    const uint32_t detected = sg_cpu_detect();
    if (!(detected & SG_CPU_AVX512_BF16)) {
        printf("NOT TESTED: the compiled product in tiles, which needs AVX512_BF16\n");
        return;
    }
    check_begin("tiles", SG_CPU_AMX);
    if (detected & SG_CPU_AMX && sg_cpu_request() == 0) {
        check_amx();
        check_end("the order of AMX's sums");
    } else {
        check_emulated(check_amx);
        check_end("the order of AMX's sums, its instructions emulated");
    }
}
#endif

void check_tiles(void)
{
    check_begin("plain tiles", SG_CPU_REF);
    check_all(sg_product_bf16_tiles_ref);
    check_end("the order of AMX's sums");
#if SG_HAVE_AVX512_BF16
    if (sg_cpu_detect() & SG_CPU_AVX512_BF16) {
        check_begin("plain tiles", SG_CPU_AVX512_BF16);
        check_all(sg_product_bf16_tiles_avx512_bf16);
        check_end("the order of AMX's sums");
    }
#endif
#if SG_HAVE_AMX
    check_compiled();
#endif
}
