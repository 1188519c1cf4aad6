/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h in AVX-512 with AVX512_BF16, and those of halves. */

#ifndef SG_KERNELS_VECTOR_AVX512_BF16_H
#define SG_KERNELS_VECTOR_AVX512_BF16_H

#include "bf16.h"
#include "vector_avx512.h"

/* Of each pair the products are added one after the other, rounded to nearest; numbers too small to
 * be normal count as zeros. */
#define v_dot(a, b, c) \
    _mm512_dpbf16_ps(c, (__m512bh)_mm512_castps_si512(a), (__m512bh)_mm512_castps_si512(b))

static inline v_f32 v_widen(__m256i a)
{
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(a), 16));
}

static inline v_f32 v_load_half(const sg_bf16 *p)
{
    return v_widen(_mm256_loadu_si256((const __m256i *)(const void *)p));
}

static inline v_f32 v_load_half_part(const sg_bf16 *p, int32_t n)
{
    return v_widen(_mm256_maskz_loadu_epi16(v_first_lanes(n), p));
}

static inline void v_store_half(sg_bf16 *p, v_f32 a)
{
    _mm256_storeu_si256((__m256i *)(void *)p, (__m256i)_mm512_cvtneps_pbh(a));
}

static inline void v_store_halves(sg_bf16 *p, v_f32 low, v_f32 high)
{
    _mm512_storeu_si512(p, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

static inline void v_store_half_part(sg_bf16 *p, v_f32 a, int32_t n)
{
    _mm256_mask_storeu_epi16(p, v_first_lanes(n), (__m256i)_mm512_cvtneps_pbh(a));
}

#endif
