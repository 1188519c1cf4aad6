/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The uncertainty kernels' plain-C truth: the C library's exp and log, and sums in double over
 * ascending classes. At the end, the choice between instruction sets. */

#include "uncertainty.h"

#include "kernels.h"

#include <math.h>
#include <stddef.h>

/* Below this, exp is 0 in float32 even as a subnormal number. Classes there are left out, because
 * for -infinity 0 times d would be NaN in T. */
static const float exponent_low = -104.0f;

/* a * u + b * v as PyTorch rounds it: fma(a, u, b * v), where b * v is rounded first. */
static float weighted(float a, float u, float b, float v)
{
    return (float)((double)a * (double)u + (double)(b * v));
}

/* Takes class c's value into the running maximum; ties keep the lower class. */
static void track(float value, int64_t c, int64_t j, float *maximum, int32_t *label)
{
    if (c > 0 && !(value > maximum[j]))
        return;
    maximum[j] = value;
    if (label)
        label[j] = (int32_t)c;
}

static void load(const float *source, int64_t class_stride, int64_t pixel_stride, int64_t pixels,
                 int64_t classes, float *block, int64_t width, float *maximum, int32_t *label)
{
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++) {
            const float value = source[c * class_stride + j * pixel_stride];
            block[c * width + j] = value;
            track(value, c, j, maximum, label);
        }
    }
}

static void blend(const float *top, const float *bottom, float weight_top, float weight_bottom,
                  int64_t pixels, int64_t classes, float *block, int64_t width, float *maximum,
                  int32_t *label)
{
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++) {
            const int64_t i = c * width + j;
            block[i] = weighted(top[i], weight_top, bottom[i], weight_bottom);
            track(block[i], c, j, maximum, label);
        }
    }
}

static void stretch(const float *source, int64_t class_stride, int64_t pixel_stride, sg_taps taps,
                    int64_t pixels, int64_t classes, float *block, int64_t width)
{
    for (int64_t c = 0; c < classes; c++) {
        const float *row = source + c * class_stride;
        for (int64_t j = 0; j < pixels; j++) {
            const float left = row[taps.left[j] * pixel_stride], lambda = taps.lambda[j];
            /* lambda 0 must not make NaN of a right neighbour of -infinity. */
            block[c * width + j] =
                lambda == 0.0f
                    ? left
                    : weighted(left, 1.0f - lambda, row[taps.right[j] * pixel_stride], lambda);
        }
    }
}

/* S and T of one pixel. */
typedef struct sums {
    double s, t;
} sums;

static void add_class(sums *sum, float value, float maximum, float scale)
{
    const float d = (value - maximum) * scale;
    if (d < exponent_low)
        return;
    const double e = (double)expf(d);
    sum->s += e;
    sum->t += (double)d * e;
}

static void finish(sums sum, float *s, float *nats)
{
    const double h = log(sum.s) - sum.t / sum.s;
    *s = (float)sum.s;
    *nats = h < 0.0 ? 0.0f : (float)h;
}

static void entropy(const float *block, int64_t width, int64_t pixels, int64_t classes,
                    const float *maximum, float scale, float *sum, float *nats)
{
    sums of[SG_BLOCK_PIXELS] = {{0.0, 0.0}};
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++)
            add_class(&of[j], block[c * width + j], maximum[j], scale);
    }
    for (int64_t j = 0; j < pixels; j++)
        finish(of[j], &sum[j], &nats[j]);
}

static int64_t stream(const float *source, int64_t class_stride, int64_t pixels, int64_t classes,
                      float scale, sg_unit_scale unit, float *values)
{
    int64_t bad = -1;
    for (int64_t begin = 0; begin < pixels; begin += SG_BLOCK_PIXELS) {
        const int64_t left = pixels - begin;
        const int64_t count = left < SG_BLOCK_PIXELS ? left : SG_BLOCK_PIXELS;
        sums of[SG_BLOCK_PIXELS] = {{0.0, 0.0}};
        float maximum[SG_BLOCK_PIXELS];
        for (int64_t c = 0; c < classes; c++) {
            for (int64_t j = 0; j < count; j++)
                track(source[c * class_stride + begin + j], c, j, maximum, NULL);
        }
        for (int64_t c = 0; c < classes; c++) {
            for (int64_t j = 0; j < count; j++)
                add_class(&of[j], source[c * class_stride + begin + j], maximum[j], scale);
        }
        for (int64_t j = 0; j < count; j++) {
            float sum, nats;
            finish(of[j], &sum, &nats);
            bad = bad < 0 && isnan(sum) ? begin + j : bad;
            values[begin + j] = fminf(nats * unit.factor, unit.highest);
        }
    }
    return bad;
}

