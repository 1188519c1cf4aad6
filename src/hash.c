/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "hash.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const uint64_t prime_1 = 0x9e3779b185ebca87, prime_2 = 0xc2b2ae3d27d4eb4f,
                      prime_3 = 0x165667b19e3779f9, prime_4 = 0x85ebca77c2b2ae63,
                      prime_5 = 0x27d4eb2f165667c5;

static uint64_t rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

/* `count` bytes as a number, the lowest first. */
static uint64_t number_of(const unsigned char *bytes, int count)
{
    uint64_t number = 0;
    for (int i = count - 1; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

static uint64_t mix(uint64_t lane, uint64_t value)
{
    return rotate(lane + value * prime_2, 31) * prime_1;
}

static void take_stripe(sg_hash *hash, const unsigned char *stripe)
{
    for (size_t i = 0; i < HASH_LANES; i++)
        hash->lanes[i] = mix(hash->lanes[i], number_of(stripe + 8 * i, 8));
}

sg_hash hash_begin(void)
{
    return (sg_hash){.lanes = {prime_1 + prime_2, prime_2, 0, 0 - prime_1}};
}

void hash_add(sg_hash *hash, const void *bytes, size_t count)
{
    const unsigned char *next = bytes;
    while (count > 0) {
        const size_t filled = (size_t)(hash->length % HASH_STRIPE);
        const size_t taken = count < HASH_STRIPE - filled ? count : HASH_STRIPE - filled;
        hash->length += taken;
        count -= taken;
        if (taken == HASH_STRIPE) {
            take_stripe(hash, next);
        } else {
            memcpy(hash->waiting + filled, next, taken);
            if (filled + taken == HASH_STRIPE)
                take_stripe(hash, hash->waiting);
        }
        next += taken;
    }
}

void hash_add_text(sg_hash *hash, const char *text)
{
    hash_add(hash, text ? "t" : "n", 1);
    if (text)
        hash_add(hash, text, strlen(text) + 1);
}

void hash_add_number(sg_hash *hash, uint64_t number)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
    hash_add(hash, bytes, sizeof(bytes));
}

static uint64_t join_lanes(const uint64_t lanes[HASH_LANES])
{
    uint64_t value =
        rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
    for (int i = 0; i < HASH_LANES; i++)
        value = (value ^ mix(0, lanes[i])) * prime_1 + prime_4;
    return value;
}

uint64_t hash_end(const sg_hash *hash)
{
    uint64_t value = hash->length >= HASH_STRIPE ? join_lanes(hash->lanes) : prime_5;
    const unsigned char *next = hash->waiting;
    size_t left = (size_t)(hash->length % HASH_STRIPE);
    value += hash->length;
    for (; left >= 8; left -= 8, next += 8)
        value = rotate(value ^ mix(0, number_of(next, 8)), 27) * prime_1 + prime_4;
    for (; left >= 4; left -= 4, next += 4)
        value = rotate(value ^ number_of(next, 4) * prime_1, 23) * prime_2 + prime_3;
    for (; left > 0; left--, next++)
        value = rotate(value ^ *next * prime_5, 11) * prime_1;
    value = (value ^ value >> 33) * prime_2;
    value = (value ^ value >> 29) * prime_3;
    return value ^ value >> 32;
}

uint64_t hash_of(const void *bytes, size_t count)
{
    sg_hash hash = hash_begin();
    hash_add(&hash, bytes, count);
    return hash_end(&hash);
}

bool hash_add_file(sg_hash *hash, int descriptor)
{
    enum { BLOCK = 1 << 16 };
    unsigned char block[BLOCK];
    for (;;) {
        const ssize_t got = read(descriptor, block, sizeof(block));
        if (got > 0)
            hash_add(hash, block, (size_t)got);
        else if (got == 0)
            return true;
        else if (errno != EINTR)
            return false;
    }
}
