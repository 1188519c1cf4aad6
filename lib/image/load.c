/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Picture files: what kind, which decoder, which way up. */

#include <inttypes.h>
#include <string.h>

#include "base/cancel.h"
#include "base/file.h"
#include "base/options.h"
#include "codec.h"

/* Encoders write 1 to some 12 scans of a JPEG file. */
enum { SCAN_LIMIT_DEFAULT = 100 };

/* ---- orientation ---- */

/* Pixel (x, y) of the upright picture is pixel origin + x * column + y * row of the stored one. */
typedef struct turn {
    const uint8_t *from;
    uint8_t *to;
    int64_t width, height; /* upright */
    int64_t origin, column, row;
} turn;

enum { TILE = 32 };

/* Turns tile by tile: where rows become columns, a whole row of the one would touch every row of
 * the other. */
static void turn_tiles(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const turn *self = argument;
    (void)thread;
    for (int64_t left = 0; left < self->width; left += TILE) {
        const int64_t right = left + TILE < self->width ? left + TILE : self->width;
        for (int64_t y = begin; y < end; y++) {
            uint8_t *to = self->to + (y * self->width + left) * 3;
            for (int64_t x = left; x < right; x++, to += 3)
                memcpy(to, self->from + (self->origin + x * self->column + y * self->row) * 3, 3);
        }
    }
}

/* Replaces *image by itself turned upright; `orientation` is 2 to 8. */
static segent_status turn_upright(segent_context *context, segent_image **image,
                                  int32_t orientation)
{
    const int64_t w = (*image)->width, h = (*image)->height;
    /* Origin, column, row: indexed by the orientation. */
    const int64_t maps[9][3] = {{0, 1, w},
                                {0, 1, w},
                                {w - 1, -1, w},
                                {w * h - 1, -1, -w},
                                {w * (h - 1), 1, -w},
                                {0, w, 1},
                                {w * (h - 1), -w, 1},
                                {w * h - 1, -w, -1},
                                {w - 1, w, -1}};
    const bool sideways = orientation >= 5;
    segent_image *upright = NULL;
    segent_status status = sg_image_check_memory(context, w, h, (uint64_t)(w * h) * 6);
    if (status == SEGENT_OK)
        status = sg_image_create(context, (*image)->pixel_limit, (int32_t)(sideways ? h : w),
                                 (int32_t)(sideways ? w : h), &upright);
    if (status != SEGENT_OK)
        return status;
    turn job = {(*image)->pixels,     upright->pixels,      upright->width,      upright->height,
                maps[orientation][0], maps[orientation][1], maps[orientation][2]};
    sg_parallel_for(context->pool, upright->height, TILE, turn_tiles, &job);
    segent_image_destroy(*image);
    *image = upright;
    return SEGENT_OK;
}

/* ---- loading ---- */

static segent_status decode(segent_context *context, const sg_encoded *source,
                            const segent_image_options *options, segent_image **image,
                            int32_t *orientation)
{
    const char *phrase, *advice;
    switch (sg_picture_detect(source, &phrase, &advice)) {
    case SG_PICTURE_PNG:
        return sg_png_load(context, source, options, image, orientation);
    case SG_PICTURE_JPEG:
        return sg_jpeg_load(context, source, image, orientation);
    case SG_PICTURE_OTHER:
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED, "%s; %s", phrase, advice);
    default:
        return sg_fail(context, SEGENT_ERROR_FORMAT, "not a JPEG or PNG picture%s%s",
                       phrase ? ", but " : "", phrase ? phrase : "");
    }
}

segent_status sg_image_read_options(segent_context *context, const segent_image_options *given,
                                    segent_image_options *options)
{
    *options = segent_image_options_init();
    segent_status status =
        sg_read_options(context, SG_STRUCT(segent_image_options), options, given);
    if (status == SEGENT_OK)
        status = sg_check_reserved(context, "segent_image_options", options->reserved_word);
    if (status != SEGENT_OK)
        return status;
    if (options->orient < SEGENT_ORIENT_DEFAULT || options->orient > SEGENT_ORIENT_STORED)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_options: %" PRId32 " is not an orientation", options->orient);
    if (options->background < 0 || options->background > SEGENT_BACKGROUND_BLACK)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_options: background is %" PRId32
                       ", neither 0x000001 to 0xffffff, 0 nor SEGENT_BACKGROUND_BLACK",
                       options->background);
    if (options->pixel_limit < 0 || options->scan_limit < 0)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_options: a limit is negative");
    return SEGENT_OK;
}

sg_image_limits sg_image_limits_of(const segent_image_options *options)
{
    return (sg_image_limits){
        .pixels = options->pixel_limit ? options->pixel_limit : SG_PIXEL_LIMIT_DEFAULT,
        .scans = options->scan_limit ? options->scan_limit : SCAN_LIMIT_DEFAULT};
}

static segent_status load(segent_context *context, const sg_encoded *source,
                          const segent_image_options *options, segent_image **out)
{
    segent_image *image = NULL;
    int32_t orientation = 1;
    segent_status status = decode(context, source, options, &image, &orientation);
    if (status == SEGENT_OK && options->orient != SEGENT_ORIENT_STORED && orientation > 1)
        status = turn_upright(context, &image, orientation);
    if (status == SEGENT_OK)
        status = sg_cancel_check(context, "reading");
    if (status != SEGENT_OK) {
        segent_image_destroy(image);
        return sg_fail_prefix(context, status, source->name);
    }
    *out = image;
    return SEGENT_OK;
}

segent_status sg_image_load(segent_context *context, const char *path,
                            const segent_image_options *given, segent_image **image)
{
    segent_image_options options;
    sg_file file = {0};
    if (!path || !image)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_load: path or image is NULL");
    segent_status status = sg_image_read_options(context, given, &options);
    if (status == SEGENT_OK)
        status = sg_file_open(context, path, &file);
    if (status != SEGENT_OK)
        return status;
    const sg_encoded source = {path, file.data, file.size, sg_image_limits_of(&options)};
    sg_cancel_watch(context, options.cancel);
    status = load(context, &source, &options, image);
    sg_cancel_unwatch(context);
    sg_file_close(&file);
    return status;
}

segent_status sg_image_load_memory(segent_context *context, const void *data, size_t size,
                                   const segent_image_options *given, segent_image **image)
{
    segent_image_options options;
    if (!data || !image)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_image_load_memory: data or image is NULL");
    if (size == 0)
        return sg_fail(context, SEGENT_ERROR_TRUNCATED, "memory: no bytes");
    segent_status status = sg_image_read_options(context, given, &options);
    if (status != SEGENT_OK)
        return status;
    const sg_encoded source = {"memory", data, size, sg_image_limits_of(&options)};
    sg_cancel_watch(context, options.cancel);
    status = load(context, &source, &options, image);
    sg_cancel_unwatch(context);
    return status;
}
