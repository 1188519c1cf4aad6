# SPDX-License-Identifier: BSD-2-Clause
"""What <segent/api.h> declares, for the checks beside this file. It has no line for a preprocessor, so that no compiler is
needed to read it."""
import collections
import pathlib
import re

Function = collections.namedtuple("Function", "returns name parameters")


def code(path):
    """The header without its comments."""
    return re.sub(r"/\*.*?\*/", "", pathlib.Path(path).read_text(), flags=re.S)


def declarations(path):
    """The functions, in the header's order. Parameters are text: `const segent_image *image`."""
    found = []
    for returns, name, parameters in re.findall(r"^(\w[\w \*]*?)\b(segent_\w+)\s*\(([^()]*)\)\s*;", code(path), re.M):
        words = [" ".join(word.split()) for word in parameters.split(",")]
        found.append(Function(returns.strip(), name, [] if words == ["void"] else words))
    return found


def structs(path):
    """Names of the structs whose members are declared."""
    return re.findall(r"^typedef struct (segent_\w+) \{", code(path), re.M)
