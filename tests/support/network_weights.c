/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "network_weights.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/network.h"
#include "nn/network.h"

static const uint64_t golden = 0x9e3779b97f4a7c15u;

/* ==== Numbers ==== */

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t key(uint64_t seed, const char *name)
{
    uint64_t value = 0xcbf29ce484222325u;
    for (; *name; name++)
        value = (value ^ (unsigned char)*name) * 0x100000001b3u;
    return mix(value + seed * golden);
}

static void uniform(uint64_t seed, const char *name, int64_t first, int64_t count, float centre,
                    float radius, float *values)
{
    const uint64_t start = key(seed, name);
    for (int64_t i = 0; i < count; i++) {
        const uint64_t z = mix(start + (uint64_t)(first + i + 1) * golden);
        const float u = (float)((int32_t)(z >> 40) - (1 << 23)) * 0x1p-23f;
        const float scaled = radius * u;
        values[i] = scaled + centre;
    }
}

/* ==== Rules ==== */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static double variance(const char *module)
{
    static const double first[4] = {5.5, 1.7, 2.0, 2.5};
    static const double second[4] = {1.3, 1.4, 1.6, 1.3};
    static const double growth[4] = {0.2, 0.15, 0.18, 0.1};
    if (strcmp(module, "backbone.bn1") == 0)
        return 2.7;
    if (starts_with(module, "backbone.layer") &&
        (ends_with(module, ".bn1") || ends_with(module, ".downsample.1"))) {
        const int layer = module[14] - '1', block = atoi(module + 16);
        return block == 0 ? first[layer] : second[layer] + growth[layer] * (block - 1);
    }
    if (strstr(module, ".block."))
        return 2.0;
    if (starts_with(module, "classifier.0.convs"))
        return strchr("123", module[19]) ? 0.5 : 1.6;
    return strcmp(module, "classifier.0.project.1") == 0 ? 1.5 : 1.05;
}

static void parameters(const test_tensor *tensor, double *centre, double *radius)
{
    char module[80];
    const char *dot = strrchr(tensor->name, '.');
    const char *part = dot ? dot + 1 : tensor->name;
    snprintf(module, sizeof(module), "%.*s", dot ? (int)(dot - tensor->name) : 0, tensor->name);
    const double branch = ends_with(module, "bn3") ? 0.3 : 1.0;
    *centre = 0.0;
    if (tensor->rank == 4) {
        const double gain = strstr(module, ".fc")                              ? 0.5
                            : strcmp(tensor->name, "classifier.4.weight") != 0 ? 1.0
                            : tensor->shape[1] >= 256                          ? 2.0
                                                                               : 4.0;
        *radius =
            gain * sqrt(6.0 / (double)(tensor->shape[1] * tensor->shape[2] * tensor->shape[3]));
    } else if (strcmp(part, "weight") == 0) {
        *centre = branch;
        *radius = 0.4 * branch;
    } else if (strcmp(part, "running_var") == 0) {
        *centre = variance(module);
        *radius = 0.4 * variance(module);
    } else {
        *radius = strcmp(part, "running_mean") == 0 ? 0.3 : 0.5 * branch;
    }
}

void test_network_fill(void *user, const test_tensor *tensor, int64_t first, int64_t count,
                       void *elements)
{
    const test_network *network = user;
    double centre, radius;
    if (tensor->dtype == SEGENT_DTYPE_I64) {
        memset(elements, 0, (size_t)count * sizeof(int64_t));
        return;
    }
    parameters(tensor, &centre, &radius);
    uniform(network->seed, tensor->name, first, count, (float)centre, (float)radius, elements);
}

void test_network_picture(uint64_t seed, int32_t height, int32_t width, float *values)
{
    char name[64];
    snprintf(name, sizeof(name), "picture %" PRId32 "x%" PRId32, width, height);
    uniform(seed, name, 0, (int64_t)height * width * 3, 0.0f, 2.0f, values);
}

/* ==== The state dict ==== */

enum { TENSORS_MAX = 4096 };

static void add(test_network *network, const char *module, const char *part, segent_dtype dtype,
                int rank, const int64_t *shape)
{
    assert_true(network->count < TENSORS_MAX);
    test_tensor *tensor = &network->tensors[network->count];
    char *name = network->names[network->count++];
    snprintf(name, sizeof(network->names[0]), "%.58s.%s", module, part);
    *tensor = (test_tensor){
        .name = name, .dtype = dtype, .rank = rank, .fill = test_network_fill, .user = network};
    for (int i = 0; i < rank; i++)
        tensor->shape[i] = shape[i];
}

static void add_norm(test_network *network, const char *module, int64_t channels)
{
    static const char *const parts[] = {"weight", "bias", "running_mean", "running_var"};
    for (int i = 0; i < 4; i++)
        add(network, module, parts[i], SEGENT_DTYPE_F32, 1, &channels);
    add(network, module, "num_batches_tracked", SEGENT_DTYPE_I64, 0, NULL);
}

/* Adds the tensors of the modules PREFIX + conv and PREFIX + norm. */
static void add_convolution(test_network *network, const char *prefix, const char *conv,
                            const char *norm, int64_t inputs, int64_t outputs, int64_t kernel)
{
    char module[80];
    const int64_t shape[4] = {outputs, inputs, kernel, kernel};
    snprintf(module, sizeof(module), "%s%s", prefix, conv);
    add(network, module, "weight", SEGENT_DTYPE_F32, 4, shape);
    snprintf(module, sizeof(module), "%s%s", prefix, norm);
    add_norm(network, module, outputs);
}

