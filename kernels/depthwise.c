/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The depthwise convolution's plain-C truth. Each step is rounded twice. */

#include "depthwise.h"

#include <stddef.h>
#include <string.h>

#include "window.h"

static void pixel(const sg_depthwise *d, int64_t x)
{
    const sg_window *w = &d->window;
    const sg_range ky = sg_taps_inside(w, w->height, d->row, 0);
    const sg_range kx = sg_taps_inside(w, w->width, x, w->left);
    const float *residual = d->residual ? d->residual + x * d->residual_stride : NULL;
    float *output = d->output + x * d->output_stride;
    float sums[SG_DEPTHWISE_ROUND];
    for (int64_t c = 0; c < w->channels; c += SG_DEPTHWISE_ROUND) {
        const int64_t left = w->channels - c;
        const int64_t count = left < SG_DEPTHWISE_ROUND ? left : SG_DEPTHWISE_ROUND;
        memcpy(sums, d->bias + c, (size_t)count * sizeof(float));
        for (int64_t i = ky.first; i < ky.end; i++) {
            for (int64_t j = kx.first; j < kx.end; j++) {
                const float *from = sg_tap(w, d->row, x, i, j) + c;
                const float *weights = d->weights + (i * w->kernel + j) * d->weight_stride + c;
                for (int64_t l = 0; l < count; l++)
                    sums[l] += weights[l] * from[l];
            }
        }
        for (int64_t l = 0; l < count; l++)
            output[c + l] =
                sg_activate(d->activation, residual ? sums[l] + residual[c + l] : sums[l]);
    }
}

void sg_depthwise_f32_ref(const sg_depthwise *d)
{
    for (int64_t x = 0; x < d->window.output_width; x++)
        pixel(d, x);
}
