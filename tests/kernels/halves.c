/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Kernels of bfloat16 numbers: the matrix product against sums in double, and what is rounded
 * against bf16.h to the bit; Winograd's transforms against those of floats in plain C. */

#include "check.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far a float may be rounded to become a bfloat16 number, relative to it. */
#define HALF_ULP 0x1p-8

/* Random numbers from -1 to 1. */
static check_memory random_halves(int64_t count, uint64_t *seed)
{
    check_memory memory = check_allocate((size_t)count * sizeof(sg_bf16));
    for (int64_t i = 0; i < count; i++)
        ((sg_bf16 *)memory.data)[i] = sg_bf16_round(check_random(seed, -1.0f, 1.0f));
    return memory;
}

/* What is as far as `found` from `expected` at most: a rounding to bfloat16 and, beneath it, those
 * of sums of floats whose terms are of about that size. */
static bool is_rounded(sg_bf16 found, float expected, double size)
{
    return fabs((double)sg_bf16_widen(found) - (double)expected) <=
           HALF_ULP * fabs((double)expected) + 4e-7 * size;
}

/* ==== The product ==== */

enum {
    ACCUMULATE = 4,
    BIAS = 8,
    RESIDUAL = 16,
    HALF_RESIDUAL = 32,
    IN_PLACE = 64, /* the residual of halves is where the result goes */
    ACTIVATION = 128,
    VARIANTS = ACTIVATION * SG_ACTIVATIONS
};

typedef struct operands {
    check_memory a, b, c, before, bias, residual, half, half_before;
    int64_t count; /* of C, and of halves */
    sg_product product;
} operands;

/* The last two bits of the variant are gaps between rows; `depth` counts pairs. */
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
                              .activation = (sg_activation)(variant / ACTIVATION)}};
    sg_product *p = &o.product;
    o.count = (rows - 1) * p->c_stride + columns;
    o.a = random_halves(2 * ((rows - 1) * p->a_stride + depth), &seed);
    o.b = random_halves(2 * depth * kernels->panel, &seed);
    o.c = check_floats(o.count, &seed);
    o.before = check_floats(o.count, &seed);
    o.bias = check_floats(columns, &seed);
    o.residual = check_floats(o.count, &seed);
    o.half = random_halves(o.count, &seed);
    o.half_before = random_halves(o.count, &seed);
    memcpy(o.c.data, o.before.data, (size_t)o.count * sizeof(float));
    memcpy(o.half.data, o.half_before.data, (size_t)o.count * sizeof(sg_bf16));
    p->a = o.a.data;
    p->b = o.b.data;
    p->c = o.c.data;
    p->bias = variant & BIAS ? o.bias.data : NULL;
    p->residual = variant & RESIDUAL ? o.residual.data : NULL;
    p->residual_stride = p->c_stride;
    if (variant & HALF_RESIDUAL)
        p->half_residual = variant & IN_PLACE ? o.half.data : o.half_before.data;
    p->half_residual_stride = p->half_stride = p->c_stride;
    return o;
}

static void release(operands *o)
{
    check_free(&o->a);
    check_free(&o->b);
    check_free(&o->c);
    check_free(&o->before);
    check_free(&o->bias);
    check_free(&o->residual);
    check_free(&o->half);
    check_free(&o->half_before);
}

/* All terms of an element, and the sum of their sizes. */
static double truth(const sg_product_kernels *kernels, const operands *o, int64_t i, int64_t j,
                    double *size)
{
    const sg_product *p = &o->product;
    const sg_bf16 *a = (const sg_bf16 *)o->a.data + 2 * i * p->a_stride;
    const sg_bf16 *b = (const sg_bf16 *)o->b.data + 2 * j;
    const int64_t at = i * p->c_stride + j;
    double sum = 0;
    *size = 0;
    for (int64_t k = 0; k < 2 * p->depth; k++) {
        const int64_t row = k / 2 * kernels->panel * 2 + k % 2;
        const double term = (double)sg_bf16_widen(a[k]) * (double)sg_bf16_widen(b[row]);
        sum += term;
        *size += fabs(term);
    }
    const double others[] = {
        p->accumulate ? (double)((const float *)o->before.data)[at] : 0,
        p->bias ? (double)p->bias[j] : 0, p->residual ? (double)p->residual[at] : 0,
        p->half_residual ? (double)sg_bf16_widen(((const sg_bf16 *)o->half_before.data)[at]) : 0};
    for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
        sum += others[k];
        *size += fabs(others[k]);
    }
    return sum;
}

