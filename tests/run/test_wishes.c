/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a run may be asked for beside a size: an engine, a limit of its working memory; and the
 * host's own parallel loop. One model serves all of it. */

#include "common.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context.h"

/* Of the picture. Valgrind, which takes 700 times as long, gets a smaller one (see main). */
static int32_t height = 97, width = 129;

/* Its largest steps are convolutions with much workspace, whose maps are small. */
static const test_network_shape shape = {
    .seed = 3, .blocks = {1, 1, 1, 1}, .width = 32, .aspp = 64, .classes = 7};

typedef struct fixture {
    segent_context *context;
    segent_model *model;
    segent_image *image;
    segent_run_options options;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f.context = run_context(2);
    f.model = run_model(f.context, &shape, NULL);
    uint8_t *rgb = run_noise(5, height, width);
    f.image = run_image(f.context, rgb, height, width);
    free(rgb);
    f.options = segent_run_options_init();
    f.options.size = SEGENT_SIZE_OWN;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->context);
    return 0;
}

static segent_result *run_with(segent_context *context, const fixture *f,
                               const segent_run_options *options)
{
    segent_result *result = NULL;
    test_assert_ok(context, segent_run(context, f->model, f->image, options, &result));
    return result;
}

static segent_result *run_engine(const fixture *f, segent_engine engine)
{
    segent_run_options options = f->options;
    options.engine = engine;
    return run_with(f->context, f, &options);
}

static int64_t bytes_of(const fixture *f, segent_engine engine, int64_t limit)
{
    segent_run_options options = f->options;
    int64_t bytes = 0;
    options.engine = engine;
    options.workspace_limit = limit;
    test_assert_ok(f->context,
                   segent_model_memory(f->context, f->model, width, height, &options, &bytes));
    return bytes;
}

/* The same picture through another way of rounding: logits nearly the same, and labels wherever two
 * classes are not all but alike. */
static void assert_close(const segent_result *result, const segent_result *expected)
{
    int32_t rows, columns;
    const float *logits = segent_result_lowres_logits(result, &rows, &columns);
    const float *others = segent_result_lowres_logits(expected, NULL, NULL);
    const size_t count = (size_t)rows * (size_t)columns * (size_t)segent_result_classes(expected);
    const size_t pixels =
        (size_t)segent_result_height(expected) * (size_t)segent_result_width(expected);
    const uint8_t *labels = segent_result_labels(result);
    const uint8_t *other_labels = segent_result_labels(expected);
    double scale = 0.0, worst = 0.0;
    size_t different = 0;
    for (size_t i = 0; i < count; i++) {
        scale = fmax(scale, fabs((double)others[i]));
        worst = fmax(worst, fabs((double)logits[i] - (double)others[i]));
    }
    assert_true(worst <= 1e-4 * scale);
    for (size_t i = 0; i < pixels; i++)
        different += labels[i] != other_labels[i];
    assert_true(different <= pixels / 2000);
}

/* ---- engines ---- */

typedef struct ways {
    int steps, direct; /* convolutions of each */
} ways;

static void count_ways(void *user, const segent_layer_info *layer)
{
    ways *seen = user;
    if (layer->multiply_adds > 0) {
        seen->steps++;
        seen->direct += strcmp(layer->algorithm, "direct") == 0;
    }
}

static ways ways_of(const fixture *f, segent_engine engine)
{
    ways seen = {0, 0};
    test_assert_ok(f->context, segent_context_report_layers(f->context, count_ways, &seen));
    segent_result_destroy(run_engine(f, engine));
    test_assert_ok(f->context, segent_context_report_layers(f->context, NULL, NULL));
    return seen;
}

