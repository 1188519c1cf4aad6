/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The part of the pickle machine that would run code if this were Python: globals, calls, state and
 * persistent ids. Here each of them becomes a value, and the few names that only an attack needs
 * are refused. */

#include <string.h>

#include "machine.h"
#include "opaque.h"

/* ---- globals ---- */

static segent_status forbidden(const sg_pickle *p, sg_span module, sg_span name)
{
    return sg_fail(p->owner.context, SEGENT_ERROR_FORBIDDEN,
                   "%s: the pickle asks for %.*s.%.*s, which no checkpoint needs and which could "
                   "run programs when Python loads the file",
                   p->label, SG_SPAN(module), SG_SPAN(name));
}

static segent_status check_global(sg_pickle *p, sg_span module, sg_span name)
{
    if (module.length == 0 || name.length == 0 || !sg_span_is_text(module) ||
        !sg_span_is_text(name))
        return sg_machine_damaged(p, "the name of a global is not text");
    if (module.length > SG_GLOBAL_NAME_MAX || name.length > SG_GLOBAL_NAME_MAX)
        return sg_machine_damaged(p, "the name of a global is too long");
    if (sg_global_denied(module, name))
        return forbidden(p, module, name);
    return sg_global_known(module, name) ? SEGENT_OK : sg_opaque_add(p->owner, module, name);
}

/* Reads a module and a name, each on a line of its own, and makes a global that lies where the
 * opcode before them is. */
static segent_status take_global(sg_pickle *p, sg_value *global)
{
    const size_t begin = p->position - 1;
    sg_span module, name;
    segent_status status = sg_machine_take_line(p, SG_GLOBAL_NAME_MAX, &module);
    if (status == SEGENT_OK)
        status = sg_machine_take_line(p, SG_GLOBAL_NAME_MAX, &name);
    if (status == SEGENT_OK)
        status = check_global(p, module, name);
    if (status == SEGENT_OK)
        *global = sg_value_make(SG_GLOBAL, begin);
    return status;
}

segent_status sg_machine_global(sg_pickle *p)
{
    sg_value global = 0;
    const segent_status status = take_global(p, &global);
    return status != SEGENT_OK ? status : sg_machine_push(p, global);
}

/* STACK_GLOBAL: the module and the name are the two topmost values. */
segent_status sg_machine_stack_global(sg_pickle *p)
{
    sg_span module, name;
    segent_status status = sg_machine_need(p, 2);
    if (status != SEGENT_OK)
        return status;
    if (!sg_value_text(p, sg_machine_peek(p, 1), &module) ||
        !sg_value_text(p, sg_machine_peek(p, 0), &name))
        return sg_machine_damaged(p, "the name of a global is not text");
    status = check_global(p, module, name);
    if (status == SEGENT_OK)
        status = sg_machine_tuple(p, 2);
    if (status != SEGENT_OK)
        return status;
    const sg_value pair = sg_machine_peek(p, 0);
    p->stack.count--;
    return sg_machine_push(p, sg_value_make(SG_GLOBAL_PAIR, sg_value_payload(pair)));
}

/* ---- calls ---- */

/* Whether an attribute of what a value stands for is one that only an attack needs. An attribute of
 * a module or class is judged as if the pickle had named both together as a global. */
static bool is_denied_attribute(const sg_pickle *p, sg_value owner, sg_span attribute)
{
    char joined[2 * SG_GLOBAL_NAME_MAX + 1];
    sg_span module = {"getattr", 7}, name = {NULL, 0};
    if (!sg_value_global(p, owner, &module, &name))
        return sg_global_denied(module, attribute);
    memcpy(joined, name.text, name.length);
    joined[name.length] = '.';
    memcpy(joined + name.length + 1, attribute.text, attribute.length);
    return sg_global_denied(module, (sg_span){joined, name.length + 1 + attribute.length});
}

/* Judges a call of getattr: in Python it leads from anything to everything through names with two
 * underscores. */
static segent_status check_getattr(const sg_pickle *p, sg_value callee, sg_value arguments)
{
    sg_span name;
    if (!sg_value_is_global(p, callee, "builtins", "getattr") &&
        !sg_value_is_global(p, callee, "__builtin__", "getattr"))
        return SEGENT_OK;
    if (sg_tuple_count(p, arguments) < 2 ||
        !sg_value_text(p, sg_tuple_item(p, arguments, 1), &name))
        return forbidden(p, (sg_span){"builtins", 8}, (sg_span){"getattr of a computed name", 26});
    if (name.length > SG_GLOBAL_NAME_MAX)
        return sg_machine_damaged(p, "the name of an attribute is too long");
    const bool dunder = name.length >= 2 && memcmp(name.text, "__", 2) == 0;
    if (!dunder && !is_denied_attribute(p, sg_tuple_item(p, arguments, 0), name))
        return SEGENT_OK;
    return forbidden(p, (sg_span){"builtins.getattr", 16}, name);
}

