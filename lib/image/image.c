/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "codec.h"

#include <inttypes.h>
#include <string.h>

int64_t sg_image_grain(int64_t width)
{
    const int64_t rows = 16384 / width;
    return rows > 0 ? rows : 1;
}

segent_status sg_image_check_size(segent_context *context, int64_t width, int64_t height)
{
    if (width > context->pixel_limit / height)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%" PRId64 " x %" PRId64 " pixels are over the limit of %" PRId64
                       " pixels (segent_options.pixel_limit)",
                       width, height, context->pixel_limit);
    return SEGENT_OK;
}

segent_status sg_image_check_memory(segent_context *context, int64_t width, int64_t height,
                                    uint64_t bytes)
{
    if (bytes > (uint64_t)context->memory_limit)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%" PRId64 " x %" PRId64 " pixels of this kind take %" PRIu64
                       " bytes to read, over the limit of %" PRId64
                       " bytes (segent_options.memory_limit)",
                       width, height, bytes, context->memory_limit);
    return SEGENT_OK;
}

void sg_image_warn(segent_context *context, const sg_encoded *source, const char *damage)
{
    sg_log(context, SEGENT_LOG_WARNING, "%s: damaged, but every pixel is there: %s", source->name,
           damage);
}

segent_status sg_image_create(segent_context *context, int32_t width, int32_t height,
                              segent_image **out)
{
    if (width < 1 || height < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "a picture of %" PRId32 " x %" PRId32 " pixels cannot be", width, height);
    const segent_status status = sg_image_check_size(context, width, height);
    if (status != SEGENT_OK)
        return status;
    const size_t pixels = (size_t)width * (size_t)height;
    segent_image *image = sg_alloc(&context->allocator, 1, sizeof(*image));
    if (!image)
        return sg_fail_memory(context, "a picture", sizeof(*image));
    image->allocator = context->allocator;
    image->width = width;
    image->height = height;
    image->pixels = sg_alloc(&context->allocator, pixels, 3);
    if (!image->pixels) {
        segent_image_destroy(image);
        return sg_fail_memory(context, "a picture's pixels", pixels * 3);
    }
    *out = image;
    return SEGENT_OK;
}

void segent_image_destroy(segent_image *image)
{
    if (!image)
        return;
    const sg_allocator allocator = image->allocator;
    sg_free(&allocator, image->pixels);
    sg_free(&allocator, image);
}

int32_t segent_image_width(const segent_image *image)
{
    return image ? image->width : 0;
}

int32_t segent_image_height(const segent_image *image)
{
    return image ? image->height : 0;
}

const uint8_t *segent_image_pixels(const segent_image *image)
{
    return image ? image->pixels : NULL;
}

/* ---- the caller's pixels ---- */

/* Where red, green and blue lie in a pixel of `size` bytes. */
typedef struct pixel_layout {
    int32_t size, red, green, blue;
} pixel_layout;

static bool find_layout(segent_pixel_format format, pixel_layout *layout)
{
    switch (format) {
    case SEGENT_PIXEL_RGB:
        *layout = (pixel_layout){3, 0, 1, 2};
        return true;
    case SEGENT_PIXEL_BGR:
        *layout = (pixel_layout){3, 2, 1, 0};
        return true;
    case SEGENT_PIXEL_RGBA:
        *layout = (pixel_layout){4, 0, 1, 2};
        return true;
    case SEGENT_PIXEL_BGRA:
        *layout = (pixel_layout){4, 2, 1, 0};
        return true;
    case SEGENT_PIXEL_GREY:
        *layout = (pixel_layout){1, 0, 0, 0};
        return true;
    default:
        return false;
    }
}

static void copy_row(uint8_t *to, const uint8_t *from, int32_t width, const pixel_layout *layout)
{
    for (int32_t x = 0; x < width; x++, to += 3, from += layout->size) {
        to[0] = from[layout->red];
        to[1] = from[layout->green];
        to[2] = from[layout->blue];
    }
}

segent_status sg_image_from_pixels(segent_context *context, const uint8_t *pixels,
                                   segent_pixel_format format, int32_t width, int32_t height,
                                   int64_t stride, segent_image **out)
{
    pixel_layout layout;
    segent_image *image = NULL;
    if (!pixels || !out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_from_pixels: pixels or image is NULL");
    if (!find_layout(format, &layout))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_from_pixels: %" PRId32 " is not a pixel format", format);
    if (height > 1 && (stride > PTRDIFF_MAX / height || stride < -(PTRDIFF_MAX / height)))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_from_pixels: a stride of %" PRId64
                       " bytes does not fit in memory",
                       stride);
    const int64_t dense = (int64_t)width * layout.size;
    if (stride == 0)
        stride = dense;
    if (stride < dense && stride > -dense)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_from_pixels: rows of %" PRId64
                       " bytes overlap at a stride of %" PRId64,
                       dense, stride);
    const segent_status status = sg_image_create(context, width, height, &image);
    if (status != SEGENT_OK)
        return sg_fail_prefix(context, status, "segent_image_from_pixels");
    for (int32_t y = 0; y < height; y++)
        copy_row(image->pixels + (size_t)y * (size_t)width * 3, pixels + y * stride, width,
                 &layout);
    *out = image;
    return SEGENT_OK;
}

/* ---- the network's input ---- */

typedef struct normalize_job {
    const segent_image *image;
    float *output;
    int64_t pixel_stride;
    float table[3][256];
} normalize_job;

static void normalize_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const normalize_job *job = argument;
    (void)thread;
    const int64_t width = job->image->width;
    const uint8_t *from = job->image->pixels + begin * width * 3;
    float *to = job->output + begin * width * job->pixel_stride;
    for (int64_t i = begin * width; i < end * width; i++, from += 3, to += job->pixel_stride) {
        to[0] = job->table[0][from[0]];
        to[1] = job->table[1][from[1]];
        to[2] = job->table[2][from[2]];
    }
}

void sg_image_normalize(segent_context *context, const segent_image *image, float *output,
                        int64_t pixel_stride)
{
    static const float mean[3] = {0.485f, 0.456f, 0.406f};
    static const float deviation[3] = {0.229f, 0.224f, 0.225f};
    normalize_job job = {.image = image, .output = output, .pixel_stride = pixel_stride};
    for (int c = 0; c < 3; c++) {
        for (int v = 0; v < 256; v++) {
            /* Named, so that each step is rounded to float32. */
            const float unit = (float)v / 255.0f;
            const float centred = unit - mean[c];
            job.table[c][v] = centred / deviation[c];
        }
    }
    sg_parallel_for(context->pool, image->height, sg_image_grain(image->width), normalize_rows,
                    &job);
}