static void exponential(float *block, int64_t width, int64_t pixels, int64_t classes,
                        const float *maximum, float scale, float *sum)
{
    double s[SG_BLOCK_PIXELS] = {0.0};
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++) {
            const float e = expf((block[c * width + j] - maximum[j]) * scale);
            block[c * width + j] = e;
            s[j] += (double)e;
        }
    }
    for (int64_t j = 0; j < pixels; j++)
        sum[j] = (float)s[j];
}

static void store(const float *block, int64_t width, int64_t pixels, int64_t classes,
                  const float *factor, float *destination, int64_t class_stride,
                  int64_t pixel_stride)
{
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++) {
            const float value = block[c * width + j];
            destination[c * class_stride + j * pixel_stride] = factor ? value * factor[j] : value;
        }
    }
}

static void probability(const float *block, int64_t width, int64_t pixels, int64_t classes,
                        float *nats, float *sum, float *lowest, float *highest)
{
    for (int64_t j = 0; j < pixels; j++) {
        double h = 0.0, s = 0.0;
        float low = INFINITY, high = -INFINITY;
        for (int64_t c = 0; c < classes; c++) {
            const float p = block[c * width + j];
            if (!(p <= 0.0f))
                h -= (double)p * (double)logf(p);
            s += (double)p;
            low = p < low ? p : low;
            high = p > high ? p : high;
        }
        nats[j] = (float)h;
        sum[j] = (float)s;
        lowest[j] = low;
        highest[j] = high;
    }
}

static void second(const float *block, int64_t width, int64_t pixels, int64_t classes,
                   float *result)
{
    for (int64_t j = 0; j < pixels; j++) {
        float largest = block[j], next = -INFINITY;
        for (int64_t c = 1; c < classes; c++) {
            const float value = block[c * width + j];
            if (value > largest) {
                next = largest;
                largest = value;
            } else if (value > next) {
                next = value;
            }
        }
        result[j] = next;
    }
}

static void confidence(const float *maximum, const float *next, const float *sum, float scale,
                       int64_t pixels, float *top, float *margin)
{
    for (int64_t j = 0; j < pixels; j++) {
        top[j] = 1.0f / sum[j];
        margin[j] = (1.0f - expf((next[j] - maximum[j]) * scale)) / sum[j];
    }
}

static bool has_nan(const float *block, int64_t width, int64_t pixels, int64_t classes)
{
    int found = 0;
    for (int64_t c = 0; c < classes; c++) {
        for (int64_t j = 0; j < pixels; j++)
            found |= block[c * width + j] != block[c * width + j];
    }
    return found != 0;
}

static void accumulate(const float *values, int64_t count, sg_row_sum *sum)
{
    for (int64_t i = 0; i < count; i++) {
        sum->lane[i % SG_LANES] += (double)values[i];
        sum->minimum = values[i] < sum->minimum ? values[i] : sum->minimum;
        sum->maximum = values[i] > sum->maximum ? values[i] : sum->maximum;
    }
}

void sg_uncertainty_kernels_init(sg_uncertainty_kernels *kernels, uint32_t set)
{
    (void)set;
    *kernels = (sg_uncertainty_kernels){.load = load,
                                        .blend = blend,
                                        .stretch = stretch,
                                        .entropy = entropy,
                                        .stream = stream,
                                        .exponential = exponential,
                                        .store = store,
                                        .probability = probability,
                                        .second = second,
                                        .confidence = confidence,
                                        .has_nan = has_nan,
                                        .accumulate = accumulate};
#if SG_HAVE_AVX2
    if (set & SG_CPU_AVX2)
        sg_uncertainty_kernels_avx2(kernels);
#endif
#if SG_HAVE_AVX512
    if (set & SG_CPU_AVX512)
        sg_uncertainty_kernels_avx512(kernels);
#endif
#if SG_HAVE_NEON
    if (set & SG_CPU_NEON)
        sg_uncertainty_kernels_neon(kernels);
#endif
}
