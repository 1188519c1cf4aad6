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

static void filter_destroy(const sg_allocator *allocator, filter *self)
{
    sg_free(allocator, self->windows);
    sg_free(allocator, self->weights);
}

static segent_status filter_create(segent_context *context, int32_t in, int32_t out, filter *self)
{
    const double scale = (double)in / out;
    const double most = ceil(scale < 1.0 ? 1.0 : scale) * 2.0 + 1.0;
    *self = (filter){.in = in, .out = out, .taps = most < in ? (size_t)most : (size_t)in};
    size_t count = 0;
    if (sg_size_multiply((size_t)out, self->taps, &count)) {
        self->windows = sg_alloc(&context->allocator, (size_t)out, sizeof(window));
        self->weights = sg_alloc(&context->allocator, count, sizeof(int32_t));
    }
    if (!self->windows || !self->weights)
        return sg_fail_memory(context, "the weights of a resize", count * sizeof(int32_t));
    fill_weights(self);
    return SEGENT_OK;
}

/* One direction over a picture. */
typedef struct pass {
    const filter *filter;
    const uint8_t *from;
    uint8_t *to;
    size_t from_row, to_row; /* bytes from one row to the next */
} pass;

static uint8_t round_sample(int32_t sum)
{
    const int32_t value = sum >> PRECISION;
    return (uint8_t)(value > 255 ? 255 : value);
}

static void resize_row(const filter *self, const uint8_t *from, uint8_t *to)
{
    for (int32_t x = 0; x < self->out; x++, to += 3) {
        const window w = self->windows[x];
        const int32_t *weights = self->weights + (size_t)x * self->taps;
        const uint8_t *pixel = from + (size_t)w.first * 3;
        int32_t red = HALF, green = HALF, blue = HALF;
        for (int32_t i = 0; i < w.count; i++, pixel += 3) {
            red += pixel[0] * weights[i];
            green += pixel[1] * weights[i];
            blue += pixel[2] * weights[i];
        }
        to[0] = round_sample(red);
        to[1] = round_sample(green);
        to[2] = round_sample(blue);
    }
}

static void horizontal_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const pass *self = argument;
    (void)thread;
    for (int64_t y = begin; y < end; y++)
        resize_row(self->filter, self->from + (size_t)y * self->from_row,
                   self->to + (size_t)y * self->to_row);
}

/* `count` samples side by side of output row y, at most BLOCK. */
static void resize_block(const pass *self, int64_t y, size_t start, size_t count)
{
    const window w = self->filter->windows[y];
    const int32_t *weights = self->filter->weights + (size_t)y * self->filter->taps;
    const uint8_t *from = self->from + (size_t)w.first * self->from_row + start;
    uint8_t *to = self->to + (size_t)y * self->to_row + start;
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
        for (size_t start = 0; start < self->to_row; start += BLOCK) {
            const size_t left = self->to_row - start;
            resize_block(self, y, start, left < BLOCK ? left : BLOCK);
        }
    }
}

/* Rows first to last (exclusive) of the input, resized horizontally. */
static segent_status resize_horizontally(segent_context *context, const segent_image *image,
                                         int32_t width, int32_t first, int32_t last,
                                         segent_image **resized)
{
    filter weights = {0};
    segent_status status = sg_image_create(context, width, last - first, resized);
    if (status == SEGENT_OK)
        status = filter_create(context, image->width, width, &weights);
    if (status == SEGENT_OK) {
        const size_t from_row = (size_t)image->width * 3;
        pass job = {&weights, image->pixels + (size_t)first * from_row, (*resized)->pixels,
                    from_row, (size_t)width * 3};
        sg_parallel_for(context->pool, last - first, sg_image_grain(image->width), horizontal_rows,
                        &job);
    }
    filter_destroy(&context->allocator, &weights);
    return status;
}

/* `image` begins at row `first` of the picture that the weights are for. */
static segent_status resize_vertically(segent_context *context, const segent_image *image,
                                       int32_t first, filter *weights, segent_image **resized)
{
    const segent_status status = sg_image_create(context, image->width, weights->out, resized);
    if (status != SEGENT_OK)
        return status;
    for (int32_t y = 0; y < weights->out; y++)
        weights->windows[y].first -= first;
    const size_t row = (size_t)image->width * 3;
    pass job = {weights, image->pixels, (*resized)->pixels, row, row};
    sg_parallel_for(context->pool, weights->out, sg_image_grain(image->width), vertical_rows, &job);
    return SEGENT_OK;
}

static segent_status resize_both(segent_context *context, const segent_image *image, int32_t width,
                                 int32_t height, segent_image **resized)
{
    filter weights = {0};
    segent_image *middle = NULL;
    segent_status status = filter_create(context, image->height, height, &weights);
    if (status != SEGENT_OK)
        goto done;
    const int32_t first = weights.windows[0].first;
    const window end = weights.windows[height - 1];
    status = resize_horizontally(context, image, width, first, end.first + end.count, &middle);
    if (status == SEGENT_OK)
        status = resize_vertically(context, middle, first, &weights, resized);
done:
    segent_image_destroy(middle);
    filter_destroy(&context->allocator, &weights);
    return status;
}

static segent_status resize_height(segent_context *context, const segent_image *image,
                                   int32_t height, segent_image **resized)
{
    filter weights = {0};
    segent_status status = filter_create(context, image->height, height, &weights);
    if (status == SEGENT_OK)
        status = resize_vertically(context, image, 0, &weights, resized);
    filter_destroy(&context->allocator, &weights);
    return status;
}

static segent_status copy(segent_context *context, const segent_image *image,
                          segent_image **resized)
{
    const segent_status status = sg_image_create(context, image->width, image->height, resized);
    if (status == SEGENT_OK)
        memcpy((*resized)->pixels, image->pixels, (size_t)image->width * (size_t)image->height * 3);
    return status;
}

static segent_status resize(segent_context *context, const segent_image *image, int32_t width,
                            int32_t height, segent_image **resized)
{
    const segent_status status = sg_image_check_size(context, width, height);
    if (status != SEGENT_OK)
        return status;
    if (width == image->width && height == image->height)
        return copy(context, image, resized);
    if (height == image->height)
        return resize_horizontally(context, image, width, 0, height, resized);
    if (width == image->width)
        return resize_height(context, image, height, resized);
    return resize_both(context, image, width, height, resized);
}

segent_status sg_image_resize(segent_context *context, const segent_image *image, int32_t width,
                              int32_t height, segent_image **out)
{
    segent_image *resized = NULL;
    if (!image || !out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_resize: image or resized is NULL");
    if (width < 1 || height < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_resize: a picture of %" PRId32 " x %" PRId32
                       " pixels cannot be",
                       width, height);
    const segent_status status = resize(context, image, width, height, &resized);
    if (status != SEGENT_OK) {
        segent_image_destroy(resized);
        return sg_fail_prefix(context, status, "segent_image_resize");
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
    if (width < 1 || height < 1 || size < 0 || !fitted_width || !fitted_height)
        return SEGENT_ERROR_INVALID_ARGUMENT;
    const bool upright = width <= height;
    if (size == 0) {
        *fitted_width = width;
        *fitted_height = height;
        return SEGENT_OK;
    }
    if (!scale_side(size, upright ? height : width, upright ? width : height, &longer))
        return SEGENT_ERROR_LIMIT;
    *fitted_width = upright ? size : longer;
    *fitted_height = upright ? longer : size;
    return SEGENT_OK;
}
