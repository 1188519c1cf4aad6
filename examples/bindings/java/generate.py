#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes src/main/java/org/segent/jna/LibSegent.java, the API as JNA declares it, and the enums of the package, from docs/segent.json:
generate.py [--check] [SEGENT_JSON]"""
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import description

SOURCES = HERE / "src/main/java/org/segent"
HEAD = """// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026, the libsegent authors
// Made by generate.py from the description of the API; not to be edited.
"""
NUMBERS = {"int32_t": "int", "uint32_t": "int", "int64_t": "long", "uint64_t": "long", "float": "float", "double": "double",
           "size_t": "SizeT", "void": "void", "uint8_t": "byte"}
REFERENCES = {"int32_t": "IntByReference", "int64_t": "LongByReference"}
# The enums of C that are enums of the package.
ENUMS = {"segent_pixel_format", "segent_unit", "segent_source", "segent_engine", "segent_precision", "segent_output_size", "segent_log_level",
         "segent_orientation"}

LIBRARY = """package org.segent.jna;

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
SIZE_T = """
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


def comment(text, indent):
    """The lines of Javadoc for a text of the header; none for an empty one."""
    if not text:
        return []
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*/", "* /").replace("@", "&#64;")
    lines = textwrap.wrap(safe, 130 - len(indent) - 3)
    if len(lines) == 1 and len(lines[0]) < 120 - len(indent):
        return [f"{indent}/** {lines[0]} */"]
    return [f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"]


class Generator(description.Description):
    def java_type(self, type_, of_struct=False):
        """The type in Java of a struct's member (of_struct) or of a parameter. Text is a String, structs are themselves, all other pointers
        are Pointers."""
        type_ = self.integers.get(type_, type_)
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

    def struct(self, struct):
        name, members = struct["name"], struct["members"]
        order = ", ".join(f'"{member["name"]}"' for member in members)
        yield f"    @Structure.FieldOrder({{{order}}})"
        yield f"    class {name} extends Structure {{"
        for member in members:
            kind = self.java_type(member["type"], of_struct=True)
            if member.get("array"):
                yield f"        public {kind}[] {member['name']} = new {kind}[{member['array']}];"
            elif kind == "SizeT":
                yield f"        public SizeT {member['name']} = new SizeT();"
            else:
                yield f"        public {kind} {member['name']};"
        yield ""
        if members[0]["name"] == "struct_size":
            yield f"        public {name}() {{"
            yield "            struct_size = new SizeT(size());"
            yield "        }"
        else:
            yield f"        public {name}() {{}}"
            yield ""
            yield f"        public {name}(Pointer memory) {{"
            yield "            super(memory);"
            yield "            read();"
            yield "        }"
        yield "    }"
        yield ""

    def library(self):
        yield HEAD + LIBRARY
        yield f'    String SONAME = "{self.api["soname"]}";'
        yield SIZE_T
        for enum in self.api["enums"]:
            for value in enum["values"]:
                yield f"    int {value['name']} = {value['value']};"
        yield ""
        for callback in self.api["callbacks"]:
            yield f"    interface {callback['name']} extends Callback {{"
            yield f"        {self.return_type(callback['returns'])} invoke({self.parameters(callback)});"
            yield "    }"
            yield ""
        for struct in self.api["structs"]:
            yield from self.struct(struct)
        for function in self.api["functions"]:
            yield f"    {self.return_type(function['returns'])} {function['name']}({self.parameters(function)});"
        yield "}"

    def enum(self, enum, name):
        yield f"{HEAD}package org.segent;\n"
        yield from comment(enum["doc"], "")
        yield f"public enum {name} {{"
        prefix, values = description.value_prefix(enum), enum["values"]
        for number, value in enumerate(values):
            yield from comment(value["doc"], "    ")
            yield f"    {value['name'].removeprefix(prefix)}({value['value']}){',' if number + 1 < len(values) else ';'}"
        yield f"""
    final int value;

    {name}(int value) {{
        this.value = value;
    }}
}}"""

    def files(self):
        made = {SOURCES / "jna/LibSegent.java": self.library()}
        for enum in self.api["enums"]:
            if enum["name"] in ENUMS:
                name = description.camel(enum["name"])
                made[SOURCES / f"{name}.java"] = self.enum(enum, name)
        return {path: "\n".join(lines) + "\n" for path, lines in made.items()}


sys.exit(description.main(Generator))
