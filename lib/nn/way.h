/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* How a convolution is done at one size of input: chosen once, then used for any number of runs. */

#ifndef SG_NN_WAY_H
#define SG_NN_WAY_H

#include "winograd.h"

struct sg_convolution_way {
    const char *algorithm; /* "blas", "plain", "direct", "Strassen", "Strassen^2", "F(2x2,3x3)",
                              "F(4x4,3x3)", "F(4x6,3x3)", "F(mixed,3x3)"; static */
    const char *kernel;    /* of the products: "avx512 12x32", "avx512 12x32 paired"; or "" */
    int64_t workspace;     /* floats that a run needs; may be 0 */
    enum { SG_WAY_GEMM, SG_WAY_DIRECT, SG_WAY_STRASSEN, SG_WAY_WINOGRAD } kind;
    int32_t levels;       /* of SG_WAY_STRASSEN */
    sg_winograd winograd; /* of SG_WAY_WINOGRAD; it points to the convolution's weights */
};

#endif
