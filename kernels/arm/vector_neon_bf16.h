/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h in NEON with FEAT_BF16, and those of halves. */

#ifndef SG_KERNELS_VECTOR_NEON_BF16_H
#define SG_KERNELS_VECTOR_NEON_BF16_H

#include "bf16.h"
#include "vector_neon.h"

/* BFDOT, of which Arm's manual says (there, and in the functions BFDotAdd and FPAdd_BF16): the two
 * products of a pair are added to each other, and what that gives is added to c. A product has at
 * most 16 bits and is exact. Each of the two sums is rounded to odd, that is, to the odd one of the
 * two floats that it lies between: so it is off by less than one unit in the last place, where a
 * sum that is rounded to the nearest is off by half a unit, and in no direction more than in the
 * other. Numbers too small to be normal count as zeros, given and made; what is beyond the largest
 * float becomes infinity; every NaN is the default one.
 *
 * Processors with FEAT_EBF16 do the same as long as nobody sets FPCR.EBF. If the host does, the two
 * products are added with a single rounding, and sums are rounded to the nearest, which is within
 * the same bounds. */
#define v_dot(a, b, c) vbfdotq_f32(c, vreinterpretq_bf16_f32(a), vreinterpretq_bf16_f32(b))

static inline v_f32 v_widen(uint16x4_t a)
{
    return vreinterpretq_f32_u32(vshll_n_u16(a, 16));
}

static inline v_f32 v_load_half(const sg_bf16 *p)
{
    return v_widen(vld1_u16(p));
}

static inline v_f32 v_load_half_part(const sg_bf16 *p, int32_t n)
{
    uint16x4_t a = vdup_n_u16(0);
    if (n > 0)
        a = vset_lane_u16(p[0], a, 0);
    if (n > 1)
        a = vset_lane_u16(p[1], a, 1);
    if (n > 2)
        a = vset_lane_u16(p[2], a, 2);
    if (n > 3)
        a = vset_lane_u16(p[3], a, 3);
    return v_widen(a);
}

/* BFCVTN rounds as FPCR says: to the nearest, of two that are as near to the even one, in a
 * context's threads. */
static inline void v_store_half(sg_bf16 *p, v_f32 a)
{
    vst1_u16(p, vreinterpret_u16_bf16(vcvt_bf16_f32(a)));
}

static inline void v_store_halves(sg_bf16 *p, v_f32 low, v_f32 high)
{
    vst1q_u16(p, vreinterpretq_u16_bf16(vcvtq_high_bf16_f32(vcvtq_low_bf16_f32(low), high)));
}

static inline void v_store_half_part(sg_bf16 *p, v_f32 a, int32_t n)
{
    const uint16x4_t halves = vreinterpret_u16_bf16(vcvt_bf16_f32(a));
    if (n > 0)
        p[0] = vget_lane_u16(halves, 0);
    if (n > 1)
        p[1] = vget_lane_u16(halves, 1);
    if (n > 2)
        p[2] = vget_lane_u16(halves, 2);
    if (n > 3)
        p[3] = vget_lane_u16(halves, 3);
}

#endif
