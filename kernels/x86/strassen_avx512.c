/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx512.h"

#define STRASSEN sg_strassen_avx512
#include "strassen_template.h"
