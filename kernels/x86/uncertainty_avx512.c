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
#define v_sub_int(a, b)     _mm512_sub_epi32(a, b)
#define v_shift_left_23(a)  _mm512_slli_epi32(a, 23)
#define v_shift_right_23(a) _mm512_srai_epi32(a, 23)
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

#define vd_loadu(p)     _mm512_loadu_pd(p)
#define vd_storeu(p, a) _mm512_storeu_pd(p, a)
#define vd_add(a, b)    _mm512_add_pd(a, b)
#define vd_low(a)       _mm512_cvtps_pd(_mm512_castps512_ps256(a))
#define vd_high(a)      _mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1))

/* 2^(j / 32). */
typedef struct v_table {
    vf low, high;
} v_table;

static inline v_table v_exp_table(void)
{
    static const _Alignas(64) float powers[32] = {
        0x1.0p+0f,      0x1.059b0ep+0f, 0x1.0b5586p+0f, 0x1.11301ep+0f, 0x1.172b84p+0f,
        0x1.1d4874p+0f, 0x1.2387a6p+0f, 0x1.29e9ep+0f,  0x1.306fep+0f,  0x1.371a74p+0f,
        0x1.3dea64p+0f, 0x1.44e086p+0f, 0x1.4bfdaep+0f, 0x1.5342b6p+0f, 0x1.5ab07ep+0f,
        0x1.6247ecp+0f, 0x1.6a09e6p+0f, 0x1.71f75ep+0f, 0x1.7a1148p+0f, 0x1.82589ap+0f,
        0x1.8ace54p+0f, 0x1.93737cp+0f, 0x1.9c4918p+0f, 0x1.a5503cp+0f, 0x1.ae89fap+0f,
        0x1.b7f77p+0f,  0x1.c199bep+0f, 0x1.cb720ep+0f, 0x1.d5818ep+0f, 0x1.dfc974p+0f,
        0x1.ea4afap+0f, 0x1.f50766p+0f};
    return (v_table){v_load(powers), v_load(powers + 16)};
}

#define v_lookup(table, index) _mm512_permutex2var_ps((table).low, index, (table).high)

/* 16 x 16: 2 x 2 blocks of single elements, of pairs, then of quarters twice. */
static inline void v_transpose(vf row[16])
{
    vf a[16], b[16];
    for (int i = 0; i < 16; i += 2) {
        a[i] = _mm512_unpacklo_ps(row[i], row[i + 1]);
        a[i + 1] = _mm512_unpackhi_ps(row[i], row[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        for (int k = 0; k < 2; k++) {
            const __m512d low = _mm512_castps_pd(a[i + k]), high = _mm512_castps_pd(a[i + 2 + k]);
            b[i + 2 * k] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
            b[i + 2 * k + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
        }
    }
    for (int k = 0; k < 4; k++) {
        a[k] = _mm512_shuffle_f32x4(b[k], b[k + 4], 0x88);
        a[k + 4] = _mm512_shuffle_f32x4(b[k], b[k + 4], 0xdd);
        a[k + 8] = _mm512_shuffle_f32x4(b[k + 8], b[k + 12], 0x88);
        a[k + 12] = _mm512_shuffle_f32x4(b[k + 8], b[k + 12], 0xdd);
    }
    for (int k = 0; k < 8; k++) {
        row[k] = _mm512_shuffle_f32x4(a[k], a[k + 8], 0x88);
        row[k + 8] = _mm512_shuffle_f32x4(a[k], a[k + 8], 0xdd);
    }
}

#include "../uncertainty_vector.h"

void sg_uncertainty_kernels_avx512(sg_uncertainty_kernels *kernels)
{
    fill_table(kernels);
}
