/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes PNG files: chunks are changed, moved and added, and rows are changed before they are
 * deflated. All check sums are made right again most of the time. */

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"
#include "mutate_exif.h"

enum { CHUNKS_MAX = 64, SIGNATURE_SIZE = 8, ROWS_MAX = 1 << 16 };

static const uint8_t signature[SIGNATURE_SIZE] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

typedef struct chunk {
    uint8_t type[4];
    fuzz_bytes data;
} chunk;

typedef struct picture {
    chunk chunks[CHUNKS_MAX];
    size_t count;
    fuzz_bytes rest; /* bytes after the last whole chunk */
} picture;

/* ---- taking apart and putting together ---- */

static bool take_apart(const uint8_t *data, size_t size, picture *apart)
{
    size_t at = SIGNATURE_SIZE;
    apart->count = 0;
    apart->rest = (fuzz_bytes){NULL, 0, 0};
    if (size < SIGNATURE_SIZE || memcmp(data, signature, SIGNATURE_SIZE) != 0)
        return false;
    while (size - at >= 12 && fuzz_big(data + at, 4) <= size - at - 12 &&
           apart->count < CHUNKS_MAX) {
        const size_t length = (size_t)fuzz_big(data + at, 4);
        chunk *next = apart->chunks + apart->count++;
        memcpy(next->type, data + at + 4, 4);
        next->data = (fuzz_bytes){NULL, 0, 0};
        fuzz_append(&next->data, data + at + 8, length);
        at += 12 + length;
    }
    fuzz_append(&apart->rest, data + at, size - at);
    return apart->count > 0;
}

static void release(picture *apart)
{
    for (size_t i = 0; i < apart->count; i++)
        free(apart->chunks[i].data.data);
    free(apart->rest.data);
    apart->rest = (fuzz_bytes){NULL, 0, 0};
    apart->count = 0;
}

static void put_together(const picture *apart, fuzz_bytes *out, fuzz_random *random)
{
    const bool damaged = fuzz_one_in(random, 8);
    fuzz_append(out, signature, SIGNATURE_SIZE);
    for (size_t i = 0; i < apart->count; i++) {
        const chunk *next = apart->chunks + i;
        fuzz_append_big(out, next->data.size, 4);
        const size_t begin = out->size;
        fuzz_append(out, next->type, 4);
        fuzz_append(out, next->data.data, next->data.size);
        const uint32_t sum = fuzz_crc32(out->data + begin, out->size - begin);
        fuzz_append_big(out, damaged && fuzz_one_in(random, 4) ? sum ^ 1 : sum, 4);
    }
    if (!fuzz_one_in(random, 8))
        fuzz_append(out, apart->rest.data, apart->rest.size);
}

/* ---- rows ---- */

static chunk *find_chunk(picture *apart, const char *type)
{
    for (size_t i = 0; i < apart->count; i++) {
        if (memcmp(apart->chunks[i].type, type, 4) == 0)
            return apart->chunks + i;
    }
    return NULL;
}

/* Joins all IDAT chunks into one, which replaces the first. */
static chunk *join_rows(picture *apart)
{
    chunk *first = find_chunk(apart, "IDAT");
    for (size_t i = 0; first && i < apart->count;) {
        chunk *next = apart->chunks + i;
        if (next == first || memcmp(next->type, "IDAT", 4) != 0) {
            i++;
            continue;
        }
        fuzz_append(&first->data, next->data.data, next->data.size);
        free(next->data.data);
        memmove(next, next + 1, (apart->count - i - 1) * sizeof(*next));
        apart->count--;
    }
    return first;
}

static void deflate_rows(fuzz_bytes *out, const uint8_t *rows, size_t size)
{
    uLongf room = compressBound(size);
    uint8_t *deflated = malloc(room);
    fuzz_check(deflated && compress2(deflated, &room, rows, size, 1) == Z_OK, "zlib fails");
    out->size = 0;
    fuzz_append(out, deflated, room);
    free(deflated);
}

/* Changes filter bytes and samples, or loses or adds rows. */
static void change_rows(picture *apart, fuzz_random *random)
{
    chunk *rows = join_rows(apart);
    fuzz_bytes inflated = {malloc(ROWS_MAX), 0, ROWS_MAX};
    uLongf size = ROWS_MAX;
    fuzz_check(inflated.data != NULL, "no memory for rows");
    if (rows && rows->data.size > 0 &&
        uncompress(inflated.data, &size, rows->data.data, rows->data.size) == Z_OK) {
        inflated.size = size;
        if (fuzz_one_in(random, 4))
            inflated.size = fuzz_below(random, size + 1);
        else
            fuzz_mutate_part(&inflated, 0, inflated.size, 64);
        deflate_rows(&rows->data, inflated.data, inflated.size);
    }
    free(inflated.data);
}

/* ---- chunks ---- */

/* Changes a field of IHDR: width, height, depth, colour, compression, filter or interlace. */
static void change_header(picture *apart, fuzz_random *random)
{
    static const uint8_t depths[] = {1, 2, 4, 8, 16, 3}, colours[] = {0, 2, 3, 4, 6, 1};
    chunk *header = find_chunk(apart, "IHDR");
    if (!header || header->data.size < 13)
        return;
    uint8_t *data = header->data.data;
    switch (fuzz_below(random, 4)) {
    case 0:
        fuzz_set_big(data + 4 * fuzz_below(random, 2), fuzz_odd_number(random, fuzz_big(data, 4)),
                     4);
        break;
    case 1:
        data[8] = depths[fuzz_below(random, sizeof(depths))];
        break;
    case 2:
        data[9] = colours[fuzz_below(random, sizeof(colours))];
        break;
    default:
        data[12] = (uint8_t)fuzz_below(random, 3);
    }
}

