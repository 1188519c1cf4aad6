#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compiles the C and the C++ in README.md, docs/ and the bindings' pages: every ```c and ```cpp block, whole programs as they are and
fragments inside a function that already has the variables below: snippets.py [--library LIBRARY] ROOT C_COMPILER... [-- CPP_COMPILER...]

A comment before a block says more of it:
    <!-- run: MODEL PICTURE -->     a program, which is also linked with LIBRARY (if it is given), run with these arguments, and must exit with 0.
                                    MODEL and PICTURE are the demonstration's, <FRAMES gives it two frames of 64 x 48 as input
    <!-- from: FILE -->             words of that file, which has to have them as they are, and is compiled by a test of its own"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

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
    for match in re.finditer(r"(?:^<!-- (run|from): *(.*?) *-->\n)?^```(c|cpp)\n(.*?)^```$", text, flags=re.S | re.M):
        yield text.count("\n", 0, match.start(3)) + 2, match[3], match[4], match[1], match[2]


def runs(command, source, words, library, root):
    """What is wrong with a program, linked and run; "" if nothing is."""
    demo = root / "examples" / "demo"
    places = {"MODEL": str(demo / "segent-demo.safetensors"), "PICTURE": str(demo / "pictures" / "easy-room.jpg")}
    frames = bytes(i * 7 % 251 for i in range(2 * 64 * 48 * 3)) if "<FRAMES" in words else b""
    arguments = [places.get(word, word) for word in shlex.split(words) if word != "<FRAMES"]
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program"
        made = subprocess.run([*command, "-O1", f"-I{root / 'include'}", "-", "-x", "none", str(library), f"-Wl,-rpath,{library.parent}", "-pthread",
                               "-o", str(program)], input=source.encode(), capture_output=True)
        if made.returncode:
            return made.stderr.decode()
        try:
            done = subprocess.run([program, *arguments], input=frames, capture_output=True, cwd=folder, timeout=60)
        except subprocess.TimeoutExpired:
            return "it does not end"
    print(done.stdout.decode(), end="")
    if done.returncode or not done.stdout:
        return f"exit status {done.returncode}: {done.stderr.decode()}"
    return ""


def compilers(words):
    """Command of each language; C++ has none where there is no compiler of it."""
    words = [*words, "--"]
    first = words.index("--")
    return {"c": words[:first], "cpp": [word for word in words[first:] if word != "--"]}


def compiled(command, language, source, root):
    """What the compiler says of it; "" if nothing."""
    command = [*command, *LANGUAGES[language], "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable",
               "-Wno-unused-but-set-variable", f"-I{root / 'include'}", "-fsyntax-only", "-"]
    done = subprocess.run(command, input=source, text=True, capture_output=True)
    return done.stderr or "it does not compile" if done.returncode else ""


def main():
    words = sys.argv[1:]
    library = None
    if words[0] == "--library":
        library, words = words[1] and pathlib.Path(words[1]).resolve(), words[2:]
    root, commands = pathlib.Path(words[0]).resolve(), compilers(words[1:])
    count = failures = 0
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md")),
                 *sorted(page for page in (root / "examples").rglob("*.md") if "node_modules" not in page.parts)]:
        for line, language, code, how, what in blocks(path) if path.exists() else ():
            if not commands[language]:
                print(f"NOT TESTED: {path.relative_to(root)}:{line}: no compiler")
                continue
            count += 1
            whole = "#include" in code
            source = code if whole else PRELUDES[language] + f'#line {line} "{path.name}"\n' + code + "\n}\n}\n"
            if how == "from":
                wrong = "" if code in (root / what).read_text() else f"{what} does not say this"
            else:
                wrong = compiled(commands[language], language, source, root)
            if how == "run" and library and not wrong:
                wrong = runs([*commands[language], *LANGUAGES[language]], source, what, library, root)
            print(f"{path.relative_to(root)}:{line}: {'FAILED' if wrong else 'ok'}{', and runs' if how == 'run' and library else ''}")
            if wrong:
                failures += 1
                print(wrong)
    print(f"{count} snippets")
    return 1 if failures or not count else 0


sys.exit(main())
