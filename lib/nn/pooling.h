/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a network does beside convolutions. */

#ifndef SG_NN_POOLING_H
#define SG_NN_POOLING_H

#include "base/context.h"
#include "tensor.h"

/* Maximum over 3x3 windows, stride 2, padding 1 that never wins: a side of n becomes ceil(n / 2).
 */
void sg_max_pool(segent_context *context, const sg_tensor *input, const sg_tensor *output);

/* Mean over all pixels, summed in double and rounded once: `output` is 1 x 1. `rows`: the sums of
 * each row of the input, (height, channels), which whoever made it has left (convolution.h); NULL:
 * there are none. */
void sg_global_average(segent_context *context, const sg_tensor *input, const double *rows,
                       const sg_tensor *output);

/* Bilinear interpolation with align_corners=False, to the size of the output. */
void sg_stretch(segent_context *context, const sg_tensor *input, const sg_tensor *output);

/* (height, width, channels) to (channels, height, width), dense. */
void sg_to_planes(segent_context *context, const sg_tensor *input, float *planes);

#endif
