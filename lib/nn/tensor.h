/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A feature map, or a range of its channels: (height, width, channels), channels last. Value
 * (y, x, c) is element (y * width + x) * pixel_stride + c of `data`. */

#ifndef SG_NN_TENSOR_H
#define SG_NN_TENSOR_H

#include <stddef.h>
#include <stdint.h>

#include "bf16.h"

/* The type of a tensor's elements. */
typedef enum sg_dtype {
    SG_F32, /* float */
    SG_BF16 /* the upper half of a float, rounded to even */
} sg_dtype;

static inline size_t sg_dtype_size(sg_dtype type)
{
    return type == SG_BF16 ? 2 : sizeof(float);
}

typedef struct sg_tensor {
    void *data; /* NULL while memory is only being planned */
    sg_dtype type;
    int32_t height, width, channels;
    int64_t pixel_stride; /* elements; >= channels */
    size_t offset;        /* of its room in the block of a plan (plan.h), in bytes */
} sg_tensor;

static inline int64_t sg_tensor_pixels(const sg_tensor *tensor)
{
    return (int64_t)tensor->height * tensor->width;
}

/* The first channel of a pixel of a tensor of SG_F32. */
static inline float *sg_tensor_f32(const sg_tensor *tensor, int64_t pixel)
{
    return (float *)tensor->data + pixel * tensor->pixel_stride;
}

/* The first channel of a pixel, as a pointer to floats: each has the place of one float or two
 * numbers of SG_BF16, of which a pixel has an even number then. */
static inline float *sg_tensor_place(const sg_tensor *tensor, int64_t pixel)
{
    const int64_t bytes = tensor->pixel_stride * (int64_t)sg_dtype_size(tensor->type);
    return (float *)(void *)((char *)tensor->data + pixel * bytes);
}

/* Such places from one pixel to the next. */
static inline int64_t sg_tensor_step(const sg_tensor *tensor)
{
    return tensor->pixel_stride * (int64_t)sg_dtype_size(tensor->type) / (int64_t)sizeof(float);
}

/* The first channel of a pixel of a tensor of SG_BF16. */
static inline sg_bf16 *sg_tensor_half(const sg_tensor *tensor, int64_t pixel)
{
    return (sg_bf16 *)tensor->data + pixel * tensor->pixel_stride;
}

/* Channels first to first + channels - 1, in place: writing to them writes to `tensor`. */
static inline sg_tensor sg_tensor_slice(const sg_tensor *tensor, int32_t first, int32_t channels)
{
    sg_tensor slice = *tensor;
    slice.channels = channels;
    slice.data = (char *)tensor->data + (size_t)first * sg_dtype_size(tensor->type);
    return slice;
}

#endif
