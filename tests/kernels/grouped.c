/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Convolutions in groups against sums in double: groups of all sizes around vectors, all ends of
 * rows, operands that end where memory does. */

#include "check.h"

#include <math.h>
#include <string.h>

static const check_shape shapes[] = {
    {3, 1, 1, 1, 2, 21}, {3, 2, 1, 1, 5, 35}, {3, 1, 2, 2, 3, 12}, {3, 1, 4, 4, 3, 3},
    {1, 1, 0, 1, 1, 8},  {5, 2, 2, 1, 4, 9},  {2, 3, 0, 2, 5, 16}, {3, 1, 5, 1, 1, 1},
};

/* Groups, and inputs and outputs of each. */
static const int32_t groupings[][3] = {
    {2, 1, 3}, {32, 4, 4}, {3, 4, 4},   {5, 4, 4},    {1, 4, 4},  {4, 8, 8},
    {3, 8, 8}, {1, 8, 8},  {2, 16, 16}, {2, 32, 32},  {3, 5, 20}, {2, 3, 17},
    {2, 9, 8}, {3, 16, 4}, {2, 2, 33},  {2, 260, 16}, {7, 4, 4},  {2, 300, 5},
};

typedef struct operands {
    check_operands memory;
    sg_grouped call;
} operands;

/* Bit 0 and 1 of the variant: a residual, in the output's place; others: gaps and activation. */
static operands make(const check_shape *s, const sg_groups *groups, int64_t row, uint32_t variant)
{
    uint64_t seed = (uint64_t)groups->inputs * 1000 + variant;
    const int64_t width = check_side(s, s->width), gap = variant / 4 % 3,
                  units = sg_groups_units(groups);
    const int64_t inputs = (int64_t)groups->groups * groups->inputs;
    const int64_t outputs = (int64_t)groups->groups * groups->outputs;
    operands o = {.memory = check_operands_make(
                      (int64_t)(s->height * s->width - 1) * (inputs + gap) + inputs,
                      units * s->kernel * s->kernel * groups->inputs * groups->lanes, outputs,
                      (width - 1) * (outputs + gap) + outputs, &seed)};
    o.call = (sg_grouped){.window = check_window(s, &o.memory, inputs, inputs + gap, width),
                          .groups = *groups,
                          .row = row,
                          .units = units,
                          .weights = o.memory.weights.data,
                          .bias = o.memory.bias.data,
                          .output = o.memory.output.data,
                          .output_stride = outputs + gap,
                          .activation = (sg_activation)(variant / 12 % SG_ACTIVATIONS)};
    if (variant & 1) {
        o.call.residual = variant & 2 ? o.call.output : (const float *)o.memory.residual.data;
        o.call.residual_stride = outputs + gap;
    }
    return o;
}

/* Where the weights of an output lie, from the layout's definition. */
static const float *weights_of(const sg_grouped *g, int64_t output)
{
    const sg_groups *groups = &g->groups;
    const int64_t each = g->window.kernel * g->window.kernel * groups->inputs * groups->lanes;
    const int64_t units = (groups->outputs + groups->lanes - 1) / groups->lanes;
    const int64_t group = output / groups->outputs, within = output % groups->outputs;
    if (groups->inputs == groups->outputs && groups->outputs < groups->lanes &&
        (groups->outputs == 4 || groups->outputs == 8))
        return g->weights + output / groups->lanes * each + output % groups->lanes;
    return g->weights + (group * units + within / groups->lanes) * each + within % groups->lanes;
}

static double truth(const operands *o, int64_t x, int64_t output)
{
    const sg_grouped *g = &o->call;
    const sg_window *w = &g->window;
    const int64_t inputs = g->groups.inputs, first = output / g->groups.outputs * inputs;
    const float *weights = weights_of(g, output);
    double sum = (double)g->bias[output];
    for (int64_t t = 0; t < w->kernel * w->kernel; t++) {
        const int64_t iy = g->row * w->stride - w->padding + t / w->kernel * w->dilation;
        const int64_t ix = x * w->stride - w->padding + t % w->kernel * w->dilation;
        if (iy < 0 || iy >= w->height || ix < 0 || ix >= w->width)
            continue;
        for (int64_t i = 0; i < inputs; i++)
            sum += (double)weights[(t * inputs + i) * g->groups.lanes] *
                   (double)w->input[(iy * w->width + ix) * w->pixel_stride + first + i];
    }
    if (g->residual) {
        const float *from =
            g->residual == g->output ? o->memory.before.data : o->memory.residual.data;
        sum += (double)from[x * g->residual_stride + output];
    }
    return (double)sg_activate(g->activation, (float)sum);
}

