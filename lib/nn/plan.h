/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The memory of one network at one input size, as one block that layers share.
 *
 * A walk over the network takes room for each tensor and gives it back after its last use. The
 * first walk has no block: it only learns how large one has to be. The second walk does the same
 * things in the same order, so that every tensor lies where the first one put it:
 *
 *     block | x | free | output of conv1 | patches | free ...
 */

#ifndef SG_NN_PLAN_H
#define SG_NN_PLAN_H

#include <stdbool.h>

#include "tensor.h"

enum { SG_PLAN_LIVE_MAX = 16 };

typedef struct sg_plan {
    char *block; /* NULL: only planning */
    size_t size; /* bytes of block that were ever in use */
    int32_t count;
    struct {
        size_t offset, size;
    } live[SG_PLAN_LIVE_MAX]; /* by offset */
} sg_plan;

/* Room for a tensor; *tensor describes it, with a gap between pixels where caches want one. False:
 * the sizes overflow, or more than SG_PLAN_LIVE_MAX tensors are live. */
bool sg_plan_take(sg_plan *plan, int32_t height, int32_t width, int32_t channels,
                  sg_tensor *tensor);

/* Room for `count` floats: a tensor of one row of them. */
bool sg_plan_take_floats(sg_plan *plan, int64_t count, sg_tensor *tensor);

/* Bytes of the largest tensor that can be taken while the block stays within `limit` bytes, or
 * grows no further if it is larger already. */
size_t sg_plan_room(const sg_plan *plan, size_t limit);

/* Gives the tensor's room back. */
void sg_plan_give(sg_plan *plan, const sg_tensor *tensor);

#endif
