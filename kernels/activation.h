/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Activations: the last thing that is done to a convolution's sums, while they are in registers. */

#ifndef SG_KERNELS_ACTIVATION_H
#define SG_KERNELS_ACTIVATION_H

#include <stdint.h>

typedef enum sg_activation {
    SG_IDENTITY,
    SG_RELU /* max(v, 0); NaN stays NaN */
} sg_activation;

static inline float sg_activate(sg_activation activation, float value)
{
    return activation == SG_RELU && value < 0.0f ? 0.0f : value;
}

#endif
