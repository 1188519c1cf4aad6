/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/file.c: mapping files, and writing them whole or not at all */

#include "support.h"

#include "base/file.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

static void check_refused(segent_context *context, const char *path, segent_status expected,
                          const char *part)
{
    sg_file file = {NULL, 0};
    test_assert_status(context, sg_file_open(context, path, &file), expected);
    assert_null(file.data);
    test_assert_error_contains(context, path);
    test_assert_error_contains(context, part);
    sg_file_close(&file);
}

static void test_open(void **state)
{
    segent_context *context = *state;
    const char *path = test_temporary("whole");
    sg_file file = {NULL, 0};
    test_write_file(path, "content", 7);
    test_assert_ok(context, sg_file_open(context, path, &file));
    assert_int_equal(file.size, 7);
    assert_memory_equal(file.data, "content", 7);
    sg_file_close(&file);
    assert_null(file.data);
    assert_int_equal(file.size, 0);
    sg_file_close(&file);
}

static void test_open_refuses(void **state)
{
    segent_context *context = *state;
    const char *path = test_temporary("regular");
    test_write_file(path, "x", 1);
    check_refused(context, test_temporary("missing"), SEGENT_ERROR_NOT_FOUND, "No such file");
    check_refused(context, "", SEGENT_ERROR_NOT_FOUND, "No such file");
    char below[256];
    snprintf(below, sizeof(below), "%s/below", path);
    check_refused(context, below, SEGENT_ERROR_NOT_FOUND, "Not a directory");
    check_refused(context, "/tmp", SEGENT_ERROR_IO, "is a directory; give a file in it");
    check_refused(context, "/dev/null", SEGENT_ERROR_IO,
                  "not a regular file; copy what it gives to one first");
    path = test_temporary("empty");
    test_write_file(path, "", 0);
    check_refused(context, path, SEGENT_ERROR_TRUNCATED, "empty");
    path = test_temporary("loop");
    assert_int_equal(symlink(path, path), 0);
    check_refused(context, path, SEGENT_ERROR_IO, "symbolic links");
}

/* Nobody writes to the pipe: an ordinary open() would wait for ever. */
static void test_open_does_not_hang_on_a_pipe(void **state)
{
    const char *path = test_temporary("pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(20);
    check_refused(*state, path, SEGENT_ERROR_IO, "not a regular file");
    alarm(0);
}

/* ---- writing ---- */

/* A new empty folder below this test's own. */
static const char *new_folder(const char *name)
{
    const char *path = test_temporary(name);
    assert_int_equal(mkdir(path, 0700), 0);
    return path;
}

static int entries(const char *folder)
{
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    int count = 0;
    for (const struct dirent *entry = readdir(stream); entry; entry = readdir(stream))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(stream);
    return count;
}

static void check_content(const char *path, const char *expected)
{
    size_t size;
    unsigned char *data = test_read_file(path, &size);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(data, expected, size);
    free(data);
}

/* As a public function would: inside the context. */
static segent_status write_parts(segent_context *context, const char *path, const sg_bytes *parts,
                                 size_t count)
{
    const segent_status status = sg_enter(context);
    return status == SEGENT_OK ? sg_leave(context, sg_write_file(context, path, parts, count))
                               : status;
}

static segent_status write_text(segent_context *context, const char *path, const char *text)
{
    const sg_bytes part = {text, strlen(text)};
    return write_parts(context, path, &part, 1);
}

static void test_write(void **state)
{
    segent_context *context = *state;
    const char *folder = new_folder("write");
    char path[256];
    snprintf(path, sizeof(path), "%s/file", folder);
    const sg_bytes parts[] = {{"one", 3}, {NULL, 0}, {"two", 3}};
    test_assert_ok(context, write_parts(context, path, parts, 3));
    check_content(path, "onetwo");
    test_assert_ok(context, write_text(context, path, "new"));
    check_content(path, "new");
    test_assert_ok(context, write_parts(context, path, NULL, 0));
    check_content(path, "");
    assert_int_equal(entries(folder), 1);
}

static void test_write_in_the_working_directory(void **state)
{
    char before[4096];
    const char *folder = new_folder("working");
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(folder), 0);
    const segent_status status = write_text(*state, "plain-name", "here");
    assert_int_equal(chdir(before), 0);
    assert_int_equal(status, SEGENT_OK);
    assert_int_equal(entries(folder), 1);
}

