/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Converts elements of any type and any strides to dense float32. Storages lie in the file without
 * alignment, so elements are put together from bytes, which compilers turn into one load. */

#include <string.h>

#include "table.h"

static float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static float from_f32(const unsigned char *bytes)
{
    return float_of_bits(sg_le32(bytes));
}

static float from_bf16(const unsigned char *bytes)
{
    return float_of_bits((uint32_t)sg_le16(bytes) << 16);
}

static float from_f16(const unsigned char *bytes)
{
    const uint32_t half = sg_le16(bytes), sign = (half & 0x8000) << 16;
    const uint32_t exponent = half >> 10 & 31, fraction = half & 0x3ff;
    if (exponent == 31)
        return float_of_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent > 0)
        return float_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
    const float tiny = (float)fraction * 0x1p-24f; /* zero or subnormal, exactly */
    return sign ? -tiny : tiny;
}

static float from_f64(const unsigned char *bytes)
{
    const uint64_t bits = sg_le64(bytes);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return (float)value;
}

static float from_i64(const unsigned char *bytes)
{
    return (float)(int64_t)sg_le64(bytes);
}

static float from_i32(const unsigned char *bytes)
{
    return (float)(int32_t)sg_le32(bytes);
}

static float from_i16(const unsigned char *bytes)
{
    return (float)(int16_t)sg_le16(bytes);
}

static float from_i8(const unsigned char *bytes)
{
    return (float)(int8_t)bytes[0];
}

static float from_u8(const unsigned char *bytes)
{
    return (float)bytes[0];
}

static float from_bool(const unsigned char *bytes)
{
    return bytes[0] ? 1.0f : 0.0f;
}

/* Converts `count` elements that are `step` bytes apart. */
typedef void (*run_fn)(const unsigned char *bytes, int64_t step, int64_t count, float *values);

#define DEFINE_RUN(type)                                                                           \
    static void run_##type(const unsigned char *bytes, int64_t step, int64_t count, float *values) \
    {                                                                                              \
        for (int64_t i = 0; i < count; i++)                                                        \
            values[i] = from_##type(bytes + i * step);                                             \
    }
DEFINE_RUN(f32)
DEFINE_RUN(f16)
DEFINE_RUN(bf16)
DEFINE_RUN(f64)
DEFINE_RUN(i64)
DEFINE_RUN(i32)
DEFINE_RUN(i16)
DEFINE_RUN(i8)
DEFINE_RUN(u8)
DEFINE_RUN(bool)

static run_fn find_run(segent_dtype dtype)
{
    static const run_fn runs[] = {
        [SEGENT_DTYPE_F32] = run_f32,  [SEGENT_DTYPE_F16] = run_f16, [SEGENT_DTYPE_BF16] = run_bf16,
        [SEGENT_DTYPE_F64] = run_f64,  [SEGENT_DTYPE_I64] = run_i64, [SEGENT_DTYPE_I32] = run_i32,
        [SEGENT_DTYPE_I16] = run_i16,  [SEGENT_DTYPE_I8] = run_i8,   [SEGENT_DTYPE_U8] = run_u8,
        [SEGENT_DTYPE_BOOL] = run_bool};
    return runs[dtype];
}

/* Describes the same elements with as few dimensions as possible: dimensions of one element are
 * left out, and two that follow each other without a gap become one. Returns their number, at
 * least 1. */
static int32_t merge(const sg_stored_tensor *tensor, int64_t *shape, int64_t *stride)
{
    int32_t rank = 0;
    for (int32_t i = 0; i < tensor->rank; i++) {
        const int64_t size = tensor->shape[i], step = tensor->stride[i];
        if (size == 1)
            continue;
        if (rank > 0 && stride[rank - 1] == step * size) {
            shape[rank - 1] *= size;
            stride[rank - 1] = step;
        } else {
            shape[rank] = size;
            stride[rank++] = step;
        }
    }
    if (rank == 0) {
        shape[0] = 1;
        stride[0] = 0;
        rank = 1;
    }
    return rank;
}

bool sg_tensor_dense(const sg_stored_tensor *tensor)
{
    int64_t shape[SEGENT_RANK_MAX], stride[SEGENT_RANK_MAX];
    return tensor->elements <= 1 || (merge(tensor, shape, stride) == 1 && stride[0] == 1);
}

void sg_tensor_convert(const sg_stored_tensor *tensor, float *values)
{
    if (tensor->elements == 0)
        return;
    int64_t shape[SEGENT_RANK_MAX], stride[SEGENT_RANK_MAX], at[SEGENT_RANK_MAX] = {0};
    const int32_t last = merge(tensor, shape, stride) - 1;
    const int64_t size = (int64_t)sg_dtype_size(tensor->dtype);
    const run_fn run = find_run(tensor->dtype);
    int64_t offset = 0; /* from the first element, in bytes */
    for (int32_t axis = 0; axis >= 0;) {
        run(tensor->data + offset, stride[last] * size, shape[last], values);
        values += shape[last];
        for (axis = last - 1; axis >= 0; axis--) {
            offset += stride[axis] * size;
            if (++at[axis] < shape[axis])
                break;
            offset -= stride[axis] * size * shape[axis];
            at[axis] = 0;
        }
    }
}
