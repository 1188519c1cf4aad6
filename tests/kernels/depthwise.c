/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Depthwise convolutions against sums in double: all numbers of channels around vectors, all ends
 * of rows, operands that end where memory does. */

#include "check.h"

#include <math.h>
#include <string.h>

static const check_shape shapes[] = {
    {3, 1, 1, 1, 3, 21}, {3, 2, 1, 1, 5, 34}, {3, 1, 2, 2, 4, 19}, {3, 2, 3, 3, 7, 20},
    {5, 1, 2, 1, 5, 23}, {5, 2, 2, 1, 6, 21}, {5, 1, 4, 2, 7, 24}, {5, 1, 12, 6, 5, 9},
    {3, 1, 9, 9, 4, 5},  {3, 1, 0, 1, 3, 3},  {3, 1, 5, 1, 1, 1},  {1, 1, 0, 1, 2, 17},
    {2, 3, 1, 2, 6, 40}, {7, 1, 3, 1, 8, 30}, {4, 1, 0, 1, 4, 20}, {3, 2, 8, 4, 3, 2},
};

typedef struct operands {
    check_operands memory;
    sg_depthwise call;
} operands;

/* Bit 0 and 1 of the variant: a residual, in the output's place; others: gaps and activation. */
static operands make(const check_shape *s, int32_t channels, int64_t row, uint32_t variant)
{
    uint64_t seed = (uint64_t)channels * 1000 + variant;
    const int64_t width = check_side(s, s->width), gap = variant / 4 % 3;
    const int64_t round =
        (channels + SG_DEPTHWISE_ROUND - 1) / SG_DEPTHWISE_ROUND * SG_DEPTHWISE_ROUND;
    operands o = {.memory = check_operands_make(
                      (int64_t)(s->height * s->width - 1) * (channels + gap) + channels,
                      s->kernel * s->kernel * round, channels,
                      (width - 1) * (channels + gap) + channels, &seed)};
    o.call = (sg_depthwise){.window = check_window(s, &o.memory, channels, channels + gap, width),
                            .row = row,
                            .weights = o.memory.weights.data,
                            .weight_stride = round,
                            .bias = o.memory.bias.data,
                            .output = o.memory.output.data,
                            .output_stride = channels + gap,
                            .activation = (sg_activation)(variant / 12 % SG_ACTIVATIONS)};
    if (variant & 1) {
        o.call.residual = variant & 2 ? o.call.output : (const float *)o.memory.residual.data;
        o.call.residual_stride = channels + gap;
    }
    return o;
}

static double truth(const operands *o, int64_t x, int64_t c)
{
    const sg_depthwise *d = &o->call;
    const sg_window *w = &d->window;
    double sum = (double)d->bias[c];
    for (int64_t t = 0; t < w->kernel * w->kernel; t++) {
        const int64_t iy = d->row * w->stride - w->padding + t / w->kernel * w->dilation;
        const int64_t ix = x * w->stride - w->padding + t % w->kernel * w->dilation;
        if (iy >= 0 && iy < w->height && ix >= 0 && ix < w->width)
            sum += (double)d->weights[t * d->weight_stride + c] *
                   (double)w->input[(iy * w->width + ix) * w->pixel_stride + c];
    }
    if (d->residual) {
        const float *from =
            d->residual == d->output ? o->memory.before.data : o->memory.residual.data;
        sum += (double)from[x * d->residual_stride + c];
    }
    return (double)sg_activate(d->activation, (float)sum);
}

/* What lies between the pixels must be as it was. */
static void check(sg_depthwise_fn kernel, const check_shape *s, int32_t channels, int64_t row,
                  uint32_t variant)
{
    operands o = make(s, channels, row, variant);
    const double bound = 4e-7 * (s->kernel * s->kernel + 3);
    kernel(&o.call);
    for (int64_t at = 0; at < o.memory.output_count; at++) {
        const int64_t x = at / o.call.output_stride, c = at % o.call.output_stride;
        const double found = (double)((const float *)o.memory.output.data)[at];
        const double before = (double)((const float *)o.memory.before.data)[at];
        const double expected = c < channels ? truth(&o, x, c) : before;
        if (!(fabs(found - expected) <= (c < channels ? bound : 0)))
            check_fail(
                "%dx%d /%d p%d d%d, %d channels, row %d, variant %u: pixel %d, channel %d is "
                "%.8g, expected %.8g",
                (int)s->kernel, (int)s->kernel, (int)s->stride, (int)s->padding, (int)s->dilation,
                (int)channels, (int)row, variant, (int)x, (int)c, found, expected);
    }
    check_operands_free(&o.memory);
}

