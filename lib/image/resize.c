/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pillow's 8-bit resampling with the triangle filter, to the bit: weights in double, rounded to 22
 * bits of fixed point; horizontal pass, rounded to 8 bits, then vertical pass; a pass whose size
 * does not change is left out. */

#include "codec.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PRECISION = 22, HALF = 1 << (PRECISION - 1), BLOCK = 1024 };

/* The input samples that make an output sample. */
typedef struct window {
    int32_t first, count;
} window;

/* Weights of one direction: `taps` of them for each of `out` windows. */
typedef struct filter {
    int32_t in, out;
    size_t taps;
    window *windows;
    int32_t *weights;
} filter;

static double triangle(double x)
{
    x = fabs(x);
    return x < 1.0 ? 1.0 - x : 0.0;
}

static window find_window(double centre, double support, int32_t in)
{
    int64_t first = (int64_t)(centre - support + 0.5);
    int64_t end = (int64_t)(centre + support + 0.5);
    if (first < 0)
        first = 0;
    if (end > in)
        end = in;
    return (window){(int32_t)first, (int32_t)(end - first)};
}

/* Weights are not negative and sum to 1. Rounding to fixed point at most doubles one, so their sum
 * stays below 2^23, and that of products with bytes below 2^31. */
static void fill_weights(filter *self)
{
    const double scale = (double)self->in / self->out;
    const double support = scale < 1.0 ? 1.0 : scale;
    const double inverse = 1.0 / support;
    for (int32_t i = 0; i < self->out; i++) {
        const double centre = (i + 0.5) * scale;
        const window w = find_window(centre, support, self->in);
        int32_t *weights = self->weights + (size_t)i * self->taps;
        double sum = 0.0;
        for (int32_t j = 0; j < w.count; j++)
            sum += triangle((j + w.first - centre + 0.5) * inverse);
        for (int32_t j = 0; j < w.count; j++) {
            double weight = triangle((j + w.first - centre + 0.5) * inverse);
            if (sum != 0.0)
                weight /= sum;
            weights[j] = (int32_t)(0.5 + weight * (1 << PRECISION));
        }
        self->windows[i] = w;
    }
}

/* Weights in the context's working memory for that use. */
static segent_status filter_create(segent_context *context, sg_scratch_use use, int32_t in,
                                   int32_t out, filter *self)
{
    const double scale = (double)in / out;
    const double most = ceil(scale < 1.0 ? 1.0 : scale) * 2.0 + 1.0;
    *self = (filter){.in = in, .out = out, .taps = most < in ? (size_t)most : (size_t)in};
    const size_t size = sizeof(window) + self->taps * sizeof(int32_t);
    self->windows = sg_scratch_take(context, use, (size_t)out, size);
    if (!self->windows)
        return sg_fail_memory(context, "the weights of a resize", (size_t)out * size);
    self->weights = (int32_t *)(void *)(self->windows + out);
    fill_weights(self);
    return SEGENT_OK;
}

/* One direction over a picture. */
typedef struct pass {
    const filter *filter;
    const uint8_t *from;
    uint8_t *to;
    sg_pixel_order order;     /* of the horizontal pass's input */
    int64_t from_row, to_row; /* bytes from one row to the next */
} pass;

static uint8_t round_sample(int32_t sum)
{
    const int32_t value = sum >> PRECISION;
    return (uint8_t)(value > 255 ? 255 : value);
}

static void resize_row(const filter *self, sg_pixel_order order, const uint8_t *from, uint8_t *to)
{
    for (int32_t x = 0; x < self->out; x++, to += 3) {
        const window w = self->windows[x];
        const int32_t *weights = self->weights + (size_t)x * self->taps;
        const uint8_t *pixel = from + (int64_t)w.first * order.samples;
        int32_t red = HALF, green = HALF, blue = HALF;
        for (int32_t i = 0; i < w.count; i++, pixel += order.samples) {
            red += pixel[order.red] * weights[i];
            green += pixel[order.green] * weights[i];
            blue += pixel[order.blue] * weights[i];
        }
        to[0] = round_sample(red);
        to[1] = round_sample(green);
        to[2] = round_sample(blue);
    }
}

