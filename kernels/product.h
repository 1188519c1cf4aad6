/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* The matrix product that every convolution becomes:
 *
 *     C[i][j] = activation(sum over k of A[i][k] B[k][j]
 *                          + term[i][j] + C[i][j] + bias[j] + residual[i][j])
 *
 * where each of the last four terms may be left out, for all rows i and the columns j of one panel
 * of B. A's rows are pixels of a channels-last map and are read where they lie. B is the weights,
 * packed before: the columns of a panel of one k lie side by side, and behind them those of the
 * next k. */
/* clang-format on */

#ifndef SG_KERNELS_PRODUCT_H
#define SG_KERNELS_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

#include "activation.h"
#include "average.h"
#include "bf16.h"
#include "depthwise.h"
#include "grouped.h"
#include "stem.h"
#include "strassen.h"
#include "winograd.h"

/* A second place for what has been summed up to some moment, plus a term of its own. Quarters of C
 * in Strassen's product share sums: one product leaves its own in several of them this way. */
typedef struct sg_product_also {
    float *c;          /* rows x columns; NULL: no such place */
    const float *term; /* rows x columns, never NULL where there is `c` */
    int64_t stride;    /* of both */
} sg_product_also;

typedef struct sg_product {
    int64_t rows, depth;
    int32_t columns; /* columns of this panel that exist: 1 to the kernels' `panel` */
    const float *a;  /* rows x depth, rows `a_stride` floats apart */
    int64_t a_stride;
    const float *b; /* depth x panel, packed; zeros for columns that do not exist */
    float *c;       /* rows x columns, rows `c_stride` floats apart */
    int64_t c_stride;
    bool accumulate;   /* whether what is in C is a term */
    const float *term; /* rows x columns, or NULL */
    int64_t term_stride;
    const float *bias;     /* one for each column, or NULL */
    const float *residual; /* rows x columns, or NULL; may be C itself if `accumulate` is false */
    int64_t residual_stride;
    sg_activation activation;
    sg_product_also also[2]; /* places for the sum over k, and for that plus `term` */

    /* Paired products (below), for which `columns` has to be the whole panel. */
    const float *pairs;  /* the sums that sg_product_pairs_fn made, one for each row of A; NULL:
                            products are not paired, and the rest is not looked at */
    float *column_pairs; /* the like sums of B's columns, `panel` of them: kept here from one
                            product with this panel to the next; NULL: not kept */
    bool columns_known;  /* whether `column_pairs` has them already; otherwise they are written */
    float unscale;       /* the sum over k is multiplied by this first */

    /* Halves (below) alone, which may put the result elsewhere than into C. */
    sg_bf16 *half; /* rows x columns, rows `half_stride` numbers apart; NULL: into C */
    int64_t half_stride;
    const sg_bf16 *half_residual; /* rows x columns, or NULL; may be `half` itself */
    int64_t half_residual_stride;
    int32_t *held; /* what the kernels hold from one product of this thread to the next, which is
                      theirs alone and 0 at first; whoever gives it ends the row of products with
                      sg_product_release. NULL: nothing is held */

    /* Memory that is fetched into the caches meanwhile; results do not depend on it, and each may
     * be NULL. */
    const float *next;         /* the panel of B that will be read after this one */
    const float *next_c;       /* where the next product's C begins, with the same stride */
    const char *ahead, *until; /* memory that will be read somewhat later, its beginning and end:
                                  at most a cache line for each step of k is fetched from it, and
                                  none during the steps that fetch `next` */
} sg_product;

/* clang-format off */
/* Paired products (Winograd 1968, doi:10.1109/TC.1968.227420) take one multiplication and two
 * additions in the place of two multiplications,
 *
 *     a0 b0 + a1 b1 = (a0 + b1) (a1 + b0) - a0 a1 - b0 b1
 *
 * which pays on processors that add in units of their own. The sums of a0 a1 over all pairs of k
 * are made once for each row of A, those of b0 b1 once for each column of B. Of each
 * SG_PRODUCT_BLOCK steps of k the first third is paired with the second; the last third, and steps
 * behind the last whole block, are multiplied as they are: so the processor adds for about as long
 * as it multiplies.
 *
 * What is rounded is as large as (|a| + |b|)^2, so A and B should be of one size: B is scaled to
 * A's, and `unscale` takes that back. It is rounded less where the mean of A is near 0; with s the
 * mean, a' = a - s and b' = b - s, the same number is
 *
 *     a0 b0 + a1 b1 = (a0 + b1') (a1 + b0') + (s^2 - a0' a1') - b0' b1'
 *
 * so B need only be less by s where it is paired, and A is read as it is. */
