/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent entropy: the same outputs from any model's logits or probabilities. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "commands.h"
#include "console.h"
#include "input.h"
#include "names.h"
#include "npy.h"
#include "option_table.h"
#include "outputs.h"
#include "report.h"
#include "save.h"
#include "session.h"

enum { CLASSES_MAX = 65536, NARROW_CLASSES = 256 };

/* The maps of one input, and the memory that they are in. */
typedef struct map_set {
    void *labels;
    float *entropy, *probabilities;
    segent_class_statistics *statistics;
    char **names;
    int32_t classes;
} map_set;

static void free_maps(map_set *maps)
{
    free(maps->labels);
    free(maps->entropy);
    free(maps->probabilities);
    free(maps->statistics);
    names_free(maps->names, maps->classes);
}

static map_set make_maps(const sg_npy *array, const sg_settings *settings, sg_analysis *analysis)
{
    const segent_tensor_view *view = &array->view;
    const size_t pixels = (size_t)view->height * (size_t)view->width;
    const size_t classes = (size_t)view->channels;
    const bool narrow = view->channels <= NARROW_CLASSES;
    map_set maps = {.labels = memory_need(pixels, narrow ? 1 : 2),
                    .entropy = memory_need(pixels, sizeof(float)),
                    .statistics = memory_need(classes, sizeof(*maps.statistics)),
                    .classes = (int32_t)classes};
    maps.names = names_of_count(maps.classes);
    if (settings->save >> SAVE_PROBS_NPY & 1)
        maps.probabilities = memory_need(pixels * classes, sizeof(float));
    analysis->width = (int32_t)view->width;
    analysis->height = (int32_t)view->height;
    analysis->classes = maps.classes;
    analysis->label_type = narrow ? SEGENT_LABEL_U8 : SEGENT_LABEL_U16;
    analysis->labels = maps.labels;
    analysis->entropy = maps.entropy;
    analysis->probabilities = maps.probabilities;
    analysis->statistics = maps.statistics;
    analysis->class_names = (const char *const *)maps.names;
    analysis->summary = segent_entropy_summary_init();
    return maps;
}

static segent_status from_logits(segent_context *context, const sg_npy *array,
                                 const sg_settings *settings, const map_set *maps,
                                 sg_analysis *analysis)
{
    segent_uncertainty_options options = segent_uncertainty_options_init();
    segent_uncertainty_maps outputs = segent_uncertainty_maps_init();
    if (settings->temperature > 0)
        options.temperature = (float)settings->temperature;
    outputs.height = analysis->height;
    outputs.width = analysis->width;
    outputs.labels = analysis_labels(analysis);
    outputs.entropy.data = maps->entropy;
    outputs.probabilities.data = maps->probabilities;
    return segent_uncertainty_from_logits(context, &array->view, &options, &outputs,
                                          &analysis->summary);
}

static segent_status from_probabilities(segent_context *context, const sg_npy *array,
                                        sg_analysis *analysis)
{
    const segent_label_view labels = analysis_labels(analysis);
    const segent_map_view entropy = analysis_entropy(analysis);
    segent_entropy_options options = segent_entropy_options_init();
    options.source = SEGENT_SOURCE_PROBABILITIES;
    options.strict = 1;
    segent_status status = segent_entropy_map(context, &array->view, &options, &entropy);
    if (status == SEGENT_OK)
        status = segent_argmax(context, &array->view, &labels);
    if (status == SEGENT_OK)
        status = segent_image_entropy(context, &entropy, NULL, &analysis->summary);
    analysis->summary.sum_nats = analysis->summary.sum * log((double)analysis->classes);
    return status;
}

static segent_status compute(segent_context *context, const sg_npy *array,
                             const sg_settings *settings, const map_set *maps,
                             sg_analysis *analysis)
{
    const double start = clock_seconds();
    segent_status status = settings->probabilities
                               ? from_probabilities(context, array, analysis)
                               : from_logits(context, array, settings, maps, analysis);
    const segent_label_view labels = analysis_labels(analysis);
    const segent_map_view entropy = analysis_entropy(analysis);
    if (status == SEGENT_OK)
        status = segent_statistics_per_class(context, &labels, &entropy, maps->statistics,
                                             maps->classes);
    analysis->seconds.head = clock_seconds() - start;
    return status;
}

/* Whether it is the number of classes of a well-known data set. A first axis of such a length holds
 * the classes, very likely. */
static bool is_known_count(int64_t classes)
{
    static const int64_t known[] = {19, 21, 59, 150, 151, 171, 182};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (classes == known[i])
            return true;
    }
    return false;
}

/* Whether an array of A x B x C could be a picture of A x B pixels with C classes, though it is
 * read as A classes: C is the smallest of the three, or A x B has the proportions of a picture and
 * C is not larger than its longer side. */
static bool looks_like_hwc(int64_t a, int64_t b, int64_t c)
{
    enum { FEWEST = 8 }; /* with fewer rows it is no picture */
    const int64_t shorter = a < b ? a : b, longer = a < b ? b : a;
    if (shorter < FEWEST || (is_known_count(a) && c > shorter / 4))
        return false;
    return c < shorter || (longer <= 2 * shorter && c <= longer);
}

/* Says what is not wrong, but seldom meant. */
static void note_layout(const char *name, const segent_tensor_view *view,
                        const sg_settings *settings)
{
    const long long a = view->channels, b = view->height, c = view->width;
    if (settings->quiet)
        return;
    if (a == 1)
        console_say("%s: one class only, so every entropy and every label is 0; of a sigmoid's %s",
                    name,
                    settings->probabilities ? "output p, save numpy.stack([1 - p, p])"
                                            : "input z, save numpy.stack([0 * z, z])");
    else if (looks_like_hwc(a, b, c))
        console_say("%s: read as %lld classes of %lld x %lld pixels (C x H x W); if it is "
                    "H x W x C with %lld classes, save numpy.moveaxis(array, -1, -3)",
                    name, a, b, c, c);
}

