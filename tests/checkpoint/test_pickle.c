/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Pickles that attack or are damaged, in the legacy form. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

enum { FORMAT = SEGENT_ERROR_FORMAT };

/* Asserts that an object's pickle (a literal that may hold NULs) is refused. */
#define assert_object_refused(literal, status, part) \
    do {                                             \
        bytes object_ = {0};                         \
        bytes_literal(&object_, literal);            \
        bytes file_ = legacy_file(&object_, 0);      \
        assert_refused(&file_, status, part);        \
    } while (0)

/* ---- globals and calls ---- */

static void forbidden_globals(void **state)
{
    static const char *const names[] = {"os\nsystem",
                                        "os.path\njoin",
                                        "posix\nsystem",
                                        "nt\nsystem",
                                        "subprocess\nPopen",
                                        "sys\nmodules",
                                        "shutil\nrmtree",
                                        "socket\nsocket",
                                        "pty\nspawn",
                                        "commands\ngetoutput",
                                        "runpy\nrun_path",
                                        "importlib\nimport_module",
                                        "importlib.util\nfind_spec",
                                        "ctypes\nCDLL",
                                        "ctypes.util\nfind_library",
                                        "multiprocessing\nProcess",
                                        "multiprocessing.util\nspawnv_passfds",
                                        "webbrowser\nopen",
                                        "code\nInteractiveInterpreter",
                                        "codeop\ncompile_command",
                                        "pdb\nrun",
                                        "timeit\ntimeit",
                                        "builtins\neval",
                                        "builtins\nexec",
                                        "__builtin__\neval",
                                        "__builtin__\nexecfile",
                                        "builtins\ncompile",
                                        "builtins\n__import__",
                                        "builtins\nopen",
                                        "builtins\ninput",
                                        "builtins\nbreakpoint",
                                        "builtins\nglobals",
                                        "operator\nattrgetter",
                                        "_operator\nmethodcaller",
                                        "torch\nload",
                                        "torch.hub\nload",
                                        "torch.serialization\nload",
                                        "pickle\nloads",
                                        "numpy.testing._private.utils\nrunstring",
                                        "numpy\nload",
                                        "pip._internal\nmain",
                                        "pip\nmain",
                                        "io\nopen",
                                        "pathlib\nos.system",
                                        "pathlib\nos",
                                        "mine\nThing.__globals__",
                                        "mine\n__builtins__",
                                        "torch.nn\nModule.__init__.__globals__",
                                        "numpy.distutils.exec_command\nexec_command",
                                        "asyncio.unix_events\n_UnixSubprocessTransport",
                                        "urllib.request\nurlopen",
                                        "dill\nloads",
                                        "torch._inductor.codecache\ncompile_file",
                                        "torch\nhub.load",
                                        "torch\nserialization.load",
                                        "numpy\nf2py.crackfortran.myeval",
                                        "multiprocessing\nutil.spawnv_passfds",
                                        "http\nclient.HTTPConnection",
                                        "code\nInteractiveInterpreter.runcode",
                                        "profile\nProfile.run",
                                        "collections\n_sys.modules",
                                        "urllib.parse\nsys.modules",
                                        "types\nCodeType"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bytes object = {0};
        char asked[200];
        bytes_text(&object, "c");
        bytes_text(&object, names[i]);
        bytes_text(&object, "\n.");
        bytes file = legacy_file(&object, 0);
        snprintf(asked, sizeof(asked), "the pickle asks for %s", names[i]);
        *strchr(asked, '\n') = '.';
        assert_refused(&file, SEGENT_ERROR_FORBIDDEN, asked);
    }
}

