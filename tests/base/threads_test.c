/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/threads.c */

#include "support.h"

#include "base/threads.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static const sg_allocator standard = {NULL, NULL, NULL};

enum { ITEMS_MAX = 1000, POOL_MAX = 9, ROUNDS = 40 };

typedef struct job {
    atomic_int done[ITEMS_MAX]; /* how often each item was done */
    int64_t count, grain, most;
    int32_t threads;
    atomic_int wrong;
} job;

static void do_chunk(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    job *work = argument;
    if (begin % work->grain != 0 || begin >= end || end > work->count ||
        (end % work->grain != 0 && end != work->count) ||
        (end - begin - 1) / work->grain >= work->most || thread < 0 || thread >= work->threads)
        work->wrong++;
    for (int64_t i = begin; i < end && i < ITEMS_MAX; i++)
        work->done[i]++;
}

static void run_job(sg_pool *pool, int32_t threads, int64_t count, int64_t grain, int64_t most)
{
    static job work;
    memset(&work, 0, sizeof(work));
    work.count = count;
    work.grain = grain < 1 ? 1 : grain;
    work.most = most;
    work.threads = threads;
    if (most == 1)
        sg_parallel_for(pool, count, grain, do_chunk, &work);
    else
        sg_parallel_grains(pool, count, grain, most, do_chunk, &work);
    assert_int_equal(work.wrong, 0);
    for (int64_t i = 0; i < ITEMS_MAX; i++)
        assert_int_equal(work.done[i], i < count);
}

#ifdef __linux__
typedef struct places {
    pthread_barrier_t both; /* each of the two threads does one item */
    int processor[2];
    pthread_t id[2];
} places;

static void note_place(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    places *seen = argument;
    (void)begin;
    (void)end;
    seen->processor[thread] = sched_getcpu(); /* before it may sleep and be woken elsewhere */
    seen->id[thread] = pthread_self();
    pthread_barrier_wait(&seen->both);
}

/* The first two processors that this thread may use; false: there is one only. */
static bool two_processors(const cpu_set_t *allowed, int *first, int *second)
{
    *first = *second = -1;
    for (int i = 0; i < CPU_SETSIZE && *second < 0; i++) {
        if (CPU_ISSET(i, allowed))
            *(*first < 0 ? first : second) = i;
    }
    return *second >= 0;
}

/* A worker that is held on the caller's processor stays there; one that is free to leave it does
 * so, and may use the same processors afterwards. A busy system may bring it back before it has
 * looked where it is, and not in most of the rounds. */
static void test_worker_leaves_the_callers_processor(void **state)
{
    (void)state;
    cpu_set_t allowed, one, after;
    places seen;
    int first, second, left = 0;
    assert_int_equal(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
    if (!two_processors(&allowed, &first, &second))
        skip();
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    assert_int_equal(pthread_barrier_init(&seen.both, NULL, 2), 0);
    sg_pool *pool = sg_pool_create(&standard, 2);
    assert_non_null(pool);
    sg_parallel_for(pool, 2, 1, note_place, &seen); /* starts the worker */
    const pthread_t worker = seen.id[1];

    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
    for (int round = 0; round < ROUNDS; round++) {
        assert_int_equal(pthread_setaffinity_np(worker, sizeof(one), &one), 0);
        sg_parallel_for(pool, 2, 1, note_place, &seen);
        assert_int_equal(seen.processor[0], first);
        assert_int_equal(seen.processor[1], first);

        assert_int_equal(pthread_setaffinity_np(worker, sizeof(allowed), &allowed), 0);
        sg_parallel_for(pool, 2, 1, note_place, &seen);
        assert_int_equal(seen.processor[0], first);
        left += seen.processor[1] != first;
        assert_int_equal(pthread_getaffinity_np(worker, sizeof(after), &after), 0);
        assert_true(CPU_EQUAL(&after, &allowed));
    }
    if (left < ROUNDS / 4)
        fail_msg("the worker left in %d of %d rounds", left, ROUNDS);
    assert_int_equal(sched_setaffinity(0, sizeof(allowed), &allowed), 0);
    sg_pool_destroy(pool);
    pthread_barrier_destroy(&seen.both);
}
#endif

static void test_every_item_once(void **state)
{
    (void)state;
    const int64_t counts[] = {-3, 0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 500, ITEMS_MAX};
    const int64_t grains[] = {-1, 0, 1, 2, 3, 8, 64, 999, 1000, 1001, INT64_MAX};
    for (int32_t threads = 1; threads <= POOL_MAX; threads++) {
        sg_pool *pool = sg_pool_create(&standard, threads);
        assert_non_null(pool);
        assert_int_equal(sg_pool_threads(pool), threads);
        for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
            for (size_t g = 0; g < sizeof(grains) / sizeof(grains[0]); g++) {
                run_job(pool, threads, counts[c], grains[g], 1);
                run_job(pool, threads, counts[c], grains[g], 2);
                run_job(pool, threads, counts[c], grains[g], 7);
            }
        }
        sg_pool_destroy(pool);
    }
}

