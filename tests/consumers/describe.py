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


def mentions(item, name):
    """Whether a function or a struct has to do with a handle."""
    types = [part["type"] for part in item.get("parameters", []) + item.get("members", [])] + [item.get("returns", "")]
    return any(re.search(rf"\b{name}\b", text) for text in types)


def ordered(version):
    return [int(number) for number in version.split(".")]


def with_since(items):
    """A handle is as old as what takes or gives it, if its comment does not say; anything else as what stands before it."""
    last = ""
    for item in items:
        if not item["since"] and item["kind"] == "handle":
            item["since"] = min((other["since"] for other in items if other["since"] and mentions(other, item["name"])), key=ordered)
        item["since"] = last = item["since"] or last
    return items


def is_flags(enum):
    """The comment of an enum whose values are added up says that each is a bit."""
    return re.search(r"\bbit\b", enum["doc"]) is not None


def entry(item):
    found = {key: item[key] for key in ("name", "returns", "type", "parameters", "members", "values") if key in item}
    if item["kind"] == "enum":
        found["flags"] = is_flags(item)
    return found | {key: item[key] for key in ("doc", "since", "section")}


def description(include):
    folder = pathlib.Path(include) / "segent"
    version = re.search(r'SEGENT_VERSION_STRING "(.*?)"', (folder / "segent.h").read_text())[1]
    reader = header.Reader(folder / "api.h").read()
    items = with_since(reader.items)
    found = {"comment": "The API of libsegent, made from <segent/api.h>, the manual.", "version": version, "sections": reader.sections}
    for plural, kind in KINDS.items():
        found[plural] = [entry(item) for item in items if item["kind"] == kind]
    return found


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
    there = path.read_text() if path.exists() else ""
    lines = list(difflib.unified_diff(there.splitlines(), text.splitlines(), str(path), "api.h", n=2, lineterm=""))
    if lines:
        print(*lines[:60], "the header has changed: UPDATE=1 meson test -C build api-description", sep="\n")
    return 1 if lines else 0


sys.exit(main())
