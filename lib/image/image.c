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

segent_status sg_image_check_size(segent_context *context, int64_t pixel_limit, int64_t width,
                                  int64_t height)
{
    if (width > pixel_limit / height)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%" PRId64 " x %" PRId64 " pixels are over the limit of %" PRId64
                       " pixels (segent_image_options.pixel_limit)",
                       width, height, pixel_limit);
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

segent_status sg_image_create(segent_context *context, int64_t pixel_limit, int32_t width,
                              int32_t height, segent_image **out)
{
    if (width < 1 || height < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "a picture of %" PRId32 " x %" PRId32 " pixels cannot be", width, height);
    const segent_status status = sg_image_check_size(context, pixel_limit, width, height);
    if (status != SEGENT_OK)
        return status;
    size_t pixels;
    if (!sg_size_multiply((size_t)width, (size_t)height, &pixels))
        return sg_fail(context, SEGENT_ERROR_OUT_OF_MEMORY, "out of memory (for a picture)");
    segent_image *image = sg_alloc(&context->allocator, 1, sizeof(*image));
    if (!image)
        return sg_fail_memory(context, "a picture", sizeof(*image));
    image->allocator = context->allocator;
    image->width = width;
    image->height = height;
    image->pixel_limit = pixel_limit;
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

segent_pixel_view sg_image_view(const segent_image *image)
{
    return (segent_pixel_view){.data = image->pixels,
                               .height = image->height,
                               .width = image->width,
                               .row_stride = (int64_t)image->width * 3,
                               .format = SEGENT_PIXEL_RGB};
}

/* ---- the caller's pixels ---- */

int64_t sg_image_own_limit(const segent_pixel_view *pixels)
{
    const int64_t own = pixels->height * pixels->width;
    return own > SG_PIXEL_LIMIT_DEFAULT ? own : SG_PIXEL_LIMIT_DEFAULT;
}

segent_status sg_image_from_pixels(segent_context *context, const segent_pixel_view *given,
                                   segent_image **out)
{
    static const char name[] = "segent_image_from_pixels";
    segent_pixel_view pixels;
    segent_image *image = NULL;
    if (!out)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: image is NULL", name);
    segent_status status =
        sg_check_pixels((sg_view_check){context, name, "pixels", false}, given, &pixels);
    if (status != SEGENT_OK)
        return status;
    if (pixels.width > INT32_MAX || pixels.height > INT32_MAX)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%s: a picture of %" PRId64 " x %" PRId64 " pixels; sides of up to %" PRId32
                       " are possible",
                       name, pixels.width, pixels.height, INT32_MAX);
    status = sg_image_create(context, sg_image_own_limit(&pixels), (int32_t)pixels.width,
                             (int32_t)pixels.height, &image);
    if (status != SEGENT_OK)
        return sg_fail_prefix(context, status, name);
    const sg_pixel_order order = sg_pixel_order_of(pixels.format);
    for (int64_t y = 0; y < pixels.height; y++)
        sg_pixels_to_rgb(order, sg_pixel_row(&pixels, y), pixels.width,
                         image->pixels + y * pixels.width * 3);
    *out = image;
    return SEGENT_OK;
}

/* ---- the network's input ---- */

typedef struct normalize_job {
    segent_pixel_view pixels;
    float *output;
    int64_t pixel_stride;
    float table[3][256];
} normalize_job;

static void normalize_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const normalize_job *job = argument;
    const sg_pixel_order order = sg_pixel_order_of(job->pixels.format);
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        const uint8_t *from = sg_pixel_row(&job->pixels, y);
        float *to = job->output + y * job->pixels.width * job->pixel_stride;
        for (int64_t x = 0; x < job->pixels.width; x++) {
            to[0] = job->table[0][from[order.red]];
            to[1] = job->table[1][from[order.green]];
            to[2] = job->table[2][from[order.blue]];
            from += order.samples;
            to += job->pixel_stride;
        }
    }
}

const sg_normalization sg_imagenet = {{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};

void sg_image_normalize(segent_context *context, const segent_pixel_view *pixels,
                        const sg_normalization *by, float *output, int64_t pixel_stride)
{
    normalize_job job = {.pixels = *pixels, .output = output, .pixel_stride = pixel_stride};
    for (int c = 0; c < 3; c++) {
        for (int v = 0; v < 256; v++) {
            /* Named, so that each step is rounded to float32. */
            const float unit = (float)v / 255.0f;
            const float centred = unit - by->mean[c];
            job.table[c][v] = centred / by->std[c];
        }
    }
    sg_parallel_for(context->pool, pixels->height, sg_image_grain(pixels->width), normalize_rows,
                    &job);
}
