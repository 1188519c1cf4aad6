/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* The names that a pickle may give: those that mean something here, and those that only an attack
 * needs. docs/security.md has the same lists. */

#include <string.h>

#include "machine.h"

/* ---- storages and types ---- */

static const char quantised[] = "quantised integers", complex_numbers[] = "complex numbers",
                  float8[] = "8-bit floating-point numbers",
                  unsigned_integers[] = "unsigned integers";

/* The types of elements, with torch's names: that of the storage without "Storage", and that of the
 * dtype. */
static const struct {
    const char *storage, *dtype;
    sg_storage_type type;
} types[] = {
    {"Float", "float32", {"FloatStorage", SEGENT_DTYPE_F32, 4, NULL}},
    {"Half", "float16", {"HalfStorage", SEGENT_DTYPE_F16, 2, NULL}},
    {"BFloat16", "bfloat16", {"BFloat16Storage", SEGENT_DTYPE_BF16, 2, NULL}},
    {"Double", "float64", {"DoubleStorage", SEGENT_DTYPE_F64, 8, NULL}},
    {"Long", "int64", {"LongStorage", SEGENT_DTYPE_I64, 8, NULL}},
    {"Int", "int32", {"IntStorage", SEGENT_DTYPE_I32, 4, NULL}},
    {"Short", "int16", {"ShortStorage", SEGENT_DTYPE_I16, 2, NULL}},
    {"Char", "int8", {"CharStorage", SEGENT_DTYPE_I8, 1, NULL}},
    {"Byte", "uint8", {"ByteStorage", SEGENT_DTYPE_U8, 1, NULL}},
    {"Bool", "bool", {"BoolStorage", SEGENT_DTYPE_BOOL, 1, NULL}},
    {"Untyped", "", {"UntypedStorage", SEGENT_DTYPE_U8, 1, NULL}},
    {"_Untyped", "", {"UntypedStorage", SEGENT_DTYPE_U8, 1, NULL}},
    {"ComplexFloat", "complex64", {"ComplexFloatStorage", 0, 8, complex_numbers}},
    {"ComplexDouble", "complex128", {"ComplexDoubleStorage", 0, 16, complex_numbers}},
    {"QInt8", "qint8", {"QInt8Storage", 0, 1, quantised}},
    {"QUInt8", "quint8", {"QUInt8Storage", 0, 1, quantised}},
    {"QInt32", "qint32", {"QInt32Storage", 0, 4, quantised}},
    {"QUInt4x2", "quint4x2", {"QUInt4x2Storage", 0, 1, quantised}},
    {"QUInt2x4", "quint2x4", {"QUInt2x4Storage", 0, 1, quantised}},
    {"", "complex32", {"complex32", 0, 4, complex_numbers}},
    {"", "float8_e4m3fn", {"float8_e4m3fn", 0, 1, float8}},
    {"", "float8_e4m3fnuz", {"float8_e4m3fnuz", 0, 1, float8}},
    {"", "float8_e5m2", {"float8_e5m2", 0, 1, float8}},
    {"", "float8_e5m2fnuz", {"float8_e5m2fnuz", 0, 1, float8}},
    {"", "float8_e8m0fnu", {"float8_e8m0fnu", 0, 1, float8}},
    {"", "uint16", {"uint16", 0, 2, unsigned_integers}},
    {"", "uint32", {"uint32", 0, 4, unsigned_integers}},
    {"", "uint64", {"uint64", 0, 8, unsigned_integers}},
};

/* Whether the text is `part`, or begins with `part` and a point. */
static bool begins_with_part(sg_span text, const char *part)
{
    const size_t length = strlen(part);
    return text.length >= length && memcmp(text.text, part, length) == 0 &&
           (text.length == length || text.text[length] == '.');
}

const sg_storage_type *sg_storage_type_find(sg_span module, sg_span name)
{
    static const char suffix[] = "Storage";
    const size_t tail = sizeof(suffix) - 1;
    if (!begins_with_part(module, "torch") || name.length <= tail ||
        memcmp(name.text + name.length - tail, suffix, tail) != 0)
        return NULL;
    const sg_span stem = {name.text, name.length - tail};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (sg_span_is(stem, types[i].storage))
            return &types[i].type;
    }
    return NULL;
}

const sg_storage_type *sg_dtype_find(sg_span name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (name.length > 0 && sg_span_is(name, types[i].dtype))
            return &types[i].type;
    }
    return NULL;
}

