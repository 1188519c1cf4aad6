/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Rounding to 16 bits: at every number of the types, halfway between it and the next, and the
 * float32 to either side of that. */

#include "support.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "rounding.h"

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* The value of a finite positive float16. */
static float value_of_float16(uint16_t half)
{
    const int exponent = half >> 10, fraction = half & 1023;
    return exponent == 0 ? ldexpf((float)fraction, -24)
                         : ldexpf((float)(1024 + fraction), exponent - 25);
}

static float value_of_bfloat16(uint16_t half)
{
    return float_of((uint32_t)half << 16);
}

typedef uint16_t (*rounding)(float value);

/* Checks both signs. */
static void check(rounding round, float value, uint16_t expected)
{
    assert_int_equal(round(value), expected);
    assert_int_equal(round(-value), expected | 0x8000);
}

/* Checks the numbers from 0 to `last`; behind it comes what rounds to infinity, from `beyond` on.
 */
static void check_all(rounding round, float (*value_of)(uint16_t half), uint16_t last, float beyond)
{
    for (uint16_t half = 0; half < last; half++) {
        const float low = value_of(half), high = value_of((uint16_t)(half + 1));
        const float middle = low / 2.0f + high / 2.0f;
        const uint16_t next = (uint16_t)(half + 1), even = half % 2 == 0 ? half : next;
        check(round, low, half);
        if (middle - low == high - middle) { /* not below what float32 itself resolves */
            check(round, middle, even);
            check(round, nextafterf(middle, 0.0f), half);
            check(round, nextafterf(middle, INFINITY), next);
        }
    }
    check(round, value_of(last), last);
    check(round, nextafterf(beyond, 0.0f), last);
    check(round, beyond, (uint16_t)(last + 1));
    check(round, FLT_MAX, (uint16_t)(last + 1));
    check(round, INFINITY, (uint16_t)(last + 1));
    assert_true((round(NAN) & 0x7fff) > last + 1);
}

static void test_float16(void **state)
{
    (void)state;
    check_all(round_to_float16, value_of_float16, 0x7bff, 65520.0f);
    check(round_to_float16, FLT_TRUE_MIN, 0);
    check(round_to_float16, FLT_MIN, 0);
}

static void test_bfloat16(void **state)
{
    (void)state;
    check_all(round_to_bfloat16, value_of_bfloat16, 0x7f7f, float_of(0x7f7f8000));
    check(round_to_bfloat16, FLT_TRUE_MIN, 0);
    check(round_to_bfloat16, float_of(0x7f800000 - 1), 0x7f80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_float16),
                                       cmocka_unit_test(test_bfloat16)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
