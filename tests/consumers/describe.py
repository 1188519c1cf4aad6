#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares docs/segent.json with what it is made from, <segent/api.h>: describe.py INCLUDE SEGENT_JSON. With UPDATE=1 in the
environment the file is written anew. docs/embedding.md says what is in it."""
import difflib
import json
import os
import pathlib
import re
import sys

import header

KINDS = {"types": "type", "enums": "enum", "handles": "handle", "callbacks": "callback", "structs": "struct", "functions": "function"}


def is_flags(enum):
    """The comment of an enum whose values are added up says that each is a bit."""
    return re.search(r"\bbit\b", enum["doc"]) is not None


def direction(function, type, items):
    """Whether a parameter carries values in, out or both: a pointer to what is not const is written through. Objects and pointers of
    the host's own are handed over as they are. Structs that know their size are told it, and so go both ways."""
    base, stars = type.replace("const", "").replace("*", "").strip(), type.count("*")
    if stars == 0 or base == "void" or type.startswith("const ") or (stars == 1 and items.get(base, {}).get("kind") == "handle"):
        return "in"
    sized = any(member["name"] == "struct_size" for member in items.get(base, {}).get("members", []))
    return "inout" if sized and function != base + "_defaults" else "out"


def entry(item, items):
    found = {key: item[key] for key in ("name", "returns", "type", "parameters", "members", "values") if key in item}
    if "parameters" in item:
        found["parameters"] = [part | {"direction": direction(item["name"], part["type"], items)} for part in item["parameters"]]
    if item["kind"] == "enum":
        found["flags"] = is_flags(item)
    if item["kind"] == "function":
        found["symbol_version"] = header.symbol_version(item)
    return found | {key: item[key] for key in ("doc", "since", "section")}


def description(include):
    folder = pathlib.Path(include) / "segent"
    version = re.search(r'SEGENT_VERSION_STRING "(.*?)"', (folder / "segent.h").read_text())[1]
    major, minor = version.split(".")[:2]
    abi = major if major != "0" else f"0.{minor}"
    reader = header.Reader(folder / "api.h").read()
    items = header.with_since(reader.items)
    named = {item["name"]: item for item in items if item["name"]}
    found = {"comment": "The API of libsegent, made from <segent/api.h>, the manual.", "version": version, "abi": abi,
             "soname": f"libsegent.so.{abi}", "sections": reader.sections}
    for plural, kind in KINDS.items():
        found[plural] = [entry(item, named) for item in items if item["kind"] == kind]
    return found


def unexplained(found):
    """Names of all that no comment says anything about. A value alone in its enum, and a function without a comment, have that of
    the enum or the section; struct_size and reserved members are explained at the head of the header."""
    for plural in KINDS:
        for item in found[plural]:
            parts = item.get("members", []) + item.get("values", [])
            if not item["doc"] and not (plural == "functions" and found["sections"][item["section"] - 1]["doc"]):
                yield item["name"] or parts[0]["name"]
            for part in parts:
                if not part["doc"] and len(parts) > 1 and part["name"] != "struct_size":
                    yield f"{item['name']}: {part['name']}"


def layout(value, margin=""):
    """JSON with a line for each thing that holds no others, so that a difference shows what has changed."""
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)) or not any(isinstance(part, (dict, list)) for part in inner):
        return json.dumps(value, ensure_ascii=False)
    brackets = "{}" if isinstance(value, dict) else "[]"
    keys = [json.dumps(key) + ": " for key in value] if isinstance(value, dict) else [""] * len(value)
    lines = [f"{margin} {key}{layout(part, margin + ' ')}" for key, part in zip(keys, inner)]
    return brackets[0] + "\n" + ",\n".join(lines) + "\n" + margin + brackets[1]


def main():
    include, path = sys.argv[1], pathlib.Path(sys.argv[2])
    found = description(include)
    text = layout(found) + "\n"
    print(", ".join(f"{len(found[plural])} {plural}" for plural in KINDS))
    if os.environ.get("UPDATE"):
        path.write_text(text)
        return 0
    silent = list(unexplained(found))
    if silent:
        print(*silent, "these have no comment in api.h", sep="\n")
        return 1
    there = path.read_text() if path.exists() else ""
    lines = list(difflib.unified_diff(there.splitlines(), text.splitlines(), str(path), "api.h", n=2, lineterm=""))
    if lines:
        print(*lines[:60], "the header has changed: UPDATE=1 meson test -C build api-description", sep="\n")
    return 1 if lines else 0


sys.exit(main())
