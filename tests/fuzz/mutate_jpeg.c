/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes JPEG files: segments are changed, moved and added with lengths that are right, and scans
 * are changed as bytes. */

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mutate_exif.h"

enum {
    SEGMENTS_MAX = 128,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    RST0 = 0xd0,
    TEM = 0x01,
    APP1 = 0xe1,
    SOF0 = 0xc0
};

/* A marker, its data without the length, and what follows until the next marker. */
typedef struct segment {
    uint8_t marker;
    bool counted; /* the segment has a length */
    fuzz_bytes data, scan;
} segment;

typedef struct picture {
    segment segments[SEGMENTS_MAX];
    size_t count;
} picture;

static bool has_length(uint8_t marker)
{
    return marker != TEM && !(marker >= RST0 && marker <= EOI);
}

/* The number of bytes up to the next marker, those of restarts inside a scan not counted. */
static size_t scan_size(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if (data[i] == 0xff && data[i + 1] != 0 && data[i + 1] != 0xff &&
            !(data[i + 1] >= RST0 && data[i + 1] < SOI))
            return i;
    }
    return size;
}

static void take_apart(const uint8_t *data, size_t size, picture *apart)
{
    size_t at = 0;
    apart->count = 0;
    while (size - at >= 2 && data[at] == 0xff && apart->count < SEGMENTS_MAX) {
        segment *next = apart->segments + apart->count;
        *next = (segment){.marker = data[at + 1], .counted = has_length(data[at + 1])};
        at += 2;
        if (next->counted) {
            const size_t length = size - at >= 2 ? (size_t)fuzz_big(data + at, 2) : SIZE_MAX;
            if (length < 2 || length > size - at)
                return;
            fuzz_append(&next->data, data + at + 2, length - 2);
            at += length;
        }
        const size_t scan = scan_size(data + at, size - at);
        fuzz_append(&next->scan, data + at, scan);
        at += scan;
        apart->count++;
    }
}

static void release(picture *apart)
{
    for (size_t i = 0; i < apart->count; i++) {
        free(apart->segments[i].data.data);
        free(apart->segments[i].scan.data);
    }
    apart->count = 0;
}

static void put_together(const picture *apart, fuzz_bytes *out)
{
    for (size_t i = 0; i < apart->count; i++) {
        const segment *next = apart->segments + i;
        fuzz_append_byte(out, 0xff);
        fuzz_append_byte(out, next->marker);
        if (next->counted)
            fuzz_append_big(out, (next->data.size + 2) & 0xffff, 2);
        fuzz_append(out, next->data.data, next->data.size);
        fuzz_append(out, next->scan.data, next->scan.size);
    }
}

/* ---- changes ---- */

static void insert(picture *apart, size_t at, segment made)
{
    memmove(apart->segments + at + 1, apart->segments + at,
            (apart->count - at) * sizeof(apart->segments[0]));
    apart->segments[at] = made;
    apart->count++;
}

static segment copy_of(const segment *from)
{
    segment copy = {.marker = from->marker, .counted = from->counted};
    fuzz_append(&copy.data, from->data.data, from->data.size);
    fuzz_append(&copy.scan, from->scan.data, from->scan.size);
    return copy;
}

static void change_data(picture *apart, fuzz_random *random)
{
    segment *next = apart->segments + fuzz_below(random, apart->count);
    fuzz_mutate_part(&next->data, 0, next->data.size, 16);
}

static void change_scan(picture *apart, fuzz_random *random)
{
    segment *next = apart->segments + fuzz_below(random, apart->count);
    fuzz_mutate_part(&next->scan, 0, next->scan.size, 16);
    if (fuzz_one_in(random, 4))
        next->scan.size = fuzz_below(random, next->scan.size + 1);
}

static void move_segment(picture *apart, fuzz_random *random)
{
    const size_t a = fuzz_below(random, apart->count), b = fuzz_below(random, apart->count);
    const segment kept = apart->segments[a];
    apart->segments[a] = apart->segments[b];
    apart->segments[b] = kept;
}

static void copy_segment(picture *apart, fuzz_random *random)
{
    const segment *from = apart->segments + fuzz_below(random, apart->count);
    if (apart->count < SEGMENTS_MAX)
        insert(apart, fuzz_below(random, apart->count + 1), copy_of(from));
}

