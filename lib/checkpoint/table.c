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

/* Bytes of the UTF-8 character at `bytes`; 0 if it is none, or NUL. */
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

/* ---- order ---- */

typedef int (*compare_fn)(const void *a, const void *b);

static void swap(unsigned char *a, unsigned char *b, size_t size)
{
    unsigned char temporary[sizeof(sg_named)];
    memcpy(temporary, a, size);
    memcpy(a, b, size);
    memcpy(b, temporary, size);
}

static void sift_down(unsigned char *items, size_t root, size_t count, size_t size,
                      compare_fn compare)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && compare(items + child * size, items + (child + 1) * size) < 0)
            child++;
        if (compare(items + root * size, items + child * size) >= 0)
            return;
        swap(items + root * size, items + child * size, size);
        root = child;
    }
}

static void heap_sort(void *items, size_t count, size_t size, compare_fn compare)
{
    for (size_t root = count / 2; root > 0; root--)
        sift_down(items, root - 1, count, size, compare);
    for (size_t last = count; last > 1; last--) {
        swap(items, (unsigned char *)items + (last - 1) * size, size);
        sift_down(items, 0, last - 1, size, compare);
    }
}

static int compare_names(const void *a, const void *b)
{
    return sg_span_compare(((const sg_named *)a)->name, ((const sg_named *)b)->name);
}

static int compare_extents(const void *a, const void *b)
{
    const sg_extent *first = a, *second = b;
    if (first->begin != second->begin)
        return first->begin < second->begin ? -1 : 1;
    return (first->end > second->end) - (first->end < second->end);
}

_Static_assert(sizeof(sg_extent) <= sizeof(sg_named), "swap() has room for both");

void sg_sort_names(sg_named *names, size_t count)
{
    heap_sort(names, count, sizeof(*names), compare_names);
}

void sg_sort_extents(sg_extent *extents, size_t count)
{
    heap_sort(extents, count, sizeof(*extents), compare_extents);
}

size_t sg_names_lower(const sg_named *names, size_t count, sg_span name)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sg_span_compare(names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const sg_named *sg_names_duplicate(const sg_named *names, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (sg_span_compare(names[i - 1].name, names[i].name) == 0)
            return names + i;
    }
    return NULL;
}

/* ---- memory ---- */

bool sg_grow(const sg_allocator *allocator, void **items, size_t *capacity, size_t needed,
             size_t size)
{
    if (needed <= *capacity)
        return true;
    size_t room = *capacity > SIZE_MAX / 2 ? needed : *capacity * 2;
    if (room < needed)
        room = needed;
    if (room < 32)
        room = 32;
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
        step *= shape[i] > 0 ? shape[i] : 1;
    }
}

static bool strip_prefix(sg_span *name, const char *prefix)
{
    const size_t length = strlen(prefix);
    if (name->length < length || memcmp(name->text, prefix, length) != 0)
        return false;
    name->text += length;
    name->length -= length;
    return true;
}

segent_status sg_table_add(segent_context *context, segent_checkpoint *checkpoint,
                           const sg_stored_tensor *tensor)
{
    const char *label = checkpoint->label;
    sg_span name = tensor->name;
    /* DistributedDataParallel and torch.compile put these before every name. */
    while (strip_prefix(&name, "module.") || strip_prefix(&name, "_orig_mod."))
        ;
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
    if (!sg_grow(&checkpoint->allocator, &tensors, &checkpoint->capacity, checkpoint->count + 1,
                 sizeof(*tensor)))
        return sg_fail_memory(context, "the table of tensors",
                              (checkpoint->count + 1) * sizeof(*tensor));
    checkpoint->tensors = tensors;
    checkpoint->tensors[checkpoint->count] = *tensor;
    checkpoint->tensors[checkpoint->count++].name = name;
    return SEGENT_OK;
}

static segent_status copy_names(segent_context *context, segent_checkpoint *checkpoint)
{
    size_t bytes = 0;
    for (size_t i = 0; i < checkpoint->count; i++)
        bytes += checkpoint->tensors[i].name.length + 1;
    char *text = checkpoint->text = sg_alloc(&checkpoint->allocator, bytes, 1);
    if (!text)
        return sg_fail_memory(context, "the names of tensors", bytes);
    for (size_t i = 0; i < checkpoint->count; i++) {
        sg_named *named = checkpoint->names + i;
        memcpy(text, named->name.text, named->name.length);
        text[named->name.length] = '\0';
        named->name.text = text;
        checkpoint->tensors[named->index].name.text = text;
        text += named->name.length + 1;
    }
    return SEGENT_OK;
}

segent_status sg_table_finish(segent_context *context, segent_checkpoint *checkpoint)
{
    const size_t count = checkpoint->count;
    if (count == 0)
        return SEGENT_OK;
    sg_named *names = checkpoint->names = sg_alloc(&checkpoint->allocator, count, sizeof(sg_named));
    if (!names)
        return sg_fail_memory(context, "the index of names", count * sizeof(sg_named));
    for (size_t i = 0; i < count; i++)
        names[i] = (sg_named){checkpoint->tensors[i].name, i};
    sg_sort_names(names, count);
    const sg_named *twice = sg_names_duplicate(names, count);
    if (twice)
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' occurs twice (\"module.\" is not part of a name)",
                       checkpoint->label, SG_SPAN(twice->name));
    return copy_names(context, checkpoint);
}
