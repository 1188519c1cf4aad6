/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Two convolutions as one: a 1x1 convolution and the depthwise one of its output (the first half of
 * an inverted residual: Sandler et al., MobileNetV2, CVPR 2018, doi:10.1109/CVPR.2018.00474). The
 * map between them is the largest of its part of the network and is read by nobody else. It is made
 * a panel of channels and some rows at a time, in a buffer that stays in the caches, and never
 * goes to memory. Each number is what the two convolutions one after the other give, bit by bit. */

#ifndef SG_NN_JOINED_H
#define SG_NN_JOINED_H

#include "convolution.h"
#include "way.h"

/* Whether the two can be joined, each done in the way that was chosen for it. */
bool sg_joined_suits(const sg_convolution *first, const sg_convolution_way *first_way,
                     const sg_convolution *second);

/* Bytes of workspace on so many threads, for a first input of that size. */
int64_t sg_joined_workspace(const sg_convolution *first, const sg_convolution *second,
                            int32_t height, int32_t width, int32_t threads);

/* `call` has the input of the first, the output of the second and its rows' sums if they are
 * wanted, and no more than these and the workspace. Returns the share of the time that the first
 * took, if `timed`. */
double sg_joined_run(segent_context *context, const sg_convolution *first,
                     const sg_convolution *second, const sg_convolution_call *call, bool timed);

#endif
