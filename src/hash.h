/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* XXH64 with the seed 0: a fast hash that tells whether bytes are the same as before. Whoever wants
 * to can make two texts of one hash, so nothing that must be safe may depend on it. */

#ifndef HASH_H
#define HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_LANES = 4, HASH_STRIPE = 32 };

typedef struct sg_hash {
    uint64_t lanes[HASH_LANES];
    uint64_t length;                    /* bytes so far */
    unsigned char waiting[HASH_STRIPE]; /* the last `length` modulo HASH_STRIPE of them */
} sg_hash;

sg_hash hash_begin(void);
void hash_add(sg_hash *hash, const void *bytes, size_t count);

/* Adds a text and the zero at its end, so that two texts are not taken for two others. NULL is not
 * the same as an empty text. */
void hash_add_text(sg_hash *hash, const char *text);

/* Adds a number, as its 8 bytes with the lowest first. */
void hash_add_number(sg_hash *hash, uint64_t number);

/* The hash of all that was added. */
uint64_t hash_end(const sg_hash *hash);

/* The hash of some bytes. */
uint64_t hash_of(const void *bytes, size_t count);

/* Adds what can be read from a descriptor, to its end. False: it cannot be read; see errno. */
bool hash_add_file(sg_hash *hash, int descriptor);

#endif