/* Many small jobs in a row: a worker that wakes late must not touch the next job's numbers. */
static void test_many_jobs(void **state)
{
    (void)state;
    sg_pool *pool = sg_pool_create(&standard, 4);
    assert_non_null(pool);
    uint64_t random = 1;
    for (int i = 0; i < 3000; i++)
        run_job(pool, 4, (int64_t)(test_random(&random) % 20), (int64_t)(test_random(&random) % 4),
                1 + (int64_t)(test_random(&random) % 3));
    sg_pool_destroy(pool);
}

static void test_unused_pools(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 1024; threads *= 2) {
        sg_pool *pool = sg_pool_create(&standard, threads);
        assert_non_null(pool);
        sg_pool_destroy(pool);
    }
    sg_pool_destroy(NULL);
}

static void nothing(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)argument, (void)begin, (void)end, (void)thread;
}

/* Waits until both threads have a chunk, so that the second one surely runs on a worker. */
typedef struct mask_job {
    pthread_barrier_t both;
    atomic_int wrong; /* in what a worker has */
} mask_job;

static void look_at_mask(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)begin, (void)end;
    mask_job *work = argument;
    sigset_t mask;
    pthread_barrier_wait(&work->both);
    if (thread == 0)
        return;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    const int signals[] = {SIGINT, SIGTERM, SIGUSR1, SIGCHLD, SIGALRM, SIGPROF};
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        work->wrong += sigismember(&mask, signals[i]) != 1;
}

static void test_workers_take_no_signals(void **state)
{
    (void)state;
    sigset_t before, after;
    mask_job work = {.wrong = 0};
    assert_int_equal(pthread_barrier_init(&work.both, NULL, 2), 0);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    sg_pool *pool = sg_pool_create(&standard, 2);
    assert_non_null(pool);
    sg_parallel_for(pool, 2, 1, look_at_mask, &work);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    sg_pool_destroy(pool);
    pthread_barrier_destroy(&work.both);
    assert_int_equal(work.wrong, 0);
    for (int number = 1; number < 32; number++)
        assert_int_equal(sigismember(&before, number), sigismember(&after, number));
}

/* Workers compute in the default floating-point environment, whatever it was where they were born.
 */
static void look_at_rounding(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)begin, (void)end;
    mask_job *work = argument;
    pthread_barrier_wait(&work->both);
    if (thread != 0)
        work->wrong += fegetround() != FE_TONEAREST;
}

static void test_workers_round_to_nearest(void **state)
{
    (void)state;
    mask_job work = {.wrong = 0};
    assert_int_equal(pthread_barrier_init(&work.both, NULL, 2), 0);
    sg_pool *pool = sg_pool_create(&standard, 2);
    assert_non_null(pool);
    fesetround(FE_UPWARD);
    for (int i = 0; i < 3; i++)
        sg_parallel_for(pool, 2, 1, look_at_rounding, &work);
    fesetround(FE_TONEAREST);
    sg_pool_destroy(pool);
    pthread_barrier_destroy(&work.both);
    assert_int_equal(work.wrong, 0);
}

