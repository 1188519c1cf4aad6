/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Tells what the values of a pickle are, and what was put into its containers. The log of the
 * latter is a row of entries: the values of one step, then for SG_LOG_MANY their number, then a
 * word of the container's number and the entry's kind. Once the pickle has been read, that word
 * becomes the place of the container's next entry. */

#include <string.h>

#include "machine.h"

/* ---- scalars ---- */

/* The opcode of a scalar; OP_STOP: the value is no scalar. */
static unsigned char opcode_of(const sg_pickle *p, sg_value value)
{
    return sg_value_tag(value) == SG_SCALAR ? p->data[sg_value_payload(value)] : OP_STOP;
}

/* The line behind an opcode. It has an end, which the machine has looked for. */
static sg_span line_at(const sg_pickle *p, size_t position)
{
    const char *text = (const char *)p->data + position;
    const char *stop = memchr(text, '\n', p->size - position);
    return (sg_span){text, stop ? (size_t)(stop - text) : 0};
}

/* Reads decimal digits with a sign, and perhaps Python 2's L behind them. */
static bool parse_line(sg_span line, int64_t *integer)
{
    int64_t number = 0;
    const bool negative = line.length > 0 && line.text[0] == '-';
    size_t i = negative;
    for (; i < line.length && line.text[i] >= '0' && line.text[i] <= '9'; i++) {
        if (number > (INT64_MAX - 9) / 10)
            return false;
        number = number * 10 + (line.text[i] - '0');
    }
    if (i == negative || (i < line.length && line.text[i] != 'L'))
        return false;
    *integer = negative ? -number : number;
    return true;
}

/* Reads a little-endian integer in two's complement. */
static bool parse_long(const unsigned char *bytes, size_t size, int64_t *integer)
{
    unsigned char extended[sizeof(int64_t)];
    if (size > sizeof(extended))
        return false;
    memset(extended, size > 0 && bytes[size - 1] & 0x80 ? 0xff : 0, sizeof(extended));
    memcpy(extended, bytes, size);
    *integer = (int64_t)sg_le64(extended);
    return true;
}

bool sg_value_integer(const sg_pickle *p, sg_value value, int64_t *integer)
{
    const unsigned char *bytes = p->data + sg_value_payload(value) + 1;
    switch (opcode_of(p, value)) {
    case OP_BININT1:
        *integer = bytes[0];
        return true;
    case OP_BININT2:
        *integer = sg_le16(bytes);
        return true;
    case OP_BININT:
        *integer = (int32_t)sg_le32(bytes);
        return true;
    case OP_LONG1:
        return parse_long(bytes + 1, bytes[0], integer);
    case OP_LONG4:
        return parse_long(bytes + 4, sg_le32(bytes), integer);
    case OP_INT:
    case OP_LONG:
        return parse_line(line_at(p, sg_value_payload(value) + 1), integer);
    default:
        return false;
    }
}

bool sg_value_is_true(const sg_pickle *p, sg_value value)
{
    const unsigned char opcode = opcode_of(p, value);
    return opcode == OP_NEWTRUE ||
           (opcode == OP_INT && sg_span_is(line_at(p, sg_value_payload(value) + 1), "01"));
}

bool sg_value_is_none(const sg_pickle *p, sg_value value)
{
    return opcode_of(p, value) == OP_NONE;
}

bool sg_value_number(const sg_pickle *p, sg_value value, double *number)
{
    int64_t integer;
    const unsigned char opcode = opcode_of(p, value);
    if (opcode == OP_NEWTRUE || opcode == OP_NEWFALSE) {
        *number = opcode == OP_NEWTRUE;
        return true;
    }
    if (opcode == OP_BINFLOAT) { /* big-endian */
        const unsigned char *bytes = p->data + sg_value_payload(value) + 1;
        uint64_t bits = 0;
        for (int i = 0; i < 8; i++)
            bits = bits << 8 | bytes[i];
        memcpy(number, &bits, sizeof(bits));
        return true;
    }
    if (!sg_value_integer(p, value, &integer))
        return false;
    *number = (double)integer;
    return true;
}

