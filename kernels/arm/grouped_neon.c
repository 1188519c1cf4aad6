/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon.h"

#define GROUPED sg_grouped_f32_neon
#include "grouped_template.h"
