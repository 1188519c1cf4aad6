/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* sg_depthwise_f32_<set>, written once in the words of vector.h. The file that includes this one
 * has included vector_<set>.h and has defined DEPTHWISE, the name of the function.
 *
 * Where all taps are inside the map, the sums of a vector of channels of several neighbouring
 * pixels are in registers together, so that a weight is loaded once for all of them. At the ends of
 * a row pixels are done one by one, several vectors of channels together. */

#include <stddef.h>

#include "depthwise.h"
#include "vector.h"
#include "vector_activation.h"
#include "window.h"

enum {
    PIXELS = 8,
    VECTORS = 4,                  /* of a pixel at the ends */
    TOGETHER = LANES > 8 ? 2 : 1, /* vectors of PIXELS pixels */
    MOST_TAPS = 5,
    FEW = 3 /* pixels that take longer one by one than with others that make up PIXELS */
};

/* A tile of output pixels: where their inputs, weights and outputs begin, the same for all
 * channels. */
typedef struct place {
    const float *input; /* of the first pixel's first tap that is inside */
    const float *weights;
    const float *residual; /* NULL: none */
    float *output;
    int64_t step;        /* floats from a pixel's input to the next one's */
    int64_t row, column; /* from a tap's input to that of the one below it, and to its right */
    int64_t taps_high, taps_wide;
    uintptr_t below; /* address of the pixel that the last tap of the first column sees, a row on */
} place;

INLINE place place_of(const sg_depthwise *d, int64_t x, sg_range ky, sg_range kx)
{
    const sg_window *w = &d->window;
    const int64_t below =
        (d->row * w->stride - w->padding + (w->kernel - 1) * w->dilation + 1 - w->top) * w->width +
        x * w->stride;
    return (place){
        .input = sg_tap(w, d->row, x, ky.first, kx.first),
        .weights = d->weights + (ky.first * w->kernel + kx.first) * d->weight_stride,
        .residual = d->residual ? d->residual + x * d->residual_stride : NULL,
        .output = d->output + x * d->output_stride,
        .step = w->stride * w->pixel_stride,
        .row = w->dilation * w->width * w->pixel_stride,
        .column = w->dilation * w->pixel_stride,
        .taps_high = ky.end - ky.first,
        .taps_wide = kx.end - kx.first,
        .below =
            (uintptr_t)w->input + (uintptr_t)(below * w->pixel_stride * (int64_t)sizeof(float)),
    };
}

/* Channels from `first` on, `vectors` vectors of each of `pixels` pixels: all lanes of them if
 * `whole`, else the first `count` ones. All but `first` and `count` are constants. */
typedef struct part {
    int64_t first;
    int32_t pixels, vectors;
    bool whole;
    int32_t count;
} part;

INLINE v_f32 load(const part *p, const float *from)
{
    return p->whole ? v_load(from) : v_load_part(from, p->count);
}

/* The sums of all taps, with the bias. */
INLINE void add_taps(const sg_depthwise *d, const place *at, const part p,
                     v_f32 sum[PIXELS * TOGETHER])
{
    UNROLL_ALL
    for (int32_t i = 0; i < p.pixels * p.vectors; i++)
        sum[i] = load(&p, d->bias + p.first + i % p.vectors * LANES);
    const float *line = at->input + p.first, *weight_line = at->weights + p.first;
    for (int64_t ky = 0; ky < at->taps_high; ky++) {
        const float *from = line, *weights = weight_line;
        for (int64_t kx = 0; kx < at->taps_wide; kx++) {
            UNROLL_ALL
            for (int32_t i = 0; i < p.pixels * p.vectors; i++) {
                const int32_t v = i % p.vectors;
                const v_f32 x = load(&p, from + i / p.vectors * at->step + v * LANES);
                sum[i] = v_fma(x, v_load(weights + v * LANES), sum[i]);
            }
            from += at->column;
            weights += d->weight_stride;
        }
        line += at->row;
        weight_line += d->window.kernel * d->weight_stride;
    }
}

/* Adds the residual to the sums of a part, activates and stores them. */
INLINE void finish(const sg_depthwise *d, const place *at, const part p,
                   v_f32 sum[PIXELS * TOGETHER])
{
    const int32_t n = p.pixels * p.vectors;
    if (at->residual) {
        UNROLL_ALL
        for (int32_t i = 0; i < n; i++) {
            const float *from = at->residual + i / p.vectors * d->residual_stride;
            sum[i] = v_add(sum[i], load(&p, from + p.first + i % p.vectors * LANES));
        }
    }
    if (d->activation == SG_RELU) {
        UNROLL_ALL
        for (int32_t i = 0; i < n; i++)
            sum[i] = v_relu(sum[i]);
    } else if (d->activation == SG_HARD_SWISH) {
        UNROLL_ALL
        for (int32_t i = 0; i < n; i++)
            sum[i] = v_activate(SG_HARD_SWISH, sum[i]);
    }
    UNROLL_ALL
    for (int32_t i = 0; i < n; i++) {
        float *to = at->output + i / p.vectors * d->output_stride;
        to += p.first + i % p.vectors * LANES;
        if (p.whole)
            v_store(to, sum[i]);
        else
            v_store_part(to, sum[i], p.count);
    }
}

