/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernels of uncertainty.h on top of an instruction set's operations, which the file that
 * includes this one defines first:
 *
 *   LANES                         floats in a vector: 16, 8 or 4
 *   vf vi vm vd                   vectors of float and int32, a mask, a vector of LANES / 2 doubles
 *   v_load v_store                aligned; v_loadu v_storeu unaligned;
 *   v_load_tail v_store_tail      the first n of LANES (1 to LANES - 1), the rest 0 or untouched
 *   v_max(a, b)                   b where either is NaN; v_min alike
 *   v_greater v_not_positive      masks; v_not_positive: a <= 0
 *   v_select(m, a, b)             a where m, else b; v_nan_else(n, a, b): a where n is NaN
 *   v_transpose(row)              4 x 4 in every four lanes of four vectors: a[i][4q + k] becomes
 *                                 a[k][4q + i]
 *   v_load_fours v_store_fours    4 floats at each of LANES / 4 places, unaligned
 *
 * Order of accumulation: every pixel has a lane of its own; its classes are added in ascending
 * order, GROUP at a time into an accumulator that starts at 0 and is then added to the total. So
 * the result for a pixel does not depend on its neighbours, its position or the vector's width. */

#include "uncertainty.h"

#include <stddef.h>

#include "vector_math.h"

enum { GROUP = 32 };

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#if !defined(v_minus_quotient)
#    define v_minus_quotient(a, b, c) v_sub(a, v_div(b, c))
#endif

/* Vectors side by side in the inner loops, to hide latency. */
#ifndef UNROLL
#    define UNROLL 2
#endif

