/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon.h"

#define DEPTHWISE sg_depthwise_f32_neon
#include "depthwise_template.h"