/* Forbidden names that are given as two strings, or as a class with arguments. */
static void forbidden_globals_of_other_opcodes(void **state)
{
    (void)state;
    assert_object_refused("\x8c\x02os\x8c\x06system\x93.", SEGENT_ERROR_FORBIDDEN, "os.system");
    assert_object_refused("\x8c\x07pathlib\x8c\x09os.system\x93.", SEGENT_ERROR_FORBIDDEN,
                          "pathlib.os.system");
    assert_object_refused("(ios\nsystem\n.", SEGENT_ERROR_FORBIDDEN, "os.system");
    assert_object_refused("cbuiltins\ngetattr\n(cmine\nThing\nX\x0b\0\0\0__globals__tR.",
                          SEGENT_ERROR_FORBIDDEN, "getattr.__globals__");
    assert_object_refused("cbuiltins\ngetattr\n(cmine\nThing\nX\x06\0\0\0systemtR.",
                          SEGENT_ERROR_FORBIDDEN, "getattr.system");
    assert_object_refused("cbuiltins\ngetattr\n(cmine\nThing\n)tR.", SEGENT_ERROR_FORBIDDEN,
                          "getattr of a computed name");
    assert_object_refused("cbuiltins\ngetattr\n(ctorch\nserialization\nX\x04\0\0\0loadtR.",
                          SEGENT_ERROR_FORBIDDEN, "getattr.load");
    assert_object_refused("\x8c\x05torch\x8c\x08hub.load\x93.", SEGENT_ERROR_FORBIDDEN,
                          "torch.hub.load");
}

/* Names that look like forbidden ones, or are below them but can do nothing, are opaque. */
static void names_like_forbidden_ones(void **state)
{
    static const char *const names[] = {"os\nstat_result",
                                        "posix\nuname_result",
                                        "subprocess\nCompletedProcess",
                                        "urllib.parse\nParseResult",
                                        "posixpath\njoin",
                                        "code.losses\nDice",
                                        "profile\nUser",
                                        "trace\nTracker",
                                        "commands.train\nArguments",
                                        "site.config\nConfig",
                                        "osmium\nMap",
                                        "subprocesses\nPopen",
                                        "evaluate\neval",
                                        "mine\nSystem",
                                        "torch.hubs\nload",
                                        "operator\nitemgetter",
                                        "functools\npartial",
                                        "builtins\nprint"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bytes object = {0};
        bytes_text(&object, "c");
        bytes_text(&object, names[i]);
        bytes_text(&object, "\n)R.");
        bytes file = legacy_file(&object, 0);
        assert_refused(&file, FORMAT, "state dict");
    }
}

static void globals_that_are_not_text(void **state)
{
    (void)state;
    assert_object_refused("c\n\n.", FORMAT, "the name of a global is not text");
    assert_object_refused("cmine\n\xff\n.", FORMAT, "the name of a global is not text");
    assert_object_refused("K\x01K\x02\x93.", FORMAT, "the name of a global is not text");
}

/* Objects without meaning around and beside the weights, by every opcode that makes one. */
static void opaque_objects(void **state)
{
    static const char *const expected[] = {
        "numpy.dtype", "__main__.Config",   "mine.Colour",       "builtins.getattr", "mine.Meter",
        "mine.Old",    "functools.partial", "datetime.datetime", "mine.Outer.Inner"};
    (void)state;
    segent_context *context = test_context();
    bytes object = {0};
    bytes_text(&object, "}(");
    put_string(&object, "a");
    bytes_literal(&object, "cnumpy\ndtype\nX\2\0\0\0f8\x89\x88\x87R(K\x03NtbU\1b"
                           "c__main__\nConfig\n)\x81}U\2lrK\1sb"
                           "U\1ccmine\nColour\nK\1\x85R"
                           "U\1dcbuiltins\ngetattr\n(cmine\nMeter\nU\6updatetR"
                           "U\1e(imine\nOld\nU\1f(cmine\nOld\nK\1o"
                           "U\1gcfunctools\npartial\n)\x81}b"
                           "U\1hcdatetime\ndatetime\nC\2\0\1\x85R"
                           "U\1i\x8c\x04mine\x8c\x0bOuter.Inner\x93)}\x92"
                           "U\1j\x8f(K\1K\2\x90U\1k(K\1\x91U\1lcmine\nMeter\n)\x81K\1a"
                           "U\1mcmine\nMeter\n)\x81(U\1aK\1u");
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "u.");
    bytes file = legacy_file(&object, 1);
    segent_checkpoint *checkpoint = load_bytes(context, &file);
    const int64_t count = sizeof(expected) / sizeof(expected[0]);
    assert_int_equal(segent_checkpoint_count(checkpoint), 1);
    assert_int_equal(segent_checkpoint_opaque_count(checkpoint), count);
    for (int64_t i = 0; i < count; i++)
        assert_string_equal(segent_checkpoint_opaque(checkpoint, i), expected[i]);
    assert_null(segent_checkpoint_opaque(checkpoint, count));
    assert_null(segent_checkpoint_opaque(checkpoint, -1));
    assert_int_equal(segent_checkpoint_opaque_count(NULL), 0);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&file);
    segent_context_destroy(context);
}

