/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "info_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "words.h"

void info_line(const char *title, const char *text)
{
    char *clean = text_join("%s", text);
    console_clean(clean);
    printf("%-12s  %s\n", title, clean);
    free(clean);
}

static segent_model_details details_of(const segent_model *model)
{
    segent_model_details details = segent_model_details_init();
    segent_model_info(model, &details);
    return details;
}

/* ---- text ---- */

/* Prints a property that is a list of numbers, such as "3,4,23,3", unless the model has none. */
static void print_numbers(const segent_model *model, const char *title, const char *key,
                          const char *unit)
{
    const char *numbers = segent_model_property(model, key);
    if (!numbers)
        return;
    printf("%-13s ", title);
    for (; *numbers; numbers++)
        fputs(*numbers == ',' ? ", " : (char[]){*numbers, '\0'}, stdout);
    printf("%s\n", unit);
}

/* Whether a property is one of those that another lists. */
static bool is_listed(const segent_model *model, const char *list, const char *key)
{
    const char *listed = segent_model_property(model, list);
    return listed && strstr(listed, key);
}

/* Says where the output stride or the rates are from, behind which this is printed. */
static const char *origin_of(const segent_model *model, const char *key)
{
    return is_listed(model, "assumed", key)              ? " (assumed: nothing tells it)"
           : is_listed(model, "read", key)               ? " (read from the file)"
           : is_listed(model, "from_settings_file", key) ? " (read from the file of settings)"
                                                         : " (given)";
}

/* Prints what pictures are normalised by, unless it is the usual. */
static void print_normalisation(const segent_model *model)
{
    if (strcmp(segent_model_property(model, "mean"), "0.485,0.456,0.406") != 0)
        print_numbers(model, "mean", "mean", "");
    if (strcmp(segent_model_property(model, "std"), "0.229,0.224,0.225") != 0)
        print_numbers(model, "std", "std", "");
}

/* Prints which settings are from a file of JSON, if any is: "city.json: rates, size". */
static void print_settings_file(const segent_model *model)
{
    const char *from = segent_model_property(model, "from_settings_file");
    if (!from)
        return;
    info_line("settings", details_of(model).settings_file);
    print_numbers(model, "", "from_settings_file", "");
}

/* Prints the names of the classes, behind their colours if the model has some. */
static void print_classes(const segent_model *model)
{
    const uint8_t *rgb = segent_model_palette(model, NULL);
    const int32_t classes = details_of(model).classes;
    printf("classes       %d\n", classes);
    for (int32_t id = 0; id < classes; id++) {
        char number[16], colour[COLOUR_SIZE] = "";
        snprintf(number, sizeof(number), "  %5d", id);
        if (rgb)
            colour_text(rgb + 3 * id, colour);
        char *line =
            text_join("%s%s%s", colour, rgb ? "  " : "", segent_model_class_name(model, id));
        info_line(number, line);
        free(line);
    }
}

void info_model_text(const segent_model *model)
{
    char used[DIGITS_SIZE], all[DIGITS_SIZE];
    const segent_model_details own = details_of(model), *details = &own;
    if (*details->prefix)
        info_line("prefix", details->prefix);
    printf("architecture  %s\n", details->architecture);
    printf("backbone      %s\n", details->backbone);
    printf("head          %s\n", details->head);
    if (*details->description)
        info_line("description", details->description);
    printf("parameters    %s", digits_grouped(details->parameters, used));
    if (details->parameters_in_file != details->parameters)
        printf(" (%s in the file)", digits_grouped(details->parameters_in_file, all));
    putchar('\n');
    print_settings_file(model);
    print_numbers(model, "blocks", "blocks", "");
    print_numbers(model, "width", "width", " channels");
    print_numbers(model, "groups", "groups", "");
    print_numbers(model, "output stride", "output_stride", origin_of(model, "output_stride"));
    print_numbers(model, "dilations", "rates", origin_of(model, "rates"));
    printf("trained at    shorter side %d\n", details->size);
    print_normalisation(model);
    if (details->temperature != 1.0f)
        printf("temperature   %g\n", (double)details->temperature);
    if (segent_model_property(model, "precision_error"))
        printf("undecided     below a margin of %s\n",
               segent_model_property(model, "precision_error"));
    print_classes(model);
}

/* ---- JSON ---- */

static int64_t property_number(const segent_model *model, const char *key)
{
    const char *number = segent_model_property(model, key);
    return number ? strtol(number, NULL, 10) : 0;
}

/* A property of words as a list; an empty one if the model has no such property. */
static void json_words(sg_json *json, const segent_model *model, const char *key)
{
    const char *words = segent_model_property(model, key);
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
static void json_decimals(sg_json *json, const segent_model *model, const char *key)
{
    const char *numbers = segent_model_property(model, key);
    json_open_list(json, key);
    while (numbers && *numbers) {
        char *end;
        json_number(json, NULL, strtod(numbers, &end));
        numbers = *end == ',' ? end + 1 : "";
    }
    json_close_list(json);
}

/* The same of whole numbers. */
static void json_numbers(sg_json *json, const segent_model *model, const char *key)
{
    const char *numbers = segent_model_property(model, key);
    json_open_list(json, key);
    while (numbers && *numbers) {
        char *end;
        json_integer(json, NULL, strtol(numbers, &end, 10));
        numbers = *end == ',' ? end + 1 : "";
    }
    json_close_list(json);
}

/* The colours of the classes; an empty list if the model has none. */
static void json_palette(sg_json *json, const segent_model *model)
{
    char colour[COLOUR_SIZE];
    int64_t count;
    const uint8_t *rgb = segent_model_palette(model, &count);
    json_open_list(json, "palette");
    for (int64_t id = 0; id < count; id++)
        json_text(json, NULL, colour_text(rgb + 3 * id, colour));
    json_close_list(json);
}

void info_model_json(sg_json *json, const segent_model *model)
{
    const segent_model_details own = details_of(model), *details = &own;
    json_text(json, "architecture", details->architecture);
    json_text(json, "backbone", details->backbone);
    json_text(json, "head", details->head);
    json_text(json, "prefix", details->prefix);
    json_text(json, "description", details->description);
    json_integer(json, "parameters", details->parameters);
    json_integer(json, "parameters_in_file", details->parameters_in_file);
    json_numbers(json, model, "blocks");
    json_integer(json, "width", property_number(model, "width"));
    if (segent_model_property(model, "groups"))
        json_integer(json, "groups", property_number(model, "groups"));
    json_integer(json, "output_stride", property_number(model, "output_stride"));
    json_numbers(json, model, "rates");
    json_words(json, model, "assumed");
    json_words(json, model, "read");
    json_text(json, "settings_file", details->settings_file);
    json_words(json, model, "from_settings_file");
    json_integer(json, "size", details->size);
    json_number(json, "temperature", (double)details->temperature);
    if (segent_model_property(model, "precision_error"))
        json_number(json, "precision_error",
                    strtod(segent_model_property(model, "precision_error"), NULL));
    json_decimals(json, model, "mean");
    json_decimals(json, model, "std");
    json_integer(json, "classes", details->classes);
    json_open_list(json, "class_names");
    for (int32_t id = 0; id < details->classes; id++)
        json_text(json, NULL, segent_model_class_name(model, id));
    json_close_list(json);
    json_palette(json, model);
}
