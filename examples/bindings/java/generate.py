#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes src/main/java/org/segent/jna/LibSegent.java, the API as JNA declares it, and the enums of the package, from the description
of the API, docs/segent.json of the source tree or the one named: generate.py [--check] [SEGENT.JSON]
With --check nothing is written, and the exit status is 1 if a file is not what it would be."""
import json
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "src/main/java/org/segent"
HEAD = """// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
"""
NUMBERS = {"int32_t": "int", "uint32_t": "int", "int64_t": "long", "uint64_t": "long", "float": "float", "double": "double",
           "size_t": "SizeT", "void": "void", "uint8_t": "byte"}
REFERENCES = {"int32_t": "IntByReference", "int64_t": "LongByReference"}
# Enums of the package, and what their constants begin with in C.
ENUMS = {"segent_pixel_format": ("PixelFormat", "SEGENT_PIXEL_"), "segent_unit": ("Unit", "SEGENT_UNIT_"),
         "segent_source": ("Source", "SEGENT_SOURCE_"), "segent_engine": ("Engine", "SEGENT_ENGINE_"),
         "segent_precision": ("Precision", "SEGENT_PRECISION_"), "segent_output_size": ("OutputSize", "SEGENT_OUTPUT_"),
         "segent_log_level": ("LogLevel", "SEGENT_LOG_"), "segent_orientation": ("Orientation", "SEGENT_ORIENT_")}


def comment(text, indent):
    """Javadoc of a text of the header's; nothing of an empty one."""
    if not text:
        return []
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*/", "* /").replace("@", "&#64;")
    lines = textwrap.wrap(safe, 130 - len(indent) - 3)
    if len(lines) == 1 and len(lines[0]) < 120 - len(indent):
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"]


class Api:
    def __init__(self, path):
        self.all = json.loads(pathlib.Path(path).read_text())
        self.aliases = {alias["name"]: alias["type"] for alias in self.all["types"]}
        self.structs = {struct["name"] for struct in self.all["structs"]}
        self.callbacks = {callback["name"] for callback in self.all["callbacks"]}

    def java_type(self, type_, of_struct=False):
        """Of a member (of_struct) or a parameter. Text is a String, structs are themselves, all other pointers are Pointers."""
        type_ = self.aliases.get(type_, type_)
        if type_ in self.structs or type_ in self.callbacks:
            return type_
        if type_ == "const char *":
            return "String"
        if re.fullmatch(r"segent_\w+ \*\*", type_):
            return "PointerByReference"
        pointee = re.fullmatch(r"(const )?(\w+) \*", type_)
        if pointee and not of_struct:
            constant, name = pointee.groups()
            if name in self.structs:
                return name
            if not constant and name in REFERENCES:
                return REFERENCES[name]
        return NUMBERS[type_] if type_ in NUMBERS else "Pointer"

    def return_type(self, type_):
        made = self.java_type(type_)
        return "Pointer" if made in self.structs else made

    def parameters(self, of):
        return ", ".join(f"{self.java_type(p['type'])} {p['name']}" for p in of["parameters"])


def struct_lines(api, struct):
    names = [member["name"] for member in struct["members"]]
    order = ", ".join(f'"{name}"' for name in names)
    yield f"    @Structure.FieldOrder({{{order}}})"
    yield f"    class {struct['name']} extends Structure {{"
    for member in struct["members"]:
        kind = api.java_type(member["type"], of_struct=True)
        if member.get("array"):
            yield f"        public {kind}[] {member['name']} = new {kind}[{member['array']}];"
        elif kind == "SizeT":
            yield f"        public SizeT {member['name']} = new SizeT();"
        else:
            yield f"        public {kind} {member['name']};"
    yield ""
    if names[0] == "struct_size":
        yield f"        public {struct['name']}() {{"
        yield "            struct_size = new SizeT(size());"
        yield "        }"
    else:
        yield f"        public {struct['name']}() {{}}"
        yield ""
        yield f"        public {struct['name']}(Pointer memory) {{"
        yield "            super(memory);"
        yield "            read();"
        yield "        }"
    yield "    }"
    yield ""


def library_lines(api):
    version = api.all["version"].split(".")
    yield HEAD + """package org.segent.jna;

import com.sun.jna.Callback;
import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** The API of libsegent with the names of C, whose header is the manual. The package org.segent is what programs use. */
public interface LibSegent extends Library {
    /** Where the loader finds the library. */"""
    yield f'    String SONAME = "libsegent.so.{".".join(version[:2]) if version[0] == "0" else version[0]}";'
    yield """
    /** Bytes in memory. */
    class SizeT extends IntegerType {
        private static final long serialVersionUID = 1;

        public SizeT() {
            this(0);
        }

        public SizeT(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }
"""
    for enum in api.all["enums"]:
        for value in enum["values"]:
            yield f"    int {value['name']} = {value['value']};"
    yield ""
    for callback in api.all["callbacks"]:
        yield f"    interface {callback['name']} extends Callback {{"
        yield f"        {api.return_type(callback['returns'])} invoke({api.parameters(callback)});"
        yield "    }"
        yield ""
    for struct in api.all["structs"]:
        yield from struct_lines(api, struct)
    for function in api.all["functions"]:
        yield f"    {api.return_type(function['returns'])} {function['name']}({api.parameters(function)});"
    yield "}"


def enum_lines(enum, name, prefix):
    yield f"{HEAD}package org.segent;\n"
    yield from comment(enum.get("doc", "") or f"{enum['name']}.", "")
    yield f"public enum {name} {{"
    values = enum["values"]
    for number, value in enumerate(values):
        yield from comment(value["doc"], "    ")
        yield f"    {value['name'][len(prefix):]}({value['value']}){',' if number + 1 < len(values) else ';'}"
    yield f"""
    final int value;

    {name}(int value) {{
        this.value = value;
    }}
}}"""


def main():
    arguments = sys.argv[1:]
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    api = Api(paths[0] if paths else HERE.parents[2] / "docs/segent.json")
    files = {SOURCES / "jna/LibSegent.java": library_lines(api)}
    for enum in api.all["enums"]:
        if enum["name"] in ENUMS:
            name, prefix = ENUMS[enum["name"]]
            files[SOURCES / f"{name}.java"] = enum_lines(enum, name, prefix)
    stale = 0
    for path, lines in files.items():
        text = "\n".join(lines) + "\n"
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path.name} is not what generate.py makes of the description", file=sys.stderr)
            stale = 1
    return stale


sys.exit(main())
