#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The documentation as a site: site.py ROOT OUT DOXYGEN. README.md, the pages in docs/ and those of the bindings become pages, and
docs/segent.json, <segent/segent.h> and <segent/segent.hpp> the reference. It fails if doxygen finds something to warn of, such as a symbol without a
comment, and if a link leads nowhere."""
import html
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import face # noqa: E402
import reference # noqa: E402

# The navigation: a title, or a group of titles, and the page behind each.
CHAPTERS = {
    "Getting started": "docs/getting-started.md", "From PyTorch to C": "docs/from-pytorch.md", "Cookbook": "docs/cookbook.md",
    "Embedding": {"In C": "docs/embedding.md", "The host contract": "docs/hosting.md", "The ABI promise": "docs/abi.md"},
    "Languages": {"C++": "examples/bindings/cpp/README.md", "Python": "examples/bindings/python/README.md", "Rust": "examples/bindings/rust/README.md",
                  "Node.js": "examples/bindings/node/README.md", "Go": "examples/bindings/go/README.md", "Java": "examples/bindings/java/README.md",
                  "LuaJIT": "examples/bindings/lua/README.md"},
    "Many pictures": {"Several processes and machines": "docs/scale.md", "Dask and Ray": "examples/fleet/README.md"},
    "What it does": {"The method": "docs/method.md", "Figures against labels": "docs/evaluate.md", "Files and limits": "docs/formats.md", "Security": "docs/security.md", "Performance": "docs/performance.md", "Half the bits": "docs/precision.md",
                     "The demonstration": "examples/demo/README.md"},
    "How it is made": {"Architecture": "docs/architecture.md", "Kernels": "docs/kernels.md", "Algorithms": "docs/algorithms.md",
                       "Packages": "docs/packaging.md", "Contributing": "CONTRIBUTING.md", "Changes": "CHANGELOG.md"},
}
COLOURED = {"c": "c", "cpp": "cpp", "python": "py", "js": "js", "java": "java"} # languages that doxygen knows
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")


def slug(title):
    """The anchor that a heading has where the sources are shown."""
    title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
    return re.sub(r" ", "-", re.sub(r"[^\w\- ]", "", title.lower()))


def label(path):
    """A page's name on the site: docs/formats.md is formats, examples/bindings/go/README.md is examples-bindings-go."""
    if str(path) == "README.md":
        return "index"
    return re.sub(r"^docs-", "", re.sub(r"(/README)?\.md$", "", str(path)).replace("/", "-").lower())


