/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The forward pass, one function a stage, in the order of the paper's figure:
 *
 *     picture -> stem -> layer1 .. layer4 (bottlenecks) -> ASPP -> head -> logits
 *     1/1        1/4     1/4  1/8  1/8  1/8                1/8     1/8     1/8
 *
 * Layers 3 and 4 keep 1/8 and dilate instead of halving. Every pass is walked twice, first without
 * memory to learn how much the tensors take (nn/plan.h) and how much work there is, then in
 * earnest. */

#include "deeplab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "deeplab_network.h"
#include "nn/plan.h"
#include "nn/pooling.h"

typedef struct pass {
    segent_context *context;
    const sg_deeplab *network;
    const sg_deeplab_run_options *options;
    sg_plan plan;
    double done, total;   /* multiply-accumulates */
    segent_status status; /* after a failure no step does anything */
    char name[64];        /* of the step that comes next, for who wants to know */
    double start;         /* of a step, in seconds */
} pass;

/* ==== Steps ==== */

static bool computes(const pass *p)
{
    return p->status == SEGENT_OK && p->plan.block;
}

static sg_tensor take(pass *p, int32_t height, int32_t width, int32_t channels)
{
    sg_tensor tensor = {.height = height, .width = width, .channels = channels};
    if (p->status == SEGENT_OK && !sg_plan_take(&p->plan, height, width, channels, &tensor))
        p->status = SEGENT_ERROR_LIMIT;
    return tensor;
}

static void give(pass *p, const sg_tensor *tensor)
{
    if (p->status == SEGENT_OK)
        sg_plan_give(&p->plan, tensor);
}

static void observe(const pass *p, const sg_tensor *tensor, const char *format, ...)
    SG_PRINTF(3, 4);
static void observe(const pass *p, const sg_tensor *tensor, const char *format, ...)
{
    char name[64];
    if (!computes(p) || !p->options->observer)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof(name), format, arguments);
    va_end(arguments);
    p->options->observer(p->options->observer_user, name, tensor->data, tensor->height,
                         tensor->width, tensor->channels, tensor->pixel_stride);
}

/* Tells the caller the share of the work that is done; it may want to stop. */
static void report(pass *p)
{
    if (!computes(p) || !p->options->progress)
        return;
    const double done = p->done / p->total;
    sg_host_begin(p->context);
    const int32_t stop = p->options->progress(p->options->progress_user, done);
    sg_host_end(p->context);
    if (stop != 0)
        p->status = sg_fail(p->context, SEGENT_ERROR_CANCELLED, "the run was cancelled");
}

/* Names the convolution that comes next as the checkpoint does. */
static void name_next(pass *p, const char *format, ...) SG_PRINTF(2, 3);
static void name_next(pass *p, const char *format, ...)
{
    va_list arguments;
    if (!computes(p) || !p->options->layer)
        return;
    va_start(arguments, format);
    vsnprintf(p->name, sizeof(p->name), format, arguments);
    va_end(arguments);
}

static void begin_step(pass *p)
{
    p->start = computes(p) && p->options->layer ? sg_seconds() : 0.0;
}

/* Tells the caller of the step since begin_step; the names, sizes and time are added here. */
static void end_step(pass *p, segent_layer_info layer, const sg_tensor *input,
                     const sg_tensor *output)
{
    if (!computes(p) || !p->options->layer)
        return;
    layer.struct_size = sizeof(layer);
    layer.name = p->name;
    layer.inputs = input->channels;
    layer.outputs = output->channels;
    layer.width = output->width;
    layer.height = output->height;
    layer.seconds = sg_seconds() - p->start;
    sg_host_begin(p->context);
    p->options->layer(p->options->layer_user, &layer);
    sg_host_end(p->context);
}

static void end_convolution(pass *p, const sg_convolution *convolution, const sg_tensor *input,
                            const sg_tensor *output)
{
    const sg_convolution_shape *shape = sg_convolution_describe(convolution);
    const sg_convolution_way way = sg_convolution_way_of(
        p->context, convolution, p->network->shape.engine, input->height, input->width);
    const segent_layer_info layer = {
        .algorithm = way.algorithm,
        .kernel = way.kernel,
        .kernel_size = shape->kernel,
        .stride = shape->stride,
        .dilation = shape->dilation,
        .multiply_adds = sg_convolution_work(convolution, input->height, input->width)};
    end_step(p, layer, input, output);
}

/* Convolves into `output`; `residual` and `bias` as in sg_convolution_call. */
static void convolve_into(pass *p, const sg_convolution *convolution, const sg_tensor *input,
                          const sg_tensor *residual, const float *bias, const sg_tensor *output)
{
    sg_tensor workspace = {0};
    const int64_t floats = sg_convolution_workspace(
        p->context, convolution, p->network->shape.engine, input->height, input->width);
    report(p);
    if (floats > 0 && p->status == SEGENT_OK && !sg_plan_take_floats(&p->plan, floats, &workspace))
        p->status = SEGENT_ERROR_LIMIT;
    begin_step(p);
    if (computes(p)) {
        const sg_convolution_call call = {.input = *input,
                                          .output = *output,
                                          .residual = residual,
                                          .bias = bias,
                                          .engine = p->network->shape.engine,
                                          .workspace = workspace.data};
        sg_convolution_run(p->context, convolution, &call);
        end_convolution(p, convolution, input, output);
    }
    if (floats > 0)
        give(p, &workspace);
    p->done += sg_convolution_work(convolution, input->height, input->width);
}

