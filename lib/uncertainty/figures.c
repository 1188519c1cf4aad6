/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Figures of what an evaluation has counted. Each goes over bins in a fixed order, so that the same
 * counts give the same digits. docs/evaluate.md has the formulas. */

#include <math.h>

#include "uncertainty/evaluation.h"

/* ---- all classes together ---- */

/* Intersection over union; NaN where nothing is labelled or predicted. */
static double iou_of(const sg_class_count *count)
{
    const int64_t united = count->labelled + count->predicted - count->both;
    return united > 0 ? (double)count->both / (double)united : NAN;
}

static double mean_iou(const segent_evaluation *evaluation)
{
    double sum = 0.0;
    int64_t classes = 0;
    for (int32_t c = 0; c < evaluation->classes; c++) {
        const double iou = iou_of(&evaluation->tally->classes[c]);
        if (isnan(iou))
            continue;
        sum += iou;
        classes++;
    }
    return classes > 0 ? sum / (double)classes : NAN;
}

static double expected_calibration_error(const sg_tally *tally)
{
    double sum = 0.0;
    for (int i = 0; i < SG_CALIBRATION_BINS; i++)
        sum += fabs((double)tally->bin_right[i] - sg_exact_value(&tally->bin_confidence[i]));
    return sum / (double)tally->pixels;
}

/* Pixels sorted by confidence, in 15 parts as numpy.array_split makes them: the first ones have one
 * pixel more if they do not come out even. */
typedef struct parts {
    int64_t pixels;
    int part;
    double room;              /* pixels that the part still takes */
    double right, confidence; /* of those that it has */
    double sum;               /* of |right - confidence| of the parts before */
} parts;

static double room_of(int64_t pixels, int part)
{
    const int64_t most = pixels / SG_CALIBRATION_BINS;
    return (double)(part < pixels % SG_CALIBRATION_BINS ? most + 1 : most);
}

/* Pixels of a bin are spread evenly where a part ends among them. */
static void fill_parts(void *user, uint32_t bin, const sg_bin *counts)
{
    parts *p = user;
    const double confidence = 1.0 - sg_share_of_key(bin);
    const double share =
        (double)counts->count[0] / ((double)counts->count[0] + (double)counts->count[1]);
    double left = (double)counts->count[0] + (double)counts->count[1];
    while (left > 0.0 && p->part < SG_CALIBRATION_BINS) {
        const double taken = left < p->room ? left : p->room;
        p->right += taken * share;
        p->confidence += taken * confidence;
        p->room -= taken;
        left -= taken;
        if (p->room > 0.0)
            continue;
        p->sum += fabs(p->right - p->confidence);
        p->right = p->confidence = 0.0;
        p->part++;
        p->room = room_of(p->pixels, p->part);
    }
}

static double adaptive_calibration_error(const segent_evaluation *evaluation)
{
    parts p = {.pixels = evaluation->tally->pixels};
    p.room = room_of(p.pixels, 0);
    sg_histogram_walk(&evaluation->histogram[SEGENT_MEASURE_TOP], true, fill_parts, &p);
    return p.sum / (double)p.pixels;
}

segent_status sg_evaluation_figures(segent_context *context, const segent_evaluation *evaluation,
                                    segent_figures *given)
{
    static const char name[] = "segent_evaluation_figures";
    segent_figures figures = segent_figures_init();
    if (!evaluation || !given)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       evaluation ? "figures" : "evaluation");
    const sg_tally *tally = evaluation->tally;
    const double pixels = (double)tally->pixels;
    figures.images = evaluation->images;
    figures.pixels = tally->pixels;
    figures.classes = evaluation->classes;
    figures.ignore = evaluation->ignore;
    figures.source = evaluation->source;
    figures.temperature = evaluation->temperature;
    figures.pixel_accuracy = figures.mean_iou = figures.ece = figures.ace = NAN;
    figures.brier = figures.nll = NAN;
    if (tally->pixels > 0) {
        figures.pixel_accuracy = (double)tally->right / pixels;
        figures.mean_iou = mean_iou(evaluation);
        figures.ece = expected_calibration_error(tally);
        figures.ace = adaptive_calibration_error(evaluation);
        figures.brier = sg_exact_value(&tally->brier) / pixels;
        figures.nll = tally->infinite > 0 ? INFINITY : sg_exact_value(&tally->nll) / pixels;
    }
    return sg_write_info(context, SG_STRUCT(segent_figures), given, &figures);
}

