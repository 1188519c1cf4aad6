/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "published.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if SEGENT_HAVE_LIBMD
#    include <sys/types.h>

#    include <sha2.h>
#endif

const sg_published published_files[PUBLISHED_COUNT] = {
    {"deeplabv3_resnet101_coco-586e9e4e.pth", "244,545,539",
     "586e9e4e203fcbf17e1ad45533d8d33ab133fc762bf03101c5dd743995c08c0d"},
    {"deeplabv3_resnet50_coco-cd0a2569.pth", "168,312,152",
     "cd0a25694c4a0f7106b38f4938bf90a874f2f241cc410b8f63c7024399538f06"},
    {"deeplabv3_mobilenet_v3_large-fc3c493d.pth", "44,356,159",
     "fc3c493d68e89cc31ef488c803d5d7dd2f3190fb570598faa49fef69be8e5e70"},
    {"fcn_resnet50_coco-1167a1af.pth", "141,567,418",
     "1167a1affa42e1e62858f8d3fac12d109e0108327ffc91c5855a324b11683c36"},
};

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

const sg_published *published_by_sha256(const char *sha256)
{
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        if (strcmp(published_files[i].sha256, sha256) == 0)
            return &published_files[i];
    }
    return NULL;
}

const sg_published *published_by_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    for (size_t i = 0; i < PUBLISHED_COUNT; i++) {
        if (strcmp(published_files[i].name, slash ? slash + 1 : path) == 0)
            return &published_files[i];
    }
    return NULL;
}
