/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A file that is written piece by piece, and is there whole or not at all. The pieces go to a file
 * without a name, or with one that nobody else has, in the folder of the target, from there to the
 * disk, and only then under the target's name. A file that is replaced keeps its permissions; a
 * symbolic link is followed and stays one. */

#ifndef WHOLE_FILE_H
#define WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { TEMPORARY_SIZE = 32 };

typedef struct sg_whole_file {
    const char *path; /* as the user calls it */
    char *target;     /* where it leads to: the folder, then `name` */
    const char *name;
    bool exists;
    struct stat old; /* if it exists */
    int folder, descriptor;
    char temporary[TEMPORARY_SIZE]; /* in the folder; "": the open file has no name */
    int cause;                      /* of the first failure to write, or 0 */
} sg_whole_file;

/* What became of a file. */
typedef enum sg_written {
    WRITTEN,
    WRITTEN_NOT,     /* already said */
    WRITTEN_NAMELESS /* nothing was said: this file system gives no name to a file without one, so
                      * that it has to be written again with `named` */
} sg_written;

/* Begins one. `named`: to a temporary file with a name from the beginning. False: it cannot be
 * written, already said. */
bool whole_file_begin(sg_whole_file *file, const char *path, bool named);

/* Appends bytes. False: they cannot be written, which whole_file_end() will say. */
bool whole_file_write(sg_whole_file *file, const void *bytes, size_t count);

/* Ends the file: puts it in the target's place, or with `keep` false drops it without a word. */
sg_written whole_file_end(sg_whole_file *file, bool keep);

#endif
