/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* How far the maps of one way to run a network are from those of another: sums over all pictures,
 * of which each leaves two numbers behind, and what follows from them. */

#ifndef ACCURACY_H
#define ACCURACY_H

#include <stddef.h>
#include <stdint.h>

/* What one way makes of a picture; arrays have a value for each pixel. */
typedef struct sg_accuracy_maps {
    const uint16_t *labels;
    const float *entropy; /* normalised */
    const double *margin; /* largest logit minus the second largest, before the temperature */
    double entropy_mean;  /* the picture's */
} sg_accuracy_maps;

/* The mean entropies of a picture. */
typedef struct sg_accuracy_picture {
    double reference, other;
} sg_accuracy_picture;

/* Zeroed, it is that of no pictures. */
typedef struct sg_accuracy {
    int64_t pixels, equal; /* equal: with the same label */
    double entropy_sum, entropy_largest;
    double margin_squares, margin_largest;
    double changed_margin; /* the largest that `other` has where its label is another */
    double worst_equal;    /* share of equal labels of the picture that has the fewest */
    size_t worst;          /* that picture */
    sg_accuracy_picture *pictures;
    size_t count, room;
} sg_accuracy;

/* Adds a picture of `pixels` pixels, at least one. */
void accuracy_add(sg_accuracy *accuracy, const sg_accuracy_maps *reference,
                  const sg_accuracy_maps *other, size_t pixels);

/* Differences are absolute ones. NAN stands for what is not defined. */
typedef struct sg_accuracy_figures {
    double labels_equal; /* shares are from 0 to 1 */
    double entropy_mean, entropy_largest;
    double image_largest, image_mean; /* of a picture's mean entropy, relative to the reference's */
    double image_within;              /* share of the pictures where that is at most 0.01 */
    double rank_correlation;          /* Spearman's, of the pictures' mean entropies; NAN if all are
                                         equal, as that of one picture is */
    size_t ranks_changed;             /* pictures with another rank */
    double margin_rms, margin_largest;
    double changed_margin;
    double precision_error; /* the larger of changed_margin and margin_rms, rounded up to three
                               digits; 0: nothing differs */
} sg_accuracy_figures;

/* What follows from the sums of at least one picture. */
sg_accuracy_figures accuracy_figures(const sg_accuracy *accuracy);

void accuracy_free(sg_accuracy *accuracy);

/* Writes the ranks of `count` values to `ranks`, from 1 for the smallest on; equal values share the
 * mean of theirs. */
void accuracy_ranks(const double *values, size_t count, double *ranks);

#endif
