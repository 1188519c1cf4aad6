/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 1x1 convolutions, and the centres of larger ones, with seven products of halves instead of eight
 * (kernels/strassen.h): one or two levels of Strassen's recursion, over pairs of neighbouring
 * pixels, halves of the inputs and halves of the outputs. What each block of pixels needs of sums
 * stays in the second cache. The weights' sums are made anew in every run: as many floats as there
 * are weights, or 2.75 times as many. */

#ifndef SG_NN_STRASSEN_H
#define SG_NN_STRASSEN_H

#include "packed.h"

enum { SG_STRASSEN_LEVELS = 2 };

/* Whether a convolution can be done this way, with so many levels, and gains by it on maps of any
 * but the smallest size. */
bool sg_strassen_suits(const sg_packed *packed, const sg_convolution_shape *shape, int32_t levels);

/* Bytes of workspace of a run on so many threads. */
int64_t sg_strassen_workspace(const sg_packed *packed, int32_t levels, int32_t threads);

/* Does what sg_packed_run does, by Strassen's products. */
void sg_strassen_run(segent_context *context, const sg_packed *packed, int32_t levels,
                     const sg_convolution_shape *shape, const sg_convolution_call *call);

#endif
