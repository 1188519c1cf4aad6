/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Workers wait until a job's generation number changes. Each thread has a share of the grains, one
 * after another, and takes of the others' when it has done its own: so it finds what it wrote in
 * the layer before in its own caches. (Two processors of a virtual machine may well have a
 * last-level cache each.) Who waits, a worker for the next job or the caller for the last worker,
 * looks again and again for some tenths of a millisecond before it sleeps on a condition: to be
 * woken takes longer than what lies between the layers of a network. After the first tens of
 * microseconds it lets other threads before, those of other contexts, too.
 *
 * A worker that finds itself on the caller's processor moves to another one. A kernel that packs
 * threads onto few processors while there is little to do, as some virtual machines' kernels do,
 * wakes a worker beside its caller, where the two take turns for the whole of a short run. */

#include "base/threads.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "base/context.h"

/* Looks before sleeping: 0.4 milliseconds on AMD's Zen 4, where a pause takes 65 cycles, 1 on
 * Intel's processors since Skylake, where it takes 140. From the FIRST_LOOKS on, other threads that
 * wait for this processor are let before at every YIELD_EVERY. */
enum { LOOKS = 10000, FIRST_LOOKS = 2000, YIELD_EVERY = 50 };

/* The stack of a worker, whatever RLIMIT_STACK says: eight times what any task takes. The C library
 * takes the program's thread-local variables from it, and a guard page. */
enum { STACK_SIZE = 512 << 10 };

/* So many counters lie on a cache line, of which each thread needs one of its own. */
enum { COUNTERS_A_LINE = 64 / sizeof(atomic_llong) };

typedef struct worker {
    pthread_t id;
    sg_pool *pool;
    int32_t index;
} worker;

struct sg_pool {
    sg_allocator allocator;
    int32_t threads; /* wanted, including the caller's */
    int32_t started; /* workers that run */
    bool attempted;  /* to start them */
    pid_t process;   /* that they belong to */
    worker *workers;

    int32_t looks; /* before sleeping */
    pthread_mutex_t mutex;
    pthread_cond_t wake, done;
    /* Changed under the mutex, so that nobody falls asleep meanwhile; busy's end is told under it.
     */
    atomic_ullong generation; /* of the job; the members below belong to it */
    atomic_bool stop;
    atomic_int busy; /* workers that have not finished the job */
    int processor;   /* of the caller when the job began, or -1 if unknown */
    sg_task_fn task;
    void *argument;
    int64_t count, grain;
    int64_t most;       /* grains at a time */
    atomic_llong *next; /* grain of each thread's share, COUNTERS_A_LINE apart; behind it, whether
                           the host has begun the thread's part */

    segent_context *context; /* of the host, if it has a parallel loop of its own: */
    segent_parallel_fn host;
    void *host_user;

    const atomic_int *flag; /* watched for cancellation, or NULL */
    atomic_bool skipped;    /* work was left undone since */
};

int32_t sg_processor_count(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int32_t)online : 1;
}

sg_pool *sg_pool_create(const sg_allocator *allocator, int32_t threads)
{
    sg_pool *pool = sg_alloc_zero(allocator, 1, sizeof(*pool));
    if (!pool)
        return NULL;
    pool->allocator = *allocator;
    pool->threads = threads;
    pool->looks = threads <= sg_processor_count() ? LOOKS : 0;
    pool->next = sg_alloc_zero(allocator, (size_t)threads * COUNTERS_A_LINE, sizeof(*pool->next));
    if (!pool->next)
        goto fail;
    if (threads > 1) {
        pool->workers = sg_alloc_zero(allocator, (size_t)threads - 1, sizeof(worker));
        if (!pool->workers)
            goto fail;
    }
    if (pthread_mutex_init(&pool->mutex, NULL) != 0)
        goto fail;
    if (pthread_cond_init(&pool->wake, NULL) != 0)
        goto fail_mutex;
    if (pthread_cond_init(&pool->done, NULL) != 0)
        goto fail_wake;
    return pool;

fail_wake:
    pthread_cond_destroy(&pool->wake);
fail_mutex:
    pthread_mutex_destroy(&pool->mutex);
fail:
    sg_free(allocator, pool->next);
    sg_free(allocator, pool->workers);
    sg_free(allocator, pool);
    return NULL;
}

/* Those that share the work: the caller's and the workers that could be started, or those that the
 * host was told of. */
static int32_t sharers(const sg_pool *pool)
{
    return pool->host ? pool->threads : pool->started + 1;
}

/* The first grain of a thread's share, or the end of the last one's. */
static int64_t share_of(const sg_pool *pool, int32_t thread)
{
    const int64_t grains = (pool->count - 1) / pool->grain + 1;
    const int64_t threads = sharers(pool);
    return grains / threads * thread + grains % threads * thread / threads;
}

