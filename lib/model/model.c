/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A checkpoint's tensors and metadata to a model. */

#include "model/model.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "checkpoint/checkpoint.h"
#include "model/find.h"

enum { SIZE_DEFAULT = 640, SIZE_MAX_TRAINED = 1 << 16, CLASS_NAME_MAX = 256 };

static const char *const voc_names[21] = {
    "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
    "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
    "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};

static const char *const sigmoid_names[2] = {"background", "foreground"};

/* ---- numbers in metadata, read the same in every locale ---- */

/* Reads a whole number of at most nine digits; NULL if there is none. */
static const char *parse_integer(const char *text, int32_t *value)
{
    int32_t number = 0;
    int digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 10; text++, digits++)
        number = digits < 9 ? number * 10 + (*text - '0') : number;
    if (digits == 0 || digits > 9)
        return NULL;
    *value = number;
    return text;
}

/* Reads a number such as 1.25 or 8e-1, of the whole text. */
static bool parse_decimal(const char *text, double *value)
{
    double number = 0.0;
    int digits = 0, exponent = 0;
    for (; *text >= '0' && *text <= '9'; text++, digits++)
        number = number * 10.0 + (*text - '0');
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9'; text++, digits++, exponent--)
            number = number * 10.0 + (*text - '0');
    }
    if (digits == 0 || digits > 40)
        return false;
    if (*text == 'e' || *text == 'E') {
        const bool negative = text[1] == '-';
        int32_t power;
        text = parse_integer(text + 1 + (text[1] == '-' || text[1] == '+'), &power);
        if (!text || power > 300)
            return false;
        exponent += negative ? -power : power;
    }
    *value = number * pow(10.0, exponent);
    return *text == '\0' && isfinite(*value);
}

/* ---- metadata ---- */

static segent_status fail_metadata(segent_context *context, const segent_checkpoint *checkpoint,
                                   const char *key, const char *value, const char *expected)
{
    return sg_fail(context, SEGENT_ERROR_MODEL, "%s: metadata %s is \"%.80s\", expected %s",
                   sg_checkpoint_label(checkpoint), key, value, expected);
}

static bool parse_rates(const char *text, int32_t rates[3])
{
    for (int i = 0; i < 3; i++) {
        text = parse_integer(text, &rates[i]);
        if (!text || rates[i] < 1 || rates[i] > SG_RATE_MAX || *text != (i < 2 ? ',' : '\0'))
            return false;
        text++;
    }
    return true;
}

/* The caller's, or those of the metadata, or {0, 0, 0}: then the network finds them. */
static segent_status choose_rates(segent_context *context, const segent_checkpoint *checkpoint,
                                  const segent_model_options *options, int32_t rates[3])
{
    const char *stated = segent_checkpoint_metadata(checkpoint, "segent.rates");
    const bool given = options->rates[0] != 0 || options->rates[1] != 0 || options->rates[2] != 0;
    memcpy(rates, options->rates, sizeof(options->rates));
    if (!given && stated && !parse_rates(stated, rates))
        return fail_metadata(context, checkpoint, "segent.rates", stated,
                             "three numbers such as 12,24,36");
    for (int i = 0; i < 3 && given; i++) {
        if (rates[i] < 1 || rates[i] > SG_RATE_MAX)
            return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                           "dilation rate %d is not in 1..%d", (int)rates[i], SG_RATE_MAX);
    }
    return SEGENT_OK;
}

