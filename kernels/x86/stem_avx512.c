/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx512.h"

#define STEM         sg_stem_f32_avx512
#define STEM_PIXELS  12
#define STEM_VECTORS 1
#include "stem_template.h"
