/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "seeded.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "json.h"

enum { NAME_SIZE = 64, WIDTH = 64, EXPANSION = 4, ASPP = 256, CLASSES = 21 };

typedef struct seeded_tensor {
    char name[NAME_SIZE];
    int rank;
    int32_t shape[4];
    float low, high; /* its values are drawn evenly from here */
} seeded_tensor;

typedef struct seeded_list {
    seeded_tensor *tensors;
    size_t count, capacity;
} seeded_list;

static size_t element_count(const seeded_tensor *tensor)
{
    size_t count = 1;
    for (int axis = 0; axis < tensor->rank; axis++)
        count *= (size_t)tensor->shape[axis];
    return count;
}

static seeded_tensor *add(seeded_list *list, const char *module, const char *member)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 256;
        list->tensors = memory_grow(list->tensors, list->capacity, sizeof(seeded_tensor));
    }
    seeded_tensor *added = &list->tensors[list->count++];
    memset(added, 0, sizeof(*added));
    snprintf(added->name, sizeof(added->name), "%.40s.%.20s", module, member);
    return added;
}

/* He's initialisation, which keeps the size of activations from layer to layer. */
static void add_convolution(seeded_list *list, const char *module, int32_t out, int32_t in,
                            int32_t side)
{
    seeded_tensor *weight = add(list, module, "weight");
    weight->rank = 4;
    weight->shape[0] = out;
    weight->shape[1] = in;
    weight->shape[2] = weight->shape[3] = side;
    weight->high = sqrtf(6.0f / (float)(in * side * side));
    weight->low = -weight->high;
}

static void add_vector(seeded_list *list, const char *module, const char *member, int32_t size,
                       float low, float high)
{
    seeded_tensor *vector = add(list, module, member);
    vector->rank = 1;
    vector->shape[0] = size;
    vector->low = low;
    vector->high = high;
}

static void add_norm(seeded_list *list, const char *module, int32_t channels, float gain)
{
    add_vector(list, module, "weight", channels, gain, gain);
    add_vector(list, module, "bias", channels, 0, 0);
    add_vector(list, module, "running_mean", channels, 0, 0);
    add_vector(list, module, "running_var", channels, 1, 1);
}

/* A convolution and its batch norm, "PREFIX.CONV" and "PREFIX.NORM". */
static void add_pair(seeded_list *list, const char *prefix, const char *convolution,
                     const char *norm, const int32_t shape[3], float gain)
{
    char module[NAME_SIZE];
    snprintf(module, sizeof(module), "%s.%s", prefix, convolution);
    add_convolution(list, module, shape[0], shape[1], shape[2]);
    snprintf(module, sizeof(module), "%s.%s", prefix, norm);
    add_norm(list, module, shape[0], gain);
}

static void add_bottleneck(seeded_list *list, int layer, int block, int32_t in, int32_t planes)
{
    char prefix[NAME_SIZE];
    const int32_t out = planes * EXPANSION;
    snprintf(prefix, sizeof(prefix), "backbone.layer%d.%d", layer, block);
    add_pair(list, prefix, "conv1", "bn1", (int32_t[]){planes, in, 1}, 1);
    add_pair(list, prefix, "conv2", "bn2", (int32_t[]){planes, planes, 3}, 1);
    /* A small gain keeps dozens of residual sums in range. */
    add_pair(list, prefix, "conv3", "bn3", (int32_t[]){out, planes, 1}, 0.25f);
    if (block == 0)
        add_pair(list, prefix, "downsample.0", "downsample.1", (int32_t[]){out, in, 1}, 1);
}

static void add_backbone(seeded_list *list, const int32_t blocks[4])
{
    int32_t channels = WIDTH;
    add_pair(list, "backbone", "conv1", "bn1", (int32_t[]){WIDTH, 3, 7}, 1);
    for (int layer = 1; layer <= 4; layer++) {
        const int32_t planes = WIDTH << (layer - 1);
        for (int block = 0; block < blocks[layer - 1]; block++) {
            add_bottleneck(list, layer, block, channels, planes);
            channels = planes * EXPANSION;
        }
    }
}

