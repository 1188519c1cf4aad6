/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* segent bench: how long each stage takes on this machine. What --accuracy measures stands in
 * bench_accuracy.c. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench_accuracy.h"
#include "bench_layers.h"
#include "commands.h"
#include "console.h"
#include "input.h"
#include "json.h"
#include "model_options.h"
#include "option_table.h"
#include "progress.h"
#include "report.h"
#include "session.h"
#include "words.h"

enum { STAGE_PREPROCESS, STAGE_NETWORK, STAGE_HEAD, STAGE_TOTAL, STAGE_COUNT };

static const char *const stage_names[STAGE_COUNT] = {"preprocess", "network", "head", "total"};

typedef struct bench_job {
    const sg_settings *settings;
    segent_context *context;
    segent_model *model;
    segent_model_details details;
    char *model_settings; /* what the command line says of the model, for the library; to free */
    char *model_name;     /* its path, or "seeded " and the network's name */
    double load_seconds;
    double multiply_adds; /* of one run of the network */
    double *seconds[STAGE_COUNT];
    int runs;            /* how many are done */
    bench_layers layers; /* filled with -v only */
    sg_progress progress;
} bench_job;

/* ---- the model ---- */

/* Notes how long the model took since `start`, and what it is. False: it was not made, `status`
 * says why, and that is said. */
static bool describe(bench_job *bench, segent_status status, double start)
{
    bench->load_seconds = clock_seconds() - start;
    bench->details = segent_model_details_init();
    if (status == SEGENT_OK)
        status = segent_model_info(bench->model, &bench->details);
    if (status != SEGENT_OK)
        console_fail(bench->model_name, segent_last_error(bench->context));
    return status == SEGENT_OK;
}

static bool load_seeded(bench_job *bench)
{
    const char *arch = bench->settings->arch ? bench->settings->arch : "deeplabv3_resnet101";
    const segent_model_options options = model_options(bench->settings, &bench->model_settings);
    segent_checkpoint *checkpoint = NULL;
    bench->model_name = text_join("seeded %s", arch);
    segent_status status = segent_checkpoint_seeded(bench->context, arch, 1, &checkpoint);
    const double start = clock_seconds();
    if (status == SEGENT_OK)
        status = segent_model_from_checkpoint(bench->context, checkpoint, &options, &bench->model);
    segent_checkpoint_destroy(checkpoint);
    return describe(bench, status, start);
}

/* Loads a file by its path where it has one, as most programs do: the library then gives the file's
 * pages back to the system as it goes, and the peak of memory is what such a program would see. */
static bool load_file(bench_job *bench)
{
    sg_input bytes;
    const segent_model_options options = model_options(bench->settings, &bench->model_settings);
    bench->model_name = session_find_model(bench->settings);
    if (!bench->model_name)
        return false;
    double start = clock_seconds();
    if (strcmp(bench->model_name, "-") != 0)
        return describe(
            bench, segent_model_load(bench->context, bench->model_name, &options, &bench->model),
            start);
    if (!input_open(bench->model_name, &bytes))
        return false;
    start = clock_seconds();
    const bool loaded = describe(
        bench,
        segent_model_load_memory(bench->context, bytes.data, bytes.size, &options, &bench->model),
        start);
    input_close(&bytes);
    return loaded;
}

/* ---- the runs ---- */

/* Makes a picture of slow waves with fine noise on them, because a flat one or pure noise would be
 * unlike any photograph. It is the same on every machine. */
static segent_image *make_picture(segent_context *context, sg_dimensions size)
{
    const size_t count = (size_t)size.width * (size_t)size.height * 3;
    uint8_t *pixels = memory_need(count, 1);
    uint32_t noise = 1;
    for (size_t i = 0; i < count; i++) {
        const size_t x = i / 3 % (size_t)size.width, y = i / 3 / (size_t)size.width;
        noise = noise * 1664525u + 1013904223u;
        const unsigned wave = (unsigned)(x * (i % 3 + 1) / 3 + y) % 384;
        pixels[i] = (uint8_t)((wave < 192 ? wave : 383 - wave) + (noise >> 26));
    }
    segent_image *image = NULL;
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, size.height, size.width);
    if (segent_image_from_pixels(context, &view, &image) != SEGENT_OK)
        console_fail("--size", segent_last_error(context));
    free(pixels);
    return image;
}

