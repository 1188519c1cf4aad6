/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "codec.h"

#if SG_JPEG

#    include <stdio.h>

/* jpeglib.h wants stdio.h before it, and jerror.h wants jpeglib.h. */
#    include <jpeglib.h>

#    include <jerror.h>
#    include <limits.h>
#    include <setjmp.h>
#    include <string.h>

/* A progressive picture has ten or so; a thousand of them in a small file take minutes. */
enum { SCANS_MAX = 500 };

/* Everything lives here and not on the stack of the functions that libjpeg's errors jump over. The
 * library's own memory comes from malloc: it offers no other way. */
typedef struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr input;
    struct jpeg_progress_mgr progress;
    segent_context *context;
    const sg_source *source;
    segent_image *image;
    uint8_t *row; /* of CMYK */
    int32_t orientation;
    segent_status status;
    char message[JMSG_LENGTH_MAX];
    jmp_buf jump;
} reader;

/* ---- what libjpeg calls ---- */

static _Noreturn void give_up(reader *self, segent_status status, const char *message)
{
    self->status = status;
    if (message != self->message)
        snprintf(self->message, sizeof(self->message), "%s", message);
    longjmp(self->jump, 1);
}

static segent_status status_of(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return SEGENT_ERROR_OUT_OF_MEMORY;
    case JERR_NO_BACKING_STORE:
        return SEGENT_ERROR_LIMIT;
#    if JPEG_LIB_VERSION < 70
    case JERR_ARITH_NOTIMPL:
#    endif
    case JERR_BAD_PRECISION:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_EMPTY_IMAGE:
    case JERR_IMAGE_TOO_BIG:
    case JERR_SOF_UNSUPPORTED:
        return SEGENT_ERROR_UNSUPPORTED;
    default:
        return SEGENT_ERROR_FORMAT;
    }
}

static void on_error(j_common_ptr common)
{
    reader *self = common->client_data;
    self->errors.format_message(common, self->message);
    give_up(self, status_of(self->errors.msg_code), self->message);
}

/* Where libjpeg would go on with grey or repeated pixels. Its other warnings are about oddities
 * that change nothing, such as spare bytes between two segments. */
static bool is_damage(int code)
{
    switch (code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
#    if JPEG_LIB_VERSION >= 70 || defined(D_ARITH_CODING_SUPPORTED)
    case JWRN_ARITH_BAD_CODE:
#    endif
        return true;
    default:
        return false;
    }
}

static void on_message(j_common_ptr common, int level)
{
    reader *self = common->client_data;
    if (level >= 0)
        return;
    self->errors.format_message(common, self->message);
    if (is_damage(self->errors.msg_code))
        give_up(self, SEGENT_ERROR_FORMAT, self->message);
    if (self->errors.num_warnings++ == 0)
        sg_log(self->context, SEGENT_LOG_WARNING, "%s: %s", self->source->name, self->message);
}

static void on_output(j_common_ptr common)
{
    (void)common;
}

