/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "depthwise.h"

#include <math.h>
#include <string.h>

#include "engine.h"

enum {
    BAND_FLOATS = 96 << 10, /* of the rows that windows overlap: they stay in the second cache */
    BAND_CHANNELS_MIN = 64, /* of a band, so that memory is read in pieces of some length */
    CHUNK_WORK = 1 << 18    /* multiply-accumulates that are worth a thread's while */
};

/* ---- weights ---- */

static bool suits(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    (void)kernels;
    return shape->groups > 1 && shape->groups == shape->inputs && shape->inputs == shape->outputs;
}

int64_t sg_depthwise_stride(int64_t channels)
{
    return (channels + SG_DEPTHWISE_ROUND - 1) / SG_DEPTHWISE_ROUND * SG_DEPTHWISE_ROUND;
}

/* Channels and kernels are bounded (ops.h): the number of weights needs no more than 31 bits. */
static size_t packed_floats(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    (void)kernels;
    return (size_t)(shape->kernel * shape->kernel * sg_depthwise_stride(shape->outputs));
}

/* Packs the weights. False: not all of them are finite. */
static bool pack_weights(const sg_convolution_shape *shape, const sg_convolution_weights *weights,
                         float *to)
{
    const int64_t taps = (int64_t)shape->kernel * shape->kernel,
                  stride = sg_depthwise_stride(shape->outputs);
    const int64_t output_stride = weights->output_stride ? weights->output_stride : taps;
    bool finite = true;
    for (int64_t tap = 0; tap < taps; tap++) {
        for (int64_t o = 0; o < shape->outputs; o++) {
            const double scale = weights->scale ? weights->scale[o] : 1.0;
            const double weight = (double)sg_weight(weights, o * output_stride + tap);
            to[tap * stride + o] = (float)(weight * scale);
            finite = finite && isfinite(to[tap * stride + o]);
        }
        for (int64_t o = shape->outputs; o < stride; o++)
            to[tap * stride + o] = 0.0f;
    }
    return finite;
}

static segent_status pack(segent_context *context, const sg_convolution_shape *shape,
                          const sg_convolution_weights *weights, sg_convolution *convolution)
{
    sg_depthwise_weights *packed = &convolution->depthwise;
    sg_room *room = &packed->room;
    const size_t count = packed_floats(NULL, shape);
    packed->kernel = context->kernels.product.depthwise;
    packed->add_pixels = context->kernels.product.add_pixels;
    if (!sg_room_take(&context->allocator, weights->room, !weights->values, count, shape->outputs,
                      room))
        return sg_fail_memory(context, "weights", count * sizeof(float));
    if (!weights->values)
        return SEGENT_OK;
    bool finite = pack_weights(shape, weights, room->weights);
    for (int32_t o = 0; o < shape->outputs; o++) {
        room->shift[o] = weights->shift ? (float)weights->shift[o] : 0.0f;
        finite = finite && isfinite(room->shift[o]);
    }
    return finite ? SEGENT_OK
                  : sg_fail(context, SEGENT_ERROR_MODEL,
                            "weights are not finite once batch norm is folded in");
}

static void destroy(sg_convolution *convolution)
{
    sg_room_release(&convolution->allocator, &convolution->depthwise.room);
}

const sg_form sg_form_depthwise = {
    .suits = suits, .room = packed_floats, .pack = pack, .destroy = destroy};

/* ---- a run ---- */

/* Channels are cut in bands, so narrow that the rows of one that a window overlaps stay in the
 * second cache from an output row to the next. */
typedef struct run {
    const sg_convolution *convolution;
    const sg_convolution_call *call;
    const float *bias;
    sg_window window;
    int64_t band; /* channels of each but the last */
} run;

static int64_t band_channels(const sg_convolution_shape *shape, const sg_tensor *input)
{
    const int64_t rows = (int64_t)(shape->kernel - 1) * shape->dilation + 1;
    const int64_t overlapped = rows < input->height ? rows : input->height;
    const int64_t fit = BAND_FLOATS / input->width / overlapped / SG_DEPTHWISE_ROUND;
    const int64_t band = fit * SG_DEPTHWISE_ROUND;
    return band > BAND_CHANNELS_MIN ? band : BAND_CHANNELS_MIN;
}

void sg_depthwise_run(const sg_depthwise_weights *weights, const sg_depthwise *part, int64_t x,
                      double *row_sums)
{
    const int64_t channels = part->window.channels;
    weights->kernel(part);
    if (!row_sums)
        return;
    if (x == 0)
        memset(row_sums, 0, (size_t)channels * sizeof(double));
    weights->add_pixels(part->output, part->output_stride, part->window.output_width, channels,
                        row_sums);
}

static void run_row(const run *r, int64_t first, int64_t row)
{
    const sg_tensor *output = &r->call->output, *residual = r->call->residual;
    const sg_convolution_shape *shape = &r->convolution->shape;
    const int64_t left = shape->outputs - first, pixel = row * output->width;
    sg_depthwise d = {
        .window = r->window,
        .row = row,
        .weights = r->convolution->depthwise.room.weights + first,
        .weight_stride = sg_depthwise_stride(shape->outputs),
        .bias = r->bias + first,
        .output = sg_tensor_f32(output, pixel) + first,
        .output_stride = output->pixel_stride,
        .residual = residual ? sg_tensor_f32(residual, pixel) + first : NULL,
        .residual_stride = residual ? residual->pixel_stride : 0,
        .activation = shape->activation,
    };
    d.window.input += first;
    d.window.channels = left < r->band ? left : r->band;
    double *sums = r->call->row_sums;
    sg_depthwise_run(&r->convolution->depthwise, &d, 0,
                     sums ? sums + row * shape->outputs + first : NULL);
}

/* Rows of bands, one band after the other. */
static void run_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const int64_t height = r->call->output.height;
    (void)thread;
    for (int64_t i = begin; i < end; i++)
        run_row(r, i / height * r->band, i % height);
}

static void run_convolution(segent_context *context, const sg_convolution *convolution,
                            const sg_convolution_way *way, const sg_convolution_call *call)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const sg_tensor *input = &call->input, *output = &call->output;
    const run r = {.convolution = convolution,
                   .call = call,
                   .bias = call->bias ? call->bias : convolution->depthwise.room.shift,
                   .window = sg_engine_window(shape, input, output->width),
                   .band = band_channels(shape, input)};
    const int64_t bands = (shape->outputs - 1) / r.band + 1;
    const int64_t work = (int64_t)shape->kernel * shape->kernel * output->width * r.band;
    (void)way;
    sg_parallel_for(context->pool, bands * output->height, CHUNK_WORK / work + 1, run_rows,
                    (void *)&r);
}

/* ---- as an engine ---- */

const sg_engine sg_engine_depthwise = {.name = "depthwise",
                                       .type = SG_F32,
                                       .cpus = SG_CPU_ALL,
                                       .form = &sg_form_depthwise,
                                       .exact = true,
                                       .fits = sg_engine_fits_all,
                                       .cost = sg_engine_work,
                                       .room = sg_engine_no_room,
                                       .run = run_convolution};
