/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Views of the caller's buffers: what every function that takes one checks before anything is read,
 * and how their values are reached afterwards. */

#ifndef SG_LAYOUT_H
#define SG_LAYOUT_H

#include <stdbool.h>
#include <string.h>

#include "base/context.h"

/* ---- checks ----
 *
 * Each takes a view of the caller's and fills in one in which nothing is left to be understood:
 * strides are never all 0. `function` is the public name that a sentence begins with, `what` names
 * the values. A view must have data, sizes of at least 1, strides whose offsets fit in memory; of
 * one that is written to, each stride must step over all that the smaller ones reach, so that no
 * two values have one place. */

typedef struct sg_view_check {
    segent_context *context;
    const char *function, *what;
    bool output; /* it is written to */
} sg_view_check;

segent_status sg_check_size(segent_context *context, const char *function, int64_t height,
                            int64_t width);
segent_status sg_check_tensor(sg_view_check check, const segent_tensor_view *given,
                              segent_tensor_view *view);
segent_status sg_check_map(sg_view_check check, const segent_map_view *given,
                           segent_map_view *view);
/* Also that the class ids 0 to classes - 1 fit into its type. */
segent_status sg_check_labels(sg_view_check check, const segent_label_view *given, int64_t classes,
                              segent_label_view *view);
segent_status sg_check_pixels(sg_view_check check, const segent_pixel_view *given,
                              segent_pixel_view *view);

/* That a view has that size. */
segent_status sg_check_same_size(sg_view_check check, int64_t height, int64_t width,
                                 int64_t expected_height, int64_t expected_width);

/* ---- access ---- */

static inline int64_t sg_tensor_at(const segent_tensor_view *view, int64_t y, int64_t x)
{
    return y * view->row_stride + x * view->column_stride;
}

/* Whether the values lie one after another, (C, H, W), without a gap. */
static inline bool sg_tensor_is_dense(const segent_tensor_view *view)
{
    return view->column_stride == 1 && view->row_stride == view->width &&
           (view->channels == 1 || view->channel_stride == view->height * view->width);
}

static inline int64_t sg_map_at(const segent_map_view *view, int64_t y, int64_t x)
{
    return y * view->row_stride + x * view->column_stride;
}

/* The class id of a pixel. */
static inline int32_t sg_label_at(const segent_label_view *view, int64_t y, int64_t x)
{
    const int64_t at = y * view->row_stride + x * view->column_stride;
    return view->type == SEGENT_LABEL_U8 ? ((const uint8_t *)view->data)[at]
                                         : ((const uint16_t *)view->data)[at];
}

/* n class ids, or values, from a block into pixels (y, x) and those to the right of it. */
void sg_labels_put(const segent_label_view *view, int64_t y, int64_t x, const int32_t *from,
                   int64_t n);
void sg_values_put(const segent_map_view *view, int64_t y, int64_t x, const float *from, int64_t n);

/* Bytes of one class id. */
size_t sg_label_size(segent_label_type type);

/* Where red, green, blue and alpha lie among the samples of a pixel. */
typedef struct sg_pixel_order {
    int32_t samples, red, green, blue;
    int32_t alpha; /* -1: there is none */
} sg_pixel_order;

sg_pixel_order sg_pixel_order_of(segent_pixel_format format);

/* The first sample of row y. */
static inline uint8_t *sg_pixel_row(const segent_pixel_view *view, int64_t y)
{
    return view->data + y * view->row_stride;
}

/* `pixels` of a row as red, green, blue; and back, alpha being 255. */
static inline void sg_pixels_to_rgb(sg_pixel_order order, const uint8_t *from, int64_t pixels,
                                    uint8_t *rgb)
{
    for (int64_t x = 0; x < pixels; x++, rgb += 3, from += order.samples) {
        rgb[0] = from[order.red];
        rgb[1] = from[order.green];
        rgb[2] = from[order.blue];
    }
}

static inline void sg_pixel_put(sg_pixel_order order, uint8_t *to, const uint8_t *rgb)
{
    to[order.red] = rgb[0];
    to[order.green] = rgb[1];
    to[order.blue] = rgb[2];
    if (order.alpha >= 0)
        to[order.alpha] = 255;
}

#endif
