/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Makes a table of tensors of what a pickle holds. Everything that names lead to is walked: dicts
 * by their keys, lists and tuples by their numbers, modules by their parameters, buffers and parts.
 * A tensor's name is the way to it, with points between the steps. The walk keeps a stack of its
 * own, so that no file makes it recurse. */

#include <stdio.h>
#include <string.h>

#include "modules.h"
#include "pickle.h"

enum {
    DEPTH_MAX = 64,      /* containers inside each other; what lies deeper is passed over */
    PATH_BYTES = 2048,   /* bytes of the longest name that is followed */
    BYTES_A_TENSOR = 96, /* of a pickle, at least, for each tensor or module that is listed */
    TENSORS_FREE = 1000  /* listed whatever the size of the pickle */
};

typedef enum frame_kind {
    FRAME_DICT,
    FRAME_PAIRS,
    FRAME_LIST,
    FRAME_TUPLE,
    FRAME_MODULE
} frame_kind;

/* A container that is being walked. */
typedef struct frame {
    frame_kind kind;
    sg_value container;
    sg_cursor cursor;
    uint32_t index;  /* of the next item of a list or tuple; of a module's next part */
    size_t length;   /* of the path to it, with the point behind it */
    uint64_t before; /* tensors and modules that were listed when it was entered */
} frame;

typedef struct walk {
    sg_pickle *pickle;
    segent_checkpoint *checkpoint;
    uint64_t entries;      /* tensors and modules listed */
    size_t arrays;         /* NumPy's, passed over */
    sg_words barren;       /* a bit for each tuple that led to nothing */
    size_t depth, wrapper; /* bytes at the beginning of every name so far that are no part of it */
    frame frames[DEPTH_MAX];
    char path[PATH_BYTES];
} walk;

/* ---- names ---- */

static segent_status fail_format(const walk *w, const char *what)
{
    return sg_fail(w->pickle->owner.context, SEGENT_ERROR_FORMAT, "%s: %s", w->pickle->label, what);
}

/* Puts a step behind the path of the topmost frame; false: it does not fit. */
static bool step_to(walk *w, sg_span step, size_t *length)
{
    const size_t begin = w->frames[w->depth - 1].length;
    if (step.length >= PATH_BYTES - begin)
        return false;
    memcpy(w->path + begin, step.text, step.length);
    *length = begin + step.length;
    return true;
}

/* Keeps the path's first `length` bytes with the checkpoint. */
static segent_status keep_path(walk *w, size_t length, sg_span *name)
{
    segent_context *context = w->pickle->owner.context;
    const uint64_t most = w->pickle->position / BYTES_A_TENSOR + TENSORS_FREE;
    if (++w->entries > most)
        return sg_fail(context, SEGENT_ERROR_LIMIT,
                       "%s: more than %llu tensors and modules in a pickle of %zu bytes",
                       w->pickle->label, (unsigned long long)most, w->pickle->position);
    const segent_status status = sg_checkpoint_charge(context, w->checkpoint, length + 1);
    if (status != SEGENT_OK)
        return status;
    char *text = sg_arena_take(&w->checkpoint->paths, length + 1);
    if (!text)
        return sg_fail_memory(context, "the names of tensors", length + 1);
    memcpy(text, w->path, length);
    text[length] = '\0';
    *name = (sg_span){text, length};
    return SEGENT_OK;
}

/* Shortens the beginning that all names so far have in common to what this tensor's path shares
 * with it. It ends with a whole step into a dict, list or tuple. */
static void narrow_wrapper(walk *w)
{
    const sg_span first = w->checkpoint->tensors[0].name;
    size_t common = 0;
    for (size_t i = 0; i < w->depth && w->frames[i].length <= w->wrapper; i++) {
        const size_t length = w->frames[i].length;
        if (length > first.length || memcmp(first.text, w->path, length) != 0)
            break;
        common = length;
        if (w->frames[i].kind == FRAME_MODULE)
            break;
    }
    w->wrapper = common;
}

/* ---- what is found ---- */

static segent_status add_tensor(walk *w, const sg_call *call, sg_span key)
{
    size_t length = 0;
    sg_stored_tensor tensor = {.rank = 0};
    if (key.length == 0)
        return fail_format(w, "a tensor has no name");
    if (!step_to(w, key, &length))
        return sg_fail(w->pickle->owner.context, SEGENT_ERROR_FORMAT,
                       "%s: a tensor's name has more than %d bytes", w->pickle->label, PATH_BYTES);
    segent_status status = keep_path(w, length, &tensor.name);
    if (status == SEGENT_OK)
        status = sg_tensor_read(w->pickle, call, &tensor);
    if (status == SEGENT_OK)
        status = sg_table_add(w->pickle->owner.context, w->checkpoint, &tensor);
    if (status == SEGENT_OK && w->checkpoint->count == 1)
        w->wrapper = length;
    if (status == SEGENT_OK) {
        w->checkpoint->tensors[w->checkpoint->count - 1].name = tensor.name;
        narrow_wrapper(w);
    }
    return status;
}

