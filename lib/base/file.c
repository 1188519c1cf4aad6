/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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

segent_status sg_fail_system(segent_context *context, const char *path, const char *what, int error)
{
    const bool missing = error == ENOENT || error == ENOTDIR;
    return sg_fail(context, missing ? SEGENT_ERROR_NOT_FOUND : SEGENT_ERROR_IO, "%s: %s: %s", path,
                   what, error_text(error));
}

static segent_status check_regular(segent_context *context, const char *path,
                                   const struct stat *status)
{
    if (S_ISDIR(status->st_mode))
        return sg_fail(context, SEGENT_ERROR_IO, "%s: is a directory; give a file in it", path);
    if (!S_ISREG(status->st_mode))
        return sg_fail(context, SEGENT_ERROR_IO,
                       "%s: not a regular file; copy what it gives to one first", path);
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
        return sg_fail_system(context, path, "cannot open", errno);
    struct stat status;
    segent_status result = SEGENT_OK;
    if (fstat(descriptor, &status) != 0)
        result = sg_fail_system(context, path, "cannot read", errno);
    else
        result = check_regular(context, path, &status);
    if (result == SEGENT_OK) {
        void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (data == MAP_FAILED) {
            result = sg_fail_system(context, path, "cannot map", errno);
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
