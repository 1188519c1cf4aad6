/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "vector_ref.h"

#define STRASSEN sg_strassen_ref
#include "strassen_template.h"
