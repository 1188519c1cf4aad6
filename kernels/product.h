/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The matrix product that every convolution becomes:
 *
 *     C[i][j] = activation(sum over k of A[i][k] B[k][j] + term[i][j] + C[i][j] + bias[j]
 *                    + residual[i][j])
 *
 * with each of the last four terms optional, for all rows i and the columns j of one panel of B.
 * A's rows are pixels of a channels-last map, read where they lie; B was packed so that a panel's
 * k-th row follows its (k-1)-th one. */

#ifndef SG_KERNELS_PRODUCT_H
#define SG_KERNELS_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "activation.h"
#include "strassen.h"
#include "winograd.h"

/* Where the sum goes too before other terms are added, plus a term of its own. */
typedef struct sg_product_also {
    float *c;          /* rows x columns, or NULL: nowhere */
    const float *term; /* rows x columns */
    int64_t stride;    /* of both */
} sg_product_also;

typedef struct sg_product {
    int64_t rows, depth;
    int32_t columns; /* of this panel that exist: 1 to the kernel's panel width */
    const float *a;  /* rows x depth, rows `a_stride` floats apart */
    int64_t a_stride;
    const float *b; /* depth x panel, packed, zeros behind the last column */
    float *c;       /* rows x columns, rows `c_stride` floats apart */
    int64_t c_stride;
    bool accumulate;   /* C is a term */
    const float *term; /* rows x columns, or NULL */
    int64_t term_stride;
    const float *bias;     /* one a column, or NULL */
    const float *residual; /* rows x columns as C, or NULL; may be C itself when not accumulating */
    int64_t residual_stride;
    sg_activation activation;
    const float *pairs;  /* of A's rows; NULL: no paired products (below). With them: */
    float *column_pairs; /* (panel) of B's columns, for products by the same panel; NULL: none */
    bool columns_known;  /* these are there, or else they are made */
    float unscale;       /* what the sum over k is multiplied by first */
    sg_product_also also[2]; /* the sum over k, and that plus `term` */
    /* For the caches only, each may be NULL: */
    const float *next;         /* the panel of B that will be read after this one */
    const float *next_c;       /* where the next product's C begins, with the same stride */
    const char *ahead, *until; /* memory that will be read somewhat later: up to a cache line for
                                  every step of k but those that fetch `next` */
} sg_product;

/* Paired products (Winograd 1968, doi:10.1109/TC.1968.227420) do two multiplications by one, and
 * two additions, which some processors do at the same time,
 *
 *     a0 b0 + a1 b1 = (a0 + b1) (a1 + b0) - a0 a1 - b0 b1
 *
 * where the sums over all pairs of a0 a1 and of b0 b1 are made once a row and once a column. Of
 * each SG_PRODUCT_BLOCK steps of k the first third is paired with the second; the last, and the
 * steps that fill no block, are multiplied as they are, so that adding takes as long as
 * multiplying. What is rounded is as large as (|a| + |b|)^2: B should be scaled to A's size. */
enum { SG_PRODUCT_BLOCK = 24 };

/* pairs[i] = the sum of shift^2 - (a0 - shift) (a1 - shift) over the pairs in row i of A, whose
 * mean `shift` had better be: B then has to be less by it where its rows are paired. */
typedef void (*sg_product_pairs_fn)(const float *a, int64_t a_stride, int64_t rows, int64_t depth,
                                    float shift, float *pairs);

/* Accumulates each element over k in order (paired products: block by block, in one order), with
 * fused multiply-adds where the instruction set has them, then adds the other terms in the order
 * above: results depend on nothing but the operands, not on `rows`, nor on which tile an element
 * falls in. */
typedef void (*sg_product_fn)(const sg_product *product);

typedef struct sg_product_kernels {
    const char *name;          /* of the kernel, for reports: "avx512 12x32" */
    bool fast;                 /* faster than what a BLAS offers */
    int32_t panel;             /* columns of B a panel */
    int32_t tile;              /* rows that go together; a multiple of it wastes nothing */
    sg_product_pairs_fn pairs; /* NULL: paired products do not exist, or do not pay */
    const char *paired_name;   /* of the kernel with them */
    sg_product_fn product;
    const sg_winograd_kernels *winograd;
    const sg_strassen_kernels *strassen;
} sg_product_kernels;

/* The best for a set of instruction sets. */
void sg_product_kernels_init(sg_product_kernels *kernels, uint32_t set);

/* The `pairs` that the kernels for `set` can do, whether or not they pay on this processor; NULL:
 * none. */
sg_product_pairs_fn sg_product_pairs(uint32_t set);

/* One an instruction set; compiled where the processor's family has it. */
void sg_product_f32_ref(const sg_product *product);
void sg_product_f32_avx2(const sg_product *product);
void sg_product_f32_avx512(const sg_product *product);
void sg_product_f32_neon(const sg_product *product);
void sg_product_pairs_f32_avx512(const float *a, int64_t a_stride, int64_t rows, int64_t depth,
                                 float shift, float *pairs);

#endif
