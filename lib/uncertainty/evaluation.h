/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What an evaluation has counted. Everything in it is an integer, so that pictures and parts add up
 * to the same whatever their order. */

#ifndef SG_EVALUATION_H
#define SG_EVALUATION_H

#include "uncertainty/exact.h"
#include "uncertainty/histogram.h"
#include "uncertainty/uncertainty.h"

enum {
    SG_MEASURES = 5,          /* of one member: SEGENT_MEASURE_ENTROPY and so on */
    SG_CALIBRATION_BINS = 15, /* of ECE and ACE */
    SG_EVALUATION_CLASSES = 65536,
    SG_IGNORE_DEFAULT = 255
};
/* Most pixels, and most pictures: sums of all kinds have room for them. */
#define SG_EVALUATION_PIXELS ((int64_t)1 << 53)

/* Pixels of one class: labelled so, predicted so, and both. */
typedef struct sg_class_count {
    int64_t labelled, predicted, both;
} sg_class_count;

/* Counts and sums. `classes` has one entry a class, behind whom `size` bytes lie in all. */
typedef struct sg_tally {
    int64_t pixels, right;
    int64_t infinite; /* pixels whose class is impossible: their NLL is infinite, and not in nll */
    int64_t bin_pixels[SG_CALIBRATION_BINS], bin_right[SG_CALIBRATION_BINS];
    sg_exact bin_confidence[SG_CALIBRATION_BINS];
    sg_exact brier, nll;
    sg_class_count classes[];
} sg_tally;

struct segent_evaluation {
    sg_allocator allocator;
    segent_source source;
    int32_t classes, ignore; /* ignore: -1 if nothing is */
    float temperature;       /* never 0 */
    int64_t images;
    sg_tally *tally;
    sg_histogram histogram[SG_MEASURES];
};

/* How many measures there are: energy and largest logit need logits. */
int sg_evaluation_measures(const segent_evaluation *evaluation);

/* Bytes of a tally for that many classes. */
size_t sg_tally_size(int32_t classes);
/* Whether so many more pictures and pixels can be counted. */
bool sg_evaluation_fits(const segent_evaluation *evaluation, int64_t images, int64_t pixels);
/* Adds counts up, of SG_EVALUATION_PIXELS in all at most. */
void sg_tally_merge(sg_tally *tally, const sg_tally *other, int32_t classes);

/* An evaluation of checked options, in which nothing is counted. */
segent_status sg_evaluation_make(segent_context *context, int32_t classes, segent_source source,
                                 int32_t ignore, float temperature, segent_evaluation **made);

#endif
