#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A folder of pictures with Ray: ray_folder.py MODEL FOLDER TABLE.parquet"""
from __future__ import annotations

import pathlib
from typing import Iterator

import ray

from pictures import Row, arguments, finish, measure

RETRIES, WAITING_MOST = 3, 1000


def rows_of(model: str, names: list[str]) -> Iterator[Row]:
    """Rows as they come. A task that fails is tried again; one that takes its worker down again and again is given up."""
    task = ray.remote(num_cpus=1, max_retries=RETRIES, retry_exceptions=True)(measure)
    waiting: dict[ray.ObjectRef, str] = {}
    left = iter(names)
    while True:
        while len(waiting) < WAITING_MOST and (name := next(left, None)) is not None:
            waiting[task.remote(model, name)] = name
        if not waiting:
            return
        for reference in ray.wait(list(waiting))[0]:
            name = waiting.pop(reference)
            try:
                yield ray.get(reference)
            except ray.exceptions.RayError as error:
                yield {"image": name, "error": str(error).splitlines()[-1]}


def main() -> None:
    given = arguments(__doc__)
    # Workers find pictures.py in this folder, which a cluster of several machines needs a copy of.
    where = {"working_dir": str(pathlib.Path(__file__).parent)} if given.address else None
    with ray.init(address=given.address or "local", num_cpus=None if given.address else given.workers, include_dashboard=False,
                  runtime_env=where):
        finish(rows_of(given.model, given.pictures), given.table)


if __name__ == "__main__":
    main()
