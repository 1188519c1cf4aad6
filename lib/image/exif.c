/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The orientation that a picture's EXIF or XMP data ask for, as Pillow's ImageOps.exif_transpose
 * reads it. Only the first directory is looked at, and of the offsets in it only the one to the
 * value of an orientation is followed, so that hostile data cannot lead in circles. */

#include "codec.h"

#include <string.h>

enum { TIFF_MAGIC = 42, TAG_ORIENTATION = 0x0112, ENTRY_SIZE = 12 };

typedef struct tiff {
    const unsigned char *data;
    size_t size;
    bool big_endian;
} tiff;

/* Bytes of one value of each type of TIFF 6.0 (and of the two that came later: 13 is IFD, 16 is
 * LONG8). 0: there is no such type. */
static const size_t type_sizes[17] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

/* The caller has checked that the bytes are there. */
static uint64_t read_unsigned(const tiff *self, size_t at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | self->data[at + (self->big_endian ? i : bytes - 1 - i)];
    return value;
}

static uint32_t read16(const tiff *self, size_t at)
{
    return (uint32_t)read_unsigned(self, at, 2);
}

static uint32_t read32(const tiff *self, size_t at)
{
    return (uint32_t)read_unsigned(self, at, 4);
}

/* numerator / denominator, where that is 1 to 8 and whole. */
static int64_t divide(int64_t numerator, int64_t denominator)
{
    return denominator != 0 && numerator % denominator == 0 ? numerator / denominator : 0;
}

/* A number that is not whole is no orientation: 0. */
static int64_t whole(double value)
{
    return value >= 1 && value <= 8 && value == (double)(int64_t)value ? (int64_t)value : 0;
}

static int64_t read_float(const tiff *self, size_t at)
{
    const uint32_t bits = read32(self, at);
    float value;
    memcpy(&value, &bits, sizeof(value));
    return whole((double)value);
}

static int64_t read_double(const tiff *self, size_t at)
{
    const uint64_t bits = read_unsigned(self, at, 8);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return whole(value);
}

/* The number at `at`; 0 for bytes and text, which are no numbers to Pillow, and for what does not
 * fit. */
static int64_t read_number(const tiff *self, uint32_t type, size_t at)
{
    switch (type) {
    case 3:  /* SHORT */
    case 4:  /* LONG */
    case 13: /* IFD */
        return (int64_t)read_unsigned(self, at, type_sizes[type]);
    case 6: /* SBYTE */
        return (int8_t)self->data[at];
    case 8: /* SSHORT */
        return (int16_t)read16(self, at);
    case 9: /* SLONG */
        return (int32_t)read32(self, at);
    case 5: /* RATIONAL */
        return divide(read32(self, at), read32(self, at + 4));
    case 10: /* SRATIONAL */
        return divide((int32_t)read32(self, at), (int32_t)read32(self, at + 4));
    case 11: /* FLOAT */
        return read_float(self, at);
    case 12: /* DOUBLE */
        return read_double(self, at);
    case 16: /* LONG8 */
        return (int64_t)(read_unsigned(self, at, 8) & INT64_MAX);
    default:
        return 0;
    }
}

/* What an entry of the directory says: 0 when its values are not there, so that it does not count;
 * 1 when they are and make no sense. */
static int32_t read_orientation(const tiff *self, size_t entry)
{
    const uint32_t type = read16(self, entry + 2);
    const uint64_t count = read32(self, entry + 4);
    const size_t unit = type < sizeof(type_sizes) / sizeof(type_sizes[0]) ? type_sizes[type] : 0;
    const uint64_t bytes = count * unit;
    const size_t at = bytes > 4 ? read32(self, entry + 8) : entry + 8;
    if (bytes == 0 || bytes > self->size || at > self->size - bytes)
        return 0;
    const int64_t value = read_number(self, type, at);
    return value >= 1 && value <= 8 ? (int32_t)value : 1;
}

static int32_t search_directory(const tiff *self)
{
    const size_t directory = read32(self, 4);
    int32_t orientation = 0;
    if (directory > self->size - 2)
        return 0;
    const size_t count = read16(self, directory);
    for (size_t i = 0; i < count; i++) {
        const size_t entry = directory + 2 + i * ENTRY_SIZE;
        if (self->size - ENTRY_SIZE < entry)
            break;
        if (read16(self, entry) == TAG_ORIENTATION) {
            const int32_t found = read_orientation(self, entry);
            orientation = found ? found : orientation;
        }
    }
    return orientation;
}

int32_t sg_exif_orientation(const unsigned char *data, size_t size)
{
    /* Some programs write the mark twice. */
    while (size >= 6 && memcmp(data, "Exif\0", 6) == 0) {
        data += 6;
        size -= 6;
    }
    if (size < 8 + 2 + ENTRY_SIZE)
        return 0;
    const bool big_endian = memcmp(data, "MM", 2) == 0;
    if (!big_endian && memcmp(data, "II", 2) != 0)
        return 0;
    const tiff self = {data, size, big_endian};
    const uint32_t magic = read16(&self, 2);
    /* Some programs write the magic number in the other order of bytes. */
    return magic == TIFF_MAGIC || magic == TIFF_MAGIC << 8 ? search_directory(&self) : 0;
}

int32_t sg_xmp_orientation(const unsigned char *data, size_t size)
{
    static const char name[] = "tiff:Orientation";
    const size_t length = sizeof(name) - 1;
    for (size_t at = 0; size >= length + 2 && at <= size - length - 2; at++) {
        const unsigned char *const next = memchr(data + at, name[0], size - length - 1 - at);
        if (!next)
            break;
        at = (size_t)(next - data);
        if (memcmp(next, name, length) != 0)
            continue;
        const unsigned char *digit = next + length + 1;
        if (memcmp(next + length, "=\"", 2) == 0)
            digit++;
        else if (next[length] != '>')
            continue;
        if (digit < data + size && *digit >= '0' && *digit <= '9')
            return *digit >= '1' && *digit <= '8' ? *digit - '0' : 1;
    }
    return 0;
}
