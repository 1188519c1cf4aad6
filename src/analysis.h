/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What is known of one input when the library is done with it: what `run` and `entropy` save and
 * report, wherever it came from. Everything is borrowed except the paths of the files. */

#ifndef ANALYSIS_H
#define ANALYSIS_H

#include <stdbool.h>

#include "options.h"
#include "segent/segent.h"

/* How long the stages took; 0 for a stage that the input did not go through. */
typedef struct sg_seconds {
    double load, decode, preprocess, network, head, write, total;
} sg_seconds;

typedef struct sg_analysis {
    const char *input;           /* as the user wrote it */
    const segent_image *picture; /* of the outputs' size, or NULL */
    int32_t width, height, classes;
    segent_label_type label_type;
    const void *labels;         /* H x W, dense */
    const float *entropy;       /* H x W, dense, normalised */
    const float *logits;        /* C x H x W, dense, or NULL */
    const float *probabilities; /* C x H x W, dense, or NULL */
    segent_entropy_summary summary;
    const segent_class_statistics *statistics; /* `classes` of them */
    const char *const *class_names;
    const uint8_t *palette; /* red, green and blue of each class, or NULL: VOC's */
    sg_seconds seconds;
    char *files[SAVE_COUNT]; /* paths of what was written, owned; NULL: not written */
} sg_analysis;

/* The maps as the library's functions take them. */
segent_label_view analysis_labels(const sg_analysis *analysis);
segent_map_view analysis_entropy(const sg_analysis *analysis);

/* Frees the paths of the files, all that an analysis owns. */
void analysis_free_files(sg_analysis *analysis);

/* Writes the ids of the classes that occur to `ids`, which has room for all classes, the one with
 * the most pixels first. Returns how many. */
int32_t analysis_present(const sg_analysis *analysis, int32_t *ids);

/* The share of the pixels that have the label `id`, 0 to 1. */
double analysis_share(const sg_analysis *analysis, int32_t id);

/* The share of the pixels whose labels an error of the precision may have decided, 0 to 1; NAN
 * where nobody said how large that error is. */
double analysis_undecided(const sg_analysis *analysis);

/* The values that the ends of the colour map stand for, by --entropy-range. */
void analysis_range(const sg_analysis *analysis, int32_t range, float *low, float *high);

#endif
