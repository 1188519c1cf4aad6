/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* EXIF and XMP data in the text chunks of a PNG file, where programs put them before there was an
 * eXIf chunk. Only one chunk of each kind is opened, and of it at most TEXT_BYTES_MAX, so that a
 * file of compressed texts costs no more than its own size. */

#include "codec.h"

#if SG_PNG

#    include <string.h>
#    include <zlib.h>

enum { TEXT_BYTES_MAX = 1 << 20 };

/* A text as it is in the file, or `buffer` with what was compressed. */
typedef struct text {
    sg_span value;
    unsigned char *buffer;
} text;

/* ---- inflating ---- */

static voidpf allocate(voidpf user, uInt count, uInt size)
{
    return sg_alloc(user, count, size);
}

static void release(voidpf user, voidpf memory)
{
    sg_free(user, memory);
}

/* Inflates into self->buffer. A text that is damaged or too long is none. */
static segent_status inflate_text(segent_context *context, const sg_encoded *source,
                                  sg_span compressed, text *self)
{
    z_stream stream = {.zalloc = allocate, .zfree = release, .opaque = &context->allocator};
    self->buffer = sg_alloc(&context->allocator, TEXT_BYTES_MAX, 1);
    if (!self->buffer || inflateInit(&stream) != Z_OK)
        return sg_fail_memory(context, "a text of a PNG picture", TEXT_BYTES_MAX);
    stream.next_in = (z_const Bytef *)(uintptr_t)compressed.data;
    stream.avail_in = (uInt)compressed.size; /* a chunk: below 2^31 */
    stream.next_out = self->buffer;
    stream.avail_out = TEXT_BYTES_MAX;
    const int result = inflate(&stream, Z_FINISH);
    if (result == Z_STREAM_END)
        self->value = (sg_span){self->buffer, TEXT_BYTES_MAX - stream.avail_out};
    else
        sg_log(context, SEGENT_LOG_WARNING,
               "%s: a compressed text is passed over: it is damaged, or longer than %d bytes",
               source->name, TEXT_BYTES_MAX);
    inflateEnd(&stream);
    return result == Z_MEM_ERROR
               ? sg_fail_memory(context, "a text of a PNG picture", TEXT_BYTES_MAX)
               : SEGENT_OK;
}

/* ---- the parts of a chunk ---- */

/* Takes `count` bytes and the zero after them off the front; false when there is none. */
static bool skip_string(sg_span *self)
{
    const unsigned char *end = memchr(self->data, 0, self->size);
    if (!end)
        return false;
    self->size -= (size_t)(end - self->data) + 1;
    self->data = end + 1;
    return true;
}

static bool skip_bytes(sg_span *self, size_t count)
{
    if (self->size < count)
        return false;
    self->data += count;
    self->size -= count;
    return true;
}

/* The value of a text chunk; nothing when it is none. */
static segent_status open_text(segent_context *context, const sg_encoded *source, sg_span chunk,
                               text *self)
{
    sg_span rest = chunk;
    bool compressed = memcmp(chunk.data, "zTXt", 4) == 0;
    *self = (text){.buffer = NULL};
    if (!skip_bytes(&rest, 4) || !skip_string(&rest))
        return SEGENT_OK;
    if (compressed && !skip_bytes(&rest, 1))
        return SEGENT_OK;
    if (memcmp(chunk.data, "iTXt", 4) == 0) {
        compressed = rest.size > 0 && rest.data[0] != 0;
        if (!skip_bytes(&rest, 2) || !skip_string(&rest) || !skip_string(&rest))
            return SEGENT_OK;
    }
    if (compressed)
        return inflate_text(context, source, rest, self);
    if (rest.size <= TEXT_BYTES_MAX)
        self->value = rest;
    else
        sg_log(context, SEGENT_LOG_WARNING, "%s: a text of %zu bytes is passed over", source->name,
               rest.size);
    return SEGENT_OK;
}

/* ---- EXIF in hexadecimal ---- */

static int digit_value(unsigned char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool is_space(unsigned char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Writes the bytes that `hex` stands for to `bytes`, which has room for half as many. Anything that
 * is no digit and no space makes all of it nothing: 0. */
static size_t decode_hex(sg_span hex, unsigned char *bytes)
{
    size_t digits = 0;
    for (size_t i = 0; i < hex.size; i++) {
        const int value = digit_value(hex.data[i]);
        if (value < 0 && is_space(hex.data[i]))
            continue;
        if (value < 0)
            return 0;
        bytes[digits / 2] = (unsigned char)(digits % 2 ? bytes[digits / 2] << 4 | value : value);
        digits++;
    }
    return digits / 2;
}

/* "\nexif\n      NN\n", then the digits in lines. */
static sg_span after_lines(sg_span value, int lines)
{
    for (; lines > 0; lines--) {
        const unsigned char *end = value.size > 0 ? memchr(value.data, '\n', value.size) : NULL;
        if (!end)
            return (sg_span){NULL, 0};
        value.size -= (size_t)(end - value.data) + 1;
        value.data = end + 1;
    }
    return value;
}

static segent_status read_profile(segent_context *context, const sg_encoded *source, sg_span chunk,
                                  int32_t *orientation)
{
    text self;
    unsigned char *bytes = NULL;
    segent_status status = open_text(context, source, chunk, &self);
    const sg_span hex = after_lines(self.value, 3);
    if (status == SEGENT_OK && hex.size > 0) {
        bytes = sg_alloc(&context->allocator, hex.size / 2 + 1, 1);
        if (bytes)
            *orientation = sg_exif_orientation(bytes, decode_hex(hex, bytes));
        else
            status = sg_fail_memory(context, "EXIF data", hex.size / 2 + 1);
    }
    sg_free(&context->allocator, bytes);
    sg_free(&context->allocator, self.buffer);
    return status;
}

static segent_status read_packet(segent_context *context, const sg_encoded *source, sg_span chunk,
                                 int32_t *orientation)
{
    text self;
    const segent_status status = open_text(context, source, chunk, &self);
    if (status == SEGENT_OK && self.value.size > 0)
        *orientation = sg_xmp_orientation(self.value.data, self.value.size);
    sg_free(&context->allocator, self.buffer);
    return status;
}

segent_status sg_png_orientation(segent_context *context, const sg_encoded *source,
                                 const sg_png_chunks *chunks, int32_t *orientation)
{
    segent_status status = SEGENT_OK;
    *orientation = 0;
    if (chunks->exif.data)
        *orientation = sg_exif_orientation(chunks->exif.data, chunks->exif.size);
    else if (chunks->profile.data)
        status = read_profile(context, source, chunks->profile, orientation);
    if (status == SEGENT_OK && *orientation == 0 && chunks->packet.data)
        status = read_packet(context, source, chunks->packet, orientation);
    if (*orientation == 0)
        *orientation = 1;
    return status;
}

#endif
