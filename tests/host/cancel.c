/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Runs, and the reading of files, that are ended from outside: a flag that is set before or while
 * they go on, by another thread, by a signal handler or by a callback. */

#include "host.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "sanitizers.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void sleep_for(double seconds)
{
    const struct timespec time = {(time_t)seconds,
                                  (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
}

/* The processor's time that all threads of this process have taken. */
static double spent(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Whether this runs in valgrind, which is slower by some hundred times. */
static bool is_brief(void)
{
    return getenv("SEGENT_TEST_BRIEF") != NULL;
}

/* What slows the library down many times over. */
static bool is_slow(void)
{
    return TEST_ADDRESS_SANITIZER || TEST_THREAD_SANITIZER || is_brief();
}

/* ---- a small run ---- */

typedef struct fixture {
    segent_context *context;
    segent_model *model;
    segent_image *image;
    segent_result *expected;
    segent_cancel *cancel;
    segent_run_options options; /* with the flag */
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f.context = host_context(2);
    f.model = host_model(f.context);
    f.image = host_image(f.context);
    f.expected = host_run(f.context, f.model, f.image);
    test_assert_ok(f.context, segent_cancel_create(f.context, &f.cancel));
    f.options = segent_run_options_init();
    f.options.size = SEGENT_SIZE_OWN;
    f.options.cancel = f.cancel;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_cancel_destroy(f->cancel);
    segent_result_destroy(f->expected);
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->context);
    return 0;
}

static void expect_cancelled(const fixture *f, const segent_run_options *options)
{
    segent_result *result = NULL;
    test_assert_status(f->context, segent_run(f->context, f->model, f->image, options, &result),
                       SEGENT_ERROR_CANCELLED);
    test_assert_error_contains(f->context, "the run was cancelled");
    assert_null(result);
}

static void expect_right(const fixture *f, const segent_run_options *options)
{
    const size_t pixels = (size_t)HOST_WIDTH * HOST_HEIGHT;
    segent_result *result = NULL;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, options, &result));
    assert_memory_equal(segent_result_labels(result), segent_result_labels(f->expected), pixels);
    assert_memory_equal(segent_result_entropy(result), segent_result_entropy(f->expected),
                        pixels * sizeof(float));
    segent_result_destroy(result);
}

/* It stays set until it is reset, and a run that was not given it knows nothing of it. */
static void test_set_before(void **state)
{
    fixture *f = *state;
    segent_run_options without = f->options;
    without.cancel = NULL;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(segent_cancel_is_set(f->cancel), 0);
        expect_right(f, &f->options);
        segent_cancel_set(f->cancel);
        assert_int_equal(segent_cancel_is_set(f->cancel), 1);
        expect_cancelled(f, &f->options);
        expect_cancelled(f, &f->options);
        expect_right(f, &without);
        expect_cancelled(f, &f->options);
        segent_cancel_set(f->cancel); /* again, which changes nothing */
        segent_cancel_reset(f->cancel);
    }
    expect_right(f, &f->options);
}

