/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* PNG samples of every kind to 8-bit RGB, as Pillow's convert("RGB") does, or over a colour. */

#include <string.h>

#include "codec.h"

typedef struct converter {
    segent_context *context;
    int64_t pixel_limit;
    bool compose;
    uint8_t background[3];
    sg_png_header header;
    uint8_t table[256][3]; /* colours of the samples where there is one of at most 8 bits */
    segent_image *image;
} converter;

/* Colour over background, rounded; nothing lies half-way, since 255 is odd. */
static uint8_t over(uint8_t colour, uint8_t background, uint8_t alpha)
{
    return (uint8_t)((colour * alpha + background * (255 - alpha) + 127) / 255);
}

static void put(const converter *self, uint8_t *to, const uint8_t colour[3], uint8_t alpha)
{
    for (int c = 0; c < 3; c++)
        to[c] = self->compose ? over(colour[c], self->background[c], alpha) : colour[c];
}

static bool is_indexed(const sg_png_header *header)
{
    return header->channels == 1 && header->depth <= 8;
}

/* Indices beyond a palette are grey values, as Pillow has it. */
static void fill_table(converter *self)
{
    const sg_png_header *header = &self->header;
    const int count = 1 << header->depth;
    for (int v = 0; v < count; v++) {
        const uint8_t grey = (uint8_t)(header->palette ? v : v * 255 / (count - 1));
        const uint8_t greys[3] = {grey, grey, grey};
        uint8_t alpha = 255;
        if (header->palette)
            alpha = header->palette_alpha[v];
        else if (header->has_key && v == header->key[0])
            alpha = 0;
        const bool coloured = v < header->palette_count;
        put(self, self->table[v], coloured ? header->palette_rgb + (size_t)v * 3 : greys, alpha);
    }
}

static segent_status begin(void *user, const sg_png_header *header)
{
    converter *self = user;
    self->header = *header;
    if (is_indexed(header))
        fill_table(self);
    return sg_image_create(self->context, self->pixel_limit, header->width, header->height,
                           &self->image);
}

static void convert_indexed(const converter *self, const uint8_t *from, uint8_t *to)
{
    for (int32_t x = 0; x < self->header.width; x++, to += 3)
        memcpy(to, self->table[from[x]], 3);
}

static bool is_key(const sg_png_header *header, const uint8_t *pixel)
{
    const int colours = header->channels < 3 ? 1 : 3;
    for (int c = 0; c < colours; c++) {
        const unsigned sample =
            header->depth == 16 ? pixel[2 * c] * 256u + pixel[2 * c + 1] : pixel[c];
        if (sample != header->key[c])
            return false;
    }
    return header->has_key;
}

/* The high byte of a sample comes first: at depth 16 it is all that is used. */
static void convert_samples(const converter *self, const uint8_t *from, uint8_t *to)
{
    const sg_png_header *header = &self->header;
    const int bytes = header->depth == 16 ? 2 : 1;
    const int step = header->channels < 3 ? 0 : bytes;
    const bool has_alpha = header->channels % 2 == 0;
    for (int32_t x = 0; x < header->width; x++, to += 3, from += header->channels * bytes) {
        const uint8_t colour[3] = {from[0], from[step], from[2 * step]};
        uint8_t alpha = 255;
        if (has_alpha)
            alpha = from[(header->channels - 1) * bytes];
        else if (is_key(header, from))
            alpha = 0;
        put(self, to, colour, alpha);
    }
}

static void convert_row(void *user, int32_t y, const uint8_t *samples)
{
    const converter *self = user;
    const size_t row = (size_t)self->header.width * 3;
    uint8_t *to = self->image->pixels + (size_t)y * row;
    if (is_indexed(&self->header))
        convert_indexed(self, samples, to);
    else if (self->header.channels == 3 && self->header.depth == 8 && !self->compose)
        memcpy(to, samples, row);
    else
        convert_samples(self, samples, to);
}

segent_status sg_png_load(segent_context *context, const sg_encoded *source,
                          const segent_image_options *options, segent_image **image,
                          int32_t *orientation)
{
    const int32_t background = options->background; /* of black the low bits are 0 */
    converter self = {.context = context,
                      .pixel_limit = source->limits.pixels,
                      .compose = background != 0,
                      .background = {(uint8_t)(background >> 16 & 255),
                                     (uint8_t)(background >> 8 & 255),
                                     (uint8_t)(background & 255)}};
    const sg_png_sink sink = {&self, 3, begin, convert_row};
    const segent_status status = sg_png_read(context, source, &sink, orientation);
    if (status == SEGENT_OK)
        *image = self.image;
    else
        segent_image_destroy(self.image);
    return status;
}

/* ---- writing ---- */

static const uint8_t *image_row(void *user, int32_t y)
{
    const segent_image *image = user;
    return image->pixels + (size_t)y * (size_t)image->width * 3;
}

static segent_status write_image(segent_context *context, const segent_image *image,
                                 sg_png_target target, const char *function)
{
    if (!image || (!target.path && !target.buffer))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: image or target is NULL",
                       function);
    const sg_png_header header = {
        .width = image->width, .height = image->height, .depth = 8, .channels = 3};
    return sg_png_write(context, target, &header, image_row, (void *)image);
}

segent_status sg_image_save_png(segent_context *context, const segent_image *image,
                                const char *path)
{
    return write_image(context, image, (sg_png_target){path, NULL}, "segent_image_save_png");
}

segent_status sg_image_encode_png(segent_context *context, const segent_image *image,
                                  segent_buffer **png)
{
    return write_image(context, image, (sg_png_target){NULL, png}, "segent_image_encode_png");
}
