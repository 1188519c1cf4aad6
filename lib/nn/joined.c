/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The output is cut into chunks of rows, and a chunk into bands of channels, one or two panels of
 * the first convolution's weights each. A thread makes one band of one chunk after another. Its
 * buffer holds some rows of the map between the two convolutions, of that band:
 *
 *     buffer: [row][zeros | width | zeros][channel of the band]
 *
 * Columns of zeros on either side make all windows lie inside a row. A strip is as many output rows
 * as the rows in the buffer are enough for; rows that the next strip needs as well are moved to the
 * buffer's beginning. */

#include "joined.h"

#include <string.h>

#include "engine.h"

enum {
    BUFFER_FLOATS = 96 << 10, /* of a buffer: less than half of a second cache of 1 MiB */
    BAND_PANELS = 2, /* panels of weights of a band; 1 where threads share the work better so */
    INPUT_FLOATS = 128 << 10, /* of a chunk's input, which every band reads anew: half a MiB */
    CHUNKS_A_THREAD = 2,      /* chunks for each thread, so that threads end nearly together */
    HALO_SHARE =
        12,       /* rows that two chunks both make are at most this part of a chunk, a twelfth */
    COLUMNS = 64, /* output columns that are filtered for all rows of a strip before the next */
    GAP = 16      /* floats behind a pixel of the buffer, so that pixels fall into all sets */
};

bool sg_joined_suits(const sg_convolution *first, const sg_convolution_way *first_way,
                     const sg_convolution *second)
{
    const sg_convolution_shape *shape = &first->shape;
    const sg_packed *packed = &first->packed;
    return shape->input == SG_F32 && shape->output == SG_F32 && second->shape.output == SG_F32 &&
           first->form == &sg_form_packed && first_way->engine == &sg_engine_direct &&
           second->form == &sg_form_depthwise && shape->kernel == 1 && shape->stride == 1 &&
           shape->padding == 0 && !shape->scaled && packed->depth <= packed->costs->depth &&
           shape->outputs == second->shape.inputs;
}

/* How a run is cut. */
typedef struct cut {
    int64_t rows; /* output rows of a chunk, but the last */
    int64_t chunks, bands;
    int64_t pitch;  /* pixels of the buffer's row */
    int64_t panels; /* of a band, but the last */
    int64_t pixel;  /* floats from one pixel of the buffer to the next */
    int64_t buffer_rows;
} cut;

/* Rows that one output row sees, from the first to the last. */
static int64_t span_of(const sg_convolution_shape *shape)
{
    return (int64_t)(shape->kernel - 1) * shape->dilation + 1;
}

static void cut_bands(cut *c, int64_t panels, int64_t most)
{
    c->panels = most < panels ? most : panels;
    c->bands = (panels - 1) / c->panels + 1;
}

/* How many panels of weights the thread with the largest share of chunks and bands goes through. */
static int64_t most_panels(const cut *c, int32_t threads)
{
    return ((c->chunks * c->bands - 1) / threads + 1) * c->panels;
}

static cut cut_of(const sg_convolution *first, const sg_convolution *second, int32_t height,
                  int32_t width, int32_t threads)
{
    const sg_convolution_shape *shape = &second->shape;
    const int64_t output_height = sg_convolution_output_size(second, height);
    const int64_t output_width = sg_convolution_output_size(second, width);
    const int64_t span = span_of(shape), panel = first->packed.kernels.panel;
    const int64_t seen = (output_width - 1) * shape->stride + span; /* columns */
    const int64_t own = width + 2 * (int64_t)shape->padding;
    cut c = {.pitch = seen > own ? seen : own};
    cut_bands(&c, first->packed.panels, BAND_PANELS);
    /* Chunks whose inputs stay in the second cache; more of them for more threads; but fewer where
     * too many rows would be made twice, unless threads would have nothing to do. */
    const int64_t inputs = (int64_t)height * width * first->shape.inputs;
    const int64_t twice = span > shape->stride ? span - shape->stride : 1; /* rows of each chunk */
    const int64_t wanted = threads > 1 ? (int64_t)threads * CHUNKS_A_THREAD : 1;
    const int64_t most = height / (twice * HALO_SHARE), least_chunks = (threads - 1) / c.bands + 1;
    int64_t chunks = (inputs - 1) / INPUT_FLOATS + 1;
    chunks = chunks > wanted ? chunks : wanted;
    chunks = chunks < most ? chunks : most;
    chunks = chunks > least_chunks ? chunks : least_chunks;
    chunks = chunks < output_height ? chunks : output_height;
    c.rows = (output_height - 1) / chunks + 1;
    c.chunks = (output_height - 1) / c.rows + 1;
    cut one = c; /* with bands of one panel */
    cut_bands(&one, first->packed.panels, 1);
    c = most_panels(&one, threads) < most_panels(&c, threads) ? one : c;
    c.pixel = c.panels * panel + GAP;
    const int64_t all = (c.rows - 1) * shape->stride + span;
    const int64_t least = span + shape->stride, fit = BUFFER_FLOATS / (c.pitch * c.pixel);
    c.buffer_rows = fit > least ? fit : least;
    c.buffer_rows = c.buffer_rows < all ? c.buffer_rows : all;
    return c;
}

