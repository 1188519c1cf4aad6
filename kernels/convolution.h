/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef SG_KERNELS_CONVOLUTION_H
#define SG_KERNELS_CONVOLUTION_H

#include <stdint.h>

typedef struct sg_convolution_kernels {
    int32_t cpu; /* the instruction set these kernels are for */
} sg_convolution_kernels;

void sg_convolution_kernels_init(sg_convolution_kernels *kernels, int32_t cpu);

#endif
