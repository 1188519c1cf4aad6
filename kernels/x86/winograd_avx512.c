/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx512.h"

#define WINOGRAD sg_winograd_avx512
#include "winograd_template.h"