static int64_t slot_floats(const cut *c)
{
    return c->buffer_rows * c->pitch * c->pixel + GAP;
}

int64_t sg_joined_workspace(const sg_convolution *first, const sg_convolution *second,
                            int32_t height, int32_t width, int32_t threads)
{
    const cut c = cut_of(first, second, height, width, threads);
    return threads * slot_floats(&c) * (int64_t)sizeof(float);
}

/* What the threads of one run share. */
typedef struct run {
    const sg_convolution *first, *second;
    const sg_convolution_call *call;
    cut cut;
    int64_t panel;
    bool timed;
} run;

/* Rows of the map between, of one band, in a thread's buffer. */
typedef struct strip {
    float *buffer;
    int64_t top, end;          /* rows that are there */
    int64_t panel, last_panel; /* of the band */
    double first, all;         /* seconds, if they are asked for */
} strip;

/* Makes the rows of the map between up to `end` by the first convolution: no more than the buffer
 * has room for. */
static void make_rows(const run *r, strip *s, int64_t end)
{
    const sg_packed *packed = &r->first->packed;
    const sg_tensor *input = &r->call->input;
    const int64_t row_floats = r->cut.pitch * r->cut.pixel, width = input->width;
    const int64_t row_bytes = width * input->pixel_stride * (int64_t)sizeof(float);
    sg_product product = {.rows = width,
                          .depth = packed->depth,
                          .a_stride = input->pixel_stride,
                          .c_stride = r->cut.pixel,
                          .activation = r->first->shape.activation};
    for (; s->end < end; s->end++) {
        float *row =
            s->buffer + (s->end - s->top) * row_floats + r->second->shape.padding * r->cut.pixel;
        product.a = sg_tensor_f32(input, s->end * width);
        const char *below = (const char *)product.a + row_bytes;
        for (int64_t panel = s->panel; panel < s->last_panel; panel++) {
            const int64_t first = panel * r->panel, left = r->first->shape.outputs - first;
            const int64_t share = row_bytes / (s->last_panel - s->panel);
            product.columns = (int32_t)(left < r->panel ? left : r->panel);
            product.b = packed->weights + panel * packed->depth * r->panel;
            product.c = row + (panel - s->panel) * r->panel;
            product.bias = packed->shift + first;
            product.ahead = s->end + 1 < end ? below + (panel - s->panel) * share : NULL;
            product.until = s->end + 1 < end ? product.ahead + share : NULL;
            packed->kernels.product(&product);
        }
    }
}

/* Leaves rows from `top` on, moved to the buffer's beginning. */
static void keep_rows(const run *r, strip *s, int64_t top)
{
    const size_t row_floats = (size_t)(r->cut.pitch * r->cut.pixel);
    if (top < s->end && top > s->top)
        memmove(s->buffer, s->buffer + (size_t)(top - s->top) * row_floats,
                (size_t)(s->end - top) * row_floats * sizeof(float));
    s->end = s->end > top ? s->end : top;
    s->top = top;
}

