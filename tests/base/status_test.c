/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Status codes and the version: lib/base/names.c. */

#include "support.h"

#include <stdio.h>
#include <string.h>

static const segent_status all[] = {SEGENT_OK,
                                    SEGENT_ERROR_INVALID_ARGUMENT,
                                    SEGENT_ERROR_UNSUPPORTED,
                                    SEGENT_ERROR_BUSY,
                                    SEGENT_ERROR_OUT_OF_MEMORY,
                                    SEGENT_ERROR_LIMIT,
                                    SEGENT_ERROR_NOT_FINITE,
                                    SEGENT_ERROR_NOT_PROBABILITY,
                                    SEGENT_ERROR_IO,
                                    SEGENT_ERROR_NOT_FOUND,
                                    SEGENT_ERROR_FORMAT,
                                    SEGENT_ERROR_TRUNCATED,
                                    SEGENT_ERROR_FORBIDDEN,
                                    SEGENT_ERROR_MODEL,
                                    SEGENT_ERROR_CANCELLED,
                                    SEGENT_ERROR_INTERNAL};
enum { COUNT = sizeof(all) / sizeof(all[0]) };

static void test_names_are_distinct(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        assert_string_not_equal(segent_status_string(all[i]), "unknown status");
        for (int j = 0; j < i; j++)
            assert_string_not_equal(segent_status_string(all[i]), segent_status_string(all[j]));
    }
}

static void test_other_numbers_have_a_name_too(void **state)
{
    (void)state;
    assert_string_equal(segent_status_string(-1), "unknown status");
    assert_string_equal(segent_status_string(1), "unknown status");
    assert_string_equal(segent_status_string(INT32_MAX), "unknown status");
    assert_string_equal(segent_status_string(INT32_MIN), "unknown status");
}

/* The numbers are the ABI: a change here breaks programs that are already built. */
static void test_numbers_are_frozen(void **state)
{
    (void)state;
    const segent_status numbers[COUNT] = {0,  10, 11, 12, 20, 21, 30, 31,
                                          40, 41, 50, 51, 52, 60, 70, 90};
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(all[i], numbers[i]);
}

static void test_version(void **state)
{
    (void)state;
    char expected[32];
    snprintf(expected, sizeof(expected), "%d.%d.%d", SEGENT_VERSION_MAJOR, SEGENT_VERSION_MINOR,
             SEGENT_VERSION_PATCH);
    assert_string_equal(segent_version(), expected);
    assert_string_equal(segent_version(), SEGENT_VERSION_STRING);
    assert_string_equal(segent_version(), TEST_PROJECT_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_distinct),
        cmocka_unit_test(test_other_numbers_have_a_name_too),
        cmocka_unit_test(test_numbers_are_frozen),
        cmocka_unit_test(test_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
