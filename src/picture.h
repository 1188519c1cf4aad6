/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pictures that a command line names. */

#ifndef PICTURE_H
#define PICTURE_H

#include "options.h"
#include "segent/segent.h"

/* Reads a picture from a file, a pipe or, for "-", standard input. What failed is said. */
segent_status picture_load(segent_context *context, const sg_settings *settings, const char *path,
                           segent_image **image);

/* A list of names, each to free. */
typedef struct sg_names {
    char **names;
    size_t count, room;
} sg_names;

/* Adds an input to the list, or, if it is a folder, the JPEG and PNG files in it by their names, in
 * the order of their bytes; but for hidden ones and for the pictures that `segent run` writes
 * (STEM.labels.png and so on). False: the folder cannot be read or has none, already said. */
bool pictures_add(sg_names *list, const char *input);

/* Adds the files .npy of a folder in the same way, but for what `segent run` writes of other kinds:
 * entropies, and probabilities or, if those are wanted, logits. */
bool arrays_add(sg_names *list, const char *folder, bool probabilities);

/* Adds a name, which becomes the list's. */
void names_add(sg_names *list, char *name);

void pictures_free(sg_names *list);

#endif
