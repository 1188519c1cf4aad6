#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compiles the headers that programs include, alone, in every standard that we promise: headers.py c|c++ INCLUDE COMPILER...
The one that they include, api.h, is no program's: api.py looks at it."""
import pathlib
import subprocess
import sys

STANDARDS = {("c", ".h"): ["c99", "c11", "c17"], ("c++", ".h"): ["c++98", "c++11", "c++17"], ("c++", ".hpp"): ["c++17", "c++20"]}
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wpedantic", "-Wmissing-field-initializers", "-Wshadow",
            "-Wundef", "-Werror"]


def main():
    language, include, compiler = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    failures = 0
    headers = sorted(path for path in include.rglob("*.h*") if path.name != "api.h")
    if not headers:
        sys.exit(f"no header below {include}")
    for header in headers:
        for standard in STANDARDS.get((language, header.suffix), []):
            # Twice, so that a missing include guard is noticed as well.
            source = f'#include "{header.relative_to(include)}"\n' * 2 + "typedef int not_empty;\n"
            command = [*compiler, f"-x{language}", f"-std={standard}", *WARNINGS, f"-I{include}", "-fsyntax-only", "-"]
            done = subprocess.run(command, input=source, text=True, capture_output=True)
            print(f"{header.name} as {standard}: {'ok' if done.returncode == 0 else 'FAILED'}")
            if done.returncode != 0:
                failures += 1
                print(done.stderr)
    return 1 if failures else 0


sys.exit(main())