static void many_opaque_globals(void **state)
{
    (void)state;
    segent_context *context = test_context();
    bytes object = {0};
    bytes_text(&object, "}");
    for (unsigned i = 0; i < 3000; i++) {
        char name[40];
        snprintf(name, sizeof(name), "cmine\nClass%u\n0", i);
        bytes_text(&object, name);
    }
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "s.");
    bytes file = legacy_file(&object, 1);
    segent_checkpoint *checkpoint = load_bytes(context, &file);
    assert_int_equal(segent_checkpoint_opaque_count(checkpoint), 1000);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&file);
    segent_context_destroy(context);
}

static void control_characters_in_a_global(void **state)
{
    (void)state;
    assert_object_refused("cos\n\x1b[2J\n.", SEGENT_ERROR_FORBIDDEN, "asks for os.?[2J");
}

static void endless_global(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_text(&object, "c");
    bytes_repeat(&object, "a", 300);
    bytes_text(&object, "\nb\n.");
    bytes file = legacy_file(&object, 0);
    assert_refused(&file, FORMAT, "the name of a global is too long");
}

static void unexpected_calls(void **state)
{
    (void)state;
    assert_object_refused("K\x01)R.", FORMAT, "something is called that is not a global");
    assert_object_refused("ccollections\nOrderedDict\nK\x01R.", FORMAT,
                          "something is called that is not a global, or without a tuple");
    assert_object_refused("K\x01}b.", FORMAT, "state is given to what is not an object");
    assert_object_refused("}U\1wctorch._utils\n_rebuild_tensor_v2\n)Rs.", FORMAT,
                          "tensor 'w': it is made from unexpected arguments");
    assert_object_refused("}U\1wctorch._utils\n_rebuild_tensor_v2\n(K\0K\0K\0K\0K\0K\0tRs.", FORMAT,
                          "tensor 'w': it is made from unexpected arguments");
    assert_object_refused("}U\1wctorch._utils\n_rebuild_parameter\n(K\0K\0K\0tRs.", FORMAT,
                          "no state dict found");
}

static void persistent_ids_of_other_things(void **state)
{
    (void)state;
    assert_object_refused("K\x01Q.", FORMAT, "a persistent id is not that of a storage");
    assert_object_refused("(X\x06\0\0\0moduleNNNNtQ.", FORMAT,
                          "a persistent id is not that of a storage");
    assert_object_refused("(X\x07\0\0\0storageK\1X\x01\0\0\0"
                          "0X\x03\0\0\0cpuK\x04tQ.",
                          FORMAT, "a persistent id is not that of a storage");
    assert_object_refused("(X\x07\0\0\0storagectorch\nFloatStorage\nK\x01X\x03\0\0\0cpuK\x04tQ.",
                          FORMAT, "a persistent id is not that of a storage");
    assert_object_refused("(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0"
                          "0X\x03\0\0\0cpuK\x04K\x01K\x01tQ.",
                          FORMAT, "a persistent id is not that of a storage");
}

/* Asserts that a tensor is read that uses a view of a storage of four elements. */
static void check_view(const char *view, size_t size)
{
    bytes object = {0};
    bytes_literal(&object,
                  "}U\1wctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\n"
                  "U\1"
                  "0U\3cpuK\4");
    bytes_put(&object, view, size);
    bytes_literal(&object, "tQK\0K\2\x85K\1\x85\x89)tRs.");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, FORMAT, "tensor 'w'");
}

