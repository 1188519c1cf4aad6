/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "room.h"

#include <string.h>

enum { LINE = 64 };

static size_t whole_lines(size_t bytes)
{
    return (bytes + LINE - 1) / LINE * LINE;
}

size_t sg_room_bytes(size_t floats, int32_t outputs)
{
    size_t bytes = 0;
    /* Outputs are bounded (ops.h). */
    const size_t others = whole_lines((size_t)outputs * sizeof(float)) + LINE;
    if (floats == 0 || !sg_size_multiply(floats, sizeof(float), &bytes) ||
        bytes > SIZE_MAX - LINE - others)
        return 0;
    return whole_lines(bytes) + others;
}

bool sg_room_take(const sg_allocator *allocator, void *given, bool packed, size_t floats,
                  int32_t outputs, sg_room *room)
{
    *room = (sg_room){.own = given ? NULL : sg_alloc(allocator, sg_room_bytes(floats, outputs), 1)};
    char *memory = given ? given : room->own;
    if (!memory)
        return false;
    const size_t weights = whole_lines(floats * sizeof(float));
    const size_t shift = whole_lines((size_t)outputs * sizeof(float));
    room->weights = (float *)(void *)memory;
    room->shift = (float *)(void *)(memory + weights);
    room->facts = (sg_weight_facts *)(void *)(memory + weights + shift);
    if (!packed) {
        memset(memory + weights - LINE, 0, LINE);
        memset(memory + weights, 0, shift + LINE);
    }
    return true;
}

void sg_room_release(const sg_allocator *allocator, sg_room *room)
{
    sg_free(allocator, room->own);
    *room = (sg_room){.own = NULL};
}