/* Sums that are floats. Each of two roundings a pair of numbers, and of one a further term, is off
 * by one unit in the last place of what has been summed at most, which is 2^-23 of it; then comes
 * the activation, which moves no two numbers apart by more than a factor 1.5. */
static void check_floats_of(const sg_product_kernels *kernels, const operands *o, uint32_t variant)
{
    const sg_product *p = &o->product;
    for (int64_t at = 0; at < o->count; at++) {
        const int64_t i = at / p->c_stride, j = at % p->c_stride;
        double size = 0, expected = (double)((const float *)o->before.data)[at], bound = 0;
        if (j < p->columns) {
            const double sum = truth(kernels, o, i, j, &size);
            expected = (double)sg_activate(p->activation, (float)sum);
            bound = 0x1.8p-23 * (double)(2 * p->depth + 6) * size + 1e-6;
        }
        if (!(fabs((double)p->c[at] - expected) <= bound))
            check_fail("%d x %d x %d, variant %u: C[%d][%d] is %.8g, expected %.8g", (int)p->rows,
                       (int)p->columns, (int)p->depth, variant, (int)i, (int)j, (double)p->c[at],
                       expected);
    }
}

/* The same sums to halves: those floats, rounded. What lies between the rows stays, and so does C.
 */
static void check_halves_of(const sg_product_kernels *kernels, operands *o, uint32_t variant)
{
    sg_product *p = &o->product;
    float *floats = malloc((size_t)o->count * sizeof(float));
    if (!floats)
        abort();
    memcpy(floats, o->c.data, (size_t)o->count * sizeof(float));
    memcpy(o->c.data, o->before.data, (size_t)o->count * sizeof(float));
    p->half = o->half.data;
    if (!p->accumulate)
        p->c = NULL;
    kernels->product(p);
    for (int64_t at = 0; at < o->count; at++) {
        const int64_t j = at % p->c_stride;
        const sg_bf16 found = p->half[at], was = ((const sg_bf16 *)o->half_before.data)[at];
        const sg_bf16 expected = j < p->columns ? sg_bf16_round(floats[at]) : was;
        if (found != expected)
            check_fail("%d x %d x %d, variant %u: half [%d][%d] is 0x%04x, expected 0x%04x",
                       (int)p->rows, (int)p->columns, (int)p->depth, variant,
                       (int)(at / p->c_stride), (int)j, (unsigned)found, (unsigned)expected);
    }
    if (memcmp(o->c.data, o->before.data, (size_t)o->count * sizeof(float)) != 0)
        check_fail("%d x %d x %d, variant %u: C was written", (int)p->rows, (int)p->columns,
                   (int)p->depth, variant);
    free(floats);
}

static void check_sums(const sg_product_kernels *kernels, int64_t rows, int64_t depth,
                       int32_t columns, uint32_t variant)
{
    operands o = make(kernels, rows, depth, columns, variant);
    kernels->product(&o.product);
    check_floats_of(kernels, &o, variant);
    check_halves_of(kernels, &o, variant);
    release(&o);
}

/* Row by row the same bits. */
static void check_rows(const sg_product_kernels *kernels)
{
    const int64_t rows = 2 * kernels->tile + 2;
    operands o = make(kernels, rows, 70, kernels->panel, BIAS), one = o;
    check_memory c = check_allocate((size_t)o.count * sizeof(float));
    kernels->product(&o.product);
    one.product.rows = 1;
    for (int64_t i = 0; i < rows; i++) {
        one.product.a = o.product.a + i * o.product.a_stride;
        one.product.c = (float *)c.data + i * o.product.c_stride;
        kernels->product(&one.product);
        if (memcmp(one.product.c, o.product.c + i * o.product.c_stride,
                   (size_t)kernels->panel * sizeof(float)) != 0)
            check_fail("row %d of %d has other bits alone", (int)i, (int)rows);
    }
    check_free(&c);
    release(&o);
}