static segent_status read_settings(segent_context *context, const segent_checkpoint *checkpoint,
                                   segent_model *model)
{
    const char *text = segent_checkpoint_metadata(checkpoint, "segent.temperature");
    double temperature = 1.0;
    if (text &&
        (!parse_decimal(text, &temperature) || !(temperature >= 1e-3 && temperature <= 1e3)))
        return fail_metadata(context, checkpoint, "segent.temperature", text,
                             "a number from 0.001 to 1000");
    model->temperature = (float)temperature;

    text = segent_checkpoint_metadata(checkpoint, "segent.size");
    model->size = SIZE_DEFAULT;
    if (text) {
        const char *end = parse_integer(text, &model->size);
        if (!end || *end != '\0' || model->size < 1 || model->size > SIZE_MAX_TRAINED)
            return fail_metadata(context, checkpoint, "segent.size", text,
                                 "a number of pixels from 1 to 65536");
    }
    text = segent_checkpoint_metadata(checkpoint, "segent.description");
    text = text ? text : "";
    model->description = sg_alloc_string(&model->allocator, text, strlen(text));
    if (!model->description)
        return sg_fail_memory(context, "the model's description", strlen(text));
    return SEGENT_OK;
}

/* Everything that is trained: what batch norm counts and averages is not. */
static bool is_parameter(const char *name)
{
    static const char *const buffers[] = {".running_mean", ".running_var", ".num_batches_tracked"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++) {
        const size_t suffix = strlen(buffers[i]);
        if (length > suffix && strcmp(name + length - suffix, buffers[i]) == 0)
            return false;
    }
    return true;
}

/* Adds up what stands below PREFIX + PART. */
static segent_status count_part(segent_context *context, const segent_checkpoint *checkpoint,
                                const char *prefix, const char *part, uint64_t *elements,
                                int64_t *parameters)
{
    char full[SG_PREFIX_SIZE + 32];
    const uint64_t size = sg_checkpoint_size(checkpoint);
    const int64_t count = segent_checkpoint_count(checkpoint);
    const size_t length = (size_t)snprintf(full, sizeof(full), "%s%s", prefix, part);
    for (int64_t i = sg_checkpoint_lower(checkpoint, full); i < count; i++) {
        segent_tensor_info tensor = segent_tensor_info_init();
        const segent_status status = sg_checkpoint_tensor(
            context, checkpoint, sg_checkpoint_ordered(checkpoint, i), &tensor);
        if (status != SEGENT_OK)
            return status;
        if (strncmp(tensor.name, full, length) != 0)
            break;
        if ((uint64_t)tensor.elements > size - *elements)
            return sg_fail(context, SEGENT_ERROR_MODEL,
                           "%s: tensors up to %s have more elements than the file has bytes",
                           sg_checkpoint_label(checkpoint), tensor.name);
        *elements += (uint64_t)tensor.elements;
        *parameters += is_parameter(tensor.name) ? tensor.elements : 0;
    }
    return SEGENT_OK;
}

/* Parameters of the network in the file. An element takes a byte of the file at least, unless
 * tensors of one network share one storage. No published checkpoint does that with its weights, and
 * a small file could ask for any amount of memory with it. */
static segent_status count_parameters(segent_context *context, const segent_checkpoint *checkpoint,
                                      const char *prefix, int64_t *parameters)
{
    static const char *const parts[] = {"aux_classifier.", "backbone.", "classifier."};
    uint64_t elements = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const segent_status status =
            count_part(context, checkpoint, prefix, parts[i], &elements, &sum);
        if (status != SEGENT_OK)
            return status;
    }
    *parameters = sum;
    return SEGENT_OK;
}

/* ---- class names ---- */

/* Name i of a source of names: a list of the caller's, text between commas, VOC's, or numbers. */
typedef struct name_source {
    const char *const *list;
    const char *commas; /* advances with each name taken */
} name_source;

static const char *next_name(name_source *source, int32_t id, char number[32], size_t *length)
{
    if (source->list) {
        const char *name = source->list[id] ? source->list[id] : "";
        *length = strlen(name);
        return name;
    }
    if (source->commas) {
        const char *name = source->commas;
        *length = strcspn(name, ",");
        source->commas += *length + (name[*length] == ',');
        return name;
    }
    *length = (size_t)snprintf(number, 32, "class %d", (int)id);
    return number;
}

