/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The pickle machine: opcodes, stack, marks, memo, containers and scalars. */

#include "machine.h"

#include <string.h>

/* Opcodes of protocol 2, as Python's pickletools names them: the closed list. */
enum {
    OP_MARK = '(',
    OP_STOP = '.',
    OP_BININT = 'J',
    OP_BININT1 = 'K',
    OP_BININT2 = 'M',
    OP_LONG1 = 0x8a,
    OP_BINFLOAT = 'G',
    OP_NONE = 'N',
    OP_NEWTRUE = 0x88,
    OP_NEWFALSE = 0x89,
    OP_BINUNICODE = 'X',
    OP_EMPTY_TUPLE = ')',
    OP_EMPTY_LIST = ']',
    OP_EMPTY_DICT = '}',
    OP_TUPLE = 't',
    OP_TUPLE1 = 0x85,
    OP_TUPLE2 = 0x86,
    OP_TUPLE3 = 0x87,
    OP_APPEND = 'a',
    OP_APPENDS = 'e',
    OP_SETITEM = 's',
    OP_SETITEMS = 'u',
    OP_BINPUT = 'q',
    OP_LONG_BINPUT = 'r',
    OP_BINGET = 'h',
    OP_LONG_BINGET = 'j',
    OP_GLOBAL = 'c',
    OP_REDUCE = 'R',
    OP_NEWOBJ = 0x81,
    OP_BUILD = 'b',
    OP_BINPERSID = 'Q',
    OP_PROTO = 0x80
};

enum { STEPS_MAX = 1 << 23 /* a network of 676 tensors takes some 30,000 */ };

/* ---- errors and operands ---- */

segent_status sg_machine_damaged(const sg_pickle *p, const char *what)
{
    return sg_fail(p->context, SEGENT_ERROR_FORMAT, "%s: damaged pickle: %s, before byte %zu",
                   p->label, what, p->position);
}

segent_status sg_machine_no_memory(const sg_pickle *p, size_t bytes)
{
    return sg_fail_memory(p->context, "the values of a pickle", bytes);
}

/* The next `size` bytes. */
static segent_status take(sg_pickle *p, size_t size, const unsigned char **bytes)
{
    if (p->end - p->position < size)
        return sg_fail(p->context, SEGENT_ERROR_TRUNCATED,
                       "%s: truncated: the pickle that begins at byte %zu needs %zu bytes at byte "
                       "%zu and %zu are there",
                       p->label, p->begin, size, p->position, p->end - p->position);
    *bytes = p->data + p->position;
    p->position += size;
    return SEGENT_OK;
}

/* A little-endian operand of 1, 2 or 4 bytes. */
static segent_status take_number(sg_pickle *p, size_t size, uint32_t *number)
{
    const unsigned char *bytes = NULL;
    const segent_status status = take(p, size, &bytes);
    if (status == SEGENT_OK)
        *number = size == 1 ? bytes[0] : size == 2 ? sg_le16(bytes) : sg_le32(bytes);
    return status;
}

/* ---- the stack ---- */

segent_status sg_machine_push(sg_pickle *p, sg_value value)
{
    void *stack = p->stack;
    if (!sg_grow(p->arena.allocator, &stack, &p->stack_capacity, p->stack_count + 1, sizeof(value)))
        return sg_machine_no_memory(p, (p->stack_count + 1) * sizeof(value));
    p->stack = stack;
    p->stack[p->stack_count++] = value;
    return SEGENT_OK;
}

segent_status sg_machine_push_integer(sg_pickle *p, sg_kind kind, int64_t integer)
{
    return sg_machine_push(p, (sg_value){.kind = kind, .integer = integer});
}

/* Values above the innermost mark, which no opcode may reach across. */
static size_t available(const sg_pickle *p)
{
    return p->stack_count - (p->mark_count > 0 ? p->marks[p->mark_count - 1] : 0);
}

/* The `count` topmost values, which stay where they are. */
segent_status sg_machine_top(const sg_pickle *p, size_t count, sg_value **values)
{
    if (available(p) < count)
        return sg_machine_damaged(p, "an opcode takes more values than the stack holds");
    *values = count > 0 ? p->stack + (p->stack_count - count) : NULL;
    return SEGENT_OK;
}

