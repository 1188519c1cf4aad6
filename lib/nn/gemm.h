/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The only matrix product that a network needs where there are no kernels for the processor: that
 * of a BLAS, or one in plain C where there is none. */

#ifndef SG_GEMM_H
#define SG_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/threads.h"

/* C = A B, or C += A B: A is m x k (rows `lda` apart), B is k x n (rows `ldb` apart), C is m x n
 * (rows `ldc` apart), row-major float32. A BLAS runs on the threads that the host gave it, and no
 * setting of it is touched. */
void sg_gemm(sg_pool *pool, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda,
             const float *b, int64_t ldb, float *c, int64_t ldc, bool accumulate);

/* The same in plain C on the pool's threads, and with the same result on any number of them. */
void sg_gemm_plain(sg_pool *pool, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda,
                   const float *b, int64_t ldb, float *c, int64_t ldc, bool accumulate);

/* Whose product serves, "blas" or "plain". A BLAS is loaded to know it. Static. */
const char *sg_gemm_name(void);

/* The same in words: name, version and kernels of the BLAS, or why there is none. If no product is
 * `needed`, that is what it says, and no BLAS is loaded. Static. */
const char *sg_gemm_describe(bool needed);

#endif
