/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Files on their way out: whole or not at all. The bytes go to a file without a
 * name, or with one that nobody else has, in the folder of the target, from
 * there to the disk, and only then under the target's name. */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_SIZE = 32, ATTEMPTS = 100, NEW_MODE = 0666, PRIVATE_MODE = 0600 };

typedef struct writer {
    segent_context *context;
    const char *path;      /* as the caller calls it, for sentences */
    char target[PATH_MAX]; /* where it leads to: the folder, then `name` */
    const char *name;
    bool exists;
    struct stat old;           /* if it exists */
    int folder, descriptor;    /* -1: not open */
    char temporary[NAME_SIZE]; /* in the folder; "": the open file has no name */
    bool cannot_link;
} writer;

static segent_status fail(const writer *self, int error)
{
    return sg_fail_system(self->context, self->path, "cannot write", error);
}

static segent_status fail_because(const writer *self, const char *cause)
{
    return sg_fail(self->context, SEGENT_ERROR_IO, "%s: cannot write: %s", self->path, cause);
}

/* ---- the target ---- */

/* A symbolic link stays one: what it points to is written, and must be there.
 */
static segent_status follow_link(writer *self)
{
    if (stat(self->path, &self->old) != 0) {
        if (errno == ENOENT)
            return fail_because(self, "is a symbolic link to a file that is not there");
        return fail(self, errno);
    }
    return realpath(self->path, self->target) ? SEGENT_OK : fail(self, errno);
}

/* Renaming over a folder, device or pipe would remove it, and renaming over a
 * file that may not be written would not heed that. */
static segent_status check_old(const writer *self)
{
    if (S_ISDIR(self->old.st_mode))
        return fail_because(self, "is a directory");
    if (!S_ISREG(self->old.st_mode))
        return fail_because(self, "not a regular file");
    if (faccessat(AT_FDCWD, self->target, W_OK, AT_EACCESS) != 0)
        return fail(self, errno);
    return SEGENT_OK;
}

static segent_status find_target(writer *self)
{
    segent_status status = SEGENT_OK;
    const size_t length = strlen(self->path);
    if (length >= PATH_MAX)
        return fail(self, ENAMETOOLONG);
    memcpy(self->target, self->path, length + 1);
    self->exists = lstat(self->path, &self->old) == 0;
    if (!self->exists && errno != ENOENT)
        return fail(self, errno);
    if (self->exists && S_ISLNK(self->old.st_mode))
        status = follow_link(self);
    if (self->exists && status == SEGENT_OK)
        status = check_old(self);
    const char *slash = strrchr(self->target, '/');
    self->name = slash ? slash + 1 : self->target;
    if (status == SEGENT_OK && !*self->name)
        status = fail(self, slash ? EISDIR : ENOENT);
    return status;
}

static segent_status open_folder(writer *self)
{
    char folder[PATH_MAX] = ".";
    const size_t length = (size_t)(self->name - self->target);
    if (length > 0)
        memcpy(folder, self->target, length);
    if (length > 1)
        folder[length - 1] = '\0';
    self->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
#ifdef O_PATH
    if (self->folder < 0 && errno == EACCES) /* a folder that may be written, but not listed */
        self->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
#endif
    return self->folder < 0 ? fail(self, errno) : SEGENT_OK;
}

/* ---- the temporary file ---- */

/* A name that is short whatever the target's is, and that nobody can wait for.
 */
static void draw_name(char name[NAME_SIZE])
{
    static atomic_uint counter;
    uint64_t random;
    if (getentropy(&random, sizeof(random)) != 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        random = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)getpid();
    }
    random += atomic_fetch_add(&counter, 1);
    snprintf(name, NAME_SIZE, ".segent-%016llx", (unsigned long long)random);
}

/* Whoever may not read the old file may not read the new one either, not even
 * for a moment. */
static mode_t first_mode(const writer *self)
{
    return self->exists ? PRIVATE_MODE : NEW_MODE;
}

/* A file without a name is gone when the process is, whatever ends it. */
static bool open_unnamed(writer *self)
{
#ifdef O_TMPFILE
    if (access("/proc/self/fd", X_OK) == 0)
        self->descriptor =
            openat(self->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, first_mode(self));
#endif
    return self->descriptor >= 0;
}

static segent_status open_named(writer *self)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        draw_name(self->temporary);
        self->descriptor = openat(self->folder, self->temporary,
                                  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, first_mode(self));
        if (self->descriptor >= 0 || errno != EEXIST)
            break;
    }
    if (self->descriptor >= 0)
        return SEGENT_OK;
    self->temporary[0] = '\0';
    return fail(self, errno);
}

