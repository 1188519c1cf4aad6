/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Reads a tensor off the call that makes it, and checks that it lies inside its storage. */

#include <string.h>

#include "pickle.h"

enum { WRAPPERS_MAX = 8 /* Parameters and the like around one tensor */ };

/* ---- which call ---- */

/* The functions by which torch makes tensors, under their names in torch._utils. */
typedef struct maker {
    const char *name;
    int32_t size;           /* which argument has the sizes; -1: none has */
    int32_t dtype;          /* which argument names the type of elements; -1: the storage's type */
    const char *unreadable; /* NULL: a storage, an offset, sizes and strides that can be read */
} maker;

static const maker makers[] = {
    {"_rebuild_tensor", 2, -1, NULL},
    {"_rebuild_tensor_v2", 2, -1, NULL},
    {"_rebuild_tensor_v3", 2, 6, NULL},
    {"_rebuild_qtensor", 2, -1, "quantised integers"},
    {"_rebuild_sparse_tensor", -1, -1, "a sparse tensor"},
    {"_rebuild_sparse_csr_tensor", -1, -1, "a sparse tensor"},
    {"_rebuild_nested_tensor", -1, -1, "a nested tensor"},
    {"_rebuild_meta_tensor_no_storage", 1, -1, "a tensor without values, of the device 'meta'"},
    {"_rebuild_device_tensor_from_numpy", -1, -1, "a numpy array of another device"},
    {"_rebuild_device_tensor_from_cpu_tensor", -1, -1, "a tensor of another device"},
    {"_rebuild_xla_tensor", -1, -1, "a tensor of the device 'xla'"},
    {"_rebuild_wrapper_subclass", -1, -1, "a tensor subclass"},
};

/* The function that a call names. NULL: the call makes no tensor. */
static const maker *find_maker(const sg_pickle *p, const sg_call *call)
{
    sg_span module, name;
    if (!sg_value_global(p, call->callee, &module, &name) || !sg_span_is(module, "torch._utils"))
        return NULL;
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        if (sg_span_is(name, makers[i].name))
            return makers + i;
    }
    return NULL;
}

bool sg_call_is_tensor(const sg_pickle *p, const sg_call *call)
{
    return find_maker(p, call) != NULL;
}

static bool is_parameter(const sg_pickle *p, sg_value callee)
{
    return sg_value_is_global(p, callee, "torch._utils", "_rebuild_parameter") ||
           sg_value_is_global(p, callee, "torch._utils", "_rebuild_parameter_with_state") ||
           sg_value_is_global(p, callee, "torch.nn.parameter", "Parameter") ||
           sg_value_is_global(p, callee, "torch.nn", "Parameter") ||
           sg_value_is_global(p, callee, "torch.nn.parameter", "Buffer");
}

/* Whether a call makes an instance of a subclass of torch.Tensor: its arguments are (function,
 * class, arguments, ...). */
static bool is_typed(const sg_pickle *p, sg_value callee)
{
    return sg_value_is_global(p, callee, "torch._tensor", "_rebuild_from_type_v2") ||
           sg_value_is_global(p, callee, "torch._tensor", "_rebuild_from_type") ||
           sg_value_is_global(p, callee, "torch.tensor", "_rebuild_from_type");
}

bool sg_call_of(const sg_pickle *p, sg_value value, sg_call *call)
{
    if (!sg_object_call(p, value, &call->callee, &call->arguments))
        return false;
    for (int depth = 0; depth < WRAPPERS_MAX; depth++) {
        const int64_t count = sg_tuple_count(p, call->arguments);
        if (is_typed(p, call->callee) && count >= 3) {
            const sg_value arguments = sg_tuple_item(p, call->arguments, 2);
            if (sg_tuple_count(p, arguments) < 0)
                return true;
            call->callee = sg_tuple_item(p, call->arguments, 0);
            call->arguments = arguments;
        } else if (is_parameter(p, call->callee) && count >= 1) {
            sg_call inner;
            if (!sg_object_call(p, sg_tuple_item(p, call->arguments, 0), &inner.callee,
                                &inner.arguments))
                return true;
            *call = inner;
        } else {
            return true;
        }
    }
    return true;
}

