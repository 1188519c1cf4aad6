/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx512.h"

#define ADD_PIXELS sg_add_pixels_f32_avx512
#include "average_template.h"
