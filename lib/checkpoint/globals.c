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

/* Lists are texts one behind the other, an empty one at the end: pointers to them would take more
 * room than most of the names. */

/* Each name stands for itself and everything in and below it. Where the pickle splits it into
 * module and name makes no difference. */
static const char denied[] =
    /* Modules and packages. */
    "os\0"
    "posix\0"
    "nt\0"
    "subprocess\0"
    "sys\0"
    "shutil\0"
    "socket\0"
    "_socket\0"
    "ssl\0"
    "pty\0"
    "runpy\0"
    "importlib\0"
    "imp\0"
    "zipimport\0"
    "ctypes\0"
    "_ctypes\0"
    "_posixsubprocess\0"
    "_winapi\0"
    "winreg\0"
    "_winreg\0"
    "msvcrt\0"
    "webbrowser\0"
    "pickle\0"
    "_pickle\0"
    "cPickle\0"
    "marshal\0"
    "shelve\0"
    "asyncio\0"
    "pip\0"
    "ensurepip\0"
    "venv\0"
    "setuptools\0"
    "idlelib\0"
    "lib2to3\0"
    "pydoc\0"
    "popen2\0"
    "codeop\0"
    "pdb\0"
    "bdb\0"
    "cProfile\0"
    "cgitb\0"
    "doctest\0"
    "fileinput\0"
    "linecache\0"
    "pkgutil\0"
    "compileall\0"
    "py_compile\0"
    "httplib\0"
    "http.client\0"
    "urllib\0"
    "urllib2\0"
    "urllib3\0"
    "aiohttp\0"
    "httpx\0"
    "requests\0"
    "ftplib\0"
    "smtplib\0"
    "telnetlib\0"
    "nntplib\0"
    "imaplib\0"
    "poplib\0"
    "xmlrpc\0"
    "socketserver\0"
    "paramiko\0"
    "pexpect\0"
    "ptyprocess\0"
    "_thread\0"
    "distutils.core\0"
    "distutils.dir_util\0"
    "distutils.file_util\0"
    "distutils.spawn\0"
    "logging.config\0"
    "multiprocessing.util\0"
    "multiprocessing.process\0"
    "multiprocessing.popen_fork\0"
    "multiprocessing.popen_forkserver\0"
    "multiprocessing.popen_spawn_posix\0"
    "multiprocessing.popen_spawn_win32\0"
    "multiprocessing.forkserver\0"
    "multiprocessing.spawn\0"
    "multiprocessing.pool\0"
    "multiprocessing.connection\0"
    "multiprocessing.reduction\0"
    "IPython\0"
    "numpy.testing._private.utils\0"
    "numpy.testing.utils\0"
    "numpy.distutils\0"
    "numpy.f2py\0"
    "torch.hub\0"
    "torch.package\0"

    "torch.distributed.rpc\0"
    "torch.distributed.run\0"
    "torch.multiprocessing.spawn\0"
    "torch.utils.cpp_extension\0"
    "torch.utils.model_zoo\0"
    "torch.utils.bottleneck\0"
    "torch.utils.collect_env\0"
    "torch.utils._config_module\0"
    "torch.jit.unsupported_tensor_ops\0"
    "torch._inductor.codecache\0"
    /* Single names out of modules that are not denied as a whole: people call folders of their own
     * code or profile, and pickles name much of numpy and torch. */
    "code.InteractiveInterpreter\0"
    "code.InteractiveConsole\0"
    "code.interact\0"
    "commands.getoutput\0"
    "commands.getstatus\0"
    "commands.getstatusoutput\0"
    "timeit.main\0"
    "timeit.repeat\0"
    "timeit.timeit\0"
    "timeit.Timer\0"
    "trace.Trace\0"
    "trace.main\0"
    "profile.run\0"
    "profile.runctx\0"
    "profile.Profile\0"
    "site.main\0"
    "site.addsitedir\0"
    "site.execsitecustomize\0"
    "site.execusercustomize\0"
    "operator.attrgetter\0"
    "operator.methodcaller\0"
    "_operator.attrgetter\0"
    "_operator.methodcaller\0"
    "io.open\0"
    "io.open_code\0"
    "io.FileIO\0"
    "_io.open\0"
    "_io.open_code\0"
    "_io.FileIO\0"
    "codecs.open\0"
    "types.CodeType\0"
    "types.FunctionType\0"
    "uuid._get_command_stdout\0"
    "uuid._popen\0"
    "multiprocessing.Process\0"
    "multiprocessing.Pool\0"
    "multiprocessing.context.Process\0"
    "dill.load\0"
    "dill.loads\0"
    "cloudpickle.load\0"
    "cloudpickle.loads\0"
    "jsonpickle.decode\0"
    "joblib.load\0"
    "numpy.load\0"
    "numpy.loads\0"
    "numpy.lib.npyio.load\0"
    "numpy.testing.runstring\0"
    "numpy.testing.rundocs\0"
    "pandas.eval\0"
    "pandas.read_pickle\0"
    "pandas.core.computation.eval.eval\0"
    "pandas.io.pickle.read_pickle\0"
    "psutil.Popen\0"
    "torch.classes.load_library\0"
    "torch.ops.load_library\0"
    "torch.load\0"
    "torch.jit.load\0"
    "torch.serialization.load\0"
    "torch.serialization._load\0"
    "torch.serialization._legacy_load\0"
    "torch.storage._load_from_bytes\0"
    "torch._utils._import_dotted_name\0"
    "torch._dynamo.guards.GuardBuilder.get\0"
    "torch.fx.graph_module._exec_with_source\0"
    "torch.fx.graph_module._forward_from_src\0"
    "torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression\0"
    "torch.utils.data.datapipes.utils.decoder.basichandlers\0"
    "yaml.load\0"
    "yaml.unsafe_load\0";

