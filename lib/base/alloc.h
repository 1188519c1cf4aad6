/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Memory through the host's functions. Objects keep a copy of the allocator that made them, so that
 * they can be destroyed without their context. */

#ifndef SG_ALLOC_H
#define SG_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include "segent/segent.h"

typedef struct sg_allocator {
    segent_allocate_fn allocate; /* NULL: malloc and free */
    segent_release_fn release;
    void *user;
} sg_allocator;

/* *product = a * b; false when that overflows. */
bool sg_size_multiply(size_t a, size_t b, size_t *product);

/* Room for `count` elements of `size` bytes, 64-byte aligned, contents undefined; NULL when the
 * product overflows, is 0, or memory is out. */
void *sg_alloc(const sg_allocator *allocator, size_t count, size_t size);

/* Has the system map the pages below these bytes of a block now, writable: for threads about to
 * write the whole of a large block for the first time. A system that has no such request maps them
 * one by one as they are written, which takes longer. */
void sg_alloc_populate(const sg_allocator *allocator, void *memory, size_t bytes);

/* The same, zeroed. */
void *sg_alloc_zero(const sg_allocator *allocator, size_t count, size_t size);

/* A copy of `length` bytes with a NUL behind them. */
char *sg_alloc_string(const sg_allocator *allocator, const char *text, size_t length);

/* Frees what the above returned; NULL is legal. */
void sg_free(const sg_allocator *allocator, void *memory);

#endif
