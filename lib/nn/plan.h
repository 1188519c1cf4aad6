/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The memory of one network at one input size, as one block that layers share.
 *
 * A walk over the network takes room for each tensor and gives it back after its last use, and so
 * learns how large the block has to be, and where in it each tensor lies:
 *
 *     block | x | free | output of conv1 | patches | free ...
 *
 * Everything is counted in bytes. */

#ifndef SG_NN_PLAN_H
#define SG_NN_PLAN_H

#include <stdbool.h>

#include "tensor.h"

enum { SG_PLAN_LIVE_MAX = 16 };

typedef struct sg_plan {
    size_t size; /* of the part of the block that was ever in use */
    int32_t count;
    struct {
        size_t offset, size;
    } live[SG_PLAN_LIVE_MAX]; /* by offset */
} sg_plan;

/* Room for a tensor; *tensor describes it, still without data, with a gap between pixels where
 * caches want one. False: the sizes overflow, or more than SG_PLAN_LIVE_MAX rooms are live. */
bool sg_plan_take(sg_plan *plan, sg_dtype type, int32_t height, int32_t width, int32_t channels,
                  sg_tensor *tensor);

/* Room of so many bytes for anything, at *offset. False: as above. */
bool sg_plan_take_bytes(sg_plan *plan, int64_t bytes, size_t *offset);

/* The largest room that can be taken while the block stays within `limit` bytes, or grows no
 * further if it is larger already. */
size_t sg_plan_room(const sg_plan *plan, size_t limit);

/* Gives the room at an offset back. */
void sg_plan_give(sg_plan *plan, size_t offset);

#endif
