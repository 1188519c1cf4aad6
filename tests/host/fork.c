/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a child that fork() made may do with contexts of its parent. */

#include "host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizers.h"

/* Whether the allocator has locks that a child may find taken for ever, as the address sanitizer's
 * has: malloc's own are free in a child. */
enum { ALLOCATOR_LOCKS = TEST_ADDRESS_SANITIZER };

enum { SECONDS = 60 };

typedef struct fixture {
    segent_context *context;
    segent_model *model;
    segent_image *image;
    segent_result *expected;
} fixture;

static bool is_expected(const fixture *f, const segent_result *result)
{
    const size_t pixels = (size_t)HOST_WIDTH * HOST_HEIGHT;
    return memcmp(segent_result_labels(result), segent_result_labels(f->expected), pixels) == 0 &&
           memcmp(segent_result_entropy(result), segent_result_entropy(f->expected),
                  pixels * sizeof(float)) == 0;
}

/* Exit status of a child: 0 is right. One that hangs is ended by SIGALRM. */
static bool run_is_right(const fixture *f, segent_context *context)
{
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    options.size = SEGENT_SIZE_OWN;
    const bool right = segent_run(context, f->model, f->image, &options, &result) == SEGENT_OK &&
                       is_expected(f, result);
    segent_result_destroy(result);
    return right;
}

static void expect_success(pid_t child)
{
    int status = 0;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the child ended with status 0x%x", (unsigned)status);
}

static pid_t begin_child(void)
{
    const pid_t child = fork();
    if (child == 0)
        alarm(SECONDS);
    return child;
}

/* A grandchild, too, and the parent afterwards. */
static void test_child_runs(void **state)
{
    const fixture *f = *state;
    pid_t child = begin_child();
    if (child == 0) {
        const bool right = run_is_right(f, f->context);
        const pid_t grandchild = begin_child();
        if (grandchild == 0)
            _exit(run_is_right(f, f->context) ? 0 : 3);
        int status = -1;
        waitpid(grandchild, &status, 0);
        const bool again = run_is_right(f, f->context);
        segent_context_destroy(f->context);
        _exit(right && again && status == 0 ? 0 : 4);
    }
    expect_success(child);
    assert_true(run_is_right(f, f->context));
}

static void test_child_only_destroys(void **state)
{
    const fixture *f = *state;
    const pid_t child = begin_child();
    if (child == 0) {
        segent_context_destroy(f->context);
        segent_model_destroy(f->model);
        segent_result_destroy(f->expected);
        segent_image_destroy(f->image);
        _exit(0);
    }
    expect_success(child);
    assert_true(run_is_right(f, f->context));
}

/* A context that has not started its threads has nothing to lose. */
static void test_unused_context(void **state)
{
    const fixture *f = *state;
    segent_context *fresh = host_context(2);
    const pid_t child = begin_child();
    if (child == 0) {
        const bool right = run_is_right(f, fresh);
        segent_context_destroy(fresh);
        _exit(right ? 0 : 3);
    }
    expect_success(child);
    segent_context_destroy(fresh);
}

/* ---- fork() in a callback: both processes go on with the run ---- */

static int32_t fork_once(void *user, double done)
{
    pid_t *child = user;
    if (*child < 0 && done > 0.3)
        *child = begin_child();
    return 0;
}

static void test_fork_in_a_callback(void **state)
{
    const fixture *f = *state;
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    pid_t child = -1;
    options.size = SEGENT_SIZE_OWN;
    options.progress = fork_once;
    options.progress_user = &child;
    const segent_status status = segent_run(f->context, f->model, f->image, &options, &result);
    const bool right = status == SEGENT_OK && is_expected(f, result);
    if (child == 0) {
        const bool again = run_is_right(f, f->context);
        segent_context_destroy(f->context);
        _exit(right && again ? 0 : 3);
    }
    segent_result_destroy(result);
    expect_success(child);
    assert_true(right);
    assert_true(run_is_right(f, f->context));
}

/* ---- fork() by another thread while a run goes on ---- */

