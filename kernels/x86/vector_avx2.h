/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h in AVX2 with FMA: 8 floats a vector. */

#ifndef SG_KERNELS_VECTOR_AVX2_H
#define SG_KERNELS_VECTOR_AVX2_H

#include <immintrin.h>
#include <stdint.h>

#define LANES 8
typedef __m256 v_f32;
typedef __m256i v_i32;
typedef __m256 v_mask;
typedef __m256d v_f64;

/* The first n of 8 lanes. */
static inline __m256i v_first_lanes(int32_t n)
{
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), lanes);
}

static inline v_f32 v_load_part(const float *p, int32_t n)
{
    return _mm256_maskload_ps(p, v_first_lanes(n));
}

static inline void v_store_part(float *p, v_f32 a, int32_t n)
{
    _mm256_maskstore_ps(p, v_first_lanes(n), a);
}

#define v_load(p)                 _mm256_loadu_ps(p)
#define v_store(p, a)             _mm256_storeu_ps(p, a)
#define v_load_aligned(p)         _mm256_load_ps(p)
#define v_store_aligned(p, a)     _mm256_store_ps(p, a)
#define v_stream(p, a)            _mm256_stream_ps(p, a)
#define STREAM_END()              _mm_sfence()
#define v_load_int_aligned(p)     _mm256_load_si256((const __m256i *)(p))
#define v_store_int_aligned(p, a) _mm256_store_si256((__m256i *)(p), a)

#define v_zero()        _mm256_setzero_ps()
#define v_set(x)        _mm256_set1_ps(x)
#define v_broadcast(p)  _mm256_broadcast_ss(p)
#define v_add(a, b)     _mm256_add_ps(a, b)
#define v_sub(a, b)     _mm256_sub_ps(a, b)
#define v_mul(a, b)     _mm256_mul_ps(a, b)
#define v_div(a, b)     _mm256_div_ps(a, b)
#define v_fma(a, b, c)  _mm256_fmadd_ps(a, b, c)
#define v_fms(a, b, c)  _mm256_fmsub_ps(a, b, c)
#define v_fnma(a, b, c) _mm256_fnmadd_ps(a, b, c)
#define v_max(a, b)     _mm256_max_ps(a, b)
#define v_min(a, b)     _mm256_min_ps(a, b)
#define v_relu(a)       _mm256_max_ps(_mm256_setzero_ps(), a)
#define V_KEPT(x)       "+x"(x)

#define v_set_int(x)        _mm256_set1_epi32(x)
#define v_add_int(a, b)     _mm256_add_epi32(a, b)
#define v_sub_int(a, b)     _mm256_sub_epi32(a, b)
#define v_shift_left(a, n)  _mm256_slli_epi32(a, n)
#define v_shift_right(a, n) _mm256_srai_epi32(a, n)
#define v_as_int(a)         _mm256_castps_si256(a)
#define v_as_float(a)       _mm256_castsi256_ps(a)
#define v_to_float(a)       _mm256_cvtepi32_ps(a)
#define v_permute(a, i)     _mm256_permutevar8x32_ps(a, i)
#define v_permute_int(a, i) _mm256_permutevar8x32_epi32(a, i)

#define v_greater(a, b)       _mm256_cmp_ps(a, b, _CMP_GT_OQ)
#define v_not_positive(a)     _mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_LE_OQ)
#define v_select(m, a, b)     _mm256_blendv_ps(b, a, m)
#define v_select_int(m, a, b) _mm256_blendv_epi8(b, a, _mm256_castps_si256(m))
#define v_nan_else(n, a, b)   _mm256_blendv_ps(b, a, _mm256_cmp_ps(n, n, _CMP_UNORD_Q))
#define v_any_nan(a)          (_mm256_movemask_ps(_mm256_cmp_ps(a, a, _CMP_UNORD_Q)) != 0)

static inline float v_lowest(v_f32 a)
{
    __m128 m = _mm_min_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    m = _mm_min_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_min_ss(m, _mm_movehdup_ps(m)));
}

static inline float v_highest(v_f32 a)
{
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

#define vd_load(p)     _mm256_loadu_pd(p)
#define vd_store(p, a) _mm256_storeu_pd(p, a)
#define vd_add(a, b)   _mm256_add_pd(a, b)
#define vd_from(p)     _mm256_cvtps_pd(_mm_loadu_ps(p))
#define vd_round(a, b) _mm256_set_m128(_mm256_cvtpd_ps(b), _mm256_cvtpd_ps(a))

#define v_zip_low(a, b)    _mm256_unpacklo_ps(a, b)
#define v_zip_high(a, b)   _mm256_unpackhi_ps(a, b)
#define v_pairs_low(a, b)  _mm256_shuffle_ps(a, b, 0x44)
#define v_pairs_high(a, b) _mm256_shuffle_ps(a, b, 0xee)

#define v_spread_4(a, i) _mm256_permute_ps(a, 0x55 * (i))

static inline v_f32 v_load_fours(const float *const from[2])
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from[0])),
                                _mm_loadu_ps(from[1]), 1);
}

static inline void v_store_fours(float *const to[2], v_f32 a)
{
    _mm_storeu_ps(to[0], _mm256_castps256_ps128(a));
    _mm_storeu_ps(to[1], _mm256_extractf128_ps(a, 1));
}

#endif