static bool read_array(const char *path, const sg_settings *settings, sg_input *bytes,
                       sg_npy *array)
{
    char error[256];
    const char *name = input_name(path);
    bool (*const read)(const void *, size_t, sg_npy *, char *, size_t) =
        settings->probabilities ? npy_read : npy_read_logits;
    if (input_refuse_folder(path, ".npy"))
        return false;
    if (!input_open(path, bytes))
        return false;
    if (!read(bytes->data, bytes->size, array, error, sizeof(error))) {
        console_fail(name, error);
        return false;
    }
    if (array->view.channels > CLASSES_MAX || array->view.height > INT32_MAX ||
        array->view.width > INT32_MAX) {
        console_fail(name, "more than 65536 classes, or too large for a picture");
        return false;
    }
    note_layout(name, &array->view, settings);
    return true;
}

/* Does one file. False: it failed, already said. *broken is set when stdout cannot be written. */
static bool run_file(segent_context *context, const sg_settings *settings, const char *path,
                     bool *broken)
{
    sg_input bytes = {0};
    sg_npy array = {.converted = NULL};
    sg_analysis analysis = {.input = path};
    map_set maps = {.labels = NULL};
    const double start = clock_seconds();
    bool done = read_array(path, settings, &bytes, &array);
    analysis.seconds.decode = clock_seconds() - start;
    if (done) {
        maps = make_maps(&array, settings, &analysis);
        done = compute(context, &array, settings, &maps, &analysis) == SEGENT_OK &&
               save_outputs(context, &analysis, settings) == SEGENT_OK;
        if (!done)
            console_fail(input_name(path), segent_last_error(context));
    }
    if (done) {
        analysis.seconds.total = clock_seconds() - start;
        if (settings->verbose)
            console_say("%s: decode %.3f s, head %.3f s, write %.3f s", path,
                        analysis.seconds.decode, analysis.seconds.head, analysis.seconds.write);
        const sg_report_model no_model = {.path = NULL};
        done = report_analysis(&analysis, &no_model, NULL, settings);
        *broken = !done;
    }
    analysis_free_files(&analysis);
    free_maps(&maps);
    npy_free(&array);
    input_close(&bytes);
    return done;
}

static int entropy_main(const sg_settings *settings)
{
    const char *suffixes[SAVE_COUNT];
    const int suffix_count = save_suffixes(settings, suffixes);
    if (!outputs_prepare(settings, suffixes, suffix_count, NULL))
        return STATUS_USAGE;
    segent_context *context = session_open(settings);
    if (!context)
        return STATUS_FAILED;
    int done = 0;
    bool broken = false;
    for (int i = 0; i < settings->input_count && !console_interrupted() && !broken; i++)
        done += run_file(context, settings, settings->inputs[i], &broken);
    segent_context_destroy(context);
    return done == settings->input_count ? STATUS_DONE : STATUS_FAILED;
}

/* ---- the options ---- */

static const sg_option temperature_option = {
    .name = "temperature",
    .kind = OPTION_REAL,
    .group = GROUP_MAPS,
    .offset = SETTING(temperature),
    .argument = "T",
    .minimum = 1e-6,
    .maximum = 1e6,
    .help = "Divide the logits by T before the softmax (default: 1).",
};

static const sg_option save_option = {
    .name = "save",
    .kind = OPTION_SAVE,
    .group = GROUP_OUTPUT,
    .offset = SETTING(save),
    .argument = "LIST",
    .help = "What to write, separated by commas: panel, labels, entropy, entropy.npy, probs.npy; "
            "or none, which only reports (default: panel,labels,entropy).",
};

static const sg_option *const option_rows[] = {
    &probs_option, &temperature_option,   &threads_option,  &out_option,
    &save_option,  &entropy_range_option, &colormap_option, &json_option,
    &quiet_option, &verbose_option,       &help_option,     &version_option,
    NULL};

static const char *conflict(const sg_settings *settings)
{
    if (settings->probabilities && option_given(settings, "temperature"))
        return "--temperature divides logits, but --probs says there are none";
    if (settings->probabilities && settings->save >> SAVE_PROBS_NPY & 1)
        return "--save probs.npy would copy the input of --probs";
    if (settings->save >> SAVE_OVERLAY & 1)
        return "--save overlay needs a picture, and logits are given";
    if (settings->save >> SAVE_LOGITS_NPY & 1)
        return "--save logits.npy would copy the input";
    return NULL;
}

const sg_command entropy_command = {
    .name = "entropy",
    .operands = "LOGITS.npy...",
    .summary = "the same from any model's logits or probabilities",
    .description =
        "Reads the logits that any model computed, an array in NumPy's .npy form, C x H x W or 1 x "
        "C x H x W (float32; float16 and float64 are converted; - is standard input), and writes "
        "the labels and the entropy map that follow from them. With 21 classes they are taken to "
        "be VOC's.",
    .manual = "Arrays may be in either byte order, and in Fortran order. Of float64 logits each "
              "pixel's largest is subtracted before they become float32, which changes no "
              "probability and keeps their digits. A note tells of arrays that look like H x W x "
              "C, and of those with one class, whose entropies are all 0.",
    .examples = "  segent entropy logits.npy\n"
                "  segent entropy --probs --save entropy.npy -o out softmax.npy\n"
                "  segent entropy --temperature 1.5 --save none --json logits.npy\n",
    .options = option_rows,
    .fewest_inputs = 1,
    .most_inputs = -1,
    .conflict = conflict,
    .run = entropy_main,
};
