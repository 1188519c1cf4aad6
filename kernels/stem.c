/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The first convolution's plain-C truth. Each step is rounded twice. */

#include "stem.h"

void sg_stem_f32_ref(const sg_stem *s)
{
    for (int64_t x = 0; x < s->pixels; x++) {
        for (int32_t j = 0; j < s->columns; j++) {
            const float *weights = s->weights + j;
            float sum = 0.0f;
            for (int64_t r = 0; r < s->runs; r++) {
                const float *from = s->input + x * s->step + r * s->input_stride;
                for (int64_t k = 0; k < s->run; k++, weights += s->weight_stride)
                    sum += from[k] * *weights;
            }
            s->output[x * s->output_stride + j] = sg_activate(s->activation, sum + s->bias[j]);
        }
    }
}
