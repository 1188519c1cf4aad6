/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Class ids and values to colours. */

#include <math.h>
#include <string.h>

#include "api.h"
#include "base/layout.h"
#include "colormaps.h"

/* Pixels that a thread takes at a time. */
enum { TASK_PIXELS = 1 << 15 };

/* ---- VOC ---- */

/* Bits 0, 3, 6, ... of the class id make red from its top bit down; 1, 4, 7, ... green; 2, 5, 8,
 * ... blue. */
static void voc_color(int64_t id, uint8_t *rgb)
{
    rgb[0] = rgb[1] = rgb[2] = 0;
    for (int bit = 7; bit >= 0; bit--, id >>= 3) {
        for (int channel = 0; channel < 3; channel++)
            rgb[channel] |= (uint8_t)(((id >> channel) & 1) << bit);
    }
}

segent_status segent_palette_voc(uint8_t *rgb, int64_t count)
{
    if (!rgb || count < 0 || count > PTRDIFF_MAX / 3)
        return sg_fail(NULL, SEGENT_ERROR_INVALID_ARGUMENT,
                       rgb ? "segent_palette_voc: %lld entries" : "segent_palette_voc: rgb is NULL",
                       (long long)count);
    for (int64_t id = 0; id < count; id++)
        voc_color(id, rgb + 3 * id);
    return SEGENT_OK;
}

static int64_t task_rows(int64_t width)
{
    return width > 0 ? TASK_PIXELS / width : 1;
}

/* ---- palette ---- */

typedef struct palette_job {
    segent_label_view labels;
    const uint8_t *palette;
    int64_t count;
    segent_pixel_view pixels;
} palette_job;

static void decode_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const palette_job *job = argument;
    const sg_pixel_order order = sg_pixel_order_of(job->pixels.format);
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        uint8_t *to = sg_pixel_row(&job->pixels, y);
        for (int64_t x = 0; x < job->labels.width; x++, to += order.samples) {
            const int32_t id = sg_label_at(&job->labels, y, x);
            sg_pixel_put(order, to, job->palette + 3 * (id < job->count ? id : 0));
        }
    }
}

/* Looks for a label beyond the palette, before anything is written. */
static segent_status check_ids(segent_context *context, const char *name, const palette_job *job)
{
    const int32_t most = job->labels.type == SEGENT_LABEL_U8 ? 255 : 65535;
    for (int64_t y = 0; most >= job->count && y < job->labels.height; y++) {
        for (int64_t x = 0; x < job->labels.width; x++) {
            const int32_t id = sg_label_at(&job->labels, y, x);
            if (id >= job->count)
                return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                               "%s: label %d at (y, x) = (%lld, %lld), but the palette has %lld "
                               "entries",
                               name, (int)id, (long long)y, (long long)x, (long long)job->count);
        }
    }
    return SEGENT_OK;
}

static segent_status check_decode(segent_context *context, const char *name,
                                  const segent_label_view *labels, const segent_pixel_view *pixels,
                                  palette_job *job)
{
    const sg_view_check output = {context, name, "pixels", true};
    if (job->palette && job->count < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a palette of %lld entries; there must be at least 1", name,
                       (long long)job->count);
    segent_status status =
        sg_check_labels((sg_view_check){context, name, "labels", false}, labels, 1, &job->labels);
    if (status == SEGENT_OK)
        status = sg_check_pixels(output, pixels, &job->pixels);
    if (status == SEGENT_OK)
        status = sg_check_same_size(output, job->pixels.height, job->pixels.width,
                                    job->labels.height, job->labels.width);
    return status;
}

