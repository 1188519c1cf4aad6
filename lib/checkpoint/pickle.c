/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The pickle machine: its opcodes, stack, marks, memo and containers. */

#include <string.h>

#include "machine.h"

enum { NEWEST_PROTOCOL = 5, LINE_MAX = 1 << 20 };

/* ---- errors and operands ---- */

segent_status sg_machine_damaged(const sg_pickle *p, const char *what)
{
    return sg_fail(p->owner.context, SEGENT_ERROR_FORMAT, "%s: damaged pickle: %s, before byte %zu",
                   p->label, what, p->origin + p->position);
}

segent_status sg_machine_take(sg_pickle *p, size_t size, const unsigned char **bytes)
{
    if (p->size - p->position < size)
        return sg_fail(p->owner.context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: the pickle that begins at byte %zu needs %zu bytes at byte "
                       "%zu and %zu are there",
                       p->label, p->origin, size, p->origin + p->position, p->size - p->position);
    if (size > SG_PICKLE_MAX - p->position)
        return sg_fail(p->owner.context, SEGENT_ERROR_LIMIT,
                       "%s: the pickle that begins at byte %zu has more than %d bytes", p->label,
                       p->origin, SG_PICKLE_MAX);
    *bytes = p->data + p->position;
    p->position += size;
    return SEGENT_OK;
}

segent_status sg_machine_take_line(sg_pickle *p, size_t most, sg_span *line)
{
    const unsigned char *text = p->data + p->position;
    const size_t left = p->size - p->position;
    const size_t window = left < most + 1 ? left : most + 1;
    const unsigned char *stop = window ? memchr(text, '\n', window) : NULL;
    if (!stop && window == left)
        return sg_fail(p->owner.context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: the file ends in a line of a pickle at byte %zu", p->label,
                       p->origin + p->position);
    if (!stop)
        return sg_machine_damaged(p, "the name of a global is too long, or another line");
    *line = (sg_span){(const char *)text, (size_t)(stop - text)};
    return sg_machine_take(p, line->length + 1, &text);
}

/* Takes a little-endian operand of 1, 2, 4 or 8 bytes. */
static segent_status take_number(sg_pickle *p, size_t size, uint64_t *number)
{
    const unsigned char *bytes = NULL;
    const segent_status status = sg_machine_take(p, size, &bytes);
    if (status == SEGENT_OK)
        *number = size == 1   ? bytes[0]
                  : size == 2 ? sg_le16(bytes)
                  : size == 4 ? sg_le32(bytes)
                              : sg_le64(bytes);
    return status;
}

/* ---- the stack ---- */

segent_status sg_machine_push(sg_pickle *p, sg_value value)
{
    return sg_words_push(p->owner, &p->stack, value);
}

/* The number of values above the innermost mark, which no opcode may reach across. */
static uint32_t available(const sg_pickle *p)
{
    const uint32_t marks = p->marks.count;
    return p->stack.count - (marks > 0 ? *sg_words_at(&p->marks, marks - 1) : 0);
}

segent_status sg_machine_need(const sg_pickle *p, uint32_t count)
{
    if (available(p) < count)
        return sg_machine_damaged(p, "an opcode takes more values than the stack holds");
    return SEGENT_OK;
}

segent_status sg_machine_pop_mark(sg_pickle *p, uint32_t *count)
{
    if (p->marks.count == 0)
        return sg_machine_damaged(p, "an opcode looks for a mark where there is none");
    *count = available(p);
    p->marks.count--;
    return SEGENT_OK;
}

static segent_status pop(sg_pickle *p, uint32_t count)
{
    const segent_status status = sg_machine_need(p, count);
    if (status == SEGENT_OK)
        p->stack.count -= count;
    return status;
}

static segent_status op_pop(sg_pickle *p)
{
    /* Python's POP on a bare mark takes the mark away. */
    if (available(p) == 0 && p->marks.count > 0) {
        p->marks.count--;
        return SEGENT_OK;
    }
    return pop(p, 1);
}

static segent_status op_duplicate(sg_pickle *p)
{
    const segent_status status = sg_machine_need(p, 1);
    return status != SEGENT_OK ? status : sg_machine_push(p, sg_machine_peek(p, 0));
}

/* ---- containers ---- */

segent_status sg_machine_tuple(sg_pickle *p, uint32_t count)
{
    segent_status status = sg_machine_need(p, count);
    const uint32_t at = p->tuples.count;
    if (status == SEGENT_OK && count > 3)
        status = sg_words_push(p->owner, &p->tuples, count);
    if (status == SEGENT_OK)
        status = sg_words_move(p->owner, &p->stack, p->stack.count - count, &p->tuples);
    if (status != SEGENT_OK)
        return status;
    return sg_machine_push(p, count == 0  ? sg_value_make(SG_TUPLE0, 0)
                              : count > 3 ? sg_value_make(SG_TUPLE, at)
                                          : sg_value_make(SG_TUPLE0 + count, at));
}

