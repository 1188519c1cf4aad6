/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The product in tiles as plain C. */

#include "tiles_ref.h"
#include "vector_ref_bf16.h"

atomic_int sg_tiles_ref_held;

#define PRODUCT sg_product_bf16_tiles_ref
#define RELEASE sg_release_tiles_ref
#include "product_tiles_template.h"
