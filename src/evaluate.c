/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent evaluate: how right a network, or any model's logits, are against labels, and how far
 * their doubt can be believed. Of an input that is done only counts stay. */

#include <stdlib.h>

#include "commands.h"
#include "console.h"
#include "evaluate_inputs.h"
#include "evaluate_report.h"
#include "input.h"
#include "model_options.h"
#include "names.h"
#include "npy.h"
#include "option_table.h"
#include "progress.h"
#include "session.h"

typedef struct evaluate_job {
    const sg_settings *settings;
    segent_context *context;
    segent_model *model; /* NULL: there are logits or states */
    segent_model_details details;
    char *model_settings; /* what the command line says of the model, for the library; to free */
    char *model_path;
    sg_pairs pairs;
    segent_evaluation *evaluation; /* NULL: nothing tells the number of classes yet */
    char **class_names;
    int32_t classes; /* of class_names */
    float *logits;   /* room for the network's logits of a picture */
    size_t logits_room;
    sg_progress progress;
} evaluate_job;

/* ---- the evaluation ---- */

/* Makes the evaluation of that many classes. */
static segent_status make_evaluation(evaluate_job *job, int32_t classes, float temperature)
{
    const sg_settings *settings = job->settings;
    segent_evaluation_options options = segent_evaluation_options_init();
    options.source = settings->probabilities ? SEGENT_SOURCE_PROBABILITIES : SEGENT_SOURCE_LOGITS;
    options.temperature = settings->temperature > 0 ? (float)settings->temperature : temperature;
    options.ignore = (int32_t)settings->ignore;
    if (options.ignore < 0)
        options.ignore = SEGENT_IGNORE_NONE;
    else if (options.ignore == 0)
        options.ignore = SEGENT_IGNORE_ZERO;
    return segent_evaluation_create(job->context, classes, &options, &job->evaluation);
}

/* Adds an input. The first one that counts says how many classes there are, unless a model does. */
static segent_status add(evaluate_job *job, const segent_labels *labels,
                         const segent_tensor_view *values)
{
    const segent_label_view truth =
        segent_label_map(segent_labels_data(labels), segent_labels_type(labels),
                         segent_labels_height(labels), segent_labels_width(labels));
    const bool first = !job->evaluation;
    /* What is no number of classes at all is refused by name. */
    const int32_t classes = values->channels > INT32_MAX ? INT32_MAX : (int32_t)values->channels;
    segent_status status = first ? make_evaluation(job, classes, 1.0f) : SEGENT_OK;
    if (status == SEGENT_OK)
        status = segent_evaluation_add(job->context, job->evaluation, &truth, values);
    if (status != SEGENT_OK && first) {
        segent_evaluation_destroy(job->evaluation);
        job->evaluation = NULL;
    }
    return status;
}

/* ---- a picture ---- */

/* The library's word for --size. */
static int32_t size_of(const sg_settings *settings)
{
    if (settings->size < 0)
        return 0;
    return settings->size == 0 ? SEGENT_SIZE_OWN : (int32_t)settings->size;
}

/* Runs the network alone: its logits need not be interpolated twice. */
static segent_status run_network(evaluate_job *job, const segent_image *image,
                                 segent_tensor_view *logits)
{
    const int32_t stride = job->details.output_stride;
    int32_t width, height;
    segent_run_options options = segent_run_options_init();
    segent_input input = segent_input_init();
    options.size = size_of(job->settings);
    options.engine = job->settings->engine;
    options.progress = progress_report;
    options.progress_user = &job->progress;
    input.image = image;
    const segent_status status =
        segent_image_fit(segent_image_width(image), segent_image_height(image),
                         options.size == 0 ? job->details.size : options.size, &width, &height);
    if (status != SEGENT_OK) /* what the run says of such a size */
        width = height = 1;
    const int64_t across = (width + stride - 1) / stride, down = (height + stride - 1) / stride;
    const size_t count = (size_t)(across * down) * (size_t)job->details.classes;
    if (count > job->logits_room) {
        job->logits = memory_grow(job->logits, count, sizeof(*job->logits));
        job->logits_room = count;
    }
    *logits = segent_tensor_chw(job->logits, job->details.classes, down, across);
    return segent_model_logits(job->context, job->model, &input, &options, logits);
}

