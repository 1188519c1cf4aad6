# SPDX-License-Identifier: BSD-2-Clause
"""Contexts for many threads."""
from __future__ import annotations

import collections
import concurrent.futures
import os
import threading
from typing import Any, Callable, Iterable, Iterator, TypeVar

from segent._context import Context

T = TypeVar("T")
Item = TypeVar("Item")


class Pool:
    """Threads with a context each. Many pictures are done soonest by one thread for each processor, with contexts of one thread:

        with segent.Pool() as pool:
            for result in pool.map(lambda context, path: context.run(model, path).entropy_mean, paths): ...

    workers: 0 is one for each processor that this process may use. What else is given goes to each segent.Context."""

    def __init__(self, workers: int = 0, *, threads: int = 1, **options: Any) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._options = dict(options, threads=threads)
        self._local = threading.local()
        self._contexts: list[Context] = []
        self._executor = concurrent.futures.ThreadPoolExecutor(self.workers, "segent-pool")

    def _call(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        context: Context | None = getattr(self._local, "context", None)
        if context is None:
            context = self._local.context = Context(**self._options)
            self._contexts.append(context)
        return function(context, *arguments)

    def submit(self, function: Callable[..., T], *arguments: Any) -> concurrent.futures.Future[T]:
        """Calls function(context, *arguments) on one of the threads."""
        return self._executor.submit(self._call, function, arguments)

    def map(self, function: Callable[[Context, Item], T], items: Iterable[Item]) -> Iterator[T]:
        """function(context, item) of each item, in their order. Items are taken as results are: a million of them need no memory."""
        waiting: collections.deque[concurrent.futures.Future[T]] = collections.deque()
        try:
            for item in items:
                waiting.append(self.submit(function, item))
                if len(waiting) >= 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def cancel(self) -> None:
        """Ends the runs in progress and drops what has not begun."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        for context in list(self._contexts):
            context.cancel()

    def close(self) -> None:
        """Waits for what was submitted, and ends threads and contexts."""
        self._executor.shutdown()
        for context in self._contexts:
            context.close()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.cancel()
        self.close()
