/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a converted file says of its network beside the tensors: the metadata "segent.KEY", from
 * which the library makes the same model again, and where the weights come from. */

#ifndef CONVERT_NOTES_H
#define CONVERT_NOTES_H

#include "safetensors.h"

enum { NOTES_MAX = 64 };

typedef struct sg_notes {
    sg_note all[NOTES_MAX];
    int count;
} sg_notes;

/* Where a model was made from: its checkpoint and the options, and the name and the sha256 of its
 * file, of which each may be NULL if it is not known. */
typedef struct sg_origin {
    const segent_checkpoint *checkpoint;
    const segent_model_options *options;
    const char *file, *sha256;
} sg_origin;

/* Adds the notes of a model. A file that was converted before keeps the origin that it names.
 * False: something about the network cannot be said in metadata; already said, as a failure of
 * `path`. */
bool notes_of_model(sg_notes *notes, const segent_model *model, const sg_origin *origin,
                    const char *path);
void notes_free(sg_notes *notes);

#endif
