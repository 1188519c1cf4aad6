/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the tests share. Include it before anything of cmocka's. */

#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "segent/segent.h"

/* Path of a file below tests/data. The string is reused by the fourth call after. */
const char *test_data(const char *name);

/* Path of a new file below a directory of this process's own, which is removed at exit. The string
 * is reused by the fourth call after. */
const char *test_temporary(const char *name);

/* Reads a whole file, to be freed with free(). Fails the test if it cannot be read. */
unsigned char *test_read_file(const char *path, size_t *size);
void test_write_file(const char *path, const void *data, size_t size);

/* An array of an .npy file below tests/data, which is trusted. */
typedef struct test_array {
    int64_t shape[8];
    int rank;
    int64_t count;
    char type[8]; /* NumPy's name: "<f4", "<f8", "|u1", "<u2", "<i8" */
    void *data;
} test_array;
test_array test_load_npy(const char *path, const char *type);
void test_free_array(test_array *array);

/* Makes a context with 2 threads. Fails the test if that fails. */
segent_context *test_context(void);

/* Asserts a status, and prints the context's error sentence if it is another one. */
#define test_assert_status(context, expression, expected) \
    test_check_status((context), (expression), (expected), #expression, __FILE__, __LINE__)
#define test_assert_ok(context, expression) test_assert_status(context, expression, SEGENT_OK)
void test_check_status(const segent_context *context, segent_status status, segent_status expected,
                       const char *text, const char *file, int line);

/* Asserts that the last error contains `part`. */
void test_assert_error_contains(const segent_context *context, const char *part);

/* An allocator that fails at the k-th allocation (never if 0) and counts what is live. Set the
 * members of segent_options from it: test_allocator memory = {.fail_at = k}; segent_options options
 * = test_allocator_options(&memory); */
typedef struct test_allocator {
    int64_t fail_at, calls, live;
} test_allocator;
segent_options test_allocator_options(test_allocator *memory);

/* A seeded generator, the same everywhere (splitmix64). */
uint64_t test_random(uint64_t *state);
float test_random_uniform(uint64_t *state, float low, float high);

#endif
