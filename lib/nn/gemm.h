/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The narrow door to BLAS: the only matrix product the network needs. */

#ifndef SG_GEMM_H
#define SG_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* C = A B, or C += A B: A is m x k (rows `lda` apart), B is k x n (rows `ldb` apart), C is m x n
 * (rows `ldc` apart), row-major float32. Runs on the threads that the host gave its BLAS; no
 * setting is touched. */
void sg_gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b,
             int64_t ldb, float *c, int64_t ldc, bool accumulate);

/* Name, version and kernel of the implementation; always terminated. */
void sg_gemm_describe(char *text, size_t size);

#endif
