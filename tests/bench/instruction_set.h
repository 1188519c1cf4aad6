/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The widest instruction set here: float32 multiply-adds on registers, and reading. */

#ifndef SG_TESTS_BENCH_INSTRUCTION_SET_H
#define SG_TESTS_BENCH_INSTRUCTION_SET_H

#include <stddef.h>

#if defined(__x86_64__)
#    include <immintrin.h>
#elif defined(__aarch64__)
#    include <arm_neon.h>
#endif

enum { CHAINS = 12, STREAMS = 8 };
enum { MULTIPLY_ADDS = 2 << 20 }; /* a chain, a pass */

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

#endif
