/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "fuzz.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIXEL_LIMIT = 1 << 20, MEMORY_LIMIT = 256 << 20 };

/* ---- memory ---- */

static struct {
    size_t live, peak,
        blocks; /* bytes that are allocated now, at most so far, and in how many blocks */
    size_t blocks_before, live_before;
} memory;

static void *allocate(void *user, size_t size)
{
    (void)user;
    if (size > MEMORY_LIMIT - memory.live)
        return NULL;
    void *block = malloc(size);
    if (!block)
        return NULL;
    memory.live += malloc_usable_size(block);
    memory.peak = memory.live > memory.peak ? memory.live : memory.peak;
    memory.blocks++;
    return block;
}

static void release(void *user, void *block)
{
    (void)user;
    memory.live -= malloc_usable_size(block);
    memory.blocks--;
    free(block);
}

/* Checks that a message of the log has a level and a text. */
static void on_log(void *user, int32_t level, const char *message)
{
    (void)user;
    fuzz_check(level >= SEGENT_LOG_ERROR && level <= SEGENT_LOG_DEBUG && strlen(message) > 0,
               "a log message without text");
}

segent_context *fuzz_begin(void)
{
    static segent_context *context;
    if (!context) {
        segent_options options = segent_options_init();
        options.threads = 1;
        options.allocate = allocate;
        options.release = release;
        options.log = on_log;
        fuzz_check(segent_context_create(&options, &context) == SEGENT_OK, "no context");
    }
    memory.blocks_before = memory.blocks;
    memory.peak = memory.live_before = memory.live;
    return context;
}

segent_image_options fuzz_image_options(void)
{
    segent_image_options options = segent_image_options_init();
    options.pixel_limit = PIXEL_LIMIT;
    return options;
}

void fuzz_end(void)
{
    fuzz_check(memory.blocks == memory.blocks_before, "memory was not given back");
}

size_t fuzz_peak(void)
{
    return memory.peak - memory.live_before;
}

void fuzz_check_result(segent_context *context, segent_status status, const void *object)
{
    fuzz_check((status == SEGENT_OK) == (object != NULL), "object and status disagree");
    if (status == SEGENT_OK)
        return;
    const char *sentence = segent_last_error(context);
    fuzz_check(status != SEGENT_ERROR_INTERNAL, sentence);
    fuzz_check(strlen(sentence) > 0, "a failure without a sentence");
    for (; *sentence; sentence++)
        fuzz_check((unsigned char)*sentence >= 0x20 && *sentence != 0x7f,
                   "a control character in a sentence");
}

void fuzz_mutate_part(fuzz_bytes *bytes, size_t begin, size_t size, size_t room)
{
    uint8_t *part = malloc(size + room + 1);
    fuzz_check(part != NULL, "no memory for a mutator");
    if (size > 0)
        memcpy(part, bytes->data + begin, size);
    const size_t changed = LLVMFuzzerMutate(part, size, size + room);
    fuzz_replace(bytes, begin, size, part, changed);
    free(part);
}