static segent_status op_tuple(sg_pickle *p)
{
    uint32_t count = 0;
    const segent_status status = sg_machine_pop_mark(p, &count);
    return status != SEGENT_OK ? status : sg_machine_tuple(p, count);
}

segent_status sg_machine_container(sg_pickle *p, sg_tag tag)
{
    return sg_machine_push(p, sg_value_make(tag, p->containers++));
}

/* Adds the `count` topmost values to the list or dict below them. */
static segent_status extend(sg_pickle *p, sg_tag tag, uint32_t count)
{
    const segent_status status = sg_machine_need(p, count + 1);
    if (status != SEGENT_OK)
        return status;
    const sg_value container = sg_machine_peek(p, count);
    const sg_tag found = sg_value_tag(container);
    if (found == SG_SET && tag == SG_SET)
        return pop(p, count);
    if (found != tag && found != SG_OBJECT)
        return sg_machine_damaged(p, tag == SG_LIST  ? "something is appended to what is not a list"
                                     : tag == SG_SET ? "something is added to what is not a set"
                                                     : "an item is set in what is not a dict");
    if (tag == SG_DICT && count % 2 != 0)
        return sg_machine_damaged(p, "a dict's last key has no value");
    for (uint32_t i = 1; tag == SG_DICT && i < count; i += 2) {
        const sg_tag key = sg_value_tag(sg_machine_peek(p, i));
        if (key == SG_LIST || key == SG_DICT)
            return sg_machine_damaged(p, "a dict's key is a list or a dict");
    }
    /* What is appended to an object is not kept: only lists hold what a name can lead to. */
    if (count == 0 || (found == SG_OBJECT && tag != SG_DICT))
        return pop(p, count);
    return sg_machine_log(p, container,
                          count == 1   ? SG_LOG_ONE
                          : count == 2 ? SG_LOG_TWO
                                       : SG_LOG_MANY,
                          count);
}

static segent_status extend_from_mark(sg_pickle *p, sg_tag tag)
{
    uint32_t count = 0;
    const segent_status status = sg_machine_pop_mark(p, &count);
    return status != SEGENT_OK ? status : extend(p, tag, count);
}

/* LIST and DICT of protocol 0: makes a container of the values above the mark. */
static segent_status op_collect(sg_pickle *p, sg_tag tag)
{
    uint32_t count = 0;
    segent_status status = sg_machine_pop_mark(p, &count);
    if (status == SEGENT_OK && tag == SG_DICT && count % 2 != 0)
        return sg_machine_damaged(p, "a dict's last key has no value");
    const sg_value container = sg_value_make(tag, p->containers);
    if (status == SEGENT_OK && count > 0)
        status = sg_machine_log(p, container, SG_LOG_MANY, count);
    return status != SEGENT_OK ? status : sg_machine_container(p, tag);
}

static segent_status op_frozen_set(sg_pickle *p)
{
    uint32_t count = 0;
    segent_status status = sg_machine_pop_mark(p, &count);
    if (status == SEGENT_OK)
        status = pop(p, count);
    return status != SEGENT_OK ? status : sg_machine_push(p, sg_value_make(SG_SET, 0));
}

/* ---- scalars and strings: they stay where they are ---- */

/* Pushes a scalar whose opcode is at `begin`. */
static segent_status push_scalar(sg_pickle *p, size_t begin)
{
    return sg_machine_push(p, sg_value_make(SG_SCALAR, begin));
}

static segent_status op_scalar(sg_pickle *p, size_t size)
{
    const size_t begin = p->position - 1;
    const unsigned char *bytes = NULL;
    const segent_status status = sg_machine_take(p, size, &bytes);
    return status != SEGENT_OK ? status : push_scalar(p, begin);
}

/* Pushes a scalar whose bytes follow a length of `size` bytes. */
static segent_status op_sized(sg_pickle *p, size_t size)
{
    const size_t begin = p->position - 1;
    const unsigned char *bytes = NULL;
    uint64_t length = 0;
    segent_status status = take_number(p, size, &length);
    if (status == SEGENT_OK)
        status = sg_machine_take(p, length < SIZE_MAX ? (size_t)length : SIZE_MAX, &bytes);
    return status != SEGENT_OK ? status : push_scalar(p, begin);
}

static segent_status op_line(sg_pickle *p)
{
    const size_t begin = p->position - 1;
    sg_span line;
    const segent_status status = sg_machine_take_line(p, LINE_MAX, &line);
    return status != SEGENT_OK ? status : push_scalar(p, begin);
}

/* ---- memo ---- */

