/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Every kernel of this processor against sums in double: all tile edges, operands at any address,
 * nothing read or written beyond them (buffers end where the operands do: run it with a sanitizer
 * or valgrind). */

#include <math.h>
#include <stdlib.h>

#include "context.h"
#include "support.h"

typedef struct operands {
    float *a, *b, *c, *bias, *residual, *before;
    int64_t a_count, b_count, c_count;
    sg_product product;
} operands;

/* Exactly so many floats, at an odd address. */
static float *floats(int64_t count, uint64_t *seed)
{
    float *memory = malloc((size_t)count * sizeof(float));
    assert_non_null(memory);
    for (int64_t i = 0; i < count; i++)
        memory[i] = test_random_uniform(seed, -1.0f, 1.0f);
    return memory;
}

static operands make(const sg_product_kernels *kernels, int64_t rows, int64_t depth,
                     int32_t columns, uint32_t variant, uint64_t *seed)
{
    operands o = {.product = {.rows = rows,
                              .depth = depth,
                              .columns = columns,
                              .a_stride = depth + variant % 3,
                              .c_stride = columns + variant % 2,
                              .accumulate = variant & 4,
                              .relu = variant & 8}};
    sg_product *p = &o.product;
    o.a_count = (rows - 1) * p->a_stride + depth;
    o.b_count = depth * kernels->panel;
    o.c_count = (rows - 1) * p->c_stride + columns;
    o.a = floats(o.a_count, seed);
    o.b = floats(o.b_count, seed);
    o.c = floats(o.c_count, seed);
    o.bias = floats(columns, seed);
    o.residual = floats(o.c_count, seed);
    o.before = floats(o.c_count, seed);
    for (int64_t i = 0; i < o.c_count; i++)
        o.before[i] = o.c[i];
    p->a = o.a;
    p->b = o.b;
    p->c = o.c;
    p->bias = variant & 16 ? o.bias : NULL;
    if (variant & 32) {
        p->residual = variant & 4 ? o.residual : o.c;
        p->residual_stride = p->c_stride;
    }
    return o;
}

static void release(operands *o)
{
    free(o->a);
    free(o->b);
    free(o->c);
    free(o->bias);
    free(o->residual);
    free(o->before);
}

static double truth(const sg_product_kernels *kernels, const operands *o, int64_t i, int64_t j)
{
    const sg_product *p = &o->product;
    const int64_t at = i * p->c_stride + j;
    double sum = p->accumulate ? (double)o->before[at] : 0;
    for (int64_t k = 0; k < p->depth; k++)
        sum += (double)o->a[i * p->a_stride + k] * (double)o->b[k * kernels->panel + j];
    if (p->bias)
        sum += (double)o->bias[j];
    if (p->residual)
        sum += (double)(p->residual == o->c ? o->before : o->residual)[at];
    return p->relu && sum < 0 ? 0 : sum;
}

/* Every term is below 1, and so is the rounding of each of the sums, relative to all of them. */
static void check(const sg_product_kernels *kernels, int64_t rows, int64_t depth, int32_t columns,
                  uint32_t variant)
{
    uint64_t seed = (uint64_t)(rows * 1000003 + depth * 1009 + columns) + variant;
    operands o = make(kernels, rows, depth, columns, variant, &seed);
    const sg_product *p = &o.product;
    kernels->product(p);
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < p->c_stride && i * p->c_stride + j < o.c_count; j++) {
            const int64_t at = i * p->c_stride + j;
            const double expected = j < columns ? truth(kernels, &o, i, j) : (double)o.before[at];
            if (!(fabs((double)o.c[at] - expected) <= 4e-7 * ((double)depth + 3)))
                fail_msg("%s: %d x %d x %d, variant %u: C[%d][%d] is %.8g, expected %.8g",
                         kernels->name, (int)rows, (int)columns, (int)depth, variant, (int)i,
                         (int)j, (double)o.c[at], expected);
        }
    }
    release(&o);
}

static void check_kernels(int32_t cpu)
{
    sg_product_kernels kernels;
    sg_product_kernels_init(&kernels, cpu);
    for (int64_t rows = 1; rows <= 2 * kernels.tile + 1; rows++) {
        for (int32_t columns = 1; columns <= kernels.panel; columns++)
            check(&kernels, rows, 1 + (rows + columns) % 11, columns,
                  (uint32_t)(rows * 7 + columns * 5) % 64);
    }
    for (uint32_t variant = 0; variant < 64; variant++) {
        check(&kernels, 2 * kernels.tile + 2, 300, kernels.panel, variant);
        check(&kernels, kernels.tile, 17, kernels.panel / 2 + 1, variant);
    }
}

/* NaN and infinities go through ReLU as the definition has it. */
static void check_not_finite(int32_t cpu)
{
    sg_product_kernels kernels;
    sg_product_kernels_init(&kernels, cpu);
    float *b = calloc((size_t)kernels.panel, sizeof(float));
    assert_non_null(b);
    b[0] = 1.0f;
    const float a[] = {NAN, -INFINITY, INFINITY};
    float c[3] = {0};
    kernels.product(&(sg_product){.rows = 3,
                                  .depth = 1,
                                  .columns = 1,
                                  .a = a,
                                  .a_stride = 1,
                                  .b = b,
                                  .c = c,
                                  .c_stride = 1,
                                  .relu = true});
    assert_true(isnan(c[0]));
    assert_true(c[1] == 0.0f);
    assert_true(isinf(c[2]));
    free(b);
}

/* The instruction sets that this processor has, plain C first. */
static void test_all(void **state)
{
    (void)state;
    const int32_t detected = sg_cpu_detect();
    for (int32_t cpu = SG_CPU_REF; cpu <= SG_CPU_NEON; cpu++) {
        if (sg_cpu_cap(detected, cpu) != cpu)
            continue;
        check_kernels(cpu);
        check_not_finite(cpu);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