/* Convolves into a new tensor. */
static sg_tensor convolve(pass *p, const sg_convolution *convolution, const sg_tensor *input)
{
    const sg_tensor output =
        take(p, (int32_t)sg_convolution_output_size(convolution, input->height),
             (int32_t)sg_convolution_output_size(convolution, input->width),
             sg_convolution_describe(convolution)->outputs);
    convolve_into(p, convolution, input, NULL, NULL, &output);
    return output;
}

/* ==== Stages ==== */

static int32_t half(int32_t n)
{
    return n / 2 + n % 2;
}

/* 7x7 convolution of stride 2, then 3x3 maximum of stride 2. */
static sg_tensor stem(pass *p, const sg_tensor *picture)
{
    name_next(p, "backbone.conv1");
    const sg_tensor wide = convolve(p, p->network->stem, picture);
    observe(p, &wide, "backbone.conv1");
    const sg_tensor x = take(p, half(wide.height), half(wide.width), wide.channels);
    name_next(p, "backbone.maxpool");
    begin_step(p);
    if (computes(p))
        sg_max_pool(p->context, &wide, &x);
    end_step(
        p,
        (segent_layer_info){
            .algorithm = "maximum", .kernel = "", .kernel_size = 3, .stride = 2, .dilation = 1},
        &wide, &x);
    observe(p, &x, "backbone.maxpool");
    give(p, &wide);
    return x;
}

/* relu(conv3(conv2(conv1(x))) + x), where x goes through `downsample` first if its shape changes.
 * Takes x over; the sum is made where its second term lies. */
static sg_tensor bottleneck(pass *p, const sg_bottleneck *block, int32_t layer, int32_t index,
                            sg_tensor x)
{
    sg_tensor sum = x;
    if (block->downsample) {
        name_next(p, "backbone.layer%d.%d.downsample.0", layer, index);
        sum = convolve(p, block->downsample, &x);
        observe(p, &sum, "backbone.layer%d.%d.downsample", layer, index);
    }
    name_next(p, "backbone.layer%d.%d.conv1", layer, index);
    const sg_tensor reduced = convolve(p, block->conv1, &x);
    observe(p, &reduced, "backbone.layer%d.%d.conv1", layer, index);
    if (block->downsample)
        give(p, &x);
    name_next(p, "backbone.layer%d.%d.conv2", layer, index);
    const sg_tensor spatial = convolve(p, block->conv2, &reduced);
    observe(p, &spatial, "backbone.layer%d.%d.conv2", layer, index);
    give(p, &reduced);
    name_next(p, "backbone.layer%d.%d.conv3", layer, index);
    convolve_into(p, block->conv3, &spatial, &sum, NULL, &sum);
    observe(p, &sum, "backbone.layer%d.%d", layer, index);
    give(p, &spatial);
    return sum;
}

static sg_tensor backbone(pass *p, const sg_tensor *picture)
{
    sg_tensor x = stem(p, picture);
    for (int32_t layer = 0; layer < SG_LAYERS; layer++) {
        for (int32_t b = 0; b < p->network->shape.blocks[layer]; b++)
            x = bottleneck(p, &p->network->layers[layer][b], layer + 1, b, x);
    }
    return x;
}

/* The pooled branch, carried on to its share of the projection: (1, 1, channels). */
static sg_tensor image_level(pass *p, const sg_tensor *x)
{
    const sg_aspp *aspp = &p->network->aspp;
    const sg_tensor mean = take(p, 1, 1, x->channels);
    name_next(p, "classifier.0.convs.4.0");
    begin_step(p);
    if (computes(p))
        sg_global_average(p->context, x, &mean);
    end_step(p,
             (segent_layer_info){.algorithm = "average", .kernel = "", .stride = 1, .dilation = 1},
             x, &mean);
    name_next(p, "classifier.0.convs.4.1");
    const sg_tensor branch = convolve(p, aspp->pooled, &mean);
    observe(p, &branch, "classifier.0.convs.4");
    give(p, &mean);
    name_next(p, "classifier.0.project.0 (pooled)");
    const sg_tensor share = convolve(p, aspp->project_pooled, &branch);
    give(p, &branch);
    return share;
}

