/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The part of the pickle machine that would run code if this were Python: globals, calls and
 * persistent ids. Here each becomes a value. */

#include "machine.h"

#include <string.h>

/* ---- globals and what they are called with ---- */

static segent_status take_line(sg_pickle *p, sg_span *line)
{
    const size_t left = p->end - p->position;
    const size_t window = left < SG_GLOBAL_MAX + 1 ? left : SG_GLOBAL_MAX + 1;
    const unsigned char *text = p->data + p->position;
    const unsigned char *stop = window ? memchr(text, '\n', window) : NULL;
    if (!stop && window == left)
        return sg_fail(p->context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: the file ends in the name of a global at byte %zu", p->label,
                       p->position);
    if (!stop)
        return sg_machine_damaged(p, "the name of a global is too long");
    *line = (sg_span){(const char *)text, (size_t)(stop - text)};
    p->position += line->length + 1;
    return SEGENT_OK;
}

static segent_status forbidden(const sg_pickle *p, sg_span module, sg_span name)
{
    /* Classes have capital letters, and the usual reason for one is a whole network. */
    const bool is_class = name.length > 0 && name.text[0] >= 'A' && name.text[0] <= 'Z';
    return sg_fail(p->context, SEGENT_ERROR_FORBIDDEN,
                   "%s: the pickle asks for %.*s.%.*s, which is not on the list of things a "
                   "checkpoint needs%s",
                   p->label, SG_SPAN(module), SG_SPAN(name),
                   is_class ? "; if a whole module was saved, save its state_dict() instead" : "");
}

segent_status sg_machine_global(sg_pickle *p)
{
    sg_span module = {NULL, 0}, name = module;
    segent_status status = take_line(p, &module);
    if (status == SEGENT_OK)
        status = take_line(p, &name);
    if (status != SEGENT_OK)
        return status;
    const sg_global *global = sg_global_find(module, name);
    if (!global)
        return forbidden(p, module, name);
    return sg_machine_push(p, (sg_value){.kind = SG_GLOBAL, .global = global});
}

static bool is_tensor_call(const sg_items *arguments)
{
    const sg_value *values = arguments->values;
    return arguments->count >= 6 && arguments->count <= 7 && values[0].kind == SG_STORAGE &&
           values[1].kind == SG_INTEGER && values[2].kind == SG_TUPLE && values[3].kind == SG_TUPLE;
}

/* Replaces a global and its arguments by what the call stands for. */
segent_status sg_machine_call(sg_pickle *p)
{
    sg_value *values = NULL;
    const segent_status status = sg_machine_top(p, 2, &values);
    if (status != SEGENT_OK)
        return status;
    if (values[0].kind != SG_GLOBAL || values[1].kind != SG_TUPLE)
        return sg_machine_damaged(p,
                                  "something is called that is not a global, or without a tuple");
    const sg_role role = values[0].global->role;
    const sg_items *arguments = values[1].items;
    p->stack_count -= 2;
    if (role == SG_ROLE_INERT)
        return sg_machine_push_integer(p, SG_INERT, 0);
    if (role == SG_ROLE_DICT && arguments->count > 0)
        return sg_machine_damaged(p, "an OrderedDict is made from arguments, as Python 2 did");
    if (role == SG_ROLE_DICT)
        return sg_machine_push_container(p, SG_DICT, 0);
    if (role == SG_ROLE_TENSOR && is_tensor_call(arguments))
        return sg_machine_push(p, (sg_value){.kind = SG_TENSOR, .items = values[1].items});
    if (role == SG_ROLE_PARAMETER && arguments->count > 0 && arguments->values[0].kind == SG_TENSOR)
        return sg_machine_push(p, arguments->values[0]);
    return sg_machine_damaged(p, role == SG_ROLE_STORAGE
                                     ? "a type of storage is called"
                                     : "a tensor is made from unexpected arguments");
}

