/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* exp and log of a vector, in the words of vector.h. The coefficients are minimax fits of the
 * relative error, rounded to float32 one after another: fit.py makes them. */

#ifndef SG_KERNELS_VECTOR_MATH_H
#define SG_KERNELS_VECTOR_MATH_H

#include "vector.h"

/* exp(d) for -88 <= d <= 0: with d = n log 2 + r, |r| <= log(2) / 2, it is 2^n P(r), P of degree 6.
 * Within 1.5 ulp for d >= -87.3; 0 below -87.7 (n = -127), where results would be subnormal; either
 * of the two in between. NaN gives NaN.
 *
 * Adding `magic`, a number so large that 1 is its last bit, rounds d / log 2 to n and leaves 127 +
 * n in the low bits of k. Shifted into the exponent these are 2^n, or 0 for n = -127. log 2 is
 * subtracted in two parts, the first of which has so few bits that n times it is exact. */
static inline v_f32 v_exp_clamped(v_f32 d)
{
    const v_f32 magic = v_set(12582912.0f + 127.0f);
    const v_f32 k = v_fma(d, v_set(0x1.715476p+0f), magic);
    const v_f32 n = v_sub(k, magic);
    v_f32 r = v_fma(n, v_set(-0x1.62e4p-1f), d);
    r = v_fma(n, v_set(-0x1.7f7d1cp-20f), r);
    v_f32 p = v_set(0x1.6a4f88p-10f);
    p = v_fma(p, r, v_set(0x1.123988p-7f));
    p = v_fma(p, r, v_set(0x1.5558aep-5f));
    p = v_fma(p, r, v_set(0x1.555492p-3f));
    p = v_fma(p, r, v_set(0x1.fffffcp-2f));
    p = v_fma(p, r, v_set(1.0f));
    p = v_fma(p, r, v_set(1.0f));
    return v_mul(p, v_as_float(v_shift_left(v_as_int(k), 23)));
}

/* The same for any d <= 0; -infinity gives 0. */
static inline v_f32 v_exp_nonpositive(v_f32 d)
{
    return v_exp_clamped(v_max(v_set(-88.0f), d));
}

/* log(x) for x > 0 that is not subnormal: with x = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)), it
 * is e log 2 + f - f^2 / 2 + f^3 P(f), P of degree 7. Within 2 ulp; exactly 0 for 1. For any other
 * x the result is something finite. */
static inline v_f32 v_log_normal(v_f32 x)
{
    const v_i32 e = v_shift_right(v_sub_int(v_as_int(x), v_set_int(0x3f3504f3)), 23);
    const v_f32 f = v_sub(v_as_float(v_sub_int(v_as_int(x), v_shift_left(e, 23))), v_set(1.0f));
    const v_f32 n = v_to_float(e);
    v_f32 p = v_set(-0x1.38c9dep-4f);
    p = v_fma(p, f, v_set(0x1.055ec6p-3f));
    p = v_fma(p, f, v_set(-0x1.0d8242p-3f));
    p = v_fma(p, f, v_set(0x1.22d92ep-3f));
    p = v_fma(p, f, v_set(-0x1.54728ap-3f));
    p = v_fma(p, f, v_set(0x1.99a01cp-3f));
    p = v_fma(p, f, v_set(-0x1.000226p-2f));
    p = v_fma(p, f, v_set(0x1.555554p-2f));
    const v_f32 f2 = v_mul(f, f);
    v_f32 y = v_mul(v_mul(p, f), f2);
    y = v_fma(v_set(-0.5f), f2, y);
    y = v_fma(n, v_set(0x1.7f7d1cp-20f), y);
    return v_fma(n, v_set(0x1.62e4p-1f), v_add(f, y));
}

#endif
