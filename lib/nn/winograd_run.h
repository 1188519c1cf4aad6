/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A run of a Winograd convolution, for its files. */

#ifndef SG_NN_WINOGRAD_RUN_H
#define SG_NN_WINOGRAD_RUN_H

#include "winograd_tiles.h"

/* What the parallel parts of one run share. */
typedef struct sg_winograd_job {
    const sg_winograd *w;
    const sg_winograd_pass *pass;
    const sg_convolution_shape *shape;
    const sg_convolution_call *call;
    const float *bias, *zeros;
    float *weights, *products, *kept, *slots;
    int64_t first_channel, depth; /* of the block of channels whose turn it is, `depth` of them */
    int64_t first_block;          /* of the group of blocks of tiles */
    double rows[SG_WINOGRAD_POINTS_MAX][3], columns[SG_WINOGRAD_POINTS_MAX][3]; /* G of the pass */
    /* For paired products: what G's rows are multiplied by; and whether there are any. */
    double row_scales[SG_WINOGRAD_POINTS_MAX], column_scales[SG_WINOGRAD_POINTS_MAX];
    bool paired;
} sg_winograd_job;

/* A job's tiles of one kind that go through all products together, and where their numbers lie. */
typedef struct sg_winograd_block {
    const sg_winograd_job *r;
    const sg_winograd_tiles *tiles;
    sg_line rows, columns;
    int64_t first, count;
    sg_winograd_counts row, column; /* of a tile */
    float *inputs, *products;
    int32_t *held; /* by the thread's kernels */
    float *kept;   /* the thread's: pairs of the weights' columns at all points */
    int64_t input_stride, product_stride; /* from point to point */
} sg_winograd_block;

/* The index-th block of the pass, which is one of these tiles, with its numbers in that slot. */
sg_winograd_block sg_winograd_block_of(const sg_winograd_job *job, const sg_winograd_tiles *tiles,
                                       int64_t index, float *slot);

/* B^T d B of tile t of the block. */
void sg_winograd_input(const sg_winograd_block *block, int64_t t);

/* Scales G's rows so that weights at a pair of points are about as large as inputs there: products
 * are paired if there are such scales. */
void sg_winograd_balance(sg_winograd_job *job);

/* What the sum over a tile's pairs would be if its inputs were far larger than the scaled weights:
 * the tile's products are paired up to there, since paired products round numbers as large as the
 * squares of the inputs. The samples of sg_winograd_balance() may miss a tile with larger inputs.
 */
float sg_winograd_most_paired(const sg_winograd_job *job, int32_t row, int32_t column);

#endif
