/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/scratch.h"

#include "base/context.h"

enum { PIECE = 1 << 20 }; /* bytes that a thread has mapped at a time */

typedef struct populate_job {
    const sg_allocator *allocator;
    char *memory;
    size_t size;
} populate_job;

static void populate(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const populate_job *job = argument;
    const size_t first = (size_t)begin * PIECE, last = (size_t)end * PIECE;
    (void)thread;
    sg_alloc_populate(job->allocator, job->memory + first,
                      (last < job->size ? last : job->size) - first);
}

static void drop(segent_context *context, sg_scratch *scratch)
{
    /* Never a pointer to memory that is free: fork() may come at any time from another thread. */
    void *before = scratch->memory;
    scratch->memory = NULL;
    scratch->size = 0;
    sg_free(&context->allocator, before);
}

void *sg_scratch_take(segent_context *context, sg_scratch_use use, size_t count, size_t size)
{
    sg_scratch *scratch = &context->scratch[use];
    size_t bytes;
    if (!sg_size_multiply(count, size, &bytes))
        return NULL;
    if (scratch->memory && scratch->size >= bytes)
        return scratch->memory;
    drop(context, scratch);
    scratch->memory = sg_alloc(&context->allocator, bytes, 1);
    if (!scratch->memory)
        return NULL;
    scratch->size = bytes;
    if (use == SG_SCRATCH_BLOCK) {
        populate_job job = {&context->allocator, scratch->memory, bytes};
        sg_parallel_for(context->pool, (int64_t)((bytes - 1) / PIECE + 1), 1, populate, &job);
    }
    return scratch->memory;
}

void sg_scratch_free(segent_context *context)
{
    for (int use = 0; use < SG_SCRATCH_COUNT; use++)
        drop(context, &context->scratch[use]);
}
