/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "save.h"

#include <stdlib.h>

#include "console.h"
#include "npy.h"
#include "outputs.h"
#include "panel.h"

segent_status save_rgb(segent_context *context, const uint8_t *rgb, int32_t width, int32_t height,
                       const char *path)
{
    segent_image *image = NULL;
    segent_status status =
        segent_image_from_pixels(context, rgb, SEGENT_PIXEL_RGB, width, height, 0, &image);
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
    return segent_labels_save_png(context, analysis->labels, analysis->label_type, NULL,
                                  analysis->width, analysis->height, NULL, 0, path);
}

/* Writes the picture, half covered by the colours of the classes. */
static segent_status save_overlay(segent_context *context, const sg_analysis *analysis,
                                  const char *path)
{
    const size_t count = (size_t)analysis->width * (size_t)analysis->height;
    const uint8_t *picture = segent_image_pixels(analysis->picture);
    uint8_t *rgb = memory_need(count, 3);
    segent_status status =
        segent_palette_decode(context, analysis->labels, analysis->label_type, NULL,
                              analysis->height, analysis->width, NULL, 0, rgb, 0);
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
    segent_status status =
        segent_colormap_apply(context, analysis->entropy, analysis->height, analysis->width, NULL,
                              settings->colormap, low, high, rgb, 0);
    if (status == SEGENT_OK)
        status = save_rgb(context, rgb, analysis->width, analysis->height, path);
    free(rgb);
    return status;
}

static segent_status save_npy(segent_context *context, const sg_analysis *analysis,
                              const float *values, int rank, const char *path)
{
    char header[NPY_HEADER_MAX];
    const int64_t shape[] = {analysis->classes, analysis->height, analysis->width};
    const size_t pixels = (size_t)analysis->width * (size_t)analysis->height;
    const size_t count = rank == 3 ? (size_t)analysis->classes * pixels : pixels;
    const size_t length = npy_header(header, rank, shape + 3 - rank);
    const segent_bytes parts[] = {{header, length}, {values, count * sizeof(float)}};
    return segent_write_file(context, path, parts, 2);
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
        return save_npy(context, analysis, analysis->entropy, 2, path);
    case SAVE_LOGITS_NPY:
        return save_npy(context, analysis, analysis->logits, 3, path);
    case SAVE_PROBS_NPY:
        return save_npy(context, analysis, analysis->probabilities, 3, path);
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
