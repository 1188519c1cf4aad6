/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The uncertainty kernels in AVX2, which has tables of 8 floats in a register. */

#include "vector_avx2.h"

#include "vector_math.h"

/* exp(d) for -87.3 <= d <= 0; NaN gives NaN. The relative error is below 3.5e-7 + 2e-8 |d|, the
 * second part because log2(e) is rounded.
 *
 * With d log2(e) = N / 8 + f, |f| <= 1 / 16, exp(d) = 2^(N / 8) (1 + f P(f)), P of degree 2.
 * k is N / 8 plus a number so large that 1 / 8 is its last bit: its low three bits are the index j
 * into a table of the powers 2^(j / 8), and the bits above are floor(N / 8), to be added to the
 * power's exponent. */
#define OWN_EXP_FAST
enum { EXP_FAST_UNBOUNDED = false };
typedef v_i32 exp_table;

/* The bits of 2^(j / 8), less j << 20: where k is shifted so that floor(N / 8) comes to stand in
 * the exponent, j comes along below it. */
static inline exp_table load_exp_table(void)
{
    static const _Alignas(32) uint32_t powers[8] = {0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7,
                                                    0x3f7504f3, 0x3f75672a, 0x3f7744fd, 0x3f7ac0c7};
    return v_load_int_aligned(powers);
}

static inline v_f32 exp_fast(v_f32 d, exp_table table)
{
    const v_f32 magic = v_set(0x1.8p23f / 8), log2_e = v_set(0x1.715476p+0f);
    const v_f32 k = v_fma(d, log2_e, magic);
    const v_f32 f = v_fms(d, log2_e, v_sub(k, magic));
    const v_i32 bits = v_add_int(v_permute_int(table, v_as_int(k)), v_shift_left(v_as_int(k), 20));
    const v_f32 power = v_as_float(bits);
    v_f32 p = v_fma(f, v_set(0x1.c690b8p-5f), v_set(0x1.ec0c24p-3f));
    p = v_fma(f, p, v_set(0x1.62e432p-1f));
    return v_fma(power, v_mul(p, f), power);
}

#include "uncertainty_template.h"

void sg_uncertainty_kernels_avx2(sg_uncertainty_kernels *kernels)
{
    fill_table(kernels);
}
