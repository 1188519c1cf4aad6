/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The product in tiles as plain C. */

#include "bf16.h"
#include "tiles_ref.h"
#include "vector_ref.h"

#define v_load_half(p)             sg_bf16_widen(*(p))
#define v_load_half_part(p, n)     ((void)(n), sg_bf16_widen(*(p))) /* n is never 0 */
#define v_store_half(p, a)         ((void)(*(p) = sg_bf16_round(a)))
#define v_store_half_part(p, a, n) ((void)(n), (void)(*(p) = sg_bf16_round(a)))

#define PRODUCT sg_product_bf16_tiles_ref
#include "product_tiles_template.h"