static int64_t count_commas(const char *text)
{
    int64_t count = 0;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

static segent_status choose_names(segent_context *context, const segent_checkpoint *checkpoint,
                                  const segent_model_options *options, const sg_facts *facts,
                                  name_source *source)
{
    const int32_t classes = facts->classes;
    source->list = options->class_names;
    source->commas = NULL;
    if (options->class_names && options->class_name_count != classes)
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "%s: the network has %d classes, but %lld names were given",
                       sg_checkpoint_label(checkpoint), (int)classes,
                       (long long)options->class_name_count);
    if (options->class_names)
        return SEGENT_OK;
    source->commas = segent_checkpoint_metadata(checkpoint, "segent.classes");
    if (source->commas && count_commas(source->commas) + 1 != classes)
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "%s: the network has %d classes, but metadata segent.classes names %lld",
                       sg_checkpoint_label(checkpoint), (int)classes,
                       (long long)count_commas(source->commas) + 1);
    if (!source->commas && classes == 21)
        source->list = voc_names;
    if (!source->commas && facts->sigmoid && classes == 2)
        source->list = sigmoid_names;
    return SEGENT_OK;
}

static segent_status copy_names(segent_context *context, name_source source, int32_t classes,
                                segent_model *model)
{
    char number[32];
    size_t length, total = 0;
    name_source measured = source;
    for (int32_t id = 0; id < classes; id++) {
        next_name(&measured, id, number, &length);
        total += (length < CLASS_NAME_MAX ? length : CLASS_NAME_MAX) + 1;
    }
    model->names = sg_alloc(&model->allocator, total, 1);
    model->class_names = sg_alloc(&model->allocator, (size_t)classes, sizeof(char *));
    if (!model->names || !model->class_names)
        return sg_fail_memory(context, "class names", total);
    char *cursor = model->names;
    for (int32_t id = 0; id < classes; id++) {
        const char *name = next_name(&source, id, number, &length);
        length = length < CLASS_NAME_MAX ? length : CLASS_NAME_MAX;
        model->class_names[id] = memcpy(cursor, name, length);
        cursor[length] = '\0';
        cursor += length + 1;
    }
    return SEGENT_OK;
}

/* ---- life cycle ---- */

/* Writes the network's name as torchvision has it: "deeplabv3_resnet101". */
static void name_architecture(const sg_facts *facts, char *text, size_t size)
{
    char backbone[48];
    sg_resnet_name(facts, backbone, sizeof(backbone));
    snprintf(text, size, "%s_%s", facts->row->name, backbone);
}

static segent_status build(segent_context *context, const segent_checkpoint *checkpoint,
                           const segent_model_options *options, segent_model *model)
{
    int32_t rates[3];
    char prefix[SG_PREFIX_SIZE];
    name_source source;
    if (options->engine < SEGENT_ENGINE_FAST || options->engine > SEGENT_ENGINE_SMALL)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%d is not an engine",
                       (int)options->engine);
    model->engine = options->engine;
    segent_status status = choose_rates(context, checkpoint, options, rates);
    if (status == SEGENT_OK)
        status = read_settings(context, checkpoint, model);
    if (status == SEGENT_OK)
        status = sg_model_find(context, checkpoint, options->prefix, prefix);
    if (status == SEGENT_OK)
        status = count_parameters(context, checkpoint, prefix, &model->parameters_in_file);
    if (status == SEGENT_OK)
        status = sg_model_build(context, checkpoint, prefix, rates, &model->built);
    if (status != SEGENT_OK)
        return status;
    model->prefix = sg_alloc_string(&model->allocator, prefix, strlen(prefix));
    if (!model->prefix)
        return sg_fail_memory(context, "the model's prefix", strlen(prefix));
    sg_model_note_others(context, checkpoint, prefix);
    const sg_facts *facts = &model->built.facts;
    name_architecture(facts, model->architecture, sizeof(model->architecture));
    model->container = segent_checkpoint_container(checkpoint);
    status = choose_names(context, checkpoint, options, facts, &source);
    return status == SEGENT_OK ? copy_names(context, source, facts->classes, model) : status;
}

