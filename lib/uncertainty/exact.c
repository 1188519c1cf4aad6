/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "uncertainty/exact.h"

#include <math.h>

/* Adds to one limb and carries into those above it. */
static void add_at(sg_exact *sum, int limb, uint64_t value)
{
    for (; value > 0 && limb < SG_EXACT_LIMBS; limb++) {
        sum->limb[limb] += value;
        value = sum->limb[limb] < value;
    }
}

void sg_exact_add(sg_exact *sum, double value)
{
    enum { MANTISSA = 53, LIMB = 64 };
    int exponent;
    /* value = digits * 2^(exponent - 53), and the lowest digit is at `place` of the sum. */
    const double fraction = frexp(value, &exponent);
    uint64_t digits = (uint64_t)ldexp(fraction, MANTISSA);
    int place = exponent - MANTISSA + SG_EXACT_FRACTION;
    if (place < 0) {
        digits = place > -MANTISSA ? digits >> -place : 0;
        place = 0;
    }
    const int limb = place / LIMB, shift = place % LIMB;
    add_at(sum, limb, digits << shift);
    if (shift > LIMB - MANTISSA)
        add_at(sum, limb + 1, digits >> (LIMB - shift));
}

bool sg_exact_merge(sg_exact *sum, const sg_exact *other)
{
    sg_exact total;
    uint64_t carry = 0;
    for (int i = 0; i < SG_EXACT_LIMBS; i++) {
        const uint64_t with_carry = sum->limb[i] + carry;
        carry = with_carry < carry;
        total.limb[i] = with_carry + other->limb[i];
        carry += total.limb[i] < with_carry;
    }
    if (carry > 0)
        return false;
    *sum = total;
    return true;
}

double sg_exact_value(const sg_exact *sum)
{
    double value = 0.0;
    for (int i = SG_EXACT_LIMBS - 1; i >= 0; i--)
        value += ldexp((double)sum->limb[i], 64 * i - SG_EXACT_FRACTION);
    return value;
}