static bool count_picture(evaluate_job *job, const char *path, const segent_labels *labels)
{
    const double start = clock_seconds();
    segent_image *image = NULL;
    segent_tensor_view logits;
    if (picture_load(job->context, job->settings, path, &image) != SEGENT_OK)
        return false;
    const double decoded = clock_seconds();
    double ran = decoded;
    bool done = pair_fits(path, image, labels);
    if (done) {
        segent_status status = run_network(job, image, &logits);
        ran = clock_seconds();
        if (status == SEGENT_OK)
            status = add(job, labels, &logits);
        done = status == SEGENT_OK;
        if (!done && status != SEGENT_ERROR_CANCELLED)
            console_fail(input_name(path), segent_last_error(job->context));
    }
    segent_image_destroy(image);
    if (done && job->settings->verbose)
        console_say("%s: decode %.3f s, network %.3f s, count %.3f s", path, decoded - start,
                    ran - decoded, clock_seconds() - ran);
    return done;
}

/* ---- an array ---- */

/* Logits of float64 keep their offset, which energy and largest logit are made of. */
static bool count_array(evaluate_job *job, const char *path, const segent_labels *labels)
{
    char error[256];
    sg_input bytes;
    sg_npy array;
    if (input_refuse_folder(path, ".npy") || !input_open(path, &bytes))
        return false;
    const char *cause = NULL;
    if (!npy_read(bytes.data, bytes.size, &array, error, sizeof(error)))
        cause = error;
    else if (add(job, labels, &array.view) != SEGENT_OK)
        cause = segent_last_error(job->context);
    if (cause)
        console_fail(input_name(path), cause);
    npy_free(&array);
    input_close(&bytes);
    return !cause;
}

/* ---- a state ---- */

static bool count_state(evaluate_job *job, const char *path)
{
    segent_evaluation *state = NULL;
    segent_status status = segent_evaluation_load(job->context, path, &state);
    if (status == SEGENT_OK && !job->evaluation) {
        job->evaluation = state;
        return true;
    }
    if (status == SEGENT_OK)
        status = segent_evaluation_merge(job->context, job->evaluation, state);
    if (status != SEGENT_OK)
        console_fail(path, segent_last_error(job->context));
    segent_evaluation_destroy(state);
    return status == SEGENT_OK;
}

/* ---- all of them ---- */

/* Labels come first, so that a network does not run for nothing. */
static bool count_input(evaluate_job *job, size_t i)
{
    const char *input = job->pairs.inputs.names[i];
    segent_labels *labels = NULL;
    progress_next(&job->progress, input);
    if (job->settings->merge)
        return count_state(job, input);
    if (!pair_labels(job->context, job->settings, input, job->pairs.labels.names[i], &labels))
        return false;
    const bool done =
        job->model ? count_picture(job, input, labels) : count_array(job, input, labels);
    segent_labels_destroy(labels);
    return done;
}

/* Names of the classes, and how many they are: those of the model, or none that anybody knows. */
static bool name_classes(evaluate_job *job)
{
    segent_figures figures = segent_figures_init();
    if (segent_evaluation_figures(job->context, job->evaluation, &figures) != SEGENT_OK ||
        figures.images == 0)
        return false;
    job->classes = figures.classes;
    job->class_names =
        job->model ? names_of_model(job->model, job->classes) : names_of_count(job->classes);
    return true;
}

/* Writes the state, then reports. False: either failed, already said. */
static bool finish(evaluate_job *job)
{
    const char *state = job->settings->state;
    bool written = true;
    if (!job->evaluation || !name_classes(job)) {
        console_say("nothing was counted");
        return false;
    }
    if (state)
        written = segent_evaluation_save(job->context, job->evaluation, state) == SEGENT_OK;
    if (!written)
        console_fail(state, segent_last_error(job->context));
    return evaluate_report(job->context, job->evaluation, job->class_names, job->settings) &&
           written;
}

