/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/file_write.c: what a written file keeps of the one before, and what is left when it
 * cannot be written. Every check counts the folder's entries, hidden ones too. */

#include "support.h"

#include "base/file.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, SKIPPED = 77 };

static char start[4096];

/* A new folder, which becomes the current one. */
static void enter(const char *name)
{
    const char *path = test_temporary(name);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(chdir(path), 0);
    assert_int_equal(chmod(".", 0777), 0);
}

static int leave(void **state)
{
    (void)state;
    return chdir(start);
}

static int entries(const char *folder)
{
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    int count = -2; /* . and .. */
    while (readdir(stream))
        count++;
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

static void check_refused(segent_context *context, const char *path, const char *part)
{
    test_assert_status(context, write_text(context, path, "text"), SEGENT_ERROR_IO);
    test_assert_error_contains(context, path);
    test_assert_error_contains(context, "cannot write");
    test_assert_error_contains(context, part);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void test_permissions(void **state)
{
    const mode_t modes[] = {0600, 0640, 0664, 0666, 0755, 0200};
    enter("permissions");
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        test_write_file("old", "old", 3);
        assert_int_equal(chmod("old", modes[i]), 0);
        test_assert_ok(*state, write_text(*state, "old", "new"));
        assert_int_equal(mode_of("old"), modes[i]);
        assert_int_equal(unlink("old"), 0);
    }
    const mode_t before = umask(027);
    test_assert_ok(*state, write_text(*state, "new", "new"));
    assert_int_equal(umask(before), 027); /* which the library has not changed */
    assert_int_equal(mode_of("new"), 0640);
    assert_int_equal(entries("."), 1);
}

static void test_owner(void **state)
{
    struct stat status;
    if (geteuid() != 0)
        skip();
    enter("owner");
    test_write_file("file", "old", 3);
    assert_int_equal(chown("file", NOBODY, 1), 0);
    assert_int_equal(chmod("file", 0640), 0);
    test_assert_ok(*state, write_text(*state, "file", "new"));
    assert_int_equal(stat("file", &status), 0);
    assert_int_equal(status.st_uid, NOBODY);
    assert_int_equal(status.st_gid, 1);
    assert_int_equal(status.st_mode & 07777, 0640);
    check_content("file", "new");
}

static void test_symbolic_links(void **state)
{
    struct stat status;
    enter("links");
    assert_int_equal(mkdir("elsewhere", 0777), 0);
    test_write_file("elsewhere/file", "old", 3);
    assert_int_equal(symlink("elsewhere/file", "first"), 0);
    assert_int_equal(symlink("first", "second"), 0);
    assert_int_equal(symlink("nothing", "dangling"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_int_equal(symlink("elsewhere", "folder"), 0);
    test_assert_ok(*state, write_text(*state, "second", "new"));
    check_content("elsewhere/file", "new");
    test_assert_ok(*state, write_text(*state, "folder/file", "newer"));
    check_content("elsewhere/file", "newer");
    check_refused(*state, "dangling", "a symbolic link to a file that is not there");
    check_refused(*state, "loop", "symbolic links");
    check_refused(*state, "folder", "is a directory");
    const char *const links[] = {"first", "second", "dangling", "loop", "folder"};
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        assert_int_equal(lstat(links[i], &status), 0);
        assert_true(S_ISLNK(status.st_mode));
    }
    assert_int_equal(entries("."), 6);
    assert_int_equal(entries("elsewhere"), 1);
}

/* The other name of a hard link keeps what it had. */
static void test_hard_links(void **state)
{
    enter("hard");
    test_write_file("one", "old", 3);
    assert_int_equal(link("one", "two"), 0);
    test_assert_ok(*state, write_text(*state, "one", "new"));
    check_content("one", "new");
    check_content("two", "old");
}

static void test_long_names(void **state)
{
    char name[260];
    enter("long");
    for (size_t length = 240; length <= 256; length++) {
        memset(name, 'n', length);
        name[length] = '\0';
        if (length <= 255)
            test_assert_ok(*state, write_text(*state, name, "text"));
        else
            check_refused(*state, name, "File name too long");
    }
    assert_int_equal(entries("."), 16);
}

static void test_names_that_are_folders(void **state)
{
    enter("names");
    test_assert_status(*state, write_text(*state, "new/", "text"), SEGENT_ERROR_IO);
    check_refused(*state, ".", "is a directory");
    check_refused(*state, "..", "is a directory");
    check_refused(*state, "/", "is a directory");
    assert_int_equal(entries("."), 0);
}

/* ---- what another user may do ---- */

/* Runs as a user without rights, in a folder that may be entered. */
static void as_nobody(void)
{
    if (geteuid() == 0)
        assert_int_equal(seteuid(NOBODY), 0);
}

static void as_before(void)
{
    assert_int_equal(seteuid(getuid()), 0);
}

static void test_write_protected(void **state)
{
    enter("protected");
    test_write_file("file", "old", 3);
    assert_int_equal(chmod("file", 0444), 0);
    as_nobody();
    const segent_status status = write_text(*state, "file", "new");
    as_before();
    test_assert_status(*state, status, SEGENT_ERROR_IO);
    test_assert_error_contains(*state, "file: cannot write: Permission denied");
    check_content("file", "old");
    assert_int_equal(entries("."), 1);
}

static void test_closed_folder(void **state)
{
    enter("closed");
    assert_int_equal(chmod(".", 0555), 0);
    as_nobody();
    const segent_status status = write_text(*state, "file", "new");
    as_before();
    assert_int_equal(chmod(".", 0755), 0);
    test_assert_status(*state, status, SEGENT_ERROR_IO);
    test_assert_error_contains(*state, "file: cannot write: Permission denied");
    assert_int_equal(entries("."), 0);
}

/* A folder that may be written into, but not listed. */
static void test_unlisted_folder(void **state)
{
    enter("unlisted");
    assert_int_equal(chmod(".", 0333), 0);
    as_nobody();
    const segent_status status = write_text(*state, "file", "new");
    as_before();
    assert_int_equal(chmod(".", 0755), 0);
    test_assert_ok(*state, status);
    check_content("file", "new");
    assert_int_equal(entries("."), 1);
}

/* In a folder like /tmp a file of another user can be written, but not replaced. */
static void test_sticky_folder(void **state)
{
    if (geteuid() != 0)
        skip();
    enter("sticky");
    test_write_file("file", "old", 3);
    assert_int_equal(chmod("file", 0666), 0);
    assert_int_equal(chmod(".", 01777), 0);
    as_nobody();
    const segent_status status = write_text(*state, "file", "new");
    as_before();
    test_assert_status(*state, status, SEGENT_ERROR_IO);
    test_assert_error_contains(*state, "file: cannot write: ");
    check_content("file", "old");
    assert_int_equal(entries("."), 1);
}

/* ---- no room ---- */

static volatile sig_atomic_t signals_seen;

static void count_signal(int number)
{
    (void)number;
    signals_seen++;
}

static bool is_waiting(void)
{
    sigset_t waiting;
    assert_int_equal(sigpending(&waiting), 0);
    return sigismember(&waiting, SIGXFSZ);
}

/* Writes more than a file may have, while SIGXFSZ does what it does for the host. */
static void write_beyond_limit(segent_context *context)
{
    static char block[4096];
    const sg_bytes parts[] = {{block, sizeof(block)}, {block, sizeof(block)}};
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 6000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const segent_status status = write_parts(context, "file", parts, 2);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    test_assert_status(context, status, SEGENT_ERROR_IO);
    test_assert_error_contains(context, "file: cannot write: File too large");
    check_content("file", "old");
    assert_int_equal(entries("."), 1);
}

/* With the default action the signal would end this test. */
static void test_size_limit(void **state)
{
    sigset_t mask;
    enter("limit");
    test_write_file("file", "old", 3);
    write_beyond_limit(*state);
    void (*const before)(int) = signal(SIGXFSZ, count_signal);
    write_beyond_limit(*state);
    assert_int_equal(signals_seen, 0);
    assert_false(is_waiting());
    assert_int_equal(pthread_sigmask(SIG_BLOCK, NULL, &mask), 0);
    assert_false(sigismember(&mask, SIGXFSZ));
    /* One that the host has waiting is the host's. */
    sigemptyset(&mask);
    sigaddset(&mask, SIGXFSZ);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &mask, NULL), 0);
    assert_int_equal(pthread_kill(pthread_self(), SIGXFSZ), 0);
    write_beyond_limit(*state);
    assert_true(is_waiting());
    assert_int_equal(pthread_sigmask(SIG_UNBLOCK, &mask, NULL), 0);
    assert_int_equal(signals_seen, 1);
    signal(SIGXFSZ, before);
}

