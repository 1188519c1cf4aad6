/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files that are there whole or not at all, also where the system refuses a step. */

#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "whole_file.h"

static const char old_text[] = "old", new_text[] = "new and longer";

/* ---- the system ---- */

static int link_error, rename_error, write_error, short_writes;

int __real_linkat(int from, const char *path, int to, const char *name, int flags);
int __wrap_linkat(int from, const char *path, int to, const char *name, int flags);
int __real_renameat(int from, const char *path, int to, const char *name);
int __wrap_renameat(int from, const char *path, int to, const char *name);
ssize_t __real_write(int file, const void *bytes, size_t count);
ssize_t __wrap_write(int file, const void *bytes, size_t count);

int __wrap_linkat(int from, const char *path, int to, const char *name, int flags)
{
    errno = link_error;
    return link_error ? -1 : __real_linkat(from, path, to, name, flags);
}

int __wrap_renameat(int from, const char *path, int to, const char *name)
{
    errno = rename_error;
    return rename_error ? -1 : __real_renameat(from, path, to, name);
}

/* Every other call is interrupted before it has written anything; the others write a byte. */
ssize_t __wrap_write(int file, const void *bytes, size_t count)
{
    static int calls;
    errno = write_error;
    if (write_error)
        return -1;
    if (!short_writes)
        return __real_write(file, bytes, count);
    errno = EINTR;
    return calls++ % 2 ? -1 : __real_write(file, bytes, 1);
}

/* ---- the folder ---- */

typedef struct fixture {
    char folder[128], path[160];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    link_error = rename_error = write_error = short_writes = 0;
    snprintf(f->folder, sizeof(f->folder), "%s", test_temporary("whole-file"));
    snprintf(f->path, sizeof(f->path), "%s/target", f->folder);
    assert_int_equal(mkdir(f->folder, 0700), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)unlink(f->path);
    assert_int_equal(rmdir(f->folder), 0); /* nothing else was left in it */
    free(f);
    return 0;
}

static sg_written replace(const fixture *f, bool named, bool keep)
{
    sg_whole_file file;
    assert_true(whole_file_begin(&file, f->path, named));
    if (whole_file_write(&file, new_text, 3))
        whole_file_write(&file, new_text + 3, sizeof(new_text) - 3);
    return whole_file_end(&file, keep);
}

static void expect(const fixture *f, const char *text, size_t size)
{
    size_t found;
    unsigned char *bytes = test_read_file(f->path, &found);
    assert_int_equal(found, size);
    assert_memory_equal(bytes, text, size);
    free(bytes);
}

/* ---- the tests ---- */

static void test_new(void **state)
{
    const fixture *f = *state;
    for (int named = 0; named < 2; named++) {
        assert_int_equal(replace(f, named, true), WRITTEN);
        expect(f, new_text, sizeof(new_text));
        assert_int_equal(unlink(f->path), 0);
        assert_int_equal(replace(f, named, false), WRITTEN_NOT);
        assert_int_equal(access(f->path, F_OK), -1);
    }
}

static void test_old(void **state)
{
    const fixture *f = *state;
    struct stat status;
    for (int named = 0; named < 2; named++) {
        test_write_file(f->path, old_text, sizeof(old_text));
        assert_int_equal(chmod(f->path, 0640), 0);
        assert_int_equal(replace(f, named, false), WRITTEN_NOT);
        expect(f, old_text, sizeof(old_text));
        short_writes = 1;
        assert_int_equal(replace(f, named, true), WRITTEN);
        short_writes = 0;
        expect(f, new_text, sizeof(new_text));
        assert_int_equal(stat(f->path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0640);
    }
}

/* Where a file without a name cannot be given one, it has to be written again. */
static void test_nameless(void **state)
{
    const fixture *f = *state;
    link_error = ENOENT;
    const sg_written first = replace(f, false, true);
    assert_true(first == WRITTEN_NAMELESS ||
                first == WRITTEN); /* no file system has to have them */
    if (first == WRITTEN_NAMELESS)
        assert_int_equal(access(f->path, F_OK), -1);
    assert_int_equal(replace(f, true, true), WRITTEN);
    expect(f, new_text, sizeof(new_text));
}

static void test_refused(void **state)
{
    const fixture *f = *state;
    test_write_file(f->path, old_text, sizeof(old_text));
    for (int named = 0; named < 2; named++) {
        write_error = ENOSPC;
        assert_int_equal(replace(f, named, true), WRITTEN_NOT);
        write_error = 0;
        rename_error = EIO;
        assert_int_equal(replace(f, named, true), WRITTEN_NOT);
        rename_error = 0;
        expect(f, old_text, sizeof(old_text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_new, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_old, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nameless, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
