/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whole runs, from picture file to labels, entropy and sums, against Pillow and torchvision.
 * tests/data/run/make.py made the golden data. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES 8

typedef struct run_case {
    char picture[32];
    test_network_shape shape;
    int32_t size;
    double sum_nats, sum;
} run_case;

static void read_cases(run_case cases[CASES])
{
    FILE *file = fopen(test_data("run/cases.txt"), "r");
    assert_non_null(file);
    for (int i = 0; i < CASES; i++) {
        run_case *c = &cases[i];
        *c = (run_case){.size = 0};
        int32_t *b = c->shape.blocks;
        unsigned long long seed;
        assert_int_equal(fscanf(file, "%31s %llu %d %d %d %d %d %d %d %d %lf %lf", c->picture,
                                &seed, b, b + 1, b + 2, b + 3, &c->shape.width, &c->shape.aspp,
                                &c->shape.classes, &c->size, &c->sum_nats, &c->sum),
                         12);
        c->shape.seed = seed;
    }
    fclose(file);
}

static segent_model *make_model(segent_context *context, const test_network_shape *shape,
                                segent_container container)
{
    segent_model *model = NULL;
    const char *path = run_checkpoint(shape, container, NULL);
    test_assert_ok(context, segent_model_load(context, path, NULL, &model));
    remove(path);
    return model;
}

static segent_image *load_picture(segent_context *context, const char *name)
{
    char path[64];
    segent_image *image = NULL;
    snprintf(path, sizeof(path), "run/%s", name);
    test_assert_ok(context, segent_image_load(context, test_data(path), NULL, &image));
    return image;
}

static test_array golden(int index, const char *kind, const char *type)
{
    char name[64];
    snprintf(name, sizeof(name), "run/%02d.%s.npy", index, kind);
    return test_load_npy(test_data(name), type);
}

static void check_pixels(int index, const segent_result *result)
{
    const segent_image *input = segent_result_input(result);
    test_array pixels = golden(index, "pixels", "|u1");
    assert_int_equal(segent_image_height(input), pixels.shape[0]);
    assert_int_equal(segent_image_width(input), pixels.shape[1]);
    assert_memory_equal(segent_image_pixels(input), pixels.data, (size_t)pixels.count);
    test_free_array(&pixels);
}

static void check_lowres(int index, const segent_result *result)
{
    int32_t height, width;
    const float *logits = segent_result_lowres_logits(result, &height, &width);
    test_array expected = golden(index, "lowres", "<f4");
    const float *values = expected.data;
    double scale = 0.0, worst = 0.0;
    assert_int_equal(segent_result_classes(result), expected.shape[0]);
    assert_int_equal(height, expected.shape[1]);
    assert_int_equal(width, expected.shape[2]);
    for (int64_t i = 0; i < expected.count; i++) {
        scale = fmax(scale, fabs(values[i]));
        worst = fmax(worst, fabs((double)logits[i] - values[i]));
    }
    if (!(worst <= 1e-4 * scale))
        fail_msg("case %d: logits differ by %g, the largest is %g", index, worst, scale);
    test_free_array(&expected);
}

static unsigned label_at(const segent_result *result, int64_t pixel)
{
    const void *labels = segent_result_labels(result);
    return segent_result_label_type(result) == SEGENT_LABEL_U8 ? ((const uint8_t *)labels)[pixel]
                                                               : ((const uint16_t *)labels)[pixel];
}

/* Adds to the numbers of pixels seen and of labels that differ. */
static void check_labels(int index, const segent_result *result, int64_t *seen, int64_t *different)
{
    test_array labels = golden(index, "labels", "<u2"), clear = golden(index, "clear", "|u1");
    for (int64_t i = 0; i < labels.count; i++) {
        const unsigned expected = ((const uint16_t *)labels.data)[i];
        if (label_at(result, i) == expected)
            continue;
        ++*different;
        if (((const uint8_t *)clear.data)[i])
            fail_msg("case %d: pixel %d is class %u, expected %u", index, (int)i,
                     label_at(result, i), expected);
    }
    *seen += labels.count;
    test_free_array(&labels);
    test_free_array(&clear);
}