/* Fetches what the row below will read besides what this one reads. Addresses may be anything. */
INLINE void fetch_below(const sg_depthwise *d, const place *at, const part p)
{
    const int64_t pixel = d->window.pixel_stride * (int64_t)sizeof(float);
    uintptr_t from = at->below + (uintptr_t)p.first * sizeof(float);
    for (int64_t y = 0; y < d->window.stride; y++) {
        for (int64_t x = 0; x < p.pixels * d->window.stride; x++)
            FETCH_L2((const void *)(from + (uintptr_t)(x * pixel)));
        from += (uintptr_t)(d->window.width * pixel);
    }
}

INLINE void step(const sg_depthwise *d, const place *at, const part p)
{
    v_f32 sum[PIXELS * TOGETHER];
    if (p.pixels > 1)
        fetch_below(d, at, p);
    add_taps(d, at, p, sum);
    finish(d, at, p, sum);
}

/* The windows that networks have, whose loops are unrolled: kernel, stride and dilation are
 * constants wherever this is inlined. */
typedef struct form {
    int32_t kernel, stride, dilation;
} form;

/* A row of the windows of PIXELS pixels, of stride 1: each input is loaded once for all windows
 * that see it. */
INLINE void add_shared(const part *p, const float *from, int64_t pixel, const float *weights,
                       int64_t weight_stride, const form f, v_f32 sum[PIXELS * TOGETHER])
{
    v_f32 w[MOST_TAPS][TOGETHER];
    UNROLL_ALL
    for (int32_t k = 0; k < f.kernel; k++) {
        UNROLL_ALL
        for (int32_t v = 0; v < p->vectors; v++)
            w[k][v] = v_load(weights + k * weight_stride + v * LANES);
    }
    UNROLL_ALL
    for (int32_t j = 0; j < PIXELS + (f.kernel - 1) * f.dilation; j++) {
        UNROLL_ALL
        for (int32_t v = 0; v < p->vectors; v++) {
            v_f32 x = load(p, from + v * LANES);
            __asm__("" : V_KEPT(x)); /* or compilers load it again for each multiplication */
            UNROLL_ALL
            for (int32_t k = 0; k < f.kernel; k++) {
                const int32_t i = j - k * f.dilation;
                if (i >= 0 && i < PIXELS)
                    sum[i * p->vectors + v] = v_fma(x, w[k][v], sum[i * p->vectors + v]);
            }
        }
        from += pixel;
    }
}

/* The same of any stride, tap after tap. */
INLINE void add_apart(const part *p, const float *from, int64_t pixel, const float *weights,
                      int64_t weight_stride, const form f, v_f32 sum[PIXELS * TOGETHER])
{
    UNROLL_ALL
    for (int32_t k = 0; k < f.kernel; k++) {
        v_f32 w[TOGETHER];
        UNROLL_ALL
        for (int32_t v = 0; v < p->vectors; v++)
            w[v] = v_load(weights + v * LANES);
        UNROLL_ALL
        for (int32_t i = 0; i < PIXELS * p->vectors; i++) {
            const int32_t v = i % p->vectors;
            const float *x = from + i / p->vectors * f.stride * pixel + v * LANES;
            sum[i] = v_fma(load(p, x), w[v], sum[i]);
        }
        from += f.dilation * pixel;
        weights += weight_stride;
    }
}

/* A part of PIXELS pixels. */
INLINE void form_step(const sg_depthwise *d, const place *at, const form f, const part p)
{
    const int64_t pixel = d->window.pixel_stride;
    const float *line = at->input + p.first, *weights = at->weights + p.first;
    v_f32 sum[PIXELS * TOGETHER];
    UNROLL_ALL
    for (int32_t i = 0; i < PIXELS * p.vectors; i++)
        sum[i] = load(&p, d->bias + p.first + i % p.vectors * LANES);
    if (d->window.left == 0)
        fetch_below(d, at, p);
    UNROLL_ALL
    for (int32_t i = 0; i < PIXELS; i++)
        FETCH_WRITE(at->output + (PIXELS + i) * d->output_stride + p.first);
    for (int64_t ky = 0; ky < at->taps_high; ky++) {
        if (f.stride == 1)
            add_shared(&p, line, pixel, weights, d->weight_stride, f, sum);
        else
            add_apart(&p, line, pixel, weights, d->weight_stride, f, sum);
        line += at->row;
        weights += f.kernel * d->weight_stride;
    }
    finish(d, at, p, sum);
}

