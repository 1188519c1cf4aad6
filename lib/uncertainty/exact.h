/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Sums of doubles that do not depend on the order in which they are added, nor on how they are
 * split into parts that are added up: numbers of 384 bits with a fixed point, in which a sum is one
 * of integers. */

#ifndef SG_EXACT_H
#define SG_EXACT_H

#include <stdbool.h>
#include <stdint.h>

/* The value is sum_i limb[i] * 2^(64 i - SG_EXACT_FRACTION): steps of 2^-64, and room for 2^63
 * values below SG_EXACT_MAX. */
enum { SG_EXACT_LIMBS = 6, SG_EXACT_FRACTION = 64 };
typedef struct sg_exact {
    uint64_t limb[SG_EXACT_LIMBS];
} sg_exact;

/* 2^256: no value may be larger. */
#define SG_EXACT_MAX 0x1p256

/* Adds a value of 0 to SG_EXACT_MAX, rounded down to a multiple of 2^-64. */
void sg_exact_add(sg_exact *sum, double value);

/* Adds another sum. False: there is no room for it, and nothing was added. */
bool sg_exact_merge(sg_exact *sum, const sg_exact *other);

double sg_exact_value(const sg_exact *sum);

#endif
