/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_ref.h"

#define WINOGRAD sg_winograd_ref
#include "winograd_template.h"
