/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Convolutions whose every output channel sees one input channel, its own: they multiply too little
 * to be products of matrices, and take as long as their maps take to be read and written. */

#ifndef SG_NN_DEPTHWISE_H
#define SG_NN_DEPTHWISE_H

#include "convolution.h"
#include "kernels.h"
#include "room.h"

typedef struct sg_depthwise_weights {
    sg_room room;           /* (kernel * kernel, channels rounded up to SG_DEPTHWISE_ROUND) */
    sg_depthwise_fn kernel; /* of the context that packed them */
    sg_add_pixels_fn add_pixels;
} sg_depthwise_weights;

/* Floats from one tap's packed weights to the next one's. */
int64_t sg_depthwise_stride(int64_t channels);

/* Does a part of a row of the output, from column x on. If `row_sums` is not NULL, adds its pixels
 * to the row's sums, which begin there with this call's first channel and as zeros where x is 0. */
void sg_depthwise_run(const sg_depthwise_weights *weights, const sg_depthwise *part, int64_t x,
                      double *row_sums);

#endif
