/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Winograd's transforms: one tile of every kind, with as many inputs as outputs whose channels do
 * not meet, against the window slid over it in double. */

#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS = 37, /* whole vectors and a rest, for vectors of any length */
    ROOM = 48,
    POINTS = SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX
};

typedef struct tile {
    sg_winograd_counts rows, columns;
    check_memory pixels[POINTS], outputs[POINTS], taps, weights, points, bias;
} tile;

static tile make(sg_winograd_side row_side, sg_winograd_side column_side)
{
    uint64_t seed = 10 * row_side + column_side;
    tile t = {.rows = sg_winograd_side_counts(row_side),
              .columns = sg_winograd_side_counts(column_side)};
    for (int32_t i = 0; i < t.rows.inputs * t.columns.inputs; i++)
        t.pixels[i] = check_floats(CHANNELS, &seed);
    for (int32_t i = 0; i < t.rows.outputs * t.columns.outputs; i++)
        t.outputs[i] = check_floats(CHANNELS, &seed);
    t.taps = check_floats(9 * CHANNELS, &seed);
    t.weights = check_floats(POINTS * CHANNELS, &seed);
    t.points = check_floats(POINTS * ROOM, &seed);
    t.bias = check_floats(CHANNELS, &seed);
    return t;
}

static void release(tile *t)
{
    for (int32_t i = 0; i < t->rows.inputs * t->columns.inputs; i++)
        check_free(&t->pixels[i]);
    for (int32_t i = 0; i < t->rows.outputs * t->columns.outputs; i++)
        check_free(&t->outputs[i]);
    check_free(&t->taps);
    check_free(&t->weights);
    check_free(&t->points);
    check_free(&t->bias);
}

/* Window c, over channel c alone; zeros around what a whole side has. */
static double truth(const tile *t, int32_t y, int32_t x, int32_t c)
{
    double sum = (double)((const float *)t->bias.data)[c];
    for (int32_t k = 0; k < 9; k++) {
        const int32_t iy = y + k / 3 - 1 + t->rows.before, ix = x + k % 3 - 1 + t->columns.before;
        if (iy < 0 || iy >= t->rows.inputs || ix < 0 || ix >= t->columns.inputs)
            continue;
        const float *pixel = t->pixels[iy * t->columns.inputs + ix].data;
        sum += (double)((const float *)t->taps.data)[k * CHANNELS + c] * (double)pixel[c];
    }
    return sum;
}

/* The element-wise product that matrix products otherwise sum over channels. */
static void multiply(tile *t)
{
    float *points = t->points.data;
    const float *weights = t->weights.data;
    for (int32_t p = 0; p < t->rows.points * t->columns.points; p++) {
        for (int32_t c = 0; c < CHANNELS; c++)
            points[p * ROOM + c] *= weights[p * CHANNELS + c];
    }
}

/* With a residual in the output's place, and one pixel left out. */
static void check(const sg_winograd_kernels *kernels, sg_winograd_side row_side,
                  sg_winograd_side column_side, sg_activation activation)
{
    double rows[SG_WINOGRAD_POINTS_MAX][3], columns[SG_WINOGRAD_POINTS_MAX][3];
    const float *pixels[POINTS];
    tile t = make(row_side, column_side);
    sg_winograd_weight_matrix(row_side, rows);
    sg_winograd_weight_matrix(column_side, columns);
    kernels->weights(&(sg_winograd_weights){.taps = t.taps.data,
                                            .tap_stride = CHANNELS,
                                            .count = CHANNELS,
                                            .rows = (const double(*)[3])rows,
                                            .columns = (const double(*)[3])columns,
                                            .row_points = t.rows.points,
                                            .column_points = t.columns.points,
                                            .points = t.weights.data,
                                            .stride = CHANNELS});
    for (int32_t i = 0; i < t.rows.inputs * t.columns.inputs; i++)
        pixels[i] = t.pixels[i].data;
    kernels->input[row_side][column_side](pixels, CHANNELS, t.points.data, ROOM);
    multiply(&t);
    sg_winograd_output output = {.points = t.points.data,
                                 .stride = ROOM,
                                 .has_residual = true,
                                 .activation = activation,
                                 .bias = t.bias.data,
                                 .channels = CHANNELS};
    float before[POINTS][CHANNELS];
    for (int32_t i = 0; i < t.rows.outputs * t.columns.outputs; i++) {
        memcpy(before[i], t.outputs[i].data, sizeof(before[i]));
        output.pixels[i] = i == 1 ? NULL : t.outputs[i].data;
        output.residuals[i] = output.pixels[i];
    }
    kernels->output[row_side][column_side](&output);
    for (int32_t i = 0; i < t.rows.outputs * t.columns.outputs * CHANNELS; i++) {
        const int32_t pixel = i / CHANNELS, c = i % CHANNELS;
        const double sum =
            truth(&t, pixel / t.columns.outputs, pixel % t.columns.outputs, c) + before[pixel][c];
        const double expected =
            (double)(pixel == 1 ? before[pixel][c] : sg_activate(activation, (float)sum));
        const double found = (double)((const float *)t.outputs[pixel].data)[c];
        if (!(fabs(found - expected) <= 2e-5))
            check_fail("sides %d and %d, activation %d: output %d, channel %d is %.8g, "
                       "expected %.8g",
                       (int)row_side, (int)column_side, (int)activation, (int)pixel, (int)c, found,
                       expected);
    }
    release(&t);
}

