/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "packed.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "engine.h"
#include "halves.h"
#include "paired.h"
#include "scaling.h"
#include "window.h"

enum {
    GATHER_INPUTS = 8,  /* a tap of so few channels is too thin for a product of its own */
    PACK_WEIGHTS = 128, /* of an output, packed together */
    LINE_FLOATS = 16,
    STEM_ROWS = 4,  /* output rows of a chunk of a network's first convolution */
    PANEL_MOST = 32 /* columns of any kernel's panel */
};

static bool is_gathered(const sg_convolution_shape *shape)
{
    return shape->kernel > 1 && shape->inputs <= GATHER_INPUTS;
}

bool sg_packed_has_centre(const sg_convolution_shape *shape)
{
    return shape->padding % shape->dilation == 0 &&
           2 * (int64_t)shape->padding <= (int64_t)shape->dilation * (shape->kernel - 1);
}

bool sg_packed_suits(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    return kernels->product.fast && shape->groups == 1 &&
           (is_gathered(shape) || sg_packed_has_centre(shape));
}

typedef struct packing {
    const sg_allocator *allocator;
    const sg_packed *packed;
    const sg_convolution_shape *shape;
    const sg_convolution_weights *from;
    bool rounded;       /* to bfloat16, and kept as floats */
    atomic_int largest; /* bits of the largest magnitude; NaN's are larger than those of infinity */
} packing;

/* The magnitude as a number whose order is that of the magnitudes. */
static int32_t bits_of(float value)
{
    int32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits & INT32_MAX;
}

/* One output's weights from the first-th on, `count` of them, scaled. Returns the larger of `bits`
 * and those of the largest. Plain loops, which the compiler turns into vectors. */
static int32_t scale_weights(const packing *job, int64_t output, int64_t first, int32_t count,
                             float scaled[PACK_WEIGHTS], int32_t bits)
{
    const sg_convolution_shape *shape = job->shape;
    const int64_t dense = (int64_t)shape->kernel * shape->kernel * shape->inputs;
    const int64_t stride = job->from->output_stride ? job->from->output_stride : dense;
    const double scale = job->from->scale ? job->from->scale[output] : 1.0;
    const char *values = job->from->values;
    float raw[PACK_WEIGHTS];
    for (int32_t e = 0; e < PACK_WEIGHTS; e += LINE_FLOATS) /* of the block after this one */
        __builtin_prefetch(values +
                           (output * stride + first + PACK_WEIGHTS + e) * (int64_t)sizeof(float));
    memcpy(raw, values + (output * stride + first) * (int64_t)sizeof(float),
           (size_t)count * sizeof(float));
    for (int32_t e = 0; e < count; e++)
        scaled[e] = (float)((double)raw[e] * scale);
    for (int32_t e = 0; e < count; e++)
        bits = bits_of(scaled[e]) > bits ? bits_of(scaled[e]) : bits;
    for (int32_t e = 0; e < count && job->rounded; e++)
        scaled[e] = sg_bf16_widen(sg_bf16_round(scaled[e]));
    return bits;
}