static void views_outside_their_storage(void **state)
{
    (void)state;
    check_view("U\1vK\2K\3\x87", 8);
    check_view("U\1vJ\xff\xff\xff\xffK\2\x87", 11);
    check_view("U\1vK\1\x86", 6);
    check_view("U\1vK\3K\1\x87", 8);
    check_view("K\1", 2);
}

/* ---- the machine ---- */

static void unknown_opcodes(void **state)
{
    (void)state;
    assert_object_refused("?.", FORMAT, "opcode 0x3f at byte");
    assert_object_refused("P0\n.", FORMAT, "opcode 0x50 at byte");
    assert_object_refused("\x82\x01.", FORMAT, "opcode 0x82 at byte");
    assert_object_refused("\x97.", FORMAT, "opcode 0x97 at byte");
}

static void other_protocols(void **state)
{
    (void)state;
    assert_object_refused("\x80\x06}.", SEGENT_ERROR_UNSUPPORTED, "the pickle has protocol 6");
}

static void stack_underflow(void **state)
{
    static const char *const opcodes[] = {"a.",    "s.",       "R.",    "b.",         "Q.",
                                          "\x85.", "\x86.",    "\x87.", "q\x01.",     "\x81.",
                                          "]a.",   "}K\x01s.", "](a.",  "K\x01(\x85."};
    (void)state;
    for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++) {
        bytes object = {0};
        bytes_text(&object, opcodes[i]);
        bytes file = legacy_file(&object, 0);
        assert_refused(&file, FORMAT, "an opcode takes more values than the stack holds");
    }
}

static void missing_marks(void **state)
{
    (void)state;
    assert_object_refused("t.", FORMAT, "looks for a mark where there is none");
    assert_object_refused("]e.", FORMAT, "looks for a mark where there is none");
    assert_object_refused("}u.", FORMAT, "looks for a mark where there is none");
    assert_object_refused("(e.", FORMAT, "an opcode takes more values than the stack holds");
    assert_object_refused("(u.", FORMAT, "an opcode takes more values than the stack holds");
}

static void values_left_over(void **state)
{
    (void)state;
    assert_object_refused(".", FORMAT, "it does not end with exactly one value");
    assert_object_refused("}}.", FORMAT, "it does not end with exactly one value");
    assert_object_refused("}(.", FORMAT, "it does not end with exactly one value");
}

static void odd_dicts(void **state)
{
    (void)state;
    assert_object_refused("}(K\x01u.", FORMAT, "a dict's last key has no value");
    assert_object_refused("}]K\x01s.", FORMAT, "a dict's key is a list or a dict");
    assert_object_refused("}}K\x01s.", FORMAT, "a dict's key is a list or a dict");
    assert_object_refused("]K\x01K\x01s.", FORMAT, "an item is set in what is not a dict");
    assert_object_refused("}K\x01"
                          "a.",
                          FORMAT, "something is appended to what is not a list");
    assert_object_refused("K\x01\x85q\0K\x02"
                          "a.",
                          FORMAT, "something is appended to what is not a list");
}

static void memo_that_was_never_stored(void **state)
{
    (void)state;
    assert_object_refused("h\x05.", FORMAT, "asks for a memo that was never stored");
    assert_object_refused("}q\x02h\x01.", FORMAT, "asks for a memo that was never stored");
    assert_object_refused("j\xff\xff\xff\xff.", FORMAT, "asks for a memo that was never stored");
    assert_object_refused("}r\xff\xff\xff\xff.", FORMAT,
                          "a memo index is larger than the number of bytes so far");
}

