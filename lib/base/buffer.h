/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Bytes that the library made and the caller takes over. */

#ifndef SG_BUFFER_H
#define SG_BUFFER_H

#include "base/alloc.h"
#include "segent/segent.h"

struct segent_buffer {
    sg_allocator allocator;
    void *data;
    size_t size;
};

/* Takes the data over, which the allocator made. NULL: out of memory, and nothing was taken. */
segent_buffer *sg_buffer_create(const sg_allocator *allocator, void *data, size_t size);

#endif
