/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <stdio.h>
#include <string.h>

#include "published.h"

/* The name of every file has the first eight digits of its sha256, by which torch hub checks it. */
static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        const sg_published *file = &published_files[i];
        const char *digits = strrchr(file->file, '-');
        const size_t known = strlen(file->sha256);
        assert_true(known == 8 || known == SHA256_TEXT_SIZE - 1);
        assert_int_equal(known, strspn(file->sha256, "0123456789abcdef"));
        assert_non_null(digits);
        assert_int_equal(strncmp(digits + 1, file->sha256, 8), 0);
        assert_string_equal(digits + 9, ".pth");
        assert_int_equal(strncmp(file->file, file->network, strlen(file->network)), 0);
        assert_true(file->bytes > 0);
    }
}

/* Every file is found by its content and by its names; another size or another digit of what is
 * known of its sha256 makes another file. */
static void test_lookup(void **state)
{
    (void)state;
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        const sg_published *file = &published_files[i];
        char sha256[SHA256_TEXT_SIZE], path[128];
        const size_t known = strlen(file->sha256);
        memset(sha256, '0', sizeof(sha256) - 1);
        sha256[sizeof(sha256) - 1] = '\0';
        memcpy(sha256, file->sha256, known);
        assert_ptr_equal(published_by_content(file->bytes, sha256), file);
        assert_null(published_by_content(file->bytes - 1, sha256));
        sha256[known - 1] ^= 1;
        assert_null(published_by_content(file->bytes, sha256));
        assert_int_equal(published_hash_known(file), known == SHA256_TEXT_SIZE - 1);

        snprintf(path, sizeof(path), "a/b/%s", file->file);
        assert_ptr_equal(published_by_path(path), file);
        assert_ptr_equal(published_by_path(file->file), file);
        assert_null(published_by_path(file->network));
        assert_ptr_equal(published_by_name(file->network), file);
        assert_ptr_equal(published_by_name(file->file), file);
        assert_null(published_by_name(path));
    }
    assert_null(published_by_path("a/b/"));
    assert_null(published_by_name(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_lookup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
