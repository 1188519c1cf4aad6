/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The BLAS of the system: a shared library that is loaded when the first product asks for it, and
 * stays loaded. Most processes never do, because where there are kernels (kernels/product.h) they
 * need none; so its threads, its memory and its start are not theirs to pay for. */

#ifndef SG_BLAS_H
#define SG_BLAS_H

#include <stdbool.h>

/* Whether there is one, loaded at the first call; from any thread. */
bool sg_blas_load(void);

/* C = A B, or C += A B, row-major: as sg_gemm (gemm.h). Only after sg_blas_load() was true. */
void sg_blas_multiply(int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                      float *c, int ldc, bool accumulate);

/* After sg_blas_load(): name, version and kernels of the BLAS, or why there is none. Static. */
const char *sg_blas_describe(void);

#endif