/* Four elements of each of four rows to four of each of four others, from the at-th on. */
static void transpose_four(const float *const from[4], float *const to[4], int64_t at)
{
#if defined(__has_builtin)
#    if __has_builtin(__builtin_shufflevector)
#        define SHUFFLES
#    endif
#endif
#ifdef SHUFFLES
    typedef float four __attribute__((vector_size(4 * sizeof(float))));
    four x[4];
    for (int32_t i = 0; i < 4; i++)
        memcpy(&x[i], from[i], sizeof(four));
    const four a = __builtin_shufflevector(x[0], x[1], 0, 4, 1, 5);
    const four b = __builtin_shufflevector(x[2], x[3], 0, 4, 1, 5);
    const four c = __builtin_shufflevector(x[0], x[1], 2, 6, 3, 7);
    const four d = __builtin_shufflevector(x[2], x[3], 2, 6, 3, 7);
    x[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    x[1] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
    x[2] = __builtin_shufflevector(c, d, 0, 1, 4, 5);
    x[3] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
    for (int32_t i = 0; i < 4; i++)
        memcpy(to[i] + at, &x[i], sizeof(four));
#else
    for (int32_t i = 0; i < 4; i++) {
        for (int32_t j = 0; j < 4; j++)
            to[i][at + j] = from[j][i];
    }
#endif
}

/* One panel: its outputs' weights, transposed, a block of each at a time, so that memory is read
 * in long rows. Returns the bits of the largest magnitude. */
static int32_t pack_panel(const packing *job, int64_t panel)
{
    const sg_packed *packed = job->packed;
    const int64_t inputs = job->shape->inputs;
    const int64_t taps = (int64_t)job->shape->kernel * job->shape->kernel;
    const int64_t width = packed->kernels.panel;
    const int64_t left = job->shape->outputs - panel * width;
    const int64_t columns = left < width ? left : width;
    /* Where a tap's B begins: matrices of their own, or bands of the rows of one. */
    const int64_t tap_step = packed->gathered ? inputs * width : packed->panels * inputs * width;
    float *base = packed->weights + panel * packed->depth * width;
    float block[PANEL_MOST][PACK_WEIGHTS] = {{0}}, unwanted[PANEL_MOST];
    int32_t bits = 0;
    int64_t input = 0, tap = 0; /* of the next element */
    for (int64_t first = 0; first < inputs * taps; first += PACK_WEIGHTS) {
        const int64_t rest = inputs * taps - first;
        const int32_t count = rest < PACK_WEIGHTS ? (int32_t)rest : PACK_WEIGHTS;
        for (int64_t o = 0; o < columns; o++)
            bits = scale_weights(job, panel * width + o, first, count, block[o], bits);
        for (int32_t e = 0; e < count; e += 4) {
            float *to[4] = {unwanted, unwanted, unwanted, unwanted};
            for (int32_t i = 0; i < 4 && e + i < count; i++) {
                to[i] = base + tap * tap_step + input * width;
                tap = tap + 1 < taps ? tap + 1 : 0;
                input += tap == 0;
            }
            for (int64_t o = 0; o < width; o += 4) {
                const float *const from[4] = {block[o] + e, block[o + 1] + e, block[o + 2] + e,
                                              block[o + 3] + e};
                transpose_four(from, to, o);
            }
        }
    }
    return bits;
}

static void pack(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    packing *job = argument;
    const sg_packed *packed = job->packed;
    const int64_t run = packed->depth * packed->kernels.panel; /* floats of a panel and tap */
    (void)thread;
    /* Here, that pages are written while what cleared them is in the cache: mapped before, all at
     * once, loading took half as long again. */
    for (int64_t tap = 0; tap < packed->taps; tap++)
        sg_alloc_populate(job->allocator, packed->weights + (tap * packed->panels + begin) * run,
                          (size_t)((end - begin) * run) * sizeof(float));
    for (int64_t panel = begin; panel < end; panel++) {
        const int32_t bits = pack_panel(job, panel);
        int32_t largest = atomic_load(&job->largest);
        while (bits > largest && !atomic_compare_exchange_weak(&job->largest, &largest, bits)) {
        }
    }
}

static sg_packed packed_of(const sg_product_kernels *kernels, const sg_convolution_shape *shape)
{
    const int64_t taps = (int64_t)shape->kernel * shape->kernel;
    const bool gathered = is_gathered(shape);
    return (sg_packed){.kernels = *kernels,
                       .costs = sg_costs_of(kernels),
                       .gathered = gathered,
                       .taps = gathered ? 1 : taps,
                       .depth = gathered ? taps * shape->inputs : shape->inputs,
                       .panels = (shape->outputs - 1) / kernels->panel + 1};
}

static size_t packed_floats(const sg_kernels *kernels, const sg_convolution_shape *shape)
{
    const sg_packed p = packed_of(&kernels->product, shape);
    size_t count = 0;
    /* Channels and kernels are bounded (convolution.h), so that only the last product can overflow.
     */
    return sg_size_multiply((size_t)(p.taps * p.depth), (size_t)(p.panels * p.kernels.panel),
                            &count)
               ? count
               : 0;
}

/* Packs into a room that is laid out, facts included. */
static segent_status pack_room(segent_context *context, const sg_convolution_shape *shape,
                               const sg_convolution_weights *weights, const sg_packed *packed)
{
    float *shift = packed->room.shift;
    packing job = {.allocator = &context->allocator,
                   .packed = packed,
                   .shape = shape,
                   .from = weights,
                   .rounded = sg_halves_weights(shape)};
    atomic_init(&job.largest, 0);
    for (int64_t o = 0; o < shape->outputs; o++) {
        shift[o] = weights->shift ? (float)weights->shift[o] : 0.0f;
        if (!isfinite(shift[o]))
            atomic_store(&job.largest, INT32_MAX);
    }
    sg_parallel_for(context->pool, packed->panels, 1, pack, &job);
    const int32_t largest = atomic_load(&job.largest);
    if (largest > bits_of(FLT_MAX))
        return sg_fail(context, SEGENT_ERROR_MODEL,
                       "weights are not finite once batch norm is folded in");
    const int64_t width = packed->kernels.panel;
    *packed->room.facts = (sg_weight_facts){
        .square = sg_means_of(packed->weights, packed->taps * packed->panels * packed->depth, width,
                              width)
                      .squares,
        .summable = largest <= bits_of(FLT_MAX / 16)};
    return SEGENT_OK;
}

segent_status sg_packed_create(segent_context *context, const sg_convolution_shape *shape,
                               const sg_convolution_weights *weights, sg_packed *packed)
{
    const size_t count = packed_floats(&context->kernels, shape);
    sg_packed made = packed_of(&context->kernels.product, shape);
    if (!sg_room_take(&context->allocator, weights->room, !weights->values, count, shape->outputs,
                      &made.room))
        return sg_fail_memory(context, "weights", count * sizeof(float));
    made.weights = made.room.weights;
    made.shift = made.room.shift;
    const segent_status status =
        weights->values ? pack_room(context, shape, weights, &made) : SEGENT_OK;
    if (status != SEGENT_OK) {
        sg_packed_destroy(&context->allocator, &made);
        return status;
    }
    made.summable = made.room.facts->summable != 0;
    made.square = made.room.facts->square;
    *packed = made;
    return SEGENT_OK;
}

void sg_packed_destroy(const sg_allocator *allocator, sg_packed *packed)
{
    sg_room_release(allocator, &packed->room);
    packed->weights = NULL;
    packed->shift = NULL;
}

int64_t sg_packed_workspace(const sg_packed *packed, int32_t threads)
{
    return packed->gathered
               ? threads * packed->costs->pixels * packed->depth * (int64_t)sizeof(float)
               : 0;
}

/* Pairs of an output and a tap along one side that are not on padding. */
static double side_taps(const sg_convolution_shape *shape, int64_t size)
{
    const int64_t span =
        size + 2 * (int64_t)shape->padding - (int64_t)shape->dilation * (shape->kernel - 1);
    const int64_t outputs = span >= 1 ? (span - 1) / shape->stride + 1 : 0;
    double count = 0;
    for (int64_t k = 0; k < shape->kernel; k++) {
        const sg_range those =
            sg_outputs_inside(k * shape->dilation - shape->padding, shape->stride, size, outputs);
        count += those.end > those.first ? (double)(those.end - those.first) : 0;
    }
    return count;
}

double sg_packed_work(const sg_packed *packed, const sg_convolution_shape *shape, int32_t height,
                      int32_t width)
{
    return side_taps(shape, height) * side_taps(shape, width) * shape->inputs *
           (double)sg_packed_columns(packed);
}

/* What the parallel parts of one run share. */
typedef struct run {
    const sg_packed *packed;
    const sg_convolution_shape *shape;
    const sg_convolution_call *call;
    const float *bias, *residual; /* residual: NULL when it lies in the output */
    bool in_place;
    bool without_centre;
    sg_window window;
} run;

/* Memory that will be read after these products, fetched bit by bit during them. */
typedef struct coming {
    const char *start;
    int64_t bytes;
} coming;

/* Panel by panel: C = A B for the k from `k0` on, with everything but rows and A set in `product`;
 * the epilogue comes with the last of them if `last`. `pixel` is the first row's output pixel. */
static void multiply(const run *r, sg_product product, int64_t pixel, int64_t tap, int64_t k0,
                     bool last, coming ahead)
{
    const sg_packed *packed = r->packed;
    const int64_t width = packed->kernels.panel;
    const sg_tensor *output = &r->call->output;
    const sg_tensor *residual = r->call->residual;
    product.c_stride = output->pixel_stride;
    product.activation = last ? r->shape->activation : SG_IDENTITY;
    for (int64_t panel = 0; panel < packed->panels; panel++) {
        const int64_t first = panel * width;
        const int64_t left = output->channels - first;
        product.columns = (int32_t)(left < width ? left : width);
        product.b = packed->weights + ((tap * packed->panels + panel) * packed->depth + k0) * width;
        product.next = product.b + packed->depth * width;
        product.ahead = ahead.start + panel * ahead.bytes / packed->panels;
        product.until = ahead.start + (panel + 1) * ahead.bytes / packed->panels;
        product.c = sg_tensor_f32(output, pixel) + first;
        product.next_c = panel + 1 < packed->panels ? product.c + width : NULL;
        product.bias = last ? r->bias + first : NULL;
        if (last && r->residual) {
            product.residual = r->residual + pixel * residual->pixel_stride + first;
            product.residual_stride = residual->pixel_stride;
        }
        packed->kernels.product(&product);
    }
}

/* Rows of A that are `depth` long: all blocks of k, all panels. */
static void multiply_rows(const run *r, const float *a, int64_t a_stride, int64_t rows,
                          int64_t pixel, coming ahead)
{
    const int64_t depth = r->packed->depth, most = r->packed->costs->depth;
    const int64_t blocks = (depth - 1) / most + 1;
    ahead.bytes /= blocks;
    for (int64_t k0 = 0; k0 < depth; k0 += most) {
        const bool last = depth - k0 <= most;
        const sg_product product = {.rows = rows,
                                    .depth = last ? depth - k0 : most,
                                    .a = a + k0,
                                    .a_stride = a_stride,
                                    .accumulate = r->in_place || k0 > 0};
        multiply(r, product, pixel, 0, k0, last, ahead);
        ahead.start += ahead.bytes;
    }
}

/* Pixels begin to end of a 1x1 convolution. */
static void pointwise(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_tensor *input = &r->call->input;
    const int64_t row = input->pixel_stride;
    const float *a = sg_tensor_f32(input, begin);
    const int64_t left = sg_tensor_pixels(input) - end;
    const int64_t rows = left < end - begin ? left : end - begin;
    /* What this thread will most likely do next. */
    const coming ahead = {(const char *)sg_tensor_f32(input, end),
                          rows > 0 ? rows * row * (int64_t)sizeof(float) : 0};
    (void)thread;
    multiply_rows(r, a, row, end - begin, begin, rows > 0 ? ahead : (coming){(const char *)a, 0});
}

/* Output pixels begin to end, from patches. */
static void gathered(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const int64_t depth = r->packed->depth;
    float *patches = (float *)r->call->workspace + thread * r->packed->costs->pixels * depth;
    sg_im2col_f32(&r->window, begin, end - begin, 0, r->window.kernel * r->window.kernel, patches);
    multiply_rows(r, patches, depth, end - begin, begin, (coming){(const char *)patches, 0});
}

/* Whether a gathered convolution's windows can be read where they lie (kernels/stem.h). */
static bool is_stem(const run *r)
{
    const sg_window *w = &r->window;
    return r->packed->gathered && !r->in_place && !r->residual && w->pixel_stride == w->channels &&
           w->dilation == 1 && w->stride <= w->kernel && w->output_width >= SG_STEM_LEAST &&
           r->shape->outputs == SG_STEM_CHANNELS && r->shape->activation <= SG_HARD_SWISH;
}

/* All panels of one call. */
static void run_stem(const run *r, sg_stem stem, int64_t first_row, int64_t pixel)
{
    const sg_packed *packed = r->packed;
    const int64_t panel = packed->kernels.panel;
    stem.weight_stride = panel;
    stem.output_stride = r->call->output.pixel_stride;
    for (int64_t first = 0; first < SG_STEM_CHANNELS; first += panel) {
        stem.columns = (int32_t)(panel < SG_STEM_CHANNELS ? panel : SG_STEM_CHANNELS);
        stem.weights = packed->weights + (first * packed->depth) + first_row * stem.run * panel;
        stem.bias = r->bias + first;
        stem.output = sg_tensor_f32(&r->call->output, pixel) + first;
        packed->kernels.stem(&stem);
    }
}

/* SG_STEM_LEAST pixels of a row from column x on, some of whose taps are beside the map: from a
 * copy of what their windows see, with zeros there. */
static void run_stem_edge(const run *r, sg_stem stem, int64_t first_row, int64_t y, int64_t x,
                          float *copy)
{
    const sg_window *w = &r->window;
    const int64_t columns = (SG_STEM_LEAST - 1) * w->stride + w->kernel;
    const int64_t left = x * w->stride - w->padding; /* the copy's first column */
    const int64_t begin = left > 0 ? left : 0;
    const int64_t end = left + columns < w->width ? left + columns : w->width;
    const int64_t top = y * w->stride - w->padding + first_row;
    stem.input_stride = columns * w->channels;
    stem.input = copy;
    stem.pixels = SG_STEM_LEAST;
    memset(copy, 0, (size_t)(stem.runs * stem.input_stride) * sizeof(float));
    for (int64_t row = 0; row < stem.runs && begin < end; row++)
        memcpy(copy + row * stem.input_stride + (begin - left) * w->channels,
               w->input + ((top + row) * w->width + begin) * w->channels,
               (size_t)((end - begin) * w->channels) * sizeof(float));
    run_stem(r, stem, first_row, y * w->output_width + x);
}

/* Output rows begin to end, windows read where they lie. Pixels at the ends of a row go through
 * copies, which are no larger than patches are: a window's columns overlap, or at least touch. */
static void stem_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_window *w = &r->window;
    float *copy =
        (float *)r->call->workspace + thread * r->packed->costs->pixels * r->packed->depth;
    const sg_range columns = sg_columns_inside(w, (sg_range){0, w->output_width});
    for (int64_t y = begin; y < end; y++) {
        const sg_range rows = sg_taps_inside(w, w->height, y, 0);
        const sg_stem stem = {.step = w->stride * w->channels,
                              .runs = rows.end > rows.first ? rows.end - rows.first : 0,
                              .run = w->kernel * w->channels,
                              .input_stride = w->width * w->channels,
                              .activation = r->shape->activation};
        for (int64_t x = 0; x < w->output_width;) {
            if (x >= columns.first && columns.end - x >= SG_STEM_LEAST) {
                sg_stem inside = stem;
                inside.input = sg_tap(w, y, x, rows.first, 0);
                inside.pixels = columns.end - x;
                run_stem(r, inside, rows.first, y * w->output_width + x);
                x = columns.end;
            } else {
                const int64_t last = w->output_width - SG_STEM_LEAST;
                x = x < last ? x : last;
                run_stem_edge(r, stem, rows.first, y, x, copy);
                x += SG_STEM_LEAST;
            }
        }
    }
}

