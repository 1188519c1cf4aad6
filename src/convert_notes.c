/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "convert_notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "json.h"
#include "words.h"

/* Takes `value`, which free() frees. */
static void add_taken(sg_notes *notes, const char *key, char *value)
{
    if (notes->count < NOTES_MAX)
        notes->all[notes->count++] = (sg_note){text_join("%s", key), value};
    else
        free(value);
}

static void add(sg_notes *notes, const char *key, const char *value)
{
    if (value && *value)
        add_taken(notes, key, text_join("%s", value));
}

/* ---- the classes ---- */

/* The names with commas between them. To free. */
static char *join_names(const segent_model *model, int32_t classes)
{
    size_t length = 0;
    char *joined = NULL;
    FILE *file = open_memstream(&joined, &length);
    if (!file)
        out_of_memory();
    for (int32_t id = 0; id < classes; id++)
        fprintf(file, "%s%s", id > 0 ? "," : "", segent_model_class_name(model, id));
    if (fclose(file) != 0)
        out_of_memory();
    return joined;
}

/* The names as a list of JSON. To free. */
static char *list_names(const segent_model *model, int32_t classes)
{
    size_t length = 0;
    char *listed = NULL;
    sg_json json = {.file = open_memstream(&listed, &length)};
    if (!json.file)
        out_of_memory();
    json_open_list(&json, NULL);
    for (int32_t id = 0; id < classes; id++) {
        char *name = safetensors_text(segent_model_class_name(model, id));
        json_text(&json, NULL, name);
        free(name);
    }
    json_close_list(&json);
    if (fclose(json.file) != 0)
        out_of_memory();
    return listed;
}

/* Names that commas would cut, or that would be taken for the list of JSON which they are not, are
 * written as one. */
static void add_classes(sg_notes *notes, const segent_model *model, int32_t classes)
{
    char *joined = join_names(model, classes);
    bool listed = strncmp(joined, "[\"", 2) == 0;
    for (int32_t id = 0; id < classes; id++)
        listed = listed || strchr(segent_model_class_name(model, id), ',');
    add_taken(notes, "segent.classes", listed ? list_names(model, classes) : joined);
    if (listed)
        free(joined);
}

/* The colours as #rrggbb with commas between them, if the model has some. */
static void add_palette(sg_notes *notes, const segent_model *model)
{
    int64_t count;
    const uint8_t *rgb = segent_model_palette(model, &count);
    char *joined = NULL, colour[COLOUR_SIZE];
    size_t length = 0;
    FILE *file = open_memstream(&joined, &length);
    if (!file)
        out_of_memory();
    for (int64_t id = 0; id < count; id++)
        fprintf(file, "%s%s", id > 0 ? "," : "", colour_text(rgb + 3 * id, colour));
    if (fclose(file) != 0)
        out_of_memory();
    add(notes, "segent.palette", joined);
    free(joined);
}

/* ---- the properties ---- */

/* Whether a property is one that can be given: the library refuses others, and values that it
 * cannot be given, before it looks at the checkpoint. */
static bool can_be_given(const sg_origin *origin, const char *key, const char *value)
{
    segent_options silent = segent_options_init();
    segent_model_options options = segent_model_options_init();
    segent_context *context = NULL;
    segent_model *model = NULL;
    char *settings = text_join("%s=%s", key, value);
    silent.threads = 1;
    silent.memory_limit = INT64_MAX;
    options.prefix = origin->options->prefix;
    options.examine_only = 1;
    options.settings = settings;
    if (segent_context_create(&silent, &context) != SEGENT_OK)
        out_of_memory();
    const segent_status status =
        segent_model_from_checkpoint(context, origin->checkpoint, &options, &model);
    segent_model_destroy(model);
    segent_context_destroy(context);
    free(settings);
    if (status == SEGENT_ERROR_OUT_OF_MEMORY)
        out_of_memory();
    return status != SEGENT_ERROR_INVALID_ARGUMENT;
}

static bool add_properties(sg_notes *notes, const segent_model *model, const sg_origin *origin,
                           const char *path)
{
    for (int32_t i = 0; segent_model_property_key(model, i); i++) {
        const char *key = segent_model_property_key(model, i);
        const char *value = segent_model_property(model, key);
        if (can_be_given(origin, key, value)) {
            char *full = text_join("segent.%s", key);
            add(notes, full, value);
            free(full);
        } else if (strcmp(key, "eps") == 0) {
            console_fail(path, "its batch norms have different eps, which metadata cannot say");
            return false;
        }
    }
    return true;
}

/* ---- the whole ---- */

static void add_origin(sg_notes *notes, const sg_origin *origin)
{
    static const char name_key[] = "segent.source", hash_key[] = "segent.source_sha256";
    const char *name = segent_checkpoint_metadata(origin->checkpoint, name_key);
    const char *hash = segent_checkpoint_metadata(origin->checkpoint, hash_key);
    const bool kept = name || hash;
    add(notes, name_key, kept ? name : origin->file);
    add(notes, hash_key, kept ? hash : origin->sha256);
}

bool notes_of_model(sg_notes *notes, const segent_model *model, const sg_origin *origin,
                    const char *path)
{
    segent_model_details details = segent_model_details_init();
    segent_model_info(model, &details);
    add(notes, "format", "pt"); /* a state dict of PyTorch's, as other programs are used to */
    add(notes, "segent.architecture", details.architecture);
    add(notes, "segent.description", details.description);
    add_classes(notes, model, details.classes);
    add_palette(notes, model);
    if (!add_properties(notes, model, origin, path))
        return false;
    add_origin(notes, origin);
    return true;
}

void notes_free(sg_notes *notes)
{
    for (int i = 0; i < notes->count; i++) {
        free(notes->all[i].key);
        free(notes->all[i].value);
    }
    notes->count = 0;
}
