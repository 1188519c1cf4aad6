# SPDX-License-Identifier: BSD-2-Clause
"""<segent/segent.hpp> as the site's reference shows it: its public declarations, each with its comment. What has none there, because it
is a function, an option or a value of C in another form, has that one's first sentence and a link to it."""
import re

import reference

# Options that have another name in C.
OTHER_NAMES = {("segent_evaluation_options", "values"): "source", ("segent_entropy_options", "values"): "source"}
# What each class inherits from the private owner of its C object.
OWNED = """/** Takes the C object over, which is destroyed with this one. */
explicit {name}({c_object} *object) noexcept;
/** An empty one, which calls that are given it refuse. */
{name}() noexcept;
/** The C object, which this one goes on owning. */
{c_object} *get() const noexcept;
/** Whether there is a C object: not after this one was moved from. */
explicit operator bool() const noexcept;"""


def public_part(text):
    """What programs use: without private namespaces and members, and without the choice of a span."""
    text = text[text.index("namespace segent {\n"):text.index("} // inline namespace")]
    text = re.sub(r"^namespace detail \{.*?^\} // namespace detail$", "", text, flags=re.S | re.M)
    text = re.sub(r"^#if defined\(__cpp_lib_span\).*?^#else\n.*?$", "", text, flags=re.S | re.M).replace("#endif\n", "")
    text = re.sub(r"^private:.*?^\};$", "};", text, flags=re.S | re.M)
    return re.sub(r"^class \w+;$", "", text.partition("\n")[2], flags=re.M)


def words_of(comment):
    return " ".join(re.sub(r"^ *\* ?", "", line).strip() for line in comment.strip()[2:-2].strip().splitlines())


def statement(text, at):
    """The end of the declaration that begins at `at`: behind its semicolon, or the end of its body."""
    depth = 0
    for match in re.compile(r"/\*.*?\*/|'.'|\"[^\"\n]*\"|[(){};]", re.S).finditer(text, at):
        found = match[0]
        depth += (found in "({") - (found in ")}")
        if depth == 0 and (found == ";" or (found == "}" and not re.match(r"\s*[,;){]", text[match.end():]))):
            return match.end()
    raise ValueError(f"no end: {text[at:at + 80]}")


def signature(declaration):
    """Without a body and without what initialises members."""
    depth = 0
    for match in re.finditer(r"::|[(){:]", declaration):
        if depth == 0 and match[0] in "{:":
            return declaration[:match.start()].rstrip() + ";"
        depth += {"(": 1, ")": -1}.get(match[0], 0)
    return declaration


def function_name(declaration):
    """The name of a function; None: it is none."""
    if declaration.startswith("template"):
        depth = 0
        for match in re.finditer(r"[<>]", declaration):
            depth += 1 if match[0] == "<" else -1
            if depth == 0:
                declaration = declaration[match.end():]
                break
    declaration = re.sub(r"\bdecltype\([^()]*\)", "decltype", declaration)
    found = re.match(r"[\w:<>,&*\s]*?(operator\s*\S+?|\w+)\(", declaration)
    return found and not declaration.startswith("std::function") and found[1]


def first_sentence(text):
    return (re.match(r".*?\.(?= |$)", text) or [text])[0]


