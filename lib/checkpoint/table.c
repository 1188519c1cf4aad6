/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "table.h"

#include <string.h>

/* ---- text ---- */

bool sg_span_is(sg_span span, const char *text)
{
    return strlen(text) == span.length && memcmp(span.text, text, span.length) == 0;
}

int sg_span_compare(sg_span a, sg_span b)
{
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = shorter ? memcmp(a.text, b.text, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* Bytes of the UTF-8 character at `bytes`; 0 if there is none, or if it is NUL. */
static size_t character_length(const unsigned char *bytes, size_t left)
{
    if (bytes[0] < 0x80)
        return bytes[0] != 0;
    const size_t length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    }
    const unsigned pair = (unsigned)bytes[0] << 8 | bytes[1];
    const bool overlong = (pair >= 0xe080 && pair < 0xe0a0) || (pair >= 0xf080 && pair < 0xf090);
    const bool surrogate = pair >= 0xeda0 && pair < 0xee00;
    return overlong || surrogate || pair >= 0xf490 ? 0 : length;
}

bool sg_span_is_text(sg_span span)
{
    const unsigned char *bytes = (const unsigned char *)span.text;
    for (size_t i = 0; i < span.length;) {
        const size_t length = character_length(bytes + i, span.length - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

/* ---- memory ---- */

/* The next capacity when `needed` items do not fit: twice the old one, or what is needed if that is
 * more. */
static size_t next_capacity(size_t capacity, size_t needed)
{
    const size_t room = capacity > SIZE_MAX / 2 || capacity * 2 < needed ? needed : capacity * 2;
    return room < 32 ? 32 : room;
}

bool sg_grow(const sg_allocator *allocator, void **items, size_t *capacity, size_t needed,
             size_t size)
{
    if (needed <= *capacity)
        return true;
    const size_t room = next_capacity(*capacity, needed);
    void *larger = sg_alloc(allocator, room, size);
    if (!larger)
        return false;
    if (*capacity > 0)
        memcpy(larger, *items, *capacity * size);
    sg_free(allocator, *items);
    *items = larger;
    *capacity = room;
    return true;
}

typedef struct sg_chunk {
    struct sg_chunk *next;
    size_t size;
    int64_t bytes[]; /* aligned for what an arena holds */
} sg_chunk;

enum { CHUNK_BYTES = 64 << 10 };

void *sg_arena_take(sg_arena *arena, size_t bytes)
{
    if (bytes == 0 || bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
    if (!arena->chunks || arena->chunks->size - arena->used < bytes) {
        const size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        sg_chunk *chunk = sg_alloc(arena->allocator, 1, sizeof(*chunk) + size);
        if (!chunk)
            return NULL;
        chunk->next = arena->chunks;
        chunk->size = size;
        arena->chunks = chunk;
        arena->used = 0;
    }
    void *memory = (unsigned char *)arena->chunks->bytes + arena->used;
    arena->used += bytes;
    return memory;
}

void sg_arena_release(sg_arena *arena)
{
    while (arena->chunks) {
        sg_chunk *next = arena->chunks->next;
        sg_free(arena->allocator, arena->chunks);
        arena->chunks = next;
    }
}

segent_status sg_checkpoint_charge(segent_context *context, segent_checkpoint *checkpoint,
                                   size_t bytes)
{
    const uint64_t left = (uint64_t)(context->memory_limit - checkpoint->taken);
    if (bytes > left)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%s: reading it takes more than %lld bytes of memory; if it can be trusted, "
                       "raise segent_options.memory_limit",
                       checkpoint->label, (long long)context->memory_limit);
    checkpoint->taken += (int64_t)bytes;
    return SEGENT_OK;
}

segent_status sg_checkpoint_grow(segent_context *context, segent_checkpoint *checkpoint,
                                 void **items, size_t *capacity, size_t needed, size_t size,
                                 const char *what)
{
    size_t bytes = 0;
    if (needed <= *capacity)
        return SEGENT_OK;
    if (!sg_size_multiply(next_capacity(*capacity, needed), size, &bytes))
        return sg_fail_memory(context, what, SIZE_MAX);
    const segent_status status = sg_checkpoint_charge(context, checkpoint, bytes);
    if (status != SEGENT_OK)
        return status;
    return sg_grow(&checkpoint->allocator, items, capacity, needed, size)
               ? SEGENT_OK
               : sg_fail_memory(context, what, bytes);
}

segent_status sg_checkpoint_sort(segent_context *context, segent_checkpoint *checkpoint,
                                 sg_named *names, size_t count)
{
    const size_t bytes = count * SG_SORT_BYTES;
    const segent_status status = sg_checkpoint_charge(context, checkpoint, bytes);
    if (status != SEGENT_OK)
        return status;
    return sg_sort_names(&checkpoint->allocator, names, count)
               ? SEGENT_OK
               : sg_fail_memory(context, "the order of names", bytes);
}

/* ---- the table of tensors ---- */

enum { NAME_MAX_BYTES = 1000 };

static const struct {
    segent_dtype dtype;
    size_t size;
} sizes[] = {{SEGENT_DTYPE_F32, 4}, {SEGENT_DTYPE_F16, 2}, {SEGENT_DTYPE_BF16, 2},
             {SEGENT_DTYPE_F64, 8}, {SEGENT_DTYPE_I64, 8}, {SEGENT_DTYPE_I32, 4},
             {SEGENT_DTYPE_I16, 2}, {SEGENT_DTYPE_I8, 1},  {SEGENT_DTYPE_U8, 1},
             {SEGENT_DTYPE_BOOL, 1}};

size_t sg_dtype_size(segent_dtype dtype)
{
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (sizes[i].dtype == dtype)
            return sizes[i].size;
    }
    return 0;
}

bool sg_shape_elements(const int64_t *shape, int32_t rank, int64_t *elements)
{
    /* Leaves room for elements of 16 bytes and for their float32 copies. */
    const int64_t most = INT64_MAX / 16;
    int64_t product = 1;
    for (int32_t i = 0; i < rank; i++) {
        if (shape[i] < 0)
            return false;
        if (shape[i] == 0) {
            *elements = 0;
            return true;
        }
    }
    for (int32_t i = 0; i < rank; i++) {
        if (product > most / shape[i])
            return false;
        product *= shape[i];
    }
    *elements = product;
    return true;
}

void sg_shape_strides(const int64_t *shape, int32_t rank, int64_t *stride)
{
    int64_t step = 1;
    for (int32_t i = rank - 1; i >= 0; i--) {
        stride[i] = step;
        /* Only an empty tensor's can be too large, and none of its elements is looked for. */
        if (shape[i] > 0)
            step = shape[i] > INT64_MAX / step ? INT64_MAX : step * shape[i];
    }
}

segent_status sg_table_add(segent_context *context, segent_checkpoint *checkpoint,
                           const sg_stored_tensor *tensor)
{
    const char *label = checkpoint->label;
    const sg_span name = tensor->name;
    if (name.length == 0)
        return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: a tensor has no name", label);
    if (name.length > NAME_MAX_BYTES)
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "%s: a tensor's name has %zu bytes; at most %d are accepted", label,
                       name.length, NAME_MAX_BYTES);
    if (!sg_span_is_text(name))
        return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: a tensor's name is not UTF-8 text",
                       label);
    void *tensors = checkpoint->tensors;
    const segent_status status =
        sg_checkpoint_grow(context, checkpoint, &tensors, &checkpoint->capacity,
                           checkpoint->count + 1, sizeof(*tensor), "the table of tensors");
    if (status != SEGENT_OK)
        return status;
    checkpoint->tensors = tensors;
    checkpoint->tensors[checkpoint->count++] = *tensor;
    return SEGENT_OK;
}

/* ---- names without wrappers ---- */

/* Whether a part of a name is one that a wrapper around a module adds to the names of its tensors.
 */
static bool is_wrapper(sg_span part)
{
    static const char *const wrappers[] = {
        "module",                     /* DataParallel, DistributedDataParallel, AveragedModel */
        "_orig_mod",                  /* torch.compile */
        "_fsdp_wrapped_module",       /* FullyShardedDataParallel */
        "_checkpoint_wrapped_module", /* activation checkpointing */
        "_forward_module",            /* Lightning's strategies */
    };
    for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
        if (sg_span_is(part, wrappers[i]))
            return true;
    }
    return false;
}

