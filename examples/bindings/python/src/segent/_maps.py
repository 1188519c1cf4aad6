# SPDX-License-Identifier: BSD-2-Clause
"""Functions of arrays: one's own logits, probabilities and labels. Each takes a batch, (N, ...), as well, and `out`."""
from __future__ import annotations

import ctypes as c
import threading
from typing import Any, Callable

import numpy as np
import numpy.typing as npt

from segent import _api
from segent._calls import Call
from segent._context import Context
from segent._library import check, initialised, lib
from segent._result import Summary, summary_of
from segent._views import (FLOAT32, LABELS, Array, Bytes, Floats, Labels, address, chosen, given, label_view, map_view, output,
                           pixel_view, positive, tensor_view)

LOGITS = (FLOAT32,)


class _Default(threading.local):
    """A context for each thread that does not bring its own. It ends with the thread."""

    context: Context | None = None


_default = _Default()


def _working(context: Context | None) -> Context:
    if context is None:
        context = _default.context = _default.context or Context()
    return context


def _each(values: Array, dimensions: int) -> list[Array]:
    return [values] if values.ndim == dimensions else list(values)


def _apply(context: Context | None, function: Callable[..., int], pairs: list[tuple[Any, ...]]) -> None:
    """Calls a function of the library for each of a batch."""
    with _working(context).use() as pointer, Call() as call:
        for arguments in pairs:
            call.check(function(pointer, *arguments), pointer)


def entropy(logits: npt.ArrayLike, unit: str = "normalized", *, temperature: float | None = None, probabilities: bool = False,
            tolerance: float | None = None, out: Floats | None = None, context: Context | None = None) -> Floats:
    """Entropy of each pixel's class distribution: float32 logits, (C, H, W) or (N, C, H, W), of any strides, to (H, W) or (N, H, W).
    unit: "normalized" (0 to 1), "nats" or "bits". probabilities: the values are not logits; with a tolerance, those outside 0 to 1,
    or whose sums are farther from 1 than it, are an error."""
    values = given(logits, LOGITS, (3, 4), "logits")
    options = initialised(_api.EntropyOptions, lib.segent_entropy_options_defaults)
    options.unit = chosen(_api.Unit, unit, "unit")
    options.source = _api.Source.PROBABILITIES if probabilities else _api.Source.LOGITS
    options.temperature = positive(temperature, "temperature")
    options.strict, options.tolerance = tolerance is not None, positive(tolerance, "tolerance")
    made = output(out, values.shape[:-3] + values.shape[-2:], np.float32, (values,))
    ask = c.byref(options)
    _apply(context, lib.segent_entropy_map, [(c.byref(tensor_view(one)), ask, c.byref(map_view(into)))
                                             for one, into in zip(_each(values, 3), _each(made, 2))])
    return made


def softmax(logits: npt.ArrayLike, *, out: Floats | None = None, context: Context | None = None) -> Floats:
    """Probabilities over the classes, (C, H, W) or (N, C, H, W). out may be the logits themselves."""
    values = given(logits, LOGITS, (3, 4), "logits")
    made = output(out, values.shape, np.float32, (values,), in_place=True)
    _apply(context, lib.segent_softmax, [(c.byref(tensor_view(one)), c.byref(tensor_view(into)))
                                         for one, into in zip(_each(values, 3), _each(made, 3))])
    return made


def argmax(values: npt.ArrayLike, *, out: Labels | None = None, context: Context | None = None) -> Labels:
    """The class of the largest logit or probability, the lowest of equal ones: (C, H, W) to (H, W), (N, C, H, W) to (N, H, W), uint8,
    or uint16 for more than 256 classes."""
    array = given(values, LOGITS, (3, 4), "values")
    usual = np.dtype(np.uint8 if array.shape[-3] <= 256 else np.uint16)
    dtype = out.dtype if isinstance(out, np.ndarray) and out.dtype in LABELS else usual
    made = output(out, array.shape[:-3] + array.shape[-2:], dtype, (array,))
    _apply(context, lib.segent_argmax, [(c.byref(tensor_view(one)), c.byref(label_view(into)))
                                        for one, into in zip(_each(array, 3), _each(made, 2))])
    return made


def decode_palette(labels: npt.ArrayLike, palette: npt.ArrayLike | None = None, *, out: Bytes | None = None,
                   context: Context | None = None) -> Bytes:
    """Class ids, (H, W) or (N, H, W), uint8 or uint16, to colours, (..., 3). palette: (K, 3) bytes; None is VOC's."""
    ids = given(labels, tuple(LABELS), (2, 3), "labels")
    colours, count = None, 0
    if palette is not None:
        table = np.ascontiguousarray(given(palette, (np.dtype(np.uint8),), (2,), "palette"))
        if table.shape[1] != 3:
            raise ValueError(f"the palette must be (K, 3), not {table.shape}")
        colours, count = address(table), len(table)
    made = output(out, (*ids.shape, 3), np.uint8, (ids,))
    views = [(one, *_written(into)) for one, into in zip(_each(ids, 2), _each(made, 3))]
    _apply(context, lib.segent_palette_decode, [(c.byref(label_view(one)), colours, count, c.byref(view)) for one, view in views])
    return made


def colormap(values: npt.ArrayLike, name: str = "jet", *, low: float = 0.0, high: float = 1.0, out: Bytes | None = None,
             context: Context | None = None) -> Bytes:
    """A map, (H, W) or (N, H, W), float32, in colours, (..., 3): "jet" or "viridis", from low to high."""
    array = given(values, LOGITS, (2, 3), "values")
    made = output(out, (*array.shape, 3), np.uint8, (array,))
    which = chosen(_api.Colormap, name, "colour map")
    views = [(one, *_written(into)) for one, into in zip(_each(array, 2), _each(made, 3))]
    _apply(context, lib.segent_colormap_apply, [(c.byref(map_view(one)), which, low, high, c.byref(view)) for one, view in views])
    return made


def image_entropy(entropy: npt.ArrayLike, ignore: npt.ArrayLike | None = None, *, context: Context | None = None) -> Summary:
    """Sums of one entropy map, (H, W). ignore: labels of its shape; pixels where they are not 0 count nowhere."""
    values = given(entropy, LOGITS, (2,), "entropy")
    mask = None if ignore is None else given(ignore, tuple(LABELS), (2,), "mask")
    view = None if mask is None else c.byref(label_view(mask))
    with _working(context).use() as pointer:
        return summary_of(lambda out: check(lib.segent_image_entropy(pointer, c.byref(map_view(values)), view, out), pointer))


def voc_palette(count: int = 256) -> Bytes:
    """Pascal VOC's colours, (count, 3)."""
    palette = np.empty((max(count, 1), 3), np.uint8)
    check(lib.segent_palette_voc(address(palette), count), None)
    return palette


def _written(array: Array) -> tuple[_api.PixelView]:
    """A view of pixels to be written, of which no copy will do."""
    view, same = pixel_view(array)
    if same is not array:
        raise ValueError(f"out has strides that the library cannot write with: {array.strides}")
    return (view,)