/* In a process of its own, where a small disk can be mounted without anybody else seeing it. */
static int fill_small_disk(segent_context *context)
{
    static char block[1 << 20];
    const sg_bytes large = {block, sizeof(block)}, small = {"new", 3};
    if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0 ||
        mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("small", ".", "tmpfs", 0, "size=64k") != 0)
        return SKIPPED;
    char folder[4096];
    if (!getcwd(folder, sizeof(folder)) || chdir(folder) != 0)
        return 1;
    for (int round = 0; round < 2; round++) {
        if (write_parts(context, "file", &small, 1) != SEGENT_OK)
            return 2;
        if (write_parts(context, "file", &large, 1) != SEGENT_ERROR_IO ||
            !strstr(segent_last_error(context), "file: cannot write: No space left on device"))
            return 3;
        check_content("file", "new");
        if (entries(".") != 1)
            return 4;
        /* Without /proc the temporary file has a name from the beginning. */
        if (round == 0 && mount("none", "/proc", "tmpfs", 0, NULL) != 0)
            return SKIPPED;
    }
    return 0;
}

static void test_full_disk(void **state)
{
    int status;
    enter("disk");
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(fill_small_disk(*state));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == SKIPPED)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int make(void **state)
{
    *state = test_context();
    return getcwd(start, sizeof(start)) ? 0 : -1;
}

static int destroy(void **state)
{
    segent_context_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_permissions, leave),
        cmocka_unit_test_teardown(test_owner, leave),
        cmocka_unit_test_teardown(test_symbolic_links, leave),
        cmocka_unit_test_teardown(test_hard_links, leave),
        cmocka_unit_test_teardown(test_long_names, leave),
        cmocka_unit_test_teardown(test_names_that_are_folders, leave),
        cmocka_unit_test_teardown(test_write_protected, leave),
        cmocka_unit_test_teardown(test_closed_folder, leave),
        cmocka_unit_test_teardown(test_unlisted_folder, leave),
        cmocka_unit_test_teardown(test_sticky_folder, leave),
        cmocka_unit_test_teardown(test_size_limit, leave),
        cmocka_unit_test_teardown(test_full_disk, leave),
    };
    return cmocka_run_group_tests(tests, make, destroy);
}
