/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 1x1 convolutions with seven products of halves instead of eight (kernels/strassen.h): one level
 * of Strassen's recursion, over pairs of neighbouring pixels, halves of the inputs and halves of
 * the outputs. What each block of pixels needs of sums stays in the second cache.
 *
 * The weights' sums are kept, seven quarters of what the weights took. */

#ifndef SG_NN_STRASSEN_H
#define SG_NN_STRASSEN_H

#include "packed.h"

/* Whether a convolution can be done this way and is wide enough to gain by it. */
bool sg_strassen_suits(const sg_packed *packed, const sg_convolution_shape *shape);

/* Makes packed->strassen, which takes the place of packed->weights: from then on there is no other
 * way to run it. Leaves everything as it was if a sum of weights is not finite. */
segent_status sg_strassen_keep(segent_context *context, sg_packed *packed);

/* Floats of workspace of a run on so many threads. */
int64_t sg_strassen_workspace(const sg_packed *packed, int32_t threads);

/* As sg_packed_run. */
void sg_strassen_run(segent_context *context, const sg_packed *packed,
                     const sg_convolution_shape *shape, const sg_convolution_call *call);

#endif
