/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#    include <sys/mman.h>
#    include <unistd.h>
#endif

enum { ALIGNMENT = 64 };

bool sg_size_multiply(size_t a, size_t b, size_t *product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

/* Layout of a block: [ raw ... | pointer to raw | aligned memory ... ]
 *
 * Large blocks are not advised as huge pages: measured, they make no network faster, and where a
 * hypervisor has taken free memory back, their first touch costs four times that of small ones. */
void *sg_alloc(const sg_allocator *allocator, size_t count, size_t size)
{
    size_t bytes;
    if (!sg_size_multiply(count, size, &bytes) || bytes == 0)
        return NULL;
    if (bytes > SIZE_MAX - ALIGNMENT - sizeof(void *))
        return NULL;
    const size_t total = bytes + ALIGNMENT + sizeof(void *);
    void *raw = allocator->allocate ? allocator->allocate(allocator->user, total) : malloc(total);
    if (!raw)
        return NULL;
    const uintptr_t first = (uintptr_t)raw + sizeof(void *);
    char *aligned = (char *)raw + sizeof(void *) + (ALIGNMENT - first % ALIGNMENT) % ALIGNMENT;
    memcpy(aligned - sizeof(void *), &raw, sizeof(void *));
    return aligned;
}

void sg_alloc_populate(const sg_allocator *allocator, void *memory, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    if (allocator->allocate || bytes == 0)
        return;
    /* From the beginning of a page; the system rounds the end up. A refusal changes nothing. */
    const size_t before = (uintptr_t)memory % (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)madvise((char *)memory - before, bytes + before, MADV_POPULATE_WRITE);
#else
    (void)allocator, (void)memory, (void)bytes;
#endif
}

void *sg_alloc_zero(const sg_allocator *allocator, size_t count, size_t size)
{
    void *memory = sg_alloc(allocator, count, size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

char *sg_alloc_string(const sg_allocator *allocator, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = sg_alloc(allocator, length + 1, 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

void sg_free(const sg_allocator *allocator, void *memory)
{
    if (!memory)
        return;
    void *raw;
    memcpy(&raw, (char *)memory - sizeof(void *), sizeof(void *));
    if (allocator->release)
        allocator->release(allocator->user, raw);
    else
        free(raw);
}
