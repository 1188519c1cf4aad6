# SPDX-License-Identifier: BSD-2-Clause
"""The description of the API, docs/segent.json, for the generate.py of each binding that has one."""
import difflib
import json
import os.path
import pathlib
import sys

SEGENT_JSON = pathlib.Path(__file__).resolve().parents[2] / "docs" / "segent.json"


class Description:
    """`api` is the file as it is; beside it the C types of integers that have a name, and the names of what other types refer to."""

    def __init__(self, path):
        self.api = json.loads(pathlib.Path(path).read_text())
        self.integers = {kind["name"]: kind["type"] for kind in self.api["types"]}
        self.structs = {kind["name"] for kind in self.api["structs"]}
        self.callbacks = {kind["name"] for kind in self.api["callbacks"]}


def camel(name):
    """segent_run_options is RunOptions."""
    return "".join(word.capitalize() for word in name.removeprefix("segent_").split("_"))


def value_prefix(enum):
    """What the names of an enum's values begin with: SEGENT_UNIT_."""
    names = [value["name"] for value in enum["values"]]
    common = os.path.commonprefix(names)
    return common[:common.rindex("_") + 1] if len(names) > 1 else enum["name"].upper() + "_"


def main(generator):
    """What a generate.py does, generate.py [--check] [SEGENT_JSON]: it writes what the files() of a Description of its own gives, {path: text}.
    With --check it writes nothing, prints how the files differ from that, and returns 1 if one does."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    stale = 0
    for path, text in generator(arguments[0] if arguments else SEGENT_JSON).files().items():
        there = path.read_text() if path.exists() else ""
        if "--check" not in sys.argv:
            path.write_text(text)
        elif there != text:
            lines = difflib.unified_diff(there.splitlines(), text.splitlines(), path.name, "segent.json", n=1, lineterm="")
            print(*list(lines)[:40], f"segent.json has changed: {sys.argv[0]} writes {path.name} anew", sep="\n")
            stale = 1
    return stale
