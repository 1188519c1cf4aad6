/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "codec.h"

size_t sg_png_row_bytes(const sg_png_header *header)
{
    return (size_t)header->width * (size_t)header->channels * (header->depth == 16 ? 2 : 1);
}

#if SG_PNG

#    include <png.h>
#    include <setjmp.h>
#    include <stdio.h>
#    include <string.h>

#    include "base/cancel.h"

/* The most that deflate makes of a byte: 258 of two bits. */
enum { DEFLATE_RATIO = 1032 };

/* Everything lives here and not on the stack of the functions that libpng's errors jump over. */
typedef struct reader {
    segent_context *context;
    const sg_encoded *source;
    size_t position;
    png_structp png;
    png_infop info;
    sg_png_header header;
    bool interlaced;
    const sg_png_sink *sink;
    uint8_t *rows; /* one row, or all of them when interlaced */
    size_t row_bytes;
    sg_png_chunks chunks;
    int64_t rows_left; /* that libpng has not yet made */
    bool pixels_wrong; /* what follows them says so */
    bool truncated, out_of_memory;
    char message[160];
    jmp_buf jump;
} reader;

/* ---- what libpng calls ---- */

static _Noreturn void on_error(png_structp png, png_const_charp message)
{
    reader *self = png_get_error_ptr(png);
    snprintf(self->message, sizeof(self->message), "%s", message);
    longjmp(self->jump, 1);
}

/* After the last row libpng reads on to the end of the compressed data, where Adler's check sum of
 * the pixels is. What it finds there it calls a warning; but for these two it is about the sum or
 * about data that cannot be decoded. */
static bool is_surplus(const char *message)
{
    return strstr(message, "Extra compressed data") || strstr(message, "Too much image data");
}

static void on_warning(png_structp png, png_const_charp message)
{
    reader *self = png_get_error_ptr(png);
    if (self->rows_left > 0) {
        sg_log(self->context, SEGENT_LOG_WARNING, "%s: %s", self->source->name, message);
    } else if (is_surplus(message)) {
        sg_png_note(&self->chunks, "data after its pixels");
    } else {
        self->pixels_wrong = true;
        snprintf(self->message, sizeof(self->message), "%s", message);
    }
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    reader *self = png_get_mem_ptr(png);
    void *memory = sg_alloc(&self->context->allocator, size, 1);
    self->out_of_memory |= !memory;
    return memory;
}

static void release(png_structp png, png_voidp memory)
{
    const reader *self = png_get_mem_ptr(png);
    sg_free(&self->context->allocator, memory);
}

static void read_bytes(png_structp png, png_bytep to, size_t size)
{
    reader *self = png_get_io_ptr(png);
    if (size > self->source->size - self->position) {
        self->truncated = true;
        png_error(png, "ends early");
    }
    memcpy(to, self->source->data + self->position, size);
    /* A chunk of pixels that the file's end cuts is as long as what is there of it. libpng reads
     * the eight bytes of a chunk's header at once. */
    if (self->chunks.cut_at > 0 && self->position == self->chunks.cut_at && size >= 4)
        png_save_uint_32(to, self->chunks.cut_length);
    self->position += size;
}

/* Called for each row that is complete and has passed the filters. */
static void on_row(png_structp png, png_row_infop info, png_bytep row)
{
    reader *self = png_get_error_ptr(png);
    (void)info, (void)row;
    self->rows_left--;
}

/* ---- steps, in the order in which they are taken ---- */

/* Chunks that do not change the pixels are passed over unread. Check sums have been looked at by
 * sg_png_scan. */
