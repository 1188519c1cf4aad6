/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#ifndef SG_CANCEL_H
#define SG_CANCEL_H

#include <stdatomic.h>

#include "base/alloc.h"
#include "segent/segent.h"

struct segent_cancel {
    sg_allocator allocator;
    atomic_int set;
};

#endif