/* Atrous spatial pyramid pooling. Takes x over. */
static sg_tensor pyramid(pass *p, sg_tensor x)
{
    const sg_aspp *aspp = &p->network->aspp;
    const int32_t channels = p->network->shape.aspp;
    const sg_tensor branches = take(p, x.height, x.width, (1 + SG_ATROUS) * channels);
    for (int32_t i = 0; i <= SG_ATROUS; i++) {
        const sg_tensor branch = sg_tensor_slice(&branches, i * channels, channels);
        name_next(p, "classifier.0.convs.%d.0", (int)i);
        convolve_into(p, i == 0 ? aspp->point : aspp->atrous[i - 1], &x, NULL, NULL, &branch);
        observe(p, &branch, "classifier.0.convs.%d", i);
    }
    const sg_tensor share = image_level(p, &x);
    give(p, &x);
    const sg_tensor projected = take(p, branches.height, branches.width, channels);
    name_next(p, "classifier.0.project.0");
    convolve_into(p, aspp->project, &branches, NULL, share.data, &projected);
    observe(p, &projected, "classifier.0.project");
    give(p, &share);
    give(p, &branches);
    return projected;
}

/* 3x3 convolution, then 1x1 to the classes. Takes x over. */
static void head(pass *p, sg_tensor x, float *logits)
{
    name_next(p, "classifier.1");
    const sg_tensor refined = convolve(p, p->network->head, &x);
    observe(p, &refined, "classifier.1");
    give(p, &x);
    name_next(p, "classifier.4");
    const sg_tensor scores = convolve(p, p->network->classifier, &refined);
    observe(p, &scores, "classifier.4");
    give(p, &refined);
    name_next(p, "logits");
    begin_step(p);
    if (computes(p))
        sg_to_planes(p->context, &scores, logits);
    end_step(
        p,
        (segent_layer_info){
            .algorithm = "transpose", .kernel = "", .kernel_size = 1, .stride = 1, .dilation = 1},
        &scores, &scores);
    give(p, &scores);
}

static void forward(pass *p, const sg_tensor *picture, float *logits)
{
    const sg_tensor features = backbone(p, picture);
    const sg_tensor projected = pyramid(p, features);
    head(p, projected, logits);
    report(p);
}

/* ==== The door ==== */

/* The first walk. Its sizes are those of the second. */
static segent_status measure(pass *p, const sg_tensor *picture)
{
    if (picture->height < 1 || picture->width < 1)
        return sg_fail(p->context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "a picture of %d x %d pixels has no pixels", picture->width,
                       picture->height);
    forward(p, picture, NULL);
    if (p->status != SEGENT_OK)
        return sg_fail(p->context, p->status,
                       "a picture of %d x %d pixels takes more memory than can be addressed",
                       picture->width, picture->height);
    return SEGENT_OK;
}

static sg_tensor picture_tensor(float *input, int32_t height, int32_t width)
{
    return (sg_tensor){
        .data = input, .height = height, .width = width, .channels = 3, .pixel_stride = 3};
}

segent_status sg_deeplab_memory(segent_context *context, const sg_deeplab *network, int32_t height,
                                int32_t width, int64_t *bytes)
{
    pass planning = {.context = context, .network = network};
    const sg_tensor picture = picture_tensor(NULL, height, width);
    const segent_status status = measure(&planning, &picture);
    if (status == SEGENT_OK)
        *bytes = (int64_t)planning.plan.size;
    return status;
}

segent_status sg_deeplab_run(segent_context *context, const sg_deeplab *network, const float *input,
                             int32_t height, int32_t width, const sg_deeplab_run_options *options,
                             float *logits)
{
    static const sg_deeplab_run_options defaults = {0};
    /* Nothing writes to the picture. */
    const sg_tensor picture = picture_tensor((float *)input, height, width);
    pass planning = {.context = context, .network = network};
    options = options ? options : &defaults;
    const segent_status status = measure(&planning, &picture);
    if (status != SEGENT_OK)
        return status;
    pass p = {.context = context,
              .network = network,
              .options = options,
              .plan.block = sg_context_block(context, planning.plan.size),
              .total = planning.done};
    if (!p.plan.block)
        return sg_fail_memory(context, "the network's activations", planning.plan.size);
    forward(&p, &picture, logits);
    return p.status;
}

void sg_deeplab_destroy(sg_deeplab *network)
{
    if (!network)
        return;
    const sg_allocator allocator = network->allocator;
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        for (int32_t i = 0; network->layers[l] && i < network->shape.blocks[l]; i++) {
            sg_bottleneck *block = &network->layers[l][i];
            sg_convolution_destroy(block->conv1);
            sg_convolution_destroy(block->conv2);
            sg_convolution_destroy(block->conv3);
            sg_convolution_destroy(block->downsample);
        }
        sg_free(&allocator, network->layers[l]);
    }
    for (int32_t i = 0; i < SG_ATROUS; i++)
        sg_convolution_destroy(network->aspp.atrous[i]);
    sg_convolution_destroy(network->stem);
    sg_convolution_destroy(network->aspp.point);
    sg_convolution_destroy(network->aspp.pooled);
    sg_convolution_destroy(network->aspp.project);
    sg_convolution_destroy(network->aspp.project_pooled);
    sg_convolution_destroy(network->head);
    sg_convolution_destroy(network->classifier);
    sg_free(&allocator, network->weights);
    sg_free(&allocator, network);
}

const sg_deeplab_shape *sg_deeplab_describe(const sg_deeplab *network)
{
    return &network->shape;
}

int32_t sg_deeplab_feature_size(int32_t n)
{
    return half(half(half(n)));
}
