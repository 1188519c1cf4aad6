/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the files of this room share: decoders from bytes in memory, the PNG encoder. Sentences of
 * errors do not begin with the picture's name: the public functions put it in front. */

#ifndef SG_CODEC_H
#define SG_CODEC_H

#include <stdbool.h>

#include "image.h"

/* The limits of segent_image_options. */
typedef struct sg_image_limits {
    int64_t pixels;
    int32_t scans;
} sg_image_limits;

/* The bytes of a picture, what to call it in errors (its path, or "memory"), and its limits. */
typedef struct sg_encoded {
    const char *name;
    const unsigned char *data;
    size_t size;
    sg_image_limits limits;
} sg_encoded;

/* Some bytes of a source. data NULL: there are none. */
typedef struct sg_span {
    const unsigned char *data;
    size_t size;
} sg_span;

/* ---- all pictures ---- */

/* Options of reading a picture: the caller's, or the defaults. */
segent_status sg_image_read_options(segent_context *context, const segent_image_options *given,
                                    segent_image_options *options);
sg_image_limits sg_image_limits_of(const segent_image_options *options);

/* SEGENT_ERROR_LIMIT when `bytes`, what is needed at once to read a picture of that size, is over
 * the context's memory limit. */
segent_status sg_image_check_memory(segent_context *context, int64_t width, int64_t height,
                                    uint64_t bytes);

/* The warning for a picture that was read although it is damaged in a way that loses no pixel. */
void sg_image_warn(segent_context *context, const sg_encoded *source, const char *damage);

/* Rows to give to a thread at a time for it to have some 16,000 pixels. */
int64_t sg_image_grain(int64_t width);

/* ---- kinds of files, told apart by their first bytes ---- */

typedef enum sg_picture_kind {
    SG_PICTURE_UNKNOWN,
    SG_PICTURE_PNG,
    SG_PICTURE_JPEG,
    SG_PICTURE_OTHER
} sg_picture_kind;

/* *phrase is such as "a WebP picture", *advice what to do about it (of OTHER). Of UNKNOWN *phrase
 * may be NULL. The beginning of the signature of PNG and JPEG counts as the whole when the file
 * ends there. */
sg_picture_kind sg_picture_detect(const sg_encoded *source, const char **phrase,
                                  const char **advice);

/* ---- EXIF and XMP ---- */

/* The orientation, 1 to 8, that EXIF data (a TIFF header with its first directory, after "Exif\0\0"
 * or not) asks for: 1 when it asks for nothing sensible, 0 when it has no orientation at all. */
int32_t sg_exif_orientation(const unsigned char *data, size_t size);

/* The same of an XMP packet: the first tiff:Orientation counts, an attribute or an element. */
int32_t sg_xmp_orientation(const unsigned char *data, size_t size);

/* ---- JPEG ---- */

enum { SG_JPEG_COMPONENTS_MAX = 10 };

/* What the markers of a JPEG file say. */
typedef struct sg_jpeg_layout {
    int process; /* second byte of the frame header's marker; 0: there is none */
    int precision, components;
    unsigned width, height;
    unsigned char identifiers[SG_JPEG_COMPONENTS_MAX];
    uint64_t blocks[SG_JPEG_COMPONENTS_MAX]; /* of 8 x 8 samples, of each component */
    int64_t scans;
    uint64_t visits;      /* blocks that the scans visit, all together */
    unsigned seen;        /* a bit a component that is in a scan */
    bool has_end;         /* an EOI marker */
    size_t size;          /* of the file, without what only fills it up when there is no end */
    sg_span exif, packet; /* the first EXIF segment; XMP */
    size_t exif_segments, exif_bytes;
} sg_jpeg_layout;

void sg_jpeg_scan(const sg_encoded *source, sg_jpeg_layout *layout);

/* The next EXIF segment after *at, which is moved behind it; data NULL: there is none. */
sg_span sg_jpeg_next_exif(const sg_encoded *source, size_t *at);

/* *orientation is what EXIF or XMP data ask for, not yet applied. */
segent_status sg_jpeg_load(segent_context *context, const sg_encoded *source, segent_image **image,
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

/* What the chunks of a PNG file say beside the pixels, found before libpng reads it. */
typedef struct sg_png_chunks {
    sg_span exif;            /* an eXIf chunk's data */
    sg_span profile, packet; /* text chunks, from their type on: EXIF in hexadecimal; XMP */
    uint64_t data_bytes;     /* of all IDAT chunks, as far as they are there */
    size_t cut_at;       /* where the length of an IDAT chunk lies that the file's end cuts; 0 */
    uint32_t cut_length; /* what is there of it */
    bool data_sum_wrong; /* of an IDAT chunk */
    char damage[96];     /* the first that loses no pixel; "" */
} sg_png_chunks;

/* Walks over the chunks and their check sums. An error: a chunk before the pixels that has to do
 * with them has a wrong sum. */
segent_status sg_png_scan(segent_context *context, const sg_encoded *source, sg_png_chunks *chunks);

/* Keeps the first damage. */
void sg_png_note(sg_png_chunks *chunks, const char *format, ...) SG_PRINTF(2, 3);

/* The orientation, 1 to 8: of an eXIf chunk, else of EXIF data in a text chunk, else of XMP. */
segent_status sg_png_orientation(segent_context *context, const sg_encoded *source,
                                 const sg_png_chunks *chunks, int32_t *orientation);

/* Bytes of a row as it is handed over: a byte a sample, or two (the high one first) at depth 16. */
size_t sg_png_row_bytes(const sg_png_header *header);

/* Takes what a PNG file holds: `begin` once the header is known and before anything large is
 * allocated, then `row` for each row from the top. */
typedef struct sg_png_sink {
    void *user;
    int32_t pixel_bytes; /* the most that `begin` allocates for a pixel */
    segent_status (*begin)(void *user, const sg_png_header *header);
    void (*row)(void *user, int32_t y, const uint8_t *samples);
} sg_png_sink;

/* Decodes into a sink. *orientation (NULL: not wanted) is what EXIF or XMP data ask for. What is
 * damaged without loss of a pixel is read, with a warning (docs/security.md). */
segent_status sg_png_read(segent_context *context, const sg_encoded *source,
                          const sg_png_sink *sink, int32_t *orientation);

/* A PNG picture as RGB; transparency as the options say. */
segent_status sg_png_load(segent_context *context, const sg_encoded *source,
                          const segent_image_options *options, segent_image **image,
                          int32_t *orientation);

/* Gives row y, laid out as sg_png_row_bytes says; valid until the next call. */
typedef const uint8_t *(*sg_png_row_fn)(void *user, int32_t y);

/* Where a PNG file goes: to a path, or, if that is NULL, into a buffer for the caller. */
typedef struct sg_png_target {
    const char *path;
    segent_buffer **buffer;
} sg_png_target;

/* Writes a PNG file. Of the header: sizes, depth 8 or 16, channels 1 or 3, and the palette's
 * colours. */
segent_status sg_png_write(segent_context *context, sg_png_target target,
                           const sg_png_header *header, sg_png_row_fn row, void *user);

#endif
