/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Winograd's transforms, written once in the words of vector.h. The file that includes this one has
 * included vector_<set>.h and has defined WINOGRAD, the name of the table, and HALVES if pixels,
 * weights and points of inputs are bfloat16 numbers (product_template.h has their words); the
 * transforms themselves are computed in float32 then.
 *
 * A transform of a tile, B^T d B or A^T M A, is one of its columns and then one of its rows, and
 * each of those is a small function from a side of vectors to a side of vectors: lanes are
 * channels. */

#include "vector.h"
#include "vector_activation.h"
#include "winograd.h"
#include "winograd_mixed.h"

#include <stddef.h>
#include <string.h>

enum {
    SIDE = SG_WINOGRAD_POINTS_MAX,
    AHEAD = 32,                         /* pixels and points are fetched so many channels ahead, */
    WEIGHTS_AHEAD = 128,                /* transformed weights so many windows */
    DOUBLES = LANES > 2 ? LANES / 2 : 2 /* of a vector in which weights are computed */
};

/* What pixels, weights and points of inputs are. Pointers to them and strides are in floats, of
 * which each has the place of one float or two halves. */
#ifdef HALVES
typedef sg_bf16 number;
#    define load_number(p)             v_load_half(p)
#    define load_numbers_some(p, n)    load_half(p, n)
#    define store_number(p, a)         v_store_half(p, a)
#    define store_number_some(p, a, n) store_half(p, a, n)

INLINE v_f32 load_half(const sg_bf16 *from, int32_t n)
{
    return n == LANES ? v_load_half(from) : v_load_half_part(from, n);
}

INLINE void store_half(sg_bf16 *to, v_f32 value, int32_t n)
{
    if (n == LANES)
        v_store_half(to, value);
    else
        v_store_half_part(to, value, n);
}
enum { A_FLOAT = 2 /* numbers in the place of one */ };
#else
typedef float number;
enum { A_FLOAT = 1 };
#    define load_number(p)             v_load(p)
#    define load_numbers_some(p, n)    v_load_some(p, n)
#    define store_number(p, a)         v_store(p, a)
#    define store_number_some(p, a, n) v_store_some(p, a, n)
#endif

/* The numbers at the place of some floats. */
INLINE const number *numbers(const float *floats)
{
    return (const number *)(const void *)floats;
}

INLINE number *numbers_to(float *floats)
{
    return (number *)(void *)floats;
}

/* y = B^T x (input_...) or y = A^T x (output_...) for one row or column of a tile. */
typedef void (*side_fn)(const v_f32 *x, v_f32 *y);

INLINE void input_2(const v_f32 *x, v_f32 *y)
{
    y[0] = v_sub(x[2], x[0]);
    y[1] = v_add(x[1], x[2]);
    y[2] = v_sub(x[2], x[1]);
    y[3] = v_sub(x[3], x[1]);
}

INLINE void output_2(const v_f32 *x, v_f32 *y)
{
    y[0] = v_add(x[0], v_add(x[1], x[2]));
    y[1] = v_add(v_sub(x[1], x[2]), x[3]);
}

/* clang-format off */
/* B^T for the points 0, +-3/4, +-3/2 and infinity; a = 9/16 and b = 9/4 are their squares. The rows
 * are coefficients of polynomials, of which those of p and -p share their even and odd terms:
 *
 *     0:          (x^2 - a) (x^2 - b)
 *     +-p:        x (x +- p) (x^2 - the other square)
 *     infinity:   x (x^2 - a) (x^2 - b) */
