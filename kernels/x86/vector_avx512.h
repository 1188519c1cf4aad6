/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 16 floats a vector, with the names that the kernel templates use. */

#ifndef SG_KERNELS_VECTOR_AVX512_H
#define SG_KERNELS_VECTOR_AVX512_H

#include <immintrin.h>
#include <stdint.h>

#define VECTOR          __m512
#define LANES           16
#define v_zero()        _mm512_setzero_ps()
#define v_set(x)        _mm512_set1_ps(x)
#define v_load(p)       _mm512_loadu_ps(p)
#define v_store(p, x)   _mm512_storeu_ps(p, x)
#define v_stream(p, x)  _mm512_stream_ps(p, x) /* past the caches, aligned; until STREAM_END */
#define STREAM_END()    _mm_sfence()
#define v_broadcast(p)  _mm512_set1_ps(*(p))
#define v_fma(a, b, c)  _mm512_fmadd_ps(a, b, c)
#define v_fnma(a, b, c) _mm512_fnmadd_ps(a, b, c)
#define v_add(a, b)     _mm512_add_ps(a, b)
#define v_sub(a, b)     _mm512_sub_ps(a, b)
#define v_mul(a, b)     _mm512_mul_ps(a, b)
#define v_relu(x)       _mm512_max_ps(_mm512_setzero_ps(), x) /* NaN stays */
#define d_fma(a, b, c)  __builtin_fma(a, b, c)
#define V_KEPT(x)       "+v"(x) /* an operand of asm that is in a register */
#define FETCH(p)        _mm_prefetch((const char *)(p), _MM_HINT_T0)
#define FETCH_L2(p)     _mm_prefetch((const char *)(p), _MM_HINT_T1)
#define FETCH_WRITE(p)  __builtin_prefetch((p), 1, 3)

/* Half a vector: 8 floats. */
#define VECTOR_HALF      __m256
#define vh_zero()        _mm256_setzero_ps()
#define vh_load(p)       _mm256_loadu_ps(p)
#define vh_set(x)        _mm256_set1_ps(x)
#define vh_add(a, b)     _mm256_add_ps(a, b)
#define vh_sub(a, b)     _mm256_sub_ps(a, b)
#define vh_fnma(a, b, c) _mm256_fnmadd_ps(a, b, c)

static inline float vh_sum(__m256 x)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/* With what is loaded as the instruction's own operand: no register is left to hold it, which the
 * compiler does not see. */
static inline __m512 v_add_broadcast(const float *p, __m512 b)
{
    __m512 sum;
    __asm__("vaddps %1%{1to16%}, %2, %0" : "=v"(sum) : "m"(*p), "v"(b));
    return sum;
}

static inline __m512 v_fma_broadcast(const float *p, __m512 b, __m512 c)
{
    __asm__("vfmadd231ps %1%{1to16%}, %2, %0" : "+v"(c) : "m"(*p), "v"(b));
    return c;
}

/* The first `count` lanes, 0 to LANES; the others are zero, and not touched in memory. */
static inline __m512 v_load_part(const float *from, int32_t count)
{
    return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1u), from);
}

static inline void v_store_part(float *to, __m512 value, int32_t count)
{
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1u), value);
}

#endif
