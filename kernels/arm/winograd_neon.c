/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_neon.h"

#define WINOGRAD sg_winograd_neon
#include "winograd_template.h"
