/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon.h"

#define STEM         sg_stem_f32_neon
#define STEM_PIXELS  9
#define STEM_VECTORS 2
#include "stem_template.h"
