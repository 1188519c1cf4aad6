/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Factors of a 1x1 convolution's inputs, W (s * x), as squeeze and excitation has them. They go to
 * the weights, (W diag(s)) x, which are few beside the numbers of a map: a row of the right side of
 * the product belongs to one input. */

#ifndef SG_NN_SCALING_H
#define SG_NN_SCALING_H

#include <stdint.h>

enum { SG_SCALING_GRAIN = 64 };

typedef struct sg_scaling {
    const float *rows;     /* row k belongs to input k % inputs */
    const float *factors;  /* (inputs) */
    int64_t inputs, width; /* of a row */
    float *to;
} sg_scaling;

/* to[k][j] = rows[k][j] * factors[k % inputs], for rows begin to end: a sg_task_fn of a sg_scaling.
 */
static inline void sg_scale_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const sg_scaling *job = argument;
    (void)thread;
    for (int64_t k = begin; k < end; k++) {
        const float *from = job->rows + k * job->width, factor = job->factors[k % job->inputs];
        float *to = job->to + k * job->width;
        for (int64_t j = 0; j < job->width; j++)
            to[j] = from[j] * factor;
    }
}

#endif
