/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The manifest: a file of JSON lines, one for each picture that is done, which several processes
 * may append to at once. A line is what --json prints, with the stamp of the result as its last
 * member. A line is written by one call, while the file is locked where the file system has locks;
 * what a writer that was killed or a full disk left of a line is removed before the next one. */

#ifndef MANIFEST_H
#define MANIFEST_H

#include <sys/types.h>

#include "stamp.h"

/* The last line of one input. */
typedef struct sg_manifest_entry {
    char *name; /* as JSON has it, with its quotes */
    off_t offset;
    size_t length; /* without the end of the line; 0: there is none */
    bool stamped;
    sg_stamp stamp;
} sg_manifest_entry;

typedef struct sg_manifest {
    const char *path;
    int descriptor;
    bool made;                  /* it was not there before */
    sg_manifest_entry *entries; /* of the inputs that manifest_load() was given, by name */
    size_t count;
} sg_manifest;

/* Opens the file, which is made if it is missing. False: it cannot be, already said. */
bool manifest_open(sg_manifest *manifest, const char *path);

/* Reads the file and notes the last line of each of these inputs, in one pass. False: it cannot be
 * read, already said, or a signal came. */
bool manifest_load(sg_manifest *manifest, char *const *inputs, int count);

/* The noted line of an input that has a stamp, or NULL. */
const sg_manifest_entry *manifest_find(const sg_manifest *manifest, const char *input);

/* The JSON of a noted line, without the stamp, and with "kept": true. To free; NULL: the line is
 * not there any more, or no object of JSON. */
char *manifest_kept(const sg_manifest *manifest, const sg_manifest_entry *entry);

/* Appends a line: the object `json`, without the end of the line, and the stamp, unless that is
 * NULL. False: it cannot be written, already said, and nothing of it stays where that can be
 * helped. */
bool manifest_append(sg_manifest *manifest, const char *json, const sg_stamp *stamp);

/* Closes the file, and with `drop` removes it if manifest_open() made it and nothing is in it. */
void manifest_close(sg_manifest *manifest, bool drop);

#endif
