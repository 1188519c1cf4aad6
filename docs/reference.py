# SPDX-License-Identifier: BSD-2-Clause
"""docs/segent.json as pages see it: what man3.py and the site's reference are made from."""
import json
import pathlib
import re

# What the head of the header says of every struct that has them.
STRUCT_SIZE = "The size of the struct in bytes, as the caller's header has it; the initialiser sets it."
KINDS = {"functions": "function", "structs": "struct", "enums": "enum", "types": "type", "callbacks": "callback", "handles": "handle"}


class Reference:
    def __init__(self, path):
        found = json.loads(pathlib.Path(path).read_text())
        self.version, self.sections = found["version"], found["sections"]
        self.items = []
        for plural, kind in KINDS.items():
            self.items += [item | {"kind": kind} for item in found[plural]]
        for item in self.items:
            self.complete(item)
        named = {item["name"]: item for item in self.items if item["kind"] == "enum" and item["name"]}
        # A type whose values are listed is one thing with them.
        self.items = [item for item in self.items if item["kind"] != "type" or item["name"] not in named]
        self.by_name = {item["name"]: item for item in self.items if item["name"]}
        for item in self.items:
            self.by_name |= {value["name"]: item for value in item.get("values", [])}

    def complete(self, item):
        """A function without a comment has that of its section, a value alone in its enum the enum's."""
        if not item["doc"]:
            item["doc"] = self.sections[item["section"] - 1]["doc"]
        for part in item.get("members", []) + item.get("values", []):
            if part["name"] == "struct_size" and not part["doc"]:
                part["doc"] = STRUCT_SIZE
            elif part["name"].startswith("reserved"):
                part["doc"] = "Room for later versions: must be 0."
            elif not part["doc"] and len(item.get("values", [])) == 1:
                part["doc"] = item["doc"]
            part["doc"] = sentence(part["doc"])
        item["doc"] = sentence(item["doc"])

    def in_section(self, number):
        return [item for item in self.items if item["section"] == number]

    def groups(self):
        """Lists of items that one comment is about, such as the functions that give a picture's width, height and pixels."""
        found = []
        for item in self.items:
            before = found[-1][0] if found else None
            if before and (before["doc"], before["section"], before["kind"]) == (item["doc"], item["section"], item["kind"]) \
                    and item["kind"] in ("function", "callback"):
                found[-1].append(item)
            else:
                found.append([item])
        return found


def sentence(text):
    """With a capital, unless it begins with a name, and a full stop."""
    if re.match(r"[a-z][a-z]*[ ,;:.]|[a-z]+$", text):
        text = text[0].upper() + text[1:]
    return text if not text or text[-1] in ".:" else text + "."


def declaration(returns, name, parameters):
    """The parts of a function's declaration: what stands before the parameters, each of them, what stands behind."""
    before = returns + ("" if returns.endswith("*") else " ") + name + "("
    return before, [(part["type"] + ("" if part["type"].endswith("*") else " "), part["name"]) for part in parameters], ")"


def member(part):
    return part["type"] + ("" if part["type"].endswith("*") else " "), part["name"] + (f"[{part['array']}]" if "array" in part else "")
