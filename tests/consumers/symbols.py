#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares a built library's symbols with the functions that <segent/api.h> declares: symbols.py shared|static API_H LIBRARY [SEGENT_JSON]
Of a shared one also the version of each symbol with the version that the function came with, and the soname with segent.json's."""
import json
import pathlib
import re
import subprocess
import sys

import header

# What a library that never prints, exits, aborts or changes its host's settings has no use for.
FORBIDDEN = set("""printf vprintf puts putchar fprintf vfprintf perror stdout stderr exit _exit _Exit quick_exit abort __assert_fail atexit
    on_exit setlocale signal sigaction setenv unsetenv putenv srand srandom rand chdir umask openblas_set_num_threads
    openblas_set_num_threads_local __printf_chk __fprintf_chk __vprintf_chk __vfprintf_chk""".split())


def nm(*arguments):
    lines = subprocess.run(["nm", *arguments], text=True, capture_output=True, check=True).stdout.splitlines()
    return [line.split() for line in lines if line and not line.endswith(":")]


def defined(library, shared):
    """Names of the global symbols, and the version of each, or ""; version nodes (type A) are no symbols of ours."""
    rows = nm("-D", "--defined-only", library) if shared else nm("-g", "--defined-only", library)
    pairs = [row[2].partition("@") for row in rows if len(row) == 3 and row[1] != "A"]
    return {name: version.lstrip("@") for name, _, version in pairs}


def undefined(library, shared):
    rows = nm("-D", "-u", library) if shared else nm("-u", library)
    return {row[-1].split("@")[0] for row in rows}


def misplaced(functions, there):
    """Functions whose version node is not that of the version that the header says they came with."""
    for function in functions:
        found, wanted = there.get(function["name"]), header.symbol_version(function)
        if found is not None and found != wanted:
            yield (f'{function["name"]} is since {function["since"]} says the header, so that its version is {wanted}, not {found or "none"}: '
                   "what was released keeps its node in lib/segent.map, and what is new says Since the version in work")


def soname(library):
    found = re.search(r"\(SONAME\).*\[(.*)\]", subprocess.run(["readelf", "-d", library], text=True, capture_output=True, check=True).stdout)
    return found[1] if found else "none"


def main():
    shared, path, library = sys.argv[1] == "shared", sys.argv[2], sys.argv[3]
    functions, there = header.functions(path), defined(library, shared)
    ours = {function["name"] for function in functions}
    problems = [f"declared in the header, not in the library: {name}" for name in sorted(ours - set(there))]
    extra = set(there) - ours
    if shared:
        problems += misplaced(functions, there)
        wanted = json.loads(pathlib.Path(sys.argv[4]).read_text())["soname"]
        if soname(library) != wanted:
            problems.append(f"the soname is {soname(library)}, and {wanted} in segent.json")
    else:
        # An archive's private functions are global between its members; their prefix keeps them out of others' way.
        extra = {name for name in extra if not name.startswith("sg_")}
        # Address sanitizer and the like add their own.
        extra = {name for name in extra if not name.startswith("__")}
    problems += [f"visible, but not declared in the header: {name}" for name in sorted(extra)]
    problems += [f"uses {name}" for name in sorted(undefined(library, shared) & FORBIDDEN)]
    print(*problems, f"{len(ours)} functions declared, {len(there)} symbols defined", sep="\n")
    return 1 if problems or not ours else 0


sys.exit(main())
