/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "uncertainty.h"

void sg_uncertainty_kernels_init(sg_uncertainty_kernels *kernels, int32_t cpu)
{
    kernels->cpu = cpu;
}
