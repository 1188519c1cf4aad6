/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What Winograd's products take to be paired: scales of the weights. */

#include "winograd_run.h"

#include <math.h>

enum {
    SAMPLED_TILES = 8, /* of a kind, whose inputs are looked at for the size of weights */
    UNLIKE = 16        /* times as large: too much for the two sides of paired products */
};

static double length_squared(const double g[3])
{
    return g[0] * g[0] + g[1] * g[1] + g[2] * g[2];
}

/* Mean square of the transformed weights at a pair of points, about. */
static double mean_square_of_weights(const sg_winograd_job *r, int32_t row, int32_t column)
{
    return r->w->packed->square * length_squared(r->rows[row]) * length_squared(r->columns[column]);
}

float sg_winograd_most_paired(const sg_winograd_job *r, int32_t row, int32_t column)
{
    const int64_t pairs = r->depth / SG_PRODUCT_BLOCK * (SG_PRODUCT_BLOCK / 3);
    return (float)((double)(UNLIKE * UNLIKE * pairs) * mean_square_of_weights(r, row, column));
}

/* Mean squares of the inputs at all pairs of points of the pass's weights, of some tiles of each
 * kind and the first block of channels. Uses the first slot. */
static void sample_points(const sg_winograd_job *r, double *squares)
{
    const sg_winograd *w = r->w;
    const sg_winograd_pass *pass = r->pass;
    double counts[SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX] = {0};
    for (const sg_winograd_tiles *kind = w->tiles + pass->first_kind, *end = kind + pass->kinds;
         kind < end; kind++) {
        sg_winograd_block b = sg_winograd_block_of(r, kind, kind->first_block, r->slots);
        const int64_t tiles = kind->rows * kind->columns;
        const int64_t samples = tiles < SAMPLED_TILES ? tiles : SAMPLED_TILES;
        for (int64_t i = 0; i < samples; i++) {
            b.first = (2 * i + 1) * tiles / (2 * samples);
            sg_winograd_input(&b, 0);
            for (int32_t point = 0; point < sg_tile_points(kind); point++) {
                const int32_t at =
                    point / b.column.points * pass->column_points + point % b.column.points;
                squares[at] +=
                    sg_means_of(b.inputs + point * b.input_stride, 1, 0, r->depth).squares;
                counts[at]++;
            }
        }
    }
    for (int32_t at = 0; at < pass->row_points * pass->column_points; at++)
        squares[at] /= counts[at];
}

/* Logarithms of what G's rows are to be multiplied by, for both sides of a tile. */
typedef struct scale_logs {
    double rows[SG_WINOGRAD_POINTS_MAX], columns[SG_WINOGRAD_POINTS_MAX];
} scale_logs;

/* The scales at all pairs of points, as near as products of a row's and a column's come to them.
 * False if there are none, or if one is far from what it should be, as where most of a map is flat:
 * at most points the inputs are nothing but rounding errors there. */
static bool fit_scales(const sg_winograd_job *r, const double *squares, scale_logs *logs)
{
    const int32_t rows = r->pass->row_points, columns = r->pass->column_points;
    double wanted[SG_WINOGRAD_POINTS_MAX][SG_WINOGRAD_POINTS_MAX], total = 0;
    *logs = (scale_logs){{0}, {0}};
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < columns; j++) {
            const double scale =
                sg_balance(squares[i * columns + j], mean_square_of_weights(r, i, j));
            if (!(scale > 0))
                return false;
            wanted[i][j] = log2(scale);
            logs->rows[i] += wanted[i][j] / columns;
            logs->columns[j] += wanted[i][j] / rows;
            total += wanted[i][j] / (rows * columns);
        }
    }
    for (int32_t j = 0; j < columns; j++)
        logs->columns[j] -= total;
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < columns; j++) {
            if (fabs(logs->rows[i] + logs->columns[j] - wanted[i][j]) > log2(UNLIKE))
                return false;
        }
    }
    return true;
}

void sg_winograd_balance(sg_winograd_job *r)
{
    double squares[SG_WINOGRAD_POINTS_MAX * SG_WINOGRAD_POINTS_MAX] = {0};
    scale_logs logs;
    r->first_channel = 0;
    r->depth = r->w->depth;
    sample_points(r, squares);
    r->paired = fit_scales(r, squares, &logs);
    for (int32_t i = 0; i < r->pass->row_points && r->paired; i++) {
        r->row_scales[i] = exp2(logs.rows[i]);
        for (int32_t t = 0; t < 3; t++)
            r->rows[i][t] *= r->row_scales[i];
    }
    for (int32_t j = 0; j < r->pass->column_points && r->paired; j++) {
        r->column_scales[j] = exp2(logs.columns[j]);
        for (int32_t t = 0; t < 3; t++)
            r->columns[j][t] *= r->column_scales[j];
    }
}
