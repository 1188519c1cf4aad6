/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checks of what the caller says about buffers, before anything is read. */

#include "uncertainty/uncertainty.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Bound of every offset in elements, so that offsets in bytes cannot overflow either. */
static const uint64_t offset_limit = (uint64_t)INT64_MAX / 16;

/* Adds (count - 1) * |stride| to *span; false beyond the limit. */
static bool add_span(int64_t count, int64_t stride, uint64_t *span)
{
    const uint64_t step = stride < 0 ? -(uint64_t)stride : (uint64_t)stride;
    const uint64_t steps = (uint64_t)count - 1;
    if (steps != 0 && step > (offset_limit - *span) / steps)
        return false;
    *span += steps * step;
    return true;
}

static bool collides(int64_t count, int64_t stride)
{
    return count > 1 && stride == 0;
}

static segent_status fail_strides(segent_context *context, const char *function, const char *what,
                                  bool fits)
{
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   fits ? "%s: the %s have a stride of 0 and would be written over each other"
                        : "%s: the %s have strides whose offsets do not fit in memory",
                   function, what);
}

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

segent_status sg_check_layout(segent_context *context, const char *function, const char *what,
                              const segent_layout *layout, bool output)
{
    uint64_t span = 0;
    if (!layout)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: the layout of the %s is NULL",
                       function, what);
    if (layout->classes < 1 || layout->classes > INT32_MAX)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: the %s have %lld classes; there must be 1 to %lld", function, what,
                       (long long)layout->classes, (long long)INT32_MAX);
    const segent_status status = sg_check_size(context, function, layout->height, layout->width);
    if (status != SEGENT_OK)
        return status;
    const bool fits = add_span(layout->classes, layout->class_stride, &span) &&
                      add_span(layout->height, layout->row_stride, &span) &&
                      add_span(layout->width, layout->column_stride, &span);
    if (!fits || (output && (collides(layout->classes, layout->class_stride) ||
                             collides(layout->height, layout->row_stride) ||
                             collides(layout->width, layout->column_stride))))
        return fail_strides(context, function, what, fits);
    return SEGENT_OK;
}

segent_status sg_check_plane(segent_context *context, const char *function, const char *what,
                             int64_t height, int64_t width, const segent_plane *given, bool output,
                             segent_plane *plane)
{
    uint64_t span = 0;
    const bool dense = !given || (given->row_stride == 0 && given->column_stride == 0);
    const segent_plane used = dense ? (segent_plane){width, 1} : *given;
    const bool fits =
        add_span(height, used.row_stride, &span) && add_span(width, used.column_stride, &span);
    if (!fits ||
        (output && (collides(height, used.row_stride) || collides(width, used.column_stride))))
        return fail_strides(context, function, what, fits);
    *plane = used;
    return SEGENT_OK;
}

segent_status sg_check_labels(segent_context *context, const char *function, segent_label_type type,
                              int64_t classes)
{
    if (type != SEGENT_LABEL_U8 && type != SEGENT_LABEL_U16)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown label type %d",
                       function, (int)type);
    const int64_t most = type == SEGENT_LABEL_U8 ? 256 : 65536;
    if (classes > most)
        return sg_fail(
            context, SEGENT_ERROR_INVALID_ARGUMENT,
            "%s: %lld classes do not fit in %s, which holds %lld", function, (long long)classes,
            type == SEGENT_LABEL_U8 ? "SEGENT_LABEL_U8" : "SEGENT_LABEL_U16", (long long)most);
    return SEGENT_OK;
}

segent_status sg_check_unit(segent_context *context, const char *function, segent_unit unit)
{
    if (unit >= SEGENT_UNIT_NORMALIZED && unit <= SEGENT_UNIT_BITS)
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown unit %d", function,
                   (int)unit);
}

segent_status sg_check_temperature(segent_context *context, const char *function, float temperature)
{
    char number[SG_NUMBER_SIZE];
    if (temperature > 0.0f && isfinite(temperature))
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                   "%s: a temperature of %s; it must be finite and above 0", function,
                   sg_number(number, 6, (double)temperature));
}

float sg_scale_of_temperature(float temperature)
{
    const float scale = 1.0f / temperature;
    return scale > FLT_MAX ? FLT_MAX : scale;
}

int32_t sg_label_get(const void *labels, segent_label_type type, int64_t offset)
{
    return type == SEGENT_LABEL_U8 ? ((const uint8_t *)labels)[offset]
                                   : ((const uint16_t *)labels)[offset];
}

/* Both copies know the common stride when they are compiled. */
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

void sg_labels_put(void *labels, segent_label_type type, int64_t offset, int64_t stride,
                   const int32_t *from, int64_t n)
{
    if (type == SEGENT_LABEL_U16)
        put_words((uint16_t *)labels + offset, stride, from, n);
    else if (stride == 1)
        put_bytes((uint8_t *)labels + offset, 1, from, n);
    else
        put_bytes((uint8_t *)labels + offset, stride, from, n);
}

void sg_values_put(float *values, int64_t offset, int64_t stride, const float *from, int64_t n)
{
    if (stride == 1) {
        memcpy(values + offset, from, (size_t)n * sizeof(*from));
        return;
    }
    for (int64_t i = 0; i < n; i++)
        values[offset + i * stride] = from[i];
}

sg_unit_scale sg_unit_scale_of(segent_unit unit, int64_t classes)
{
    const double nats = log((double)classes);
    switch (unit) {
    case SEGENT_UNIT_NORMALIZED:
        return classes > 1 ? (sg_unit_scale){(float)(1.0 / nats), 1.0f}
                           : (sg_unit_scale){0.0f, 0.0f};
    case SEGENT_UNIT_BITS:
        return (sg_unit_scale){(float)(1.0 / log(2.0)), (float)log2((double)classes)};
    default:
        return (sg_unit_scale){1.0f, (float)nats};
    }
}

void sg_unit_apply(sg_unit_scale scale, const float *nats, int64_t n, float *values)
{
    for (int64_t i = 0; i < n; i++) {
        const float value = nats[i] * scale.factor;
        const float positive = value < 0.0f ? 0.0f : value;
        values[i] = positive > scale.highest ? scale.highest : positive;
    }
}
