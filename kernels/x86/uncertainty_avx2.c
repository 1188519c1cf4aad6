/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* AVX2 with FMA: 8 pixels a vector. */

#include <immintrin.h>
#include <stdint.h>

#define LANES 8

typedef __m256 vf;
typedef __m256i vi;
typedef __m256 vm;
typedef __m256d vd;

/* The first n of 8 lanes. */
static inline __m256i first_lanes(int n)
{
    static const int32_t lanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256((const __m256i *)(lanes + 8 - n));
}

#define v_load(p)             _mm256_load_ps(p)
#define v_loadu(p)            _mm256_loadu_ps(p)
#define v_store(p, a)         _mm256_store_ps(p, a)
#define v_storeu(p, a)        _mm256_storeu_ps(p, a)
#define v_load_tail(p, n)     _mm256_maskload_ps(p, first_lanes(n))
#define v_store_tail(p, n, a) _mm256_maskstore_ps(p, first_lanes(n), a)
#define v_load_int(p)         _mm256_load_si256((const __m256i *)(p))
#define v_store_int(p, a)     _mm256_store_si256((__m256i *)(p), a)

#define v_set(x)       _mm256_set1_ps(x)
#define v_add(a, b)    _mm256_add_ps(a, b)
#define v_sub(a, b)    _mm256_sub_ps(a, b)
#define v_mul(a, b)    _mm256_mul_ps(a, b)
#define v_div(a, b)    _mm256_div_ps(a, b)
#define v_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
#define v_fms(a, b, c) _mm256_fmsub_ps(a, b, c)
#define v_max(a, b)    _mm256_max_ps(a, b)
#define v_min(a, b)    _mm256_min_ps(a, b)

#define v_set_int(x)        _mm256_set1_epi32(x)
#define v_sub_int(a, b)     _mm256_sub_epi32(a, b)
#define v_add_int(a, b)     _mm256_add_epi32(a, b)
#define v_shift_left(a, n)  _mm256_slli_epi32(a, n)
#define v_shift_left_23(a)  _mm256_slli_epi32(a, 23)
#define v_shift_right_23(a) _mm256_srai_epi32(a, 23)
#define v_as_int(a)         _mm256_castps_si256(a)
#define v_as_float(a)       _mm256_castsi256_ps(a)
#define v_to_float(a)       _mm256_cvtepi32_ps(a)
#define v_permute(a, i)     _mm256_permutevar8x32_ps(a, i)

#define v_greater(a, b)       _mm256_cmp_ps(a, b, _CMP_GT_OQ)
#define v_not_positive(a)     _mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_LE_OQ)
#define v_select(m, a, b)     _mm256_blendv_ps(b, a, m)
#define v_select_int(m, a, b) _mm256_blendv_epi8(b, a, _mm256_castps_si256(m))
#define v_nan_else(n, a, b)   _mm256_blendv_ps(b, a, _mm256_cmp_ps(n, n, _CMP_UNORD_Q))
#define v_any_nan(a)          (_mm256_movemask_ps(_mm256_cmp_ps(a, a, _CMP_UNORD_Q)) != 0)

#define vd_loadu(p)     _mm256_loadu_pd(p)
#define vd_storeu(p, a) _mm256_storeu_pd(p, a)
#define vd_add(a, b)    _mm256_add_pd(a, b)
#define vd_from(p)      _mm256_cvtps_pd(_mm_loadu_ps(p))

/* The least and the greatest of 8. */
static inline float v_lowest(vf a)
{
    __m128 m = _mm_min_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    m = _mm_min_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_min_ss(m, _mm_movehdup_ps(m)));
}

static inline float v_highest(vf a)
{
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

/* Of v_exp_fast: the bits of 2^(j / 8), less j << 20, which the index brings along. */
typedef vi v_table;

static inline v_table v_exp_table(void)
{
    static const _Alignas(32) uint32_t powers[8] = {0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7,
                                                    0x3f7504f3, 0x3f75672a, 0x3f7744fd, 0x3f7ac0c7};
    return v_load_int(powers);
}

#define v_lookup(table, index) _mm256_permutevar8x32_epi32(table, index)

/* Pairs of single floats, and of pairs, in every half. */
#define v_zip_low(a, b)    _mm256_unpacklo_ps(a, b)
#define v_zip_high(a, b)   _mm256_unpackhi_ps(a, b)
#define v_pairs_low(a, b)  _mm256_shuffle_ps(a, b, 0x44)
#define v_pairs_high(a, b) _mm256_shuffle_ps(a, b, 0xee)

static inline vf v_load_fours(const float *const from[2])
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from[0])),
                                _mm_loadu_ps(from[1]), 1);
}

static inline void v_store_fours(float *const to[2], vf a)
{
    _mm_storeu_ps(to[0], _mm256_castps256_ps128(a));
    _mm_storeu_ps(to[1], _mm256_extractf128_ps(a, 1));
}

#include "../uncertainty_vector.h"

void sg_uncertainty_kernels_avx2(sg_uncertainty_kernels *kernels)
{
    fill_table(kernels);
}
