/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pictures as the library's own files see them. This room knows nothing of networks or uncertainty.
 */

#ifndef SG_IMAGE_H
#define SG_IMAGE_H

#include "api.h"
#include "base/layout.h"

struct segent_image {
    sg_allocator allocator;
    int32_t width, height;
    uint8_t *pixels;     /* (H, W, 3), dense */
    int64_t pixel_limit; /* of what is resized from it */
};

/* 178,956,970 pixels, the number at which Pillow refuses a picture as a decompression bomb. */
enum { SG_PIXEL_LIMIT_DEFAULT = 178956970 };

/* SEGENT_ERROR_LIMIT when width x height is over the limit. */
segent_status sg_image_check_size(segent_context *context, int64_t pixel_limit, int64_t width,
                                  int64_t height);

/* A picture with undefined pixels, at most `pixel_limit` of them. */
segent_status sg_image_create(segent_context *context, int64_t pixel_limit, int32_t width,
                              int32_t height, segent_image **image);

/* The limit for what is resized from pixels of the caller's, whose view has been checked. */
int64_t sg_image_own_limit(const segent_pixel_view *pixels);

/* The pixels of a picture as a view. */
segent_pixel_view sg_image_view(const segent_image *image);

/* Pixels, whose view has been checked, resized to width x height as sg_image_resize does, as RGB
 * with dense rows at `rgb`. Working memory is the context's: SG_SCRATCH_BLOCK and those of filters.
 */
segent_status sg_image_resize_pixels(segent_context *context, const segent_pixel_view *pixels,
                                     int32_t width, int32_t height, uint8_t *rgb);

/* What colours from 0 to 1 are normalised by: red, green and blue. */
typedef struct sg_normalization {
    float mean[3], std[3];
} sg_normalization;

/* The normalisation of ImageNet, with which torchvision's networks are trained. */
extern const sg_normalization sg_imagenet;

/* (v / 255 - mean) / std, channels in RGB order, each step rounded to float32 exactly as
 * torchvision's ToTensor and Normalize do. `output` is (H, W, 3) with `pixel_stride` floats from
 * one pixel to the next (at least 3). */
void sg_image_normalize(segent_context *context, const segent_pixel_view *pixels,
                        const sg_normalization *by, float *output, int64_t pixel_stride);

#endif
