/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* How a convolution is done at one size of input: chosen once, then used for any number of runs. */

#ifndef SG_NN_WAY_H
#define SG_NN_WAY_H

#include "strassen.h"
#include "winograd.h"

typedef struct sg_engine sg_engine;

struct sg_convolution_way {
    const sg_engine *engine;
    const char
        *algorithm; /* "blas", "plain", "depthwise", "grouped", "direct", "Strassen", "Strassen^2",
                       "F(2x2,3x3)", "F(4x4,3x3)", "F(4x6,3x3)", "F(mixed,3x3)"; static */
    const char *kernel; /* of the products: "avx512 12x32", "avx512 12x32 paired"; of other kernels,
                           their instruction set, "avx512"; or "" */
    double cost;        /* in multiply-accumulates of the kernels, on as many threads as usual */
    int64_t workspace;  /* bytes that a run needs; may be 0 */
    int64_t
        row_workspace; /* what the engine itself takes of that; before floats' copies of halves */
    sg_winograd winograd; /* of Winograd's tiles; it points to the convolution's weights */
};

#endif
