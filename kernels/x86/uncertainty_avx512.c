/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* AVX-512 (F, BW, DQ, VL): 16 pixels a vector. */

#include <immintrin.h>

#define LANES 16

typedef __m512 vf;
typedef __m512i vi;
typedef __mmask16 vm;
typedef __m512d vd;

#define v_load(p)             _mm512_load_ps(p)
#define v_loadu(p)            _mm512_loadu_ps(p)
#define v_store(p, a)         _mm512_store_ps(p, a)
#define v_storeu(p, a)        _mm512_storeu_ps(p, a)
#define v_load_tail(p, n)     _mm512_maskz_loadu_ps((vm)((1u << (n)) - 1), p)
#define v_store_tail(p, n, a) _mm512_mask_storeu_ps(p, (vm)((1u << (n)) - 1), a)
#define v_load_int(p)         _mm512_load_si512(p)
#define v_store_int(p, a)     _mm512_store_si512(p, a)

#define v_set(x)       _mm512_set1_ps(x)
#define v_add(a, b)    _mm512_add_ps(a, b)
#define v_sub(a, b)    _mm512_sub_ps(a, b)
#define v_mul(a, b)    _mm512_mul_ps(a, b)
#define v_div(a, b)    _mm512_div_ps(a, b)
#define v_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#define v_fms(a, b, c) _mm512_fmsub_ps(a, b, c)
#define v_scale(a, b)  _mm512_scalef_ps(a, b)
#define v_max(a, b)    _mm512_max_ps(a, b)
#define v_min(a, b)    _mm512_min_ps(a, b)

#define v_set_int(x)        _mm512_set1_epi32(x)
#define v_add_int(a, b)     _mm512_add_epi32(a, b)
#define v_sub_int(a, b)     _mm512_sub_epi32(a, b)
#define v_shift_left_23(a)  _mm512_slli_epi32(a, 23)
#define v_shift_right_23(a) _mm512_srai_epi32(a, 23)
#define v_shift_right_18(a) _mm512_srli_epi32(a, 18)
#define v_as_int(a)         _mm512_castps_si512(a)
#define v_as_float(a)       _mm512_castsi512_ps(a)
#define v_to_float(a)       _mm512_cvtepi32_ps(a)
#define v_permute(a, i)     _mm512_permutexvar_ps(i, a)
#define v_exponent(a)       _mm512_getexp_ps(a)
#define v_mantissa(a)       _mm512_getmant_ps(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_src)

#define v_greater(a, b)       _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ)
#define v_not_positive(a)     _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_LE_OQ)
#define v_select(m, a, b)     _mm512_mask_blend_ps(m, b, a)
#define v_select_int(m, a, b) _mm512_mask_blend_epi32(m, b, a)
#define v_nan_else(n, a, b)   _mm512_mask_blend_ps(_mm512_cmp_ps_mask(n, n, _CMP_UNORD_Q), b, a)
#define v_any_nan(a)          (_mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q) != 0)

#define vd_loadu(p)     _mm512_loadu_pd(p)
#define vd_storeu(p, a) _mm512_storeu_pd(p, a)
/* An addition to the bit, for which it need not wait behind minima and maxima. */
#define vd_add(a, b) _mm512_fmadd_pd(b, _mm512_set1_pd(1.0), a)
#define vd_from(p)   _mm512_cvtps_pd(_mm256_loadu_ps(p))
#define v_lowest(a)  _mm512_reduce_min_ps(a)
#define v_highest(a) _mm512_reduce_max_ps(a)

/* 32 entries. */
typedef struct v_table {
    vf low, high;
} v_table;

#define v_lookup(table, index) _mm512_permutex2var_ps((table).low, index, (table).high)

/* Of v_exp_fast: C 2^(j / 32 - floor((j - 46) / 32)), C = 0.2411. */
static inline v_table v_exp_table(void)
{
    static const _Alignas(64) float powers[32] = {
        0x1.edc56p-1f,  0x1.f8954ap-1f, 0x1.01d0e8p+0f, 0x1.077624p+0f, 0x1.0d3b04p+0f,
        0x1.13203cp+0f, 0x1.19268p+0f,  0x1.1f4e8ap+0f, 0x1.259916p+0f, 0x1.2c06e6p+0f,
        0x1.3298cp+0f,  0x1.394f6ep+0f, 0x1.402bbep+0f, 0x1.472e84p+0f, 0x1.4e5896p-1f,
        0x1.55aad2p-1f, 0x1.5d2618p-1f, 0x1.64cb4ep-1f, 0x1.6c9b6p-1f,  0x1.74973ep-1f,
        0x1.7cbfdep-1f, 0x1.851638p-1f, 0x1.8d9b5p-1f,  0x1.96502ap-1f, 0x1.9f35d2p-1f,
        0x1.a84d5ap-1f, 0x1.b197dap-1f, 0x1.bb167p-1f,  0x1.c4ca3cp-1f, 0x1.ceb46ep-1f,
        0x1.d8d632p-1f, 0x1.e330c4p-1f};
    return (v_table){v_load(powers), v_load(powers + 16)};
}

