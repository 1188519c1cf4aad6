/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From a checkpoint's tensors to a network. The list of layers is walked twice: the first walk
 * checks every name and shape before anything is allocated for them, the second one reads, folds
 * and packs. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deeplab_network.h"
#include "deeplab_source.h"

enum { NAME_SIZE = 96, NORM_TENSORS = 4, BLOCKS_MAX = 1000000 };

static const double norm_epsilon = 1e-5;

typedef struct builder {
    sg_source source;
    sg_deeplab *network;
    bool building;         /* the second walk */
    bool rates_given;      /* by the caller */
    int32_t channels;      /* outputs of the widest layer */
    float *room;           /* (source.largest): to read one tensor */
    const void *weights;   /* of the convolution at hand */
    size_t packed;         /* floats of the packed weights so far, in either walk */
    float *norm;           /* (NORM_TENSORS, channels) */
    double *scale, *shift; /* (channels) */
} builder;

/* ==== Layers ==== */

/* Checks the tensor in the first walk, reads it in the second. */
static void tensor(builder *b, const char *name, const int64_t *shape, int32_t rank, float *values)
{
    int64_t count = 1;
    if (b->source.status != SEGENT_OK)
        return;
    if (!b->building) {
        sg_source_check(&b->source, name, shape, rank);
        return;
    }
    for (int32_t i = 0; i < rank; i++)
        count *= shape[i];
    sg_source_read(&b->source, name, values, count);
}

/* y = (x - mean) / sqrt(variance + epsilon) * weight + bias = x * scale + shift */
static void fold_norm(builder *b, const char *variance_name, double epsilon, int32_t channels)
{
    const float *weight = b->norm, *bias = weight + channels, *mean = bias + channels,
                *variance = mean + channels;
    for (int32_t c = 0; c < channels; c++) {
        if (variance[c] < 0.0f) {
            sg_source_fail(&b->source, variance_name, "holds a negative variance");
            return;
        }
        b->scale[c] = weight[c] / sqrt((double)variance[c] + epsilon);
        b->shift[c] = bias[c] - mean[c] * b->scale[c];
    }
}

static void batch_norm(builder *b, const char *name, int64_t channels)
{
    static const char *const parts[NORM_TENSORS] = {"weight", "bias", "running_mean",
                                                    "running_var"};
    char part[NAME_SIZE];
    double epsilon = norm_epsilon;
    if (sg_source_attribute(&b->source, name, "eps", &epsilon) &&
        !(epsilon >= 0.0 && epsilon <= 1.0)) {
        snprintf(part, sizeof(part), "%.80s.weight", name);
        sg_source_fail(&b->source, part, "is of a batch norm whose eps is not from 0 to 1");
    }
    for (int32_t i = 0; i < NORM_TENSORS; i++) {
        snprintf(part, sizeof(part), "%.80s.%s", name, parts[i]);
        tensor(b, part, &channels, 1, b->building ? b->norm + i * channels : NULL);
    }
    if (b->source.status == SEGENT_OK && b->building)
        fold_norm(b, part, epsilon, (int32_t)channels);
}

/* Adds a convolution's own bias, which torchvision's have not where a batch norm follows, but which
 * changes nothing else: (x + bias) * scale + shift. */
static void add_bias(builder *b, const char *name, int64_t channels)
{
    char bias[NAME_SIZE];
    snprintf(bias, sizeof(bias), "%.80s.bias", name);
    if (!sg_source_holds(&b->source, bias))
        return;
    tensor(b, bias, &channels, 1, b->norm);
    for (int64_t c = 0; b->source.status == SEGENT_OK && b->building && c < channels; c++)
        b->shift[c] += b->norm[c] * b->scale[c];
    b->network->shape.parameters += b->building ? 0 : channels;
}

static void no_norm(builder *b, int64_t channels)
{
    for (int64_t c = 0; b->source.status == SEGENT_OK && b->building && c < channels; c++) {
        b->scale[c] = 1.0;
        b->shift[c] = 0.0;
    }
}

