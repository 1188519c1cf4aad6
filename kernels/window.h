/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Which taps of a window (convolution.h) are inside the map: what kernels that slide windows
 * themselves ask outside their loops. */

#ifndef SG_KERNELS_WINDOW_H
#define SG_KERNELS_WINDOW_H

#include <stdint.h>

#include "convolution.h"

/* From `first` to `end`, without it; none where it is not before it. */
typedef struct sg_range {
    int64_t first, end;
} sg_range;

/* The taps along one side that are inside `size` rows or columns, for output position n, of which
 * `before` more lie before the map. */
static inline sg_range sg_taps_inside(const sg_window *w, int64_t size, int64_t n, int64_t before)
{
    const int64_t origin = n * w->stride - w->padding + before;
    const int64_t end = size > origin ? (size - 1 - origin) / w->dilation + 1 : 0;
    return (sg_range){origin < 0 ? (w->dilation - 1 - origin) / w->dilation : 0,
                      end < w->kernel ? end : w->kernel};
}

/* The output positions along one side, of `outputs`, whose tap at `offset` from its origin is
 * inside `size` rows or columns. */
static inline sg_range sg_outputs_inside(int64_t offset, int64_t stride, int64_t size,
                                         int64_t outputs)
{
    const int64_t end = size > offset ? (size - offset - 1) / stride + 1 : 0;
    return (sg_range){offset < 0 ? (-offset - 1) / stride + 1 : 0, end < outputs ? end : outputs};
}

/* The output columns within `columns` whose taps are all inside a row. For those before and behind
 * them it has to be asked one by one. */
static inline sg_range sg_columns_inside(const sg_window *w, sg_range columns)
{
    const int64_t padding = w->padding - w->left; /* that is not in memory */
    const int64_t room = w->width - 1 - w->dilation * (w->kernel - 1) + padding;
    int64_t first = (padding + w->stride - 1) / w->stride;
    int64_t end = room >= 0 ? room / w->stride + 1 : 0;
    first = first > columns.first ? first : columns.first;
    first = first < columns.end ? first : columns.end;
    end = end < columns.end ? end : columns.end;
    return (sg_range){first, end > first ? end : first};
}

/* First channel of the input's pixel that tap (ky, kx) of output pixel (y, x) sees, which is inside
 * the map. */
static inline const float *sg_tap(const sg_window *w, int64_t y, int64_t x, int64_t ky, int64_t kx)
{
    const int64_t row = y * w->stride - w->padding + ky * w->dilation - w->top;
    const int64_t column = x * w->stride - w->padding + kx * w->dilation + w->left;
    return w->input + (row * w->width + column) * w->pixel_stride;
}

#endif
