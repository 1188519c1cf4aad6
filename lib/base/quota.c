/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A container that may use half of eight processors sees all eight: its share is written in its
 * control group. More threads than that only wait for each other until the next period begins.
 *
 * /proc/self/cgroup has lines NUMBER:CONTROLLERS:PATH. Version 2 has no controllers in it, and a
 * group's file cpu.max says "QUOTA PERIOD" in microseconds, or "max PERIOD". In version 1 the line
 * of the controller cpu counts, and there is a file for each of the two numbers. A quota holds for
 * all groups below. In a container the path may be that of the system outside, whose last folders
 * are the root of what is mounted inside: so folders that are not there are passed over. */

#include "base/quota.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/threads.h"

enum { GROUPS_SIZE = 8192, NAME_SIZE = 4096, NUMBERS_SIZE = 64 };

/* The beginning of a file, as text; false if there is no such file. */
static bool read_text(const char *name, char *text, size_t size)
{
    const int descriptor = open(name, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got = 1;
    if (descriptor < 0)
        return false;
    while (length + 1 < size && (got = read(descriptor, text + length, size - 1 - length)) > 0)
        length += (size_t)got;
    close(descriptor);
    text[length] = '\0';
    return got >= 0;
}

/* A whole number above 0 of at most 15 digits; else 0. */
static int64_t parse_number(const char *text)
{
    int64_t number = 0;
    int digits = 0;
    for (; text[digits] >= '0' && text[digits] <= '9' && digits <= 15; digits++)
        number = number * 10 + (text[digits] - '0');
    return digits <= 15 ? number : 0;
}

static void lower(int32_t *processors, int64_t quota, int64_t period)
{
    if (quota < 1 || period < 1)
        return;
    const int64_t worth = (quota - 1) / period + 1;
    *processors = worth < *processors ? (int32_t)worth : *processors;
}

/* A group of either version: its folder is the first `length` characters of `name`. */
static void read_group(char name[NAME_SIZE], size_t length, bool second, int32_t *processors)
{
    char quota[NUMBERS_SIZE], period[NUMBERS_SIZE];
    snprintf(name + length, NAME_SIZE - length, "/%s", second ? "cpu.max" : "cpu.cfs_quota_us");
    if (!read_text(name, quota, sizeof(quota)))
        return;
    const char *space = strchr(quota, ' ');
    if (second) {
        lower(processors, parse_number(quota), space ? parse_number(space + 1) : 0);
        return;
    }
    snprintf(name + length, NAME_SIZE - length, "/cpu.cfs_period_us");
    if (read_text(name, period, sizeof(period)))
        lower(processors, parse_number(quota), parse_number(period));
}

/* The group of that path, and all above it. */
static void read_groups(const char *root, const char *mount, const char *path, bool second,
                        int32_t *processors)
{
    char name[NAME_SIZE];
    const size_t top = strlen(root) + strlen(mount), room = sizeof("/cpu.cfs_period_us");
    /* Outside of what this process sees of the tree, only its root can be looked at. */
    const bool outside = strstr(path, "/..") != NULL;
    size_t length = top + (outside ? 0 : strlen(path));
    if (length + room > sizeof(name))
        return;
    snprintf(name, sizeof(name), "%s%s%s", root, mount, outside ? "" : path);
    for (;;) {
        while (length > top && name[length - 1] == '/')
            length--;
        read_group(name, length, second, processors);
        if (length == top)
            return;
        while (length > top && name[length - 1] != '/')
            length--;
    }
}

/* Whether `name` is one of the words between commas. */
static bool has_word(const char *words, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = words; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

int32_t sg_quota_processors(const char *root)
{
    static const char *const first[] = {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct",
                                        "/sys/fs/cgroup/cpuacct,cpu"};
    static const char *const second[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    char groups[GROUPS_SIZE], name[256];
    int32_t processors = INT32_MAX;
    if (snprintf(name, sizeof(name), "%s/proc/self/cgroup", root) >= (int)sizeof(name) ||
        !read_text(name, groups, sizeof(groups)))
        return processors;
    char *rest = groups;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        char *path = line;
        const char *number = strsep(&path, ":"), *controllers = path ? strsep(&path, ":") : NULL;
        if (!number || !controllers || !path)
            continue;
        if (controllers[0] == '\0') {
            for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++)
                read_groups(root, second[i], path, true, &processors);
        } else if (has_word(controllers, "cpu")) {
            for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
                read_groups(root, first[i], path, false, &processors);
        }
    }
    return processors;
}

int32_t sg_default_threads(void)
{
    const int32_t processors = sg_processor_count(), quota = sg_quota_processors("");
    return quota < processors ? quota : processors;
}
