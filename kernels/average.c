/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The plain-C truth of sums over pixels. */

#include "average.h"

void sg_add_pixels_f32_ref(const float *values, int64_t stride, int64_t pixels, int64_t channels,
                           double *sums)
{
    for (int64_t p = 0; p < pixels; p++, values += stride) {
        for (int64_t c = 0; c < channels; c++)
            sums[c] += (double)values[c];
    }
}