/* Of v_log_sum: c_j = 1 / (1 + j / 32), and -log(c_j). */
typedef struct v_log_table {
    v_table reciprocal, log;
} v_log_table;

#define v_lookup_log(table, index) v_lookup(table, index)

static inline v_log_table v_log_tables(void)
{
    static const _Alignas(64) float reciprocals[32] = {
        0x1.0p+0f,      0x1.f07c2p-1f,  0x1.e1e1e2p-1f, 0x1.d41d42p-1f, 0x1.c71c72p-1f,
        0x1.bacf92p-1f, 0x1.af286cp-1f, 0x1.a41a42p-1f, 0x1.99999ap-1f, 0x1.8f9c18p-1f,
        0x1.861862p-1f, 0x1.7d05f4p-1f, 0x1.745d18p-1f, 0x1.6c16c2p-1f, 0x1.642c86p-1f,
        0x1.5c9882p-1f, 0x1.555556p-1f, 0x1.4e5e0ap-1f, 0x1.47ae14p-1f, 0x1.414142p-1f,
        0x1.3b13b2p-1f, 0x1.3521dp-1f,  0x1.2f684cp-1f, 0x1.29e412p-1f, 0x1.24924ap-1f,
        0x1.1f7048p-1f, 0x1.1a7b96p-1f, 0x1.15b1e6p-1f, 0x1.111112p-1f, 0x1.0c9714p-1f,
        0x1.08421p-1f,  0x1.041042p-1f};
    static const _Alignas(64) float logs[32] = {
        0.0f,           0x1.f8299p-6f,  0x1.f0a30ap-5f, 0x1.6f0d28p-4f, 0x1.e27074p-4f,
        0x1.29552cp-3f, 0x1.5ff306p-3f, 0x1.9525a8p-3f, 0x1.c8ff7ap-3f, 0x1.fb918cp-3f,
        0x1.1675cap-2f, 0x1.2e8e2cp-2f, 0x1.4618bap-2f, 0x1.5d1bdap-2f, 0x1.739d7ep-2f,
        0x1.89a33ap-2f, 0x1.9f323cp-2f, 0x1.b44f7ap-2f, 0x1.c8ff7ep-2f, 0x1.dd469ep-2f,
        0x1.f128f4p-2f, 0x1.02552ap-1f, 0x1.0be72ep-1f, 0x1.154c3ep-1f, 0x1.1e85f4p-1f,
        0x1.2795ep-1f,  0x1.307d74p-1f, 0x1.393e0ep-1f, 0x1.41d8fcp-1f, 0x1.4a4f88p-1f,
        0x1.52a2d4p-1f, 0x1.5ad402p-1f};
    return (v_log_table){{v_load(reciprocals), v_load(reciprocals + 16)},
                         {v_load(logs), v_load(logs + 16)}};
}

/* a - b / c for c in [1, 2^100]: 1 / c within an ulp, by an estimate and one of Newton's steps. */
static inline vf v_minus_quotient(vf a, vf b, vf c)
{
    const vf estimate = _mm512_rcp14_ps(c);
    const vf r = v_fma(_mm512_fnmadd_ps(c, estimate, v_set(1.0f)), estimate, estimate);
    return _mm512_fnmadd_ps(b, r, a);
}

#define v_minus_quotient v_minus_quotient

/* Pairs of single floats, and of pairs, in every quarter. */
#define v_zip_low(a, b)    _mm512_unpacklo_ps(a, b)
#define v_zip_high(a, b)   _mm512_unpackhi_ps(a, b)
#define v_pairs_low(a, b)  _mm512_shuffle_ps(a, b, 0x44)
#define v_pairs_high(a, b) _mm512_shuffle_ps(a, b, 0xee)

static inline __m256 load_two_fours(const float *low, const float *high)
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
}

static inline vf v_load_fours(const float *const from[4])
{
    return _mm512_insertf32x8(_mm512_castps256_ps512(load_two_fours(from[0], from[1])),
                              load_two_fours(from[2], from[3]), 1);
}

static inline void v_store_fours(float *const to[4], vf a)
{
    _mm_storeu_ps(to[0], _mm512_castps512_ps128(a));
    _mm_storeu_ps(to[1], _mm512_extractf32x4_ps(a, 1));
    _mm_storeu_ps(to[2], _mm512_extractf32x4_ps(a, 2));
    _mm_storeu_ps(to[3], _mm512_extractf32x4_ps(a, 3));
}

#include "../uncertainty_vector.h"

void sg_uncertainty_kernels_avx512(sg_uncertainty_kernels *kernels)
{
    fill_table(kernels);
}