/* A 1x1 convolution without batch norm. */
static void add_plain(test_network *network, const char *module, int64_t inputs, int64_t outputs,
                      bool bias)
{
    const int64_t shape[4] = {outputs, inputs, 1, 1};
    add(network, module, "weight", SEGENT_DTYPE_F32, 4, shape);
    if (bias)
        add(network, module, "bias", SEGENT_DTYPE_F32, 1, &outputs);
}

static void add_operation(test_network *network, const sg_op *op)
{
    if (*op->norm)
        add_convolution(network, "", op->weights, op->norm, op->weight_inputs, op->outputs,
                        op->kernel);
    else
        add_plain(network, op->weights, op->weight_inputs, op->outputs, !op->no_bias);
}

/* Adds the tensors of all operations in torchvision's order, which has a block's downsample behind
 * its convolutions, while the library does it before them. */
static void add_operations(test_network *network, const sg_ops *ops)
{
    const sg_op *last = NULL;
    for (int32_t i = 0; i < ops->count; i++) {
        const sg_op *op = &ops->list[i];
        if (op->kind != SG_OP_CONVOLUTION || op->first_input > 0)
            continue;
        if (ends_with(op->weights, ".downsample.0")) {
            last = op;
            continue;
        }
        add_operation(network, op);
        if (last && op->addend != SG_NO_MAP) {
            add_operation(network, last);
            last = NULL;
        }
    }
}

/* Channels of a MobileNet of another width: torchvision's _make_divisible. */
static int32_t divisible(double channels)
{
    const int32_t rounded = (int32_t)(channels + 4.0) / 8 * 8, least = rounded > 8 ? rounded : 8;
    return least < 0.9 * channels ? least + 8 : least;
}

static void set_mobile_width(sg_facts *facts, double factor)
{
    for (int32_t i = 0; i < SG_MOBILE_BLOCKS; i++) {
        sg_mobile_block *b = &facts->mobile[i];
        b->expanded = divisible(b->expanded * factor);
        b->outputs = divisible(b->outputs * factor);
        b->squeezed = b->squeezed > 0 ? divisible(b->expanded / 4) : 0;
    }
    facts->width = divisible(facts->width * factor);
    facts->features = 6 * facts->mobile[SG_MOBILE_BLOCKS - 1].outputs;
}

static void set_resnet_sizes(sg_facts *facts, const test_network_shape *shape)
{
    facts->inner = shape->inner ? shape->inner : facts->inner * shape->width / facts->width;
    facts->features = facts->features / facts->width * shape->width;
    facts->width = shape->width;
    facts->groups = shape->groups ? shape->groups : facts->groups;
    if (shape->blocks[0] > 0)
        memcpy(facts->blocks, shape->blocks, sizeof(facts->blocks));
}

static void set_facts(const test_network_shape *shape, sg_facts *facts)
{
    const char *usual = shape->aspp > 0 ? "deeplabv3_resnet50" : "fcn_resnet50";
    assert_true(sg_network_named(shape->architecture ? shape->architecture : usual, facts));
    facts->classes = shape->classes;
    if (facts->mobile[0].outputs > 0)
        set_mobile_width(facts, shape->width / 16.0);
    else
        set_resnet_sizes(facts, shape);
    facts->head = shape->aspp > 0 ? shape->aspp : facts->features / 4;
}

/* Torchvision's auxiliary classifier, an FCN head on a finer map. */
static void add_aux(test_network *network, const sg_facts *facts)
{
    const int32_t inputs =
        facts->mobile[0].outputs > 0 ? facts->mobile[3].outputs : facts->features / 2;
    if (strcmp(facts->row->name, "lraspp") == 0)
        return;
    add_convolution(network, "aux_classifier.", "0", "1", inputs, inputs / 4, 3);
    add_plain(network, "aux_classifier.4", inputs / 4, facts->classes, true);
}

test_network *test_network_make(const test_network_shape *shape)
{
    const sg_allocator allocator = {0};
    sg_facts facts;
    sg_graph graph;
    set_facts(shape, &facts);
    test_network *network = calloc(1, sizeof(*network));
    assert_non_null(network);
    network->seed = shape->seed;
    network->tensors = calloc(TENSORS_MAX, sizeof(*network->tensors));
    network->names = calloc(TENSORS_MAX, sizeof(*network->names));
    assert_non_null(network->tensors);
    assert_non_null(network->names);
    sg_graph_begin(&graph, &allocator);
    sg_network_emit(&graph, &facts);
    assert_false(graph.failed);
    add_operations(network, &graph.ops);
    sg_ops_free(&allocator, &graph.ops);
    add_aux(network, &facts);
    return network;
}

void test_network_free(test_network *network)
{
    if (!network)
        return;
    free(network->tensors);
    free(network->names);
    free(network);
}

test_tensor *test_network_find(test_network *network, const char *name)
{
    for (size_t i = 0; i < network->count; i++) {
        if (strcmp(network->tensors[i].name, name) == 0)
            return &network->tensors[i];
    }
    fail_msg("no tensor %s", name);
    return NULL;
}
