/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Objects that the library makes once and a context keeps for the calls that follow: the last few
 * of them. */

#ifndef SG_KEPT_H
#define SG_KEPT_H

#include <stdint.h>

enum { SG_KEPT_KEY = 5, SG_KEPT_MAX = 4 };

/* The beginning of such an object, in one piece of memory of the context's allocator. */
typedef struct sg_kept {
    uint64_t key[SG_KEPT_KEY];
    uint64_t used; /* when it was last asked for: a number that grows */
} sg_kept;

struct segent_context;

/* The object of that key; NULL if there is none. */
sg_kept *sg_kept_find(struct segent_context *context, const uint64_t key[SG_KEPT_KEY]);

/* Takes the object over. The one that was not asked for the longest makes room for it. */
void sg_kept_add(struct segent_context *context, sg_kept *object);

/* Frees all of them. */
void sg_kept_free(struct segent_context *context);

#endif