static void check_entropy(int index, const run_case *c, const segent_result *result)
{
    test_array entropy = golden(index, "entropy", "<f4");
    const float *map = segent_result_entropy(result);
    segent_entropy_summary summary = segent_entropy_summary_init();
    for (int64_t i = 0; i < entropy.count; i++) {
        const double expected = ((const float *)entropy.data)[i];
        if (!(fabs(map[i] - expected) <= 1e-4))
            fail_msg("case %d: entropy %g at pixel %d, expected %g", index, (double)map[i], (int)i,
                     expected);
    }
    assert_int_equal(segent_result_summary(result, &summary), SEGENT_OK);
    assert_int_equal(summary.pixels, entropy.count);
    assert_true(fabs(summary.sum_nats / c->sum_nats - 1.0) <= 1e-5);
    assert_true(fabs(summary.sum / c->sum - 1.0) <= 1e-5);
    assert_true(fabs(summary.mean * (double)entropy.count / c->sum - 1.0) <= 1e-5);
    test_free_array(&entropy);
}

static void check_statistics(const segent_result *result)
{
    int64_t count = 0, pixels = 0;
    double sum = 0.0;
    segent_entropy_summary summary = segent_entropy_summary_init();
    const segent_class_statistics *statistics = segent_result_statistics(result, &count);
    assert_int_equal(count, segent_result_classes(result));
    for (int64_t i = 0; i < count; i++) {
        pixels += statistics[i].pixels;
        sum += statistics[i].entropy_mean * (double)statistics[i].pixels;
    }
    segent_result_summary(result, &summary);
    assert_int_equal(pixels, summary.pixels);
    assert_true(fabs(sum - summary.sum) <= 1e-6 * fmax(1.0, summary.sum));
}

static void test_golden(void **state)
{
    (void)state;
    run_case cases[CASES];
    int64_t seen = 0, different = 0;
    read_cases(cases);
    segent_context *context = test_context();
    for (int i = 0; i < CASES; i++) {
        segent_model *model = make_model(context, &cases[i].shape,
                                         i % 2 ? SEGENT_CONTAINER_ZIP : SEGENT_CONTAINER_LEGACY);
        segent_image *image = load_picture(context, cases[i].picture);
        segent_result *result = NULL;
        segent_run_options options = segent_run_options_init();
        options.size = cases[i].size > 0 ? cases[i].size : SEGENT_SIZE_OWN;
        test_assert_ok(context, segent_run(context, model, image, &options, &result));
        check_pixels(i, result);
        check_lowres(i, result);
        check_labels(i, result, &seen, &different);
        check_entropy(i, &cases[i], result);
        check_statistics(result);
        segent_result_destroy(result);
        segent_image_destroy(image);
        segent_model_destroy(model);
    }
    segent_context_destroy(context);
    if ((double)different > 1e-4 * (double)seen)
        fail_msg("%d of %d labels differ", (int)different, (int)seen);
}

/* ---- what a run can be asked for ---- */

typedef struct fixture {
    segent_context *context;
    segent_model *model;
    segent_image *image;
    segent_run_options options;
} fixture;

static const test_network_shape small_shape = {
    .seed = 3, .blocks = {1, 1, 1, 1}, .width = 4, .aspp = 8, .classes = 5};

static int set_up(void **state)
{
    static fixture f;
    f.context = test_context();
    f.model = make_model(f.context, &small_shape, SEGENT_CONTAINER_LEGACY);
    f.image = load_picture(f.context, "00.jpg");
    f.options = segent_run_options_init();
    f.options.size = 40;
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

static void test_keep(void **state)
{
    fixture *f = *state;
    segent_result *result = NULL;
    f->options.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_PROBABILITIES | SEGENT_KEEP_TOP_PROBABILITY |
                      SEGENT_KEEP_MARGIN;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &f->options, &result));
    const int64_t pixels = (int64_t)segent_result_width(result) * segent_result_height(result);
    const segent_tensor_view logits = segent_tensor_chw(
        segent_result_logits(result), 5, segent_result_height(result), segent_result_width(result));
    float *entropy = malloc((size_t)pixels * sizeof(float));
    assert_non_null(entropy);
    const segent_map_view map = segent_map(entropy, logits.height, logits.width);
    /* The same map again from the full-size logits that were kept. */
    test_assert_ok(f->context, segent_entropy_map(f->context, &logits, NULL, &map));
    for (int64_t i = 0; i < pixels; i++) {
        float sum = 0.0f, first = 0.0f, second = 0.0f;
        for (int64_t c = 0; c < 5; c++) {
            const float p = segent_result_probabilities(result)[c * pixels + i];
            sum += p;
            second = p > first ? first : p > second ? p : second;
            first = p > first ? p : first;
        }
        assert_true(fabsf(sum - 1.0f) < 1e-5f);
        assert_true(fabsf(segent_result_top_probability(result)[i] - first) < 1e-5f);
        assert_true(fabsf(segent_result_margin(result)[i] - (first - second)) < 1e-5f);
        assert_true(fabsf(segent_result_entropy(result)[i] - entropy[i]) < 1e-5f);
    }
    free(entropy);
    segent_result_destroy(result);
}

