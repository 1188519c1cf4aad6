/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* sg_grouped_f32_<set>, written once in the words of vector.h. The file that includes this one has
 * included vector_<set>.h and has defined GROUPED, the name of the function.
 *
 * The sums of a unit at several neighbouring pixels are in registers together, so that a weight is
 * loaded once for all of them; a unit's weights stay in the first cache along a row. Pixels whose
 * tap is outside the map, and those behind the row's end, read zeros: so all tiles are alike, and
 * the ends of a row are no slower than the rest. */

#include <stddef.h>

#include "grouped.h"
#include "vector.h"
#include "vector_activation.h"
#include "window.h"

enum { PIXELS = 8, DEPTH = 256 /* inputs that are added together, at most */ };

static const float zeros[DEPTH];

/* Inputs of the tile's pixels, for one tap. Returns whether any of them is inside. */
INLINE bool find_inputs(const sg_window *w, const float *line, int64_t x, int64_t kx,
                        const int32_t pixels, const float *from[PIXELS])
{
    bool any = false;
    const int64_t first = x * w->stride - w->padding + kx * w->dilation;
    UNROLL_ALL
    for (int32_t p = 0; p < pixels; p++) {
        const int64_t column = first + p * w->stride;
        const bool inside = column >= 0 && column < w->width && x + p < w->output_width;
        from[p] = inside ? line + column * w->pixel_stride : NULL;
        any = any || inside;
    }
    return any;
}

/* A unit of one group: each input times its weights. */
INLINE void add_inputs(const float *const inputs[PIXELS], int64_t count, const float *weights,
                       const int32_t pixels, v_f32 sum[PIXELS])
{
    for (int64_t first = 0; first < count; first += DEPTH) {
        const int64_t depth = count - first < DEPTH ? count - first : DEPTH;
        const float *from[PIXELS];
        UNROLL_ALL
        for (int32_t p = 0; p < pixels; p++)
            from[p] = inputs[p] ? inputs[p] + first : zeros;
        for (int64_t i = 0; i < depth; i++) {
            const v_f32 weight = v_load(weights);
            weights += LANES;
            UNROLL_ALL
            for (int32_t p = 0; p < pixels; p++)
                sum[p] = v_fma(v_broadcast(from[p] + i), weight, sum[p]);
        }
    }
}

#ifdef v_spread_4
/* A unit of groups of 4. */
#    define ADD_SPREAD(i)                                            \
        do {                                                         \
            const v_f32 weight = v_load(weights + (i)*LANES);        \
            UNROLL_ALL                                               \
            for (int32_t p = 0; p < pixels; p++)                     \
                sum[p] = v_fma(v_spread_4(x[p], i), weight, sum[p]); \
        } while (0)

INLINE void load_inputs(const float *const inputs[PIXELS], int32_t count, const int32_t pixels,
                        v_f32 x[PIXELS])
{
    UNROLL_ALL
    for (int32_t p = 0; p < pixels; p++)
        x[p] = inputs[p] ? v_load_some(inputs[p], count) : v_zero();
}

INLINE void add_fours(const float *const inputs[PIXELS], int32_t count, const float *weights,
                      const int32_t pixels, v_f32 sum[PIXELS])
{
    v_f32 x[PIXELS];
    load_inputs(inputs, count, pixels, x);
    ADD_SPREAD(0);
    ADD_SPREAD(1);
    ADD_SPREAD(2);
    ADD_SPREAD(3);
}
#endif

#if LANES > 8
/* A unit of groups of 8. */
INLINE void add_eights(const float *const inputs[PIXELS], int32_t count, const float *weights,
                       const int32_t pixels, v_f32 sum[PIXELS])
{
    v_f32 x[PIXELS];
    load_inputs(inputs, count, pixels, x);
    UNROLL_ALL
    for (int32_t i = 0; i < 8; i++) {
        const v_f32 weight = v_load(weights + i * LANES);
        const v_i32 index = v_spread_8(i);
        UNROLL_ALL
        for (int32_t p = 0; p < pixels; p++)
            sum[p] = v_fma(v_permute(x[p], index), weight, sum[p]);
    }
}
#endif