bool sg_global_known(sg_span module, sg_span name)
{
    static const struct {
        const char *module, *name;
    } known[] = {{"collections", "OrderedDict"},
                 {"torch", "Size"},
                 {"torch", "Tensor"},
                 {"torch.nn.parameter", "Parameter"},
                 {"torch.nn", "Parameter"},
                 {"torch._tensor", "_rebuild_from_type_v2"},
                 {"torch", "_rebuild_from_type_v2"}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (sg_span_is(module, known[i].module) && sg_span_is(name, known[i].name))
            return true;
    }
    return sg_storage_type_find(module, name) ||
           (sg_span_is(module, "torch") && sg_dtype_find(name)) ||
           (sg_span_is(module, "torch._utils") && name.length > 9 &&
            memcmp(name.text, "_rebuild_", 9) == 0);
}

/* ---- what only an attack needs ---- */

/* Each name stands for itself and everything in and below it. Where the pickle splits it into
 * module and name makes no difference. */
static const char *const denied[] = {
    /* Modules and packages. */
    "os",
    "posix",
    "nt",
    "subprocess",
    "sys",
    "shutil",
    "socket",
    "_socket",
    "ssl",
    "pty",
    "runpy",
    "importlib",
    "imp",
    "zipimport",
    "ctypes",
    "_ctypes",
    "_posixsubprocess",
    "_winapi",
    "winreg",
    "_winreg",
    "msvcrt",
    "webbrowser",
    "pickle",
    "_pickle",
    "cPickle",
    "marshal",
    "shelve",
    "asyncio",
    "pip",
    "ensurepip",
    "venv",
    "setuptools",
    "idlelib",
    "lib2to3",
    "pydoc",
    "popen2",
    "codeop",
    "pdb",
    "bdb",
    "cProfile",
    "cgitb",
    "doctest",
    "fileinput",
    "linecache",
    "pkgutil",
    "compileall",
    "py_compile",
    "httplib",
    "http.client",
    "urllib",
    "urllib2",
    "urllib3",
    "aiohttp",
    "httpx",
    "requests",
    "ftplib",
    "smtplib",
    "telnetlib",
    "nntplib",
    "imaplib",
    "poplib",
    "xmlrpc",
    "socketserver",
    "paramiko",
    "pexpect",
    "ptyprocess",
    "_thread",
    "distutils.core",
    "distutils.dir_util",
    "distutils.file_util",
    "distutils.spawn",
    "logging.config",
    "multiprocessing.util",
    "multiprocessing.process",
    "multiprocessing.popen_fork",
    "multiprocessing.popen_forkserver",
    "multiprocessing.popen_spawn_posix",
    "multiprocessing.popen_spawn_win32",
    "multiprocessing.forkserver",
    "multiprocessing.spawn",
    "multiprocessing.pool",
    "multiprocessing.connection",
    "multiprocessing.reduction",
    "IPython",
    "numpy.testing._private.utils",
    "numpy.testing.utils",
    "numpy.distutils",
    "numpy.f2py",
    "torch.hub",
    "torch.package",

    "torch.distributed.rpc",
    "torch.distributed.run",
    "torch.multiprocessing.spawn",
    "torch.utils.cpp_extension",
    "torch.utils.model_zoo",
    "torch.utils.bottleneck",
    "torch.utils.collect_env",
    "torch.utils._config_module",
    "torch.jit.unsupported_tensor_ops",
    "torch._inductor.codecache",
    /* Single names out of modules that are not denied as a whole: people call folders of their own
     * code or profile, and pickles name much of numpy and torch. */
    "code.InteractiveInterpreter",
    "code.InteractiveConsole",
    "code.interact",
    "commands.getoutput",
    "commands.getstatus",
    "commands.getstatusoutput",
    "timeit.main",
    "timeit.repeat",
    "timeit.timeit",
    "timeit.Timer",
    "trace.Trace",
    "trace.main",
    "profile.run",
    "profile.runctx",
    "profile.Profile",
    "site.main",
    "site.addsitedir",
    "site.execsitecustomize",
    "site.execusercustomize",
    "operator.attrgetter",
    "operator.methodcaller",
    "_operator.attrgetter",
    "_operator.methodcaller",
    "io.open",
    "io.open_code",
    "io.FileIO",
    "_io.open",
    "_io.open_code",
    "_io.FileIO",
    "codecs.open",
    "types.CodeType",
    "types.FunctionType",
    "uuid._get_command_stdout",
    "uuid._popen",
    "multiprocessing.Process",
    "multiprocessing.Pool",
    "multiprocessing.context.Process",
    "dill.load",
    "dill.loads",
    "cloudpickle.load",
    "cloudpickle.loads",
    "jsonpickle.decode",
    "joblib.load",
    "numpy.load",
    "numpy.loads",
    "numpy.lib.npyio.load",
    "numpy.testing.runstring",
    "numpy.testing.rundocs",
    "pandas.eval",
    "pandas.read_pickle",
    "pandas.core.computation.eval.eval",
    "pandas.io.pickle.read_pickle",
    "psutil.Popen",
    "torch.classes.load_library",
    "torch.ops.load_library",
    "torch.load",
    "torch.jit.load",
    "torch.serialization.load",
    "torch.serialization._load",
    "torch.serialization._legacy_load",
    "torch.storage._load_from_bytes",
    "torch._utils._import_dotted_name",
    "torch._dynamo.guards.GuardBuilder.get",
    "torch.fx.graph_module._exec_with_source",
    "torch.fx.graph_module._forward_from_src",
    "torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression",
    "torch.utils.data.datapipes.utils.decoder.basichandlers",
    "yaml.load",
    "yaml.unsafe_load",
};

