/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What `segent evaluate` compares: pictures or arrays, each with its file of right labels. */

#ifndef EVALUATE_INPUTS_H
#define EVALUATE_INPUTS_H

#include "picture.h"

/* The i-th name of `labels` belongs to the i-th of `inputs`. */
typedef struct sg_pairs {
    sg_names inputs, labels;
    int failed; /* folders that cannot be read or are empty, already said */
} sg_pairs;

/* Lists the pictures of the command line, or the arrays of --logits, and checks that no two have
 * the same labels and that --state would overwrite none of all these files, nor the file `model`
 * (NULL: none). False: refused, already said. */
bool pairs_list(const sg_settings *settings, const char *model, sg_pairs *pairs);

void pairs_free(sg_pairs *pairs);

/* Reads right labels. False: they cannot be read, already said as a failure of `input`. */
bool pair_labels(segent_context *context, const sg_settings *settings, const char *input,
                 const char *path, segent_labels **labels);

/* Whether labels have the proportions of a picture, to a pixel; otherwise that is said. */
bool pair_fits(const char *input, const segent_image *image, const segent_labels *labels);

#endif
