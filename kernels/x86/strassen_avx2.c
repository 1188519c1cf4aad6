/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_avx2.h"

#define STRASSEN sg_strassen_avx2
#include "strassen_template.h"
