/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* Depthwise convolutions: every channel has a window of its own,
 *
 *     output[x][c] = activation(bias[c] + sum over taps t of weights[t][c] input[tap t of x][c]
 *                               + residual[x][c])
 *
 * for the pixels x of a row. A lane is a channel. */
/* clang-format on */

#ifndef SG_KERNELS_DEPTHWISE_H
#define SG_KERNELS_DEPTHWISE_H

#include <stdint.h>

#include "convolution.h"

/* Weights of a tap are a multiple of this many, zeros behind the last channel's. */
enum { SG_DEPTHWISE_ROUND = 16 };

typedef struct sg_depthwise {
    sg_window window;      /* its `channels` are those of this call, from `input` on */
    int64_t row;           /* of the output */
    const float *weights;  /* of the window's taps, row after row */
    int64_t weight_stride; /* floats from a tap's weights to the next one's */
    const float *bias;     /* one for each channel */
    float *output;         /* the row's first pixel */
    int64_t output_stride; /* floats from a pixel to the next */
    const float *residual; /* NULL: none; may be the output itself */
    int64_t residual_stride;
    sg_activation activation;
} sg_depthwise;

/* A whole row. Each output begins with its bias, to which its taps are added in ascending order,
 * those inside the map alone, with fused multiply-adds where the instruction set has them: it
 * depends on nothing but its own operands. */
typedef void (*sg_depthwise_fn)(const sg_depthwise *depthwise);

/* One for each instruction set; compiled for processors of its family only. */
void sg_depthwise_f32_ref(const sg_depthwise *depthwise);
void sg_depthwise_f32_avx2(const sg_depthwise *depthwise);
void sg_depthwise_f32_avx512(const sg_depthwise *depthwise);
void sg_depthwise_f32_neon(const sg_depthwise *depthwise);

#endif
