/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Changes pickles so that they stay well-formed more often than not. The mutators of both
 * containers with pickles use it. */

#ifndef MUTATE_PICKLE_H
#define MUTATE_PICKLE_H

#include "pickle_ops.h"

/* Changes the list in one to four ways. */
void pickle_mutate(pickle_list *list, fuzz_random *random);

/* Puts expressions of another list, which must live as long as this one, into the list. */
void pickle_cross(pickle_list *list, const pickle_list *other, fuzz_random *random);

/* A storage that a persistent id in the list names. */
typedef struct pickle_storage {
    const uint8_t *key;
    size_t key_size;
    uint64_t count; /* elements */
    size_t width;   /* bytes of an element */
} pickle_storage;

/* Finds the storages that the list names, up to `most` of them, and returns their number. */
size_t pickle_storages(const pickle_list *list, pickle_storage *storages, size_t most);

/* Appends data for a storage: as many bytes as it needs, or fewer if that is very many. */
void pickle_append_data(const pickle_storage *storage, fuzz_bytes *out);

#endif
