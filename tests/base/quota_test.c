/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* lib/base/quota.c, on trees of files as Linux and containers have them. */

#include "support.h"

#include "base/quota.h"
#include "base/threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A tree: file names below its root and their contents, in pairs, then NULL. */
typedef const char *tree[17];

static int32_t quota_of(const tree files)
{
    static int trees;
    char number[16], root[256], path[1024];
    snprintf(number, sizeof(number), "tree%d", trees++);
    snprintf(root, sizeof(root), "%s", test_temporary(number));
    assert_int_equal(mkdir(root, 0700), 0);
    for (int i = 0; files[i]; i += 2) {
        snprintf(path, sizeof(path), "%s%s", root, files[i]);
        for (char *slash = path + strlen(root); (slash = strchr(slash + 1, '/')) != NULL;) {
            *slash = '\0';
            (void)mkdir(path, 0700);
            *slash = '/';
        }
        test_write_file(path, files[i + 1], strlen(files[i + 1]));
    }
    return sg_quota_processors(root);
}

#define GROUP  "/proc/self/cgroup"
#define SECOND "/sys/fs/cgroup"
#define FIRST  "/sys/fs/cgroup/cpu,cpuacct"

static void test_none(void **state)
{
    (void)state;
    assert_int_equal(quota_of((tree){NULL}), INT32_MAX);
    assert_int_equal(quota_of((tree){GROUP, "", NULL}), INT32_MAX);
    assert_int_equal(quota_of((tree){GROUP, "0::/\n", NULL}), INT32_MAX);
    assert_int_equal(quota_of((tree){GROUP, "0::/\n", SECOND "/cpu.max", "max 100000\n", NULL}),
                     INT32_MAX);
    assert_int_equal(quota_of((tree){GROUP, "4:cpu,cpuacct:/\n", FIRST "/cpu.cfs_quota_us", "-1\n",
                                     FIRST "/cpu.cfs_period_us", "100000\n", NULL}),
                     INT32_MAX);
    /* A quota of some other controller's, and one whose file is not for this process. */
    assert_int_equal(quota_of((tree){GROUP, "3:cpuset:/a\n0::/b\n", FIRST "/a/cpu.cfs_quota_us",
                                     "100000\n", FIRST "/a/cpu.cfs_period_us", "100000\n",
                                     SECOND "/c/cpu.max", "100000 100000\n", NULL}),
                     INT32_MAX);
}

static void test_second_version(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int32_t processors;
    } cases[] = {{"200000 100000\n", 2},
                 {"200001 100000\n", 3},
                 {"150000 100000\n", 2},
                 {"1000 100000\n", 1},
                 {"100000 100000", 1},
                 {"1600000 50000\n", 32},
                 {"999999999999999 1\n", INT32_MAX},
                 {"9999999999999999 1\n", INT32_MAX},
                 {"0 100000\n", INT32_MAX},
                 {"100000 0\n", INT32_MAX},
                 {"100000\n", INT32_MAX},
                 {"-5 100000\n", INT32_MAX},
                 {"", INT32_MAX},
                 {"\xff\xff 3\n", INT32_MAX}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(quota_of((tree){GROUP, "0::/\n", SECOND "/cpu.max", cases[i].text, NULL}),
                         cases[i].processors);
    /* Beside the first version. */
    assert_int_equal(quota_of((tree){GROUP, "7:memory:/x\n0::/y\n", SECOND "/unified/y/cpu.max",
                                     "300000 100000\n", NULL}),
                     3);
}

/* The lowest of a group's and of all above it. */
static void test_nested(void **state)
{
    (void)state;
    const char *const group = "0::/a.slice/b.slice/c.scope\n";
    const char *const none = "max 100000\n", *const two = "200000 100000\n",
                      *const five = "250000 50000\n";
    assert_int_equal(quota_of((tree){GROUP, group, SECOND "/a.slice/b.slice/c.scope/cpu.max", five,
                                     SECOND "/a.slice/b.slice/cpu.max", none,
                                     SECOND "/a.slice/cpu.max", two, NULL}),
                     2);
    assert_int_equal(quota_of((tree){GROUP, group, SECOND "/a.slice/b.slice/c.scope/cpu.max", two,
                                     SECOND "/a.slice/cpu.max", five, NULL}),
                     2);
    assert_int_equal(quota_of((tree){GROUP, group, SECOND "/cpu.max", five, NULL}), 5);
    /* A container: the path is the outer system's, the folder it means is the root inside. */
    assert_int_equal(quota_of((tree){GROUP, "0::/docker/0123abcd\n", SECOND "/cpu.max", two, NULL}),
                     2);
    assert_int_equal(quota_of((tree){GROUP, "0::/../../other\n", SECOND "/cpu.max", two, NULL}), 2);
}

static void test_first_version(void **state)
{
    (void)state;
    const char *const group = "12:cpuset:/\n4:cpuacct,cpu:/docker/77\n1:name=systemd:/docker/77\n";
    assert_int_equal(quota_of((tree){GROUP, group, FIRST "/docker/77/cpu.cfs_quota_us", "350000\n",
                                     FIRST "/docker/77/cpu.cfs_period_us", "100000\n", NULL}),
                     4);
    assert_int_equal(quota_of((tree){GROUP, group, FIRST "/cpu.cfs_quota_us", "50000\n",
                                     FIRST "/cpu.cfs_period_us", "100000\n", NULL}),
                     1);
    assert_int_equal(quota_of((tree){GROUP, "3:cpu:/\n", SECOND "/cpu/cpu.cfs_quota_us", "200000\n",
                                     SECOND "/cpu/cpu.cfs_period_us", "100000\n", NULL}),
                     2);
    /* Half of it is missing. */
    assert_int_equal(quota_of((tree){GROUP, group, FIRST "/cpu.cfs_quota_us", "50000\n", NULL}),
                     INT32_MAX);
}

/* Nothing that stands in these files does harm. */
static void test_odd_files(void **state)
{
    (void)state;
    static char longer[20000], path[5000];
    memset(longer, 'x', sizeof(longer) - 1);
    memset(path, 'a', sizeof(path) - 1);
    memcpy(path, "0::/", 4);
    const char *const odd[] = {longer, path, ":::::\n:\n::\n", "0", "0:", "0::", "\n\n\n", "0::\n"};
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        const int32_t processors =
            quota_of((tree){GROUP, odd[i], SECOND "/cpu.max", "200000 100000\n", NULL});
        assert_true(processors == 2 || processors == INT32_MAX);
    }
    assert_int_equal(sg_quota_processors(longer), INT32_MAX);
}

static void test_default(void **state)
{
    (void)state;
    assert_in_range(sg_default_threads(), 1, sg_processor_count());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none),      cmocka_unit_test(test_second_version),
        cmocka_unit_test(test_nested),    cmocka_unit_test(test_first_version),
        cmocka_unit_test(test_odd_files), cmocka_unit_test(test_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
