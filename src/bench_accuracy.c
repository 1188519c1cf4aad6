/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent bench --accuracy: each picture goes through the network twice, as the command line asks
 * and with the exact engine in float32, and the maps of the two are compared. Of a picture that is
 * done only its two mean entropies stay. */

#include "bench_accuracy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "accuracy.h"
#include "console.h"
#include "input.h"
#include "json.h"
#include "model_options.h"
#include "picture.h"
#include "progress.h"
#include "report.h"
#include "session.h"
#include "words.h"

/* Maps of one picture, owned; each has room for `room` pixels. */
typedef struct owned_maps {
    uint16_t *labels;
    float *entropy;
    double *margin;
    double entropy_mean;
    size_t room;
} owned_maps;

typedef struct accuracy_job {
    const sg_settings *settings;
    segent_context *context;
    segent_model *model; /* of the precision that is asked for */
    segent_model *exact; /* of float32: the same one, or another of the same file */
    segent_model_details details;
    char *model_path;
    owned_maps reference, other;
    float *logits; /* room for the two largest logits of each pixel of a picture */
    size_t logits_room;
    sg_names pictures;
    size_t *done; /* of the pictures that are compared, their places in the list */
    sg_accuracy accuracy;
    sg_progress progress;
} accuracy_job;

static bool load_model(accuracy_job *job)
{
    job->model_path = session_find_model(job->settings);
    if (!job->model_path)
        return false;
    char *text; /* what the command line says of the model, for the library */
    segent_model_options options = model_options(job->settings, &text);
    segent_status status = segent_model_load(job->context, job->model_path, &options, &job->model);
    job->details = segent_model_details_init();
    if (status == SEGENT_OK)
        status = segent_model_info(job->model, &job->details);
    job->exact = job->model;
    if (status == SEGENT_OK && options.precision != SEGENT_PRECISION_F32) {
        options.precision = SEGENT_PRECISION_F32;
        job->exact = NULL;
        status = segent_model_load(job->context, job->model_path, &options, &job->exact);
    }
    if (status != SEGENT_OK)
        console_fail(job->model_path, segent_last_error(job->context));
    free(text);
    return status == SEGENT_OK;
}

/* ---- one picture ---- */

/* Writes the largest logit minus the second largest of each pixel to `margin`. It is rounded to
 * nothing shorter than the logits, whose errors may be of the last bits. `two` is room for two
 * values a pixel. */
static void take_margin(const float *logits, int32_t classes, size_t pixels, float *two,
                        double *margin)
{
    float *first = two, *second = two + pixels;
    for (size_t i = 0; i < pixels; i++) {
        first[i] = logits[i];
        second[i] = -INFINITY;
    }
    for (int32_t c = 1; c < classes; c++) {
        const float *values = logits + (size_t)c * pixels;
        for (size_t i = 0; i < pixels; i++) {
            const float value = values[i], largest = first[i];
            const float lower = value < largest ? value : largest;
            second[i] = lower > second[i] ? lower : second[i];
            first[i] = value > largest ? value : largest;
        }
    }
    for (size_t i = 0; i < pixels; i++)
        margin[i] = (double)first[i] - (double)second[i];
}

static void take_labels(const segent_result *result, size_t pixels, uint16_t *labels)
{
    const void *from = segent_result_labels(result);
    const bool bytes = segent_result_label_type(result) == SEGENT_LABEL_U8;
    for (size_t i = 0; i < pixels; i++)
        labels[i] = bytes ? ((const uint8_t *)from)[i] : ((const uint16_t *)from)[i];
}

static void make_room(owned_maps *maps, size_t pixels)
{
    if (pixels <= maps->room)
        return;
    maps->labels = memory_grow(maps->labels, pixels, sizeof(*maps->labels));
    maps->entropy = memory_grow(maps->entropy, pixels, sizeof(*maps->entropy));
    maps->margin = memory_grow(maps->margin, pixels, sizeof(*maps->margin));
    maps->room = pixels;
}