static int count_all(evaluate_job *job)
{
    const size_t count = job->pairs.inputs.count;
    size_t done = 0;
    job->progress = progress_begin(job->settings, (int)count);
    for (size_t i = 0; i < count && !console_interrupted(); i++)
        done += count_input(job, i);
    progress_clear(&job->progress);
    if (console_interrupted()) {
        console_say("interrupted: %zu of %zu done, no figures", done, count);
        return STATUS_FAILED;
    }
    const bool finished = finish(job);
    return finished && done == count && job->pairs.failed == 0 ? STATUS_DONE : STATUS_FAILED;
}

static bool load_model(evaluate_job *job)
{
    job->model_path = session_find_model(job->settings);
    if (!job->model_path)
        return false;
    const segent_model_options options = model_options(job->settings, &job->model_settings);
    segent_status status = segent_model_load(job->context, job->model_path, &options, &job->model);
    job->details = segent_model_details_init();
    if (status == SEGENT_OK)
        status = segent_model_info(job->model, &job->details);
    if (status == SEGENT_OK)
        status = make_evaluation(job, job->details.classes, job->details.temperature);
    if (status != SEGENT_OK)
        console_fail(job->model_path, segent_last_error(job->context));
    else if (job->settings->verbose)
        model_say_assumed(job->model_path, job->model);
    return status == SEGENT_OK;
}

static int evaluate_main(const sg_settings *settings)
{
    evaluate_job job = {.settings = settings};
    const bool with_model = !settings->merge && !settings->logits;
    int status = STATUS_USAGE;
    char *model = with_model ? session_model_path(settings) : NULL;
    const bool listed = pairs_list(settings, model, &job.pairs);
    free(model);
    if (listed) {
        job.context = job.pairs.inputs.count > 0 ? session_open(settings) : NULL;
        status = STATUS_FAILED;
        if (job.context && with_model && !load_model(&job))
            status = STATUS_MODEL;
        else if (job.context)
            status = count_all(&job);
    }
    names_free(job.class_names, job.classes);
    segent_evaluation_destroy(job.evaluation);
    segent_model_destroy(job.model);
    segent_context_destroy(job.context);
    pairs_free(&job.pairs);
    free(job.logits);
    free(job.model_path);
    free(job.model_settings);
    return status;
}

/* ---- the options ---- */

static const sg_option labels_option = {
    .name = "labels",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(labels),
    .argument = "DIR",
    .help = "Folder of the right labels: DIR/cat.png for cat.jpg or cat.npy.",
    .manual = "PNG files of class ids: 8-bit, indexed or grey, or 16-bit grey. They may be larger "
              "or smaller than the picture, but of its proportions, and are compared at their own "
              "size, to which logits are interpolated. A file that belongs to no picture is passed "
              "over.",
};

static const sg_option ignore_option = {
    .name = "ignore",
    .kind = OPTION_INTEGER,
    .group = GROUP_INPUT,
    .offset = SETTING(ignore),
    .argument = "N",
    .minimum = -1,
    .maximum = 65535,
    .help = "Pixels labelled N count in nothing (default 255); -1: every pixel counts.",
};

static const sg_option logits_option = {
    .name = "logits",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(logits),
    .argument = "DIR",
    .help = "In the place of pictures and a model: all arrays in DIR, any model's logits, C x H x "
            "W in NumPy's .npy form.",
    .manual = "cat.logits.npy, as segent run --save logits.npy writes it, belongs to the labels "
              "cat.png, and so does cat.probs.npy with --probs.",
};

