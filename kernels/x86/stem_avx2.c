/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx2.h"

#define STEM         sg_stem_f32_avx2
#define STEM_PIXELS  6
#define STEM_VECTORS 2
#include "stem_template.h"