class Face:
    """A walk over the header. `known` is the reference of C by name, `comment` how a comment is written for doxygen."""

    def __init__(self, known, comment):
        self.known, self.comment = known, comment
        self.lines, self.missing = [], []
        self.doc, self.place, self.about, self.before = "", "", "", (None, "")

    def from_c(self, declaration):
        """What C says of a function that this one calls, or of a member that it gives; "" if neither."""
        member = re.search(r"details\(\)\.(\w+)", declaration)
        if member:
            return self.of_member("segent_model_details", member[1])
        for name in re.findall(r"\b(segent_\w+)\(", declaration):
            if self.known.get(name, {}).get("kind") == "function":
                return f"{first_sentence(self.known[name]['doc'])} As {name}."
        return ""

    def of_member(self, struct, name):
        name = OTHER_NAMES.get((struct, name), name)
        for member in self.known.get(struct, {}).get("members", []):
            if member["name"] == name:
                return f"{member['doc']} As in {struct}."
        return ""

    def say(self, doc, declaration, name):
        if not doc:
            self.missing.append(f"segent.hpp: {self.place or 'segent'}: {name} has no comment")
        self.lines += [self.comment(reference.sentence(doc)), declaration]

    def declare(self, declaration, doc):
        name = function_name(declaration)
        if re.search(r"= (default|delete);$", declaration):
            return
        if name:
            doc = doc or (self.before[1] if self.before[0] == name else "") or self.from_c(declaration)
        elif declaration.startswith("using "):
            name = declaration.split()[1]
            only_read = re.search(r"= read_only<(\w+)>;", declaration)
            doc = doc or (f"A {only_read[1]} that is only read." if only_read else "")
        else:
            found = re.search(r"\(\*(\w+)\)", declaration) or re.search(r"(\w+)(?: =[^=;]*)?;$", declaration)
            if not found:
                self.missing.append(f"segent.hpp: {self.place or 'segent'}: this is no declaration that docs/site/face.py knows: {declaration}")
                return
            name = found[1]
            struct = re.match(r"(segent_\w+)\.$", self.about)
            doc = doc or (self.of_member(struct[1], name) if struct else "")
        if not doc and self.place == "span":
            doc = "As in `std::span`."
        self.before = (name, doc)
        self.say(doc, signature(declaration) if function_name(declaration) else declaration, name)

    def enum(self, declaration, doc):
        name, values = re.match(r"enum class (\w+) : std::int32_t \{(.*)\};$", declaration, re.S).groups()
        values = re.findall(r"(\w+) = (\w+)", values)
        item = self.known[values[-1][1]]
        self.say(doc or item["doc"], f"enum class {name} {{", name)
        for value, number in values:
            of_c = [found["doc"] for found in item["values"] if found["name"] == number]
            self.say(f"{number}. {of_c[0]}" if of_c else f"{number}: what the library has no name for.", f"{value} = {number},", value)
        self.lines.append("};")

    def begin_class(self, head, doc):
        template, kind, name, rest = re.match(r"(template <[^>]*> )?(class|struct) (\w+)(.*)\{", head, re.S).groups()
        owned = re.search(r"detail::owner<(\w+),", rest)
        self.place, self.about, self.before = name, doc, (None, "")
        self.say(doc, f"{template or ''}{kind} {name} {'' if owned else rest.strip()} {{", name)
        if owned:
            self.lines += ["public:", OWNED.format(name=name, c_object=owned[1])]

    def read(self, text):
        text = public_part(text)
        at, doc = 0, ""
        while at < len(text):
            rest = text[at:]
            blank = re.match(r"\s+", rest)
            section = re.match(r"/\* ==== (.*?) ====.*?\*/", rest, re.S)
            comment = re.match(r"/\*.*?\*/", rest, re.S)
            head = re.match(r"(?:template <[^>]*> )?(?:class|struct) [^;{(]*\{", rest)
            if blank:
                at += blank.end()
                continue
            if section:
                self.group(section[1], words_of(section[0]).rpartition("====")[2])
                at += section.end()
            elif comment:
                doc = "" if comment[0].startswith("/* ---- ") else words_of(comment[0])
                at += comment.end()
                continue
            elif rest.startswith("public:"):
                self.lines.append("public:")
                at += len("public:")
            elif rest.startswith("};"):
                self.lines.append("};")
                self.place = self.about = ""
                at += 2
            elif rest.startswith("using owner::owner;"):
                at += len("using owner::owner;")
            elif head:
                self.begin_class(head[0], doc)
                at += head.end()
            else:
                end = statement(text, at)
                beside = re.match(r"[ ]*(/\*.*?\*/)", text[end:])
                declaration = text[at:end]
                at = end + (beside.end() if beside else 0)
                doc = doc or (words_of(beside[1]) if beside else "")
                (self.enum if declaration.startswith("enum class") else self.declare)(declaration, doc)
            doc = ""
        return self.lines + ["/** @} */", "}", ""]

    def group(self, title, about):
        if self.lines:
            self.lines.append("/** @} */")
        else:
            self.lines += ["/** @file segent.hpp", " * The C++ face: what a program gets with `#include <segent/segent.hpp>`. */",
                           "/** What `segent/segent.hpp` has: owners in the place of pointers, exceptions in the place of statuses, and spans. */", "namespace segent {"]
        name = re.sub(r"\W+", "", title.lower())
        self.lines += [f"/** @defgroup cpp{name} C++: {title}", f" * {self.comment(about)[4:-3]}", " * @{ */"]
        self.before = (None, "")