static bool is_walked(const walk *w, sg_value container)
{
    for (size_t i = 0; i < w->depth; i++) {
        if (w->frames[i].container == container)
            return true;
    }
    return false;
}

/* Whether a tuple led to nothing, so that it need not be walked again however many containers hold
 * it. */
static bool is_barren(const walk *w, sg_value container)
{
    const uint32_t at = sg_value_payload(container);
    return sg_tuple_count(w->pickle, container) > 0 && sg_words_has(&w->barren, at / 32) &&
           (*sg_words_at(&w->barren, at / 32) >> at % 32 & 1) != 0;
}

/* Leaves the topmost container. What was put into it is forgotten if it led to nothing. */
static segent_status leave(walk *w)
{
    const frame *top = w->frames + --w->depth;
    const uint32_t at = sg_value_payload(top->container);
    if (w->depth == 0 || top->before != w->entries || top->kind == FRAME_MODULE)
        return SEGENT_OK;
    if (sg_tuple_count(w->pickle, top->container) < 0) {
        sg_container_forget(w->pickle, top->container);
        return SEGENT_OK;
    }
    const bool has = sg_words_has(&w->barren, at / 32);
    const uint32_t known = has ? *sg_words_at(&w->barren, at / 32) : 0;
    return sg_words_set(w->pickle->owner, &w->barren, at / 32, known | 1u << at % 32);
}

static void enter(walk *w, frame_kind kind, sg_value container, size_t length)
{
    if (w->depth == DEPTH_MAX || is_walked(w, container) || is_barren(w, container))
        return;
    w->frames[w->depth++] = (frame){.kind = kind,
                                    .container = container,
                                    .cursor = sg_container_first(w->pickle, container),
                                    .length = length,
                                    .before = w->entries};
}

/* Enters an object that is a module, an OrderedDict as Python 2 writes it, or something that has
 * items as a dict has them. All other objects are passed over. */
static segent_status enter_object(walk *w, sg_value object, const sg_call *call, size_t length)
{
    sg_pickle *p = w->pickle;
    sg_span module, name;
    const sg_value state = sg_module_state(p, object);
    if (state) {
        sg_span path = {NULL, 0};
        const size_t depth = w->depth;
        enter(w, FRAME_MODULE, object, length);
        if (w->depth == depth)
            return SEGENT_OK;
        const segent_status status = keep_path(w, length > 0 ? length - 1 : 0, &path);
        return status != SEGENT_OK ? status : sg_module_add(p, state, path);
    }
    if (sg_value_is_global(p, call->callee, "collections", "OrderedDict") &&
        sg_tuple_count(p, call->arguments) == 1) {
        enter(w, FRAME_PAIRS, sg_tuple_item(p, call->arguments, 0), length);
        return SEGENT_OK;
    }
    if (sg_value_global(p, call->callee, &module, &name) && module.length >= 5 &&
        memcmp(module.text, "numpy", 5) == 0 && sg_span_is(name, "_reconstruct"))
        w->arrays++;
    enter(w, FRAME_DICT, object, length);
    return SEGENT_OK;
}

/* Looks at the value that `key` leads to. `named`: the key is a text, which a tensor needs. */
static segent_status visit(walk *w, sg_span key, bool named, sg_value value)
{
    sg_call call;
    size_t length = 0;
    const sg_tag tag = sg_value_tag(value);
    const bool object = sg_call_of(w->pickle, value, &call);
    if (object && sg_call_is_tensor(w->pickle, &call))
        return named ? add_tensor(w, &call, key) : SEGENT_OK;
    if (tag != SG_DICT && tag != SG_LIST && tag != SG_OBJECT &&
        sg_tuple_count(w->pickle, value) < 1)
        return SEGENT_OK;
    if (!step_to(w, key, &length) || length + 1 >= PATH_BYTES)
        return SEGENT_OK;
    w->path[length++] = '.';
    if (object)
        return enter_object(w, value, &call, length);
    if (tag != SG_PERSISTENT)
        enter(w,
              tag == SG_DICT   ? FRAME_DICT
              : tag == SG_LIST ? FRAME_LIST
                               : FRAME_TUPLE,
              value, length);
    return SEGENT_OK;
}

/* ---- the walk ---- */

/* Reads a pair of the list of pairs that Python 2 writes for an OrderedDict. */
static bool read_pair(sg_pickle *p, sg_value pair, sg_value *key, sg_value *value)
{
    if (sg_tuple_count(p, pair) == 2) {
        *key = sg_tuple_item(p, pair, 0);
        *value = sg_tuple_item(p, pair, 1);
        return true;
    }
    sg_cursor cursor = sg_container_first(p, pair);
    return sg_container_next(p, &cursor, key) && sg_container_next(p, &cursor, value);
}