/* The product of zeros, plus `value`, to a half. */
static sg_bf16 rounded(const sg_product_kernels *kernels, float value)
{
    const uint32_t zero = 0;
    sg_bf16 half = 0;
    check_memory b = check_allocate((size_t)kernels->panel * sizeof(float));
    memset(b.data, 0, (size_t)kernels->panel * sizeof(float));
    kernels->product(&(sg_product){.rows = 1,
                                   .depth = 1,
                                   .columns = 1,
                                   .a = (const float *)(const void *)&zero,
                                   .a_stride = 1,
                                   .b = b.data,
                                   .bias = &value,
                                   .half = &half,
                                   .half_stride = 1});
    check_free(&b);
    return half;
}

/* In the middle between two numbers, about there, and at the ends. Numbers too small to be normal
 * may count as zeros. */
static void check_rounding(const sg_product_kernels *kernels)
{
    static const float values[] = {1.0f,      0x1.01p0f,       0x1.03p0f,   0x1.010002p0f,
                                   0x1.fep9f, -0x1.ffp3f,      FLT_MAX,     -FLT_MAX,
                                   FLT_MIN,   -0x1.feffffp5f,  -INFINITY,   INFINITY,
                                   0.0f,      0x1.fefffep127f, 0x1.ffp127f, 0x1.0101p-126f};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const sg_bf16 found = rounded(kernels, values[i]), expected = sg_bf16_round(values[i]);
        if (found != expected)
            check_fail("%a becomes 0x%04x, expected 0x%04x", (double)values[i], (unsigned)found,
                       (unsigned)expected);
    }
    if (!isnan(sg_bf16_widen(rounded(kernels, NAN))))
        check_fail("NaN becomes 0x%04x", (unsigned)rounded(kernels, NAN));
    const float small = 0x1.45p-130f;
    const sg_bf16 found = rounded(kernels, small);
    if (found != sg_bf16_round(small) && found != 0)
        check_fail("%a becomes 0x%04x", (double)small, (unsigned)found);
}

/* NaN and infinities among A's numbers, even and odd ones; they go through ReLU as the definition
 * has it. What the last one sums is beyond the largest float. */
static void check_not_finite(const sg_product_kernels *kernels)
{
    static const float numbers[][2] = {
        {NAN, 1},      {1, NAN},      {-INFINITY, 1},        {1, -INFINITY},
        {INFINITY, 1}, {1, INFINITY}, {INFINITY, -INFINITY}, {0x1.fep127f, 0x1.fep127f}};
    enum { ROWS = sizeof(numbers) / sizeof(numbers[0]) };
    sg_bf16 a[ROWS][2], half[ROWS] = {0};
    float c[ROWS] = {0};
    check_memory b = check_allocate((size_t)kernels->panel * sizeof(float));
    memset(b.data, 0, (size_t)kernels->panel * sizeof(float));
    ((sg_bf16 *)b.data)[0] = ((sg_bf16 *)b.data)[1] = sg_bf16_round(1.0f);
    for (int32_t i = 0; i < ROWS; i++) {
        a[i][0] = sg_bf16_round(numbers[i][0]);
        a[i][1] = sg_bf16_round(numbers[i][1]);
    }
    sg_product p = {.rows = ROWS,
                    .depth = 1,
                    .columns = 1,
                    .a = (const float *)(const void *)a,
                    .a_stride = 1,
                    .b = b.data,
                    .c = c,
                    .c_stride = 1,
                    .activation = SG_RELU};
    kernels->product(&p);
    p.half = half;
    p.half_stride = 1;
    kernels->product(&p);
    for (int32_t i = 0; i < ROWS; i++) {
        const double found[] = {(double)c[i], (double)sg_bf16_widen(half[i])};
        for (int32_t k = 0; k < 2; k++) {
            const bool right = i < 2 || i == 6 ? isnan(found[k])
                               : i < 4         ? found[k] == 0
                                               : isinf(found[k]) && found[k] > 0;
            if (!right)
                check_fail("%g + %g becomes %g", (double)numbers[i][0], (double)numbers[i][1],
                           found[k]);
        }
    }
    check_free(&b);
}