static inline int64_t min_int(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline vf load_first(const float *p, int64_t n)
{
    return n >= LANES ? v_loadu(p) : v_load_tail(p, (int)n);
}

static inline void store_first(float *p, int64_t n, vf v)
{
    if (n >= LANES)
        v_storeu(p, v);
    else
        v_store_tail(p, (int)n, v);
}

/* ---- running maximum and its class ---- */

/* `c`: the class in every lane; counted up in a vector, since a number takes long to get there. */
ALWAYS_INLINE void track(vf value, vi c, vf *maximum, vi *label, bool labels)
{
    if (labels)
        *label = v_select_int(v_greater(value, *maximum), c, *label);
    *maximum = v_max(value, *maximum);
}

/* Where the values of a block come from: one class of one vector of pixels. */
typedef struct source {
    const float *first, *second;
    vf weight_first, weight_second;
    int64_t class_stride;
} source;

ALWAYS_INLINE vf read_source(const source *s, int64_t offset, int64_t n, bool blend)
{
    if (!blend)
        return load_first(s->first + offset, n);
    const vf second = v_mul(v_load(s->second + offset), s->weight_second);
    return v_fma(v_load(s->first + offset), s->weight_first, second);
}

/* Fills `count` vectors of columns, of which `pixels` columns count, and finds their maxima. */
ALWAYS_INLINE void fill_columns(const source *s, int64_t pixels, int64_t classes, float *block,
                                int64_t width, float *maximum, int32_t *label, int count,
                                bool blend, bool labels)
{
    vf most[UNROLL];
    vi id[UNROLL];
    for (int u = 0; u < count; u++) {
        most[u] = read_source(s, u * LANES, pixels - u * LANES, blend);
        id[u] = v_set_int(0);
        v_store(block + u * LANES, most[u]);
    }
    const vi one = v_set_int(1);
    vi class = one;
    for (int64_t c = 1; c < classes; c++, class = v_add_int(class, one)) {
        for (int u = 0; u < count; u++) {
            const vf value =
                read_source(s, c * s->class_stride + u * LANES, pixels - u * LANES, blend);
            v_store(block + c * width + u * LANES, value);
            track(value, class, &most[u], &id[u], labels);
        }
    }
    for (int u = 0; u < count; u++) {
        v_store(maximum + u * LANES, most[u]);
        if (labels)
            v_store_int(label + u * LANES, id[u]);
    }
}

/* `maximum` and `label` of pixels from x on. */
ALWAYS_INLINE void fill(source s, int64_t pixels, int64_t classes, float *block, int64_t width,
                        float *maximum, int32_t *label, bool blend, bool labels)
{
    int64_t j = 0;
    for (; j + UNROLL * LANES <= pixels; j += UNROLL * LANES) {
        fill_columns(&s, UNROLL * LANES, classes, block + j, width, maximum + j, label + j, UNROLL,
                     blend, labels);
        s.first += UNROLL * LANES;
        s.second += UNROLL * LANES;
    }
    for (; j < pixels; j += LANES) {
        fill_columns(&s, pixels - j, classes, block + j, width, maximum + j, label + j, 1, blend,
                     labels);
        s.first += LANES;
        s.second += LANES;
    }
}

/* Channels last: four classes of LANES pixels, turned around. Behind the pixel `last`, that one
 * again. */
ALWAYS_INLINE void load_turned(const float *from, int64_t pixel_stride, int64_t last, vf row[4])
{
    for (int i = 0; i < 4; i++) {
        const float *at[LANES / 4];
        for (int q = 0; q < LANES / 4; q++)
            at[q] = from + min_int(4 * q + i, last) * pixel_stride;
        row[i] = v_load_fours(at);
    }
    v_transpose(row);
}

/* Classes `first` + `from_row`, which is `class`, to `first` + 3 of a vector of pixels. */
ALWAYS_INLINE void fill_four(const float *from, int64_t pixel_stride, int64_t last, int64_t first,
                             int from_row, float *block, int64_t width, vi *class, vf *maximum,
                             vi *label, bool labels)
{
    const vi one = v_set_int(1);
    vf row[4];
    load_turned(from + first, pixel_stride, last, row);
    for (int i = from_row; i < 4; i++) {
        v_store(block + (first + i) * width, row[i]);
        track(row[i], *class, maximum, label, labels);
        *class = v_add_int(*class, one);
    }
}

/* A vector of pixels, of at least four classes. The last four are loaded together, of which the
 * first may have been there before. */
ALWAYS_INLINE void fill_turned(const float *from, int64_t pixel_stride, int64_t last,
                               int64_t classes, float *block, int64_t width, vf *maximum, vi *label,
                               bool labels)
{
    vi class = v_set_int(0);
    int64_t c = 0;
    *maximum = v_set(-__builtin_inff());
    *label = v_set_int(0);
    for (; c + 4 <= classes; c += 4)
        fill_four(from, pixel_stride, last, c, 0, block, width, &class, maximum, label, labels);
    if (classes - c == 1)
        fill_four(from, pixel_stride, last, classes - 4, 3, block, width, &class, maximum, label,
                  labels);
    else if (classes - c == 2)
        fill_four(from, pixel_stride, last, classes - 4, 2, block, width, &class, maximum, label,
                  labels);
    else if (classes - c == 3)
        fill_four(from, pixel_stride, last, classes - 4, 1, block, width, &class, maximum, label,
                  labels);
}

ALWAYS_INLINE void load_channels_last(const float *from, int64_t pixel_stride, int64_t pixels,
                                      int64_t classes, float *block, int64_t width, float *maximum,
                                      int32_t *label, bool labels)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const float *const at = from + j * pixel_stride;
        vf most;
        vi id;
        if (pixels - j >= LANES)
            fill_turned(at, pixel_stride, LANES - 1, classes, block + j, width, &most, &id, labels);
        else
            fill_turned(at, pixel_stride, pixels - j - 1, classes, block + j, width, &most, &id,
                        labels);
        v_store(maximum + j, most);
        if (labels)
            v_store_int(label + j, id);
    }
}

static void gather_scattered(const float *from, int64_t class_stride, int64_t pixel_stride,
                             int64_t pixels, int64_t classes, float *block, int64_t width)
{
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++)
            block[c * width + j] = from[c * class_stride + j * pixel_stride];
    }
}

