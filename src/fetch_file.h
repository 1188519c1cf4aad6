/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Fetching one published file. It grows under the name FILE.part, and takes its own name when its
 * size and its sha256 are right, so that a file of that name is whole. */

#ifndef FETCH_FILE_H
#define FETCH_FILE_H

#include "options.h"
#include "progress.h"
#include "published.h"

/* A file to fetch. */
typedef struct fetch_target {
    const sg_published *published;
    char *path, *part, *address;
    char
        *fault; /* what is wrong with the file that is there; NULL: it is right, or none is there */
    bool right; /* the published file is there */
} fetch_target;

/* Finds out whether the right file is there. */
void fetch_examine(fetch_target *target);

/* Fetches the file, after fetch_examine() did not find it. False: it failed, already said unless a
 * signal interrupted it. */
bool fetch_file(const sg_settings *settings, sg_progress *progress, const fetch_target *target);

#endif
