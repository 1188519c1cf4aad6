/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "info_checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "info_model.h"
#include "input.h"
#include "json.h"
#include "model_options.h"
#include "published.h"
#include "session.h"
#include "words.h"

enum { OPAQUE_LISTED = 1000 /* the most opaque names that the library lists */ };

/* What is known of a file of weights. */
typedef struct weights_file {
    const char *path;
    size_t bytes;
    segent_context *context;
    segent_checkpoint *checkpoint;
    int64_t tensors;
    segent_model *model; /* NULL: no network can be made of it, for the reason below */
    const char *reason;
    char *model_settings; /* what the command line says of the model, for the library; to free */
    bool hashed;          /* false: this build cannot compute a sha256 */
    char sha256[SHA256_TEXT_SIZE];
    const sg_published *published; /* the published file that it is, byte by byte, or NULL */
    const sg_published *pretended; /* the published file that has its name, or NULL */
} weights_file;

/* ---- the places of networks ---- */

enum { PLACES_MAX = 32 };

/* Bytes before the name of a backbone's first convolution, which follows nothing or a dot; -1: the
 * name is another one. */
static int bytes_before_backbone(const char *name)
{
    static const char *const endings[] = {"backbone.conv1.weight", "backbone.0.0.weight"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        const size_t tail = strlen(endings[i]);
        if (length < tail || strcmp(name + length - tail, endings[i]) != 0)
            continue;
        if (length == tail || name[length - tail - 1] == '.')
            return (int)(length - tail);
    }
    return -1;
}

/* Finds where networks begin in a file: what stands before the name of a network's first
 * convolution, without the dot at its end, or "." where nothing does. Returns how many; each is to
 * free. */
static int find_places(const weights_file *weights, char *places[PLACES_MAX])
{
    int found = 0;
    for (int64_t i = 0; i < weights->tensors && found < PLACES_MAX; i++) {
        segent_tensor_info info = segent_tensor_info_init();
        if (segent_checkpoint_tensor(weights->context, weights->checkpoint, i, &info) != SEGENT_OK)
            continue;
        const int before = bytes_before_backbone(info.name);
        if (before >= 0)
            places[found++] =
                before == 0 ? text_join(".") : text_join("%.*s", before - 1, info.name);
    }
    return found;
}

/* Prints the places of the networks; of a single one whose tensors have the very names that
 * torchvision gives them there is nothing to say. */
static void print_places_text(const weights_file *weights)
{
    char *places[PLACES_MAX];
    const int count = find_places(weights, places);
    const bool plain = count == 1 && strcmp(places[0], ".") == 0;
    for (int i = 0; i < count; i++) {
        if (!plain)
            info_line(i == 0 ? "networks at" : "", places[i]);
        free(places[i]);
    }
}

static void print_places_json(sg_json *json, const weights_file *weights)
{
    char *places[PLACES_MAX];
    const int count = find_places(weights, places);
    json_open_list(json, "networks");
    for (int i = 0; i < count; i++) {
        json_text(json, NULL, places[i]);
        free(places[i]);
    }
    json_close_list(json);
}

/* ---- its report ---- */

static void print_tensors_text(const weights_file *weights)
{
    for (int64_t i = 0; i < weights->tensors; i++) {
        segent_tensor_info info = segent_tensor_info_init();
        if (segent_checkpoint_tensor(weights->context, weights->checkpoint, i, &info) != SEGENT_OK)
            continue;
        char *name = text_join("%s", info.name);
        console_clean(name);
        printf("  %-44s %-8s ", name, segent_dtype_name(info.dtype));
        free(name);
        for (int32_t axis = 0; axis < info.rank; axis++)
            printf("%s%" PRId64, axis > 0 ? " x " : "", info.shape[axis]);
        puts(info.rank == 0 ? "scalar" : "");
    }
}

/* The name and the sha256 of the file that `segent convert` or `segent pack` made this one of.
 * NULL: it did not, or did not know. */