/* The other ways to run. */
static void test_other_calls(void **state)
{
    enum { LOW_HEIGHT = (HOST_HEIGHT + 7) / 8, LOW_WIDTH = (HOST_WIDTH + 7) / 8 };
    static float map[HOST_HEIGHT * HOST_WIDTH], low[HOST_CLASSES * LOW_HEIGHT * LOW_WIDTH];
    fixture *f = *state;
    segent_uncertainty_maps maps = segent_uncertainty_maps_init();
    const segent_tensor_view logits = segent_tensor_chw(low, HOST_CLASSES, LOW_HEIGHT, LOW_WIDTH);
    segent_input input = segent_input_init();
    int64_t bytes = 0;
    input.image = f->image;
    maps.height = HOST_HEIGHT;
    maps.width = HOST_WIDTH;
    maps.entropy.data = map;
    segent_cancel_set(f->cancel);
    test_assert_status(f->context,
                       segent_run_into(f->context, f->model, &input, &f->options, &maps, NULL),
                       SEGENT_ERROR_CANCELLED);
    test_assert_status(f->context,
                       segent_model_logits(f->context, f->model, &input, &f->options, &logits),
                       SEGENT_ERROR_CANCELLED);
    /* What is no run is not cancelled: neither this nor what follows. */
    test_assert_ok(f->context, segent_model_memory(f->context, f->model, HOST_WIDTH, HOST_HEIGHT,
                                                   &f->options, &bytes));
    segent_tensor_view values = host_logits();
    segent_map_view entropy = segent_map(map, HOST_HEIGHT, HOST_WIDTH);
    float *expected = malloc(sizeof(map));
    assert_non_null(expected);
    segent_context *other = host_context(1);
    const segent_map_view of_other = segent_map(expected, HOST_HEIGHT, HOST_WIDTH);
    test_assert_ok(f->context, segent_entropy_map(f->context, &values, NULL, &entropy));
    test_assert_ok(other, segent_entropy_map(other, &values, NULL, &of_other));
    assert_memory_equal(map, expected, sizeof(map));
    segent_context_destroy(other);
    free(expected);
    free(values.data);
    segent_cancel_reset(f->cancel);
    test_assert_ok(f->context,
                   segent_run_into(f->context, f->model, &input, &f->options, &maps, NULL));
    assert_memory_equal(map, segent_result_entropy(f->expected), sizeof(map));
    test_assert_ok(f->context,
                   segent_model_logits(f->context, f->model, &input, &f->options, &logits));
    assert_memory_equal(low, segent_result_lowres_logits(f->expected, NULL, NULL), sizeof(low));
}

typedef struct setter {
    segent_cancel *cancel;
    int calls, at;
} setter;

static int32_t set_at(void *user, double done)
{
    setter *self = user;
    (void)done;
    if (++self->calls == self->at)
        segent_cancel_set(self->cancel);
    return 0;
}

/* At each step in turn. */
static void test_from_a_callback(void **state)
{
    fixture *f = *state;
    setter self = {f->cancel, 0, -1};
    f->options.progress = set_at;
    f->options.progress_user = &self;
    expect_right(f, &f->options);
    for (int at = 1, calls = self.calls; at <= calls; at++) {
        self = (setter){f->cancel, 0, at};
        expect_cancelled(f, &f->options);
        assert_int_equal(self.calls, at);
        segent_cancel_reset(f->cancel);
    }
    expect_right(f, &f->options);
}

