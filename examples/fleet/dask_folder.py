#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A folder of pictures with Dask: dask_folder.py MODEL FOLDER TABLE.parquet"""
from __future__ import annotations

from typing import Iterator

from dask.distributed import Client, LocalCluster, as_completed

from pictures import Row, arguments, finish, measure

RETRIES = 3


def rows_of(client: Client, model: str, names: list[str]) -> Iterator[Row]:
    """Rows as they come. A task that fails is tried again; one that takes its worker down again and again is given up."""
    futures = client.map(measure, [model] * len(names), names, retries=RETRIES, pure=False)
    name_of = {future.key: name for future, name in zip(futures, names)}
    waiting = as_completed(futures)
    del futures  # so that a row goes from the cluster's memory when it is here
    for future in waiting:
        if future.status == "finished":
            yield future.result()
        else:
            yield {"image": name_of[future.key], "error": repr(future.exception())}


def main() -> None:
    given = arguments(__doc__)
    if given.address:
        with Client(given.address) as client:
            client.upload_file(__file__.replace("dask_folder", "pictures"))
            finish(rows_of(client, given.model, given.pictures), given.table)
    # One thread a worker: a context is for one thread at a time.
    with LocalCluster(n_workers=given.workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        finish(rows_of(client, given.model, given.pictures), given.table)


if __name__ == "__main__":
    main()
