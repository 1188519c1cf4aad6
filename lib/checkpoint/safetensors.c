/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads safetensors: the header's size (u64), a JSON header
 *     {"NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...,
 *      "__metadata__": {"KEY": "VALUE", ...}}
 * and the data, which the tensors must cover exactly, without gaps or overlaps. */

#include <string.h>

#include "json.h"

enum { HEADER_MAX = 100 * 1000 * 1000 };

/* A header that is being read. */
typedef struct header {
    sg_json_reader json;
    segent_checkpoint *checkpoint;
    const unsigned char *data; /* behind the header */
    uint64_t data_size;
    bool names_only; /* no types and no values */
    bool has_metadata;
    sg_extent *extents; /* of the tensors, in the order of the table */
    size_t extent_capacity;
    size_t metadata_capacity;
} header;

/* A tensor as the header describes it. */
typedef struct description {
    sg_stored_tensor tensor;
    int64_t offsets[2];
    bool has_dtype, has_shape, has_offsets;
} description;

static segent_status bad_tensor(const header *h, sg_span name, const char *what)
{
    return sg_fail(h->json.context, SEGENT_ERROR_FORMAT, "%s: tensor '%.*s': %s", h->json.label,
                   SG_SPAN(name), what);
}

/* ---- one tensor ---- */

/* Reads the type of a tensor's elements. One that this library does not read is no error here: it
 * matters only to a network that needs the tensor. */
static segent_status read_dtype(header *h, description *d)
{
    static const struct {
        const char *name;
        segent_dtype dtype;
    } names[] = {{"F32", SEGENT_DTYPE_F32},  {"F16", SEGENT_DTYPE_F16}, {"BF16", SEGENT_DTYPE_BF16},
                 {"F64", SEGENT_DTYPE_F64},  {"I64", SEGENT_DTYPE_I64}, {"I32", SEGENT_DTYPE_I32},
                 {"I16", SEGENT_DTYPE_I16},  {"I8", SEGENT_DTYPE_I8},   {"U8", SEGENT_DTYPE_U8},
                 {"BOOL", SEGENT_DTYPE_BOOL}};
    sg_span name;
    const segent_status status = sg_json_string(&h->json, &name);
    if (status != SEGENT_OK)
        return status;
    d->tensor.unreadable = name.text; /* in metadata_text, with a NUL behind it */
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (sg_span_is(name, names[i].name)) {
            d->tensor.dtype = names[i].dtype;
            d->tensor.unreadable = NULL;
        }
    }
    return SEGENT_OK;
}

/* Reads a list of up to `most` whole numbers. */
static segent_status read_list(header *h, sg_span tensor, int64_t *numbers, size_t most,
                               size_t *count)
{
    bool more = true;
    *count = 0;
    segent_status status = sg_json_expect(&h->json, '[');
    if (status == SEGENT_OK && sg_json_peek(&h->json) == ']')
        return sg_json_expect(&h->json, ']');
    while (status == SEGENT_OK && more) {
        if (*count == most)
            return sg_fail(h->json.context, SEGENT_ERROR_UNSUPPORTED,
                           "%s: tensor '%.*s' has a list of more than %zu numbers at byte %zu",
                           h->json.label, SG_SPAN(tensor), most, h->json.position);
        status = sg_json_number(&h->json, numbers + *count);
        ++*count;
        if (status == SEGENT_OK)
            status = sg_json_next(&h->json, ']', &more);
    }
    return status;
}

static segent_status read_shape(header *h, description *d)
{
    size_t count = 0;
    const segent_status status =
        read_list(h, d->tensor.name, d->tensor.shape, SEGENT_RANK_MAX, &count);
    if (status == SEGENT_OK)
        d->tensor.rank = (int32_t)count;
    return status;
}

static segent_status read_offsets(header *h, description *d)
{
    size_t count = 0;
    const segent_status status = read_list(h, d->tensor.name, d->offsets, 2, &count);
    if (status == SEGENT_OK && count != 2)
        return bad_tensor(h, d->tensor.name, "data_offsets are not two numbers");
    return status;
}

static segent_status read_member(header *h, description *d)
{
    static const struct {
        const char *name;
        segent_status (*read)(header *h, description *d);
        size_t seen;
    } members[] = {{"dtype", read_dtype, offsetof(description, has_dtype)},
                   {"shape", read_shape, offsetof(description, has_shape)},
                   {"data_offsets", read_offsets, offsetof(description, has_offsets)}};
    sg_span key;
    segent_status status = sg_json_string(&h->json, &key);
    if (status == SEGENT_OK)
        status = sg_json_expect(&h->json, ':');
    if (status != SEGENT_OK)
        return status;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        bool *const seen = (bool *)((char *)d + members[i].seen);
        if (!sg_span_is(key, members[i].name))
            continue;
        if (*seen)
            return sg_fail(h->json.context, SEGENT_ERROR_FORMAT, "%s: tensor '%.*s' has '%s' twice",
                           h->json.label, SG_SPAN(d->tensor.name), members[i].name);
        *seen = true;
        return members[i].read(h, d);
    }
    return sg_fail(h->json.context, SEGENT_ERROR_FORMAT, "%s: tensor '%.*s' has unknown key '%.*s'",
                   h->json.label, SG_SPAN(d->tensor.name), SG_SPAN(key));
}

