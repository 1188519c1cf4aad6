/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Kernels round the matrix product of a convolution. Feature maps are channels-last float32: value
 * of channel c at pixel p is base[p * stride + c], with p = y * width + x and stride >= channels.
 * Kernels take any range of pixels, so that the caller decides how to share the work out. */

#ifndef SG_KERNELS_CONVOLUTION_H
#define SG_KERNELS_CONVOLUTION_H

#include <stdint.h>

#include "activation.h"

/* A square window that slides over a feature map. Tap t = ky * kernel + kx of output pixel (y, x)
 * sees input pixel (y * stride - padding + ky * dilation, x * stride - padding + kx * dilation). */
typedef struct sg_window {
    const float *input;
    int64_t height, width, channels; /* of the input */
    int64_t pixel_stride;
    int64_t output_width;
    int64_t kernel, stride, padding, dilation;
} sg_window;

/* rows[p][t * channels + c] = input at tap first_tap + t of output pixel first + p, channel c; 0
 * outside the map. `rows` is pixels x (taps * channels), dense. Exact. */
typedef void (*sg_gather_fn)(const sg_window *window, int64_t first, int64_t pixels,
                             int64_t first_tap, int64_t taps, float *rows);

/* output[p][c] = max over the window's taps inside the map of output pixel first + p; a window
 * must touch the map. NaN wins. Exact. */
typedef void (*sg_max_pool_fn)(const sg_window *window, int64_t first, int64_t pixels,
                               float *output, int64_t output_stride);

/* v = (values[p][c] + bias[c]) + residual[p][c], then the activation, written over values[p][c].
 * `residual` may be NULL. NaN stays NaN. Exact: one rounding an addition, in that order. */
typedef void (*sg_epilogue_fn)(float *values, int64_t stride, const float *bias,
                               const float *residual, int64_t residual_stride, int64_t pixels,
                               int64_t channels, sg_activation activation);

/* sums[c] = sum over p of values[p][c] in double, p ascending. */
typedef void (*sg_sum_pixels_fn)(const float *values, int64_t stride, int64_t pixels,
                                 int64_t channels, double *sums);

/* planes[c * plane_stride + p] = values[p][c]. Exact. */
typedef void (*sg_to_planes_fn)(const float *values, int64_t stride, int64_t pixels,
                                int64_t channels, float *planes, int64_t plane_stride);

typedef struct sg_convolution_kernels {
    sg_gather_fn gather;
    sg_max_pool_fn max_pool;
    sg_epilogue_fn epilogue;
    sg_sum_pixels_fn sum_pixels;
    sg_to_planes_fn to_planes;
} sg_convolution_kernels;

void sg_convolution_kernels_init(sg_convolution_kernels *kernels, uint32_t set);

#endif