static void add_classifier(seeded_list *list)
{
    const int32_t features = WIDTH * 8 * EXPANSION;
    const char *aspp = "classifier.0";
    add_pair(list, aspp, "convs.0.0", "convs.0.1", (int32_t[]){ASPP, features, 1}, 1);
    add_pair(list, aspp, "convs.1.0", "convs.1.1", (int32_t[]){ASPP, features, 3}, 1);
    add_pair(list, aspp, "convs.2.0", "convs.2.1", (int32_t[]){ASPP, features, 3}, 1);
    add_pair(list, aspp, "convs.3.0", "convs.3.1", (int32_t[]){ASPP, features, 3}, 1);
    add_pair(list, aspp, "convs.4.1", "convs.4.2", (int32_t[]){ASPP, features, 1}, 1);
    add_pair(list, aspp, "project.0", "project.1", (int32_t[]){ASPP, 5 * ASPP, 1}, 1);
    add_pair(list, "classifier", "1", "2", (int32_t[]){ASPP, ASPP, 3}, 1);
    add_convolution(list, "classifier.4", CLASSES, ASPP, 1);
    add_vector(list, "classifier.4", "bias", CLASSES, -0.1f, 0.1f);
}

/* The JSON header; to free. */
static char *make_header(const seeded_list *list, size_t *size)
{
    char *text = NULL;
    size_t offset = 0;
    FILE *file = open_memstream(&text, size);
    if (!file)
        return NULL;
    sg_json json = {.file = file};
    json_open_object(&json, NULL);
    for (size_t i = 0; i < list->count; i++) {
        const seeded_tensor *tensor = &list->tensors[i];
        json_open_object(&json, tensor->name);
        json_text(&json, "dtype", "F32");
        json_open_list(&json, "shape");
        for (int axis = 0; axis < tensor->rank; axis++)
            json_integer(&json, NULL, tensor->shape[axis]);
        json_close_list(&json);
        json_open_list(&json, "data_offsets");
        json_integer(&json, NULL, (int64_t)offset);
        offset += element_count(tensor) * sizeof(float);
        json_integer(&json, NULL, (int64_t)offset);
        json_close_list(&json);
        json_close_object(&json);
    }
    json_close_object(&json);
    /* Values begin at a multiple of 8. */
    for (long at = ftell(file); at % 8 != 0; at++)
        putc(' ', file);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* splitmix64, upper 24 bits, as a float in [0, 1). */
static float next_uniform(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (float)(z >> 40) * 0x1p-24f;
}

static void fill(const seeded_list *list, unsigned char *bytes)
{
    uint64_t state = 1;
    for (size_t i = 0; i < list->count; i++) {
        const seeded_tensor *tensor = &list->tensors[i];
        const size_t count = element_count(tensor);
        for (size_t k = 0; k < count; k++, bytes += sizeof(float)) {
            const float value = tensor->low + (tensor->high - tensor->low) * next_uniform(&state);
            memcpy(bytes, &value, sizeof(value));
        }
    }
}

void *seeded_checkpoint(const int32_t blocks[4], size_t *size)
{
    seeded_list list = {.tensors = NULL};
    size_t header_size, values = 0;
    add_backbone(&list, blocks);
    add_classifier(&list);
    char *header = make_header(&list, &header_size);
    unsigned char *bytes = NULL;
    if (header) {
        for (size_t i = 0; i < list.count; i++)
            values += element_count(&list.tensors[i]);
        *size = 8 + header_size + values * sizeof(float);
        bytes = memory_need(*size, 1);
        for (int i = 0; i < 8; i++)
            bytes[i] = (unsigned char)((uint64_t)header_size >> (8 * i));
        memcpy(bytes + 8, header, header_size);
        fill(&list, bytes + 8 + header_size);
    }
    free(header);
    free(list.tensors);
    return bytes;
}
