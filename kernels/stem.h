/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* A network's first convolution, where it has few channels: of a window's row, all channels of all
 * taps lie side by side in memory,
 *
 *     output[x][j] = activation(sum over r, k of input[x step + r input_stride + k]
 *                                                weights[(r run + k) weight_stride + j]
 *                               + bias[j])
 *
 * for pixels x, rows r of the window and the `run` numbers k of each. It is a product (product.h)
 * whose left side overlaps itself, and is read where it lies. */
/* clang-format on */

#ifndef SG_KERNELS_STEM_H
#define SG_KERNELS_STEM_H

#include <stdint.h>

#include "activation.h"

/* Output channels that a network's first convolution has; the fewest pixels of a call. */
enum { SG_STEM_CHANNELS = 16, SG_STEM_LEAST = 12 };

typedef struct sg_stem {
    const float *input;
    int64_t step;             /* floats from a pixel's window to the next one's */
    int64_t runs, run;        /* rows of the window, floats of each */
    int64_t input_stride;     /* floats from one of the window's rows to the next */
    int64_t pixels;           /* SG_STEM_LEAST or more */
    int32_t columns;          /* output channels: SG_STEM_CHANNELS, or the panel of the same
                                 instruction set's product if that is less */
    const float *weights;     /* as a panel of the product's */
    int64_t weight_stride;    /* its width */
    const float *bias;        /* one for each column */
    float *output;            /* apart from the input */
    int64_t output_stride;    /* floats from a pixel to the next */
    sg_activation activation; /* SG_HARD_SWISH at most */
} sg_stem;

/* Each output is summed over r and k in ascending order, with fused multiply-adds where the
 * instruction set has them: it has the bits of the product's. */
typedef void (*sg_stem_fn)(const sg_stem *stem);

/* One for each instruction set; compiled for processors of its family only. */
void sg_stem_f32_ref(const sg_stem *stem);
void sg_stem_f32_avx2(const sg_stem *stem);
void sg_stem_f32_avx512(const sg_stem *stem);
void sg_stem_f32_neon(const sg_stem *stem);

#endif