/* Where a whole module was saved, the file says what shapes do not: strides and dilations. */
static void check_geometry(builder *b, const char *name, const sg_convolution_shape *shape)
{
    const bool atrous = shape->kernel == 3 && strncmp(name, "classifier.0.", 13) == 0;
    sg_source_expect(&b->source, name, "stride", shape->stride);
    sg_source_expect(&b->source, name, "groups", 1);
    /* Rates that the caller gave are what was asked for, whatever the file says. */
    if (!atrous || !b->rates_given) {
        sg_source_expect(&b->source, name, "dilation", shape->dilation);
        sg_source_expect(&b->source, name, "padding", shape->padding);
    }
}

/* Checks what a convolution needs, or has it in b->weights, b->scale and b->shift. `norm` NULL: no
 * batch norm. Whether weights are finite is seen when they are packed. */
static void parameters(builder *b, const char *name, const char *norm,
                       const sg_convolution_shape *shape)
{
    char weight[NAME_SIZE];
    const int64_t sizes[4] = {shape->outputs, shape->inputs, shape->kernel, shape->kernel};
    const int64_t elements = sizes[0] * sizes[1] * sizes[2] * sizes[3];
    snprintf(weight, sizeof(weight), "%.80s.weight", name);
    if (!b->building) {
        tensor(b, weight, sizes, 4, NULL);
        check_geometry(b, name, shape);
    } else if (b->source.status == SEGENT_OK) {
        b->weights = sg_source_view(&b->source, weight, b->room, elements);
    }
    if (norm)
        batch_norm(b, norm, shape->outputs);
    else
        no_norm(b, shape->outputs);
    if (b->source.status == SEGENT_OK)
        add_bias(b, name, shape->outputs);
    if (b->source.status == SEGENT_OK && !b->building) {
        b->network->shape.parameters += elements + (norm ? 2 * sizes[0] : 0);
        b->channels = shape->outputs > b->channels ? shape->outputs : b->channels;
    }
}

static bool take_room(builder *b, size_t floats)
{
    if (floats == 0 || floats > SIZE_MAX - b->packed) {
        b->source.status = sg_fail_memory(b->source.context, "weights", SIZE_MAX);
        return false;
    }
    b->packed += floats;
    return true;
}

/* Packs what `parameters` found, or `inputs` of its inputs from `first` on; in the first walk,
 * makes room for that. */
static void pack(builder *b, const char *name, const sg_convolution_shape *whole, int32_t first,
                 int32_t inputs, bool last, sg_convolution **convolution)
{
    const int64_t taps = (int64_t)whole->kernel * whole->kernel;
    sg_convolution_shape shape = *whole;
    shape.inputs = inputs;
    if (b->source.status != SEGENT_OK)
        return;
    float *room = b->building ? b->network->weights + b->packed : NULL;
    if (!take_room(b, sg_convolution_room(b->source.context, &shape)) || !b->building)
        return;
    const char *from = (const char *)b->weights + first * taps * (int64_t)sizeof(float);
    const sg_convolution_weights weights = {.values = from,
                                            .output_stride = whole->inputs * taps,
                                            .scale = b->scale,
                                            .shift = last ? b->shift : NULL,
                                            .room = room};
    char weight[NAME_SIZE];
    snprintf(weight, sizeof(weight), "%.80s.weight", name);
    b->source.status = sg_convolution_create(b->source.context, &shape, &weights, convolution);
    if (b->source.status == SEGENT_ERROR_MODEL) {
        sg_source_fail(&b->source, weight, "is not finite once batch norm is folded in");
        sg_source_check_values(&b->source, weight, b->weights,
                               (int64_t)whole->outputs * whole->inputs * taps);
    }
    if (last)
        sg_source_release(&b->source, weight);
}

static void layer(builder *b, const char *name, const char *norm, sg_convolution_shape shape,
                  sg_convolution **convolution)
{
    parameters(b, name, norm, &shape);
    pack(b, name, &shape, 0, shape.inputs, true, convolution);
}