/* Filters output rows begin to end of the strip's band. */
static void filter_rows(const run *r, const strip *s, int64_t begin, int64_t end)
{
    const sg_convolution_shape *shape = &r->second->shape;
    const sg_depthwise_weights *weights = &r->second->depthwise;
    const sg_tensor *output = &r->call->output;
    const int64_t first = s->panel * r->panel, left = shape->outputs - first;
    const int64_t band = r->cut.panels * r->panel;
    double *sums = r->call->row_sums ? r->call->row_sums + first : NULL;
    sg_depthwise d = {
        .window = sg_engine_window(shape, &r->call->input, output->width),
        .weights = weights->room.weights + first,
        .weight_stride = sg_depthwise_stride(shape->outputs),
        .bias = weights->room.shift + first,
        .output_stride = output->pixel_stride,
        .activation = shape->activation,
    };
    d.window.width = r->cut.pitch;
    d.window.channels = left < band ? left : band;
    d.window.pixel_stride = r->cut.pixel;
    d.window.top = s->top;
    d.window.left = shape->padding;
    /* Some columns at a time, of which the rows of a window stay in the first cache. */
    for (int64_t x = 0; x < output->width; x += COLUMNS) {
        const int64_t columns = output->width - x;
        d.window.input = s->buffer + x * shape->stride * r->cut.pixel;
        d.window.output_width = columns < COLUMNS ? columns : COLUMNS;
        for (d.row = begin; d.row < end; d.row++) {
            d.output = sg_tensor_f32(output, d.row * output->width + x) + first;
            sg_depthwise_run(weights, &d, x, sums ? sums + d.row * shape->outputs : NULL);
        }
    }
}

/* Zeros in the columns beside the map, which nothing else is written to. */
static void clear_sides(const run *r, float *buffer)
{
    const size_t before = (size_t)(r->second->shape.padding * r->cut.pixel);
    const size_t width = (size_t)(r->call->input.width * r->cut.pixel);
    const size_t whole = (size_t)(r->cut.pitch * r->cut.pixel);
    for (int64_t row = 0; row < r->cut.buffer_rows; row++, buffer += whole) {
        memset(buffer, 0, before * sizeof(float));
        memset(buffer + before + width, 0, (whole - before - width) * sizeof(float));
    }
}

/* Output rows begin to end of one band. */
static void run_band(const run *r, strip *s, int64_t begin, int64_t end)
{
    const sg_convolution_shape *shape = &r->second->shape;
    const int64_t span = span_of(shape), height = r->call->input.height;
    const int64_t rows = (r->cut.buffer_rows - span) / shape->stride + 1; /* of an output strip */
    s->top = s->end = 0;
    for (int64_t y = begin; y < end; y += rows) {
        const int64_t until = y + rows < end ? y + rows : end;
        const int64_t above = y * shape->stride - shape->padding;
        const int64_t below = (until - 1) * shape->stride - shape->padding + span;
        const double start = r->timed ? sg_seconds() : 0;
        keep_rows(r, s, above > 0 ? above : 0);
        make_rows(r, s, below < height ? below : height);
        const double made = r->timed ? sg_seconds() : 0;
        filter_rows(r, s, y, until);
        if (r->timed) {
            s->first += made - start;
            s->all += sg_seconds() - start;
        }
    }
}

static void run_bands(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const run *r = argument;
    const int64_t height = r->call->output.height;
    float *slot = (float *)r->call->workspace + thread * slot_floats(&r->cut);
    strip s = {.buffer = slot + GAP};
    clear_sides(r, s.buffer);
    for (int64_t i = begin; i < end; i++) {
        const int64_t first = i / r->cut.bands * r->cut.rows, after = first + r->cut.rows;
        s.panel = i % r->cut.bands * r->cut.panels;
        s.last_panel = s.panel + r->cut.panels;
        s.last_panel =
            s.last_panel < r->first->packed.panels ? s.last_panel : r->first->packed.panels;
        run_band(r, &s, first, after < height ? after : height);
    }
    slot[0] += (float)s.first;
    slot[1] += (float)s.all;
}

double sg_joined_run(segent_context *context, const sg_convolution *first,
                     const sg_convolution *second, const sg_convolution_call *call, bool timed)
{
    const int32_t threads = sg_pool_threads(context->pool);
    const run r = {.first = first,
                   .second = second,
                   .call = call,
                   .cut = cut_of(first, second, call->input.height, call->input.width, threads),
                   .panel = first->packed.kernels.panel,
                   .timed = timed};
    double sums[2] = {0, 0};
    for (int32_t i = 0; i < threads; i++) {
        float *slot = (float *)call->workspace + i * slot_floats(&r.cut);
        slot[0] = slot[1] = 0;
    }
    sg_parallel_for(context->pool, r.cut.chunks * r.cut.bands, 1, run_bands, (void *)&r);
    for (int32_t i = 0; i < threads && timed; i++) {
        const float *slot = (const float *)call->workspace + i * slot_floats(&r.cut);
        sums[0] += (double)slot[0];
        sums[1] += (double)slot[1];
    }
    return sums[1] > 0 ? sums[0] / sums[1] : 0;
}
