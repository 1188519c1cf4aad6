/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "pickle_ops.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN(pops, pushes)                  \
    {                                        \
        OPERAND_NONE, 0, pops, pushes, false \
    }
#define MARKED(pops, pushes)                \
    {                                       \
        OPERAND_NONE, 0, pops, pushes, true \
    }
#define NUMBER(width, pushes)                   \
    {                                           \
        OPERAND_NUMBER, width, 0, pushes, false \
    }
#define COUNTED(width)                      \
    {                                       \
        OPERAND_COUNTED, width, 0, 1, false \
    }
#define LINE(pushes)                      \
    {                                     \
        OPERAND_LINE, 0, 0, pushes, false \
    }

/* How each opcode of the protocols 0 to 5 is written and what it does to the stack. */
static const pickle_kind kinds[256] = {
    ['('] = PLAIN(0, 0),
    ['.'] = PLAIN(1, 0),
    ['0'] = PLAIN(1, 0),
    ['1'] = MARKED(0, 0),
    ['2'] = PLAIN(0, 1),
    ['B'] = COUNTED(4),
    ['C'] = COUNTED(1),
    ['F'] = LINE(1),
    ['G'] = NUMBER(8, 1),
    ['I'] = LINE(1),
    ['J'] = NUMBER(4, 1),
    ['K'] = NUMBER(1, 1),
    ['L'] = LINE(1),
    ['M'] = NUMBER(2, 1),
    ['N'] = PLAIN(0, 1),
    ['P'] = LINE(1),
    ['Q'] = PLAIN(1, 1),
    ['R'] = PLAIN(2, 1),
    ['S'] = LINE(1),
    ['T'] = COUNTED(4),
    ['U'] = COUNTED(1),
    ['V'] = LINE(1),
    ['X'] = COUNTED(4),
    [']'] = PLAIN(0, 1),
    ['a'] = PLAIN(2, 1),
    ['b'] = PLAIN(2, 1),
    ['d'] = MARKED(0, 1),
    ['e'] = MARKED(1, 1),
    ['g'] = LINE(1),
    ['h'] = NUMBER(1, 1),
    ['j'] = NUMBER(4, 1),
    ['l'] = MARKED(0, 1),
    ['o'] = MARKED(0, 1),
    ['p'] = LINE(0),
    ['q'] = NUMBER(1, 0),
    ['r'] = NUMBER(4, 0),
    ['s'] = PLAIN(3, 1),
    ['t'] = MARKED(0, 1),
    ['u'] = MARKED(1, 1),
    [')'] = PLAIN(0, 1),
    ['}'] = PLAIN(0, 1),
    [0x80] = NUMBER(1, 0),
    [0x81] = PLAIN(2, 1),
    [0x82] = NUMBER(1, 1),
    [0x83] = NUMBER(2, 1),
    [0x84] = NUMBER(4, 1),
    [0x85] = PLAIN(1, 1),
    [0x86] = PLAIN(2, 1),
    [0x87] = PLAIN(3, 1),
    [0x88] = PLAIN(0, 1),
    [0x89] = PLAIN(0, 1),
    [0x8a] = COUNTED(1),
    [0x8b] = COUNTED(4),
    [0x8c] = COUNTED(1),
    [0x8d] = COUNTED(8),
    [0x8e] = COUNTED(8),
    [0x8f] = PLAIN(0, 1),
    [0x90] = MARKED(1, 1),
    [0x91] = MARKED(0, 1),
    [0x92] = PLAIN(3, 1),
    [0x93] = PLAIN(2, 1),
    [0x94] = PLAIN(0, 0),
    [0x95] = NUMBER(8, 0),
    [0x96] = COUNTED(8),
    [0x97] = PLAIN(0, 1),
    [0x98] = PLAIN(1, 1),
    ['c'] = {OPERAND_TWO_LINES, 0, 0, 1, false},
    ['i'] = {OPERAND_TWO_LINES, 0, 0, 1, true},
};

const pickle_kind *pickle_kind_of(uint8_t code)
{
    return kinds + code;
}

/* ---- lists ---- */

struct pickle_block {
    struct pickle_block *next;
    uint8_t bytes[];
};

static void reserve(pickle_list *list, size_t more)
{
    if (list->capacity - list->count >= more)
        return;
    list->capacity = (list->count + more) * 2 + 16;
    list->ops = realloc(list->ops, list->capacity * sizeof(*list->ops));
    fuzz_check(list->ops != NULL, "no memory for opcodes");
}

void pickle_splice(pickle_list *list, size_t at, size_t removed, const pickle_op *ops, size_t count)
{
    pickle_op *copy = malloc(count * sizeof(*copy) + 1);
    fuzz_check(copy != NULL, "no memory for opcodes");
    if (count > 0)
        memcpy(copy, ops, count * sizeof(*copy));
    reserve(list, count);
    memmove(list->ops + at + count, list->ops + at + removed,
            (list->count - at - removed) * sizeof(*list->ops));
    if (count > 0)
        memcpy(list->ops + at, copy, count * sizeof(*copy));
    list->count += count - removed;
    free(copy);
}

