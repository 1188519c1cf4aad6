/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* In the place of blas.c in a library that is built without BLAS. */

#include "blas.h"

bool sg_blas_load(void)
{
    return false;
}

void sg_blas_multiply(int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                      float *c, int ldc, bool accumulate)
{
    (void)m, (void)n, (void)k, (void)a, (void)lda, (void)b, (void)ldb, (void)c, (void)ldc;
    (void)accumulate;
}

const char *sg_blas_describe(void)
{
    return "plain C: built without BLAS";
}
