/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* One picture into an evaluation.
 *
 * First all rows, in parallel: each thread has a tally of its own, and every pixel leaves a mark
 * for each measure. Then the histograms, a measure to a thread, so that none is written to by two.
 * Until nothing can go wrong any more, the evaluation is as it was. */

#include <math.h>
#include <string.h>

#include "uncertainty/evaluation.h"

static const char name[] = "segent_evaluation_add";

/* Rows of a band; blocks of a tile beside those of an interpolation. */
enum { BAND_ROWS = 32, OWN_BLOCKS = 1 };

/* Below this, exp is 0 in float32. */
static const float exponent_low = -150.0f;
/* How far from 1 the sum of a pixel's probabilities may be. */
static const double tolerance = 1e-3;

typedef struct adding {
    segent_evaluation *evaluation;
    segent_label_view labels;
    segent_tensor_view values;
    sg_interpolation interpolation;
    float scale;            /* 1 / temperature */
    double per_log_classes; /* 1 / log C; 0 with one class */
    int64_t pixels;         /* of the picture, ignored ones included */
    sg_mark *marks;         /* all pixels of the first measure, then those of the second, ... */
    char *tallies;
    size_t tally_size;
} adding;

static sg_tally *tally_of(const adding *job, int32_t thread)
{
    return (sg_tally *)(void *)(job->tallies + (size_t)thread * job->tally_size);
}

/* ---- a pixel ---- */

/* What a tile's pixels are judged by. With logits, and d_c = (z_c - max z) / T, sums are over all
 * classes but the predicted one, whose d is 0: small ones keep their digits, which they would lose
 * beside the 1 of exp(0). */
typedef struct softness {
    double other[SG_BLOCK_PIXELS];   /* sum of exp(d) */
    double square[SG_BLOCK_PIXELS];  /* sum of exp(2 d) */
    double product[SG_BLOCK_PIXELS]; /* sum of -d exp(d) */
    float second[SG_BLOCK_PIXELS];   /* largest of exp(d) */
} softness;

/* A pixel's measures and scores. */
typedef struct verdict {
    double measure[SG_MEASURES];
    double confidence, brier, nll;
} verdict;

static int bin_of_confidence(double confidence)
{
    const double bins = SG_CALIBRATION_BINS;
    int bin = (int)ceil(confidence * bins) - 1;
    bin = bin < 0 ? 0 : bin >= SG_CALIBRATION_BINS ? SG_CALIBRATION_BINS - 1 : bin;
    /* (bin / 15, (bin + 1) / 15], whichever way the product was rounded. */
    if (bin > 0 && confidence <= bin / bins)
        bin--;
    else if (bin < SG_CALIBRATION_BINS - 1 && confidence > (bin + 1) / bins)
        bin++;
    return bin;
}

static void count(sg_tally *tally, const verdict *of, int32_t labelled, int32_t predicted)
{
    const int bin = bin_of_confidence(of->confidence);
    const int64_t right = labelled == predicted;
    tally->pixels++;
    tally->right += right;
    tally->classes[labelled].labelled++;
    tally->classes[predicted].predicted++;
    tally->classes[labelled].both += right;
    tally->bin_pixels[bin]++;
    tally->bin_right[bin] += right;
    sg_exact_add(&tally->bin_confidence[bin], of->confidence);
    sg_exact_add(&tally->brier, of->brier);
    if (isfinite(of->nll))
        sg_exact_add(&tally->nll, of->nll < SG_EXACT_MAX ? of->nll : SG_EXACT_MAX);
    else
        tally->infinite++;
}

/* The marks of a pixel at `place` of the picture. */
static void mark(const adding *job, int64_t place, const verdict *of, bool wrong)
{
    const int measures = sg_evaluation_measures(job->evaluation);
    for (int i = 0; i < measures; i++) {
        const float value = (float)of->measure[i];
        const uint32_t key =
            i <= SEGENT_MEASURE_MARGIN ? sg_key_of_share(value) : sg_key_of_value(value);
        job->marks[i * job->pixels + place] = key << 1 | wrong;
    }
}

