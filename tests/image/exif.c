/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* EXIF data that is odd, damaged or hostile. Well-formed data is tested with pictures. */

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "image/codec.h"

enum { SIZE = 8 + 2 + 12 + 4 };

/* Little-endian: one entry, orientation 6. */
static const unsigned char plain[SIZE] = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3,
                                          0,   1,   0,  0, 0, 6, 0, 0, 0, 0, 0,    0,    0};

/* Reads a copy that ends exactly where the data does, so that a sanitizer sees any byte too far. */
static int32_t orientation_of(const unsigned char *data, size_t size)
{
    unsigned char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    const int32_t orientation = sg_exif_orientation(copy, size);
    free(copy);
    assert_in_range(orientation, 0, 8);
    return orientation;
}

static void test_plain(void **state)
{
    (void)state;
    unsigned char prefixed[SIZE + 6] = "Exif\0";
    memcpy(prefixed + 6, plain, SIZE);
    assert_int_equal(orientation_of(plain, SIZE), 6);
    assert_int_equal(orientation_of(prefixed, sizeof(prefixed)), 6);
}

/* 1: there is an orientation that is not sensible; 0: there is none, so that XMP may have one. */
static void test_changed(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        unsigned char value;
        int32_t orientation;
    } cases[] = {
        {0, 'X', 0},  {1, 'M', 0}, {2, 43, 0}, {4, 0, 0},    {4, 26, 0},    {4, 25, 0},  {4, 24, 0},
        {7, 0xff, 0}, {8, 0, 0},   {8, 2, 6},  {9, 0xff, 6}, {10, 0x13, 0}, {12, 1, 1},  {12, 2, 1},
        {12, 4, 6},   {12, 6, 6},  {12, 7, 1}, {12, 8, 6},   {12, 9, 6},    {12, 13, 6}, {12, 0, 0},
        {12, 14, 0},  {12, 17, 0}, {13, 1, 0}, {12, 5, 1},   {14, 0, 0},    {14, 2, 6},  {14, 3, 1},
        {18, 0, 1},   {18, 9, 1},  {19, 1, 1}, {18, 8, 8},   {25, 0xff, 6},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        unsigned char data[SIZE];
        memcpy(data, plain, SIZE);
        data[cases[i].at] = cases[i].value;
        const int32_t ours = orientation_of(data, SIZE);
        if (ours != cases[i].orientation)
            fail_msg("byte %zu = %d: %d, not %d", cases[i].at, cases[i].value, (int)ours,
                     (int)cases[i].orientation);
    }
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE - 4; size++)
        assert_int_equal(orientation_of(plain, size), 0);
    assert_int_equal(orientation_of(plain, SIZE - 4), 6);
}

/* The directory may lie in the header or refer to itself: nothing is followed. */
static void test_mutations(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int round = 0; round < 20000; round++) {
        unsigned char data[SIZE];
        memcpy(data, plain, SIZE);
        for (int flips = 0; flips < 3; flips++)
            data[test_random(&random) % SIZE] = (unsigned char)test_random(&random);
        orientation_of(data, (size_t)(test_random(&random) % (SIZE + 1)));
    }
}

/* XMP, in copies that end exactly where the text does. */
static void test_xmp(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t orientation;
    } cases[] = {
        {"", 0},
        {"t", 0},
        {"tiff:Orientation", 0},
        {"tiff:Orientation=\"", 0},
        {"tiff:Orientation=\"6", 6},
        {"tiff:Orientation>8", 8},
        {"tiff:Orientation>", 0},
        {"tiff:Orientation='6'", 0},
        {"tiff:Orientation=\"x\" tiff:Orientation=\"3\"", 3},
        {"tiff:Orientation=\"0\" tiff:Orientation=\"3\"", 1},
        {"tiff:Orientation>9<", 1},
        {"tttttiff:Orientation>2", 2},
        {"tiff:Orientatiotiff:Orientation>2", 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const size_t size = strlen(cases[i].text);
        unsigned char *copy = malloc(size > 0 ? size : 1);
        assert_non_null(copy);
        memcpy(copy, cases[i].text, size);
        const int32_t ours = sg_xmp_orientation(copy, size);
        free(copy);
        if (ours != cases[i].orientation)
            fail_msg("%s: %d, not %d", cases[i].text, (int)ours, (int)cases[i].orientation);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),     cmocka_unit_test(test_changed),
        cmocka_unit_test(test_truncated), cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_xmp),
    };
    return cmocka_run_group_tests_name("image: exif", tests, NULL, NULL);
}