/* Takes grains of a share that ends at `end`: half of those left if there are other threads, so
 * that the last chunks are small and all end nearly together. Returns how many, from *first on; 0:
 * none are left. */
static int64_t take(const sg_pool *pool, atomic_llong *next, int64_t end, int64_t *first)
{
    const int64_t part = sharers(pool) > 1 ? 2 : 1;
    long long at = atomic_load(next);
    int64_t count;
    do {
        if (at >= end)
            return 0;
        count = (end - at - 1) / part + 1;
        count = count < pool->most ? count : pool->most;
    } while (!atomic_compare_exchange_weak(next, &at, at + count));
    *first = at;
    return count;
}

bool sg_pool_stops(sg_pool *pool)
{
    if (!pool->flag || atomic_load_explicit(pool->flag, memory_order_relaxed) == 0)
        return false;
    atomic_store(&pool->skipped, true);
    return true;
}

/* Its own share, then what is left of those of the threads after it. */
static void run_chunks(sg_pool *pool, int32_t thread)
{
    const int32_t threads = sharers(pool);
    for (int32_t i = 0; i < threads; i++) {
        const int32_t owner = (int32_t)(((int64_t)thread + i) % threads);
        atomic_llong *next = &pool->next[(size_t)owner * COUNTERS_A_LINE];
        const int64_t end = share_of(pool, owner + 1);
        for (int64_t first, grains; (grains = take(pool, next, end, &first)) > 0;) {
            const int64_t begin = first * pool->grain, left = pool->count - begin;
            const int64_t whole = grains * pool->grain;
            if (sg_pool_stops(pool))
                return;
            pool->task(pool->argument, begin, begin + (left < whole ? left : whole), thread);
        }
    }
}

static void pause_a_little(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Whether there is another job than `seen`, or none to come. */
static bool is_called(sg_pool *pool, unsigned long long seen)
{
    return atomic_load(&pool->generation) != seen || atomic_load(&pool->stop);
}

/* Whether all workers have finished job `seen`. */
static bool is_finished(sg_pool *pool, unsigned long long seen)
{
    (void)seen;
    return atomic_load(&pool->busy) == 0;
}

static void wait_until(sg_pool *pool, bool (*is_so)(sg_pool *pool, unsigned long long seen),
                       unsigned long long seen, pthread_cond_t *told)
{
    for (int32_t i = 0; i < pool->looks; i++) {
        if (is_so(pool, seen))
            return;
        if (i >= FIRST_LOOKS && i % YIELD_EVERY == 0)
            sched_yield();
        else
            pause_a_little();
    }
    pthread_mutex_lock(&pool->mutex);
    while (!is_so(pool, seen))
        pthread_cond_wait(told, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}

/* The processor that this thread is on, or -1. */
static int this_processor(void)
{
#ifdef __linux__
    return sched_getcpu();
#else
    return -1;
#endif
}

/* Moves this thread from the processor to another one of those that it may use, if there is one.
 * What it may use stays as the host has it. */
static void leave(int processor)
{
#ifdef __linux__
    cpu_set_t allowed, others;
    if (processor < 0 || processor >= CPU_SETSIZE ||
        sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
        return;
    others = allowed;
    CPU_CLR(processor, &others);
    if (CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof(others), &others) == 0)
        (void)sched_setaffinity(0, sizeof(allowed), &allowed);
#else
    (void)processor;
#endif
}

static void *worker_main(void *argument)
{
    const worker *self = argument;
    sg_pool *pool = self->pool;
    unsigned long long seen = 0;
    for (;;) {
        wait_until(pool, is_called, seen, &pool->wake);
        if (atomic_load(&pool->stop))
            return NULL;
        seen = atomic_load(&pool->generation);
        if (pool->processor >= 0 && this_processor() == pool->processor)
            leave(pool->processor);
        fesetenv(FE_DFL_ENV); /* as sg_enter has done for the caller, whatever made this thread */
        run_chunks(pool, self->index);
        if (atomic_fetch_sub(&pool->busy, 1) == 1) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->done);
            pthread_mutex_unlock(&pool->mutex);
        }
    }
}

/* Starts a worker with a stack of the size above, or of the system's size if that is too small for
 * the program's thread-local variables. */
static bool start(worker *next, const pthread_attr_t *attributes)
{
    return pthread_create(&next->id, attributes, worker_main, next) == 0 ||
           pthread_create(&next->id, NULL, worker_main, next) == 0;
}

/* Workers block every signal, so that the host's handlers run on the host's threads only. */
static void start_workers(sg_pool *pool)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    pool->attempted = true;
    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0)
        return;
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        goto done;
    for (int32_t i = 0; i + 1 < pool->threads; i++) {
        worker *next = &pool->workers[pool->started];
        next->pool = pool;
        next->index = pool->started + 1;
        if (!start(next, &attributes))
            break;
        pool->started++;
    }
    pool->process = getpid();
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
done:
    pthread_attr_destroy(&attributes);
}