static void mark_ignored(const adding *job, int64_t place)
{
    const int measures = sg_evaluation_measures(job->evaluation);
    for (int i = 0; i < measures; i++)
        job->marks[i * job->pixels + place] = SG_MARK_NONE;
}

/* ---- from logits ---- */

/* Leaves exp(d) in the tile's block, 0 for the predicted class, and the logits in `logits`. Returns
 * the first pixel at which no class is possible, or -1. */
static int64_t soften(const adding *job, sg_stretched_tile *t, float *logits, softness *soft)
{
    const int64_t classes = job->values.channels, width = job->interpolation.workspace.width;
    _Alignas(64) float sum[SG_BLOCK_PIXELS];
    memcpy(logits, t->block, (size_t)(classes * width) * sizeof(float));
    job->interpolation.kernels->exponential(t->block, width, t->pixels, classes, t->maximum,
                                            job->scale, sum);
    const int64_t bad = sg_first_nan(sum, t->pixels);
    if (bad >= 0)
        return bad;
    memset(soft, 0, sizeof(*soft));
    for (int64_t j = 0; j < t->pixels; j++)
        t->block[t->label[j] * width + j] = 0.0f;
    for (int64_t c = 0; c < classes; c++) {
        const float *e = t->block + c * width, *z = logits + c * width;
        for (int64_t j = 0; j < t->pixels; j++) {
            const float d = (z[j] - t->maximum[j]) * job->scale;
            const float finite = d > exponent_low ? d : exponent_low;
            soft->other[j] += (double)e[j];
            soft->square[j] += (double)(e[j] * e[j]);
            soft->product[j] -= (double)(finite * e[j]);
            soft->second[j] = e[j] > soft->second[j] ? e[j] : soft->second[j];
        }
    }
    return -1;
}

static verdict judge_logits(const adding *job, const sg_stretched_tile *t, const float *logits,
                            const softness *soft, int64_t j, int32_t labelled)
{
    const int64_t at = labelled * job->interpolation.workspace.width + j;
    const bool right = t->label[j] == labelled;
    const double sum = 1.0 + soft->other[j], log_sum = log1p(soft->other[j]);
    const double temperature = (double)job->evaluation->temperature;
    const double largest = (double)t->maximum[j], own = right ? 1.0 : (double)t->block[at];
    const double missing = right ? soft->other[j] : sum - own;
    const double squares = right ? soft->square[j] : soft->square[j] + 1.0 - own * own;
    const double entropy = (log_sum + soft->product[j] / sum) * job->per_log_classes;
    return (verdict){
        .measure = {entropy, soft->other[j] / sum, (soft->other[j] + (double)soft->second[j]) / sum,
                    -(largest + temperature * log_sum), -largest},
        .confidence = 1.0 / sum,
        .brier = (squares + missing * missing) / (sum * sum),
        .nll = log_sum + (right ? 0.0 : (largest - (double)logits[at]) * (double)job->scale)};
}

/* ---- from probabilities ---- */

static bool is_distribution(const adding *job, const sg_stretched_tile *t, int64_t j)
{
    double sum = 0.0;
    bool inside = true;
    for (int64_t c = 0; c < job->values.channels; c++) {
        const float p = t->block[c * job->interpolation.workspace.width + j];
        inside &= p >= 0.0f && p <= 1.0f;
        sum += (double)p;
    }
    return inside && fabs(sum - 1.0) <= tolerance;
}

static verdict judge_probabilities(const adding *job, const sg_stretched_tile *t, int64_t j,
                                   int32_t labelled)
{
    const double top = (double)t->maximum[j];
    double entropy = 0.0, second = 0.0, brier = 0.0, own = 0.0;
    for (int64_t c = 0; c < job->values.channels; c++) {
        const double p = (double)t->block[c * job->interpolation.workspace.width + j];
        if (p > 0.0)
            entropy -= p * log(p);
        if (c != t->label[j] && p > second)
            second = p;
        if (c == labelled)
            own = p;
        brier += c == labelled ? (1.0 - p) * (1.0 - p) : p * p;
    }
    return (verdict){.measure = {entropy * job->per_log_classes, 1.0 - top,
                                 job->values.channels > 1 ? 1.0 - (top - second) : 0.0},
                     .confidence = top,
                     .brier = brier,
                     .nll = own > 0.0 ? -log(own) : INFINITY};
}

