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

/* EXIF data larger than this is passed over. */
enum { EXIF_BYTES_MAX = 4 << 20 };

/* Everything lives here and not on the stack of the functions that libpng's errors jump over. */
typedef struct reader {
    segent_context *context;
    const sg_source *source;
    size_t position;
    png_structp png;
    png_infop info;
    sg_png_header header;
    bool interlaced;
    const sg_png_sink *sink;
    uint8_t *rows; /* one row, or all of them when interlaced */
    size_t row_bytes;
    int32_t orientation;
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

static void on_warning(png_structp png, png_const_charp message)
{
    const reader *self = png_get_error_ptr(png);
    sg_log(self->context, SEGENT_LOG_WARNING, "%s: %s", self->source->name, message);
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
    self->position += size;
}

/* ---- steps, in the order in which they are taken ---- */

/* Chunks that do not change the pixels are passed over unread, but for their check sums. EXIF data
 * is kept as it is: libpng's own reader of it takes as much memory as the chunk's header says. */
static void choose_chunks(reader *self)
{
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_ALWAYS, (png_const_bytep) "eXIf", 1);
    png_set_chunk_malloc_max(self->png, EXIF_BYTES_MAX);
    png_set_chunk_cache_max(self->png, 10);
    png_set_crc_action(self->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    /* Sizes are limited by the context, in pixels. */
    png_set_user_limits(self->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
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

static void prepare_rows(reader *self)
{
    png_set_packing(self->png);
    png_set_interlace_handling(self->png);
    png_read_update_info(self->png, self->info);
    self->row_bytes = png_get_rowbytes(self->png, self->info);
}

static void read_rows(reader *self)
{
    for (int32_t y = 0; y < self->header.height; y++) {
        png_read_row(self->png, self->rows, NULL);
        self->sink->row(self->sink->user, y, self->rows);
    }
}

static void read_interlaced(reader *self)
{
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        for (int32_t y = 0; y < self->header.height; y++)
            png_read_row(self->png, self->rows + (size_t)y * self->row_bytes, NULL);
    }
    for (int32_t y = 0; y < self->header.height; y++)
        self->sink->row(self->sink->user, y, self->rows + (size_t)y * self->row_bytes);
}

static void read_end(reader *self)
{
    png_unknown_chunkp chunk;
    png_read_end(self->png, self->info);
    if (png_get_unknown_chunks(self->png, self->info, &chunk) > 0)
        self->orientation = sg_exif_orientation(chunk->data, chunk->size);
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

static segent_status read_all(reader *self)
{
    if (!guarded(self, read_header))
        return fail(self);
    if (!self->info)
        return sg_fail(self->context, SEGENT_ERROR_INTERNAL, "libpng does not start");
    segent_status status =
        sg_image_check_size(self->context, self->header.width, self->header.height);
    if (status == SEGENT_OK)
        status = self->sink->begin(self->sink->user, &self->header);
    if (status != SEGENT_OK)
        return status;
    if (!guarded(self, prepare_rows))
        return fail(self);
    status = allocate_rows(self);
    if (status != SEGENT_OK)
        return status;
    if (!guarded(self, self->interlaced ? read_interlaced : read_rows) || !guarded(self, read_end))
        return fail(self);
    return SEGENT_OK;
}

segent_status sg_png_read(segent_context *context, const sg_source *source, const sg_png_sink *sink,
                          int32_t *orientation)
{
    reader self = {.context = context, .source = source, .sink = sink, .orientation = 1};
    const segent_status status = read_all(&self);
    png_destroy_read_struct(&self.png, &self.info, NULL);
    sg_free(&context->allocator, self.rows);
    if (status == SEGENT_OK && orientation)
        *orientation = self.orientation;
    return status;
}

#else

segent_status sg_png_read(segent_context *context, const sg_source *source, const sg_png_sink *sink,
                          int32_t *orientation)
{
    (void)source, (void)sink, (void)orientation;
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "a PNG picture; this build of libsegent is without PNG");
}

#endif
