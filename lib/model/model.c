/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A checkpoint's tensors and metadata to a model. */

#include "model/model.h"

#include <stdio.h>
#include <string.h>

#include "base/cancel.h"
#include "base/options.h"
#include "checkpoint/checkpoint.h"
#include "model/decimal.h"
#include "model/find.h"

/* ---- parameters in the file ---- */

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

/* ---- what it tells of itself ---- */

static void add_property(void *user, const char *key, const char *value)
{
    segent_model *model = user;
    if (model->property_count == SG_PROPERTIES)
        return;
    sg_property *property = &model->properties[model->property_count++];
    snprintf(property->key, sizeof(property->key), "%s", key);
    snprintf(property->value, sizeof(property->value), "%s", value);
}

/* Reads a number that sg_number has written. */
static bool parse_number(const char *text, double *value)
{
    const bool negative = *text == '-';
    const char *digits = text + negative;
    if (!sg_parse_decimal((sg_piece){digits, strlen(digits)}, value))
        return false;
    *value = negative ? -*value : *value;
    return true;
}

/* A number with as many digits as it takes to read it back. */
static const char *shortest(char text[SG_NUMBER_SIZE], float value)
{
    double back = 0.0;
    for (int digits = 1; digits <= 9; digits++) {
        sg_number(text, digits, (double)value);
        if (parse_number(text, &back) && (float)back == value)
            break;
    }
    return text;
}

/* Three of them with commas between. */
static void describe_colours(segent_model *model, const char *key, const float values[3])
{
    char numbers[3][SG_NUMBER_SIZE], text[3 * SG_NUMBER_SIZE];
    for (int i = 0; i < 3; i++)
        shortest(numbers[i], values[i]);
    snprintf(text, sizeof(text), "%s,%s,%s", numbers[0], numbers[1], numbers[2]);
    add_property(model, key, text);
}

/* Tells the eps of the batch norms where it is not torchvision's: a number that reads back as the
 * same, or "mixed" if there is no such number for all of them. */
static void describe_eps(segent_model *model)
{
    const sg_built *built = &model->built;
    char text[SG_NUMBER_SIZE];
    double back = -1.0;
    if (!built->eps_unusual)
        return;
    for (int digits = 1; digits <= 17 && back != built->eps && !built->eps_mixed; digits++) {
        sg_number(text, digits, built->eps);
        if (!parse_number(text, &back))
            back = -1.0;
    }
    add_property(model, "eps", back == built->eps ? text : "mixed");
}

/* The network's name as torchvision has it ("deeplabv3_resnet101"), and the properties. */
static void describe(segent_model *model)
{
    const sg_facts *facts = &model->built.facts;
    char text[SG_NUMBER_SIZE];
    facts->backbone->name(facts, model->backbone, sizeof(model->backbone));
    snprintf(model->architecture, sizeof(model->architecture), "%s_%s", facts->row->name,
             model->backbone);
    sg_network_tell(facts, add_property, model);
    snprintf(text, sizeof(text), "%d", (int)model->size);
    add_property(model, "size", text);
    add_property(model, "temperature", shortest(text, model->temperature));
    if (model->precision_error > 0.0f)
        add_property(model, "precision_error", shortest(text, model->precision_error));
    describe_colours(model, "mean", model->normalization.mean);
    describe_colours(model, "std", model->normalization.std);
    describe_eps(model);
    add_property(model, "kernels", model->built.kernels);
}

static segent_status copy_texts(segent_context *context, const sg_settings *settings,
                                const char *prefix, segent_model *model)
{
    model->description =
        sg_alloc_string(&model->allocator, settings->description, settings->description_length);
    if (!model->description)
        return sg_fail_memory(context, "the model's description", settings->description_length);
    model->prefix = sg_alloc_string(&model->allocator, prefix, strlen(prefix));
    return model->prefix ? SEGENT_OK
                         : sg_fail_memory(context, "the model's prefix", strlen(prefix));
}