segent_status sg_palette_decode(segent_context *context, const segent_label_view *labels,
                                const uint8_t *palette, int64_t palette_count,
                                const segent_pixel_view *pixels)
{
    static const char name[] = "segent_palette_decode";
    palette_job job = {.palette = palette, .count = palette_count};
    segent_status status = check_decode(context, name, labels, pixels, &job);
    if (status != SEGENT_OK)
        return status;
    uint8_t *voc = NULL;
    if (!palette) {
        job.count = job.labels.type == SEGENT_LABEL_U8 ? 256 : 65536;
        job.palette = voc = sg_alloc(&context->allocator, (size_t)job.count, 3);
        if (!voc)
            return sg_fail_memory(context, "the VOC palette", 3 * (size_t)job.count);
        (void)segent_palette_voc(voc, job.count);
    }
    status = check_ids(context, name, &job);
    if (status == SEGENT_OK)
        sg_parallel_for(context->pool, job.labels.height, task_rows(job.labels.width), decode_rows,
                        &job);
    sg_free(&context->allocator, voc);
    return status;
}

/* ---- colour maps ---- */

typedef struct colormap_job {
    segent_map_view values;
    const uint8_t (*table)[3];
    float low, range; /* halved, so that the range of any two floats is finite */
    segent_pixel_view pixels;
    int64_t *nan; /* first NaN of each row, or -1 */
} colormap_job;

/* The position in 0..255 in float32 and in matplotlib's order: difference, quotient, times 256. */
static int color_index(const colormap_job *job, float value)
{
    if (job->range == 0.0f)
        return 0;
    const float place = (0.5f * value - job->low) / job->range * 256.0f;
    return place < 0.0f ? 0 : place < 255.0f ? (int)place : 255;
}

static void color_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const colormap_job *job = argument;
    const sg_pixel_order order = sg_pixel_order_of(job->pixels.format);
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        uint8_t *to = sg_pixel_row(&job->pixels, y);
        job->nan[y] = -1;
        for (int64_t x = 0; x < job->values.width; x++, to += order.samples) {
            const float value = job->values.data[sg_map_at(&job->values, y, x)];
            if (isnan(value)) {
                job->nan[y] = x;
                break;
            }
            sg_pixel_put(order, to, job->table[color_index(job, value)]);
        }
    }
}

static segent_status check_colormap(segent_context *context, const char *name,
                                    segent_colormap colormap, float low, float high)
{
    char first[SG_NUMBER_SIZE], second[SG_NUMBER_SIZE];
    if (colormap != SEGENT_COLORMAP_JET && colormap != SEGENT_COLORMAP_VIRIDIS)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: unknown colour map %d", name,
                       (int)colormap);
    if (!isfinite(low) || !isfinite(high) || low > high)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a range of %s to %s; both must be finite, the first not above the "
                       "second",
                       name, sg_number(first, 6, (double)low), sg_number(second, 6, (double)high));
    return SEGENT_OK;
}

segent_status sg_colormap_apply(segent_context *context, const segent_map_view *values,
                                segent_colormap colormap, float low, float high,
                                const segent_pixel_view *pixels)
{
    static const char name[] = "segent_colormap_apply";
    const sg_view_check output = {context, name, "pixels", true};
    colormap_job job = {.table = colormap == SEGENT_COLORMAP_VIRIDIS ? sg_viridis : sg_jet,
                        .low = 0.5f * low,
                        .range = 0.5f * high - 0.5f * low};
    segent_status status = check_colormap(context, name, colormap, low, high);
    if (status == SEGENT_OK)
        status = sg_check_map((sg_view_check){context, name, "values", false}, values, &job.values);
    if (status == SEGENT_OK)
        status = sg_check_pixels(output, pixels, &job.pixels);
    if (status == SEGENT_OK)
        status = sg_check_same_size(output, job.pixels.height, job.pixels.width, job.values.height,
                                    job.values.width);
    if (status != SEGENT_OK)
        return status;
    const int64_t height = job.values.height;
    job.nan = sg_scratch_take(context, SG_SCRATCH_ROWS, (size_t)height, sizeof(*job.nan));
    if (!job.nan)
        return sg_fail_memory(context, "rows of values", (size_t)height * sizeof(*job.nan));
    sg_parallel_for(context->pool, height, task_rows(job.values.width), color_rows, &job);
    for (int64_t y = 0; y < height; y++) {
        if (job.nan[y] >= 0)
            return sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                           "%s: the values hold NaN at (y, x) = (%lld, %lld)", name, (long long)y,
                           (long long)job.nan[y]);
    }
    return SEGENT_OK;
}
