/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "report.h"

#include <stdlib.h>

#include "console.h"

enum { CLASSES_SHOWN = 6 };

static void print_text(const sg_analysis *analysis, const sg_settings *settings,
                       const int32_t *present, int32_t count)
{
    const segent_entropy_summary *summary = &analysis->summary;
    console_print(analysis->input);
    printf("  %d x %d\n", analysis->width, analysis->height);
    printf("  entropy  sum %.3f, mean %.6f, max %.4f (sum in nats %.3f)\n", summary->sum,
           summary->mean, summary->maximum, summary->sum_nats);
    if (settings->verbose && summary->undecided_below > 0.0)
        printf("  undecided  %.4f %% of the pixels, whose margin is below %g\n",
               100 * analysis_undecided(analysis), summary->undecided_below);
    printf("  classes  ");
    for (int32_t i = 0; i < count && i < CLASSES_SHOWN; i++) {
        fputs(i > 0 ? ", " : "", stdout);
        console_print(analysis->class_names[present[i]]);
        printf(" %.1f %%", 100 * analysis_share(analysis, present[i]));
    }
    if (count > CLASSES_SHOWN)
        printf(", + %d more", count - CLASSES_SHOWN);
    putchar('\n');
    const char *before = "  files    ";
    for (int kind = 0; kind < SAVE_COUNT; kind++) {
        if (!analysis->files[kind])
            continue;
        fputs(before, stdout);
        console_print(analysis->files[kind]);
        before = "\n           ";
    }
    if (settings->save)
        putchar('\n');
}

static void print_classes(sg_json *json, const sg_analysis *analysis)
{
    json_open_list(json, "per_class");
    for (int32_t id = 0; id < analysis->classes; id++) {
        const segent_class_statistics *statistics = &analysis->statistics[id];
        if (statistics->pixels == 0)
            continue;
        json_open_object(json, NULL);
        json_integer(json, "id", id);
        json_text(json, "name", analysis->class_names[id]);
        json_integer(json, "pixels", statistics->pixels);
        json_number(json, "fraction", analysis_share(analysis, id));
        json_number(json, "entropy_mean", statistics->entropy_mean);
        json_close_object(json);
    }
    json_close_list(json);
}

void report_json_model(sg_json *json, const sg_report_model *model)
{
    if (!model->path)
        return;
    json_open_object(json, "model");
    json_text(json, "path", model->path);
    json_text(json, "architecture", model->architecture);
    json_integer(json, "parameters", model->parameters);
    json_close_object(json);
}

static void print_seconds(sg_json *json, const sg_seconds *seconds, bool with_model)
{
    json_open_object(json, "seconds");
    if (with_model)
        json_number(json, "load", seconds->load);
    json_number(json, "decode", seconds->decode);
    if (with_model) {
        json_number(json, "preprocess", seconds->preprocess);
        json_number(json, "network", seconds->network);
    }
    json_number(json, "head", seconds->head);
    json_number(json, "write", seconds->write);
    json_number(json, "total", seconds->total);
    json_close_object(json);
}

char *report_json(const sg_analysis *analysis, const sg_report_model *model)
{
    char *text = NULL;
    size_t size = 0;
    sg_json json = {.file = open_memstream(&text, &size)};
    if (!json.file)
        out_of_memory();
    json_open_object(&json, NULL);
    json_text(&json, "image", analysis->input);
    json_integer(&json, "width", analysis->width);
    json_integer(&json, "height", analysis->height);
    json_integer(&json, "classes", analysis->classes);
    json_number(&json, "entropy_sum", analysis->summary.sum);
    json_number(&json, "entropy_mean", analysis->summary.mean);
    json_number(&json, "entropy_sum_nats", analysis->summary.sum_nats);
    json_number(&json, "entropy_max", analysis->summary.maximum);
    json_number(&json, "undecided", analysis_undecided(analysis));
    print_classes(&json, analysis);
    json_open_object(&json, "files");
    for (int kind = 0; kind < SAVE_COUNT; kind++) {
        if (analysis->files[kind])
            json_text(&json, save_name(kind), analysis->files[kind]);
    }
    json_close_object(&json);
    report_json_model(&json, model);
    print_seconds(&json, &analysis->seconds, model->path != NULL);
    json_close_object(&json);
    if (fclose(json.file) != 0)
        out_of_memory();
    return text;
}

bool report_analysis(const sg_analysis *analysis, const sg_report_model *model, const char *json,
                     const sg_settings *settings)
{
    if (settings->json) {
        char *made = json ? NULL : report_json(analysis, model);
        printf("%s\n", json ? json : made);
        free(made);
    } else if (!settings->quiet) {
        int32_t *present = memory_need((size_t)analysis->classes, sizeof(*present));
        print_text(analysis, settings, present, analysis_present(analysis, present));
        free(present);
    }
    return console_flush();
}

bool report_kept(const char *input, const char *json, const sg_settings *settings)
{
    if (settings->json) {
        printf("%s\n", json);
    } else if (!settings->quiet) {
        console_print(input);
        printf("  kept: the result of an earlier run\n%s", settings->save ? "\n" : "");
    }
    return console_flush();
}
