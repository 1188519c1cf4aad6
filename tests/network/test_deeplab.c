/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Building networks, and how runs behave apart from their numbers (test_golden.c has those). */

#include "common.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ==== What a network says of itself ==== */

static void test_description(void **state)
{
    const test_network_shape shape = {
        .seed = 1, .blocks = {1, 3, 2, 1}, .width = 4, .aspp = 6, .classes = 7};
    static const int32_t rates[3] = {2, 5, 300};
    segent_context *context = test_context();
    sg_built *network = network_from_seed(context, &shape, rates, SEGENT_CONTAINER_SAFETENSORS);
    const sg_facts *found = &network->facts;
    (void)state;
    assert_int_equal(found->classes, 7);
    assert_int_equal(found->width, 4);
    assert_int_equal(found->head, 6);
    assert_memory_equal(found->blocks, shape.blocks, sizeof(shape.blocks));
    assert_memory_equal(found->rates, rates, sizeof(rates));
    network_destroy(network);
    network_destroy(NULL);
    segent_context_destroy(context);
}

static void test_feature_sizes(void **state)
{
    (void)state;
    assert_int_equal(network_side(1, 8), 1);
    assert_int_equal(network_side(8, 8), 1);
    assert_int_equal(network_side(9, 8), 2);
    assert_int_equal(network_side(640, 8), 80);
    assert_int_equal(network_side(856, 8), 107);
    assert_int_equal(network_side(INT32_MAX, 8), 1 << 28);
}

/* ==== Runs ==== */

enum { HEIGHT = 37, WIDTH = 53 };

typedef struct steps {
    int count, stop_at; /* 0: never */
    double last;
} steps;

static int32_t on_progress(void *user, double done)
{
    steps *s = user;
    assert_true(done >= s->last && done <= 1.0);
    s->last = done;
    return ++s->count == s->stop_at;
}

static void test_progress_and_cancelling(void **state)
{
    size_t count;
    steps all = {0};
    segent_context *context = test_context();
    sg_built *network =
        network_from_seed(context, &tiny_shape, standard_rates, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, HEIGHT, WIDTH);
    float *logits = network_logits(network, HEIGHT, WIDTH, &count);
    sg_network_run_options options = {.progress = on_progress, .progress_user = &all};
    (void)state;
    test_assert_ok(context,
                   network_run(context, network, picture, HEIGHT, WIDTH, &options, logits));
    assert_true(all.last == 1.0);
    /* Each of the 17 + 9 convolutions, and the end. */
    assert_int_equal(all.count, 27);
    for (int stop = 1; stop <= all.count; stop++) {
        steps s = {.stop_at = stop};
        options.progress_user = &s;
        test_assert_status(context,
                           network_run(context, network, picture, HEIGHT, WIDTH, &options, logits),
                           SEGENT_ERROR_CANCELLED);
        assert_int_equal(s.count, stop);
        test_assert_error_contains(context, "cancelled");
    }
    free(picture);
    free(logits);
    network_destroy(network);
    segent_context_destroy(context);
}

/* A network built and run with that many threads; free the logits. */
static float *run_with_threads(const test_network_shape *shape, int32_t threads, size_t *count)
{
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = threads;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    sg_built *network = network_from_seed(context, shape, standard_rates, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, 97, 129);
    float *logits = network_logits(network, 97, 129, count);
    test_assert_ok(context, network_run(context, network, picture, 97, 129, NULL, logits));
    free(picture);
    network_destroy(network);
    segent_context_destroy(context);
    return logits;
}

static void test_same_bits_for_any_threads(void **state)
{
    const test_network_shape shape = {
        .seed = 4, .blocks = {1, 1, 2, 1}, .width = 8, .aspp = 16, .classes = 21};
    size_t count, again;
    (void)state;
    float *one = run_with_threads(&shape, 1, &count);
    for (int32_t threads = 1; threads <= 3; threads++) {
        float *several = run_with_threads(&shape, threads, &again);
        assert_int_equal(again, count);
        assert_memory_equal(one, several, count * sizeof(float));
        free(several);
    }
    free(one);
}

/* One host thread with a context of its own. Assertions are left to the test's thread. */
typedef struct host {
    const sg_built *network;
    const float *picture;
    segent_context *context;
    float *logits;
    segent_status status;
} host;