/* What tap (ky, kx) adds to output rows begin to end, for the k from `k0` on. */
static void add_tap(const run *r, int64_t begin, int64_t end, int64_t ky, int64_t kx, int64_t k0,
                    bool last)
{
    const sg_window *w = &r->window;
    const int64_t dy = ky * w->dilation - w->padding, dx = kx * w->dilation - w->padding;
    const int64_t depth = r->packed->depth - k0, most = r->packed->costs->depth;
    const sg_range rows = sg_outputs_inside(dy, w->stride, w->height, r->call->output.height);
    const sg_range columns = sg_outputs_inside(dx, w->stride, w->width, w->output_width);
    const int64_t left = columns.first, count = columns.end - columns.first;
    for (int64_t y = begin > rows.first ? begin : rows.first; y < end && y < rows.end && count > 0;
         y++) {
        const int64_t pixel = (y * w->stride + dy) * w->width + left * w->stride + dx;
        const sg_product product = {.rows = count,
                                    .depth = depth < most ? depth : most,
                                    .a = w->input + pixel * w->pixel_stride + k0,
                                    .a_stride = w->stride * w->pixel_stride,
                                    .accumulate = true};
        multiply(r, product, y * w->output_width + left, ky * w->kernel + kx, k0, last,
                 (coming){(const char *)product.a, 0});
    }
}

