/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent run: pictures through the network. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "commands.h"
#include "console.h"
#include "input.h"
#include "inputs.h"
#include "model_options.h"
#include "names.h"
#include "option_table.h"
#include "outputs.h"
#include "picture.h"
#include "progress.h"
#include "record.h"
#include "report.h"
#include "save.h"
#include "session.h"

/* What all pictures of a command line share. */
typedef struct run_job {
    const sg_settings *settings;
    segent_context *context, *output_context;
    segent_model *model;
    segent_model_details details;
    char **class_names;
    char *model_settings; /* what the command line says of the model, for the library; to free */
    char *model_path;
    uint64_t model_file; /* stamp_file() of it, before it was read */
    double load_seconds;
    sg_progress progress;
    sg_record record;
    bool output_broken; /* stdout or the manifest cannot be written, so nobody would see the rest */
} run_job;

static bool load_model(run_job *job)
{
    const double start = clock_seconds();
    job->model_path = session_find_model(job->settings);
    if (!job->model_path)
        return false;
    const uint64_t file = stamp_file(job->model_path);
    const segent_model_options options = model_options(job->settings, &job->model_settings);
    if (segent_model_load(job->context, job->model_path, &options, &job->model) != SEGENT_OK) {
        console_fail(job->model_path, segent_last_error(job->context));
        return false;
    }
    job->details = segent_model_details_init();
    segent_model_info(job->model, &job->details);
    job->class_names = names_of_model(job->model, job->details.classes);
    job->load_seconds = clock_seconds() - start;
    if (job->settings->verbose) {
        console_say("%s: loaded in %.3f s", job->model_path, job->load_seconds);
        model_say_assumed(job->model_path, job->model);
    }
    job->model_file = file;
    return true;
}

/* The library's word for --size: the model's own size unless it was given, and the picture's for 0.
 */
static int32_t run_size(const sg_settings *settings)
{
    if (settings->size < 0)
        return 0;
    return settings->size == 0 ? SEGENT_SIZE_OWN : (int32_t)settings->size;
}

static segent_status run_network(run_job *job, const segent_image *image, segent_result **result)
{
    const sg_settings *settings = job->settings;
    segent_run_options options = segent_run_options_init();
    options.size = run_size(settings);
    options.engine = settings->engine;
    options.precision = settings->precision;
    options.output_size = settings->output_size;
    options.temperature = (float)settings->temperature;
    if (settings->save >> SAVE_LOGITS_NPY & 1)
        options.keep |= SEGENT_KEEP_LOGITS;
    if (settings->save >> SAVE_PROBS_NPY & 1)
        options.keep |= SEGENT_KEEP_PROBABILITIES;
    options.progress = progress_report;
    options.progress_user = &job->progress;
    return segent_run(job->context, job->model, image, &options, result);
}

static void collect(const run_job *job, const segent_image *image, const segent_result *result,
                    sg_analysis *analysis)
{
    int64_t count;
    segent_timings timings = segent_timings_init();
    const bool original = job->settings->output_size == SEGENT_OUTPUT_ORIGINAL;
    analysis->picture = original ? image : segent_result_input(result);
    analysis->width = segent_result_width(result);
    analysis->height = segent_result_height(result);
    analysis->classes = segent_result_classes(result);
    analysis->label_type = segent_result_label_type(result);
    analysis->labels = segent_result_labels(result);
    analysis->entropy = segent_result_entropy(result);
    analysis->logits = segent_result_logits(result);
    analysis->probabilities = segent_result_probabilities(result);
    analysis->statistics = segent_result_statistics(result, &count);
    analysis->class_names = (const char *const *)job->class_names;
    analysis->palette = segent_model_palette(job->model, NULL);
    analysis->summary = segent_entropy_summary_init();
    segent_result_summary(result, &analysis->summary);
    segent_result_timings(result, &timings);
    analysis->seconds.preprocess = timings.preprocess;
    analysis->seconds.network = timings.network;
    analysis->seconds.head = timings.head;
}

