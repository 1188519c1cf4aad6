/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "grouped.h"

#include <math.h>

#include "engine.h"

enum {
    LANES_USED = 4,           /* of a vector's lanes at least one in so many must have an output */
    BAND_FLOATS = 96 << 10,   /* of the rows that windows overlap: they stay in the second cache */
    WEIGHT_FLOATS = 96 << 10, /* of a band's weights, which stay there from pixel to pixel */
    CHUNK_WORK = 1 << 20      /* multiply-accumulates that are worth a thread's while */
};

/* ---- weights ---- */

static sg_groups groups_of(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    return (sg_groups){kernels->product.lanes, shape->groups, shape->inputs / shape->groups,
                       shape->outputs / shape->groups};
}

static bool suits(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    const sg_groups groups = groups_of(kernels, shape);
    return kernels->product.fast && shape->groups > 1 &&
           (sg_groups_share(&groups) || groups.outputs * LANES_USED >= groups.lanes);
}

/* Floats of the packed weights of one unit. */
static int64_t unit_floats(const sg_groups *groups, const sg_convolution_shape *shape)
{
    return (int64_t)shape->kernel * shape->kernel * groups->inputs * groups->lanes;
}

static size_t packed_floats(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    const sg_groups groups = groups_of(kernels, shape);
    size_t count = 0;
    /* Channels and kernels are bounded (ops.h), so that only the last product can overflow. */
    return sg_size_multiply((size_t)unit_floats(&groups, shape), (size_t)sg_groups_units(&groups),
                            &count)
               ? count
               : 0;
}

typedef struct packing {
    const sg_convolution_shape *shape;
    const sg_convolution_weights *from;
    const sg_grouped_weights *to;
} packing;

/* The weights of the output in a lane of a unit. */
static void pack_lane(const packing *job, int64_t output, float *to)
{
    const sg_groups *groups = &job->to->groups;
    const int64_t taps = (int64_t)job->shape->kernel * job->shape->kernel;
    const int64_t dense = taps * groups->inputs;
    const int64_t stride = job->from->output_stride ? job->from->output_stride : dense;
    const double scale = job->from->scale ? job->from->scale[output] : 1.0;
    for (int64_t tap = 0; tap < taps; tap++) {
        for (int64_t i = 0; i < groups->inputs; i++) {
            const double weight = (double)sg_weight(job->from, output * stride + i * taps + tap);
            to[(tap * groups->inputs + i) * groups->lanes] = (float)(weight * scale);
        }
    }
}

static void pack_units(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const packing *job = argument;
    const sg_groups *groups = &job->to->groups;
    const int64_t floats = unit_floats(groups, job->shape);
    (void)thread;
    for (int64_t u = begin; u < end; u++) {
        const sg_grouped_unit unit = sg_groups_unit(groups, u);
        float *to = job->to->room.weights + u * floats;
        for (int32_t lane = 0; lane < unit.count; lane++)
            pack_lane(job, unit.first + lane, to + lane);
        for (int64_t i = unit.count; i < groups->lanes; i++) {
            for (int64_t at = i; at < floats; at += groups->lanes)
                to[at] = 0.0f;
        }
    }
}

static bool all_finite(const float *values, size_t count)
{
    int finite = 1;
    for (size_t i = 0; i < count; i++)
        finite &= isfinite(values[i]) != 0;
    return finite;
}

static segent_status pack(segent_context *context, const sg_convolution_shape *shape,
                          const sg_convolution_weights *weights, sg_convolution *convolution)
{
    sg_grouped_weights *packed = &convolution->grouped;
    const sg_product_kernels *kernels = &context->kernels.product;
    const size_t count = packed_floats(&context->kernels, shape), outputs = (size_t)shape->outputs;
    packed->groups = groups_of(&context->kernels, shape);
    packed->kernel = kernels->grouped;
    sg_room *room = &packed->room;
    if (!sg_room_take(&context->allocator, weights->room, !weights->values, count, shape->outputs,
                      room))
        return sg_fail_memory(context, "weights", count * sizeof(float));
    if (!weights->values)
        return SEGENT_OK;
    for (size_t o = 0; o < outputs; o++)
        room->shift[o] = weights->shift ? (float)weights->shift[o] : 0.0f;
    packing job = {shape, weights, packed};
    sg_parallel_for(context->pool, sg_groups_units(&packed->groups), 1, pack_units, &job);
    if (!all_finite(room->weights, count) || !all_finite(room->shift, outputs))
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "weights are not finite once batch norm is folded in");
    return SEGENT_OK;
}