/* ==== The list of layers ==== */

static void bottleneck(builder *b, const char *name, int32_t inputs, int32_t planes, int32_t stride,
                       int32_t dilation, bool first, sg_bottleneck *block)
{
    char conv[NAME_SIZE], norm[NAME_SIZE];
    const sg_convolution_shape reduce = {inputs, planes, 1, 1, 0, 1, true};
    const sg_convolution_shape spatial = {planes, planes, 3, stride, dilation, dilation, true};
    const sg_convolution_shape expand = {planes, SG_EXPANSION * planes, 1, 1, 0, 1, true};
    const sg_convolution_shape downsample = {inputs, SG_EXPANSION * planes, 1, stride, 0, 1, false};
    const sg_convolution_shape shapes[3] = {reduce, spatial, expand};
    sg_convolution **const slots[3] = {&block->conv1, &block->conv2, &block->conv3};
    for (int i = 0; i < 3; i++) {
        snprintf(conv, sizeof(conv), "%.60s.conv%d", name, i + 1);
        snprintf(norm, sizeof(norm), "%.60s.bn%d", name, i + 1);
        layer(b, conv, norm, shapes[i], slots[i]);
    }
    if (first) {
        snprintf(conv, sizeof(conv), "%.60s.downsample.0", name);
        snprintf(norm, sizeof(norm), "%.60s.downsample.1", name);
        layer(b, conv, norm, downsample, &block->downsample);
    }
}

/* Layer 2 halves the map in its first block. Layers 3 and 4 keep its size and double the dilation
 * instead, the first block still with the dilation of the layer before. */
static void backbone(builder *b)
{
    static const int32_t strides[SG_LAYERS] = {1, 2, 1, 1};
    static const int32_t first_dilation[SG_LAYERS] = {1, 1, 1, 2};
    static const int32_t dilation[SG_LAYERS] = {1, 1, 2, 4};
    char name[NAME_SIZE];
    sg_deeplab *network = b->network;
    const int32_t width = network->shape.width;
    const sg_convolution_shape stem = {3, width, 7, 2, 3, 1, true};
    int32_t inputs = width;
    layer(b, "backbone.conv1", "backbone.bn1", stem, &network->stem);
    sg_source_expect(&b->source, "backbone.maxpool", "kernel_size", 3);
    sg_source_expect(&b->source, "backbone.maxpool", "stride", 2);
    sg_source_expect(&b->source, "backbone.maxpool", "padding", 1);
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        const int32_t planes = width << l;
        for (int32_t i = 0; i < network->shape.blocks[l] && b->source.status == SEGENT_OK; i++) {
            sg_bottleneck checked = {0};
            snprintf(name, sizeof(name), "backbone.layer%d.%d", l + 1, i);
            bottleneck(b, name, inputs, planes, i == 0 ? strides[l] : 1,
                       i == 0 ? first_dilation[l] : dilation[l], i == 0,
                       b->building ? &network->layers[l][i] : &checked);
            inputs = SG_EXPANSION * planes;
        }
    }
}

static void pyramid(builder *b)
{
    char conv[NAME_SIZE], norm[NAME_SIZE];
    sg_aspp *aspp = &b->network->aspp;
    const sg_deeplab_shape *shape = &b->network->shape;
    const int32_t inputs = SG_EXPANSION * (shape->width << (SG_LAYERS - 1));
    const int32_t direct = (1 + SG_ATROUS) * shape->aspp;
    const sg_convolution_shape point = {inputs, shape->aspp, 1, 1, 0, 1, true};
    sg_convolution_shape project = {direct + shape->aspp, shape->aspp, 1, 1, 0, 1, true};
    layer(b, "classifier.0.convs.0.0", "classifier.0.convs.0.1", point, &aspp->point);
    for (int32_t i = 0; i < SG_ATROUS; i++) {
        const int32_t rate = shape->rates[i];
        const sg_convolution_shape atrous = {inputs, shape->aspp, 3, 1, rate, rate, true};
        snprintf(conv, sizeof(conv), "classifier.0.convs.%d.0", i + 1);
        snprintf(norm, sizeof(norm), "classifier.0.convs.%d.1", i + 1);
        layer(b, conv, norm, atrous, &aspp->atrous[i]);
    }
    layer(b, "classifier.0.convs.4.1", "classifier.0.convs.4.2", point, &aspp->pooled);
    parameters(b, "classifier.0.project.0", "classifier.0.project.1", &project);
    pack(b, "classifier.0.project.0", &project, 0, direct, false, &aspp->project);
    project.relu = false;
    pack(b, "classifier.0.project.0", &project, direct, shape->aspp, true, &aspp->project_pooled);
}

