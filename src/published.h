/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The checkpoint files that torchvision publishes, and telling whether a file is one of them. */

#ifndef PUBLISHED_H
#define PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

#define PUBLISHED_ADDRESS "https://download.pytorch.org/models/"

typedef struct sg_published {
    const char *name, *bytes_text, *sha256;
} sg_published;

enum { PUBLISHED_COUNT = 4, SHA256_TEXT_SIZE = 65 };

extern const sg_published published_files[PUBLISHED_COUNT];

/* Writes the sha256 of the bytes in hexadecimal. False: this build cannot compute it, for want of
 * libmd. */
bool sha256_text(const void *data, size_t size, char text[SHA256_TEXT_SIZE]);

/* The published file with this sha256, or NULL. */
const sg_published *published_by_sha256(const char *sha256);

/* The published file whose name the path ends in, or NULL. */
const sg_published *published_by_name(const char *path);

#endif
