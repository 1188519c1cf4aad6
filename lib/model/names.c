/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The names of a model's classes. */

#include <stdio.h>
#include <string.h>

#include "checkpoint/checkpoint.h"
#include "model/model.h"

enum { CLASS_NAME_MAX = 256 };

static const char *const voc_names[21] = {
    "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
    "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
    "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};

static const char *const sigmoid_names[2] = {"background", "foreground"};

/* Name i of a source of names: a list of the caller's or of the file's, text between commas, VOC's,
 * or numbers. */
typedef struct name_source {
    const char *const *list;
    const char *commas; /* advances with each name taken */
    const char **own;   /* the list, where it was read from JSON, and */
    char *text;         /* its names; to free */
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

/* ---- the file's ---- */

/* Names with commas in them are written as a list of JSON. One between commas cannot be mistaken
 * for it unless the first name begins with these two characters. */
static bool is_json(const char *text)
{
    return strncmp(text, "[\"", 2) == 0;
}

enum { PROBLEM_SIZE = 160 };

static segent_status read_json(segent_context *context, const char *stated, int32_t classes,
                               name_source *source, char problem[PROBLEM_SIZE])
{
    const size_t length = strlen(stated);
    source->own = sg_alloc(&context->allocator, (size_t)classes, sizeof(*source->own));
    source->text = sg_alloc(&context->allocator, length + 1, 1);
    if (!source->own || !source->text)
        return sg_fail_memory(context, "class names", length);
    if (sg_checkpoint_strings(context, stated, classes, source->own, source->text) == SEGENT_OK)
        source->list = source->own;
    else
        snprintf(problem, PROBLEM_SIZE, "is \"%.80s\", expected a list of %d strings", stated,
                 (int)classes);
    return SEGENT_OK;
}

/* Takes names that a text states. Where they do not fit, `problem` says why, which is otherwise "".
 */
static segent_status take_stated(segent_context *context, const char *stated, int32_t classes,
                                 name_source *source, char problem[PROBLEM_SIZE])
{
    problem[0] = '\0';
    if (is_json(stated))
        return read_json(context, stated, classes, source, problem);
    if (count_commas(stated) + 1 == classes)
        source->commas = stated;
    else
        snprintf(problem, PROBLEM_SIZE, "names %lld, but the network has %d classes",
                 (long long)count_commas(stated) + 1, (int)classes);
    return SEGENT_OK;
}

static segent_status take_beside(segent_context *context, sg_settings_file *file, int32_t classes,
                                 name_source *source)
{
    char problem[PROBLEM_SIZE];
    const char *stated = sg_settings_file_take(file, SG_SETTING_CLASSES);
    if (!stated)
        return SEGENT_OK;
    const segent_status status = take_stated(context, stated, classes, source, problem);
    return status == SEGENT_OK && *problem
               ? sg_settings_file_refuse(context, file, SG_SETTING_CLASSES, problem)
               : status;
}

static segent_status choose_names(segent_context *context, const segent_checkpoint *checkpoint,
                                  const segent_model_options *options, sg_settings_file *file,
                                  const sg_facts *facts, name_source *source)
{
    char problem[PROBLEM_SIZE];
    const int32_t classes = facts->classes;
    *source = (name_source){.list = options->class_names};
    if (options->class_names && options->class_name_count != classes)
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "%s: the network has %d classes, but %lld names were given",
                       sg_checkpoint_label(checkpoint), (int)classes,
                       (long long)options->class_name_count);
    if (options->class_names)
        return SEGENT_OK;
    const char *stated = segent_checkpoint_metadata(checkpoint, "segent.classes");
    const segent_status status = stated ? take_stated(context, stated, classes, source, problem)
                                        : take_beside(context, file, classes, source);
    if (status == SEGENT_OK && stated && *problem)
        return sg_fail(context, SEGENT_ERROR_MODEL, "%s: metadata segent.classes %s",
                       sg_checkpoint_label(checkpoint), problem);
    if (status != SEGENT_OK || source->list || source->commas)
        return status;
    if (classes == 21)
        source->list = voc_names;
    if (facts->sigmoid && classes == 2)
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

segent_status sg_model_name_classes(segent_context *context, const segent_checkpoint *checkpoint,
                                    const segent_model_options *options, sg_settings_file *file,
                                    segent_model *model)
{
    name_source source;
    const sg_facts *facts = &model->built.facts;
    segent_status status = choose_names(context, checkpoint, options, file, facts, &source);
    if (status == SEGENT_OK)
        status = copy_names(context, source, facts->classes, model);
    sg_free(&context->allocator, source.own);
    sg_free(&context->allocator, source.text);
    return status;
}

const char *segent_model_class_name(const segent_model *model, int32_t class_id)
{
    if (!model || class_id < 0 || class_id >= model->built.facts.classes)
        return NULL;
    return model->class_names[class_id];
}