/* Takes the next key and value of the topmost frame. False: there is none left. */
static bool next_item(walk *w, frame *top, sg_value *key, sg_value *value)
{
    static const char *const parts[] = {"_parameters", "_buffers", "_modules"};
    sg_pickle *p = w->pickle;
    sg_value pair;
    *key = 0;
    switch (top->kind) {
    case FRAME_DICT:
        return sg_container_next(p, &top->cursor, key) && sg_container_next(p, &top->cursor, value);
    case FRAME_PAIRS:
        if (!sg_container_next(p, &top->cursor, &pair))
            return false;
        if (!read_pair(p, pair, key, value))
            *key = *value = 0;
        return true;
    case FRAME_LIST:
        return sg_container_next(p, &top->cursor, value);
    case FRAME_TUPLE:
        p->work++;
        if (top->index >= sg_tuple_count(p, top->container))
            return false;
        *value = sg_tuple_item(p, top->container, top->index);
        return true;
    default:
        if (top->index >= sizeof(parts) / sizeof(parts[0]))
            return false;
        *value = sg_dict_find(p, sg_module_state(p, top->container), parts[top->index]);
        return true;
    }
}

static segent_status step(walk *w)
{
    frame *top = w->frames + w->depth - 1;
    sg_value key = 0, value = 0;
    sg_span text;
    char number[16];
    if (!next_item(w, top, &key, &value))
        return leave(w);
    const uint32_t index = top->index++;
    switch (top->kind) {
    case FRAME_MODULE: { /* the dicts of a module are no step of a name */
        sg_call call;
        if (sg_call_of(w->pickle, value, &call))
            return enter_object(w, value, &call, top->length);
        if (sg_value_tag(value) == SG_DICT)
            enter(w, FRAME_DICT, value, top->length);
        return SEGENT_OK;
    }
    case FRAME_LIST:
    case FRAME_TUPLE:
        text = (sg_span){number, (size_t)snprintf(number, sizeof(number), "%u", (unsigned)index)};
        return visit(w, text, false, value);
    default:
        return sg_value_text(w->pickle, key, &text) ? visit(w, text, true, value) : SEGENT_OK;
    }
}

/* Walks until the stack is empty. Making a walk look at the same container again and again costs a
 * pickle hardly any bytes, so the work is limited. */
static segent_status run(walk *w)
{
    const uint64_t most = 16 * (uint64_t)w->pickle->position + 65536;
    while (w->depth > 0) {
        const segent_status status = step(w);
        if (status != SEGENT_OK)
            return status;
        if (w->pickle->work > most)
            return fail_format(w, "its dicts and lists hold each other so often that it cannot be "
                                  "a checkpoint");
    }
    return SEGENT_OK;
}

/* ---- the whole ---- */

static segent_status found_nothing(const walk *w, sg_value value)
{
    const char *what = sg_value_name(w->pickle, value);
    if (w->arrays > 0)
        return fail_format(w, "holds numpy arrays, not torch's tensors; make tensors of them with "
                              "torch.from_numpy() and save those with torch.save()");
    if (sg_value_tag(value) == SG_DICT)
        return fail_format(w, "no state dict found: no name in it leads to a tensor");
    return sg_fail(
        w->pickle->owner.context, SEGENT_ERROR_FORMAT,
        "%s: holds %s, where a state dict (a dict of named tensors), or something with one in "
        "it, was expected",
        w->pickle->label, what);
}

/* The part of a name behind what all tensors share. */
static sg_span own_name(const walk *w, sg_span name)
{
    const size_t shared = w->wrapper < name.length ? w->wrapper : name.length;
    return (sg_span){name.text + shared, name.length - shared};
}

segent_status sg_state_collect(sg_pickle *pickle, sg_value value, segent_checkpoint *checkpoint)
{
    segent_context *context = pickle->owner.context;
    walk *w = sg_alloc_zero(&checkpoint->allocator, 1, sizeof(*w));
    if (!w)
        return sg_fail_memory(context, "a walk through a pickle", sizeof(*w));
    w->pickle = pickle;
    w->checkpoint = checkpoint;
    w->frames[0].kind = FRAME_TUPLE; /* a tuple without items, so that the root has a path */
    w->frames[0].container = SG_TUPLE0;
    w->depth = 1;
    segent_status status = visit(w, (sg_span){"", 0}, false, value);
    /* The root's own step has no name. */
    if (w->depth == 2)
        w->frames[1].length = 0;
    if (status == SEGENT_OK)
        status = run(w);
    if (status == SEGENT_OK && checkpoint->count == 0)
        status = found_nothing(w, value);
    for (size_t i = 0; status == SEGENT_OK && i < checkpoint->count; i++)
        checkpoint->tensors[i].name = own_name(w, checkpoint->tensors[i].name);
    for (size_t i = 0; status == SEGENT_OK && i < checkpoint->module_count; i++)
        checkpoint->modules[i].name = own_name(w, checkpoint->modules[i].name);
    if (status == SEGENT_OK)
        sg_log(context, SEGENT_LOG_DEBUG, "%s: %zu tensors, %zu modules with attributes",
               pickle->label, checkpoint->count, checkpoint->module_count);
    sg_words_release(pickle->owner, &w->barren);
    sg_free(&checkpoint->allocator, w);
    return status;
}