static void load(const float *from, int64_t class_stride, int64_t pixel_stride, int64_t pixels,
                 int64_t classes, float *block, int64_t width, float *maximum, int32_t *label)
{
    source s = {.first = from, .second = from, .class_stride = class_stride};
    int32_t unused[SG_BLOCK_PIXELS];
    if (pixel_stride != 1 && class_stride == 1 && classes >= 4) {
        if (label)
            load_channels_last(from, pixel_stride, pixels, classes, block, width, maximum, label,
                               true);
        else
            load_channels_last(from, pixel_stride, pixels, classes, block, width, maximum, unused,
                               false);
        return;
    }
    if (pixel_stride != 1) {
        gather_scattered(from, class_stride, pixel_stride, pixels, classes, block, width);
        s = (source){.first = block, .second = block, .class_stride = width};
    }
    if (label)
        fill(s, pixels, classes, block, width, maximum, label, false, true);
    else
        fill(s, pixels, classes, block, width, maximum, unused, false, false);
}

static void blend(const float *top, const float *bottom, float weight_top, float weight_bottom,
                  int64_t pixels, int64_t classes, float *block, int64_t width, float *maximum,
                  int32_t *label)
{
    const source s = {top, bottom, v_set(weight_top), v_set(weight_bottom), width};
    int32_t unused[SG_BLOCK_PIXELS];
    if (label)
        fill(s, pixels, classes, block, width, maximum, label, true, true);
    else
        fill(s, pixels, classes, block, width, maximum, unused, true, false);
}

/* ---- interpolation along a row ---- */

/* One vector of output pixels, whose source pixels all lie within `reach` of the first. */
static void stretch_near(const float *from, int64_t class_stride, const int32_t *left,
                         const int32_t *right, int64_t reach, vf lambda, int64_t classes,
                         float *block, int64_t width)
{
    const vi base = v_set_int(left[0]);
    const vi left_at = v_sub_int(v_load_int(left), base);
    const vi right_at = v_sub_int(v_load_int(right), base);
    const vf other = v_sub(v_set(1.0f), lambda);
    const vm alone = v_not_positive(lambda);
    for (int64_t c = 0; c < classes; c++) {
        const vf near = load_first(from + c * class_stride + left[0], reach);
        const vf a = v_permute(near, left_at);
        const vf both = v_fma(a, other, v_mul(v_permute(near, right_at), lambda));
        v_store(block + c * width, v_select(alone, a, both));
    }
}

/* The same for source pixels that lie anywhere. */
static void stretch_far(const float *from, int64_t class_stride, int64_t pixel_stride,
                        const int32_t *left, const int32_t *right, vf lambda, int64_t classes,
                        float *block, int64_t width)
{
    const vf other = v_sub(v_set(1.0f), lambda);
    const vm alone = v_not_positive(lambda);
    for (int64_t c = 0; c < classes; c++) {
        _Alignas(64) float a[LANES], b[LANES];
        for (int i = 0; i < LANES; i++) {
            a[i] = from[c * class_stride + left[i] * pixel_stride];
            b[i] = from[c * class_stride + right[i] * pixel_stride];
        }
        const vf both = v_fma(v_load(a), other, v_mul(v_load(b), lambda));
        v_store(block + c * width, v_select(alone, v_load(a), both));
    }
}

static void stretch(const float *from, int64_t class_stride, int64_t pixel_stride, sg_taps taps,
                    int64_t pixels, int64_t classes, float *block, int64_t width)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        _Alignas(64) int32_t left[LANES], right[LANES];
        _Alignas(64) float lambda[LANES];
        for (int i = 0; i < LANES; i++) {
            const int64_t k = min_int(j + i, pixels - 1);
            left[i] = taps.left[k];
            right[i] = taps.right[k];
            lambda[i] = taps.lambda[k];
        }
        const int64_t reach = (int64_t)right[LANES - 1] - left[0] + 1;
        if (pixel_stride == 1 && reach <= LANES)
            stretch_near(from, class_stride, left, right, reach, v_load(lambda), classes, block + j,
                         width);
        else
            stretch_far(from, class_stride, pixel_stride, left, right, v_load(lambda), classes,
                        block + j, width);
    }
}

/* ---- reductions ---- */

