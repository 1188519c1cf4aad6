/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Activations (activation.h) of vectors, in the words of vector.h. Kernels apply ReLU to the sums
 * in their registers. The others are rare, and would be copied into every size of every tile: they
 * are applied to what has just been stored, by one function. */

#ifndef SG_KERNELS_VECTOR_ACTIVATION_H
#define SG_KERNELS_VECTOR_ACTIVATION_H

#include "activation.h"
#include "vector.h"

/* Whether v_activate_rows has to follow what a kernel does itself. */
static inline bool sg_is_rare(sg_activation activation)
{
    return activation > SG_RELU;
}

#if LANES > 1
#    include "vector_math.h"

/* The same operations as the truth's, so that the bits are the same. v_max and v_min give their
 * second operand where one is NaN. */
INLINE v_f32 v_hard_sigmoid(v_f32 x)
{
    const v_f32 above = v_max(v_zero(), v_add(x, v_set(3.0f)));
    return v_mul(v_min(v_set(6.0f), above), v_set(SG_SIXTH));
}

/* With e = exp(-|x|), 1 / (1 + e) or e / (1 + e): within 3 ulp for x >= -87.3, and 0 below -87.7,
 * where the truth is subnormal. */
INLINE v_f32 v_sigmoid(v_f32 x)
{
    const v_f32 e = v_exp_nonpositive(v_min(x, v_sub(v_zero(), x)));
    const v_f32 one = v_set(1.0f);
    return v_div(v_select(v_greater(x, v_zero()), one, e), v_add(one, e));
}

INLINE v_f32 v_activate(const sg_activation activation, v_f32 x)
{
    switch (activation) {
    case SG_RELU:
        return v_relu(x);
    case SG_HARD_SWISH:
        return v_mul(x, v_hard_sigmoid(x));
    case SG_HARD_SIGMOID:
        return v_hard_sigmoid(x);
    case SG_SIGMOID:
        return v_sigmoid(x);
    default:
        return x;
    }
}
#else
#    define v_activate(activation, x) sg_activate(activation, x)
#endif

/* Activates rows of numbers; `activation` is a constant wherever this is inlined. */
INLINE void v_activate_these(const sg_activation activation, float *row, int64_t stride,
                             int64_t rows, int64_t columns)
{
    for (int64_t i = 0; i < rows; i++, row += stride) {
        int64_t j = 0;
        for (; j + LANES <= columns; j += LANES)
            v_store(row + j, v_activate(activation, v_load(row + j)));
        if (j < columns) {
            const int32_t left = (int32_t)(columns - j);
            v_store_part(row + j, v_activate(activation, v_load_part(row + j, left)), left);
        }
    }
}

/* Applies a rare activation to rows x columns numbers in memory. */
static __attribute__((__noinline__, __unused__)) void
v_activate_rows(sg_activation activation, float *row, int64_t stride, int64_t rows, int64_t columns)
{
    switch (activation) {
    case SG_HARD_SWISH:
        v_activate_these(SG_HARD_SWISH, row, stride, rows, columns);
        break;
    case SG_HARD_SIGMOID:
        v_activate_these(SG_HARD_SIGMOID, row, stride, rows, columns);
        break;
    case SG_SIGMOID:
        v_activate_these(SG_SIGMOID, row, stride, rows, columns);
        break;
    default:
        break;
    }
}

#endif
