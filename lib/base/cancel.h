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

/* From now on work of the context ends when the flag (NULL: none) is set; until sg_cancel_unwatch.
 * Parallel loops then leave undone what they have not begun. */
void sg_cancel_watch(segent_context *context, const segent_cancel *cancel);
void sg_cancel_unwatch(segent_context *context);

/* Whether the flag that is watched has been set, so that what was computed is worthless. */
bool sg_cancelled(const segent_context *context);

/* SEGENT_ERROR_CANCELLED, "WHAT was cancelled", if so. */
segent_status sg_cancel_check(segent_context *context, const char *what);

#endif
