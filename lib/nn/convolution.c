/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What all convolutions share, and the choice among the engines that do them. */

#include "convolution.h"

#include "engine.h"

/* Forms of weights, the one that is preferred first. */
static const sg_form *const forms[] = {&sg_form_depthwise, &sg_form_grouped, &sg_form_packed,
                                       &sg_form_plain};

static const sg_engine *const engines[] = {
    &sg_engine_plain,       &sg_engine_depthwise,   &sg_engine_grouped,     &sg_engine_direct,
    &sg_engine_strassen[0], &sg_engine_strassen[1], &sg_engine_winograd[0], &sg_engine_winograd[1],
    &sg_engine_winograd[2], &sg_engine_winograd[3]};

static const sg_form *form_for(const segent_context *context, const sg_convolution_shape *shape)
{
    size_t i = 0;
    while (!forms[i]->suits(&context->kernels.product, shape))
        i++;
    return forms[i];
}

static bool shape_valid(const sg_convolution_shape *shape)
{
    return shape->inputs >= 1 && shape->inputs <= SG_CHANNELS_MAX && shape->outputs >= 1 &&
           shape->outputs <= SG_CHANNELS_MAX && shape->kernel >= 1 &&
           shape->kernel <= SG_KERNEL_MAX && shape->stride >= 1 && shape->padding >= 0 &&
           shape->dilation >= 1 && shape->groups >= 1 && shape->inputs % shape->groups == 0 &&
           shape->outputs % shape->groups == 0 &&
           (!shape->scaled || (shape->kernel == 1 && shape->groups == 1));
}

size_t sg_convolution_room(const segent_context *context, const sg_convolution_shape *shape)
{
    if (!shape_valid(shape))
        return 0;
    return sg_room_bytes(form_for(context, shape)->room(&context->kernels.product, shape),
                         shape->outputs);
}

segent_status sg_convolution_create(segent_context *context, const sg_convolution_shape *shape,
                                    const sg_convolution_weights *weights, sg_convolution **out)
{
    if (!shape_valid(shape))
        return sg_fail(context, SEGENT_ERROR_MODEL, "a convolution of impossible shape");
    sg_convolution *convolution = sg_alloc_zero(&context->allocator, 1, sizeof(*convolution));
    if (!convolution)
        return sg_fail_memory(context, "a convolution", sizeof(*convolution));
    convolution->allocator = context->allocator;
    convolution->shape = *shape;
    convolution->form = form_for(context, shape);
    convolution->cpus = context->used;
    const segent_status status = convolution->form->pack(context, shape, weights, convolution);
    if (status == SEGENT_OK)
        *out = convolution;
    else
        sg_convolution_destroy(convolution);
    return status;
}

void sg_convolution_destroy(sg_convolution *convolution)
{
    if (!convolution)
        return;
    const sg_allocator allocator = convolution->allocator;
    convolution->form->destroy(convolution);
    sg_free(&allocator, convolution);
}

const sg_convolution_shape *sg_convolution_describe(const sg_convolution *convolution)
{
    return &convolution->shape;
}

int64_t sg_convolution_output_size(const sg_convolution *convolution, int32_t n)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const int64_t span =
        n + 2 * (int64_t)shape->padding - (int64_t)shape->dilation * (shape->kernel - 1);
    return span >= 1 ? (span - 1) / shape->stride + 1 : 0;
}

bool sg_convolution_sums_rows(const sg_convolution *convolution)
{
    return convolution->form == &sg_form_depthwise;
}

double sg_convolution_work(const sg_convolution *convolution, int32_t height, int32_t width)
{
    const sg_convolution_shape *shape = &convolution->shape;
    const int32_t inputs = shape->inputs / shape->groups;
    return (double)sg_convolution_output_size(convolution, height) *
           (double)sg_convolution_output_size(convolution, width) * shape->kernel * shape->kernel *
           inputs * shape->outputs;
}

/* ---- what rows share ---- */

bool sg_engine_fits_all(const sg_engine_request *request, sg_convolution_way *way)
{
    way->kernel = sg_cpu_name(request->convolution->cpus);
    return true;
}

double sg_engine_work(const sg_engine_request *request, const sg_convolution_way *way)
{
    (void)way;
    return sg_convolution_work(request->convolution, request->height, request->width);
}

int64_t sg_engine_no_room(const sg_engine_request *request, const sg_convolution_way *way)
{
    (void)request, (void)way;
    return 0;
}

/* ---- the choice ---- */

/* Whether `left` is to be preferred. */
static bool is_better(const sg_convolution_way *left, const sg_convolution_way *right, int64_t room)
{
    const bool fits = left->workspace <= room;
    if (fits != (right->workspace <= room))
        return fits;
    return fits ? left->cost < right->cost : left->workspace < right->workspace;
}

void sg_convolution_choose(const segent_context *context, const sg_convolution *convolution,
                           segent_engine engine, int32_t height, int32_t width, int64_t room,
                           sg_convolution_way *way)
{
    const sg_engine_request request = {context, convolution, engine, height, width};
    way->engine = NULL;
    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
        const sg_engine *row = engines[i];
        sg_convolution_way other = {.engine = row, .algorithm = row->name, .kernel = ""};
        if (row->form != convolution->form || !(row->cpus & convolution->cpus) ||
            (engine == SEGENT_ENGINE_EXACT && !row->exact) ||
            (convolution->shape.scaled && !row->scales) || !row->fits(&request, &other))
            continue;
        other.cost = row->cost(&request, &other);
        other.workspace = row->room(&request, &other);
        if (!way->engine || is_better(&other, way, room))
            *way = other;
    }
}

void sg_convolution_run(segent_context *context, const sg_convolution *convolution,
                        const sg_convolution_way *way, const sg_convolution_call *call)
{
    way->engine->run(context, convolution, way, call);
}