static void test_write_follows_links(void **state)
{
    segent_context *context = *state;
    const char *folder = new_folder("links");
    char path[256], link[256];
    struct stat status;
    snprintf(path, sizeof(path), "%s/file", folder);
    snprintf(link, sizeof(link), "%s/link", folder);
    test_write_file(path, "old", 3);
    assert_int_equal(symlink("file", link), 0);
    test_assert_ok(context, write_text(context, link, "new"));
    check_content(path, "new");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(entries(folder), 2);
}

static void check_unwritable(segent_context *context, const char *path, segent_status expected,
                             const char *part)
{
    test_assert_status(context, write_text(context, path, "text"), expected);
    test_assert_error_contains(context, path);
    test_assert_error_contains(context, "cannot write");
    test_assert_error_contains(context, part);
}

/* Folders that cannot be written to even by root, under which tests may run. */
static void test_write_refuses(void **state)
{
    segent_context *context = *state;
    const char *folder = new_folder("refused");
    char path[6000];
    struct stat status;
    snprintf(path, sizeof(path), "%s/file", folder);
    test_write_file(path, "kept", 4);
    strcat(path, "/below");
    check_unwritable(context, path, SEGENT_ERROR_NOT_FOUND, "Not a directory");
    snprintf(path, sizeof(path), "%s/no/folder", folder);
    check_unwritable(context, path, SEGENT_ERROR_NOT_FOUND, "No such file");
    check_unwritable(context, folder, SEGENT_ERROR_IO, "is a directory");
    check_unwritable(context, "/dev/full", SEGENT_ERROR_IO, "not a regular file");
    assert_int_equal(stat("/dev/full", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    snprintf(path, sizeof(path), "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    check_unwritable(context, path, SEGENT_ERROR_IO, "not a regular file");
    check_unwritable(context, "", SEGENT_ERROR_NOT_FOUND, "No such file");
    assert_int_equal(entries(folder), 2);
}

static void test_write_refuses_long_names(void **state)
{
    segent_context *context = *state;
    char path[6000];
    memset(path, 'n', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    test_assert_status(context, write_text(context, path, "text"), SEGENT_ERROR_IO);
    test_assert_error_contains(context, "nnnn");
}

/* A disk that is full, played by a limit on the size of files: the second part does not fit. */
static void test_failed_write_keeps_the_old_file(void **state)
{
    segent_context *context = *state;
    const char *folder = new_folder("full");
    char path[256];
    struct rlimit before, small;
    snprintf(path, sizeof(path), "%s/file", folder);
    test_write_file(path, "old", 3);

    static char block[4096];
    const sg_bytes parts[] = {{block, sizeof(block)}, {block, sizeof(block)}};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 6000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const segent_status status = write_parts(context, path, parts, 2);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);

    test_assert_status(context, status, SEGENT_ERROR_IO);
    test_assert_error_contains(context, "File too large");
    check_content(path, "old");
    assert_int_equal(entries(folder), 1);
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
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_open_refuses),
        cmocka_unit_test(test_open_does_not_hang_on_a_pipe),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_in_the_working_directory),
        cmocka_unit_test(test_write_follows_links),
        cmocka_unit_test(test_write_refuses),
        cmocka_unit_test(test_write_refuses_long_names),
        cmocka_unit_test(test_failed_write_keeps_the_old_file),
    };
    return cmocka_run_group_tests(tests, make, destroy);
}