/* To the classes. The sigmoid of one output z is the softmax of the logits 0 and z: such a
 * convolution gets a row of zeros before its own. */
static void last_layer(builder *b)
{
    static const char name[] = "classifier.4";
    const sg_deeplab_shape *network = &b->network->shape;
    const int32_t own = network->sigmoid ? 1 : network->classes;
    sg_convolution_shape shape = {network->aspp, own, 1, 1, 0, 1, false};
    parameters(b, name, NULL, &shape);
    if (network->sigmoid) {
        shape.outputs = network->classes;
        b->channels = b->channels < shape.outputs ? shape.outputs : b->channels;
    }
    if (network->sigmoid && b->building && b->source.status == SEGENT_OK) {
        /* The 3x3 convolution before this one has more than twice as many weights. */
        memmove(b->room + network->aspp, b->weights, (size_t)network->aspp * sizeof(float));
        memset(b->room, 0, (size_t)network->aspp * sizeof(float));
        b->weights = b->room;
        b->scale[1] = b->scale[0];
        b->shift[1] = b->shift[0];
        b->shift[0] = 0.0;
    }
    pack(b, name, &shape, 0, shape.inputs, true, &b->network->classifier);
}

static void network_layers(builder *b)
{
    const sg_deeplab_shape *shape = &b->network->shape;
    const sg_convolution_shape head = {shape->aspp, shape->aspp, 3, 1, 1, 1, true};
    backbone(b);
    pyramid(b);
    layer(b, "classifier.1", "classifier.2", head, &b->network->head);
    last_layer(b);
}

/* ==== What kind of network it is ==== */

/* Writes what the network is, where it is one on another backbone; false if it is not. */
static bool other_backbone(const builder *b, char what[160])
{
    int64_t stem[SEGENT_RANK_MAX], conv1[SEGENT_RANK_MAX], conv2[SEGENT_RANK_MAX];
    const sg_source *source = &b->source;
    if (sg_source_shape(source, "backbone.conv1.weight", stem) != 4 ||
        sg_source_shape(source, "backbone.layer1.0.conv1.weight", conv1) != 4 ||
        sg_source_shape(source, "backbone.layer1.0.conv2.weight", conv2) != 4)
        return false;
    if (stem[1] != 3)
        snprintf(what, 160, "a network for pictures of %lld channels, not of red, green and blue",
                 (long long)stem[1]);
    else if (!sg_source_holds(source, "backbone.layer1.0.conv3.weight") && conv1[2] == 3)
        snprintf(what, 160, "a network on a basic-block ResNet (ResNet-18 or 34)");
    else if (sg_source_holds(source, "backbone.bn1.weight") &&
             !sg_source_holds(source, "backbone.bn1.running_mean") &&
             !sg_source_holds(source, "backbone.bn1.running_var"))
        snprintf(what, 160,
                 "a network without running means and variances, so with another "
                 "normalisation (such as GroupNorm) in place of batch norm");
    else if (conv2[1] > 0 && conv2[1] < conv2[0] && conv2[0] % conv2[1] == 0)
        snprintf(what, 160, "a network on a ResNeXt (convolutions in %lld groups)",
                 (long long)(conv2[0] / conv2[1]));
    else if (conv1[1] == stem[0] && conv1[2] == 1 && conv1[0] == 2 * stem[0] &&
             conv2[0] == conv1[0])
        snprintf(what, 160, "a network on a wide ResNet (bottlenecks of width %lld, not %lld)",
                 (long long)conv1[0], (long long)stem[0]);
    else
        return false;
    return true;
}

