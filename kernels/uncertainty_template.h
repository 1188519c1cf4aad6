/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The kernels of uncertainty.h, written once in the words of vector.h. The file that includes this
 * one has included vector_<set>.h. Where its instruction set has means of its own for what the
 * inner loops do most, it has defined, with functions of the same names and results as close as the
 * defaults below,
 *
 *   OWN_EXP_FAST         exp_table, load_exp_table, exp_fast, EXP_FAST_UNBOUNDED
 *   OWN_LOG_SUM          log_table, load_log_table, log_sum
 *   OWN_MINUS_QUOTIENT   minus_quotient
 *
 * Order of accumulation: every pixel has a lane of its own; its classes are added in ascending
 * order, GROUP at a time into an accumulator that starts at 0 and is then added to the total. So
 * the result for a pixel does not depend on its neighbours, its position or the vector's width. */

#include "uncertainty.h"

#include <stddef.h>

#include "kernels.h"
#include "vector.h"
#include "vector_math.h"

enum {
    GROUP = 32,
    ABREAST = 2 /* vectors of pixels side by side in the inner loops, to hide latency */
};

/* exp(d) for -87.3 <= d <= 0, for the sums that an entropy is made from; if EXP_FAST_UNBOUNDED,
 * for any d but -infinity, which may give NaN. The table is what stays in registers. */
#ifndef OWN_EXP_FAST
enum { EXP_FAST_UNBOUNDED = false };
typedef struct exp_table {
    char none;
} exp_table;

static inline exp_table load_exp_table(void)
{
    return (exp_table){0};
}

static inline v_f32 exp_fast(v_f32 d, exp_table table)
{
    (void)table;
    return v_exp_clamped(d);
}
#endif

/* log(x) for a finite x >= 1, exactly 0 for 1. */
#ifndef OWN_LOG_SUM
typedef struct log_table {
    char none;
} log_table;

static inline log_table load_log_table(void)
{
    return (log_table){0};
}

static inline v_f32 log_sum(v_f32 x, log_table table)
{
    (void)table;
    return v_log_normal(x);
}
#endif

/* a - b / c for c in [1, 2^100]. */
#ifndef OWN_MINUS_QUOTIENT
static inline v_f32 minus_quotient(v_f32 a, v_f32 b, v_f32 c)
{
    return v_sub(a, v_div(b, c));
}
#endif