typedef struct layer_log {
    int count, convolutions;
    double multiply_adds, seconds;
    char first[64], last[64];
} layer_log;

static void log_layer(void *user, const segent_layer_info *layer)
{
    layer_log *log = user;
    assert_int_equal(layer->struct_size, sizeof(*layer));
    assert_true(layer->seconds >= 0.0 && layer->inputs > 0 && layer->outputs > 0);
    assert_true(layer->width > 0 && layer->height > 0);
    assert_true(strlen(layer->algorithm) > 0 && layer->kernel != NULL);
    snprintf(log->count == 0 ? log->first : log->last, sizeof(log->first), "%s", layer->name);
    log->count++;
    log->convolutions += layer->multiply_adds > 0;
    log->multiply_adds += layer->multiply_adds;
    log->seconds += layer->seconds;
}

/* Each step is told once, in order, and what is told does not change the result. */
static void test_layers(void **state)
{
    fixture *f = *state;
    segent_result *plain = NULL, *told = NULL;
    layer_log log = {0};
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &f->options, &plain));
    test_assert_ok(f->context, segent_context_report_layers(f->context, log_layer, &log));
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &f->options, &told));
    test_assert_ok(f->context, segent_context_report_layers(f->context, NULL, NULL));
    assert_string_equal(log.first, "backbone.conv1");
    assert_string_equal(log.last, "logits");
    /* The first convolution; three a block and one beside it; five branches, the projection in two
     * parts, and the head's two. Then maximum, average and the logits' turn. */
    assert_int_equal(log.convolutions, 1 + 4 * 4 + 5 + 2 + 2);
    assert_int_equal(log.count, log.convolutions + 3);
    segent_timings timings = segent_timings_init();
    segent_result_timings(told, &timings);
    assert_true(log.seconds <= timings.network);
    const size_t pixels = (size_t)segent_result_width(told) * (size_t)segent_result_height(told);
    assert_memory_equal(segent_result_entropy(told), segent_result_entropy(plain),
                        pixels * sizeof(float));
    segent_result_destroy(plain);
    segent_result_destroy(told);
}

static void test_original_size(void **state)
{
    fixture *f = *state;
    segent_result *result = NULL;
    f->options.output_size = SEGENT_OUTPUT_ORIGINAL;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &f->options, &result));
    assert_int_equal(segent_result_width(result), 101);
    assert_int_equal(segent_result_height(result), 75);
    assert_int_equal(segent_image_height(segent_result_input(result)), 40);
    assert_null(segent_result_logits(result));
    segent_result_destroy(result);
}

static double mean_entropy(fixture *f, float temperature)
{
    segent_result *result = NULL;
    segent_entropy_summary summary = segent_entropy_summary_init();
    f->options.temperature = temperature;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &f->options, &result));
    segent_result_summary(result, &summary);
    segent_result_destroy(result);
    return summary.mean;
}

static void test_temperature(void **state)
{
    fixture *f = *state;
    const double cold = mean_entropy(f, 0.5f), own = mean_entropy(f, 0.0f),
                 hot = mean_entropy(f, 2.0f);
    assert_true(cold < own && own < hot && hot < 1.0);
    assert_true(mean_entropy(f, 1.0f) == own);
}

static void test_same_for_any_thread_count(void **state)
{
    fixture *f = *state;
    segent_result *results[4] = {NULL};
    for (int32_t threads = 1; threads <= 4; threads++) {
        segent_options options = segent_options_init();
        segent_context *context = NULL;
        options.threads = threads;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        test_assert_ok(context,
                       segent_run(context, f->model, f->image, &f->options, &results[threads - 1]));
        segent_context_destroy(context);
    }
    const size_t pixels =
        (size_t)segent_result_width(results[0]) * (size_t)segent_result_height(results[0]);
    segent_entropy_summary first = segent_entropy_summary_init(), other = first;
    segent_result_summary(results[0], &first);
    for (int i = 1; i < 4; i++) {
        assert_memory_equal(segent_result_entropy(results[0]), segent_result_entropy(results[i]),
                            pixels * sizeof(float));
        assert_memory_equal(segent_result_labels(results[0]), segent_result_labels(results[i]),
                            pixels);
        segent_result_summary(results[i], &other);
        assert_true(first.sum == other.sum && first.sum_nats == other.sum_nats);
    }
    for (int i = 0; i < 4; i++)
        segent_result_destroy(results[i]);
}

