/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { SHOWN = 5, REPEATS = 9 };

static const char *current_kernel;
static uint32_t current_set;
static int failures, failures_here;

int check_sets(uint32_t sets[CHECK_SETS])
{
    uint32_t detected = sg_cpu_detect();
    int count = 0;
    if (detected & SG_CPU_ON_REQUEST && sg_cpu_request() != 0)
        detected &= ~(uint32_t)SG_CPU_ON_REQUEST;
    for (uint32_t flag = SG_CPU_REF; flag <= SG_CPU_ALL; flag <<= 1) {
        if (detected & flag)
            sets[count++] = sg_cpu_allow(detected, flag);
    }
    return count;
}

int check_not_tested(void)
{
#if defined(__x86_64__) || defined(__i386__)
    static const uint32_t family[] = {SG_CPU_AVX2, SG_CPU_AVX512, SG_CPU_AVX512_BF16, SG_CPU_AMX};
#elif defined(__aarch64__)
    static const uint32_t family[] = {SG_CPU_NEON, SG_CPU_NEON_BF16};
#else
    static const uint32_t family[] = {SG_CPU_REF};
#endif
    const char *required = getenv("SEGENT_REQUIRE_CPU");
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    bool found = !required || strcmp(required, sg_cpu_name(SG_CPU_REF)) == 0;
    for (int i = 0; i < count; i++)
        found = found || strcmp(required, sg_cpu_name(sets[i])) == 0;
    for (size_t i = 0; i < sizeof(family) / sizeof(family[0]); i++) {
        bool tested = false;
        for (int k = 0; k < count; k++)
            tested = tested || (sets[k] & family[i]) != 0;
        if (!tested)
            printf("NOT TESTED: %s kernels, which this processor or this build does not have\n",
                   sg_cpu_name(family[i]));
    }
    if (!found)
        printf("FAIL: SEGENT_REQUIRE_CPU=%s, which this processor does not have\n", required);
    return found ? 0 : 1;
}

void check_begin(const char *kernel, uint32_t set)
{
    current_kernel = kernel;
    current_set = set;
    failures_here = 0;
}

void check_fail(const char *format, ...)
{
    va_list arguments;
    failures++;
    if (++failures_here > SHOWN)
        return;
    printf("FAIL %s %s: ", current_kernel, sg_cpu_name(current_set));
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

void check_end(const char *format, ...)
{
    va_list arguments;
    printf("%-4s %-12s %-11s ", failures_here ? "FAIL" : "ok", current_kernel,
           sg_cpu_name(current_set));
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

int check_failures(void)
{
    return failures;
}

check_memory check_allocate(size_t bytes)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t inside = (bytes + page - 1) / page * page;
    check_memory memory = {.mapped = inside + 2 * page};
    memory.base =
        mmap(NULL, memory.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory.base == MAP_FAILED)
        abort();
    char *first = (char *)memory.base + page;
    memset(first, 0xff, inside);
    if (mprotect(memory.base, page, PROT_NONE) != 0 ||
        mprotect(first + inside, page, PROT_NONE) != 0)
        abort();
    memory.data = first + inside - bytes;
    return memory;
}

void check_free(check_memory *memory)
{
    munmap(memory->base, memory->mapped);
    *memory = (check_memory){0};
}

float check_random(uint64_t *state, float low, float high)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return low + (high - low) * (float)((z ^ (z >> 31)) >> 40) * 0x1p-24f;
}

check_memory check_floats(int64_t count, uint64_t *state)
{
    check_memory memory = check_allocate((size_t)count * sizeof(float));
    for (int64_t i = 0; i < count; i++)
        ((float *)memory.data)[i] = check_random(state, -1.0f, 1.0f);
    return memory;
}

int64_t check_side(const check_shape *shape, int32_t n)
{
    return (n + 2 * shape->padding - shape->dilation * (shape->kernel - 1) - 1) / shape->stride + 1;
}

check_operands check_operands_make(int64_t inputs, int64_t weights, int64_t biases, int64_t outputs,
                                   uint64_t *state)
{
    check_operands o = {.output_count = outputs};
    o.input = check_floats(inputs, state);
    o.weights = check_floats(weights, state);
    o.bias = check_floats(biases, state);
    o.output = check_floats(outputs, state);
    o.before = check_floats(outputs, state);
    o.residual = check_floats(outputs, state);
    memcpy(o.before.data, o.output.data, (size_t)outputs * sizeof(float));
    return o;
}

sg_window check_window(const check_shape *shape, const check_operands *operands, int64_t channels,
                       int64_t pixel_stride, int64_t output_width)
{
    return (sg_window){.input = operands->input.data,
                       .height = shape->height,
                       .width = shape->width,
                       .channels = channels,
                       .pixel_stride = pixel_stride,
                       .output_width = output_width,
                       .kernel = shape->kernel,
                       .stride = shape->stride,
                       .padding = shape->padding,
                       .dilation = shape->dilation};
}

void check_operands_free(check_operands *operands)
{
    check_free(&operands->input);
    check_free(&operands->weights);
    check_free(&operands->bias);
    check_free(&operands->output);
    check_free(&operands->before);
    check_free(&operands->residual);
}

double check_ulps(float value, long double truth)
{
    if ((long double)value == truth)
        return 0.0;
    const int exponent = truth == 0.0L ? -149 : ilogbl(truth) - 23;
    const long double ulp = ldexpl(1.0L, exponent < -149 ? -149 : exponent);
    return (double)(fabsl((long double)value - truth) / ulp);
}

static uint64_t ticks(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t value;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(value));
    return value;
#else
    return 0;
#endif
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* How often to run before the clock is read again, so that reading it takes no part. */
static int64_t runs_between_clocks(void (*run)(void *), void *argument)
{
    for (int64_t runs = 1;; runs *= 2) {
        const double begin = seconds();
        for (int64_t i = 0; i < runs; i++)
            run(argument);
        if (seconds() - begin > 5e-5)
            return runs;
    }
}

void check_time(const char *kernel, uint32_t set, int64_t items, void (*run)(void *),
                void *argument)
{
    static char base_name[64];
    static double base;
    const int64_t runs = runs_between_clocks(run, argument);
    double best = INFINITY, best_ticks = INFINITY;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        int64_t count = 0;
        const double begin = seconds();
        const uint64_t begin_ticks = ticks();
        double now;
        do {
            for (int64_t i = 0; i < runs; i++)
                run(argument);
            count += items * runs;
            now = seconds();
        } while (now - begin < 2e-3);
        best = fmin(best, (now - begin) / (double)count);
        best_ticks = fmin(best_ticks, (double)(ticks() - begin_ticks) / (double)count);
    }
    const bool first = strcmp(base_name, kernel) != 0;
    if (first) {
        snprintf(base_name, sizeof(base_name), "%s", kernel);
        base = best;
    }
    printf("%-24s %-11s %9.3f ns %9.2f ticks a pixel %7.2f x\n", kernel, sg_cpu_name(set),
           best * 1e9, best_ticks, base / best);
}