/* ---- its arguments ---- */

typedef struct place {
    const sg_pickle *pickle;
    sg_span name;
} place;

static segent_status bad_tensor(const place *at, const char *what)
{
    return sg_fail(at->pickle->owner.context, SEGENT_ERROR_FORMAT, "%s: tensor '%.*s': %s",
                   at->pickle->label, SG_SPAN(at->name), what);
}

/* The value if it is a tuple, or the tuple in a torch.Size; 0: it is neither. */
static sg_value tuple_of(const sg_pickle *p, sg_value value)
{
    sg_value callee, arguments;
    if (sg_object_call(p, value, &callee, &arguments) &&
        sg_value_is_global(p, callee, "torch", "Size") && sg_tuple_count(p, arguments) == 1)
        value = sg_tuple_item(p, arguments, 0);
    return sg_value_tag(value) >= SG_TUPLE0 && sg_value_tag(value) <= SG_TUPLE ? value : 0;
}

static bool read_integers(const sg_pickle *p, sg_value tuple, int64_t *integers)
{
    const int64_t count = sg_tuple_count(p, tuple);
    for (uint32_t i = 0; i < count; i++) {
        if (!sg_value_integer(p, sg_tuple_item(p, tuple, i), integers + i) || integers[i] < 0)
            return false;
    }
    return true;
}

static segent_status read_sizes(const place *at, sg_value sizes, sg_stored_tensor *tensor)
{
    const int64_t rank = sg_tuple_count(at->pickle, sizes);
    if (rank > SEGENT_RANK_MAX)
        return sg_fail(at->pickle->owner.context, SEGENT_ERROR_UNSUPPORTED,
                       "%s: tensor '%.*s' has %lld dimensions; at most %d are supported",
                       at->pickle->label, SG_SPAN(at->name), (long long)rank, SEGENT_RANK_MAX);
    if (!read_integers(at->pickle, sizes, tensor->shape))
        return bad_tensor(at, "a size is not an integer of 0 or more");
    tensor->rank = (int32_t)rank;
    if (!sg_shape_elements(tensor->shape, tensor->rank, &tensor->elements))
        return bad_tensor(at, "its number of elements overflows");
    return SEGENT_OK;
}

static segent_status read_strides(const place *at, sg_value strides, sg_stored_tensor *tensor)
{
    const int64_t count = sg_tuple_count(at->pickle, strides);
    if (count != tensor->rank)
        return sg_fail(at->pickle->owner.context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' has %d sizes and %lld strides", at->pickle->label,
                       SG_SPAN(at->name), (int)tensor->rank, (long long)count);
    if (!read_integers(at->pickle, strides, tensor->stride))
        return bad_tensor(at, "a stride is not an integer of 0 or more");
    return SEGENT_OK;
}

/* The number of the storage's elements up to and with the tensor's last one. False: it overflows.
 */
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

/* The part of a storage that a tensor may use: all of it, or the legacy form's view, (view key,
 * first element, elements). */
typedef struct extent {
    const sg_storage *storage;
    int64_t first, count;
} extent;

static bool read_view(const sg_pickle *p, sg_value view, extent *part)
{
    int64_t first = 0, count = 0;
    if (sg_value_is_none(p, view))
        return true;
    if (sg_tuple_count(p, view) != 3 || !sg_value_integer(p, sg_tuple_item(p, view, 1), &first) ||
        !sg_value_integer(p, sg_tuple_item(p, view, 2), &count) || first < 0 || count < 0 ||
        first > part->count || count > part->count - first)
        return false;
    *part = (extent){part->storage, first, count};
    return true;
}

static bool read_storage(const sg_pickle *p, sg_value id, extent *part)
{
    sg_span key;
    const int64_t count = sg_value_tag(id) == SG_PERSISTENT ? sg_tuple_count(p, id) : 0;
    if (count < 5 || !sg_value_text(p, sg_tuple_item(p, id, 2), &key))
        return false;
    const sg_storage *storage = sg_pickle_find_storage(p, key);
    if (!storage)
        return false;
    *part = (extent){storage, 0, storage->count};
    return count == 5 || read_view(p, sg_tuple_item(p, id, 5), part);
}