/* ---- life cycle ---- */

/* Notes that settings of the file beside the checkpoint had no say: the checkpoint is a whole
 * module, which says something of its own, or its network has no use for them. */
static void forget_overruled(const sg_settings *settings, const sg_built *built,
                             sg_settings_file *file)
{
    const sg_facts *facts = &built->facts;
    const sg_origin *from = settings->from;
    if (from[SG_SETTING_RATES] == SG_BESIDE &&
        (facts->rates_from != SG_BESIDE || facts->rates[0] == 0))
        sg_settings_file_forget(file, SG_SETTING_RATES);
    if (from[SG_SETTING_OUTPUT_STRIDE] == SG_BESIDE && facts->stride_from != SG_BESIDE)
        sg_settings_file_forget(file, SG_SETTING_OUTPUT_STRIDE);
    if (from[SG_SETTING_EPS] == SG_BESIDE && (built->eps_mixed || built->eps != settings->eps))
        sg_settings_file_forget(file, SG_SETTING_EPS);
}

static bool holds_auxiliary(const segent_checkpoint *checkpoint)
{
    return sg_checkpoint_find(checkpoint, "aux_classifier.0.weight") >= 0;
}

static segent_status build(segent_context *context, const segent_checkpoint *checkpoint,
                           const segent_model_options *options, sg_settings_file *file,
                           segent_model *model)
{
    char prefix[SG_PREFIX_SIZE];
    sg_settings settings;
    sg_facts known = {.row = NULL};
    const bool packed = segent_checkpoint_container(checkpoint) == SEGENT_CONTAINER_PACKED;
    model->examined_only = options->examine_only != 0;
    segent_status status =
        sg_settings_read(context, checkpoint, options->settings, file, &settings);
    if (status == SEGENT_OK && packed && settings.from[SG_SETTING_EPS] != SG_READ &&
        settings.from[SG_SETTING_EPS] != SG_ASSUMED)
        status = sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                         "%s: setting eps is given, but batch norms are folded into packed "
                         "weights; pack the model anew with it",
                         sg_checkpoint_label(checkpoint));
    sg_settings_tell(&settings, &known);
    /* Packed weights are those of all operations. */
    known.auxiliary_wanted = options->auxiliary != 0 || (packed && holds_auxiliary(checkpoint));
    if (status == SEGENT_OK)
        status = sg_model_find(context, checkpoint, options->prefix, prefix);
    if (status == SEGENT_OK)
        status = count_parameters(context, checkpoint, prefix, &model->parameters_in_file);
    if (status == SEGENT_OK && options->precision == SEGENT_PRECISION_BF16 && !model->examined_only)
        sg_context_request(context);
    if (status == SEGENT_OK)
        status = sg_model_build(context, checkpoint, prefix, &known,
                                (sg_eps){settings.eps, settings.from[SG_SETTING_EPS]},
                                model->examined_only, options->precision, &model->built);
    if (status == SEGENT_OK)
        status = copy_texts(context, &settings, prefix, model);
    if (status == SEGENT_OK && settings.from[SG_SETTING_RATES] == SG_GIVEN &&
        model->built.facts.rates[0] == 0)
        status = sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                         "%s: setting rates is given, but %s has no branches with rates",
                         sg_checkpoint_label(checkpoint), model->built.facts.row->title);
    if (status != SEGENT_OK)
        return status;
    sg_model_note_others(context, checkpoint, prefix, &settings.normalization);
    model->temperature = settings.temperature;
    model->precision_error = settings.precision_error;
    model->size = settings.size;
    model->normalization = settings.normalization;
    model->container = segent_checkpoint_container(checkpoint);
    describe(model);
    forget_overruled(&settings, &model->built, file);
    status = sg_model_name_classes(context, checkpoint, options, file, model);
    return status == SEGENT_OK
               ? sg_model_colour_classes(context, checkpoint, &settings, file, model)
               : status;
}

