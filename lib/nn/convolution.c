/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What all convolutions share, and the choice among the engines that do them. */

#include "convolution.h"

#include "engine.h"
#include "halves.h"

/* Forms of weights, the one that is preferred first. */
static const sg_form *const forms[] = {&sg_form_depthwise, &sg_form_grouped,
#if SG_HALVES
                                       &sg_form_halves,
#endif
                                       &sg_form_packed, &sg_form_plain};

static const sg_engine *const engines[] = {&sg_engine_plain,
                                           &sg_engine_depthwise,
                                           &sg_engine_grouped,
                                           &sg_engine_direct,
                                           &sg_engine_strassen[0],
                                           &sg_engine_strassen[1],
                                           &sg_engine_winograd[0],
                                           &sg_engine_winograd[1],
                                           &sg_engine_winograd[2],
                                           &sg_engine_winograd[3],
#if SG_HALVES
                                           &sg_engine_direct_halves,
                                           &sg_engine_winograd_halves[0],
                                           &sg_engine_winograd_halves[1],
                                           &sg_engine_winograd_halves[2]
#endif
};

static const sg_form *form_for(const segent_context *context, const sg_convolution_shape *shape)
{
    size_t i = 0;
    while (!forms[i]->suits(&context->kernels, shape))
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
    return sg_room_bytes(form_for(context, shape)->room(&context->kernels, shape), shape->outputs);
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
    way->kernel = sg_cpu_name(sg_cpu_floats(request->convolution->cpus));
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

/* ---- halves to rows of floats ---- */

enum { LINE = 64, MOST = 4 /* copies may take so many parts of all memory */ };

/* Copies of halves as floats stand behind the row's workspace, dense: of the input, and of the
 * output, which begins as what is to be added to it. */
typedef struct copies {
    int64_t input, output, end; /* their offsets */
} copies;

/* The end of a copy of so many pixels and channels that begins at `offset`; of one that memory has
 * no room for, more than a workspace can have. */
static int64_t behind_copy(int64_t offset, int64_t pixels, int64_t channels)
{
    const int64_t most = PTRDIFF_MAX / MOST / (int64_t)sizeof(float);
    if (offset > PTRDIFF_MAX / MOST || pixels > most / channels)
        return PTRDIFF_MAX;
    const int64_t bytes = pixels * channels * (int64_t)sizeof(float);
    return offset + (bytes + LINE - 1) / LINE * LINE;
}

static copies copies_of(const sg_convolution_shape *shape, int64_t workspace, int64_t input_pixels,
                        int64_t output_pixels)
{
    copies c = {.input = workspace > PTRDIFF_MAX / MOST ? PTRDIFF_MAX
                                                        : (workspace + LINE - 1) / LINE * LINE};
    c.output =
        shape->input == SG_BF16 ? behind_copy(c.input, input_pixels, shape->inputs) : c.input;
    c.end =
        shape->output == SG_BF16 ? behind_copy(c.output, output_pixels, shape->outputs) : c.output;
    return c;
}

/* A row's workspace with the copies that it needs. */
static int64_t with_copies(const sg_engine_request *request, int64_t workspace)
{
    const sg_convolution *convolution = request->convolution;
    const int64_t height = sg_convolution_output_size(convolution, request->height);
    const int64_t width = sg_convolution_output_size(convolution, request->width);
    const copies c = copies_of(&convolution->shape, workspace,
                               (int64_t)request->height * request->width, height * width);
    return c.end == c.input ? workspace : c.end;
}

static sg_tensor float_copy(const sg_tensor *of, char *memory)
{
    sg_tensor copy = *of;
    copy.type = SG_F32;
    copy.data = memory;
    copy.pixel_stride = of->channels;
    return copy;
}

/* A row of floats on maps some of which are of halves. */
static void run_on_copies(segent_context *context, const sg_convolution *convolution,
                          const sg_convolution_way *way, const sg_convolution_call *given)
{
    sg_convolution_call call = *given;
    const copies c = copies_of(&convolution->shape, way->row_workspace,
                               sg_tensor_pixels(&given->input), sg_tensor_pixels(&given->output));
    char *memory = given->workspace;
    if (given->input.type == SG_BF16) {
        call.input = float_copy(&given->input, memory + c.input);
        sg_convert_map(context, &given->input, &call.input);
    }
    if (given->output.type == SG_BF16)
        call.output = float_copy(&given->output, memory + c.output);
    if (given->residual && given->residual->type == SG_BF16) {
        sg_convert_map(context, given->residual, &call.output);
        call.residual = &call.output;
    }
    way->engine->run(context, convolution, way, &call);
    if (given->output.type == SG_BF16)
        sg_convert_map(context, &call.output, &given->output);
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
        other.row_workspace = other.workspace;
        if (row->type == SG_F32)
            other.workspace = with_copies(&request, other.workspace);
        if (!way->engine || is_better(&other, way, room))
            *way = other;
    }
}

void sg_convolution_run(segent_context *context, const sg_convolution *convolution,
                        const sg_convolution_way *way, const sg_convolution_call *call)
{
    const bool halves = call->input.type == SG_BF16 || call->output.type == SG_BF16;
    if (way->engine->type == SG_F32 && halves)
        run_on_copies(context, convolution, way, call);
    else
        way->engine->run(context, convolution, way, call);
}
