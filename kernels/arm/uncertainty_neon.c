/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The uncertainty kernels in NEON, with exp and log as vector_math.h has them. */

#include "vector_neon.h"

#include "uncertainty_template.h"

void sg_uncertainty_kernels_neon(sg_uncertainty_kernels *kernels)
{
    fill_table(kernels);
}
