/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Downloads, which curl or wget does: they know proxies, certificates and what else a site needs.
 */

#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "progress.h"

typedef struct sg_download {
    const char *address;
    const char *path;      /* of the file, which is there; what it holds already is kept */
    int64_t bytes;         /* of the whole file; a download that brings more is ended */
    sg_progress *progress; /* tells how much is there */
    bool verbose;          /* say which program is called */
} sg_download;

/* Fetches what is missing at the end of the file with the first of curl and wget that the PATH has,
 * called without a shell. Waits for it; a signal that asks this process to stop ends it. NULL: the
 * program said that all is there, which is to be checked. Otherwise the cause, to free. */
char *download_file(const sg_download *download);

#endif
