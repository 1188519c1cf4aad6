/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h in NEON of 64-bit ARM: 4 floats a vector. */

#ifndef SG_KERNELS_VECTOR_NEON_H
#define SG_KERNELS_VECTOR_NEON_H

#include <arm_neon.h>
#include <stdint.h>

#define LANES 4
typedef float32x4_t v_f32;
typedef int32x4_t v_i32;
typedef uint32x4_t v_mask;
typedef float64x2_t v_f64;

static inline v_f32 v_load_part(const float *p, int32_t n)
{
    v_f32 a = vdupq_n_f32(0.0f);
    if (n > 0)
        a = vsetq_lane_f32(p[0], a, 0);
    if (n > 1)
        a = vsetq_lane_f32(p[1], a, 1);
    if (n > 2)
        a = vsetq_lane_f32(p[2], a, 2);
    if (n > 3)
        a = vsetq_lane_f32(p[3], a, 3);
    return a;
}

static inline void v_store_part(float *p, v_f32 a, int32_t n)
{
    if (n > 0)
        p[0] = vgetq_lane_f32(a, 0);
    if (n > 1)
        p[1] = vgetq_lane_f32(a, 1);
    if (n > 2)
        p[2] = vgetq_lane_f32(a, 2);
    if (n > 3)
        p[3] = vgetq_lane_f32(a, 3);
}

/* The same instructions for every address; nothing goes past the caches. */
#define v_load(p)                 vld1q_f32(p)
#define v_store(p, a)             vst1q_f32(p, a)
#define v_load_aligned(p)         vld1q_f32(p)
#define v_store_aligned(p, a)     vst1q_f32(p, a)
#define v_stream(p, a)            vst1q_f32(p, a)
#define STREAM_END()              ((void)0)
#define v_load_int_aligned(p)     vld1q_s32(p)
#define v_store_int_aligned(p, a) vst1q_s32(p, a)

#define v_zero()        vdupq_n_f32(0.0f)
#define v_set(x)        vdupq_n_f32(x)
#define v_broadcast(p)  vld1q_dup_f32(p)
#define v_add(a, b)     vaddq_f32(a, b)
#define v_sub(a, b)     vsubq_f32(a, b)
#define v_mul(a, b)     vmulq_f32(a, b)
#define v_div(a, b)     vdivq_f32(a, b)
#define v_fma(a, b, c)  vfmaq_f32(c, a, b)
#define v_fnma(a, b, c) vfmsq_f32(c, a, b)
#define v_relu(a)       vmaxq_f32(vdupq_n_f32(0.0f), a)
#define V_KEPT(x)       "+w"(x)

/* By comparison, because NEON's own maximum is NaN where either operand is. */
static inline v_f32 v_max(v_f32 a, v_f32 b)
{
    return vbslq_f32(vcgtq_f32(a, b), a, b);
}

static inline v_f32 v_min(v_f32 a, v_f32 b)
{
    return vbslq_f32(vcltq_f32(a, b), a, b);
}

#define v_set_int(x)        vdupq_n_s32(x)
#define v_add_int(a, b)     vaddq_s32(a, b)
#define v_sub_int(a, b)     vsubq_s32(a, b)
#define v_shift_left(a, n)  vshlq_n_s32(a, n)
#define v_shift_right(a, n) vshrq_n_s32(a, n)
#define v_as_int(a)         vreinterpretq_s32_f32(a)
#define v_as_float(a)       vreinterpretq_f32_s32(a)
#define v_to_float(a)       vcvtq_f32_s32(a)

/* Through a table of bytes: lane k takes the bytes 4 i[k] to 4 i[k] + 3. */
static inline v_f32 v_permute(v_f32 a, v_i32 i)
{
    const v_i32 bytes = vmlaq_n_s32(vdupq_n_s32(0x03020100), i, 0x04040404);
    return vreinterpretq_f32_u8(vqtbl1q_u8(vreinterpretq_u8_f32(a), vreinterpretq_u8_s32(bytes)));
}

#define v_greater(a, b)       vcgtq_f32(a, b)
#define v_not_positive(a)     vcleq_f32(a, vdupq_n_f32(0.0f))
#define v_select(m, a, b)     vbslq_f32(m, a, b)
#define v_select_int(m, a, b) vbslq_s32(m, a, b)
#define v_nan_else(n, a, b)   vbslq_f32(vceqq_f32(n, n), b, a)
#define v_any_nan(a)          (vminvq_u32(vceqq_f32(a, a)) == 0)
#define v_lowest(a)           vminvq_f32(a)
#define v_highest(a)          vmaxvq_f32(a)

#define vd_load(p)     vld1q_f64(p)
#define vd_store(p, a) vst1q_f64(p, a)
#define vd_add(a, b)   vaddq_f64(a, b)
#define vd_from(p)     vcvt_f64_f32(vld1_f32(p))
#define vd_round(a, b) vcombine_f32(vcvt_f32_f64(a), vcvt_f32_f64(b))

#define v_zip_low(a, b)    vzip1q_f32(a, b)
#define v_zip_high(a, b)   vzip2q_f32(a, b)
#define v_pairs_low(a, b)  vcombine_f32(vget_low_f32(a), vget_low_f32(b))
#define v_pairs_high(a, b) vcombine_f32(vget_high_f32(a), vget_high_f32(b))

static inline v_f32 v_load_fours(const float *const from[1])
{
    return vld1q_f32(from[0]);
}

static inline void v_store_fours(float *const to[1], v_f32 a)
{
    vst1q_f32(to[0], a);
}

#endif