class Site:
    def __init__(self, root, out):
        self.root, self.out, self.stage = root, out, out / "stage"
        self.files = set()
        shutil.rmtree(out, ignore_errors=True)
        self.stage.mkdir(parents=True)
        listed = [page for value in CHAPTERS.values() for page in (value.values() if isinstance(value, dict) else [value])]
        self.pages = ["README.md", "SECURITY.md", *listed]
        rest = sorted(str(path.relative_to(root)) for folder in ("docs", "tests/bench") for path in (root / folder).rglob("*.md"))
        self.pages += [page for page in rest if page not in self.pages]

    def address(self, page, target):
        """Where a link of a page leads on the site; None: to a folder, which is not on it."""
        if re.match(r"[a-z]+:", target):
            return target
        path, _, anchor = target.partition("#")
        there = (self.root / page).parent / path if path else self.root / page
        there = pathlib.Path(*there.resolve().relative_to(self.root).parts)
        if (self.root / there / "README.md").exists() and str(there / "README.md") in self.pages:
            there = there / "README.md"
        if str(there) in self.pages:
            name = label(there)
            return f"{name}.html" + (f"#{name}_{anchor}" if anchor else "")
        if (self.root / there).is_file():
            self.files.add(there)
            picture = there.suffix in (".png", ".jpg", ".svg")
            return f"files/{there}" if picture else f"files/{there}.html"
        return None if (self.root / there).is_dir() else f"nothing/{there}" # which is found to be broken

    def links(self, page, text):
        def replaced(match):
            address = self.address(page, match[3])
            if match[1]:
                return f'<img src="{address}" alt="{html.escape(match[2])}"/>'
            # A folder is named without a link.
            return f"[{self.links(page, match[2])}]({address})" if address else match[2]
        return LINK.sub(replaced, text)

    def heading(self, page, match, seen):
        """With the anchor that it has where the sources are shown: the second of a title ends in -1."""
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[2]).replace("`", "")
        if match[1] == "#":
            return f"# {title}" if page == "README.md" else f"# {title} {{#{label(page)}}}"
        anchor, before = slug(match[2]), seen.count(slug(match[2]))
        seen.append(anchor)
        anchor = f"{label(page)}_{anchor}{f'-{before}' if before else ''}"
        if page == "README.md": # whose sections would stand among the chapters
            return f"@anchor {anchor}\n<h{len(match[1])}>{html.escape(title)}</h{len(match[1])}>\n"
        return f"{match[1]} {title} {{#{anchor}}}"

    def write_page(self, page):
        text, found, seen, fenced = (self.root / page).read_text(), [], [], False
        for line in text.splitlines():
            if line.startswith("```"):
                fenced = not fenced
                found.append(f"```{{.{COLOURED.get(line[3:], 'unparsed')}}}" if fenced else line)
            elif fenced:
                found.append(line)
            elif re.match(r"#+ ", line):
                found.append(self.heading(page, re.match(r"(#+) (.*)", line), seen))
            elif not line.startswith("<!-- "):
                # What C writes as `&name;` is no entity of HTML.
                line = re.sub(r"`[^`]*`", lambda code: re.sub(r"&(?=\w+;)", "&amp;", code[0]), line)
                found.append(self.links(page, line))
        (self.stage / f"{label(page)}.md").write_text("\n".join(found) + "\n")

    def write_reference(self):
        (self.stage / "segent.h").write_text("\n".join(declarations(self.root)))
        reader = face.Face(reference.Reference(self.root / "docs" / "segent.json").by_name, comment)
        (self.stage / "segent.hpp").write_text("\n".join(reader.read((self.root / "include" / "segent" / "segent.hpp").read_text())))
        return reader.missing

    def write_files(self):
        """Copies of files that pages lead to, as pages of their own unless they are pictures."""
        for path in self.files:
            target = self.out / "html" / "files" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in (".png", ".jpg", ".svg"):
                shutil.copyfile(self.root / path, target)
                continue
            up = "../" * (len(path.parts))
            body = html.escape((self.root / path).read_text(errors="replace"))
            target.with_name(path.name + ".html").write_text(
                f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{path}</title><link rel="stylesheet" href="{up}style.css"></head>'
                f'<body class="file"><p><a href="{up}index.html">libsegent</a></p><h1>{path}</h1><pre class="fragment">{body}</pre></body></html>\n')

    def layout(self, doxygen):
        """doxygen's own layout, with our chapters as navigation."""
        file = self.stage / "layout.xml"
        subprocess.run([doxygen, "-l", file], check=True, stdout=subprocess.DEVNULL)
        tabs = ['<tab type="mainpage" visible="yes" title="libsegent"/>']
        for title, page in CHAPTERS.items():
            if isinstance(page, str):
                tabs.append(f'<tab type="user" url="@ref {label(page)}" title="{title}"/>')
                continue
            tabs.append(f'<tab type="usergroup" title="{title}">')
            tabs += [f'<tab type="user" url="@ref {label(inner)}" title="{html.escape(name)}"/>' for name, inner in page.items()]
            tabs.append("</tab>")
        tabs.append('<tab type="modules" visible="yes" title="Reference" intro=""/>')
        text = re.sub(r"<navindex>.*</navindex>", lambda _: "<navindex>" + "\n".join(tabs) + "</navindex>", file.read_text(), flags=re.S)
        file.write_text(text)

    def run(self, doxygen):
        for page in self.pages:
            self.write_page(page)
        missing = self.write_reference()
        if missing:
            print(*missing, sep="\n")
            return 1
        self.layout(doxygen)
        version = reference.Reference(self.root / "docs" / "segent.json").version
        inputs = " ".join(f'"{self.stage / label(page)}.md"' for page in self.pages)
        settings = (HERE / "Doxyfile").read_text() + f"""
PROJECT_NUMBER = {version}
OUTPUT_DIRECTORY = "{self.out}"
INPUT = {inputs} "{self.stage / 'segent.h'}" "{self.stage / 'segent.hpp'}"
USE_MDFILE_AS_MAINPAGE = "{self.stage / 'index.md'}"
STRIP_FROM_PATH = "{self.stage}"
LAYOUT_FILE = "{self.stage / 'layout.xml'}"
HTML_EXTRA_STYLESHEET = "{HERE / 'style.css'}"
"""
        done = subprocess.run([doxygen, "-"], input=settings, text=True, capture_output=True)
        print(done.stderr, end="")
        if done.returncode or done.stderr.strip():
            return 1
        self.write_files()
        return self.check_links()

    def check_links(self):
        """Every link and picture of every page leads to something on the site."""
        folder = self.out / "html"
        texts = {path: path.read_text() for path in folder.rglob("*.html")}
        anchors = {path: set(re.findall(r'\b(?:id|name)="([^"]*)"', text)) for path, text in texts.items()}
        failures = 0
        for path, text in texts.items():
            for tag, target in re.findall(r'<(\w+)[^>]*? (?:href|src)="([^"]*)"', text):
                address, _, anchor = html.unescape(target).partition("#")
                if re.match(r"[a-z]+:", address):
                    if tag != "a" and not address.startswith("javascript:"): # what a page is made of comes with it
                        print(f"{path.name}: {target}: not of this site")
                        failures += 1
                    continue
                there = (path.parent / address).resolve() if address else path
                if not there.exists() or (anchor and there in anchors and anchor not in anchors[there]):
                    print(f"{path.name}: {target}: leads nowhere")
                    failures += 1
        print(f"{len(texts)} pages, {failures} broken links")
        return 1 if failures else 0


