/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Arrays of 32-bit words in pages. They grow without being copied, so that they never take more
 * than a page beyond what they hold, and pages whose words were moved elsewhere are freed on the
 * way. */

#ifndef SG_CHECKPOINT_WORDS_H
#define SG_CHECKPOINT_WORDS_H

#include "table.h"

enum { SG_PAGE_WORDS = 4096 };

typedef struct sg_words {
    uint32_t **pages; /* a page is NULL until a word is put there */
    size_t page_capacity;
    uint32_t count;
} sg_words;

/* Whose memory the words take, and whose error it is if there is none left. */
typedef struct sg_owner {
    segent_context *context;
    segent_checkpoint *checkpoint;
} sg_owner;

/* The word at `index`, which must have been put there. */
static inline uint32_t *sg_words_at(const sg_words *words, uint32_t index)
{
    return words->pages[index / SG_PAGE_WORDS] + index % SG_PAGE_WORDS;
}

/* Whether a page was made for `index`; all its words are 0 until they are set. */
static inline bool sg_words_has(const sg_words *words, uint32_t index)
{
    return index / SG_PAGE_WORDS < words->page_capacity && words->pages[index / SG_PAGE_WORDS];
}

segent_status sg_words_push(sg_owner owner, sg_words *words, uint32_t word);

/* Sets the word at any index. `count` stays as it was. */
segent_status sg_words_set(sg_owner owner, sg_words *words, uint32_t index, uint32_t word);

/* Moves the words of `from` that begin at `first` to the end of `to`. */
segent_status sg_words_move(sg_owner owner, sg_words *from, uint32_t first, sg_words *to);

/* Idempotent. */
void sg_words_release(sg_owner owner, sg_words *words);

#endif
