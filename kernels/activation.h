/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Activations: the last thing that is done to a convolution's sums, and their truth for one number.
 * vector_activation.h does the same to vectors. */

#ifndef SG_KERNELS_ACTIVATION_H
#define SG_KERNELS_ACTIVATION_H

#include <math.h>
#include <stdint.h>

/* NaN stays NaN in all of them. */
typedef enum sg_activation {
    SG_IDENTITY,
    SG_RELU,         /* max(v, 0) */
    SG_HARD_SWISH,   /* v * min(max(v + 3, 0), 6) / 6; NaN for -infinity, as 0 * infinity is */
    SG_HARD_SIGMOID, /* min(max(v + 3, 0), 6) / 6 */
    SG_SIGMOID,      /* 1 / (1 + exp(-v)) */
    SG_ACTIVATIONS   /* how many there are */
} sg_activation;

/* 1 / 6, rounded; 6 times it rounds to 1, so that the hard ones are exact where they level out. */
#define SG_SIXTH (1.0f / 6.0f)

/* min(max(v + 3, 0), 6) / 6. */
static inline float sg_hard_sigmoid(float value)
{
    const float above = value + 3.0f < 0.0f ? 0.0f : value + 3.0f;
    return (above > 6.0f ? 6.0f : above) * SG_SIXTH;
}

static inline float sg_activate(sg_activation activation, float value)
{
    switch (activation) {
    case SG_RELU:
        return value < 0.0f ? 0.0f : value;
    case SG_HARD_SWISH:
        return value * sg_hard_sigmoid(value);
    case SG_HARD_SIGMOID:
        return sg_hard_sigmoid(value);
    case SG_SIGMOID:
        return (float)(1.0 / (1.0 + exp(-(double)value)));
    default:
        return value;
    }
}

#endif
