/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/npy.c: NumPy files, byte by byte. Their format, version 1.0: "\x93NUMPY", 1, 0, the header's
 * length in two bytes, the low one first, and the header: a Python dict as text, filled up with
 * spaces and a line feed, so that the values begin at a multiple of 64 bytes. */

#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { C = 3, H = 4, W = 5, ROOM = 1024, PREFIX = 10, ALIGNMENT = 64 };

/* Numbers whose bits tell of every conversion. */
static void fill(float *values, size_t count)
{
    const float special[] = {NAN, INFINITY, -INFINITY, -0.0f, 1e-45f, 3.4028235e38f, 1.0f, 0.1f};
    uint64_t random = 3;
    for (size_t i = 0; i < count; i++)
        values[i] = i % 3 ? test_random_uniform(&random, -9.0f, 9.0f) : special[i / 3 % 8];
}

/* The header must be what Python's repr() makes of the dict, and no longer than it must be. */
static const unsigned char *check_header(const unsigned char *file, size_t size, const char *shape)
{
    char expected[200];
    const int text = snprintf(expected, sizeof(expected),
                              "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", shape);
    assert_true(size > PREFIX);
    assert_memory_equal(file, "\x93NUMPY\x01\x00", 8);
    const size_t length = (size_t)file[8] + 256u * file[9], begin = PREFIX + length;
    assert_int_equal(begin % ALIGNMENT, 0);
    assert_true(size > begin);
    assert_true(length > (size_t)text && length <= (size_t)text + ALIGNMENT);
    assert_memory_equal(file + PREFIX, expected, (size_t)text);
    for (size_t i = PREFIX + (size_t)text; i + 1 < begin; i++)
        assert_int_equal(file[i], ' ');
    assert_int_equal(file[begin - 1], '\n');
    return file + begin;
}

static void check_value(const unsigned char *bytes, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    for (int i = 0; i < 4; i++)
        assert_int_equal(bytes[i], bits >> 8 * i & 255);
}

/* Strides as they are meant: not all 0. */
static void check_file(const char *path, const char *shape, const segent_tensor_view *view)
{
    size_t size;
    unsigned char *file = test_read_file(path, &size);
    const unsigned char *values = check_header(file, size, shape);
    assert_int_equal(size - (size_t)(values - file),
                     4 * view->channels * view->height * view->width);
    for (int64_t c = 0; c < view->channels; c++) {
        for (int64_t y = 0; y < view->height; y++) {
            for (int64_t x = 0; x < view->width; x++, values += 4)
                check_value(values, view->data[c * view->channel_stride + y * view->row_stride +
                                               x * view->column_stride]);
        }
    }
    free(file);
}

static void test_tensors(void **state)
{
    static float values[ROOM];
    float *const middle = values + ROOM / 2;
    const segent_tensor_view views[] = {
        {middle, C, H, W, H * W, W, 1},   /* dense */
        {middle, C, H, W, 1, W * C, C},   /* channels last */
        {middle, C, H, W, 100, 20, 2},    /* padded */
        {middle, C, H, W, -100, -20, -2}, /* backwards */
        {middle, C, H, W, 1, C, C * H},   /* transposed */
        {middle, C, H, W, 0, W, 1},       /* the same map for each channel */
        {middle, 1, H, W, -77, W, 1},     /* dense: a single channel has no stride */
        {middle, 1, 1, 1, 5, 6, 7},
    };
    fill(values, ROOM);
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        const char *path = test_temporary("tensor.npy");
        test_assert_ok(*state, segent_tensor_save_npy(*state, &views[i], path));
        check_file(path, i < 6 ? "(3, 4, 5)" : i == 6 ? "(1, 4, 5)" : "(1, 1, 1)", &views[i]);
    }
    /* Strides of 0 stand for dense rows. */
    const segent_tensor_view short_way = {middle, C, H, W, 0, 0, 0};
    const char *path = test_temporary("tensor.npy");
    test_assert_ok(*state, segent_tensor_save_npy(*state, &short_way, path));
    check_file(path, "(3, 4, 5)", &views[0]);
}

