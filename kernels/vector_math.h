/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* exp and log of a vector, on top of an instruction set's own operations (vf, vi, v_...), which the
 * file that includes this one defines first. Coefficients: minimax fits of our own (relative error,
 * rounded to float32 one by one), kernels/fit.py. */

/* exp(d) for -88 <= d <= 0: d = n log 2 + r with |r| <= log(2) / 2, exp(d) = 2^n * P(r), P of
 * degree 6. Within 1.5 ulp for d >= -87.3; 0 below -87.7 (n = -127), which is where float32 would
 * become subnormal; between the two, either. NaN gives NaN.
 *
 * Adding `magic` leaves n + 127 in the low bits of k, from where a shift makes 2^n of it, or 0. */
static inline vf v_exp_clamped(vf d)
{
    const vf magic = v_set(12582912.0f + 127.0f);
    const vf k = v_fma(d, v_set(0x1.715476p+0f), magic);
    const vf n = v_sub(k, magic);
    vf r = v_fma(n, v_set(-0x1.62e4p-1f), d);
    r = v_fma(n, v_set(-0x1.7f7d1cp-20f), r);
    vf p = v_set(0x1.6a4f88p-10f);
    p = v_fma(p, r, v_set(0x1.123988p-7f));
    p = v_fma(p, r, v_set(0x1.5558aep-5f));
    p = v_fma(p, r, v_set(0x1.555492p-3f));
    p = v_fma(p, r, v_set(0x1.fffffcp-2f));
    p = v_fma(p, r, v_set(1.0f));
    p = v_fma(p, r, v_set(1.0f));
    return v_mul(p, v_as_float(v_shift_left_23(v_as_int(k))));
}

/* The same for any d <= 0; -infinity gives 0. */
static inline vf v_exp_nonpositive(vf d)
{
    return v_exp_clamped(v_max(v_set(-88.0f), d));
}

/* v_exp_fast: exp(d), quicker and a little less exact, for the sums from which an entropy is made.
 * The relative error is below 3.5e-7 + 2e-8 |d|, the second part because log2(e) is rounded. With B
 * = 32 or 8, d log2(e) = N / B + f with |f| <= 1 / 2B and exp(d) = 2^(N / B) * P(f), where 2^(N /
 * B) comes from a table of B entries and the exponent. The table's index is in the low bits of k: N
 * / B plus a number so large that 1 / B is its last bit. NaN gives NaN. */
#if defined(v_scale)
/* Any d above -1e26; subnormal results are made, smaller ones are 0. NaN for -infinity, and perhaps
 * between the two.
 *
 * P(f) = C ((f + a)^2 + b), which takes one operation less than Horner's scheme where a table has C
 * anyway. The best a is 1 / log 2; 46 / 32 is a multiple of 1 / B, so that w = N / B - a comes from
 * k in one exact step, and scaling by 2^floor(w) is right where the table makes up for the a in it.
 * C and b are so that exp(0) is exactly 1. */
#    define EXP_FAST_UNBOUNDED 1
static inline vf v_exp_fast(vf d, v_table table)
{
    const vf magic = v_set(0x1.8p23f / 32), log2_e = v_set(0x1.715476p+0f);
    const vf k = v_fma(d, log2_e, magic);
    const vf w = v_sub(k, v_set(0x1.8p23f / 32 + 46.0f / 32)); /* exact */
    const vf g = v_fms(d, log2_e, w);
    const vf q = v_fma(g, g, v_set(0x1.0a66e6p+1f));
    return v_mul(v_scale(v_lookup(table, v_as_int(k)), w), q);
}
#elif defined(v_lookup)
/* -87.3 <= d <= 0. */
#    define EXP_FAST_UNBOUNDED 0
static inline vf v_exp_fast(vf d, v_table table)
{
    const vf magic = v_set(0x1.8p23f / 8), log2_e = v_set(0x1.715476p+0f);
    const vf k = v_fma(d, log2_e, magic);
    const vf f = v_fms(d, log2_e, v_sub(k, magic));
    const vi bits = v_add_int(v_lookup(table, v_as_int(k)), v_shift_left(v_as_int(k), 20));
    const vf power = v_as_float(bits);
    vf p = v_fma(f, v_set(0x1.c690b8p-5f), v_set(0x1.ec0c24p-3f));
    p = v_fma(f, p, v_set(0x1.62e432p-1f));
    return v_fma(power, v_mul(p, f), power);
}
#else
/* -87.3 <= d <= 0; no table. */
#    define EXP_FAST_UNBOUNDED 0
typedef int v_table;
static inline v_table v_exp_table(void)
{
    return 0;
}
static inline vf v_exp_fast(vf d, v_table table)
{
    (void)table;
    return v_exp_clamped(d);
}
#endif

/* log(x) for x > 0, normal: x = 2^e * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), log(1 + f) =
 * f - f^2 / 2 + f^3 P(f), P of degree 7. Within 2 ulp; exactly 0 for 1. Anything finite for other
 * x. */
static inline vf v_log_normal(vf x)
{
    const vi e = v_shift_right_23(v_sub_int(v_as_int(x), v_set_int(0x3f3504f3)));
    const vf f = v_sub(v_as_float(v_sub_int(v_as_int(x), v_shift_left_23(e))), v_set(1.0f));
    const vf n = v_to_float(e);
    vf p = v_set(-0x1.38c9dep-4f);
    p = v_fma(p, f, v_set(0x1.055ec6p-3f));
    p = v_fma(p, f, v_set(-0x1.0d8242p-3f));
    p = v_fma(p, f, v_set(0x1.22d92ep-3f));
    p = v_fma(p, f, v_set(-0x1.54728ap-3f));
    p = v_fma(p, f, v_set(0x1.99a01cp-3f));
    p = v_fma(p, f, v_set(-0x1.000226p-2f));
    p = v_fma(p, f, v_set(0x1.555554p-2f));
    const vf f2 = v_mul(f, f);
    vf y = v_mul(v_mul(p, f), f2);
    y = v_fma(v_set(-0.5f), f2, y);
    y = v_fma(n, v_set(0x1.7f7d1cp-20f), y);
    return v_fma(n, v_set(0x1.62e4p-1f), v_add(f, y));
}

/* v_log_sum: log(x) for a finite x >= 1, within 1e-7 + 6e-8 |log(x)|; exactly 0 for 1. */
#if defined(v_lookup_log)
/* x = 2^e * m, m in [1, 2): with j the first five bits of m - 1 and c_j = 1 / (1 + j / 32),
 * rounded, log(x) = e log 2 - log(c_j) + log(1 + r), r = m c_j - 1 in [0, 1 / 32]. */
static inline vf v_log_sum(vf x, v_log_table table)
{
    const vi j = v_shift_right_18(v_as_int(x));
    const vf r = v_fms(v_mantissa(x), v_lookup_log(table.reciprocal, j), v_set(1.0f));
    const vf whole = v_fma(v_exponent(x), v_set(0x1.62e43p-1f), v_lookup_log(table.log, j));
    const vf q = v_fma(r, v_set(0x1.493cfep-2f), v_set(-0x1.ffdc88p-2f));
    return v_add(whole, v_fma(v_mul(r, r), q, r));
}
#else
typedef int v_log_table;
static inline v_log_table v_log_tables(void)
{
    return 0;
}
static inline vf v_log_sum(vf x, v_log_table table)
{
    (void)table;
    return v_log_normal(x);
}
#endif
