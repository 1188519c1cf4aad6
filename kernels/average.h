/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Sums over the pixels of a map, of which averages are made. */

#ifndef SG_KERNELS_AVERAGE_H
#define SG_KERNELS_AVERAGE_H

#include <stdint.h>

/* sums[c] += values[p * stride + c] for p from 0 to `pixels`, in double and one after the other:
 * the same bits on every instruction set. */
typedef void (*sg_add_pixels_fn)(const float *values, int64_t stride, int64_t pixels,
                                 int64_t channels, double *sums);

/* One for each instruction set; compiled for processors of its family only. */
void sg_add_pixels_f32_ref(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                           double *sums);
void sg_add_pixels_f32_avx2(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                            double *sums);
void sg_add_pixels_f32_avx512(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                              double *sums);
void sg_add_pixels_f32_neon(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                            double *sums);

#endif
