/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* How runs of each kind of network behave apart from their numbers (test_golden.c has those): any
 * number of threads, engines, limits of memory, cancelling, reports. */

#include "common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEIGHT = 97, WIDTH = 129 };

static const test_network_shape kinds[] = {
    {.seed = 1,
     .architecture = "deeplabv3_resnet18",
     .blocks = {1, 1, 1, 1},
     .width = 16,
     .aspp = 16,
     .classes = 5},
    {.seed = 2,
     .architecture = "fcn_resnext50_32x4d",
     .blocks = {1, 1, 1, 1},
     .width = 16,
     .inner = 32,
     .groups = 4,
     .classes = 4},
    {.seed = 3,
     .architecture = "deeplabv3_wide_resnet50_2",
     .blocks = {1, 1, 1, 1},
     .width = 8,
     .aspp = 16,
     .classes = 3},
    {.seed = 4,
     .architecture = "deeplabv3_mobilenet_v3_large",
     .width = 4,
     .aspp = 16,
     .classes = 3},
    {.seed = 5, .architecture = "fcn_mobilenet_v3_large", .width = 4, .classes = 1},
    {.seed = 6, .architecture = "lraspp_mobilenet_v3_large", .width = 8, .aspp = 32, .classes = 21},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static network_fixture set_up(const test_network_shape *kind, int32_t threads)
{
    static const int32_t read[3] = {0, 0, 0};
    return network_fixture_make(threads, kind, read, HEIGHT, WIDTH);
}

static void test_same_bits_for_any_threads(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        for (segent_engine engine = SEGENT_ENGINE_FAST; engine <= SEGENT_ENGINE_SMALL; engine++) {
            network_fixture one = set_up(&kinds[i], 1);
            float *expected = network_fixture_run(&one, engine, 0);
            for (int32_t threads = 2; threads <= 3; threads++) {
                network_fixture more = set_up(&kinds[i], threads);
                float *found = network_fixture_run(&more, engine, 0);
                assert_memory_equal(found, expected, one.count * sizeof(float));
                free(found);
                network_fixture_free(&more);
            }
            free(expected);
            network_fixture_free(&one);
        }
    }
}

static void test_engines_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        network_fixture f = set_up(&kinds[i], 2);
        float *exact = network_fixture_run(&f, SEGENT_ENGINE_EXACT, 0);
        float *others[] = {network_fixture_run(&f, SEGENT_ENGINE_FAST, 0),
                           network_fixture_run(&f, SEGENT_ENGINE_SMALL, 0)};
        for (int e = 0; e < 2; e++) {
            assert_true(network_fixture_distance(&f, exact, others[e]) < 1e-4);
            free(others[e]);
        }
        free(exact);
        network_fixture_free(&f);
    }
}

static segent_status measure(const network_fixture *f, int64_t limit, int64_t *bytes)
{
    sg_network_size size;
    const segent_status status = sg_network_measure(f->context, f->network->network, HEIGHT, WIDTH,
                                                    SEGENT_ENGINE_FAST, limit, &size);
    if (status == SEGENT_OK)
        *bytes = size.bytes;
    return status;
}

/* The bytes that the sentence of a limit too low says would do. */
static int64_t least_of(const network_fixture *f)
{
    int64_t bytes = 0;
    long long least = 0;
    test_assert_status(f->context, measure(f, 1, &bytes), SEGENT_ERROR_LIMIT);
    const char *takes = strstr(segent_last_error(f->context), "takes ");
    assert_non_null(takes);
    assert_int_equal(sscanf(takes, "takes %lld bytes of workspace at least", &least), 1);
    return least;
}

/* From what the fast engine takes down to the least, the network is the same within rounding. */
static void test_memory_limits(void **state)
{
    enum { STEPS = 3 };
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        network_fixture f = set_up(&kinds[i], 2);
        int64_t most = 0, bytes = 0;
        test_assert_ok(f.context, measure(&f, 0, &most));
        const int64_t least = least_of(&f);
        float *exact = network_fixture_run(&f, SEGENT_ENGINE_EXACT, 0);
        assert_true(least <= most);
        for (int64_t step = 0; step <= STEPS; step++) {
            const int64_t limit = least + (most - least) * step / STEPS;
            test_assert_ok(f.context, measure(&f, limit, &bytes));
            assert_in_range(bytes, 1, limit);
            float *limited = network_fixture_run(&f, SEGENT_ENGINE_FAST, limit);
            assert_true(network_fixture_distance(&f, exact, limited) < 1e-4);
            free(limited);
        }
        test_assert_status(f.context, measure(&f, least - 1, &bytes), SEGENT_ERROR_LIMIT);
        free(exact);
        network_fixture_free(&f);
    }
}

/* ==== Cancelling ==== */

typedef struct steps {
    int count, stop_at; /* 0: never */
} steps;

