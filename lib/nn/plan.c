/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "plan.h"

#include <string.h>

#include "base/alloc.h"

enum { ALIGNMENT = 64, GAP = 16, GAP_EVERY = 256 };

/* The lowest gap that is large enough, or the end of what is live: an index into live. */
static int32_t first_fit(const sg_plan *plan, size_t size, size_t *offset)
{
    *offset = 0;
    for (int32_t i = 0; i < plan->count; i++) {
        if (plan->live[i].offset - *offset >= size)
            return i;
        *offset = plan->live[i].offset + plan->live[i].size;
    }
    return plan->count;
}

static bool take(sg_plan *plan, size_t floats, size_t *offset)
{
    size_t bytes;
    if (plan->count == SG_PLAN_LIVE_MAX || !sg_size_multiply(floats, sizeof(float), &bytes) ||
        bytes == 0 || bytes > PTRDIFF_MAX - ALIGNMENT)
        return false;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    const int32_t index = first_fit(plan, bytes, offset);
    if (*offset > PTRDIFF_MAX - bytes)
        return false;
    memmove(&plan->live[index + 1], &plan->live[index],
            (size_t)(plan->count - index) * sizeof(plan->live[0]));
    plan->live[index].offset = *offset;
    plan->live[index].size = bytes;
    plan->count++;
    if (*offset + bytes > plan->size)
        plan->size = *offset + bytes;
    return true;
}

static float *place(const sg_plan *plan, size_t offset)
{
    return plan->block ? (float *)(void *)(plan->block + offset) : NULL;
}

bool sg_plan_take(sg_plan *plan, int32_t height, int32_t width, int32_t channels, sg_tensor *tensor)
{
    size_t pixels, floats, offset;
    /* Pixels a multiple of 1 KiB apart would share a few sets of the first cache. */
    const int64_t stride = channels + (int64_t)(channels % GAP_EVERY == 0 ? GAP : 0);
    if (height < 1 || width < 1 || channels < 1 ||
        !sg_size_multiply((size_t)height, (size_t)width, &pixels) ||
        !sg_size_multiply(pixels, (size_t)stride, &floats) || !take(plan, floats, &offset))
        return false;
    *tensor = (sg_tensor){place(plan, offset), height, width, channels, stride, offset};
    return true;
}

bool sg_plan_take_floats(sg_plan *plan, int64_t count, sg_tensor *tensor)
{
    size_t offset;
    if (count < 1 || (uint64_t)count > SIZE_MAX || !take(plan, (size_t)count, &offset))
        return false;
    *tensor = (sg_tensor){place(plan, offset), 1, 1, 0, count, offset};
    return true;
}

size_t sg_plan_room(const sg_plan *plan, size_t limit)
{
    size_t room = 0, end = 0;
    for (int32_t i = 0; i <= plan->count; i++) {
        const size_t next = i < plan->count ? plan->live[i].offset : limit;
        if (next > end && next - end > room)
            room = next - end;
        if (i < plan->count)
            end = next + plan->live[i].size;
    }
    return room / ALIGNMENT * ALIGNMENT;
}

void sg_plan_give(sg_plan *plan, const sg_tensor *tensor)
{
    for (int32_t i = 0; i < plan->count; i++) {
        if (plan->live[i].offset == tensor->offset) {
            plan->count--;
            memmove(&plan->live[i], &plan->live[i + 1],
                    (size_t)(plan->count - i) * sizeof(plan->live[0]));
            return;
        }
    }
}
