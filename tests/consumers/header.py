# SPDX-License-Identifier: BSD-2-Clause
"""What <segent/api.h> declares, for the checks beside this file and for docs/segent.json. It has no line for a preprocessor, so
that no compiler is needed to read it. Whatever is not one of the few forms below is an error: nothing is passed over."""
import collections
import pathlib
import re

Function = collections.namedtuple("Function", "returns name parameters")

OLDEST = (0, 2) # the version whose header programs may still be built against

FORMS = [(kind, re.compile(pattern, re.S)) for kind, pattern in {
    "comment": r"/\*(.*?)\*/",
    "handle": r"typedef struct (segent_\w+) \1;",
    "struct": r"typedef struct (segent_\w+) \{(.*?)\n\} \1;",
    "callback": r"typedef ([\w ]+?[ \*])\(\*(segent_\w+)\)\(([^()]*)\);",
    "type": r"typedef (\w+) (segent_\w+);",
    "enum": r"enum \{(.*?)\};",
    "function": r"(\w[\w \*]*?)\b(segent_\w+)\(([^()]*)\);",
}.items()]
MEMBER = re.compile(r"/\*(?P<comment>.*?)\*/|(?P<type>[\w \*]*[ \*])(?P<names>\w+(?:, \w+)*)(?:\[(?P<array>\w+)\])?;", re.S)
VALUE = re.compile(r"/\*(?P<comment>.*?)\*/|(?P<name>\w+) = (?P<value>-?\w+),?", re.S)
SECTION = re.compile(r"==== (\d+)\. (.*?) ====")
SINCE = re.compile(r"\s*\bSince (\d+\.\d+)$")


def prose(comment):
    """A comment's paragraphs, each a line, with an empty line between them."""
    lines = [re.sub(r"^\s*\*? ?", "", line).rstrip() for line in comment.strip().splitlines()]
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in "\n".join(lines).split("\n\n")).strip()


def pieces(text, forms, where):
    """(form, match, blank line before it, on the line of the piece before it) of all that stands in a text."""
    at, first = 0, True
    while text[at:].strip():
        start = at + len(text[at:]) - len(text[at:].lstrip())
        found = next(((kind, match) for kind, form in forms if (match := form.match(text, start))), None)
        if not found:
            raise ValueError(f"{where}: this is none of the forms that header.py reads: {text[start:start + 80]!r}")
        between = text[at:start]
        yield *found, between.count("\n") > 1, not first and "\n" not in between
        at, first = found[1].end(), False


def typed(text):
    """`const char *const *names` is {"name": "names", "type": "const char *const *"}."""
    kind, name = re.fullmatch(r"(.*?)(\w+)", " ".join(text.split())).groups()
    return {"name": name, "type": kind.strip()}


def parameters_of(text):
    return [] if text.strip() == "void" else [typed(word) for word in text.split(",")]


def commented(body, form, where):
    """(match, doc) of members or values: a comment is about what stands before it on its line, else about what follows."""
    found, waiting = [], ""
    for _, match, _, same_line in pieces(body, [("", form)], where):
        if match["comment"] is None:
            found.append((match, waiting))
            waiting = ""
        elif same_line and found:
            found[-1] = (found[-1][0], prose(match["comment"]))
        else:
            waiting = prose(match["comment"])
    return found


def members(body, constants, where):
    found = []
    for match, doc in commented(body, MEMBER, where):
        for name in match["names"].split(", "):
            member = {"name": name, "type": match["type"].strip(), "doc": doc}
            if match["array"]:
                member["array"] = int(constants.get(match["array"], match["array"]))
            found.append(member)
    return found


def values(body, where):
    return [{"name": match["name"], "value": int(match["value"], 0), "doc": doc} for match, doc in commented(body, VALUE, where)]