/* Copies what is compared out of a result, which is large because of its logits. */
static void take(accuracy_job *job, const segent_result *result, size_t pixels, owned_maps *maps)
{
    const float *entropy = segent_result_entropy(result);
    segent_entropy_summary summary = segent_entropy_summary_init();
    make_room(maps, pixels);
    if (pixels > job->logits_room) {
        job->logits = memory_grow(job->logits, pixels, 2 * sizeof(*job->logits));
        job->logits_room = pixels;
    }
    take_labels(result, pixels, maps->labels);
    for (size_t i = 0; i < pixels; i++)
        maps->entropy[i] = entropy[i];
    take_margin(segent_result_logits(result), segent_result_classes(result), pixels, job->logits,
                maps->margin);
    segent_result_summary(result, &summary);
    maps->entropy_mean = summary.mean;
}

/* Runs the network on a picture. Returns how many pixels the maps have; 0: it failed, already said,
 * or was interrupted. */
static size_t run_once(accuracy_job *job, const char *path, const segent_image *image,
                       const segent_model *model, segent_engine engine, owned_maps *maps)
{
    segent_result *result = NULL;
    segent_run_options options = segent_run_options_init();
    options.engine = engine;
    options.keep = SEGENT_KEEP_LOGITS;
    options.progress = progress_report;
    options.progress_user = &job->progress;
    const segent_status status = segent_run(job->context, model, image, &options, &result);
    if (status != SEGENT_OK) {
        if (status != SEGENT_ERROR_CANCELLED)
            console_fail(input_name(path), segent_last_error(job->context));
        return 0;
    }
    const size_t pixels =
        (size_t)segent_result_width(result) * (size_t)segent_result_height(result);
    take(job, result, pixels, maps);
    segent_result_destroy(result);
    return pixels;
}

static sg_accuracy_maps borrowed(const owned_maps *maps)
{
    return (sg_accuracy_maps){maps->labels, maps->entropy, maps->margin, maps->entropy_mean};
}

/* False: the picture failed, already said, or was interrupted. */
static bool compare(accuracy_job *job, size_t index)
{
    const char *path = job->pictures.names[index];
    segent_image *image = NULL;
    progress_next(&job->progress, path);
    if (picture_load(job->context, job->settings, path, &image) != SEGENT_OK)
        return false;
    size_t pixels = run_once(job, path, image, job->exact, SEGENT_ENGINE_EXACT, &job->reference);
    if (pixels > 0)
        pixels = run_once(job, path, image, job->model, job->settings->engine, &job->other);
    segent_image_destroy(image);
    if (pixels == 0)
        return false;
    const sg_accuracy_maps reference = borrowed(&job->reference), other = borrowed(&job->other);
    job->done[job->accuracy.count] = index;
    accuracy_add(&job->accuracy, &reference, &other, pixels);
    return true;
}

/* ---- the report ---- */

static const char *worst_picture(const accuracy_job *job)
{
    return input_name(job->pictures.names[job->done[job->accuracy.worst]]);
}

/* The error to note with the model, if there is one. */
static void print_setting(const sg_accuracy_figures *figures)
{
    if (figures->precision_error > 0.0 && isfinite(figures->precision_error))
        printf("A run counts pixels of a smaller margin as undecided with this in MODEL.json:\n"
               "  \"precision_error\": %g\n",
               figures->precision_error);
}

static void print_text(const accuracy_job *job, const sg_accuracy_figures *figures)
{
    char *engine = choice_word(ENGINES, job->settings->engine), digits[DIGITS_SIZE];
    console_print(job->model_path);
    printf(" (%s), engine %s in %s against exact in float32, kernels %s\n",
           job->details.architecture, engine, segent_precision_name(job->settings->precision),
           segent_model_property(job->model, "kernels"));
    free(engine);
    const size_t count = job->accuracy.count;
    printf("%zu picture%s, %s pixels\n", count, count == 1 ? "" : "s",
           digits_grouped(job->accuracy.pixels, digits));
    printf("  labels equal        %.5f %%, in the worst picture %.5f %% (",
           100 * figures->labels_equal, 100 * job->accuracy.worst_equal);
    console_print(worst_picture(job));
    printf(")\n  entropy of a pixel  off by %.2e on average, %.2e at most\n", figures->entropy_mean,
           figures->entropy_largest);
    printf("  mean of a picture   off by %.2e of it on average, %.2e at most; within 1 %% for "
           "%.2f %% of the pictures\n",
           figures->image_mean, figures->image_largest, 100 * figures->image_within);
    if (isnan(figures->rank_correlation))
        printf("  order of pictures   not defined: there is one, or all are alike\n");
    else
        printf("  order of pictures   rank correlation %.6f, %zu with another rank\n",
               figures->rank_correlation, figures->ranks_changed);
    printf("  margin of logits    off by %.2e (root mean square), %.2e at most; of labels that "
           "differ %.2e at most\n",
           figures->margin_rms, figures->margin_largest, figures->changed_margin);
    print_setting(figures);
}

