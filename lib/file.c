/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* English whatever the host's locale, and safe between threads where glibc offers that. */
static const char *error_text(int error)
{
#ifdef __GLIBC__
    const char *text = strerrordesc_np(error);
    return text ? text : "unknown error";
#else
    return strerror(error);
#endif
}

static segent_status fail_system(segent_context *context, const char *path, const char *what,
                                 int error)
{
    const bool missing = error == ENOENT || error == ENOTDIR;
    return sg_fail(context, missing ? SEGENT_ERROR_NOT_FOUND : SEGENT_ERROR_IO, "%s: %s: %s", path,
                   what, error_text(error));
}

/* ---- reading ---- */

static segent_status check_regular(segent_context *context, const char *path,
                                   const struct stat *status)
{
    if (S_ISDIR(status->st_mode))
        return sg_fail(context, SEGENT_ERROR_IO, "%s: is a directory", path);
    if (!S_ISREG(status->st_mode))
        return sg_fail(context, SEGENT_ERROR_IO, "%s: not a regular file", path);
    if (status->st_size == 0)
        return sg_fail(context, SEGENT_ERROR_TRUNCATED, "%s: the file is empty", path);
    if ((uintmax_t)status->st_size > SIZE_MAX)
        return sg_fail(context, SEGENT_ERROR_LIMIT, "%s: larger than this machine can map", path);
    return SEGENT_OK;
}

segent_status sg_file_open(segent_context *context, const char *path, sg_file *file)
{
    /* Not blocking: opening a named pipe must not hang. It is refused below. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail_system(context, path, "cannot open", errno);
    struct stat status;
    segent_status result = SEGENT_OK;
    if (fstat(descriptor, &status) != 0)
        result = fail_system(context, path, "cannot read", errno);
    else
        result = check_regular(context, path, &status);
    if (result == SEGENT_OK) {
        void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (data == MAP_FAILED) {
            result = fail_system(context, path, "cannot map", errno);
        } else {
            file->data = data;
            file->size = (size_t)status.st_size;
        }
    }
    close(descriptor);
    return result;
}

void sg_file_release(const sg_file *file, const void *data, size_t size)
{
    const uintptr_t start = (uintptr_t)file->data, begin = (uintptr_t)data;
    if (!file->data || begin < start || begin - start > file->size)
        return;
    /* Whole pages only; the mapping begins with one. A refusal changes nothing. */
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t first = ((size_t)(begin - start) + page - 1) / page * page;
    const size_t end = (size_t)(begin - start) + size;
    if (end <= file->size && end / page * page > first)
        (void)madvise((char *)(uintptr_t)file->data + first, end / page * page - first,
                      MADV_DONTNEED);
}

void sg_file_close(sg_file *file)
{
    if (file->data)
        munmap((void *)file->data, file->size);
    file->data = NULL;
    file->size = 0;
}

/* ---- writing ---- */

static segent_status write_parts(segent_context *context, int descriptor, const char *path,
                                 const segent_bytes *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *data = parts[i].data;
        size_t left = parts[i].size;
        while (left > 0) {
            const ssize_t written = write(descriptor, data, left < SSIZE_MAX ? left : SSIZE_MAX);
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return fail_system(context, path, "cannot write", errno);
            data += written;
            left -= (size_t)written;
        }
    }
    return SEGENT_OK;
}

/* Opens a new file beside `path`; its name goes into `name`. */
static int open_temporary(const char *path, char name[PATH_MAX])
{
    static atomic_uint counter;
    for (int attempt = 0; attempt < 100; attempt++) {
        const unsigned number = atomic_fetch_add(&counter, 1);
        const int length = snprintf(name, PATH_MAX, "%s.%ld-%u.tmp", path, (long)getpid(), number);
        if (length < 0 || length >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        const int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

/* Follows symbolic links to the file that is to be replaced, and refuses what is not a file:
 * renaming over a device or a pipe would remove it. */
static segent_status find_target(segent_context *context, const char *path, char target[PATH_MAX])
{
    struct stat status;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return sg_fail(context, SEGENT_ERROR_IO, "%s: cannot write: is a directory", path);
        if (!S_ISREG(status.st_mode))
            return sg_fail(context, SEGENT_ERROR_IO, "%s: cannot write: not a regular file", path);
        if (!realpath(path, target))
            return fail_system(context, path, "cannot write", errno);
        return SEGENT_OK;
    }
    if (strlen(path) >= PATH_MAX)
        return fail_system(context, path, "cannot write", ENAMETOOLONG);
    strcpy(target, path);
    return SEGENT_OK;
}

segent_status sg_write_file(segent_context *context, const char *path, const segent_bytes *parts,
                            size_t count)
{
    char target[PATH_MAX], temporary[PATH_MAX];
    if (!path || (!parts && count > 0))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_write_file: path or parts is NULL");
    segent_status status = find_target(context, path, target);
    if (status != SEGENT_OK)
        return status;
    const int descriptor = open_temporary(target, temporary);
    if (descriptor < 0)
        return fail_system(context, path, "cannot write", errno);
    status = write_parts(context, descriptor, path, parts, count);
    if (close(descriptor) != 0 && status == SEGENT_OK)
        status = fail_system(context, path, "cannot write", errno);
    if (status == SEGENT_OK && rename(temporary, target) != 0)
        status = fail_system(context, path, "cannot write", errno);
    if (status != SEGENT_OK)
        (void)unlink(temporary);
    return status;
}