class Reader:
    """Collects the header's items in its order. A comment is about the lines below it up to the next blank line or comment, and
    so is the version that it names, which also holds for lines that have no comment at all."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.items, self.sections, self.constants = [], [], {}
        self.doc = self.since = ""
        self.comment = None

    def read(self):
        text = self.path.read_text()
        for kind, match, blank, same_line in pieces(text, FORMS, self.path.name):
            if kind == "comment":
                self.take_comment(match[1], blank, same_line)
            else:
                self.take_item(kind, match, blank)
        return self

    def take_comment(self, text, blank, same_line):
        text = prose(text)
        title = SECTION.match(text)
        if title:
            self.sections.append({"number": int(title[1]), "title": title[2], "doc": SINCE.sub("", text[title.end():].strip())})
            since = SINCE.search(text)
            self.comment, self.doc, self.since = None, "", since[1] if since else ""
        elif same_line and self.items:
            self.items[-1]["doc"] = SINCE.sub("", text)
        else:
            if self.comment and self.sections: # one that nothing is declared under belongs to the section
                section = self.sections[-1]
                section["doc"] = (section["doc"] + "\n\n" + self.comment[0]).strip()
            self.comment = (text, blank)

    def take_item(self, kind, match, blank):
        since = self.since
        if self.comment:
            text, after_blank = self.comment
            own = SINCE.search(text)
            self.doc = SINCE.sub("", text)
            since = own[1] if own else ("" if after_blank else self.since)
            if own and after_blank or not self.since:
                self.since = since
        elif blank:
            self.doc = ""
        item = getattr(self, kind)(match)
        item.update(kind=kind, doc=self.doc, since=since, section=len(self.sections))
        follows_type = not self.comment and not blank and self.items and self.items[-1]["kind"] == "type"
        if kind == "enum" and follows_type:
            item.update(name=self.items[-1]["name"], type=self.items[-1]["type"])
        self.comment = None
        self.items.append(item)

    def handle(self, match):
        return {"name": match[1]}

    def struct(self, match):
        return {"name": match[1], "members": members(match[2], self.constants, match[1])}

    def callback(self, match):
        return {"name": match[2], "returns": match[1].strip(), "parameters": parameters_of(match[3])}

    def type(self, match):
        return {"name": match[2], "type": match[1]}

    def enum(self, match):
        found = values(match[1], "enum")
        self.constants.update((value["name"], value["value"]) for value in found)
        return {"name": None, "type": "int32_t", "values": found}

    def function(self, match):
        return {"name": match[2], "returns": match[1].strip(), "parameters": parameters_of(match[3])}


def of_kind(reader, kind):
    return [item for item in reader.items if item["kind"] == kind]


def with_since(items):
    """The version that each came with. A handle is as old as what takes or gives it, if its comment does not say; anything else as what
    stands before it."""
    last = ""
    for item in items:
        if not item["since"] and item["kind"] == "handle":
            item["since"] = min((other["since"] for other in items if other["since"] and mentions(other, item["name"])), key=numbers)
        item["since"] = last = item["since"] or last
    return items


def mentions(item, name):
    """Whether a function or a struct has to do with a handle."""
    types = [part["type"] for part in item.get("parameters", []) + item.get("members", [])] + [item.get("returns", "")]
    return any(re.search(rf"\b{name}\b", text) for text in types)


def numbers(version):
    return tuple(int(number) for number in version.split("."))


def functions(path):
    """All that is known of each function."""
    reader = Reader(path).read()
    with_since(reader.items)
    return of_kind(reader, "function")


def declarations(path):
    """The functions, in the header's order. Parameters are text: `const segent_image *image`."""
    return [Function(item["returns"], item["name"], [joined(parameter) for parameter in item["parameters"]])
            for item in of_kind(Reader(path).read(), "function")]


def joined(parameter):
    return parameter["type"] + ("" if parameter["type"].endswith("*") else " ") + parameter["name"]


def symbol_version(function):
    """The version node in lib/segent.map that a function's symbol belongs to: that of the minor that brought it. What is older than
    OLDEST was changed by that version, and belongs to it."""
    since = max(OLDEST, numbers(function["since"]))
    return "SEGENT_" + ".".join(str(number) for number in since)


def structs(path):
    """Names of the structs whose members are declared."""
    return [item["name"] for item in of_kind(Reader(path).read(), "struct")]