typedef struct progress {
    int calls, cancel_at;
    double last;
} progress;

static int32_t on_progress(void *user, double done)
{
    progress *p = user;
    assert_true(done >= p->last && done <= 1.0);
    p->last = done;
    return ++p->calls == p->cancel_at;
}

static void test_progress_and_cancel(void **state)
{
    fixture *f = *state;
    progress seen = {0};
    segent_result *result = NULL;
    f->options.progress = on_progress;
    f->options.progress_user = &seen;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &f->options, &result));
    segent_result_destroy(result);
    assert_true(seen.calls > 10);
    assert_true(seen.last == 1.0);
    for (int at = 1; at <= seen.calls; at++) {
        progress stopped = {.cancel_at = at};
        segent_result *untouched = NULL;
        f->options.progress_user = &stopped;
        test_assert_status(f->context,
                           segent_run(f->context, f->model, f->image, &f->options, &untouched),
                           SEGENT_ERROR_CANCELLED);
        assert_null(untouched);
        assert_int_equal(stopped.calls, at);
    }
}

static void test_bad_options(void **state)
{
    fixture *f = *state;
    const segent_run_options good = f->options;
    segent_run_options bad[8];
    for (int i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].size = -2;
    bad[1].output_size = 2;
    bad[2].temperature = -1.0f;
    bad[3].temperature = NAN;
    bad[4].keep = 1u << 20;
    bad[5].struct_size = 3;
    bad[6].engine = SEGENT_ENGINE_SMALL + 1;
    bad[7].workspace_limit = -1;
    for (int i = 0; i < 8; i++) {
        segent_result *result = NULL;
        test_assert_status(f->context, segent_run(f->context, f->model, f->image, &bad[i], &result),
                           SEGENT_ERROR_INVALID_ARGUMENT);
        assert_null(result);
        assert_true(strlen(segent_last_error(f->context)) > 10);
    }
    segent_result *result = NULL;
    assert_int_equal(segent_run(NULL, f->model, f->image, NULL, &result),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_run(f->context, NULL, f->image, NULL, &result),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_run(f->context, f->model, NULL, NULL, &result),
                     SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_run(f->context, f->model, f->image, NULL, NULL),
                     SEGENT_ERROR_INVALID_ARGUMENT);
}

static void test_size_beyond_the_limit(void **state)
{
    fixture *f = *state;
    segent_result *result = NULL;
    f->options.size = 1 << 20;
    test_assert_status(f->context, segent_run(f->context, f->model, f->image, &f->options, &result),
                       SEGENT_ERROR_LIMIT);
    f->options.size = INT32_MAX;
    test_assert_status(f->context, segent_run(f->context, f->model, f->image, &f->options, &result),
                       SEGENT_ERROR_LIMIT);
    assert_null(result);
}

static void test_null_results(void **state)
{
    (void)state;
    segent_result_destroy(NULL);
    assert_int_equal(segent_result_width(NULL), 0);
    assert_null(segent_result_labels(NULL));
    assert_null(segent_result_entropy(NULL));
    assert_int_equal(segent_result_summary(NULL, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(segent_result_timings(NULL, NULL), SEGENT_ERROR_INVALID_ARGUMENT);
}

/* Every allocation of a run fails in turn; nothing leaks and nothing is returned. */
static void test_allocation_failures(void **state)
{
    fixture *f = *state;
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    f->options.keep = SEGENT_KEEP_LOGITS | SEGENT_KEEP_MARGIN;
    f->options.size = 16;
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        test_allocator memory = {0};
        segent_options options = test_allocator_options(&memory);
        segent_context *context = NULL;
        segent_result *result = NULL;
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        memory.fail_at = memory.calls + k;
        status = segent_run(context, f->model, f->image, &f->options, &result);
        if (status == SEGENT_OK) {
            assert_true(k > 5);
        } else {
            test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
            assert_null(result);
        }
        segent_result_destroy(result);
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test_setup_teardown(test_keep, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_layers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_original_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_temperature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_for_any_thread_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_progress_and_cancel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_size_beyond_the_limit, set_up, tear_down),
        cmocka_unit_test(test_null_results),
        cmocka_unit_test_setup_teardown(test_allocation_failures, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
