/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A feature map, or a range of its channels: (height, width, channels), channels last, float32.
 * Value (y, x, c) is data[(y * width + x) * pixel_stride + c]. */

#ifndef SG_NN_TENSOR_H
#define SG_NN_TENSOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct sg_tensor {
    float *data; /* NULL while memory is only being planned */
    int32_t height, width, channels;
    int64_t pixel_stride; /* >= channels */
    size_t offset;        /* of its room in the block of a plan (plan.h) */
} sg_tensor;

static inline int64_t sg_tensor_pixels(const sg_tensor *tensor)
{
    return (int64_t)tensor->height * tensor->width;
}

/* Channels first to first + channels - 1, in place: writing to them writes to `tensor`. */
static inline sg_tensor sg_tensor_slice(const sg_tensor *tensor, int32_t first, int32_t channels)
{
    sg_tensor slice = *tensor;
    slice.channels = channels;
    if (slice.data)
        slice.data += first;
    return slice;
}

#endif
