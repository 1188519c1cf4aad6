/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* 3x3 convolutions of stride 1 with fewer multiplications (kernels/winograd.h). One of dilation d
 * is d x d ordinary ones, on the sub-grids of every d-th pixel: a tile's inputs and outputs are d
 * pixels apart, and nothing else changes.
 *
 * Weights are transformed anew in every run, from the packed ones: kept, they would be four times
 * as large as those, and a run would have to fetch them from memory all the same. */

#ifndef SG_NN_WINOGRAD_H
#define SG_NN_WINOGRAD_H

#include "packed.h"

/* How a convolution is done at one size. */
typedef struct sg_winograd {
    const sg_packed *packed;
    int32_t m;             /* a tile has m x m outputs */
    int32_t height, width; /* of the map */
    int32_t dilation;
    int32_t threads;
    int64_t rows, columns;       /* of tiles, those of all sub-grids in a row */
    int64_t block;               /* tiles that go through all products together */
    int64_t channels, outputs;   /* floats of a tile's channels and outputs at one point */
    int64_t weights, workspaces; /* floats of transformed weights; of each thread's workspace */
} sg_winograd;

bool sg_winograd_suits(const sg_packed *packed, const sg_convolution_shape *shape);

/* Tiles of m x m, m = 2 or 4, for a map of that size. */
sg_winograd sg_winograd_plan(const sg_packed *packed, const sg_convolution_shape *shape,
                             int32_t height, int32_t width, int32_t m, int32_t threads);

/* Multiply-accumulates in its products, and what the transforms cost in terms of them (measured).
 */
double sg_winograd_work(const sg_winograd *winograd);

/* Floats of workspace. */
int64_t sg_winograd_workspace(const sg_winograd *winograd);

/* As sg_packed_run. */
void sg_winograd_run(segent_context *context, const sg_winograd *winograd,
                     const sg_convolution_shape *shape, const sg_convolution_call *call);

#endif
