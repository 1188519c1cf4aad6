/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Only the first directory is looked at and no offset but the one to it is followed, so that
 * hostile data cannot lead in circles. */

#include "codec.h"

#include <string.h>

enum { TIFF_MAGIC = 42, TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, TYPE_LONG = 4, ENTRY_SIZE = 12 };

typedef struct tiff {
    const unsigned char *data;
    size_t size;
    bool big_endian;
} tiff;

/* The caller has checked that the bytes are there. */
static uint32_t read16(const tiff *self, size_t at)
{
    const uint32_t a = self->data[at], b = self->data[at + 1];
    return self->big_endian ? a << 8 | b : b << 8 | a;
}

static uint32_t read32(const tiff *self, size_t at)
{
    const uint32_t a = read16(self, at), b = read16(self, at + 2);
    return self->big_endian ? a << 16 | b : b << 16 | a;
}

static int32_t read_orientation(const tiff *self, size_t entry)
{
    uint32_t value = 0;
    if (read32(self, entry + 4) < 1)
        return 1;
    if (read16(self, entry + 2) == TYPE_SHORT)
        value = read16(self, entry + 8);
    else if (read16(self, entry + 2) == TYPE_LONG)
        value = read32(self, entry + 8);
    return value >= 1 && value <= 8 ? (int32_t)value : 1;
}

static int32_t search_directory(const tiff *self)
{
    const size_t directory = read32(self, 4);
    if (directory > self->size - 2)
        return 1;
    const size_t count = read16(self, directory);
    for (size_t i = 0; i < count; i++) {
        const size_t entry = directory + 2 + i * ENTRY_SIZE;
        if (self->size - ENTRY_SIZE < entry)
            return 1;
        if (read16(self, entry) == TAG_ORIENTATION)
            return read_orientation(self, entry);
    }
    return 1;
}

int32_t sg_exif_orientation(const unsigned char *data, size_t size)
{
    if (size >= 6 && memcmp(data, "Exif\0", 6) == 0) {
        data += 6;
        size -= 6;
    }
    if (size < 8 + 2 + ENTRY_SIZE)
        return 1;
    const bool big_endian = memcmp(data, "MM", 2) == 0;
    if (!big_endian && memcmp(data, "II", 2) != 0)
        return 1;
    const tiff self = {data, size, big_endian};
    return read16(&self, 2) == TIFF_MAGIC ? search_directory(&self) : 1;
}
