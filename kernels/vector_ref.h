/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* One float a vector: the kernel templates as plain C. */

#ifndef SG_KERNELS_VECTOR_REF_H
#define SG_KERNELS_VECTOR_REF_H

#include <stdint.h>

#define VECTOR                float
#define LANES                 1
#define v_zero()              0.0f
#define v_set(x)              (x)
#define v_load(p)             (*(p))
#define v_store(p, x)         ((void)(*(p) = (x)))
#define v_stream(p, x)        v_store(p, x)
#define STREAM_END()          ((void)0)
#define v_load_part(p, n)     ((void)(n), *(p))
#define v_store_part(p, x, n) ((void)(n), (void)(*(p) = (x)))
#define v_fma(a, b, c)        ((a) * (b) + (c))
#define v_fnma(a, b, c)       ((c) - (a) * (b))
#define v_add(a, b)           ((a) + (b))
#define v_sub(a, b)           ((a) - (b))
#define v_mul(a, b)           ((a) * (b))
#define FETCH(p)              ((void)(p))
#define FETCH_WRITE(p)        ((void)(p))
#define v_relu(x)             ((x) < 0.0f ? 0.0f : (x)) /* NaN stays */
#define d_fma(a, b, c)        ((a) * (b) + (c))

#endif