/* d, bounded by `lowest` if that is wanted. */
ALWAYS_INLINE vf exponent_of(vf value, vf maximum, vf scale, vf lowest, bool scaled, bool bounded)
{
    vf d = v_sub(value, maximum);
    if (scaled)
        d = v_mul(d, scale);
    return bounded ? v_max(lowest, d) : d;
}

ALWAYS_INLINE vf entropy_of(vf s, vf t, v_log_table table)
{
    const vf h = v_minus_quotient(v_log_sum(s, table), t, s);
    return v_select(v_greater(h, v_set(1e-30f)), h, v_set(0.0f));
}

/* Sums of one vector of pixels. */
typedef struct sums {
    vf s, t;
} sums;

/* A value's part of S and T. If bounded, d is kept above -87.3, where exp is 2^-126: nothing in S,
 * and so little in T that entropy_of takes it for 0. */
ALWAYS_INLINE void add_class(sums *sum, vf value, vf maximum, vf scale, v_table table, bool scaled,
                             bool bounded)
{
    const vf d = exponent_of(value, maximum, scale, v_set(-87.3f), scaled, bounded);
    const vf e = v_exp_fast(d, table);
    sum->s = v_add(sum->s, e);
    sum->t = v_fma(d, e, sum->t);
}

ALWAYS_INLINE void add_sums(sums *total, sums part)
{
    total->s = v_add(total->s, part.s);
    total->t = v_add(total->t, part.t);
}

/* Where an unbounded exp made NaN of S, classes of -infinity may be the cause: those lanes once
 * more, bounded. */
static __attribute__((noinline)) sums mend(sums total, const float *at, int64_t class_stride,
                                           int64_t pixels, int64_t classes, vf maximum, float scale)
{
    const v_table table = v_exp_table();
    const vf zero = v_set(0.0f);
    sums again = {zero, zero};
    for (int64_t begin = 0; begin < classes; begin += GROUP) {
        const int64_t end = min_int(classes, begin + GROUP);
        sums part = {zero, zero};
        for (int64_t c = begin; c < end; c++)
            add_class(&part, load_first(at + c * class_stride, pixels), maximum, v_set(scale),
                      table, true, true);
        add_sums(&again, part);
    }
    return (sums){v_nan_else(total.s, again.s, total.s), v_nan_else(total.s, again.t, total.t)};
}

ALWAYS_INLINE void entropy_columns(const float *block, int64_t width, int64_t classes,
                                   const float *maximum, float scale, float *sum, float *t,
                                   int count, bool scaled)
{
    const v_table table = v_exp_table();
    const vf zero = v_set(0.0f);
    sums total[UNROLL], part[UNROLL];
    vf m[UNROLL];
    for (int u = 0; u < count; u++) {
        total[u] = (sums){zero, zero};
        m[u] = v_load(maximum + u * LANES);
    }
    for (int64_t begin = 0; begin < classes; begin += GROUP) {
        const int64_t end = min_int(classes, begin + GROUP);
        for (int u = 0; u < count; u++)
            part[u] = (sums){zero, zero};
        for (int64_t c = begin; c < end; c++) {
            for (int u = 0; u < count; u++)
                add_class(&part[u], v_load(block + c * width + u * LANES), m[u], v_set(scale),
                          table, scaled, !EXP_FAST_UNBOUNDED);
        }
        for (int u = 0; u < count; u++)
            add_sums(&total[u], part[u]);
    }
    for (int u = 0; u < count; u++) {
        if (EXP_FAST_UNBOUNDED && v_any_nan(total[u].s))
            total[u] = mend(total[u], block + u * LANES, width, LANES, classes, m[u], scale);
        v_store(sum + u * LANES, total[u].s);
        v_store(t + u * LANES, total[u].t);
    }
}

ALWAYS_INLINE void entropy_scaled(const float *block, int64_t width, int64_t pixels,
                                  int64_t classes, const float *maximum, float scale, float *sum,
                                  float *nats, bool scaled)
{
    int64_t j = 0;
    for (; j + UNROLL * LANES <= pixels; j += UNROLL * LANES)
        entropy_columns(block + j, width, classes, maximum + j, scale, sum + j, nats + j, UNROLL,
                        scaled);
    for (; j < pixels; j += LANES)
        entropy_columns(block + j, width, classes, maximum + j, scale, sum + j, nats + j, 1,
                        scaled);
    /* Logarithm and quotient take long one by one, and not together. */
    const v_log_table table = v_log_tables();
    for (j = 0; j < pixels; j += LANES)
        v_store(nats + j, entropy_of(v_load(sum + j), v_load(nats + j), table));
}