segent_status sg_evaluation_class_figures(segent_context *context,
                                          const segent_evaluation *evaluation, int32_t class_id,
                                          segent_class_figures *given)
{
    static const char name[] = "segent_evaluation_class_figures";
    segent_class_figures figures = segent_class_figures_init();
    if (!evaluation || !given)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       evaluation ? "figures" : "evaluation");
    if (class_id < 0 || class_id >= evaluation->classes)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: class %d, but there are %d classes", name, (int)class_id,
                       (int)evaluation->classes);
    const sg_class_count *count = &evaluation->tally->classes[class_id];
    figures.pixels = count->labelled;
    figures.predicted = count->predicted;
    figures.right = count->both;
    figures.iou = iou_of(count);
    return sg_write_info(context, SG_STRUCT(segent_class_figures), given, &figures);
}

/* ---- how well a measure finds wrong pixels ---- */

typedef struct curve {
    double right, wrong;             /* pixels in all */
    double right_above, wrong_above; /* in bins of more doubt than the current one */
    double auroc, aupr, fpr95;       /* sums so far; fpr95 below 0: not found yet */
} curve;

/* From the most doubt to the least: what is in a bin becomes positive at once. */
static void detect(void *user, uint32_t bin, const sg_bin *counts)
{
    curve *c = user;
    const double right = (double)counts->count[0], wrong = (double)counts->count[1];
    (void)bin;
    /* Wrong pixels above or, half, in the bin are doubted more than right ones of the bin. */
    c->auroc += right * (c->wrong_above + wrong / 2);
    c->right_above += right;
    c->wrong_above += wrong;
    c->aupr += wrong * c->wrong_above / (c->wrong_above + c->right_above);
    /* A quotient that is 0.95 exactly rounds to the same double as the constant. */
    if (c->fpr95 < 0.0 && c->wrong_above / c->wrong >= 0.95)
        c->fpr95 = c->right_above / c->right;
}

typedef struct acceptance {
    double taken, wrong; /* pixels of no more doubt than the current bin, and wrong ones of them */
    double sum;          /* of risks, one a pixel */
} acceptance;

/* From the least doubt to the most: what is in a bin is accepted at once. */
static void accept(void *user, uint32_t bin, const sg_bin *counts)
{
    acceptance *a = user;
    const double pixels = (double)counts->count[0] + (double)counts->count[1];
    (void)bin;
    a->taken += pixels;
    a->wrong += (double)counts->count[1];
    a->sum += pixels * a->wrong / a->taken;
}

/* 1 / (n + 1) + 1 / (n + 2) + ... + 1 / m. */
static double harmonic_between(int64_t n, int64_t m)
{
    enum { FEW = 4096 }; /* from here on the series below is exact to rounding */
    double sum = 0.0;
    for (; n < m && n < FEW; n++)
        sum += 1.0 / (double)(n + 1);
    if (n == m)
        return sum;
    const double a = (double)n, b = (double)m;
    return sum + log1p((b - a) / a) + (1 / b - 1 / a) / 2 - (1 / (b * b) - 1 / (a * a)) / 12;
}

/* Mean risk of the perfect order: all right pixels first. */
static double perfect_risk(int64_t right, int64_t pixels)
{
    const double sum = (double)(pixels - right) - (double)right * harmonic_between(right, pixels);
    return sum > 0.0 ? sum / (double)pixels : 0.0;
}

segent_status sg_evaluation_measure_figures(segent_context *context,
                                            const segent_evaluation *evaluation,
                                            segent_measure measure, segent_measure_figures *given)
{
    static const char name[] = "segent_evaluation_measure_figures";
    segent_measure_figures figures = segent_measure_figures_init();
    if (!evaluation || !given)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       evaluation ? "figures" : "evaluation");
    if (measure < 0 || measure >= SG_MEASURES)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown measure %d", name,
                       (int)measure);
    if (measure >= sg_evaluation_measures(evaluation))
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: %s needs logits, and this evaluation is one of probabilities", name,
                       segent_measure_name(measure));
    const sg_histogram *histogram = &evaluation->histogram[measure];
    const int64_t pixels = evaluation->tally->pixels, right = evaluation->tally->right;
    figures.auroc = figures.aupr = figures.fpr95 = figures.aurc = figures.eaurc = NAN;
    if (right > 0 && right < pixels) {
        curve c = {.right = (double)right, .wrong = (double)(pixels - right), .fpr95 = -1.0};
        sg_histogram_walk(histogram, true, detect, &c);
        figures.auroc = c.auroc / c.right / c.wrong;
        figures.aupr = c.aupr / c.wrong;
        figures.fpr95 = c.fpr95;
    }
    if (pixels > 0) {
        acceptance a = {0.0, 0.0, 0.0};
        sg_histogram_walk(histogram, false, accept, &a);
        figures.aurc = a.sum / (double)pixels;
        figures.eaurc = figures.aurc - perfect_risk(right, pixels);
    }
    return sg_write_info(context, SG_STRUCT(segent_measure_figures), given, &figures);
}
