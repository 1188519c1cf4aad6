/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "gemm.h"

#include <cblas.h>
#include <stdio.h>

/* Rows a call: the sizes that BLAS takes are 32-bit, and so are often the products it makes of them
 * inside. */
enum { ROWS_MAX = 1 << 20 };

void sg_gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b,
             int64_t ldb, float *c, int64_t ldc, bool accumulate)
{
    for (int64_t row = 0; row < m; row += ROWS_MAX) {
        const int64_t rows = m - row < ROWS_MAX ? m - row : ROWS_MAX;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)n, (int)k, 1.0f,
                    a + row * lda, (int)lda, b, (int)ldb, accumulate ? 1.0f : 0.0f, c + row * ldc,
                    (int)ldc);
    }
}

void sg_gemm_describe(char *text, size_t size)
{
#if SG_BLAS_OPENBLAS
    snprintf(text, size, "%s, %s kernels", openblas_get_config(), openblas_get_corename());
#else
    snprintf(text, size, "%s", SG_BLAS_NAME);
#endif
}