static void lengths_beyond_the_file(void **state)
{
    (void)state;
    assert_object_refused("X\xff\xff\xff\xffx.", SEGENT_ERROR_TRUNCATED,
                          "needs 4294967295 bytes at byte");
    assert_object_refused("\x8a\xff\x01.", SEGENT_ERROR_TRUNCATED, "needs 255 bytes at byte");
    bytes object = {0};
    bytes_literal(&object, "\x8a\x09\1\2\3\4\5\6\7\x08\x09.");
    bytes file = legacy_file(&object, 0);
    assert_refused(&file, FORMAT, "holds an integer, where a state dict");
}

static void long_integers_by_length(void **state)
{
    static const struct {
        const char *integer;
        size_t size;
        int64_t offset;
    } cases[] = {{"\x8a\x00", 2, 0}, {"\x8a\x01\x02", 3, 2}, {"\x8a\x02\x02\x00", 4, 2}};
    (void)state;
    segent_context *context = test_context();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bytes object = {0};
        bytes_literal(&object, "}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storage"
                               "ctorch\nFloatStorage\nX\1\0\0\0"
                               "0X\3\0\0\0cpuK\x04tQ");
        bytes_put(&object, cases[i].integer, cases[i].size);
        bytes_literal(&object, ")))))tRs.");
        bytes file = legacy_file(&object, 1);
        segent_checkpoint *checkpoint = load_bytes(context, &file);
        float value = 0;
        test_assert_ok(context, segent_checkpoint_read(context, checkpoint, 0, &value, 1));
        assert_true(value == (cases[i].offset ? 1.25f : 1.0f));
        segent_checkpoint_destroy(checkpoint);
        bytes_free(&file);
    }
    segent_context_destroy(context);
}

/* ---- size attacks ---- */

static void deep_nesting(void **state)
{
    (void)state;
    bytes object = {0};
    bytes_repeat(&object, "]", 100000);
    bytes_repeat(&object, "a", 99999);
    bytes_text(&object, ".");
    bytes file = legacy_file(&object, 0);
    assert_refused(&file, FORMAT, "holds a list, where a state dict");
    bytes_repeat(&object, "(", 100000);
    bytes_text(&object, ".");
    file = legacy_file(&object, 0);
    assert_refused(&file, FORMAT, "it does not end with exactly one value");
}

/* A hundred lists, each of which holds the one before it twice. */
static void billion_laughs(void **state)
{
    (void)state;
    segent_context *context = test_context();
    bytes object = {0};
    bytes_text(&object, "}(");
    put_string(&object, "joke");
    bytes_literal(&object, "]q\0");
    for (unsigned i = 0; i < 100; i++) {
        bytes_literal(&object, "](h");
        bytes_number(&object, i, 1);
        bytes_text(&object, "h");
        bytes_number(&object, i, 1);
        bytes_text(&object, "eq");
        bytes_number(&object, i + 1, 1);
        bytes_literal(&object, "\x86");
    }
    put_string(&object, "w");
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, "u.");
    bytes file = legacy_file(&object, 1);
    segent_checkpoint *checkpoint = load_bytes(context, &file);
    assert_int_equal(segent_checkpoint_count(checkpoint), 1);
    segent_checkpoint_destroy(checkpoint);
    bytes_free(&file);
    segent_context_destroy(context);
}

static void list_that_holds_itself(void **state)
{
    (void)state;
    assert_object_refused("]q\0h\0a.", FORMAT, "holds a list, where a state dict");
    assert_object_refused("}q\0(X\x05\0\0\0modelh\0X\x0a\0\0\0state_dicth\0u.", FORMAT,
                          "no state dict found");
}

/* ---- what is not a state dict ---- */

static void no_state_dict(void **state)
{
    (void)state;
    assert_object_refused("N.", FORMAT, "holds None, where a state dict");
    assert_object_refused("}.", FORMAT, "no state dict found");
    assert_object_refused("}X\x05\0\0\0model}s.", FORMAT, "no state dict found");
    assert_object_refused("}X\x05\0\0\0modelK\x01s.", FORMAT, "no state dict found");
    bytes object = {0};
    put_tensor(&object, (tensor_parts){0});
    bytes_text(&object, ".");
    bytes file = legacy_file(&object, 1);
    assert_refused(&file, FORMAT, "holds a tensor, where a state dict");
}

