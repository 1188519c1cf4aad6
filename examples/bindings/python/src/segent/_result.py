# SPDX-License-Identifier: BSD-2-Clause
"""What a run gives."""
from __future__ import annotations

import ctypes as c
from functools import cached_property
from typing import Any, Callable, NamedTuple

import numpy as np
import numpy.typing as npt

from segent import _api
from segent._image import pixels_of
from segent._library import Holder, Owner, check, initialised, lib
from segent._views import Array, Bytes, Floats, Labels, borrowed


class Summary(NamedTuple):
    """Sums of an entropy map."""

    pixels: int
    sum: float
    mean: float
    minimum: float
    maximum: float
    sum_nats: float  #: not normalised; 0 where the number of classes is not known
    undecided: int  #: pixels whose two largest logits differ by less than undecided_below
    undecided_below: float  #: the model's precision_error after a run; 0: nothing was counted


class Timings(NamedTuple):
    """Seconds of a run."""

    preprocess: float
    network: float
    head: float


STATISTICS = np.dtype([("pixels", np.int64), ("entropy_mean", np.float64)])


def summary_of(fill: Callable[[Any], None]) -> Summary:
    """The sums that a call writes into the struct which it is given."""
    summary = initialised(_api.EntropySummary, lib.segent_entropy_summary_defaults)
    fill(c.byref(summary))
    return Summary(*(getattr(summary, name) for name in Summary._fields))


class Result(Holder):
    """Labels, entropy map and sums of a picture. Its arrays are the library's own memory, read-only, and live as long as anybody
    has them, also after the result and the context are gone."""

    _instead = "pickle its arrays"

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._result = owner.pointer
        self.width = lib.segent_result_width(self._result)
        self.height = lib.segent_result_height(self._result)
        self.classes = lib.segent_result_classes(self._result)

    def _array(self, pointer: int | None, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array | None:
        assert self._owner
        return borrowed(self._owner, pointer, shape, dtype) if pointer else None

    def _present(self, pointer: int | None, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
        array = self._array(pointer, shape, dtype)
        assert array is not None
        return array

    @cached_property
    def labels(self) -> Labels:
        """Class ids, (H, W), uint8, or uint16 if there are more than 256 classes."""
        is_bytes = lib.segent_result_label_type(self._result) == _api.LabelType.U8
        return self._present(lib.segent_result_labels(self._result), (self.height, self.width), np.uint8 if is_bytes else np.uint16)

    @cached_property
    def entropy(self) -> Floats:
        """Normalised, 0 to 1, (H, W)."""
        return self._present(lib.segent_result_entropy(self._result), (self.height, self.width))

    @cached_property
    def logits(self) -> Floats:
        """The network's own, (C, h, w), before interpolation and temperature."""
        pointer, height, width = self._lowres(lib.segent_result_lowres_logits)
        return self._present(pointer, (self.classes, height, width))

    @cached_property
    def auxiliary_logits(self) -> Floats | None:
        """The auxiliary classifier's, (C, h, w); None if the model was loaded without it."""
        pointer, height, width = self._lowres(lib.segent_result_auxiliary_logits)
        return self._array(pointer, (self.classes, height, width))

    def _lowres(self, function: Callable[..., int | None]) -> tuple[int | None, int, int]:
        height, width = c.c_int32(), c.c_int32()
        pointer = function(self._result, c.byref(height), c.byref(width))
        return pointer, height.value, width.value

    @cached_property
    def output_logits(self) -> Floats | None:
        """Interpolated, (C, H, W), before the temperature; None without keep=("logits",)."""
        return self._array(lib.segent_result_logits(self._result), (self.classes, self.height, self.width))

    @cached_property
    def probabilities(self) -> Floats | None:
        """(C, H, W); None without keep=("probabilities",)."""
        return self._array(lib.segent_result_probabilities(self._result), (self.classes, self.height, self.width))

    @cached_property
    def top_probability(self) -> Floats | None:
        """The largest class probability, (H, W); None without keep=("top_probability",)."""
        return self._array(lib.segent_result_top_probability(self._result), (self.height, self.width))

    @cached_property
    def margin(self) -> Floats | None:
        """The largest probability minus the second largest, (H, W); None without keep=("margin",)."""
        return self._array(lib.segent_result_margin(self._result), (self.height, self.width))

    @cached_property
    def input(self) -> Bytes:
        """The picture as the network saw it, (H, W, 3)."""
        assert self._owner
        return pixels_of(self._owner, lib.segent_result_input(self._result) or 0)

    @cached_property
    def summary(self) -> Summary:
        return summary_of(lambda out: check(lib.segent_result_summary(self._result, out), None))

    @property
    def entropy_sum(self) -> float:
        """The image entropy: the sum of the normalised map."""
        return self.summary.sum

    @property
    def entropy_mean(self) -> float:
        """Per pixel, 0 to 1."""
        return self.summary.mean

    @cached_property
    def statistics(self) -> Array:
        """One entry a class: result.statistics["pixels"], result.statistics["entropy_mean"]."""
        count = c.c_int64()
        pointer = lib.segent_result_statistics(self._result, c.byref(count))
        return self._present(pointer, (count.value,), STATISTICS)

    @cached_property
    def timings(self) -> Timings:
        timings = initialised(_api.Timings, lib.segent_timings_defaults)
        check(lib.segent_result_timings(self._result, c.byref(timings)), None)
        return Timings(timings.preprocess, timings.network, timings.head)

    def __repr__(self) -> str:
        return f"<segent.Result {self.width} x {self.height}, {self.classes} classes, mean entropy {self.entropy_mean:.6f}>"
