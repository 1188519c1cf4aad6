# SPDX-License-Identifier: BSD-2-Clause
"""NumPy's arrays as the library's views and the other way round, without copies. A view does not keep its array alive: whoever
makes one holds the array during the call."""
from __future__ import annotations

import os
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from segent import _api
from segent._library import Owner

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Labels = Union[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]

FLOAT32 = np.dtype(np.float32)
LABELS = {np.dtype(np.uint8): _api.LabelType.U8, np.dtype(np.uint16): _api.LabelType.U16}


# ---- arrays that are given ----

def expressible(array: Array) -> bool:
    """Whether a view can say where the elements lie: aligned, strides of whole elements, and not all of them 0, which stands for
    dense rows (an array that was broadcast has such)."""
    whole = all(stride % array.itemsize == 0 for stride in array.strides)
    return bool(array.flags.aligned) and whole and (array.size <= 1 or any(array.strides))


def given(values: Any, dtypes: Any, dimensions: tuple[int, ...], what: str) -> Array:
    """An array of one of some types and numbers of dimensions. It is copied only if no view can say where its elements lie."""
    array = np.asarray(values)
    if array.dtype not in dtypes:
        names = " or ".join(str(np.dtype(dtype)) for dtype in dtypes)
        raise TypeError(f"the {what} must be {names}, not {array.dtype}{'' if array.dtype.isnative else ' of the other byte order'}")
    if array.ndim not in dimensions:
        raise ValueError(f"the {what} must have {' or '.join(map(str, dimensions))} dimensions, not {array.ndim}: {array.shape}")
    return array if expressible(array) else np.ascontiguousarray(array)


def output(out: Array | None, shape: tuple[int, ...], dtype: npt.DTypeLike, sources: tuple[Array, ...], in_place: bool = False) -> Array:
    """A new array, or the caller's, if results can be put there."""
    if out is None:
        return np.empty(shape, dtype)
    if not isinstance(out, np.ndarray) or out.dtype != dtype:
        raise TypeError(f"out must be an array of {np.dtype(dtype)}, not {getattr(out, 'dtype', type(out).__name__)}")
    if out.shape != shape:
        raise ValueError(f"out must have the shape {shape}, not {out.shape}")
    if not out.flags.writeable:
        raise ValueError("out is read-only")
    if not expressible(out) or any(size > 1 and stride == 0 for size, stride in zip(out.shape, out.strides)):
        raise ValueError(f"out has strides that the library cannot write with: {out.strides}")
    for source in sources:
        same = in_place and address(source) == address(out) and source.strides == out.strides
        if not same and overlap(out, source):
            raise ValueError("out overlaps the input" + (" and is not the same array" if in_place else ""))
    return out


def overlap(one: Array, other: Array) -> bool:
    """Whether two arrays share elements; where that is hard to tell, they are taken to."""
    share: Any = np.may_share_memory  # some of NumPy's own annotations know fewer values of max_work than it does
    return bool(share(one, other, max_work=1000))


def address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def strides(array: Array) -> list[int]:
    return [stride // array.itemsize for stride in array.strides]


# ---- views of them ----

def tensor_view(array: Array) -> _api.TensorView:
    return _api.TensorView(address(array), *array.shape, *strides(array))


def map_view(array: Array) -> _api.MapView:
    return _api.MapView(address(array), *array.shape, *strides(array))


def label_view(array: Array) -> _api.LabelView:
    return _api.LabelView(address(array), *array.shape, *strides(array), LABELS[array.dtype], 0)


def pixel_view(array: Array, order: str | None = None) -> tuple[_api.PixelView, Array]:
    """A view of bytes, (H, W, 3), (H, W, 4) or (H, W), and the array that it is of: a copy, if a pixel's samples do not lie side by
    side. `order` is "RGB", "BGR", "RGBA" or "BGRA". Pixels that are turned round by [..., ::-1] are read in the other order."""
    samples = 1 if array.ndim == 2 else array.shape[2]
    if samples not in (1, 3, 4):
        raise ValueError(f"the pixels must be (H, W, 3), (H, W, 4) or (H, W), not {array.shape}")
    usual = {1: "GREY", 3: "RGB", 4: "RGBA"}[samples]
    order = order or usual
    if order not in _api.PixelFormat.__members__ or len(order) != len(usual):
        raise ValueError(f"pixels of {samples} samples cannot be {order!r}")
    turned = array.ndim == 3 and samples == 3 and array.strides[1:] == (3, -1)
    dense = array.strides[1:] == (samples, 1)[:array.ndim - 1] or turned
    rows_apart = len(array) < 2 or abs(array.strides[0]) >= array.shape[1] * samples
    if not (dense and rows_apart):
        array, turned = np.ascontiguousarray(array), False
    start = address(array) - (2 if turned else 0)
    order = order[::-1] if turned else order
    view = _api.PixelView(start, array.shape[0], array.shape[1], array.strides[0], _api.PixelFormat[order], 0)
    return view, array


# ---- the library's memory ----

class Memory:
    """Memory that an object of the library's owns, as NumPy asks for it. Arrays keep it, and it keeps the owner."""

    def __init__(self, owner: Owner, pointer: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._owner = owner
        typestr: Any = dtype.descr if dtype.names else dtype.str
        self.__array_interface__ = {"version": 3, "data": (pointer, True), "shape": shape, "typestr": dtype.str}
        if dtype.names:
            self.__array_interface__.update(typestr=f"|V{dtype.itemsize}", descr=typestr)


def borrowed(owner: Owner, pointer: int, shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
    """A read-only array of the library's memory, which lives as long as the array does."""
    return np.asarray(Memory(owner, pointer, shape, np.dtype(dtype)))


def buffer(data: Any) -> Bytes:
    """The bytes of any object that has some, without a copy."""
    return np.frombuffer(memoryview(data).cast("B"), np.uint8)


# ---- names and numbers ----

def positive(value: float | None, what: str) -> float:
    """A number greater than 0; None is 0, which stands for the library's default."""
    if value is None:
        return 0.0
    if not value > 0:
        raise ValueError(f"the {what} must be greater than 0, not {value}")
    return value


def path_bytes(path: str | os.PathLike[str]) -> bytes:
    return without_nul(os.fsencode(path))


def without_nul(text: bytes) -> bytes:
    """C's strings end at a NUL: what stands behind one would be passed over without a word."""
    if b"\0" in text:
        raise ValueError("embedded null byte")
    return text


def chosen(names: Any, name: str, what: str) -> int:
    """The value of a name in one of the library's enums, in small letters."""
    values = {key.lower(): value for key, value in names.__members__.items()}
    if name not in values:
        raise ValueError(f"the {what} must be one of {', '.join(sorted(values))}, not {name!r}")
    return int(values[name])


def chosen_precision(name: str) -> int:
    """The value of a precision, by the library's name ("bfloat16") or the command's ("bf16")."""
    return chosen(_api.Precision, {"float32": "f32", "bfloat16": "bf16"}.get(name, name), "precision")