static void test_null(void **state)
{
    fixture *f = *state;
    segent_cancel *cancel = NULL;
    assert_int_equal(segent_cancel_create(f->context, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_cancel_create(NULL, &cancel), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_null(cancel);
    segent_cancel_set(NULL);
    segent_cancel_reset(NULL);
    segent_cancel_destroy(NULL);
    assert_int_equal(segent_cancel_is_set(NULL), 0);
}

/* A flag outlives the context that it was made with. */
static void test_outlives(void **state)
{
    fixture *f = *state;
    test_allocator memory = {0};
    const segent_options options = test_allocator_options(&memory);
    segent_context *context = NULL;
    segent_cancel *cancel = NULL;
    test_assert_ok(NULL, segent_context_create(&options, &context));
    memory.fail_at = memory.calls + 1;
    test_assert_status(context, segent_cancel_create(context, &cancel), SEGENT_ERROR_OUT_OF_MEMORY);
    assert_null(cancel);
    test_assert_ok(context, segent_cancel_create(context, &cancel));
    segent_context_destroy(context);
    segent_run_options run = f->options;
    run.cancel = cancel;
    expect_right(f, &run);
    segent_cancel_set(cancel);
    expect_cancelled(f, &run);
    segent_cancel_destroy(cancel);
    assert_int_equal(memory.live, 0);
}

/* ---- how long it takes ---- */

/* A run that takes a while. */
typedef struct long_run {
    const char *name;
    test_network_shape shape;
    int32_t height, width, size; /* of the picture, and at the network */
    segent_output_size output;
} long_run;

/* The network; the resize before it and the head behind it. */
static const long_run long_runs[] = {
    {"a large network",
     {.seed = 8, .blocks = {1, 2, 3, 2}, .width = 32, .aspp = 128, .classes = 21},
     360,
     480,
     SEGENT_SIZE_OWN,
     SEGENT_OUTPUT_NETWORK},
    {"a large picture",
     {.seed = 9, .blocks = {1, 1, 1, 1}, .width = 2, .aspp = 4, .classes = 9},
     3000,
     4000,
     64,
     SEGENT_OUTPUT_ORIGINAL},
};

typedef struct timed {
    segent_context *context;
    segent_model *model;
    segent_image *image;
    segent_cancel *cancel;
    segent_run_options options;
    double delay;              /* seconds after the start, */
    double set_at, spent_then; /* and when it was, by either clock */
    pthread_barrier_t start;
} timed;

static timed begin_timed(const long_run *what, int32_t threads)
{
    const int32_t part = is_brief() ? 8 : 1; /* of its sides */
    const int32_t height = what->height / part, width = what->width / part;
    timed self = {.context = host_context(threads), .options = segent_run_options_init()};
    uint64_t random = 1;
    uint8_t *pixels = malloc((size_t)height * (size_t)width * 3);
    assert_non_null(pixels);
    for (int64_t i = 0; i < (int64_t)height * width * 3; i++)
        pixels[i] = (uint8_t)(i % 64 ? i : (int64_t)test_random(&random));
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, height, width);
    test_assert_ok(self.context, segent_image_from_pixels(self.context, &view, &self.image));
    free(pixels);
    test_network *network = test_network_make(&what->shape);
    const char *path = test_temporary("long.pth");
    test_write_checkpoint(path, SEGENT_CONTAINER_ZIP, network->tensors, network->count, NULL);
    test_network_free(network);
    test_assert_ok(self.context, segent_model_load(self.context, path, NULL, &self.model));
    test_assert_ok(self.context, segent_cancel_create(self.context, &self.cancel));
    self.options.size = what->size;
    self.options.output_size = what->output;
    self.options.cancel = self.cancel;
    return self;
}

static void end_timed(timed *self)
{
    segent_cancel_destroy(self->cancel);
    segent_image_destroy(self->image);
    segent_model_destroy(self->model);
    segent_context_destroy(self->context);
}

static void *set_later(void *argument)
{
    timed *self = argument;
    pthread_barrier_wait(&self->start);
    sleep_for(self->delay);
    self->set_at = now();
    self->spent_then = spent();
    segent_cancel_set(self->cancel);
    return NULL;
}

/* Seconds from the moment at which the flag was set to the run's end; less than 0 if it was over
 * before. When other processes have the processor, fewer seconds are spent than go by. */
static double measure(timed *self, double delay)
{
    pthread_t thread;
    segent_result *result = NULL;
    self->delay = delay;
    assert_int_equal(pthread_barrier_init(&self->start, NULL, 2), 0);
    assert_int_equal(pthread_create(&thread, NULL, set_later, self), 0);
    pthread_barrier_wait(&self->start);
    const segent_status status =
        segent_run(self->context, self->model, self->image, &self->options, &result);
    const double end = now(), spent_now = spent();
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_barrier_destroy(&self->start);
    segent_cancel_reset(self->cancel);
    segent_result_destroy(result);
    if (status == SEGENT_OK)
        return -1.0;
    test_assert_status(self->context, status, SEGENT_ERROR_CANCELLED);
    assert_null(result);
    return fmin(end - self->set_at, spent_now - self->spent_then);
}

/* The shortest of a few: what else goes on in the machine slows some of them, but not all. */
static double shortest(timed *self, double delay, double bound)
{
    enum { TRIES = 12 };
    double least = 1e9;
    for (int i = 0; i < TRIES && (i == 0 || least > bound); i++) {
        const double seconds = measure(self, delay);
        least = seconds < least ? seconds : least;
    }
    return least;
}

static void check_time(const long_run *what, int32_t threads, segent_engine engine)
{
    const int moments = is_brief() ? 2 : 8;
    const double bound = is_brief() ? 1e9 : is_slow() ? 5.0 : 0.05;
    timed self = begin_timed(what, threads);
    segent_result *expected = NULL, *result = NULL;
    self.options.engine = engine;
    test_assert_ok(self.context,
                   segent_run(self.context, self.model, self.image, &self.options, &expected));
    const double start = now();
    test_assert_ok(self.context,
                   segent_run(self.context, self.model, self.image, &self.options, &result));
    const double whole = now() - start;
    segent_result_destroy(result);
    double worst = 0.0;
    for (int i = 0; i < moments; i++) {
        const double seconds = shortest(&self, whole * i / moments, bound);
        worst = seconds > worst ? seconds : worst;
        if (seconds > bound)
            fail_msg(
                "%s, %d threads, engine %s: cancelled after %.0f of %.0f ms, the run took %.0f "
                "ms to return",
                what->name, (int)threads, segent_engine_name(engine), self.delay * 1e3, whole * 1e3,
                seconds * 1e3);
    }
    print_message("%s, %d threads, engine %s: %.0f ms, cancelled within %.1f ms\n", what->name,
                  (int)threads, segent_engine_name(engine), whole * 1e3, worst * 1e3);
    /* Afterwards everything is as if nothing had been. */
    test_assert_ok(self.context,
                   segent_run(self.context, self.model, self.image, &self.options, &result));
    const size_t pixels =
        (size_t)segent_result_width(result) * (size_t)segent_result_height(result);
    assert_memory_equal(segent_result_labels(result), segent_result_labels(expected), pixels);
    assert_memory_equal(segent_result_entropy(result), segent_result_entropy(expected),
                        pixels * sizeof(float));
    int64_t count = 0;
    const segent_class_statistics *statistics = segent_result_statistics(result, &count);
    assert_memory_equal(statistics, segent_result_statistics(expected, &count),
                        (size_t)count * sizeof(*statistics));
    segent_result_destroy(result);
    segent_result_destroy(expected);
    end_timed(&self);
}

static void test_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < (is_brief() ? 1 : sizeof(long_runs) / sizeof(long_runs[0])); i++) {
        check_time(&long_runs[i], 2, SEGENT_ENGINE_FAST);
        if (is_slow())
            continue;
        check_time(&long_runs[i], 1, SEGENT_ENGINE_FAST);
        if (i == 0)
            check_time(&long_runs[i], 1, SEGENT_ENGINE_EXACT);
    }
}