/* Whether fork() made this process after the workers were started: it has none of them, and the
 * mutex may be locked for ever. */
static bool is_forked(const sg_pool *pool)
{
    return pool->started > 0 && pool->process != getpid();
}

/* The pool as it was before its workers were started. What lies in the mutex and the conditions is
 * lost, as it must be. */
static void renew(sg_pool *pool)
{
    pool->started = 0;
    atomic_store(&pool->generation, 0);
    atomic_store(&pool->busy, 0);
    pool->attempted = pthread_mutex_init(&pool->mutex, NULL) != 0 ||
                      pthread_cond_init(&pool->wake, NULL) != 0 ||
                      pthread_cond_init(&pool->done, NULL) != 0;
}

/* ---- the host's parallel loop ---- */

void sg_pool_use_host(sg_pool *pool, segent_context *context, segent_parallel_fn parallel,
                      void *user)
{
    pool->context = context;
    pool->host = parallel;
    pool->host_user = user;
}

static atomic_llong *begun_of(const sg_pool *pool, int32_t thread)
{
    return &pool->next[(size_t)thread * COUNTERS_A_LINE + 1];
}

/* What the host calls. A part that it calls twice is done once: two threads with one number would
 * use the same working memory. */
static void host_task(void *argument, int32_t thread)
{
    sg_pool *pool = argument;
    fenv_t host;
    if (thread < 0 || thread >= pool->threads || atomic_exchange(begun_of(pool, thread), 1) != 0)
        return;
    fegetenv(&host);
    fesetenv(FE_DFL_ENV);
    run_chunks(pool, thread);
    fesetenv(&host);
}

static void run_on_host(sg_pool *pool)
{
    const int64_t grains = (pool->count - 1) / pool->grain + 1;
    for (int32_t i = 0; i < pool->threads; i++)
        atomic_store(begun_of(pool, i), 0);
    sg_host_begin(pool->context);
    pool->host(pool->host_user, grains < pool->threads ? (int32_t)grains : pool->threads, host_task,
               pool);
    sg_host_end(pool->context);
    run_chunks(pool, 0); /* what the host has left undone */
}

/* ---- parallel loops ---- */

void sg_parallel_for(sg_pool *pool, int64_t count, int64_t grain, sg_task_fn task, void *argument)
{
    sg_parallel_grains(pool, count, grain, 1, task, argument);
}

static void run_on_workers(sg_pool *pool)
{
    const bool shared = pool->started > 0 && pool->count > pool->grain;
    if (shared) {
        /* With more threads than processors some of them share one anyway. */
        pool->processor = pool->looks > 0 ? this_processor() : -1;
        pthread_mutex_lock(&pool->mutex);
        atomic_store(&pool->busy, pool->started);
        atomic_fetch_add(&pool->generation, 1);
        pthread_cond_broadcast(&pool->wake);
        pthread_mutex_unlock(&pool->mutex);
    }
    run_chunks(pool, 0);
    if (shared)
        wait_until(pool, is_finished, atomic_load(&pool->generation), &pool->done);
}

void sg_parallel_grains(sg_pool *pool, int64_t count, int64_t grain, int64_t most, sg_task_fn task,
                        void *argument)
{
    if (count <= 0)
        return;
    if (grain < 1)
        grain = 1;
    if (is_forked(pool))
        renew(pool);
    if (!pool->attempted && !pool->host && pool->threads > 1 && count > grain)
        start_workers(pool);

    pool->task = task;
    pool->argument = argument;
    pool->count = count;
    pool->grain = grain;
    pool->most = most < 1 ? 1 : most;
    for (int32_t i = 0; i < sharers(pool); i++)
        atomic_store(&pool->next[(size_t)i * COUNTERS_A_LINE], share_of(pool, i));
    if (pool->host && pool->threads > 1 && count > grain)
        run_on_host(pool);
    else
        run_on_workers(pool);
}

void sg_pool_watch(sg_pool *pool, const atomic_int *flag)
{
    pool->flag = flag;
    atomic_store(&pool->skipped, false);
}

bool sg_pool_skipped(const sg_pool *pool)
{
    return atomic_load(&pool->skipped);
}

int32_t sg_pool_threads(const sg_pool *pool)
{
    return pool->threads;
}

static void end_workers(sg_pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->stop, true);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
    for (int32_t i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].id, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
}

void sg_pool_destroy(sg_pool *pool)
{
    if (!pool)
        return;
    if (!is_forked(pool))
        end_workers(pool);
    const sg_allocator allocator = pool->allocator;
    sg_free(&allocator, pool->next);
    sg_free(&allocator, pool->workers);
    sg_free(&allocator, pool);
}
