/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Winograd's minimal filtering of a 3x3 window (Lavin and Gray 2015, arXiv:1509.09308): a tile of
 * m x n outputs costs (m + 2) (n + 2) products instead of 9 m n,
 *
 *     Y = A^T [ (G g G^T) (B^T d B) ] A        (elementwise product in the middle)
 *
 * with g the 3x3 weights, d the (m + 2) x (n + 2) inputs, all three matrices from evaluating
 * polynomials at m + 1 or n + 1 points and infinity. The element of G g G^T and B^T d B at one pair
 * of points is a scalar for each channel, so that the sum over channels is a matrix product for
 * each pair.
 *
 * Where a side of a (sub-)grid is only 2 or 3 pixels long, its outputs depend on nothing else, all
 * around being zeros, and m + 1 products do ("whole" sides). Three pixels: with e = x0 + x2,
 * o = x0 - x2 and squares that differ by 2, (3/2)^2 - (1/2)^2,
 *
 *     P+- = (w0 + w2 +- 3/2 w1) (e +- 3/2 x1)        y0 + y2 = (P+ - P-) / 3
 *     Q+- = (w0 - w2 +- 1/2 w1) (o -+ 1/2 x1)        y0 - y2 = Q+ - Q-
 *                                                    y1 = (P+ + P- + Q+ + Q-) / 4
 *
 * two, a product of a Toeplitz matrix by a vector:
 *
 *     y0 = w1 (x0 + x1) + (w2 - w1) x1               y1 = w1 (x0 + x1) + (w0 - w1) x0 */

#ifndef SG_KERNELS_WINOGRAD_H
#define SG_KERNELS_WINOGRAD_H

#include <stdbool.h>
#include <stdint.h>

#include "activation.h"

/* Sides of tiles, by points. */
typedef enum sg_winograd_side {
    SG_SIDE_2,       /* 0, 1, -1 */
    SG_SIDE_4,       /* 0, +-3/4, +-3/2, which round half as much as 0, +-1, +-2 */
    SG_SIDE_6,       /* 0, +-1/2, +-1, +-2 */
    SG_SIDE_WHOLE_2, /* a side that ends after so many pixels, or before */
    SG_SIDE_WHOLE_3,
    SG_SIDE_MIXED_3, /* the first m + 2 of infinity, 0, 1, -1, 1/2, -2, 2: sides of several */
    SG_SIDE_MIXED_4, /* lengths with one set of weights */
    SG_SIDE_MIXED_5,
    SG_WINOGRAD_SIDES
} sg_winograd_side;

enum {
    SG_WINOGRAD_OUTPUTS_MAX = 6,
    SG_WINOGRAD_POINTS_MAX = SG_WINOGRAD_OUTPUTS_MAX + 2,
};

/* What a side of a tile has of each. */
typedef struct sg_winograd_counts {
    int32_t outputs, inputs, points;
    int32_t before; /* inputs before the first output */
} sg_winograd_counts;

/* Here, so that the kernels' loops have constant bounds. */
static inline sg_winograd_counts sg_winograd_side_counts(sg_winograd_side side)
{
    static const int32_t outputs[SG_WINOGRAD_SIDES] = {2, 4, 6, 2, 3, 3, 4, 5};
    const int32_t n = outputs[side];
    if (side == SG_SIDE_WHOLE_2 || side == SG_SIDE_WHOLE_3)
        return (sg_winograd_counts){n, n, n + 1, 0};
    return (sg_winograd_counts){n, n + 2, n + 2, 1};
}

/* G of a side: a row for each of its points. */
void sg_winograd_weight_matrix(sg_winograd_side side, double g[SG_WINOGRAD_POINTS_MAX][3]);

/* points[(i * columns + j) * stride + c] = (B^T d B)[i][j] of channel c, `columns` the points of
 * the tile's rows, with d's pixels by rows in `pixels`. There is room for a multiple of 16 channels
 * at each point, here and below. */
typedef void (*sg_winograd_input_fn)(const float *const *pixels, int64_t channels, float *points,
                                     int64_t stride);

typedef struct sg_winograd_output {
    const float *points; /* as above */
    int64_t stride;
    /* Of the m x n outputs, by rows; NULL: outside, not written. */
    float *pixels[SG_WINOGRAD_OUTPUTS_MAX * SG_WINOGRAD_OUTPUTS_MAX];
    const float *residuals[SG_WINOGRAD_OUTPUTS_MAX * SG_WINOGRAD_OUTPUTS_MAX]; /* may be the same */
    bool has_residual;
    sg_activation activation;
    const float *bias; /* one a channel */
    int64_t channels;
} sg_winograd_output;

/* pixels[i * n + j][c] = activation((A^T M A)[i][j] + bias[c] + residual), M from `points`. */
typedef void (*sg_winograd_output_fn)(const sg_winograd_output *output);

typedef struct sg_winograd_weights {
    const float *taps; /* tap t of window e lies at taps[t * tap_stride + e] */
    int64_t tap_stride;
    int64_t count;                          /* of windows */
    const double (*rows)[3], (*columns)[3]; /* G of either side */
    int32_t row_points, column_points;
    bool stream;   /* past the caches: for more than they hold, or what other processors read */
    float *points; /* out; past the caches only whole lines go, to points so aligned */
    int64_t stride;
} sg_winograd_weights;

/* points[(i * column_points + j) * stride + e] = (G g G^T)[i][j] of window e; computed in double
 * and rounded once. */
typedef void (*sg_winograd_weights_fn)(const sg_winograd_weights *weights);

typedef struct sg_winograd_kernels {
    sg_winograd_input_fn input[SG_WINOGRAD_SIDES][SG_WINOGRAD_SIDES]; /* NULL: does not occur */
    sg_winograd_output_fn output[SG_WINOGRAD_SIDES][SG_WINOGRAD_SIDES];
    sg_winograd_weights_fn weights;
} sg_winograd_kernels;

/* One set an instruction set; compiled where the processor's family has it. */
extern const sg_winograd_kernels sg_winograd_ref, sg_winograd_avx2, sg_winograd_avx512,
    sg_winograd_neon;

#endif
