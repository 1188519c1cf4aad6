#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares binary interfaces with the committed one, abi/segent-x86_64.abi, by libabigail's abidiff (Debian's abigail-tools):

    abi.py header INCLUDE MAP SONAME CC...   that which the header declares. UPDATE=1 in the environment writes the committed one anew
    abi.py library FILE                      that of a built library with debugging information

An interface is made of the header alone, as a library of empty functions, so that neither what is private nor options, compiler or
paths are part of it; that the real library has the same is what the second form is for. Types are compared whole, without abidiff's
--headers-dir, with which 2.2 overlooks that a typedef's base type changed. What is new is no failure; everything else is.
Then it is shown that changes are found, on copies of the header with one change each."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import header

BASELINE = pathlib.Path(__file__).resolve().parent / "abi" / "segent-x86_64.abi"
SKIPPED = 77

# What would break programs: a name for it, what stands in the header, and what would stand there. Numbers are groups.
CHANGES = [
    ("a function has another name", r"\bsegent_palette_voc\(", "segent_palette_pascal("),
    ("a function is gone", r"\nconst char \*segent_version\(void\);", ""),
    ("a function takes more", r"(segent_cancel_set\(segent_cancel \*cancel)\)", r"\1, int32_t after)"),
    ("a function returns more", r"\nint32_t (segent_supports)\(", r"\nint64_t \1("),
    ("a function takes its size in fewer bits", r"(segent_model_load_memory\([^)]*)size_t size", r"\1uint32_t size"),
    ("a member is wider", r"int32_t scan_limit;", "int64_t scan_limit;"),
    ("a member of the same size is another type", r"float tolerance;", "int32_t tolerance;"),
    ("a member is gone", r"    segent_map_view margin;", ""),
    ("two members change places", r"(\n    const char \*backbone;)(.*?)(\n    const char \*head;)", r"\3\2\1"),
    ("a struct grows", r"uint64_t reserved\[4\];", "uint64_t reserved[5];"),
    ("an enum has another type", r"typedef int32_t segent_unit;", "typedef int64_t segent_unit;"),
    ("an enum has another sign", r"typedef int32_t segent_engine;", "typedef uint32_t segent_engine;"),
    ("a callback is called with another type", r"(\(\*segent_progress_fn\)\(void \*user, )double", r"\1float"),
]


def surface(include, build, folder):
    """A library of empty functions: all that the header in `include` declares, with the versions of the real one."""
    lines = ["#include <segent/segent.h>"]
    for function in header.declarations(include / "segent" / "api.h"):
        body = "{ }" if function.returns == "void" else "{ return 0; }"
        lines.append(f"{function.returns} {function.name}({', '.join(function.parameters) or 'void'}) {body}")
    (folder / "surface.c").write_text("\n".join(lines) + "\n")
    subprocess.run([*build, "-g", "-O0", "-w", "-fPIC", "-shared", "-I", include, "surface.c", "-o", "libsegent.so"], cwd=folder, check=True)
    return folder / "libsegent.so"


def compare(library):
    """What abidiff says against the committed interface; None: nothing that a program could notice."""
    done = subprocess.run(["abidiff", "--no-added-syms", BASELINE, library], text=True, capture_output=True, check=False)
    if done.returncode & 3 or done.returncode not in (0, 4, 8, 12): # 1: it failed, 2: it was called wrongly
        sys.exit(f"abidiff failed: {done.stdout}{done.stderr}")
    return done.stdout if done.returncode else None


def added(library):
    """Functions that the committed interface does not have yet."""
    known = set(re.findall(r"<elf-symbol name='(\w+)'", BASELINE.read_text()))
    rows = subprocess.run(["nm", "-D", "--defined-only", library], text=True, capture_output=True, check=True).stdout
    return sorted(set(re.findall(r" T (segent_\w+)", rows)) - known)


def check(library):
    said = compare(library)
    if said:
        print(said, "Programs that were built for the interface in tests/consumers/abi would not run with this one, or not rightly; docs/abi.md",
              "says what may change. If the change is one of those, or that interface was never released:",
              "    UPDATE=1 meson test -C build abi", sep="\n")
        return 1
    new = added(library)
    print(f"{library.name} has the committed interface" + (f", and {', '.join(new)}, which the next UPDATE=1 takes up" if new else ""))
    return 0


def write(library):
    text = subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed", "--type-id-style", "hash", library],
                          text=True, capture_output=True, check=True).stdout
    BASELINE.parent.mkdir(exist_ok=True)
    BASELINE.write_text(text)


def overlooked(include, build, folder):
    """The changes that abidiff does not refuse."""
    copy = folder / "changed" / "segent"
    copy.mkdir(parents=True)
    shutil.copyfile(include / "segent" / "segent.h", copy / "segent.h")
    text = (include / "segent" / "api.h").read_text()
    for name, there, instead in CHANGES:
        changed, times = re.subn(there, instead, text, count=1, flags=re.S)
        (copy / "api.h").write_text(changed)
        if not times or not compare(surface(copy.parent, build, folder)):
            yield name


def main():
    if not shutil.which("abidiff") or not shutil.which("abidw"):
        print("abidiff and abidw are not here: Debian's abigail-tools has them")
        return SKIPPED
    if sys.argv[1] == "library":
        return check(pathlib.Path(sys.argv[2]).resolve())
    include, script, soname, compiler = pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve(), sys.argv[4], sys.argv[5:]
    build = [*compiler, f"-Wl,--version-script={script}", f"-Wl,-soname,{soname}"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        library = surface(include, build, folder)
        if os.environ.get("UPDATE"):
            write(library)
        failed = check(library)
        missed = list(overlooked(include, build, folder))
        print(*[f"abidiff does not refuse that {change}" for change in missed], f"{len(CHANGES) - len(missed)} of {len(CHANGES)} changes refused", sep="\n")
    return 1 if failed or missed else 0


sys.exit(main())
