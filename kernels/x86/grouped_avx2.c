/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx2.h"

#define GROUPED sg_grouped_f32_avx2
#include "grouped_template.h"