/* Output rows begin to end. The tap that sees no padding comes last: it alone reaches every
 * output. */
static void spatial(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const sg_window *w = &r->window;
    const sg_tensor *output = &r->call->output;
    const int64_t centre = w->padding / w->dilation * (w->kernel + 1);
    const int64_t depth = r->packed->depth, most = r->packed->costs->depth;
    (void)thread;
    for (int64_t p = begin * w->output_width; !r->in_place && p < end * w->output_width; p++)
        memset(sg_tensor_f32(output, p), 0, (size_t)output->channels * sizeof(float));
    for (int64_t k0 = 0; k0 < depth; k0 += most) {
        for (int64_t tap = 0; tap < r->packed->taps; tap++) {
            if (tap != centre)
                add_tap(r, begin, end, tap / w->kernel, tap % w->kernel, k0, false);
        }
        if (!r->without_centre)
            add_tap(r, begin, end, centre / w->kernel, centre % w->kernel, k0, depth - k0 <= most);
    }
}

void sg_packed_run(segent_context *context, const sg_packed *packed,
                   const sg_convolution_shape *shape, const sg_convolution_call *call)
{
    const sg_tensor *input = &call->input, *output = &call->output;
    const int64_t tile = packed->kernels.tile;
    /* A residual in the output's own place is what the products are added to. */
    const bool in_place = call->residual && call->residual->data == output->data;
    run r = {.packed = packed,
             .shape = shape,
             .call = call,
             .bias = call->bias ? call->bias : packed->shift,
             .residual = call->residual && !in_place ? call->residual->data : NULL,
             .in_place = in_place,
             .window = sg_engine_window(shape, input, output->width)};
    const int64_t pixels = sg_tensor_pixels(output);
    const bool is_pointwise = shape->kernel == 1 && shape->stride == 1;
    if (is_stem(&r)) {
        sg_parallel_for(context->pool, output->height, STEM_ROWS, stem_rows, &r);
    } else if (packed->gathered || is_pointwise) {
        sg_parallel_grains(context->pool, pixels, tile, packed->costs->pixels / tile,
                           packed->gathered ? gathered : pointwise, &r);
    } else {
        const int64_t rows = (packed->costs->spatial_pixels - 1) / output->width + 1;
        sg_parallel_grains(context->pool, output->height, 1, rows, spatial, &r);
    }
}

