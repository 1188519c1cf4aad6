/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The uncertainty kernels in AVX-512, which has tables of 32 floats in registers, and instructions
 * that scale by a power of two, split a float and estimate a reciprocal. */

#include "vector_avx512.h"

#include "vector_math.h"

/* 32 floats in two registers, of which one instruction picks one for each lane. */
typedef struct table_32 {
    v_f32 low, high;
} table_32;

static inline table_32 load_table_32(const float *entries)
{
    return (table_32){v_load_aligned(entries), v_load_aligned(entries + 16)};
}

/* Entry i mod 32 of the table in each lane. */
static inline v_f32 lookup(table_32 table, v_i32 i)
{
    return v_permute_two(table.low, table.high, i);
}

/* ---- exp ---- */

/* exp(d) for any d above -1e26; subnormal results are made, smaller ones are 0. NaN gives NaN, so
 * does -infinity, and so may what lies between the two. The relative error is below
 * 3.5e-7 + 2e-8 |d|, the second part because log2(e) is rounded.
 *
 * With d log2(e) = N / 32 + f, |f| <= 1 / 64, exp(d) = 2^(N / 32) 2^f, and 2^f is nearly a square,
 *
 *     2^f = C ((f + a)^2 + b),
 *
 * which takes one operation less than Horner's scheme, since C can go into the table of the powers
 * 2^(j / 32). The best a is 1 / log 2; 46 / 32, close to it, is a multiple of 1 / 32, so that
 * w = N / 32 - a comes in one exact step from k, N / 32 plus a number so large that 1 / 32 is its
 * last bit. The low bits of k are the table's index j. Scaling is by 2^floor(w) and not by
 * 2^floor(N / 32); the table makes up for that. C and b are chosen so that exp(0) is exactly 1. */
#define OWN_EXP_FAST
enum { EXP_FAST_UNBOUNDED = true };
typedef table_32 exp_table;

/* C 2^(j / 32 - floor((j - 46) / 32)), C = 0.2411. */
static inline exp_table load_exp_table(void)
{
    static const _Alignas(64) float powers[32] = {
        0x1.edc56p-1f,  0x1.f8954ap-1f, 0x1.01d0e8p+0f, 0x1.077624p+0f, 0x1.0d3b04p+0f,
        0x1.13203cp+0f, 0x1.19268p+0f,  0x1.1f4e8ap+0f, 0x1.259916p+0f, 0x1.2c06e6p+0f,
        0x1.3298cp+0f,  0x1.394f6ep+0f, 0x1.402bbep+0f, 0x1.472e84p+0f, 0x1.4e5896p-1f,
        0x1.55aad2p-1f, 0x1.5d2618p-1f, 0x1.64cb4ep-1f, 0x1.6c9b6p-1f,  0x1.74973ep-1f,
        0x1.7cbfdep-1f, 0x1.851638p-1f, 0x1.8d9b5p-1f,  0x1.96502ap-1f, 0x1.9f35d2p-1f,
        0x1.a84d5ap-1f, 0x1.b197dap-1f, 0x1.bb167p-1f,  0x1.c4ca3cp-1f, 0x1.ceb46ep-1f,
        0x1.d8d632p-1f, 0x1.e330c4p-1f};
    return load_table_32(powers);
}

static inline v_f32 exp_fast(v_f32 d, exp_table table)
{
    const v_f32 magic = v_set(0x1.8p23f / 32), log2_e = v_set(0x1.715476p+0f);
    const v_f32 k = v_fma(d, log2_e, magic);
    const v_f32 w = v_sub(k, v_set(0x1.8p23f / 32 + 46.0f / 32)); /* exact */
    const v_f32 g = v_fms(d, log2_e, w);
    const v_f32 q = v_fma(g, g, v_set(0x1.0a66e6p+1f));
    return v_mul(v_scale(lookup(table, v_as_int(k)), w), q);
}

/* ---- log ---- */

/* log(x) for a finite x >= 1, within 1e-7 + 6e-8 |log(x)|; exactly 0 for 1. x = 2^e m with m in
 * [1, 2). With j the first five bits of m - 1 and c_j = 1 / (1 + j / 32), rounded,
 *
 *     log(x) = e log 2 - log(c_j) + log(1 + r),    r = m c_j - 1 in [0, 1 / 32]. */
#define OWN_LOG_SUM
typedef struct log_table {
    table_32 reciprocal, log; /* c_j and -log(c_j) */
} log_table;

static inline log_table load_log_table(void)
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
    return (log_table){load_table_32(reciprocals), load_table_32(logs)};
}

static inline v_f32 log_sum(v_f32 x, log_table table)
{
    const v_i32 j = v_shift_right_unsigned(v_as_int(x), 18);
    const v_f32 r = v_fms(v_mantissa(x), lookup(table.reciprocal, j), v_set(1.0f));
    const v_f32 whole = v_fma(v_exponent(x), v_set(0x1.62e43p-1f), lookup(table.log, j));
    const v_f32 q = v_fma(r, v_set(0x1.493cfep-2f), v_set(-0x1.ffdc88p-2f));
    return v_add(whole, v_fma(v_mul(r, r), q, r));
}

/* ---- division ---- */

/* a - b / c for c in [1, 2^100]. 1 / c is within an ulp: an estimate, and a step of Newton's. */
#define OWN_MINUS_QUOTIENT
static inline v_f32 minus_quotient(v_f32 a, v_f32 b, v_f32 c)
{
    const v_f32 estimate = v_reciprocal_14_bits(c);
    const v_f32 r = v_fma(v_fnma(c, estimate, v_set(1.0f)), estimate, estimate);
    return v_fnma(b, r, a);
}

#include "uncertainty_template.h"

void sg_uncertainty_kernels_avx512(sg_uncertainty_kernels *kernels)
{
    fill_table(kernels);
}
