/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "pooling.h"

#include <string.h>

#include "base/interpolate.h"

enum { POOL_GRAIN = 256, CHANNEL_GRAIN = 64, CHANNELS_MOST = 1024 };

typedef struct job {
    segent_context *context;
    const sg_tensor *input, *output;
    float *planes;
    const double *rows;
} job;

static void pool_pixels(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const job *j = argument;
    const sg_tensor *input = j->input;
    const sg_window window = {.input = input->data,
                              .height = input->height,
                              .width = input->width,
                              .channels = input->channels,
                              .pixel_stride = input->pixel_stride,
                              .output_width = j->output->width,
                              .kernel = 3,
                              .stride = 2,
                              .padding = 1,
                              .dilation = 1};
    (void)thread;
    sg_max_pool_f32(&window, begin, end - begin, sg_tensor_f32(j->output, begin),
                    j->output->pixel_stride);
}

void sg_max_pool(segent_context *context, const sg_tensor *input, const sg_tensor *output)
{
    job j = {context, input, output, NULL, NULL};
    sg_parallel_for(context->pool, sg_tensor_pixels(output), POOL_GRAIN, pool_pixels, &j);
}

/* The sums of rows, from the first to the last. */
static void add_rows(const double *rows, int64_t count, int64_t stride, int64_t channels,
                     double *sums)
{
    for (int64_t y = 0; y < count; y++, rows += stride) {
        for (int64_t c = 0; c < channels; c++)
            sums[c] += rows[c];
    }
}

/* Adds halves, some pixels at a time as floats. */
static void add_halves(const job *j, int64_t begin, int64_t channels, double *sums)
{
    enum { TOGETHER = 8 };
    const int64_t pixels = sg_tensor_pixels(j->input);
    float floats[TOGETHER * CHANNELS_MOST];
    for (int64_t first = 0; first < pixels; first += TOGETHER) {
        const int64_t count = pixels - first < TOGETHER ? pixels - first : TOGETHER;
        for (int64_t p = 0; p < count; p++)
            sg_widen(sg_tensor_half(j->input, first + p) + begin, channels,
                     floats + p * CHANNELS_MOST);
        j->context->kernels.product.add_pixels(floats, CHANNELS_MOST, count, channels, sums);
    }
}

static void average_channels(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const job *j = argument;
    const int64_t pixels = sg_tensor_pixels(j->input);
    double sums[CHANNELS_MOST] = {0.0};
    (void)thread;
    if (j->rows)
        add_rows(j->rows + begin, j->input->height, j->input->channels, end - begin, sums);
    else if (j->input->type == SG_BF16)
        add_halves(j, begin, end - begin, sums);
    else
        j->context->kernels.product.add_pixels(sg_tensor_f32(j->input, 0) + begin,
                                               j->input->pixel_stride, pixels, end - begin, sums);
    for (int64_t c = begin; c < end; c++)
        sg_tensor_f32(j->output, 0)[c] = (float)(sums[c - begin] / (double)pixels);
}

void sg_global_average(segent_context *context, const sg_tensor *input, const double *rows,
                       const sg_tensor *output)
{
    job j = {context, input, output, NULL, rows};
    /* Each task takes a thread's share of the channels: with few channels at a time, memory would
     * be read in jumps. */
    const int64_t share = (input->channels - 1) / sg_pool_threads(context->pool) + 1;
    const int64_t grain = (share + CHANNEL_GRAIN - 1) / CHANNEL_GRAIN * CHANNEL_GRAIN;
    sg_parallel_for(context->pool, input->channels, grain < CHANNELS_MOST ? grain : CHANNELS_MOST,
                    average_channels, &j);
}

/* A pixel of four corners, of which at least one side's numbers are halves. */
static void blend_halves(const sg_tensor *input, const int64_t corners[4], float down, float right,
                         const sg_tensor *output, int64_t pixel)
{
    enum { TOGETHER = 256 };
    for (int32_t first = 0; first < input->channels; first += TOGETHER) {
        const int32_t left = input->channels - first, count = left < TOGETHER ? left : TOGETHER;
        float floats[5][TOGETHER];
        for (int32_t i = 0; i < 4; i++) {
            if (input->type == SG_BF16)
                sg_widen(sg_tensor_half(input, corners[i]) + first, count, floats[i]);
            else
                memcpy(floats[i], sg_tensor_f32(input, corners[i]) + first,
                       (size_t)count * sizeof(float));
        }
        const float *const four[4] = {floats[0], floats[1], floats[2], floats[3]};
        sg_blend_f32(four, down, right, count, floats[4]);
        if (output->type == SG_BF16)
            sg_round(floats[4], count, sg_tensor_half(output, pixel) + first);
        else
            memcpy(sg_tensor_f32(output, pixel) + first, floats[4], (size_t)count * sizeof(float));
    }
}

static void stretch_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const job *j = argument;
    const sg_tensor *input = j->input, *output = j->output;
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        const sg_tap row = sg_tap_of(y, input->height, output->height);
        for (int64_t x = 0; x < output->width; x++) {
            const sg_tap column = sg_tap_of(x, input->width, output->width);
            const int64_t top = (int64_t)row.left * input->width;
            const int64_t bottom = (int64_t)row.right * input->width;
            if (input->type == SG_BF16 || output->type == SG_BF16) {
                const int64_t four[4] = {top + column.left, top + column.right,
                                         bottom + column.left, bottom + column.right};
                blend_halves(input, four, row.lambda, column.lambda, output, y * output->width + x);
                continue;
            }
            const float *corners[4] = {sg_tensor_f32(input, top + column.left),
                                       sg_tensor_f32(input, top + column.right),
                                       sg_tensor_f32(input, bottom + column.left),
                                       sg_tensor_f32(input, bottom + column.right)};
            sg_blend_f32(corners, row.lambda, column.lambda, input->channels,
                         sg_tensor_f32(output, y * output->width + x));
        }
    }
}

void sg_stretch(segent_context *context, const sg_tensor *input, const sg_tensor *output)
{
    job j = {context, input, output, NULL, NULL};
    sg_parallel_for(context->pool, output->height, 1, stretch_rows, &j);
}

static void copy_channels(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const job *j = argument;
    const int64_t pixels = sg_tensor_pixels(j->input);
    (void)thread;
    sg_to_planes_f32(sg_tensor_f32(j->input, 0) + begin, j->input->pixel_stride, pixels,
                     end - begin, j->planes + begin * pixels, pixels);
}

void sg_to_planes(segent_context *context, const sg_tensor *input, float *planes)
{
    job j = {context, input, NULL, planes, NULL};
    sg_parallel_for(context->pool, input->channels, 1, copy_channels, &j);
}
