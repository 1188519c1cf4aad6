/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A walk over the markers of a JPEG file before libjpeg decodes it: which process, how many scans
 * and over how many blocks, whether the end is marked, EXIF and XMP. It takes time in proportion to
 * the file and no memory. */

#include "codec.h"

#if SG_JPEG

#    include <string.h>

enum { APP1 = 0xe1, DAC = 0xcc, DHT = 0xc4, EOI = 0xd9, JPG = 0xc8, SOF55 = 0xf7, SOS = 0xda };
enum { PADDING_MIN = 4 };

static unsigned read16(const unsigned char *at)
{
    return at[0] * 256u + at[1];
}

static bool has_segment(int marker)
{
    return marker != 0x01 && (marker < 0xd0 || marker > 0xd9);
}

static bool is_frame(int marker)
{
    return marker == SOF55 ||
           (marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != DAC && marker != JPG);
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

/* Blocks of 8 x 8 samples that a component has, its sides filled up to whole groups. */
static uint64_t count_blocks(const sg_jpeg_layout *self, unsigned h, unsigned v, unsigned h_max,
                             unsigned v_max)
{
    return divide_up(self->width, 8 * h_max) * h * divide_up(self->height, 8 * v_max) * v;
}

/* The first frame header counts: libjpeg refuses a second one. */
static void take_frame(sg_jpeg_layout *self, int marker, sg_span segment)
{
    unsigned h_max = 1, v_max = 1;
    if (self->process != 0 || segment.size < 6)
        return;
    self->process = marker;
    self->precision = segment.data[0];
    self->height = read16(segment.data + 1);
    self->width = read16(segment.data + 3);
    const size_t count = segment.data[5];
    if (count > SG_JPEG_COMPONENTS_MAX || segment.size < 6 + 3 * count)
        return;
    self->components = (int)count;
    for (size_t i = 0; i < count; i++) {
        const unsigned sampling = segment.data[6 + 3 * i + 1];
        h_max = sampling >> 4 > h_max ? sampling >> 4 : h_max;
        v_max = (sampling & 15) > v_max ? sampling & 15 : v_max;
    }
    for (size_t i = 0; i < count; i++) {
        const unsigned char *component = segment.data + 6 + 3 * i;
        self->identifiers[i] = component[0];
        self->blocks[i] = count_blocks(self, component[1] >> 4, component[1] & 15, h_max, v_max);
    }
}

static void take_scan(sg_jpeg_layout *self, sg_span segment)
{
    self->scans++;
    if (segment.size < 1 || segment.size < 1 + 2 * (size_t)segment.data[0])
        return;
    for (size_t i = 0; i < segment.data[0]; i++) {
        for (int c = 0; c < self->components; c++) {
            if (self->identifiers[c] == segment.data[1 + 2 * i]) {
                self->seen |= 1u << c;
                self->visits += self->blocks[c];
                break;
            }
        }
    }
}

static void take_app1(sg_jpeg_layout *self, sg_span segment)
{
    static const char xmp[] = "http://ns.adobe.com/xap/1.0/";
    if (segment.size >= 6 && memcmp(segment.data, "Exif\0", 6) == 0) {
        if (self->exif_segments++ == 0)
            self->exif = segment;
        self->exif_bytes += segment.size;
    } else if (segment.size > sizeof(xmp) && memcmp(segment.data, xmp, sizeof(xmp)) == 0) {
        self->packet = (sg_span){segment.data + sizeof(xmp), segment.size - sizeof(xmp)};
    }
}

/* Moves *at behind the next marker and gives its second byte; -1 at the end. Entropy-coded bytes
 * and what is between segments are passed over. */
static int next_marker(const sg_encoded *source, size_t *at)
{
    while (*at < source->size) {
        const unsigned char *found = memchr(source->data + *at, 0xff, source->size - *at);
        if (!found)
            break;
        *at = (size_t)(found - source->data) + 1;
        while (*at < source->size && source->data[*at] == 0xff)
            ++*at;
        if (*at < source->size && source->data[*at] != 0)
            return source->data[(*at)++];
    }
    *at = source->size;
    return -1;
}

/* The segment that follows a marker, without its length; false when the file's end cuts it. */
static bool read_segment(const sg_encoded *source, size_t *at, sg_span *segment)
{
    if (source->size - *at < 2)
        return false;
    const size_t length = read16(source->data + *at);
    if (length < 2 || length > source->size - *at)
        return false;
    *segment = (sg_span){source->data + *at + 2, length - 2};
    *at += length;
    return true;
}

/* What fills up a file without an end mark is no pixels: a run of one byte. */
static size_t without_padding(const sg_encoded *source)
{
    size_t run = 1;
    while (run < source->size &&
           source->data[source->size - 1 - run] == source->data[source->size - 1])
        run++;
    return run >= PADDING_MIN ? source->size - run : source->size;
}

sg_span sg_jpeg_next_exif(const sg_encoded *source, size_t *at)
{
    sg_span segment;
    for (int marker = next_marker(source, at); marker >= 0 && marker != SOS && marker != EOI;
         marker = next_marker(source, at)) {
        if (!has_segment(marker))
            continue;
        if (!read_segment(source, at, &segment))
            break;
        if (marker == APP1 && segment.size >= 6 && memcmp(segment.data, "Exif\0", 6) == 0)
            return segment;
    }
    return (sg_span){NULL, 0};
}

void sg_jpeg_scan(const sg_encoded *source, sg_jpeg_layout *self)
{
    size_t at = 2 < source->size ? 2 : source->size;
    sg_span segment;
    *self = (sg_jpeg_layout){.size = source->size};
    for (int marker = next_marker(source, &at); marker >= 0; marker = next_marker(source, &at)) {
        if (marker == EOI) {
            self->has_end = true;
            return;
        }
        if (!has_segment(marker))
            continue;
        if (!read_segment(source, &at, &segment))
            break;
        if (is_frame(marker))
            take_frame(self, marker, segment);
        else if (marker == SOS)
            take_scan(self, segment);
        else if (marker == APP1 && self->scans == 0)
            take_app1(self, segment);
    }
    self->size = without_padding(source);
}

#endif