/* Tells which settings are those of the file beside the checkpoint. */
static segent_status describe_file(segent_context *context, const sg_settings_file *file,
                                   segent_model *model)
{
    char used[sizeof(model->properties[0].value)];
    const bool any = sg_settings_file_used(file, used, sizeof(used));
    const char *path = any ? file->path : "";
    model->settings_file = sg_alloc_string(&model->allocator, path, strlen(path));
    if (!model->settings_file)
        return sg_fail_memory(context, "a path", strlen(path));
    if (any) {
        add_property(model, "from_settings_file", used);
        sg_log(context, SEGENT_LOG_INFO, "%s: settings of the model: %s", path, used);
    }
    return SEGENT_OK;
}

/* Builds the model of a checkpoint at `path`, or of one without (NULL). */
static segent_status build_at(segent_context *context, const segent_checkpoint *checkpoint,
                              const char *path, const segent_model_options *options,
                              segent_model *model)
{
    sg_settings_file file;
    char before[sizeof(context->error)]; /* what is passed over of the file is no failure */
    memcpy(before, context->error, sizeof(before));
    /* What is packed was settled then: a file beside it is not looked for. */
    const bool packed = segent_checkpoint_container(checkpoint) == SEGENT_CONTAINER_PACKED;
    const char *named = packed && !options->settings_file ? "" : options->settings_file;
    segent_status status =
        sg_settings_file_read(context, named, options->path ? options->path : path, &file);
    if (status == SEGENT_OK)
        status = build(context, checkpoint, options, &file, model);
    if (status == SEGENT_OK)
        status = describe_file(context, &file, model);
    sg_settings_file_free(&file);
    if (status == SEGENT_OK)
        memcpy(context->error, before, sizeof(before));
    return status;
}

/* Tells the log what was made, and what had to be assumed for it. */
static void tell(segent_context *context, const segent_checkpoint *checkpoint,
                 const segent_model *model)
{
    const char *assumed = segent_model_property(model, "assumed");
    sg_log(context, model->examined_only ? SEGENT_LOG_DEBUG : SEGENT_LOG_INFO,
           "%s: %s with %d classes and %lld parameters, from %s%s%s%s",
           sg_checkpoint_label(checkpoint), model->architecture, (int)model->built.facts.classes,
           (long long)model->built.parameters, segent_container_name(model->container),
           model->examined_only ? ", examined only" : "",
           assumed ? "; as usual, since nobody says it: " : "", assumed ? assumed : "");
}

static segent_status make(segent_context *context, const segent_checkpoint *checkpoint,
                          const char *path, const segent_model_options *options, segent_model **out)
{
    segent_model *model = sg_alloc_zero(&context->allocator, 1, sizeof(*model));
    if (!model)
        return sg_fail_memory(context, "a model", sizeof(*model));
    model->allocator = context->allocator;
    atomic_init(&model->owners, 1);
    const segent_status status = build_at(context, checkpoint, path, options, model);
    if (status != SEGENT_OK) {
        segent_model_destroy(model);
        return status;
    }
    tell(context, checkpoint, model);
    *out = model;
    return SEGENT_OK;
}

/* What a model is made of: a checkpoint that is open, or else one in memory or, if there is no
 * memory either, in a file. */
typedef struct origin {
    const segent_checkpoint *open;
    const char *path;
    const void *data;
    size_t size;
} origin;

/* Watches the flag of the options meanwhile. A file is opened here, so that it, too, is read no
 * further once the flag is set. */
