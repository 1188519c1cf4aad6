/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Strassen's matrix product with Winograd's additions (Strassen 1969; Fischer and Probert 1974):
 * with all three matrices cut in halves both ways, seven products of halves instead of eight,
 *
 *     P1 = A11 B11   P2 = A12 B21   P3 = S4 B22   P4 = A22 T4
 *     P5 = S1 T1     P6 = S2 T2     P7 = S3 T3
 *
 *     C11 = P1 + P2                 C12 = P1 + P6 + P5 + P3
 *     C21 = P1 + P6 + P7 - P4       C22 = P1 + P6 + P7 + P5
 *
 * The T's are made of B, which are weights, the S's of A. What is added to a product is added by
 * its kernel (product.h). Rows of A and C are halved by even and odd pixels, so that a pair of
 * neighbours gives the same bits wherever it stands. */

#ifndef SG_KERNELS_STRASSEN_H
#define SG_KERNELS_STRASSEN_H

#include <stdbool.h>
#include <stdint.h>

/* A pair's channels, of which there are 2 `half`, and where S1 to S4 go. */
typedef struct sg_strassen_pair {
    const float *even, *odd; /* odd: NULL if there is none, which counts as zeros */
    int64_t half;            /* a multiple of 16 */
    float *sums[4];          /* `half` of each */
    int64_t next;            /* for the caches only: the next pair is so many floats further on */
} sg_strassen_pair;

/* S1 = A21 + A22, S2 = S1 - A11, S3 = A11 - A21, S4 = A12 - S2. */
typedef void (*sg_strassen_sums_fn)(const sg_strassen_pair *pair);

/* Quarters of the weights, `count` of each, and where T2, T1, T3 and -T4 go. */
typedef struct sg_strassen_weights {
    const float *b11, *b12, *b21, *b22;
    int64_t count; /* a multiple of 16 */
    float *sums[4];
    /* For paired products (product.h), where B11, B21, B22 go; NULL: not for them. Then all seven
     * right sides are `scale` times as large, and less by `shift` as often as the mean of A's
     * elements, which it is, goes into their left sides: T1 twice, T3 and B22 not at all. */
    float *scaled[3];
    float scale, shift;
} sg_strassen_weights;

/* T1 = B12 - B11, T2 = B22 - T1, T3 = B22 - B12, -T4 = B21 - T2. */
typedef void (*sg_strassen_weights_fn)(const sg_strassen_weights *weights);

typedef struct sg_strassen_kernels {
    sg_strassen_sums_fn sums;
    sg_strassen_weights_fn weights;
} sg_strassen_kernels;

/* One set an instruction set; compiled where the processor's family has it. */
extern const sg_strassen_kernels sg_strassen_ref, sg_strassen_avx2, sg_strassen_avx512,
    sg_strassen_neon;

#endif
