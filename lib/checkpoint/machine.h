/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* What the files of the pickle machine share with each other: pickle.c (the stack), call.c
 * (globals, calls, persistent ids) and values.c (the log). */

#ifndef SG_CHECKPOINT_MACHINE_H
#define SG_CHECKPOINT_MACHINE_H

#include "pickle.h"

enum {
    SG_GLOBAL_NAME_MAX = 200,                         /* bytes of a module's or a class's name */
    SG_GLOBAL_JOINED_MAX = 3 * SG_GLOBAL_NAME_MAX + 2 /* both, and an attribute behind them */
};

/* All opcodes that are read, under the names that Python's pickletools has for them. */
enum {
    OP_MARK = '(',
    OP_STOP = '.',
    OP_POP = '0',
    OP_POP_MARK = '1',
    OP_DUP = '2',
    OP_FLOAT = 'F',
    OP_INT = 'I',
    OP_LONG = 'L',
    OP_STRING = 'S',
    OP_UNICODE = 'V',
    OP_BININT = 'J',
    OP_BININT1 = 'K',
    OP_BININT2 = 'M',
    OP_LONG1 = 0x8a,
    OP_LONG4 = 0x8b,
    OP_BINFLOAT = 'G',
    OP_NONE = 'N',
    OP_NEWTRUE = 0x88,
    OP_NEWFALSE = 0x89,
    OP_BINSTRING = 'T',
    OP_SHORT_BINSTRING = 'U',
    OP_BINUNICODE = 'X',
    OP_SHORT_BINUNICODE = 0x8c,
    OP_BINUNICODE8 = 0x8d,
    OP_BINBYTES = 'B',
    OP_SHORT_BINBYTES = 'C',
    OP_BINBYTES8 = 0x8e,
    OP_BYTEARRAY8 = 0x96,
    OP_EMPTY_TUPLE = ')',
    OP_EMPTY_LIST = ']',
    OP_EMPTY_DICT = '}',
    OP_EMPTY_SET = 0x8f,
    OP_TUPLE = 't',
    OP_LIST = 'l',
    OP_DICT = 'd',
    OP_FROZENSET = 0x91,
    OP_TUPLE1 = 0x85,
    OP_TUPLE2 = 0x86,
    OP_TUPLE3 = 0x87,
    OP_APPEND = 'a',
    OP_APPENDS = 'e',
    OP_SETITEM = 's',
    OP_SETITEMS = 'u',
    OP_ADDITEMS = 0x90,
    OP_PUT = 'p',
    OP_BINPUT = 'q',
    OP_LONG_BINPUT = 'r',
    OP_MEMOIZE = 0x94,
    OP_GET = 'g',
    OP_BINGET = 'h',
    OP_LONG_BINGET = 'j',
    OP_GLOBAL = 'c',
    OP_STACK_GLOBAL = 0x93,
    OP_INST = 'i',
    OP_OBJ = 'o',
    OP_REDUCE = 'R',
    OP_NEWOBJ = 0x81,
    OP_NEWOBJ_EX = 0x92,
    OP_BUILD = 'b',
    OP_BINPERSID = 'Q',
    OP_PROTO = 0x80,
    OP_FRAME = 0x95
};

/* Kinds of entries of the log. */
typedef enum sg_entry_kind {
    SG_LOG_ONE,  /* one item */
    SG_LOG_TWO,  /* two: a dict's key and value */
    SG_LOG_MANY, /* as many as the word before the last says */
    SG_LOG_STATE,
    SG_LOG_CALL /* callee, arguments */
} sg_log_kind;

static inline sg_value sg_value_make(sg_tag tag, size_t payload)
{
    return (sg_value)(payload << SG_TAG_BITS) | (sg_value)tag;
}

/* Fails with the sentence "FILE: damaged pickle: WHAT, before byte N". */
segent_status sg_machine_damaged(const sg_pickle *p, const char *what);

/* Takes the next `size` bytes, or the next line without its end. */
segent_status sg_machine_take(sg_pickle *p, size_t size, const unsigned char **bytes);
segent_status sg_machine_take_line(sg_pickle *p, size_t most, sg_span *line);

segent_status sg_machine_push(sg_pickle *p, sg_value value);

/* Checks that there are `count` values above the innermost mark. */
segent_status sg_machine_need(const sg_pickle *p, uint32_t count);

/* The value `depth` below the topmost. */
static inline sg_value sg_machine_peek(const sg_pickle *p, uint32_t depth)
{
    return *sg_words_at(&p->stack, p->stack.count - 1 - depth);
}

/* Removes the innermost mark; `count` values lie above it. */
segent_status sg_machine_pop_mark(sg_pickle *p, uint32_t *count);

/* Replaces the `count` topmost values by a tuple of them. */
segent_status sg_machine_tuple(sg_pickle *p, uint32_t count);

/* Pushes a new container. */
segent_status sg_machine_container(sg_pickle *p, sg_tag tag);

/* Moves the `count` topmost values to the log, as an entry of `container`. */
segent_status sg_machine_log(sg_pickle *p, sg_value container, sg_log_kind kind, uint32_t count);

/* The opcodes that would run code in Python: those that name a global, call something or give it
 * state, and BINPERSID. */
segent_status sg_machine_global(sg_pickle *p);
segent_status sg_machine_stack_global(sg_pickle *p);
segent_status sg_machine_instance(sg_pickle *p);
segent_status sg_machine_object(sg_pickle *p);
segent_status sg_machine_call(sg_pickle *p, unsigned char opcode);
segent_status sg_machine_build(sg_pickle *p);
segent_status sg_machine_persistent(sg_pickle *p);

/* Puts the log in order, once the machine is done. */
segent_status sg_log_finish(sg_pickle *p);

#endif
