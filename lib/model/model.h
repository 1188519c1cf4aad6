/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A model: the network and what its file says about it. */

#ifndef SG_MODEL_H
#define SG_MODEL_H

#include <stdatomic.h>

#include "api.h"
#include "model/build.h"
#include "model/settings.h"

enum { SG_PROPERTIES = 16 };

typedef struct sg_property {
    char key[32], value[3 * SG_NUMBER_SIZE];
} sg_property;

struct segent_model {
    sg_allocator allocator;
    atomic_int owners; /* that have not let go: the caller's, and runs */
    sg_built built;
    char architecture[64], backbone[48];
    char *description;
    char *settings_file; /* path of the JSON that something was taken from, or "" */
    char *prefix;
    char *names;        /* of the classes, NUL-terminated, one after another */
    char **class_names; /* into `names` */
    uint8_t *palette;   /* red, green and blue of each class, or NULL */
    segent_container container;
    int64_t parameters_in_file;
    float temperature;
    float precision_error; /* of logits; 0: nobody says */
    int32_t size;
    sg_normalization normalization; /* of pictures */
    bool examined_only;             /* it has no weights */
    int32_t property_count;
    sg_property properties[SG_PROPERTIES];
};

/* Takes the names of its classes from the options, the checkpoint or the file beside it, or where
 * they are usual ones. */
segent_status sg_model_name_classes(segent_context *context, const segent_checkpoint *checkpoint,
                                    const segent_model_options *options, sg_settings_file *file,
                                    segent_model *model);

/* Takes the colours of its classes, if anyone says them. */
segent_status sg_model_colour_classes(segent_context *context, const segent_checkpoint *checkpoint,
                                      const sg_settings *settings, sg_settings_file *file,
                                      segent_model *model);

#endif
