/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/layout.h"

/* ---- offsets ---- */

/* Bound of every offset in elements, so that offsets in bytes cannot overflow either. */
static const uint64_t offset_limit = (uint64_t)INT64_MAX / 16;

/* A stride without its sign. */
static uint64_t step_of(int64_t stride)
{
    return stride < 0 ? -(uint64_t)stride : (uint64_t)stride;
}

/* Adds (count - 1) * |stride| to *span; false beyond the limit. */
static bool add_span(int64_t count, int64_t stride, uint64_t *span)
{
    const uint64_t step = step_of(stride), steps = (uint64_t)count - 1;
    if (steps != 0 && step > (offset_limit - *span) / steps)
        return false;
    *span += steps * step;
    return true;
}

static segent_status fail_data(sg_view_check check)
{
    return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: the %s have no data (NULL)",
                   check.function, check.what);
}

static segent_status fail_reserved(sg_view_check check)
{
    return sg_fail(check.context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: a reserved member of the %s is not 0", check.function, check.what);
}

/* A dimension: so many values, so far apart. */
typedef struct dimension {
    int64_t count, stride;
} dimension;

/* The least stride of a dimension with which it steps over all that those with smaller strides
 * reach. Of equal strides the first counts as the smallest. */
static uint64_t least_stride(const dimension *dimensions, int count, int which)
{
    const uint64_t own = step_of(dimensions[which].stride);
    uint64_t least = 1;
    for (int i = 0; i < count; i++) {
        const uint64_t step = step_of(dimensions[i].stride);
        if (step < own || (step == own && i < which))
            least += ((uint64_t)dimensions[i].count - 1) * step;
    }
    return least;
}

/* Values to be written must lie apart, because several threads may write at once. It is enough that
 * each stride steps over the smaller ones, which all slices of dense arrays do. */
static segent_status check_apart(sg_view_check check, const dimension *dimensions, int count)
{
    for (int i = 0; i < count; i++) {
        const uint64_t least = least_stride(dimensions, count, i);
        if (dimensions[i].count > 1 && step_of(dimensions[i].stride) < least)
            return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                           "%s: the %s have a stride of %lld and could be written over each other: "
                           "at least %llu, up or down, keeps them apart",
                           check.function, check.what, (long long)dimensions[i].stride,
                           (unsigned long long)least);
    }
    return SEGENT_OK;
}

static segent_status check_strides(sg_view_check check, const dimension *dimensions, int count)
{
    uint64_t span = 0;
    for (int i = 0; i < count; i++) {
        if (!add_span(dimensions[i].count, dimensions[i].stride, &span))
            return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                           "%s: the %s have strides whose offsets do not fit in memory",
                           check.function, check.what);
    }
    return check.output ? check_apart(check, dimensions, count) : SEGENT_OK;
}

/* ---- views ---- */

segent_status sg_check_size(segent_context *context, const char *function, int64_t height,
                            int64_t width)
{
    if (height < 1 || width < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a size of %lld x %lld (height x width); both must be at least 1",
                       function, (long long)height, (long long)width);
    if ((uint64_t)height > offset_limit / (uint64_t)width)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a size of %lld x %lld (height x width) is too large", function,
                       (long long)height, (long long)width);
    return SEGENT_OK;
}

segent_status sg_check_same_size(sg_view_check check, int64_t height, int64_t width,
                                 int64_t expected_height, int64_t expected_width)
{
    if (height == expected_height && width == expected_width)
        return SEGENT_OK;
    return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "%s: the %s are %lld x %lld (height x width), where %lld x %lld are meant",
                   check.function, check.what, (long long)height, (long long)width,
                   (long long)expected_height, (long long)expected_width);
}

segent_status sg_check_tensor(sg_view_check check, const segent_tensor_view *given,
                              segent_tensor_view *view)
{
    if (!given || !given->data)
        return fail_data(check);
    segent_tensor_view used = *given;
    if (used.channels < 1 || used.channels > INT32_MAX)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: the %s have %lld channels; there must be 1 to %lld", check.function,
                       check.what, (long long)used.channels, (long long)INT32_MAX);
    segent_status status = sg_check_size(check.context, check.function, used.height, used.width);
    if (status != SEGENT_OK)
        return status;
    if (used.channel_stride == 0 && used.row_stride == 0 && used.column_stride == 0) {
        used.channel_stride = used.height * used.width;
        used.row_stride = used.width;
        used.column_stride = 1;
    }
    const dimension dimensions[] = {{used.channels, used.channel_stride},
                                    {used.height, used.row_stride},
                                    {used.width, used.column_stride}};
    status = check_strides(check, dimensions, 3);
    if (status == SEGENT_OK)
        *view = used;
    return status;
}

/* Checks the strides of a view with one value a pixel, whatever its type. */
static segent_status check_plane(sg_view_check check, int64_t height, int64_t width,
                                 int64_t *row_stride, int64_t *column_stride)
{
    const segent_status status = sg_check_size(check.context, check.function, height, width);
    if (status != SEGENT_OK)
        return status;
    if (*row_stride == 0 && *column_stride == 0) {
        *row_stride = width;
        *column_stride = 1;
    }
    const dimension dimensions[] = {{height, *row_stride}, {width, *column_stride}};
    return check_strides(check, dimensions, 2);
}

