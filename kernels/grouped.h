/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* Convolutions in groups: the outputs of a group are sums over its own inputs alone,
 *
 *     output[x][o] = activation(bias[o] + sum over taps t and inputs i of o's group of
 *                               weights[o][t][i] input[tap t of x][i] + residual[x][o])
 *
 * for the pixels x of a row. Groups are small, so products of matrices would be thin, and the map
 * would be read once for each tap. Here a lane is an output, and a vector is a unit:
 *
 *   - of one group, some of its outputs: an input is broadcast to all lanes. The last unit of a
 *     group may have lanes to which no output belongs.
 *   - of several groups, where groups have as many inputs as outputs, 4 or 8, and a vector has room
 *     for more: then the lanes' inputs are the vector at the same channels, in which each group's
 *     i-th is spread over the group. */
/* clang-format on */

#ifndef SG_KERNELS_GROUPED_H
#define SG_KERNELS_GROUPED_H

#include <stdbool.h>
#include <stdint.h>

#include "convolution.h"

/* Groups as they are laid out for kernels with vectors of so many lanes. */
typedef struct sg_groups {
    int32_t lanes;
    int32_t groups, inputs, outputs; /* inputs and outputs of one group */
} sg_groups;

/* Whether units have several groups each. */
static inline bool sg_groups_share(const sg_groups *g)
{
    return g->inputs == g->outputs && (g->outputs == 4 || g->outputs == 8) && g->outputs < g->lanes;
}

/* A vector of outputs: the first one, how many there are, and the first input of their groups. */
typedef struct sg_grouped_unit {
    int64_t first, input;
    int32_t count;
} sg_grouped_unit;

/* Units of one group, if they do not have several. */
static inline int64_t sg_group_units(const sg_groups *g)
{
    return (g->outputs - 1) / g->lanes + 1;
}

static inline int64_t sg_groups_units(const sg_groups *g)
{
    if (sg_groups_share(g))
        return ((int64_t)g->groups * g->outputs - 1) / g->lanes + 1;
    return g->groups * sg_group_units(g);
}

static inline sg_grouped_unit sg_groups_unit(const sg_groups *g, int64_t index)
{
    const bool share = sg_groups_share(g);
    const int64_t units = sg_group_units(g), group = index / units;
    const int64_t within = index % units * g->lanes;
    const int64_t first = share ? index * g->lanes : group * g->outputs + within;
    const int64_t left = share ? (int64_t)g->groups * g->outputs - first : g->outputs - within;
    return (sg_grouped_unit){first, share ? first : group * g->inputs,
                             left < g->lanes ? (int32_t)left : g->lanes};
}

typedef struct sg_grouped {
    sg_window window; /* of all channels */
    sg_groups groups;
    int64_t row;               /* of the output */
    int64_t first_unit, units; /* which are computed */
    const float *weights;  /* (units, taps, inputs of a group, lanes), zeros in lanes to which no
                              output belongs */
    const float *bias;     /* one for each output */
    float *output;         /* the row's first pixel */
    int64_t output_stride; /* floats from a pixel to the next */
    const float *residual; /* NULL: none; may be the output itself */
    int64_t residual_stride;
    sg_activation activation;
} sg_grouped;

/* A whole row. Each output begins with its bias, to which its products are added in ascending order
 * of taps and then of inputs, with fused multiply-adds where the instruction set has them: it
 * depends on nothing but its own operands. */
typedef void (*sg_grouped_fn)(const sg_grouped *grouped);

/* One for each instruction set; compiled for processors of its family only. */
void sg_grouped_f32_ref(const sg_grouped *grouped);
void sg_grouped_f32_avx2(const sg_grouped *grouped);
void sg_grouped_f32_avx512(const sg_grouped *grouped);
void sg_grouped_f32_neon(const sg_grouped *grouped);

#endif
