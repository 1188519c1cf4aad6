/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The context's own threads. */

#ifndef SG_THREADS_H
#define SG_THREADS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/alloc.h"
#include "segent/segent.h"

typedef struct sg_pool sg_pool;

/* Does items begin (inclusive) to end (exclusive). `thread` is 0 for the caller's thread and below
 * the pool's size. */
typedef void (*sg_task_fn)(void *argument, int64_t begin, int64_t end, int32_t thread);

/* Processors that this process may run on, at least 1. */
int32_t sg_processor_count(void);

/* A pool of `threads` threads including the caller's; the others start with the first parallel
 * work. NULL: out of memory. */
sg_pool *sg_pool_create(const sg_allocator *allocator, int32_t threads);
void sg_pool_destroy(sg_pool *pool);
int32_t sg_pool_threads(const sg_pool *pool);

/* From now on the host's parallel loop does the work, and the pool starts no threads. `context` is
 * the one whose host it is. */
void sg_pool_use_host(sg_pool *pool, struct segent_context *context, segent_parallel_fn parallel,
                      void *user);

/* Watches a flag (NULL: none any more): once it is not 0, threads leave the work that they have not
 * begun undone, this time and until this is called again. */
void sg_pool_watch(sg_pool *pool, const atomic_int *flag);

/* Whether the flag is set, so that work that would be begun now is to be left undone, and will have
 * been. For loops that are not the pool's. */
bool sg_pool_stops(sg_pool *pool);

/* Whether any work was left undone since that was last called: what was computed is worthless. */
bool sg_pool_skipped(const sg_pool *pool);

/* Calls `task` over 0..count in chunks of at most `grain` items (at least 1), on all threads at
 * once, and returns when all are done. Each thread begins with a share of neighbouring chunks, the
 * same for the same count and grain, and then helps the others, so that which thread does which
 * chunk varies; chunk boundaries do not, so that a result that is kept per item or per chunk never
 * depends on the number of threads. Threads that cannot be started are done without. Not reentrant.
 */
void sg_parallel_for(sg_pool *pool, int64_t count, int64_t grain, sg_task_fn task, void *argument);

/* The same with chunks of up to `most` grains, first as many, then fewer and fewer, for work that
 * is cheaper in large chunks. They begin at multiples of `grain`, but where varies. */
void sg_parallel_grains(sg_pool *pool, int64_t count, int64_t grain, int64_t most, sg_task_fn task,
                        void *argument);

#endif