static void choose_chunks(reader *self)
{
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_crc_action(self->png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    /* Sizes are limited by the context, in pixels. */
    png_set_user_limits(self->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_read_user_transform_fn(self->png, on_row);
}

static void read_palette(reader *self)
{
    sg_png_header *header = &self->header;
    png_colorp colours;
    png_bytep alphas;
    int count = 0;
    if (png_get_PLTE(self->png, self->info, &colours, &count) == 0)
        png_error(self->png, "no palette");
    for (int i = 0; i < count; i++) {
        header->palette_rgb[3 * i] = colours[i].red;
        header->palette_rgb[3 * i + 1] = colours[i].green;
        header->palette_rgb[3 * i + 2] = colours[i].blue;
    }
    header->palette_count = count;
    memset(header->palette_alpha, 255, sizeof(header->palette_alpha));
    if (png_get_tRNS(self->png, self->info, &alphas, &count, NULL) != 0)
        memcpy(header->palette_alpha, alphas, (size_t)count);
}

static void read_key(reader *self)
{
    sg_png_header *header = &self->header;
    png_color_16p key;
    if (png_get_tRNS(self->png, self->info, NULL, NULL, &key) == 0)
        return;
    const unsigned mask = (1u << header->depth) - 1;
    header->has_key = true;
    header->key[0] = (uint16_t)((header->channels == 1 ? key->gray : key->red) & mask);
    header->key[1] = (uint16_t)(key->green & mask);
    header->key[2] = (uint16_t)(key->blue & mask);
}

static void read_header(reader *self)
{
    self->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, self, on_error, on_warning, self,
                                         allocate, release);
    self->info = self->png ? png_create_info_struct(self->png) : NULL;
    if (!self->info)
        return;
    png_set_read_fn(self->png, self, read_bytes);
    choose_chunks(self);
    png_read_info(self->png, self->info);
    const int colour = png_get_color_type(self->png, self->info);
    self->header.width = (int32_t)png_get_image_width(self->png, self->info);
    self->header.height = (int32_t)png_get_image_height(self->png, self->info);
    self->header.depth = png_get_bit_depth(self->png, self->info);
    self->header.channels = png_get_channels(self->png, self->info);
    self->header.palette = colour == PNG_COLOR_TYPE_PALETTE;
    self->interlaced = png_get_interlace_type(self->png, self->info) != PNG_INTERLACE_NONE;
    if (self->header.palette)
        read_palette(self);
    else
        read_key(self);
}

/* Rows in the file: of an interlaced one, those of all passes. */
static int64_t count_rows(const reader *self)
{
    int64_t count = 0;
    if (!self->interlaced)
        return self->header.height;
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        const uint32_t width = (uint32_t)self->header.width, height = (uint32_t)self->header.height;
        if (PNG_PASS_COLS(width, pass) > 0)
            count += PNG_PASS_ROWS(height, pass);
    }
    return count;
}

static void prepare_rows(reader *self)
{
    png_set_packing(self->png);
    png_set_interlace_handling(self->png);
    png_read_update_info(self->png, self->info);
    self->row_bytes = png_get_rowbytes(self->png, self->info);
    self->rows_left = count_rows(self);
}

/* The last row is handed over by finish(): libpng may give up after it has made it. */
static void read_rows(reader *self)
{
    for (int32_t y = 0; y < self->header.height && !sg_cancelled(self->context); y++) {
        if (y > 0)
            self->sink->row(self->sink->user, y - 1, self->rows);
        png_read_row(self->png, self->rows, NULL);
    }
}

static void read_interlaced(reader *self)
{
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        for (int32_t y = 0; y < self->header.height && !sg_cancelled(self->context); y++)
            png_read_row(self->png, self->rows + (size_t)y * self->row_bytes, NULL);
    }
}

static void finish(const reader *self)
{
    const int32_t height = self->header.height;
    if (!self->interlaced) {
        self->sink->row(self->sink->user, height - 1, self->rows);
        return;
    }
    for (int32_t y = 0; y < height && !sg_cancelled(self->context); y++)
        self->sink->row(self->sink->user, y, self->rows + (size_t)y * self->row_bytes);
}

/* ---- */

/* Does one step; false when libpng gave up. */
static bool guarded(reader *self, void (*step)(reader *))
{
    if (setjmp(self->jump) != 0)
        return false;
    step(self);
    return !self->out_of_memory;
}

static segent_status fail(const reader *self)
{
    if (self->out_of_memory)
        return sg_fail(self->context, SEGENT_ERROR_OUT_OF_MEMORY,
                       "out of memory (while decoding a PNG picture)");
    if (self->truncated)
        return sg_fail(self->context, SEGENT_ERROR_TRUNCATED, "the PNG picture ends early");
    return sg_fail(self->context, SEGENT_ERROR_FORMAT, "damaged PNG picture: %s", self->message);
}