static void other_machines(void **state)
{
    (void)state;
    bytes file = legacy_tensor((tensor_parts){0});
    file.data[42] = 0x89; /* little_endian: False */
    assert_refused(&file, SEGENT_ERROR_UNSUPPORTED, "written on a big-endian machine");
    file = legacy_tensor((tensor_parts){0});
    file.data[18] = 0xe8; /* version 1000 */
    assert_refused(&file, FORMAT, "the second pickle is not version 1001");
    file = legacy_tensor((tensor_parts){0});
    memcpy(file.data + 23, "N.", 2);
    assert_refused(&file, FORMAT, "the third pickle is None, not a dict");
}

static void odd_key_lists(void **state)
{
    (void)state;
    /* The pickle ends the file, so its last bytes are those of the key list: "\x80\x02](e." */
    bytes object = {0};
    bytes_text(&object, "}.");
    bytes file = legacy_file(&object, 0);
    memcpy(file.data + file.size - 4, "NNN.", 4);
    assert_refused(&file, FORMAT, "it does not end with exactly one value");
    bytes_text(&object, "}.");
    file = legacy_file(&object, 0);
    memcpy(file.data + file.size - 4, "K\1\x85.", 4);
    assert_refused(&file, FORMAT, "the fifth pickle is a tuple, not a list of storage keys");
    bytes_text(&object, "}.");
    file = legacy_file(&object, 0);
    memcpy(file.data + file.size - 4, "]Na.", 4);
    assert_refused(&file, FORMAT, "a storage key is None, not a string");
}

/* A file of the legacy form whose fifth pickle, the list of keys, names a storage with that key. */
static bytes late_storage(const char *key)
{
    bytes b = legacy_tensor((tensor_parts){0});
    const size_t tail = 2, storage = 8 + 4 * 4; /* "e.", and the storage behind the pickle */
    bytes late = {0};
    bytes_put(&late, b.data, b.size - storage - tail);
    bytes_text(&late, "(");
    put_string(&late, "storage");
    bytes_text(&late, "ctorch\nFloatStorage\n");
    put_string(&late, key);
    put_string(&late, "cpu");
    bytes_literal(&late, "K\x04tQe.");
    bytes_put(&late, b.data + b.size - storage, storage);
    bytes_free(&b);
    return late;
}

static void storages_after_the_table_is_closed(void **state)
{
    static const char *const keys[] = {"0", "1", "00", ""};
    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        bytes file = late_storage(keys[i]);
        assert_refused(&file, FORMAT, "a persistent id, where all storages were named before");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forbidden_globals),
        cmocka_unit_test(forbidden_globals_of_other_opcodes),
        cmocka_unit_test(names_like_forbidden_ones),
        cmocka_unit_test(globals_that_are_not_text),
        cmocka_unit_test(opaque_objects),
        cmocka_unit_test(many_opaque_globals),
        cmocka_unit_test(control_characters_in_a_global),
        cmocka_unit_test(endless_global),
        cmocka_unit_test(unexpected_calls),
        cmocka_unit_test(persistent_ids_of_other_things),
        cmocka_unit_test(views_outside_their_storage),
        cmocka_unit_test(unknown_opcodes),
        cmocka_unit_test(other_protocols),
        cmocka_unit_test(stack_underflow),
        cmocka_unit_test(missing_marks),
        cmocka_unit_test(values_left_over),
        cmocka_unit_test(odd_dicts),
        cmocka_unit_test(memo_that_was_never_stored),
        cmocka_unit_test(lengths_beyond_the_file),
        cmocka_unit_test(long_integers_by_length),
        cmocka_unit_test(deep_nesting),
        cmocka_unit_test(billion_laughs),
        cmocka_unit_test(list_that_holds_itself),
        cmocka_unit_test(no_state_dict),
        cmocka_unit_test(other_machines),
        cmocka_unit_test(odd_key_lists),
        cmocka_unit_test(storages_after_the_table_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
