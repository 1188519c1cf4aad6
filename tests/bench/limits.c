/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What this machine can do at most, whatever the program:    bench-limits THREADS
 *
 * Prints a line of JSON: float32 multiply-adds (2 operations each) on registers with the widest
 * instruction set, in GFLOP/s; and the rate at which the threads read memory, in GB/s, from a
 * buffer far larger than any cache and from one of the size of 21 x 640 x 856 logits. The best of
 * many passes each, in processor time: a limit is what nothing disturbed. */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#if defined(__x86_64__)
#    include <immintrin.h>
#elif defined(__aarch64__)
#    include <arm_neon.h>
#endif

enum { PASSES = 25, THREADS_MAX = 1024, CHAINS = 12, STREAMS = 8 };
enum { MULTIPLY_ADDS = 2 << 20 }; /* a chain, a pass */

static const size_t LARGE = (size_t)256 << 20;
static const size_t LOGITS = (size_t)21 * 640 * 856 * sizeof(float);

typedef struct instruction_set {
    const char *name;
    int width; /* floats a vector */
    float (*multiply_add)(void);
    float (*read)(const float *data, size_t count);
} instruction_set;

/* Twelve independent chains cover the latency of two units. a * 0.75 + 0.25 stays finite. The
 * readers leave out a tail below eight vectors. */
#define DEFINE_ISA(NAME, ATTRIBUTES, VECTOR, WIDTH, SET, FMA, ADD, LOAD, FIRST)    \
    ATTRIBUTES static float multiply_add_##NAME(void)                              \
    {                                                                              \
        const VECTOR scale = SET(0.75f), offset = SET(0.25f);                      \
        VECTOR chain[CHAINS];                                                      \
        for (int i = 0; i < CHAINS; i++)                                           \
            chain[i] = SET((float)i);                                              \
        for (int n = 0; n < MULTIPLY_ADDS; n++)                                    \
            for (int i = 0; i < CHAINS; i++)                                       \
                chain[i] = FMA(chain[i], scale, offset);                           \
        for (int i = 1; i < CHAINS; i++)                                           \
            chain[0] = ADD(chain[0], chain[i]);                                    \
        return FIRST(chain[0]);                                                    \
    }                                                                              \
    ATTRIBUTES static float read_##NAME(const float *data, size_t count)           \
    {                                                                              \
        VECTOR sum[STREAMS];                                                       \
        for (int i = 0; i < STREAMS; i++)                                          \
            sum[i] = SET(0.0f);                                                    \
        for (size_t k = 0; k + STREAMS * (WIDTH) <= count; k += STREAMS * (WIDTH)) \
            for (int i = 0; i < STREAMS; i++)                                      \
                sum[i] = ADD(sum[i], LOAD(data + k + (size_t)i * (WIDTH)));        \
        for (int i = 1; i < STREAMS; i++)                                          \
            sum[0] = ADD(sum[0], sum[i]);                                          \
        return FIRST(sum[0]);                                                      \
    }

#if defined(__x86_64__)
#    define TARGET(features) __attribute__((target(features)))
DEFINE_ISA(avx512, TARGET("avx512f"), __m512, 16, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_add_ps,
           _mm512_loadu_ps, _mm512_cvtss_f32)
DEFINE_ISA(avx2, TARGET("avx2,fma"), __m256, 8, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_add_ps,
           _mm256_loadu_ps, _mm256_cvtss_f32)
#elif defined(__aarch64__)
#    define NEON_FMA(a, b, c) vfmaq_f32(c, a, b)
#    define NEON_FIRST(a)     vgetq_lane_f32(a, 0)
DEFINE_ISA(neon, , float32x4_t, 4, vdupq_n_f32, NEON_FMA, vaddq_f32, vld1q_f32, NEON_FIRST)
#endif

/* Where nothing better is known: what the compiler makes of it. */
#define PLAIN(a)           (a)
#define PLAIN_FMA(a, b, c) ((a) * (b) + (c))
#define PLAIN_ADD(a, b)    ((a) + (b))
#define PLAIN_LOAD(a)      (*(a))
DEFINE_ISA(plain, , float, 1, PLAIN, PLAIN_FMA, PLAIN_ADD, PLAIN_LOAD, PLAIN)

static instruction_set widest(void)
{
    instruction_set found = {"plain", 1, multiply_add_plain, read_plain};
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        found = (instruction_set){"avx512", 16, multiply_add_avx512, read_avx512};
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        found = (instruction_set){"avx2", 8, multiply_add_avx2, read_avx2};
#elif defined(__aarch64__)
    found = (instruction_set){"neon", 4, multiply_add_neon, read_neon};
#endif
    return found;
}

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
    printf("\"read_gbs\": %.2f, ", (double)LARGE / best_seconds(&isa, threads, data, LARGE) * 1e-9);
    printf("\"read_logits_gbs\": %.2f}\n",
           (double)LOGITS / best_seconds(&isa, threads, data, LOGITS) * 1e-9);
    free(data);
    return 0;
}
