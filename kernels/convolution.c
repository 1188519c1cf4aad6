/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "convolution.h"

void sg_convolution_kernels_init(sg_convolution_kernels *kernels, int32_t cpu)
{
    kernels->cpu = cpu;
}