/* Writes the outputs of a picture, then its line of the manifest, then its report. */
static bool finish(run_job *job, sg_analysis *analysis, const sg_stamp *stamp, double start)
{
    if (save_outputs(job->output_context, analysis, job->settings) != SEGENT_OK) {
        console_fail(input_name(analysis->input), segent_last_error(job->output_context));
        return false;
    }
    const sg_report_model model = {job->model_path, job->details.architecture,
                                   job->details.parameters};
    const sg_seconds *seconds = &analysis->seconds;
    analysis->seconds.total = clock_seconds() - start;
    progress_clear(&job->progress);
    if (job->settings->verbose)
        console_say("%s: decode %.3f s, preprocess %.3f s, network %.3f s, head %.3f s, "
                    "write %.3f s",
                    analysis->input, seconds->decode, seconds->preprocess, seconds->network,
                    seconds->head, seconds->write);
    char *json = job->record.kept ? report_json(analysis, &model) : NULL;
    job->output_broken = !record_add(&job->record, analysis->input, json, *stamp) ||
                         !report_analysis(analysis, &model, json, job->settings);
    free(json);
    return !job->output_broken;
}

/* Whether an earlier run left the result of a picture, which is reported then. */
static bool keep_picture(run_job *job, const char *path)
{
    char *json = record_keep(&job->record, path);
    if (!json)
        return false;
    progress_clear(&job->progress);
    job->output_broken = !report_kept(path, json, job->settings);
    free(json);
    return true;
}

/* Does one picture. False: it failed, already said, or was interrupted. */
static bool run_picture(run_job *job, const char *path)
{
    segent_image *image = NULL;
    segent_result *result = NULL;
    sg_analysis analysis = {.input = path, .seconds = {.load = job->load_seconds}};
    const double start = clock_seconds();
    progress_next(&job->progress, path);
    if (keep_picture(job, path))
        return !job->output_broken;
    const sg_stamp stamp = record_stamp(&job->record, path);
    bool done = picture_load(job->context, job->settings, path, &image) == SEGENT_OK;
    analysis.seconds.decode = clock_seconds() - start;
    if (done) {
        const segent_status status = run_network(job, image, &result);
        done = status == SEGENT_OK;
        if (!done && status != SEGENT_ERROR_CANCELLED)
            console_fail(input_name(path), segent_last_error(job->context));
    }
    if (done) {
        collect(job, image, result, &analysis);
        done = finish(job, &analysis, &stamp, start);
    }
    analysis_free_files(&analysis);
    segent_result_destroy(result);
    segent_image_destroy(image);
    return done;
}

static int run_all(run_job *job)
{
    int done = 0, tried = 0;
    const int count = job->settings->input_count;
    job->progress = progress_begin(job->settings, count);
    while (tried < count && !console_interrupted() && !job->output_broken)
        done += run_picture(job, job->settings->inputs[tried++]);
    progress_clear(&job->progress);
    if (console_interrupted())
        console_say("interrupted: %d of %d done", done, count);
    return done == count ? STATUS_DONE : STATUS_FAILED;
}

/* Refuses what can be refused, and opens the manifest. False: refused, already said. */
static bool prepare(run_job *job)
{
    const char *suffixes[SAVE_COUNT];
    const int suffix_count = save_suffixes(job->settings, suffixes);
    char *model = session_model_path(job->settings);
    const bool prepared = record_open(&job->record, job->settings, model) &&
                          outputs_prepare(job->settings, suffixes, suffix_count, model);
    free(model);
    if (!prepared)
        record_close(&job->record, true);
    return prepared;
}

static int run_job_of(run_job *job)
{
    job->context = session_open(job->settings);
    job->output_context = session_open_outputs();
    if (!job->context || !job->output_context)
        return STATUS_FAILED;
    if (!load_model(job))
        return STATUS_MODEL;
    return record_begin(&job->record, job->model_path, job->model_file, &job->details)
               ? run_all(job)
               : STATUS_FAILED;
}

/* All inputs are checked before the shard's are taken, because the shards share a folder. */
static int run_main(const sg_settings *given)
{
    sg_settings settings = *given;
    run_job job = {.settings = &settings};
    char *manifest = record_path(given);
    settings.manifest = manifest;
    int status = STATUS_USAGE;
    if (prepare(&job)) {
        inputs_keep_shard(&settings);
        status = run_job_of(&job);
        record_close(&job.record, status == STATUS_MODEL);
    }
    free(manifest);
    names_free(job.class_names, job.details.classes);
    segent_model_destroy(job.model);
    segent_context_destroy(job.output_context);
    segent_context_destroy(job.context);
    free(job.model_path);
    free(job.model_settings);
    return status;
}

/* ---- the options ---- */

static const char *find_conflict(const sg_settings *settings)
{
    if (settings->resume && !settings->manifest && settings->save == 0)
        return "--resume with --save none needs a --manifest FILE, where results are noted";
    return NULL;
}

