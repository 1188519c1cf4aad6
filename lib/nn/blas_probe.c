/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A shared library that is built to be read, not run: what the linker notes in it is the name of
 * the library that offers CBLAS here (blas_library.py), by which blas.c loads it at run time. */

#include <cblas.h>

void sg_blas_probe(const float *a, float *c);

void sg_blas_probe(const float *a, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 1, 1.0f, a, 1, a, 1, 0.0f, c, 1);
}
