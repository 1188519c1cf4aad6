/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A progress bar on stderr, which other messages replace. */

#ifndef PROGRESS_H
#define PROGRESS_H

#include "options.h"

typedef struct sg_progress {
    bool shown;
    int index, count;  /* of the inputs */
    const char *input; /* being worked on */
    double last;       /* when the bar was drawn, in seconds */
} sg_progress;

/* A bar if it was asked for, or nobody said anything and stderr is a terminal. */
sg_progress progress_begin(const sg_settings *settings, int count);

/* Goes on to the next input. */
void progress_next(sg_progress *progress, const char *input);

/* A segent_progress_fn; `user` is a progress. Not 0 once a signal asked to stop. */
int32_t progress_report(void *user, double done);

/* Removes the bar. */
void progress_clear(sg_progress *progress);

#endif