static void check_products(const sg_product_kernels *kernels)
{
    for (int64_t rows = 1; rows <= 2 * kernels->tile + 1; rows++) {
        for (int32_t columns = 1; columns <= kernels->panel; columns++)
            check_sums(kernels, rows, 1 + (rows + columns) % 11, columns,
                       (uint32_t)(rows * 37 + columns * 5) % VARIANTS);
    }
    for (uint32_t variant = 0; variant < VARIANTS; variant++)
        check_sums(kernels, kernels->tile + 2, 17, kernels->panel / 2 + 1, variant);
    for (uint32_t variant = 0; variant < VARIANTS; variant += 31)
        check_sums(kernels, 2 * kernels->tile + 2, 300, kernels->panel, variant);
    check_rows(kernels);
    check_rounding(kernels);
    check_not_finite(kernels);
}

/* ==== Winograd's transforms ==== */

enum {
    CHANNELS = 38, /* whole vectors and a rest, for vectors of any length */
    ROOM = 48,
    POINTS = SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX
};

/* Halves, and the same as floats. */
typedef struct numbers {
    check_memory half, whole;
} numbers;

static numbers make_numbers(int64_t count, uint64_t *seed)
{
    numbers n = {random_halves(count, seed), check_allocate((size_t)count * sizeof(float))};
    for (int64_t i = 0; i < count; i++)
        ((float *)n.whole.data)[i] = sg_bf16_widen(((const sg_bf16 *)n.half.data)[i]);
    return n;
}

static void free_numbers(numbers *n)
{
    check_free(&n->half);
    check_free(&n->whole);
}

/* A tile's vertical and horizontal side. */
typedef struct kind {
    sg_winograd_side row, column;
} kind;

/* The transformed numbers of each point; what lies behind a point's channels is not looked at. */
static void compare(const char *what, kind k, const sg_bf16 *found, const float *expected,
                    int32_t points, int32_t channels, double size)
{
    for (int32_t i = 0; i < points * ROOM; i++) {
        if (i % ROOM < channels && !is_rounded(found[i], expected[i], size))
            check_fail("%s, sides %d and %d: point %d, channel %d is %.8g, expected %.8g rounded",
                       what, (int)k.row, (int)k.column, i / ROOM, i % ROOM,
                       (double)sg_bf16_widen(found[i]), (double)expected[i]);
    }
}

static void check_weights(const sg_winograd_kernels *kernels, kind k)
{
    static float expected[POINTS * ROOM];
    static sg_bf16 found[POINTS * ROOM];
    double rows[SG_WINOGRAD_POINTS_MAX][3], columns[SG_WINOGRAD_POINTS_MAX][3];
    const int32_t row_points = sg_winograd_side_counts(k.row).points;
    const int32_t column_points = sg_winograd_side_counts(k.column).points;
    uint64_t seed = 1 + (uint64_t)k.row * SG_WINOGRAD_SIDES + (uint64_t)k.column;
    numbers taps = make_numbers(9 * CHANNELS, &seed);
    sg_winograd_weight_matrix(k.row, rows);
    sg_winograd_weight_matrix(k.column, columns);
    sg_winograd_weights w = {.taps = taps.whole.data,
                             .tap_stride = CHANNELS,
                             .count = CHANNELS,
                             .rows = (const double(*)[3])rows,
                             .columns = (const double(*)[3])columns,
                             .row_points = row_points,
                             .column_points = column_points,
                             .points = expected,
                             .stride = ROOM};
    sg_winograd_ref.weights(&w);
    w.taps = taps.half.data;
    w.tap_stride = w.count = CHANNELS / 2;
    w.points = (float *)(void *)found;
    w.stride = ROOM / 2;
    kernels->weights(&w);
    compare("weights", k, found, expected, row_points * column_points, CHANNELS, 10);
    free_numbers(&taps);
}