static void *run_host(void *argument)
{
    host *h = argument;
    h->status = SEGENT_OK;
    for (int i = 0; i < 3 && h->status == SEGENT_OK; i++)
        h->status = network_run(h->context, h->network, h->picture, HEIGHT, WIDTH, NULL, h->logits);
    return NULL;
}

static void test_shared_by_threads(void **state)
{
    enum { HOSTS = 3 };
    size_t count;
    pthread_t ids[HOSTS];
    host hosts[HOSTS];
    segent_context *context = test_context();
    sg_built *network =
        network_from_seed(context, &tiny_shape, standard_rates, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, HEIGHT, WIDTH);
    float *expected = network_logits(network, HEIGHT, WIDTH, &count);
    (void)state;
    test_assert_ok(context, network_run(context, network, picture, HEIGHT, WIDTH, NULL, expected));
    for (int i = 0; i < HOSTS; i++) {
        hosts[i] = (host){network, picture, test_context(),
                          network_logits(network, HEIGHT, WIDTH, &count), SEGENT_OK};
        assert_int_equal(pthread_create(&ids[i], NULL, run_host, &hosts[i]), 0);
    }
    for (int i = 0; i < HOSTS; i++) {
        assert_int_equal(pthread_join(ids[i], NULL), 0);
        test_assert_ok(hosts[i].context, hosts[i].status);
        assert_memory_equal(hosts[i].logits, expected, count * sizeof(float));
        free(hosts[i].logits);
        segent_context_destroy(hosts[i].context);
    }
    free(picture);
    free(expected);
    network_destroy(network);
    segent_context_destroy(context);
}