static int32_t on_progress(void *user, double done)
{
    steps *s = user;
    assert_true(done >= 0.0 && done <= 1.0);
    return ++s->count == s->stop_at;
}

/* A run may end at any step, and the next one is whole. */
static void test_cancelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        network_fixture f = set_up(&kinds[i], 2);
        float *expected = network_fixture_run(&f, SEGENT_ENGINE_FAST, 0);
        float *logits = malloc(f.count * sizeof(float));
        steps all = {0};
        sg_network_run_options options = {.progress = on_progress, .progress_user = &all};
        assert_non_null(logits);
        test_assert_ok(f.context, network_run(f.context, f.network, f.picture, HEIGHT, WIDTH,
                                              &options, logits));
        assert_true(all.count > 10);
        for (int stop = 1; stop <= all.count; stop++) {
            steps s = {.stop_at = stop};
            options.progress_user = &s;
            test_assert_status(
                f.context,
                network_run(f.context, f.network, f.picture, HEIGHT, WIDTH, &options, logits),
                SEGENT_ERROR_CANCELLED);
            assert_int_equal(s.count, stop);
        }
        float *again = network_fixture_run(&f, SEGENT_ENGINE_FAST, 0);
        assert_memory_equal(again, expected, f.count * sizeof(float));
        free(again);
        free(logits);
        free(expected);
        network_fixture_free(&f);
    }
}

/* ==== Reports ==== */

typedef struct wanted_layer {
    const char *name, *algorithm; /* NULL: any */
    int32_t outputs, height, width;
} wanted_layer;

typedef struct report {
    const wanted_layer *wanted; /* in this order; the last has no name */
    int layers, resizes;
} report;

static void on_layer(void *user, const segent_layer_info *layer)
{
    report *r = user;
    r->layers++;
    r->resizes += strcmp(layer->algorithm, "bilinear") == 0;
    assert_true(*layer->name && *layer->algorithm && layer->seconds >= 0.0);
    if (!r->wanted->name || strcmp(layer->name, r->wanted->name) != 0)
        return;
    if (r->wanted->algorithm)
        assert_string_equal(layer->algorithm, r->wanted->algorithm);
    assert_int_equal(layer->outputs, r->wanted->outputs);
    assert_int_equal(layer->height, r->wanted->height);
    assert_int_equal(layer->width, r->wanted->width);
    r->wanted++;
}

static void check_report(const test_network_shape *kind, const wanted_layer *wanted, int layers,
                         int resizes)
{
    network_fixture f = set_up(kind, 2);
    report r = {.wanted = wanted};
    float *logits = malloc(f.count * sizeof(float));
    const sg_network_run_options options = {.layer = on_layer, .layer_user = &r};
    assert_non_null(logits);
    test_assert_ok(f.context,
                   network_run(f.context, f.network, f.picture, HEIGHT, WIDTH, &options, logits));
    if (r.wanted->name)
        fail_msg("no layer %s was reported after those before it", r.wanted->name);
    assert_int_equal(r.layers, layers);
    assert_int_equal(r.resizes, resizes);
    free(logits);
    network_fixture_free(&f);
}

/* Sizes are those of a layer's output; the head's interpolation is a layer, too. */
static void test_reports(void **state)
{
    static const wanted_layer lraspp[] = {{"backbone.0.0", NULL, 8, 49, 65},
                                          {"backbone.2.block.1.0", NULL, 32, 25, 33},
                                          {"backbone.4.block.2.fc2", NULL, 40, 1, 1},
                                          {"backbone.15.block.3.0", NULL, 80, 7, 9},
                                          {"classifier.cbr.0", NULL, 32, 7, 9},
                                          {"classifier.high_classifier", NULL, 21, 7, 9},
                                          {"classifier.resize", "bilinear", 21, 13, 17},
                                          {"classifier.low_classifier", NULL, 21, 13, 17},
                                          {NULL, NULL, 0, 0, 0}};
    static const wanted_layer basic[] = {{"backbone.layer1.0.conv2", NULL, 16, 25, 33},
                                         {"backbone.layer2.0.downsample.0", NULL, 32, 13, 17},
                                         {"backbone.layer4.0.conv2", NULL, 128, 4, 5},
                                         {"classifier.4", NULL, 5, 4, 5},
                                         {NULL, NULL, 0, 0, 0}};
    (void)state;
    check_report(&kinds[5], lraspp, 77, 1);
    check_report(&kinds[0], basic, 24, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bits_for_any_threads),
        cmocka_unit_test(test_engines_agree),
        cmocka_unit_test(test_memory_limits),
        cmocka_unit_test(test_cancelling),
        cmocka_unit_test(test_reports),
    };
    /* Each instruction once is enough for valgrind, which takes 300 times as long over it. */
    const struct CMUnitTest brief[] = {cmocka_unit_test(test_reports)};
    if (getenv("SEGENT_TEST_BRIEF"))
        return cmocka_run_group_tests(brief, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