/* Names of plain results that are below denied ones and can do nothing. */
static const char *const harmless[] = {"os.stat_result",    "os.terminal_size",
                                       "posix.stat_result", "posix.uname_result",
                                       "nt.stat_result",    "subprocess.CompletedProcess",
                                       "urllib.parse"};

static const char *const denied_builtins[] = {
    "eval",    "exec",      "execfile",   "compile", "__import__", "open", "file",
    "input",   "raw_input", "breakpoint", "globals", "locals",     "vars", "setattr",
    "delattr", "apply",     "reload",     "exit",    "quit",       "help"};

/* Parts of a name, between points, that no class has: such a name leads through a module to another
 * module or to a function that runs code. */
static const char *const denied_parts[] = {"os",         "_os",
                                           "posix",      "nt",
                                           "sys",        "_sys",
                                           "subprocess", "shutil",
                                           "socket",     "importlib",
                                           "builtins",   "__builtin__",
                                           "ctypes",     "runpy",
                                           "pty",        "pickle",
                                           "_pickle",    "system",
                                           "popen",      "execfile",
                                           "execv",      "execve",
                                           "spawnv",     "exec_command",
                                           "runstring",  "_load_from_bytes"};

static bool is_one_of(sg_span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sg_span_is(text, list[i]))
            return true;
    }
    return false;
}

#define IS_ONE_OF(text, list) is_one_of((text), (list), sizeof(list) / sizeof((list)[0]))

/* Whether a part of a dotted name is denied. Names with two underscores lead from any function to
 * its module and from any class to all others, so they are, except for the functions of copyreg
 * that protocols 0 and 1 call in the place of NEWOBJ. */
static bool is_denied_part(sg_span part)
{
    const bool dunder = part.length >= 4 && memcmp(part.text, "__", 2) == 0 &&
                        memcmp(part.text + part.length - 2, "__", 2) == 0;
    return IS_ONE_OF(part, denied_parts) ||
           (dunder && !sg_span_is(part, "__newobj__") && !sg_span_is(part, "__newobj_ex__"));
}

static bool has_denied_part(sg_span name)
{
    for (size_t begin = 0; begin <= name.length;) {
        const char *dot = memchr(name.text + begin, '.', name.length - begin);
        const size_t end = dot ? (size_t)(dot - name.text) : name.length;
        if (is_denied_part((sg_span){name.text + begin, end - begin}))
            return true;
        begin = end + 1;
    }
    return false;
}

/* Whether the text is one of the names or lies below one. */
static bool is_below(sg_span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (begins_with_part(text, list[i]))
            return true;
    }
    return false;
}

#define IS_BELOW(text, list) is_below((text), (list), sizeof(list) / sizeof((list)[0]))

bool sg_global_denied(sg_span module, sg_span name)
{
    char joined[SG_GLOBAL_JOINED_MAX];
    const sg_span whole = {joined, module.length + 1 + name.length};
    if (whole.length > sizeof(joined) || has_denied_part(name))
        return true;
    if (sg_span_is(module, "builtins") || sg_span_is(module, "__builtin__"))
        return IS_ONE_OF(name, denied_builtins);
    memcpy(joined, module.text, module.length);
    joined[module.length] = '.';
    memcpy(joined + module.length + 1, name.text, name.length);
    return IS_BELOW(whole, denied) && !IS_BELOW(whole, harmless);
}
