/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "opaque.h"

#include <string.h>

#include "api.h"

enum { SLOTS = 2048 /* a power of two, more than SG_OPAQUE_MAX */ };

struct sg_opaque {
    sg_arena text;
    size_t count;
    const char *names[SG_OPAQUE_MAX];
    uint16_t slots[SLOTS]; /* a hash table: the number of a name plus 1, or 0 where it is empty */
};

static struct sg_opaque *open_list(sg_owner owner)
{
    segent_checkpoint *checkpoint = owner.checkpoint;
    if (!checkpoint->opaque) {
        checkpoint->opaque = sg_alloc_zero(&checkpoint->allocator, 1, sizeof(*checkpoint->opaque));
        if (checkpoint->opaque)
            checkpoint->opaque->text.allocator = &checkpoint->allocator;
    }
    return checkpoint->opaque;
}

static uint32_t hash(uint32_t seed, sg_span text)
{
    for (size_t i = 0; i < text.length; i++)
        seed = (seed ^ (unsigned char)text.text[i]) * 16777619u;
    return seed;
}

static bool is_name(const char *known, sg_span module, sg_span name)
{
    return strncmp(known, module.text, module.length) == 0 && known[module.length] == '.' &&
           sg_span_is(name, known + module.length + 1);
}

segent_status sg_opaque_add(sg_owner owner, sg_span module, sg_span name)
{
    struct sg_opaque *list = open_list(owner);
    if (!list)
        return sg_fail_memory(owner.context, "the names of a pickle's globals", sizeof(*list));
    if (list->count == SG_OPAQUE_MAX)
        return SEGENT_OK;
    uint32_t slot = hash(hash(2166136261u, module), name) % SLOTS;
    for (; list->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        if (is_name(list->names[list->slots[slot] - 1], module, name))
            return SEGENT_OK;
    }
    const size_t length = module.length + 1 + name.length;
    char *text = sg_arena_take(&list->text, length + 1);
    if (!text)
        return sg_fail_memory(owner.context, "the names of a pickle's globals", length + 1);
    memcpy(text, module.text, module.length);
    text[module.length] = '.';
    memcpy(text + module.length + 1, name.text, name.length);
    text[length] = '\0';
    list->names[list->count++] = text;
    list->slots[slot] = (uint16_t)list->count;
    return SEGENT_OK;
}

void sg_opaque_release(segent_checkpoint *checkpoint)
{
    if (checkpoint->opaque)
        sg_arena_release(&checkpoint->opaque->text);
    sg_free(&checkpoint->allocator, checkpoint->opaque);
    checkpoint->opaque = NULL;
}

int64_t segent_checkpoint_opaque_count(const segent_checkpoint *checkpoint)
{
    return checkpoint && checkpoint->opaque ? (int64_t)checkpoint->opaque->count : 0;
}

const char *segent_checkpoint_opaque(const segent_checkpoint *checkpoint, int64_t index)
{
    if (index < 0 || index >= segent_checkpoint_opaque_count(checkpoint))
        return NULL;
    return checkpoint->opaque->names[index];
}