static bool is_stored(const sg_pickle *p, uint64_t index)
{
    return index < SG_PICKLE_MAX && sg_words_has(&p->memo, (uint32_t)index) &&
           *sg_words_at(&p->memo, (uint32_t)index) != 0;
}

static segent_status put(sg_pickle *p, uint64_t index)
{
    const segent_status status = sg_machine_need(p, 1);
    if (status != SEGENT_OK)
        return status;
    /* Indices count up from 0 or 1 and each takes an opcode, so an honest one is never larger. */
    if (index > p->position)
        return sg_machine_damaged(p, "a memo index is larger than the number of bytes so far");
    p->memo_entries += !is_stored(p, index);
    return sg_words_set(p->owner, &p->memo, (uint32_t)index, sg_machine_peek(p, 0));
}

static segent_status get(sg_pickle *p, uint64_t index)
{
    if (!is_stored(p, index))
        return sg_machine_damaged(p, "an opcode asks for a memo that was never stored");
    return sg_machine_push(p, *sg_words_at(&p->memo, (uint32_t)index));
}

typedef segent_status (*memo_fn)(sg_pickle *p, uint64_t index);

static segent_status op_memo(sg_pickle *p, size_t size, memo_fn function)
{
    uint64_t index = 0;
    const segent_status status = take_number(p, size, &index);
    return status != SEGENT_OK ? status : function(p, index);
}

/* GET and PUT of protocol 0, whose index is a line of digits. */
static segent_status op_memo_line(sg_pickle *p, memo_fn function)
{
    sg_span line = {NULL, 0};
    uint64_t index = 0;
    const segent_status status = sg_machine_take_line(p, 10, &line);
    if (status != SEGENT_OK)
        return status;
    for (size_t i = 0; i < line.length; i++) {
        if (line.text[i] < '0' || line.text[i] > '9')
            return sg_machine_damaged(p, "a memo index is not a number");
        index = index * 10 + (uint64_t)(line.text[i] - '0');
    }
    return function(p, index);
}

/* ---- the machine ---- */

static segent_status op_protocol(sg_pickle *p)
{
    uint64_t protocol = 0;
    const segent_status status = take_number(p, 1, &protocol);
    if (status != SEGENT_OK || protocol <= NEWEST_PROTOCOL)
        return status;
    return sg_fail(p->owner.context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: the pickle has protocol %u; protocols up to %d are read", p->label,
                   (unsigned)protocol, NEWEST_PROTOCOL);
}

static segent_status op_frame(sg_pickle *p)
{
    uint64_t bytes = 0; /* of the frame; its opcodes are read one by one like all others */
    return take_number(p, 8, &bytes);
}

static segent_status unknown(const sg_pickle *p, unsigned char opcode)
{
    return sg_fail(p->owner.context, SEGENT_ERROR_FORMAT,
                   "%s: the pickle has opcode 0x%02x at byte %zu, which torch.save does not write",
                   p->label, opcode, p->origin + p->position - 1);
}

/* Does an opcode that makes a value that stays where it lies in the file. */
static segent_status step_scalar(sg_pickle *p, unsigned char opcode)
{
    switch (opcode) {
    case OP_NONE:
    case OP_NEWTRUE:
    case OP_NEWFALSE:
        return op_scalar(p, 0);
    case OP_BININT1:
        return op_scalar(p, 1);
    case OP_BININT2:
        return op_scalar(p, 2);
    case OP_BININT:
        return op_scalar(p, 4);
    case OP_BINFLOAT:
        return op_scalar(p, 8);
    case OP_LONG1:
    case OP_SHORT_BINSTRING:
    case OP_SHORT_BINUNICODE:
    case OP_SHORT_BINBYTES:
        return op_sized(p, 1);
    case OP_LONG4:
    case OP_BINSTRING:
    case OP_BINUNICODE:
    case OP_BINBYTES:
        return op_sized(p, 4);
    case OP_BINUNICODE8:
    case OP_BINBYTES8:
    case OP_BYTEARRAY8:
        return op_sized(p, 8);
    case OP_INT:
    case OP_LONG:
    case OP_FLOAT:
    case OP_STRING:
    case OP_UNICODE:
        return op_line(p);
    default:
        return unknown(p, opcode);
    }
}