/* The child has none of the threads that were at work: it is told so, and may destroy. */
static int child_without_the_runner(const fixture *f)
{
    segent_result *result = NULL;
    segent_context *fresh = NULL;
    segent_options options = segent_options_init();
    if (segent_run(f->context, f->model, f->image, NULL, &result) != SEGENT_ERROR_BUSY ||
        !strstr(segent_last_error(f->context), "in use"))
        return 3;
    segent_context_destroy(f->context);
    options.threads = 2;
    if (segent_context_create(&options, &fresh) != SEGENT_OK || !run_is_right(f, fresh))
        return 4;
    segent_context_destroy(fresh);
    return 0;
}

static void *fork_thread(void *argument)
{
    const pid_t child = begin_child();
    if (child == 0)
        _exit(child_without_the_runner(argument));
    expect_success(child);
    return NULL;
}

static int32_t let_other_fork(void *user, double done)
{
    pthread_t other;
    if (done < 0.4 || done > 0.6)
        return 0;
    assert_int_equal(pthread_create(&other, NULL, fork_thread, user), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    return 0;
}

static void test_fork_by_another_thread(void **state)
{
    const fixture *f = *state;
    segent_run_options options = segent_run_options_init();
    segent_result *result = NULL;
    options.size = SEGENT_SIZE_OWN;
    options.progress = let_other_fork;
    options.progress_user = (void *)f;
    test_assert_ok(f->context, segent_run(f->context, f->model, f->image, &options, &result));
    assert_true(is_expected(f, result));
    segent_result_destroy(result);
}

typedef struct runner {
    const fixture *f;
    atomic_bool stop;
    bool right;
} runner;

static void *run_on(void *argument)
{
    runner *self = argument;
    self->right = true;
    while (!atomic_load(&self->stop))
        self->right = self->right && run_is_right(self->f, self->f->context);
    return NULL;
}

/* Whether products go through a BLAS. OpenBLAS stops its threads when the process forks, and a
 * product that another thread has begun may then wait for them for ever. */
static bool needs_blas(const segent_context *context)
{
    segent_cpu_info info = segent_cpu_info_init();
    assert_int_equal(segent_context_cpu_info(context, &info), SEGENT_OK);
    return strncmp(info.blas, "none ", 5) != 0 && strncmp(info.blas, "plain C", 7) != 0;
}

/* At any moment of a run. What the child finds is a context in use, or one between two runs. */
static void test_fork_at_any_moment(void **state)
{
    enum { CHILDREN = 40 };
    runner self = {.f = *state, .stop = false};
    pthread_t thread;
    if (getenv("SEGENT_TEST_BRIEF")) /* valgrind, whose own lock may be held at such a moment */
        skip();
    if (ALLOCATOR_LOCKS || needs_blas(self.f->context))
        skip();
    assert_int_equal(pthread_create(&thread, NULL, run_on, &self), 0);
    for (int i = 0; i < CHILDREN; i++) {
        usleep((useconds_t)(i * 37 % 1000));
        const pid_t child = begin_child();
        if (child == 0) {
            segent_result *result = NULL;
            const segent_status status =
                segent_run(self.f->context, self.f->model, self.f->image, NULL, &result);
            segent_context_destroy(self.f->context);
            _exit(status == SEGENT_ERROR_BUSY || status == SEGENT_OK ? 0 : 3);
        }
        expect_success(child);
    }
    atomic_store(&self.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(self.right);
}

/* ---- */

static int set_up(void **state)
{
    static fixture f;
    f.context = host_context(2);
    f.model = host_model(f.context);
    f.image = host_image(f.context);
    f.expected = host_run(f.context, f.model, f.image);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    segent_result_destroy(f->expected);
    segent_image_destroy(f->image);
    segent_model_destroy(f->model);
    segent_context_destroy(f->context);
    return 0;
}

int main(void)
{
    if (TEST_THREAD_SANITIZER) /* which cannot follow a child that starts threads */
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_child_runs),
        cmocka_unit_test(test_child_only_destroys),
        cmocka_unit_test(test_unused_context),
        cmocka_unit_test(test_fork_in_a_callback),
        cmocka_unit_test(test_fork_by_another_thread),
        cmocka_unit_test(test_fork_at_any_moment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
