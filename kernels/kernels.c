/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "kernels.h"

void sg_kernels_init(sg_kernels *kernels, uint32_t set)
{
    sg_uncertainty_kernels_init(&kernels->uncertainty, set);
    sg_product_kernels_init(&kernels->product, set);
    sg_half_kernels_init(&kernels->halves, set);
}
