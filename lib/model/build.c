/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From a checkpoint's tensors to a network. The list of operations is walked twice: the first walk
 * checks every name and shape before anything is allocated for them, the second one reads, folds
 * and packs. */

#include "model/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"

enum { NAME_SIZE = 96, NORM_TENSORS = 4 };

typedef struct builder {
    sg_source source;
    sg_network *network;
    bool building;     /* the second walk */
    bool examine_only; /* there is none */
    segent_precision precision;
    sg_eps eps;                             /* that was given for all batch norms */
    double first_eps;                       /* of the first batch norm */
    bool eps_found, eps_unusual, eps_mixed; /* see sg_built */
    int32_t channels;                       /* outputs of the widest operation */
    int64_t largest;                        /* weights of the largest, outputs of zeros included */
    int64_t parameters;                     /* used; batch norm's statistics are none */
    float *room;             /* to read one tensor, with an output of zeros before it */
    bool adopts;             /* the checkpoint's weights are packed already */
    segent_checkpoint *kept; /* whose file the network's weights lie in, or NULL */
    const void *weights;     /* of the convolution at hand */
    size_t packed;           /* bytes of the packed weights so far, in either walk */
    float *norm;             /* (NORM_TENSORS, channels) */
    double *scale, *shift;   /* (channels) */
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

/* The eps of a batch norm: what the caller or the file says, or else the usual one. */
static double norm_epsilon(builder *b, const char *name, double usual)
{
    double epsilon = b->eps.from == SG_ASSUMED ? usual : b->eps.value;
    char part[NAME_SIZE];
    if (b->eps.from <= SG_BESIDE && sg_source_attribute(&b->source, name, "eps", &epsilon) &&
        !(epsilon >= 0.0 && epsilon <= 1.0)) {
        snprintf(part, sizeof(part), "%.80s.weight", name);
        sg_source_fail(&b->source, part, "is of a batch norm whose eps is not from 0 to 1");
    }
    if (!b->eps_found)
        b->first_eps = epsilon;
    b->eps_found = true;
    b->eps_unusual = b->eps_unusual || epsilon != usual;
    b->eps_mixed = b->eps_mixed || epsilon != b->first_eps;
    return epsilon;
}

static void batch_norm(builder *b, const char *name, double usual, int64_t channels)
{
    static const char *const parts[NORM_TENSORS] = {"weight", "bias", "running_mean",
                                                    "running_var"};
    char part[NAME_SIZE];
    const double epsilon = norm_epsilon(b, name, usual);
    for (int32_t i = 0; i < NORM_TENSORS; i++) {
        snprintf(part, sizeof(part), "%.80s.%s", name, parts[i]);
        tensor(b, part, &channels, 1, b->building ? b->norm + i * channels : NULL);
    }
    if (b->source.status == SEGENT_OK && b->building)
        fold_norm(b, part, epsilon, (int32_t)channels);
}

/* Adds a convolution's own bias, which torchvision's have not where a batch norm follows, but which
 * changes nothing else: (x + bias) * scale + shift. */
static void add_bias(builder *b, const sg_op *op, int64_t channels, bool counts)
{
    char bias[NAME_SIZE];
    snprintf(bias, sizeof(bias), "%.80s.bias", op->weights);
    if (!op->needs_bias && !sg_source_holds(&b->source, bias))
        return;
    tensor(b, bias, &channels, 1, b->norm);
    for (int64_t c = 0; b->source.status == SEGENT_OK && b->building && c < channels; c++)
        b->shift[c] += b->norm[c] * b->scale[c];
    b->parameters += b->building || !counts ? 0 : channels;
}

static void no_norm(builder *b, int64_t channels)
{
    for (int64_t c = 0; b->source.status == SEGENT_OK && b->building && c < channels; c++) {
        b->scale[c] = 1.0;
        b->shift[c] = 0.0;
    }
}

/* Where a whole module was saved, the file says what shapes do not: strides and dilations. */
static void check_geometry(builder *b, const sg_op *op)
{
    sg_source_expect(&b->source, op->weights, "groups", op->groups);
    /* What the caller gave is what was asked for, whatever the file says. */
    if (!op->geometry_given) {
        sg_source_expect(&b->source, op->weights, "stride", op->stride);
        sg_source_expect(&b->source, op->weights, "dilation", op->dilation);
        sg_source_expect(&b->source, op->weights, "padding", op->padding);
    }
}

/* Checks what a convolution needs, or has it in b->weights, b->scale and b->shift. Whether weights
 * are finite is seen when they are packed. */
static void parameters(builder *b, const sg_op *op)
{
    char weight[NAME_SIZE];
    /* Where operations share a tensor, the one that begins with its first input counts it. */
    const bool counts = op->first_input == 0;
    const int64_t outputs = op->outputs - op->background;
    const int64_t sizes[4] = {outputs, op->weight_inputs, op->kernel, op->kernel};
    const int64_t elements = sizes[0] * sizes[1] * sizes[2] * sizes[3];
    snprintf(weight, sizeof(weight), "%.80s.weight", op->weights);
    if (!b->building) {
        tensor(b, weight, sizes, 4, NULL);
        check_geometry(b, op);
    } else if (b->source.status == SEGENT_OK) {
        b->weights = sg_source_view(&b->source, weight, b->room, elements);
    }
    if (*op->norm)
        batch_norm(b, op->norm, op->epsilon, outputs);
    else
        no_norm(b, outputs);
    if (b->source.status == SEGENT_OK)
        add_bias(b, op, outputs, counts);
    if (b->source.status == SEGENT_OK && !b->building) {
        b->parameters += counts ? elements + (*op->norm ? 2 * outputs : 0) : 0;
        b->channels = op->outputs > b->channels ? op->outputs : b->channels;
        b->largest = elements / outputs * op->outputs > b->largest
                         ? elements / outputs * op->outputs
                         : b->largest;
    }
}

/* Puts an output of zeros before the others. */
static void add_background(builder *b, const sg_op *op)
{
    const size_t inputs = (size_t)op->weight_inputs * (size_t)op->kernel * (size_t)op->kernel;
    const size_t outputs = (size_t)op->outputs - 1;
    memmove(b->room + inputs, b->weights, inputs * outputs * sizeof(float));
    memset(b->room, 0, inputs * sizeof(float));
    b->weights = b->room;
    memmove(b->scale + 1, b->scale, outputs * sizeof(double));
    memmove(b->shift + 1, b->shift, outputs * sizeof(double));
    b->shift[0] = 0.0;
}

static bool take_room(builder *b, size_t bytes)
{
    if (bytes == 0 || bytes > SIZE_MAX - b->packed) {
        b->source.status = sg_fail_memory(b->source.context, "weights", SIZE_MAX);
        return false;
    }
    b->packed += bytes;
    return true;
}

/* Packs what `parameters` found, or takes what is packed already; in the first walk, makes room for
 * that. */
static void pack(builder *b, const sg_op *op, sg_convolution **convolution)
{
    const int64_t taps = (int64_t)op->kernel * op->kernel;
    const sg_convolution_shape shape = {.inputs = op->inputs,
                                        .outputs = op->outputs,
                                        .kernel = op->kernel,
                                        .stride = op->stride,
                                        .padding = op->padding,
                                        .dilation = op->dilation,
                                        .groups = op->groups,
                                        .activation = op->activation,
                                        .input = b->network->types.maps[op->input],
                                        .output = b->network->types.maps[op->output],
                                        .precise =
                                            b->network->types.precise[op - b->network->ops.list],
                                        .scaled = op->scale != SG_NO_MAP};
    if (b->source.status != SEGENT_OK)
        return;
    void *room = b->building ? b->network->weights + b->packed : NULL;
    if (!take_room(b, sg_convolution_room(b->source.context, &shape)) || !b->building)
        return;
    if (b->adopts) {
        b->source.status = sg_convolution_create(
            b->source.context, &shape, &(sg_convolution_weights){.room = room}, convolution);
        return;
    }
    const char *from = (const char *)b->weights + op->first_input * taps * (int64_t)sizeof(float);
    const sg_convolution_weights weights = {.values = from,
                                            .output_stride = op->weight_inputs * taps,
                                            .scale = b->scale,
                                            .shift = op->bias == SG_NO_MAP ? b->shift : NULL,
                                            .room = room};
    char weight[NAME_SIZE];
    snprintf(weight, sizeof(weight), "%.80s.weight", op->weights);
    b->source.status = sg_convolution_create(b->source.context, &shape, &weights, convolution);
    if (b->source.status == SEGENT_ERROR_MODEL) {
        sg_source_fail(&b->source, weight, "is not finite once batch norm is folded in");
        sg_source_check_values(&b->source, weight, b->weights,
                               (int64_t)op->outputs * op->weight_inputs * taps);
    }
    sg_source_release(&b->source, weight);
}

static void operation(builder *b, const sg_op *op, sg_convolution **convolution)
{
    if (op->kind == SG_OP_MAX_POOL && !b->building) {
        sg_source_expect(&b->source, op->name, "kernel_size", op->kernel);
        sg_source_expect(&b->source, op->name, "stride", op->stride);
        sg_source_expect(&b->source, op->name, "padding", op->padding);
    }
    if (op->kind != SG_OP_CONVOLUTION)
        return;
    if (!b->building || !b->adopts)
        parameters(b, op);
    if (op->background && b->building && !b->adopts && b->source.status == SEGENT_OK)
        add_background(b, op);
    pack(b, op, convolution);
}

static void walk(builder *b)
{
    const sg_network *network = b->network;
    for (int32_t i = 0; i < network->ops.count && b->source.status == SEGENT_OK; i++) {
        operation(b, &network->ops.list[i], &network->convolutions[i]);
        /* Also behind a failure: of weights that were not all packed nothing is true. */
        if (sg_cancelled(b->source.context))
            b->source.status =
                sg_checkpoint_check_cancelled(b->source.context, b->source.checkpoint);
    }
}

/* ==== What kind of network it is ==== */

/* The first failure is the one to tell. */
static void fail(void *file, const char *name, const char *problem)
{
    sg_source *source = file;
    if (source->status == SEGENT_OK)
        sg_source_fail(source, name, problem);
}

static int32_t shape_of(void *file, const char *name, int64_t shape[SEGENT_RANK_MAX])
{
    return sg_source_shape(file, name, shape);
}

static bool attribute(void *file, const char *module, const char *name, double *value)
{
    return sg_source_attribute(file, module, name, value);
}

static int32_t numbers(void *file, const char *words, int32_t tensors)
{
    return sg_source_numbers(file, words, tensors);
}

static void find_facts(builder *b, sg_facts *facts)
{
    const sg_evidence evidence = {&b->source, shape_of, attribute, numbers, fail};
    char other[SG_OTHER_SIZE];
    if (sg_network_other(&evidence, other)) {
        b->source.status =
            sg_fail(b->source.context, SEGENT_ERROR_MODEL,
                    "%s: holds %s; only networks that torchvision builds can be used",
                    sg_checkpoint_label(b->source.checkpoint), other);
        return;
    }
    sg_network_find(&evidence, facts);
    snprintf(b->source.network, sizeof(b->source.network), "%s on %s", facts->row->title,
             facts->backbone->title);
}

/* The list of the network's operations, and room for what becomes of them. */
static void make_network(builder *b, const sg_facts *facts)
{
    sg_graph graph;
    sg_graph_begin(&graph, &b->source.context->allocator);
    sg_network_emit(&graph, facts);
    if (graph.failed)
        sg_ops_free(graph.allocator, &graph.ops);
    else
        b->network = sg_network_create(graph.allocator, &graph.ops,
                                       b->precision == SEGENT_PRECISION_BF16 ? SG_BF16 : SG_F32);
    if (!b->network)
        b->source.status = sg_fail_memory(b->source.context, "the network",
                                          (size_t)graph.ops.count * sizeof(sg_op));
}

/* ==== The whole ==== */

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

static void check(builder *b, sg_facts *facts)
{
    if (sg_source_open(&b->source) == SEGENT_OK)
        find_facts(b, facts);
    if (b->source.status == SEGENT_OK)
        make_network(b, facts);
    if (b->source.status == SEGENT_OK)
        walk(b);
    sg_source_refuse_others(&b->source, is_ignored);
}

static void allocate(builder *b)
{
    const sg_allocator *allocator = &b->source.context->allocator;
    const size_t channels = (size_t)b->channels;
    const int64_t largest = b->source.largest > b->largest ? b->source.largest : b->largest;
    b->room = sg_alloc(allocator, (size_t)largest, sizeof(float));
    b->norm = sg_alloc(allocator, NORM_TENSORS * channels, sizeof(float));
    b->scale = sg_alloc(allocator, channels, sizeof(double));
    b->shift = sg_alloc(allocator, channels, sizeof(double));
    b->network->own = sg_alloc(allocator, b->packed, 1);
    b->network->weights = b->network->own;
    b->network->weights_bytes = b->packed;
    if (!b->room || !b->norm || !b->scale || !b->shift || !b->network->own)
        b->source.status = sg_fail_memory(b->source.context, "the network", b->packed);
}

/* ---- weights that are packed already ---- */

/* The instruction set that decides how weights of a precision are packed. */
static const char *kernels_for(const segent_context *context, segent_precision precision)
{
    const bool halves = precision == SEGENT_PRECISION_BF16 && context->kernels.halves.fast;
    return sg_cpu_name(halves ? context->used : sg_cpu_floats(context->used));
}

/* AMX reads weights as AVX512_BF16 does. */
static const char *layout_of(const char *kernels)
{
    return strcmp(kernels, sg_cpu_name(SG_CPU_AMX)) == 0 ? sg_cpu_name(SG_CPU_AVX512_BF16)
                                                         : kernels;
}

/* Refuses weights that were packed by another version, whose layouts may be others, or for other
 * kernels. */
static segent_status check_fit(builder *b)
{
    const segent_checkpoint *checkpoint = b->source.checkpoint;
    const char *by = segent_checkpoint_metadata(checkpoint, SG_PACKED_BY);
    const char *kernels = segent_checkpoint_metadata(checkpoint, SG_PACKED_FOR);
    const char *source = segent_checkpoint_metadata(checkpoint, SG_PACKED_SOURCE);
    const char *precision = segent_checkpoint_metadata(checkpoint, SG_PACKED_PRECISION);
    const char *wanted = segent_precision_name(b->precision);
    const char *here = kernels_for(b->source.context, b->precision);
    if (strcmp(precision ? precision : segent_precision_name(SEGENT_PRECISION_F32), wanted) != 0)
        return sg_fail(b->source.context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: packed for runs in %.40s, but %s is asked for",
                       sg_checkpoint_label(checkpoint),
                       precision ? precision : segent_precision_name(SEGENT_PRECISION_F32), wanted);
    if (by && kernels && strcmp(by, segent_version()) == 0 &&
        strcmp(layout_of(kernels), layout_of(here)) == 0)
        return SEGENT_OK;
    return sg_fail(b->source.context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: packed for the kernels %.40s by libsegent %.40s, but here are %s and "
                   "libsegent %s; pack %.200s anew on this processor",
                   sg_checkpoint_label(checkpoint), kernels ? kernels : "(unknown)",
                   by ? by : "(unknown)", here, segent_version(), source ? source : "the model");
}

/* Takes the block of packed weights: where it lies in a mapped file, which stays as long as the
 * model, or a copy of what is the caller's. The rooms of all convolutions are known by now. */
static void adopt(builder *b)
{
    size_t size;
    bool mapped;
    const segent_checkpoint *checkpoint = b->source.checkpoint;
    const void *block = sg_checkpoint_packed(checkpoint, &size, &mapped);
    sg_network *network = b->network;
    b->source.status = check_fit(b);
    if (b->source.status != SEGENT_OK)
        return;
    if (size != b->packed) {
        b->source.status =
            sg_fail(b->source.context, SEGENT_ERROR_MODEL,
                    "%s: holds %zu bytes of packed weights, but its network takes %zu; pack the "
                    "model anew",
                    sg_checkpoint_label(checkpoint), size, b->packed);
        return;
    }
    network->weights_bytes = size;
    if (mapped) {
        network->weights = (char *)(uintptr_t)block; /* only read */
        b->kept = sg_checkpoint_retain(checkpoint);
        return;
    }
    network->own = sg_alloc(&network->allocator, size, 1);
    network->weights = network->own;
    if (network->own)
        memcpy(network->own, block, size);
    else
        b->source.status = sg_fail_memory(b->source.context, "the network", size);
}

static void build(builder *b, sg_facts *facts)
{
    check(b, facts);
    const bool packs = b->source.status == SEGENT_OK && !b->examine_only;
    if (packs && b->adopts)
        adopt(b);
    else if (packs)
        allocate(b);
    b->building = true;
    b->packed = 0;
    if (packs && b->source.status == SEGENT_OK)
        walk(b);
    const sg_allocator *allocator = &b->source.context->allocator;
    sg_free(allocator, b->room);
    sg_free(allocator, b->norm);
    sg_free(allocator, b->scale);
    sg_free(allocator, b->shift);
}

segent_status sg_model_build(segent_context *context, const segent_checkpoint *checkpoint,
                             const char *prefix, const sg_facts *known, sg_eps eps,
                             bool examine_only, segent_precision precision, sg_built *built)
{
    sg_facts facts = *known;
    builder b = {.source = {.context = context, .checkpoint = checkpoint, .prefix = prefix},
                 .examine_only = examine_only,
                 .precision = precision,
                 .adopts = segent_checkpoint_container(checkpoint) == SEGENT_CONTAINER_PACKED,
                 .eps = eps};
    build(&b, &facts);
    if (b.source.status != SEGENT_OK) {
        sg_network_destroy(b.network);
        segent_checkpoint_destroy(b.kept);
        sg_used_tensors_free(&context->allocator, &b.source.used);
        return b.source.status;
    }
    *built = (sg_built){.network = b.network,
                        .kept = b.kept,
                        .precision = precision,
                        .kernels = kernels_for(context, precision),
                        .facts = facts,
                        .parameters = b.parameters,
                        .tensors = b.source.used,
                        .eps = b.first_eps,
                        .eps_unusual = b.eps_unusual,
                        .eps_mixed = b.eps_mixed};
    return SEGENT_OK;
}
