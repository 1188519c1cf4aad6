/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Convolutions as products of matrices in memory, through gemm.h: for processors for which there
 * are no packed kernels, and for convolutions in groups. With M output pixels, and in each group N
 * output channels and K = kernel * kernel * inputs, the weights are packed once as B (K x N), k =
 * tap * inputs + channel, one group after another. A (M x K) is the group's part of the input
 * itself for 1x1 convolutions of stride 1; otherwise the patches of a bounded block of output
 * pixels are gathered into the workspace, for as many taps at a time as keeps K moderate: wide
 * layers are sums over several rounds of taps. Bias, residual and activation follow while the block
 * is in cache. */

#ifndef SG_NN_PLAIN_H
#define SG_NN_PLAIN_H

#include "convolution.h"
#include "room.h"

typedef struct sg_plain {
    sg_room room; /* (groups, kernel * kernel * inputs / groups, outputs / groups) */
} sg_plain;

#endif
