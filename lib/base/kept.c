/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/kept.h"

#include <string.h>

#include "base/context.h"

sg_kept *sg_kept_find(segent_context *context, const uint64_t key[SG_KEPT_KEY])
{
    for (int i = 0; i < SG_KEPT_MAX; i++) {
        sg_kept *object = context->kept[i];
        if (object && memcmp(object->key, key, sizeof(object->key)) == 0) {
            object->used = ++context->kept_uses;
            return object;
        }
    }
    return NULL;
}

static void drop(segent_context *context, int place)
{
    /* Never a pointer to memory that is free: fork() may come at any time from another thread. */
    sg_kept *before = context->kept[place];
    context->kept[place] = NULL;
    sg_free(&context->allocator, before);
}

void sg_kept_add(segent_context *context, sg_kept *object)
{
    int place = 0;
    for (int i = 1; i < SG_KEPT_MAX && context->kept[place]; i++) {
        if (!context->kept[i] || context->kept[i]->used < context->kept[place]->used)
            place = i;
    }
    drop(context, place);
    object->used = ++context->kept_uses;
    context->kept[place] = object;
}

void sg_kept_free(segent_context *context)
{
    for (int i = 0; i < SG_KEPT_MAX; i++)
        drop(context, i);
}
