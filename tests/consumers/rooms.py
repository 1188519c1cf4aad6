#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who may include whom: the rules of docs/architecture.md, checked over the sources: rooms.py ROOT"""
import pathlib
import re
import sys

import header

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)

# The rooms, folders of lib/, and the rooms whose headers each may include, itself and the base always.
ALLOWED = {
    "base": set(),
    "image": set(),
    "checkpoint": set(),
    "uncertainty": set(),
    "nn": set(),
    "net": set(),
    "model": {"net", "checkpoint", "image", "uncertainty", "nn"},
}
# The files directly in lib/, and the room whose rules they keep.
TOP = {"api": "base", "api_none": "base", "colormaps": "base", "npy": "base", "palette": "base"}
# What networks know of how they are run: the rows of operations.
OPERATIONS = {"lib/nn/ops.h"}
# The context describes BLAS to the host.
EXCEPTIONS = {("lib/base/context.c", "lib/nn/gemm.h")}
# The only ones that know BLAS, the second only at build time.
BLAS = {"lib/nn/blas.c", "lib/nn/blas_probe.c"}
PUBLIC = {"segent/segent.h", "segent/api.h"}
MANUAL = "segent/api.h"
# Who enters a context: the public functions, and what is about the context itself.
ENTRIES = {"lib/api.c", "lib/api_none.c", "lib/base/context.c"}


def includes(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return INCLUDE.findall(text)


def room_of(name):
    """Room of a file of lib/, by its path below the root."""
    parts = name.split("/")[1:]
    if len(parts) > 1:
        return parts[0]
    return TOP.get(parts[0].rsplit(".", 1)[0], "unknown")


class Checker:
    def __init__(self, root):
        self.root, self.problems, self.files = root, [], 0
        self.headers = {path.relative_to(root).as_posix()
                        for folder in ("lib", "kernels", "src", "examples") for path in root.glob(folder + "/**/*.h")}

    def resolve(self, path, name):
        """Path of a quoted include below the root, or None if it is not one of ours."""
        here = path.parent.relative_to(self.root)
        for base in (here.as_posix(), "lib", "kernels", "src", "include", ""):
            candidate = (pathlib.PurePosixPath(base) / name).as_posix()
            parts = []
            for part in candidate.split("/"):
                parts.pop() if part == ".." and parts else parts.append(part)
            candidate = "/".join(parts)
            if candidate in self.headers or candidate.removeprefix("include/") in PUBLIC:
                return candidate
        return None

    def problem(self, path, text):
        self.problems.append(f"{path.relative_to(self.root)}: {text}")

    def program(self, path):
        """src and examples: the public header, and their own."""
        own = path.relative_to(self.root).parts[0]
        for _, name in includes(path):
            target = self.resolve(path, name)
            if target and target.removeprefix("include/") not in PUBLIC and not target.startswith(own + "/"):
                self.problem(path, f"includes {name}, which is private to the library")

    def kernel(self, path):
        for kind, name in includes(path):
            target = self.resolve(path, name)
            if (kind == '"' or target) and not (target or "").startswith("kernels/"):
                self.problem(path, f"includes {name}; kernels see only their own headers and the C library")

    def entries(self):
        """Names of the public functions that take a context to work with: they find it in use when called from within."""
        manual = header.declarations(self.root / "include" / MANUAL)
        return [f.name for f in manual if f.returns == "segent_status" and f.parameters[0] == "segent_context *context"]

    def library(self, path):
        name = path.relative_to(self.root).as_posix()
        room = room_of(name)
        if room not in ALLOWED:
            self.problem(path, "in a room that docs/architecture.md does not know")
            return
        if name not in ENTRIES:
            for called in re.findall(rf'(?<!")\b({"|".join(self.entries())})\(', path.read_text()):
                self.problem(path, f"calls {called}(), which finds the context in use; "
                                   f"{called.replace('segent_', 'sg_', 1)}() of api.h is meant")
        if name != "lib/base/context.c" and re.search(r'"[^"\n]*%[-+ #0-9.*]*[fFgGeEaA][^"\n]*"', path.read_text()):
            self.problem(path, "prints a number with a point of the locale's; sg_number() does not")
        for _, included in includes(path):
            if included in ("cblas.h", "openblas_config.h") and name not in BLAS:
                self.problem(path, f"includes {included}; only lib/nn/blas.c may")
            target = self.resolve(path, included)
            if not target or not target.startswith("lib/") or (name, target) in EXCEPTIONS:
                continue
            if room == "net" and target in OPERATIONS:
                continue
            other = room_of(target)
            if other not in ALLOWED[room] | {room, "base"}:
                self.problem(path, f"includes {target}: the room '{room}' knows nothing of '{other}'")

    def run(self):
        for folder, check in (("src", self.program), ("examples", self.program), ("kernels", self.kernel), ("lib", self.library)):
            for path in sorted((self.root / folder).rglob("*.[ch]")):
                self.files += 1
                check(path)
        print(*self.problems, f"{self.files} files looked at", sep="\n")
        return 1 if self.problems or not self.files else 0


sys.exit(Checker(pathlib.Path(sys.argv[1]).resolve()).run())