static const char *source_name(const weights_file *weights)
{
    return segent_checkpoint_metadata(weights->checkpoint, "segent.source");
}

static const char *source_sha256(const weights_file *weights)
{
    return segent_checkpoint_metadata(weights->checkpoint, "segent.source_sha256");
}

/* Says what packed weights fit. */
static void print_packed_text(const weights_file *weights)
{
    const char *kernels = segent_checkpoint_metadata(weights->checkpoint, "segent.packed_for");
    const char *version = segent_checkpoint_metadata(weights->checkpoint, "segent.packed_by");
    if (segent_checkpoint_container(weights->checkpoint) != SEGENT_CONTAINER_PACKED || !kernels ||
        !version)
        return;
    char *text = text_join("%s, by libsegent %s", kernels, version);
    info_line("packed for", text);
    free(text);
}

static void print_packed_json(sg_json *json, const weights_file *weights)
{
    static const char *const keys[] = {"packed_for", "packed_by"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        char *key = text_join("segent.%s", keys[i]);
        const char *value = segent_checkpoint_metadata(weights->checkpoint, key);
        if (value)
            json_text(json, keys[i], value);
        free(key);
    }
}

static void print_source_text(const weights_file *weights)
{
    const char *name = source_name(weights), *sha256 = source_sha256(weights);
    if (name)
        info_line("source", name);
    if (sha256)
        info_line(name ? "" : "source", sha256);
}

static void print_source_json(sg_json *json, const weights_file *weights)
{
    if (source_name(weights))
        json_text(json, "source", source_name(weights));
    if (source_sha256(weights))
        json_text(json, "source_sha256", source_sha256(weights));
}

/* Prints what the file's pickle names and the library gives no meaning to. */
static void print_opaque_text(const weights_file *weights)
{
    const int64_t count = segent_checkpoint_opaque_count(weights->checkpoint);
    for (int64_t i = 0; i < count; i++)
        info_line(i == 0 ? "opaque" : "", segent_checkpoint_opaque(weights->checkpoint, i));
    if (count >= OPAQUE_LISTED)
        puts("              and perhaps more");
}

static void print_opaque_json(sg_json *json, const weights_file *weights)
{
    const int64_t count = segent_checkpoint_opaque_count(weights->checkpoint);
    json_open_list(json, "opaque");
    for (int64_t i = 0; i < count; i++)
        json_text(json, NULL, segent_checkpoint_opaque(weights->checkpoint, i));
    json_close_list(json);
}

/* Says that the file is a published one, and how far that was compared. */
static void print_published(const sg_published *published)
{
    printf("              this is the published %s\n", published->file);
    if (!published_hash_known(published))
        printf("              (as its size and the first %zu digits of its sha256 tell;\n"
               "              the others are not known)\n",
               strlen(published->sha256));
}

/* Says that the file is not the published one whose name it has. */
static void print_pretended(const sg_published *published)
{
    char number[DIGITS_SIZE];
    const bool known = published_hash_known(published);
    printf("              NOT the published file of this name: %s bytes, its sha256 %s\n"
           "              %s\n",
           digits_grouped(published->bytes, number), known ? "is" : "begins", published->sha256);
}

static void print_text(const weights_file *weights, bool with_tensors)
{
    char number[DIGITS_SIZE];
    info_line("file", weights->path);
    printf("size          %s bytes\n", digits_grouped((int64_t)weights->bytes, number));
    printf("sha256        %s\n", weights->hashed ? weights->sha256 : "not available in this build");
    if (weights->published)
        print_published(weights->published);
    else if (weights->pretended)
        print_pretended(weights->pretended);
    printf("container     %s\n",
           segent_container_name(segent_checkpoint_container(weights->checkpoint)));
    print_packed_text(weights);
    print_source_text(weights);
    printf("tensors       %s\n", digits_grouped(weights->tensors, number));
    print_places_text(weights);
    print_opaque_text(weights);
    if (weights->model)
        info_model_text(weights->model);
    if (with_tensors)
        print_tensors_text(weights);
}