static void entropy(const float *block, int64_t width, int64_t pixels, int64_t classes,
                    const float *maximum, float scale, float *sum, float *nats)
{
    if (scale == 1.0f)
        entropy_scaled(block, width, pixels, classes, maximum, scale, sum, nats, false);
    else
        entropy_scaled(block, width, pixels, classes, maximum, scale, sum, nats, true);
}

#include "uncertainty_stream.h"

static void exponential(float *block, int64_t width, int64_t pixels, int64_t classes,
                        const float *maximum, float scale, float *sum)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const vf m = v_load(maximum + j);
        vf total = v_set(0.0f);
        for (int64_t begin = 0; begin < classes; begin += GROUP) {
            const int64_t end = min_int(classes, begin + GROUP);
            vf s = v_set(0.0f);
            for (int64_t c = begin; c < end; c++) {
                float *at = block + c * width + j;
                const vf e = v_exp_clamped(
                    exponent_of(v_load(at), m, v_set(scale), v_set(-88.0f), true, true));
                v_store(at, e);
                s = v_add(s, e);
            }
            total = v_add(total, s);
        }
        v_store(sum + j, total);
    }
}

static void probability(const float *block, int64_t width, int64_t pixels, int64_t classes,
                        float *nats, float *sum, float *lowest, float *highest)
{
    const vf zero = v_set(0.0f);
    for (int64_t j = 0; j < pixels; j += LANES) {
        vf low = v_load(block + j), high = low, total = zero, product = zero;
        for (int64_t begin = 0; begin < classes; begin += GROUP) {
            const int64_t end = min_int(classes, begin + GROUP);
            vf s = zero, t = zero;
            for (int64_t c = begin; c < end; c++) {
                const vf p = v_load(block + c * width + j);
                const vf term = v_mul(p, v_log_normal(p));
                s = v_add(s, p);
                t = v_sub(t, v_select(v_not_positive(p), zero, term));
                low = v_min(p, low);
                high = v_max(p, high);
            }
            total = v_add(total, s);
            product = v_add(product, t);
        }
        v_store(nats + j, product);
        v_store(sum + j, total);
        v_store(lowest + j, low);
        v_store(highest + j, high);
    }
}

static void second(const float *block, int64_t width, int64_t pixels, int64_t classes,
                   float *result)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        vf largest = v_load(block + j), next = v_set(-__builtin_inff());
        for (int64_t c = 1; c < classes; c++) {
            const vf value = v_load(block + c * width + j);
            next = v_max(next, v_min(largest, value));
            largest = v_max(largest, value);
        }
        v_store(result + j, next);
    }
}

static void confidence(const float *maximum, const float *next, const float *sum, float scale,
                       int64_t pixels, float *top, float *margin)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const vf d = v_mul(v_sub(v_load(next + j), v_load(maximum + j)), v_set(scale));
        const vf s = v_load(sum + j), one = v_set(1.0f);
        v_store(top + j, v_div(one, s));
        v_store(margin + j, v_div(v_sub(one, v_exp_nonpositive(d)), s));
    }
}

/* ---- out ---- */

/* Channels last, at least four classes; the last four may be stored for the second time. */
static void store_channels_last(const float *block, int64_t width, int64_t pixels, int64_t classes,
                                const float *factor, float *to, int64_t pixel_stride)
{
    float unwanted[4];
    for (int64_t j = 0; j < pixels; j += LANES) {
        const vf by = factor ? v_load(factor + j) : v_set(1.0f);
        for (int64_t c = 0; c < classes; c += 4) {
            const int64_t first = min_int(c, classes - 4);
            vf row[4];
            for (int i = 0; i < 4; i++)
                row[i] = v_mul(v_load(block + (first + i) * width + j), by);
            v_transpose(row);
            for (int i = 0; i < 4; i++) {
                float *at[LANES / 4];
                for (int q = 0; q < LANES / 4; q++) {
                    const int64_t pixel = j + 4 * q + i;
                    at[q] = pixel < pixels ? to + pixel * pixel_stride + first : unwanted;
                }
                v_store_fours(at, row[i]);
            }
        }
    }
}

