/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "console.h"

enum { BAR_CELLS = 24, NAME_CELLS = 32 };

static const double redraw_seconds = 0.05;

sg_progress progress_begin(const sg_settings *settings, int count)
{
    const bool automatic = !settings->quiet && isatty(STDERR_FILENO);
    return (sg_progress){.shown = settings->progress < 0 ? automatic : settings->progress == 1,
                         .count = count};
}

static void draw(sg_progress *progress, double done)
{
    char bar[BAR_CELLS + 1], name[NAME_CELLS + 1], line[256];
    const int full = (int)(done * BAR_CELLS + 0.5);
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_CELLS] = '\0';
    const size_t length = strlen(progress->input);
    const char *tail = progress->input + (length > NAME_CELLS ? length - NAME_CELLS : 0);
    snprintf(name, sizeof(name), "%s", tail);
    console_clean(name);
    snprintf(line, sizeof(line), "[%s] %3d %%  %d/%d  %s", bar, (int)(100 * done), progress->index,
             progress->count, name);
    console_status(line);
    progress->last = clock_seconds();
}

void progress_next(sg_progress *progress, const char *input)
{
    progress->index++;
    progress->input = input;
    if (progress->shown)
        draw(progress, 0);
}

int32_t progress_report(void *user, double done)
{
    sg_progress *progress = user;
    if (progress->shown && clock_seconds() - progress->last >= redraw_seconds)
        draw(progress, done < 0 ? 0 : done > 1 ? 1 : done);
    return console_interrupted();
}

void progress_clear(sg_progress *progress)
{
    if (progress->shown)
        console_status(NULL);
}
