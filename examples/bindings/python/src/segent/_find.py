# SPDX-License-Identifier: BSD-2-Clause
"""Where the library is. Knows nothing of the rest of the package, so that setup.py can read it as well."""
from __future__ import annotations

import ctypes
import os
import pathlib
import subprocess
from typing import Iterator


def file_name(version: str) -> str:
    """What the loader knows the library of a version by: a new number wherever programs must be built again."""
    major, minor = version.split(".")[:2]
    return f"libsegent.so.{major}.{minor}" if major == "0" else f"libsegent.so.{major}"


def in_folder(folder: pathlib.Path, name: str) -> str:
    for candidate in (name, "libsegent.so"):
        if (folder / candidate).exists():
            return str(folder / candidate)
    return str(folder / name)


def of_pkg_config(name: str) -> str | None:
    command = [os.environ.get("PKG_CONFIG", "pkg-config"), "--variable=libdir", "segent"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    folder = done.stdout.strip()
    return in_folder(pathlib.Path(folder), name) if done.returncode == 0 and folder else None


def candidates(version: str) -> Iterator[str]:
    """What to try, the first first: what SEGENT_LIBRARY names, a file or a folder, and then nothing else; the package's own copy;
    what pkg-config knows; what the system's loader finds."""
    name = file_name(version)
    named = os.environ.get("SEGENT_LIBRARY")
    if named:
        yield in_folder(pathlib.Path(named), name) if os.path.isdir(named) else named
        return
    yield from map(str, sorted((pathlib.Path(__file__).parent / "lib").glob("libsegent*")))
    known = of_pkg_config(name)
    if known:
        yield known
    yield name


def load(version: str) -> ctypes.CDLL:
    """The first that can be loaded. ImportError says what was tried."""
    problems = []
    for path in candidates(version):
        try:
            return ctypes.CDLL(path)
        except OSError as error:
            problems.append(str(error))
    raise ImportError("libsegent is not to be found: " + "; ".join(problems) +
                      ". SEGENT_LIBRARY may name its file or folder, PKG_CONFIG_PATH the folder of segent.pc")


def path_of(library: ctypes.CDLL) -> str:
    """The file that a library was loaded from."""
    class Information(ctypes.Structure):
        _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("symbol", ctypes.c_char_p), ("address", ctypes.c_void_p)]

    found = Information()
    ask = ctypes.CDLL(None).dladdr
    ask.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    address = ctypes.cast(library.segent_version, ctypes.c_void_p)
    if not ask(address, ctypes.byref(found)) or not found.file:
        return str(library._name)
    return os.path.realpath(os.fsdecode(found.file))
