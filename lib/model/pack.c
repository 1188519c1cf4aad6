/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From a model to a file of packed weights: the names and shapes of its tensors, from which the
 * network is found again, the settings as metadata, and the block of weights as it is. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "model/model.h"

/* ---- JSON ---- */

/* A growing text. Once memory is out, nothing is added any more. */
typedef struct text {
    const sg_allocator *allocator;
    char *data;
    size_t size, room;
    bool failed;
} text;

static void add(text *t, const char *more, size_t length)
{
    if (t->failed)
        return;
    if (length > t->room - t->size) {
        const size_t room = 2 * t->room + length + 4096;
        char *data = room > length ? sg_alloc(t->allocator, room, 1) : NULL;
        t->failed = !data;
        if (!data)
            return;
        if (t->size > 0)
            memcpy(data, t->data, t->size);
        sg_free(t->allocator, t->data);
        t->data = data;
        t->room = room;
    }
    memcpy(t->data + t->size, more, length);
    t->size += length;
}

static void add_plain(text *t, const char *more)
{
    add(t, more, strlen(more));
}

/* A string of JSON. Bytes that are no UTF-8 become the character that stands for such. */
static void add_string(text *t, const char *value)
{
    add_plain(t, "\"");
    while (*value) {
        uint32_t code;
        const int length = sg_text_character(value, &code);
        char escape[8];
        if (length > 0 && code >= 0x20 && code != '"' && code != '\\') {
            add(t, value, (size_t)length);
        } else {
            snprintf(escape, sizeof(escape), "\\u%04x", length > 0 ? (unsigned)code : 0xfffdu);
            add_plain(t, escape);
        }
        value += length > 0 ? length : 1;
    }
    add_plain(t, "\"");
}

/* ---- metadata ---- */

static void add_note(text *t, const char *key, const char *value)
{
    if (!value)
        return;
    add_plain(t, t->data[t->size - 1] == '{' ? "" : ",");
    add_string(t, key);
    add_plain(t, ":");
    add_string(t, value);
}

/* A note whose value is made with this allocator's memory, and freed here. */
static void add_made(text *t, const char *key, text *value)
{
    add(value, "", 1);
    t->failed = t->failed || value->failed;
    if (!t->failed)
        add_note(t, key, value->data);
    sg_free(value->allocator, value->data);
}

static void add_classes(text *t, const segent_model *model)
{
    text names = {.allocator = t->allocator};
    for (int32_t id = 0; id < model->built.facts.classes; id++) {
        add_plain(&names, id > 0 ? "," : "[");
        add_string(&names, model->class_names[id]);
    }
    add_plain(&names, "]");
    add_made(t, "segent.classes", &names);
}

static void add_palette(text *t, const segent_model *model)
{
    text colours = {.allocator = t->allocator};
    for (int32_t id = 0; model->palette && id < model->built.facts.classes; id++) {
        const uint8_t *rgb = model->palette + 3 * (size_t)id;
        char colour[16];
        snprintf(colour, sizeof(colour), "%s#%02x%02x%02x", id > 0 ? "," : "", (unsigned)rgb[0],
                 (unsigned)rgb[1], (unsigned)rgb[2]);
        add_plain(&colours, colour);
    }
    if (model->palette)
        add_made(t, "segent.palette", &colours);
}

/* Whether a property is a setting that somebody told: what was assumed is assumed again. Batch
 * norms of several eps are folded in, and there is no setting that says so. */
static bool is_told(const segent_model *model, const sg_property *property)
{
    const sg_facts *facts = &model->built.facts;
    int row = 0;
    while (row < SG_SETTINGS && strcmp(sg_setting_rows[row].key, property->key) != 0)
        row++;
    return row < SG_SETTINGS && strcmp(property->value, "mixed") != 0 &&
           (row != SG_SETTING_RATES || facts->rates_from != SG_ASSUMED) &&
           (row != SG_SETTING_OUTPUT_STRIDE || facts->stride_from != SG_ASSUMED);
}

