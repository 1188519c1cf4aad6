/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs.h"

static const char *const panel = ".panel.png";

static void test_stems(void **state)
{
    (void)state;
    const struct {
        const char *input, *stem;
    } cases[] = {{"cat.jpg", "cat"}, {"a/b/cat.tar.gz", "cat.tar"},
                 {"cat", "cat"},     {".hidden", ".hidden"},
                 {"a.b/cat", "cat"}, {"-", "stdin"},
                 {"cat.", "cat"},    {"dir/", "dir"},
                 {"dir.d///", "dir"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *stem = output_stem(cases[i].input);
        assert_string_equal(stem, cases[i].stem);
        free(stem);
    }
}

static void test_paths(void **state)
{
    (void)state;
    const struct {
        const char *folder, *path;
    } cases[] = {{".", "cat.panel.png"},
                 {"out", "out/cat.panel.png"},
                 {"out/", "out/cat.panel.png"},
                 {"/", "/cat.panel.png"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *path = output_path(cases[i].folder, "pictures/cat.jpg", panel);
        assert_string_equal(path, cases[i].path);
        free(path);
    }
}

static bool prepare(const char *out, const char *first, const char *second)
{
    char *inputs[] = {(char *)first, (char *)second};
    const sg_settings settings = {.inputs = inputs, .input_count = second ? 2 : 1, .out = out};
    return outputs_prepare(&settings, &panel, 1, NULL);
}

static int forget_folders(void **state)
{
    (void)state;
    outputs_finish();
    return 0;
}

static void test_clashes(void **state)
{
    (void)state;
    const char *out = test_temporary("out");
    assert_true(prepare(out, "a/cat.jpg", "a/dog.jpg"));
    assert_false(prepare(out, "a/cat.jpg", "b/cat.jpg"));
    assert_false(prepare(out, "cat.jpg", "cat.png"));
    assert_false(prepare(out, "cat.jpg", "cat.jpg"));
    assert_false(prepare(out, "-", "stdin.jpg"));
    const sg_settings settings = {.inputs = (char *[]){"cat.jpg", "cat.png"}, .input_count = 2};
    assert_true(outputs_prepare(&settings, NULL, 0, NULL)); /* nothing is written */
}

static void test_folders(void **state)
{
    (void)state;
    struct stat status;
    char deep[256];
    snprintf(deep, sizeof(deep), "%s", test_temporary("one/two/three"));
    assert_true(prepare(deep, "cat.jpg", NULL));
    assert_int_equal(stat(deep, &status), 0);
    assert_true(S_ISDIR(status.st_mode));
    assert_true(prepare(deep, "cat.jpg", NULL));
    const char *file = test_temporary("file");
    test_write_file(file, "x", 1);
    assert_false(prepare(file, "cat.jpg", NULL));
    assert_false(prepare(test_temporary("file/below"), "cat.jpg", NULL));
    assert_false(prepare("/proc/nothing-can-be-made-here", "cat.jpg", NULL));
}

/* Folders that were made stay when there is something in them, others never go. */
static void test_empty_folders(void **state)
{
    (void)state;
    struct stat status;
    char before[256], empty[300], full[300], file[320];
    snprintf(before, sizeof(before), "%s", test_temporary("before"));
    snprintf(empty, sizeof(empty), "%s/new/empty/../deeper/", before);
    snprintf(full, sizeof(full), "%s/full/er", before);
    snprintf(file, sizeof(file), "%s/full/cat.panel.png", before);
    assert_int_equal(mkdir(before, 0777), 0);
    assert_true(prepare(empty, "cat.jpg", NULL));
    assert_true(prepare(before, "cat.jpg", NULL));
    assert_int_equal(stat(empty, &status), 0);
    outputs_finish();
    assert_int_equal(stat(before, &status), 0);
    assert_int_equal(rmdir(before), 0); /* nothing is left in it */
    assert_true(prepare(full, "cat.jpg", NULL));
    test_write_file(file, "x", 1);
    outputs_finish();
    assert_int_not_equal(stat(full, &status), 0);
    assert_int_equal(stat(file, &status), 0);
    outputs_finish();
    assert_int_equal(stat(file, &status), 0);
}

/* cat.jpg's panel would be the other input. */
static void test_overwriting(void **state)
{
    (void)state;
    char folder[256], input[300];
    snprintf(folder, sizeof(folder), "%s", test_temporary("pictures"));
    assert_int_equal(mkdir(folder, 0777), 0);
    snprintf(input, sizeof(input), "%s/cat.panel.png", folder);
    test_write_file(input, "x", 1);
    assert_false(prepare(folder, "cat.jpg", input));
    assert_true(prepare(test_temporary("elsewhere"), "cat.jpg", input));
}

/* ---- a file system that takes letter cases as one ---- */

static bool folding;

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, int mode);

/* While `folding`, files in the folder that clashes_probe() makes are named in small letters. */
int __wrap_open64(const char *path, int flags, int mode)
{
    char name[512];
    snprintf(name, sizeof(name), "%s", path);
    char *base = strrchr(name, '/');
    for (; folding && base && strstr(name, "/.segent-") && *base; base++)
        *base = (char)tolower((unsigned char)*base);
    return __real_open64(name, flags, mode);
}

static void test_letter_cases(void **state)
{
    (void)state;
    char folder[256];
    snprintf(folder, sizeof(folder), "%s", test_temporary("cases"));
    assert_int_equal(mkdir(folder, 0777), 0);
    assert_true(prepare(folder, "cat.jpg", "CAT.jpg"));
    folding = true;
    assert_false(prepare(folder, "cat.jpg", "CAT.png"));
    assert_true(prepare(folder, "cat.jpg", "CATS.jpg"));
    folding = false;
    assert_int_equal(rmdir(folder), 0); /* nothing is left in it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stems),
        cmocka_unit_test(test_paths),
        cmocka_unit_test_teardown(test_clashes, forget_folders),
        cmocka_unit_test_teardown(test_folders, forget_folders),
        cmocka_unit_test_teardown(test_empty_folders, forget_folders),
        cmocka_unit_test_teardown(test_overwriting, forget_folders),
        cmocka_unit_test_teardown(test_letter_cases, forget_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
