/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "words.h"

#include <string.h>

enum { PAGE_BYTES = SG_PAGE_WORDS * sizeof(uint32_t) };

static segent_status no_memory(sg_owner owner, size_t bytes)
{
    return sg_fail_memory(owner.context, "the values of a pickle", bytes);
}

/* Makes room for the numbers of pages up to `page`. */
static segent_status reserve_pages(sg_owner owner, sg_words *words, size_t page)
{
    const size_t before = words->page_capacity;
    void *pages = words->pages;
    if (page < before)
        return SEGENT_OK;
    if (!sg_grow(&owner.checkpoint->allocator, &pages, &words->page_capacity, page + 1,
                 sizeof(*words->pages)))
        return no_memory(owner, (page + 1) * sizeof(*words->pages));
    words->pages = pages;
    for (size_t i = before; i < words->page_capacity; i++)
        words->pages[i] = NULL;
    return SEGENT_OK;
}

static segent_status make_page(sg_owner owner, sg_words *words, size_t page)
{
    segent_status status = reserve_pages(owner, words, page);
    if (status == SEGENT_OK)
        status = sg_checkpoint_charge(owner.context, owner.checkpoint, PAGE_BYTES);
    if (status != SEGENT_OK)
        return status;
    words->pages[page] = sg_alloc_zero(&owner.checkpoint->allocator, 1, PAGE_BYTES);
    if (words->pages[page])
        return SEGENT_OK;
    owner.checkpoint->taken -= PAGE_BYTES;
    return no_memory(owner, PAGE_BYTES);
}

static void free_page(sg_owner owner, sg_words *words, size_t page)
{
    if (!words->pages[page])
        return;
    sg_free(&owner.checkpoint->allocator, words->pages[page]);
    words->pages[page] = NULL;
    owner.checkpoint->taken -= PAGE_BYTES;
}

segent_status sg_words_set(sg_owner owner, sg_words *words, uint32_t index, uint32_t word)
{
    if (!sg_words_has(words, index)) {
        const segent_status status = make_page(owner, words, index / SG_PAGE_WORDS);
        if (status != SEGENT_OK)
            return status;
    }
    *sg_words_at(words, index) = word;
    return SEGENT_OK;
}

segent_status sg_words_push(sg_owner owner, sg_words *words, uint32_t word)
{
    const segent_status status = sg_words_set(owner, words, words->count, word);
    words->count += status == SEGENT_OK;
    return status;
}

segent_status sg_words_move(sg_owner owner, sg_words *from, uint32_t first, sg_words *to)
{
    for (uint32_t i = first; i < from->count; i++) {
        const segent_status status = sg_words_push(owner, to, *sg_words_at(from, i));
        if (status != SEGENT_OK)
            return status;
        if (i % SG_PAGE_WORDS == SG_PAGE_WORDS - 1 && i - first >= SG_PAGE_WORDS - 1)
            free_page(owner, from, i / SG_PAGE_WORDS);
    }
    from->count = first;
    return SEGENT_OK;
}

void sg_words_release(sg_owner owner, sg_words *words)
{
    for (size_t i = 0; i < words->page_capacity; i++)
        free_page(owner, words, i);
    sg_free(&owner.checkpoint->allocator, words->pages);
    *words = (sg_words){NULL, 0, 0};
}
