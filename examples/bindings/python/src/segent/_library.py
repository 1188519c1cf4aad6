# SPDX-License-Identifier: BSD-2-Clause
"""The loaded library, its errors, and who owns what it makes."""
from __future__ import annotations

import ctypes as c
from typing import Any, Callable, NoReturn, TypeVar

from segent import _api, _find

S = TypeVar("S", bound=c.Structure)
Self = TypeVar("Self", bound="Closable")


def _matches(version: str) -> bool:
    """The promise of docs/abi.md: before 1.0 the second number counts, from then on the first, and no older second one."""
    ours, theirs = _api.VERSION.split("."), version.split(".")
    if ours[0] == "0" or theirs[0] != ours[0]:
        return ours[:2] == theirs[:2]
    return int(theirs[1]) >= int(ours[1])


def _load() -> tuple[_api.Functions, str]:
    loaded = _find.load(_api.VERSION)
    path = _find.path_of(loaded)
    loaded.segent_version.restype = c.c_char_p
    version = loaded.segent_version().decode()
    if not _matches(version):
        raise ImportError(f"{path} is libsegent {version}; this package is made for {_api.VERSION}")
    return _api.Functions(loaded), path


lib, path = _load()


def text(value: bytes | None) -> str:
    """The library's words, which are UTF-8 but for names of files as they are."""
    return (value or b"").decode(errors="surrogateescape")


class Error(Exception):
    """A call of the library failed: `status` is its code (41 for a missing file, see segent.Status) and the text its sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    def __str__(self) -> str:
        return self.message


def check(status: int, context: int | None) -> None:
    """Raises what a call failed with. It is called on the thread of the call, since for some failures each thread has a sentence of
    its own."""
    if status != _api.Status.OK:
        raise Error(status, text(lib.segent_last_error(context)))


def initialised(kind: type[S], defaults: Callable[[Any], None]) -> S:
    """A struct of the library's with its defaults: initialised(_api.Options, lib.segent_options_defaults)."""
    struct = kind()
    defaults(c.byref(struct))
    return struct


class Owner:
    """An object of the library's. It is destroyed once, when nobody holds its owner any more: neither a Python object nor a call
    in progress nor an array that lies in its memory."""

    __slots__ = ("_destroy", "pointer")

    def __init__(self, pointer: int | None, destroy: Callable[[int], None]) -> None:
        self.pointer: int = pointer or 0
        self._destroy = destroy

    def __del__(self) -> None:
        if self.pointer:
            self._destroy(self.pointer)


def made(context: int | None, destroy: Callable[[int], None], function: Callable[..., int], *arguments: Any) -> Owner:
    """Calls a function of the library whose last argument is where it puts a new object."""
    out = c.c_void_p()
    check(function(*arguments, c.byref(out)), context)
    return Owner(out.value, destroy)


class Use:
    """`with holder.use() as pointer:` keeps an object alive for a call, even if another thread closes it meanwhile. An exception's
    traceback keeps this, but no longer the object."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Owner) -> None:
        self._owner: Owner | None = owner

    def __enter__(self) -> int:
        assert self._owner is not None
        return self._owner.pointer

    def __exit__(self, *_: object) -> None:
        self._owner = None


class Holder:
    """A Python object that holds one of the library's."""

    _owner: Owner | None = None
    _instead = "make one in each process"

    def use(self) -> Use:
        owner = self._owner
        if owner is None:
            raise ValueError(f"this segent.{type(self).__name__} is closed")
        return Use(owner)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"a segent.{type(self).__name__} cannot be pickled or copied: {self._instead}")


class Closable(Holder):
    """May be closed before the garbage collector does it, by `with` or close()."""

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the object. Calls in progress go on to their end; closing again does nothing."""
        self._owner = None

    @property
    def closed(self) -> bool:
        return self._owner is None
