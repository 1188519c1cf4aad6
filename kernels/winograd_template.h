/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The body of sg_winograd_<isa>, written once over a few vector operations. The file that includes
 * it has included vector_<isa>.h and defines WINOGRAD as the table's name. A transform of a tile is
 * one of its columns and then one of its rows, both of a side of numbers at a time. */

#include "vector.h"
#include "winograd.h"

#include <stddef.h>

enum { SIDE = SG_WINOGRAD_SIDE_MAX, WEIGHTS_AT_ONCE = 64 };

/* y = B^T x, or A^T x: one row's or column's. */
typedef void (*side_fn)(const VECTOR *x, VECTOR *y);

INLINE void input_side2(const VECTOR *x, VECTOR *y)
{
    y[0] = v_sub(x[2], x[0]);
    y[1] = v_add(x[1], x[2]);
    y[2] = v_sub(x[2], x[1]);
    y[3] = v_sub(x[3], x[1]);
}

INLINE void output_side2(const VECTOR *x, VECTOR *y)
{
    y[0] = v_add(x[0], v_add(x[1], x[2]));
    y[1] = v_add(v_sub(x[1], x[2]), x[3]);
}

/* With the points' squares a = 9/16 and b = 9/4: the row of 0 is (x^2 - a)(x^2 - b), those of +-p
 * are x (x +- p) times the other square's factor, that of infinity x (x^2 - a)(x^2 - b). */
INLINE void input_side4(const VECTOR *x, VECTOR *y)
{
    const VECTOR sum = v_set(-2.8125f), product = v_set(1.265625f);
    const VECTOR minus_a = v_set(-0.5625f), minus_b = v_set(-2.25f);
    const VECTOR p = v_set(0.75f), q = v_set(1.5f);
    const VECTOR even_a = v_fma(minus_b, x[2], x[4]), odd_a = v_fma(minus_b, x[1], x[3]);
    const VECTOR even_b = v_fma(minus_a, x[2], x[4]), odd_b = v_fma(minus_a, x[1], x[3]);
    y[0] = v_fma(sum, x[2], v_fma(product, x[0], x[4]));
    y[1] = v_fma(p, odd_a, even_a);
    y[2] = v_fnma(p, odd_a, even_a);
    y[3] = v_fma(q, odd_b, even_b);
    y[4] = v_fnma(q, odd_b, even_b);
    y[5] = v_fma(sum, x[3], v_fma(product, x[1], x[5]));
}

INLINE void output_side4(const VECTOR *x, VECTOR *y)
{
    const VECTOR p = v_set(0.75f), q = v_set(1.5f);
    const VECTOR p2 = v_set(0.5625f), q2 = v_set(2.25f);
    const VECTOR p3 = v_set(0.421875f), q3 = v_set(3.375f);
    const VECTOR even_a = v_add(x[1], x[2]), odd_a = v_sub(x[1], x[2]);
    const VECTOR even_b = v_add(x[3], x[4]), odd_b = v_sub(x[3], x[4]);
    y[0] = v_add(x[0], v_add(even_a, even_b));
    y[1] = v_fma(q, odd_b, v_mul(p, odd_a));
    y[2] = v_fma(q2, even_b, v_mul(p2, even_a));
    y[3] = v_fma(q3, odd_b, v_fma(p3, odd_a, x[5]));
}

/* `count` channels from `c` on. */
INLINE void input_step(const float *const *pixels, int64_t c, const int32_t count, float *points,
                       int64_t stride, const int32_t side, const side_fn transform)
{
    VECTOR half[SIDE][SIDE], x[SIDE], y[SIDE];
    UNROLL_ALL
    for (int32_t j = 0; j < side; j++) {
        UNROLL_ALL
        for (int32_t i = 0; i < side; i++)
            x[i] = load_some(pixels[i * side + j] + c, count);
        transform(x, y);
        UNROLL_ALL
        for (int32_t i = 0; i < side; i++)
            half[i][j] = y[i];
    }
    UNROLL_ALL
    for (int32_t i = 0; i < side; i++) {
        transform(half[i], y);
        UNROLL_ALL
        for (int32_t j = 0; j < side; j++)
            store_some(points + (i * side + j) * stride + c, y[j], count);
    }
}