/* clang-format on */
INLINE void input_4(const v_f32 *x, v_f32 *y)
{
    const v_f32 sum = v_set(-2.8125f), product = v_set(1.265625f);
    const v_f32 minus_a = v_set(-0.5625f), minus_b = v_set(-2.25f);
    const v_f32 p = v_set(0.75f), q = v_set(1.5f);
    const v_f32 even_a = v_fma(minus_b, x[2], x[4]), odd_a = v_fma(minus_b, x[1], x[3]);
    const v_f32 even_b = v_fma(minus_a, x[2], x[4]), odd_b = v_fma(minus_a, x[1], x[3]);
    y[0] = v_fma(sum, x[2], v_fma(product, x[0], x[4]));
    y[1] = v_fma(p, odd_a, even_a);
    y[2] = v_fnma(p, odd_a, even_a);
    y[3] = v_fma(q, odd_b, even_b);
    y[4] = v_fnma(q, odd_b, even_b);
    y[5] = v_fma(sum, x[3], v_fma(product, x[1], x[5]));
}

INLINE void output_4(const v_f32 *x, v_f32 *y)
{
    const v_f32 p = v_set(0.75f), q = v_set(1.5f);
    const v_f32 p2 = v_set(0.5625f), q2 = v_set(2.25f);
    const v_f32 p3 = v_set(0.421875f), q3 = v_set(3.375f);
    const v_f32 even_a = v_add(x[1], x[2]), odd_a = v_sub(x[1], x[2]);
    const v_f32 even_b = v_add(x[3], x[4]), odd_b = v_sub(x[3], x[4]);
    y[0] = v_add(x[0], v_add(even_a, even_b));
    y[1] = v_fma(q, odd_b, v_mul(p, odd_a));
    y[2] = v_fma(q2, even_b, v_mul(p2, even_a));
    y[3] = v_fma(q3, odd_b, v_fma(p3, odd_a, x[5]));
}

#ifndef HALVES
/* clang-format off */
/* The same for the points 0, +-1/2, +-1, +-2 and infinity, with a = 1/4, b = 1 and c = 4:
 *
 *     0:          (x^2 - a) (x^2 - b) (x^2 - c)
 *     +-p:        x (x +- p) (x^2 - one of the other squares) (x^2 - the other one)
 *     infinity:   x (x^2 - a) (x^2 - b) (x^2 - c) */
/* clang-format on */
INLINE void input_6(const v_f32 *x, v_f32 *y)
{
    /* With t = x^2: (t - a) (t - b) (t - c) = t^3 + all1 t^2 + all2 t - 1, (t - b) (t - c) = t^2 +
     * bc1 t + bc2, (t - a) (t - c) = t^2 + ac1 t + 1, (t - a) (t - b) = t^2 + ab1 t + ab2. */
    const v_f32 all1 = v_set(-5.25f), all2 = v_set(5.25f);
    const v_f32 bc1 = v_set(-5.0f), bc2 = v_set(4.0f);
    const v_f32 ac1 = v_set(-4.25f), half = v_set(0.5f);
    const v_f32 ab1 = v_set(-1.25f), ab2 = v_set(0.25f);
    const v_f32 two = v_set(2.0f);
    const v_f32 even_a = v_fma(bc2, x[2], v_fma(bc1, x[4], x[6]));
    const v_f32 odd_a = v_fma(bc2, x[1], v_fma(bc1, x[3], x[5]));
    const v_f32 even_b = v_fma(ac1, x[4], v_add(x[2], x[6]));
    const v_f32 odd_b = v_fma(ac1, x[3], v_add(x[1], x[5]));
    const v_f32 even_c = v_fma(ab2, x[2], v_fma(ab1, x[4], x[6]));
    const v_f32 odd_c = v_fma(ab2, x[1], v_fma(ab1, x[3], x[5]));
    y[0] = v_fma(all1, x[4], v_fma(all2, x[2], v_sub(x[6], x[0])));
    y[1] = v_fma(half, odd_a, even_a);
    y[2] = v_fnma(half, odd_a, even_a);
    y[3] = v_add(even_b, odd_b);
    y[4] = v_sub(even_b, odd_b);
    y[5] = v_fma(two, odd_c, even_c);
    y[6] = v_fnma(two, odd_c, even_c);
    y[7] = v_fma(all1, x[5], v_fma(all2, x[3], v_sub(x[7], x[1])));
}

