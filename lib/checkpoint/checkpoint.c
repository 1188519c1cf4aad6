/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "checkpoint.h"

#include <string.h>

#include "base/cancel.h"
#include "base/options.h"
#include "foreign.h"
#include "opaque.h"
#include "table.h"

/* ---- which form ---- */

static const unsigned char zip_magic[] = {'P', 'K', 3, 4};

enum { SAFETENSORS_MIN = 10 /* the header's size, 8 bytes, and the shortest header, "{}" */ };

/* Whether a file begins as safetensors do, with a header of a possible size. Eight bytes that say
 * more are most likely text of another kind of file, whose ninth character is a brace. */
static bool is_plain_safetensors(const unsigned char *data, size_t size)
{
    return size >= SAFETENSORS_MIN && data[8] == '{' && sg_le64(data) >> 40 == 0;
}

/* Fails with the name of what the file is if it is a known kind that is no checkpoint, or with its
 * size if it is too short to be one. SEGENT_OK: it is neither. */
static segent_status name_other(segent_context *context, const segent_checkpoint *checkpoint)
{
    const unsigned char *data = checkpoint->data;
    const size_t size = checkpoint->size;
    if (size < SG_LEGACY_BEGIN_MIN &&
        (sg_legacy_begins(data, size) ||
         memcmp(data, zip_magic, size < sizeof(zip_magic) ? size : sizeof(zip_magic)) == 0))
        return sg_fail(context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: only the first %zu bytes of a checkpoint", checkpoint->label,
                       size);
    if (size < SAFETENSORS_MIN)
        return sg_fail(context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: %zu bytes are no checkpoint", checkpoint->label, size);
    return sg_foreign_name(context, checkpoint);
}

static segent_status read_content(segent_context *context, segent_checkpoint *checkpoint)
{
    const unsigned char *data = checkpoint->data;
    const size_t size = checkpoint->size;
    if (sg_legacy_begin(data, size) > 0) {
        checkpoint->container = SEGENT_CONTAINER_LEGACY;
        return sg_load_legacy(context, checkpoint);
    }
    if (sg_packed_begins(data, size)) {
        checkpoint->container = SEGENT_CONTAINER_PACKED;
        return sg_load_packed(context, checkpoint);
    }
    if (size >= sizeof(zip_magic) && memcmp(data, zip_magic, sizeof(zip_magic)) == 0) {
        checkpoint->container = SEGENT_CONTAINER_ZIP;
        return sg_load_zip(context, checkpoint);
    }
    if (!is_plain_safetensors(data, size)) {
        const segent_status status = name_other(context, checkpoint);
        if (status != SEGENT_OK)
            return status;
    }
    if (size >= SAFETENSORS_MIN && data[8] == '{') {
        checkpoint->container = SEGENT_CONTAINER_SAFETENSORS;
        return sg_load_safetensors(context, checkpoint);
    }
    return sg_fail(context, SEGENT_ERROR_FORMAT,
                   "%s: not a checkpoint: neither torch's zip or legacy form nor safetensors",
                   checkpoint->label);
}

/* ---- life cycle ---- */

/* `file` is the mapped file that the data lies in, or `own` the memory that the checkpoint owns;
 * both are empty where the data is the caller's. */
static segent_status load(segent_context *context, const char *label, sg_file file, void *own,
                          const void *data, size_t size, segent_checkpoint **result)
{
    segent_checkpoint *checkpoint = sg_alloc_zero(&context->allocator, 1, sizeof(*checkpoint));
    if (!checkpoint) {
        sg_file_close(&file);
        sg_free(&context->allocator, own);
        return sg_fail_memory(context, "a checkpoint", sizeof(*checkpoint));
    }
    checkpoint->allocator = context->allocator;
    atomic_init(&checkpoint->owners, 1);
    checkpoint->file = file;
    checkpoint->own = own;
    checkpoint->data = data;
    checkpoint->size = size;
    checkpoint->inflated.allocator = &checkpoint->allocator;
    checkpoint->paths.allocator = &checkpoint->allocator;
    checkpoint->label = sg_alloc_string(&context->allocator, label, strlen(label));
    segent_status status = SEGENT_OK;
    if (!checkpoint->label)
        status = sg_fail_memory(context, "a checkpoint", strlen(label) + 1);
    if (status == SEGENT_OK)
        status = sg_checkpoint_check_cancelled(context, checkpoint);
    if (status == SEGENT_OK)
        status = read_content(context, checkpoint);
    if (status == SEGENT_OK)
        status = sg_table_finish(context, checkpoint);
    if (status != SEGENT_OK) {
        segent_checkpoint_destroy(checkpoint);
        return status;
    }
    *result = checkpoint;
    return SEGENT_OK;
}

segent_status sg_checkpoint_load(segent_context *context, const char *path,
                                 segent_checkpoint **checkpoint)
{
    sg_file file = {NULL, 0};
    if (!path || !checkpoint)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_checkpoint_load: path or checkpoint is NULL");
    const segent_status status = sg_file_open(context, path, &file);
    return status != SEGENT_OK ? status
                               : load(context, path, file, NULL, file.data, file.size, checkpoint);
}

segent_status sg_checkpoint_load_memory(segent_context *context, const void *data, size_t size,
                                        segent_checkpoint **checkpoint)
{
    const sg_file none = {NULL, 0};
    if (!data || !checkpoint)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "segent_checkpoint_load_memory: data or checkpoint is NULL");
    return load(context, "memory", none, NULL, data, size, checkpoint);
}

