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
#define FETCH(p)        _mm_prefetch((const char *)(p), _MM_HINT_T0)
#define FETCH_L2(p)     _mm_prefetch((const char *)(p), _MM_HINT_T1)
#define FETCH_WRITE(p)  __builtin_prefetch((p), 1, 3)

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