/* Places the tensor in `part`, which has elements of this type. */
static segent_status place_tensor(const place *at, const extent *part, int64_t first,
                                  const sg_storage_type *type, sg_stored_tensor *tensor)
{
    segent_context *context = at->pickle->owner.context;
    int64_t end;
    if (first < 0 || first > part->count)
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' begins at element %lld of a storage of %lld",
                       at->pickle->label, SG_SPAN(at->name), (long long)first,
                       (long long)part->count);
    if (!tensor_end(tensor, first, &end))
        return bad_tensor(at, "its strides overflow");
    if (end > part->count)
        return sg_fail(context, SEGENT_ERROR_FORMAT,
                       "%s: tensor '%.*s' needs %lld elements of a storage of %lld",
                       at->pickle->label, SG_SPAN(at->name), (long long)end,
                       (long long)part->count);
    tensor->data = part->storage->data + (size_t)(part->first + first) * type->size;
    return SEGENT_OK;
}

/* The type of a tensor's elements, and its storage counted in them. */
static const sg_storage_type *element_type(const sg_pickle *p, const maker *made,
                                           const sg_call *call, extent *part)
{
    const sg_storage_type *type = part->storage->type;
    sg_span module, name;
    if (made->dtype < 0)
        return type;
    if (!sg_value_global(p, sg_tuple_item(p, call->arguments, (uint32_t)made->dtype), &module,
                         &name) ||
        !type)
        return NULL;
    const sg_storage_type *named = sg_dtype_find(name);
    if (!named)
        return NULL;
    part->first = part->first * (int64_t)type->size / (int64_t)named->size;
    part->count = part->count * (int64_t)type->size / (int64_t)named->size;
    return named;
}

/* Fills what can be known of a tensor whose values are not read. */
static segent_status unreadable(const place *at, sg_value sizes, const char *why,
                                sg_stored_tensor *tensor)
{
    tensor->dtype = 0;
    tensor->unreadable = why;
    tensor->rank = 0;
    tensor->elements = 1;
    return sizes ? read_sizes(at, sizes, tensor) : SEGENT_OK;
}

segent_status sg_tensor_read(const sg_pickle *p, const sg_call *call, sg_stored_tensor *tensor)
{
    const maker *made = find_maker(p, call);
    const place at = {p, tensor->name};
    const int64_t count = sg_tuple_count(p, call->arguments);
    extent part;
    int64_t first;
    if (!made || count <= made->size || count <= made->dtype)
        return bad_tensor(&at, "it is made from unexpected arguments");
    const sg_value sizes =
        made->size < 0 ? 0 : tuple_of(p, sg_tuple_item(p, call->arguments, (uint32_t)made->size));
    if (made->size >= 0 && !sizes)
        return bad_tensor(&at, "it is made from unexpected arguments");
    if (made->unreadable)
        return unreadable(&at, sizes, made->unreadable, tensor);
    const sg_value strides = count > 3 ? tuple_of(p, sg_tuple_item(p, call->arguments, 3)) : 0;
    if (!strides || !read_storage(p, sg_tuple_item(p, call->arguments, 0), &part) ||
        !sg_value_integer(p, sg_tuple_item(p, call->arguments, 1), &first))
        return bad_tensor(&at, "it is made from unexpected arguments");
    const sg_storage_type *type = element_type(p, made, call, &part);
    if (!type || !part.storage->data)
        return unreadable(&at, sizes, "a type that is not known", tensor);
    if (type->dtype == 0)
        return unreadable(&at, sizes, type->unreadable, tensor);
    tensor->dtype = type->dtype;
    segent_status status = read_sizes(&at, sizes, tensor);
    if (status == SEGENT_OK)
        status = read_strides(&at, strides, tensor);
    return status != SEGENT_OK ? status : place_tensor(&at, &part, first, type, tensor);
}