/* ---- reading models and pictures ---- */

enum { FILE_SIDE = 1500 };

/* Files whose reading takes a while: a model in two containers, a picture. */
typedef struct files {
    segent_context *context;
    segent_cancel *cancel;
    char models[2][256];
    unsigned char *png;
    size_t png_size;
} files;

static void write_model(const char *name, segent_container container, char path[256])
{
    const int32_t part = is_brief() ? 8 : 1;
    const test_network_shape shape = {
        .seed = 8, .blocks = {1, 2, 3, 2}, .width = 64 / part, .aspp = 256 / part, .classes = 21};
    test_network *network = test_network_make(&shape);
    snprintf(path, 256, "%s", test_temporary(name));
    test_write_checkpoint(path, container, network->tensors, network->count, NULL);
    test_network_free(network);
}

/* A PNG picture of noise, which takes long to read. */
static void make_png(files *f)
{
    const int32_t side = is_brief() ? 64 : FILE_SIDE;
    const size_t size = (size_t)side * (size_t)side * 3;
    segent_image *image = NULL;
    segent_buffer *png = NULL;
    uint64_t random = 3;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    for (size_t i = 0; i < size; i++)
        pixels[i] = (uint8_t)(test_random(&random) % 32);
    const segent_pixel_view view = segent_pixels(pixels, SEGENT_PIXEL_RGB, side, side);
    test_assert_ok(f->context, segent_image_from_pixels(f->context, &view, &image));
    free(pixels);
    test_assert_ok(f->context, segent_image_encode_png(f->context, image, &png));
    f->png_size = segent_buffer_size(png);
    f->png = malloc(f->png_size);
    assert_non_null(f->png);
    memcpy(f->png, segent_buffer_data(png), f->png_size);
    segent_buffer_destroy(png);
    segent_image_destroy(image);
}

