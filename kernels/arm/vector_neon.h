/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 4 floats a vector, with the names that the kernel templates use. */

#ifndef SG_KERNELS_VECTOR_NEON_H
#define SG_KERNELS_VECTOR_NEON_H

#include <arm_neon.h>
#include <stdint.h>

#define VECTOR          float32x4_t
#define LANES           4
#define v_zero()        vdupq_n_f32(0.0f)
#define v_set(x)        vdupq_n_f32(x)
#define v_load(p)       vld1q_f32(p)
#define v_store(p, x)   vst1q_f32(p, x)
#define v_stream(p, x)  v_store(p, x)
#define STREAM_END()    ((void)0)
#define v_broadcast(p)  vld1q_dup_f32(p)
#define v_fma(a, b, c)  vfmaq_f32(c, a, b)
#define v_fnma(a, b, c) vfmsq_f32(c, a, b)
#define v_add(a, b)     vaddq_f32(a, b)
#define v_sub(a, b)     vsubq_f32(a, b)
#define v_mul(a, b)     vmulq_f32(a, b)
#define v_relu(x)       vmaxq_f32(vdupq_n_f32(0.0f), x) /* NaN stays */
#define d_fma(a, b, c)  __builtin_fma(a, b, c)
#define V_KEPT(x)       "+w"(x) /* an operand of asm that is in a register */
#define FETCH(p)        __builtin_prefetch((p), 0, 3)
#define FETCH_L2(p)     __builtin_prefetch((p), 0, 2)
#define FETCH_WRITE(p)  __builtin_prefetch((p), 1, 3)

/* The first `count` lanes, 0 to LANES; the others are zero, and not touched in memory. */
static inline float32x4_t v_load_part(const float *from, int32_t count)
{
    float lanes[LANES] = {0};
    for (int32_t i = 0; i < count; i++)
        lanes[i] = from[i];
    return vld1q_f32(lanes);
}

static inline void v_store_part(float *to, float32x4_t value, int32_t count)
{
    float lanes[LANES];
    vst1q_f32(lanes, value);
    for (int32_t i = 0; i < count; i++)
        to[i] = lanes[i];
}

#endif