INLINE void output_6(const v_f32 *x, v_f32 *y)
{
    const v_f32 even_a = v_add(x[1], x[2]), odd_a = v_sub(x[1], x[2]);
    const v_f32 even_b = v_add(x[3], x[4]), odd_b = v_sub(x[3], x[4]);
    const v_f32 even_c = v_add(x[5], x[6]), odd_c = v_sub(x[5], x[6]);
    y[0] = v_add(v_add(x[0], even_a), v_add(even_b, even_c));
    y[1] = v_fma(v_set(0.5f), odd_a, v_fma(v_set(2.0f), odd_c, odd_b));
    y[2] = v_fma(v_set(0.25f), even_a, v_fma(v_set(4.0f), even_c, even_b));
    y[3] = v_fma(v_set(0.125f), odd_a, v_fma(v_set(8.0f), odd_c, odd_b));
    y[4] = v_fma(v_set(0.0625f), even_a, v_fma(v_set(16.0f), even_c, even_b));
    y[5] = v_fma(v_set(0.03125f), odd_a, v_fma(v_set(32.0f), odd_c, v_add(odd_b, x[7])));
}
#endif

INLINE void input_WHOLE_2(const v_f32 *x, v_f32 *y)
{
    y[0] = v_add(x[0], x[1]);
    y[1] = x[1];
    y[2] = x[0];
}

INLINE void output_WHOLE_2(const v_f32 *x, v_f32 *y)
{
    y[0] = v_add(x[0], x[1]);
    y[1] = v_add(x[0], x[2]);
}

INLINE void input_WHOLE_3(const v_f32 *x, v_f32 *y)
{
    const v_f32 p = v_set(1.5f), q = v_set(0.5f);
    const v_f32 even = v_add(x[0], x[2]), odd = v_sub(x[0], x[2]);
    y[0] = v_fma(p, x[1], even);
    y[1] = v_fnma(p, x[1], even);
    y[2] = v_fnma(q, x[1], odd);
    y[3] = v_fma(q, x[1], odd);
}

INLINE void output_WHOLE_3(const v_f32 *x, v_f32 *y)
{
    const v_f32 p = v_set(1.5f), q = v_set(0.5f);
    const v_f32 even = v_sub(x[0], x[1]), odd = v_sub(x[2], x[3]);
    y[0] = v_add(even, odd);
    y[1] = v_fma(p, v_add(x[0], x[1]), v_mul(q, v_add(x[2], x[3])));
    y[2] = v_sub(even, odd);
}

/* One row of a constant matrix times x. Where this is inlined nothing is left of zeros. */
INLINE v_f32 row_times(const float *row, const v_f32 *x, const int32_t count)
{
    v_f32 sum = v_zero();
    bool empty = true;
    UNROLL_ALL
    for (int32_t j = 0; j < count; j++) {
        if (row[j] == 0)
            continue;
        sum = row[j] == 1 ? (empty ? x[j] : v_add(sum, x[j]))
              : empty     ? v_mul(v_set(row[j]), x[j])
                          : v_fma(v_set(row[j]), x[j], sum);
        empty = false;
    }
    return sum;
}