static void remove_segment(picture *apart, fuzz_random *random)
{
    const size_t at = fuzz_below(random, apart->count);
    free(apart->segments[at].data.data);
    free(apart->segments[at].scan.data);
    memmove(apart->segments + at, apart->segments + at + 1,
            (apart->count - at - 1) * sizeof(apart->segments[0]));
    apart->count--;
}

/* Adds EXIF or XMP data early in the file, where it belongs. */
static void add_metadata(picture *apart, fuzz_random *random)
{
    segment made = {.marker = APP1, .counted = true};
    if (apart->count == SEGMENTS_MAX)
        return;
    if (fuzz_one_in(random, 3)) {
        fuzz_append(&made.data, "http://ns.adobe.com/xap/1.0/", 29);
        fuzz_make_xmp(&made.data, random);
    } else {
        fuzz_append(&made.data, "Exif\0", 6);
        fuzz_make_exif(&made.data, random);
    }
    insert(apart, fuzz_below(random, apart->count < 4 ? apart->count + 1 : 4), made);
}

/* Changes the frame's sizes, components and sampling, or its kind. */
static void change_frame(picture *apart, fuzz_random *random)
{
    for (size_t i = 0; i < apart->count; i++) {
        segment *next = apart->segments + i;
        if (next->marker < SOF0 || next->marker > SOF0 + 15 || next->marker == 0xc4 ||
            next->data.size < 8)
            continue;
        uint8_t *data = next->data.data;
        const size_t at = 1 + 2 * fuzz_below(random, 2);
        if (fuzz_one_in(random, 3))
            fuzz_set_big(data + at, fuzz_odd_number(random, fuzz_big(data + at, 2)), 2);
        else if (fuzz_one_in(random, 3))
            next->marker = (uint8_t)(SOF0 + fuzz_below(random, 16));
        else
            data[5 + fuzz_below(random, next->data.size - 5)] =
                (uint8_t)fuzz_odd_number(random, 17);
    }
}

/* Changes the numbers of the restart markers inside a scan. */
static void change_restarts(picture *apart, fuzz_random *random)
{
    segment *next = apart->segments + fuzz_below(random, apart->count);
    for (size_t i = 0; i + 1 < next->scan.size; i++) {
        uint8_t *bytes = next->scan.data + i;
        if (bytes[0] == 0xff && bytes[1] >= RST0 && bytes[1] < SOI && fuzz_one_in(random, 3))
            bytes[1] = (uint8_t)(RST0 + fuzz_below(random, 8));
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static void (*const changes[])(picture *, fuzz_random *) = {
        change_data,    change_data,  change_scan,  change_scan,  move_segment,   copy_segment,
        remove_segment, add_metadata, add_metadata, change_frame, change_restarts};
    static picture apart;
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    if (fuzz_one_in(&random, 8))
        return LLVMFuzzerMutate(data, size, max_size);
    take_apart(data, size, &apart);
    const size_t rounds = 1 + fuzz_below(&random, 3);
    for (size_t i = 0; i < rounds && apart.count > 0; i++)
        changes[fuzz_below(&random, sizeof(changes) / sizeof(changes[0]))](&apart, &random);
    put_together(&apart, &bytes);
    release(&apart);
    if (bytes.size == 0) {
        free(bytes.data);
        return LLVMFuzzerMutate(data, size, max_size);
    }
    return fuzz_deliver(&bytes, data, max_size);
}

/* Makes the first picture with some segments of the second. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out, unsigned seed)
{
    static picture apart, other;
    fuzz_random random = {seed};
    fuzz_bytes bytes = {NULL, 0, 0};
    take_apart(data1, size1, &apart);
    take_apart(data2, size2, &other);
    for (size_t i = 0; i < other.count && apart.count < SEGMENTS_MAX; i++) {
        if (fuzz_one_in(&random, 3))
            insert(&apart, fuzz_below(&random, apart.count + 1), copy_of(other.segments + i));
    }
    put_together(&apart, &bytes);
    release(&apart);
    release(&other);
    return fuzz_deliver(&bytes, out, max_out);
}
