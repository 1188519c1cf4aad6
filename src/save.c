/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "save.h"

#include <stdlib.h>

#include "console.h"
#include "outputs.h"
#include "panel.h"

segent_status save_rgb(segent_context *context, const uint8_t *rgb, int32_t width, int32_t height,
                       const char *path)
{
    segent_image *image = NULL;
    const segent_pixel_view pixels = segent_pixels(rgb, SEGENT_PIXEL_RGB, height, width);
    segent_status status = segent_image_from_pixels(context, &pixels, &image);
    if (status == SEGENT_OK)
        status = segent_image_save_png(context, image, path);
    segent_image_destroy(image);
    return status;
}

static segent_status save_panel(segent_context *context, const sg_analysis *analysis,
                                const sg_settings *settings, const char *path)
{
    segent_image *panel = NULL;
    segent_status status = panel_compose(context, analysis, settings, &panel);
    if (status == SEGENT_OK)
        status = segent_image_save_png(context, panel, path);
    segent_image_destroy(panel);
    return status;
}

static segent_status save_labels(segent_context *context, const sg_analysis *analysis,
                                 const char *path)
{
    const segent_label_view labels = analysis_labels(analysis);
    return segent_labels_save_png(context, &labels, analysis->palette, analysis->classes, path);
}

/* Writes the picture, half covered by the colours of the classes. */
static segent_status save_overlay(segent_context *context, const sg_analysis *analysis,
                                  const char *path)
{
    const size_t count = (size_t)analysis->width * (size_t)analysis->height;
    const uint8_t *picture = segent_image_pixels(analysis->picture);
    uint8_t *rgb = memory_need(count, 3);
    const segent_label_view labels = analysis_labels(analysis);
    const segent_pixel_view pixels =
        segent_pixels(rgb, SEGENT_PIXEL_RGB, analysis->height, analysis->width);
    segent_status status =
        segent_palette_decode(context, &labels, analysis->palette, analysis->classes, &pixels);
    for (size_t i = 0; i < count * 3; i++)
        rgb[i] = (uint8_t)((rgb[i] + picture[i] + 1) / 2);
    if (status == SEGENT_OK)
        status = save_rgb(context, rgb, analysis->width, analysis->height, path);
    free(rgb);
    return status;
}

static segent_status save_entropy(segent_context *context, const sg_analysis *analysis,
                                  const sg_settings *settings, const char *path)
{
    float low, high;
    const size_t count = (size_t)analysis->width * (size_t)analysis->height;
    uint8_t *rgb = memory_need(count, 3);
    analysis_range(analysis, settings->range, &low, &high);
    const segent_map_view entropy = analysis_entropy(analysis);
    const segent_pixel_view pixels =
        segent_pixels(rgb, SEGENT_PIXEL_RGB, analysis->height, analysis->width);
    segent_status status =
        segent_colormap_apply(context, &entropy, settings->colormap, low, high, &pixels);
    if (status == SEGENT_OK)
        status = save_rgb(context, rgb, analysis->width, analysis->height, path);
    free(rgb);
    return status;
}

static segent_status save_tensor(segent_context *context, const sg_analysis *analysis,
                                 const float *values, const char *path)
{
    const segent_tensor_view tensor =
        segent_tensor_chw(values, analysis->classes, analysis->height, analysis->width);
    return segent_tensor_save_npy(context, &tensor, path);
}

static segent_status save_entropy_values(segent_context *context, const sg_analysis *analysis,
                                         const char *path)
{
    const segent_map_view entropy = analysis_entropy(analysis);
    return segent_map_save_npy(context, &entropy, path);
}

static segent_status save_one(segent_context *context, const sg_analysis *analysis,
                              const sg_settings *settings, sg_save_kind kind, const char *path)
{
    switch (kind) {
    case SAVE_PANEL:
        return save_panel(context, analysis, settings, path);
    case SAVE_LABELS:
        return save_labels(context, analysis, path);
    case SAVE_OVERLAY:
        return save_overlay(context, analysis, path);
    case SAVE_ENTROPY:
        return save_entropy(context, analysis, settings, path);
    case SAVE_ENTROPY_NPY:
        return save_entropy_values(context, analysis, path);
    case SAVE_LOGITS_NPY:
        return save_tensor(context, analysis, analysis->logits, path);
    case SAVE_PROBS_NPY:
        return save_tensor(context, analysis, analysis->probabilities, path);
    case SAVE_COUNT:
        break;
    }
    return SEGENT_ERROR_INTERNAL;
}

int save_suffixes(const sg_settings *settings, const char *suffixes[SAVE_COUNT])
{
    int count = 0;
    for (int kind = 0; kind < SAVE_COUNT; kind++) {
        if (settings->save >> kind & 1)
            suffixes[count++] = output_suffix(kind);
    }
    return count;
}

segent_status save_outputs(segent_context *context, sg_analysis *analysis,
                           const sg_settings *settings)
{
    const double start = clock_seconds();
    segent_status status = SEGENT_OK;
    for (int kind = 0; kind < SAVE_COUNT && status == SEGENT_OK; kind++) {
        if (!(settings->save >> kind & 1))
            continue;
        char *path = output_path(settings->out, analysis->input, output_suffix(kind));
        status = save_one(context, analysis, settings, kind, path);
        if (status == SEGENT_OK)
            analysis->files[kind] = path;
        else
            free(path);
    }
    analysis->seconds.write = clock_seconds() - start;
    return status;
}