segent_status sg_check_map(sg_view_check check, const segent_map_view *given, segent_map_view *view)
{
    if (!given || !given->data)
        return fail_data(check);
    segent_map_view used = *given;
    const segent_status status =
        check_plane(check, used.height, used.width, &used.row_stride, &used.column_stride);
    if (status == SEGENT_OK)
        *view = used;
    return status;
}

segent_status sg_check_labels(sg_view_check check, const segent_label_view *given, int64_t classes,
                              segent_label_view *view)
{
    if (!given || !given->data)
        return fail_data(check);
    segent_label_view used = *given;
    if (used.type != SEGENT_LABEL_U8 && used.type != SEGENT_LABEL_U16)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown label type %d",
                       check.function, (int)used.type);
    if (used.reserved != 0)
        return fail_reserved(check);
    const int64_t most = used.type == SEGENT_LABEL_U8 ? 256 : 65536;
    if (classes > most)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: %lld classes do not fit in %s, which holds %lld", check.function,
                       (long long)classes,
                       used.type == SEGENT_LABEL_U8 ? "SEGENT_LABEL_U8" : "SEGENT_LABEL_U16",
                       (long long)most);
    const segent_status status =
        check_plane(check, used.height, used.width, &used.row_stride, &used.column_stride);
    if (status == SEGENT_OK)
        *view = used;
    return status;
}

/* Rows of pixels must not overlap, read or written: nobody means them to. */
static segent_status check_rows(sg_view_check check, const segent_pixel_view *view, int64_t samples)
{
    const int64_t dense = view->width * samples;
    const uint64_t step =
        view->row_stride < 0 ? -(uint64_t)view->row_stride : (uint64_t)view->row_stride;
    if (view->height > 1 && step < (uint64_t)dense)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: the %s have a stride of %lld bytes for rows of %lld", check.function,
                       check.what, (long long)view->row_stride, (long long)dense);
    if (view->height > 1 && step > (uint64_t)PTRDIFF_MAX / (uint64_t)view->height)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: the %s have a stride of %lld bytes, which does not fit in memory",
                       check.function, check.what, (long long)view->row_stride);
    return SEGENT_OK;
}

segent_status sg_check_pixels(sg_view_check check, const segent_pixel_view *given,
                              segent_pixel_view *view)
{
    if (!given || !given->data)
        return fail_data(check);
    segent_pixel_view used = *given;
    const int32_t samples = sg_pixel_order_of(used.format).samples;
    if (samples == 0)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown pixel format %d",
                       check.function, (int)used.format);
    if (used.reserved != 0)
        return fail_reserved(check);
    if (check.output && used.format == SEGENT_PIXEL_GREY)
        return sg_fail(check.context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: colours cannot be written to grey pixels", check.function);
    segent_status status = sg_check_size(check.context, check.function, used.height, used.width);
    if (status != SEGENT_OK)
        return status;
    if (used.row_stride == 0)
        used.row_stride = used.width * samples;
    status = check_rows(check, &used, samples);
    if (status == SEGENT_OK)
        *view = used;
    return status;
}

/* ---- access ---- */

size_t sg_label_size(segent_label_type type)
{
    return type == SEGENT_LABEL_U8 ? sizeof(uint8_t) : sizeof(uint16_t);
}

/* Inline, so that each call below is compiled with the stride that it knows. */
static inline void put_bytes(uint8_t *to, int64_t stride, const int32_t *from, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        to[i * stride] = (uint8_t)from[i];
}

static inline void put_words(uint16_t *to, int64_t stride, const int32_t *from, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        to[i * stride] = (uint16_t)from[i];
}

void sg_labels_put(const segent_label_view *view, int64_t y, int64_t x, const int32_t *from,
                   int64_t n)
{
    const int64_t at = y * view->row_stride + x * view->column_stride;
    if (view->type == SEGENT_LABEL_U16)
        put_words((uint16_t *)view->data + at, view->column_stride, from, n);
    else if (view->column_stride == 1)
        put_bytes((uint8_t *)view->data + at, 1, from, n);
    else
        put_bytes((uint8_t *)view->data + at, view->column_stride, from, n);
}

void sg_values_put(const segent_map_view *view, int64_t y, int64_t x, const float *from, int64_t n)
{
    float *to = view->data + sg_map_at(view, y, x);
    if (view->column_stride == 1) {
        memcpy(to, from, (size_t)n * sizeof(*from));
        return;
    }
    for (int64_t i = 0; i < n; i++)
        to[i * view->column_stride] = from[i];
}

sg_pixel_order sg_pixel_order_of(segent_pixel_format format)
{
    switch (format) {
    case SEGENT_PIXEL_RGB:
        return (sg_pixel_order){3, 0, 1, 2, -1};
    case SEGENT_PIXEL_BGR:
        return (sg_pixel_order){3, 2, 1, 0, -1};
    case SEGENT_PIXEL_RGBA:
        return (sg_pixel_order){4, 0, 1, 2, 3};
    case SEGENT_PIXEL_BGRA:
        return (sg_pixel_order){4, 2, 1, 0, 3};
    case SEGENT_PIXEL_GREY:
        return (sg_pixel_order){1, 0, 0, 0, -1};
    default:
        return (sg_pixel_order){0, 0, 0, 0, -1};
    }
}
