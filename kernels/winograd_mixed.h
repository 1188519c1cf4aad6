/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* B^T and A^T for sides of m = 3, 4 and 5 outputs which share their transformed weights. Those of m
 * take the first m + 2 of the points infinity, 0, 1, -1, 1/2, -2, 2:
 *
 *     B^T   row of a point p: the coefficients, from x^0 on, of the product over the other finite
 *           points q of (x - q) / (p - q); row of infinity: those of the product over all finite
 *           points q of (x - q)
 *     A^T   row j: the j-th powers of the points; of infinity, 1 in the last row and 0 elsewhere */
/* clang-format on */

#ifndef SG_KERNELS_WINOGRAD_MIXED_H
#define SG_KERNELS_WINOGRAD_MIXED_H

static const float INPUT_MIXED_3[5][5] = {{0, 1.0f / 2, -1.0f, -1.0f / 2, 1.0f},
                                          {1.0f, -2.0f, -1.0f, 2.0f, 0},
                                          {0, -1.0f / 2, 1.0f / 2, 1.0f, 0},
                                          {0, -1.0f / 6, 1.0f / 2, -1.0f / 3, 0},
                                          {0, 8.0f / 3, 0, -8.0f / 3, 0}};
static const float OUTPUT_MIXED_3[3][5] = {
    {0, 1.0f, 1.0f, 1.0f, 1.0f}, {0, 0, 1.0f, -1.0f, 1.0f / 2}, {1.0f, 0, 1.0f, 1.0f, 1.0f / 4}};
static const float INPUT_MIXED_4[6][6] = {{0, 1.0f, -3.0f / 2, -2.0f, 3.0f / 2, 1.0f},
                                          {1.0f, -3.0f / 2, -2.0f, 3.0f / 2, 1.0f, 0},
                                          {0, -1.0f / 3, 1.0f / 6, 5.0f / 6, 1.0f / 3, 0},
                                          {0, -1.0f / 3, 5.0f / 6, -1.0f / 6, -1.0f / 3, 0},
                                          {0, 32.0f / 15, 16.0f / 15, -32.0f / 15, -16.0f / 15, 0},
                                          {0, 1.0f / 30, -1.0f / 15, -1.0f / 30, 1.0f / 15, 0}};
static const float OUTPUT_MIXED_4[4][6] = {{0, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f},
                                           {0, 0, 1.0f, -1.0f, 1.0f / 2, -2.0f},
                                           {0, 0, 1.0f, 1.0f, 1.0f / 4, 4.0f},
                                           {1.0f, 0, 1.0f, -1.0f, 1.0f / 8, -8.0f}};
static const float INPUT_MIXED_5[7][7] = {
    {0, -2.0f, 4.0f, 5.0f / 2, -5.0f, -1.0f / 2, 1.0f},
    {1.0f, -2.0f, -5.0f / 4, 5.0f / 2, 1.0f / 4, -1.0f / 2, 0},
    {0, -2.0f / 3, 2.0f / 3, 3.0f / 2, -1.0f / 6, -1.0f / 3, 0},
    {0, -2.0f / 9, 2.0f / 3, -7.0f / 18, -1.0f / 6, 1.0f / 9, 0},
    {0, 128.0f / 45, 0, -32.0f / 9, 0, 32.0f / 45, 0},
    {0, 1.0f / 60, -1.0f / 24, 0, 1.0f / 24, -1.0f / 60, 0},
    {0, 1.0f / 36, -1.0f / 24, -1.0f / 18, 1.0f / 24, 1.0f / 36, 0}};
static const float OUTPUT_MIXED_5[5][7] = {{0, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f, 1.0f},
                                           {0, 0, 1.0f, -1.0f, 1.0f / 2, -2.0f, 2.0f},
                                           {0, 0, 1.0f, 1.0f, 1.0f / 4, 4.0f, 4.0f},
                                           {0, 0, 1.0f, -1.0f, 1.0f / 8, -8.0f, 8.0f},
                                           {1.0f, 0, 1.0f, 1.0f, 1.0f / 16, 16.0f, 16.0f}};

#endif