static int set_up_files(void **state)
{
    static files f;
    memset(&f, 0, sizeof(f));
    f.context = host_context(2);
    test_assert_ok(f.context, segent_cancel_create(f.context, &f.cancel));
    write_model("large.pth", SEGENT_CONTAINER_ZIP, f.models[0]);
    write_model("large.safetensors", SEGENT_CONTAINER_SAFETENSORS, f.models[1]);
    if (segent_supports("png"))
        make_png(&f);
    *state = &f;
    return 0;
}

static int tear_down_files(void **state)
{
    files *f = *state;
    free(f->png);
    segent_cancel_destroy(f->cancel);
    segent_context_destroy(f->context);
    return 0;
}

enum { LOAD_ZIP, LOAD_SAFETENSORS, LOAD_MEMORY, READ_PICTURE, WAYS };

static const char *const way_names[WAYS] = {"a zip file", "a safetensors file",
                                            "a checkpoint that is open", "a PNG picture"};

/* Reads a file to its end, or until the flag is set. */
static segent_status read_file(const files *f, int way, const segent_cancel *cancel)
{
    segent_model_options options = segent_model_options_init();
    segent_image_options image_options = segent_image_options_init();
    segent_model *model = NULL;
    segent_image *image = NULL;
    segent_checkpoint *checkpoint = NULL;
    segent_status status;
    options.cancel = image_options.cancel = cancel;
    if (way == READ_PICTURE) {
        status = segent_image_load_memory(f->context, f->png, f->png_size, &image_options, &image);
    } else if (way == LOAD_MEMORY) {
        test_assert_ok(f->context, segent_checkpoint_load(f->context, f->models[0], &checkpoint));
        status = segent_model_from_checkpoint(f->context, checkpoint, &options, &model);
    } else {
        status = segent_model_load(f->context, f->models[way], &options, &model);
    }
    assert_true((model || image) == (status == SEGENT_OK));
    segent_checkpoint_destroy(checkpoint);
    segent_model_destroy(model);
    segent_image_destroy(image);
    return status;
}

static bool can_read(const files *f, int way)
{
    return way != READ_PICTURE || f->png;
}

/* A flag that is set beforehand ends every way; one that is not set, or reset, ends none. */
static void test_reading_set_before(void **state)
{
    files *f = *state;
    for (int way = 0; way < WAYS; way++) {
        if (!can_read(f, way))
            continue;
        segent_cancel_set(f->cancel);
        test_assert_status(f->context, read_file(f, way, f->cancel), SEGENT_ERROR_CANCELLED);
        test_assert_error_contains(f->context, way == READ_PICTURE ? "memory: reading was cancelled"
                                                                   : ": loading was cancelled");
        test_assert_ok(f->context, read_file(f, way, NULL));
        segent_cancel_reset(f->cancel);
        test_assert_ok(f->context, read_file(f, way, f->cancel));
    }
    if (!f->png)
        return;
    segent_image_options options = segent_image_options_init();
    segent_labels *labels = NULL;
    options.cancel = f->cancel;
    segent_cancel_set(f->cancel);
    test_assert_status(
        f->context,
        segent_labels_load_png_memory(f->context, f->png, f->png_size, &options, &labels),
        SEGENT_ERROR_CANCELLED);
    assert_null(labels);
    segent_cancel_reset(f->cancel);
}

typedef struct delayed {
    segent_cancel *cancel;
    double delay, set_at, spent_then;
    pthread_barrier_t start;
} delayed;