void pickle_free(pickle_list *list)
{
    while (list->arena) {
        struct pickle_block *next = list->arena->next;
        free(list->arena);
        list->arena = next;
    }
    free(list->ops);
    *list = (pickle_list){NULL, 0, 0, NULL};
}

static uint8_t *take(pickle_list *list, size_t size)
{
    struct pickle_block *block = malloc(sizeof(*block) + size);
    fuzz_check(block != NULL, "no memory for an opcode");
    block->next = list->arena;
    list->arena = block;
    return block->bytes;
}

pickle_op pickle_make(pickle_list *list, uint8_t code, const void *operand, size_t size)
{
    uint8_t *bytes = take(list, size + 1);
    bytes[0] = code;
    if (size > 0)
        memcpy(bytes + 1, operand, size);
    return (pickle_op){code, bytes, size + 1};
}

pickle_op pickle_make_text(pickle_list *list, uint8_t code, const void *text, size_t size)
{
    const size_t width = (size_t)kinds[code].width;
    uint8_t *bytes = take(list, size + width + 1);
    bytes[0] = code;
    fuzz_set_little(bytes + 1, size, width);
    if (size > 0)
        memcpy(bytes + 1 + width, text, size);
    return (pickle_op){code, bytes, size + width + 1};
}

/* ---- reading and writing ---- */

/* The size of the line at `data`, its end included; 0: no line ends there. */
static size_t line_size(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    return end ? (size_t)(end - data) + 1 : 0;
}

/* The size of the opcode at `data` with its operand; 0: it is no opcode, or its end is missing. */
static size_t op_size(const uint8_t *data, size_t size)
{
    const pickle_kind *kind = kinds + data[0];
    const size_t width = (size_t)kind->width;
    const size_t first = line_size(data + 1, size - 1);
    const size_t second = first > 0 ? line_size(data + 1 + first, size - 1 - first) : 0;
    switch (kind->operand) {
    case OPERAND_NONE:
        return 1;
    case OPERAND_NUMBER:
        return size > width ? 1 + width : 0;
    case OPERAND_COUNTED: {
        const uint64_t length = size > width ? fuzz_little(data + 1, width) : UINT64_MAX;
        return size > width && length <= size - 1 - width ? 1 + width + (size_t)length : 0;
    }
    case OPERAND_LINE:
        return first > 0 ? 1 + first : 0;
    case OPERAND_TWO_LINES:
        return second > 0 ? 1 + first + second : 0;
    default:
        return 0;
    }
}

size_t pickle_parse(pickle_list *list, const uint8_t *data, size_t size, size_t pickles)
{
    size_t at = 0;
    while (at < size && pickles > 0) {
        const size_t length = op_size(data + at, size - at);
        if (length == 0)
            break;
        reserve(list, 1);
        list->ops[list->count++] = (pickle_op){data[at], data + at, length};
        pickles -= data[at] == OP_STOP;
        at += length;
    }
    return at;
}

void pickle_write(const pickle_list *list, fuzz_bytes *out)
{
    for (size_t i = 0; i < list->count; i++)
        fuzz_append(out, list->ops[i].bytes, list->ops[i].size);
}

/* ---- meaning ---- */

/* Where the mark is that the opcode at `at` goes back to; SIZE_MAX: there is none. */
static size_t find_mark(const pickle_list *list, size_t at)
{
    size_t depth = 1;
    while (at-- > 0 && list->ops[at].code != OP_STOP) {
        depth += kinds[list->ops[at].code].marked;
        depth -= list->ops[at].code == OP_MARK;
        if (depth == 0)
            return at;
    }
    return SIZE_MAX;
}

size_t pickle_expression(const pickle_list *list, size_t last)
{
    int needed = 1;
    if (kinds[list->ops[last].code].pushes == 0)
        return last;
    for (size_t at = last;; at--) {
        const pickle_kind *kind = kinds + list->ops[at].code;
        if (list->ops[at].code == OP_STOP || (list->ops[at].code == OP_MARK && at != last))
            return last;
        if (kind->marked && (at = find_mark(list, at)) == SIZE_MAX)
            return last;
        needed += kind->pops - kind->pushes;
        if (needed <= 0)
            return at;
        if (at == 0)
            return last;
    }
}

bool pickle_text(const pickle_op *op, const uint8_t **text, size_t *size)
{
    const pickle_kind *kind = kinds + op->code;
    const size_t skipped = 1 + (size_t)kind->width;
    if (kind->operand != OPERAND_COUNTED && kind->operand != OPERAND_LINE &&
        kind->operand != OPERAND_TWO_LINES)
        return false;
    *text = op->bytes + skipped;
    *size = op->size - skipped - (kind->operand != OPERAND_COUNTED);
    return true;
}

bool pickle_integer(const pickle_op *op, uint64_t *value)
{
    if (op->code == OP_BININT1 || op->code == OP_BININT2 || op->code == OP_BININT)
        *value = fuzz_little(op->bytes + 1, op->size - 1);
    else if (op->code == OP_LONG1 && op->size <= 10)
        *value = fuzz_little(op->bytes + 2, op->size - 2);
    else
        return false;
    return true;
}