/* The first dimension of a tensor of rank 4, which must be low to high. */
static int32_t outputs_of(builder *b, const char *name, int32_t low, int32_t high)
{
    char found[SG_SHAPE_TEXT], problem[2 * SG_SHAPE_TEXT];
    int64_t shape[SEGENT_RANK_MAX];
    if (b->source.status != SEGENT_OK)
        return 0;
    const int32_t rank = sg_source_shape(&b->source, name, shape);
    if (rank == 4 && shape[0] >= low && shape[0] <= high)
        return (int32_t)shape[0];
    if (rank < 0) {
        sg_source_fail(&b->source, name, "is missing, so this is not a DeepLabV3 network");
        return 0;
    }
    sg_shape_text(shape, rank, found);
    snprintf(problem, sizeof(problem), "has shape %s, expected 4 dimensions, the first %d to %d",
             found, low, high);
    sg_source_fail(&b->source, name, problem);
    return 0;
}

static bool count_block(void *user, sg_source *source, int64_t index, const char *rest)
{
    int32_t *blocks = user;
    const char *number = rest + strlen("backbone.layer");
    (void)source;
    (void)index;
    if (number[0] < '1' || number[0] > '4' || number[1] != '.' || number[2] < '0' ||
        number[2] > '9')
        return true;
    const long long block = strtoll(number + 2, NULL, 10);
    if (block < BLOCKS_MAX && block >= blocks[number[0] - '1'])
        blocks[number[0] - '1'] = (int32_t)block + 1;
    return true;
}

/* Blocks a layer: one more than the largest N among the names "backbone.layerL.N.", so that a block
 * with holes is reported as such. At least 1. */
static void count_blocks(builder *b)
{
    int32_t *blocks = b->network->shape.blocks;
    for (int32_t l = 0; l < SG_LAYERS; l++)
        blocks[l] = 1;
    sg_source_walk(&b->source, "backbone.layer", count_block, blocks);
}

/* Rates that were not given: those of the module, where a whole one was saved, or the usual ones.
 */
static void find_rates(builder *b)
{
    static const int32_t usual[SG_ATROUS] = {12, 24, 36};
    for (int32_t i = 0; i < SG_ATROUS; i++) {
        char name[NAME_SIZE];
        double rate = usual[i];
        snprintf(name, sizeof(name), "classifier.0.convs.%d.0", i + 1);
        if (sg_source_attribute(&b->source, name, "dilation", &rate) &&
            !(rate >= 1.0 && rate <= SG_RATE_MAX && rate == floor(rate))) {
            snprintf(name, sizeof(name), "classifier.0.convs.%d.0.weight", i + 1);
            sg_source_fail(&b->source, name, "has a dilation that is not in 1..4096");
            rate = usual[i];
        }
        b->network->shape.rates[i] = (int32_t)rate;
    }
}

static void find_shape(builder *b)
{
    sg_deeplab_shape *shape = &b->network->shape;
    char other[160];
    if (other_backbone(b, other)) {
        b->source.status =
            sg_fail(b->source.context, SEGENT_ERROR_MODEL,
                    "%s: holds %s; only DeepLabV3 on a bottleneck ResNet (50, 101, 152 and "
                    "the like) can be used",
                    sg_checkpoint_label(b->source.checkpoint), other);
        return;
    }
    /* What the widest layers make of these must stay within SG_CHANNELS_MAX. */
    shape->width = outputs_of(b, "backbone.conv1.weight", 1,
                              SG_CHANNELS_MAX / SG_EXPANSION >> (SG_LAYERS - 1));
    shape->aspp =
        outputs_of(b, "classifier.0.convs.0.0.weight", 1, SG_CHANNELS_MAX / (2 + SG_ATROUS));
    shape->classes = outputs_of(b, "classifier.4.weight", 1, SG_CLASSES_MAX);
    shape->sigmoid = shape->classes == 1;
    shape->classes += shape->sigmoid;
    count_blocks(b);
    if (!b->rates_given)
        find_rates(b);
}

