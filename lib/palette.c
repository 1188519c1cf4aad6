/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Class ids and values to colours. */

#include <math.h>
#include <string.h>

#include "colormaps.h"
#include "uncertainty/uncertainty.h"

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
        return SEGENT_ERROR_INVALID_ARGUMENT;
    for (int64_t id = 0; id < count; id++)
        voc_color(id, rgb + 3 * id);
    return SEGENT_OK;
}

/* ---- what both decoders share ---- */

/* Bytes from one row of colours to the next. */
static segent_status check_rgb(segent_context *context, const char *function, int64_t height,
                               int64_t width, int64_t *rgb_stride)
{
    const segent_status status = sg_check_size(context, function, height, width);
    if (status != SEGENT_OK)
        return status;
    if (*rgb_stride == 0)
        *rgb_stride = 3 * width;
    const uint64_t step = *rgb_stride < 0 ? -(uint64_t)*rgb_stride : (uint64_t)*rgb_stride;
    if (height > 1 && step < 3 * (uint64_t)width)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: an rgb_stride of %lld bytes for rows of %lld", function,
                       (long long)*rgb_stride, (long long)(3 * width));
    if (height > 1 && step > (uint64_t)INT64_MAX / (uint64_t)height)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: an rgb_stride of %lld bytes does not fit in memory", function,
                       (long long)*rgb_stride);
    return SEGENT_OK;
}

static int64_t task_rows(int64_t width)
{
    return TASK_PIXELS / width;
}

/* ---- palette ---- */

typedef struct palette_job {
    const void *labels;
    segent_label_type type;
    segent_plane plane;
    int64_t height, width;
    const uint8_t *palette;
    int64_t count;
    uint8_t *rgb;
    int64_t rgb_stride;
} palette_job;

static void decode_rows(void *argument, int64_t begin, int64_t end, int32_t thread)
{
    const palette_job *job = argument;
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        uint8_t *rgb = job->rgb + y * job->rgb_stride;
        for (int64_t x = 0; x < job->width; x++, rgb += 3) {
            const int32_t id = sg_label_get(
                job->labels, job->type, y * job->plane.row_stride + x * job->plane.column_stride);
            memcpy(rgb, job->palette + 3 * (id < job->count ? id : 0), 3);
        }
    }
}

/* Looks for a label beyond the palette, before anything is written. */
static segent_status check_ids(segent_context *context, const char *name, const palette_job *job)
{
    const int32_t most = job->type == SEGENT_LABEL_U8 ? 255 : 65535;
    for (int64_t y = 0; most >= job->count && y < job->height; y++) {
        for (int64_t x = 0; x < job->width; x++) {
            const int32_t id = sg_label_get(
                job->labels, job->type, y * job->plane.row_stride + x * job->plane.column_stride);
            if (id >= job->count)
                return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                               "%s: label %d at (y, x) = (%lld, %lld), but the palette has %lld "
                               "entries",
                               name, (int)id, (long long)y, (long long)x, (long long)job->count);
        }
    }
    return SEGENT_OK;
}

segent_status sg_palette_decode(segent_context *context, const void *labels, segent_label_type type,
                                const segent_plane *plane, int64_t height, int64_t width,
                                const uint8_t *palette, int64_t palette_count, uint8_t *rgb,
                                int64_t rgb_stride)
{
    static const char name[] = "segent_palette_decode";
    if (!labels || !rgb)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       labels ? "rgb" : "labels");
    if (palette && palette_count < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a palette of %lld entries; there must be at least 1", name,
                       (long long)palette_count);
    palette_job job = {labels,  type,          {0, 0}, height,    width,
                       palette, palette_count, rgb,    rgb_stride};
    segent_status status = sg_check_labels(context, name, type, 1);
    if (status == SEGENT_OK)
        status = check_rgb(context, name, height, width, &job.rgb_stride);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "labels", height, width, plane, false, &job.plane);
    if (status != SEGENT_OK)
        return status;
    uint8_t *voc = NULL;
    if (!palette) {
        job.count = type == SEGENT_LABEL_U8 ? 256 : 65536;
        job.palette = voc = sg_alloc(&context->allocator, (size_t)job.count, 3);
        if (!voc)
            return sg_fail_memory(context, "the VOC palette", 3 * (size_t)job.count);
        (void)segent_palette_voc(voc, job.count);
    }
    status = check_ids(context, name, &job);
    if (status == SEGENT_OK)
        sg_parallel_for(context->pool, height, task_rows(width), decode_rows, &job);
    sg_free(&context->allocator, voc);
    return status;
}

/* ---- colour maps ---- */

typedef struct colormap_job {
    const float *values;
    segent_plane plane;
    int64_t width;
    const uint8_t (*table)[3];
    float low, range; /* halved, so that the range of any two floats is finite */
    uint8_t *rgb;
    int64_t rgb_stride;
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
    (void)thread;
    for (int64_t y = begin; y < end; y++) {
        const float *row = job->values + y * job->plane.row_stride;
        uint8_t *rgb = job->rgb + y * job->rgb_stride;
        job->nan[y] = -1;
        for (int64_t x = 0; x < job->width; x++, rgb += 3) {
            const float value = row[x * job->plane.column_stride];
            if (isnan(value)) {
                job->nan[y] = x;
                break;
            }
            memcpy(rgb, job->table[color_index(job, value)], 3);
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

segent_status sg_colormap_apply(segent_context *context, const float *values, int64_t height,
                                int64_t width, const segent_plane *plane, segent_colormap colormap,
                                float low, float high, uint8_t *rgb, int64_t rgb_stride)
{
    static const char name[] = "segent_colormap_apply";
    if (!values || !rgb)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: %s is NULL", name,
                       values ? "rgb" : "values");
    colormap_job job = {.values = values,
                        .width = width,
                        .table = colormap == SEGENT_COLORMAP_VIRIDIS ? sg_viridis : sg_jet,
                        .low = 0.5f * low,
                        .range = 0.5f * high - 0.5f * low,
                        .rgb = rgb,
                        .rgb_stride = rgb_stride};
    segent_status status = check_colormap(context, name, colormap, low, high);
    if (status == SEGENT_OK)
        status = check_rgb(context, name, height, width, &job.rgb_stride);
    if (status == SEGENT_OK)
        status = sg_check_plane(context, name, "values", height, width, plane, false, &job.plane);
    if (status != SEGENT_OK)
        return status;
    job.nan = sg_alloc(&context->allocator, (size_t)height, sizeof(*job.nan));
    if (!job.nan)
        return sg_fail_memory(context, "rows of values", (size_t)height * sizeof(*job.nan));
    sg_parallel_for(context->pool, height, task_rows(width), color_rows, &job);
    for (int64_t y = 0; y < height && status == SEGENT_OK; y++) {
        if (job.nan[y] >= 0)
            status = sg_fail(context, SEGENT_ERROR_NOT_FINITE,
                             "%s: the values hold NaN at (y, x) = (%lld, %lld)", name, (long long)y,
                             (long long)job.nan[y]);
    }
    sg_free(&context->allocator, job.nan);
    return status;
}