static void check_input(const sg_winograd_kernels *kernels, kind k)
{
    static float expected[POINTS * ROOM];
    static sg_bf16 found[POINTS * ROOM];
    const sg_winograd_counts rows = sg_winograd_side_counts(k.row);
    const sg_winograd_counts columns = sg_winograd_side_counts(k.column);
    const float *whole[POINTS] = {NULL}, *half[POINTS] = {NULL};
    numbers pixels[POINTS];
    uint64_t seed = 2 + (uint64_t)k.row * SG_WINOGRAD_SIDES + (uint64_t)k.column;
    for (int32_t i = 0; i < rows.inputs * columns.inputs; i++) {
        pixels[i] = make_numbers(CHANNELS, &seed);
        whole[i] = pixels[i].whole.data;
        half[i] = pixels[i].half.data;
    }
    sg_winograd_ref.input[k.row][k.column](whole, CHANNELS, expected, ROOM);
    kernels->input[k.row][k.column](half, CHANNELS, (float *)(void *)found, ROOM / 2);
    compare("input", k, found, expected, rows.points * columns.points, CHANNELS, 40);
    for (int32_t i = 0; i < rows.inputs * columns.inputs; i++)
        free_numbers(&pixels[i]);
}

/* With a residual in the output's place, and one pixel left out. */
static void check_output(const sg_winograd_kernels *kernels, kind k, sg_activation activation)
{
    const sg_winograd_counts rows = sg_winograd_side_counts(k.row);
    const sg_winograd_counts columns = sg_winograd_side_counts(k.column);
    const int32_t outputs = rows.outputs * columns.outputs;
    uint64_t seed = 3 + (uint64_t)k.row * SG_WINOGRAD_SIDES + (uint64_t)k.column;
    numbers pixels[POINTS];
    check_memory bias = check_floats(CHANNELS, &seed);
    check_memory points = check_floats(rows.points * columns.points * ROOM, &seed);
    sg_winograd_output whole = {.points = points.data,
                                .stride = ROOM,
                                .has_residual = true,
                                .activation = activation,
                                .bias = bias.data,
                                .channels = CHANNELS};
    sg_winograd_output half = whole;
    sg_bf16 before[CHANNELS];
    for (int32_t i = 0; i < outputs; i++) {
        pixels[i] = make_numbers(CHANNELS, &seed);
        whole.pixels[i] = i == 1 ? NULL : pixels[i].whole.data;
        half.pixels[i] = i == 1 ? NULL : pixels[i].half.data;
        whole.residuals[i] = whole.pixels[i];
        half.residuals[i] = half.pixels[i];
    }
    memcpy(before, pixels[1].half.data, sizeof(before));
    sg_winograd_ref.output[k.row][k.column](&whole);
    kernels->output[k.row][k.column](&half);
    if (memcmp(before, pixels[1].half.data, sizeof(before)) != 0)
        check_fail("output, sides %d and %d: a pixel that is not there was written", (int)k.row,
                   (int)k.column);
    for (int32_t i = 0; i < outputs; i++) {
        const float *expected = pixels[i].whole.data;
        const sg_bf16 *found = pixels[i].half.data;
        for (int32_t c = 0; c < CHANNELS; c++) {
            if (!is_rounded(found[c], expected[c], 100))
                check_fail("output, sides %d and %d, activation %d: pixel %d, channel %d is "
                           "%.8g, expected %.8g rounded",
                           (int)k.row, (int)k.column, (int)activation, (int)i, (int)c,
                           (double)sg_bf16_widen(found[c]), (double)expected[c]);
        }
        free_numbers(&pixels[i]);
    }
    check_free(&bias);
    check_free(&points);
}

static int check_transforms(const sg_winograd_kernels *kernels)
{
    int kinds = 0;
    for (int32_t i = 0; kernels && i < SG_WINOGRAD_SIDES * SG_WINOGRAD_SIDES; i++) {
        const kind k = {i / SG_WINOGRAD_SIDES, i % SG_WINOGRAD_SIDES};
        if (!kernels->input[k.row][k.column])
            continue;
        check_weights(kernels, k);
        check_input(kernels, k);
        for (int32_t a = SG_IDENTITY; a < SG_ACTIVATIONS; a++)
            check_output(kernels, k, a);
        kinds++;
    }
    return kinds;
}

void check_halves(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        sg_half_kernels_init(&kernels, sets[i]);
        if (sets[i] == SG_CPU_REF)
            kernels = sg_half_kernels_ref;
        else if (!kernels.fast)
            continue;
        check_begin("bfloat16", sets[i]);
        check_products(&kernels);
        const int kinds = check_transforms(kernels.winograd);
        check_end("%s, %d kinds of tiles", kernels.name, kinds);
    }
}