static void print_json(const accuracy_job *job, const sg_accuracy_figures *figures)
{
    char *engine = choice_word(ENGINES, job->settings->engine);
    segent_cpu_info cpu = segent_cpu_info_init();
    segent_context_cpu_info(job->context, &cpu);
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_integer(&json, "images", (int64_t)job->accuracy.count);
    json_integer(&json, "failed", (int64_t)(job->pictures.count - job->accuracy.count));
    json_integer(&json, "pixels", job->accuracy.pixels);
    json_text(&json, "processor", cpu.processor);
    json_text(&json, "kernels", segent_model_property(job->model, "kernels"));
    json_text(&json, "engine", engine);
    json_text(&json, "precision", segent_precision_name(job->settings->precision));
    free(engine);
    const sg_report_model model = {job->model_path, job->details.architecture,
                                   job->details.parameters};
    report_json_model(&json, &model);
    json_number(&json, "labels_equal", figures->labels_equal);
    json_number(&json, "labels_equal_worst", job->accuracy.worst_equal);
    json_text(&json, "worst_image", worst_picture(job));
    json_number(&json, "entropy_mean_difference", figures->entropy_mean);
    json_number(&json, "entropy_max_difference", figures->entropy_largest);
    json_number(&json, "image_entropy_relative", figures->image_largest);
    json_number(&json, "image_entropy_relative_mean", figures->image_mean);
    json_number(&json, "image_entropy_within_1_percent", figures->image_within);
    json_number(&json, "rank_correlation", figures->rank_correlation);
    json_integer(&json, "ranks_changed", (int64_t)figures->ranks_changed);
    json_number(&json, "margin_rms_difference", figures->margin_rms);
    json_number(&json, "margin_max_difference", figures->margin_largest);
    json_number(&json, "changed_label_max_margin", figures->changed_margin);
    json_number(&json, "precision_error",
                figures->precision_error > 0.0 ? figures->precision_error : (double)NAN);
    json_close_object(&json);
    json_end(&json);
}

static void report(const accuracy_job *job)
{
    const sg_accuracy_figures figures = accuracy_figures(&job->accuracy);
    if (job->settings->json)
        print_json(job, &figures);
    else
        print_text(job, &figures);
}

/* ---- all pictures ---- */

static int compare_all(accuracy_job *job)
{
    const size_t count = job->pictures.count;
    size_t tried = 0;
    job->done = memory_need(count, sizeof(*job->done));
    job->progress = progress_begin(job->settings, (int)count);
    while (tried < count && !console_interrupted())
        (void)compare(job, tried++);
    progress_clear(&job->progress);
    if (console_interrupted()) {
        console_say("interrupted: %zu of %zu done", job->accuracy.count, count);
        return STATUS_FAILED;
    }
    if (job->accuracy.count > 0)
        report(job);
    return job->accuracy.count == count ? STATUS_DONE : STATUS_FAILED;
}

static void free_maps(owned_maps *maps)
{
    free(maps->labels);
    free(maps->entropy);
    free(maps->margin);
}

int bench_accuracy(const sg_settings *settings)
{
    accuracy_job job = {.settings = settings};
    int status = STATUS_DONE;
    for (int i = 0; i < settings->input_count; i++) {
        if (!pictures_add(&job.pictures, settings->inputs[i]))
            status = STATUS_FAILED;
    }
    job.context = job.pictures.count > 0 ? session_open(settings) : NULL;
    if (!job.context) {
        status = STATUS_FAILED;
    } else if (!load_model(&job)) {
        status = STATUS_MODEL;
    } else {
        const int compared = compare_all(&job);
        status = compared == STATUS_DONE ? status : compared;
    }
    if (job.exact != job.model)
        segent_model_destroy(job.exact);
    segent_model_destroy(job.model);
    segent_context_destroy(job.context);
    free_maps(&job.reference);
    free_maps(&job.other);
    accuracy_free(&job.accuracy);
    pictures_free(&job.pictures);
    free(job.logits);
    free(job.done);
    free(job.model_path);
    return status;
}
