/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "evaluate_report.h"

#include <math.h>
#include <stdio.h>

#include "console.h"
#include "json.h"

/* The measures of logits; those of probabilities are the first ones. */
static const segent_measure measures[] = {SEGENT_MEASURE_ENTROPY, SEGENT_MEASURE_TOP,
                                          SEGENT_MEASURE_MARGIN, SEGENT_MEASURE_ENERGY,
                                          SEGENT_MEASURE_MAXLOGIT};
enum { MEASURES = sizeof(measures) / sizeof(measures[0]) };

typedef struct report {
    segent_context *context;
    const segent_evaluation *evaluation;
    char *const *names;
    segent_figures figures;
} report;

/* The figures of a class. Ids are those of the evaluation, so that this cannot fail. */
static segent_class_figures class_of(const report *r, int32_t id)
{
    segent_class_figures figures = segent_class_figures_init();
    (void)segent_evaluation_class_figures(r->context, r->evaluation, id, &figures);
    return figures;
}

/* False: the measure needs logits, and there are none. */
static bool measure_of(const report *r, int i, segent_measure_figures *figures)
{
    *figures = segent_measure_figures_init();
    return segent_evaluation_measure_figures(r->context, r->evaluation, measures[i], figures) ==
           SEGENT_OK;
}

/* ---- JSON ---- */

static void print_json(const report *r)
{
    const segent_figures *figures = &r->figures;
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_integer(&json, "images", figures->images);
    json_integer(&json, "pixels", figures->pixels);
    json_integer(&json, "classes", figures->classes);
    json_integer(&json, "ignore", figures->ignore);
    json_number(&json, "temperature", (double)figures->temperature);
    json_number(&json, "pixel_accuracy", figures->pixel_accuracy);
    json_number(&json, "mean_iou", figures->mean_iou);
    json_number(&json, "ece", figures->ece);
    json_number(&json, "ace", figures->ace);
    json_number(&json, "brier", figures->brier);
    json_number(&json, "nll", figures->nll);
    json_open_list(&json, "per_class");
    for (int32_t id = 0; id < figures->classes; id++) {
        const segent_class_figures of = class_of(r, id);
        json_open_object(&json, NULL);
        json_integer(&json, "id", id);
        json_text(&json, "name", r->names[id]);
        json_integer(&json, "pixels", of.pixels);
        json_number(&json, "iou", of.iou);
        json_close_object(&json);
    }
    json_close_list(&json);
    json_open_object(&json, "measures");
    segent_measure_figures of;
    for (int i = 0; i < MEASURES && measure_of(r, i, &of); i++) {
        json_open_object(&json, segent_measure_name(measures[i]));
        json_number(&json, "auroc", of.auroc);
        json_number(&json, "aupr", of.aupr);
        json_number(&json, "fpr95", of.fpr95);
        json_number(&json, "aurc", of.aurc);
        json_number(&json, "eaurc", of.eaurc);
        json_close_object(&json);
    }
    json_close_object(&json);
    json_close_object(&json);
    json_end(&json);
}

/* ---- tables ---- */

static void print_figure(double value)
{
    if (isnan(value))
        printf("  %8s", "-");
    else
        printf("  %8.6f", value);
}

static void print_row(const char *name, double value)
{
    printf("  %-14s", name);
    print_figure(value);
    putchar('\n');
}

static void print_classes(const report *r)
{
    printf("\n    id        pixels   share       IoU  class\n");
    for (int32_t id = 0; id < r->figures.classes; id++) {
        const segent_class_figures of = class_of(r, id);
        if (isnan(of.iou))
            continue;
        printf("  %4d  %12lld  %4.1f %%", (int)id, (long long)of.pixels,
               100 * (double)of.pixels / (double)r->figures.pixels);
        print_figure(of.iou);
        printf("  ");
        console_print(r->names[id]);
        putchar('\n');
    }
}

static void print_measures(const report *r)
{
    segent_measure_figures of;
    printf("\n  %-10s  %8s  %8s  %8s  %8s  %8s\n", "measure", "AUROC", "AUPR", "FPR95", "AURC",
           "E-AURC");
    for (int i = 0; i < MEASURES && measure_of(r, i, &of); i++) {
        printf("  %-10s", segent_measure_name(measures[i]));
        print_figure(of.auroc);
        print_figure(of.aupr);
        print_figure(of.fpr95);
        print_figure(of.aurc);
        print_figure(of.eaurc);
        putchar('\n');
    }
}

static void print_text(const report *r)
{
    const segent_figures *figures = &r->figures;
    printf("%lld picture%s, %lld pixels", (long long)figures->images,
           figures->images == 1 ? "" : "s", (long long)figures->pixels);
    if (figures->ignore >= 0)
        printf(" (label %d left out)", (int)figures->ignore);
    putchar('\n');
    print_row("pixel accuracy", figures->pixel_accuracy);
    print_row("mean IoU", figures->mean_iou);
    print_row("ECE", figures->ece);
    print_row("ACE", figures->ace);
    print_row("Brier score", figures->brier);
    print_row("NLL", figures->nll);
    if (figures->pixels == 0)
        return;
    print_classes(r);
    print_measures(r);
}

/* ---- what is undefined ---- */

static void say_undefined(const segent_figures *figures)
{
    const char *detection = "so that AUROC, AUPR and FPR95 are undefined";
    if (figures->pixels == 0)
        console_say("no pixel counts, so that no figure is defined");
    else if (figures->pixel_accuracy == 1.0)
        console_say("every pixel is right, %s", detection);
    else if (figures->pixel_accuracy == 0.0)
        console_say("every pixel is wrong, %s", detection);
    if (isinf(figures->nll))
        console_say("the right class was impossible at some pixels, so that NLL is infinite");
}

bool evaluate_report(segent_context *context, const segent_evaluation *evaluation,
                     char *const *names, const sg_settings *settings)
{
    report r = {.context = context,
                .evaluation = evaluation,
                .names = names,
                .figures = segent_figures_init()};
    (void)segent_evaluation_figures(context, evaluation, &r.figures);
    if (settings->json)
        print_json(&r);
    else if (!settings->quiet)
        print_text(&r);
    if (!settings->quiet)
        say_undefined(&r.figures);
    return console_flush();
}
