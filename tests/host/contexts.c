/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Many contexts at once, each in a thread of its own, or many in one thread by turns: results are
 * those of one context alone, and sentences stay with the context whose call failed. */

#include "host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = HOST_HEIGHT * HOST_WIDTH, MOST = 16 };

/* All that is compared. */
typedef struct outputs {
    uint8_t labels[N];
    float entropy[N], map[N];
    segent_entropy_summary summary;
} outputs;

/* Shared by all threads, which only read it. */
typedef struct fixture {
    char path[256];
    uint8_t pixels[3 * N];
    segent_tensor_view logits;
    outputs expected;
} fixture;

static bool is_brief(void)
{
    return getenv("SEGENT_TEST_BRIEF") != NULL;
}

/* Everything with objects of the context's own; the first failure, or SEGENT_OK. */
static segent_status work(segent_context *context, const fixture *f, outputs *out)
{
    const segent_pixel_view pixels =
        segent_pixels(f->pixels, SEGENT_PIXEL_RGB, HOST_HEIGHT, HOST_WIDTH);
    const segent_map_view map = segent_map(out->map, HOST_HEIGHT, HOST_WIDTH);
    segent_run_options options = segent_run_options_init();
    segent_model *model = NULL;
    segent_image *image = NULL;
    segent_result *result = NULL;
    memset(out, 0, sizeof(*out));
    out->summary = segent_entropy_summary_init();
    options.size = SEGENT_SIZE_OWN;
    segent_status status = segent_model_load(context, f->path, NULL, &model);
    if (status == SEGENT_OK)
        status = segent_image_from_pixels(context, &pixels, &image);
    if (status == SEGENT_OK)
        status = segent_run(context, model, image, &options, &result);
    if (status == SEGENT_OK)
        status = segent_entropy_map(context, &f->logits, NULL, &map);
    if (status == SEGENT_OK) {
        memcpy(out->labels, segent_result_labels(result), sizeof(out->labels));
        memcpy(out->entropy, segent_result_entropy(result), sizeof(out->entropy));
        status = segent_result_summary(result, &out->summary);
    }
    segent_result_destroy(result);
    segent_image_destroy(image);
    segent_model_destroy(model);
    return status;
}

static bool is_right(const fixture *f, const outputs *out)
{
    return memcmp(out, &f->expected, sizeof(*out)) == 0;
}

/* A call that fails with a sentence that has this number in it. */
static bool fails_by_itself(segent_context *context, int number)
{
    char path[64];
    segent_image *none = NULL;
    snprintf(path, sizeof(path), "/none/%d.png", number);
    return segent_image_load(context, path, NULL, &none) == SEGENT_ERROR_NOT_FOUND &&
           strstr(segent_last_error(context), path) && !none;
}

static int set_up(void **state)
{
    static fixture f;
    uint64_t random = 5;
    strcpy(f.path, host_checkpoint());
    for (size_t i = 0; i < sizeof(f.pixels); i++)
        f.pixels[i] = (uint8_t)test_random(&random);
    f.logits = host_logits();
    segent_context *context = host_context(1);
    test_assert_ok(context, work(context, &f, &f.expected));
    segent_context_destroy(context);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    free(f->logits.data);
    return 0;
}

/* ---- a thread for each ---- */

typedef struct user {
    const fixture *f;
    pthread_barrier_t *start;
    int number, rounds;
    int right; /* rounds that were */
    char sentence[256];
    outputs out;
} user;

/* Makes and destroys a context in each round, with 1 to 3 threads of its own. */
static void *use(void *argument)
{
    user *self = argument;
    pthread_barrier_wait(self->start);
    for (int i = 0; i < self->rounds; i++) {
        segent_options options = segent_options_init();
        segent_context *context = NULL;
        options.threads = 1 + (self->number + i) % 3;
        if (segent_context_create(&options, &context) != SEGENT_OK)
            return NULL;
        const bool failed = fails_by_itself(context, self->number);
        if (work(context, self->f, &self->out) != SEGENT_OK)
            (void)segent_last_error_copy(context, self->sentence, sizeof(self->sentence));
        else
            self->right += failed && is_right(self->f, &self->out);
        segent_context_destroy(context);
    }
    return NULL;
}

static void test_a_thread_for_each(void **state)
{
    static user users[MOST];
    const int count = is_brief() ? 3 : MOST;
    pthread_t threads[MOST];
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)count), 0);
    for (int i = 0; i < count; i++) {
        users[i] = (user){.f = *state, .start = &start, .number = i, .rounds = is_brief() ? 1 : 3};
        assert_int_equal(pthread_create(&threads[i], NULL, use, &users[i]), 0);
    }
    for (int i = 0; i < count; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_barrier_destroy(&start);
    for (int i = 0; i < count; i++) {
        if (users[i].right != users[i].rounds)
            fail_msg("context %d of %d: %d of %d rounds were right; %s", i, count, users[i].right,
                     users[i].rounds, users[i].sentence);
    }
}

/* ---- by turns ---- */

/* All are there at once, each keeps its own sentence, and they are destroyed in another order. */
static void test_by_turns(void **state)
{
    const fixture *f = *state;
    static outputs out;
    const int count = is_brief() ? 3 : MOST;
    segent_context *contexts[MOST];
    char expected[64];
    for (int i = 0; i < count; i++) {
        contexts[i] = host_context(1 + i % 3);
        assert_true(fails_by_itself(contexts[i], i));
    }
    for (int i = 0; i < count; i++) {
        test_assert_ok(contexts[i], work(contexts[i], f, &out));
        assert_true(is_right(f, &out));
    }
    for (int i = 0; i < count; i++) {
        snprintf(expected, sizeof(expected), "/none/%d.png", i);
        test_assert_error_contains(contexts[i], expected);
    }
    for (int i = 0; i < count; i++) {
        segent_context_destroy(contexts[(i * 5 + 1) % count]);
        contexts[(i * 5 + 1) % count] = NULL;
    }
    for (int i = 0; i < count; i++)
        assert_null(contexts[i]);
}

/* ---- one that others made ---- */

/* A context may be made in one thread, used in another and destroyed in a third, as long as that
 * is one after another. */
typedef struct passed {
    const fixture *f;
    segent_context *context;
    segent_status status;
    outputs out;
} passed;

static void *use_passed(void *argument)
{
    passed *self = argument;
    self->status = work(self->context, self->f, &self->out);
    return NULL;
}

static void *destroy_passed(void *argument)
{
    passed *self = argument;
    segent_context_destroy(self->context);
    return NULL;
}

static void test_passed_on(void **state)
{
    static passed self;
    pthread_t thread;
    self.f = *state;
    self.context = host_context(2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&thread, NULL, use_passed, &self), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        test_assert_ok(self.context, self.status);
        assert_true(is_right(self.f, &self.out));
    }
    assert_int_equal(pthread_create(&thread, NULL, destroy_passed, &self), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thread_for_each),
        cmocka_unit_test(test_by_turns),
        cmocka_unit_test(test_passed_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