/* All channels of PIXELS pixels; where there are no registers for several vectors, and no masks,
 * whole vectors alone. Returns the first channel behind them. */
INLINE int64_t form_channels(const sg_depthwise *d, const place *at, const form f)
{
    const int64_t channels = d->window.channels;
    int64_t c = 0;
    for (; c + TOGETHER * LANES <= channels; c += TOGETHER * LANES)
        form_step(d, at, f, (part){c, PIXELS, TOGETHER, true, LANES});
    for (; TOGETHER > 1 && c < channels; c += LANES) {
        const int32_t left = channels - c < LANES ? (int32_t)(channels - c) : LANES;
        form_step(d, at, f, (part){c, PIXELS, 1, false, left});
    }
    return c;
}

#define FORM(kernel, stride, dilation)                                              \
    static __attribute__((__noinline__))                                            \
    int64_t form_##kernel##stride##dilation(const sg_depthwise *d, const place *at) \
    {                                                                               \
        return form_channels(d, at, (form){kernel, stride, dilation});              \
    }
FORM(3, 1, 1)
FORM(3, 2, 1)
FORM(5, 1, 1)
FORM(5, 1, 2)

typedef int64_t (*form_fn)(const sg_depthwise *d, const place *at);

/* NULL: none of them. */
INLINE form_fn form_of(const sg_window *w)
{
    static const struct {
        form form;
        form_fn run;
    } forms[] = {
        {{3, 1, 1}, form_311}, {{3, 2, 1}, form_321}, {{5, 1, 1}, form_511}, {{5, 1, 2}, form_512}};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const form f = forms[i].form;
        if (w->kernel == f.kernel && w->stride == f.stride && w->dilation == f.dilation)
            return forms[i].run;
    }
    return NULL;
}

/* Neighbouring output pixels from x on, all channels. */
INLINE void tile(const sg_depthwise *d, int64_t x, sg_range ky, sg_range kx, const int32_t pixels,
                 const int32_t vectors, form_fn run)
{
    const place at = place_of(d, x, ky, kx);
    const int64_t channels = d->window.channels;
    int64_t c = 0;
    for (; vectors > 1 && c + vectors * LANES <= channels; c += vectors * LANES)
        step(d, &at, (part){c, pixels, vectors, true, LANES});
    if (run)
        c = run(d, &at);
    for (; c + LANES <= channels; c += LANES)
        step(d, &at, (part){c, pixels, 1, true, LANES});
    if (c < channels)
        step(d, &at, (part){c, pixels, 1, false, (int32_t)(channels - c)});
    if (d->activation > SG_HARD_SWISH)
        v_activate_rows(d->activation, at.output, d->output_stride, pixels, channels);
}

/* Pixels whose taps may be outside, one by one. */
static void ends(const sg_depthwise *d, sg_range ky, sg_range columns)
{
    for (int64_t x = columns.first; x < columns.end; x++) {
        sg_range kx = sg_taps_inside(&d->window, d->window.width, x, d->window.left);
        if (kx.end < kx.first || ky.end <= ky.first)
            kx.end = kx.first;
        tile(d, x, ky, kx, 1, VECTORS, NULL);
    }
}

void DEPTHWISE(const sg_depthwise *d)
{
    const sg_window *w = &d->window;
    const sg_range ky = sg_taps_inside(w, w->height, d->row, 0), all = {0, w->kernel};
    const sg_range inside = sg_columns_inside(w, (sg_range){0, w->output_width});
    const form_fn run = form_of(w);
    int64_t x = inside.first;
    ends(d, ky, (sg_range){0, inside.first});
    /* A few pixels at the end are done with some of those before them once more, which is the
     * faster way; but a residual that lies in the output would be added twice. */
    const bool again = run && !d->residual && inside.end - x >= PIXELS;
    while (x + (again ? FEW : PIXELS) <= inside.end) {
        const int64_t last = inside.end - PIXELS;
        x = x < last ? x : last;
        tile(d, x, ky, all, PIXELS, 1, run);
        x += PIXELS;
    }
    if (x + 4 <= inside.end) {
        tile(d, x, ky, all, 4, 1, NULL);
        x += 4;
    }
    if (x + 2 <= inside.end) {
        tile(d, x, ky, all, 2, 1, NULL);
        x += 2;
    }
    if (x < inside.end)
        tile(d, x, ky, all, 1, VECTORS, NULL);
    ends(d, ky, (sg_range){inside.end, w->output_width});
}
