/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "published.h"

#include <stdio.h>
#include <string.h>

#include "words.h"

#if SEGENT_HAVE_LIBMD
#    include <sys/types.h>

#    include <sha2.h>
#endif

bool sha256_text(const void *data, size_t size, char text[SHA256_TEXT_SIZE])
{
#if SEGENT_HAVE_LIBMD
    SHA2_CTX hash;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&hash);
    SHA256Update(&hash, data, size);
    SHA256Final(digest, &hash);
    for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return true;
#else
    (void)data, (void)size, (void)text;
    return false;
#endif
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
