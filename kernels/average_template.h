/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* sg_add_pixels_f32_<set>, written once in the words of vector.h. The file that includes this one
 * has included vector_<set>.h and has defined ADD_PIXELS, the name of the function.
 *
 * Some pixels are added in one pass over the sums, so that memory is read in long pieces and sums
 * are loaded and stored seldom. */

#include "average.h"
#include "vector.h"

enum { HALF = LANES / 2, TOGETHER = 4 };

/* Adds `pixels` pixels, a constant wherever this is inlined. */
INLINE void add_together(const float *values, int64_t stride, const int32_t pixels,
                         int64_t channels, double *sums)
{
    int64_t c = 0;
    for (; c + HALF <= channels; c += HALF) {
        const float *from = values + c;
        v_f64 sum = vd_load(sums + c);
        UNROLL_ALL
        for (int32_t p = 0; p < pixels; p++)
            sum = vd_add(sum, vd_from(from + p * stride));
        vd_store(sums + c, sum);
    }
    for (; c < channels; c++) {
        for (int32_t p = 0; p < pixels; p++)
            sums[c] += (double)values[p * stride + c];
    }
}

void ADD_PIXELS(const float *values, int64_t stride, int64_t pixels, int64_t channels, double *sums)
{
    int64_t p = 0;
    for (; p + TOGETHER <= pixels; p += TOGETHER)
        add_together(values + p * stride, stride, TOGETHER, channels, sums);
    for (; p < pixels; p++)
        add_together(values + p * stride, stride, 1, channels, sums);
}
