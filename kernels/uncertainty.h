/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef SG_KERNELS_UNCERTAINTY_H
#define SG_KERNELS_UNCERTAINTY_H

#include <stdint.h>

typedef struct sg_uncertainty_kernels {
    int32_t cpu; /* the instruction set these kernels are for */
} sg_uncertainty_kernels;

void sg_uncertainty_kernels_init(sg_uncertainty_kernels *kernels, int32_t cpu);

#endif