/* A segent_layer_fn for the warm-up, which adds up the work of the network; `user` is the bench. */
static void count_work(void *user, const segent_layer_info *layer)
{
    bench_job *bench = user;
    bench->multiply_adds += layer->multiply_adds;
}

/* Runs the network once. The times go to place `index`; a negative one is the warm-up, which is not
 * timed. */
static bool run_once(bench_job *bench, const segent_image *image, int index)
{
    segent_result *result = NULL;
    segent_run_options options = segent_run_options_init();
    options.size = SEGENT_SIZE_OWN;
    options.engine = bench->settings->engine;
    options.precision = bench->settings->precision;
    options.progress = progress_report;
    options.progress_user = &bench->progress;
    if (index < 0) {
        segent_context_report_layers(bench->context, count_work, bench);
    } else if (bench->settings->verbose) {
        bench_layers_begin_run(&bench->layers, index);
        segent_context_report_layers(bench->context, bench_layers_add, &bench->layers);
    } else {
        segent_context_report_layers(bench->context, NULL, NULL);
    }
    progress_next(&bench->progress, index < 0 ? "warm-up" : "run");
    const double start = clock_seconds();
    const segent_status status = segent_run(bench->context, bench->model, image, &options, &result);
    const double total = clock_seconds() - start;
    if (status == SEGENT_OK && index >= 0) {
        segent_timings timings = segent_timings_init();
        segent_result_timings(result, &timings);
        bench->seconds[STAGE_PREPROCESS][index] = timings.preprocess;
        bench->seconds[STAGE_NETWORK][index] = timings.network;
        bench->seconds[STAGE_HEAD][index] = timings.head;
        bench->seconds[STAGE_TOTAL][index] = total;
    } else if (status != SEGENT_OK && status != SEGENT_ERROR_CANCELLED) {
        console_say("%s", segent_last_error(bench->context));
    }
    segent_result_destroy(result);
    return status == SEGENT_OK;
}

static bool run_all(bench_job *bench)
{
    const int runs = (int)bench->settings->runs;
    segent_image *image = make_picture(bench->context, bench->settings->bench_size);
    if (!image)
        return false;
    bench->progress = progress_begin(bench->settings, runs + 1);
    bool going = run_once(bench, image, -1);
    while (going && bench->runs < runs) {
        going = run_once(bench, image, bench->runs);
        bench->runs += going;
    }
    progress_clear(&bench->progress);
    segent_image_destroy(image);
    return going;
}

/* ---- the report ---- */

/* The most bytes of memory that the process had in use at once since reset_peak(), or since its
 * start where the system cannot reset that. */
static int64_t peak_bytes(void)
{
    char line[256];
    long long kilobytes = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kilobytes = strtoll(line + 6, NULL, 10);
    }
    if (file)
        fclose(file);
    if (kilobytes >= 0)
        return kilobytes * 1024;
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}

/* Makes the system forget the peak so far: a program that loads its weights does not spend the
 * memory that making seeded ones takes. */
static void reset_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file) {
        fputs("5", file);
        fclose(file);
    }
}

static double gflops(const bench_job *bench)
{
    return bench_gflops(bench->multiply_adds,
                        bench_median(bench->seconds[STAGE_NETWORK], bench->runs));
}

static void print_text(const bench_job *bench)
{
    const sg_dimensions size = bench->settings->bench_size;
    segent_cpu_info cpu = segent_cpu_info_init();
    segent_context_cpu_info(bench->context, &cpu);
    console_print(bench->model_name);
    printf(" (%s), %d x %d, %d thread%s, kernels %s\n", bench->details.architecture, size.width,
           size.height, cpu.threads, cpu.threads == 1 ? "" : "s",
           segent_model_property(bench->model, "kernels"));
    printf("medians of %d run%s after a warm-up, in seconds\n", bench->runs,
           bench->runs == 1 ? "" : "s");
    printf("  load        %9.4f (once)\n", bench->load_seconds);
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        printf("  %-10s  %9.4f", stage_names[stage],
               bench_median(bench->seconds[stage], bench->runs));
        for (int i = 0; bench->settings->verbose && i < bench->runs; i++)
            printf("%s%.4f", i > 0 ? " " : "   each ", bench->seconds[stage][i]);
        putchar('\n');
    }
    printf("network     %.1f GFLOP/s (%.2f G multiply-adds)\n", gflops(bench),
           1e-9 * bench->multiply_adds);
    printf("peak memory %.1f MiB\n", (double)peak_bytes() / 1048576.0);
    if (bench->settings->verbose)
        bench_layers_print(&bench->layers, bench->runs);
}

