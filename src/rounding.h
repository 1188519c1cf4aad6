/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Numbers of 16 bits from float32, rounded to the nearest, ties to even, whatever the processor's
 * rounding mode is. What is too large becomes infinity, what is too small becomes 0, both with the
 * sign. */

#ifndef ROUNDING_H
#define ROUNDING_H

#include <stdint.h>

/* IEEE's binary16: 5 bits of exponent, 10 of fraction. */
uint16_t round_to_float16(float value);

/* The upper half of a float32: 8 bits of exponent, 7 of fraction. */
uint16_t round_to_bfloat16(float value);

#endif
