/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

#include "mutate_pickle.h"

#include <stdlib.h>
#include <string.h>

enum { DATA_MAX = 1 << 14, RANGE_MAX = 24 };

typedef struct phrase {
    const char *bytes;
    size_t size;
} phrase;

#define PHRASE(text)           \
    {                          \
        text, sizeof(text) - 1 \
    }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- what files of this kind say ---- */

#define TEXT_STORAGE "X\7\0\0\0storage"
#define TEXT_KEY     "X\1\0\0\0000"
#define TEXT_CPU     "X\3\0\0\0cpu"
#define STORAGE      "(" TEXT_STORAGE "ctorch\nFloatStorage\n" TEXT_KEY TEXT_CPU "K\4tQ"
#define HOOKS        "ccollections\nOrderedDict\n)R"

/* Pieces of pickles of which each leaves one value on the stack, or changes the topmost one. */
static const phrase expressions[] = {
    PHRASE(STORAGE),
    PHRASE("(" TEXT_STORAGE "ctorch\nHalfStorage\nX\1\0\0\0001" TEXT_CPU "M\0\1NtQ"),
    PHRASE("(" TEXT_STORAGE "ctorch\nFloatStorage\n" TEXT_KEY TEXT_CPU "K\4(X\4\0\0\0viewK\1K\2tt"
           "Q"),
    PHRASE("(X\6\0\0\0modulecnets\nNet\nX\6\0\0\0net.pyX\4\0\0\0passtQ"),
    PHRASE("X\1\0\0\0000Q"),
    PHRASE("ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE "K\0K\2K\2\x86K\2K\1\x86\x89" HOOKS "tR"),
    PHRASE("ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE
           "K\0K\4\x85K\1\x85\x89" HOOKS "tR\x88" HOOKS "tR"),
    PHRASE("ctorch._utils\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\n"
           "ctorch.nn.parameter\nParameter\n(" STORAGE "K\0K\4\x85K\1\x85\x89" HOOKS "t}tR"),
    PHRASE("ctorch._utils\n_rebuild_parameter_with_state\n(N\x89" HOOKS "}tR"),
    PHRASE("ctorch._utils\n_rebuild_tensor_v2\n"),
    PHRASE(HOOKS),
    PHRASE("ccollections\nOrderedDict\n)\x81"),
    PHRASE("ctorch\nSize\n)}\x92"),
    PHRASE("ctorch\nSize\n(K\1K\2ttR"),
    PHRASE("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85"
           "C\1btR(K\1K\1\x85N\x89"
           "C\4abcdtb"),
    PHRASE("c__main__\nConfig\n)\x81}X\2\0\0\0lrG?\xb9\x99\x99\x99\x99\x99\x9asb"),
    PHRASE("ctorch.nn.modules.conv\nConv2d\n)\x81}(X\x0b\0\0\0_parameters" HOOKS
           "X\x08\0\0\0_modules" HOOKS "X\x08\0\0\0_buffers" HOOKS "ub"),
    PHRASE("cposix\nsystem\nX\4\0\0\0true\x85R"),
    PHRASE("cbuiltins\ngetattr\n(cos\nX\6\0\0\0systemtR"),
    PHRASE("\x8c\5torch\x8c\x0c"
           "FloatStorage\x93"),
    PHRASE("\x8c\5posix\x8c\6system\x93"),
    PHRASE("\x8f(K\1\x90"),
    PHRASE("(K\1K\2\x91"),
    PHRASE("\x96\4\0\0\0\0\0\0\0abcd"),
    PHRASE("\x8e\4\0\0\0\0\0\0\0abcd"),
    PHRASE("\x8d\4\0\0\0\0\0\0\0abcd"),
    PHRASE("\x97\x98"),
    PHRASE("\x82\1"),
    PHRASE("\x8b\4\0\0\0\1\0\0\0"),
    PHRASE("\x8a\x09\0\0\0\0\0\0\0\0\1"),
    PHRASE("I01\n"),
    PHRASE("I-7\n"),
    PHRASE("L9223372036854775808L\n"),
    PHRASE("F1e400\n"),
    PHRASE("S'a\\'b'\n"),
    PHRASE("Vc\\u00e9\n"),
    PHRASE("U\1a"),
    PHRASE("T\1\0\0\0b"),
    PHRASE("P0\n"),
    PHRASE("(K\1l"),
    PHRASE("(K\1K\2d"),
    PHRASE("(i__main__\nMeter\n"),
    PHRASE("(c__main__\nMeter\no"),
    PHRASE("](K\1K\2e"),
    PHRASE("}(X\1\0\0\0aK\1u"),
    PHRASE("}K\1K\2s"),
    PHRASE("]K\1a"),
    PHRASE("2"),
    PHRASE("h\0"),
    PHRASE("j\0\0\0\0"),
    PHRASE("g0\n"),
};

/* Pieces that leave nothing on the stack, or take something away. */
static const phrase fragments[] = {
    PHRASE("("),
    PHRASE("."),
    PHRASE("0"),
    PHRASE("1"),
    PHRASE("q\0"),
    PHRASE("q\1"),
    PHRASE("r\0\0\0\0"),
    PHRASE("r\xff\xff\0\0"),
    PHRASE("p0\n"),
    PHRASE("\x94"),
    PHRASE("\x80\2"),
    PHRASE("\x80\4"),
    PHRASE("\x80\5"),
    PHRASE("Q"),
    PHRASE("R"),
    PHRASE("b"),
    PHRASE("a"),
    PHRASE("s"),
    PHRASE("e"),
    PHRASE("u"),
    PHRASE("t"),
    PHRASE("\x81"),
    PHRASE("\x92"),
    PHRASE("\x93"),
    PHRASE("\x95\x10\0\0\0\0\0\0\0"),
};

static const phrase globals[] = {
    PHRASE("torch._utils\n_rebuild_tensor_v2\n"),
    PHRASE("torch._utils\n_rebuild_tensor\n"),
    PHRASE("torch._utils\n_rebuild_tensor_v3\n"),
    PHRASE("torch._utils\n_rebuild_parameter\n"),
    PHRASE("torch._utils\n_rebuild_parameter_with_state\n"),
    PHRASE("torch._utils\n_rebuild_qtensor\n"),
    PHRASE("torch._utils\n_rebuild_sparse_tensor\n"),
    PHRASE("torch._tensor\n_rebuild_from_type_v2\n"),
    PHRASE("torch.nn.parameter\nParameter\n"),
    PHRASE("collections\nOrderedDict\n"),
    PHRASE("collections\ndefaultdict\n"),
    PHRASE("torch\nFloatStorage\n"),
    PHRASE("torch\nHalfStorage\n"),
    PHRASE("torch\nBFloat16Storage\n"),
    PHRASE("torch\nDoubleStorage\n"),
    PHRASE("torch\nLongStorage\n"),
    PHRASE("torch\nByteStorage\n"),
    PHRASE("torch\nBoolStorage\n"),
    PHRASE("torch\nComplexDoubleStorage\n"),
    PHRASE("torch\nFloat8_e4m3fnStorage\n"),
    PHRASE("torch.storage\nUntypedStorage\n"),
    PHRASE("torch\nSize\n"),
    PHRASE("torch\ndevice\n"),
    PHRASE("torch\nfloat32\n"),
    PHRASE("argparse\nNamespace\n"),
    PHRASE("numpy\nndarray\n"),
    PHRASE("numpy\ndtype\n"),
    PHRASE("numpy.core.multiarray\nscalar\n"),
    PHRASE("numpy._core.multiarray\n_reconstruct\n"),
    PHRASE("_codecs\nencode\n"),
    PHRASE("__builtin__\nset\n"),
    PHRASE("builtins\ndict\n"),
    PHRASE("builtins\neval\n"),
    PHRASE("builtins\ngetattr\n"),
    PHRASE("builtins\n__import__\n"),
    PHRASE("os\nsystem\n"),
    PHRASE("posix\nsystem\n"),
    PHRASE("subprocess\nPopen\n"),
    PHRASE("functools\npartial\n"),
    PHRASE("datetime\ndatetime\n"),
    PHRASE("pathlib\nPosixPath\n"),
    PHRASE("omegaconf.dictconfig\nDictConfig\n"),
    PHRASE("torch.nn.modules.container\nSequential\n"),
    PHRASE("torch.optim.sgd\nSGD\n"),
    PHRASE("__main__\nConfig\n"),
    PHRASE("\n\n"),
};

static const phrase texts[] = {
    PHRASE("storage"),     PHRASE("module"),
    PHRASE("cpu"),         PHRASE("cuda:0"),
    PHRASE("0"),           PHRASE("1"),
    PHRASE("state_dict"),  PHRASE("model"),
    PHRASE("model_ema"),   PHRASE("_modules"),
    PHRASE("_parameters"), PHRASE("_buffers"),
    PHRASE("_metadata"),   PHRASE("little_endian"),
    PHRASE("type_sizes"),  PHRASE("weight"),
    PHRASE("module.a"),    PHRASE("_orig_mod.a"),
    PHRASE("net.model.a"), PHRASE(""),
    PHRASE("a\0b"),        PHRASE("\xff\xfe"),
    PHRASE("\xc3\xa9"),    PHRASE("../../a"),
    PHRASE("torch"),       PHRASE("FloatStorage"),
    PHRASE("posix"),       PHRASE("system"),
    PHRASE("stride"),      PHRASE("dilation"),
    PHRASE("eps"),         PHRASE("backbone.conv1.weight"),
};

static const phrase *any(const phrase *phrases, size_t count, fuzz_random *random)
{
    return phrases + fuzz_below(random, count);
}

/* ---- ranges ---- */

typedef struct range {
    size_t begin, count;
} range;

static range any_range(const pickle_list *list, fuzz_random *random)
{
    const size_t begin = fuzz_below(random, list->count);
    const size_t left = list->count - begin;
    return (range){begin, 1 + fuzz_below(random, left < RANGE_MAX ? left : RANGE_MAX)};
}

static range any_expression(const pickle_list *list, fuzz_random *random)
{
    const size_t last = fuzz_below(random, list->count);
    const size_t begin = pickle_expression(list, last);
    return (range){begin, last - begin + 1};
}

/* A place before an opcode that takes all values above a mark, if there is one: one more value
 * rarely does harm there. */
static size_t any_place(const pickle_list *list, fuzz_random *random)
{
    const size_t start = fuzz_below(random, list->count);
    for (size_t i = 0; i < 64 && start + i < list->count && !fuzz_one_in(random, 4); i++) {
        if (pickle_kind_of(list->ops[start + i].code)->marked)
            return start + i;
    }
    return start;
}

/* The number, counted from 0, of the pickle that an opcode belongs to. */
static size_t pickle_of(const pickle_list *list, size_t at)
{
    size_t pickle = 0;
    for (size_t i = 0; i < at; i++)
        pickle += list->ops[i].code == OP_STOP;
    return pickle;
}

static range pickle_range(const pickle_list *list, size_t pickle)
{
    range found = {0, 0};
    size_t stops = 0;
    for (size_t i = 0; i < list->count && stops <= pickle; i++) {
        if (stops == pickle && found.count++ == 0)
            found.begin = i;
        stops += list->ops[i].code == OP_STOP;
    }
    return found;
}

static void insert_phrase(pickle_list *list, size_t at, const phrase *text)
{
    pickle_list parsed = {NULL, 0, 0, NULL};
    pickle_parse(&parsed, (const uint8_t *)text->bytes, text->size, SIZE_MAX);
    pickle_splice(list, at, 0, parsed.ops, parsed.count);
    pickle_free(&parsed);
}

/* ---- the changes; the list is never empty ---- */

static void remove_range(pickle_list *list, fuzz_random *random)
{
    const range chosen =
        fuzz_one_in(random, 2) ? any_range(list, random) : any_expression(list, random);
    if (chosen.count < list->count)
        pickle_splice(list, chosen.begin, chosen.count, NULL, 0);
}

static void copy_range(pickle_list *list, fuzz_random *random)
{
    const range chosen =
        fuzz_one_in(random, 4) ? any_range(list, random) : any_expression(list, random);
    pickle_splice(list, any_place(list, random), 0, list->ops + chosen.begin, chosen.count);
}

static void replace_range(pickle_list *list, fuzz_random *random)
{
    const range from = any_expression(list, random), to = any_expression(list, random);
    pickle_splice(list, to.begin, to.count, list->ops + from.begin, from.count);
}

static void swap_ops(pickle_list *list, fuzz_random *random)
{
    const size_t a = fuzz_below(random, list->count), b = fuzz_below(random, list->count);
    const pickle_op kept = list->ops[a];
    list->ops[a] = list->ops[b];
    list->ops[b] = kept;
}

/* The range of an expression, in one of three cases that of a persistent id. */
static range any_value(const pickle_list *list, fuzz_random *random)
{
    const size_t start = fuzz_below(random, list->count);
    if (!fuzz_one_in(random, 3))
        return any_expression(list, random);
    for (size_t i = 0; i < list->count; i++) {
        const size_t last = (start + i) % list->count;
        if (list->ops[last].code != OP_BINPERSID)
            continue;
        const size_t begin = pickle_expression(list, last);
        return (range){begin, last - begin + 1};
    }
    return any_expression(list, random);
}

/* A place in a pickle: half of the time before the last opcode that takes all values above a mark.
 */
static size_t place_in(const pickle_list *list, range pickle, fuzz_random *random)
{
    size_t at = pickle.begin + fuzz_below(random, pickle.count);
    if (fuzz_one_in(random, 2))
        return at;
    for (at = pickle.begin + pickle.count - 1; at > pickle.begin; at--) {
        if (pickle_kind_of(list->ops[at].code)->marked)
            break;
    }
    return at;
}

/* Copies or moves an expression of one pickle into another one. */
static void cross_pickles(pickle_list *list, fuzz_random *random)
{
    const size_t pickles = pickle_of(list, list->count - 1) + 1;
    const range chosen = any_value(list, random);
    const size_t home = pickle_of(list, chosen.begin);
    const size_t away = (home + 1 + fuzz_below(random, pickles - 1)) % pickles;
    const range target = pickle_range(list, away);
    if (home == away || target.count == 0)
        return;
    const size_t at = place_in(list, target, random);
    pickle_splice(list, at, 0, list->ops + chosen.begin, chosen.count);
    if (fuzz_one_in(random, 3)) {
        const size_t begin = chosen.begin + (at <= chosen.begin ? chosen.count : 0);
        pickle_splice(list, begin, chosen.count, NULL, 0);
    }
}

static void insert_expression(pickle_list *list, fuzz_random *random)
{
    const size_t at = any_place(list, random);
    insert_phrase(list, at, any(expressions, COUNT(expressions), random));
}

static void replace_by_phrase(pickle_list *list, fuzz_random *random)
{
    const range chosen = any_expression(list, random);
    insert_phrase(list, chosen.begin + chosen.count, any(expressions, COUNT(expressions), random));
    pickle_splice(list, chosen.begin, chosen.count, NULL, 0);
}

static void insert_fragment(pickle_list *list, fuzz_random *random)
{
    const size_t at = fuzz_below(random, list->count);
    insert_phrase(list, at, any(fragments, COUNT(fragments), random));
}

/* The next opcode with such an operand from a random one on; NULL: there is none. */
static pickle_op *find_operand(pickle_list *list, pickle_operand operand, fuzz_random *random)
{
    const size_t start = fuzz_below(random, list->count);
    for (size_t i = 0; i < list->count; i++) {
        pickle_op *op = list->ops + (start + i) % list->count;
        if (pickle_kind_of(op->code)->operand == operand)
            return op;
    }
    return NULL;
}

/* Changes a number to one at a place where code goes wrong, to the value of another one, or to a
 * long one. */
static void change_number(pickle_list *list, fuzz_random *random)
{
    pickle_op *op = find_operand(list, OPERAND_NUMBER, random);
    const pickle_op *other = find_operand(list, OPERAND_NUMBER, random);
    uint8_t bytes[8];
    if (!op)
        return;
    uint64_t value = fuzz_little(op->bytes + 1, op->size - 1);
    if (fuzz_one_in(random, 3))
        value = fuzz_little(other->bytes + 1, other->size - 1) + fuzz_below(random, 3) - 1;
    else
        value = fuzz_odd_number(random, value);
    fuzz_set_little(bytes, value, sizeof(bytes));
    if (pickle_kind_of(op->code)->pushes > 0 && fuzz_one_in(random, 3))
        *op = pickle_make_text(list, OP_LONG1, bytes, fuzz_below(random, sizeof(bytes) + 1));
    else
        *op = pickle_make(list, op->code, bytes, op->size - 1);
}

static void change_text(pickle_list *list, fuzz_random *random)
{
    pickle_op *op = find_operand(list, OPERAND_COUNTED, random);
    const pickle_op *other = find_operand(list, OPERAND_COUNTED, random);
    const phrase *chosen = any(texts, COUNT(texts), random);
    const uint8_t *text = (const uint8_t *)chosen->bytes;
    size_t size = chosen->size;
    if (!op)
        return;
    if (fuzz_one_in(random, 3))
        pickle_text(other, &text, &size);
    *op = pickle_make_text(list, fuzz_one_in(random, 8) ? (uint8_t)OP_SHORT_BINUNICODE : op->code,
                           text, size);
}

static void change_global(pickle_list *list, fuzz_random *random)
{
    pickle_op *op = find_operand(list, OPERAND_TWO_LINES, random);
    const phrase *chosen = any(globals, COUNT(globals), random);
    if (op)
        *op = pickle_make(list, op->code, chosen->bytes, chosen->size);
}

/* Changes an opcode to another one whose operand is written alike: GET to PUT, APPENDS to SETITEMS,
 * REDUCE to BUILD. */
static void change_opcode(pickle_list *list, fuzz_random *random)
{
    pickle_op *op = list->ops + fuzz_below(random, list->count);
    const pickle_kind *kind = pickle_kind_of(op->code);
    for (int i = 0; i < 64; i++) {
        const uint8_t code = (uint8_t)fuzz_below(random, 256);
        const pickle_kind *candidate = pickle_kind_of(code);
        if (candidate->operand == kind->operand && candidate->width == kind->width) {
            *op = pickle_make(list, code, op->bytes + 1, op->size - 1);
            return;
        }
    }
}

/* Changes bytes of an operand. Its length stays right where it has one. */
static void change_bytes(pickle_list *list, fuzz_random *random)
{
    pickle_op *op = list->ops + fuzz_below(random, list->count);
    fuzz_bytes bytes = {NULL, 0, 0};
    const uint8_t *text;
    size_t size;
    if (pickle_text(op, &text, &size)) {
        fuzz_append(&bytes, text, size);
        fuzz_mutate_part(&bytes, 0, bytes.size, 8);
        if (pickle_kind_of(op->code)->operand == OPERAND_COUNTED)
            *op = pickle_make_text(list, op->code, bytes.data, bytes.size);
        else
            fuzz_append_byte(&bytes, '\n');
    } else {
        fuzz_append(&bytes, op->bytes + 1, op->size - 1);
        fuzz_mutate_part(&bytes, 0, bytes.size, 0);
    }
    if (pickle_kind_of(op->code)->operand != OPERAND_COUNTED)
        *op = pickle_make(list, op->code, bytes.data, bytes.size);
    free(bytes.data);
}

/* Makes the sizes of protocol 4's frames right: a frame holds all that follows it in its pickle. */
static void fix_frames(pickle_list *list)
{
    uint8_t bytes[8];
    uint64_t size = 0;
    for (size_t i = list->count; i-- > 0;) {
        pickle_op *op = list->ops + i;
        if (op->code == OP_STOP)
            size = 0;
        if (op->code == OP_FRAME) {
            fuzz_set_little(bytes, size, sizeof(bytes));
            *op = pickle_make(list, OP_FRAME, bytes, sizeof(bytes));
        }
        size += op->size;
    }
}

void pickle_mutate(pickle_list *list, fuzz_random *random)
{
    static void (*const changes[])(pickle_list *, fuzz_random *) = {
        remove_range,      copy_range,    replace_range, cross_pickles, cross_pickles,
        insert_expression, change_number, change_text,   change_number, replace_by_phrase,
        insert_fragment,   change_global, change_opcode, change_bytes,  swap_ops,
    };
    const size_t rounds = fuzz_one_in(random, 2) ? 1 : 1 + fuzz_below(random, 4);
    if (list->count == 0)
        insert_phrase(list, 0, any(expressions, COUNT(expressions), random));
    for (size_t i = 0; i < rounds; i++)
        changes[fuzz_below(random, COUNT(changes))](list, random);
    if (!fuzz_one_in(random, 4))
        fix_frames(list);
}

void pickle_cross(pickle_list *list, const pickle_list *other, fuzz_random *random)
{
    const size_t rounds = 1 + fuzz_below(random, 3);
    if (other->count == 0 || list->count == 0)
        return;
    for (size_t i = 0; i < rounds; i++) {
        const range from = any_expression(other, random), to = any_expression(list, random);
        if (fuzz_one_in(random, 2))
            pickle_splice(list, any_place(list, random), 0, other->ops + from.begin, from.count);
        else
            pickle_splice(list, to.begin, to.count, other->ops + from.begin, from.count);
    }
}

/* ---- storages ---- */

/* The size in bytes of an element of the storage type with that name. */
static size_t element_width(const uint8_t *name, size_t size)
{
    static const struct {
        const char *name;
        size_t width;
    } types[] = {{"HalfStorage", 2},    {"BFloat16Storage", 2},      {"DoubleStorage", 8},
                 {"LongStorage", 8},    {"ShortStorage", 2},         {"CharStorage", 1},
                 {"ByteStorage", 1},    {"BoolStorage", 1},          {"ComplexFloatStorage", 8},
                 {"UntypedStorage", 1}, {"ComplexDoubleStorage", 16}};
    for (size_t i = 0; i < COUNT(types); i++) {
        const size_t length = strlen(types[i].name);
        if (size > length && memcmp(name + size - length, types[i].name, length) == 0)
            return types[i].width;
    }
    return 4;
}

/* Whether a text in a persistent id is not a key: it is "storage", or the name of a device. */
static bool is_other(const uint8_t *text, size_t size)
{
    return (size == 7 && memcmp(text, "storage", 7) == 0) ||
           (size >= 3 && memcmp(text, "cpu", 3) == 0);
}

/* Reads a persistent id's key, type and number of elements off its members, which are the opcodes
 * from `begin` up to `end`. */
static bool read_storage(const pickle_list *list, size_t begin, size_t end, pickle_storage *storage)
{
    bool have_key = false, have_count = false;
    *storage = (pickle_storage){NULL, 0, 0, 4};
    for (size_t i = begin; i < end; i++) {
        const pickle_op *op = list->ops + i;
        const uint8_t *text;
        size_t size;
        if (pickle_text(op, &text, &size)) {
            if (pickle_kind_of(op->code)->operand != OPERAND_COUNTED) {
                storage->width = element_width(text, size);
            } else if (!have_key && !is_other(text, size) && op->code != OP_LONG1) {
                have_key = true;
                storage->key = text;
                storage->key_size = size;
            }
        }
        if (!have_count)
            have_count = pickle_integer(op, &storage->count);
    }
    return have_key && have_count;
}

size_t pickle_storages(const pickle_list *list, pickle_storage *storages, size_t most)
{
    size_t count = 0;
    for (size_t i = 1; i < list->count && count < most; i++) {
        size_t tuple = i - 1;
        if (list->ops[i].code != OP_BINPERSID)
            continue;
        while (tuple > 0 && pickle_kind_of(list->ops[tuple].code)->pushes == 0)
            tuple--;
        count += read_storage(list, pickle_expression(list, tuple), i, storages + count);
    }
    return count;
}

void pickle_append_data(const pickle_storage *storage, fuzz_bytes *out)
{
    const uint64_t most = storage->count < DATA_MAX ? storage->count : DATA_MAX;
    for (uint64_t i = 0; i < most * storage->width; i++)
        fuzz_append_byte(out, (unsigned)(i % 4 == 3 ? 0x3f : i % 7));
}
