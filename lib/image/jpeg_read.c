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

#    include "base/cancel.h"

/* Passes over all blocks that a file of any length may take, and blocks that each of its bytes pays
 * for beyond them. Encoders' progressive files take 4 or 5 passes. */
enum { PASSES_FREE = 8, BLOCKS_A_BYTE = 8 };

/* EXIF data of several segments are joined up to here. */
enum { EXIF_BYTES_MAX = 4 << 20 };

/* Everything lives here and not on the stack of the functions that libjpeg's errors jump over. The
 * library's own memory comes from malloc: it offers no other way. */
typedef struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr input;
    struct jpeg_progress_mgr progress;
    segent_context *context;
    const sg_encoded *source;
    segent_image *image;
    uint8_t *row; /* of CMYK */
    sg_jpeg_layout layout;
    bool started;  /* the header has been read */
    bool ended;    /* libjpeg has been told that the file ends */
    bool numbered; /* a restart marker has a wrong number */
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
    const segent_status status = status_of(self->errors.msg_code);
    /* The end that refill() hands over may have been taken for a part of a segment. */
    if (self->ended && status == SEGENT_ERROR_FORMAT)
        give_up(self, SEGENT_ERROR_TRUNCATED, "the JPEG picture ends early");
    self->errors.format_message(common, self->message);
    give_up(self, status, self->message);
}

/* Where libjpeg would go on with grey or repeated pixels, or has data left over between two restart
 * markers: they were not what was written. Its other warnings are about oddities that change
 * nothing, such as spare bytes between two segments. */
static bool is_damage(const struct jpeg_error_mgr *errors)
{
    switch (errors->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
#    if JPEG_LIB_VERSION >= 70 || defined(D_ARITH_CODING_SUPPORTED)
    case JWRN_ARITH_BAD_CODE:
#    endif
        return true;
    case JWRN_EXTRANEOUS_DATA:
        return errors->msg_parm.i[1] >= JPEG_RST0 && errors->msg_parm.i[1] <= JPEG_RST0 + 7;
    default:
        return false;
    }
}

static _Noreturn void give_up_early(reader *self)
{
    give_up(self, SEGENT_ERROR_TRUNCATED, "the JPEG picture ends early");
}

static void on_message(j_common_ptr common, int level)
{
    reader *self = common->client_data;
    if (level >= 0)
        return;
    self->errors.format_message(common, self->message);
    if (self->errors.msg_code == JWRN_HIT_MARKER && self->ended)
        give_up_early(self);
    if (is_damage(&self->errors))
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

/* Once the header is there, the file's end is handed over as an end marker, as libjpeg's own
 * sources do: it is then decided whether pixels are missing. */
static boolean refill(j_decompress_ptr jpeg)
{
    static const JOCTET end[2] = {0xff, JPEG_EOI};
    reader *self = jpeg->client_data;
    if (!self->started || self->ended)
        give_up_early(self);
    self->ended = true;
    jpeg->src->next_input_byte = end;
    jpeg->src->bytes_in_buffer = sizeof(end);
    return TRUE;
}

static void skip(j_decompress_ptr jpeg, long count)
{
    if (count <= 0)
        return;
    if ((unsigned long)count > jpeg->src->bytes_in_buffer)
        give_up_early(jpeg->client_data);
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= (size_t)count;
}

/* A restart marker with another number than the next one is taken for it: each part between two of
 * them must still hold its pixels, no more and no less, so that none is lost. */
static boolean resync(j_decompress_ptr jpeg, int desired)
{
    reader *self = jpeg->client_data;
    (void)desired;
    if (jpeg->unread_marker < JPEG_RST0 || jpeg->unread_marker > JPEG_RST0 + 7)
        give_up(self, self->ended ? SEGENT_ERROR_TRUNCATED : SEGENT_ERROR_FORMAT,
                self->ended ? "the JPEG picture ends early" : "a restart marker is missing");
    self->numbered = true;
    jpeg->unread_marker = 0;
    return TRUE;
}

static void end_source(j_decompress_ptr jpeg)
{
    (void)jpeg;
}

static void on_progress(j_common_ptr common)
{
    reader *self = common->client_data;
    if (sg_cancelled(self->context))
        give_up(self, SEGENT_ERROR_CANCELLED, "reading was cancelled");
    if (self->jpeg.input_scan_number > self->source->limits.scans)
        give_up(self, SEGENT_ERROR_LIMIT,
                "a JPEG picture of more scans than the limit (segent_image_options.scan_limit)");
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
                                           .bytes_in_buffer = self->layout.size,
                                           .init_source = start_source,
                                           .fill_input_buffer = refill,
                                           .skip_input_data = skip,
                                           .resync_to_restart = resync,
                                           .term_source = end_source};
    self->jpeg.src = &self->input;
    self->progress.progress_monitor = on_progress;
    self->jpeg.progress = &self->progress;
}

