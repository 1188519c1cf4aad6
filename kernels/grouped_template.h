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

enum { PIXELS = 8, SOME = PIXELS / 2, DEPTH = 256 /* inputs that are added together, at most */ };

static const float zeros[DEPTH];

/* Inputs of the tile's pixels, for the tap of column kx in a row of the input: NULL where there is
 * none. Returns whether any of them is inside. */
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

/* The inputs of a tile for one tap: those of pixel p begin at from[p] + offset. The offset serves
 * tiles that are inside the map as a whole, whose pointers are the same for all taps. */
typedef struct tap {
    const float *const *from;
    int64_t offset;
    const float *weights;
    int32_t pixels; /* a constant */
    bool inside;    /* a constant: no pointer is NULL */
} tap;

/* A unit of one group: each input times its weights. */
INLINE void add_inputs(const tap t, int64_t inputs, v_f32 sum[PIXELS])
{
    const float *weights = t.weights;
    for (int64_t first = 0; first < inputs; first += DEPTH) {
        const int64_t depth = inputs - first < DEPTH ? inputs - first : DEPTH;
        const float *from[PIXELS];
        UNROLL_ALL
        for (int32_t p = 0; p < t.pixels; p++)
            from[p] = t.from[p] ? t.from[p] + first : zeros;
        for (int64_t i = 0; i < depth; i++) {
            const v_f32 weight = v_load(weights);
            weights += LANES;
            UNROLL_ALL
            for (int32_t p = 0; p < t.pixels; p++)
                sum[p] = v_fma(v_broadcast(from[p] + i), weight, sum[p]);
        }
    }
}

/* The same where all pixels are inside. */
INLINE void add_inputs_inside(const tap t, int64_t inputs, v_f32 sum[PIXELS])
{
    const float *weights = t.weights;
    for (int64_t i = t.offset; i < t.offset + inputs; i++) {
        const v_f32 weight = v_load(weights);
        weights += LANES;
        UNROLL_ALL
        for (int32_t p = 0; p < t.pixels; p++)
            sum[p] = v_fma(v_broadcast(t.from[p] + i), weight, sum[p]);
    }
}

#ifdef v_spread_4
INLINE v_f32 load_inputs(const tap *t, int32_t p, int32_t count)
{
    if (!t->inside && !t->from[p])
        return v_zero();
    return v_load_some(t->from[p] + t->offset, count);
}

/* A unit of groups of 4, for some pixels of a tile: as many as have room in the registers beside
 * the sums. */
#    define ADD_SPREAD(i)                                                            \
        do {                                                                         \
            const v_f32 weight = v_load(t.weights + (i)*LANES);                      \
            UNROLL_ALL                                                               \
            for (int32_t p = 0; p < SOME; p++)                                       \
                sum[first + p] = v_fma(v_spread_4(x[p], i), weight, sum[first + p]); \
        } while (0)

INLINE void add_some_fours(const tap t, const int32_t first, int32_t count, v_f32 sum[PIXELS])
{
    v_f32 x[SOME];
    UNROLL_ALL
    for (int32_t p = 0; p < SOME; p++)
        x[p] = load_inputs(&t, first + p, count);
    ADD_SPREAD(0);
    ADD_SPREAD(1);
    ADD_SPREAD(2);
    ADD_SPREAD(3);
}

INLINE void add_fours(const tap t, int32_t count, v_f32 sum[PIXELS])
{
    add_some_fours(t, 0, count, sum);
    if (t.pixels > SOME)
        add_some_fours(t, SOME, count, sum);
}
#endif

#if LANES > 8
/* A unit of groups of 8. */
INLINE void add_eights(const tap t, int32_t count, v_f32 sum[PIXELS])
{
    v_f32 x[PIXELS];
    UNROLL_ALL
    for (int32_t p = 0; p < t.pixels; p++)
        x[p] = load_inputs(&t, p, count);
    UNROLL_ALL
    for (int32_t i = 0; i < 8; i++) {
        const v_f32 weight = v_load(t.weights + i * LANES);
        const v_i32 index = v_spread_8(i);
        UNROLL_ALL
        for (int32_t p = 0; p < t.pixels; p++)
            sum[p] = v_fma(v_permute(x[p], index), weight, sum[p]);
    }
}
#endif

/* How a unit's lanes find their inputs. */
typedef enum kind { BROADCAST, FOURS, EIGHTS } kind;

/* Adds the residual to the sums of a tile, activates and stores them. */
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

/* A unit in a row, and its weights. `kind` and `whole` are constants. */
typedef struct strip {
    const sg_grouped *g;
    sg_grouped_unit unit;
    const float *weights;
    sg_range ky;       /* taps in rows that are inside the map, */
    const float *line; /* and the first of these rows, at the unit's first input */
    kind kind;
    bool whole; /* all lanes have an output */
} strip;

