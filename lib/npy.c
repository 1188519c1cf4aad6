/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Values as NumPy files, version 1.0 of the format: a magic number, the length of a header that is
 * written as Python would write a dict, filled up with spaces so that the values begin at a
 * multiple of 64 bytes, and the values, little-endian. */

#include <stdio.h>
#include <string.h>

#include "api.h"
#include "base/file.h"
#include "base/layout.h"

enum { PREFIX = 10, ALIGNMENT = 64, HEADER_MAX = 192 };

/* Writes the header with a shape such as "(21, 60, 80)"; returns its length. */
static size_t make_header(const char *shape, unsigned char header[HEADER_MAX])
{
    char text[HEADER_MAX - PREFIX];
    const int length = snprintf(text, sizeof(text),
                                "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
    const size_t used = PREFIX + (size_t)length + 1;
    const size_t size = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    memset(header, ' ', size);
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    header[8] = (unsigned char)((size - PREFIX) & 255);
    header[9] = (unsigned char)((size - PREFIX) >> 8);
    memcpy(header + PREFIX, text, (size_t)length);
    header[size - 1] = '\n';
    return size;
}

static bool is_little_endian(void)
{
    const uint32_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 1;
}

static void put(unsigned char *to, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(bits >> (8 * i) & 255);
}

/* A dense, little-endian copy; NULL: out of memory. */
static unsigned char *gather(segent_context *context, const segent_tensor_view *view, size_t count)
{
    unsigned char *values = sg_alloc(&context->allocator, count, sizeof(float));
    unsigned char *to = values;
    if (!values)
        return NULL;
    for (int64_t c = 0; c < view->channels; c++) {
        const float *plane = view->data + c * view->channel_stride;
        for (int64_t y = 0; y < view->height; y++) {
            for (int64_t x = 0; x < view->width; x++, to += 4)
                put(to, plane[sg_tensor_at(view, y, x)]);
        }
    }
    return values;
}

static segent_status save(segent_context *context, const char *path, const char *shape,
                          const segent_tensor_view *view)
{
    unsigned char header[HEADER_MAX];
    unsigned char *copy = NULL;
    const int64_t most = (int64_t)(PTRDIFF_MAX / sizeof(float));
    if (view->height > most / view->channels || view->width > most / view->channels / view->height)
        return sg_fail(context, SEGENT_ERROR_LIMIT, "%s: too many values for memory", path);
    const size_t count = (size_t)(view->channels * view->height * view->width);
    const size_t bytes = count * sizeof(float);
    if (!sg_tensor_is_dense(view) || !is_little_endian()) {
        copy = gather(context, view, count);
        if (!copy) {
            sg_fail_memory(context, "values to be written", bytes);
            return sg_fail_prefix(context, SEGENT_ERROR_OUT_OF_MEMORY, path);
        }
    }
    const sg_bytes parts[] = {{header, make_header(shape, header)},
                              {copy ? (const void *)copy : view->data, bytes}};
    const segent_status status = sg_write_file(context, path, parts, 2);
    sg_free(&context->allocator, copy);
    return status;
}

segent_status sg_map_save_npy(segent_context *context, const segent_map_view *given,
                              const char *path)
{
    static const char name[] = "segent_map_save_npy";
    char shape[64];
    segent_map_view map;
    if (!path)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: path is NULL", name);
    const segent_status status =
        sg_check_map((sg_view_check){context, name, "values", false}, given, &map);
    if (status != SEGENT_OK)
        return status;
    const segent_tensor_view view = {.data = map.data,
                                     .channels = 1,
                                     .height = map.height,
                                     .width = map.width,
                                     .row_stride = map.row_stride,
                                     .column_stride = map.column_stride};
    snprintf(shape, sizeof(shape), "(%lld, %lld)", (long long)map.height, (long long)map.width);
    return save(context, path, shape, &view);
}

segent_status sg_tensor_save_npy(segent_context *context, const segent_tensor_view *given,
                                 const char *path)
{
    static const char name[] = "segent_tensor_save_npy";
    char shape[96];
    segent_tensor_view view;
    if (!path)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: path is NULL", name);
    const segent_status status =
        sg_check_tensor((sg_view_check){context, name, "values", false}, given, &view);
    if (status != SEGENT_OK)
        return status;
    snprintf(shape, sizeof(shape), "(%lld, %lld, %lld)", (long long)view.channels,
             (long long)view.height, (long long)view.width);
    return save(context, path, shape, &view);
}
