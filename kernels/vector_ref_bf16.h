/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h as plain C, and those of halves. */

#ifndef SG_KERNELS_VECTOR_REF_BF16_H
#define SG_KERNELS_VECTOR_REF_BF16_H

#include "bf16.h"
#include "vector_ref.h"

#define v_load_half(p)             sg_bf16_widen(*(p))
#define v_load_half_part(p, n)     ((void)(n), sg_bf16_widen(*(p))) /* n is never 0 */
#define v_store_half(p, a)         ((void)(*(p) = sg_bf16_round(a)))
#define v_store_half_part(p, a, n) ((void)(n), (void)(*(p) = sg_bf16_round(a)))

static inline void v_store_halves(sg_bf16 *p, v_f32 low, v_f32 high)
{
    p[0] = sg_bf16_round(low);
    p[1] = sg_bf16_round(high);
}

#endif
