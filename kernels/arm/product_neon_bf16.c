/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon_bf16.h"

/* 18 of 32 registers hold sums. */
#define TILE_ROWS 9
#define HALVES
#define PRODUCT sg_product_bf16_neon_bf16
#include "product_template.h"