segent_status sg_checkpoint_adopt(segent_context *context, const char *label, void *data,
                                  size_t size, segent_checkpoint **checkpoint)
{
    const sg_file none = {NULL, 0};
    return load(context, label, none, data, data, size, checkpoint);
}

void segent_checkpoint_destroy(segent_checkpoint *checkpoint)
{
    if (!checkpoint || atomic_fetch_sub(&checkpoint->owners, 1) > 1)
        return;
    const sg_allocator allocator = checkpoint->allocator;
    sg_file_close(&checkpoint->file);
    sg_free(&allocator, checkpoint->own);
    sg_arena_release(&checkpoint->inflated);
    sg_arena_release(&checkpoint->paths);
    sg_opaque_release(checkpoint);
    sg_free(&allocator, checkpoint->modules);
    sg_free(&allocator, checkpoint->module_names);
    sg_free(&allocator, checkpoint->module_text);
    sg_free(&allocator, checkpoint->label);
    sg_free(&allocator, checkpoint->tensors);
    sg_free(&allocator, checkpoint->names);
    sg_free(&allocator, checkpoint->text);
    sg_free(&allocator, checkpoint->metadata);
    sg_free(&allocator, checkpoint->metadata_text);
    sg_free(&allocator, checkpoint);
}

/* ---- what it holds ---- */

segent_container segent_checkpoint_container(const segent_checkpoint *checkpoint)
{
    return checkpoint ? checkpoint->container : 0;
}

int64_t segent_checkpoint_count(const segent_checkpoint *checkpoint)
{
    return checkpoint ? (int64_t)checkpoint->count : 0;
}

const char *sg_checkpoint_label(const segent_checkpoint *checkpoint)
{
    return checkpoint->label;
}

segent_status sg_checkpoint_check_cancelled(segent_context *context,
                                            const segent_checkpoint *checkpoint)
{
    if (!sg_cancelled(context))
        return SEGENT_OK;
    return sg_fail(context, SEGENT_ERROR_CANCELLED, "%s: loading was cancelled", checkpoint->label);
}

size_t sg_checkpoint_size(const segent_checkpoint *checkpoint)
{
    return checkpoint->size + checkpoint->inflated_size;
}

/* Position of a name in sorted names, or -1 if it is not there. */
static int64_t find_name(const sg_named *names, size_t count, const char *name)
{
    const sg_span span = {name, strlen(name)};
    const size_t at = sg_names_lower(names, count, span);
    const bool found = at < count && sg_span_compare(names[at].name, span) == 0;
    return found ? (int64_t)at : -1;
}

int64_t sg_checkpoint_find(const segent_checkpoint *checkpoint, const char *name)
{
    const int64_t at = find_name(checkpoint->names, checkpoint->count, name);
    return at < 0 ? -1 : (int64_t)checkpoint->names[at].index;
}

int64_t sg_checkpoint_lower(const segent_checkpoint *checkpoint, const char *name)
{
    const sg_span span = {name, strlen(name)};
    return (int64_t)sg_names_lower(checkpoint->names, checkpoint->count, span);
}

int64_t sg_checkpoint_ordered(const segent_checkpoint *checkpoint, int64_t position)
{
    return (int64_t)checkpoint->names[position].index;
}

const char *sg_checkpoint_name(const segent_checkpoint *checkpoint, int64_t index)
{
    return checkpoint->tensors[index].name.text;
}