static segent_status check_offsets(header *h, description *d)
{
    sg_stored_tensor *tensor = &d->tensor;
    if (!sg_shape_elements(tensor->shape, tensor->rank, &tensor->elements))
        return bad_tensor(h, tensor->name, "its number of elements overflows");
    const int64_t begin = d->offsets[0], end = d->offsets[1];
    const int64_t bytes = tensor->elements * (int64_t)sg_dtype_size(tensor->dtype);
    if (tensor->unreadable && (begin > end || tensor->elements / 8 > end - begin))
        return bad_tensor(h, tensor->name, "data_offsets have no room for its elements");
    if (!tensor->unreadable && (begin > end || end - begin != bytes))
        return sg_fail(h->json.context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' needs %lld bytes, but data_offsets are [%lld, %lld]",
                       h->json.label, SG_SPAN(tensor->name), (long long)bytes, (long long)begin,
                       (long long)end);
    if ((uint64_t)end > h->data_size)
        return sg_fail(h->json.context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: tensor '%.*s' ends at byte %lld of the data, which has %llu",
                       h->json.label, SG_SPAN(tensor->name), (long long)end,
                       (unsigned long long)h->data_size);
    sg_shape_strides(tensor->shape, tensor->rank, tensor->stride);
    tensor->data = h->data + begin;
    return SEGENT_OK;
}

static segent_status keep_extent(header *h, const description *d)
{
    const size_t index = h->checkpoint->count;
    void *extents = h->extents;
    const segent_status status =
        sg_checkpoint_grow(h->json.context, h->checkpoint, &extents, &h->extent_capacity, index + 1,
                           sizeof(sg_extent), "the extents of tensors");
    if (status != SEGENT_OK)
        return status;
    h->extents = extents;
    h->extents[index] = (sg_extent){(uint64_t)d->offsets[0], (uint64_t)d->offsets[1], index};
    return SEGENT_OK;
}

/* Adds a tensor of packed weights. */
static segent_status add_name(header *h, description *d)
{
    sg_stored_tensor *tensor = &d->tensor;
    if (!sg_shape_elements(tensor->shape, tensor->rank, &tensor->elements))
        return bad_tensor(h, tensor->name, "its number of elements overflows");
    sg_shape_strides(tensor->shape, tensor->rank, tensor->stride);
    tensor->unreadable = "packed weights";
    return sg_table_add(h->json.context, h->checkpoint, tensor);
}

static segent_status read_tensor(header *h, sg_span name)
{
    description d = {.tensor = {.name = name}};
    bool more = true;
    segent_status status = sg_json_expect(&h->json, '{');
    while (status == SEGENT_OK && more) {
        status = read_member(h, &d);
        if (status == SEGENT_OK)
            status = sg_json_next(&h->json, '}', &more);
    }
    if (status != SEGENT_OK)
        return status;
    if (!d.has_shape || d.has_dtype == h->names_only || d.has_offsets == h->names_only)
        return bad_tensor(h, name,
                          h->names_only ? "its shape is missing, or not all that is said of it"
                                        : "dtype, shape or data_offsets is missing");
    if (h->names_only)
        return add_name(h, &d);
    status = check_offsets(h, &d);
    if (status == SEGENT_OK)
        status = keep_extent(h, &d);
    return status != SEGENT_OK ? status : sg_table_add(h->json.context, h->checkpoint, &d.tensor);
}

/* ---- metadata ---- */

static segent_status add_metadata(header *h, sg_span key, sg_span value)
{
    segent_checkpoint *checkpoint = h->checkpoint;
    void *metadata = checkpoint->metadata;
    const segent_status status =
        sg_checkpoint_grow(h->json.context, checkpoint, &metadata, &h->metadata_capacity,
                           checkpoint->metadata_count + 1, sizeof(sg_named), "metadata");
    if (status != SEGENT_OK)
        return status;
    checkpoint->metadata = metadata;
    checkpoint->metadata[checkpoint->metadata_count++] =
        (sg_named){key, (size_t)(value.text - checkpoint->metadata_text)};
    return SEGENT_OK;
}