void sg_packed_add_taps(segent_context *context, const sg_packed *packed,
                        const sg_convolution_shape *shape, const sg_convolution_call *call,
                        bool to_output)
{
    const sg_tensor *input = &call->input, *output = &call->output;
    run r = {.packed = packed,
             .shape = shape,
             .call = call,
             .in_place = to_output,
             .without_centre = true,
             .window = sg_engine_window(shape, input, output->width)};
    const int64_t rows = (packed->costs->spatial_pixels - 1) / output->width + 1;
    sg_parallel_grains(context->pool, output->height, 1, rows, spatial, &r);
}

/* ---- as a form and an engine ---- */

static segent_status pack_convolution(segent_context *context, const sg_convolution_shape *shape,
                                      const sg_convolution_weights *weights,
                                      sg_convolution *convolution)
{
    return sg_packed_create(context, shape, weights, &convolution->packed);
}

static void destroy_convolution(sg_convolution *convolution)
{
    sg_packed_destroy(&convolution->allocator, &convolution->packed);
}

const sg_form sg_form_packed = {.suits = sg_packed_suits,
                                .room = packed_floats,
                                .pack = pack_convolution,
                                .destroy = destroy_convolution};

static bool fits(const sg_engine_request *request, sg_convolution_way *way)
{
    way->kernel = sg_product_name(&request->convolution->packed.kernels, false);
    return true;
}

