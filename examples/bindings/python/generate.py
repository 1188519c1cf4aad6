#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes src/segent/_api.py, the header's declarations for ctypes, from docs/segent.json: generate.py [--check] [SEGENT_JSON]"""
import pathlib
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import description
from description import camel

MODULE = HERE / "src" / "segent" / "_api.py"

SCALARS = {"int32_t": "c_int32", "uint32_t": "c_uint32", "int64_t": "c_int64", "uint64_t": "c_uint64", "size_t": "c_size_t",
           "float": "c_float", "double": "c_double"}
PYTHON = {"c.c_float": "float", "c.c_double": "float", "c.c_void_p": "Optional[int]", "c.c_char_p": "Optional[bytes]", "None": "None"}

HEAD = '''# SPDX-License-Identifier: BSD-2-Clause
# Made by generate.py from docs/segent.json; changes belong there.
"""What <segent/api.h> declares, for ctypes. Pointers to opaque objects and to values are c_void_p."""
from __future__ import annotations

import ctypes as c
import enum
from typing import Any, Callable, Optional
'''


def literal(text, margin="    "):
    """A docstring."""
    return "\n".join(textwrap.wrap(f'"""{text}"""', 128, initial_indent=margin, subsequent_indent=margin, break_long_words=False))


def packed(head, words):
    """Words between commas, as many on a line as it holds."""
    lines = [head]
    for i, word in enumerate(words):
        if len(lines[-1]) + len(word) > 126:
            lines.append(" " * len(head))
        lines[-1] += word + (", " if i < len(words) - 1 else "")
    return "\n".join(line.rstrip() for line in lines)


class Generator(description.Description):
    def ctype(self, text, returned=False):
        """The ctypes type of a type of C's."""
        words = text.replace("const ", "").split()
        base, stars = words[0], "".join(words[1:])
        if not stars:
            if base == "void":
                return "None"
            if base in self.callbacks or base in self.structs:
                return camel(base)
            return "c." + SCALARS[self.integers.get(base, base)]
        if base == "char":
            return {"*": "c.c_char_p", "**": "c.POINTER(c.c_char_p)"}[stars]
        if stars == "**":
            return "c.POINTER(c.c_void_p)"
        if base in self.structs and not returned:
            return f"c.POINTER({camel(base)})"
        if base in ("int32_t", "int64_t") and not returned:
            return f"c.POINTER(c.{SCALARS[base]})"
        return "c.c_void_p"

    def python(self, ctype):
        """The type that a value has in Python."""
        if ctype in PYTHON:
            return PYTHON[ctype]
        if ctype.startswith("c.c_"):
            return "int"
        return "Any" if ctype.startswith("c.POINTER") else ctype

    def enum(self, enum):
        names = [value["name"] for value in enum["values"]]
        if not enum["name"] and len(names) == 1:
            yield f"{names[0].removeprefix('SEGENT_')} = {enum['values'][0]['value']}"
            return
        prefix = description.value_prefix(enum)
        name = camel(enum["name"] or prefix.lower().rstrip("_"))
        yield f"\n\nclass {name}(enum.{'IntFlag' if enum['flags'] else 'IntEnum'}):"
        yield literal(enum["doc"] or enum["name"])
        for value in enum["values"]:
            yield f"    {value['name'].removeprefix(prefix)} = {value['value']}"

    def callback(self, callback):
        types = [self.ctype(callback["returns"])] + [self.ctype(p["type"]) for p in callback["parameters"]]
        return f"{camel(callback['name'])} = c.CFUNCTYPE({', '.join(types)})"

    def struct(self, struct):
        yield f"\n\nclass {camel(struct['name'])}(c.Structure):"
        yield literal(struct["doc"])
        fields = []
        for member in struct["members"]:
            kind = self.ctype(member["type"])
            kind = "c.c_void_p" if kind.startswith("c.POINTER") and "char" not in kind else kind
            annotation = "Any" if member["type"] in self.callbacks else self.python(kind)
            if "array" in member:
                annotation, kind = f"c.Array[{kind}]", f"{kind} * {member['array']}"
            yield f"    {member['name']}: {annotation}"
            fields.append(f'("{member["name"]}", {kind})')
        yield packed("    _fields_ = [", fields) + "]"

    def functions(self):
        yield "\n\nclass Functions:"
        yield '    """The library\'s functions. A library that lacks one is another version: AttributeError."""'
        for function in self.api["functions"]:
            returns = self.python(self.ctype(function["returns"], returned=True))
            yield f"    {function['name']}: Callable[..., {returns}]"
        yield "\n    def __init__(self, library: c.CDLL) -> None:"
        yield "        for name, (returns, parameters) in PROTOTYPES.items():"
        yield "            function = getattr(library, name)"
        yield "            function.restype, function.argtypes = returns, parameters"
        yield "            setattr(self, name, function)"
        yield "\n\nPROTOTYPES: dict[str, tuple[Any, list[Any]]] = {"
        for function in self.api["functions"]:
            head = f'    "{function["name"]}": ({self.ctype(function["returns"], returned=True)}, ['
            yield packed(head, [self.ctype(p["type"]) for p in function["parameters"]]) + "]),"
        yield "}"

    def module(self):
        """The parts in an order in which each knows what it names."""
        yield HEAD
        yield f'VERSION = "{self.api["version"]}"'
        enums = ["\n".join(self.enum(enum)) for enum in self.api["enums"]]
        yield from [text for text in enums if not text.startswith("\n")]
        yield from [text for text in enums if text.startswith("\n")]
        pending = {entry["name"]: entry for entry in self.api["structs"] + self.api["callbacks"]}
        after_struct = True
        while pending:
            for name, entry in list(pending.items()):
                parts = entry.get("members", []) + entry.get("parameters", [])
                if not any(part["type"].replace("const ", "").split()[0] in pending for part in parts):
                    is_struct = "members" in entry
                    yield "\n".join(self.struct(entry)) if is_struct else "\n\n" * after_struct + self.callback(entry)
                    after_struct = is_struct
                    del pending[name]
        yield from self.functions()

    def files(self):
        return {MODULE: "\n".join(self.module()) + "\n"}


sys.exit(description.main(Generator))
