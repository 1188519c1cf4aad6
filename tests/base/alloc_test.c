/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/alloc.c */

#include "support.h"

#include "base/alloc.h"

#include <string.h>
#ifdef __linux__
#    include <sys/mman.h>
#    include <unistd.h>
#endif

static const sg_allocator standard = {NULL, NULL, NULL};

static void test_multiply(void **state)
{
    (void)state;
    size_t product = 7;
    assert_true(sg_size_multiply(0, SIZE_MAX, &product));
    assert_int_equal(product, 0);
    assert_true(sg_size_multiply(SIZE_MAX, 0, &product));
    assert_int_equal(product, 0);
    assert_true(sg_size_multiply(SIZE_MAX, 1, &product));
    assert_int_equal(product, SIZE_MAX);
    assert_true(sg_size_multiply(6, 7, &product));
    assert_int_equal(product, 42);
    assert_false(sg_size_multiply(SIZE_MAX, 2, &product));
    const size_t root = (size_t)1 << (sizeof(size_t) * 4);
    assert_false(sg_size_multiply(root, root, &product));
    assert_int_equal(product, 42);
}

static void test_impossible_sizes(void **state)
{
    (void)state;
    assert_null(sg_alloc(&standard, 0, 8));
    assert_null(sg_alloc(&standard, 8, 0));
    assert_null(sg_alloc(&standard, SIZE_MAX, 1));
    assert_null(sg_alloc(&standard, SIZE_MAX - 8, 1));
    assert_null(sg_alloc(&standard, SIZE_MAX / 2 + 1, 2));
    assert_null(sg_alloc_zero(&standard, SIZE_MAX, SIZE_MAX));
    assert_null(sg_alloc_string(&standard, "x", SIZE_MAX));
    sg_free(&standard, NULL);
}

static void check_block(size_t size)
{
    unsigned char *block = sg_alloc(&standard, size, 1);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 64, 0);
    block[0] = 1;
    block[size - 1] = 2;
    sg_free(&standard, block);
}

static void test_alignment(void **state)
{
    (void)state;
    const size_t large = (size_t)4 << 20; /* for malloc: pages of its own */
    for (size_t size = 1; size < 300; size++)
        check_block(size);
    check_block(large);
    check_block(large + 5);
}

static void test_zero(void **state)
{
    (void)state;
    /* Dirty memory first, so that the allocator has something to give back. */
    unsigned char *dirty = sg_alloc(&standard, 5000, 1);
    assert_non_null(dirty);
    memset(dirty, 0xff, 5000);
    sg_free(&standard, dirty);
    unsigned char *block = sg_alloc_zero(&standard, 1000, 5);
    assert_non_null(block);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(block[i], 0);
    sg_free(&standard, block);
}

/* What is written stays, and pages are there: one of each range is looked at. */
static void test_populate(void **state)
{
    (void)state;
    const size_t size = (size_t)4 << 20, begin = 70001, end = size - 1;
    unsigned char *block = sg_alloc(&standard, size, 1);
    assert_non_null(block);
    block[begin - 1] = 1, block[begin] = 2, block[end - 1] = 3, block[end] = 4;
    sg_alloc_populate(&standard, block, 0);
    sg_alloc_populate(&standard, block + begin, end - begin);
    assert_int_equal(block[begin - 1], 1);
    assert_int_equal(block[begin], 2);
    assert_int_equal(block[end - 1], 3);
    assert_int_equal(block[end], 4);
#ifdef MADV_POPULATE_WRITE
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *middle = block + size / 2 - (uintptr_t)block % page, there = 0;
    if (madvise(middle, page, MADV_POPULATE_WRITE) == 0) { /* no Linux before 5.14 */
        assert_int_equal(mincore(middle + page, page, &there), 0);
        assert_true(there & 1);
    }
#endif
    sg_free(&standard, block);
}

static void test_string(void **state)
{
    (void)state;
    char *text = sg_alloc_string(&standard, "a\0bcd", 4);
    assert_non_null(text);
    assert_memory_equal(text, "a\0bc", 5);
    sg_free(&standard, text);
    text = sg_alloc_string(&standard, "", 0);
    assert_non_null(text);
    assert_string_equal(text, "");
    sg_free(&standard, text);
}

/* Every allocation goes through the host's functions and back; a failure leaves nothing behind. */
static void test_host_functions(void **state)
{
    (void)state;
    test_allocator memory = {.fail_at = 3};
    const segent_options options = test_allocator_options(&memory);
    const sg_allocator host = {options.allocate, options.release, options.allocator_user};
    void *first = sg_alloc(&host, 10, 10);
    void *second = sg_alloc_zero(&host, (size_t)5 << 20, 1);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(sg_alloc(&host, 1, 1));
    assert_int_equal(memory.live, 2);
    assert_null(sg_alloc(&host, SIZE_MAX, 2));
    assert_int_equal(memory.calls, 3);
    sg_free(&host, second);
    sg_free(&host, first);
    sg_free(&host, NULL);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multiply),       cmocka_unit_test(test_impossible_sizes),
        cmocka_unit_test(test_alignment),      cmocka_unit_test(test_zero),
        cmocka_unit_test(test_populate),       cmocka_unit_test(test_string),
        cmocka_unit_test(test_host_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