/* Replaces the two topmost values, a callee and its arguments, by an object. */
static segent_status make_object(sg_pickle *p)
{
    const sg_value callee = sg_machine_peek(p, 1), arguments = sg_machine_peek(p, 0);
    const sg_tag tag = sg_value_tag(callee);
    segent_status status = check_getattr(p, callee, arguments);
    if (status != SEGENT_OK)
        return status;
    if ((tag != SG_GLOBAL && tag != SG_GLOBAL_PAIR && tag != SG_PERSISTENT && tag != SG_OBJECT) ||
        sg_tuple_count(p, arguments) < 0)
        return sg_machine_damaged(p,
                                  "something is called that is not a global, or without a tuple");
    const bool dict = sg_value_is_global(p, callee, "collections", "OrderedDict");
    if (dict && sg_value_tag(arguments) == SG_TUPLE0) {
        p->stack.count -= 2;
        return sg_machine_container(p, SG_DICT);
    }
    const sg_value object = sg_value_make(SG_OBJECT, p->containers);
    status = sg_machine_log(p, object, SG_LOG_CALL, 2);
    return status != SEGENT_OK ? status : sg_machine_container(p, SG_OBJECT);
}

segent_status sg_machine_call(sg_pickle *p, unsigned char opcode)
{
    const bool keywords = opcode == OP_NEWOBJ_EX;
    const segent_status status = sg_machine_need(p, keywords ? 3 : 2);
    if (status != SEGENT_OK)
        return status;
    if (keywords)
        p->stack.count--; /* keyword arguments are not looked at */
    return make_object(p);
}

/* INST of protocol 0: the class is named behind the opcode, and its arguments lie above the mark.
 */
segent_status sg_machine_instance(sg_pickle *p)
{
    sg_value global = 0, arguments = 0;
    uint32_t count = 0;
    segent_status status = take_global(p, &global);
    if (status == SEGENT_OK)
        status = sg_machine_pop_mark(p, &count);
    if (status == SEGENT_OK)
        status = sg_machine_tuple(p, count);
    if (status != SEGENT_OK)
        return status;
    arguments = sg_machine_peek(p, 0);
    p->stack.count--;
    status = sg_machine_push(p, global);
    if (status == SEGENT_OK)
        status = sg_machine_push(p, arguments);
    return status != SEGENT_OK ? status : make_object(p);
}

/* OBJ of protocol 1: the class and then its arguments lie above the mark. */
segent_status sg_machine_object(sg_pickle *p)
{
    uint32_t count = 0;
    segent_status status = sg_machine_pop_mark(p, &count);
    if (status == SEGENT_OK && count == 0)
        return sg_machine_damaged(p, "an opcode takes more values than the stack holds");
    if (status == SEGENT_OK)
        status = sg_machine_tuple(p, count - 1);
    return status != SEGENT_OK ? status : make_object(p);
}

/* BUILD: gives an object its state. The attributes of an OrderedDict are not looked at. */
segent_status sg_machine_build(sg_pickle *p)
{
    const segent_status status = sg_machine_need(p, 2);
    if (status != SEGENT_OK)
        return status;
    const sg_value object = sg_machine_peek(p, 1);
    if (sg_value_tag(object) == SG_OBJECT)
        return sg_machine_log(p, object, SG_LOG_STATE, 1);
    if (sg_value_tag(object) != SG_DICT)
        return sg_machine_damaged(p, "state is given to what is not an object");
    p->stack.count--;
    return SEGENT_OK;
}

/* ---- persistent ids ---- */

/* A storage's id is ("storage", type, key, location, elements); in the legacy form a view or None
 * follows. */
static bool is_storage(const sg_pickle *p, sg_value id, int64_t count)
{
    sg_span module, name, key;
    int64_t elements = 0;
    return (count == 5 || count == 6) && sg_value_is_text(p, sg_tuple_item(p, id, 0), "storage") &&
           sg_value_global(p, sg_tuple_item(p, id, 1), &module, &name) &&
           sg_value_text(p, sg_tuple_item(p, id, 2), &key) &&
           sg_value_integer(p, sg_tuple_item(p, id, 4), &elements) && elements >= 0 &&
           elements <= INT64_MAX / 16;
}

/* A class of modules has the id ("module", class, file, source) in the legacy form. */
static bool is_module(const sg_pickle *p, sg_value id, int64_t count)
{
    sg_span module, name;
    return count == 4 && sg_value_is_text(p, sg_tuple_item(p, id, 0), "module") &&
           sg_value_global(p, sg_tuple_item(p, id, 1), &module, &name);
}

/* Keeps an id unless it was seen before. */
static segent_status keep_id(sg_pickle *p, sg_value id)
{
    const uint32_t at = sg_value_payload(id) / 32, bit = 1u << sg_value_payload(id) % 32;
    const uint32_t seen = sg_words_has(&p->seen, at) ? *sg_words_at(&p->seen, at) : 0;
    if (seen & bit)
        return SEGENT_OK;
    const segent_status status = sg_words_set(p->owner, &p->seen, at, seen | bit);
    return status != SEGENT_OK ? status : sg_words_push(p->owner, &p->persistent, id);
}