/* The text of a value. Python 2 wrote strings as they are, and in protocol 0 'quoted' on a line. */
bool sg_value_text(const sg_pickle *p, sg_value value, sg_span *text)
{
    const unsigned char *bytes = p->data + sg_value_payload(value) + 1;
    switch (opcode_of(p, value)) {
    case OP_SHORT_BINUNICODE:
    case OP_SHORT_BINSTRING:
        *text = (sg_span){(const char *)bytes + 1, bytes[0]};
        return true;
    case OP_BINUNICODE:
    case OP_BINSTRING:
        *text = (sg_span){(const char *)bytes + 4, sg_le32(bytes)};
        return true;
    case OP_BINUNICODE8:
        *text = (sg_span){(const char *)bytes + 8, (size_t)sg_le64(bytes)};
        return true;
    case OP_UNICODE:
        *text = line_at(p, sg_value_payload(value) + 1);
        return true;
    case OP_STRING:
        *text = line_at(p, sg_value_payload(value) + 1);
        if (text->length < 2)
            return false;
        *text = (sg_span){text->text + 1, text->length - 2};
        return true;
    default:
        return false;
    }
}

bool sg_value_is_text(const sg_pickle *p, sg_value value, const char *text)
{
    sg_span span;
    return sg_value_text(p, value, &span) && sg_span_is(span, text);
}

/* ---- tuples and globals ---- */

int64_t sg_tuple_count(const sg_pickle *p, sg_value tuple)
{
    const sg_tag tag = sg_value_tag(tuple);
    if (tag == SG_TUPLE || tag == SG_PERSISTENT)
        return *sg_words_at(&p->tuples, sg_value_payload(tuple));
    return tag >= SG_TUPLE0 && tag <= SG_TUPLE3 ? (int64_t)tag - SG_TUPLE0 : -1;
}

sg_value sg_tuple_item(const sg_pickle *p, sg_value tuple, uint32_t index)
{
    const sg_tag tag = sg_value_tag(tuple);
    const bool counted = tag == SG_TUPLE || tag == SG_PERSISTENT;
    return *sg_words_at(&p->tuples, sg_value_payload(tuple) + counted + index);
}

bool sg_value_global(const sg_pickle *p, sg_value value, sg_span *module, sg_span *name)
{
    if (sg_value_tag(value) == SG_PERSISTENT && sg_tuple_count(p, value) == 4)
        value = sg_tuple_item(p, value, 1);
    const uint32_t at = sg_value_payload(value);
    if (sg_value_tag(value) == SG_GLOBAL_PAIR)
        return sg_value_text(p, *sg_words_at(&p->tuples, at), module) &&
               sg_value_text(p, *sg_words_at(&p->tuples, at + 1), name);
    if (sg_value_tag(value) != SG_GLOBAL)
        return false;
    *module = line_at(p, at + 1);
    *name = line_at(p, at + 1 + module->length + 1);
    return true;
}

bool sg_value_is_global(const sg_pickle *p, sg_value value, const char *module, const char *name)
{
    sg_span found_module, found_name;
    return sg_value_global(p, value, &found_module, &found_name) && sg_span_is(found_name, name) &&
           sg_span_is(found_module, module);
}

/* ---- the log ---- */

static bool is_container(sg_value value)
{
    const sg_tag tag = sg_value_tag(value);
    return tag == SG_LIST || tag == SG_DICT || tag == SG_OBJECT;
}

segent_status sg_machine_log(sg_pickle *p, sg_value container, sg_log_kind kind, uint32_t count)
{
    segent_status status = sg_words_move(p->owner, &p->stack, p->stack.count - count, &p->log);
    if (status == SEGENT_OK && kind == SG_LOG_MANY)
        status = sg_words_push(p->owner, &p->log, count);
    if (status == SEGENT_OK)
        status = sg_words_push(p->owner, &p->log,
                               sg_value_payload(container) << SG_TAG_BITS | (uint32_t)kind);
    return status;
}

