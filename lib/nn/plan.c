/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "plan.h"

#include <string.h>

#include "base/alloc.h"

enum { ALIGNMENT = 64, GAP = 64, GAP_EVERY = 1024 };

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

static bool take(sg_plan *plan, size_t bytes, size_t *offset)
{
    if (plan->count == SG_PLAN_LIVE_MAX || bytes == 0 || bytes > PTRDIFF_MAX - ALIGNMENT)
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

bool sg_plan_take(sg_plan *plan, sg_dtype type, int32_t height, int32_t width, int32_t channels,
                  sg_tensor *tensor)
{
    const size_t size = sg_dtype_size(type);
    size_t pixels, bytes, offset;
    if (height < 1 || width < 1 || channels < 1)
        return false;
    /* Pixels a multiple of 1 KiB apart would share a few sets of the first cache. */
    size_t row = ((size_t)channels * size + sizeof(float) - 1) / sizeof(float) * sizeof(float);
    row += row % GAP_EVERY == 0 ? GAP : 0;
    if (!sg_size_multiply((size_t)height, (size_t)width, &pixels) ||
        !sg_size_multiply(pixels, row, &bytes) || !take(plan, bytes, &offset))
        return false;
    *tensor = (sg_tensor){.type = type,
                          .height = height,
                          .width = width,
                          .channels = channels,
                          .pixel_stride = (int64_t)(row / size),
                          .offset = offset};
    return true;
}

bool sg_plan_take_bytes(sg_plan *plan, int64_t bytes, size_t *offset)
{
    return bytes >= 1 && (uint64_t)bytes <= SIZE_MAX && take(plan, (size_t)bytes, offset);
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

void sg_plan_give(sg_plan *plan, size_t offset)
{
    for (int32_t i = 0; i < plan->count; i++) {
        if (plan->live[i].offset == offset) {
            plan->count--;
            memmove(&plan->live[i], &plan->live[i + 1],
                    (size_t)(plan->count - i) * sizeof(plan->live[0]));
            return;
        }
    }
}
