/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"

enum { ATTEMPTS = 100, NEW_MODE = 0666, PRIVATE_MODE = 0600 };

static bool fail_because(const sg_whole_file *file, const char *cause)
{
    console_say("%s: cannot write: %s", file->path, cause);
    return false;
}

static bool fail(const sg_whole_file *file, int cause)
{
    return fail_because(file, strerror(cause));
}

/* ---- the target ---- */

/* Renaming over a folder, device or pipe would remove it, and renaming over a file that may not be
 * written would not heed that. */
static bool check_old(const sg_whole_file *file)
{
    if (S_ISDIR(file->old.st_mode))
        return fail_because(file, "is a directory");
    if (!S_ISREG(file->old.st_mode))
        return fail_because(file, "not a regular file");
    return faccessat(AT_FDCWD, file->target, W_OK, AT_EACCESS) == 0 || fail(file, errno);
}

static bool find_target(sg_whole_file *file)
{
    struct stat link;
    file->exists = stat(file->path, &file->old) == 0;
    if (!file->exists && errno != ENOENT)
        return fail(file, errno);
    const bool linked = lstat(file->path, &link) == 0 && S_ISLNK(link.st_mode);
    if (linked && !file->exists)
        return fail_because(file, "is a symbolic link to a file that is not there");
    file->target = linked ? realpath(file->path, NULL) : text_join("%s", file->path);
    if (!file->target)
        return fail(file, errno);
    const char *slash = strrchr(file->target, '/');
    file->name = slash ? slash + 1 : file->target;
    if (file->exists)
        return check_old(file);
    return *file->name || fail(file, slash ? EISDIR : ENOENT);
}

static bool open_folder(sg_whole_file *file)
{
    const int length = (int)(file->name - file->target);
    char *folder = length > 0 ? text_join("%.*s", length, file->target) : text_join(".");
    file->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
#ifdef O_PATH
    if (file->folder < 0 && errno == EACCES) /* a folder that may be written, but not listed */
        file->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
#endif
    const int cause = errno;
    free(folder);
    return file->folder >= 0 || fail(file, cause);
}

/* ---- the temporary file ---- */

/* A name that is short whatever the target's is, and that nobody can wait for. */
static void draw_name(char name[TEMPORARY_SIZE])
{
    uint64_t random;
    if (getentropy(&random, sizeof(random)) != 0)
        random = (uint64_t)(clock_seconds() * 1e9) ^ (uint64_t)getpid() << 40;
    snprintf(name, TEMPORARY_SIZE, ".segent-%016llx", (unsigned long long)random);
}

/* A file without a name is gone when the process is, whatever ends it. Whoever may not read the old
 * file may not read the new one either, not even for a moment. */
static bool open_unnamed(sg_whole_file *file)
{
#ifdef O_TMPFILE
    if (access("/proc/self/fd", X_OK) == 0)
        file->descriptor = openat(file->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
                                  file->exists ? PRIVATE_MODE : NEW_MODE);
#endif
    return file->descriptor >= 0;
}

static bool open_named(sg_whole_file *file)
{
    for (int attempt = 0; attempt < ATTEMPTS && file->descriptor < 0; attempt++) {
        draw_name(file->temporary);
        file->descriptor =
            openat(file->folder, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                   file->exists ? PRIVATE_MODE : NEW_MODE);
        if (file->descriptor < 0 && errno != EEXIST)
            break;
    }
    if (file->descriptor >= 0)
        return true;
    file->temporary[0] = '\0';
    return fail(file, errno);
}

static bool give_name(sg_whole_file *file)
{
    char link[TEMPORARY_SIZE];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", file->descriptor);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        draw_name(file->temporary);
        if (linkat(AT_FDCWD, link, file->folder, file->temporary, AT_SYMLINK_FOLLOW) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    file->temporary[0] = '\0';
    return false;
}

/* The old file's permissions and, where that is allowed, its owner. A group that could not be kept
 * is given no more than others have. */
static void keep_permissions(const sg_whole_file *file)
{
    mode_t mode = file->old.st_mode & 0777;
    if (fchown(file->descriptor, file->old.st_uid, file->old.st_gid) != 0 &&
        fchown(file->descriptor, (uid_t)-1, file->old.st_gid) != 0)
        mode = (mode & ~(mode_t)070) | (mode & (mode & 7) << 3);
    (void)fchmod(file->descriptor, mode);
}

static void drop(sg_whole_file *file)
{
    if (file->descriptor >= 0)
        (void)close(file->descriptor);
    if (file->temporary[0])
        (void)unlinkat(file->folder, file->temporary, 0);
    if (file->folder >= 0)
        (void)close(file->folder);
    free(file->target);
    *file = (sg_whole_file){.path = file->path, .folder = -1, .descriptor = -1};
}

/* ---- one after the other ---- */

bool whole_file_begin(sg_whole_file *file, const char *path, bool named)
{
    *file = (sg_whole_file){.path = path, .folder = -1, .descriptor = -1};
    const bool begun = find_target(file) && open_folder(file) &&
                       ((!named && open_unnamed(file)) || open_named(file));
    if (!begun)
        drop(file);
    return begun;
}

bool whole_file_write(sg_whole_file *file, const void *bytes, size_t count)
{
    const char *next = bytes;
    while (count > 0 && file->cause == 0) {
        const ssize_t written = write(file->descriptor, next, count);
        if (written >= 0) {
            next += written;
            count -= (size_t)written;
        } else if (errno != EINTR) {
            file->cause = errno;
        }
    }
    return file->cause == 0;
}

/* Waits until the disk has the bytes, which a file system may first refuse here for want of room;
 * one that cannot wait has to be trusted. */
static int reach_disk(int descriptor)
{
    int result;
    do
        result = fsync(descriptor);
    while (result != 0 && errno == EINTR);
    return result == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS ? 0 : errno;
}

static sg_written keep(sg_whole_file *file)
{
    if (file->cause == 0 && file->exists)
        keep_permissions(file);
    if (file->cause == 0)
        file->cause = reach_disk(file->descriptor);
    if (file->cause == 0 && !file->temporary[0] && !give_name(file))
        return WRITTEN_NAMELESS;
    if (file->cause == 0) {
        const int closed = close(file->descriptor);
        file->descriptor = -1;
        if (closed != 0 || renameat(file->folder, file->temporary, file->folder, file->name) != 0)
            file->cause = errno;
    }
    if (file->cause != 0) {
        fail(file, file->cause);
        return WRITTEN_NOT;
    }
    file->temporary[0] = '\0';
    (void)reach_disk(file->folder); /* the name; without it the old file may come back */
    return WRITTEN;
}

sg_written whole_file_end(sg_whole_file *file, bool kept)
{
    const sg_written written = kept ? keep(file) : WRITTEN_NOT;
    drop(file);
    return written;
}
