/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon.h"

#define STRASSEN sg_strassen_neon
#include "strassen_template.h"