/* How a unit's lanes find their inputs. */
typedef enum kind { BROADCAST, FOURS, EIGHTS } kind;

/* What follows the sums, and the stores. */
INLINE void finish(const sg_grouped *g, const sg_grouped_unit *unit, int64_t x,
                   const int32_t pixels, v_f32 sum[PIXELS])
{
    UNROLL_ALL
    for (int32_t p = 0; p < pixels; p++) {
        const int64_t at = x + p;
        if (at >= g->window.output_width)
            break;
        if (g->residual)
            sum[p] = v_add(sum[p], v_load_some(g->residual + at * g->residual_stride + unit->first,
                                               unit->count));
        if (g->activation == SG_RELU)
            sum[p] = v_relu(sum[p]);
        v_store_some(g->output + at * g->output_stride + unit->first, sum[p], unit->count);
    }
    if (sg_is_rare(g->activation)) {
        const int64_t left = g->window.output_width - x;
        v_activate_rows(g->activation, g->output + x * g->output_stride + unit->first,
                        g->output_stride, left < pixels ? left : pixels, unit->count);
    }
}

/* Neighbouring output pixels from x on. */
INLINE void tile(const sg_grouped *g, const sg_grouped_unit *unit, const float *weights,
                 sg_range ky, int64_t x, const int32_t pixels, const kind k)
{
    const sg_window *w = &g->window;
    const int64_t inputs = g->groups.inputs;
    v_f32 sum[PIXELS];
    UNROLL_ALL
    for (int32_t p = 0; p < pixels; p++)
        sum[p] = v_load_some(g->bias + unit->first, unit->count);
    for (int64_t i = ky.first; i < ky.end; i++) {
        const int64_t row = g->row * w->stride - w->padding + i * w->dilation;
        const float *line = w->input + row * w->width * w->pixel_stride + unit->input;
        for (int64_t j = 0; j < w->kernel; j++) {
            const float *from[PIXELS], *tap = weights + (i * w->kernel + j) * inputs * LANES;
            if (!find_inputs(w, line, x, j, pixels, from))
                continue;
            if (k == BROADCAST)
                add_inputs(from, inputs, tap, pixels, sum);
#ifdef v_spread_4
            if (k == FOURS)
                add_fours(from, unit->count, tap, pixels, sum);
#endif
#if LANES > 8
            if (k == EIGHTS)
                add_eights(from, unit->count, tap, pixels, sum);
#endif
        }
    }
    finish(g, unit, x, pixels, sum);
}

/* A row of a unit. */
INLINE void unit_row(const sg_grouped *g, int64_t index, sg_range ky, const kind k)
{
    const int64_t taps = g->window.kernel * g->window.kernel, width = g->window.output_width;
    const sg_grouped_unit unit = sg_groups_unit(&g->groups, index);
    const float *weights = g->weights + index * taps * g->groups.inputs * LANES;
    int64_t x = 0;
    for (; x + PIXELS / 2 < width; x += PIXELS)
        tile(g, &unit, weights, ky, x, PIXELS, k);
    if (x < width)
        tile(g, &unit, weights, ky, x, PIXELS / 2, k);
}

INLINE void unit_rows(const sg_grouped *g, const kind k)
{
    const sg_range ky = sg_taps_inside(&g->window, g->window.height, g->row);
    for (int64_t u = g->first_unit; u < g->first_unit + g->units; u++)
        unit_row(g, u, ky, k);
}

void GROUPED(const sg_grouped *g)
{
    if (!sg_groups_share(&g->groups))
        unit_rows(g, BROADCAST);
#ifdef v_spread_4
    else if (g->groups.outputs == 4)
        unit_rows(g, FOURS);
#endif
#if LANES > 8
    else
        unit_rows(g, EIGHTS);
#endif
}
