/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Winograd's minimal filtering of a 3x3 window (Lavin and Gray 2015, arXiv:1509.09308): a tile of
 * m x m outputs costs (m + 2)^2 products instead of 9 m^2,
 *
 *     Y = A^T [ (G g G^T) (B^T d B) ] A        (elementwise product in the middle)
 *
 * with g the 3x3 weights, d the (m + 2) x (m + 2) inputs, all three matrices from evaluating
 * polynomials at m + 1 points and infinity. The element of G g G^T and B^T d B at one pair of
 * points is a scalar for each channel, so that the sum over channels is a matrix product for each
 * pair.
 *
 * Points: for m = 2 0, 1, -1; for m = 4 0, +-3/4, +-3/2, which round half as much as 0, +-1, +-2.
 */

#ifndef SG_KERNELS_WINOGRAD_H
#define SG_KERNELS_WINOGRAD_H

#include <stdbool.h>
#include <stdint.h>

enum { SG_WINOGRAD_SIDE_MAX = 6, SG_WINOGRAD_POINTS_MAX = 36 };

/* points[(i * (m + 2) + j) * stride + c] = (B^T d B)[i][j] of channel c, with d's pixels by rows in
 * `pixels`. */
typedef void (*sg_winograd_input_fn)(const float *const *pixels, int64_t channels, float *points,
                                     int64_t stride);

typedef struct sg_winograd_output {
    const float *points; /* as above */
    int64_t stride;
    float *pixels[16];          /* of the m x m outputs, by rows; NULL: outside, not written */
    const float *residuals[16]; /* likewise; may be the outputs */
    bool has_residual, relu;
    const float *bias; /* one a channel */
    int64_t channels;
} sg_winograd_output;

/* pixels[i * m + j][c] = relu((A^T M A)[i][j] + bias[c] + residual), M from `points`. */
typedef void (*sg_winograd_output_fn)(const sg_winograd_output *output);

/* out[(i * (m + 2) + j) * stride + e] = (G g G^T)[i][j] for `count` windows g, whose tap t lies at
 * weights[t * tap_stride + e]; computed in double and rounded once. */
typedef void (*sg_winograd_weights_fn)(const float *weights, int64_t tap_stride, int64_t count,
                                       const double (*g)[3], int32_t side, float *out,
                                       int64_t stride);

typedef struct sg_winograd_kernels {
    sg_winograd_input_fn input2, input4; /* m = 2, m = 4 */
    sg_winograd_output_fn output2, output4;
    sg_winograd_weights_fn weights;
} sg_winograd_kernels;

/* G for m = 2 or m = 4: m + 2 rows. */
void sg_winograd_weight_matrix(int32_t m, double g[SG_WINOGRAD_SIDE_MAX][3]);

/* One set an instruction set; compiled where the processor's family has it. */
extern const sg_winograd_kernels sg_winograd_ref, sg_winograd_avx2, sg_winograd_avx512,
    sg_winograd_neon;

#endif
