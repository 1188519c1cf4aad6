/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "types.h"

enum {
    EARLY = 8, /* maps of the first convolutions: the picture's sides are less than so many times
                  as long */
    LAST = 32  /* the last convolutions' part of the weights */
};

/* Whether an operation makes the whole of its output. */
static bool makes_whole(const sg_ops *ops, const sg_op *op)
{
    return op->first_output == 0 && op->outputs == ops->channels[op->output];
}

static double weights_of(const sg_op *op)
{
    return op->kind == SG_OP_CONVOLUTION
               ? (double)op->outputs * op->inputs / op->groups * op->kernel * op->kernel
               : 0;
}

/* Maps that are nearly as large as the picture. strides[map]: pixels of the picture for one of the
 * map's, EARLY for more; 0 of maps of one pixel. */
static void find_early(const sg_ops *ops, int32_t *strides, sg_dtype *maps)
{
    strides[SG_PICTURE] = 1;
    for (int32_t i = 0; i < ops->count; i++) {
        const sg_op *op = &ops->list[i];
        const bool keeps = op->kind == SG_OP_CONVOLUTION || op->kind == SG_OP_MAX_POOL;
        const int32_t stride = op->stride > 1 ? op->stride : 1;
        if (op->kind == SG_OP_MAX_POOL) /* of floats: networks have it among the early maps */
            maps[op->input] = maps[op->output] = SG_F32;
        if (!keeps || strides[op->input] == 0)
            continue;
        strides[op->output] = strides[op->input] >= EARLY ? EARLY : strides[op->input] * stride;
        if (strides[op->output] < EARLY)
            maps[op->output] = SG_F32;
    }
}

/* Maps of one pixel: averages, and what convolutions make of them. */
static void find_pixels(const sg_ops *ops, const int32_t *strides, sg_dtype *maps)
{
    for (int32_t i = 0; i < ops->count; i++) {
        const sg_op *op = &ops->list[i];
        const bool pixel =
            op->kind == SG_OP_AVERAGE_POOL ||
            (op->kind == SG_OP_CONVOLUTION && strides[op->input] == 0 && maps[op->input] == SG_F32);
        /* It may have its place among the channels of a map that others write to. */
        if (pixel && makes_whole(ops, op))
            maps[op->output] = SG_F32;
        maps[op->bias] = maps[op->scale] = SG_F32;
    }
}

/* The one operation that makes a map, if it is a convolution. */
static const sg_op *maker_of(const sg_ops *ops, sg_map map)
{
    for (int32_t i = 0; i < ops->count; i++) {
        const sg_op *op = &ops->list[i];
        if (op->output == map)
            return op->kind == SG_OP_CONVOLUTION && makes_whole(ops, op) ? op : NULL;
    }
    return NULL;
}

/* From the logits back. */
static void find_last(const sg_ops *ops, sg_types *types)
{
    double all = 0, last = 0;
    sg_dtype *maps = types->maps;
    for (int32_t i = 0; i < ops->count; i++)
        all += weights_of(&ops->list[i]);
    for (int32_t i = ops->count - 1; i >= 0; i--) {
        const sg_op *op = &ops->list[i];
        const bool floats = op->kind == SG_OP_LOGITS || maps[op->output] == SG_F32;
        if (op->kind == SG_OP_LOGITS || (op->kind == SG_OP_RESIZE && floats))
            maps[op->input] = SG_F32;
        if (floats && op->addend)
            maps[op->addend] = SG_F32;
        if (op->kind != SG_OP_CONVOLUTION || !floats || maps[op->input] == SG_F32 ||
            last + weights_of(op) > all / LAST)
            continue;
        types->precise[i] = true;
        last += weights_of(op);
        const sg_op *before = maker_of(ops, op->input);
        if (before && last + weights_of(before) <= all / LAST)
            maps[op->input] = SG_F32;
    }
}

bool sg_types_find(const sg_allocator *allocator, const sg_ops *ops, sg_dtype type, sg_types *types)
{
    const size_t maps = (size_t)ops->maps + 1;
    *types = (sg_types){.maps = sg_alloc_zero(allocator, maps, sizeof(sg_dtype)),
                        .precise = sg_alloc_zero(allocator, (size_t)ops->count, sizeof(bool))};
    if (!types->maps || !types->precise)
        return false;
    if (type == SG_F32)
        return true;
    int32_t *strides = sg_alloc_zero(allocator, maps, sizeof(int32_t));
    if (!strides)
        return false;
    for (size_t map = 0; map < maps; map++)
        types->maps[map] = map <= SG_PICTURE ? SG_F32 : SG_BF16;
    find_early(ops, strides, types->maps);
    find_pixels(ops, strides, types->maps);
    find_last(ops, types);
    sg_free(allocator, strides);
    return true;
}

void sg_types_free(const sg_allocator *allocator, sg_types *types)
{
    sg_free(allocator, types->maps);
    sg_free(allocator, types->precise);
    *types = (sg_types){NULL, NULL};
}
