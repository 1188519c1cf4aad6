# SPDX-License-Identifier: BSD-2-Clause
"""Contexts: settings, threads, memory, and all that is done with them."""
from __future__ import annotations

import ctypes as c
import logging
import os
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Sequence, TypeVar, Union

from segent import _api, _image, _model
from segent._calls import Call, called_back, interruptible
from segent._library import Closable, Owner, check, initialised, lib, made, text
from segent._result import Result, Summary, summary_of
from segent._run import Outputs, input_of, logits_shape, options_of
from segent._views import chosen

if TYPE_CHECKING:
    from segent._image import Image, Picture
    from segent._model import Model, Settings, Source
    from segent._views import Array, Floats

T = TypeVar("T")
Log = Union[Callable[[str, str], object], logging.Logger]
LEVELS = {_api.LogLevel.ERROR: logging.ERROR, _api.LogLevel.WARNING: logging.WARNING, _api.LogLevel.INFO: logging.INFO,
          _api.LogLevel.DEBUG: logging.DEBUG}


class CpuInfo(NamedTuple):
    """What a context works with."""

    processor: str
    kernels: str
    blas: str
    threads: int


def _log_function(log: Log) -> Any:
    def receive(_user: Any, level: int, message: bytes) -> None:
        line = message.decode(errors="replace")
        if isinstance(log, logging.Logger):
            called_back(log.log, LEVELS.get(_api.LogLevel(level), logging.DEBUG), line)
        else:
            called_back(log, text(lib.segent_log_level_name(level)), line)

    return _api.LogFn(receive)


