/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 8 floats a vector, with the names that the kernel templates use. */

#ifndef SG_KERNELS_VECTOR_AVX2_H
#define SG_KERNELS_VECTOR_AVX2_H

#include <immintrin.h>
#include <stdint.h>

#define VECTOR          __m256
#define LANES           8
#define v_zero()        _mm256_setzero_ps()
#define v_set(x)        _mm256_set1_ps(x)
#define v_load(p)       _mm256_loadu_ps(p)
#define v_store(p, x)   _mm256_storeu_ps(p, x)
#define v_stream(p, x)  _mm256_stream_ps(p, x) /* past the caches, aligned; until STREAM_END */
#define STREAM_END()    _mm_sfence()
#define v_broadcast(p)  _mm256_broadcast_ss(p)
#define v_fma(a, b, c)  _mm256_fmadd_ps(a, b, c)
#define v_fnma(a, b, c) _mm256_fnmadd_ps(a, b, c)
#define v_add(a, b)     _mm256_add_ps(a, b)
#define v_sub(a, b)     _mm256_sub_ps(a, b)
#define v_mul(a, b)     _mm256_mul_ps(a, b)
#define v_relu(x)       _mm256_max_ps(_mm256_setzero_ps(), x) /* NaN stays */
#define d_fma(a, b, c)  __builtin_fma(a, b, c)
#define V_KEPT(x)       "+x"(x) /* an operand of asm that is in a register */
#define FETCH(p)        _mm_prefetch((const char *)(p), _MM_HINT_T0)
#define FETCH_L2(p)     _mm_prefetch((const char *)(p), _MM_HINT_T1)
#define FETCH_WRITE(p)  __builtin_prefetch((p), 1, 3)

static inline __m256i v_mask(int32_t count)
{
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lanes);
}

/* The first `count` lanes, 0 to LANES; the others are zero, and not touched in memory. */
static inline __m256 v_load_part(const float *from, int32_t count)
{
    return _mm256_maskload_ps(from, v_mask(count));
}

static inline void v_store_part(float *to, __m256 value, int32_t count)
{
    _mm256_maskstore_ps(to, v_mask(count), value);
}

#endif
