/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/buffer.h"
#include "base/file.h"
#include "codec.h"

#if SG_PNG

#    include <png.h>
#    include <setjmp.h>
#    include <stdio.h>
#    include <string.h>

/* Levels of zlib. Measured with filter "up" on a photograph of 1024 x 768: 0.06 s and 1.22 MB at
 * level 3, 0.14 s and 1.21 MB at 6; unfiltered labels gain from the higher one. */
enum { COLOUR_LEVEL = 3, LABEL_LEVEL = 6, FIRST_CAPACITY = 1 << 16 };

/* Everything lives here and not on the stack of the functions that libpng's errors jump over. */
typedef struct writer {
    segent_context *context;
    const char *name; /* for sentences */
    png_structp png;
    png_infop info;
    const sg_png_header *header;
    sg_png_row_fn row;
    void *user;
    uint8_t *data;
    size_t size, capacity;
    bool out_of_memory;
    char message[160];
    jmp_buf jump;
} writer;

/* ---- what libpng calls ---- */

static _Noreturn void on_error(png_structp png, png_const_charp message)
{
    writer *self = png_get_error_ptr(png);
    snprintf(self->message, sizeof(self->message), "%s", message);
    longjmp(self->jump, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    const writer *self = png_get_error_ptr(png);
    sg_log(self->context, SEGENT_LOG_WARNING, "%s: %s", self->name, message);
}

static png_voidp allocate(png_structp png, png_alloc_size_t size)
{
    writer *self = png_get_mem_ptr(png);
    void *memory = sg_alloc(&self->context->allocator, size, 1);
    self->out_of_memory |= !memory;
    return memory;
}

static void release(png_structp png, png_voidp memory)
{
    const writer *self = png_get_mem_ptr(png);
    sg_free(&self->context->allocator, memory);
}

static bool grow(writer *self, size_t more)
{
    size_t capacity = self->capacity ? self->capacity : FIRST_CAPACITY;
    while (capacity - self->size < more) {
        if (capacity > SIZE_MAX / 2)
            return false;
        capacity *= 2;
    }
    uint8_t *data = sg_alloc(&self->context->allocator, capacity, 1);
    if (!data)
        return false;
    if (self->size > 0)
        memcpy(data, self->data, self->size);
    sg_free(&self->context->allocator, self->data);
    self->data = data;
    self->capacity = capacity;
    return true;
}

static void write_bytes(png_structp png, png_bytep from, size_t size)
{
    writer *self = png_get_io_ptr(png);
    if (size > self->capacity - self->size && !grow(self, size)) {
        self->out_of_memory = true;
        png_error(png, "out of memory");
    }
    memcpy(self->data + self->size, from, size);
    self->size += size;
}

static void flush(png_structp png)
{
    (void)png;
}

/* ---- */

static void write_palette(writer *self)
{
    png_color colours[256];
    for (int i = 0; i < self->header->palette_count; i++) {
        const uint8_t *rgb = self->header->palette_rgb + (size_t)i * 3;
        colours[i] = (png_color){rgb[0], rgb[1], rgb[2]};
    }
    png_set_PLTE(self->png, self->info, colours, self->header->palette_count);
}

static int colour_type(const sg_png_header *header)
{
    if (header->palette)
        return PNG_COLOR_TYPE_PALETTE;
    return header->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
}

static void encode(writer *self)
{
    const sg_png_header *header = self->header;
    const bool coloured = header->channels == 3;
    self->png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, self, on_error, on_warning, self,
                                          allocate, release);
    self->info = self->png ? png_create_info_struct(self->png) : NULL;
    if (!self->info)
        return;
    png_set_write_fn(self->png, self, write_bytes, flush);
    png_set_user_limits(self->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    /* Differences are for samples that are intensities; labels are not. */
    png_set_compression_level(self->png, coloured ? COLOUR_LEVEL : LABEL_LEVEL);
    png_set_filter(self->png, PNG_FILTER_TYPE_BASE, coloured ? PNG_FILTER_UP : PNG_FILTER_NONE);
    png_set_IHDR(self->png, self->info, (png_uint_32)header->width, (png_uint_32)header->height,
                 header->depth, colour_type(header), PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (header->palette)
        write_palette(self);
    png_write_info(self->png, self->info);
    for (int32_t y = 0; y < header->height; y++)
        png_write_row(self->png, self->row(self->user, y));
    png_write_end(self->png, self->info);
}

/* Does it all; false when libpng gave up. */
static bool guarded_encode(writer *self)
{
    if (setjmp(self->jump) != 0)
        return false;
    encode(self);
    return self->info && !self->out_of_memory;
}

static segent_status fail(const writer *self)
{
    if (self->out_of_memory)
        return sg_fail(self->context, SEGENT_ERROR_OUT_OF_MEMORY,
                       "out of memory (while encoding a PNG picture)");
    return sg_fail(self->context, SEGENT_ERROR_INTERNAL, "cannot encode as PNG: %s", self->message);
}

/* Hands the encoded bytes to where they are to go, or frees them. */
static segent_status deliver(writer *self, sg_png_target target)
{
    const sg_allocator *allocator = &self->context->allocator;
    if (!target.path) {
        segent_buffer *buffer = sg_buffer_create(allocator, self->data, self->size);
        if (buffer) {
            *target.buffer = buffer;
            return SEGENT_OK;
        }
        sg_free(allocator, self->data);
        return sg_fail_memory(self->context, "a PNG picture", sizeof(void *));
    }
    const sg_bytes part = {self->data, self->size};
    const segent_status status = sg_write_file(self->context, target.path, &part, 1);
    sg_free(allocator, self->data);
    return status;
}

segent_status sg_png_write(segent_context *context, sg_png_target target,
                           const sg_png_header *header, sg_png_row_fn row, void *user)
{
    const char *name = target.path ? target.path : "memory";
    writer self = {.context = context, .name = name, .header = header, .row = row, .user = user};
    segent_status status = guarded_encode(&self) ? SEGENT_OK : fail(&self);
    png_destroy_write_struct(&self.png, &self.info);
    if (status == SEGENT_OK)
        status = deliver(&self, target);
    else
        sg_free(&context->allocator, self.data);
    return status == SEGENT_OK ? status : sg_fail_prefix(context, status, name);
}

#else

segent_status sg_png_write(segent_context *context, sg_png_target target,
                           const sg_png_header *header, sg_png_row_fn row, void *user)
{
    (void)header, (void)row, (void)user;
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED, "%s: this build of libsegent is without PNG",
                   target.path ? target.path : "memory");
}

#endif
