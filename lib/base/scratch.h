/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Working memory that a context keeps from call to call. To fetch fresh memory for every run would
 * cost several per cent of it in page faults, and a host that must not allocate in its loop could
 * not use it. */

#ifndef SG_SCRATCH_H
#define SG_SCRATCH_H

#include <stddef.h>

/* What it is for. Two uses that can be in one call have a place each. */
typedef enum sg_scratch_use {
    SG_SCRATCH_BLOCK,   /* a run's activations; before it, what a resize needs between its passes */
    SG_SCRATCH_PICTURE, /* the resized picture, where no result keeps it */
    SG_SCRATCH_FILTERS, /* a resize's weights, across */
    SG_SCRATCH_FILTERS_DOWN,
    SG_SCRATCH_LOGITS, /* the network's own logits, where no result keeps them */
    SG_SCRATCH_TILES,  /* blocks of pixels of all threads */
    SG_SCRATCH_FAULTS, /* where each thread found a bad pixel */
    SG_SCRATCH_TAPS,   /* of an interpolation */
    SG_SCRATCH_ROWS,   /* sums of rows */
    SG_SCRATCH_MARKS,  /* of an evaluation's pixels: how large each measure is */
    SG_SCRATCH_COUNTS, /* of an evaluation's threads */
    SG_SCRATCH_COUNT
} sg_scratch_use;

typedef struct sg_scratch {
    void *memory;
    size_t size;
} sg_scratch;

struct segent_context;

/* Room for `count` elements of `size` bytes, 64-byte aligned, undefined contents, until the next
 * call for the same use; NULL: out of memory, or the product does not fit. */
void *sg_scratch_take(struct segent_context *context, sg_scratch_use use, size_t count,
                      size_t size);

/* Frees all of it. */
void sg_scratch_free(struct segent_context *context);

#endif