/* The same row from a part of the map, with columns of zeros on either side: the same bits. */
static void check_part(sg_depthwise_fn kernel, const check_shape *s, int32_t channels, int64_t row,
                       uint32_t variant)
{
    operands o = make(s, channels, row, variant);
    const sg_window *w = &o.call.window;
    const size_t bytes = (size_t)o.memory.output_count * sizeof(float);
    const int64_t origin = row * s->stride - s->padding;
    const int64_t top = origin > 0 ? origin : 0, after = origin + (s->kernel - 1) * s->dilation + 1;
    const int64_t rows = (after < s->height ? after : s->height) - top;
    const int64_t seen = (w->output_width - 1) * s->stride + (s->kernel - 1) * s->dilation + 1;
    const int64_t own = s->width + 2 * s->padding, width = seen > own ? seen : own;
    if (rows <= 0) {
        check_operands_free(&o.memory);
        return;
    }
    check_memory part = check_allocate((size_t)(rows * width * channels) * sizeof(float));
    check_memory whole = check_allocate(bytes);
    memset(part.data, 0, (size_t)(rows * width * channels) * sizeof(float));
    for (int64_t y = 0; y < rows; y++) {
        for (int64_t x = 0; x < s->width; x++)
            memcpy((float *)part.data + (y * width + s->padding + x) * channels,
                   w->input + ((top + y) * s->width + x) * w->pixel_stride,
                   (size_t)channels * sizeof(float));
    }
    kernel(&o.call);
    memcpy(whole.data, o.memory.output.data, bytes);
    memcpy(o.memory.output.data, o.memory.before.data, bytes);
    o.call.window.input = part.data;
    o.call.window.width = width;
    o.call.window.pixel_stride = channels;
    o.call.window.top = top;
    o.call.window.left = s->padding;
    kernel(&o.call);
    if (memcmp(whole.data, o.memory.output.data, bytes) != 0)
        check_fail("%dx%d /%d p%d d%d, %d channels, row %d, variant %u: a part of the map gives "
                   "other bits",
                   (int)s->kernel, (int)s->kernel, (int)s->stride, (int)s->padding,
                   (int)s->dilation, (int)channels, (int)row, variant);
    check_free(&part);
    check_free(&whole);
    check_operands_free(&o.memory);
}

void check_depthwise(void)
{
    enum { COUNT = sizeof(shapes) / sizeof(shapes[0]), VARIANTS = 12 * SG_ACTIVATIONS };
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        uint32_t variant = 0;
        sg_product_kernels_init(&kernels, sets[i]);
        check_begin("depthwise", sets[i]);
        for (int32_t k = 0; k < COUNT; k++) {
            for (int64_t row = 0; row < check_side(&shapes[k], shapes[k].height); row++) {
                for (int32_t channels = 1; channels <= 70; channels += row % 3 == 0 ? 3 : 13) {
                    check(kernels.depthwise, &shapes[k], channels, row, variant * 7 % VARIANTS);
                    check_part(kernels.depthwise, &shapes[k], channels, row,
                               variant++ * 7 % VARIANTS);
                }
            }
        }
        check_end("%d shapes", (int)COUNT);
    }
}

/* ==== Time ==== */

typedef struct timing {
    operands o;
    sg_depthwise_fn kernel;
} timing;

static void run(void *argument)
{
    const timing *t = argument;
    t->kernel(&t->o.call);
}

void time_depthwise(void)
{
    static const check_shape timed[] = {{3, 1, 1, 1, 3, 66}, {5, 1, 4, 2, 9, 33}};
    static const char *const names[] = {"depthwise 3x3, multiply-adds",
                                        "depthwise 5x5, multiply-adds"};
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int k = 0; k < 2; k++) {
        const check_shape *s = &timed[k];
        for (int i = 0; i < count; i++) {
            sg_product_kernels kernels;
            sg_product_kernels_init(&kernels, sets[i]);
            timing t = {make(s, 128, check_side(s, s->height) / 2, 12 * SG_RELU),
                        kernels.depthwise};
            check_time(names[k], sets[i], (int64_t)s->width * 128 * s->kernel * s->kernel, run, &t);
            check_operands_free(&t.o.memory);
        }
    }
}
