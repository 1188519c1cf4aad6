#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Whether what docs/hosting.md and the header say about hosts is held by tests that exist: hosting.py ROOT BUILD
Names stand in brackets, [host/busy, run/packed]: suite and name of a test in meson's list, or `ci` and a step of .ci/run. Each paragraph of
the page has one at least, but for the words before its first section."""
import json
import pathlib
import re
import sys

import header

MARKS = re.compile(r"\[([a-z]+/[^\[\]]+)\](?!\()")
HEADER_LEAST = 20 # of the header's marks, so that none of them is lost by a change of their form


def known(root, build):
    """All names: suite/test, and ci/step."""
    tests = json.loads((build / "meson-info" / "intro-tests.json").read_text())
    names = {f"{suite.rpartition(':')[2]}/{test['name']}" for test in tests for suite in test["suite"]}
    steps = re.findall(r"^([a-z_]+)\(\) \{", (root / ".ci" / "run").read_text(), re.M)
    return names | {f"ci/{step}" for step in steps}


def named(text):
    """The names in a text, however its lines are broken."""
    return [name for mark in MARKS.findall(" ".join(text.split())) for name in mark.split(", ")]


def unheld(page):
    """The beginnings of paragraphs without a name; headings and the words before the first section have none."""
    sections = page.split("\n## ")[1:]
    paragraphs = [text for section in sections for text in section.partition("\n")[2].strip().split("\n\n")]
    return [text[:70] for text in paragraphs if not named(text)], len(paragraphs)


def main():
    root, build = map(pathlib.Path, sys.argv[1:])
    page = (root / "docs" / "hosting.md").read_text()
    comments = [header.prose(comment) for comment in re.findall(r"/\*(.*?)\*/", (root / "include" / "segent" / "api.h").read_text(), re.S)]
    names = known(root, build)
    of_header = [name for comment in comments for name in named(comment)]
    without, paragraphs = unheld(page)
    problems = [f"docs/hosting.md: no test is named behind: {text}" for text in without]
    problems += [f"docs/hosting.md: there is no test {name}" for name in sorted(set(named(page)) - names)]
    problems += [f"segent/api.h: there is no test {name}" for name in sorted(set(of_header) - names)]
    if len(of_header) < HEADER_LEAST or not paragraphs:
        problems.append(f"{len(of_header)} names in the header, {paragraphs} paragraphs in the page: are they read as they are written?")
    print(*problems, f"{len(set(named(page)) | set(of_header))} tests are named, {len(names)} exist", sep="\n")
    return 1 if problems else 0


sys.exit(main())
