#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Whether <segent/segent.hpp> has all that <segent/api.h> declares: face.py INCLUDE
Every function is called, every enumerator stands in an enum class, every option is handed on."""
import pathlib
import re
import sys

import header

# What C++ programs use as it is in C: statuses, flags, special numbers, and what is about them.
AS_IN_C = re.compile(r"SEGENT_(OK|ERROR_\w+|CPU_\w+|KEEP_\w+|RANK_MAX|SIZE_OWN|BACKGROUND_BLACK|IGNORE_NONE|IGNORE_ZERO)|segent_status_string|segent_cpu_name")
# Set by the initialisers, which stand in the place of these functions too.
BY_INITIALISERS = re.compile(r"struct_size|reserved\w*|segent_\w+_defaults")


def main():
    include = pathlib.Path(sys.argv[1]) / "segent"
    api = header.Reader(include / "api.h").read()
    face = re.sub(r"/\*.*?\*/", "", (include / "segent.hpp").read_text(), flags=re.S)
    functions = [item["name"] for item in header.of_kind(api, "function")]
    enumerators = list(api.constants)
    members = [(struct["name"], member["name"]) for struct in header.of_kind(api, "struct") if struct["name"].endswith("options")
               for member in struct["members"] if not BY_INITIALISERS.fullmatch(member["name"])]
    problems = [f"{name} is missing" for name in functions + enumerators
                if not AS_IN_C.fullmatch(name) and not BY_INITIALISERS.fullmatch(name) and not re.search(rf"\b{name}\b", face)]
    problems += [f"{struct}.{member} is not handed on" for struct, member in members if not re.search(rf"\bc_?\.{member} =", face)]
    print(*problems, f"{len(functions)} functions, {len(enumerators)} enumerators, {len(members)} options", sep="\n")
    return 1 if problems or not functions or not enumerators or not members else 0


sys.exit(main())