/* Past the caches: the same numbers, whole lines and a rest, to an address that allows it and to
 * one that does not; what lies between the points stays. */
static void check_streamed(const sg_winograd_kernels *kernels)
{
    enum { COUNT = 83, STRIDE = 96, LINE = 64 };
    static const float untouched = 7.0f;
    double rows[SG_WINOGRAD_POINTS_MAX][3], columns[SG_WINOGRAD_POINTS_MAX][3];
    uint64_t seed = 5;
    check_memory taps = check_floats(9 * COUNT, &seed);
    float *plain = malloc(POINTS * STRIDE * sizeof(float));
    float *room = malloc(POINTS * STRIDE * sizeof(float) + 2 * LINE);
    if (!plain || !room)
        abort();
    sg_winograd_weight_matrix(SG_SIDE_4, rows);
    sg_winograd_weight_matrix(SG_SIDE_6, columns);
    sg_winograd_weights w = {.taps = taps.data,
                             .tap_stride = COUNT,
                             .count = COUNT,
                             .rows = (const double(*)[3])rows,
                             .columns = (const double(*)[3])columns,
                             .row_points = 6,
                             .column_points = 8,
                             .points = plain,
                             .stride = STRIDE};
    kernels->weights(&w);
    for (int32_t shift = 0; shift < 2; shift++) {
        const size_t over = (uintptr_t)room % LINE;
        float *points = room + (over ? (LINE - over) / sizeof(float) : 0) + shift;
        for (int32_t i = 0; i < 48 * STRIDE; i++)
            points[i] = untouched;
        w.points = points;
        w.stream = true;
        kernels->weights(&w);
        for (int32_t i = 0; i < 48 * STRIDE; i++) {
            const float expected = i % STRIDE < COUNT ? plain[i] : untouched;
            if (memcmp(&points[i], &expected, sizeof(expected)) != 0)
                check_fail("weights past the caches, shift %d: point %d, window %d is %.8g, "
                           "expected %.8g",
                           (int)shift, (int)(i / STRIDE), (int)(i % STRIDE), (double)points[i],
                           (double)expected);
        }
    }
    free(plain);
    free(room);
    check_free(&taps);
}

void check_winograd(void)
{
    uint32_t sets[CHECK_SETS];
    const int count = check_sets(sets);
    for (int i = 0; i < count; i++) {
        sg_product_kernels kernels;
        int kinds = 0;
        sg_product_kernels_init(&kernels, sets[i]);
        if (!kernels.winograd)
            kernels.winograd = &sg_winograd_ref;
        check_begin("winograd", sets[i]);
        for (int32_t row = 0; row < SG_WINOGRAD_SIDES; row++) {
            for (int32_t column = 0; column < SG_WINOGRAD_SIDES; column++) {
                if (!kernels.winograd->input[row][column])
                    continue;
                for (int32_t a = SG_IDENTITY; a < SG_ACTIVATIONS; a++)
                    check(kernels.winograd, row, column, a);
                kinds++;
            }
        }
        check_streamed(kernels.winograd);
        check_end("%d kinds of tiles", kinds);
    }
}
