/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* Winograd's minimal filtering of a 3x3 window (Lavin and Gray 2015, arXiv:1509.09308): a tile of
 * m x n outputs costs (m + 2) (n + 2) products instead of 9 m n,
 *
 *     Y = A^T [ (G g G^T) (B^T d B) ] A        (elementwise product in the middle)
 *
 * with g the 3x3 weights and d the (m + 2) x (n + 2) inputs. Each of the three matrices is about one
 * side of the tile, say of m outputs. The product of a polynomial with 3 coefficients by one with m
 * follows from m + 2 products, of the values of the two at m + 1 points and at infinity, and a filter
 * is the transpose of that algorithm: G has the powers of the points, so that G g are values of the
 * polynomial whose coefficients are the weights; A^T has powers of the points too; B^T has the
 * coefficients of the polynomials that interpolate between them.
 *
 * The elements of G g G^T and B^T d B at one pair of points are one number for each channel. So the
 * sum over channels of their products, for many tiles, is a matrix product for each pair of points.
 *
 * A dilated convolution is an ordinary one on each sub-grid of pixels; where such a grid is only 2
 * or 3 pixels long, all around it is padding. A side of outputs then depends on the 2 or 3 inputs
 * alone, and m + 1 products do ("whole" sides). Three pixels, with e = x0 + x2, o = x0 - x2 and two
 * squares that differ by 2, (3/2)^2 - (1/2)^2:
 *
 *     P+- = (w0 + w2 +- 3/2 w1) (e +- 3/2 x1)        y0 + y2 = (P+ - P-) / 3
 *     Q+- = (w0 - w2 +- 1/2 w1) (o -+ 1/2 x1)        y0 - y2 = Q+ - Q-
 *                                                    y1 = (P+ + P- + Q+ + Q-) / 4
 *
 * Two pixels, where weights and inputs are a Toeplitz matrix and a vector:
 *
 *     y0 = w1 (x0 + x1) + (w2 - w1) x1               y1 = w1 (x0 + x1) + (w0 - w1) x0 */
/* clang-format on */

#ifndef SG_KERNELS_WINOGRAD_H
#define SG_KERNELS_WINOGRAD_H

#include <stdbool.h>
#include <stdint.h>

#include "activation.h"

/* Sides of tiles: how many outputs they have, and which points beside infinity. Mixed ones take the
 * first m + 1 of one list, so that weights transformed for the longest serve the others. */
typedef enum sg_winograd_side {
    SG_SIDE_2,       /* 0, 1, -1 */
    SG_SIDE_4,       /* 0, +-3/4, +-3/2: half as much is rounded as with 0, +-1, +-2 */
    SG_SIDE_6,       /* 0, +-1/2, +-1, +-2 */
    SG_SIDE_WHOLE_2, /* the whole side of a grid of 2 pixels, or of one and a zero behind it */
    SG_SIDE_WHOLE_3, /* likewise of 3, or of fewer and zeros */
    SG_SIDE_MIXED_3, /* 0, 1, -1, 1/2 */
    SG_SIDE_MIXED_4, /* 0, 1, -1, 1/2, -2 */
    SG_SIDE_MIXED_5, /* 0, 1, -1, 1/2, -2, 2 */
    SG_WINOGRAD_SIDES
} sg_winograd_side;

enum {
    SG_WINOGRAD_OUTPUTS_MAX = 6,
    SG_WINOGRAD_POINTS_MAX = SG_WINOGRAD_OUTPUTS_MAX + 2,
};

/* How many outputs, inputs and points a side of a tile has. */
typedef struct sg_winograd_counts {
    int32_t outputs, inputs, points;
    int32_t before; /* inputs that lie before the first output */
} sg_winograd_counts;

/* Inline, so that the kernels' loops have constant bounds. */
static inline sg_winograd_counts sg_winograd_side_counts(sg_winograd_side side)
{
    static const int32_t outputs[SG_WINOGRAD_SIDES] = {2, 4, 6, 2, 3, 3, 4, 5};
    const int32_t n = outputs[side];
    if (side == SG_SIDE_WHOLE_2 || side == SG_SIDE_WHOLE_3)
        return (sg_winograd_counts){n, n, n + 1, 0};
    return (sg_winograd_counts){n, n + 2, n + 2, 1};
}

/* G of a side: a row for each of its points. Whole sides have no points, but their products are
 * counted and laid out as if they had. */
void sg_winograd_weight_matrix(sg_winograd_side side, double g[SG_WINOGRAD_POINTS_MAX][3]);

/* points[(i * columns + j) * stride + c] = (B^T d B)[i][j] of channel c, where `columns` is the
 * number of points of the tile's horizontal side, and `pixels` are d's, row after row. At each pair
 * of points there is room for a multiple of 16 channels, here and below. */
typedef void (*sg_winograd_input_fn)(const float *const *pixels, int64_t channels, float *points,
                                     int64_t stride);

typedef struct sg_winograd_output {
    const float *points; /* M, laid out as above */
    int64_t stride;
    /* The m x n output pixels, row after row; NULL: outside the map, not written. */
    float *pixels[SG_WINOGRAD_OUTPUTS_MAX * SG_WINOGRAD_OUTPUTS_MAX];
    /* What is added to each; may be the output pixels themselves. */
    const float *residuals[SG_WINOGRAD_OUTPUTS_MAX * SG_WINOGRAD_OUTPUTS_MAX];
    bool has_residual;
    sg_activation activation;
    const float *bias; /* one for each channel */
    int64_t channels;
} sg_winograd_output;

/* pixels[i * n + j][c] = activation((A^T M A)[i][j] + bias[c] + residuals[i * n + j][c]), where M
 * are the sums over input channels of the elementwise products. */
typedef void (*sg_winograd_output_fn)(const sg_winograd_output *output);

typedef struct sg_winograd_weights {
    const float *taps; /* weight t of the 9 of window e lies at taps[t * tap_stride + e] */
    int64_t tap_stride;
    int64_t count; /* of windows: pairs of an input and an output channel */
    const double (*rows)[3], (*columns)[3]; /* G of the vertical and of the horizontal side */
    int32_t row_points, column_points;
    bool stream; /* whether results go past the caches where `points` and `stride` are multiples of
                    a cache line: for more than the caches hold, or what other threads will read */
    float *points; /* the results */
    int64_t stride;
} sg_winograd_weights;

/* points[(i * column_points + j) * stride + e] = (G g G^T)[i][j] of window e, computed in double
 * and rounded once to float32. */
typedef void (*sg_winograd_weights_fn)(const sg_winograd_weights *weights);

/* Of halves (product.h), pixels, weights and the points of inputs are bfloat16 numbers, two of them
 * in the place of a float, and so are what taps and points are of windows: strides and `count` are
 * in floats. What the inputs' points have to be summed to, the points of outputs, and `bias` are
 * floats. */
typedef struct sg_winograd_kernels {
    /* By vertical and horizontal side; NULL: tiles with these sides are not used. */
    sg_winograd_input_fn input[SG_WINOGRAD_SIDES][SG_WINOGRAD_SIDES];
    sg_winograd_output_fn output[SG_WINOGRAD_SIDES][SG_WINOGRAD_SIDES];
    sg_winograd_weights_fn weights;
} sg_winograd_kernels;

/* One for each instruction set; compiled for processors of its family only. */
extern const sg_winograd_kernels sg_winograd_ref, sg_winograd_avx2, sg_winograd_avx512,
    sg_winograd_neon, sg_winograd_bf16_ref, sg_winograd_avx512_bf16, sg_winograd_neon_bf16;

#endif
