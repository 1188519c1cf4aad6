/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The flag that ends a run, or the reading of a file, from another thread. */

#include "base/cancel.h"

#include "api.h"
#include "base/context.h"

segent_status sg_cancel_create(segent_context *context, segent_cancel **out)
{
    if (!out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_cancel_create: cancel is NULL");
    segent_cancel *cancel = sg_alloc_zero(&context->allocator, 1, sizeof(*cancel));
    if (!cancel)
        return sg_fail_memory(context, "a cancel flag", sizeof(*cancel));
    cancel->allocator = context->allocator;
    *out = cancel;
    return SEGENT_OK;
}

void segent_cancel_set(segent_cancel *cancel)
{
    if (cancel)
        atomic_store(&cancel->set, 1);
}

void segent_cancel_reset(segent_cancel *cancel)
{
    if (cancel)
        atomic_store(&cancel->set, 0);
}

int32_t segent_cancel_is_set(const segent_cancel *cancel)
{
    return cancel ? atomic_load(&cancel->set) : 0;
}

void sg_cancel_watch(segent_context *context, const segent_cancel *cancel)
{
    sg_pool_watch(context->pool, cancel ? &cancel->set : NULL);
}

void sg_cancel_unwatch(segent_context *context)
{
    sg_pool_watch(context->pool, NULL);
}

bool sg_cancelled(const segent_context *context)
{
    return sg_pool_stops(context->pool) || sg_pool_skipped(context->pool);
}

segent_status sg_cancel_check(segent_context *context, const char *what)
{
    return sg_cancelled(context)
               ? sg_fail(context, SEGENT_ERROR_CANCELLED, "%s was cancelled", what)
               : SEGENT_OK;
}

void segent_cancel_destroy(segent_cancel *cancel)
{
    if (!cancel)
        return;
    const sg_allocator allocator = cancel->allocator;
    sg_free(&allocator, cancel);
}