INLINE void add_tap(const strip *s, const tap t, v_f32 sum[PIXELS])
{
    const int32_t count = s->whole ? LANES : s->unit.count;
    (void)count;
    if (s->kind == BROADCAST && t.inside)
        add_inputs_inside(t, s->g->groups.inputs, sum);
    else if (s->kind == BROADCAST)
        add_inputs(t, s->g->groups.inputs, sum);
#ifdef v_spread_4
    if (s->kind == FOURS)
        add_fours(t, count, sum);
#endif
#if LANES > 8
    if (s->kind == EIGHTS)
        add_eights(t, count, sum);
#endif
}

/* Fetches what the row below will read besides what this one reads, where the unit's inputs and its
 * outputs are as many, and the outputs of the next tile. Addresses may be anything. */
INLINE void fetch_ahead(const strip *s, int64_t x, const int32_t pixels)
{
    const sg_grouped *g = s->g;
    const sg_window *w = &g->window;
    const int64_t row = g->row * w->stride - w->padding + w->dilation * (w->kernel - 1) + 1;
    const int64_t step = w->pixel_stride * (int64_t)sizeof(float);
    const int64_t channel = s->unit.first * g->groups.inputs / g->groups.outputs;
    uintptr_t from = (uintptr_t)(w->input + channel);
    from += (uintptr_t)((row * w->width + x * w->stride) * step);
    for (int64_t y = 0; y < w->stride; y++) {
        for (int64_t p = 0; p < pixels * w->stride; p++)
            FETCH_L2((const void *)(from + (uintptr_t)(p * step)));
        from += (uintptr_t)(w->width * step);
    }
}

/* Neighbouring output pixels from x on, whose columns of taps are all inside the map, if `inside`.
 */
INLINE void tile(const strip *s, int64_t x, const int32_t pixels, const bool inside)
{
    const sg_grouped *g = s->g;
    const sg_window *w = &g->window;
    const int64_t floats = g->groups.inputs * LANES; /* of a tap's weights */
    const int64_t row = w->dilation * w->width * w->pixel_stride;
    const float *from[PIXELS], *line = s->line;
    v_f32 sum[PIXELS];
    UNROLL_ALL
    for (int32_t p = 0; p < pixels; p++) {
        sum[p] = v_load_some(g->bias + s->unit.first, s->whole ? LANES : s->unit.count);
        if (inside)
            from[p] = line + ((x + p) * w->stride - w->padding) * w->pixel_stride;
    }
    fetch_ahead(s, x, pixels);
    for (int64_t i = s->ky.first; i < s->ky.end; i++) {
        for (int64_t j = 0; j < w->kernel; j++) {
            tap t = {from, 0, s->weights + (i * w->kernel + j) * floats, pixels, inside};
            if (inside)
                t.offset = line - s->line + j * w->dilation * w->pixel_stride;
            else if (!find_inputs(w, line, x, j, pixels, from))
                continue;
            add_tap(s, t, sum);
        }
        line += i + 1 < s->ky.end ? row : 0;
    }
    finish(g, &s->unit, x, pixels, sum);
}

/* The tiles of all units at the output pixels from x on. Only whole units have code of their own
 * for tiles that are inside the map: a unit that is not is rare, and this code is large. */
INLINE void unit_tiles(const sg_grouped *g, sg_range ky, const float *line, int64_t x,
                       const int32_t pixels, const bool inside, const kind k)
{
    const sg_window *w = &g->window;
    const int64_t floats = w->kernel * w->kernel * g->groups.inputs * LANES;
    for (int64_t u = g->first_unit; u < g->first_unit + g->units; u++) {
        const sg_grouped_unit unit = sg_groups_unit(&g->groups, u);
        const float *weights = g->weights + u * floats;
        if (inside && unit.count == LANES)
            tile(&(strip){g, unit, weights, ky, line + unit.input, k, true}, x, pixels, true);
        else
            tile(&(strip){g, unit, weights, ky, line + unit.input, k, false}, x, pixels, false);
    }
}

/* Tile after tile, and in each unit after unit: so the map is read along its pixels' channels.
 * Tiles begin at multiples of PIXELS. */
INLINE void row(const sg_grouped *g, const kind k)
{
    const sg_window *w = &g->window;
    const int64_t width = w->output_width;
    const sg_range ky = sg_taps_inside(w, w->height, g->row, 0);
    const sg_range inside = sg_columns_inside(w, (sg_range){0, width});
    const int64_t top = g->row * w->stride - w->padding + ky.first * w->dilation;
    const float *line = w->input + (ky.first < ky.end ? top * w->width : 0) * w->pixel_stride;
    int64_t x = 0;
    for (; x + SOME < width; x += PIXELS) {
        if (x >= inside.first && x + PIXELS <= inside.end)
            unit_tiles(g, ky, line, x, PIXELS, true, k);
        else
            unit_tiles(g, ky, line, x, PIXELS, false, k);
    }
    if (x < width)
        unit_tiles(g, ky, line, x, SOME, false, k);
}

void GROUPED(const sg_grouped *g)
{
    if (!sg_groups_share(&g->groups))
        row(g, BROADCAST);
#ifdef v_spread_4
    else if (g->groups.outputs == 4)
        row(g, FOURS);
#endif
#if LANES > 8
    else
        row(g, EIGHTS);
#endif
}
