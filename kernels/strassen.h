/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* clang-format off */
/* Strassen's matrix product in Winograd's form (Strassen 1969, doi:10.1007/BF02165411; the form is
 * in Fischer and Probert, Efficient procedures for using matrix algorithms, ICALP 1974). With A, B
 * and C = A B cut in halves both ways,
 *
 *     A = [ A11 A12 ]    B = [ B11 B12 ]    C = [ C11 C12 ]
 *         [ A21 A22 ]        [ B21 B22 ]        [ C21 C22 ]
 *
 * seven products of halves do what otherwise takes eight, with 15 additions, of which the eight
 * of the left and right sides are made by the kernels here:
 *
 *     S1 = A21 + A22    S2 = S1 - A11     S3 = A11 - A21    S4 = A12 - S2
 *     T1 = B12 - B11    T2 = B22 - T1     T3 = B22 - B12    T4 = T2 - B21
 *
 *     P1 = A11 B11      P2 = A12 B21      P3 = S4 B22       P4 = A22 T4
 *     P5 = S1 T1        P6 = S2 T2        P7 = S3 T3
 *
 *     C11 = P1 + P2               C12 = P1 + P6 + P5 + P3
 *     C21 = P1 + P6 + P7 - P4     C22 = P1 + P6 + P7 + P5
 *
 * The other seven additions are done by the product's kernel (product.h), which can add terms but
 * not subtract them: so the right side that is made is -T4.
 *
 * B is the weights. A has a row for each pixel and C likewise: the upper halves are the even
 * pixels, the lower halves the odd ones. Then a pixel and its neighbour are computed in the same
 * way, with the same bits, wherever the caller cuts the map into pieces of even length. */
/* clang-format on */

#ifndef SG_KERNELS_STRASSEN_H
#define SG_KERNELS_STRASSEN_H

#include <stdbool.h>
#include <stdint.h>

/* A pair of pixels, an even one and the odd one after it: their channels, which are a row of A11
 * and A12 and a row of A21 and A22, and where the rows of S1 to S4 go. */
typedef struct sg_strassen_pair {
    const float *even, *odd; /* odd: NULL where the number of pixels is odd; zeros take its place */
    int64_t half;            /* half of the channels, a multiple of 16 */
    float *sums[4];          /* S1 to S4, `half` of each */
    int64_t next;            /* floats on to the next pair, which is fetched ahead */
} sg_strassen_pair;

/* S1 to S4 of a pair of pixels; every addition is rounded. */
typedef void (*sg_strassen_sums_fn)(const sg_strassen_pair *pair);

/* The same elements of the four quarters of the weights, and where those of the right sides go. */
typedef struct sg_strassen_weights {
    const float *b11, *b12, *b21, *b22;
    int64_t count;  /* elements of each, a multiple of 16 */
    float *sums[4]; /* T2, T1, T3 and -T4, in the order in which they are used */
    /* For paired products (product.h) all seven right sides are multiplied by `scale`, and those of
     * them that are not sums have to be copied for that: to `scaled`, B11, B21 and B22. Where its
     * elements are paired, a right side must then be less by the mean of its left side. `shift` is
     * the mean of A; the mean of A11, A12, A22 and S2 is `shift` too, that of S1 is twice `shift`,
     * and those of S3 and S4 are 0. NULL: not for paired products; nothing is scaled. */
    float *scaled[3];
    float scale, shift;
} sg_strassen_weights;

/* The right sides' elements; every operation is rounded. */
typedef void (*sg_strassen_weights_fn)(const sg_strassen_weights *weights);

typedef struct sg_strassen_kernels {
    sg_strassen_sums_fn sums;
    sg_strassen_weights_fn weights;
} sg_strassen_kernels;

/* One for each instruction set; compiled for processors of its family only. */
extern const sg_strassen_kernels sg_strassen_ref, sg_strassen_avx2, sg_strassen_avx512,
    sg_strassen_neon;

#endif
