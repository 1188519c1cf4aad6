/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads what the entries of a zip archive hold. torch.save stores entries as they are; a checkpoint
 * that somebody packed again most likely has deflated ones. */

#include "directory.h"

enum { STORED = 0, DEFLATED = 8, ENCRYPTED = 1 /* in an entry's flags */ };

#if SG_ZLIB

#    include <zlib.h>

#    include "base/cancel.h"

enum {
    RATIO_MAX = 1032 /* bytes that a deflated byte can stand for: 258 in two bits, four times */
};

static segent_status damaged(segent_context *context, const segent_checkpoint *checkpoint,
                             const sg_entry *entry, const char *what)
{
    return sg_fail(context, SEGENT_ERROR_FORMAT,
                   "%s: damaged zip archive: entry '%.*s', compressed at byte %llu: %s",
                   checkpoint->label, SG_SPAN(entry->name), (unsigned long long)entry->begin, what);
}

static void *allocate(void *allocator, unsigned count, unsigned size)
{
    return sg_alloc(allocator, count, size);
}

static void release(void *allocator, void *memory)
{
    sg_free(allocator, memory);
}

/* What zlib does at once: some milliseconds of work, for it may have been cancelled meanwhile. */
enum { PIECE = 1 << 20 };

static unsigned piece(uint64_t left)
{
    return left < PIECE ? (unsigned)left : PIECE;
}

/* Runs the stream until it ends or cannot go on. True: it ended exactly where the compressed bytes
 * end, with as many bytes as were expected. */
static bool run(segent_context *context, z_stream *stream, const sg_entry *entry,
                const unsigned char *data, unsigned char *content)
{
    uint64_t read = 0, written = 0;
    int result = Z_OK;
    stream->next_in = (unsigned char *)(uintptr_t)data;
    stream->next_out = content;
    while (result == Z_OK && !sg_cancelled(context)) {
        const unsigned in = stream->avail_in = piece(entry->compressed - read);
        const unsigned out = stream->avail_out = piece(entry->size - written);
        result = inflate(stream, Z_NO_FLUSH);
        read += in - stream->avail_in;
        written += out - stream->avail_out;
    }
    return result == Z_STREAM_END && read == entry->compressed && written == entry->size;
}

/* Whether the sum of the content is the entry's. */
static bool sum_is_right(segent_context *context, const sg_entry *entry,
                         const unsigned char *content)
{
    uLong sum = crc32(0, NULL, 0);
    for (uint64_t at = 0; at < entry->size && !sg_cancelled(context);) {
        const unsigned length = piece(entry->size - at);
        sum = crc32(sum, content + at, length);
        at += length;
    }
    return sum == entry->crc;
}

static segent_status inflate_entry(segent_context *context, segent_checkpoint *checkpoint,
                                   sg_entry *entry)
{
    if (entry->compressed == 0 || entry->size / RATIO_MAX > entry->compressed)
        return damaged(context, checkpoint, entry, "it cannot be as large as the archive says");
    if (entry->size > SIZE_MAX / 2)
        return sg_fail_memory(context, "an entry of a zip archive", SIZE_MAX);
    const size_t size =
        entry->size ? (size_t)entry->size : 1; /* the end may need a place as well */
    segent_status status = sg_checkpoint_charge(context, checkpoint, size);
    if (status != SEGENT_OK)
        return status;
    unsigned char *content = sg_arena_take(&checkpoint->inflated, size);
    z_stream stream = {.zalloc = allocate, .zfree = release, .opaque = &checkpoint->allocator};
    if (!content || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return sg_fail_memory(context, "an entry of a zip archive", size);
    if (!run(context, &stream, entry, checkpoint->data + entry->begin, content))
        status = damaged(context, checkpoint, entry, "its data or its size is wrong");
    else if (!sum_is_right(context, entry, content))
        status = damaged(context, checkpoint, entry, "its sum is wrong");
    (void)inflateEnd(&stream);
    if (sg_cancelled(context))
        status = sg_checkpoint_check_cancelled(context, checkpoint);
    if (status == SEGENT_OK) {
        entry->content = content;
        checkpoint->inflated_size += (size_t)entry->size;
    }
    return status;
}

#else

static segent_status inflate_entry(segent_context *context, segent_checkpoint *checkpoint,
                                   sg_entry *entry)
{
    return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: entry '%.*s' is compressed, and this build reads what is stored without "
                   "compression only; load and save it once with torch, which does not compress",
                   checkpoint->label, SG_SPAN(entry->name));
}

#endif

segent_status sg_entry_read(segent_context *context, segent_checkpoint *checkpoint, sg_entry *entry,
                            const unsigned char **content)
{
    segent_status status = SEGENT_OK;
    if (entry->flags & ENCRYPTED)
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: entry '%.*s' is encrypted; unpack the archive with its password and "
                       "save the checkpoint with torch.save",
                       checkpoint->label, SG_SPAN(entry->name));
    if (!entry->content && entry->method == DEFLATED) {
        status = inflate_entry(context, checkpoint, entry);
    } else if (entry->method == STORED && entry->compressed == entry->size) {
        entry->content = checkpoint->data + entry->begin;
    } else if (entry->method == STORED) {
        status = sg_fail(context, SEGENT_ERROR_FORMAT,
                         "%s: damaged zip archive: entry '%.*s' is stored as %llu bytes of %llu",
                         checkpoint->label, SG_SPAN(entry->name),
                         (unsigned long long)entry->compressed, (unsigned long long)entry->size);
    } else if (!entry->content) {
        status =
            sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                    "%s: entry '%.*s' is compressed by method %u; only deflated (8) and stored "
                    "entries are read; load and save it once with torch, which does not "
                    "compress",
                    checkpoint->label, SG_SPAN(entry->name), (unsigned)entry->method);
    }
    if (status == SEGENT_OK)
        *content = entry->content;
    return status;
}
