/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The product in tiles with the tiles of plain C and all else as with AMX: what a processor without
 * AMX can run of it. */

#include "tiles_ref.h"
#include "x86/vector_avx512_bf16.h"

#define PRODUCT sg_product_bf16_tiles_avx512_bf16
#define RELEASE sg_release_tiles_avx512_bf16
#include "product_tiles_template.h"
