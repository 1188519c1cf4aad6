/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx512.h"

/* 24 of 32 registers hold sums. */
#define TILE_ROWS 12
#define PRODUCT   sg_product_f32_avx512
#define PAIRS     sg_product_pairs_f32_avx512
#include "product_template.h"