static void destroy(sg_convolution *convolution)
{
    sg_room_release(&convolution->allocator, &convolution->grouped.room);
}

const sg_form sg_form_grouped = {
    .suits = suits, .room = packed_floats, .pack = pack, .destroy = destroy};

/* ---- a run ---- */

/* Units are cut in bands, so narrow that their weights, and their inputs in the rows that a window
 * overlaps, stay in the second cache from an output row to the next. */
typedef struct run {
    const sg_convolution *convolution;
    const sg_convolution_call *call;
    const float *bias;
    sg_window window;
    int64_t units, band; /* of all, and of each band but the last */
} run;

static int64_t band_units(const sg_convolution *convolution, const sg_tensor *input)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const sg_groups *groups = &convolution->grouped.groups;
    const int64_t units = sg_groups_units(groups);
    const int64_t rows = (int64_t)(shape->kernel - 1) * shape->dilation + 1;
    const int64_t overlapped = rows < input->height ? rows : input->height;
    const int64_t channels = BAND_FLOATS / input->width / overlapped;
    const int64_t band = channels * units / shape->inputs;
    const int64_t least = sg_groups_share(groups) ? 1 : sg_group_units(groups);
    const int64_t whole = band > least ? band / least * least : least; /* groups */
    const int64_t most = WEIGHT_FLOATS / unit_floats(groups, shape);
    return whole < most ? whole : most > 1 ? most : 1;
}

static void run_row(const run *r, int64_t first, int64_t row)
{
    const sg_tensor *output = &r->call->output, *residual = r->call->residual;
    const sg_grouped_weights *packed = &r->convolution->grouped;
    const int64_t left = r->units - first, pixel = row * output->width;
    const sg_grouped g = {
        .window = r->window,
        .groups = packed->groups,
        .row = row,
        .first_unit = first,
        .units = left < r->band ? left : r->band,
        .weights = packed->room.weights,
        .bias = r->bias,
        .output = sg_tensor_f32(output, pixel),
        .output_stride = output->pixel_stride,
        .residual = residual ? sg_tensor_f32(residual, pixel) : NULL,
        .residual_stride = residual ? residual->pixel_stride : 0,
        .activation = r->convolution->shape.activation,
    };
    packed->kernel(&g);
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
    const sg_groups *groups = &convolution->grouped.groups;
    run r = {.convolution = convolution,
             .call = call,
             .bias = call->bias ? call->bias : convolution->grouped.room.shift,
             .window = sg_engine_window(shape, input, output->width),
             .units = sg_groups_units(groups),
             .band = band_units(convolution, input)};
    const int64_t bands = (r.units - 1) / r.band + 1;
    const double work = (double)unit_floats(groups, shape) * (double)r.band * output->width;
    const int64_t rows = work < CHUNK_WORK ? (int64_t)(CHUNK_WORK / work) : 1;
    (void)way;
    sg_parallel_for(context->pool, bands * output->height, rows, run_rows, &r);
}

/* ---- as an engine ---- */

const sg_engine sg_engine_grouped = {.name = "grouped",
                                     .type = SG_F32,
                                     .cpus = SG_PACKED_CPUS,
                                     .form = &sg_form_grouped,
                                     .exact = true,
                                     .fits = sg_engine_fits_all,
                                     .cost = sg_engine_work,
                                     .room = sg_engine_no_room,
                                     .run = run_convolution};
