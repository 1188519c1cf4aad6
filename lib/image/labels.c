/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Class ids as PNG files and back. */

#include <inttypes.h>
#include <string.h>

#include "base/cancel.h"
#include "base/file.h"
#include "codec.h"

enum { PALETTE_MAX = 256 };

/* ---- writing ---- */

/* The caller's class ids, and a row of them as PNG has it. */
typedef struct label_map {
    segent_label_view labels;
    uint8_t *row;
} label_map;

static const uint8_t *label_row(void *user, int32_t y)
{
    const label_map *map = user;
    uint8_t *to = map->row;
    for (int64_t x = 0; x < map->labels.width; x++) {
        const int32_t label = sg_label_at(&map->labels, y, x);
        if (map->labels.type == SEGENT_LABEL_U16)
            *to++ = (uint8_t)(label >> 8);
        *to++ = (uint8_t)(label & 255);
    }
    return map->row;
}

static segent_status check_ids(segent_context *context, const char *function,
                               const segent_label_view *labels, int32_t count)
{
    for (int64_t y = 0; y < labels->height; y++) {
        for (int64_t x = 0; x < labels->width; x++) {
            const int32_t label = sg_label_at(labels, y, x);
            if (label >= count)
                return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                               "%s: label %" PRId32 " at (y, x) = (%" PRId64 ", %" PRId64
                               ") is beyond the palette of %" PRId32 " colours",
                               function, label, y, x, count);
        }
    }
    return SEGENT_OK;
}

/* Entries beyond 256 stand for class ids that a byte cannot hold. */
static segent_status set_palette(segent_context *context, const char *function,
                                 const uint8_t *palette, int64_t count, sg_png_header *header)
{
    if (!palette) {
        header->palette_count = PALETTE_MAX;
        return segent_palette_voc(header->palette_rgb, PALETTE_MAX);
    }
    if (count < 1)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: a palette of %" PRId64 " colours", function, count);
    header->palette_count = count < PALETTE_MAX ? (int32_t)count : PALETTE_MAX;
    memcpy(header->palette_rgb, palette, (size_t)header->palette_count * 3);
    return SEGENT_OK;
}

/* The header of class ids as PNG, once they have been checked. */
static segent_status make_header(segent_context *context, const char *function,
                                 const segent_label_view *labels, const uint8_t *palette,
                                 int64_t palette_count, sg_png_header *header)
{
    if (labels->width > INT32_MAX || labels->height > INT32_MAX)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%s: %" PRId64 " x %" PRId64 " labels; PNG has sides of up to %" PRId32,
                       function, labels->width, labels->height, INT32_MAX);
    *header = (sg_png_header){.width = (int32_t)labels->width,
                              .height = (int32_t)labels->height,
                              .depth = 16,
                              .channels = 1};
    if (labels->type == SEGENT_LABEL_U16)
        return SEGENT_OK;
    header->depth = 8;
    header->palette = true;
    const segent_status status = set_palette(context, function, palette, palette_count, header);
    return status == SEGENT_OK ? check_ids(context, function, labels, header->palette_count)
                               : status;
}

static segent_status write_labels(segent_context *context, const char *function,
                                  const segent_label_view *labels, const uint8_t *palette,
                                  int64_t palette_count, sg_png_target target)
{
    label_map map;
    sg_png_header header;
    if (!target.path && !target.buffer)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: the target is NULL", function);
    segent_status status = sg_check_labels((sg_view_check){context, function, "labels", false},
                                           labels, 1, &map.labels);
    if (status == SEGENT_OK)
        status = make_header(context, function, &map.labels, palette, palette_count, &header);
    if (status != SEGENT_OK)
        return status;
    map.row = sg_alloc(&context->allocator, sg_png_row_bytes(&header), 1);
    if (!map.row) {
        sg_fail_memory(context, "a row of labels", sg_png_row_bytes(&header));
        return sg_fail_prefix(context, SEGENT_ERROR_OUT_OF_MEMORY,
                              target.path ? target.path : function);
    }
    status = sg_png_write(context, target, &header, label_row, &map);
    sg_free(&context->allocator, map.row);
    return status;
}

segent_status sg_labels_save_png(segent_context *context, const segent_label_view *labels,
                                 const uint8_t *palette, int64_t palette_count, const char *path)
{
    return write_labels(context, "segent_labels_save_png", labels, palette, palette_count,
                        (sg_png_target){path, NULL});
}

segent_status sg_labels_encode_png(segent_context *context, const segent_label_view *labels,
                                   const uint8_t *palette, int64_t palette_count,
                                   segent_buffer **png)
{
    return write_labels(context, "segent_labels_encode_png", labels, palette, palette_count,
                        (sg_png_target){NULL, png});
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
    if (status == SEGENT_OK)
        status = sg_cancel_check(context, "reading");
    if (status != SEGENT_OK) {
        segent_labels_destroy(self.labels);
        return sg_fail_prefix(context, status, source->name);
    }
    *labels = self.labels;
    return SEGENT_OK;
}

segent_status sg_labels_load_png(segent_context *context, const char *path,
                                 const segent_image_options *given, segent_labels **labels)
{
    segent_image_options options;
    sg_file file = {0};
    if (!path || !labels)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_load_png: path or labels is NULL");
    segent_status status = sg_image_read_options(context, given, &options);
    if (status == SEGENT_OK)
        status = sg_file_open(context, path, &file);
    if (status != SEGENT_OK)
        return status;
    const sg_encoded source = {path, file.data, file.size, sg_image_limits_of(&options)};
    sg_cancel_watch(context, options.cancel);
    status = read_labels(context, &source, labels);
    sg_cancel_unwatch(context);
    sg_file_close(&file);
    return status;
}

segent_status sg_labels_load_png_memory(segent_context *context, const void *data, size_t size,
                                        const segent_image_options *given, segent_labels **labels)
{
    segent_image_options options;
    if (!data || !labels)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_labels_load_png_memory: data or labels is NULL");
    if (size == 0)
        return sg_fail(context, SEGENT_ERROR_TRUNCATED, "memory: no bytes");
    segent_status status = sg_image_read_options(context, given, &options);
    if (status != SEGENT_OK)
        return status;
    const sg_encoded source = {"memory", data, size, sg_image_limits_of(&options)};
    sg_cancel_watch(context, options.cancel);
    status = read_labels(context, &source, labels);
    sg_cancel_unwatch(context);
    return status;
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