static segent_status push_mark(sg_pickle *p)
{
    void *marks = p->marks;
    if (!sg_grow(p->arena.allocator, &marks, &p->mark_capacity, p->mark_count + 1, sizeof(size_t)))
        return sg_machine_no_memory(p, (p->mark_count + 1) * sizeof(size_t));
    p->marks = marks;
    p->marks[p->mark_count++] = p->stack_count;
    return SEGENT_OK;
}

/* Removes the innermost mark; `count` values lie above it. */
static segent_status pop_mark(sg_pickle *p, size_t *count)
{
    if (p->mark_count == 0)
        return sg_machine_damaged(p, "an opcode looks for a mark where there is none");
    *count = available(p);
    p->mark_count--;
    return SEGENT_OK;
}

/* ---- containers ---- */

static segent_status reserve(sg_pickle *p, sg_items *items, size_t more)
{
    const size_t needed = items->count + more;
    if (needed <= items->capacity)
        return SEGENT_OK;
    const size_t capacity = needed > items->capacity * 2 ? needed : items->capacity * 2;
    sg_value *values = sg_arena_take(&p->arena, capacity * sizeof(*values));
    if (!values)
        return sg_machine_no_memory(p, capacity * sizeof(*values));
    if (items->count > 0)
        memcpy(values, items->values, items->count * sizeof(*values));
    items->values = values;
    items->capacity = capacity;
    return SEGENT_OK;
}

/* Moves the `count` topmost values to the end of `items`. */
static segent_status move_values(sg_pickle *p, sg_items *items, size_t count)
{
    const segent_status status = reserve(p, items, count);
    if (status != SEGENT_OK || count == 0)
        return status;
    p->stack_count -= count;
    memcpy(items->values + items->count, p->stack + p->stack_count, count * sizeof(sg_value));
    items->count += count;
    return SEGENT_OK;
}

/* Replaces the `count` topmost values by a container of them. */
segent_status sg_machine_push_container(sg_pickle *p, sg_kind kind, size_t count)
{
    sg_value *values = NULL;
    segent_status status = sg_machine_top(p, count, &values);
    if (status != SEGENT_OK)
        return status;
    sg_items *items = sg_arena_take(&p->arena, sizeof(*items));
    if (!items)
        return sg_machine_no_memory(p, sizeof(*items));
    *items = (sg_items){NULL, 0, 0};
    status = move_values(p, items, count);
    return status != SEGENT_OK ? status
                               : sg_machine_push(p, (sg_value){.kind = kind, .items = items});
}

static segent_status op_tuple(sg_pickle *p)
{
    size_t count = 0;
    const segent_status status = pop_mark(p, &count);
    return status != SEGENT_OK ? status : sg_machine_push_container(p, SG_TUPLE, count);
}

/* Adds the `count` topmost values to the list or dict below them. */
static segent_status extend(sg_pickle *p, sg_kind kind, size_t count)
{
    sg_value *values = NULL;
    const segent_status status = sg_machine_top(p, count + 1, &values);
    if (status != SEGENT_OK)
        return status;
    if (values[0].kind == SG_INERT) {
        p->stack_count -= count;
        return SEGENT_OK;
    }
    if (values[0].kind != kind)
        return sg_machine_damaged(p, kind == SG_LIST ? "something is appended to what is not a list"
                                                     : "an item is set in what is not a dict");
    if (kind == SG_DICT && count % 2 != 0)
        return sg_machine_damaged(p, "a dict's last key has no value");
    for (size_t i = 1; kind == SG_DICT && i <= count; i += 2) {
        if (values[i].kind == SG_LIST || values[i].kind == SG_DICT)
            return sg_machine_damaged(p, "a dict's key is a list or a dict");
    }
    return move_values(p, values[0].items, count);
}

static segent_status extend_from_mark(sg_pickle *p, sg_kind kind)
{
    size_t count = 0;
    const segent_status status = pop_mark(p, &count);
    return status != SEGENT_OK ? status : extend(p, kind, count);
}

/* ---- scalars and strings ---- */

static segent_status op_integer(sg_pickle *p, size_t size)
{
    uint32_t number = 0;
    const segent_status status = take_number(p, size, &number);
    if (status != SEGENT_OK)
        return status;
    return sg_machine_push_integer(p, SG_INTEGER,
                                   size == 4 ? (int64_t)(int32_t)number : (int64_t)number);
}