static inline int64_t min_int(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The first n of a vector's lanes, all of them where n is more than that. */
static inline v_f32 load_first(const float *p, int64_t n)
{
    return n >= LANES ? v_load(p) : v_load_part(p, (int32_t)n);
}

static inline void store_first(float *p, v_f32 a, int64_t n)
{
    if (n >= LANES)
        v_store(p, a);
    else
        v_store_part(p, a, (int32_t)n);
}

/* Transposes each 4 x 4 of four vectors: row[i][4 q + k] becomes row[k][4 q + i]. */
INLINE void transpose(v_f32 row[4])
{
    const v_f32 a = v_zip_low(row[0], row[1]), b = v_zip_high(row[0], row[1]);
    const v_f32 c = v_zip_low(row[2], row[3]), d = v_zip_high(row[2], row[3]);
    row[0] = v_pairs_low(a, c);
    row[1] = v_pairs_high(a, c);
    row[2] = v_pairs_low(b, d);
    row[3] = v_pairs_high(b, d);
}

#include "uncertainty_load.h"

/* ---- reductions ---- */

/* d = (value - maximum) * scale, raised to `lowest` where it is below, if `bounded`. */
INLINE v_f32 exponent_of(v_f32 value, v_f32 maximum, v_f32 scale, v_f32 lowest, bool scaled,
                         bool bounded)
{
    v_f32 d = v_sub(value, maximum);
    if (scaled)
        d = v_mul(d, scale);
    return bounded ? v_max(lowest, d) : d;
}

/* H = log S - T / S; exactly 0 where it is negative or so small that it is mere rounding. */
INLINE v_f32 entropy_of(v_f32 s, v_f32 t, log_table table)
{
    const v_f32 h = minus_quotient(log_sum(s, table), t, s);
    return v_select(v_greater(h, v_set(1e-30f)), h, v_set(0.0f));
}

/* S and T of one vector of pixels. */
typedef struct sums {
    v_f32 s, t;
} sums;

/* Adds one class to S and T. If `bounded`, d is raised to -87.3 at least, where exp is 2^-126: that
 * is lost when it is added to S, which is 1 at least, and what it adds to T is so little that
 * entropy_of takes it for 0. */
INLINE void add_class(sums *sum, v_f32 value, v_f32 maximum, v_f32 scale, exp_table table,
                      bool scaled, bool bounded)
{
    const v_f32 d = exponent_of(value, maximum, scale, v_set(-87.3f), scaled, bounded);
    const v_f32 e = exp_fast(d, table);
    sum->s = v_add(sum->s, e);
    sum->t = v_fma(d, e, sum->t);
}

INLINE void add_sums(sums *total, sums part)
{
    total->s = v_add(total->s, part.s);
    total->t = v_add(total->t, part.t);
}

/* Where an unbounded exp made NaN of S, the cause may be a class of -infinity, which adds nothing:
 * those lanes are done once more with a bound. They stay NaN where a logit is NaN or +infinity. */
static __attribute__((noinline)) sums mend(sums total, const float *at, int64_t class_stride,
                                           int64_t pixels, int64_t classes, v_f32 maximum,
                                           float scale)
{
    const exp_table table = load_exp_table();
    const v_f32 zero = v_set(0.0f);
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

/* S and T of `count` vectors of pixels. */
INLINE void entropy_columns(const float *block, int64_t width, int64_t classes,
                            const float *maximum, float scale, float *sum, float *t, int count,
                            bool scaled)
{
    const exp_table table = load_exp_table();
    const v_f32 zero = v_set(0.0f);
    sums total[ABREAST], part[ABREAST];
    v_f32 m[ABREAST];
    for (int u = 0; u < count; u++) {
        total[u] = (sums){zero, zero};
        m[u] = v_load_aligned(maximum + u * LANES);
    }
    for (int64_t begin = 0; begin < classes; begin += GROUP) {
        const int64_t end = min_int(classes, begin + GROUP);
        for (int u = 0; u < count; u++)
            part[u] = (sums){zero, zero};
        for (int64_t c = begin; c < end; c++) {
            for (int u = 0; u < count; u++)
                add_class(&part[u], v_load_aligned(block + c * width + u * LANES), m[u],
                          v_set(scale), table, scaled, !EXP_FAST_UNBOUNDED);
        }
        for (int u = 0; u < count; u++)
            add_sums(&total[u], part[u]);
    }
    for (int u = 0; u < count; u++) {
        if (EXP_FAST_UNBOUNDED && v_any_nan(total[u].s))
            total[u] = mend(total[u], block + u * LANES, width, LANES, classes, m[u], scale);
        v_store_aligned(sum + u * LANES, total[u].s);
        v_store_aligned(t + u * LANES, total[u].t);
    }
}

INLINE void entropy_scaled(const float *block, int64_t width, int64_t pixels, int64_t classes,
                           const float *maximum, float scale, float *sum, float *nats, bool scaled)
{
    int64_t j = 0;
    for (; j + ABREAST * LANES <= pixels; j += ABREAST * LANES)
        entropy_columns(block + j, width, classes, maximum + j, scale, sum + j, nats + j, ABREAST,
                        scaled);
    for (; j < pixels; j += LANES)
        entropy_columns(block + j, width, classes, maximum + j, scale, sum + j, nats + j, 1,
                        scaled);
    /* T lies in `nats` so far. Logarithms and quotients in a loop of their own overlap. */
    const log_table table = load_log_table();
    for (j = 0; j < pixels; j += LANES)
        v_store_aligned(nats + j,
                        entropy_of(v_load_aligned(sum + j), v_load_aligned(nats + j), table));
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
        const v_f32 m = v_load_aligned(maximum + j);
        v_f32 total = v_set(0.0f);
        for (int64_t begin = 0; begin < classes; begin += GROUP) {
            const int64_t end = min_int(classes, begin + GROUP);
            v_f32 s = v_set(0.0f);
            for (int64_t c = begin; c < end; c++) {
                float *at = block + c * width + j;
                const v_f32 e = v_exp_clamped(
                    exponent_of(v_load_aligned(at), m, v_set(scale), v_set(-88.0f), true, true));
                v_store_aligned(at, e);
                s = v_add(s, e);
            }
            total = v_add(total, s);
        }
        v_store_aligned(sum + j, total);
    }
}

static void probability(const float *block, int64_t width, int64_t pixels, int64_t classes,
                        float *nats, float *sum, float *lowest, float *highest)
{
    const v_f32 zero = v_set(0.0f);
    for (int64_t j = 0; j < pixels; j += LANES) {
        v_f32 low = v_load_aligned(block + j), high = low, total = zero, product = zero;
        for (int64_t begin = 0; begin < classes; begin += GROUP) {
            const int64_t end = min_int(classes, begin + GROUP);
            v_f32 s = zero, t = zero;
            for (int64_t c = begin; c < end; c++) {
                const v_f32 p = v_load_aligned(block + c * width + j);
                const v_f32 term = v_mul(p, v_log_normal(p));
                s = v_add(s, p);
                t = v_sub(t, v_select(v_not_positive(p), zero, term));
                low = v_min(p, low);
                high = v_max(p, high);
            }
            total = v_add(total, s);
            product = v_add(product, t);
        }
        v_store_aligned(nats + j, product);
        v_store_aligned(sum + j, total);
        v_store_aligned(lowest + j, low);
        v_store_aligned(highest + j, high);
    }
}

static void second(const float *block, int64_t width, int64_t pixels, int64_t classes,
                   float *result)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        v_f32 largest = v_load_aligned(block + j), next = v_set(-__builtin_inff());
        for (int64_t c = 1; c < classes; c++) {
            const v_f32 value = v_load_aligned(block + c * width + j);
            next = v_max(next, v_min(largest, value));
            largest = v_max(largest, value);
        }
        v_store_aligned(result + j, next);
    }
}