/* Rows first to last (exclusive) as they are, but dense RGB. */
static void copy_rows(const segent_pixel_view *pixels, int32_t first, int32_t last, uint8_t *rgb)
{
    const sg_pixel_order order = sg_pixel_order_of(pixels->format);
    for (int32_t y = first; y < last; y++, rgb += pixels->width * 3) {
        if (pixels->format == SEGENT_PIXEL_RGB)
            memcpy(rgb, sg_pixel_row(pixels, y), (size_t)pixels->width * 3);
        else
            sg_pixels_to_rgb(order, sg_pixel_row(pixels, y), pixels->width, rgb);
    }
}

static void horizontal_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const pass *self = argument;
    (void)thread;
    for (int64_t y = begin; y < end; y++)
        resize_row(self->filter, self->order, self->from + y * self->from_row,
                   self->to + y * self->to_row);
}

/* `count` samples side by side of output row y, at most BLOCK. */
static void resize_block(const pass *self, int64_t y, size_t start, size_t count)
{
    const window w = self->filter->windows[y];
    const int32_t *weights = self->filter->weights + (size_t)y * self->filter->taps;
    const uint8_t *from = self->from + w.first * self->from_row + (int64_t)start;
    uint8_t *to = self->to + y * self->to_row + (int64_t)start;
    int32_t sums[BLOCK];
    for (size_t i = 0; i < count; i++)
        sums[i] = HALF;
    for (int32_t tap = 0; tap < w.count; tap++, from += self->from_row) {
        const int32_t weight = weights[tap];
        for (size_t i = 0; i < count; i++)
            sums[i] += from[i] * weight;
    }
    for (size_t i = 0; i < count; i++)
        to[i] = round_sample(sums[i]);
}

static void vertical_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const pass *self = argument;
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        for (size_t start = 0; start < (size_t)self->to_row; start += BLOCK) {
            const size_t left = (size_t)self->to_row - start;
            resize_block(self, y, start, left < BLOCK ? left : BLOCK);
        }
    }
}

/* Rows first to last (exclusive) of the pixels, resized horizontally to `rgb`. */
static segent_status resize_horizontally(segent_context *context, const segent_pixel_view *pixels,
                                         int32_t width, int32_t first, int32_t last, uint8_t *rgb)
{
    filter weights;
    const segent_status status =
        filter_create(context, SG_SCRATCH_FILTERS, (int32_t)pixels->width, width, &weights);
    if (status != SEGENT_OK)
        return status;
    pass job = {.filter = &weights,
                .from = sg_pixel_row(pixels, first),
                .to = rgb,
                .order = sg_pixel_order_of(pixels->format),
                .from_row = pixels->row_stride,
                .to_row = (int64_t)width * 3};
    sg_parallel_for(context->pool, last - first, sg_image_grain(pixels->width), horizontal_rows,
                    &job);
    return SEGENT_OK;
}

/* Rows of RGB, the first of which is row `first` of the picture that the weights are for. */
static void resize_vertically(segent_context *context, const uint8_t *from, int64_t from_row,
                              int64_t width, int32_t first, filter *weights, uint8_t *rgb)
{
    for (int32_t y = 0; y < weights->out; y++)
        weights->windows[y].first -= first;
    pass job = {
        .filter = weights, .from = from, .to = rgb, .from_row = from_row, .to_row = width * 3};
    sg_parallel_for(context->pool, weights->out, sg_image_grain(width), vertical_rows, &job);
}

/* Both passes, or the vertical one over pixels that are not dense RGB: the rows between them lie in
 * the working memory of the run that is to come. */
