/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "rounding.h"

#include <string.h>

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* number / 2^shift to the nearest whole number, ties to even; shift is 1 to 31. */
static uint32_t divide(uint32_t number, uint32_t shift)
{
    const uint32_t quotient = number >> shift, rest = number & ((1u << shift) - 1u);
    const uint32_t half = 1u << (shift - 1u);
    return quotient + (rest > half || (rest == half && (quotient & 1u)));
}

/* Exponent and fraction are rounded as one number: a fraction that is rounded up to 1 carries into
 * the exponent, and the largest one into that of infinity. */
uint16_t round_to_float16(float value)
{
    enum { INFINITE = 0x7c00, QUIET_NAN = 0x7e00, BIAS = 127 - 15, TINY = 102 };
    const uint32_t bits = bits_of(value);
    const uint32_t sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    const uint32_t exponent = magnitude >> 23;
    uint32_t half;
    if (magnitude > 0x7f800000u)
        half = QUIET_NAN;
    else if (exponent < TINY) /* below half of the smallest number */
        half = 0;
    else if (exponent <= BIAS) /* a multiple of 2^-24 */
        half = divide((magnitude & 0x7fffffu) | 0x800000u, 126u - exponent);
    else if (exponent <= BIAS + 30)
        half = divide(magnitude - ((uint32_t)BIAS << 23), 13);
    else
        half = INFINITE;
    return (uint16_t)(sign | half);
}

uint16_t round_to_bfloat16(float value)
{
    const uint32_t bits = bits_of(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return (uint16_t)(bits >> 16 | 0x40u);
    return (uint16_t)(divide(bits & 0x7fffffffu, 16) | (bits >> 16 & 0x8000u));
}