/* Read back as the tests read the arrays that NumPy wrote. */
static void test_maps(void **state)
{
    enum { ROWS = 123, COLUMNS = 1017 };
    float *values = malloc(sizeof(float) * ROWS * COLUMNS * 2);
    assert_non_null(values);
    fill(values, (size_t)ROWS * COLUMNS * 2);
    const segent_map_view views[] = {
        {values, ROWS, COLUMNS, 0, 0},
        {values, ROWS, COLUMNS, COLUMNS, 1},
        {values, ROWS, COLUMNS, 2 * COLUMNS, 2},
        {values + (ROWS - 1) * COLUMNS, ROWS, COLUMNS, -COLUMNS, 1},
        {values, ROWS, COLUMNS, 1, ROWS},
    };
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        const segent_map_view *view = &views[i == 0 ? 1 : i];
        const segent_tensor_view meant = {view->data,         1, ROWS, COLUMNS, 0, view->row_stride,
                                          view->column_stride};
        const char *path = test_temporary("map.npy");
        test_assert_ok(*state, segent_map_save_npy(*state, &views[i], path));
        check_file(path, "(123, 1017)", &meant);
        test_array array = test_load_npy(path, "<f4");
        assert_int_equal(array.rank, 2);
        assert_int_equal(array.shape[0], ROWS);
        assert_int_equal(array.shape[1], COLUMNS);
        test_free_array(&array);
    }
    free(values);
}

static void test_refused(void **state)
{
    segent_context *context = *state;
    static float values[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    const segent_map_view map = segent_map(values, 2, 2);
    const segent_tensor_view tensor = segent_tensor_chw(values, 1, 2, 2);
    const char *path = test_temporary("refused.npy");
    const char *missing = test_temporary("missing/file.npy");
    test_assert_status(context, segent_map_save_npy(context, &map, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_map_save_npy: path is NULL");
    test_assert_status(context, segent_map_save_npy(context, NULL, path),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_map_save_npy: the values have no data");
    test_assert_status(context, segent_tensor_save_npy(context, &tensor, NULL),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_tensor_save_npy: path is NULL");
    test_assert_status(context, segent_tensor_save_npy(context, NULL, path),
                       SEGENT_ERROR_INVALID_ARGUMENT);
    test_assert_error_contains(context, "segent_tensor_save_npy: the values have no data");
    test_assert_status(context, segent_map_save_npy(context, &map, missing),
                       SEGENT_ERROR_NOT_FOUND);
    test_assert_error_contains(context, missing);
    test_assert_status(context, segent_tensor_save_npy(context, &tensor, "/dev/null"),
                       SEGENT_ERROR_IO);
    test_assert_error_contains(context, "/dev/null: cannot write");

    /* One value, repeated more often than a size can count. */
    const segent_tensor_view beyond[] = {{values, INT32_MAX, INT64_C(1) << 50, 1, 0, 0, 1},
                                         {values, 16, INT64_C(1) << 32, 1 << 26, 0, 0, 1},
                                         {values, INT32_MAX, 1, INT64_C(1) << 32, 0, 1, 0}};
    for (int i = 0; i < 3; i++) {
        test_assert_status(context, segent_tensor_save_npy(context, &beyond[i], path),
                           SEGENT_ERROR_LIMIT);
        test_assert_error_contains(context, "refused.npy: too many values for memory");
    }
    struct stat status;
    assert_int_not_equal(stat(path, &status), 0);
}

/* Each allocation fails in turn: no leak, and the file that was there is as it was. */
static void test_memory_runs_out(void **state)
{
    (void)state;
    static float values[2 * H * W];
    const segent_map_view map = {values, H, W, 2 * W, 2};
    const char *path = test_temporary("kept.npy");
    segent_status status = SEGENT_ERROR_OUT_OF_MEMORY;
    for (int64_t k = 1; status != SEGENT_OK; k++) {
        test_allocator memory = {0};
        const segent_options options = test_allocator_options(&memory);
        segent_context *context = NULL;
        assert_true(k < 20);
        test_write_file(path, "kept", 4);
        assert_int_equal(segent_context_create(&options, &context), SEGENT_OK);
        memory.calls = 0;
        memory.fail_at = k;
        status = segent_map_save_npy(context, &map, path);
        if (status != SEGENT_OK) {
            size_t size;
            test_assert_status(context, status, SEGENT_ERROR_OUT_OF_MEMORY);
            test_assert_error_contains(context, "kept.npy: out of memory");
            unsigned char *file = test_read_file(path, &size);
            assert_int_equal(size, 4);
            assert_memory_equal(file, "kept", 4);
            free(file);
        }
        assert_true(k > 1 || status != SEGENT_OK);
        segent_context_destroy(context);
        assert_int_equal(memory.live, 0);
    }
}

static int make(void **state)
{
    *state = test_context();
    return 0;
}

static int destroy(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tensors),
        cmocka_unit_test(test_maps),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, make, destroy);
}
