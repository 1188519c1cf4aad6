/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx512_bf16.h"

#define TILE_ROWS 12
#define HALVES
#define PRODUCT sg_product_bf16_avx512_bf16
#include "product_template.h"