INLINE void input_tile(const float *const *pixels, int64_t channels, float *points, int64_t stride,
                       const int32_t side, const side_fn transform)
{
    int64_t c = 0;
    for (; c + LANES <= channels; c += LANES)
        input_step(pixels, c, LANES, points, stride, side, transform);
    if (c < channels)
        input_step(pixels, c, (int32_t)(channels - c), points, stride, side, transform);
}

/* One output pixel's channels. */
INLINE void finish(const sg_winograd_output *o, int32_t pixel, int64_t c, const int32_t count,
                   VECTOR value, VECTOR bias)
{
    if (!o->pixels[pixel])
        return;
    value = v_add(value, bias);
    if (o->has_residual)
        value = v_add(value, load_some(o->residuals[pixel] + c, count));
    if (o->relu)
        value = v_relu(value);
    store_some(o->pixels[pixel] + c, value, count);
}

INLINE void output_step(const sg_winograd_output *o, int64_t c, const int32_t count,
                        const int32_t side, const side_fn transform)
{
    VECTOR half[SIDE][SIDE], x[SIDE], y[SIDE];
    const VECTOR bias = load_some(o->bias + c, count);
    const int32_t m = side - 2;
    UNROLL_ALL
    for (int32_t j = 0; j < side; j++) {
        UNROLL_ALL
        for (int32_t i = 0; i < side; i++)
            x[i] = load_some(o->points + (i * side + j) * o->stride + c, count);
        transform(x, y);
        UNROLL_ALL
        for (int32_t i = 0; i < m; i++)
            half[i][j] = y[i];
    }
    UNROLL_ALL
    for (int32_t i = 0; i < m; i++) {
        transform(half[i], y);
        UNROLL_ALL
        for (int32_t j = 0; j < m; j++)
            finish(o, i * m + j, c, count, y[j], bias);
    }
}

INLINE void output_tile(const sg_winograd_output *o, const int32_t side, const side_fn transform)
{
    int64_t c = 0;
    for (; c + LANES <= o->channels; c += LANES)
        output_step(o, c, LANES, side, transform);
    if (c < o->channels)
        output_step(o, c, (int32_t)(o->channels - c), side, transform);
}

static void input2(const float *const *pixels, int64_t channels, float *points, int64_t stride)
{
    input_tile(pixels, channels, points, stride, 4, input_side2);
}

static void input4(const float *const *pixels, int64_t channels, float *points, int64_t stride)
{
    input_tile(pixels, channels, points, stride, 6, input_side4);
}

static void output2(const sg_winograd_output *output)
{
    output_tile(output, 4, output_side2);
}

static void output4(const sg_winograd_output *output)
{
    output_tile(output, 6, output_side4);
}

/* half[i][kx] = sum over ky of G[i][ky] g[ky][kx], of WEIGHTS_AT_ONCE windows; plain loops, which
 * the compiler turns into vectors. */
static void weights(const float *from, int64_t tap_stride, int64_t count, const double (*g)[3],
                    int32_t side, float *out, int64_t stride)
{
    double half[SIDE][3][WEIGHTS_AT_ONCE];
    for (int64_t first = 0; first < count; first += WEIGHTS_AT_ONCE) {
        const int32_t n =
            count - first < WEIGHTS_AT_ONCE ? (int32_t)(count - first) : WEIGHTS_AT_ONCE;
        for (int32_t i = 0; i < side; i++) {
            for (int32_t kx = 0; kx < 3; kx++) {
                const float *taps = from + kx * tap_stride + first;
                for (int32_t e = 0; e < n; e++)
                    half[i][kx][e] = g[i][0] * (double)taps[e] +
                                     g[i][1] * (double)taps[3 * tap_stride + e] +
                                     g[i][2] * (double)taps[6 * tap_stride + e];
            }
        }
        for (int32_t i = 0; i < side; i++) {
            for (int32_t j = 0; j < side; j++) {
                float *to = out + (i * side + j) * stride + first;
                for (int32_t e = 0; e < n; e++)
                    to[e] = (float)(g[j][0] * half[i][0][e] + g[j][1] * half[i][1][e] +
                                    g[j][2] * half[i][2][e]);
            }
        }
    }
}

const sg_winograd_kernels WINOGRAD = {input2, input4, output2, output4, weights};
