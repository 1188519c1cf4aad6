#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Manual pages of section 3 from docs/segent.json, one for each comment of the header, and one of the whole library:
    man3.py SEGENT_JSON MANUAL_PAGE --list      prints the names of the files
    man3.py SEGENT_JSON MANUAL_PAGE FOLDER      writes them
The date is that of the command's manual page, docs/segent.1."""
import pathlib
import re
import sys
import textwrap

import reference

NAME = re.compile(r"`([^`]+)`|\b((?:segent_|SEGENT_)\w+)\b")


def escaped(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


def line(text):
    """A line of text in roff: what is typed in bold."""
    text = NAME.sub(lambda found: "\0" + escaped(found[1] or found[2]) + "\1", text.replace("\\", "\\e"))
    text = text.replace("\0", "\\fB").replace("\1", "\\fR")
    return "\\&" + text if text[:1] in ".'" else text


def lines(text):
    """Paragraphs in lines that are short enough once the fonts are in them."""
    found = []
    for paragraph in text.split("\n\n"):
        if found:
            found.append(".PP")
        # Bold names do not break: a blank inside backticks is put back after wrapping.
        kept = re.sub(r"`[^`]+`", lambda part: part[0].replace(" ", "\2"), paragraph)
        found += [line(part.replace("\2", " ")) for part in textwrap.wrap(kept, 60, break_long_words=False, break_on_hyphens=False)]
    return found


def synopsis(before, parameters, after):
    found, column = "\\fB" + escaped(before), len(before)
    for i, (kind, name) in enumerate(parameters):
        last = i + 1 == len(parameters)
        if column + len(kind + name) > 76:
            found, column = found + "\n    ", 4
        found += f"\\fB{escaped(kind)}\\fI{escaped(name)}\\fB{'' if last else ', '}"
        column += len(kind + name) + 2
    return found + ("void" if not parameters else "") + after + ";\\fR"


def declared(item):
    if item["kind"] == "function":
        return synopsis(*reference.declaration(item["returns"], item["name"], item["parameters"]))
    if item["kind"] == "callback":
        before, parameters, after = reference.declaration(item["returns"], "(*" + item["name"] + ")", item["parameters"])
        return synopsis("typedef " + before, parameters, after)
    if item["kind"] == "handle":
        return f"\\fBtypedef struct {item['name']} {item['name']};\\fR"
    if item["kind"] == "struct":
        rows = [f"    {escaped(kind)}\\fI{escaped(name)}\\fB;" for kind, name in map(reference.member, item["members"])]
        return "\n".join([f"\\fBtypedef struct {item['name']} {{", *rows, f"}} {item['name']};\\fR"])
    rows = [f"    {value['name']} = {escaped(str(value['value']))}" for value in item.get("values", [])]
    kind = f"typedef {item['type']} {item['name']};" if item["name"] else ""
    if not rows:
        return f"\\fB{kind}\\fR"
    return "\\fB" + (kind + "\n" if kind else "") + "enum {\n" + ",\n".join(rows) + "\n};\\fR"


def first_words(text):
    """What a page is about, for its line in indexes: the beginning of the first sentence."""
    words = re.split(r"(?<=[^.])[.:;](?: |$)|\n\n| \(", text.replace("`", ""))[0]
    return textwrap.shorten(words, 70, placeholder=" ...")


def page_name(group):
    return group[0]["name"] or group[0]["values"][0]["name"]


def related(group, known):
    """Other pages that these comments, parameters and members name."""
    text = " ".join(str(part) for item in group for part in (item["doc"], item.get("parameters"), item.get("members"), item.get("returns")))
    own = {item["name"] for item in group}
    return sorted({known[name] for name in re.findall(r"\w+", text) if name in known and known[name] not in own} | {"libsegent"})


class Pages:
    def __init__(self, described, manual):
        self.reference = reference.Reference(described)
        self.date = re.search(r'^\.TH \S+ \S+ "([^"]*)"', pathlib.Path(manual).read_text(), re.M)[1]
        self.groups = self.reference.groups()
        self.known = {}
        for group in self.groups:
            for item in group:
                names = [item["name"]] if item["name"] else [value["name"] for value in item["values"]]
                self.known |= {name: page_name(group) for name in names}

    def head(self, name):
        return [".\\\" SPDX-License-Identifier: BSD-2-Clause", ".\\\" Made from docs/segent.json by docs/man3.py.",
                f'.TH {name.upper()} 3 "{self.date}" "libsegent {self.reference.version}" "Library functions"']

    def page(self, group):
        name, names = page_name(group), [item["name"] or item["values"][0]["name"] for item in group]
        about = line(first_words(group[0]["doc"])).replace("\\fB", "").replace("\\fR", "")
        found = self.head(name) + [".SH NAME", ",\n".join(names), "\\- " + about]
        found += [".SH SYNOPSIS", ".nf", "\\fB#include <segent/segent.h>\\fR", ""]
        for i, item in enumerate(group):
            found += ([""] if i and item["kind"] == "struct" else []) + declared(item).split("\n")
        found += [".PP", "Compile with \\fIpkg\\-config \\-\\-cflags \\-\\-libs segent\\fR.", ".fi"] if group[0]["kind"] == "function" else [".fi"]
        found += [".SH DESCRIPTION", *lines(group[0]["doc"])]
        for title, key in (("MEMBERS", "members"), ("VALUES", "values")):
            parts = group[0].get(key, [])
            if parts:
                found.append(f".SH {title}")
            for part in parts:
                found += [".TP", f".B {escaped(part['name'])}", *lines(part["doc"])]
        if group[0].get("returns") == "segent_status" and group[0]["kind"] == "function":
            found += [".SH RETURN VALUE", *lines("SEGENT_OK, or another value of segent_status. On failure the out\\-parameters are untouched, and "
                                                 "segent_last_error gives a sentence that names the cause.".replace("\\-", "-"))]
        found += [".SH HISTORY", f"Since libsegent {group[0]['since']}.", ".SH SEE ALSO"]
        others = related(group, self.known)
        return found + [f".BR {escaped(other)} (3){',' if other != others[-1] else ''}" for other in others]

    def overview(self):
        found = self.head("libsegent") + [".SH NAME", "libsegent \\- semantic segmentation with its uncertainty", ".SH SYNOPSIS", ".nf",
                "\\fB#include <segent/segent.h>\\fR", "", "\\fBcc \\fIprogram.c\\fB $(pkg\\-config \\-\\-cflags \\-\\-libs segent)\\fR", ".fi", ".SH DESCRIPTION",
                *lines("A picture goes in; class labels, a per-pixel entropy map and one entropy number come out. Each function, struct and type of "
                       "the library has a page of its own. The header <segent/api.h> is the manual, to be read from top to bottom.")]
        for section in self.reference.sections:
            found += [f".SS {escaped(section['title'])}", *(lines(section["doc"]) if section["doc"] else [])]
            for group in self.groups:
                if group[0]["section"] == section["number"]:
                    others = [item["name"] for item in group if item["name"]] or [page_name(group)]
                    found += [".TP", ".B " + escaped(", ".join(others)), *lines(reference.sentence(first_words(group[0]["doc"])))]
        return found + [".SH SEE ALSO", ".BR segent (1)"]

    def files(self):
        """Text of each file by its name. What shares a comment with others leads to their page."""
        found = {"libsegent.3": self.overview()}
        for group in self.groups:
            found[page_name(group) + ".3"] = self.page(group)
        for name, page in self.known.items():
            if name != page:
                found[name + ".3"] = [f".so man3/{page}.3"]
        return {name: "\n".join(text) + "\n" for name, text in sorted(found.items())}


def main():
    files = Pages(*sys.argv[1:3]).files()
    if sys.argv[3] == "--list":
        print(*files, sep="\n")
        return
    folder = pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


main()
