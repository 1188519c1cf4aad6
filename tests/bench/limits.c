/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What this machine can do at most, whatever the program:    bench-limits THREADS
 *
 * Prints a line of JSON: float32 multiply-adds (2 operations each) on registers with the widest
 * instruction set, in GFLOP/s; and the rate at which the threads read memory, in GB/s, from a
 * buffer far larger than any cache. The best of many passes each, in processor time: a limit is
 * what nothing disturbed. */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "instruction_set.h"

enum { PASSES = 25, THREADS_MAX = 1024 };

static const size_t LARGE = (size_t)256 << 20;

/* What all threads do between two barriers: read their share of `data`, or multiply and add. */
typedef struct task {
    const instruction_set *isa;
    pthread_barrier_t barrier;
    const float *data; /* NULL: multiply and add */
    size_t count;      /* floats a thread */
} task;

typedef struct worker {
    task *shared;
    pthread_t thread;
    int index;
    double seconds; /* of processor time that the last pass took */
    float result;   /* kept, so that no compiler drops the work */
} worker;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *work(void *argument)
{
    worker *const self = argument;
    const task *const job = self->shared;
    const float *const share = job->data ? job->data + job->count * (size_t)self->index : NULL;
    for (int pass = 0; pass < PASSES; pass++) {
        pthread_barrier_wait(&self->shared->barrier);
        const double start = seconds_now();
        self->result += share ? job->isa->read(share, job->count) : job->isa->multiply_add();
        self->seconds = seconds_now() - start;
        pthread_barrier_wait(&self->shared->barrier);
    }
    return NULL;
}

/* Seconds of the slowest thread in the best pass. A thread that cannot be made ends the program. */
static double best_seconds(const instruction_set *isa, int threads, const float *data, size_t bytes)
{
    static worker workers[THREADS_MAX];
    task shared = {.isa = isa, .data = data, .count = bytes / sizeof(float) / (size_t)threads};
    double best = 1e9;
    pthread_barrier_init(&shared.barrier, NULL, (unsigned)threads + 1);
    for (int i = 0; i < threads; i++) {
        workers[i] = (worker){.shared = &shared, .index = i};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            fprintf(stderr, "bench-limits: cannot make thread %d\n", i + 1);
            exit(1);
        }
    }
    for (int pass = 0; pass < PASSES; pass++) {
        double slowest = 0.0;
        pthread_barrier_wait(&shared.barrier);
        pthread_barrier_wait(&shared.barrier);
        for (int i = 0; i < threads; i++)
            slowest = workers[i].seconds > slowest ? workers[i].seconds : slowest;
        best = slowest < best ? slowest : best;
    }
    for (int i = 0; i < threads; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_barrier_destroy(&shared.barrier);
    return best;
}

int main(int argc, char **argv)
{
    const int threads = argc == 2 ? atoi(argv[1]) : 0;
    if (threads < 1 || threads > THREADS_MAX) {
        fprintf(stderr, "usage: bench-limits THREADS\n");
        return 2;
    }
    float *const data = aligned_alloc((size_t)2 << 20, LARGE);
    if (!data) {
        fprintf(stderr, "bench-limits: out of memory\n");
        return 1;
    }
    (void)madvise(data, LARGE, MADV_HUGEPAGE);
    for (size_t i = 0; i < LARGE / sizeof(float); i++)
        data[i] = 1.0f;

    const instruction_set isa = widest();
    const double operations = 2.0 * MULTIPLY_ADDS * CHAINS * isa.width * threads;
    printf("{\"isa\": \"%s\", \"threads\": %d, \"fma_gflops\": %.1f, ", isa.name, threads,
           operations / best_seconds(&isa, threads, NULL, 0) * 1e-9);
    printf("\"read_gbs\": %.2f}\n",
           (double)LARGE / best_seconds(&isa, threads, data, LARGE) * 1e-9);
    free(data);
    return 0;
}
