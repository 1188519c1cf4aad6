/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

void fuzz_check(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

/* ---- chance ---- */

uint64_t fuzz_next(fuzz_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

size_t fuzz_below(fuzz_random *random, size_t count)
{
    return count > 0 ? (size_t)(fuzz_next(random) % count) : 0;
}

bool fuzz_one_in(fuzz_random *random, size_t count)
{
    return fuzz_below(random, count) == 0;
}

uint64_t fuzz_odd_number(fuzz_random *random, uint64_t hint)
{
    static const uint64_t around[] = {0,
                                      1,
                                      0x7f,
                                      0xff,
                                      0x7fff,
                                      0xffff,
                                      0x10000,
                                      0x7fffffff,
                                      0xffffffff,
                                      0x100000000,
                                      INT64_MAX / 16,
                                      INT64_MAX / 8,
                                      INT64_MAX / 4,
                                      INT64_MAX,
                                      UINT64_MAX};
    const uint64_t near = fuzz_below(random, 5) - (uint64_t)2;
    switch (fuzz_below(random, 4)) {
    case 0:
        return hint + near;
    case 1:
        return fuzz_below(random, 16);
    case 2:
        return (UINT64_C(1) << fuzz_below(random, 64)) + near;
    default:
        return around[fuzz_below(random, sizeof(around) / sizeof(around[0]))] + near;
    }
}

/* ---- bytes ---- */

static void reserve(fuzz_bytes *bytes, size_t more)
{
    if (bytes->capacity - bytes->size >= more)
        return;
    bytes->capacity = (bytes->size + more) * 2 + 64;
    bytes->data = realloc(bytes->data, bytes->capacity);
    fuzz_check(bytes->data != NULL, "no memory for a mutator");
}

void fuzz_append(fuzz_bytes *bytes, const void *data, size_t size)
{
    reserve(bytes, size + 1);
    if (size > 0)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void fuzz_append_byte(fuzz_bytes *bytes, unsigned value)
{
    const uint8_t byte = (uint8_t)value;
    fuzz_append(bytes, &byte, 1);
}

void fuzz_append_text(fuzz_bytes *bytes, const char *text)
{
    fuzz_append(bytes, text, strlen(text));
}

void fuzz_append_little(fuzz_bytes *bytes, uint64_t value, size_t size)
{
    reserve(bytes, size);
    fuzz_set_little(bytes->data + bytes->size, value, size);
    bytes->size += size;
}

void fuzz_append_big(fuzz_bytes *bytes, uint64_t value, size_t size)
{
    reserve(bytes, size);
    fuzz_set_big(bytes->data + bytes->size, value, size);
    bytes->size += size;
}

void fuzz_set_little(uint8_t *data, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[i] = i < 8 ? (uint8_t)(value >> 8 * i) : 0;
}

void fuzz_set_big(uint8_t *data, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[size - 1 - i] = i < 8 ? (uint8_t)(value >> 8 * i) : 0;
}

uint64_t fuzz_little(const uint8_t *data, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = value << 8 | data[i];
    return value;
}

uint64_t fuzz_big(const uint8_t *data, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | data[i];
    return value;
}

void fuzz_replace(fuzz_bytes *bytes, size_t begin, size_t size, const void *data, size_t data_size)
{
    reserve(bytes, data_size + 1); /* so that there is a pointer even to no bytes */
    memmove(bytes->data + begin + data_size, bytes->data + begin + size,
            bytes->size - begin - size);
    if (data_size > 0)
        memcpy(bytes->data + begin, data, data_size);
    bytes->size += data_size - size;
}

size_t fuzz_deliver(fuzz_bytes *bytes, uint8_t *out, size_t max_out)
{
    const size_t size = bytes->size < max_out ? bytes->size : max_out;
    if (size > 0)
        memcpy(out, bytes->data, size);
    free(bytes->data);
    *bytes = (fuzz_bytes){NULL, 0, 0};
    return size;
}

uint32_t fuzz_crc32(const uint8_t *data, size_t size)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}
