# SPDX-License-Identifier: BSD-2-Clause
"""Options, inputs and outputs of runs."""
from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any, Mapping, Sequence

import numpy as np

from segent import _api, _image, _views
from segent._library import Use, check, initialised, lib
from segent._views import Array, Floats

if TYPE_CHECKING:
    from segent._model import Model



def options_of(size: int | str | None, output_size: str, engine: str, precision: str | None, temperature: float | None,
               keep: Sequence[str], workspace_limit: int) -> _api.RunOptions:
    options = initialised(_api.RunOptions, lib.segent_run_options_defaults)
    if isinstance(size, str) and size != "own":
        raise ValueError(f'the size must be a number, "own" or None, not {size!r}')
    if isinstance(size, int) and not 1 <= size <= 0x7FFFFFFF:
        raise ValueError(f'the size must be at least 1, "own" or None, not {size}')
    options.size = _api.SIZE_OWN if isinstance(size, str) else size or 0
    options.output_size = _views.chosen(_api.OutputSize, output_size, "output size")
    options.engine = _views.chosen(_api.Engine, engine, "engine")
    if precision is not None:
        options.precision = _views.chosen_precision(precision)
    options.temperature = _views.positive(temperature, "temperature")
    if isinstance(keep, str):
        raise TypeError("keep must be a list of names, not one text")
    for name in keep:
        options.keep |= _views.chosen(_api.Keep, name, "names in keep")
    options.workspace_limit = workspace_limit
    return options


class Input:
    """The input of a run, and the arrays that it is of. `with input:` while it is used."""

    def __init__(self, image: _image.Image | None, *arrays: Array) -> None:
        self.input = initialised(_api.Input, lib.segent_input_defaults)
        self.arrays = arrays
        self.height = self.width = 0
        self._image = image
        self._use: Use | None = None
        if image:
            self.height, self.width = image.height, image.width

    def __enter__(self) -> None:
        if self._image:
            self._use = self._image.use()
            self.input.image = self._use.__enter__()

    def __exit__(self, *_: object) -> None:
        if self._use:
            self._use.__exit__()


def input_of(picture: Any, order: str | None) -> Input:
    if isinstance(picture, _image.Image):
        return Input(picture)
    if getattr(picture, "dtype", None) == _views.FLOAT32:
        values = _views.given(picture, (_views.FLOAT32,), (3,), "input")
        made = Input(None, values)
        made.input.tensor = _views.tensor_view(values)
        _, made.height, made.width = values.shape
        return made
    view, pixels = _views.pixel_view(_image.array_of(picture), order)
    made = Input(None, pixels)
    made.input.pixels = view
    made.height, made.width = pixels.shape[:2]
    return made


class Outputs:
    """The caller's arrays as segent_uncertainty_maps."""

    def __init__(self, arrays: Mapping[str, Array], sources: tuple[Array, ...]) -> None:
        views = {"labels": _views.label_view, "logits": _views.tensor_view, "probabilities": _views.tensor_view}
        known = ("labels", "entropy", "top_probability", "margin", "logits", "probabilities")
        self.maps = initialised(_api.UncertaintyMaps, lib.segent_uncertainty_maps_defaults)
        self.arrays = dict(arrays)
        if not arrays:
            raise TypeError(f"no output is given; there are {', '.join(known)}")
        for name, array in arrays.items():
            if name not in known:
                raise TypeError(f"there is no output {name!r}; there are {', '.join(known)}")
            dtype: Any = getattr(array, "dtype", None)
            wanted = dtype if name == "labels" and dtype in _views.LABELS else np.dtype(np.uint8 if name == "labels" else np.float32)
            dimensions = 3 if views.get(name) is _views.tensor_view else 2
            if getattr(array, "ndim", 0) != dimensions:
                raise ValueError(f"{name} must be an array of {dimensions} dimensions")
            _views.output(array, array.shape, wanted, sources)
            setattr(self.maps, name, views.get(name, _views.map_view)(array))
            self.maps.height, self.maps.width = array.shape[-2:]
        self._apart()

    def _apart(self) -> None:
        """Outputs that share memory would be written over each other."""
        arrays = list(self.arrays.items())
        for i, (name, array) in enumerate(arrays):
            for other, another in arrays[i + 1:]:
                if _views.overlap(array, another):
                    raise ValueError(f"the outputs {name} and {other} overlap")


def logits_shape(model: Model, source: Input, size: int, out: Floats | None) -> tuple[Floats, _api.TensorView]:
    """Where the network's own logits go: one value for output_stride pixels at the network, rounded up."""
    width, height = c.c_int32(source.width), c.c_int32(source.height)
    if not source.input.tensor.data:
        shorter = size or model.size
        check(lib.segent_image_fit(source.width, source.height, shorter, c.byref(width), c.byref(height)), None)
    stride = model.output_stride
    shape = (model.classes, -(-height.value // stride), -(-width.value // stride))
    values = _views.output(out, shape, np.float32, source.arrays)
    return values, _views.tensor_view(values)
