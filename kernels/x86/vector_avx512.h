/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h in AVX-512 (F, BW, DQ, VL): 16 floats a vector. */

#ifndef SG_KERNELS_VECTOR_AVX512_H
#define SG_KERNELS_VECTOR_AVX512_H

#include <immintrin.h>
#include <stdint.h>

#define LANES 16
typedef __m512 v_f32;
typedef __m512i v_i32;
typedef __mmask16 v_mask;
typedef __m512d v_f64;

#define v_first_lanes(n) ((v_mask)((1u << (n)) - 1u))

static inline v_f32 v_load_part(const float *p, int32_t n)
{
    return _mm512_maskz_loadu_ps(v_first_lanes(n), p);
}

static inline void v_store_part(float *p, v_f32 a, int32_t n)
{
    _mm512_mask_storeu_ps(p, v_first_lanes(n), a);
}

#define v_load(p)                 _mm512_loadu_ps(p)
#define v_store(p, a)             _mm512_storeu_ps(p, a)
#define v_load_aligned(p)         _mm512_load_ps(p)
#define v_store_aligned(p, a)     _mm512_store_ps(p, a)
#define v_stream(p, a)            _mm512_stream_ps(p, a)
#define STREAM_END()              _mm_sfence()
#define v_load_int_aligned(p)     _mm512_load_si512(p)
#define v_store_int_aligned(p, a) _mm512_store_si512(p, a)

#define v_zero()        _mm512_setzero_ps()
#define v_set(x)        _mm512_set1_ps(x)
#define v_broadcast(p)  _mm512_set1_ps(*(p))
#define v_add(a, b)     _mm512_add_ps(a, b)
#define v_sub(a, b)     _mm512_sub_ps(a, b)
#define v_mul(a, b)     _mm512_mul_ps(a, b)
#define v_div(a, b)     _mm512_div_ps(a, b)
#define v_fma(a, b, c)  _mm512_fmadd_ps(a, b, c)
#define v_fms(a, b, c)  _mm512_fmsub_ps(a, b, c)
#define v_fnma(a, b, c) _mm512_fnmadd_ps(a, b, c)
#define v_max(a, b)     _mm512_max_ps(a, b)
#define v_min(a, b)     _mm512_min_ps(a, b)
#define v_relu(a)       _mm512_max_ps(_mm512_setzero_ps(), a)
#define V_KEPT(x)       "+v"(x)

#define v_set_int(x)        _mm512_set1_epi32(x)
#define v_add_int(a, b)     _mm512_add_epi32(a, b)
#define v_sub_int(a, b)     _mm512_sub_epi32(a, b)
#define v_shift_left(a, n)  _mm512_slli_epi32(a, n)
#define v_shift_right(a, n) _mm512_srai_epi32(a, n)
#define v_as_int(a)         _mm512_castps_si512(a)
#define v_as_float(a)       _mm512_castsi512_ps(a)
#define v_to_float(a)       _mm512_cvtepi32_ps(a)
#define v_permute(a, i)     _mm512_permutexvar_ps(i, a)

#define v_greater(a, b)       _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ)
#define v_not_positive(a)     _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_LE_OQ)
#define v_select(m, a, b)     _mm512_mask_blend_ps(m, b, a)
#define v_select_int(m, a, b) _mm512_mask_blend_epi32(m, b, a)
#define v_nan_else(n, a, b)   _mm512_mask_blend_ps(_mm512_cmp_ps_mask(n, n, _CMP_UNORD_Q), b, a)
#define v_any_nan(a)          (_mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q) != 0)
#define v_lowest(a)           _mm512_reduce_min_ps(a)
#define v_highest(a)          _mm512_reduce_max_ps(a)

#define vd_load(p)     _mm512_loadu_pd(p)
#define vd_store(p, a) _mm512_storeu_pd(p, a)
/* b * 1 + a is a + b to the bit. Multiply-adds have units of their own: they need not wait behind
 * the minima and maxima that stand beside them. */
#define vd_add(a, b) _mm512_fmadd_pd(b, _mm512_set1_pd(1.0), a)
#define vd_from(p)   _mm512_cvtps_pd(_mm256_loadu_ps(p))
#define vd_round(a, b) \
    _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(a)), _mm512_cvtpd_ps(b), 1)

#define v_zip_low(a, b)    _mm512_unpacklo_ps(a, b)
#define v_zip_high(a, b)   _mm512_unpackhi_ps(a, b)
#define v_pairs_low(a, b)  _mm512_shuffle_ps(a, b, 0x44)
#define v_pairs_high(a, b) _mm512_shuffle_ps(a, b, 0xee)

#define v_spread_4(a, i) _mm512_permute_ps(a, 0x55 * (i))
#define v_spread_8(i)                      \
    _mm512_add_epi32(_mm512_set1_epi32(i), \
                     _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8))

static inline __m256 v_load_two_fours(const float *low, const float *high)
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
}

static inline v_f32 v_load_fours(const float *const from[4])
{
    return _mm512_insertf32x8(_mm512_castps256_ps512(v_load_two_fours(from[0], from[1])),
                              v_load_two_fours(from[2], from[3]), 1);
}

static inline void v_store_fours(float *const to[4], v_f32 a)
{
    _mm_storeu_ps(to[0], _mm512_castps512_ps128(a));
    _mm_storeu_ps(to[1], _mm512_extractf32x4_ps(a, 1));
    _mm_storeu_ps(to[2], _mm512_extractf32x4_ps(a, 2));
    _mm_storeu_ps(to[3], _mm512_extractf32x4_ps(a, 3));
}

/* ---- what only AVX-512 has ---- */

/* a * 2^floor(b); the exponent of a as a float; a without exponent, in [1, 2); shift to the right,
 * zeros coming in; lane k of low and high, side by side, where k is the low five bits of i. */
#define v_scale(a, b)                _mm512_scalef_ps(a, b)
#define v_exponent(a)                _mm512_getexp_ps(a)
#define v_mantissa(a)                _mm512_getmant_ps(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src)
#define v_shift_right_unsigned(a, n) _mm512_srli_epi32(a, n)
#define v_permute_two(low, high, i)  _mm512_permutex2var_ps(low, i, high)
#define v_reciprocal_14_bits(a)      _mm512_rcp14_ps(a)

/* Half a vector: 8 floats. */
typedef __m256 vh_f32;
#define vh_zero()        _mm256_setzero_ps()
#define vh_load(p)       _mm256_loadu_ps(p)
#define vh_set(x)        _mm256_set1_ps(x)
#define vh_add(a, b)     _mm256_add_ps(a, b)
#define vh_sub(a, b)     _mm256_sub_ps(a, b)
#define vh_fnma(a, b, c) _mm256_fnmadd_ps(a, b, c)

static inline float vh_sum(vh_f32 a)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/* *p + b, and *p * b + c, with *p in all lanes, which the instruction itself loads: compilers load
 * it into a register first, and in the product there is none left. */
static inline v_f32 v_add_broadcast(const float *p, v_f32 b)
{
    v_f32 sum;
    __asm__("vaddps %1%{1to16%}, %2, %0" : "=v"(sum) : "m"(*p), "v"(b));
    return sum;
}

static inline v_f32 v_fma_broadcast(const float *p, v_f32 b, v_f32 c)
{
    __asm__("vfmadd231ps %1%{1to16%}, %2, %0" : "+v"(c) : "m"(*p), "v"(b));
    return c;
}

#endif
