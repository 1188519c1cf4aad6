#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""That all that the header of an older version declared is in today's, and lies where it lay: kept.py INCLUDE OLD_INCLUDE CC...
Compares functions, enums' values (which no debugging information tells of, since types of enums are integers) and members of structs by
text, and sizes and offsets by what the compiler makes of them. What was `reserved` may have become something."""
import pathlib
import re
import subprocess
import sys
import tempfile

import header


def declared(include):
    """{what: how} of all that programs rely on."""
    found = {}
    for item in header.Reader(include / "segent" / "api.h").read().items:
        name = f'{item["kind"]} {item["name"]}'
        if item["kind"] in ("function", "callback"):
            found[name] = " ".join([item["returns"], *(part["type"] for part in item["parameters"])])
        elif item["kind"] == "type":
            found[name] = item["type"]
        elif item["kind"] == "handle":
            found[name] = "opaque"
        for value in item.get("values", []):
            found[f'value {value["name"]}'] = str(value["value"])
        for member in item.get("members", []):
            if not member["name"].startswith("reserved"):
                found[f'member {item["name"]}.{member["name"]}'] = f'{member["type"]} {member.get("array", "")}'
    return found


def measured(include, compiler, kept, folder):
    """{what: bytes} of the structs' sizes and their members' offsets."""
    lines = ["#include <segent/segent.h>", "#include <stdio.h>", "int main(void) {"]
    for struct in sorted({name.split(".")[0] for name in kept}):
        lines.append(f'printf("size of {struct}=%zu\\n", sizeof({struct}));')
    lines += [f'printf("offset of {name}=%zu\\n", offsetof({name.replace(".", ", ")}));' for name in kept]
    (folder / "measure.c").write_text("\n".join([*lines, "return 0; }"]))
    subprocess.run([*compiler, "-w", "-I", include, "measure.c", "-o", "measure"], cwd=folder, check=True)
    rows = subprocess.run([folder / "measure"], text=True, capture_output=True, check=True).stdout.splitlines()
    return dict(row.split("=") for row in rows)


def main():
    today, old = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    now, then = declared(today), declared(old)
    problems = [f"{name} was {how!r} and is {now.get(name)!r}" for name, how in then.items() if now.get(name) != how]
    kept = [name.removeprefix("member ") for name in then if name.startswith("member ") and name in now]
    with tempfile.TemporaryDirectory() as folder:
        sizes, before = (measured(include, sys.argv[3:], kept, pathlib.Path(folder)) for include in (today, old))
    problems += [f"{name} was {before[name]} and is {sizes[name]}" for name in before if sizes[name] != before[name]]
    version = re.search(r'VERSION_STRING "(.*?)"', (old / "segent" / "segent.h").read_text())[1]
    print(*problems, f"{len(then)} declarations and {len(before)} sizes and offsets of {version} compared", sep="\n")
    return 1 if problems or not then else 0


sys.exit(main())
