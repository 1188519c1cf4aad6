#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compiles the C and the C++ in README.md, docs/ and the bindings' pages: every ```c and ```cpp block, whole programs as they are and
fragments inside a function that already has the variables below: snippets.py ROOT C_COMPILER... [-- CPP_COMPILER...]"""
import pathlib
import re
import subprocess
import sys

PRELUDES = {"c": """#include <segent/segent.h>
#include <stdio.h>
#include <stdlib.h>
void fragment(segent_context *context, segent_model *model, segent_image *image, segent_result *result, const float *logits,
              const float *probabilities, float *entropy, uint8_t *labels, uint8_t *rgb, int width, int height, int classes)
{
    (void)context, (void)model, (void)image, (void)result, (void)logits, (void)probabilities, (void)entropy, (void)labels;
    (void)rgb, (void)width, (void)height, (void)classes;
    {
""", "cpp": """#include <segent/segent.hpp>
#include <cstdio>
void fragment(segent::context &context, const segent::model &model, const segent::image &image, const float *logits, float *entropy,
              std::uint8_t *labels, int width, int height, int classes)
{
    (void)context, (void)model, (void)image, (void)logits, (void)entropy, (void)labels, (void)width, (void)height, (void)classes;
    {
"""}
LANGUAGES = {"c": ["-xc", "-std=c11"], "cpp": ["-xc++", "-std=c++17"]}


def blocks(path):
    text = path.read_text()
    for match in re.finditer(r"^```(c|cpp)\n(.*?)^```$", text, flags=re.S | re.M):
        yield text.count("\n", 0, match.start()) + 2, match.group(1), match.group(2)


def compilers(words):
    """Command of each language; C++ has none where there is no compiler of it."""
    words = [*words, "--"]
    first = words.index("--")
    return {"c": words[:first], "cpp": [word for word in words[first:] if word != "--"]}


def main():
    root, commands = pathlib.Path(sys.argv[1]), compilers(sys.argv[2:])
    count = failures = 0
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md")),
                 *sorted(page for page in (root / "examples").rglob("*.md") if "node_modules" not in page.parts)]:
        for line, language, code in blocks(path) if path.exists() else ():
            if not commands[language]:
                print(f"NOT TESTED: {path.relative_to(root)}:{line}: no compiler")
                continue
            count += 1
            whole = "#include" in code
            source = code if whole else PRELUDES[language] + f'#line {line} "{path.name}"\n' + code + "\n}\n}\n"
            command = [*commands[language], *LANGUAGES[language], "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable",
                       "-Wno-unused-but-set-variable", f"-I{root / 'include'}", "-fsyntax-only", "-"]
            done = subprocess.run(command, input=source, text=True, capture_output=True)
            print(f"{path.relative_to(root)}:{line}: {'ok' if done.returncode == 0 else 'FAILED'}")
            if done.returncode != 0:
                failures += 1
                print(done.stderr)
    print(f"{count} snippets")
    return 1 if failures or not count else 0


sys.exit(main())
