/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Class ids as PNG files and back. */

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "codec.h"

enum { PALETTE_MAX = 256 };

/* ---- writing ---- */

/* The caller's class ids, and a row of them as PNG has it. */
typedef struct label_map {
    const void *labels;
    segent_label_type type;
    segent_plane plane;
    int32_t width, height;
    uint8_t *row;
} label_map;

static unsigned label_at(const label_map *map, int32_t x, int32_t y)
{
    const int64_t at = y * map->plane.row_stride + x * map->plane.column_stride;
    if (map->type == SEGENT_LABEL_U8)
        return ((const uint8_t *)map->labels)[at];
    return ((const uint16_t *)map->labels)[at];
}

static const uint8_t *label_row(void *user, int32_t y)
{
    const label_map *map = user;
    uint8_t *to = map->row;
    for (int32_t x = 0; x < map->width; x++) {
        const unsigned label = label_at(map, x, y);
        if (map->type == SEGENT_LABEL_U16)
            *to++ = (uint8_t)(label >> 8);
        *to++ = (uint8_t)(label & 255);
    }
    return map->row;
}

static segent_status check_labels(segent_context *context, const label_map *map, int64_t count)
{
    for (int32_t y = 0; y < map->height; y++) {
        for (int32_t x = 0; x < map->width; x++) {
            const unsigned label = label_at(map, x, y);
            if (label >= count)
                return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                               "segent_labels_save_png: label %u at (%" PRId32 ", %" PRId32
                               ") is beyond the palette of %" PRId64 " colours",
                               label, x, y, count);
        }
    }
    return SEGENT_OK;
}

/* Entries beyond 256 stand for class ids that a byte cannot hold. */
static segent_status set_palette(segent_context *context, sg_png_header *header,
                                 const uint8_t *palette, int64_t count)
{
    if (!palette) {
        header->palette_count = PALETTE_MAX;
        return segent_palette_voc(header->palette_rgb, PALETTE_MAX);
    }
    if (count < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_save_png: a palette of %" PRId64 " colours", count);
    header->palette_count = count < PALETTE_MAX ? (int32_t)count : PALETTE_MAX;
    memcpy(header->palette_rgb, palette, (size_t)header->palette_count * 3);
    return SEGENT_OK;
}

static segent_status save(segent_context *context, label_map *map, const uint8_t *palette,
                          int64_t palette_count, const char *path)
{
    sg_png_header header = {.width = map->width, .height = map->height, .depth = 16, .channels = 1};
    segent_status status = SEGENT_OK;
    if (map->type == SEGENT_LABEL_U8) {
        header.depth = 8;
        header.palette = true;
        status = set_palette(context, &header, palette, palette_count);
        if (status == SEGENT_OK)
            status = check_labels(context, map, header.palette_count);
    }
    if (status != SEGENT_OK)
        return status;
    map->row = sg_alloc(&context->allocator, sg_png_row_bytes(&header), 1);
    if (!map->row) {
        sg_fail_memory(context, "a row of labels", sg_png_row_bytes(&header));
        return sg_fail_prefix(context, SEGENT_ERROR_OUT_OF_MEMORY, path);
    }
    status = sg_png_write(context, path, &header, label_row, map);
    sg_free(&context->allocator, map->row);
    return status;
}

segent_status sg_labels_save_png(segent_context *context, const void *labels,
                                 segent_label_type type, const segent_plane *plane, int32_t width,
                                 int32_t height, const uint8_t *palette, int64_t palette_count,
                                 const char *path)
{
    if (!labels || !path)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_save_png: labels or path is NULL");
    if (type != SEGENT_LABEL_U8 && type != SEGENT_LABEL_U16)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_save_png: %" PRId32 " is not a label type", type);
    if (width < 1 || height < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_save_png: a map of %" PRId32 " x %" PRId32
                       " pixels cannot be",
                       width, height);
    label_map map = {labels, type, {width, 1}, width, height, NULL};
    if (plane && (plane->row_stride != 0 || plane->column_stride != 0))
        map.plane = *plane;
    return save(context, &map, palette, palette_count, path);
}

/* ---- reading ---- */

struct segent_labels {
    sg_allocator allocator;
    int32_t width, height;
    segent_label_type type;
    void *data; /* (H, W), dense */
};

typedef struct loader {
    segent_context *context;
    segent_labels *labels;
} loader;

static segent_status begin(void *user, const sg_png_header *header)
{
    loader *self = user;
    segent_context *context = self->context;
    if (header->channels != 1)
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "a PNG picture of %s; class ids are palette indices or grey values",
                       header->channels == 2 ? "grey with alpha" : "colours");
    segent_labels *labels = sg_alloc_zero(&context->allocator, 1, sizeof(*labels));
    if (!labels)
        return sg_fail_memory(context, "labels", sizeof(*labels));
    self->labels = labels;
    labels->allocator = context->allocator;
    labels->width = header->width;
    labels->height = header->height;
    labels->type = header->depth == 16 ? SEGENT_LABEL_U16 : SEGENT_LABEL_U8;
    labels->data = sg_alloc(&context->allocator, sg_png_row_bytes(header), (size_t)header->height);
    if (!labels->data)
        return sg_fail_memory(context, "labels", sg_png_row_bytes(header) * (size_t)header->height);
    return SEGENT_OK;
}