static void print_each(sg_json *json, const bench_job *bench)
{
    json_open_list(json, "each");
    for (int i = 0; i < bench->runs; i++) {
        json_open_object(json, NULL);
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            json_number(json, stage_names[stage], bench->seconds[stage][i]);
        json_close_object(json);
    }
    json_close_list(json);
}

static void print_json(const bench_job *bench)
{
    char *engine = choice_word(ENGINES, bench->settings->engine);
    segent_cpu_info cpu = segent_cpu_info_init();
    segent_context_cpu_info(bench->context, &cpu);
    sg_json json = {.file = stdout};
    json_open_object(&json, NULL);
    json_integer(&json, "width", bench->settings->bench_size.width);
    json_integer(&json, "height", bench->settings->bench_size.height);
    json_integer(&json, "runs", bench->runs);
    json_integer(&json, "threads", cpu.threads);
    json_text(&json, "processor", cpu.processor);
    json_text(&json, "kernels", segent_model_property(bench->model, "kernels"));
    json_text(&json, "blas", cpu.blas);
    json_text(&json, "engine", engine);
    free(engine);
    json_text(&json, "precision", segent_precision_name(bench->settings->precision));
    const sg_report_model model = {bench->model_name, bench->details.architecture,
                                   bench->details.parameters};
    report_json_model(&json, &model);
    json_open_object(&json, "seconds");
    json_number(&json, "load", bench->load_seconds);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        json_number(&json, stage_names[stage], bench_median(bench->seconds[stage], bench->runs));
    json_close_object(&json);
    json_integer(&json, "peak_rss_bytes", peak_bytes());
    json_number(&json, "multiply_adds", bench->multiply_adds);
    json_number(&json, "gflops", gflops(bench));
    if (bench->settings->verbose) {
        print_each(&json, bench);
        bench_layers_json(&bench->layers, bench->runs, &json);
    }
    json_close_object(&json);
    json_end(&json);
}

static int measure(bench_job *bench)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        bench->seconds[stage] = memory_need((size_t)bench->settings->runs, sizeof(double));
    bench->layers.runs = (int)bench->settings->runs;
    const bool done = run_all(bench);
    if (done && bench->settings->json)
        print_json(bench);
    else if (done)
        print_text(bench);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        free(bench->seconds[stage]);
    bench_layers_free(&bench->layers);
    return done ? STATUS_DONE : STATUS_FAILED;
}

static int bench_main(const sg_settings *settings)
{
    if (settings->accuracy)
        return bench_accuracy(settings);
    bench_job bench = {.settings = settings, .context = session_open(settings)};
    int status = STATUS_MODEL;
    if (!bench.context)
        return STATUS_FAILED;
    const bool from_file = settings->model && !option_given(settings, "arch");
    if (from_file ? load_file(&bench) : load_seeded(&bench)) {
        if (!from_file)
            reset_peak();
        status = measure(&bench);
    }
    segent_model_destroy(bench.model);
    segent_context_destroy(bench.context);
    free(bench.model_name);
    free(bench.model_settings);
    return status;
}

/* ---- the options ---- */

static const sg_option model_option = {
    .name = "model",
    .letter = 'm',
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(model),
    .argument = "FILE",
    .help = "Checkpoint of weights, .pth or .safetensors, or the name of a network that "
            "torchvision publishes (default: see --arch).",
};

static const sg_option arch_option = {
    .name = "arch",
    .kind = OPTION_TEXT,
    .group = GROUP_INPUT,
    .offset = SETTING(arch),
    .argument = "NAME",
    .help = "Without a model file: the network that gets seeded weights, under torchvision's name, "
            "such as fcn_resnet50 (default deeplabv3_resnet101).",
    .manual = "A name is that of a head (deeplabv3, fcn, lraspp), an underscore, and that of a "
              "backbone: resnet18, resnet34, resnet50, resnet101, resnet152, wide_resnet50_2, "
              "wide_resnet101_2, resnext50_32x4d, resnext101_32x8d, resnext101_64x4d, "
              "mobilenet_v3_large. A backbone alone is short for the DeepLabV3 on it.",
};

