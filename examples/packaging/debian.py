#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the folder debian/ of a tree of libsegent, from which dpkg-buildpackage makes Debian packages:

    debian.py TREE

The recipe beside this file, debian/, lacks what follows from the tree itself, so that nothing there has to be changed with a version:
the version and the soname (meson.build), the symbols (docs/segent.json, lib/segent.map), the licence (LICENSE). The date of the package
is SOURCE_DATE_EPOCH, or that of the last commit, or that of CHANGELOG.md, so that the same tree gives the same packages."""
from __future__ import annotations

import email.utils
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys


def one(pattern: str, path: pathlib.Path) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.M)
    if not found:
        sys.exit(f"{path}: nothing in it matches {pattern}")
    return found[1]


def date_of(tree: pathlib.Path) -> str:
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if not told and (tree / ".git").exists():
        told = subprocess.run(["git", "-C", str(tree), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False).stdout
    seconds = int(told) if told and told.strip() else int((tree / "CHANGELOG.md").stat().st_mtime)
    return email.utils.formatdate(seconds)


def symbols_of(tree: pathlib.Path, version: str) -> str:
    """A line of a symbols file for each function and each node of versions. A name that no node lists belongs to the one that has `segent_*`."""
    nodes = {}
    for node, body in re.findall(r"^([\w.]+)\s*\{(.*?)\}", (tree / "lib" / "segent.map").read_text(encoding="utf-8"), re.M | re.S):
        for name in re.findall(r"[\w*]+(?=;)", body.split("local:")[0]):
            nodes[name] = node
    functions = json.loads((tree / "docs" / "segent.json").read_text(encoding="utf-8"))["functions"]
    names = [f"{function['name']}@{nodes.get(function['name'], nodes.get('segent_*', 'Base'))}" for function in functions]
    names += [f"{node}@{node}" for node in set(nodes.values())]
    return "\n".join(f" {name} {version}" for name in sorted(names))


def licence_of(tree: pathlib.Path) -> str:
    """The licence's terms as a paragraph of debian/copyright."""
    terms = (tree / "LICENSE").read_text(encoding="utf-8").split("\n\n", 2)[2]
    return "License: BSD-2-Clause\n" + "\n".join(" " + (line.strip() or ".") for line in terms.strip().splitlines())


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree = pathlib.Path(sys.argv[1])
    version = one(r"^\s*version: '([0-9.]+)'", tree / "meson.build")
    soversion = one(r"^soversion = '([0-9.]+)'", tree / "meson.build")
    values = {"version": version, "soversion": soversion, "date": date_of(tree), "licence": licence_of(tree), "symbols": symbols_of(tree, version)}
    there = tree / "debian"
    shutil.copytree(pathlib.Path(__file__).resolve().parent / "debian", there)
    for path in sorted(there.rglob("*")):
        if path.is_file():
            text = re.sub(r"@(version|soversion|date|licence|symbols)@", lambda found: values[found[1]], path.read_text(encoding="utf-8"))
            path.write_text(text, encoding="utf-8")
    for path in there.glob("library.*"):
        path.rename(there / f"libsegent{soversion}{path.suffix}")


if __name__ == "__main__":
    main()