static void change_data(picture *apart, fuzz_random *random)
{
    chunk *next = apart->chunks + fuzz_below(random, apart->count);
    fuzz_mutate_part(&next->data, 0, next->data.size, 32);
}

static void move_chunk(picture *apart, fuzz_random *random)
{
    const size_t a = fuzz_below(random, apart->count), b = fuzz_below(random, apart->count);
    const chunk kept = apart->chunks[a];
    apart->chunks[a] = apart->chunks[b];
    apart->chunks[b] = kept;
}

static void remove_chunk(picture *apart, fuzz_random *random)
{
    const size_t at = fuzz_below(random, apart->count);
    free(apart->chunks[at].data.data);
    memmove(apart->chunks + at, apart->chunks + at + 1,
            (apart->count - at - 1) * sizeof(apart->chunks[0]));
    apart->count--;
}

/* Appends deflated text as the chunks zTXt and iTXt have it. */
static void append_deflated(fuzz_bytes *out, const fuzz_bytes *text)
{
    fuzz_bytes deflated = {NULL, 0, 0};
    deflate_rows(&deflated, text->data, text->size);
    fuzz_append(out, deflated.data, deflated.size);
    free(deflated.data);
}

/* Fills in a chunk that may turn the picture, or one that says how to show it. */
static void fill_chunk(chunk *made, fuzz_random *random)
{
    static const char *const types[] = {"tEXt", "zTXt", "iTXt", "eXIf", "tRNS",
                                        "PLTE", "gAMA", "IDAT", "CgBI", "acTL"};
    const size_t kind = fuzz_below(random, sizeof(types) / sizeof(types[0]));
    fuzz_bytes text = {NULL, 0, 0};
    memcpy(made->type, types[kind], 4);
    if (kind == 0 || kind == 1) {
        fuzz_append(&made->data, "Raw profile type exif", 22);
        fuzz_make_raw_profile(&text, random);
    } else if (kind == 2) {
        const bool deflated = fuzz_one_in(random, 2);
        fuzz_append(&made->data, "XML:com.adobe.xmp", 18);
        fuzz_append(&made->data, deflated ? "\1\0\0" : "\0\0\0", 4);
        fuzz_make_xmp(&text, random);
    } else if (kind == 3) {
        fuzz_make_exif(&text, random);
    } else {
        const size_t size = 3 * fuzz_below(random, 8);
        for (size_t i = 0; i < size; i++)
            fuzz_append_byte(&text, (unsigned)fuzz_next(random));
    }
    if (kind == 1)
        fuzz_append_byte(&made->data, 0);
    if (kind == 1 || (kind == 2 && made->data.data[18]))
        append_deflated(&made->data, &text);
    else
        fuzz_append(&made->data, text.data, text.size);
    free(text.data);
}

static void add_chunk(picture *apart, fuzz_random *random)
{
    const size_t at = fuzz_below(random, apart->count + 1);
    chunk made = {.data = {NULL, 0, 0}};
    if (apart->count == CHUNKS_MAX)
        return;
    fill_chunk(&made, random);
    memmove(apart->chunks + at + 1, apart->chunks + at,
            (apart->count - at) * sizeof(apart->chunks[0]));
    apart->chunks[at] = made;
    apart->count++;
}

static void split_chunk(picture *apart, fuzz_random *random)
{
    chunk *first = apart->chunks + fuzz_below(random, apart->count);
    if (apart->count == CHUNKS_MAX)
        return;
    const size_t kept = fuzz_below(random, first->data.size + 1);
    chunk second = {.data = {NULL, 0, 0}};
    memcpy(second.type, first->type, 4);
    fuzz_append(&second.data, first->data.data + kept, first->data.size - kept);
    first->data.size = kept;
    memmove(first + 2, first + 1,
            (size_t)(apart->chunks + apart->count - first - 1) * sizeof(*first));
    first[1] = second;
    apart->count++;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static void (*const changes[])(picture *, fuzz_random *) = {
        change_header, change_rows,  change_rows, change_data, change_data,
        move_chunk,    remove_chunk, add_chunk,   add_chunk,   split_chunk};
    static picture apart;
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    if (fuzz_one_in(&random, 8) || !take_apart(data, size, &apart)) {
        release(&apart);
        return LLVMFuzzerMutate(data, size, max_size);
    }
    const size_t rounds = 1 + fuzz_below(&random, 3);
    for (size_t i = 0; i < rounds && apart.count > 0; i++)
        changes[fuzz_below(&random, sizeof(changes) / sizeof(changes[0]))](&apart, &random);
    put_together(&apart, &bytes, &random);
    release(&apart);
    return fuzz_deliver(&bytes, data, max_size);
}

/* Makes the first picture with some chunks of the second before its own. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    static picture apart, other;
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    take_apart(data1, size1, &apart);
    take_apart(data2, size2, &other);
    for (size_t i = 0; i < other.count; i++) {
        const size_t at = fuzz_below(&random, apart.count + 1);
        if (apart.count == CHUNKS_MAX || !fuzz_one_in(&random, 3))
            continue;
        memmove(apart.chunks + at + 1, apart.chunks + at,
                (apart.count - at) * sizeof(apart.chunks[0]));
        apart.chunks[at] = other.chunks[i];
        apart.count++;
        other.chunks[i].data = (fuzz_bytes){NULL, 0, 0};
    }
    put_together(&apart, &bytes, &random);
    release(&apart);
    release(&other);
    return fuzz_deliver(&bytes, out, max_out);
}
