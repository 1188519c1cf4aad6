/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What is done before and after the matrix product of a convolution, and pooling. Feature maps are
 * channels-last float32: the value of channel c at pixel p is base[p * stride + c], with
 * p = y * width + x and stride >= channels. Each function takes any range of pixels, so that the
 * caller decides how threads share the work.
 *
 * These are plain C on every processor: they move memory, and compilers make vectors of what little
 * they compute. Results are the same everywhere. */

#ifndef SG_KERNELS_CONVOLUTION_H
#define SG_KERNELS_CONVOLUTION_H

#include <stdint.h>

#include "activation.h"
#include "bf16.h"

/* A square window that slides over a feature map. Tap t = ky * kernel + kx of output pixel (y, x)
 * sees input pixel (y * stride - padding + ky * dilation, x * stride - padding + kx * dilation).
 * A window of a depthwise convolution may slide over a part of a map: then `input` points to the
 * map's row `top`, and each row in memory begins with `left` pixels of zeros and may end with more;
 * `width` counts them. */
typedef struct sg_window {
    const float *input;
    int64_t height, width, channels; /* of the input */
    int64_t pixel_stride;
    int64_t output_width;
    int64_t kernel, stride, padding, dilation;
    int64_t top, left; /* 0 for the whole map */
} sg_window;

/* The left matrix of a convolution written as a product: rows[p][t * channels + c] = the input at
 * tap first_tap + t of output pixel first + p, channel c; 0 outside the map. `rows` is
 * pixels x (taps * channels), dense. */
void sg_im2col_f32(const sg_window *window, int64_t first, int64_t pixels, int64_t first_tap,
                   int64_t taps, float *rows);

/* output[p][c] = max over the window's taps inside the map of output pixel first + p; a window
 * must touch the map. NaN where one of them is NaN. */
void sg_max_pool_f32(const sg_window *window, int64_t first, int64_t pixels, float *output,
                     int64_t output_stride);

/* From halves to floats, and rounded to nearest back. */
void sg_widen(const sg_bf16 *halves, int64_t count, float *floats);
void sg_round(const float *floats, int64_t count, sg_bf16 *halves);

/* v = (values[p][c] + bias[c]) + residual[p][c], then the activation, written over values[p][c].
 * `residual` may be NULL. NaN stays NaN. Additions are rounded one by one, in that order. */
void sg_epilogue_f32(float *values, int64_t stride, const float *bias, const float *residual,
                     int64_t residual_stride, int64_t pixels, int64_t channels,
                     sg_activation activation);

/* output[c] = a bilinear mix of four pixels: top left, top right, bottom left, bottom right. */
void sg_blend_f32(const float *const corners[4], float down, float right, int64_t channels,
                  float *output);

/* From channels-last to channels-first: planes[c * plane_stride + p] = values[p][c]. */
void sg_to_planes_f32(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                      float *planes, int64_t plane_stride);

#endif
