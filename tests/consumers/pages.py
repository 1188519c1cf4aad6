#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the blocks of one language in README.md, docs/ and the bindings' pages as whole programs, for the script that tests that language's
package to build and run: pages.py LANGUAGE ROOT FOLDER

The programs are FOLDER/page_N (NAME.java in folders of their own) and find a model and a picture beside them as model.pth and picture.jpg. Each
line of output is a program's path. It fails where there are none. snippets.py does C and C++, shell.py the shell."""
import pathlib
import re
import sys

# What stands around a block, and what a program is called.
WRAPPED = {
    "rust": ("page_{}.rs", "#![allow(unused_must_use)]\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n{}Ok(())\n}}\n"),
    "go": ("page_{}/main.go", 'package main\n\nimport (\n\t"context"\n\t"fmt"\n\n\t"{module}"\n)\n\nfunc main() {{\n\tctx := context.Background()\n{}'
                              "\tif err != nil {{\n\t\tpanic(err)\n\t}}\n\tfmt.Println(result.Summary.Mean)\n}}\n"),
    "java": ("page_{}/Page.java", "import java.nio.file.Path;\nimport org.segent.*;\n\npublic class Page {{\n    public static void main(String[] words) throws Exception {{\n{}    }}\n}}\n"),
    "js": ("page_{}.mjs", "{}"),
    "lua": ("page_{}.lua", "{}"),
}


def pages(root):
    return [root / "README.md", *sorted((root / "docs").rglob("*.md")), *sorted((root / "examples" / "bindings").glob("*/README.md"))]


def main():
    language, root, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    name, around = WRAPPED[language]
    module = re.search(r"^module (\S+)$", (root / "examples/bindings/go/go.mod").read_text(), re.M)[1]
    count = 0
    for page in pages(root):
        for block in re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M):
            path = folder / name.format(count)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(around.replace("{module}", module).format(block), encoding="utf-8")
            print(path)
            count += 1
    return 0 if count else f"no page has a block of {language}"


if __name__ == "__main__":
    sys.exit(main())