static const sg_option merge_option = {
    .name = "merge",
    .kind = OPTION_FLAG,
    .group = GROUP_INPUT,
    .offset = SETTING(merge),
    .help = "The files given are states that --state wrote: add them up.",
    .manual = "Their classes, temperatures and ignored labels must be the same. In any order, and "
              "however the pictures were split, the figures are those of one run, to the last "
              "digit.",
};

static const sg_option state_option = {
    .name = "state",
    .kind = OPTION_TEXT,
    .group = GROUP_OUTPUT,
    .offset = SETTING(state),
    .argument = "FILE",
    .help = "Write what was counted to FILE, for --merge.",
};

static const sg_option *const option_rows[] = {&labels_option,
                                               &ignore_option,
                                               &run_model_option,
                                               &prefix_option,
                                               &rates_option,
                                               &output_stride_option,
                                               &settings_file_option,
                                               &set_option,
                                               &logits_option,
                                               &probs_option,
                                               &merge_option,
                                               &no_orient_option,
                                               &background_option,
                                               &pixel_limit_option,
                                               &memory_limit_option,
                                               &scan_limit_option,
                                               &run_size_option,
                                               &run_temperature_option,
                                               &engine_option,
                                               &precision_option,
                                               &threads_option,
                                               &state_option,
                                               &json_option,
                                               &quiet_option,
                                               &verbose_option,
                                               &progress_option,
                                               &help_option,
                                               &version_option,
                                               NULL};

/* Whether the command line says something of a model or of pictures. */
static bool says_of_pictures(const sg_settings *settings)
{
    static const char *const names[] = {"model",    "prefix", "rates",     "output-stride",
                                        "settings", "set",    "no-orient", "background",
                                        "size",     "engine", "precision", "scan-limit"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (option_given(settings, names[i]))
            return true;
    }
    return false;
}

static const char *conflict(const sg_settings *settings)
{
    if (settings->merge && (settings->labels || settings->logits || settings->probabilities ||
                            says_of_pictures(settings) || option_given(settings, "ignore") ||
                            option_given(settings, "temperature")))
        return "--merge adds states up, and takes neither labels nor what is said of them";
    if (settings->merge)
        return settings->input_count > 0 ? NULL : "--merge needs states, which --state wrote";
    if (!settings->labels)
        return "--labels DIR is needed, the folder of the right labels";
    if (settings->probabilities && !settings->logits)
        return "--probs says what --logits are, and there are none";
    if (settings->probabilities && option_given(settings, "temperature"))
        return "--temperature divides logits, but --probs says there are none";
    if (settings->logits && (settings->input_count > 0 || says_of_pictures(settings)))
        return "--logits takes the place of pictures and a model";
    if (!settings->logits && settings->input_count == 0)
        return "no IMAGE given";
    return NULL;
}

const sg_command evaluate_command = {
    .name = "evaluate",
    .operands = "[IMAGE...]",
    .summary = "how right it is against labels, and how far to believe it",
    .description =
        "Compares a network, or any model's logits, with right labels, over all pixels: accuracy "
        "and IoU; ECE, ACE, Brier score and NLL, which say how far probabilities can be believed; "
        "and AUROC, AUPR, FPR95, AURC and E-AURC, which say how well entropy and other measures "
        "find the pixels that are wrong. Pictures may be given as folders.",
    .manual = "Memory does not grow with the number of pictures. An input that cannot be read, or "
              "whose labels cannot, counts in nothing, has its line on standard error and makes "
              "the exit status 1. What is undefined, such as AUROC where every pixel is right, is "
              "null in JSON and said on standard error. The documentation has every formula, in "
              "the page docs/evaluate.md.",
    .examples = "  segent evaluate -m model.pth --labels truth pictures\n"
                "  segent evaluate --labels truth --logits arrays --json\n"
                "  segent evaluate -m model.pth --labels truth --state 1.state pictures/1*.jpg\n"
                "  segent evaluate --merge 1.state 2.state\n",
    .options = option_rows,
    .fewest_inputs = 0,
    .most_inputs = -1,
    .conflict = conflict,
    .run = evaluate_main,
};
