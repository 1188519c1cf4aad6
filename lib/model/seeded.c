/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Checkpoints of random weights, for measuring without a file: a safetensors image in memory, of
 * the tensors that a network's list of operations names. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "checkpoint/checkpoint.h"
#include "net/network.h"
#include "nn/network.h"

enum { HEADER_ENTRY = 224 /* bytes of a tensor's part of the header, at most */ };

/* A tensor whose values are drawn evenly from low to high. */
typedef struct seeded_tensor {
    const char *module, *part;
    int32_t rank;
    int64_t shape[4];
    float low, high;
} seeded_tensor;

typedef struct seeding {
    char *header;  /* NULL: only measuring */
    float *values; /* the same */
    size_t header_bytes, elements;
    uint64_t state;
} seeding;

/* splitmix64, upper 24 bits, as a float in [0, 1). */
static float next_uniform(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (float)(z >> 40) * 0x1p-24f;
}

static void add(seeding *s, const seeded_tensor *tensor)
{
    char entry[HEADER_ENTRY], shape[96] = "";
    size_t count = 1, used = 0;
    for (int32_t i = 0; i < tensor->rank; i++) {
        count *= (size_t)tensor->shape[i];
        used += (size_t)snprintf(shape + used, sizeof(shape) - used, i ? ",%lld" : "%lld",
                                 (long long)tensor->shape[i]);
    }
    const int length = snprintf(entry, sizeof(entry),
                                "%c\"%s.%s\":{\"dtype\":\"F32\",\"shape\":[%s],"
                                "\"data_offsets\":[%zu,%zu]}",
                                s->elements == 0 ? '{' : ',', tensor->module, tensor->part, shape,
                                s->elements * sizeof(float), (s->elements + count) * sizeof(float));
    if (s->header) {
        memcpy(s->header + s->header_bytes, entry, (size_t)length);
        for (size_t i = 0; i < count; i++)
            s->values[s->elements + i] =
                tensor->low + (tensor->high - tensor->low) * next_uniform(&s->state);
    }
    s->header_bytes += (size_t)length;
    s->elements += count;
}

static void add_vector(seeding *s, const char *module, const char *part, int64_t size, float low,
                       float high)
{
    add(s, &(seeded_tensor){module, part, 1, {size}, low, high});
}

/* He's initialisation keeps the size of activations from layer to layer, and a small gain where
 * something is added keeps dozens of sums in range. */
static void add_operation(seeding *s, const sg_op *op)
{
    const int64_t outputs = op->outputs - op->background;
    const float gain = op->addend ? 0.25f : 1.0f;
    const float bound = sqrtf(6.0f / (float)((int64_t)op->weight_inputs * op->kernel * op->kernel));
    add(s, &(seeded_tensor){op->weights,
                            "weight",
                            4,
                            {outputs, op->weight_inputs, op->kernel, op->kernel},
                            -bound,
                            bound});
    if (!*op->norm && !op->no_bias)
        add_vector(s, op->weights, "bias", outputs, -0.1f, 0.1f);
    if (!*op->norm)
        return;
    add_vector(s, op->norm, "weight", outputs, gain, gain);
    add_vector(s, op->norm, "bias", outputs, 0, 0);
    add_vector(s, op->norm, "running_mean", outputs, 0, 0);
    add_vector(s, op->norm, "running_var", outputs, 1, 1);
}

/* All tensors, each once. */
static void walk(seeding *s, const sg_ops *ops)
{
    s->header_bytes = s->elements = 0;
    for (int32_t i = 0; i < ops->count; i++) {
        if (ops->list[i].kind == SG_OP_CONVOLUTION && ops->list[i].first_input == 0)
            add_operation(s, &ops->list[i]);
    }
    if (s->header)
        s->header[s->header_bytes] = '}';
    s->header_bytes++;
}

/* The length of the header in eight bytes, the header with spaces up to a multiple of 8, the
 * values. NULL: out of memory. */
static unsigned char *make_image(const sg_allocator *allocator, const sg_ops *ops, uint64_t seed,
                                 size_t *size)
{
    seeding s = {.state = seed};
    walk(&s, ops);
    const size_t header = (s.header_bytes + 7) / 8 * 8;
    *size = 8 + header + s.elements * sizeof(float);
    unsigned char *image = sg_alloc(allocator, *size, 1);
    if (!image)
        return NULL;
    for (int i = 0; i < 8; i++)
        image[i] = (unsigned char)((uint64_t)header >> (8 * i));
    memset(image + 8, ' ', header);
    s.header = (char *)image + 8;
    s.values = (float *)(void *)(image + 8 + header);
    walk(&s, ops);
    return image;
}

segent_status sg_checkpoint_seeded(segent_context *context, const char *architecture, uint64_t seed,
                                   segent_checkpoint **checkpoint)
{
    sg_facts facts;
    sg_graph graph;
    char label[64];
    if (!architecture || !checkpoint)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_checkpoint_seeded: architecture or checkpoint is NULL");
    if (!sg_network_named(architecture, &facts))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "no network is called \"%.60s\"; \"deeplabv3_resnet101\" is one",
                       architecture);
    sg_graph_begin(&graph, &context->allocator);
    sg_network_emit(&graph, &facts);
    size_t size = 0;
    unsigned char *image =
        graph.failed ? NULL : make_image(&context->allocator, &graph.ops, seed, &size);
    sg_ops_free(&context->allocator, &graph.ops);
    if (!image)
        return sg_fail_memory(context, "random weights", size);
    snprintf(label, sizeof(label), "seeded %.48s", architecture);
    return sg_checkpoint_adopt(context, label, image, size, checkpoint);
}
