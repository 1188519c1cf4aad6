/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon_bf16.h"

#define HALVES
#define WINOGRAD sg_winograd_neon_bf16
#include "winograd_template.h"
