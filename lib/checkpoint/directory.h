/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* A zip file's central directory, with sizes that may need ZIP64, and what its entries hold. */

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

/* Reads and validates the directory: all entries lie in the file and do not overlap, names occur
 * once. */
segent_status sg_directory_read(segent_context *context, segent_checkpoint *checkpoint,
                                sg_directory *directory);

/* The entry of that name, or NULL. */
sg_entry *sg_directory_find(const sg_directory *directory, sg_span name);

void sg_directory_release(sg_directory *directory, const sg_allocator *allocator);

/* What an entry holds, `size` bytes: in the file if it is stored there as it is, or inflated, once,
 * into memory that belongs to the checkpoint. */
segent_status sg_entry_read(segent_context *context, segent_checkpoint *checkpoint, sg_entry *entry,
                            const unsigned char **content);

#endif
