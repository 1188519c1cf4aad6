# SPDX-License-Identifier: BSD-2-Clause
"""Networks."""
from __future__ import annotations

import ctypes as c
import os
from typing import Any, Mapping, Sequence, Union

import numpy as np

from segent import _api
from segent._calls import Call
from segent._library import Closable, Owner, check, initialised, lib, text
from segent._views import Bytes, borrowed, buffer, chosen_precision, path_bytes, without_nul

Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview]
Settings = Union[str, Mapping[str, object]]


class Model(Closable):
    """A network, immutable: any number of threads may use it, each with its own context. context.load_model() makes it."""

    _instead = "load it in each process"

    architecture: str  #: torchvision's name: "deeplabv3_resnet101"
    backbone: str
    head: str
    description: str
    prefix: str  #: what stands before the names of its tensors in the file
    settings_file: str  #: the file of JSON that some settings are from
    classes: int
    class_names: tuple[str, ...]
    output_stride: int  #: pixels of the picture for one of the network's own logits
    size: int  #: shorter side that it was trained for
    temperature: float
    container: str  #: "torch legacy", "torch zip", "safetensors", "packed weights"
    examined_only: bool
    auxiliary: bool
    precision: str  #: "float32" or "bfloat16"
    parameters: int  #: trained numbers that the network uses
    parameters_in_file: int
    palette: Bytes | None  #: the classes' colours, (classes, 3), where somebody says them: segent.decode_palette(labels, model.palette)
    properties: dict[str, str]  #: further facts: "rates", "mean", "std", "assumed", ...

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        details = initialised(_api.ModelDetails, lib.segent_model_details_defaults)
        check(lib.segent_model_info(owner.pointer, c.byref(details)), None)
        for name in ("architecture", "backbone", "head", "description", "prefix", "settings_file"):
            setattr(self, name, text(getattr(details, name)))
        for name in ("classes", "output_stride", "size", "temperature", "parameters", "parameters_in_file"):
            setattr(self, name, getattr(details, name))
        self.container = text(lib.segent_container_name(details.container))
        self.examined_only, self.auxiliary = bool(details.examined_only), bool(details.auxiliary)
        self.precision = text(lib.segent_precision_name(details.precision))
        self.class_names = tuple(text(lib.segent_model_class_name(owner.pointer, i)) for i in range(self.classes))
        self.properties = dict(_properties(owner.pointer))
        count = c.c_int64()
        colours = lib.segent_model_palette(owner.pointer, c.byref(count))
        # A copy, for the model would keep itself alive by its own memory.
        self.palette = borrowed(owner, colours, (count.value, 3), np.uint8).copy() if colours else None

    def __repr__(self) -> str:
        return f"<segent.Model {self.architecture}, {self.classes} classes>"


def _properties(model: int) -> Any:
    index = 0
    while (key := lib.segent_model_property_key(model, index)) is not None:
        yield text(key), text(lib.segent_model_property(model, key))
        index += 1


def settings_text(settings: Settings | None) -> bytes | None:
    """{"rates": (6, 12, 18), "size": 512} is "rates=6,12,18; size=512"."""
    if settings is None:
        return None
    if isinstance(settings, str):
        return without_nul(settings.encode())

    def value(of: object) -> str:
        return ",".join(map(str, of)) if isinstance(of, (list, tuple)) else str(of)

    return without_nul("; ".join(f"{key}={value(of)}" for key, of in settings.items()).encode())


def options_of(prefix: str | None, settings: Settings | None, settings_file: str | os.PathLike[str] | None,
               class_names: Sequence[str] | None, auxiliary: bool, examine_only: bool,
               precision: str) -> _api.ModelOptions:
    options = initialised(_api.ModelOptions, lib.segent_model_options_defaults)
    options.prefix = None if prefix is None else without_nul(prefix.encode())
    options.settings = settings_text(settings)
    options.settings_file = None if settings_file is None else path_bytes(settings_file)
    if class_names is not None:
        if isinstance(class_names, str):
            raise TypeError("class_names must be a list of names, not one text")
        names = [without_nul(name.encode()) for name in class_names]
        options.class_names, options.class_name_count = (c.c_char_p * len(names))(*names), len(names)
    options.auxiliary, options.examine_only = auxiliary, examine_only
    options.precision = chosen_precision(precision)
    return options


def load(context: int, call: Call, source: Source, options: _api.ModelOptions) -> Model:
    ask, destroy = c.byref(options), lib.segent_model_destroy
    if isinstance(source, (str, os.PathLike)):
        return Model(call.made(context, destroy, lib.segent_model_load, context, path_bytes(source), ask))
    data = buffer(source)
    return Model(call.made(context, destroy, lib.segent_model_load_memory, context, data.ctypes.data, data.size, ask))
