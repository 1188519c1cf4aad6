/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The checkpoint files that torchvision publishes, and telling whether a file is one of them. */

#ifndef PUBLISHED_H
#define PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input.h"

#define PUBLISHED_ADDRESS "https://download.pytorch.org/models/"

typedef struct sg_published {
    const char *network; /* torchvision's name of the network: "fcn_resnet50" */
    const char *file;    /* the name of the file */
    int64_t bytes;
    const char *sha256; /* in hexadecimal; or only its first digits, which the file's name has,
                         * where the rest is not known */
} sg_published;

enum { PUBLISHED_COUNT = 6, SHA256_TEXT_SIZE = 65 };

extern const sg_published published_files[PUBLISHED_COUNT];

/* Writes the sha256 of the bytes in hexadecimal. False: this build cannot compute it, for want of
 * libmd. */
bool sha256_text(const void *data, size_t size, char text[SHA256_TEXT_SIZE]);

/* The same of an input, little of which lies in memory at a time if it is a file. */
bool sha256_input(const sg_input *bytes, char text[SHA256_TEXT_SIZE]);

/* Whether all digits of the file's sha256 are known, and not only the first ones. */
bool published_hash_known(const sg_published *published);

/* Whether a file of that size and sha256 is the published one, as far as its sha256 is known. */
bool published_matches(const sg_published *published, int64_t bytes, const char *sha256);

/* The published file that a file of that size and sha256 is, or NULL. */
const sg_published *published_by_content(int64_t bytes, const char *sha256);

/* The published file whose name the path ends in, or NULL. */
const sg_published *published_by_path(const char *path);

/* The published file of that name, which is the network's or the file's own, or NULL. */
const sg_published *published_by_name(const char *name);

/* The network of the table that was probably meant by `name`, for "did you mean ...?", or NULL. */
const char *published_closest(const char *name);

#endif
