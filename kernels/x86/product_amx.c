/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "tiles_amx.h"
#include "vector_avx512_bf16.h"

#define PRODUCT sg_product_bf16_amx
#define RELEASE sg_release_amx
#include "product_tiles_template.h"
