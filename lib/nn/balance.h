/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* How large numbers are, for paired products (product.h), which want both their sides alike. */

#ifndef SG_NN_BALANCE_H
#define SG_NN_BALANCE_H

#include <stdint.h>

/* Of some numbers, and of their squares. */
typedef struct sg_means {
    double numbers, squares;
} sg_means;

/* Looks at `count` numbers each of some of `rows` rows, always the same ones. */
sg_means sg_means_of(const float *numbers, int64_t rows, int64_t stride, int64_t count);

/* What numbers whose squares' mean is `right` have to be multiplied by to be about as large as
 * those of `left`: a power of two. 0 if products might overflow or vanish, or that is unknown
 * since a mean is not finite: then paired products must not be used. */
double sg_balance(double left, double right);

#endif
