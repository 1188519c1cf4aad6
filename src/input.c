/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"

enum { FIRST_BLOCK = 1 << 16 };

const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static bool fail(char *error, size_t error_size, const char *what)
{
    snprintf(error, error_size, "%s", what);
    return false;
}

static bool fail_system(char *error, size_t error_size, const char *what, int cause)
{
    snprintf(error, error_size, "%s: %s", what, strerror(cause));
    return false;
}

/* Grows as it is read, so that a pipe that never ends is stopped by memory, not by a guess. */
static bool read_stdin(sg_input *bytes, char *error, size_t error_size)
{
    size_t capacity = FIRST_BLOCK, size = 0;
    char *data = memory_need(capacity, 1);
    for (;;) {
        if (size == capacity) {
            data = memory_grow(data, capacity, 2);
            capacity *= 2;
        }
        const ssize_t got = read(STDIN_FILENO, data + size, capacity - size);
        if (got < 0 && errno == EINTR && !console_interrupted())
            continue;
        if (got <= 0) {
            if (got == 0 && size > 0)
                break;
            const int cause = errno;
            free(data);
            return got == 0 ? fail(error, error_size, "nothing to read")
                            : fail_system(error, error_size, "cannot read", cause);
        }
        size += (size_t)got;
    }
    *bytes = (sg_input){data, size, false};
    return true;
}

static bool map(int descriptor, sg_input *bytes, char *error, size_t error_size)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return fail_system(error, error_size, "cannot read", errno);
    if (S_ISDIR(status.st_mode))
        return fail(error, error_size, "is a directory");
    if (!S_ISREG(status.st_mode))
        return fail(error, error_size, "not a regular file");
    if (status.st_size == 0)
        return fail(error, error_size, "the file is empty");
    void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED)
        return fail_system(error, error_size, "cannot map", errno);
    *bytes = (sg_input){data, (size_t)status.st_size, true};
    return true;
}

bool input_open(const char *path, sg_input *bytes, char *error, size_t error_size)
{
    if (strcmp(path, "-") == 0)
        return read_stdin(bytes, error, error_size);
    /* Not blocking: a named pipe must not hang us; map() refuses it. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail_system(error, error_size, "cannot open", errno);
    const bool mapped = map(descriptor, bytes, error, error_size);
    close(descriptor);
    return mapped;
}

void input_close(sg_input *bytes)
{
    if (bytes->mapped)
        munmap((void *)bytes->data, bytes->size);
    else
        free((void *)bytes->data);
    *bytes = (sg_input){NULL, 0, false};
}
