/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Models with several owners: one that is let go while others run it, by a callback or by another
 * thread, lives until the last of them has ended. */

#include "host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

typedef struct fixture {
    segent_context *context;
    segent_image *image;
    segent_result *expected;
    test_allocator memory; /* of the model below */
    segent_context *maker;
    segent_model *model;
    int64_t before; /* blocks that were live before it was made */
} fixture;

static int set_up(void **state)
{
    static fixture f;
    memset(&f, 0, sizeof(f));
    const segent_options options = test_allocator_options(&f.memory);
    f.context = host_context(2);
    f.image = host_image(f.context);
    test_assert_ok(NULL, segent_context_create(&options, &f.maker));
    f.before = f.memory.live;
    f.model = host_model(f.maker);
    f.expected = host_run(f.context, f.model, f.image);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_result_destroy(f->expected);
    segent_image_destroy(f->image);
    segent_context_destroy(f->context);
    segent_context_destroy(f->maker);
    assert_int_equal(f->memory.live, 0);
    return 0;
}

static bool is_right(const fixture *f, const segent_result *result)
{
    const size_t pixels = (size_t)HOST_WIDTH * HOST_HEIGHT;
    return memcmp(segent_result_labels(result), segent_result_labels(f->expected), pixels) == 0 &&
           memcmp(segent_result_entropy(result), segent_result_entropy(f->expected),
                  pixels * sizeof(float)) == 0;
}

static void test_count(void **state)
{
    fixture *f = *state;
    segent_model_details details = segent_model_details_init();
    assert_ptr_equal(segent_model_retain(f->model), f->model);
    assert_ptr_equal(segent_model_retain(f->model), f->model);
    segent_model_destroy(f->model);
    segent_model_destroy(f->model);
    assert_true(f->memory.live > f->before);
    assert_int_equal(segent_model_info(f->model, &details), SEGENT_OK);
    assert_int_equal(details.classes, HOST_CLASSES);
    segent_model_destroy(f->model);
    assert_int_equal(f->memory.live, f->before);
    assert_null(segent_model_retain(NULL));
    segent_model_destroy(NULL);
}

/* ---- while it runs ---- */

typedef struct ending {
    fixture *f;
    bool by_thread;
    int calls;
    int64_t live; /* at the last call */
} ending;

static void *let_go(void *argument)
{
    segent_model_destroy(argument);
    return NULL;
}

static int32_t let_go_at_third(void *user, double done)
{
    ending *self = user;
    pthread_t other;
    (void)done;
    if (++self->calls == 3 && self->by_thread) {
        assert_int_equal(pthread_create(&other, NULL, let_go, self->f->model), 0);
        assert_int_equal(pthread_join(other, NULL), 0);
    } else if (self->calls == 3) {
        segent_model_destroy(self->f->model);
    }
    self->live = self->f->memory.live;
    return 0;
}

static void check_ending(fixture *f, bool by_thread)
{
    ending self = {.f = f, .by_thread = by_thread};
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    options.size = SEGENT_SIZE_OWN;
    options.progress = let_go_at_third;
    options.progress_user = &self;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &options, &result));
    assert_true(self.calls > 10);
    assert_true(self.live > f->before);
    assert_int_equal(f->memory.live, f->before); /* it is freed behind the run */
    assert_true(is_right(f, result));
    segent_result_destroy(result);
}

static void test_let_go_by_a_callback(void **state)
{
    check_ending(*state, false);
}

static void test_let_go_by_a_thread(void **state)
{
    check_ending(*state, true);
}

/* ---- many at once ---- */

typedef struct user {
    const fixture *f;
    segent_model *model; /* an owner of its own */
    atomic_int *running;
    int right;
} user;

enum { USERS = 4, ROUNDS = 6 };

/* Each round takes one more owner, which is let go while the next round runs. */
static void *run_rounds(void *argument)
{
    user *self = argument;
    segent_context *context = host_context(1);
    for (int i = 0; i < ROUNDS; i++) {
        segent_run_options options = segent_run_options_init();
        segent_result *result = NULL;
        options.size = SEGENT_SIZE_OWN;
        segent_model *model = segent_model_retain(self->model);
        segent_model_destroy(self->model);
        self->model = model;
        atomic_fetch_add(self->running, 1);
        if (segent_run(context, model, self->f->image, &options, &result) == SEGENT_OK)
            self->right += is_right(self->f, result);
        segent_result_destroy(result);
    }
    segent_model_destroy(self->model);
    segent_context_destroy(context);
    return NULL;
}

static void test_many_at_once(void **state)
{
    fixture *f = *state;
    pthread_t threads[USERS];
    user users[USERS];
    atomic_int running = 0;
    for (int i = 0; i < USERS; i++) {
        users[i] = (user){.f = f, .model = segent_model_retain(f->model), .running = &running};
        assert_int_equal(pthread_create(&threads[i], NULL, run_rounds, &users[i]), 0);
    }
    while (atomic_load(&running) == 0)
        ;
    segent_model_destroy(f->model); /* the first owner is the first to go */
    for (int i = 0; i < USERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(users[i].right, ROUNDS);
    }
    assert_int_equal(f->memory.live, f->before);
}

/* A context remembers what it has planned for a model by its number, not by its address, which the
 * next model may have. */
static void test_another_at_its_place(void **state)
{
    fixture *f = *state;
    segent_model_destroy(f->model);
    for (int i = 0; i < 8; i++) {
        segent_model *model = host_model(f->maker);
        segent_result *result = host_run(f->context, model, f->image);
        assert_true(is_right(f, result));
        segent_result_destroy(result);
        segent_model_destroy(model);
    }
    assert_int_equal(f->memory.live, f->before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_let_go_by_a_callback, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_let_go_by_a_thread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_at_its_place, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
