/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "published.h"

#include <stdio.h>
#include <string.h>

#include "words.h"

#if SEGENT_HAVE_LIBMD
#    include <sys/types.h>

#    include <sha2.h>

/* Bytes of a large file that are looked at before they are let go of. */
static const size_t piece = (size_t)16 << 20;

bool sha256_input(const sg_input *bytes, char text[SHA256_TEXT_SIZE])
{
    SHA2_CTX hash;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&hash);
    for (size_t at = 0; at < bytes->size; at += piece) {
        const size_t left = bytes->size - at;
        SHA256Update(&hash, (const uint8_t *)bytes->data + at, left < piece ? left : piece);
        input_release(bytes);
    }
    SHA256Final(digest, &hash);
    for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return true;
}
#else
bool sha256_input(const sg_input *bytes, char text[SHA256_TEXT_SIZE])
{
    (void)bytes, (void)text;
    return false;
}
#endif

bool sha256_text(const void *data, size_t size, char text[SHA256_TEXT_SIZE])
{
    return sha256_input(&(sg_input){data, size, false}, text);
}

bool published_hash_known(const sg_published *published)
{
    return strlen(published->sha256) == SHA256_TEXT_SIZE - 1;
}

bool published_matches(const sg_published *published, int64_t bytes, const char *sha256)
{
    return published->bytes == bytes &&
           strncmp(published->sha256, sha256, strlen(published->sha256)) == 0;
}

const sg_published *published_by_content(int64_t bytes, const char *sha256)
{
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        if (published_matches(&published_files[i], bytes, sha256))
            return &published_files[i];
    }
    return NULL;
}

const sg_published *published_by_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        if (strcmp(published_files[i].file, slash ? slash + 1 : path) == 0)
            return &published_files[i];
    }
    return NULL;
}

const sg_published *published_by_name(const char *name)
{
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        if (strcmp(published_files[i].network, name) == 0 ||
            strcmp(published_files[i].file, name) == 0)
            return &published_files[i];
    }
    return NULL;
}

const char *published_closest(const char *name)
{
    const char *networks[PUBLISHED_COUNT];
    for (size_t i = 0; i < PUBLISHED_COUNT; i++)
        networks[i] = published_files[i].network;
    return closest_word(name, networks, PUBLISHED_COUNT);
}
