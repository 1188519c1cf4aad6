/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "plain.h"

#include <math.h>

#include "engine.h"
#include "gemm.h"
#include "halves.h"
#include "scaling.h"

enum {
    WORKSPACE_FLOATS = 2 << 20, /* 8 MiB, unless one pixel's patch for one tap is larger */
    BLOCK_FLOATS = 1 << 20,     /* of output: 4 MiB, for the epilogue to find it in cache */
    BLOCK_PIXELS_MIN = 64,      /* so that a product is worth calling */
    ROUND_K = 4608,             /* aim for the K of one product */
    PACK_OUTPUTS = 16,          /* weights of that many outputs are transposed together */
    GATHER_GRAIN = 16,
    EPILOGUE_GRAIN = 64
};

/* ---- weights ---- */

typedef struct packing {
    const sg_convolution_shape *shape;
    const sg_convolution_weights *weights;
    float *to;
} packing;

/* Inputs and outputs of one group. */
static int64_t group_inputs(const sg_convolution_shape *shape)
{
    return shape->inputs / shape->groups;
}

static int64_t group_outputs(const sg_convolution_shape *shape)
{
    return shape->outputs / shape->groups;
}

/* Weights of one input channel, for outputs first to last of its group. */
static void pack_input(const packing *job, int64_t channel, int64_t first, int64_t last)
{
    const sg_convolution_shape *shape = job->shape;
    const double *scale = job->weights->scale;
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const int64_t inputs = group_inputs(shape), outputs = group_outputs(shape);
    const int64_t stride =
        job->weights->output_stride ? job->weights->output_stride : taps * inputs;
    const int64_t group = channel / inputs, input = channel % inputs;
    const bool rounded = sg_halves_weights(shape);
    for (int64_t tap = 0; tap < taps; tap++) {
        float *to = job->to + ((group * taps + tap) * inputs + input) * outputs;
        for (int64_t i = first; i < last; i++) {
            const int64_t o = group * outputs + i;
            to[i] = (float)((double)sg_weight(job->weights, o * stride + input * taps + tap) *
                            (scale ? scale[o] : 1.0));
            if (rounded)
                to[i] = sg_bf16_widen(sg_bf16_round(to[i]));
        }
    }
}

/* Weights of input channels begin to end, for all outputs of their groups. */
static void pack(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const packing *job = argument;
    const int64_t outputs = group_outputs(job->shape);
    (void)thread;
    for (int64_t first = 0; first < outputs; first += PACK_OUTPUTS) {
        const int64_t last = first + PACK_OUTPUTS < outputs ? first + PACK_OUTPUTS : outputs;
        for (int64_t i = begin; i < end; i++)
            pack_input(job, i, first, last);
    }
}

static bool all_finite(const float *values, size_t count)
{
    int finite = 1;
    for (size_t i = 0; i < count; i++)
        finite &= isfinite(values[i]) != 0;
    return finite;
}

static bool suits(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    (void)kernels, (void)shape;
    return true;
}

static size_t packed_floats(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    (void)kernels;
    const size_t depth =
        (size_t)shape->kernel * (size_t)shape->kernel * (size_t)group_inputs(shape);
    size_t count = 0;
    return sg_size_multiply(depth, (size_t)shape->outputs, &count) ? count : 0;
}

static segent_status pack_convolution(segent_context *context, const sg_convolution_shape *shape,
                                      const sg_convolution_weights *weights,
                                      sg_convolution *convolution)
{
    sg_room *room = &convolution->plain.room;
    const size_t outputs = (size_t)shape->outputs, count = packed_floats(NULL, shape);
    if (!sg_room_take(&context->allocator, weights->room, !weights->values, count, shape->outputs,
                      room))
        return sg_fail_memory(context, "weights", count * sizeof(float));
    if (!weights->values)
        return SEGENT_OK;
    for (size_t o = 0; o < outputs; o++)
        room->shift[o] = weights->shift ? (float)weights->shift[o] : 0.0f;
    packing job = {shape, weights, room->weights};
    sg_parallel_for(context->pool, shape->inputs, 64, pack, &job);
    if (!all_finite(room->weights, count) || !all_finite(room->shift, outputs))
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "weights are not finite once batch norm is folded in");
    return SEGENT_OK;
}

static void destroy_convolution(sg_convolution *convolution)
{
    sg_room_release(&convolution->allocator, &convolution->plain.room);
}

const sg_form sg_form_plain = {.suits = suits,
                               .room = packed_floats,
                               .pack = pack_convolution,
                               .destroy = destroy_convolution};

/* ---- how the work is cut ---- */

static bool is_pointwise(const sg_convolution_shape *shape)
{
    return shape->kernel == 1 && shape->stride == 1 && shape->padding == 0;
}

/* Taps of one product: all rounds alike but for the last. */
static int64_t round_taps(const sg_convolution_shape *shape)
{
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const int64_t rounds = (taps * group_inputs(shape) - 1) / ROUND_K + 1;
    return rounds >= taps ? 1 : (taps - 1) / rounds + 1;
}

/* Output pixels of one block. */
static int64_t block_pixels(const sg_convolution_shape *shape)
{
    int64_t pixels = BLOCK_FLOATS / shape->outputs;
    if (pixels < BLOCK_PIXELS_MIN)
        pixels = BLOCK_PIXELS_MIN;
    if (is_pointwise(shape))
        return pixels;
    const int64_t gathered = WORKSPACE_FLOATS / (round_taps(shape) * group_inputs(shape));
    if (gathered < pixels)
        pixels = gathered > 1 ? gathered : 1;
    return pixels;
}

static bool fits(const sg_engine_request *request, sg_convolution_way *way)
{
    (void)request;
    way->algorithm = sg_gemm_name();
    return true;
}

