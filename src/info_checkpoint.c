/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "info_checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
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
    segent_model_details details;
    const char *reason;
    char *model_settings; /* what the command line says of the model, for the library; to free */
    bool hashed;          /* false: this build cannot compute a sha256 */
    char sha256[SHA256_TEXT_SIZE];
    const sg_published *published; /* the published file that it is, byte by byte, or NULL */
    const sg_published *pretended; /* the published file that has its name, or NULL */
} weights_file;

static void print_clean_line(const char *title, const char *text)
{
    char *clean = text_join("%s", text);
    console_clean(clean);
    printf("%-12s  %s\n", title, clean);
    free(clean);
}

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
            print_clean_line(i == 0 ? "networks at" : "", places[i]);
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

/* Prints a property that is a list of numbers, such as "3,4,23,3", unless the model has none. */
static void print_numbers(const weights_file *weights, const char *title, const char *key,
                          const char *unit)
{
    const char *numbers = segent_model_property(weights->model, key);
    if (!numbers)
        return;
    printf("%-13s ", title);
    for (; *numbers; numbers++)
        fputs(*numbers == ',' ? ", " : (char[]){*numbers, '\0'}, stdout);
    printf("%s\n", unit);
}

/* Whether nobody told a property and the usual value was assumed. */
static bool is_assumed(const weights_file *weights, const char *key)
{
    const char *assumed = segent_model_property(weights->model, "assumed");
    return assumed && strstr(assumed, key);
}

static const char *assumed_or_not(const weights_file *weights, const char *key)
{
    return is_assumed(weights, key) ? " (assumed: nothing tells it)" : "";
}

/* Prints what pictures are normalised by, unless it is the usual. */
static void print_normalisation(const weights_file *weights)
{
    if (strcmp(segent_model_property(weights->model, "mean"), "0.485,0.456,0.406") != 0)
        print_numbers(weights, "mean", "mean", "");
    if (strcmp(segent_model_property(weights->model, "std"), "0.229,0.224,0.225") != 0)
        print_numbers(weights, "std", "std", "");
}

/* Prints which settings are from a file of JSON, if any is: "city.json: rates, size". */
static void print_settings_file(const weights_file *weights)
{
    const char *from = segent_model_property(weights->model, "from_settings_file");
    if (!from)
        return;
    print_clean_line("settings", weights->details.settings_file);
    print_numbers(weights, "", "from_settings_file", "");
}

static void print_model_text(const weights_file *weights)
{
    char used[DIGITS_SIZE], all[DIGITS_SIZE];
    const segent_model_details *details = &weights->details;
    if (*details->prefix)
        print_clean_line("prefix", details->prefix);
    printf("architecture  %s\n", details->architecture);
    printf("backbone      %s\n", details->backbone);
    printf("head          %s\n", details->head);
    if (*details->description)
        print_clean_line("description", details->description);
    printf("parameters    %s", digits_grouped(details->parameters, used));
    if (details->parameters_in_file != details->parameters)
        printf(" (%s in the file)", digits_grouped(details->parameters_in_file, all));
    putchar('\n');
    print_settings_file(weights);
    print_numbers(weights, "blocks", "blocks", "");
    print_numbers(weights, "width", "width", " channels");
    print_numbers(weights, "groups", "groups", "");
    print_numbers(weights, "output stride", "output_stride",
                  assumed_or_not(weights, "output_stride"));
    print_numbers(weights, "dilations", "rates", assumed_or_not(weights, "rates"));
    printf("trained at    shorter side %d\n", details->size);
    print_normalisation(weights);
    if (details->temperature != 1.0f)
        printf("temperature   %g\n", (double)details->temperature);
    printf("classes       %d\n", details->classes);
    for (int32_t id = 0; id < details->classes; id++) {
        char number[16];
        snprintf(number, sizeof(number), "  %5d", id);
        print_clean_line(number, segent_model_class_name(weights->model, id));
    }
}

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

