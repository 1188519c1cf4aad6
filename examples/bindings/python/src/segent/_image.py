# SPDX-License-Identifier: BSD-2-Clause
"""Pictures: files, bytes, arrays, PIL's."""
from __future__ import annotations

import ctypes as c
import os
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from segent import _api
from segent._calls import Call
from segent._library import Holder, Owner, initialised, lib
from segent._views import Array, Bytes, borrowed, buffer, chosen, given, path_bytes, pixel_view

if TYPE_CHECKING:
    import PIL.Image

    Picture = Union["Image", str, os.PathLike[str], bytes, bytearray, memoryview, Array, PIL.Image.Image]


class Image(Holder):
    """A picture of 8-bit RGB pixels, immutable. context.load_image() makes it."""

    _instead = "pickle its pixels"

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    @property
    def width(self) -> int:
        with self.use() as pointer:
            return lib.segent_image_width(pointer)

    @property
    def height(self) -> int:
        with self.use() as pointer:
            return lib.segent_image_height(pointer)

    @property
    def pixels(self) -> Bytes:
        """(H, W, 3), read-only, without a copy."""
        assert self._owner
        return pixels_of(self._owner, self._owner.pointer)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.pixels, dtype=dtype) if copy or dtype is not None else self.pixels

    def __repr__(self) -> str:
        return f"<segent.Image {self.width} x {self.height}>"


def pixels_of(owner: Owner, image: int) -> Bytes:
    shape = (lib.segent_image_height(image), lib.segent_image_width(image), 3)
    return borrowed(owner, lib.segent_image_pixels(image) or 0, shape, np.uint8)


def options_of(orient: str, background: int | None, pixel_limit: int | None, scan_limit: int | None) -> _api.ImageOptions:
    options = initialised(_api.ImageOptions, lib.segent_image_options_defaults)
    options.orient = chosen(_api.Orientation, orient, "orientation")
    if background is not None:
        if not 0 <= background <= 0xFFFFFF:
            raise ValueError(f"the background must be 0x000000 to 0xFFFFFF, not {background:#x}")
        options.background = background or _api.BACKGROUND_BLACK
    options.pixel_limit = pixel_limit or 0
    options.scan_limit = scan_limit or 0
    return options


def array_of(picture: Any) -> Array:
    """Pixels as an array. Of a PIL image those that it has: what was read of a file, not turned as EXIF data ask for."""
    mode = getattr(picture, "mode", None)
    if isinstance(mode, str) and hasattr(picture, "convert"):
        if mode.startswith("I;16"):
            return (np.asarray(picture) >> 8).astype(np.uint8)  # the high byte, as of files; Pillow would cut off at 255
        return np.asarray(picture if mode in ("RGB", "RGBA", "L") else picture.convert("RGB"))
    return given(picture, (np.dtype(np.uint8),), (2, 3), "pixels")


def load(context: int, call: Call, picture: Any, options: _api.ImageOptions, order: str | None) -> Image:
    """Loads a picture, whatever it is given as, on the caller's context."""
    ask = c.byref(options)
    destroy = lib.segent_image_destroy
    if isinstance(picture, (str, os.PathLike)):
        return Image(call.made(context, destroy, lib.segent_image_load, context, path_bytes(picture), ask))
    if isinstance(picture, (bytes, bytearray, memoryview)):
        data = buffer(picture)
        return Image(call.made(context, destroy, lib.segent_image_load_memory, context, data.ctypes.data, data.size, ask))
    view, held = pixel_view(array_of(picture), order)
    image = Image(call.made(context, destroy, lib.segent_image_from_pixels, context, c.byref(view)))
    del held  # which the view is of
    return image