static void *set_delayed(void *argument)
{
    delayed *self = argument;
    pthread_barrier_wait(&self->start);
    sleep_for(self->delay);
    self->set_at = now();
    self->spent_then = spent();
    segent_cancel_set(self->cancel);
    return NULL;
}

/* As `measure`, of reading. */
static double measure_reading(const files *f, int way, double delay)
{
    delayed self = {.cancel = f->cancel, .delay = delay};
    pthread_t thread;
    assert_int_equal(pthread_barrier_init(&self.start, NULL, 2), 0);
    assert_int_equal(pthread_create(&thread, NULL, set_delayed, &self), 0);
    pthread_barrier_wait(&self.start);
    const segent_status status = read_file(f, way, f->cancel);
    const double end = now(), spent_now = spent();
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_barrier_destroy(&self.start);
    segent_cancel_reset(f->cancel);
    if (status == SEGENT_OK)
        return -1.0;
    test_assert_status(f->context, status, SEGENT_ERROR_CANCELLED);
    return fmin(end - self.set_at, spent_now - self.spent_then);
}

static void test_reading_time(void **state)
{
    enum { MOMENTS = 4, TRIES = 12 };
    const files *f = *state;
    const double bound = is_brief() ? 1e9 : is_slow() ? 5.0 : 0.05;
    for (int way = 0; way < WAYS; way++) {
        if (!can_read(f, way))
            continue;
        const double start = now();
        test_assert_ok(f->context, read_file(f, way, NULL));
        const double whole = now() - start;
        double worst = 0.0;
        for (int i = 0; i < MOMENTS; i++) {
            double least = 1e9;
            for (int k = 0; k < TRIES && (k == 0 || least > bound); k++)
                least = fmin(least, measure_reading(f, way, whole * i / MOMENTS));
            worst = fmax(worst, least);
        }
        print_message("%s: %.0f ms, cancelled within %.1f ms\n", way_names[way], whole * 1e3,
                      worst * 1e3);
        assert_true(worst <= bound);
        test_assert_ok(f->context, read_file(f, way, f->cancel));
    }
}

/* Nothing of what a cancelled load had begun is left. */
static void test_reading_leaves_nothing(void **state)
{
    files *f = *state;
    test_allocator memory = {0};
    const segent_options options = test_allocator_options(&memory);
    files own = *f;
    test_assert_ok(NULL, segent_context_create(&options, &own.context));
    const int64_t before = memory.live;
    for (int way = 0; way < WAYS; way++) {
        if (!can_read(f, way))
            continue;
        for (int i = 0; i < 3; i++) {
            (void)measure_reading(&own, way, 0.004 * i);
            assert_int_equal(memory.live, before);
        }
    }
    segent_context_destroy(own.context);
    assert_int_equal(memory.live, 0);
}

/* ---- a signal handler ---- */

static segent_cancel *interrupted;

static void on_alarm(int number)
{
    (void)number;
    segent_cancel_set(interrupted);
}

static void test_from_a_signal_handler(void **state)
{
    (void)state;
    timed self = begin_timed(&long_runs[0], 2);
    const struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    struct sigaction before;
    segent_result *result = NULL;
    interrupted = self.cancel;
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    segent_status status = SEGENT_OK;
    while (status == SEGENT_OK) {
        segent_result_destroy(result);
        result = NULL;
        status = segent_run(self.context, self.model, self.image, &self.options, &result);
    }
    test_assert_status(self.context, status, SEGENT_ERROR_CANCELLED);
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
    end_timed(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_set_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_calls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_a_callback, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_null, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outlives, set_up, tear_down),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_from_a_signal_handler),
        cmocka_unit_test_setup_teardown(test_reading_set_before, set_up_files, tear_down_files),
        cmocka_unit_test_setup_teardown(test_reading_time, set_up_files, tear_down_files),
        cmocka_unit_test_setup_teardown(test_reading_leaves_nothing, set_up_files, tear_down_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
