/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx2.h"

/* 12 of 16 registers hold sums, 3 a row of B and an element of A. */
#define TILE_ROWS 6
#define PRODUCT   sg_product_f32_avx2
#include "product_template.h"