static void add_metadata(text *t, const segent_model *model, const char *source, const char *sha256)
{
    char key[64];
    add_plain(t, "{\"__metadata__\":{");
    if (t->failed)
        return;
    add_note(t, SG_PACKED_BY, segent_version());
    add_note(t, SG_PACKED_FOR, model->built.kernels);
    if (model->built.precision != SEGENT_PRECISION_F32)
        add_note(t, SG_PACKED_PRECISION, segent_precision_name(model->built.precision));
    add_note(t, SG_PACKED_SOURCE, source);
    add_note(t, SG_PACKED_SHA256, sha256);
    add_note(t, "segent.architecture", model->architecture);
    add_note(t, "segent.description", model->description);
    for (int32_t i = 0; i < model->property_count && !t->failed; i++) {
        snprintf(key, sizeof(key), "segent.%s", model->properties[i].key);
        if (is_told(model, &model->properties[i]))
            add_note(t, key, model->properties[i].value);
    }
    add_classes(t, model);
    add_palette(t, model);
    add_plain(t, "}");
}

/* ---- tensors ---- */

static void add_tensor(text *t, const char *module, const char *part, const int64_t *shape,
                       int32_t rank)
{
    char name[128], numbers[SG_SHAPE_TEXT];
    snprintf(name, sizeof(name), "%s.%s", module, part);
    sg_shape_text(shape, rank, numbers); /* "(64, 3, 7, 7)" */
    numbers[0] = '[';
    numbers[strlen(numbers) - 1] = ']';
    add_plain(t, ",");
    add_string(t, name);
    add_plain(t, ":{\"shape\":");
    add_plain(t, numbers);
    add_plain(t, "}");
}

/* Whether the network used a bias of this module, which only some have. */
static bool used_bias(const sg_used_tensors *used, const char *module)
{
    char name[128];
    snprintf(name, sizeof(name), "%s.bias", module);
    for (const char *at = used->names; at && at < used->names + used->size; at += strlen(at) + 1) {
        if (strcmp(at, name) == 0)
            return true;
    }
    return false;
}

static void add_operation(text *t, const segent_model *model, const sg_op *op)
{
    static const char *const parts[] = {"weight", "bias", "running_mean", "running_var"};
    const int64_t shape[4] = {op->outputs - op->background, op->weight_inputs, op->kernel,
                              op->kernel};
    /* Where operations share a tensor, the one that begins with its first input names it. */
    if (op->kind != SG_OP_CONVOLUTION || op->first_input > 0)
        return;
    add_tensor(t, op->weights, "weight", shape, 4);
    if (used_bias(&model->built.tensors, op->weights))
        add_tensor(t, op->weights, "bias", shape, 1);
    for (size_t i = 0; *op->norm && i < sizeof(parts) / sizeof(parts[0]); i++)
        add_tensor(t, op->norm, parts[i], shape, 1);
}

/* ---- the whole ---- */

segent_status sg_model_pack(segent_context *context, const segent_model *model, const char *path,
                            const char *source, const char *source_sha256)
{
    if (!model || !path)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_pack: model or path is NULL");
    const sg_network *network = model->built.network;
    if (model->examined_only)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_pack: the model was only examined and has no weights");
    text json = {.allocator = &context->allocator};
    add_metadata(&json, model, source, source_sha256);
    for (int32_t i = 0; i < network->ops.count && !json.failed; i++)
        add_operation(&json, model, &network->ops.list[i]);
    add_plain(&json, "}");
    size_t size = 0;
    void *front = json.failed ? NULL
                              : sg_packed_front(&context->allocator, json.data, json.size,
                                                network->weights_bytes, &size);
    sg_free(&context->allocator, json.data);
    if (!front)
        return sg_fail_memory(context, "the names of packed weights", json.size);
    const sg_bytes parts[] = {{front, size}, {network->weights, network->weights_bytes}};
    const segent_status status = sg_write_file(context, path, parts, 2);
    sg_free(&context->allocator, front);
    return status;
}