static segent_status load(segent_context *context, origin from, const segent_model_options *given,
                          segent_model **out)
{
    segent_model_options options = segent_model_options_init();
    segent_checkpoint *opened = NULL;
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_model_options), &options, given);
    if (status != SEGENT_OK)
        return status;
    if (options.precision != SEGENT_PRECISION_F32 && options.precision != SEGENT_PRECISION_BF16)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_options: precision %d is not known", (int)options.precision);
    sg_cancel_watch(context, options.cancel);
    if (from.data)
        status = sg_checkpoint_load_memory(context, from.data, from.size, &opened);
    else if (!from.open)
        status = sg_checkpoint_load(context, from.path, &opened);
    if (status == SEGENT_OK)
        status = make(context, opened ? opened : from.open, from.path, &options, out);
    segent_checkpoint_destroy(opened);
    sg_cancel_unwatch(context);
    return status;
}

segent_status sg_model_load(segent_context *context, const char *path,
                            const segent_model_options *options, segent_model **model)
{
    if (!path || !model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_load: path or model is NULL");
    return load(context, (origin){.path = path}, options, model);
}

segent_status sg_model_load_memory(segent_context *context, const void *data, size_t size,
                                   const segent_model_options *options, segent_model **model)
{
    if (!data || !model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_load_memory: data or model is NULL");
    return load(context, (origin){.data = data, .size = size}, options, model);
}

segent_status sg_model_from_checkpoint(segent_context *context, const segent_checkpoint *checkpoint,
                                       const segent_model_options *options, segent_model **model)
{
    if (!checkpoint || !model)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_model_from_checkpoint: checkpoint or model is NULL");
    return load(context, (origin){.open = checkpoint}, options, model);
}

segent_model *segent_model_retain(segent_model *model)
{
    if (model)
        atomic_fetch_add(&model->owners, 1);
    return model;
}

void segent_model_destroy(segent_model *model)
{
    if (!model || atomic_fetch_sub(&model->owners, 1) > 1)
        return;
    const sg_allocator allocator = model->allocator;
    sg_network_destroy(model->built.network);
    segent_checkpoint_destroy(model->built.kept);
    sg_used_tensors_free(&allocator, &model->built.tensors);
    sg_free(&allocator, model->description);
    sg_free(&allocator, model->settings_file);
    sg_free(&allocator, model->prefix);
    sg_free(&allocator, model->names);
    sg_free(&allocator, model->class_names);
    sg_free(&allocator, model->palette);
    sg_free(&allocator, model);
}

/* ---- what it is ---- */

segent_status segent_model_info(const segent_model *model, segent_model_details *details)
{
    if (!model || !details)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT, "segent_model_info: %s is NULL",
                       model ? "details" : "model");
    const sg_facts *facts = &model->built.facts;
    const segent_model_details ours = {
        .struct_size = sizeof(ours),
        .architecture = model->architecture,
        .backbone = model->backbone,
        .head = facts->row->name,
        .description = model->description,
        .prefix = model->prefix,
        .settings_file = model->settings_file,
        .classes = facts->classes,
        .output_stride = facts->logits_stride,
        .size = model->size,
        .temperature = model->temperature,
        .container = model->container,
        .examined_only = model->examined_only,
        .auxiliary = facts->auxiliary > 0,
        .precision = model->built.precision,
        .parameters = model->built.parameters,
        .parameters_in_file = model->parameters_in_file,
    };
    return sg_write_info(NULL, SG_STRUCT(segent_model_details), details, &ours);
}

const char *segent_model_property(const segent_model *model, const char *key)
{
    for (int32_t i = 0; model && key && i < model->property_count; i++) {
        if (strcmp(model->properties[i].key, key) == 0)
            return model->properties[i].value;
    }
    return NULL;
}

const char *segent_model_property_key(const segent_model *model, int32_t index)
{
    return model && index >= 0 && index < model->property_count ? model->properties[index].key
                                                                : NULL;
}

const char *segent_model_tensor_name(const segent_model *model, int64_t index)
{
    const sg_used_tensors *used = model ? &model->built.tensors : NULL;
    if (!used || index < 0 || index >= used->count || used->positions[index] == 0)
        return NULL;
    return used->names + used->positions[index] - 1;
}
