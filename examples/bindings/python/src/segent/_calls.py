# SPDX-License-Identifier: BSD-2-Clause
"""Calls that come back: exceptions of callbacks, which must not cross the library, and signals, which must not wait for it."""
from __future__ import annotations

import ctypes as c
import os
import queue
import threading
from typing import Any, Callable, Generic, TypeVar

from segent._library import Owner, check

T = TypeVar("T")
LOOK_UP = 0.04  # seconds


class _Local(threading.local):
    call: Call | None = None  # the innermost call of the library on this thread
    ask: Callable[..., Any] | None = None  # how callbacks reach the thread that waits for this one


_local = _Local()


def _taken(keeper: Call | _Job[Any]) -> BaseException:
    """The exception that was kept. Nothing keeps it any longer, so that its traceback and what that holds go when it goes."""
    error, keeper.error = keeper.error, None
    assert error is not None
    return error


class Call:
    """One call of the library on this thread: `with Call() as call: call.check(function(...), context)`. An exception of a callback
    is kept until the function has returned, and then raised."""

    def __init__(self, cancel: Callable[[], None] | None = None) -> None:
        self._cancel = cancel
        self.error: BaseException | None = None
        self._outer: Call | None = None

    def __enter__(self) -> Call:
        self._outer, _local.call = _local.call, self
        return self

    def __exit__(self, *_: object) -> None:
        _local.call, self._outer = self._outer, None

    def check(self, status: int, context: int | None) -> None:
        if self.error is not None:
            raise _taken(self)
        check(status, context)

    def made(self, context: int, destroy: Callable[[int], None], function: Callable[..., int], *arguments: Any) -> Owner:
        """Calls a function whose last argument is where it puts a new object, which goes again if a callback has raised."""
        out = c.c_void_p()
        status = function(*arguments, c.byref(out))
        owner = Owner(out.value, destroy)
        self.check(status, context)
        return owner

    def run(self, function: Callable[..., T], *arguments: Any) -> T | None:
        """Calls a callback; None if it fails, or if one has failed already."""
        if self.error is not None:
            return None
        try:
            return _local.ask(function, *arguments) if _local.ask else function(*arguments)
        except BaseException as error:
            self.error = error
            if self._cancel:
                self._cancel()
            return None

    @property
    def failed(self) -> bool:
        return self.error is not None


def called_back(function: Callable[..., T], *arguments: Any) -> T | None:
    """For the library's callbacks. One that belongs to no call, such as the log's when an object is freed, has nobody to raise to:
    Python reports it."""
    call = _local.call
    return call.run(function, *arguments) if call else function(*arguments)


class _Job(Generic[T]):
    """A function that another thread runs, and what the two have to say to each other."""

    def __init__(self, function: Callable[[], T]) -> None:
        self.function = function
        self.questions: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self.begun = self.finished = self.abandoned = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def execute(self) -> None:
        if not self.begun:
            self.begun = True
            _local.ask = self.ask
            try:
                self.result = self.function()
            except BaseException as error:
                self.error = error
            _local.ask = None
            self.finished = True
        self.questions.put(None)

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Lets the waiting thread call a callback: it belongs to whoever called the library."""
        if self.abandoned:
            raise InterruptedError
        self.questions.put(lambda: function(*arguments))
        value, self.error = self.answers.get()
        if self.error:
            raise _taken(self)
        return value

    def answer(self, question: Callable[[], Any]) -> None:
        try:
            outcome: tuple[Any, BaseException | None] = (question(), None)
        except BaseException as error:
            outcome = (None, error)
        self.answers.put(outcome)


class _Worker:
    """A thread that waits for jobs. It never keeps the process from ending."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[_Job[Any]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="segent", daemon=True).start()

    def _work(self) -> None:
        while True:
            self.jobs.get().execute()


_idle: list[_Worker] = []
os.register_at_fork(after_in_child=_idle.clear)


def _abandon(job: _Job[Any], worker: _Worker, cancel: Callable[[], None], process: int) -> None:
    """Waits for a job that was cancelled, whatever else is signalled meanwhile. The job may or may not have been handed over when
    the signal came, so it is handed over again; it runs once. A worker that waits for an answer gets one."""
    job.abandoned = True
    cancel()
    worker.jobs.put(job)
    job.answers.put((None, InterruptedError()))
    while not job.finished and os.getpid() == process:
        try:
            job.questions.get(timeout=LOOK_UP)
        except BaseException:  # nothing came, or a second signal
            continue


def _wait(job: _Job[Any], process: int) -> None:
    """Looks up now and then, for a signal that another thread has received does not wake this one."""
    while not job.finished:
        try:
            question = job.questions.get(timeout=LOOK_UP)
        except queue.Empty:
            continue
        if question:
            job.answer(question)
        if os.getpid() != process:
            raise RuntimeError("a callback has forked: the run goes on in the parent only")


def interruptible(function: Callable[[], T], cancel: Callable[[], None]) -> T:
    """Calls a function that the library may take long for. Python handles signals on its main thread only, and only while that is
    not inside the library: there another thread makes the call, and what a handler raises cancels it."""
    if threading.current_thread() is not threading.main_thread():
        return function()
    process = os.getpid()
    job = _Job(function)
    try:
        worker = _idle.pop() if _idle else _Worker()
    except RuntimeError:  # no thread can be started: signals wait
        return function()
    try:
        worker.jobs.put(job)
        _wait(job, process)
    except BaseException:
        _abandon(job, worker, cancel, process)
        raise
    finally:
        if os.getpid() == process:
            _idle.append(worker)
    if job.error is not None:
        raise _taken(job)
    result: T = job.result  # type: ignore[assignment]
    return result