/* clang-format on */
enum { SG_PRODUCT_BLOCK = 24 };

/* pairs[i] = the sum of s^2 - (a0 - s) (a1 - s) over all pairs in row i of A, with s = `shift`. */
typedef void (*sg_product_pairs_fn)(const float *a, int64_t a_stride, int64_t rows, int64_t depth,
                                    float shift, float *pairs);

/* clang-format off */
/* Halves are products of bfloat16 numbers. A and B then hold pairs of such numbers in the place of
 * floats: `depth`, `a_stride` and the rows of a panel count pairs, and
 *
 *     C[i][j] = ... sum over pairs k of A[i][k].even B[k][j].even + A[i][k].odd B[k][j].odd ...
 *
 * with the sums in float32, in which C and `bias` are as well. What goes to `half` is rounded to
 * the nearest bfloat16, of two that are as near to the even one. */
/* clang-format on */

/* Each element of C is summed over k in ascending order (paired products: block after block, always
 * in the same order), with fused multiply-adds where the instruction set has them; then the other
 * terms are added in the order above. So an element depends on its row of A, its column of B and
 * its terms alone, not on `rows` or on the tile it falls in. */
typedef void (*sg_product_fn)(const sg_product *product);

typedef struct sg_product_kernels {
    const char *name;          /* for reports: "avx512 12x32" */
    bool fast;                 /* whether these are faster than a BLAS */
    int32_t panel;             /* columns of a panel of B */
    int32_t tile;              /* rows that are computed together: multiples of it waste nothing */
    sg_product_pairs_fn pairs; /* NULL: paired products do not exist, or do not pay here */
    const char *paired_name;   /* for reports, of products that are paired */
    sg_product_fn product;
    void (*release)(void); /* what the thread holds; NULL: nothing is ever held */
    const sg_winograd_kernels *winograd;
    const sg_strassen_kernels *strassen;
    sg_depthwise_fn depthwise;
    sg_add_pixels_fn add_pixels;
    sg_grouped_fn grouped;
    sg_stem_fn stem;
    int32_t lanes; /* of the vectors that grouped convolutions' weights are packed for */
} sg_product_kernels;

/* Behind the last of a row of products of one thread, to which `held` was given. */
static inline void sg_product_release(const sg_product_kernels *kernels, int32_t held)
{
    if (held != 0)
        kernels->release();
}

/* The best for a set of instruction sets, of floats and of halves. */
void sg_product_kernels_init(sg_product_kernels *kernels, uint32_t set);
void sg_half_kernels_init(sg_product_kernels *kernels, uint32_t set);

/* What the tests compare those of halves with; no part of a library. */
extern const sg_product_kernels sg_half_kernels_ref;

/* The function `pairs` for `set`, whether or not paired products pay on this processor; NULL: there
 * is none. */
sg_product_pairs_fn sg_product_pairs(uint32_t set);

/* One for each instruction set; compiled for processors of its family only. */
void sg_product_f32_ref(const sg_product *product);
void sg_product_f32_avx2(const sg_product *product);
void sg_product_f32_avx512(const sg_product *product);
void sg_product_f32_neon(const sg_product *product);
void sg_product_bf16_avx512_bf16(const sg_product *product);
void sg_product_bf16_neon_bf16(const sg_product *product);
void sg_product_bf16_amx(const sg_product *product);
void sg_release_amx(void);

/* The latter two's source with tiles of plain C, for tests. */
void sg_product_bf16_tiles_ref(const sg_product *product);
void sg_release_tiles_ref(void);
void sg_product_bf16_tiles_avx512_bf16(const sg_product *product);
void sg_release_tiles_avx512_bf16(void);

void sg_product_pairs_f32_avx512(const float *a, int64_t a_stride, int64_t rows, int64_t depth,
                                 float shift, float *pairs);

#endif
