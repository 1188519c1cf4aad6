/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "network.h"

#include <string.h>

#include "joined.h"
#include "pooling.h"
#include "schedule.h"

/* ---- life cycle ---- */

sg_network *sg_network_create(const sg_allocator *allocator, sg_ops *ops, sg_dtype type)
{
    static atomic_ullong networks; /* made so far */
    sg_network *network = sg_alloc_zero(allocator, 1, sizeof(*network));
    sg_convolution **convolutions =
        sg_alloc_zero(allocator, (size_t)ops->count, sizeof(sg_convolution *));
    sg_types types;
    if (!sg_types_find(allocator, ops, type, &types) || !network || !convolutions) {
        sg_free(allocator, network);
        sg_free(allocator, convolutions);
        sg_types_free(allocator, &types);
        sg_ops_free(allocator, ops);
        return NULL;
    }
    *network = (sg_network){.allocator = *allocator,
                            .id = atomic_fetch_add(&networks, 1) + 1,
                            .ops = *ops,
                            .convolutions = convolutions,
                            .types = types};
    *ops = (sg_ops){.list = NULL};
    return network;
}

void sg_network_destroy(sg_network *network)
{
    if (!network)
        return;
    const sg_allocator allocator = network->allocator;
    for (int32_t i = 0; i < network->ops.count; i++)
        sg_convolution_destroy(network->convolutions[i]);
    sg_free(&allocator, network->convolutions);
    sg_types_free(&allocator, &network->types);
    sg_free(&allocator, network->own);
    sg_ops_free(&allocator, &network->ops);
    sg_free(&allocator, network);
}

void sg_ops_free(const sg_allocator *allocator, sg_ops *ops)
{
    sg_free(allocator, ops->list);
    sg_free(allocator, ops->channels);
    *ops = (sg_ops){.list = NULL};
}

/* ---- one run ---- */

typedef struct pass {
    segent_context *context;
    const sg_network_run_options *options;
    char *block;
    float *logits, *auxiliary;
    double done, total; /* multiply-accumulates */
} pass;

/* A map of a step, where it lies now. */
static sg_tensor place(const pass *p, const sg_tensor *tensor)
{
    sg_tensor placed = *tensor;
    placed.data = p->block + tensor->offset;
    return placed;
}

static segent_status fail_cancelled(const pass *p)
{
    return sg_fail(p->context, SEGENT_ERROR_CANCELLED, "the run was cancelled");
}

/* Tells the caller the share of the work that is done; it may want to stop. */
static segent_status tell_progress(const pass *p)
{
    if (!p->options->progress)
        return SEGENT_OK;
    /* Volatile: a compiler may move a division behind a call, and so into the host's environment.
     */
    const volatile double done = p->done / p->total;
    sg_host_begin(p->context);
    const int32_t stop = p->options->progress(p->options->progress_user, done);
    sg_host_end(p->context);
    return stop == 0 ? SEGENT_OK : fail_cancelled(p);
}

static const char *algorithm_of(const sg_step *step)
{
    switch (step->op->kind) {
    case SG_OP_MAX_POOL:
        return "maximum";
    case SG_OP_AVERAGE_POOL:
        return "average";
    case SG_OP_RESIZE:
        return "bilinear";
    case SG_OP_LOGITS:
        return "transpose";
    default:
        return step->way.algorithm;
    }
}

/* Tells the caller of a step that took so many seconds. */
static void tell_layer(const pass *p, const sg_step *step, double seconds)
{
    const sg_op *op = step->op;
    const sg_tensor *result = op->output == SG_NO_MAP ? &step->input : &step->output;
    const segent_layer_info layer = {.struct_size = sizeof(layer),
                                     .name = op->name,
                                     .algorithm = algorithm_of(step),
                                     .kernel = step->convolution ? step->way.kernel : "",
                                     .inputs = op->inputs,
                                     .outputs = op->outputs,
                                     .kernel_size = op->kernel,
                                     .stride = op->stride,
                                     .dilation = op->dilation,
                                     .width = result->width,
                                     .height = result->height,
                                     .multiply_adds = step->work,
                                     .seconds = seconds};
    sg_host_begin(p->context);
    p->options->layer(p->options->layer_user, &layer);
    sg_host_end(p->context);
}

/* Where the sums of rows lie that a convolution makes or an average is made of; or NULL. */
static double *row_sums(const pass *p, const sg_step *step)
{
    return step->sums_rows ? (double *)(void *)(p->block + step->row_sums) : NULL;
}

static void convolve(const pass *p, const sg_step *step, const sg_tensor *input,
                     const sg_tensor *output)
{
    const sg_op *op = step->op;
    const sg_tensor addend = place(p, &step->addend);
    const sg_tensor scale = place(p, &step->scale);
    const sg_convolution_call call = {.input = *input,
                                      .output = *output,
                                      .residual = op->addend ? &addend : NULL,
                                      .bias = op->bias ? place(p, &step->bias).data : NULL,
                                      .input_scale = op->scale ? scale.data : NULL,
                                      .row_sums = row_sums(p, step),
                                      .workspace = p->block + step->workspace};
    sg_convolution_run(p->context, step->convolution, &step->way, &call);
}