/* Two's complement, little-endian, as short or long as its first byte says. */
static segent_status op_long(sg_pickle *p)
{
    uint32_t size = 0;
    const unsigned char *bytes = NULL;
    segent_status status = take_number(p, 1, &size);
    if (status == SEGENT_OK)
        status = take(p, size, &bytes);
    if (status != SEGENT_OK)
        return status;
    if (size > sizeof(int64_t))
        return sg_machine_push_integer(p, SG_BIG_INTEGER, 0);
    unsigned char extended[sizeof(int64_t)];
    memset(extended, size > 0 && bytes[size - 1] & 0x80 ? 0xff : 0, sizeof(extended));
    memcpy(extended, bytes, size);
    return sg_machine_push_integer(p, SG_INTEGER, (int64_t)sg_le64(extended));
}

static segent_status op_float(sg_pickle *p)
{
    const unsigned char *bytes = NULL;
    const segent_status status = take(p, sizeof(double), &bytes);
    return status != SEGENT_OK ? status : sg_machine_push_integer(p, SG_FLOAT, 0);
}

static segent_status op_string(sg_pickle *p)
{
    uint32_t length = 0;
    const unsigned char *bytes = NULL;
    segent_status status = take_number(p, 4, &length);
    if (status == SEGENT_OK)
        status = take(p, length, &bytes);
    if (status != SEGENT_OK)
        return status;
    return sg_machine_push(
        p, (sg_value){.kind = SG_STRING, .length = length, .text = (const char *)bytes});
}

/* ---- memo ---- */

static segent_status op_put(sg_pickle *p, size_t size)
{
    uint32_t index = 0;
    sg_value *value = NULL;
    segent_status status = take_number(p, size, &index);
    if (status == SEGENT_OK)
        status = sg_machine_top(p, 1, &value);
    if (status != SEGENT_OK)
        return status;
    /* Indices count up from 0 or 1, and each takes an opcode. */
    if (index > p->steps)
        return sg_machine_damaged(p, "a memo index is larger than the number of opcodes so far");
    void *memo = p->memo;
    if (!sg_grow(p->arena.allocator, &memo, &p->memo_capacity, (size_t)index + 1, sizeof(*value)))
        return sg_machine_no_memory(p, ((size_t)index + 1) * sizeof(*value));
    p->memo = memo;
    for (; p->memo_count <= index; p->memo_count++)
        p->memo[p->memo_count] = (sg_value){.kind = SG_UNSET};
    p->memo[index] = *value;
    return SEGENT_OK;
}

static segent_status op_get(sg_pickle *p, size_t size)
{
    uint32_t index = 0;
    const segent_status status = take_number(p, size, &index);
    if (status != SEGENT_OK)
        return status;
    if (index >= p->memo_count || p->memo[index].kind == SG_UNSET)
        return sg_machine_damaged(p, "an opcode asks for a memo that was never stored");
    return sg_machine_push(p, p->memo[index]);
}

/* ---- the machine ---- */

static segent_status op_protocol(sg_pickle *p)
{
    uint32_t protocol = 0;
    const segent_status status = take_number(p, 1, &protocol);
    if (status != SEGENT_OK || protocol == 2)
        return status;
    return sg_fail(p->context, SEGENT_ERROR_UNSUPPORTED,
                   "%s: the pickle has protocol %u; torch.save writes protocol 2, and only that is "
                   "read",
                   p->label, (unsigned)protocol);
}