static void store(const float *block, int64_t width, int64_t pixels, int64_t classes,
                  const float *factor, float *to, int64_t class_stride, int64_t pixel_stride)
{
    if (pixel_stride != 1 && class_stride == 1 && classes >= 4) {
        store_channels_last(block, width, pixels, classes, factor, to, pixel_stride);
        return;
    }
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j += LANES) {
            const vf by = factor ? v_load(factor + j) : v_set(1.0f);
            const vf value = v_mul(v_load(block + c * width + j), by);
            const int64_t n = min_int(LANES, pixels - j);
            float *at = to + c * class_stride + j * pixel_stride;
            if (pixel_stride == 1) {
                store_first(at, n, value);
                continue;
            }
            _Alignas(64) float one[LANES];
            v_store(one, value);
            for (int i = 0; i < n; i++)
                at[i * pixel_stride] = one[i];
        }
    }
}

/* ---- NaN, sums ---- */

static bool has_nan(const float *block, int64_t width, int64_t pixels, int64_t classes)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const int64_t n = min_int(LANES, pixels - j);
        vf worst = v_set(0.0f);
        for (int64_t c = 0; c < classes; c++) {
            const vf value = load_first(block + c * width + j, n);
            worst = v_nan_else(value, value, worst);
        }
        if (v_any_nan(worst))
            return true;
    }
    return false;
}

/* The extremes of fewer than SG_LANES values. */
static void bound_few(const float *values, int64_t count, sg_row_sum *sum)
{
    for (int64_t i = 0; i < count; i++) {
        sum->minimum = values[i] < sum->minimum ? values[i] : sum->minimum;
        sum->maximum = values[i] > sum->maximum ? values[i] : sum->maximum;
    }
}

static void accumulate(const float *values, int64_t count, sg_row_sum *sum)
{
    enum { HALF = LANES / 2, HALVES = SG_LANES / HALF };
    const int64_t whole = count - count % SG_LANES;
    vd lane[HALVES];
    vf low = v_set(sum->minimum), high = v_set(sum->maximum);
    for (int k = 0; k < HALVES; k++)
        lane[k] = vd_loadu(sum->lane + k * HALF);
    for (int64_t i = 0; i < whole; i += SG_LANES) {
        for (int k = 0; k < HALVES; k++)
            lane[k] = vd_add(lane[k], vd_from(values + i + k * HALF));
        for (int k = 0; k < SG_LANES; k += LANES) {
            const vf v = v_loadu(values + i + k);
            low = v_min(v, low);
            high = v_max(v, high);
        }
    }
    for (int k = 0; k < HALVES; k++)
        vd_storeu(sum->lane + k * HALF, lane[k]);
    for (int64_t i = whole; i < count; i++)
        sum->lane[i - whole] += (double)values[i];
    if (whole == 0) {
        bound_few(values, count, sum);
        return;
    }
    for (int k = LANES; whole < count && k <= SG_LANES; k += LANES) {
        const vf v = v_loadu(values + count - k); /* some of them for the second time */
        low = v_min(v, low);
        high = v_max(v, high);
    }
    sum->minimum = v_lowest(low);
    sum->maximum = v_highest(high);
}

static void fill_table(sg_uncertainty_kernels *kernels)
{
    kernels->load = load;
    kernels->blend = blend;
    kernels->stretch = stretch;
    kernels->entropy = entropy;
    kernels->stream = sg_cpu_drops_fetches() ? stream_often : stream_else;
    kernels->exponential = exponential;
    kernels->store = store;
    kernels->probability = probability;
    kernels->second = second;
    kernels->confidence = confidence;
    kernels->has_nan = has_nan;
    kernels->accumulate = accumulate;
}