segent_status sg_machine_persistent(sg_pickle *p)
{
    segent_status status = sg_machine_need(p, 1);
    if (status != SEGENT_OK)
        return status;
    const sg_value id = sg_machine_peek(p, 0);
    const int64_t count = sg_value_tag(id) == SG_TUPLE ? sg_tuple_count(p, id) : 0;
    const bool storage = is_storage(p, id, count);
    if (p->plain)
        return sg_machine_damaged(p, "a persistent id, where all storages were named before");
    if (!storage && !is_module(p, id, count))
        return sg_machine_damaged(p, "a persistent id is not that of a storage");
    const sg_value persistent = sg_value_make(SG_PERSISTENT, sg_value_payload(id));
    if (storage)
        status = keep_id(p, persistent);
    if (status != SEGENT_OK)
        return status;
    p->stack.count--;
    return sg_machine_push(p, persistent);
}

/* ---- storages ---- */

static sg_storage read_storage(const sg_pickle *p, sg_value id)
{
    sg_span module = {NULL, 0}, name = module, key = module;
    int64_t count = 0;
    (void)sg_value_global(p, sg_tuple_item(p, id, 1), &module, &name);
    (void)sg_value_text(p, sg_tuple_item(p, id, 2), &key);
    (void)sg_value_integer(p, sg_tuple_item(p, id, 4), &count);
    return (sg_storage){key, sg_storage_type_find(module, name), count, NULL};
}

static segent_status disagree(const sg_pickle *p, const sg_storage *a, const sg_storage *b)
{
    return sg_fail(p->owner.context, SEGENT_ERROR_FORMAT,
                   "%s: storage '%.*s' is %lld elements of %s at one place and %lld of %s at "
                   "another",
                   p->label, SG_SPAN(a->key), (long long)a->count,
                   a->type ? a->type->name : "another type", (long long)b->count,
                   b->type ? b->type->name : "another type");
}

/* Makes storages, one for each key, of ids that are in the order of their keys. */
static segent_status merge_storages(sg_pickle *p, const sg_named *names)
{
    for (uint32_t i = 0; i < p->persistent.count; i++) {
        const sg_storage storage =
            read_storage(p, *sg_words_at(&p->persistent, (uint32_t)names[i].index));
        const sg_storage *last = p->storage_count ? p->storages + p->storage_count - 1 : NULL;
        if (!last || sg_span_compare(last->key, storage.key) != 0)
            p->storages[p->storage_count++] = storage;
        else if (last->type != storage.type || last->count != storage.count)
            return disagree(p, last, &storage);
    }
    return SEGENT_OK;
}

static segent_status sort_storages(sg_pickle *p, sg_named *names)
{
    const size_t count = p->persistent.count;
    segent_checkpoint *checkpoint = p->owner.checkpoint;
    size_t keys = 0;
    for (uint32_t i = 0; i < count; i++)
        names[i] = (sg_named){read_storage(p, *sg_words_at(&p->persistent, i)).key, i};
    segent_status status = sg_checkpoint_sort(p->owner.context, checkpoint, names, count);
    for (size_t i = 0; i < count && status == SEGENT_OK; i++)
        keys += i == 0 || sg_span_compare(names[i - 1].name, names[i].name) != 0;
    if (status == SEGENT_OK)
        status = sg_checkpoint_charge(p->owner.context, checkpoint, keys * sizeof(sg_storage));
    if (status != SEGENT_OK)
        return status;
    p->storages = sg_alloc(&checkpoint->allocator, keys, sizeof(sg_storage));
    return p->storages ? merge_storages(p, names)
                       : sg_fail_memory(p->owner.context, "a checkpoint's storages",
                                        keys * sizeof(sg_storage));
}

segent_status sg_pickle_index_storages(sg_pickle *p)
{
    const size_t count = p->persistent.count;
    segent_checkpoint *checkpoint = p->owner.checkpoint;
    if (count == 0)
        return SEGENT_OK;
    segent_status status =
        sg_checkpoint_charge(p->owner.context, checkpoint, count * sizeof(sg_named));
    if (status != SEGENT_OK)
        return status;
    sg_named *names = sg_alloc(&checkpoint->allocator, count, sizeof(*names));
    status =
        names ? sort_storages(p, names)
              : sg_fail_memory(p->owner.context, "a checkpoint's storages", count * sizeof(*names));
    sg_free(&checkpoint->allocator, names);
    sg_words_release(p->owner, &p->persistent);
    return status;
}

sg_storage *sg_pickle_find_storage(const sg_pickle *p, sg_span key)
{
    size_t low = 0, high = p->storage_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = sg_span_compare(p->storages[middle].key, key);
        if (order == 0)
            return p->storages + middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
