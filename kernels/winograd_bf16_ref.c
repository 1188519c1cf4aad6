/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_ref_bf16.h"

#define HALVES
#define WINOGRAD sg_winograd_bf16_ref
#include "winograd_template.h"
