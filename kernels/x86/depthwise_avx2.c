/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx2.h"

#define DEPTHWISE sg_depthwise_f32_avx2
#include "depthwise_template.h"
