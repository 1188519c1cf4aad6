#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compiles the C in README.md and docs/: every ```c block, whole programs as they are and fragments inside a function that
already has the variables below: snippets.py ROOT COMPILER..."""
import pathlib
import re
import subprocess
import sys

PRELUDE = """#include <segent/segent.h>
#include <stdio.h>
#include <stdlib.h>
void fragment(segent_context *context, segent_model *model, segent_image *image, segent_result *result, const float *logits,
              const float *probabilities, float *entropy, uint8_t *labels, uint8_t *rgb, int width, int height, int classes);
void fragment(segent_context *context, segent_model *model, segent_image *image, segent_result *result, const float *logits,
              const float *probabilities, float *entropy, uint8_t *labels, uint8_t *rgb, int width, int height, int classes)
{
    (void)context, (void)model, (void)image, (void)result, (void)logits, (void)probabilities, (void)entropy, (void)labels;
    (void)rgb, (void)width, (void)height, (void)classes;
    {
"""


def blocks(path):
    text = path.read_text()
    for match in re.finditer(r"^```c\n(.*?)^```$", text, flags=re.S | re.M):
        yield text.count("\n", 0, match.start()) + 2, match.group(1)


def main():
    root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
    count = failures = 0
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        for line, code in blocks(path) if path.exists() else ():
            count += 1
            whole = "#include" in code
            source = code if whole else PRELUDE + f'#line {line} "{path.name}"\n' + code + "\n}\n}\n"
            command = [*compiler, "-xc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable",
                       "-Wno-unused-but-set-variable", f"-I{root / 'include'}", "-fsyntax-only", "-"]
            done = subprocess.run(command, input=source, text=True, capture_output=True)
            print(f"{path.relative_to(root)}:{line}: {'ok' if done.returncode == 0 else 'FAILED'}")
            if done.returncode != 0:
                failures += 1
                print(done.stderr)
    print(f"{count} snippets")
    return 1 if failures or not count else 0


sys.exit(main())