/* Waits until all threads have a chunk, so that each of these is a thread's first. */
typedef struct share_job {
    pthread_barrier_t all;
    int64_t first[POOL_MAX]; /* item of each thread; -1: none yet */
} share_job;

static void note_first(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)end;
    share_job *work = argument;
    if (work->first[thread] >= 0)
        return;
    work->first[thread] = begin;
    pthread_barrier_wait(&work->all);
}

/* Each thread begins with its own share, the same in every job: so that it finds in its caches what
 * it did in the job before. */
static void test_own_share_first(void **state)
{
    enum { THREADS = 3, COUNT = 17 };
    static const int64_t begins[THREADS] = {0, 5, 11};
    (void)state;
    share_job work;
    assert_int_equal(pthread_barrier_init(&work.all, NULL, THREADS), 0);
    sg_pool *pool = sg_pool_create(&standard, THREADS);
    assert_non_null(pool);
    for (int run = 0; run < 20; run++) {
        memset(work.first, -1, sizeof(work.first));
        sg_parallel_for(pool, COUNT, 1, note_first, &work);
        for (int32_t thread = 0; thread < THREADS; thread++)
            assert_int_equal(work.first[thread], begins[thread]);
    }
    sg_pool_destroy(pool);
    pthread_barrier_destroy(&work.all);
}

static void test_every_allocation_can_fail(void **state)
{
    (void)state;
    bool failed = true;
    for (int64_t k = 1; failed; k++) {
        test_allocator memory = {.fail_at = k};
        const segent_options options = test_allocator_options(&memory);
        const sg_allocator host = {options.allocate, options.release, options.allocator_user};
        sg_pool *pool = sg_pool_create(&host, 3);
        failed = pool == NULL;
        if (pool)
            sg_parallel_for(pool, 100, 1, nothing, NULL);
        sg_pool_destroy(pool);
        assert_int_equal(memory.live, 0);
        assert_true(failed == (memory.calls >= k));
    }
}

/* Contexts, and so pools, may be used from different threads at once. */
static void add_items(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    (void)thread;
    for (int64_t i = begin; i < end; i++)
        atomic_fetch_add((atomic_llong *)argument, i);
}

static void *run_many(void *argument)
{
    const int32_t threads = *(const int32_t *)argument;
    sg_pool *pool = sg_pool_create(&standard, threads);
    atomic_llong sum = 0;
    for (int i = 0; pool && i < 200; i++)
        sg_parallel_for(pool, 50, 3, add_items, &sum);
    sg_pool_destroy(pool);
    return sum == 200 * (49 * 50 / 2) ? argument : NULL;
}

static void test_pools_side_by_side(void **state)
{
    (void)state;
    int32_t sizes[4] = {1, 2, 3, 4};
    pthread_t hosts[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&hosts[i], NULL, run_many, &sizes[i]), 0);
    for (int i = 0; i < 4; i++) {
        void *result = NULL;
        pthread_join(hosts[i], &result);
        assert_ptr_equal(result, &sizes[i]);
    }
}

static void test_processor_count(void **state)
{
    (void)state;
    assert_in_range(sg_processor_count(), 1, 65536);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_item_once),
#ifdef __linux__
        cmocka_unit_test(test_worker_leaves_the_callers_processor),
#endif
        cmocka_unit_test(test_many_jobs),
        cmocka_unit_test(test_unused_pools),
        cmocka_unit_test(test_workers_take_no_signals),
        cmocka_unit_test(test_workers_round_to_nearest),
        cmocka_unit_test(test_own_share_first),
        cmocka_unit_test(test_every_allocation_can_fail),
        cmocka_unit_test(test_pools_side_by_side),
        cmocka_unit_test(test_processor_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
