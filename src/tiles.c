/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "tiles.h"

#include <stdlib.h>
#include <string.h>

#include "console.h"

enum { LONGEST_SIDE = 1000, ENLARGED_SIDE = 320 };

/* The first of the pixels that pixel i stands for, when `from` pixels are reduced to `to`. */
static int64_t span_start(int64_t i, int64_t from, int64_t to)
{
    return i * from / to;
}

/* Takes the label in the middle of what each pixel stands for, because class ids have no mean. */
static void reduce_labels(const sg_analysis *analysis, const sg_tiles *tiles, uint16_t *reduced)
{
    const uint8_t *narrow = analysis->labels;
    const uint16_t *wide = analysis->labels;
    const int64_t width = analysis->width, height = analysis->height;
    for (int64_t y = 0; y < tiles->height; y++) {
        const int64_t row = span_start(2 * y + 1, height, 2 * (int64_t)tiles->height);
        for (int64_t x = 0; x < tiles->width; x++) {
            const int64_t at =
                row * width + span_start(2 * x + 1, width, 2 * (int64_t)tiles->width);
            *reduced++ = analysis->label_type == SEGENT_LABEL_U8 ? narrow[at] : wide[at];
        }
    }
}

/* Takes the mean over the pixels that each pixel stands for. */
static void reduce_entropy(const sg_analysis *analysis, const sg_tiles *tiles, float *reduced)
{
    for (int64_t y = 0; y < tiles->height; y++) {
        const int64_t y0 = span_start(y, analysis->height, tiles->height);
        const int64_t y1 = span_start(y + 1, analysis->height, tiles->height);
        for (int64_t x = 0; x < tiles->width; x++) {
            const int64_t x0 = span_start(x, analysis->width, tiles->width);
            const int64_t x1 = span_start(x + 1, analysis->width, tiles->width);
            double sum = 0;
            for (int64_t row = y0; row < y1; row++) {
                for (int64_t column = x0; column < x1; column++)
                    sum += (double)analysis->entropy[row * analysis->width + column];
            }
            *reduced++ = (float)(sum / (double)((y1 - y0) * (x1 - x0)));
        }
    }
}

static segent_status make_picture(segent_context *context, const sg_analysis *analysis,
                                  sg_tiles *tiles)
{
    segent_image *resized = NULL;
    const segent_status status =
        segent_image_resize(context, analysis->picture, tiles->width, tiles->height, &resized);
    if (status == SEGENT_OK) {
        const size_t size = (size_t)tiles->width * (size_t)tiles->height * 3;
        tiles->rgb[TILE_PICTURE] = memory_need(size, 1);
        memcpy(tiles->rgb[TILE_PICTURE], segent_image_pixels(resized), size);
    }
    segent_image_destroy(resized);
    return status;
}

static segent_pixel_view tile_pixels(const sg_tiles *tiles, int tile)
{
    return segent_pixels(tiles->rgb[tile], SEGENT_PIXEL_RGB, tiles->height, tiles->width);
}

static segent_status make_labels(segent_context *context, const sg_analysis *analysis,
                                 sg_tiles *tiles)
{
    const size_t count = (size_t)tiles->width * (size_t)tiles->height;
    uint16_t *reduced = memory_need(count, sizeof(*reduced));
    tiles->rgb[TILE_LABELS] = memory_need(count, 3);
    reduce_labels(analysis, tiles, reduced);
    const segent_label_view labels =
        segent_label_map(reduced, SEGENT_LABEL_U16, tiles->height, tiles->width);
    const segent_pixel_view pixels = tile_pixels(tiles, TILE_LABELS);
    const segent_status status =
        segent_palette_decode(context, &labels, analysis->palette, analysis->classes, &pixels);
    free(reduced);
    return status;
}

static segent_status make_entropy(segent_context *context, const sg_analysis *analysis,
                                  const sg_settings *settings, sg_tiles *tiles)
{
    const size_t count = (size_t)tiles->width * (size_t)tiles->height;
    float low, high, *reduced = memory_need(count, sizeof(*reduced));
    tiles->rgb[TILE_ENTROPY] = memory_need(count, 3);
    reduce_entropy(analysis, tiles, reduced);
    analysis_range(analysis, settings->range, &low, &high);
    const segent_map_view map = segent_map(reduced, tiles->height, tiles->width);
    const segent_pixel_view pixels = tile_pixels(tiles, TILE_ENTROPY);
    const segent_status status =
        segent_colormap_apply(context, &map, settings->colormap, low, high, &pixels);
    free(reduced);
    return status;
}

static int32_t scaled(int32_t side, int32_t longest)
{
    const int64_t result = ((int64_t)side * LONGEST_SIDE + longest / 2) / longest;
    return result < 1 ? 1 : (int32_t)result;
}

segent_status tiles_make(segent_context *context, const sg_analysis *analysis,
                         const sg_settings *settings, sg_tiles *tiles)
{
    const int32_t longest = analysis->width > analysis->height ? analysis->width : analysis->height;
    const bool reduced = longest > LONGEST_SIDE;
    *tiles = (sg_tiles){
        .width = reduced ? scaled(analysis->width, longest) : analysis->width,
        .height = reduced ? scaled(analysis->height, longest) : analysis->height,
        .zoom = longest < ENLARGED_SIDE ? ENLARGED_SIDE / longest : 1,
    };
    segent_status status = SEGENT_OK;
    if (analysis->picture)
        status = make_picture(context, analysis, tiles);
    if (status == SEGENT_OK)
        status = make_labels(context, analysis, tiles);
    if (status == SEGENT_OK)
        status = make_entropy(context, analysis, settings, tiles);
    if (status != SEGENT_OK)
        tiles_free(tiles);
    return status;
}

void tiles_free(sg_tiles *tiles)
{
    for (int tile = 0; tile < TILE_COUNT; tile++) {
        free(tiles->rgb[tile]);
        tiles->rgb[tile] = NULL;
    }
}