/* By turns on one model, each as if it were alone. */
static void test_engines(void **state)
{
    fixture *f = *state;
    segent_result *first[3];
    for (segent_engine e = SEGENT_ENGINE_FAST; e <= SEGENT_ENGINE_SMALL; e++)
        first[e] = run_engine(f, e);
    for (int i = 0; i < (run_is_brief() ? 3 : 6); i++) {
        segent_result *again = run_engine(f, (segent_engine)(i * 2 % 3));
        run_assert_same(again, first[i * 2 % 3]);
        segent_result_destroy(again);
    }
    assert_close(first[SEGENT_ENGINE_FAST], first[SEGENT_ENGINE_EXACT]);
    assert_close(first[SEGENT_ENGINE_SMALL], first[SEGENT_ENGINE_EXACT]);
    if (f->context->kernels.product.fast) { /* or else there is but one way */
        const ways fast = ways_of(f, SEGENT_ENGINE_FAST), exact = ways_of(f, SEGENT_ENGINE_EXACT);
        assert_true(fast.direct < fast.steps);
        assert_int_equal(exact.direct, exact.steps);
        assert_int_equal(exact.steps, fast.steps);
        assert_true(bytes_of(f, SEGENT_ENGINE_SMALL, 0) <= bytes_of(f, SEGENT_ENGINE_FAST, 0));
        assert_true(bytes_of(f, SEGENT_ENGINE_EXACT, 0) < bytes_of(f, SEGENT_ENGINE_FAST, 0));
    }
    for (int i = 0; i < 3; i++)
        segent_result_destroy(first[i]);
}

