/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What names and shapes of tensors cannot say: the caller's settings, "key=value" pairs with
 * semicolons between them; where they say nothing, the file's metadata "segent.KEY", and where that
 * says nothing, a file of JSON beside it. */

#ifndef SG_SETTINGS_H
#define SG_SETTINGS_H

#include "checkpoint/checkpoint.h"
#include "image/image.h"
#include "model/setting_rows.h"
#include "model/settings_file.h"
#include "net/network.h"

typedef struct sg_settings {
    int32_t rates[SG_ATROUS];       /* of dilation; zeros: nobody says */
    int32_t output_stride;          /* 8, 16 or 32; 0: nobody says */
    float temperature;              /* 1: nobody says */
    float precision_error;          /* in logits; 0: nobody says */
    int32_t size;                   /* 640: nobody says */
    sg_normalization normalization; /* ImageNet's: nobody says */
    double eps;                     /* of all batch norms, if anyone says it */
    const char *description;        /* of the length; "" : nobody says */
    size_t description_length;
    sg_piece palette;            /* a list of colours that can be read; of no length: nobody says */
    sg_origin from[SG_SETTINGS]; /* who said each of them */
} sg_settings;

/* `given` may be NULL. An unknown key, or a value that does not fit, is an error that names it; of
 * `file`, what that says. Strings are those of whoever gave them. */
segent_status sg_settings_read(segent_context *context, const segent_checkpoint *checkpoint,
                               const char *given, sg_settings_file *file, sg_settings *settings);

/* Puts what they say of the network into its facts. */
void sg_settings_tell(const sg_settings *settings, sg_facts *facts);

#endif
