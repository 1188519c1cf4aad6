#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Whether a binding reaches every function of the library: reached.py SEGENT_JSON UNWRAPPED SOURCE...
A function is reached when its name stands in one of the sources. UNWRAPPED lists those that are not, a name and the reason a line; "" is a
list of none. What is on the list must exist, and not be reached."""
import json
import pathlib
import re
import sys


def unwrapped(path):
    """Names of the list. Lines that begin with # are comments."""
    lines = pathlib.Path(path).read_text().splitlines() if path else []
    rows = [line.split(None, 1) for line in lines if line.strip() and not line.startswith("#")]
    for row in rows:
        if len(row) != 2:
            sys.exit(f"{path}: {row[0]} has no reason")
    return {name for name, _ in rows}


def main():
    description, path, *sources = sys.argv[1:]
    functions = {function["name"] for function in json.loads(pathlib.Path(description).read_text())["functions"]}
    text = "\n".join(pathlib.Path(source).read_text() for source in sources)
    reached = functions & set(re.findall(r"segent_\w+", text))
    listed = unwrapped(path)
    problems = [f"{name}: neither in the sources nor in {path or 'a list'}" for name in functions - reached - listed]
    problems += [f"{name}: in {path}, but reached" for name in reached & listed]
    problems += [f"{name}: in {path}, but there is no such function" for name in listed - functions]
    print(*sorted(problems), sep="\n", end="\n" if problems else "")
    print(f"{len(reached)} functions reached, {len(listed)} listed")
    return 1 if problems or not functions else 0


sys.exit(main())
