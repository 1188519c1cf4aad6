/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pictures as the library's own files see them. This room knows nothing of networks or uncertainty.
 */

#ifndef SG_IMAGE_H
#define SG_IMAGE_H

#include "api.h"
#include "base/context.h"

struct segent_image {
    sg_allocator allocator;
    int32_t width, height;
    uint8_t *pixels; /* (H, W, 3), dense */
};

/* A picture with undefined pixels, within the context's pixel limit. */
segent_status sg_image_create(segent_context *context, int32_t width, int32_t height,
                              segent_image **image);

/* (v / 255 - mean) / std of ImageNet, channels in RGB order, each step rounded to float32 exactly
 * as torchvision's ToTensor and Normalize do. `output` is (H, W, 3) with `pixel_stride` floats from
 * one pixel to the next (at least 3). */
void sg_image_normalize(segent_context *context, const segent_image *image, float *output,
                        int64_t pixel_stride);

#endif