/* ==== The door ==== */

/* Training's tensors may be in the file, those of thop that count a model's work, and
 * the last layer of a whole ResNet, which a backbone never comes to. */
static bool is_ignored(const char *name)
{
    static const char unused[] = "backbone.fc.";
    static const char *const counters[] = {"num_batches_tracked", "total_ops", "total_params"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof(counters) / sizeof(counters[0]); i++) {
        if (strcmp(dot + 1, counters[i]) == 0)
            return true;
    }
    return strncmp(name, unused, sizeof(unused) - 1) == 0;
}

static void check(builder *b)
{
    if (sg_source_open(&b->source) == SEGENT_OK)
        find_shape(b);
    if (b->source.status == SEGENT_OK)
        network_layers(b);
    sg_source_refuse_others(&b->source, is_ignored);
}

static void allocate(builder *b)
{
    const sg_allocator *allocator = &b->source.context->allocator;
    const size_t channels = (size_t)b->channels;
    b->room = sg_alloc(allocator, (size_t)b->source.largest, sizeof(float));
    b->norm = sg_alloc(allocator, NORM_TENSORS * channels, sizeof(float));
    b->scale = sg_alloc(allocator, channels, sizeof(double));
    b->shift = sg_alloc(allocator, channels, sizeof(double));
    b->network->weights = sg_alloc(allocator, b->packed, sizeof(float));
    bool complete = b->room && b->norm && b->scale && b->shift && b->network->weights;
    for (int32_t l = 0; l < SG_LAYERS; l++) {
        b->network->layers[l] =
            sg_alloc_zero(allocator, (size_t)b->network->shape.blocks[l], sizeof(sg_bottleneck));
        complete = complete && b->network->layers[l];
    }
    if (!complete)
        b->source.status =
            sg_fail_memory(b->source.context, "the network", b->packed * sizeof(float));
    b->packed = 0;
}

static void build(builder *b)
{
    check(b);
    if (b->source.status == SEGENT_OK)
        allocate(b);
    b->building = true;
    if (b->source.status == SEGENT_OK)
        network_layers(b);
    const sg_allocator *allocator = &b->source.context->allocator;
    sg_source_close(&b->source);
    sg_free(allocator, b->room);
    sg_free(allocator, b->norm);
    sg_free(allocator, b->scale);
    sg_free(allocator, b->shift);
}

segent_status sg_deeplab_create(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix, const int32_t rates[3], segent_engine engine,
                                sg_deeplab **out)
{
    const bool given = rates[0] != 0 || rates[1] != 0 || rates[2] != 0;
    if (given && (rates[0] < 1 || rates[1] < 1 || rates[2] < 1))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "dilation rates %d, %d, %d: each must be at least 1", rates[0], rates[1],
                       rates[2]);
    if (engine < SEGENT_ENGINE_FAST || engine > SEGENT_ENGINE_SMALL)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%d is not an engine", (int)engine);
    sg_deeplab *network = sg_alloc_zero(&context->allocator, 1, sizeof(*network));
    if (!network)
        return sg_fail_memory(context, "the network", sizeof(*network));
    network->allocator = context->allocator;
    network->shape.engine = engine;
    memcpy(network->shape.rates, rates, sizeof(network->shape.rates));
    builder b = {.source = {.context = context, .checkpoint = checkpoint, .prefix = prefix},
                 .rates_given = given,
                 .network = network};
    build(&b);
    if (b.source.status != SEGENT_OK) {
        sg_deeplab_destroy(network);
        return b.source.status;
    }
    *out = network;
    return SEGENT_OK;
}