size_t sg_name_unwrap(const char *name, size_t length, char *to)
{
    size_t written = 0;
    for (size_t begin = 0; begin <= length;) {
        const char *dot = memchr(name + begin, '.', length - begin);
        const size_t end = dot ? (size_t)(dot - name) : length;
        const sg_span part = {name + begin, end - begin};
        /* The last part is the tensor's own name, whatever it is. */
        if (!dot || !is_wrapper(part)) {
            memmove(to + written, part.text, part.length);
            written += part.length;
            if (dot)
                to[written++] = '.';
        }
        begin = end + 1;
    }
    to[written] = '\0';
    return written;
}

/* Writes the names of all tensors, in the file's order, and points at them. */
static void write_names(segent_checkpoint *checkpoint, bool unwrap)
{
    char *text = checkpoint->text;
    for (size_t i = 0; i < checkpoint->count; i++) {
        const sg_span name = checkpoint->tensors[i].name;
        size_t length = unwrap ? sg_name_unwrap(name.text, name.length, text) : 0;
        if (length == 0) {
            length = name.length;
            memcpy(text, name.text, length);
            text[length] = '\0';
        }
        checkpoint->names[i] = (sg_named){{text, length}, i};
        text += length + 1;
    }
}

static segent_status take_names(segent_context *context, segent_checkpoint *checkpoint)
{
    const size_t count = checkpoint->count;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += checkpoint->tensors[i].name.length + 1;
    const segent_status status =
        sg_checkpoint_charge(context, checkpoint, bytes + count * sizeof(sg_named));
    if (status != SEGENT_OK)
        return status;
    checkpoint->text = sg_alloc(&checkpoint->allocator, bytes, 1);
    checkpoint->names = sg_alloc(&checkpoint->allocator, count, sizeof(sg_named));
    return checkpoint->text && checkpoint->names
               ? SEGENT_OK
               : sg_fail_memory(context, "the names of tensors", bytes + count * sizeof(sg_named));
}