class Context(Closable):
    """Settings, threads and working memory, for one thread at a time: make one for each thread, or a segent.Pool. What is made with
    a context outlives it.

    threads: 0 is one for each processor that this process may use. cpu: the best instruction set that may be used, "ref", "avx2",
    "avx512", "neon", "avx512_bf16", "amx" or "neon_bf16". log: a logging.Logger, or a function of a level ("error", "warning", "information", "debug") and a line.
    memory_limit: most bytes that reading one file may take."""

    def __init__(self, threads: int = 0, *, cpu: str | None = None, log: Log | None = None, memory_limit: int = 0) -> None:
        options = initialised(_api.Options, lib.segent_options_defaults)
        options.threads, options.memory_limit = threads, memory_limit
        if cpu is not None:
            options.cpu = chosen(_api.Cpu, cpu, "instruction set")
        if log is not None:
            self._log = options.log = _log_function(log)
        self._running: Owner | None = None
        with Call() as call:
            out = c.c_void_p()
            status = lib.segent_context_create(c.byref(options), c.byref(out))
            owner = Owner(out.value, lib.segent_context_destroy)
            call.check(status, None)
        self._owner = owner

    # ---- what is loaded ----

    def load_model(self, source: Source, *, prefix: str | None = None, settings: Settings | None = None,
                   settings_file: str | os.PathLike[str] | None = None, class_names: Sequence[str] | None = None,
                   auxiliary: bool = False, examine_only: bool = False, precision: str = "float32") -> Model:
        """A network from a checkpoint: a path, or the bytes of a file. settings: {"rates": (6, 12, 18), "output_stride": 16}, or the
        same as text, where the file does not tell. prefix: which network, if it holds several. precision: "float32" or "bfloat16", the
        numbers that the network computes with, which its runs keep to."""
        options = _model.options_of(prefix, settings, settings_file, class_names, auxiliary, examine_only, precision)

        def load(context: int, call: Call) -> Model:
            return _model.load(context, call, source, options)

        return self._cancellable(load, options, None)

    def load_image(self, picture: Picture, *, order: str | None = None, orient: str = "default", background: int | None = None,
                   pixel_limit: int | None = None, scan_limit: int | None = None) -> Image:
        """A picture, to run several times: a path, the bytes of a JPEG or PNG file, uint8 pixels, (H, W, 3), (H, W, 4) or (H, W), or a
        PIL image. order: "RGB", "BGR", "RGBA" or "BGRA", of an array. orient: "stored" leaves EXIF orientation alone. background:
        0xRRGGBB behind transparent pixels of a file."""
        options = _image.options_of(orient, background, pixel_limit, scan_limit)

        def load(context: int, call: Call) -> Image:
            return _image.load(context, call, picture, options, order)

        return self._cancellable(load, options, None)

    # ---- what is run ----

    def run(self, model: Model, picture: Picture | Image, *, size: int | str | None = None, output_size: str = "network",
            engine: str = "fast", precision: str | None = None, temperature: float | None = None, keep: Sequence[str] = (),
            workspace_limit: int = 0, progress: Callable[[float], object] | None = None) -> Result:
        """A picture through a network. size: the shorter side at the network; None is the model's own, "own" the picture's.
        output_size: "network", or "original" for the picture's. keep: of "logits", "probabilities", "top_probability" and "margin".
        progress: is called with the share that is done, 0 to 1; a true result cancels the run, an exception is raised from here."""
        image = picture if isinstance(picture, _image.Image) else self.load_image(picture)
        options = options_of(size, output_size, engine, precision, temperature, keep, workspace_limit)

        def run(context: int, call: Call) -> Result:
            with model.use() as network, image.use() as pixels:
                out = c.c_void_p()
                status = lib.segent_run(context, network, pixels, c.byref(options), c.byref(out))
                owner = Owner(out.value, lib.segent_result_destroy)
                call.check(status, context)
                return Result(owner)

        return self._cancellable(run, options, progress)

    def run_into(self, model: Model, picture: Any, *, size: int | str | None = None, output_size: str = "network",
                 order: str | None = None, engine: str = "fast", precision: str | None = None, temperature: float | None = None,
                 workspace_limit: int = 0, progress: Callable[[float], object] | None = None, **outputs: Array) -> Summary:
        """As run, from the caller's memory into the caller's arrays: nothing is copied, and after the first picture of a size the library
        allocates nothing. picture: an Image, uint8 pixels, or a normalised float32 (3, H, W), as the network was trained to see it.
        outputs: labels, entropy, top_probability, margin, (H, W); logits, probabilities, (C, H, W)."""
        source = input_of(picture, order)
        options = options_of(size, output_size, engine, precision, temperature, (), workspace_limit)
        targets = Outputs(outputs, source.arrays)

        def run(context: int, call: Call) -> Summary:
            with model.use() as network, source:
                return summary_of(lambda out: call.check(lib.segent_run_into(
                    context, network, c.byref(source.input), c.byref(options), c.byref(targets.maps), out), context))

        return self._cancellable(run, options, progress)

    def logits(self, model: Model, picture: Any, *, size: int | str | None = None, order: str | None = None, engine: str = "fast",
               precision: str | None = None, workspace_limit: int = 0, progress: Callable[[float], object] | None = None,
               out: Floats | None = None) -> Floats:
        """The network alone: its logits, (C, h, w), before interpolation and temperature. picture: as of run_into."""
        source = input_of(picture, order)
        options = options_of(size, "network", engine, precision, None, (), workspace_limit)
        values, view = logits_shape(model, source, options.size, out)

        def run(context: int, call: Call) -> Floats:
            with model.use() as network, source:
                call.check(lib.segent_model_logits(context, network, c.byref(source.input), c.byref(options), c.byref(view)), context)
                return values

        return self._cancellable(run, options, progress)

    def _cancellable(self, run: Callable[[int, Call], T], options: _api.RunOptions | _api.ModelOptions | _api.ImageOptions,
                     progress: Callable[[float], object] | None) -> T:
        """Lets another thread run what takes long, so that this one answers signals; what a signal's handler raises ends the run."""
        with self.use() as context:
            flag = made(context, lib.segent_cancel_destroy, lib.segent_cancel_create, context)
        options.cancel = flag.pointer
        self._running = flag

        def cancel() -> None:
            lib.segent_cancel_set(flag.pointer)

        def work() -> T:
            with self.use() as context, Call(cancel) as call:
                if progress and isinstance(options, _api.RunOptions):
                    options.progress = _api.ProgressFn(lambda _user, done: bool(call.run(progress, done)) or call.failed)
                return run(context, call)

        try:
            return interruptible(work, cancel)
        finally:
            self._running = None

    def cancel(self) -> None:
        """Ends the run or the loading in progress, from another thread, within some 50 ms: it raises segent.Error of the status 70."""
        flag = self._running
        if flag:
            lib.segent_cancel_set(flag.pointer)

    # ---- the context itself ----

    def trim(self) -> None:
        """Frees the working memory that is kept for the next run."""
        with self.use() as context:
            check(lib.segent_context_trim(context), context)

    @property
    def info(self) -> CpuInfo:
        info = initialised(_api.CpuInfo, lib.segent_cpu_info_defaults)
        with self.use() as context:
            check(lib.segent_context_cpu_info(context, c.byref(info)), context)
            return CpuInfo(text(info.processor), text(info.kernels), text(info.blas), info.threads)
