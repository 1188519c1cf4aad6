/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pickles as lists of opcodes with their operands, which the mutators of checkpoints work on. All
 * pickles that follow one another in a file are one list, so that a range of opcodes can be moved
 * from one pickle to another. Each pickle ends with a STOP. */

#ifndef PICKLE_OPS_H
#define PICKLE_OPS_H

#include "fuzz.h"

/* Opcodes that the mutators look for, as Python's pickletools names them. */
enum {
    OP_MARK = '(',
    OP_STOP = '.',
    OP_TUPLE = 't',
    OP_EMPTY_LIST = ']',
    OP_BINPERSID = 'Q',
    OP_GLOBAL = 'c',
    OP_REDUCE = 'R',
    OP_BINUNICODE = 'X',
    OP_SHORT_BINUNICODE = 0x8c,
    OP_BININT1 = 'K',
    OP_BININT2 = 'M',
    OP_BININT = 'J',
    OP_LONG1 = 0x8a,
    OP_FRAME = 0x95
};

typedef enum pickle_operand {
    OPERAND_UNKNOWN, /* the byte is no opcode */
    OPERAND_NONE,
    OPERAND_NUMBER,  /* `width` bytes, little-endian */
    OPERAND_COUNTED, /* `width` bytes of length, then that many bytes */
    OPERAND_LINE,
    OPERAND_TWO_LINES
} pickle_operand;

/* How an opcode is written and what it does to the stack. */
typedef struct pickle_kind {
    pickle_operand operand;
    int width;
    int pops, pushes; /* values; those above a mark, where an opcode takes them, are not counted */
    bool marked;
} pickle_kind;

const pickle_kind *pickle_kind_of(uint8_t code);

typedef struct pickle_op {
    uint8_t code;
    const uint8_t *bytes; /* opcode and operand; owned by the input or the list's arena */
    size_t size;
} pickle_op;

typedef struct pickle_list {
    pickle_op *ops;
    size_t count, capacity;
    struct pickle_block *arena;
} pickle_list;

/* Appends the opcodes of up to `pickles` pickles and returns the bytes that they take. It ends
 * before the first byte that is no opcode. */
size_t pickle_parse(pickle_list *list, const uint8_t *data, size_t size, size_t pickles);
void pickle_write(const pickle_list *list, fuzz_bytes *out);
void pickle_free(pickle_list *list);

/* Replaces `removed` opcodes at `at` by `count` others, which may lie in the list itself. */
void pickle_splice(pickle_list *list, size_t at, size_t removed, const pickle_op *ops,
                   size_t count);

/* Makes an opcode with this operand. The list keeps its bytes. */
pickle_op pickle_make(pickle_list *list, uint8_t code, const void *operand, size_t size);
pickle_op pickle_make_text(pickle_list *list, uint8_t code, const void *text, size_t size);

/* Where the expression begins whose value the opcode at `last` leaves on the stack; `last` if it
 * leaves none. */
size_t pickle_expression(const pickle_list *list, size_t last);

/* The operand's text without its length and line ends. False: it has no text. */
bool pickle_text(const pickle_op *op, const uint8_t **text, size_t *size);

/* The value of an opcode that makes an integer. False: it makes none. */
bool pickle_integer(const pickle_op *op, uint64_t *value);

#endif
