/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A walk over the chunks of a PNG file before libpng decodes it. It finds what is wrong with the
 * file outside its pixels, which libpng is then told to overlook, and the chunks that say which way
 * up the picture is, before the pixels or after them. Nothing is copied, and nothing is trusted: a
 * length that leads beyond the end ends the walk. */

#include "codec.h"

#if SG_PNG

#    include <stdarg.h>
#    include <stdio.h>
#    include <string.h>
#    include <zlib.h>

#    include "base/cancel.h"

enum { SIGNATURE_SIZE = 8, HEADER_SIZE = 8, SUM_SIZE = 4 };

/* Chunks that change no pixel as this library reads them. */
static const char harmless[][5] = {
    "acTL", "bKGD", "caNV", "cHRM", "cICP", "cLLi", "cLLI", "eXIf", "fcTL", "fdAT", "gAMA",
    "gIFg", "gIFt", "gIFx", "hIST", "iCCP", "iTXt", "mDCv", "mDCV", "oFFs", "orNT", "pCAL",
    "pHYs", "sBIT", "sCAL", "sPLT", "sRGB", "sTER", "tEXt", "tIME", "vpAg", "zTXt", "zxIf",
};

typedef struct chunk {
    const unsigned char *type; /* four letters; the data follow */
    uint32_t length;
    bool whole;   /* all of its data are there */
    bool has_sum; /* and its sum */
    bool sum_right;
} chunk;

static uint32_t read32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool is_type(const chunk *self, const char *type)
{
    return memcmp(self->type, type, 4) == 0;
}

void sg_png_note(sg_png_chunks *chunks, const char *format, ...)
{
    va_list arguments;
    if (chunks->damage[0])
        return;
    va_start(arguments, format);
    vsnprintf(chunks->damage, sizeof(chunks->damage), format, arguments);
    va_end(arguments);
}

static bool is_harmless(const chunk *self)
{
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        if (is_type(self, harmless[i]))
            return true;
    }
    return false;
}

/* A piece at a time, for reading may be cancelled meanwhile; then the answer means nothing. */
static bool sum_is_right(const segent_context *context, const chunk *self)
{
    enum { PIECE = 1 << 20 };
    const size_t size = (size_t)self->length + 4;
    uLong sum = crc32(0, NULL, 0);
    for (size_t at = 0; at < size && !sg_cancelled(context); at += PIECE)
        sum = crc32(sum, self->type + at, (uInt)(size - at < PIECE ? size - at : PIECE));
    return sum == read32(self->type + 4 + self->length);
}

/* Reads the chunk at `at`; false when there is none. */
static bool read_chunk(const segent_context *context, const sg_encoded *source, size_t at,
                       chunk *found)
{
    const size_t left = source->size - at;
    if (left < HEADER_SIZE)
        return false;
    *found = (chunk){.type = source->data + at + 4, .length = read32(source->data + at)};
    for (int i = 0; i < 4; i++) {
        const unsigned char letter = found->type[i] | 0x20;
        if (letter < 'a' || letter > 'z')
            return false;
    }
    if (found->length > INT32_MAX)
        return false;
    found->whole = left - HEADER_SIZE >= found->length;
    found->has_sum = found->whole && left - HEADER_SIZE - found->length >= SUM_SIZE;
    found->sum_right = found->has_sum && sum_is_right(context, found);
    return true;
}

/* ---- what a chunk is good for ---- */

static bool has_keyword(const chunk *self, const char *keyword)
{
    const size_t size = strlen(keyword) + 1;
    return self->length >= size && memcmp(self->type + 4, keyword, size) == 0;
}

/* The last of each kind counts. */
static void take_metadata(const chunk *self, sg_png_chunks *chunks)
{
    const sg_span text = {self->type, (size_t)self->length + 4};
    if (is_type(self, "eXIf"))
        chunks->exif = (sg_span){self->type + 4, self->length};
    else if (!is_type(self, "tEXt") && !is_type(self, "zTXt") && !is_type(self, "iTXt"))
        return;
    else if (has_keyword(self, "Raw profile type exif"))
        chunks->profile = text;
    else if (is_type(self, "iTXt") && has_keyword(self, "XML:com.adobe.xmp"))
        chunks->packet = text;
}

static void take_data(const sg_encoded *source, const chunk *self, size_t at, sg_png_chunks *chunks)
{
    if (self->whole) {
        chunks->data_bytes += self->length;
        chunks->data_sum_wrong |= self->has_sum && !self->sum_right;
        return;
    }
    chunks->cut_at = at;
    chunks->cut_length = (uint32_t)(source->size - at - HEADER_SIZE);
    chunks->data_bytes += chunks->cut_length;
}

/* ---- */

static segent_status check_sum(segent_context *context, const chunk *self, bool after_data,
                               sg_png_chunks *chunks)
{
    if (!self->whole)
        sg_png_note(chunks, "it ends within its %.4s chunk", (const char *)self->type);
    else if (!self->has_sum)
        sg_png_note(chunks, "it ends before the check sum of its %.4s chunk",
                    (const char *)self->type);
    else if (!self->sum_right && !after_data && !is_harmless(self))
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "damaged PNG picture: the check sum of its %.4s chunk is wrong",
                       (const char *)self->type);
    else if (!self->sum_right)
        sg_png_note(chunks, "the check sum of its %.4s chunk is wrong", (const char *)self->type);
    return SEGENT_OK;
}

segent_status sg_png_scan(segent_context *context, const sg_encoded *source, sg_png_chunks *chunks)
{
    chunk next;
    bool in_data = false;
    *chunks = (sg_png_chunks){.cut_at = 0};
    size_t at = SIGNATURE_SIZE < source->size ? SIGNATURE_SIZE : source->size;
    while (read_chunk(context, source, at, &next)) {
        if (sg_cancelled(context))
            return sg_cancel_check(context, "reading");
        in_data |= is_type(&next, "IDAT");
        const segent_status status = check_sum(context, &next, in_data, chunks);
        if (status != SEGENT_OK)
            return status;
        if (is_type(&next, "IDAT"))
            take_data(source, &next, at, chunks);
        if (is_type(&next, "IEND") || !next.has_sum)
            return SEGENT_OK;
        take_metadata(&next, chunks);
        at += HEADER_SIZE + (size_t)next.length + SUM_SIZE;
    }
    if (at < source->size)
        sg_png_note(chunks, "its end is no PNG chunk");
    else
        sg_png_note(chunks, "it has no IEND chunk");
    return SEGENT_OK;
}

#endif