static sg_log_kind entry_kind(const sg_pickle *p, uint32_t at)
{
    return (sg_log_kind)(*sg_words_at(&p->log, at) & ((1 << SG_TAG_BITS) - 1));
}

/* The number of values of the entry whose last word is at `at`. */
static uint32_t entry_items(const sg_pickle *p, uint32_t at)
{
    const sg_log_kind kind = entry_kind(p, at);
    if (kind == SG_LOG_MANY)
        return *sg_words_at(&p->log, at - 1);
    return kind == SG_LOG_TWO || kind == SG_LOG_CALL ? 2 : 1;
}

static sg_value entry_item(const sg_pickle *p, uint32_t at, uint32_t index)
{
    const bool counted = entry_kind(p, at) == SG_LOG_MANY;
    return *sg_words_at(&p->log, at - counted - entry_items(p, at) + index);
}

/* Number of bits that are set. */
static uint32_t count_bits(uint32_t word)
{
    word -= word >> 1 & 0x55555555;
    word = (word & 0x33333333) + (word >> 2 & 0x33333333);
    word = (word + (word >> 4)) & 0x0f0f0f0f;
    return word * 0x01010101u >> 24;
}

/* The place of a container's first entry; NULL: nothing was put into it. Most containers of a
 * hostile pickle are empty, and only those that are not have a place. */
static uint32_t *head_of(const sg_pickle *p, uint32_t container)
{
    const uint32_t at = container / 32, bit = 1u << container % 32;
    const uint32_t word = sg_words_has(&p->used, at) ? *sg_words_at(&p->used, at) : 0;
    if ((word & bit) == 0)
        return NULL;
    return sg_words_at(&p->heads, *sg_words_at(&p->ranks, at) + count_bits(word & (bit - 1)));
}

/* Where the values of an entry begin whose last word is at `at`. */
static uint32_t entry_begin(const sg_pickle *p, uint32_t at)
{
    return at - entry_items(p, at) - (entry_kind(p, at) == SG_LOG_MANY);
}

/* Marks the containers that something was put into, and makes a place for each. */
static segent_status make_heads(sg_pickle *p)
{
    segent_status status = SEGENT_OK;
    for (uint32_t end = p->log.count; end > 0 && status == SEGENT_OK;) {
        const uint32_t container = *sg_words_at(&p->log, end - 1) >> SG_TAG_BITS;
        const uint32_t at = container / 32;
        const uint32_t word = sg_words_has(&p->used, at) ? *sg_words_at(&p->used, at) : 0;
        status = sg_words_set(p->owner, &p->used, at, word | 1u << container % 32);
        end = entry_begin(p, end - 1);
    }
    uint32_t rank = 0;
    for (uint32_t at = 0; at < p->containers / 32 + 1 && status == SEGENT_OK; at++) {
        status = sg_words_set(p->owner, &p->ranks, at, rank);
        rank += sg_words_has(&p->used, at) ? count_bits(*sg_words_at(&p->used, at)) : 0;
    }
    while (p->heads.count < rank && status == SEGENT_OK)
        status = sg_words_push(p->owner, &p->heads, 0);
    return status;
}

segent_status sg_log_finish(sg_pickle *p)
{
    const segent_status status = make_heads(p);
    if (status != SEGENT_OK)
        return status;
    /* From the last to the first, so that each container's chain begins with its first. */
    for (uint32_t end = p->log.count; end > 0;) {
        const uint32_t at = end - 1;
        uint32_t *word = sg_words_at(&p->log, at), *head = head_of(p, *word >> SG_TAG_BITS);
        end = entry_begin(p, at);
        *word = *head << SG_TAG_BITS | (uint32_t)entry_kind(p, at);
        *head = at + 1;
    }
    return SEGENT_OK;
}

/* The place of the entry that follows one in its container's chain, plus 1; 0: it is the last. */
static uint32_t next_entry(const sg_pickle *p, uint32_t at_plus_1)
{
    return *sg_words_at(&p->log, at_plus_1 - 1) >> SG_TAG_BITS;
}

static uint32_t first_entry(const sg_pickle *p, sg_value container)
{
    const uint32_t *head = is_container(container) ? head_of(p, sg_value_payload(container)) : NULL;
    return head ? *head : 0;
}

