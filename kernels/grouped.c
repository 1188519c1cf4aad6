/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The grouped convolution's plain-C truth, for any number of lanes. Each step is rounded twice. */

#include "grouped.h"

#include <stddef.h>

#include "window.h"

/* Output `lane` of a unit at pixel x, without residual and activation. */
static float sum_of(const sg_grouped *g, const sg_grouped_unit *unit, const float *weights,
                    int64_t x, int32_t lane)
{
    const sg_window *w = &g->window;
    const sg_range ky = sg_taps_inside(w, w->height, g->row, 0);
    const sg_range kx = sg_taps_inside(w, w->width, x, w->left);
    const int64_t inputs = g->groups.inputs, lanes = g->groups.lanes;
    const int64_t first = unit->input + (sg_groups_share(&g->groups) ? lane / inputs * inputs : 0);
    float sum = g->bias[unit->first + lane];
    for (int64_t i = ky.first; i < ky.end; i++) {
        for (int64_t j = kx.first; j < kx.end; j++) {
            const float *from = sg_tap(w, g->row, x, i, j) + first;
            const float *tap = weights + (i * w->kernel + j) * inputs * lanes + lane;
            for (int64_t c = 0; c < inputs; c++)
                sum += tap[c * lanes] * from[c];
        }
    }
    return sum;
}

void sg_grouped_f32_ref(const sg_grouped *g)
{
    const int64_t taps = g->window.kernel * g->window.kernel;
    for (int64_t u = g->first_unit; u < g->first_unit + g->units; u++) {
        const sg_grouped_unit unit = sg_groups_unit(&g->groups, u);
        const float *weights = g->weights + u * taps * g->groups.inputs * g->groups.lanes;
        for (int64_t x = 0; x < g->window.output_width; x++) {
            for (int32_t lane = 0; lane < unit.count; lane++) {
                const int64_t o = unit.first + lane;
                float sum = sum_of(g, &unit, weights, x, lane);
                if (g->residual)
                    sum += g->residual[x * g->residual_stride + o];
                g->output[x * g->output_stride + o] = sg_activate(g->activation, sum);
            }
        }
    }
}
