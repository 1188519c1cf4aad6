/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 1x1 convolutions with seven products of halves instead of eight (kernels/strassen.h): one level
 * of Strassen's recursion, over pairs of neighbouring pixels, halves of the inputs and halves of
 * the outputs. What each block of pixels needs of sums stays in the second cache. The weights' sums
 * are made anew in every run: as many floats as there are weights. */

#ifndef SG_NN_STRASSEN_H
#define SG_NN_STRASSEN_H

#include "packed.h"

/* Whether a convolution can be done this way, and gains by it on maps of any but the smallest size.
 */
bool sg_strassen_suits(const sg_packed *packed, const sg_convolution_shape *shape);

/* Floats of workspace of a run on so many threads. */
int64_t sg_strassen_workspace(const sg_packed *packed, int32_t threads);

/* As sg_packed_run. */
void sg_strassen_run(segent_context *context, const sg_packed *packed,
                     const sg_convolution_shape *shape, const sg_convolution_call *call);

#endif