static segent_status resize_both(segent_context *context, const segent_pixel_view *pixels,
                                 int32_t width, int32_t height, uint8_t *rgb)
{
    filter weights;
    segent_status status =
        filter_create(context, SG_SCRATCH_FILTERS_DOWN, (int32_t)pixels->height, height, &weights);
    if (status != SEGENT_OK)
        return status;
    const int32_t first = weights.windows[0].first;
    const window end = weights.windows[height - 1];
    const int32_t last = end.first + end.count;
    const size_t row = (size_t)width * 3;
    uint8_t *between = sg_scratch_take(context, SG_SCRATCH_BLOCK, (size_t)(last - first), row);
    if (!between)
        return sg_fail_memory(context, "a picture between its sizes", (size_t)(last - first) * row);
    if (width == pixels->width)
        copy_rows(pixels, first, last, between);
    else
        status = resize_horizontally(context, pixels, width, first, last, between);
    if (status == SEGENT_OK)
        resize_vertically(context, between, (int64_t)row, width, first, &weights, rgb);
    return status;
}

static segent_status resize_height(segent_context *context, const segent_pixel_view *pixels,
                                   int32_t height, uint8_t *rgb)
{
    filter weights;
    const segent_status status =
        filter_create(context, SG_SCRATCH_FILTERS_DOWN, (int32_t)pixels->height, height, &weights);
    if (status == SEGENT_OK)
        resize_vertically(context, pixels->data, pixels->row_stride, pixels->width, 0, &weights,
                          rgb);
    return status;
}

segent_status sg_image_resize_pixels(segent_context *context, const segent_pixel_view *pixels,
                                     int32_t width, int32_t height, uint8_t *rgb)
{
    if (width == pixels->width && height == pixels->height) {
        copy_rows(pixels, 0, height, rgb);
        return SEGENT_OK;
    }
    if (height == pixels->height)
        return resize_horizontally(context, pixels, width, 0, height, rgb);
    if (width == pixels->width && pixels->format == SEGENT_PIXEL_RGB)
        return resize_height(context, pixels, height, rgb);
    return resize_both(context, pixels, width, height, rgb);
}

segent_status sg_image_resize(segent_context *context, const segent_image *image, int32_t width,
                              int32_t height, segent_image **out)
{
    static const char name[] = "segent_image_resize";
    segent_image *resized = NULL;
    if (!image || !out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: image or resized is NULL",
                       name);
    segent_status status = sg_image_create(context, image->pixel_limit, width, height, &resized);
    if (status == SEGENT_OK) /* the picture between the two passes */
        status = sg_image_check_size(context, image->pixel_limit, width, image->height);
    if (status == SEGENT_OK) {
        const segent_pixel_view pixels = sg_image_view(image);
        status = sg_image_resize_pixels(context, &pixels, width, height, resized->pixels);
    }
    if (status != SEGENT_OK) {
        segent_image_destroy(resized);
        return sg_fail_prefix(context, status, name);
    }
    *out = resized;
    return SEGENT_OK;
}

/* Python's int(size * longer / shorter). Its quotient is rounded to a double first, which reaches
 * the next whole number only where the product is 2^53 or more: no picture has that. */
static bool scale_side(int32_t size, int32_t longer, int32_t shorter, int32_t *scaled)
{
    const int64_t value = (int64_t)size * longer / shorter;
    if (value > INT32_MAX)
        return false;
    *scaled = (int32_t)value;
    return true;
}

segent_status segent_image_fit(int32_t width, int32_t height, int32_t size, int32_t *fitted_width,
                               int32_t *fitted_height)
{
    int32_t longer;
    if (width < 1 || height < 1 || !fitted_width || !fitted_height)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_fit: a side is below 1, or where to put one is NULL");
    if (size < 1 && size != SEGENT_SIZE_OWN)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_fit: a shorter side of %" PRId32
                       ", neither a number of pixels nor SEGENT_SIZE_OWN",
                       size);
    const bool upright = width <= height;
    if (size == SEGENT_SIZE_OWN) {
        *fitted_width = width;
        *fitted_height = height;
        return SEGENT_OK;
    }
    if (!scale_side(size, upright ? height : width, upright ? width : height, &longer))
        return sg_fail(NULL, SEGENT_ERROR_LIMIT,
                       "segent_image_fit: a picture of %" PRId32 " x %" PRId32
                       " cannot be resized to shorter side %" PRId32,
                       width, height, size);
    *fitted_width = upright ? size : longer;
    *fitted_height = upright ? longer : size;
    return SEGENT_OK;
}