static segent_status step_container(sg_pickle *p, unsigned char opcode)
{
    switch (opcode) {
    case OP_EMPTY_TUPLE:
        return sg_machine_tuple(p, 0);
    case OP_TUPLE1:
    case OP_TUPLE2:
    case OP_TUPLE3:
        return sg_machine_tuple(p, opcode - (uint32_t)OP_TUPLE1 + 1);
    case OP_TUPLE:
        return op_tuple(p);
    case OP_EMPTY_LIST:
        return sg_machine_container(p, SG_LIST);
    case OP_EMPTY_DICT:
        return sg_machine_container(p, SG_DICT);
    case OP_EMPTY_SET:
        return sg_machine_push(p, sg_value_make(SG_SET, 0));
    case OP_LIST:
        return op_collect(p, SG_LIST);
    case OP_DICT:
        return op_collect(p, SG_DICT);
    case OP_FROZENSET:
        return op_frozen_set(p);
    case OP_APPEND:
        return extend(p, SG_LIST, 1);
    case OP_APPENDS:
        return extend_from_mark(p, SG_LIST);
    case OP_SETITEM:
        return extend(p, SG_DICT, 2);
    case OP_SETITEMS:
        return extend_from_mark(p, SG_DICT);
    case OP_ADDITEMS:
        return extend_from_mark(p, SG_SET);
    default:
        return step_scalar(p, opcode);
    }
}

static segent_status step(sg_pickle *p, unsigned char opcode)
{
    switch (opcode) {
    case OP_PROTO:
        return op_protocol(p);
    case OP_FRAME:
        return op_frame(p);
    case OP_MARK:
        return sg_words_push(p->owner, &p->marks, p->stack.count);
    case OP_POP:
        return op_pop(p);
    case OP_POP_MARK: {
        uint32_t count = 0;
        const segent_status status = sg_machine_pop_mark(p, &count);
        return status != SEGENT_OK ? status : pop(p, count);
    }
    case OP_DUP:
        return op_duplicate(p);
    case OP_PUT:
        return op_memo_line(p, put);
    case OP_BINPUT:
    case OP_LONG_BINPUT:
        return op_memo(p, opcode == OP_BINPUT ? 1 : 4, put);
    case OP_MEMOIZE:
        return put(p, p->memo_entries);
    case OP_GET:
        return op_memo_line(p, get);
    case OP_BINGET:
    case OP_LONG_BINGET:
        return op_memo(p, opcode == OP_BINGET ? 1 : 4, get);
    case OP_GLOBAL:
        return sg_machine_global(p);
    case OP_STACK_GLOBAL:
        return sg_machine_stack_global(p);
    case OP_INST:
        return sg_machine_instance(p);
    case OP_OBJ:
        return sg_machine_object(p);
    case OP_REDUCE:
    case OP_NEWOBJ:
    case OP_NEWOBJ_EX:
        return sg_machine_call(p, opcode);
    case OP_BUILD:
        return sg_machine_build(p);
    case OP_BINPERSID:
        return sg_machine_persistent(p);
    default:
        return step_container(p, opcode);
    }
}

/* Frees what only the machine needs, and keeps the values that it leaves behind. */
static void release_machine(sg_pickle *p)
{
    sg_words_release(p->owner, &p->stack);
    sg_words_release(p->owner, &p->marks);
    sg_words_release(p->owner, &p->memo);
    sg_words_release(p->owner, &p->seen);
}

static segent_status run(sg_pickle *p, sg_value *value)
{
    for (;;) {
        const unsigned char *opcode = NULL;
        segent_status status = sg_checkpoint_check_cancelled(p->owner.context, p->owner.checkpoint);
        if (status == SEGENT_OK)
            status = sg_machine_take(p, 1, &opcode);
        if (status == SEGENT_OK && *opcode == OP_STOP)
            break;
        if (status == SEGENT_OK)
            status = step(p, *opcode);
        if (status != SEGENT_OK)
            return status;
    }
    if (p->marks.count != 0 || p->stack.count != 1)
        return sg_machine_damaged(p, "it does not end with exactly one value");
    *value = sg_machine_peek(p, 0);
    release_machine(p);
    return sg_log_finish(p);
}

segent_status sg_pickle_load(segent_context *context, segent_checkpoint *checkpoint,
                             const unsigned char *data, size_t size, bool plain, sg_pickle *pickle,
                             sg_value *value)
{
    const uintptr_t base = (uintptr_t)checkpoint->data, at = (uintptr_t)data;
    const bool inside = at >= base && at - base <= checkpoint->size;
    *pickle = (sg_pickle){.owner = {context, checkpoint},
                          .label = checkpoint->label,
                          .data = data,
                          .size = size,
                          .origin = inside ? (size_t)(at - base) : 0,
                          .plain = plain};
    return run(pickle, value);
}

void sg_pickle_close(sg_pickle *p)
{
    release_machine(p);
    sg_words_release(p->owner, &p->tuples);
    sg_words_release(p->owner, &p->log);
    sg_words_release(p->owner, &p->used);
    sg_words_release(p->owner, &p->ranks);
    sg_words_release(p->owner, &p->heads);
    sg_words_release(p->owner, &p->persistent);
    sg_free(&p->owner.checkpoint->allocator, p->storages);
    p->storages = NULL;
    p->storage_count = 0;
}