sg_cursor sg_container_first(const sg_pickle *p, sg_value container)
{
    return (sg_cursor){first_entry(p, container), 0};
}

bool sg_container_next(sg_pickle *p, sg_cursor *cursor, sg_value *value)
{
    for (; cursor->batch != 0; cursor->batch = next_entry(p, cursor->batch), cursor->item = 0) {
        const uint32_t at = cursor->batch - 1;
        const sg_log_kind kind = entry_kind(p, at);
        p->work++;
        if (kind != SG_LOG_STATE && kind != SG_LOG_CALL && cursor->item < entry_items(p, at)) {
            *value = entry_item(p, at, cursor->item++);
            return true;
        }
    }
    return false;
}

void sg_container_forget(sg_pickle *p, sg_value container)
{
    uint32_t *head = is_container(container) ? head_of(p, sg_value_payload(container)) : NULL;
    if (head)
        *head = 0;
}

bool sg_object_call(const sg_pickle *p, sg_value object, sg_value *callee, sg_value *arguments)
{
    const uint32_t first = first_entry(p, object);
    if (sg_value_tag(object) != SG_OBJECT || first == 0 || entry_kind(p, first - 1) != SG_LOG_CALL)
        return false;
    *callee = entry_item(p, first - 1, 0);
    *arguments = entry_item(p, first - 1, 1);
    return true;
}

sg_value sg_object_state(sg_pickle *p, sg_value object)
{
    sg_value state = 0;
    if (sg_value_tag(object) != SG_OBJECT)
        return 0;
    for (uint32_t entry = first_entry(p, object); entry != 0; entry = next_entry(p, entry)) {
        p->work++;
        if (entry_kind(p, entry - 1) == SG_LOG_STATE)
            state = entry_item(p, entry - 1, 0);
    }
    return state;
}

sg_value sg_dict_find(sg_pickle *p, sg_value dict, const char *key)
{
    sg_cursor cursor = sg_container_first(p, dict);
    sg_value name, value, found = 0;
    if (sg_value_tag(dict) != SG_DICT)
        return 0;
    while (sg_container_next(p, &cursor, &name) && sg_container_next(p, &cursor, &value)) {
        if (sg_value_is_text(p, name, key))
            found = value;
    }
    return found;
}

/* ---- in words ---- */

static const char *scalar_name(unsigned char opcode)
{
    switch (opcode) {
    case OP_NONE:
        return "None";
    case OP_NEWTRUE:
    case OP_NEWFALSE:
        return "a bool";
    case OP_BINFLOAT:
    case OP_FLOAT:
        return "a float";
    case OP_BININT:
    case OP_BININT1:
    case OP_BININT2:
    case OP_LONG1:
    case OP_LONG4:
    case OP_INT:
    case OP_LONG:
        return "an integer";
    case OP_BINBYTES:
    case OP_SHORT_BINBYTES:
    case OP_BINBYTES8:
    case OP_BYTEARRAY8:
        return "bytes";
    default:
        return "a string";
    }
}

const char *sg_value_name(const sg_pickle *p, sg_value value)
{
    static const char *const names[SG_TAG_COUNT] = {
        [SG_NOTHING] = "nothing",     [SG_GLOBAL] = "a class",   [SG_GLOBAL_PAIR] = "a class",
        [SG_TUPLE0] = "a tuple",      [SG_TUPLE1] = "a tuple",   [SG_TUPLE2] = "a tuple",
        [SG_TUPLE3] = "a tuple",      [SG_TUPLE] = "a tuple",    [SG_LIST] = "a list",
        [SG_DICT] = "a dict",         [SG_OBJECT] = "an object", [SG_SET] = "a set",
        [SG_PERSISTENT] = "a storage"};
    sg_call call;
    if (sg_value_tag(value) == SG_SCALAR)
        return scalar_name(opcode_of(p, value));
    if (sg_call_of(p, value, &call) && sg_call_is_tensor(p, &call))
        return "a tensor";
    return names[sg_value_tag(value)];
}