/* ---- a picture ---- */

/* A tile of row y; returns its first bad pixel, or -1. */
static int64_t do_tile(const adding *job, sg_stretched_tile *t, int64_t y, float *logits)
{
    const segent_evaluation *evaluation = job->evaluation;
    const bool from_logits = evaluation->source == SEGENT_SOURCE_LOGITS;
    sg_tally *tally = tally_of(job, t->thread);
    softness soft;
    sg_interpolate(&job->interpolation, t, y, true);
    const int64_t bad = from_logits ? soften(job, t, logits, &soft) : -1;
    if (bad >= 0)
        return bad;
    for (int64_t j = 0; j < t->pixels; j++) {
        const int32_t labelled = sg_label_at(&job->labels, y, t->x + j);
        const int64_t place = y * job->labels.width + t->x + j;
        if (!from_logits && !is_distribution(job, t, j))
            return j;
        if (labelled == evaluation->ignore) {
            mark_ignored(job, place);
            continue;
        }
        if (labelled >= evaluation->classes)
            return j;
        const verdict of = from_logits ? judge_logits(job, t, logits, &soft, j, labelled)
                                       : judge_probabilities(job, t, j, labelled);
        count(tally, &of, labelled, t->label[j]);
        mark(job, place, &of, labelled != t->label[j]);
    }
    return -1;
}

static void do_band(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    adding *job = argument;
    sg_stretched_tile t = sg_stretched_tile_begin(&job->interpolation, thread);
    float *logits = sg_stretched_tile_block(&job->interpolation, &t, 0);
    while (sg_stretched_tile_next(&job->interpolation, &t)) {
        for (int64_t y = begin; y < end; y++) {
            const int64_t bad = do_tile(job, &t, y, logits);
            if (bad >= 0)
                sg_workspace_fault(&job->interpolation.workspace, thread,
                                   y * job->labels.width + t.x + bad);
        }
    }
}

static void want_pages(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    adding *job = argument;
    (void)thread;
    for (int64_t i = begin; i < end; i++)
        sg_histogram_want(&job->evaluation->histogram[i], job->marks + i * job->pixels,
                          job->pixels);
}

static void add_to_histograms(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    adding *job = argument;
    (void)thread;
    for (int64_t i = begin; i < end; i++)
        sg_histogram_add(&job->evaluation->histogram[i], job->marks + i * job->pixels, job->pixels);
}

/* Names what is wrong with the first bad pixel. */
static segent_status refuse(segent_context *context, const adding *job, int64_t pixel)
{
    const segent_evaluation *evaluation = job->evaluation;
    const int64_t y = pixel / job->labels.width, x = pixel % job->labels.width;
    const int32_t label = sg_label_at(&job->labels, y, x);
    if (label >= evaluation->classes && label != evaluation->ignore)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: label %d at (y, x) = (%lld, %lld), but there are %d classes", name,
                       (int)label, (long long)y, (long long)x, (int)evaluation->classes);
    if (evaluation->source == SEGENT_SOURCE_PROBABILITIES)
        return sg_fail_probabilities(context, name, &job->values, pixel, true);
    return sg_fail_interpolated(context, name, &job->interpolation, pixel);
}