static void test_unknown(void **state)
{
    static const int32_t unknown[] = {-1, 3, INT32_MAX};
    fixture *f = *state;
    segent_result *result = NULL;
    int64_t bytes = 0;
    for (int i = 0; i < 3; i++) {
        segent_run_options engine = f->options, precision = f->options;
        engine.engine = unknown[i];
        test_assert_status(f->context, segent_run(f->context, f->model, f->image, &engine, &result),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(f->context, "is not an engine");
        test_assert_status(
            f->context, segent_model_memory(f->context, f->model, width, height, &engine, &bytes),
            SEGENT_ERROR_INVALID_ARGUMENT);
        precision.precision = unknown[i];
        test_assert_status(f->context,
                           segent_run(f->context, f->model, f->image, &precision, &result),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        test_assert_error_contains(f->context, "is not known");
        assert_null(result);
    }
}

/* ---- a limit of the working memory ---- */

/* A host's memory, of which the largest block is remembered. */
typedef struct largest {
    pthread_mutex_t mutex;
    size_t size;
} largest;

static void *allocate(void *user, size_t size)
{
    largest *self = user;
    pthread_mutex_lock(&self->mutex);
    self->size = size > self->size ? size : self->size;
    pthread_mutex_unlock(&self->mutex);
    return malloc(size);
}

static void release(void *user, void *block)
{
    (void)user;
    free(block);
}

/* The largest block that a run of a fresh context asks for is that of the activations. */
static size_t largest_block(const fixture *f, const segent_run_options *options,
                            segent_result **result)
{
    static largest self = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    segent_options given = segent_options_init();
    segent_context *context = NULL;
    given.threads = 2;
    given.allocate = allocate;
    given.release = release;
    given.allocator_user = &self;
    test_assert_ok(NULL, segent_context_create(&given, &context));
    self.size = 0;
    *result = run_with(context, f, options);
    segent_context_destroy(context);
    return self.size;
}

/* The number of bytes in the sentence of a limit that is too small. */
static int64_t least_of(const fixture *f, segent_engine engine)
{
    segent_run_options options = f->options;
    segent_result *result = NULL;
    int64_t least = 0;
    options.engine = engine;
    options.workspace_limit = 1;
    test_assert_status(f->context, segent_run(f->context, f->model, f->image, &options, &result),
                       SEGENT_ERROR_LIMIT);
    assert_null(result);
    const char *takes = strstr(segent_last_error(f->context), " takes ");
    assert_non_null(takes);
    assert_int_equal(sscanf(takes, " takes %" SCNd64 " bytes", &least), 1);
    return least;
}

static void test_limit(void **state)
{
    enum { SLACK = 4096 }; /* for what an allocator adds to a block */
    const int64_t steps = run_is_brief() ? 1 : 4;
    fixture *f = *state;
    segent_result *exact = run_engine(f, SEGENT_ENGINE_EXACT), *result = NULL;
    for (segent_engine e = SEGENT_ENGINE_FAST; e <= SEGENT_ENGINE_SMALL; e++) {
        const int64_t least = least_of(f, e), most = bytes_of(f, e, 0);
        for (int64_t i = 0; i <= steps; i++) {
            segent_run_options options = f->options;
            options.engine = e;
            options.workspace_limit = least + (most - least) * i / steps;
            const int64_t bytes = bytes_of(f, e, options.workspace_limit);
            assert_in_range(bytes, 1, options.workspace_limit);
            assert_in_range(largest_block(f, &options, &result), 1, bytes + SLACK);
            assert_close(result, exact);
            segent_result_destroy(result);
        }
        /* One byte below what the sentence says does not do. */
        segent_run_options options = f->options;
        options.engine = e;
        options.workspace_limit = least - 1;
        result = NULL;
        test_assert_status(f->context,
                           segent_run(f->context, f->model, f->image, &options, &result),
                           SEGENT_ERROR_LIMIT);
        assert_null(result);
    }
    segent_run_options negative = f->options;
    negative.workspace_limit = -1;
    test_assert_status(f->context, segent_run(f->context, f->model, f->image, &negative, &result),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    segent_result_destroy(exact);
}

/* A picture that is resized on its way needs no more room than the limit, either. */
static void test_limit_with_resize(void **state)
{
    fixture *f = *state;
    segent_run_options options = f->options;
    segent_result *free_run = NULL, *limited = NULL;
    int64_t bytes = 0;
    options.size = 24;
    options.engine = SEGENT_ENGINE_EXACT;
    test_assert_ok(f->context, segent_model_memory(f->context, f->model, 31, 24, &options, &bytes));
    (void)largest_block(f, &options, &free_run);
    options.workspace_limit = bytes;
    (void)largest_block(f, &options, &limited);
    run_assert_same(limited, free_run);
    segent_result_destroy(free_run);
    segent_result_destroy(limited);
}

/* ---- the host's parallel loop ---- */

/* tests/host/parallel.c tries all kinds of loops on a small network. This one is large enough for
 * every way to do a convolution. */
typedef struct loop {
    bool descending;
    int calls;
} loop;

static void run_loop(void *user, int32_t count, segent_task_fn task, void *argument)
{
    loop *self = user;
    self->calls++;
    for (int32_t i = 0; i < count; i++)
        task(argument, self->descending ? count - 1 - i : i);
}

static void test_parallel(void **state)
{
    fixture *f = *state;
    for (segent_engine e = SEGENT_ENGINE_FAST; e <= SEGENT_ENGINE_SMALL; e++) {
        f->options.engine = e;
        segent_result *expected = run_with(f->context, f, &f->options);
        for (int32_t threads = 2; threads <= (run_is_brief() ? 2 : 5); threads++) {
            loop self = {.descending = threads % 2 == 0};
            segent_options given = segent_options_init();
            segent_context *context = NULL;
            given.threads = threads;
            given.parallel = run_loop;
            given.parallel_user = &self;
            test_assert_ok(NULL, segent_context_create(&given, &context));
            segent_result *result = run_with(context, f, &f->options);
            run_assert_same(result, expected);
            segent_result_destroy(result);
            segent_context_destroy(context);
            assert_true(self.calls > 20);
        }
        segent_result_destroy(expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_engines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit_with_resize, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_parallel, set_up, tear_down),
    };
    if (run_is_brief()) {
        height = 49;
        width = 65;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