static double cost(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_convolution *convolution = request->convolution;
    (void)way;
    return sg_packed_work(&convolution->packed, &convolution->shape, request->height,
                          request->width);
}

/* Patches, or weights times factors: shapes that have the latter gather nothing. */
static int64_t room(const sg_engine_request *request, const sg_convolution_way *way)
{
    const sg_packed *packed = &request->convolution->packed;
    (void)way;
    if (request->convolution->shape.scaled)
        return sg_packed_matrix(packed) * (int64_t)sizeof(float);
    return sg_packed_workspace(packed, sg_pool_threads(request->context->pool));
}

static void run_direct(segent_context *context, const sg_convolution *convolution,
                       const sg_convolution_way *way, const sg_convolution_call *call)
{
    sg_packed packed = convolution->packed;
    (void)way;
    if (call->input_scale) {
        sg_scaling job = {packed.weights, call->input_scale, packed.depth, packed.kernels.panel,
                          call->workspace};
        sg_parallel_for(context->pool, packed.panels * packed.depth, SG_SCALING_GRAIN,
                        sg_scale_rows, &job);
        packed.weights = call->workspace;
    }
    sg_packed_run(context, &packed, &convolution->shape, call);
}

const sg_engine sg_engine_direct = {.name = "direct",
                                    .type = SG_F32,
                                    .cpus = SG_PACKED_CPUS,
                                    .form = &sg_form_packed,
                                    .exact = true,
                                    .scales = true,
                                    .fits = fits,
                                    .cost = cost,
                                    .room = room,
                                    .run = run_direct};