/* Prints what the file's pickle names and the library gives no meaning to. */
static void print_opaque_text(const weights_file *weights)
{
    const int64_t count = segent_checkpoint_opaque_count(weights->checkpoint);
    for (int64_t i = 0; i < count; i++)
        print_clean_line(i == 0 ? "opaque" : "", segent_checkpoint_opaque(weights->checkpoint, i));
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
    print_clean_line("file", weights->path);
    printf("size          %s bytes\n", digits_grouped((int64_t)weights->bytes, number));
    printf("sha256        %s\n", weights->hashed ? weights->sha256 : "not available in this build");
    if (weights->published)
        print_published(weights->published);
    else if (weights->pretended)
        print_pretended(weights->pretended);
    printf("container     %s\n",
           segent_container_name(segent_checkpoint_container(weights->checkpoint)));
    printf("tensors       %s\n", digits_grouped(weights->tensors, number));
    print_places_text(weights);
    print_opaque_text(weights);
    if (weights->model)
        print_model_text(weights);
    if (with_tensors)
        print_tensors_text(weights);
}

static int64_t property_number(const weights_file *weights, const char *key)
{
    const char *number = segent_model_property(weights->model, key);
    return number ? strtol(number, NULL, 10) : 0;
}

/* A property of words as a list; an empty one if the model has no such property. */
static void json_words(sg_json *json, const weights_file *weights, const char *key)
{
    const char *words = segent_model_property(weights->model, key);
    json_open_list(json, key);
    while (words && *words) {
        const size_t length = strcspn(words, ",");
        char *word = text_join("%.*s", (int)length, words);
        json_text(json, NULL, word);
        free(word);
        words += length + (words[length] == ',');
    }
    json_close_list(json);
}

/* A property of numbers as a list; an empty one if the model has no such property. */
static void json_decimals(sg_json *json, const weights_file *weights, const char *key)
{
    const char *numbers = segent_model_property(weights->model, key);
    json_open_list(json, key);
    while (numbers && *numbers) {
        char *end;
        json_number(json, NULL, strtod(numbers, &end));
        numbers = *end == ',' ? end + 1 : "";
    }
    json_close_list(json);
}

/* The same of whole numbers. */
static void json_numbers(sg_json *json, const weights_file *weights, const char *key)
{
    const char *numbers = segent_model_property(weights->model, key);
    json_open_list(json, key);
    while (numbers && *numbers) {
        char *end;
        json_integer(json, NULL, strtol(numbers, &end, 10));
        numbers = *end == ',' ? end + 1 : "";
    }
    json_close_list(json);
}

static void print_model_json(sg_json *json, const weights_file *weights)
{
    const segent_model_details *details = &weights->details;
    json_text(json, "architecture", details->architecture);
    json_text(json, "backbone", details->backbone);
    json_text(json, "head", details->head);
    json_text(json, "prefix", details->prefix);
    json_text(json, "description", details->description);
    json_integer(json, "parameters", details->parameters);
    json_integer(json, "parameters_in_file", details->parameters_in_file);
    json_numbers(json, weights, "blocks");
    json_integer(json, "width", property_number(weights, "width"));
    json_integer(json, "output_stride", property_number(weights, "output_stride"));
    json_numbers(json, weights, "rates");
    json_open_list(json, "assumed");
    if (is_assumed(weights, "output_stride"))
        json_text(json, NULL, "output_stride");
    if (is_assumed(weights, "rates"))
        json_text(json, NULL, "rates");
    json_close_list(json);
    json_text(json, "settings_file", details->settings_file);
    json_words(json, weights, "from_settings_file");
    json_integer(json, "size", details->size);
    json_number(json, "temperature", (double)details->temperature);
    json_decimals(json, weights, "mean");
    json_decimals(json, weights, "std");
    json_integer(json, "classes", details->classes);
    json_open_list(json, "class_names");
    for (int32_t id = 0; id < details->classes; id++)
        json_text(json, NULL, segent_model_class_name(weights->model, id));
    json_close_list(json);
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
    json_integer(&json, "tensors", weights->tensors);
    print_places_json(&json, weights);
    print_opaque_json(&json, weights);
    json_boolean(&json, "usable", weights->model != NULL);
    if (weights->model)
        print_model_json(&json, weights);
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
    weights->details = segent_model_details_init();
    if (segent_model_from_checkpoint(context, weights->checkpoint, &options, &weights->model) ==
        SEGENT_OK)
        segent_model_info(weights->model, &weights->details);
    else
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
