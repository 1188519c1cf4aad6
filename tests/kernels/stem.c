/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* First convolutions against sums in double, and their bits against those of the product of the
 * same instruction set on gathered patches: all numbers of pixels around tiles, operands that end
 * where memory does. */

#include "check.h"

#include <math.h>
#include <string.h>

/* Floats from a pixel's window to the next one's, rows of the window, floats of each, from one of
 * them to the next. */
typedef struct stem_shape {
    int32_t step, runs, run, input_stride;
} stem_shape;

static const stem_shape shapes[] = {
    {6, 3, 9, 200}, {6, 2, 9, 191}, {3, 3, 9, 120}, {1, 1, 5, 40}, {16, 5, 40, 640}, {6, 0, 9, 200},
};

enum { PIXELS_MOST = 30, ACTIVATIONS = SG_HARD_SWISH + 1, VARIANTS = 3 * ACTIVATIONS };

typedef struct operands {
    check_operands memory;
    sg_stem call;
    int64_t depth;
} operands;

static operands make(const sg_product_kernels *kernels, const stem_shape *s, int64_t pixels,
                     uint32_t variant)
{
    uint64_t seed = (uint64_t)pixels * 100 + variant;
    const int32_t panel = kernels->panel;
    const int32_t columns = panel < SG_STEM_CHANNELS ? panel : SG_STEM_CHANNELS;
    const int64_t depth = (int64_t)s->runs * s->run, stride = columns + variant % 3;
    const int64_t rows = s->runs > 0 ? (int64_t)(s->runs - 1) * s->input_stride : 0;
    operands o = {.memory = check_operands_make(rows + (pixels - 1) * s->step + s->run,
                                                (depth + 1) * panel, columns,
                                                (pixels - 1) * stride + columns, &seed),
                  .depth = depth};
    o.memory.output_count = (pixels - 1) * stride + columns;
    o.call = (sg_stem){.input = o.memory.input.data,
                       .step = s->step,
                       .runs = s->runs,
                       .run = s->run,
                       .input_stride = s->input_stride,
                       .pixels = pixels,
                       .columns = columns,
                       .weights = (const float *)o.memory.weights.data + panel,
                       .weight_stride = panel,
                       .bias = o.memory.bias.data,
                       .output = o.memory.output.data,
                       .output_stride = stride,
                       .activation = (sg_activation)(variant / 3 % ACTIVATIONS)};
    return o;
}

static float *patches_of(const sg_stem *s, int64_t depth, check_memory *memory)
{
    *memory = check_allocate((size_t)(s->pixels * depth + 1) * sizeof(float));
    float *patches = memory->data, *to = patches;
    for (int64_t x = 0; x < s->pixels; x++) {
        for (int64_t r = 0; r < s->runs; r++, to += s->run)
            memcpy(to, s->input + x * s->step + r * s->input_stride,
                   (size_t)s->run * sizeof(float));
    }
    return patches;
}

/* By the product, into memory of its own. */
static check_memory product_of(const sg_product_kernels *kernels, const operands *o,
                               const float *patches)
{
    check_memory made = check_allocate((size_t)o->memory.output_count * sizeof(float));
    memcpy(made.data, o->memory.before.data, (size_t)o->memory.output_count * sizeof(float));
    kernels->product(&(sg_product){.rows = o->call.pixels,
                                   .depth = o->depth,
                                   .columns = o->call.columns,
                                   .a = patches,
                                   .a_stride = o->depth,
                                   .b = o->call.weights,
                                   .c = made.data,
                                   .c_stride = o->call.output_stride,
                                   .bias = o->call.bias,
                                   .activation = o->call.activation});
    return made;
}

static double truth(const operands *o, const float *patches, int64_t x, int64_t j)
{
    double sum = (double)o->call.bias[j];
    for (int64_t k = 0; k < o->depth; k++)
        sum += (double)patches[x * o->depth + k] *
               (double)o->call.weights[k * o->call.weight_stride + j];
    return (double)sg_activate(o->call.activation, (float)sum);
}

/* What lies between the pixels must be as it was. */
static void check(const sg_product_kernels *kernels, const stem_shape *s, int64_t pixels,
                  uint32_t variant)
{
    operands o = make(kernels, s, pixels, variant);
    check_memory memory;
    const float *patches = patches_of(&o.call, o.depth, &memory);
    check_memory product = product_of(kernels, &o, patches);
    const double bound = 4e-7 * (double)(o.depth + 3);
    const float *output = o.memory.output.data, *before = o.memory.before.data;
    kernels->stem(&o.call);
    for (int64_t at = 0; at < o.memory.output_count; at++) {
        const int64_t x = at / o.call.output_stride, j = at % o.call.output_stride;
        const double found = (double)output[at];
        const double expected = j < o.call.columns ? truth(&o, patches, x, j) : (double)before[at];
        if (!(fabs(found - expected) <= (j < o.call.columns ? bound : 0)))
            check_fail("%d rows of %d, step %d, %d pixels, variant %u: pixel %d, channel %d is "
                       "%.8g, expected %.8g",
                       (int)s->runs, (int)s->run, (int)s->step, (int)pixels, variant, (int)x,
                       (int)j, found, expected);
    }
    if (memcmp(output, product.data, (size_t)o.memory.output_count * sizeof(float)) != 0)
        check_fail("%d rows of %d, step %d, %d pixels, variant %u: other bits than the product's",
                   (int)s->runs, (int)s->run, (int)s->step, (int)pixels, variant);
    check_free(&memory);
    check_free(&product);
    check_operands_free(&o.memory);
}

void check_stem(void)
{
    enum { COUNT = sizeof(shapes) / sizeof(shapes[0]) };
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        uint32_t variant = 0;
        sg_product_kernels_init(&kernels, sets[i]);
        check_begin("first convolution", sets[i]);
        for (int32_t k = 0; k < COUNT; k++) {
            for (int64_t pixels = SG_STEM_LEAST; pixels <= PIXELS_MOST; pixels++)
                check(&kernels, &shapes[k], pixels, variant++ % VARIANTS);
        }
        check_end("%d shapes", (int)COUNT);
    }
}

/* ==== Time ==== */

typedef struct timing {
    operands o;
    sg_stem_fn kernel;
} timing;

static void run(void *argument)
{
    const timing *t = argument;
    t->kernel(&t->o.call);
}

void time_stem(void)
{
    static const stem_shape timed = {6, 3, 9, 1600};
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        sg_product_kernels_init(&kernels, sets[i]);
        timing t = {make(&kernels, &timed, 259, 3 * SG_HARD_SWISH), kernels.stem};
        check_time("first convolution, multiply-adds", sets[i],
                   t.o.call.pixels * t.o.depth * t.o.call.columns, run, &t);
        check_operands_free(&t.o.memory);
    }
}