static void print_tensors_json(sg_json *json, const weights_file *weights)
{
    json_open_list(json, "tensor_list");
    for (int64_t i = 0; i < weights->tensors; i++) {
        segent_tensor_info info = segent_tensor_info_init();
        if (segent_checkpoint_tensor(weights->context, weights->checkpoint, i, &info) != SEGENT_OK)
            continue;
        json_open_object(json, NULL);
        json_text(json, "name", info.name);
        json_text(json, "dtype", segent_dtype_name(info.dtype));
        json_open_list(json, "shape");
        for (int32_t axis = 0; axis < info.rank; axis++)
            json_integer(json, NULL, info.shape[axis]);
        json_close_list(json);
        json_close_object(json);
    }
    json_close_list(json);
}

static void print_json(const weights_file *weights, bool with_tensors)
{
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_text(&json, "path", weights->path);
    json_integer(&json, "bytes", (int64_t)weights->bytes);
    if (weights->hashed)
        json_text(&json, "sha256", weights->sha256);
    if (weights->published) {
        json_text(&json, "published", weights->published->file);
        json_integer(&json, "published_digits", (int64_t)strlen(weights->published->sha256));
    }
    json_boolean(&json, "is_published", weights->published != NULL);
    json_text(&json, "container",
              segent_container_name(segent_checkpoint_container(weights->checkpoint)));
    print_packed_json(&json, weights);
    print_source_json(&json, weights);
    json_integer(&json, "tensors", weights->tensors);
    print_places_json(&json, weights);
    print_opaque_json(&json, weights);
    json_boolean(&json, "usable", weights->model != NULL);
    if (weights->model)
        info_model_json(&json, weights->model);
    if (with_tensors)
        print_tensors_json(&json, weights);
    json_close_object(&json);
    json_end(&json);
}

/* Finds out everything about the file from the same bytes, so that a file that changes meanwhile
 * cannot contradict itself. False: it is no checkpoint, already said. */
static bool examine(weights_file *weights, const sg_input *bytes, const sg_settings *settings)
{
    segent_context *context = weights->context;
    segent_model_options options = model_options(settings, &weights->model_settings);
    options.path = input_is_stream(weights->path) ? NULL : weights->path;
    if (segent_checkpoint_load_memory(context, bytes->data, bytes->size, &weights->checkpoint) !=
        SEGENT_OK) {
        console_fail(weights->path, segent_last_error(context));
        return false;
    }
    weights->bytes = bytes->size;
    weights->tensors = segent_checkpoint_count(weights->checkpoint);
    weights->hashed = sha256_text(bytes->data, bytes->size, weights->sha256);
    if (weights->hashed) {
        weights->published = published_by_content((int64_t)bytes->size, weights->sha256);
        weights->pretended = published_by_path(weights->path);
    }
    if (segent_model_from_checkpoint(context, weights->checkpoint, &options, &weights->model) !=
        SEGENT_OK)
        weights->reason = segent_last_error(context);
    return true;
}

int info_checkpoint(segent_context *context, const sg_settings *settings)
{
    char *path = session_find_file(settings->inputs[0]);
    weights_file weights = {.path = path, .context = context};
    sg_input bytes = {0};
    int status = STATUS_MODEL;
    if (!path || !input_open(path, &bytes)) {
        free(path);
        return status;
    }
    if (examine(&weights, &bytes, settings)) {
        char *reason = weights.reason ? text_join("%s", weights.reason) : NULL;
        if (settings->json)
            print_json(&weights, settings->verbose);
        else
            print_text(&weights, settings->verbose);
        console_flush();
        if (reason)
            console_fail(weights.path, reason);
        else
            status = STATUS_DONE;
        free(reason);
    }
    segent_model_destroy(weights.model);
    segent_checkpoint_destroy(weights.checkpoint);
    free(weights.model_settings);
    input_close(&bytes);
    free(path);
    return status;
}
