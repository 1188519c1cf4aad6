/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/buffer.h"

segent_buffer *sg_buffer_create(const sg_allocator *allocator, void *data, size_t size)
{
    segent_buffer *buffer = sg_alloc(allocator, 1, sizeof(*buffer));
    if (buffer)
        *buffer = (segent_buffer){*allocator, data, size};
    return buffer;
}

const void *segent_buffer_data(const segent_buffer *buffer)
{
    return buffer ? buffer->data : NULL;
}

size_t segent_buffer_size(const segent_buffer *buffer)
{
    return buffer ? buffer->size : 0;
}

void segent_buffer_destroy(segent_buffer *buffer)
{
    if (!buffer)
        return;
    const sg_allocator allocator = buffer->allocator;
    sg_free(&allocator, buffer->data);
    sg_free(&allocator, buffer);
}
