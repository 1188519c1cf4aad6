/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Whole files: mapped for reading, and written whole or not at all. */

#ifndef SG_FILE_H
#define SG_FILE_H

#include "base/context.h"

/* A read-only view of a file. `size` is never 0 after a successful open. */
typedef struct sg_file {
    const unsigned char *data;
    size_t size;
} sg_file;

/* Maps a regular file. Missing, unreadable, not a regular file and empty are errors that name the
 * path. */
segent_status sg_file_open(segent_context *context, const char *path, sg_file *file);

/* Says that `size` bytes from `data` on, which may lie anywhere, are not needed for now: where they
 * are the file's, their pages no longer count as this process's memory. They can still be read. */
void sg_file_release(const sg_file *file, const void *data, size_t size);

/* Idempotent. */
void sg_file_close(sg_file *file);

/* A run of bytes. */
typedef struct sg_bytes {
    const void *data;
    size_t size;
} sg_bytes;

/* Writes the parts one after another to `path`, as the public header says of files that the library
 * writes: to a temporary file in the same folder, which reaches the disk and is then renamed over
 * `path`. */
segent_status sg_write_file(segent_context *context, const char *path, const sg_bytes *parts,
                            size_t count);

/* "PATH: what: the system's reason", in English; SEGENT_ERROR_NOT_FOUND where the file or its
 * folder is missing, otherwise SEGENT_ERROR_IO. */
segent_status sg_fail_system(segent_context *context, const char *path, const char *what,
                             int error);

#endif