static const sg_option size_option = {
    .name = "size",
    .kind = OPTION_DIMENSIONS,
    .group = GROUP_INPUT,
    .offset = SETTING(bench_size),
    .argument = "WxH",
    .minimum = 1,
    .maximum = 65535,
    .help = "Size of the synthetic picture (default 856x640).",
};

static const sg_option runs_option = {
    .name = "runs",
    .kind = OPTION_INTEGER,
    .group = GROUP_RUNNING,
    .offset = SETTING(runs),
    .argument = "N",
    .minimum = 1,
    .maximum = 100000,
    .help = "Runs after the warm-up, of which the medians are taken (default 5).",
};

static const sg_option accuracy_option = {
    .name = "accuracy",
    .kind = OPTION_FLAG,
    .group = GROUP_RUNNING,
    .offset = SETTING(accuracy),
    .help = "Measure errors in the place of times: what --engine makes of each picture against "
            "--engine exact in float32.",
    .manual = "Pictures, or folders of JPEG and PNG files, follow as operands; what segent run "
              "writes into a folder is passed over. Without -m the model is that of segent run. "
              "Maps are compared at the network's size, which --set size=N changes. The section "
              "ACCURACY says what the figures are.",
};

static const sg_option verbose_runs_option = {
    .name = "verbose",
    .letter = 'v',
    .kind = OPTION_FLAG,
    .group = GROUP_REPORT,
    .offset = SETTING(verbose),
    .help = "Also print the times of every single run, and of every layer.",
    .manual = "Of a layer: shape, algorithm, kernel, time, rate, and share of the whole.",
};

static const sg_option *const option_rows[] = {&model_option,
                                               &prefix_option,
                                               &rates_option,
                                               &output_stride_option,
                                               &settings_file_option,
                                               &set_option,
                                               &arch_option,
                                               &size_option,
                                               &engine_option,
                                               &precision_option,
                                               &threads_option,
                                               &runs_option,
                                               &accuracy_option,
                                               &json_option,
                                               &verbose_runs_option,
                                               &progress_option,
                                               &help_option,
                                               &version_option,
                                               NULL};

static const char *conflict(const sg_settings *settings)
{
    if (option_given(settings, "arch") && option_given(settings, "model"))
        return "--model and --arch contradict each other";
    if (!settings->accuracy)
        return settings->input_count > 0 ? "pictures are for --accuracy" : NULL;
    if (settings->input_count == 0)
        return "--accuracy needs pictures, or folders of them";
    if (option_given(settings, "arch"))
        return "--accuracy needs a trained network, and --arch has random weights";
    if (option_given(settings, "size"))
        return "--size is that of the synthetic picture, which --accuracy has not; --set size=N "
               "says the network's";
    if (option_given(settings, "runs"))
        return "--runs has no meaning with --accuracy, which runs each picture once";
    return NULL;
}

const sg_command bench_command = {
    .name = "bench",
    .operands = "[IMAGE...]",
    .summary = "time each stage on this machine, or measure what speed costs",
    .description =
        "Runs a network on a synthetic picture: once to warm up, then --runs times, and reports "
        "the median time of each stage; with -v of each layer too. The picture goes through the "
        "network at its own size. Without -m, the network has random weights from a seed, of full "
        "size, which segment nothing but take as long. Rates count the work of direct "
        "convolution, so that multiplications saved make them higher.",
    .manual =
        "With --accuracy it times nothing: each picture given goes through the network twice, "
        "and what comes out is compared.",
    .examples = "  segent bench\n"
                "  segent bench --size 520x520 --runs 3 -t 1 --arch resnet50\n"
                "  segent bench -m deeplabv3_resnet101_coco-586e9e4e.pth --json\n"
                "  segent bench --accuracy -m deeplabv3_resnet101_coco-586e9e4e.pth pictures\n",
    .options = option_rows,
    .fewest_inputs = 0,
    .most_inputs = -1,
    .conflict = conflict,
    .run = bench_main,
};