static const sg_option shard_option = {
    .name = "shard",
    .kind = OPTION_SHARD,
    .group = GROUP_INPUT,
    .offset = SETTING(shard),
    .argument = "I/N",
    .maximum = 2147483647,
    .help = "Do only the I-th of N parts of the pictures, 1/N to N/N.",
    .manual = "The parts cover all pictures, each of which is in one of them, by a hash of its "
              "name as it is given (XXH64, modulo N, plus 1). So a picture stays in its part "
              "when others come or go, and parts are about equally large. A part in which there "
              "is no picture is no error.",
};

static const sg_option resume_option = {
    .name = "resume",
    .kind = OPTION_FLAG,
    .group = GROUP_RUNNING,
    .offset = SETTING(resume),
    .help = "Keep the results that the manifest has of the same picture, model and options, as "
            "long as their files are there. Without --manifest it is DIR/segent.manifest.jsonl.",
    .manual = "A kept picture's JSON is that of the earlier run with \"kept\": true, and it gets "
              "no second line in the manifest. The section MANIFEST says what is compared.",
};

static const sg_option manifest_option = {
    .name = "manifest",
    .kind = OPTION_TEXT,
    .group = GROUP_OUTPUT,
    .offset = SETTING(manifest),
    .argument = "FILE",
    .help = "Append a line of JSON to FILE for each picture that is done, what --json prints.",
    .manual = "Several processes may append to one file. The section MANIFEST says more.",
};

static const sg_option output_size_option = {
    .name = "output-size",
    .kind = OPTION_CHOICE,
    .group = GROUP_MAPS,
    .offset = SETTING(output_size),
    .argument = "WHAT",
    .choices = "network|original",
    .help = "Size of the outputs: the one that --size gives (network, the default), or that of the "
            "file (original).",
};

static const sg_option save_option = {
    .name = "save",
    .kind = OPTION_SAVE,
    .group = GROUP_OUTPUT,
    .offset = SETTING(save),
    .argument = "LIST",
    .help = "What to write, separated by commas: panel, labels, overlay, entropy, entropy.npy, "
            "logits.npy, probs.npy; or none, which only reports (default: panel,labels,entropy).",
    .manual = "The section FILES below says what each is.",
};

static const sg_option *const option_rows[] = {&run_model_option,
                                               &prefix_option,
                                               &rates_option,
                                               &output_stride_option,
                                               &settings_file_option,
                                               &set_option,
                                               &no_orient_option,
                                               &background_option,
                                               &pixel_limit_option,
                                               &memory_limit_option,
                                               &scan_limit_option,
                                               &shard_option,
                                               &run_size_option,
                                               &output_size_option,
                                               &run_temperature_option,
                                               &engine_option,
                                               &precision_option,
                                               &threads_option,
                                               &resume_option,
                                               &out_option,
                                               &save_option,
                                               &entropy_range_option,
                                               &colormap_option,
                                               &manifest_option,
                                               &json_option,
                                               &quiet_option,
                                               &verbose_option,
                                               &progress_option,
                                               &help_option,
                                               &version_option,
                                               NULL};

const sg_command run_command = {
    .name = "run",
    .operands = "IMAGE...",
    .summary = "labels, entropy map and image entropy of pictures",
    .description =
        "Segments each picture (JPEG or PNG; - is standard input) and measures how uncertain the "
        "network is: a label and an entropy for every pixel, and one entropy for the picture. "
        "Outputs are named after the picture: cat.jpg gives cat.panel.png, cat.labels.png and "
        "cat.entropy.png.",
    .manual = "Pipes such as a shell's <(command) are read as well. Pictures whose outputs would "
              "have the same name, or would overwrite an input or the model under any of its "
              "names, are refused before any work starts.",
    .examples = "  segent run -m deeplabv3_resnet101_coco-586e9e4e.pth cat.jpg\n"
                "  segent run -o out --save labels,entropy.npy *.jpg\n"
                "  segent run --save none --json pictures/*.jpg > entropies.jsonl\n"
                "  segent run -o out --resume --manifest done.jsonl --shard 1/3 *.jpg\n"
                "  curl -s https://example.org/cat.jpg | segent run -\n",
    .options = option_rows,
    .fewest_inputs = 1,
    .most_inputs = -1,
    .conflict = find_conflict,
    .run = run_main,
};