# ---- the reference ----

KNOWN = set() # names of the reference, which become links where they are mentioned


def escaped(text):
    """Text of a comment as doxygen's Markdown takes it. What is in backticks stays as it is."""
    def plain(part):
        part = re.sub(r"([\\@<>#%&*])", r"\\\1", part).replace("[", "&#91;").replace("]", "&#93;")
        return re.sub(r"\b(?:segent|SEGENT)_\w+\b(?!\()", lambda name: ("#" if name[0] in KNOWN else "") + name[0], part)
    return "".join(part if part.startswith("`") else plain(part) for part in re.split(r"(`[^`]*`)", text))


def comment(text, since=None):
    return "/** " + escaped(text).replace("\n", "\n * ") + (f"\n * @since {since}" if since else "") + " */"


def parameters(parts):
    return ", ".join(part["type"] + ("" if part["type"].endswith("*") else " ") + part["name"] for part in parts) or "void"


def declared(item):
    lines = []
    if item["kind"] in ("enum", "type"):
        if item["name"]:
            lines += [comment(item["doc"], item["since"]), f"typedef {item['type']} {item['name']};"]
        if item["kind"] == "enum":
            about = f"Values of {item['name']}." if item["name"] else item["doc"]
            lines += [comment(about, item["since"]), "enum {"]
            lines += [f"{comment(value['doc'])}\n{value['name']} = {value['value']}," for value in item["values"]] + ["};"]
        return lines
    lines.append(comment(item["doc"], item["since"]))
    if item["kind"] == "function":
        lines.append(f"{item['returns']} {item['name']}({parameters(item['parameters'])});")
    elif item["kind"] == "callback":
        lines.append(f"typedef {item['returns']} (*{item['name']})({parameters(item['parameters'])});")
    elif item["kind"] == "handle":
        lines.append(f"typedef struct {item['name']} {item['name']};")
    else:
        lines.append(f"typedef struct {item['name']} {{")
        lines += [f"{comment(part['doc'])}\n{' '.join(reference.member(part))};" for part in item["members"]]
        lines.append(f"}} {item['name']};")
    return lines


def initialisers(root):
    """What <segent/segent.h> adds to the API: version macros, an initialiser for each struct, ways to write views."""
    text = (root / "include" / "segent" / "segent.h").read_text()
    lines = []
    for name, value in re.findall(r"^#define (SEGENT_VERSION_\w+) +(\S+)$", text, re.M):
        lines += [comment(f"The header's version: {name.rsplit('_')[-1].lower()}."), f"#define {name} {value}"]
    for name in re.findall(r"^SEGENT_INITIALISER_\((\w+)\)$", text, re.M):
        lines += [comment(f"A {name} that stands for the defaults: zeros, and its size."), f"static inline {name} {name}_init(void);"]
    about = ""
    for said, signature in re.findall(r"(?:^/\* ([^=]*?) \*/\n)?^static inline (segent_[^{#]*?\))\n\{", text, re.M):
        about = said or about
        lines += [comment(" ".join(about.replace("\n *", " ").split())), f"static inline {' '.join(signature.split())};"]
    return lines


def declarations(root):
    """The whole API as doxygen reads it: a group for each section of the header."""
    found = reference.Reference(root / "docs" / "segent.json")
    KNOWN.update(found.by_name)
    lines = ["/** @file segent.h", " * The API: what a program gets with `#include <segent/segent.h>`. */"]
    for section in found.sections:
        lines += [f"/** @defgroup section{section['number']} {escaped(section['title'])}", f" * {escaped(section['doc'])}", " * @{ */"]
        for item in found.in_section(section["number"]):
            lines += declared(item)
        lines.append("/** @} */")
    return lines + ["/** @defgroup initialisers Initialisers and views in C",
                    " * Inline functions of `segent/segent.h`. @{ */", *initialisers(root), "/** @} */", ""]


if __name__ == "__main__":
    sys.exit(Site(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()).run(sys.argv[3]))