static void take_row(void *user, int32_t y, const uint8_t *samples)
{
    const segent_labels *labels = ((loader *)user)->labels;
    const size_t width = (size_t)labels->width;
    if (labels->type == SEGENT_LABEL_U8) {
        memcpy((uint8_t *)labels->data + (size_t)y * width, samples, width);
        return;
    }
    uint16_t *to = (uint16_t *)labels->data + (size_t)y * width;
    for (size_t x = 0; x < width; x++)
        to[x] = (uint16_t)(samples[2 * x] << 8 | samples[2 * x + 1]);
}

static segent_status read_labels(segent_context *context, const sg_encoded *source,
                                 segent_labels **labels)
{
    loader self = {context, NULL};
    const sg_png_sink sink = {&self, 2, begin, take_row};
    const char *phrase, *advice;
    segent_status status;
    const sg_picture_kind kind = sg_picture_detect(source, &phrase, &advice);
    if (kind == SG_PICTURE_PNG)
        status = sg_png_read(context, source, &sink, NULL);
    else if (kind == SG_PICTURE_UNKNOWN)
        status = sg_fail(context, SEGENT_ERROR_FORMAT, "not a PNG picture");
    else
        status =
            sg_fail(context, SEGENT_ERROR_UNSUPPORTED, "%s; class ids are read from PNG", phrase);
    if (status != SEGENT_OK) {
        segent_labels_destroy(self.labels);
        return sg_fail_prefix(context, status, source->name);
    }
    *labels = self.labels;
    return SEGENT_OK;
}

segent_status sg_labels_load_png(segent_context *context, const char *path, segent_labels **labels)
{
    sg_file file = {0};
    if (!path || !labels)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_load_png: path or labels is NULL");
    segent_status status = sg_file_open(context, path, &file);
    if (status != SEGENT_OK)
        return status;
    const sg_encoded source = {path, file.data, file.size};
    status = read_labels(context, &source, labels);
    sg_file_close(&file);
    return status;
}

segent_status sg_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                        segent_labels **labels)
{
    if (!data || !labels)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_load_png_memory: data or labels is NULL");
    if (size == 0)
        return sg_fail(context, SEGENT_ERROR_TRUNCATED, "memory: no bytes");
    const sg_encoded source = {"memory", data, size};
    return read_labels(context, &source, labels);
}

int32_t segent_labels_width(const segent_labels *labels)
{
    return labels ? labels->width : 0;
}

int32_t segent_labels_height(const segent_labels *labels)
{
    return labels ? labels->height : 0;
}

segent_label_type segent_labels_type(const segent_labels *labels)
{
    return labels ? labels->type : 0;
}

const void *segent_labels_data(const segent_labels *labels)
{
    return labels ? labels->data : NULL;
}

void segent_labels_destroy(segent_labels *labels)
{
    if (!labels)
        return;
    const sg_allocator allocator = labels->allocator;
    sg_free(&allocator, labels->data);
    sg_free(&allocator, labels);
}