static void read_header(reader *self)
{
    set_up(self);
    jpeg_read_header(&self->jpeg, TRUE);
    self->started = true;
}

/* Whether a file without an end lacks a scan, so that bits of some coefficient are unknown. */
static bool lacks_scans(const reader *self)
{
    if (!self->ended || !self->jpeg.coef_bits)
        return false;
    for (int c = 0; c < self->jpeg.num_components; c++) {
        for (int i = 0; i < DCTSIZE2; i++) {
            if (self->jpeg.coef_bits[c][i] != 0)
                return true;
        }
    }
    return false;
}

static void start(reader *self)
{
    self->jpeg.out_color_space = self->jpeg.num_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&self->jpeg);
    if (lacks_scans(self))
        give_up_early(self);
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
}

static void finish(reader *self)
{
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

/* ---- what the markers say ---- */

/* Kinds of JPEG that libjpeg does not read, by the marker of their frame header. */
static const struct {
    int first, last;
    const char *phrase;
} processes[] = {
    {0xc3, 0xc3, "a lossless JPEG picture"}, {0xc5, 0xc7, "a hierarchical JPEG picture"},
    {0xcb, 0xcb, "a lossless JPEG picture"}, {0xcd, 0xcf, "a hierarchical JPEG picture"},
    {0xf7, 0xf7, "a JPEG-LS picture"},
};

static segent_status check_process(const reader *self)
{
    const char *const advice = "ordinary JPEG of 8 bits and PNG can be read: convert it";
    for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
        if (self->layout.process >= processes[i].first && self->layout.process <= processes[i].last)
            return sg_fail(self->context, SEGENT_ERROR_UNSUPPORTED, "%s; %s", processes[i].phrase,
                           advice);
    }
    if (self->layout.process != 0 && self->layout.precision != 8)
        return sg_fail(self->context, SEGENT_ERROR_UNSUPPORTED,
                       "a JPEG picture of %d bits a sample; %s", self->layout.precision, advice);
    return SEGENT_OK;
}

static uint64_t count_blocks(const sg_jpeg_layout *layout)
{
    uint64_t blocks = 0;
    for (int c = 0; c < layout->components; c++)
        blocks += layout->blocks[c];
    return blocks;
}

/* Scans cost time by the blocks that they visit, however short they are. */
static segent_status check_scans(const reader *self)
{
    const sg_jpeg_layout *layout = &self->layout;
    const int32_t limit = self->source->limits.scans;
    const uint64_t passes = (uint64_t)(limit / 12 > PASSES_FREE ? limit / 12 : PASSES_FREE);
    if (layout->scans > limit)
        return sg_fail(self->context, SEGENT_ERROR_LIMIT,
                       "a JPEG picture of %lld scans, over the limit of %d "
                       "(segent_image_options.scan_limit)",
                       (long long)layout->scans, (int)limit);
    if (layout->scans > 1 && layout->visits > count_blocks(layout) * passes +
                                                  (uint64_t)self->source->size * BLOCKS_A_BYTE)
        return sg_fail(self->context, SEGENT_ERROR_LIMIT,
                       "%lld scans over %u x %u pixels in a JPEG file of %zu bytes are over the "
                       "limit of %d for so short a file (segent_image_options.scan_limit)",
                       (long long)layout->scans, layout->width, layout->height, self->source->size,
                       (int)limit);
    return SEGENT_OK;
}

/* Arithmetic coding leaves zeros at its end away, so that nothing tells where pixels are missing.
 */
static segent_status check_end(const reader *self)
{
    const bool arithmetic = self->layout.process == 0xc9 || self->layout.process == 0xca;
    if (arithmetic && !self->layout.has_end)
        return sg_fail(self->context, SEGENT_ERROR_TRUNCATED, "the JPEG picture ends early");
    return SEGENT_OK;
}

/* EXIF before XMP; EXIF data of several segments are one. */
static segent_status find_orientation(const reader *self, int32_t *orientation)
{
    const sg_jpeg_layout *layout = &self->layout;
    sg_span segment = layout->exif;
    unsigned char *joined = NULL;
    *orientation = 0;
    if (layout->exif_segments > 1 && layout->exif_bytes <= EXIF_BYTES_MAX) {
        size_t size = 0, at = 2;
        joined = sg_alloc(&self->context->allocator, layout->exif_bytes, 1);
        if (!joined)
            return sg_fail_memory(self->context, "EXIF data", layout->exif_bytes);
        while ((segment = sg_jpeg_next_exif(self->source, &at)).data) {
            const size_t mark = size == 0 ? 0 : 6;
            memcpy(joined + size, segment.data + mark, segment.size - mark);
            size += segment.size - mark;
        }
        segment = (sg_span){joined, size};
    }
    if (segment.data)
        *orientation = sg_exif_orientation(segment.data, segment.size);
    sg_free(&self->context->allocator, joined);
    if (*orientation == 0 && layout->packet.data)
        *orientation = sg_xmp_orientation(layout->packet.data, layout->packet.size);
    if (*orientation == 0)
        *orientation = 1;
    return SEGENT_OK;
}