static segent_status give_name(writer *self)
{
    char link[NAME_SIZE];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", self->descriptor);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        draw_name(self->temporary);
        if (linkat(AT_FDCWD, link, self->folder, self->temporary, AT_SYMLINK_FOLLOW) == 0)
            return SEGENT_OK;
        if (errno != EEXIST)
            break;
    }
    self->temporary[0] = '\0';
    self->cannot_link = true;
    return fail(self, errno);
}

/* The old file's permissions and, where that is allowed, its owner. A group
 * that could not be kept is given no more than others have. */
static void keep_permissions(const writer *self)
{
    mode_t mode = self->old.st_mode & 0777;
    if (fchown(self->descriptor, self->old.st_uid, self->old.st_gid) != 0 &&
        fchown(self->descriptor, (uid_t)-1, self->old.st_gid) != 0)
        mode = (mode & ~(mode_t)070) | (mode & (mode & 7) << 3);
    (void)fchmod(self->descriptor, mode);
}

/* ---- the bytes ---- */

static int write_parts(int descriptor, const sg_bytes *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *data = parts[i].data;
        size_t left = parts[i].size;
        while (left > 0) {
            const ssize_t written = write(descriptor, data, left < SSIZE_MAX ? left : SSIZE_MAX);
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return errno;
            data += written;
            left -= (size_t)written;
        }
    }
    return 0;
}

/* Beyond the limit on a file's size the system sends SIGXFSZ to the writing
 * thread, which would end the host. It is held back and taken out, unless the
 * host itself has one waiting. */
static int write_quietly(int descriptor, const sg_bytes *parts, size_t count)
{
    sigset_t signals, before, waiting;
    const struct timespec at_once = {0, 0};
    sigemptyset(&signals);
    sigaddset(&signals, SIGXFSZ);
    sigemptyset(&waiting);
    (void)sigpending(&waiting);
    const int blocked = pthread_sigmask(SIG_BLOCK, &signals, &before);
    const int error = write_parts(descriptor, parts, count);
    if (blocked == 0) {
        if (error == EFBIG && !sigismember(&waiting, SIGXFSZ))
            (void)sigtimedwait(&signals, NULL, &at_once);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return error;
}

/* Waits until the disk has the bytes, which a file system may first refuse here
 * for want of room; one that cannot wait has to be trusted. */
static int reach_disk(int descriptor)
{
    int result;
    do
        result = fsync(descriptor);
    while (result != 0 && errno == EINTR);
    return result == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS ? 0 : errno;
}

/* ---- one after the other ---- */

static void drop(writer *self)
{
    if (self->descriptor >= 0)
        (void)close(self->descriptor);
    self->descriptor = -1;
    if (self->temporary[0])
        (void)unlinkat(self->folder, self->temporary, 0);
    self->temporary[0] = '\0';
}

static segent_status replace(writer *self, const sg_bytes *parts, size_t count, bool unnamed)
{
    segent_status status = SEGENT_OK;
    if (!unnamed || !open_unnamed(self))
        status = open_named(self);
    if (status != SEGENT_OK)
        return status;
    int error = write_quietly(self->descriptor, parts, count);
    if (error == 0 && self->exists)
        keep_permissions(self);
    if (error == 0)
        error = reach_disk(self->descriptor);
    if (error != 0)
        status = fail(self, error);
    else if (!self->temporary[0])
        status = give_name(self);
    if (status == SEGENT_OK) {
        const int closed = close(self->descriptor);
        self->descriptor = -1;
        if (closed != 0 || renameat(self->folder, self->temporary, self->folder, self->name) != 0)
            status = fail(self, errno);
        else
            self->temporary[0] = '\0';
    }
    drop(self);
    return status;
}

segent_status sg_write_file(segent_context *context, const char *path, const sg_bytes *parts,
                            size_t count)
{
    writer self = {.context = context, .path = path, .folder = -1, .descriptor = -1};
    if (!path)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "a file's path is NULL");
    segent_status status = find_target(&self);
    if (status == SEGENT_OK)
        status = open_folder(&self);
    if (status == SEGENT_OK) {
        status = replace(&self, parts, count, true);
        if (self.cannot_link)
            status = replace(&self, parts, count, false);
        if (status == SEGENT_OK)
            (void)reach_disk(self.folder); /* the name; without it the old file may come back */
        (void)close(self.folder);
    }
    return status;
}