/* Refuses by the header what cannot be read, before anything of the picture's size is allocated. */
static segent_status check_header(const reader *self)
{
    const sg_png_header *header = &self->header;
    const uint64_t pixels = (uint64_t)header->width * (uint64_t)header->height;
    const uint64_t bits = pixels * (uint64_t)(header->channels * header->depth);
    uint64_t memory = pixels * (uint64_t)self->sink->pixel_bytes;
    memory += sg_png_row_bytes(header) * (uint64_t)(self->interlaced ? header->height : 1);
    segent_status status = sg_image_check_size(self->context, self->source->limits.pixels,
                                               header->width, header->height);
    if (status == SEGENT_OK)
        status = sg_image_check_memory(self->context, header->width, header->height, memory);
    if (status == SEGENT_OK && bits / 8 > self->chunks.data_bytes * DEFLATE_RATIO)
        return sg_fail(self->context, SEGENT_ERROR_TRUNCATED,
                       "the PNG picture ends early: %llu bytes of data cannot hold %d x %d pixels",
                       (unsigned long long)self->chunks.data_bytes, (int)header->width,
                       (int)header->height);
    return status;
}

static segent_status allocate_rows(reader *self)
{
    if (self->row_bytes != sg_png_row_bytes(&self->header))
        return sg_fail(self->context, SEGENT_ERROR_INTERNAL, "PNG rows of %zu bytes, expected %zu",
                       self->row_bytes, sg_png_row_bytes(&self->header));
    const size_t count = self->interlaced ? (size_t)self->header.height : 1;
    self->rows = sg_alloc_zero(&self->context->allocator, count, self->row_bytes);
    if (!self->rows)
        return sg_fail_memory(self->context, "rows of a PNG picture", count * self->row_bytes);
    return SEGENT_OK;
}

/* Whether the rows that were read are what was written. */
static segent_status read_pixels(reader *self)
{
    const bool whole = guarded(self, self->interlaced ? read_interlaced : read_rows);
    const segent_status status = sg_cancel_check(self->context, "reading");
    if (status != SEGENT_OK)
        return status;
    if (whole)
        return self->pixels_wrong ? fail(self) : SEGENT_OK;
    if (self->rows_left > 0 || self->out_of_memory || self->pixels_wrong)
        return fail(self);
    /* The sum of the pixels is missing. Nothing speaks against them unless the chunk's does. */
    if (self->chunks.data_sum_wrong) {
        snprintf(self->message, sizeof(self->message),
                 "the check sum of its IDAT chunk is wrong, and that of its pixels is missing");
        self->truncated = false;
        return fail(self);
    }
    sg_png_note(&self->chunks, "the check sum of its pixels is missing");
    return SEGENT_OK;
}

static segent_status read_all(reader *self, int32_t *orientation)
{
    segent_status status = sg_png_scan(self->context, self->source, &self->chunks);
    if (status != SEGENT_OK)
        return status;
    self->rows_left = INT64_MAX;
    if (!guarded(self, read_header))
        return fail(self);
    if (!self->info)
        return sg_fail(self->context, SEGENT_ERROR_INTERNAL, "libpng does not start");
    status = check_header(self);
    if (status == SEGENT_OK)
        status = self->sink->begin(self->sink->user, &self->header);
    if (status != SEGENT_OK)
        return status;
    if (!guarded(self, prepare_rows))
        return fail(self);
    status = allocate_rows(self);
    if (status == SEGENT_OK)
        status = read_pixels(self);
    if (status != SEGENT_OK)
        return status;
    finish(self);
    if (self->chunks.damage[0])
        sg_image_warn(self->context, self->source, self->chunks.damage);
    if (!orientation)
        return SEGENT_OK;
    return sg_png_orientation(self->context, self->source, &self->chunks, orientation);
}

segent_status sg_png_read(segent_context *context, const sg_encoded *source,
                          const sg_png_sink *sink, int32_t *orientation)
{
    reader self = {.context = context, .source = source, .sink = sink};
    const segent_status status = read_all(&self, orientation);
    png_destroy_read_struct(&self.png, &self.info, NULL);
    sg_free(&context->allocator, self.rows);
    return status;
}

#else

segent_status sg_png_read(segent_context *context, const sg_encoded *source,
                          const sg_png_sink *sink, int32_t *orientation)
{
    (void)source, (void)sink, (void)orientation;
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "a PNG picture; this build of libsegent is without PNG");
}

#endif