static void start_source(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static boolean refill(j_decompress_ptr jpeg)
{
    give_up(jpeg->client_data, SEGENT_ERROR_TRUNCATED, "the JPEG picture ends early");
}

static void skip(j_decompress_ptr jpeg, long count)
{
    if (count <= 0)
        return;
    if ((unsigned long)count > jpeg->src->bytes_in_buffer)
        refill(jpeg);
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= (size_t)count;
}

static void end_source(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static void on_progress(j_common_ptr common)
{
    reader *self = common->client_data;
    if (self->jpeg.input_scan_number > SCANS_MAX)
        give_up(self, SEGENT_ERROR_LIMIT, "a JPEG picture of more than 500 scans");
}

/* ---- steps, in the order in which they are taken ---- */

static void set_up(reader *self)
{
    self->jpeg.err = jpeg_std_error(&self->errors);
    self->errors.error_exit = on_error;
    self->errors.emit_message = on_message;
    self->errors.output_message = on_output;
    self->jpeg.client_data = self;
    jpeg_create_decompress(&self->jpeg);
    self->input = (struct jpeg_source_mgr){.next_input_byte = self->source->data,
                                           .bytes_in_buffer = self->source->size,
                                           .init_source = start_source,
                                           .fill_input_buffer = refill,
                                           .skip_input_data = skip,
                                           .resync_to_restart = jpeg_resync_to_restart,
                                           .term_source = end_source};
    self->jpeg.src = &self->input;
    self->progress.progress_monitor = on_progress;
    self->jpeg.progress = &self->progress;
}

static void read_header(reader *self)
{
    set_up(self);
    jpeg_save_markers(&self->jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&self->jpeg, TRUE);
    for (jpeg_saved_marker_ptr marker = self->jpeg.marker_list; marker; marker = marker->next) {
        if (marker->data_length >= 6 && memcmp(marker->data, "Exif\0", 6) == 0) {
            self->orientation = sg_exif_orientation(marker->data, marker->data_length);
            break;
        }
    }
}

static void start(reader *self)
{
    self->jpeg.out_color_space = self->jpeg.num_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&self->jpeg);
}

static uint8_t divide255(int value)
{
    return (uint8_t)((value + 128 + ((value + 128) >> 8)) >> 8);
}

/* Stored inverted, as Adobe does and Pillow always assumes. */
static void convert_cmyk(const uint8_t *from, uint8_t *to, int32_t width)
{
    for (int32_t x = 0; x < width; x++, from += 4, to += 3) {
        const int light = from[3];
        for (int c = 0; c < 3; c++)
            to[c] = (uint8_t)(light - divide255((255 - from[c]) * light));
    }
}

static void read_rows(reader *self)
{
    while (self->jpeg.output_scanline < self->jpeg.output_height) {
        uint8_t *to = self->image->pixels +
                      (size_t)self->jpeg.output_scanline * (size_t)self->image->width * 3;
        JSAMPROW row = self->row ? self->row : to;
        jpeg_read_scanlines(&self->jpeg, &row, 1);
        if (self->row)
            convert_cmyk(self->row, to, self->image->width);
    }
    jpeg_finish_decompress(&self->jpeg);
}

/* ---- */

/* Does one step; false when libjpeg gave up. */
static bool guarded(reader *self, void (*step)(reader *))
{
    if (setjmp(self->jump) != 0)
        return false;
    step(self);
    return true;
}

static segent_status fail(const reader *self)
{
    const bool damaged = self->status == SEGENT_ERROR_FORMAT;
    return sg_fail(self->context, self->status, "%s%s", damaged ? "damaged JPEG picture: " : "",
                   self->message);
}

static segent_status allocate(reader *self)
{
    const int64_t width = self->jpeg.image_width, height = self->jpeg.image_height;
    const int components = self->jpeg.num_components;
    if (components != 1 && components != 3 && components != 4)
        return sg_fail(self->context, SEGENT_ERROR_UNSUPPORTED,
                       "a JPEG picture of %d components; 1, 3 and 4 can be read", components);
    segent_status status = sg_image_check_size(self->context, width, height);
    if (status == SEGENT_OK)
        status = sg_image_create(self->context, (int32_t)width, (int32_t)height, &self->image);
    if (status != SEGENT_OK || components != 4)
        return status;
    self->row = sg_alloc(&self->context->allocator, (size_t)width, 4);
    return self->row ? SEGENT_OK
                     : sg_fail_memory(self->context, "a row of a JPEG picture", (size_t)width * 4);
}

/* Coefficients of a progressive picture: two bytes a sample, sides rounded up to the largest block
 * of 32, and room to spare for all else. */
static long memory_limit(const reader *self)
{
    const int64_t width = (int64_t)self->jpeg.image_width + 32;
    const int64_t height = (int64_t)self->jpeg.image_height + 32;
    const int64_t limit = width * height * 8 + (64 << 20);
    return limit < LONG_MAX ? (long)limit : LONG_MAX;
}

static segent_status read_all(reader *self)
{
    if (!guarded(self, read_header))
        return fail(self);
    const segent_status status = allocate(self);
    if (status != SEGENT_OK)
        return status;
    self->jpeg.mem->max_memory_to_use = memory_limit(self);
    if (!guarded(self, start) || !guarded(self, read_rows))
        return fail(self);
    return SEGENT_OK;
}

segent_status sg_jpeg_load(segent_context *context, const sg_source *source, segent_image **image,
                           int32_t *orientation)
{
    reader self = {.context = context, .source = source, .orientation = 1};
    const segent_status status = read_all(&self);
    jpeg_destroy_decompress(&self.jpeg);
    sg_free(&context->allocator, self.row);
    if (status == SEGENT_OK) {
        *image = self.image;
        *orientation = self.orientation;
    } else {
        segent_image_destroy(self.image);
    }
    return status;
}

#else

segent_status sg_jpeg_load(segent_context *context, const sg_source *source, segent_image **image,
                           int32_t *orientation)
{
    (void)source, (void)image, (void)orientation;
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "a JPEG picture; this build of libsegent is without JPEG");
}

#endif
