/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "kernels.h"

void sg_kernels_init(sg_kernels *kernels, int32_t cpu)
{
    sg_uncertainty_kernels_init(&kernels->uncertainty, cpu);
    sg_convolution_kernels_init(&kernels->convolution, cpu);
    sg_product_kernels_init(&kernels->product, cpu);
}