/* ---- */

/* libjpeg keeps the coefficients of a picture of several scans, two bytes each. */
static uint64_t coefficient_bytes(const reader *self)
{
    const bool kept = self->layout.process == 0xc2 || self->layout.process == 0xca ||
                      self->jpeg.comps_in_scan < self->jpeg.num_components;
    return kept ? count_blocks(&self->layout) * DCTSIZE2 * sizeof(JCOEF) : 0;
}

static segent_status allocate(reader *self)
{
    enum { ROWS = 80 }; /* some 10 groups of 8 rows are kept besides, and small things */
    const int64_t width = self->jpeg.image_width, height = self->jpeg.image_height;
    const int components = self->jpeg.num_components;
    if (components != 1 && components != 3 && components != 4)
        return sg_fail(self->context, SEGENT_ERROR_UNSUPPORTED,
                       "a JPEG picture of %d components; 1, 3 and 4 can be read", components);
    const uint64_t rest = (uint64_t)(width * components * ROWS) + (1 << 20);
    const uint64_t memory = (uint64_t)(width * height * 3) + coefficient_bytes(self) + rest;
    segent_status status =
        sg_image_check_size(self->context, self->source->limits.pixels, width, height);
    if (status == SEGENT_OK)
        status = sg_image_check_memory(self->context, width, height, memory);
    if (status == SEGENT_OK)
        status = sg_image_create(self->context, self->source->limits.pixels, (int32_t)width,
                                 (int32_t)height, &self->image);
    if (status != SEGENT_OK || components != 4)
        return status;
    self->row = sg_alloc(&self->context->allocator, (size_t)width, 4);
    return self->row ? SEGENT_OK
                     : sg_fail_memory(self->context, "a row of a JPEG picture", (size_t)width * 4);
}

/* What libjpeg may keep of coefficients; room to spare for all else. */
static long memory_limit(const reader *self)
{
    const uint64_t limit = coefficient_bytes(self) + (64 << 20);
    return limit < LONG_MAX ? (long)limit : LONG_MAX;
}

/* All pixels are read; libjpeg reads on to the end of the file. */
static void warn(reader *self)
{
    if (!guarded(self, finish))
        sg_image_warn(self->context, self->source, self->message);
    else if (self->ended || !self->layout.has_end)
        sg_image_warn(self->context, self->source, "it has no end marker (EOI)");
    if (self->numbered)
        sg_image_warn(self->context, self->source, "a restart marker has a wrong number");
}

static segent_status check_layout(const reader *self)
{
    segent_status status = check_process(self);
    if (status == SEGENT_OK)
        status = check_scans(self);
    return status == SEGENT_OK ? check_end(self) : status;
}

static segent_status read_all(reader *self, int32_t *orientation)
{
    sg_jpeg_scan(self->source, &self->layout);
    segent_status status = check_layout(self);
    if (status != SEGENT_OK)
        return status;
    if (!guarded(self, read_header))
        return fail(self);
    status = allocate(self);
    if (status != SEGENT_OK)
        return status;
    if (self->layout.seen != (1u << self->layout.components) - 1)
        return sg_fail(self->context,
                       self->layout.has_end ? SEGENT_ERROR_FORMAT : SEGENT_ERROR_TRUNCATED, "%s",
                       self->layout.has_end ? "damaged JPEG picture: no scan of a component"
                                            : "the JPEG picture ends early");
    self->jpeg.mem->max_memory_to_use = memory_limit(self);
    if (!guarded(self, start) || !guarded(self, read_rows))
        return fail(self);
    warn(self);
    return find_orientation(self, orientation);
}

segent_status sg_jpeg_load(segent_context *context, const sg_encoded *source, segent_image **image,
                           int32_t *orientation)
{
    reader self = {.context = context, .source = source};
    const segent_status status = read_all(&self, orientation);
    jpeg_destroy_decompress(&self.jpeg);
    sg_free(&context->allocator, self.row);
    if (status == SEGENT_OK)
        *image = self.image;
    else
        segent_image_destroy(self.image);
    return status;
}

#else

segent_status sg_jpeg_load(segent_context *context, const sg_encoded *source, segent_image **image,
                           int32_t *orientation)
{
    (void)source, (void)image, (void)orientation;
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "a JPEG picture; this build of libsegent is without JPEG");
}

#endif
