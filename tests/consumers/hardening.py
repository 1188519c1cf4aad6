#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Looks for what hardens a program in what was built: hardening.py READELF FEATURE,... FILE...
The features are those that the build asked for; that nothing is linked with a BLAS holds always."""
import re
import subprocess
import sys


class Binary:
    def __init__(self, readelf, path):
        text = subprocess.run([readelf, "-W", "--file-header", "--segments", "--dynamic", "--dyn-syms", path],
                              text=True, capture_output=True, check=True, env={"LC_ALL": "C"}).stdout
        self.program = re.search(r"^ +INTERP ", text, re.M) is not None
        self.position_independent = re.search(r"^ +Type: +DYN ", text, re.M) is not None
        self.segments = {name: flags for name, flags in re.findall(r"^ +(GNU_\w+) +(?:0x\w+ +){5}([RWE ]{3})", text, re.M)}
        self.at_once = re.search(r"\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW", text) is not None
        self.needed = re.findall(r"\(NEEDED\).*\[(.*)\]", text)
        self.undefined = set(re.findall(r" UND (\w+)", text))

    def lacks(self, features):
        has = {
            "pie": not self.program or self.position_independent,
            "stack": "__stack_chk_fail" in self.undefined,
            "fortify": any(re.fullmatch(r"__\w+_chk", name) for name in self.undefined),
            "relro": "GNU_RELRO" in self.segments,
            "now": self.at_once,
            "noexecstack": "E" not in self.segments.get("GNU_STACK", "E"),
        }
        return [f"{name} is missing" for name in features if not has[name]] + \
               [f"is linked with {name}" for name in self.needed if "blas" in name]


def main():
    readelf, features, *files = sys.argv[1:]
    problems = 0
    for path in files:
        lacking = Binary(readelf, path).lacks([name for name in features.split(",") if name])
        problems += len(lacking)
        print(f"{path}: {'; '.join(lacking) or 'has ' + features}")
    return 1 if problems else 0


sys.exit(main())