static void test_bad_arguments(void **state)
{
    size_t count;
    int64_t bytes = -1;
    segent_context *context = test_context();
    sg_built *network =
        network_from_seed(context, &tiny_shape, standard_rates, SEGENT_CONTAINER_ZIP);
    test_network *source = test_network_make(&tiny_shape);
    segent_checkpoint *checkpoint = network_checkpoint(context, source, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, 4, 4);
    float *logits = network_logits(network, 4, 4, &count);
    (void)state;
    test_assert_status(context, network_run(context, network, picture, 0, 4, NULL, logits),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, network_run(context, network, picture, 4, -1, NULL, logits),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_status(context, network_memory(context, network, 4, 0, &bytes),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    assert_int_equal(bytes, -1);
    free(picture);
    free(logits);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
    network_destroy(network);
    segent_context_destroy(context);
}

static void sum_stem(void *user, const char *name, const float *data, int32_t height, int32_t width,
                     int32_t channels, int64_t pixel_stride)
{
    double *sum = user;
    if (strcmp(name, "backbone.conv1") != 0)
        return;
    for (int64_t p = 0; p < (int64_t)height * width; p++) {
        for (int32_t c = 0; c < channels; c++)
            *sum += data[p * pixel_stride + c];
    }
}

/* Sum of the first layer's output when its batch norm only divides by sqrt(variance + epsilon). */
static double stem_sum(segent_context *context, float variance)
{
    const float ones[2] = {1.0f, 1.0f}, zeros[2] = {0}, variances[2] = {variance, variance};
    double sum = 0.0;
    size_t count;
    sg_built *network = NULL;
    test_network *source = test_network_make(&tiny_shape);
    test_network_find(source, "backbone.bn1.weight")->data = ones;
    test_network_find(source, "backbone.bn1.bias")->data = zeros;
    test_network_find(source, "backbone.bn1.running_mean")->data = zeros;
    test_network_find(source, "backbone.bn1.running_var")->data = variances;
    segent_checkpoint *checkpoint = network_checkpoint(context, source, SEGENT_CONTAINER_ZIP);
    test_assert_ok(context, network_build(context, checkpoint, "", standard_rates, &network));
    float *picture = network_picture(1, HEIGHT, WIDTH);
    float *logits = network_logits(network, HEIGHT, WIDTH, &count);
    const sg_network_run_options options = {
        .observer = sum_stem, .observer_user = &sum, .engine = SEGENT_ENGINE_EXACT};
    test_assert_ok(context,
                   network_run(context, network, picture, HEIGHT, WIDTH, &options, logits));
    free(picture);
    free(logits);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
    network_destroy(network);
    return sum;
}

/* Variances of the golden data are near 1 and would not tell 1e-5 from nothing. */
static void test_epsilon(void **state)
{
    segent_context *context = test_context();
    (void)state;
    const double one = stem_sum(context, 1.0f), none = stem_sum(context, 0.0f);
    assert_true(one > 1.0);
    assert_true(fabs(none / one / sqrt((1.0 + 1e-5) / 1e-5) - 1.0) < 1e-5);
    segent_context_destroy(context);
}

/* ==== Memory ==== */

/* Remembers the largest allocation, and refuses very large ones. */
typedef struct watcher {
    size_t largest, calls;
} watcher;

static void *watch(void *user, size_t size)
{
    watcher *w = user;
    w->calls++;
    w->largest = size > w->largest ? size : w->largest;
    return size > (size_t)1 << 30 ? NULL : malloc(size);
}

static void release(void *user, void *memory)
{
    (void)user;
    free(memory);
}

static void test_memory(void **state)
{
    watcher w = {0};
    size_t count;
    int64_t bytes = 0, larger = 0;
    segent_context *context = NULL;
    segent_options options = segent_options_init();
    options.threads = 1;
    options.allocate = watch;
    options.release = release;
    options.allocator_user = &w;
    (void)state;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    sg_built *network =
        network_from_seed(context, &tiny_shape, standard_rates, SEGENT_CONTAINER_ZIP);
    float *picture = network_picture(1, 200, 300);
    float *logits = network_logits(network, 200, 300, &count);

    /* A run takes one block, of the size that was told beforehand (and what aligns it). */
    test_assert_ok(context, network_memory(context, network, 200, 300, &bytes));
    w = (watcher){0};
    test_assert_ok(context, network_run(context, network, picture, 200, 300, NULL, logits));
    assert_int_equal(w.calls, 1);
    assert_in_range(w.largest, bytes, bytes + (4 << 20));

    test_assert_ok(context, network_memory(context, network, 400, 600, &larger));
    assert_true(larger > bytes && larger < 5 * bytes);
    /* A refusal is an error, and so are sizes beyond any address. */
    test_assert_status(context,
                       network_run(context, network, picture, 1 << 20, 1 << 20, NULL, logits),
                       sizeof(size_t) < 8 ? SEGENT_ERROR_LIMIT : SEGENT_ERROR_OUT_OF_MEMORY);
    test_assert_status(context, network_memory(context, network, INT32_MAX, INT32_MAX, &bytes),
                       SEGENT_ERROR_LIMIT);
    test_assert_error_contains(context, "2147483647 x 2147483647");
    free(picture);
    free(logits);
    network_destroy(network);
    segent_context_destroy(context);
}

/* Every allocation of building and running fails in turn. */
static void test_failing_allocations(void **state)
{
    test_allocator memory = {0};
    const segent_options options = test_allocator_options(&memory);
    segent_context *context = NULL, *plain = test_context();
    test_network *source = test_network_make(&tiny_shape);
    segent_checkpoint *checkpoint = network_checkpoint(plain, source, SEGENT_CONTAINER_LEGACY);
    float *picture = network_picture(1, 9, 9), logits[2 * 2 * 2];
    (void)state;
    assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
    const int64_t live = memory.live;
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    int failures = -1;
    for (; status != SEGENT_OK; failures++) {
        sg_built *network = NULL;
        memory.fail_at = memory.calls + failures + 2;
        status = network_build(context, checkpoint, "", standard_rates, &network);
        if (status == SEGENT_OK)
            status = network_run(context, network, picture, 9, 9, NULL, logits);
        else
            assert_null(network);
        if (status != SEGENT_OK) {
            test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
            test_assert_error_contains(context, "out of memory");
        }
        network_destroy(network);
        /* After a run the context keeps the block of activations, and schedules of the last ones.
         */
        const int64_t kept = memory.live - live - (status == SEGENT_OK);
        assert_in_range(kept, 0, SG_KEPT_MAX);
    }
    /* 27 convolutions of a block each, the packed weights of all, and what is round them. */
    assert_true(failures > 27 + 1);
    segent_checkpoint_destroy(checkpoint);
    test_network_free(source);
    free(picture);
    segent_context_destroy(plain);
    segent_context_destroy(context);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_description),
        cmocka_unit_test(test_feature_sizes),
        cmocka_unit_test(test_progress_and_cancelling),
        cmocka_unit_test(test_same_bits_for_any_threads),
        cmocka_unit_test(test_shared_by_threads),
        cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_epsilon),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
