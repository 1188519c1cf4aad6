/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Kernels that turn logits into labels, entropy and probabilities.
 *
 * They all work on a block: up to SG_BLOCK_PIXELS pixels by all classes, copied together so that it
 * stays in the first-level cache between the passes,
 *
 *     block[c * width + j]     class c (0 to classes - 1) of pixel j (0 to pixels - 1),
 *
 * 64-byte aligned. `width` is a multiple of SG_LANES and at most SG_BLOCK_PIXELS; `pixels` is 1 to
 * `width`. The columns behind the last pixel up to the next multiple of SG_LANES are scratch, in
 * the block and in every array with one value a pixel (`maximum`, `label`, `sum`, ...), which have
 * room for `width` and are 64-byte aligned too. Nothing else outside of what is said is read or
 * written.
 *
 * With z_c the logits of a pixel, m = max z, d_c = (z_c - m) * scale (scale: 1 / temperature),
 *     S = sum_c exp(d_c),    T = sum_c d_c exp(d_c),    H = log S - T / S    (nats).
 * exp(d) may be 0 for d < -87; -infinity gives exp = 0 and adds nothing to T. S is NaN where a
 * logit is NaN or +infinity, or all are -infinity: that is how bad pixels are found.
 *
 * The plain-C kernels accumulate in double over ascending classes and are the truth that the others
 * are measured against. docs/kernels.md has the others' order of accumulation and error bounds. */

#ifndef SG_KERNELS_UNCERTAINTY_H
#define SG_KERNELS_UNCERTAINTY_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_LANES = 16, SG_BLOCK_PIXELS = 64 };

/* Copies pixels into a block: class c of pixel j is source[c * class_stride + j * pixel_stride].
 * maximum[j] = max_c z_c; label[j] (unless NULL) the lowest c that has it. Both are unspecified
 * where a logit is NaN. */
typedef void (*sg_load_fn)(const float *source, int64_t class_stride, int64_t pixel_stride,
                           int64_t pixels, int64_t classes, float *block, int64_t width,
                           float *maximum, int32_t *label);

/* The same from two blocks, each value being fma(top, weight_top, bottom * weight_bottom). */
typedef void (*sg_blend_fn)(const float *top, const float *bottom, float weight_top,
                            float weight_bottom, int64_t pixels, int64_t classes, float *block,
                            int64_t width, float *maximum, int32_t *label);

/* Linear interpolation along a row: pixel j takes source pixels left[j] and right[j] (left[j] or
 * left[j] + 1) with weights 1 - lambda[j] and lambda[j]. left ascends with j. */
typedef struct sg_taps {
    const int32_t *left, *right;
    const float *lambda;
} sg_taps;

/* Interpolates along a row into a block: fma(source[left], 1 - lambda, source[right] * lambda), and
 * source[left] alone where lambda is 0. */
typedef void (*sg_stretch_fn)(const float *source, int64_t class_stride, int64_t pixel_stride,
                              sg_taps taps, int64_t pixels, int64_t classes, float *block,
                              int64_t width);

/* sum[j] = S, nats[j] = H, at least 0. */
typedef void (*sg_entropy_fn)(const float *block, int64_t width, int64_t pixels, int64_t classes,
                              const float *maximum, float scale, float *sum, float *nats);

/* From nats to a unit: nats * factor, at most `highest`. */
typedef struct sg_unit_scale {
    float factor, highest;
} sg_unit_scale;

/* H without a block, for any number of pixels side by side: class c of pixel j is
 * source[c * class_stride + j], and values[j] = its H in a unit. Returns the first pixel whose S is
 * NaN, or -1; the value of such a pixel is unspecified. `values` need no alignment. Memory behind
 * the pixels may be fetched into the caches, but is not read. */
typedef int64_t (*sg_stream_fn)(const float *source, int64_t class_stride, int64_t pixels,
                                int64_t classes, float scale, sg_unit_scale unit, float *values);

/* block = exp(d), sum[j] = S. */
typedef void (*sg_exponential_fn)(float *block, int64_t width, int64_t pixels, int64_t classes,
                                  const float *maximum, float scale, float *sum);

/* Copies a block out, times factor[j] unless that is NULL. */
typedef void (*sg_store_fn)(const float *block, int64_t width, int64_t pixels, int64_t classes,
                            const float *factor, float *destination, int64_t class_stride,
                            int64_t pixel_stride);

/* Entropy of probabilities p: nats[j] = -sum_c p_c log p_c over p_c > 0, sum[j] = sum_c p_c,
 * lowest[j] and highest[j] the extremes of p. nats is NaN or infinite where a p is NaN or
 * +infinity. */
typedef void (*sg_probability_fn)(const float *block, int64_t width, int64_t pixels,
                                  int64_t classes, float *nats, float *sum, float *lowest,
                                  float *highest);

/* second[j] = the second largest value: the largest again if two classes have it, -infinity with
 * one class. */
typedef void (*sg_second_fn)(const float *block, int64_t width, int64_t pixels, int64_t classes,
                             float *second);

/* From the largest and second largest logits and S: top[j] = 1 / S, margin[j] =
 * (1 - exp((second - maximum) * scale)) / S. */
typedef void (*sg_confidence_fn)(const float *maximum, const float *second, const float *sum,
                                 float scale, int64_t pixels, float *top, float *margin);

/* Whether there is a NaN among the pixels. */
typedef bool (*sg_has_nan_fn)(const float *block, int64_t width, int64_t pixels, int64_t classes);

/* Sums of a row of values, which need no alignment. Value i of the row is added to lane
 * i % SG_LANES in double, so that the result is the same for every instruction set; `count` is a
 * multiple of SG_LANES in every call for a row but the last. Minimum and maximum are unspecified if
 * a value is NaN; the lanes are not. */
typedef struct sg_row_sum {
    double lane[SG_LANES];
    float minimum, maximum;
} sg_row_sum;
typedef void (*sg_accumulate_fn)(const float *values, int64_t count, sg_row_sum *sum);

typedef struct sg_uncertainty_kernels {
    sg_load_fn load;
    sg_blend_fn blend;
    sg_stretch_fn stretch;
    sg_entropy_fn entropy;
    sg_stream_fn stream;
    sg_exponential_fn exponential;
    sg_store_fn store;
    sg_probability_fn probability;
    sg_second_fn second;
    sg_confidence_fn confidence;
    sg_has_nan_fn has_nan;
    sg_accumulate_fn accumulate;
} sg_uncertainty_kernels;

/* Plain C, and over it what each instruction set of `set` has. */
void sg_uncertainty_kernels_init(sg_uncertainty_kernels *kernels, uint32_t set);

/* What one instruction set has; compiled where the processor's family has it. */
void sg_uncertainty_kernels_avx2(sg_uncertainty_kernels *kernels);
void sg_uncertainty_kernels_avx512(sg_uncertainty_kernels *kernels);
void sg_uncertainty_kernels_neon(sg_uncertainty_kernels *kernels);

#endif
