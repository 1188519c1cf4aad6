/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon.h"

/* 18 of 32 registers hold sums. */
#define TILE_ROWS 9
#define PRODUCT   sg_product_f32_neon
#include "product_template.h"