/* The step and the one before it, which is joined with it. */
static void run_joined(const pass *p, const sg_step *step)
{
    const sg_tensor whole = place(p, &step->output);
    const sg_convolution_call call = {
        .input = place(p, &step->input),
        .output = sg_tensor_slice(&whole, step->op->first_output, step->op->outputs),
        .row_sums = row_sums(p, step),
        .workspace = p->block + step->workspace};
    const bool timed = p->options->layer != NULL;
    const double start = timed ? sg_seconds() : 0.0;
    const double share =
        sg_joined_run(p->context, step->joined->convolution, step->convolution, &call, timed);
    const double seconds = timed ? sg_seconds() - start : 0.0;
    if (timed) {
        tell_layer(p, step->joined, seconds * share);
        tell_layer(p, step, seconds * (1 - share));
    }
}

static void run_step(const pass *p, const sg_step *step)
{
    const sg_op *op = step->op;
    if (step->with_next)
        return;
    if (step->joined) {
        run_joined(p, step);
        return;
    }
    const double start = p->options->layer ? sg_seconds() : 0.0;
    const sg_tensor input = place(p, &step->input);
    const sg_tensor whole = place(p, &step->output);
    const sg_tensor output = sg_tensor_slice(&whole, op->first_output, op->outputs);
    switch (op->kind) {
    case SG_OP_MAX_POOL:
        sg_max_pool(p->context, &input, &output);
        break;
    case SG_OP_AVERAGE_POOL:
        sg_global_average(p->context, &input, row_sums(p, step), &output);
        break;
    case SG_OP_RESIZE:
        sg_stretch(p->context, &input, &output);
        break;
    case SG_OP_LOGITS:
        sg_to_planes(p->context, &input, op->auxiliary ? p->auxiliary : p->logits);
        break;
    default:
        convolve(p, step, &input, &output);
    }
    if (p->options->layer)
        tell_layer(p, step, sg_seconds() - start);
    if (p->options->observer && *op->module && output.type == SG_F32)
        p->options->observer(p->options->observer_user, op->module, output.data, output.height,
                             output.width, output.channels, output.pixel_stride);
}

static segent_status run(pass *p, const sg_schedule *schedule)
{
    for (int32_t i = 0; i < schedule->count; i++) {
        const sg_step *step = &schedule->steps[i];
        if (step->op->auxiliary && !p->auxiliary)
            continue;
        const segent_status status = step->convolution ? tell_progress(p) : SEGENT_OK;
        if (status != SEGENT_OK)
            return status;
        run_step(p, step);
        if (sg_pool_skipped(p->context->pool))
            return fail_cancelled(p);
        p->done += step->work;
    }
    return tell_progress(p);
}

segent_status sg_network_measure(segent_context *context, const sg_network *network, int32_t height,
                                 int32_t width, segent_engine engine, int64_t workspace_limit,
                                 sg_network_size *size)
{
    const sg_schedule *schedule = NULL;
    const sg_schedule_key key = {network, height, width, engine, workspace_limit, false};
    const segent_status status = sg_schedule_get(context, &key, &schedule);
    if (status != SEGENT_OK)
        return status;
    *size = (sg_network_size){.bytes = (int64_t)schedule->size};
    for (int32_t i = 0; i < schedule->count; i++) {
        const sg_step *step = &schedule->steps[i];
        if (step->op->kind != SG_OP_LOGITS)
            continue;
        *(step->op->auxiliary ? &size->auxiliary_height : &size->logits_height) =
            step->input.height;
        *(step->op->auxiliary ? &size->auxiliary_width : &size->logits_width) = step->input.width;
    }
    return SEGENT_OK;
}

/* The schedule, and the context's block of its size. */
static segent_status prepare(segent_context *context, const sg_network *network, int32_t height,
                             int32_t width, const sg_network_run_options *options,
                             const sg_schedule **schedule, char **block)
{
    const sg_schedule_key key = {network,
                                 height,
                                 width,
                                 options->engine,
                                 options->workspace_limit,
                                 options->observer != NULL};
    const segent_status status = sg_schedule_get(context, &key, schedule);
    if (status != SEGENT_OK)
        return status;
    *block = sg_scratch_take(context, SG_SCRATCH_BLOCK, (*schedule)->size, 1);
    return *block ? SEGENT_OK
                  : sg_fail_memory(context, "the network's activations", (*schedule)->size);
}

segent_status sg_network_input(segent_context *context, const sg_network *network, int32_t height,
                               int32_t width, const sg_network_run_options *options, float **input)
{
    const sg_schedule *schedule = NULL;
    char *block = NULL;
    const segent_status status =
        prepare(context, network, height, width, options, &schedule, &block);
    if (status == SEGENT_OK)
        *input = (float *)(void *)(block + schedule->picture.offset);
    return status;
}

segent_status sg_network_run(segent_context *context, const sg_network *network, const float *input,
                             int32_t height, int32_t width, const sg_network_run_options *options,
                             float *logits, float *auxiliary)
{
    static const sg_network_run_options defaults = {.engine = SEGENT_ENGINE_FAST};
    const sg_schedule *schedule = NULL;
    pass p = {.context = context,
              .options = options ? options : &defaults,
              .logits = logits,
              .auxiliary = auxiliary};
    const segent_status status =
        prepare(context, network, height, width, p.options, &schedule, &p.block);
    if (status != SEGENT_OK)
        return status;
    float *picture = (float *)(void *)(p.block + schedule->picture.offset);
    if (input != picture)
        memcpy(picture, input, (size_t)height * (size_t)width * 3 * sizeof(float));
    p.total = auxiliary ? schedule->work : schedule->work - schedule->auxiliary_work;
    return run(&p, schedule);
}