static segent_status step(sg_pickle *p, unsigned char opcode)
{
    switch (opcode) {
    case OP_PROTO:
        return op_protocol(p);
    case OP_MARK:
        return push_mark(p);
    case OP_NONE:
        return sg_machine_push_integer(p, SG_NONE, 0);
    case OP_NEWTRUE:
    case OP_NEWFALSE:
        return sg_machine_push_integer(p, SG_BOOL, opcode == OP_NEWTRUE);
    case OP_BININT:
        return op_integer(p, 4);
    case OP_BININT1:
        return op_integer(p, 1);
    case OP_BININT2:
        return op_integer(p, 2);
    case OP_LONG1:
        return op_long(p);
    case OP_BINFLOAT:
        return op_float(p);
    case OP_BINUNICODE:
        return op_string(p);
    case OP_EMPTY_TUPLE:
        return sg_machine_push_container(p, SG_TUPLE, 0);
    case OP_EMPTY_LIST:
        return sg_machine_push_container(p, SG_LIST, 0);
    case OP_EMPTY_DICT:
        return sg_machine_push_container(p, SG_DICT, 0);
    case OP_TUPLE:
        return op_tuple(p);
    case OP_TUPLE1:
    case OP_TUPLE2:
    case OP_TUPLE3:
        return sg_machine_push_container(p, SG_TUPLE, opcode - (size_t)OP_TUPLE1 + 1);
    case OP_APPEND:
        return extend(p, SG_LIST, 1);
    case OP_APPENDS:
        return extend_from_mark(p, SG_LIST);
    case OP_SETITEM:
        return extend(p, SG_DICT, 2);
    case OP_SETITEMS:
        return extend_from_mark(p, SG_DICT);
    case OP_BINPUT:
    case OP_LONG_BINPUT:
        return op_put(p, opcode == OP_BINPUT ? 1 : 4);
    case OP_BINGET:
    case OP_LONG_BINGET:
        return op_get(p, opcode == OP_BINGET ? 1 : 4);
    case OP_GLOBAL:
        return sg_machine_global(p);
    case OP_REDUCE:
    case OP_NEWOBJ:
        return sg_machine_call(p);
    case OP_BUILD:
        return sg_machine_build(p);
    case OP_BINPERSID:
        return sg_machine_storage(p);
    default:
        return sg_fail(p->context, SEGENT_ERROR_FORMAT,
                       "%s: the pickle has opcode 0x%02x at byte %zu, which torch.save does not "
                       "write",
                       p->label, opcode, p->position - 1);
    }
}

sg_pickle sg_pickle_open(segent_context *context, const segent_checkpoint *checkpoint, size_t begin,
                         size_t end)
{
    return (sg_pickle){.context = context,
                       .label = checkpoint->label,
                       .data = checkpoint->data,
                       .position = begin,
                       .end = end,
                       .arena = {.allocator = &checkpoint->allocator}};
}

segent_status sg_pickle_load(sg_pickle *p, sg_value *value)
{
    p->begin = p->position;
    p->stack_count = p->mark_count = p->memo_count = 0;
    for (;;) {
        const unsigned char *opcode = NULL;
        segent_status status = take(p, 1, &opcode);
        if (status == SEGENT_OK && *opcode == OP_STOP)
            break;
        if (status == SEGENT_OK && ++p->steps > STEPS_MAX)
            return sg_fail(p->context, SEGENT_ERROR_FORMAT,
                           "%s: the pickle has more than %d opcodes: not a checkpoint", p->label,
                           STEPS_MAX);
        if (status == SEGENT_OK)
            status = step(p, *opcode);
        if (status != SEGENT_OK)
            return status;
    }
    if (p->mark_count != 0 || p->stack_count != 1)
        return sg_machine_damaged(p, "it does not end with exactly one value");
    *value = p->stack[0];
    return SEGENT_OK;
}

void sg_pickle_close(sg_pickle *p)
{
    const sg_allocator *allocator = p->arena.allocator;
    sg_free(allocator, p->stack);
    sg_free(allocator, p->memo);
    sg_free(allocator, p->marks);
    sg_free(allocator, p->storages);
    sg_free(allocator, p->keys);
    p->stack = p->memo = NULL;
    p->marks = NULL;
    p->storages = NULL;
    p->keys = NULL;
    sg_arena_release(&p->arena);
}

const char *sg_kind_name(sg_kind kind)
{
    static const char *const names[] = {[SG_UNSET] = "nothing",
                                        [SG_NONE] = "None",
                                        [SG_BOOL] = "a bool",
                                        [SG_INTEGER] = "an integer",
                                        [SG_BIG_INTEGER] = "an integer",
                                        [SG_FLOAT] = "a float",
                                        [SG_STRING] = "a string",
                                        [SG_TUPLE] = "a tuple",
                                        [SG_LIST] = "a list",
                                        [SG_DICT] = "a dict",
                                        [SG_GLOBAL] = "a class",
                                        [SG_STORAGE] = "a storage",
                                        [SG_TENSOR] = "a tensor",
                                        [SG_INERT] = "an object"};
    return names[kind];
}
