# SPDX-License-Identifier: BSD-2-Clause
"""Semantic segmentation with its uncertainty: libsegent in Python, NumPy arrays in and out.

    import segent
    with segent.Context() as context:
        model = context.load_model("model.pth")
        result = context.run(model, "picture.jpg")
        result.labels, result.entropy, result.entropy_mean
    segent.entropy(logits)      # of any network's logits

The library is the one that SEGENT_LIBRARY names, that the package carries, that pkg-config knows, or that the loader finds."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segent._api import VERSION as __version__
from segent._api import Status
from segent._context import Context, CpuInfo
from segent._image import Image
from segent._library import Error, lib, text
from segent._library import path as library_path
from segent._maps import argmax, colormap, decode_palette, entropy, image_entropy, softmax, voc_palette
from segent._model import Model
from segent._pool import Pool
from segent._result import Result, Summary, Timings

if TYPE_CHECKING:
    import torch

__all__ = ["Context", "CpuInfo", "Error", "Image", "Model", "Pool", "Result", "Status", "Summary", "Timings", "__version__", "argmax",
           "colormap", "decode_palette", "entropy", "from_torchvision", "image_entropy", "library_path", "softmax", "supports",
           "version", "voc_palette"]


def version() -> str:
    """The version of the library that is used."""
    return text(lib.segent_version())


def supports(feature: str) -> bool:
    """Whether the library was built with a feature: "png", "jpeg", "zlib", "simd", "blas"."""
    return bool(lib.segent_supports(feature.encode()))


def from_torchvision(model: torch.nn.Module, **options: Any) -> Model:
    """A model from a network of torchvision's, without a file: segent.torch.from_torchvision, which needs torch."""
    from segent.torch import from_torchvision
    return from_torchvision(model, **options)