/* What lies between the pixels, and what units that are not asked for have, must be as it was. */
static void check(sg_grouped_fn kernel, const check_shape *s, const sg_groups *groups, int64_t row,
                  uint32_t variant)
{
    operands o = make(s, groups, row, variant);
    const int64_t outputs = (int64_t)groups->groups * groups->outputs;
    const double bound = 4e-7 * (s->kernel * s->kernel * groups->inputs + 3);
    int64_t first = 0;
    if (variant % 5 == 0 && o.call.units > 1) { /* all units but the first */
        first = sg_groups_unit(groups, 1).first;
        o.call.first_unit = 1;
        o.call.units--;
    }
    kernel(&o.call);
    for (int64_t at = 0; at < o.memory.output_count; at++) {
        const int64_t x = at / o.call.output_stride, c = at % o.call.output_stride;
        const bool computed = c >= first && c < outputs;
        const double found = (double)((const float *)o.memory.output.data)[at];
        const double before = (double)((const float *)o.memory.before.data)[at];
        const double expected = computed ? truth(&o, x, c) : before;
        if (!(fabs(found - expected) <= (computed ? bound : 0)))
            check_fail("%dx%d /%d p%d d%d, %d groups of %d to %d, row %d, variant %u: pixel %d, "
                       "channel %d is %.8g, expected %.8g",
                       (int)s->kernel, (int)s->kernel, (int)s->stride, (int)s->padding,
                       (int)s->dilation, (int)groups->groups, (int)groups->inputs,
                       (int)groups->outputs, (int)row, variant, (int)x, (int)c, found, expected);
    }
    check_operands_free(&o.memory);
}

void check_grouped(void)
{
    enum {
        SHAPES = sizeof(shapes) / sizeof(shapes[0]),
        GROUPINGS = sizeof(groupings) / sizeof(groupings[0]),
        VARIANTS = 12 * SG_ACTIVATIONS
    };
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        uint32_t variant = 0;
        sg_product_kernels_init(&kernels, sets[i]);
        check_begin("grouped", sets[i]);
        for (int32_t k = 0; k < SHAPES * GROUPINGS; k++) {
            const check_shape *s = &shapes[k % SHAPES];
            const int32_t *of = groupings[k / SHAPES];
            const sg_groups groups = {kernels.lanes, of[0], of[1], of[2]};
            for (int64_t row = 0; row < check_side(s, s->height); row++)
                check(kernels.grouped, s, &groups, row, variant++ * 7 % VARIANTS);
        }
        check_end("%d groupings of %d shapes", (int)GROUPINGS, (int)SHAPES);
    }
}

/* ==== Time ==== */

typedef struct timing {
    operands o;
    sg_grouped_fn kernel;
} timing;

static void run(void *argument)
{
    const timing *t = argument;
    t->kernel(&t->o.call);
}

void time_grouped(void)
{
    static const check_shape timed = {3, 1, 1, 1, 3, 64};
    static const struct {
        const char *name;
        int32_t size;
    } sizes[] = {{"groups of 4, multiply-adds", 4},
                 {"groups of 8, multiply-adds", 8},
                 {"groups of 32, multiply-adds", 32}};
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
        const int32_t size = sizes[k].size;
        for (int i = 0; i < count; i++) {
            sg_product_kernels kernels;
            sg_product_kernels_init(&kernels, sets[i]);
            const sg_groups groups = {kernels.lanes, 64 / size, size, size};
            timing t = {make(&timed, &groups, 1, 12 * SG_RELU), kernels.grouped};
            check_time(sizes[k].name, sets[i], (int64_t)64 * 9 * 64 * size, run, &t);
            check_operands_free(&t.o.memory);
        }
    }
}
