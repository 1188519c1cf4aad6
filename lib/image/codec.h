/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the files of this room share: decoders from bytes in memory, the PNG encoder. Sentences of
 * errors do not begin with the picture's name: the public functions put it in front. */

#ifndef SG_CODEC_H
#define SG_CODEC_H

#include <stdbool.h>

#include "image.h"

/* The bytes of a picture and what to call it in errors: its path, or "memory". */
typedef struct sg_source {
    const char *name;
    const unsigned char *data;
    size_t size;
} sg_source;

/* ---- all pictures ---- */

/* SEGENT_ERROR_LIMIT when width x height is over the context's pixel limit. */
segent_status sg_image_check_size(segent_context *context, int64_t width, int64_t height);

/* Rows to give to a thread at a time for it to have some 16,000 pixels. */
int64_t sg_image_grain(int64_t width);

/* ---- kinds of files, told apart by their first bytes ---- */

typedef enum sg_picture_kind {
    SG_PICTURE_UNKNOWN,
    SG_PICTURE_PNG,
    SG_PICTURE_JPEG,
    SG_PICTURE_OTHER
} sg_picture_kind;

/* *phrase is such as "a WebP picture"; NULL for UNKNOWN. The beginning of a signature counts as the
 * whole when the file ends there. */
sg_picture_kind sg_picture_detect(const sg_source *source, const char **phrase);

/* ---- EXIF ---- */

/* The orientation, 1 to 8, that EXIF data (a TIFF header with its first directory, after "Exif\0\0"
 * or not) asks for; 1 when it says nothing or nothing sensible. */
int32_t sg_exif_orientation(const unsigned char *data, size_t size);

/* ---- JPEG ---- */

/* *orientation is that of the EXIF data, not yet applied. */
segent_status sg_jpeg_load(segent_context *context, const sg_source *source, segent_image **image,
                           int32_t *orientation);

/* ---- PNG ---- */

/* The kind of samples in a PNG file. */
typedef struct sg_png_header {
    int32_t width, height;
    int32_t depth;    /* bits a sample: 1, 2, 4, 8 or 16 */
    int32_t channels; /* samples a pixel; 2 and 4: the last is alpha; 1: grey or palette index */
    bool palette;
    int32_t palette_count;
    uint8_t palette_rgb[256 * 3];
    uint8_t palette_alpha[256]; /* 255 where the file does not say */
    bool has_key;               /* one colour is transparent */
    uint16_t key[3];            /* its samples: 1 (grey) or 3 */
} sg_png_header;

/* Bytes of a row as it is handed over: a byte a sample, or two (the high one first) at depth 16. */
size_t sg_png_row_bytes(const sg_png_header *header);

/* Takes what a PNG file holds: `begin` once the header is known and before anything large is
 * allocated, then `row` for each row from the top. */
typedef struct sg_png_sink {
    void *user;
    segent_status (*begin)(void *user, const sg_png_header *header);
    void (*row)(void *user, int32_t y, const uint8_t *samples);
} sg_png_sink;

/* Decodes into a sink. *orientation (NULL: not wanted) is that of an eXIf chunk. */
segent_status sg_png_read(segent_context *context, const sg_source *source, const sg_png_sink *sink,
                          int32_t *orientation);

/* A PNG picture as RGB; `background` as in segent_image_options. */
segent_status sg_png_load(segent_context *context, const sg_source *source, int32_t background,
                          segent_image **image, int32_t *orientation);

/* Gives row y, laid out as sg_png_row_bytes says; valid until the next call. */
typedef const uint8_t *(*sg_png_row_fn)(void *user, int32_t y);

/* Writes a PNG file whole or not at all. Of the header: sizes, depth 8 or 16, channels 1 or 3, and
 * the palette's colours. */
segent_status sg_png_write(segent_context *context, const char *path, const sg_png_header *header,
                           sg_png_row_fn row, void *user);

#endif
