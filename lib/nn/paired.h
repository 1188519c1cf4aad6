/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What engines share that use paired products (kernels/product.h), which one family of processors
 * has: whether there are any, how large the numbers of both sides are, which they want alike, and
 * what is kept of a right side. An engine whose numbers do not suit has ordinary products. */

#ifndef SG_NN_PAIRED_H
#define SG_NN_PAIRED_H

#include <stddef.h>

#include "product.h"

static inline bool sg_pairs_products(const sg_product_kernels *kernels)
{
    return kernels->pairs != NULL;
}

/* The name of the kernel, for reports. */
static inline const char *sg_product_name(const sg_product_kernels *kernels, bool paired)
{
    return paired ? kernels->paired_name : kernels->name;
}

/* ---- how large numbers are ---- */

/* The mean of some numbers, and of their squares. */
typedef struct sg_means {
    double numbers, squares;
} sg_means;

/* Looks at `count` numbers each of some of `rows` rows, always the same ones. */
sg_means sg_means_of(const float *numbers, int64_t rows, int64_t stride, int64_t count);

/* What numbers whose squares' mean is `right` have to be multiplied by to be about as large as
 * those of `left`: a power of two. 0 if products might overflow or vanish, or that is unknown
 * since a mean is not finite: then paired products must not be used. */
double sg_balance(double left, double right);

/* ---- right sides ---- */

/* How many of the `rows` rows from the k-th on of a right side that is `depth` high are of a pair,
 * if *paired is set to true, or are not, if to false. */
int64_t sg_paired_rows(int64_t k, int64_t depth, int64_t rows, bool *paired);

/* What a thread keeps of a right side: the sums over its columns' pairs (product.h), which the
 * first product by it makes, behind a head that tells whether they are there. */
enum { SG_COLUMNS_HEAD = 16 };
static inline int64_t sg_columns_floats(int64_t columns)
{
    return SG_COLUMNS_HEAD + columns;
}
static inline bool sg_columns_known(const float *columns)
{
    return columns[0] != 0;
}
static inline void sg_columns_set_known(float *columns, bool known)
{
    columns[0] = known ? 1 : 0;
}

#endif