/* Names of plain results that are below denied ones and can do nothing. */
static const char harmless[] = "os.stat_result\0"
                               "os.terminal_size\0"
                               "posix.stat_result\0"
                               "posix.uname_result\0"
                               "nt.stat_result\0"
                               "subprocess.CompletedProcess\0"
                               "urllib.parse\0";

static const char denied_builtins[] = "eval\0"
                                      "exec\0"
                                      "execfile\0"
                                      "compile\0"
                                      "__import__\0"
                                      "open\0"
                                      "file\0"
                                      "input\0"
                                      "raw_input\0"
                                      "breakpoint\0"
                                      "globals\0"
                                      "locals\0"
                                      "vars\0"
                                      "setattr\0"
                                      "delattr\0"
                                      "apply\0"
                                      "reload\0"
                                      "exit\0"
                                      "quit\0"
                                      "help\0";

/* Parts of a name, between points, that no class has: such a name leads through a module to another
 * module or to a function that runs code. */
static const char denied_parts[] = "os\0"
                                   "_os\0"
                                   "posix\0"
                                   "nt\0"
                                   "sys\0"
                                   "_sys\0"
                                   "subprocess\0"
                                   "shutil\0"
                                   "socket\0"
                                   "importlib\0"
                                   "builtins\0"
                                   "__builtin__\0"
                                   "ctypes\0"
                                   "runpy\0"
                                   "pty\0"
                                   "pickle\0"
                                   "_pickle\0"
                                   "system\0"
                                   "popen\0"
                                   "execfile\0"
                                   "execv\0"
                                   "execve\0"
                                   "spawnv\0"
                                   "exec_command\0"
                                   "runstring\0"
                                   "_load_from_bytes\0";

static bool is_one_of(sg_span text, const char *list)
{
    for (const char *name = list; *name; name += strlen(name) + 1) {
        if (sg_span_is(text, name))
            return true;
    }
    return false;
}

/* Whether a part of a dotted name is denied. Names with two underscores lead from any function to
 * its module and from any class to all others, so they are, except for the functions of copyreg
 * that protocols 0 and 1 call in the place of NEWOBJ. */
static bool is_denied_part(sg_span part)
{
    const bool dunder = part.length >= 4 && memcmp(part.text, "__", 2) == 0 &&
                        memcmp(part.text + part.length - 2, "__", 2) == 0;
    return is_one_of(part, denied_parts) ||
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
static bool is_below(sg_span text, const char *list)
{
    for (const char *name = list; *name; name += strlen(name) + 1) {
        if (begins_with_part(text, name))
            return true;
    }
    return false;
}

bool sg_global_denied(sg_span module, sg_span name)
{
    char joined[SG_GLOBAL_JOINED_MAX];
    const sg_span whole = {joined, module.length + 1 + name.length};
    if (whole.length > sizeof(joined) || has_denied_part(name))
        return true;
    if (sg_span_is(module, "builtins") || sg_span_is(module, "__builtin__"))
        return is_one_of(name, denied_builtins);
    memcpy(joined, module.text, module.length);
    joined[module.length] = '.';
    memcpy(joined + module.length + 1, name.text, name.length);
    return is_below(whole, denied) && !is_below(whole, harmless);
}
