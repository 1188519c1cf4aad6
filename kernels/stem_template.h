/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* sg_stem_f32_<set>, written once in the words of vector.h. The file that includes this one has
 * included vector_<set>.h and has defined
 *
 *     STEM           the name of the function
 *     STEM_PIXELS    pixels of a tile, a multiple of 3, of SG_STEM_LEAST at most
 *     STEM_VECTORS   vectors of output channels
 *
 * The sums of a tile are in registers. The last tile begins so early that it ends with the last
 * pixel: what two tiles both make is the same. */

#include "stem.h"
#include "vector.h"
#include "vector_activation.h"

INLINE void finish_stem(const sg_stem *s, int64_t x, v_f32 sum[STEM_PIXELS][STEM_VECTORS])
{
    float *to = s->output + x * s->output_stride;
    UNROLL_ALL
    for (int32_t i = 0; i < STEM_PIXELS * STEM_VECTORS; i++) {
        v_f32 *one = &sum[i / STEM_VECTORS][i % STEM_VECTORS];
        *one = v_add(*one, v_load(s->bias + i % STEM_VECTORS * LANES));
    }
    if (s->activation == SG_RELU) {
        UNROLL_ALL
        for (int32_t i = 0; i < STEM_PIXELS * STEM_VECTORS; i++) {
            v_f32 *one = &sum[i / STEM_VECTORS][i % STEM_VECTORS];
            *one = v_relu(*one);
        }
    } else if (s->activation == SG_HARD_SWISH) {
        UNROLL_ALL
        for (int32_t i = 0; i < STEM_PIXELS * STEM_VECTORS; i++) {
            v_f32 *one = &sum[i / STEM_VECTORS][i % STEM_VECTORS];
            *one = v_activate(SG_HARD_SWISH, *one);
        }
    }
    UNROLL_ALL
    for (int32_t i = 0; i < STEM_PIXELS; i++) {
        UNROLL_ALL
        for (int32_t v = 0; v < STEM_VECTORS; v++)
            v_store(to + i * s->output_stride + v * LANES, sum[i][v]);
    }
}

INLINE void stem_tile(const sg_stem *s, int64_t x)
{
    v_f32 sum[STEM_PIXELS][STEM_VECTORS];
    const int64_t step = s->step;
    const float *line = s->input + x * step, *weights = s->weights;
    UNROLL_ALL
    for (int32_t i = 0; i < STEM_PIXELS * STEM_VECTORS; i++)
        sum[i / STEM_VECTORS][i % STEM_VECTORS] = v_zero();
    for (int64_t r = 0; r < s->runs; r++, line += s->input_stride) {
        const float *a[STEM_PIXELS / 3];
        UNROLL_ALL
        for (int32_t g = 0; g < STEM_PIXELS / 3; g++) {
            a[g] = line + 3 * g * step;
            /* Or the compiler keeps one pointer, and a register with an offset for each pixel. */
            __asm__("" : "+r"(a[g]));
        }
        for (int64_t k = 0; k < s->run; k++, weights += s->weight_stride) {
            v_f32 w[STEM_VECTORS];
            UNROLL_ALL
            for (int32_t v = 0; v < STEM_VECTORS; v++)
                w[v] = v_load(weights + v * LANES);
            UNROLL_ALL
            for (int32_t i = 0; i < STEM_PIXELS; i++) {
                const v_f32 in = v_broadcast(a[i / 3] + i % 3 * step);
                UNROLL_ALL
                for (int32_t v = 0; v < STEM_VECTORS; v++)
                    sum[i][v] = v_fma(in, w[v], sum[i][v]);
            }
            UNROLL_ALL
            for (int32_t g = 0; g < STEM_PIXELS / 3; g++)
                a[g]++;
        }
    }
    finish_stem(s, x, sum);
}

void STEM(const sg_stem *s)
{
    const int64_t last = s->pixels - STEM_PIXELS;
    for (int64_t x = 0; x < last; x += STEM_PIXELS)
        stem_tile(s, x);
    stem_tile(s, last);
}
