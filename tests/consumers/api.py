#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Reads <segent/api.h> as those do who have no C compiler: api.py INCLUDE LIBRARY COMPILER...
It keeps to the rules that make that possible; Python's cffi and LuaJIT's ffi take it as it is and see structs of the compiler's
sizes; and the two call LIBRARY through it ("" stands for no library that can be called)."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import header

PARAMETERS_MAX = 6

LUA = """
local ffi = require("ffi")
local file = assert(io.open(arg[1]))
ffi.cdef(file:read("*a"))
for i = 3, #arg do print(arg[i], tonumber(ffi.sizeof(arg[i]))) end
if arg[2] ~= "" then
    local segent = ffi.load(arg[2])
    local context = ffi.new("segent_context *[1]")
    local logits = ffi.new("float[4]", {0, 200, 0, 0})
    local entropy = ffi.new("float[2]")
    local values = ffi.new("segent_tensor_view", {data = logits, channels = 2, height = 1, width = 2})
    local map = ffi.new("segent_map_view", {data = entropy, height = 1, width = 2})
    local options = ffi.new("segent_options")
    segent.segent_options_defaults(options)
    assert(options.struct_size == ffi.sizeof("segent_options"))
    assert(segent.segent_context_create(options, context) == segent.SEGENT_OK)
    assert(segent.segent_entropy_map(context[0], values, nil, map) == segent.SEGENT_OK)
    segent.segent_context_destroy(context[0])
    assert(math.abs(entropy[0] - 1) < 1e-6 and math.abs(entropy[1]) < 1e-6)
end
"""


def rules(path):
    """Problems with what the header promises of itself."""
    functions = header.declarations(path)
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.lstrip().startswith("#"):
            yield f"line {number} is for a preprocessor: {line}"
    for function in functions:
        if len(function.parameters) > PARAMETERS_MAX:
            yield f"{function.name} has {len(function.parameters)} parameters"
    if not functions:
        yield "no functions are declared"
    print(f"{len(functions)} functions, the largest with {max(len(f.parameters) for f in functions)} parameters")


def sizes_of_compiler(include, compiler, names):
    lines = "".join(f'    printf("%zu\\n", sizeof({name}));\n' for name in names)
    source = f"#include <segent/segent.h>\n#include <stdio.h>\nint main(void)\n{{\n{lines}    return 0;\n}}\n"
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "sizes"
        subprocess.run([*compiler, "-xc", "-std=c99", f"-I{include}", "-o", program, "-"], input=source, text=True, check=True)
        return dict(zip(names, map(int, subprocess.run([program], capture_output=True, check=True).stdout.split())))


def call_by_cffi(ffi, library):
    segent = ffi.dlopen(library)
    context, options = ffi.new("segent_context **"), ffi.new("segent_options *")
    segent.segent_options_defaults(options)
    assert options.struct_size == ffi.sizeof("segent_options")
    assert segent.segent_context_create(options, context) == segent.SEGENT_OK
    logits, entropy = ffi.new("float[4]", [0, 200, 0, 0]), ffi.new("float[2]")
    values = ffi.new("segent_tensor_view *", {"data": logits, "channels": 2, "height": 1, "width": 2})
    plane = ffi.new("segent_map_view *", {"data": entropy, "height": 1, "width": 2})
    assert segent.segent_entropy_map(context[0], values, ffi.NULL, plane) == segent.SEGENT_OK
    assert abs(entropy[0] - 1) < 1e-6 and abs(entropy[1]) < 1e-6
    assert segent.segent_entropy_map(context[0], ffi.NULL, ffi.NULL, plane) == segent.SEGENT_ERROR_INVALID_ARGUMENT
    assert b"segent_entropy_map" in ffi.string(segent.segent_last_error(context[0]))
    segent.segent_context_destroy(context[0])


def sizes_of_cffi(path, library, names):
    """None where Python has no cffi."""
    try:
        import cffi
    except ImportError:
        return None
    ffi = cffi.FFI()
    ffi.cdef(path.read_text())
    if library:
        call_by_cffi(ffi, library)
    return {name: ffi.sizeof(name) for name in names}


def sizes_of_luajit(path, library, names):
    """None where there is no LuaJIT."""
    program = shutil.which("luajit")
    if not program:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "sizes.lua"
        script.write_text(LUA)
        done = subprocess.run([program, script, path, library, *names], text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"LuaJIT: {done.stderr}")
    return {name: int(size) for name, size in (line.split() for line in done.stdout.splitlines())}


def main():
    include, library, compiler = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    path = include / "segent" / "api.h"
    problems = list(rules(path))
    names = header.structs(path)
    expected = sizes_of_compiler(include, compiler, names)
    for title, package, measure in [("cffi", "python3-cffi", sizes_of_cffi), ("LuaJIT", "luajit", sizes_of_luajit)]:
        found = measure(path, library, names)
        if found is None:
            print(f"NOT TESTED: api.h in {title} (Debian's package {package})")
            continue
        problems += [f"{name}: {found[name]} bytes in {title}, {expected[name]} in C" for name in names
                     if found[name] != expected[name]]
        print(f"{title}: {len(found)} structs" + (", and calls" if library else ""))
    print(*problems, sep="\n")
    return 1 if problems or not names else 0


sys.exit(main())