/* The state is not looked at: OrderedDict's _metadata, the members of a Namespace. */
segent_status sg_machine_build(sg_pickle *p)
{
    sg_value *values = NULL;
    const segent_status status = sg_machine_top(p, 2, &values);
    if (status != SEGENT_OK)
        return status;
    if (values[0].kind != SG_DICT && values[0].kind != SG_INERT)
        return sg_machine_damaged(p, "state is given to what is not an object");
    p->stack_count--;
    return SEGENT_OK;
}

/* ---- storages ---- */

/* (view key, first element, elements), in elements of the whole storage. */
static bool read_view(sg_value view, sg_storage *storage)
{
    if (view.kind == SG_NONE)
        return true;
    if (view.kind != SG_TUPLE || view.items->count != 3)
        return false;
    const sg_value *values = view.items->values;
    if (values[0].kind != SG_STRING || values[1].kind != SG_INTEGER ||
        values[2].kind != SG_INTEGER || values[1].integer < 0 || values[2].integer < 0 ||
        values[1].integer > storage->count ||
        values[2].integer > storage->count - values[1].integer)
        return false;
    storage->first = values[1].integer;
    storage->view_count = values[2].integer;
    return true;
}

/* ("storage", type, key, location, elements), and in the legacy form a view or None. */
static bool read_storage(const sg_value *id, sg_storage *storage)
{
    if (id->kind != SG_TUPLE || id->items->count < 5 || id->items->count > 6)
        return false;
    const sg_value *values = id->items->values;
    if (values[0].kind != SG_STRING || !sg_span_is(sg_value_span(values[0]), "storage") ||
        values[1].kind != SG_GLOBAL || values[1].global->role != SG_ROLE_STORAGE ||
        values[2].kind != SG_STRING || values[3].kind != SG_STRING ||
        values[4].kind != SG_INTEGER || values[4].integer < 0 || values[4].integer > INT64_MAX / 16)
        return false;
    *storage = (sg_storage){
        sg_value_span(values[2]), values[1].global, values[4].integer, 0, values[4].integer, NULL};
    return id->items->count == 5 || read_view(values[5], storage);
}

segent_status sg_machine_storage(sg_pickle *p)
{
    sg_value *id = NULL;
    sg_storage storage;
    const segent_status status = sg_machine_top(p, 1, &id);
    if (status != SEGENT_OK)
        return status;
    if (p->closed)
        return sg_machine_damaged(p, "a persistent id, where all storages were named before");
    if (!read_storage(id, &storage))
        return sg_machine_damaged(p, "a persistent id is not that of a storage");
    void *storages = p->storages;
    if (!sg_grow(p->arena.allocator, &storages, &p->storage_capacity, p->storage_count + 1,
                 sizeof(storage)))
        return sg_machine_no_memory(p, (p->storage_count + 1) * sizeof(storage));
    p->storages = storages;
    p->storages[p->storage_count] = storage;
    p->stack_count--;
    return sg_machine_push_integer(p, SG_STORAGE, (int64_t)p->storage_count++);
}

segent_status sg_pickle_index_storages(sg_pickle *p)
{
    p->closed = true;
    if (p->storage_count == 0)
        return SEGENT_OK;
    p->keys = sg_alloc(p->arena.allocator, p->storage_count, sizeof(sg_named));
    if (!p->keys)
        return sg_machine_no_memory(p, p->storage_count * sizeof(sg_named));
    for (size_t i = 0; i < p->storage_count; i++)
        p->keys[i] = (sg_named){p->storages[i].key, i};
    if (!sg_sort_names(p->arena.allocator, p->keys, p->storage_count))
        return sg_machine_no_memory(p, p->storage_count * SG_SORT_BYTES);
    for (size_t i = 1; i < p->storage_count; i++) {
        const sg_storage *a = p->storages + p->keys[i - 1].index;
        const sg_storage *b = p->storages + p->keys[i].index;
        if (sg_span_compare(a->key, b->key) == 0 && (a->type != b->type || a->count != b->count))
            return sg_fail(p->context, SEGENT_ERROR_FORMAT,
                           "%s: storage '%.*s' is %lld elements of %s at one place and %lld of %s "
                           "at another",
                           p->label, SG_SPAN(a->key), (long long)a->count, a->type->name,
                           (long long)b->count, b->type->name);
    }
    return SEGENT_OK;
}
