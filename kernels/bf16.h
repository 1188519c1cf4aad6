/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Numbers of 16 bits in the place of floats: bfloat16, the upper half of a float. */

#ifndef SG_KERNELS_BF16_H
#define SG_KERNELS_BF16_H

#include <stdint.h>
#include <string.h>

typedef uint16_t sg_bf16;

static inline float sg_bf16_widen(sg_bf16 half)
{
    const uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* The nearest one, of two that are as near the even one; NaN stays NaN, and what is beyond the
 * largest becomes infinity. */
static inline sg_bf16 sg_bf16_round(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return (sg_bf16)(bits >> 16 | 0x40u);
    return (sg_bf16)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

#endif