/* All that can go wrong. */
static segent_status look(segent_context *context, adding *job)
{
    segent_evaluation *evaluation = job->evaluation;
    segent_status status = SEGENT_OK;
    if (evaluation->source == SEGENT_SOURCE_LOGITS)
        status = sg_interpolation_check(context, name, &job->interpolation);
    if (status != SEGENT_OK)
        return status;
    sg_parallel_for(context->pool, job->labels.height, BAND_ROWS, do_band, job);
    const int64_t bad = sg_workspace_first_fault(&job->interpolation.workspace);
    if (bad >= 0)
        return refuse(context, job, bad);
    for (int32_t i = 1; i < sg_pool_threads(context->pool); i++)
        sg_tally_merge(tally_of(job, 0), tally_of(job, i), evaluation->classes);
    if (!sg_evaluation_fits(evaluation, 1, tally_of(job, 0)->pixels))
        return sg_fail(context, SEGENT_ERROR_LIMIT, "%s: more than 2^53 pictures or pixels", name);
    const int measures = sg_evaluation_measures(evaluation);
    sg_parallel_for(context->pool, measures, 1, want_pages, job);
    for (int i = 0; i < measures; i++) {
        if (!sg_histogram_reserve(&evaluation->allocator, &evaluation->histogram[i]))
            return sg_fail_memory(context, "counts of an evaluation", sizeof(sg_page));
    }
    return SEGENT_OK;
}

static segent_status check(segent_context *context, adding *job, const segent_label_view *labels,
                           const segent_tensor_view *values)
{
    const segent_evaluation *evaluation = job->evaluation;
    const bool from_logits = evaluation->source == SEGENT_SOURCE_LOGITS;
    const sg_view_check as_values = {context, name, from_logits ? "logits" : "probabilities",
                                     false};
    segent_status status =
        sg_check_labels((sg_view_check){context, name, "labels", false}, labels, 1, &job->labels);
    if (status == SEGENT_OK)
        status = sg_check_tensor(as_values, values, &job->values);
    if (status == SEGENT_OK && job->values.channels != evaluation->classes)
        status = sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                         "%s: %s of %lld channels, but the evaluation has %d classes", name,
                         as_values.what, (long long)job->values.channels, (int)evaluation->classes);
    if (status == SEGENT_OK)
        status = sg_check_interpolated(context, name, &job->values);
    if (status == SEGENT_OK && !from_logits)
        status = sg_check_same_size(as_values, job->values.height, job->values.width,
                                    job->labels.height, job->labels.width);
    return status;
}

static segent_status prepare(segent_context *context, adding *job)
{
    const segent_evaluation *evaluation = job->evaluation;
    const size_t threads = (size_t)sg_pool_threads(context->pool);
    const size_t measures = (size_t)sg_evaluation_measures(evaluation);
    job->pixels = job->labels.height * job->labels.width;
    job->scale = sg_scale_of_temperature(evaluation->temperature);
    job->per_log_classes = evaluation->classes > 1 ? 1.0 / log((double)evaluation->classes) : 0.0;
    job->tally_size = sg_tally_size(evaluation->classes);
    const segent_status status =
        sg_interpolation_create(context, &job->values, job->labels.height, job->labels.width,
                                OWN_BLOCKS, &job->interpolation);
    if (status != SEGENT_OK)
        return status;
    job->tallies = sg_scratch_take(context, SG_SCRATCH_COUNTS, threads, job->tally_size);
    if (!job->tallies)
        return sg_fail_memory(context, "counts of an evaluation", threads * job->tally_size);
    memset(job->tallies, 0, threads * job->tally_size);
    job->marks = (uint64_t)job->pixels > SIZE_MAX / measures
                     ? NULL
                     : sg_scratch_take(context, SG_SCRATCH_MARKS, (size_t)job->pixels * measures,
                                       sizeof(*job->marks));
    return job->marks ? SEGENT_OK
                      : sg_fail_memory(context, "an evaluation's pixels",
                                       (size_t)job->pixels * measures * sizeof(*job->marks));
}

segent_status sg_evaluation_add(segent_context *context, segent_evaluation *evaluation,
                                const segent_label_view *labels, const segent_tensor_view *values)
{
    adding job = {.evaluation = evaluation};
    if (!evaluation)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: evaluation is NULL", name);
    segent_status status = check(context, &job, labels, values);
    if (status == SEGENT_OK)
        status = prepare(context, &job);
    if (status == SEGENT_OK)
        status = look(context, &job);
    if (status != SEGENT_OK)
        return status;
    sg_tally_merge(evaluation->tally, tally_of(&job, 0), evaluation->classes);
    sg_parallel_for(context->pool, sg_evaluation_measures(evaluation), 1, add_to_histograms, &job);
    evaluation->images++;
    return SEGENT_OK;
}
