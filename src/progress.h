/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A progress bar on stderr, which other messages replace. */

#ifndef PROGRESS_H
#define PROGRESS_H

#include "options.h"

typedef struct sg_progress {
    bool shown;
    int index, count;  /* number of the input in hand, and how many there are */
    const char *input; /* the input in hand */
    double last;       /* when the bar was drawn last, by clock_seconds() */
} sg_progress;

/* Begins with `count` inputs. The bar is shown if it was asked for, or if nothing was said of it
 * and stderr is a terminal. */
sg_progress progress_begin(const sg_settings *settings, int count);

/* Goes on to the next input. */
void progress_next(sg_progress *progress, const char *input);

/* A segent_progress_fn that draws the bar; `user` is the sg_progress. It returns other than 0,
 * which cancels the work, once a signal asked to stop. */
int32_t progress_report(void *user, double done);

/* Removes the bar. */
void progress_clear(sg_progress *progress);

#endif