bool sg_checkpoint_same(const segent_checkpoint *checkpoint, int64_t a, int64_t b)
{
    const sg_stored_tensor *first = checkpoint->tensors + a, *second = checkpoint->tensors + b;
    return first->data && first->data == second->data && first->dtype == second->dtype &&
           first->rank == second->rank &&
           memcmp(first->shape, second->shape, (size_t)first->rank * sizeof(int64_t)) == 0 &&
           memcmp(first->stride, second->stride, (size_t)first->rank * sizeof(int64_t)) == 0;
}

const char *segent_checkpoint_metadata(const segent_checkpoint *checkpoint, const char *key)
{
    if (!checkpoint || !key)
        return NULL;
    const int64_t at = find_name(checkpoint->metadata, checkpoint->metadata_count, key);
    return at < 0 ? NULL : checkpoint->metadata_text + checkpoint->metadata[at].index;
}

/* The tensor at an index. NULL: there is none, and the error has been set. */
static const sg_stored_tensor *tensor_at(segent_context *context,
                                         const segent_checkpoint *checkpoint, int64_t index,
                                         const char *function)
{
    if (!checkpoint) {
        (void)sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: checkpoint is NULL", function);
        return NULL;
    }
    if (index >= 0 && (uint64_t)index < checkpoint->count)
        return checkpoint->tensors + index;
    (void)sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: tensor %lld of %zu", function,
                  (long long)index, checkpoint->count);
    return NULL;
}

segent_status sg_checkpoint_tensor(segent_context *context, const segent_checkpoint *checkpoint,
                                   int64_t index, segent_tensor_info *info)
{
    static const char function[] = "segent_checkpoint_tensor";
    const sg_stored_tensor *tensor = tensor_at(context, checkpoint, index, function);
    if (!tensor)
        return SEGENT_ERROR_INVALID_ARGUMENT;
    if (!info)
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT, "%s: info is NULL", function);
    segent_tensor_info found = {.struct_size = sizeof(found),
                                .name = tensor->name.text,
                                .dtype = tensor->dtype,
                                .rank = tensor->rank,
                                .elements = tensor->elements};
    memcpy(found.shape, tensor->shape, sizeof(found.shape));
    memcpy(found.stride, tensor->stride, sizeof(found.stride));
    return sg_write_info(context, SG_STRUCT(segent_tensor_info), info, &found);
}

const void *sg_checkpoint_view(const segent_checkpoint *checkpoint, int64_t index)
{
    const sg_stored_tensor *tensor = checkpoint->tensors + index;
    const uint16_t one = 1;
    const bool little_endian = *(const unsigned char *)&one == 1;
    return tensor->dtype == SEGENT_DTYPE_F32 && little_endian && sg_tensor_dense(tensor)
               ? tensor->data
               : NULL;
}

const char *sg_checkpoint_unreadable(const segent_checkpoint *checkpoint, int64_t index)
{
    return checkpoint->tensors[index].unreadable;
}

void sg_checkpoint_release(const segent_checkpoint *checkpoint, int64_t index)
{
    const sg_stored_tensor *tensor = checkpoint->tensors + index;
    sg_file_release(&checkpoint->file, tensor->data,
                    (size_t)tensor->elements * sg_dtype_size(tensor->dtype));
}

segent_status sg_checkpoint_read(segent_context *context, const segent_checkpoint *checkpoint,
                                 int64_t index, float *values, int64_t count)
{
    static const char function[] = "segent_checkpoint_read";
    const sg_stored_tensor *tensor = tensor_at(context, checkpoint, index, function);
    if (!tensor)
        return SEGENT_ERROR_INVALID_ARGUMENT;
    if (count != tensor->elements || (!values && count > 0))
        return sg_fail(context, SEGENT_ERROR_INVALID_ARGUMENT,
                       "%s: room for %lld values at %s, where tensor '%s' has %lld", function,
                       (long long)count, values ? "values" : "NULL", tensor->name.text,
                       (long long)tensor->elements);
    if (tensor->unreadable)
        return sg_fail(context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: tensor '%s' is stored as %s, which is not read", checkpoint->label,
                       tensor->name.text, tensor->unreadable);
    sg_tensor_convert(tensor, values);
    /* Most tensors are read once, and would otherwise be in memory twice. */
    sg_checkpoint_release(checkpoint, index);
    return SEGENT_OK;
}
