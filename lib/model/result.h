/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What a run leaves behind. */

#ifndef SG_RESULT_H
#define SG_RESULT_H

#include "api.h"
#include "base/context.h"

struct segent_result {
    sg_allocator allocator;
    int32_t width, height, classes;
    segent_label_type label_type;
    void *labels;           /* (H, W) */
    float *entropy;         /* (H, W), normalised */
    float *top_probability; /* (H, W) or NULL */
    float *margin;          /* (H, W) or NULL */
    float *logits;          /* (C, H, W) or NULL */
    float *probabilities;   /* (C, H, W) or NULL */
    float *lowres_logits;   /* (C, h, w) */
    int32_t lowres_height, lowres_width;
    float *auxiliary; /* (C, h, w) of the auxiliary classifier, or NULL */
    int32_t auxiliary_height, auxiliary_width;
    segent_image *input;
    segent_entropy_summary summary;
    segent_class_statistics *statistics; /* (C) */
    segent_timings timings;
};

#endif