#define MIXED_SIDE(m)                                          \
    INLINE void input_MIXED_##m(const v_f32 *x, v_f32 *y)      \
    {                                                          \
        UNROLL_ALL                                             \
        for (int32_t i = 0; i < (m) + 2; i++)                  \
            y[i] = row_times(INPUT_MIXED_##m[i], x, (m) + 2);  \
    }                                                          \
    INLINE void output_MIXED_##m(const v_f32 *x, v_f32 *y)     \
    {                                                          \
        UNROLL_ALL                                             \
        for (int32_t i = 0; i < (m); i++)                      \
            y[i] = row_times(OUTPUT_MIXED_##m[i], x, (m) + 2); \
    }

MIXED_SIDE(3)
MIXED_SIDE(4)
MIXED_SIDE(5)

/* A transform of a vector of channels of a tile is two passes, one over its columns and one over
 * its rows, with the tile between them. */
typedef v_f32 half_tile[SIDE][SIDE];

/* Column j of the pixels, which lie at `offset` from their pointers. */
INLINE void input_column(const float *const *pixels, int64_t offset, half_tile half, int32_t j,
                         int32_t columns, const sg_winograd_counts side, const side_fn transform)
{
    v_f32 x[SIDE], y[SIDE];
    UNROLL_ALL
    for (int32_t i = 0; i < side.inputs; i++) {
        const number *pixel = numbers(pixels[i * columns + j]) + offset;
        x[i] = load_number(pixel);
        FETCH(pixel + AHEAD);
    }
    transform(x, y);
    UNROLL_ALL
    for (int32_t i = 0; i < side.points; i++)
        half[i][j] = y[i];
}

/* Row i, to its points. */
INLINE void input_row(half_tile half, int32_t i, number *points, int64_t stride,
                      const sg_winograd_counts side, const side_fn transform)
{
    v_f32 y[SIDE];
    transform(half[i], y);
    UNROLL_ALL
    for (int32_t j = 0; j < side.points; j++)
        store_number(points + (i * side.points + j) * stride, y[j]);
}

/* The last channels, where they are less than a vector, with zeros behind them. */
static NOINLINE void copy_last(const float *const *pixels, int32_t count, int64_t first,
                               int64_t channels, number (*copies)[LANES], const float **pointers)
{
    for (int32_t i = 0; i < count; i++) {
        for (int64_t c = 0; c < LANES; c++)
            copies[i][c] = first + c < channels ? numbers(pixels[i])[first + c] : 0;
        pointers[i] = (const float *)(const void *)copies[i];
    }
}

typedef void (*input_columns_fn)(const float *const *pixels, int64_t offset, half_tile half,
                                 int32_t columns);
typedef void (*input_rows_fn)(half_tile half, number *points, int64_t stride, int32_t rows);

INLINE void input_tile(const float *const *pixels, int64_t channels, float *points, int64_t stride,
                       const sg_winograd_counts rows, const sg_winograd_counts columns,
                       const input_columns_fn column_pass, const input_rows_fn row_pass)
{
    number copies[SIDE * SIDE][LANES];
    const float *pointers[SIDE * SIDE];
    half_tile half;
    for (int64_t c = 0; c < channels; c += LANES) {
        const bool whole = channels - c >= LANES;
        if (!whole)
            copy_last(pixels, rows.inputs * columns.inputs, c, channels, copies, pointers);
        column_pass(whole ? pixels : pointers, whole ? c : 0, half, columns.inputs);
        row_pass(half, numbers_to(points) + c, stride * A_FLOAT, rows.points);
    }
}

#ifdef HALVES
/* Before it is rounded. */
static NOINLINE v_f32 activated(sg_activation activation, v_f32 value)
{
    float numbers[LANES];
    v_store(numbers, value);
    v_activate_rows(activation, numbers, 0, 1, LANES);
    return v_load(numbers);
}
#endif

/* Bias, residual and activation of a vector of one output pixel's channels, of which `count` are
 * there. */
INLINE void finish(const sg_winograd_output *o, int32_t pixel, int64_t c, int32_t count,
                   v_f32 value, v_f32 bias)
{
    if (!o->pixels[pixel])
        return;
    value = v_add(value, bias);
    if (o->has_residual)
        value = v_add(value, load_numbers_some(numbers(o->residuals[pixel]) + c, count));
    if (o->activation == SG_RELU)
        value = v_relu(value);
#ifdef HALVES
    if (sg_is_rare(o->activation))
        value = activated(o->activation, value);
#endif
    store_number_some(numbers_to(o->pixels[pixel]) + c, value, count);
}

/* Column j of the points. */
INLINE void output_column(const sg_winograd_output *o, int64_t c, half_tile half, int32_t j,
                          int32_t columns, const sg_winograd_counts side, const side_fn transform)
{
    v_f32 x[SIDE], y[SIDE];
    UNROLL_ALL
    for (int32_t i = 0; i < side.points; i++) {
        const float *point = o->points + (i * columns + j) * o->stride + c;
        x[i] = v_load(point);
        FETCH(point + AHEAD);
    }
    transform(x, y);
    UNROLL_ALL
    for (int32_t i = 0; i < side.outputs; i++)
        half[i][j] = y[i];
}

/* Row i, to its pixels. */
INLINE void output_row(const sg_winograd_output *o, int64_t c, int32_t count, half_tile half,
                       int32_t i, v_f32 bias, const sg_winograd_counts side,
                       const side_fn transform)
{
    v_f32 y[SIDE];
    transform(half[i], y);
    UNROLL_ALL
    for (int32_t j = 0; j < side.outputs; j++)
        finish(o, i * side.outputs + j, c, count, y[j], bias);
}

typedef void (*output_columns_fn)(const sg_winograd_output *o, int64_t c, half_tile half,
                                  int32_t columns);
typedef void (*output_rows_fn)(const sg_winograd_output *o, int64_t c, int32_t count,
                               half_tile half, int32_t rows);

INLINE void output_tile(const sg_winograd_output *o, const sg_winograd_counts rows,
                        const sg_winograd_counts columns, const output_columns_fn column_pass,
                        const output_rows_fn row_pass)
{
    half_tile half;
    for (int64_t c = 0; c < o->channels; c += LANES) {
        const int64_t left = o->channels - c;
        column_pass(o, c, half, columns.points);
        row_pass(o, c, left < LANES ? (int32_t)left : LANES, half, rows.outputs);
    }
    if (A_FLOAT > 1 || !sg_is_rare(o->activation))
        return;
    for (int32_t i = 0; i < rows.outputs * columns.outputs; i++) {
        if (o->pixels[i])
            v_activate_rows(o->activation, o->pixels[i], 0, 1, o->channels);
    }
}

/* The passes over columns whose vertical side this is, and over rows whose horizontal side it is.
 * Tiles that are frequent have passes of their `own`, which become one piece of code with all loops
 * unrolled. The others share theirs: a function for each pair of sides would be several times as
 * much code. `how` is what the functions are, `unroll` UNROLL_ALL or nothing. */
/* NOLINTBEGIN(bugprone-macro-parentheses): neither what a function is nor a pragma can stand in
 * parentheses. */
#define COLUMN_PASSES(kind, side, how, unroll)                                                   \
    how void input_columns_##kind##side(const float *const *pixels, int64_t offset,              \
                                        half_tile half, int32_t columns)                         \
    {                                                                                            \
        unroll for (int32_t j = 0; j < columns; j++)                                             \
            input_column(pixels, offset, half, j, columns,                                       \
                         sg_winograd_side_counts(SG_SIDE_##side), input_##side);                 \
    }                                                                                            \
    how void output_columns_##kind##side(const sg_winograd_output *o, int64_t c, half_tile half, \
                                         int32_t columns)                                        \
    {                                                                                            \
        unroll for (int32_t j = 0; j < columns; j++) output_column(                              \
            o, c, half, j, columns, sg_winograd_side_counts(SG_SIDE_##side), output_##side);     \
    }
#define ROW_PASSES(kind, side, how, unroll)                                                        \
    how void input_rows_##kind##side(half_tile half, number *points, int64_t stride, int32_t rows) \
    {                                                                                              \
        unroll for (int32_t i = 0; i < rows; i++) input_row(                                       \
            half, i, points, stride, sg_winograd_side_counts(SG_SIDE_##side), input_##side);       \
    }                                                                                              \
    how void output_rows_##kind##side(const sg_winograd_output *o, int64_t c, int32_t count,       \
                                      half_tile half, int32_t rows)                                \
    {                                                                                              \
        const v_f32 bias = v_load_some(o->bias + c, count);                                        \
        unroll for (int32_t i = 0; i < rows; i++) output_row(                                      \
            o, c, count, half, i, bias, sg_winograd_side_counts(SG_SIDE_##side), output_##side);   \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
#define PASSES(kind, side, how, unroll)    \
    COLUMN_PASSES(kind, side, how, unroll) \
    ROW_PASSES(kind, side, how, unroll)

PASSES(own, 2, INLINE, UNROLL_ALL)
PASSES(own, 4, INLINE, UNROLL_ALL)
#ifndef HALVES
ROW_PASSES(own, 6, INLINE, UNROLL_ALL)
#endif
PASSES(shared, WHOLE_2, static NOINLINE, )
PASSES(shared, WHOLE_3, static NOINLINE, )
PASSES(shared, MIXED_3, static NOINLINE, )
PASSES(shared, MIXED_4, static NOINLINE, )
PASSES(shared, MIXED_5, static NOINLINE, )

/* The two functions for one kind of tile. */
#define TILE(kind, rows, columns)                                                             \
    static void input_##rows##x##columns(const float *const *pixels, int64_t channels,        \
                                         float *points, int64_t stride)                       \
    {                                                                                         \
        input_tile(pixels, channels, points, stride, sg_winograd_side_counts(SG_SIDE_##rows), \
                   sg_winograd_side_counts(SG_SIDE_##columns), input_columns_##kind##rows,    \
                   input_rows_##kind##columns);                                               \
    }                                                                                         \
    static void output_##rows##x##columns(const sg_winograd_output *output)                   \
    {                                                                                         \
        output_tile(output, sg_winograd_side_counts(SG_SIDE_##rows),                          \
                    sg_winograd_side_counts(SG_SIDE_##columns), output_columns_##kind##rows,  \
                    output_rows_##kind##columns);                                             \
    }
#define FITTING_TILES(rows)     \
    TILE(shared, rows, WHOLE_2) \
    TILE(shared, rows, WHOLE_3) \
    TILE(shared, rows, MIXED_3) \
    TILE(shared, rows, MIXED_4) \
    TILE(shared, rows, MIXED_5)

TILE(own, 2, 2)
TILE(own, 4, 4)
#ifndef HALVES
TILE(own, 4, 6)
#endif
FITTING_TILES(WHOLE_2)
FITTING_TILES(WHOLE_3)
FITTING_TILES(MIXED_3)
FITTING_TILES(MIXED_4)
FITTING_TILES(MIXED_5)

/* ==== Weights ==== */

#ifdef HALVES
/* Two vectors of windows together, so that whole lines are written at each pair of points; they are
 * computed in float32. */
typedef struct windows {
    v_f32 part[2];
} windows;

INLINE windows load_windows(const sg_bf16 *from, int32_t n)
{
    const int32_t first = n < LANES ? n : LANES;
    return (windows){
        {load_half(from, first), n > first ? load_half(from + first, n - first) : v_zero()}};
}

INLINE void store_windows(sg_bf16 *to, windows x, int32_t n)
{
    const int32_t first = n < LANES ? n : LANES;
    if (n == 2 * LANES) {
        v_store_halves(to, x.part[0], x.part[1]);
        return;
    }
    store_half(to, x.part[0], first);
    if (n > first)
        store_half(to + first, x.part[1], n - first);
}

INLINE windows value_at(const float g[3], const windows *x0, const windows *x1, const windows *x2)
{
    windows y;
    UNROLL_ALL
    for (int32_t v = 0; v < 2; v++)
        y.part[v] = v_fma(v_set(g[2]), x2->part[v],
                          v_fma(v_set(g[1]), x1->part[v], v_mul(v_set(g[0]), x0->part[v])));
    return y;
}

static void to_floats(const double (*g)[3], int32_t points, float floats[SIDE][3])
{
    for (int32_t i = 0; i < points; i++) {
        for (int32_t t = 0; t < 3; t++)
            floats[i][t] = (float)g[i][t];
    }
}

static void weights(const sg_winograd_weights *w)
{
    float rows[SIDE][3], columns[SIDE][3];
    to_floats(w->rows, w->row_points, rows);
    to_floats(w->columns, w->column_points, columns);
    for (int64_t first = 0; first < w->count * A_FLOAT; first += 2 * LANES) {
        const int64_t left = w->count * A_FLOAT - first;
        const int32_t n = left < 2 * LANES ? (int32_t)left : 2 * LANES;
        windows taps[9];
        for (int32_t t = 0; t < 9; t++)
            taps[t] = load_windows(numbers(w->taps + t * w->tap_stride) + first, n);
        for (int32_t i = 0; i < w->row_points; i++) {
            windows row[3];
            for (int32_t kx = 0; kx < 3; kx++)
                row[kx] = value_at(rows[i], &taps[kx], &taps[3 + kx], &taps[6 + kx]);
            sg_bf16 *to = numbers_to(w->points + i * w->column_points * w->stride) + first;
            for (int32_t j = 0; j < w->column_points; j++)
                store_windows(to + j * w->stride * A_FLOAT,
                              value_at(columns[j], &row[0], &row[1], &row[2]), n);
        }
    }
}
#else
/* As many windows together as a cache line has floats, so that whole lines are written at each pair
 * of points; they are computed in double. */
enum { WINDOWS = 16, PARTS = WINDOWS / DOUBLES };

typedef double doubles __attribute__((vector_size(DOUBLES * sizeof(double))));
typedef float floats __attribute__((vector_size(DOUBLES * sizeof(float))));
typedef struct windows {
    doubles part[PARTS];
} windows;

/* Which points p of a side are followed by -p: the even part of the values at p and at -p is the
 * same, and the odd part but for its sign. */
static void find_pairs(const double (*g)[3], int32_t points, bool pairs[SIDE])
{
    for (int32_t i = 0; i < points; i++)
        pairs[i] = i + 1 < points && g[i][0] - g[i + 1][0] == 0 && g[i][1] + g[i + 1][1] == 0 &&
                   g[i][2] - g[i + 1][2] == 0;
}

INLINE windows load_windows(const float *from, const int32_t n)
{
    float some[WINDOWS] = {0};
    const float *numbers = from;
    windows x;
    if (n < WINDOWS) {
        memcpy(some, from, (size_t)n * sizeof(float));
        numbers = some;
    }
    UNROLL_ALL
    for (int32_t v = 0; v < PARTS; v++) {
        floats part;
        memcpy(&part, numbers + v * DOUBLES, sizeof(part));
        x.part[v] = __builtin_convertvector(part, doubles);
    }
    return x;
}

/* Where the values at the points of a side go: to `kept`, or rounded to float32 and `stride` floats
 * apart to `to`. */
typedef struct points_place {
    windows *kept;
    float *to; /* NULL: to `kept` */
    int64_t stride;
    int32_t count; /* windows that there are */
    bool stream;   /* whether past the caches */
} points_place;

/* Vectors are made in registers: what is stored in halves and loaded whole waits for the stores. */
#    if LANES > 1
INLINE void round_windows(const windows *x, float *to, const bool stream)
{
    UNROLL_ALL
    for (int32_t v = 0; v < PARTS; v += 2) {
        const v_f32 part = vd_round((v_f64)x->part[v], (v_f64)x->part[v + 1]);
        if (stream)
            v_stream(to + v * DOUBLES, part);
        else
            v_store(to + v * DOUBLES, part);
    }
}
#    else
INLINE void round_windows(const windows *x, float *to, const bool stream)
{
    (void)stream;
    for (int32_t v = 0; v < PARTS; v++) {
        const floats part = __builtin_convertvector(x->part[v], floats);
        memcpy(to + v * DOUBLES, &part, sizeof(part));
    }
}
#    endif

INLINE void put_windows(const points_place *place, int32_t point, const windows *x)
{
    if (!place->to) {
        place->kept[point] = *x;
        return;
    }
    float *to = place->to + point * place->stride;
    if (!place->stream)
        FETCH_WRITE(to + WEIGHTS_AHEAD);
    if (place->count == WINDOWS) {
        round_windows(x, to, place->stream);
    } else {
        float numbers[WINDOWS];
        round_windows(x, numbers, false);
        memcpy(to, numbers, (size_t)place->count * sizeof(float));
    }
}

/* The values G x at the points of a side. */
INLINE void weight_side(const double (*g)[3], const bool pairs[SIDE], int32_t points,
                        const windows x[3], const points_place place)
{
    for (int32_t i = 0; i < points; i++) {
        windows even, odd, y;
        UNROLL_ALL
        for (int32_t v = 0; v < PARTS; v++) {
            even.part[v] = g[i][2] * x[2].part[v] + g[i][0] * x[0].part[v];
            odd.part[v] = g[i][1] * x[1].part[v];
            y.part[v] = even.part[v] + odd.part[v];
        }
        put_windows(&place, i, &y);
        if (pairs[i]) {
            UNROLL_ALL
            for (int32_t v = 0; v < PARTS; v++)
                y.part[v] = even.part[v] - odd.part[v];
            put_windows(&place, ++i, &y);
        }
    }
}

/* The n windows from `first` on, WINDOWS of them or less. */
INLINE void weight_windows(const sg_winograd_weights *w, const bool row_pairs[SIDE],
                           const bool column_pairs[SIDE], int64_t first, const int32_t n,
                           const bool stream)
{
    windows half[3][SIDE]; /* G g, column after column */
    for (int32_t kx = 0; kx < 3; kx++) {
        windows taps[3];
        for (int32_t ky = 0; ky < 3; ky++)
            taps[ky] = load_windows(w->taps + (3 * ky + kx) * w->tap_stride + first, n);
        weight_side(w->rows, row_pairs, w->row_points, taps, (points_place){.kept = half[kx]});
    }
    for (int32_t i = 0; i < w->row_points; i++) {
        const windows row[3] = {half[0][i], half[1][i], half[2][i]};
        weight_side(w->columns, column_pairs, w->column_points, row,
                    (points_place){.to = w->points + i * w->column_points * w->stride + first,
                                   .stride = w->stride,
                                   .count = n,
                                   .stream = stream});
    }
}

static void weights(const sg_winograd_weights *w)
{
    const bool lines =
        (uintptr_t)w->points % sizeof(float[WINDOWS]) == 0 && w->stride % WINDOWS == 0;
    bool row_pairs[SIDE], column_pairs[SIDE];
    int64_t first = 0;
    find_pairs(w->rows, w->row_points, row_pairs);
    find_pairs(w->columns, w->column_points, column_pairs);
    if (w->stream && lines) {
        for (; first + WINDOWS <= w->count; first += WINDOWS)
            weight_windows(w, row_pairs, column_pairs, first, WINDOWS, true);
        STREAM_END();
    }
    for (; first + WINDOWS <= w->count; first += WINDOWS)
        weight_windows(w, row_pairs, column_pairs, first, WINDOWS, false);
    if (first < w->count)
        weight_windows(w, row_pairs, column_pairs, first, (int32_t)(w->count - first), false);
}

#endif

#define FITTING(what, rows)                                                           \
    {                                                                                 \
        NULL, NULL, NULL, what##_##rows##xWHOLE_2, what##_##rows##xWHOLE_3,           \
            what##_##rows##xMIXED_3, what##_##rows##xMIXED_4, what##_##rows##xMIXED_5 \
    }
#ifdef HALVES
#    define OWN_6(what) NULL
#else
#    define OWN_6(what) what##_4x6
#endif
#define KINDS(what)                                                                    \
    {                                                                                  \
        {what##_2x2}, {NULL, what##_4x4, OWN_6(what)}, {NULL}, FITTING(what, WHOLE_2), \
            FITTING(what, WHOLE_3), FITTING(what, MIXED_3), FITTING(what, MIXED_4),    \
            FITTING(what, MIXED_5)                                                     \
    }

const sg_winograd_kernels WINOGRAD = {KINDS(input), KINDS(output), weights};