/* Unwraps and sorts the names of modules as those of tensors. Where two become equal, the first in
 * the file counts. */
static segent_status finish_modules(segent_context *context, segent_checkpoint *checkpoint,
                                    bool unwrap)
{
    const size_t count = checkpoint->module_count;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += checkpoint->modules[i].name.length + 2;
    if (count == 0)
        return SEGENT_OK;
    const segent_status status =
        sg_checkpoint_charge(context, checkpoint, bytes + count * sizeof(sg_named));
    if (status != SEGENT_OK)
        return status;
    char *text = checkpoint->module_text = sg_alloc(&checkpoint->allocator, bytes, 1);
    checkpoint->module_names = sg_alloc(&checkpoint->allocator, count, sizeof(sg_named));
    if (!text || !checkpoint->module_names)
        return sg_fail_memory(context, "the names of modules", bytes + count * sizeof(sg_named));
    for (size_t i = 0; i < count; i++) {
        const sg_span name = checkpoint->modules[i].name;
        size_t length = name.length;
        memcpy(text, name.text, length);
        text[length] = '.'; /* so that a wrapper at the end counts as one */
        if (unwrap)
            length = sg_name_unwrap(text, length + 1, text);
        length -= length > 0 && text[length - 1] == '.';
        checkpoint->module_names[i] = (sg_named){{text, length}, i};
        text += length + 2;
    }
    return sg_checkpoint_sort(context, checkpoint, checkpoint->module_names, count);
}

segent_status sg_table_finish(segent_context *context, segent_checkpoint *checkpoint)
{
    const size_t count = checkpoint->count;
    bool unwrap = true;
    if (count == 0)
        return SEGENT_OK;
    segent_status status = take_names(context, checkpoint);
    if (status != SEGENT_OK)
        return status;
    write_names(checkpoint, unwrap);
    status = sg_checkpoint_sort(context, checkpoint, checkpoint->names, count);
    if (status == SEGENT_OK && sg_names_duplicate(checkpoint->names, count)) {
        /* Wrappers tell two tensors apart: all names stay as they are, so that those of one
         * network still have one beginning. */
        unwrap = false;
        write_names(checkpoint, unwrap);
        status = sg_checkpoint_sort(context, checkpoint, checkpoint->names, count);
    }
    if (status != SEGENT_OK)
        return status;
    const sg_named *twice = sg_names_duplicate(checkpoint->names, count);
    if (twice)
        return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: tensor '%.*s' occurs twice",
                       checkpoint->label, SG_SPAN(twice->name));
    for (size_t i = 0; i < count; i++)
        checkpoint->tensors[checkpoint->names[i].index].name = checkpoint->names[i].name;
    return finish_modules(context, checkpoint, unwrap);
}
