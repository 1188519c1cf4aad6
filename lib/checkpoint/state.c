/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* From what a pickle holds to a table of tensors: which dict is the state dict, and whether its
 * tensors lie inside their storages. */

#include "pickle.h"

enum { WRAPPERS_MAX = 4 /* dicts around a state dict */ };

/* ---- one tensor ---- */

typedef struct place {
    segent_context *context;
    const char *label;
    sg_span name;
} place;

static segent_status bad_tensor(const place *at, const char *what)
{
    return sg_fail(at->context, SEGENT_ERROR_FORMAT, "%s: tensor '%.*s': %s", at->label,
                   SG_SPAN(at->name), what);
}

static bool read_integers(const sg_items *items, int64_t *integers)
{
    for (size_t i = 0; i < items->count; i++) {
        if (items->values[i].kind != SG_INTEGER || items->values[i].integer < 0)
            return false;
        integers[i] = items->values[i].integer;
    }
    return true;
}

static segent_status read_shape(const place *at, const sg_items *shape, const sg_items *stride,
                                sg_stored_tensor *tensor)
{
    if (shape->count != stride->count)
        return sg_fail(at->context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' has %zu sizes and %zu strides", at->label,
                       SG_SPAN(at->name), shape->count, stride->count);
    if (shape->count > SEGENT_RANK_MAX)
        return sg_fail(at->context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: tensor '%.*s' has %zu dimensions; at most %d are supported", at->label,
                       SG_SPAN(at->name), shape->count, SEGENT_RANK_MAX);
    if (!read_integers(shape, tensor->shape))
        return bad_tensor(at, "a size is not an integer of 0 or more");
    if (!read_integers(stride, tensor->stride))
        return bad_tensor(at, "a stride is not an integer of 0 or more");
    tensor->rank = (int32_t)shape->count;
    if (!sg_shape_elements(tensor->shape, tensor->rank, &tensor->elements))
        return bad_tensor(at, "its number of elements overflows");
    return SEGENT_OK;
}

/* Elements of the storage before the end of the tensor's last one; false when that overflows. */
static bool tensor_end(const sg_stored_tensor *tensor, int64_t first, int64_t *end)
{
    *end = first;
    if (tensor->elements == 0)
        return true;
    for (int32_t i = 0; i < tensor->rank; i++) {
        const int64_t steps = tensor->shape[i] - 1;
        if (steps > 0 && tensor->stride[i] > (INT64_MAX - *end) / steps)
            return false;
        *end += steps > 0 ? steps * tensor->stride[i] : 0;
    }
    if (*end == INT64_MAX)
        return false;
    *end += 1;
    return true;
}

static segent_status read_tensor(const place *at, const sg_pickle *pickle, const sg_items *call,
                                 sg_stored_tensor *tensor)
{
    const sg_value *values = call->values;
    const sg_storage *storage = pickle->storages + values[0].integer;
    const int64_t first = values[1].integer;
    int64_t end;
    *tensor = (sg_stored_tensor){.name = at->name, .dtype = storage->type->dtype};
    if (tensor->dtype == 0)
        return sg_fail(at->context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: tensor '%.*s' is stored as %s, which is not supported", at->label,
                       SG_SPAN(at->name), storage->type->name);
    const segent_status status = read_shape(at, values[2].items, values[3].items, tensor);
    if (status != SEGENT_OK)
        return status;
    if (first < 0 || first > storage->view_count)
        return sg_fail(at->context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' begins at element %lld of a storage of %lld", at->label,
                       SG_SPAN(at->name), (long long)first, (long long)storage->view_count);
    if (!tensor_end(tensor, first, &end))
        return bad_tensor(at, "its strides overflow");
    if (end > storage->view_count)
        return sg_fail(at->context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' needs %lld elements of a storage of %lld", at->label,
                       SG_SPAN(at->name), (long long)end, (long long)storage->view_count);
    tensor->data = storage->data + (size_t)(storage->first + first) * storage->type->size;
    return SEGENT_OK;
}

/* ---- the state dict ---- */

/* The value of a wrapper's key if it is a dict. *found counts those of this key. */
static const sg_items *find_dict(const sg_items *dict, const char *key, size_t *found)
{
    const sg_items *inner = NULL;
    *found = 0;
    for (size_t i = 0; i < dict->count; i += 2) {
        const sg_value *values = dict->values + i;
        if (values[0].kind == SG_STRING && sg_span_is(sg_value_span(values[0]), key) &&
            values[1].kind == SG_DICT) {
            inner = values[1].items;
            ++*found;
        }
    }
    return inner;
}

/* Follows the keys that people put state dicts under. NULL: an error was reported. */
static const sg_items *unwrap(const sg_pickle *pickle, const sg_items *dict)
{
    static const char *const keys[] = {"state_dict", "model_state_dict", "model_state", "model",
                                       "net",        "network",          "module"};
    const size_t key_count = sizeof(keys) / sizeof(keys[0]);
    for (int depth = 0; depth <= WRAPPERS_MAX; depth++) {
        const sg_items *inner = NULL;
        for (size_t i = 0; i < key_count && !inner; i++) {
            size_t found;
            inner = find_dict(dict, keys[i], &found);
            if (found > 1) {
                (void)sg_fail(pickle->context, SEGENT_ERROR_FORMAT, "%s: key '%s' occurs twice",
                              pickle->label, keys[i]);
                return NULL;
            }
        }
        if (!inner)
            return dict;
        dict = inner;
    }
    (void)sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                  "%s: more than %d dicts around the state dict", pickle->label, WRAPPERS_MAX);
    return NULL;
}

static segent_status no_state(const sg_pickle *pickle, sg_value value)
{
    return sg_fail(pickle->context, SEGENT_ERROR_FORMAT,
                   "%s: holds %s, where a state dict (a dict of named tensors), or one under "
                   "\"model\" or \"state_dict\", was expected",
                   pickle->label, sg_kind_name(value.kind));
}

segent_status sg_state_collect(const sg_pickle *pickle, sg_value value,
                               segent_checkpoint *checkpoint)
{
    segent_context *context = pickle->context;
    if (value.kind != SG_DICT)
        return no_state(pickle, value);
    const sg_items *state = unwrap(pickle, value.items);
    if (!state)
        return SEGENT_ERROR_FORMAT;
    for (size_t i = 0; i < state->count; i += 2) {
        const sg_value *entry = state->values + i;
        if (entry[1].kind != SG_TENSOR)
            continue;
        if (entry[0].kind != SG_STRING)
            return sg_fail(context, SEGENT_ERROR_FORMAT, "%s: a tensor's key is %s, not a string",
                           pickle->label, sg_kind_name(entry[0].kind));
        const place at = {context, pickle->label, sg_value_span(entry[0])};
        sg_stored_tensor tensor;
        segent_status status = read_tensor(&at, pickle, entry[1].items, &tensor);
        if (status == SEGENT_OK)
            status = sg_table_add(context, checkpoint, &tensor);
        if (status != SEGENT_OK)
            return status;
    }
    if (checkpoint->count == 0)
        return sg_fail(
            context, SEGENT_ERROR_FORMAT,
            "%s: no state dict found: there are no tensors in its dict, nor a dict under "
            "\"model\" or \"state_dict\"",
            pickle->label);
    sg_log(context, SEGENT_LOG_DEBUG, "%s: %zu tensors, %zu other entries", pickle->label,
           checkpoint->count, state->count / 2 - checkpoint->count);
    return SEGENT_OK;
}