static segent_status load(segent_context *context, const segent_checkpoint *checkpoint,
                          const segent_model_options *given, segent_model **out)
{
    segent_model_options options = segent_model_options_init();
    segent_status status =
        sg_read_options(context, "segent_model_options", &options, sizeof(options), given);
    if (status != SEGENT_OK)
        return status;
    segent_model *model = sg_alloc_zero(&context->allocator, 1, sizeof(*model));
    if (!model)
        return sg_fail_memory(context, "a model", sizeof(*model));
    model->allocator = context->allocator;
    status = build(context, checkpoint, &options, model);
    if (status != SEGENT_OK)
        segent_model_destroy(model);
    else
        *out = model;
    return status;
}

segent_status sg_model_load(segent_context *context, const char *path,
                            const segent_model_options *options, segent_model **model)
{
    segent_checkpoint *checkpoint = NULL;
    if (!path || !model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_load: path or model is NULL");
    segent_status status = sg_checkpoint_load(context, path, &checkpoint);
    if (status == SEGENT_OK)
        status = load(context, checkpoint, options, model);
    segent_checkpoint_destroy(checkpoint);
    return status;
}

segent_status sg_model_load_memory(segent_context *context, const void *data, size_t size,
                                   const segent_model_options *options, segent_model **model)
{
    segent_checkpoint *checkpoint = NULL;
    if (!data || !model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_load_memory: data or model is NULL");
    segent_status status = sg_checkpoint_load_memory(context, data, size, &checkpoint);
    if (status == SEGENT_OK)
        status = load(context, checkpoint, options, model);
    segent_checkpoint_destroy(checkpoint);
    return status;
}

segent_status sg_model_from_checkpoint(segent_context *context, const segent_checkpoint *checkpoint,
                                       const segent_model_options *options, segent_model **model)
{
    if (!checkpoint || !model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_from_checkpoint: checkpoint or model is NULL");
    return load(context, checkpoint, options, model);
}

void segent_model_destroy(segent_model *model)
{
    if (!model)
        return;
    const sg_allocator allocator = model->allocator;
    sg_network_destroy(model->built.network);
    sg_free(&allocator, model->description);
    sg_free(&allocator, model->prefix);
    sg_free(&allocator, model->names);
    sg_free(&allocator, model->class_names);
    sg_free(&allocator, model);
}

/* ---- what it is ---- */

segent_status segent_model_info(const segent_model *model, segent_model_details *details)
{
    if (!model || !details)
        return SEGENT_ERROR_INVALID_ARGUMENT;
    const sg_facts *facts = &model->built.facts;
    segent_model_details ours = {
        .struct_size = sizeof(ours),
        .architecture = model->architecture,
        .description = model->description,
        .classes = facts->classes,
        .width = facts->width,
        .parameters = model->built.parameters,
        .parameters_in_file = model->parameters_in_file,
        .container = model->container,
        .engine = model->engine,
        .temperature = model->temperature,
        .size = model->size,
        .prefix = model->prefix,
    };
    memcpy(ours.blocks, facts->blocks, sizeof(ours.blocks));
    memcpy(ours.rates, facts->rates, sizeof(ours.rates));
    return sg_write_info(NULL, "segent_model_details", details, &ours, sizeof(ours));
}

const char *segent_model_class_name(const segent_model *model, int32_t class_id)
{
    if (!model || class_id < 0 || class_id >= model->built.facts.classes)
        return NULL;
    return model->class_names[class_id];
}

segent_status sg_model_memory(segent_context *context, const segent_model *model, int32_t width,
                              int32_t height, int64_t *bytes)
{
    if (!model || !bytes || width < 1 || height < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_memory: an argument is NULL, or the size is not positive");
    sg_network_size size;
    const segent_status status =
        sg_network_measure(context, model->built.network, height, width, model->engine, 0, &size);
    if (status == SEGENT_OK)
        *bytes = size.bytes;
    return status;
}