static segent_status read_metadata(header *h)
{
    segent_checkpoint *checkpoint = h->checkpoint;
    bool more = true;
    if (h->has_metadata)
        return sg_json_fail(&h->json, "'__metadata__' occurs twice");
    h->has_metadata = true;
    segent_status status = sg_json_expect(&h->json, '{');
    if (status == SEGENT_OK && sg_json_peek(&h->json) == '}')
        return sg_json_expect(&h->json, '}');
    while (status == SEGENT_OK && more) {
        sg_span key, value;
        status = sg_json_string(&h->json, &key);
        if (status == SEGENT_OK)
            status = sg_json_expect(&h->json, ':');
        if (status == SEGENT_OK)
            status = sg_json_string(&h->json, &value);
        if (status == SEGENT_OK)
            status = add_metadata(h, key, value);
        if (status == SEGENT_OK)
            status = sg_json_next(&h->json, '}', &more);
    }
    if (status != SEGENT_OK)
        return status;
    status = sg_checkpoint_sort(h->json.context, checkpoint, checkpoint->metadata,
                                checkpoint->metadata_count);
    if (status != SEGENT_OK)
        return status;
    const sg_named *twice = sg_names_duplicate(checkpoint->metadata, checkpoint->metadata_count);
    if (twice)
        return sg_fail(h->json.context, SEGENT_ERROR_FORMAT, "%s: metadata has key '%.*s' twice",
                       h->json.label, SG_SPAN(twice->name));
    return SEGENT_OK;
}

/* ---- the whole ---- */

static segent_status read_entry(header *h)
{
    sg_span name;
    segent_status status = sg_json_string(&h->json, &name);
    if (status == SEGENT_OK)
        status = sg_json_expect(&h->json, ':');
    if (status != SEGENT_OK)
        return status;
    return sg_span_is(name, "__metadata__") ? read_metadata(h) : read_tensor(h, name);
}

static segent_status read_header(header *h)
{
    bool more = true;
    segent_status status = sg_json_expect(&h->json, '{');
    if (status == SEGENT_OK && sg_json_peek(&h->json) == '}') {
        status = sg_json_expect(&h->json, '}');
        more = false;
    }
    while (status == SEGENT_OK && more) {
        status = sg_checkpoint_check_cancelled(h->json.context, h->checkpoint);
        if (status == SEGENT_OK)
            status = read_entry(h);
        if (status == SEGENT_OK)
            status = sg_json_next(&h->json, '}', &more);
    }
    if (status == SEGENT_OK && sg_json_peek(&h->json) != 0)
        status = sg_json_fail(&h->json, "text behind the closing '}'");
    if (status == SEGENT_OK && h->json.position != h->json.end)
        status = sg_json_fail(&h->json, "a NUL character");
    return status;
}

static segent_status check_cover(header *h)
{
    const size_t count = h->checkpoint->count;
    uint64_t at = 0;
    sg_sort_extents(h->extents, count);
    for (size_t i = 0; i < count; i++) {
        if (h->extents[i].begin != at)
            return bad_tensor(h, h->checkpoint->tensors[h->extents[i].index].name,
                              h->extents[i].begin < at ? "its data overlaps another tensor's"
                                                       : "there is a gap before its data");
        at = h->extents[i].end;
    }
    if (at == h->data_size)
        return SEGENT_OK;
    return sg_fail(h->json.context, SEGENT_ERROR_FORMAT,
                   "%s: %llu bytes follow the last tensor, whose data ends at byte %llu",
                   h->json.label, (unsigned long long)(h->data_size - at),
                   (unsigned long long)(at + (uint64_t)(h->data - h->json.data)));
}

segent_status sg_load_safetensors(segent_context *context, segent_checkpoint *checkpoint)
{
    const uint64_t size = sg_le64(checkpoint->data);
    if (size > HEADER_MAX)
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "%s: a safetensors header of %llu bytes; at most %d are allowed",
                       checkpoint->label, (unsigned long long)size, HEADER_MAX);
    if (size > checkpoint->size - 8)
        return sg_fail(context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: the safetensors header takes %llu bytes and %zu are there",
                       checkpoint->label, (unsigned long long)size, checkpoint->size - 8);
    if (size < 2)
        return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: a safetensors header of %llu bytes",
                       checkpoint->label, (unsigned long long)size);
    return sg_read_safetensors_header(context, checkpoint, 8, (size_t)size, false);
}

segent_status sg_read_safetensors_header(segent_context *context, segent_checkpoint *checkpoint,
                                         size_t begin, size_t size, bool names_only)
{
    segent_status status = sg_checkpoint_charge(context, checkpoint, size);
    if (status != SEGENT_OK)
        return status;
    checkpoint->metadata_text = sg_alloc(&checkpoint->allocator, size, 1);
    if (!checkpoint->metadata_text)
        return sg_fail_memory(context, "a header", size);
    header h = {.json = {context, checkpoint->label, checkpoint->data, begin, begin + size,
                         checkpoint->metadata_text, 0,
                         names_only ? "header: " : "safetensors header: "},
                .checkpoint = checkpoint,
                .names_only = names_only,
                .data = checkpoint->data + begin + size,
                .data_size = checkpoint->size - begin - size};
    status = read_header(&h);
    if (status == SEGENT_OK && !names_only)
        status = check_cover(&h);
    sg_free(&checkpoint->allocator, h.extents);
    return status;
}