/* Weights times the factors of their inputs: in the workspace, before the patches. */
static int64_t scaled_floats(const sg_convolution_shape *shape)
{
    return shape->scaled ? (int64_t)shape->inputs * shape->outputs : 0;
}

static int64_t room(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_convolution_shape *shape = &request->convolution->shape;
    const int64_t scaled = scaled_floats(shape) * (int64_t)sizeof(float);
    (void)way;
    if (is_pointwise(shape))
        return scaled;
    const double pixels =
        (double)sg_convolution_output_size(request->convolution, request->height) *
        (double)sg_convolution_output_size(request->convolution, request->width);
    const int64_t block = block_pixels(shape);
    return scaled + (pixels < (double)block ? (int64_t)pixels : block) * round_taps(shape) *
                        group_inputs(shape) * (int64_t)sizeof(float);
}

/* ---- a run ---- */

/* What the parallel parts of one block share. */
typedef struct block {
    segent_context *context;
    const sg_convolution_call *call;
    const sg_convolution_shape *shape;
    const float *weights, *bias, *residual;
    float *patches;
    sg_window window;
    int64_t first, pixels;
    int64_t group;
    int64_t first_tap, taps;
} block;

static void gather(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const block *b = argument;
    (void)thread;
    sg_im2col_f32(&b->window, b->first + begin, end - begin, b->first_tap, b->taps,
                  b->patches + begin * b->taps * b->window.channels);
}

static void finish(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const block *b = argument;
    const sg_tensor *output = &b->call->output;
    const int64_t pixel = b->first + begin;
    const int64_t residual_stride = b->residual ? b->call->residual->pixel_stride : 0;
    (void)thread;
    sg_epilogue_f32(sg_tensor_f32(output, pixel), output->pixel_stride, b->bias,
                    b->residual ? b->residual + pixel * residual_stride : NULL, residual_stride,
                    end - begin, b->shape->outputs, b->shape->activation);
}

/* A times the weights of the taps at hand, or of all of them. */
static void multiply(const block *b, const float *a, int64_t lda, bool accumulate)
{
    const sg_convolution_shape *shape = b->shape;
    const sg_tensor *output = &b->call->output;
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const int64_t inputs = group_inputs(shape), outputs = group_outputs(shape);
    sg_gemm(b->context->pool, b->pixels, outputs, b->taps * inputs, a, lda,
            b->weights + (b->group * taps + b->first_tap) * inputs * outputs, outputs,
            sg_tensor_f32(output, b->first) + b->group * outputs, output->pixel_stride, accumulate);
}

static void run_group(segent_context *context, block *b, bool accumulate)
{
    const sg_convolution_shape *shape = b->shape;
    const sg_tensor *input = &b->call->input;
    const int64_t taps = (int64_t)shape->kernel * shape->kernel, inputs = group_inputs(shape);
    const int64_t most = round_taps(shape);
    b->first_tap = 0;
    b->taps = taps;
    if (is_pointwise(shape)) {
        multiply(b, sg_tensor_f32(input, b->first) + b->group * inputs, input->pixel_stride,
                 accumulate);
        return;
    }
    b->window.input = sg_tensor_f32(input, 0) + b->group * inputs;
    for (int64_t tap = 0; tap < taps; tap += most) {
        b->first_tap = tap;
        b->taps = taps - tap < most ? taps - tap : most;
        sg_parallel_for(context->pool, b->pixels, GATHER_GRAIN, gather, b);
        multiply(b, b->patches, b->taps * inputs, accumulate || tap > 0);
    }
}

static void run_block(segent_context *context, block *b, bool accumulate)
{
    for (b->group = 0; b->group < b->shape->groups; b->group++)
        run_group(context, b, accumulate);
    sg_parallel_for(context->pool, b->pixels, EPILOGUE_GRAIN, finish, b);
}

/* The weights of a call: the packed ones, or those times the factors of its inputs. */
static const float *scale_weights(segent_context *context, const sg_convolution *convolution,
                                  const sg_convolution_call *call)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const float *packed = convolution->plain.room.weights;
    sg_scaling job = {packed, call->input_scale, shape->inputs, shape->outputs, call->workspace};
    if (!call->input_scale)
        return packed;
    sg_parallel_for(context->pool, shape->inputs, SG_SCALING_GRAIN, sg_scale_rows, &job);
    return call->workspace;
}

static void run(segent_context *context, const sg_convolution *convolution,
                const sg_convolution_way *way, const sg_convolution_call *call)
{
    (void)way;
    const sg_convolution_shape *shape = &convolution->shape;
    const sg_tensor *input = &call->input;
    const int64_t pixels = sg_tensor_pixels(&call->output);
    const int64_t step = block_pixels(shape);
    /* A residual in the output's own place is what the product is added to. */
    const bool in_place = call->residual && call->residual->data == call->output.data;
    block b = {.context = context,
               .call = call,
               .shape = shape,
               .weights = scale_weights(context, convolution, call),
               .patches = (float *)call->workspace + scaled_floats(shape),
               .bias = call->bias ? call->bias : convolution->plain.room.shift,
               .residual = call->residual && !in_place ? call->residual->data : NULL,
               .window = sg_engine_window(shape, input, call->output.width)};
    b.window.channels = group_inputs(shape);
    for (int64_t first = 0; first < pixels; first += step) {
        b.first = first;
        b.pixels = pixels - first < step ? pixels - first : step;
        run_block(context, &b, in_place);
    }
}

const sg_engine sg_engine_plain = {.type = SG_F32,
                                   .cpus = SG_CPU_ALL,
                                   .form = &sg_form_plain,
                                   .exact = true,
                                   .scales = true,
                                   .fits = fits,
                                   .cost = sg_engine_work,
                                   .room = room,
                                   .run = run};
