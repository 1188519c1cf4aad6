/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The central directory of a zip file, ZIP64 included, and what its entries hold. */

#ifndef SG_CHECKPOINT_DIRECTORY_H
#define SG_CHECKPOINT_DIRECTORY_H

#include "table.h"

typedef struct sg_entry {
    sg_span name;
    uint16_t flags, method;
    uint64_t compressed, size, header; /* `header`: where its local header begins */
    uint64_t begin;                    /* where its data begins */
    uint32_t crc;                      /* of what it holds */
    const unsigned char *content;      /* what it holds, once that has been asked for */
} sg_entry;

typedef struct sg_directory {
    sg_entry *entries;
    sg_named *names; /* in order */
    size_t count;
} sg_directory;

/* Reads and validates the directory: all entries lie in the file, none overlap, and each name
 * occurs once. */
segent_status sg_directory_read(segent_context *context, segent_checkpoint *checkpoint,
                                sg_directory *directory);

/* The entry of that name, or NULL if there is none. */
sg_entry *sg_directory_find(const sg_directory *directory, sg_span name);

void sg_directory_release(sg_directory *directory, const sg_allocator *allocator);

/* Sets entry->content to the `size` bytes that the entry holds: they lie in the file if they are
 * stored there as they are, or else are inflated, once, into memory that belongs to the checkpoint.
 */
segent_status sg_entry_read(segent_context *context, segent_checkpoint *checkpoint, sg_entry *entry,
                            const unsigned char **content);

#endif