static void confidence(const float *maximum, const float *next, const float *sum, float scale,
                       int64_t pixels, float *top, float *margin)
{
    for (int64_t j = 0; j < pixels; j += LANES) {
        const v_f32 d =
            v_mul(v_sub(v_load_aligned(next + j), v_load_aligned(maximum + j)), v_set(scale));
        const v_f32 s = v_load_aligned(sum + j), one = v_set(1.0f);
        v_store_aligned(top + j, v_div(one, s));
        v_store_aligned(margin + j, v_div(v_sub(one, v_exp_nonpositive(d)), s));
    }
}

/* ---- out ---- */

/* Four classes at a time of at least four, transposed, to where classes lie side by side
 * (channels-last). The last four begin with what has been stored before, if classes are no multiple
 * of four. Pixels that do not exist go to `unwanted`. */
static void store_channels_last(const float *block, int64_t width, int64_t pixels, int64_t classes,
                                const float *factor, float *to, int64_t pixel_stride)
{
    float unwanted[4];
    for (int64_t j = 0; j < pixels; j += LANES) {
        const v_f32 by = factor ? v_load_aligned(factor + j) : v_set(1.0f);
        for (int64_t c = 0; c < classes; c += 4) {
            const int64_t first = min_int(c, classes - 4);
            v_f32 row[4];
            for (int i = 0; i < 4; i++)
                row[i] = v_mul(v_load_aligned(block + (first + i) * width + j), by);
            transpose(row);
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
            const v_f32 by = factor ? v_load_aligned(factor + j) : v_set(1.0f);
            const v_f32 value = v_mul(v_load_aligned(block + c * width + j), by);
            const int64_t n = min_int(LANES, pixels - j);
            float *at = to + c * class_stride + j * pixel_stride;
            if (pixel_stride == 1) {
                store_first(at, value, n);
                continue;
            }
            _Alignas(64) float one[LANES];
            v_store_aligned(one, value);
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
        v_f32 worst = v_set(0.0f);
        for (int64_t c = 0; c < classes; c++) {
            const v_f32 value = load_first(block + c * width + j, n);
            worst = v_nan_else(value, value, worst);
        }
        if (v_any_nan(worst))
            return true;
    }
    return false;
}

/* Minimum and maximum of less than SG_LANES values. */
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
    v_f64 lane[HALVES];
    v_f32 low = v_set(sum->minimum), high = v_set(sum->maximum);
    for (int k = 0; k < HALVES; k++)
        lane[k] = vd_load(sum->lane + k * HALF);
    for (int64_t i = 0; i < whole; i += SG_LANES) {
        for (int k = 0; k < HALVES; k++)
            lane[k] = vd_add(lane[k], vd_from(values + i + k * HALF));
        for (int k = 0; k < SG_LANES; k += LANES) {
            const v_f32 v = v_load(values + i + k);
            low = v_min(v, low);
            high = v_max(v, high);
        }
    }
    for (int k = 0; k < HALVES; k++)
        vd_store(sum->lane + k * HALF, lane[k]);
    for (int64_t i = whole; i < count; i++)
        sum->lane[i - whole] += (double)values[i];
    if (whole == 0) {
        bound_few(values, count, sum);
        return;
    }
    for (int k = LANES; whole < count && k <= SG_LANES; k += LANES) {
        const v_f32 v = v_load(values + count - k); /* the last ones, some of them once more */
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
