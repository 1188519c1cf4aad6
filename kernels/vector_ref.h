/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The words of vector.h as plain C: one float a vector. */

#ifndef SG_KERNELS_VECTOR_REF_H
#define SG_KERNELS_VECTOR_REF_H

#define LANES 1
typedef float v_f32;

#define v_load(p)             (*(p))
#define v_store(p, a)         ((void)(*(p) = (a)))
#define v_load_part(p, n)     ((void)(n), *(p)) /* n is never 0 */
#define v_store_part(p, a, n) ((void)(n), (void)(*(p) = (a)))
#define v_stream(p, a)        v_store(p, a)
#define STREAM_END()          ((void)0)

#define v_zero()        0.0f
#define v_set(x)        (x)
#define v_add(a, b)     ((a) + (b))
#define v_sub(a, b)     ((a) - (b))
#define v_mul(a, b)     ((a) * (b))
#define v_fma(a, b, c)  ((a) * (b) + (c))
#define v_fnma(a, b, c) ((c) - (a) * (b))
#define v_relu(a)       ((a) < 0.0f ? 0.0f : (a))

#endif
