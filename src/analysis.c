/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "analysis.h"

#include <math.h>
#include <stdlib.h>

#include "console.h"

segent_label_view analysis_labels(const sg_analysis *analysis)
{
    return segent_label_map(analysis->labels, analysis->label_type, analysis->height,
                            analysis->width);
}

segent_map_view analysis_entropy(const sg_analysis *analysis)
{
    return segent_map(analysis->entropy, analysis->height, analysis->width);
}

void analysis_free_files(sg_analysis *analysis)
{
    for (int kind = 0; kind < SAVE_COUNT; kind++) {
        free(analysis->files[kind]);
        analysis->files[kind] = NULL;
    }
}

typedef struct ranked_class {
    int64_t pixels;
    int32_t id;
} ranked_class;

static int by_pixels(const void *left, const void *right)
{
    const ranked_class *a = left, *b = right;
    if (a->pixels != b->pixels)
        return a->pixels > b->pixels ? -1 : 1;
    return a->id - b->id;
}

int32_t analysis_present(const sg_analysis *analysis, int32_t *ids)
{
    ranked_class *ranks = memory_need((size_t)analysis->classes, sizeof(*ranks));
    int32_t count = 0;
    for (int32_t id = 0; id < analysis->classes; id++) {
        if (analysis->statistics[id].pixels > 0)
            ranks[count++] = (ranked_class){analysis->statistics[id].pixels, id};
    }
    qsort(ranks, (size_t)count, sizeof(*ranks), by_pixels);
    for (int32_t i = 0; i < count; i++)
        ids[i] = ranks[i].id;
    free(ranks);
    return count;
}

double analysis_share(const sg_analysis *analysis, int32_t id)
{
    const double pixels = (double)analysis->width * (double)analysis->height;
    return (double)analysis->statistics[id].pixels / pixels;
}

double analysis_undecided(const sg_analysis *analysis)
{
    const segent_entropy_summary *summary = &analysis->summary;
    if (!(summary->undecided_below > 0.0))
        return (double)NAN;
    return (double)summary->undecided / (double)summary->pixels;
}

void analysis_range(const sg_analysis *analysis, int32_t range, float *low, float *high)
{
    *low = range == RANGE_AUTO ? (float)analysis->summary.minimum : 0.0f;
    *high = range == RANGE_AUTO ? (float)analysis->summary.maximum : 1.0f;
}
