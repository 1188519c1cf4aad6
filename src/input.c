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
static const size_t stream_limit = (size_t)1 << 31;

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

/* Reads a pipe to its end into memory that grows, up to a limit, because a pipe may never end.
 * `empty` is what to say if nothing comes. */
static bool read_stream(int descriptor, const char *empty, sg_input *bytes, char *error,
                        size_t error_size)
{
    size_t capacity = FIRST_BLOCK, size = 0;
    char *data = memory_need(capacity, 1);
    bool failed = false;
    while (!failed) {
        if (size == capacity) {
            data = memory_grow(data, capacity, 2);
            capacity *= 2;
        }
        const ssize_t got = read(descriptor, data + size, capacity - size);
        if (got < 0 && errno == EINTR && !console_interrupted())
            continue;
        if (got == 0 && size > 0)
            break;
        size += got > 0 ? (size_t)got : 0;
        failed = got <= 0 || size > stream_limit;
        if (got < 0)
            fail_system(error, error_size, "cannot read", errno);
        else if (failed)
            fail(error, error_size,
                 got == 0 ? empty : "more than 2 GiB come from this pipe; give a file");
    }
    if (failed) {
        free(data);
        return false;
    }
    *bytes = (sg_input){data, size, false};
    return true;
}

static bool read_open(int descriptor, sg_input *bytes, char *error, size_t error_size)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return fail_system(error, error_size, "cannot read", errno);
    if (S_ISDIR(status.st_mode))
        return fail(error, error_size, "is a directory; give a file in it");
    if (S_ISFIFO(status.st_mode)) {
        /* Reading may wait from here on: if nobody writes to the pipe, its end is there at once. */
        (void)fcntl(descriptor, F_SETFL, 0);
        return read_stream(descriptor, "nothing to read: nobody writes to this pipe", bytes, error,
                           error_size);
    }
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

bool input_try(const char *path, sg_input *bytes, char *error, size_t error_size)
{
    if (strcmp(path, "-") == 0)
        return read_stream(STDIN_FILENO, "nothing to read", bytes, error, error_size);
    /* O_NONBLOCK, because opening a named pipe that nobody writes to would wait for ever. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && errno == ENXIO)
        return fail(error, error_size, "cannot be opened as a file; '-' reads standard input");
    if (descriptor < 0)
        return fail_system(error, error_size, "cannot open", errno);
    const bool done = read_open(descriptor, bytes, error, error_size);
    close(descriptor);
    return done;
}

bool input_open(const char *path, sg_input *bytes)
{
    char error[256];
    if (input_try(path, bytes, error, sizeof(error)))
        return true;
    if (!console_interrupted())
        console_fail(input_name(path), error);
    return false;
}

bool input_is_stream(const char *path)
{
    struct stat status;
    if (strcmp(path, "-") == 0)
        return true;
    return stat(path, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool input_refuse_folder(const char *path, const char *extension)
{
    struct stat status;
    size_t length = strlen(path);
    if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return false;
    while (length > 1 && path[length - 1] == '/')
        length--;
    char *cause = text_join("is a directory; give the files in it, such as %.*s/*%s", (int)length,
                            path, extension);
    console_fail(path, cause);
    free(cause);
    return true;
}

void input_close(sg_input *bytes)
{
    if (bytes->mapped)
        munmap((void *)bytes->data, bytes->size);
    else
        free((void *)bytes->data);
    *bytes = (sg_input){NULL, 0, false};
}

void input_release(const sg_input *bytes)
{
    if (bytes->mapped)
        (void)madvise((void *)bytes->data, bytes->size, MADV_DONTNEED);
}
