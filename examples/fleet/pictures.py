# SPDX-License-Identifier: BSD-2-Clause
"""What the two programs share: a picture to a row of numbers, with one context a process, and rows to a Parquet table."""
from __future__ import annotations

import argparse
import os
import pathlib
import sys
import uuid
from typing import TYPE_CHECKING, Any, Iterable, Iterator

import pyarrow
import pyarrow.parquet

if TYPE_CHECKING:
    import segent

Row = dict[str, Any]
ROWS_AT_ONCE = 1024
SCHEMA = pyarrow.schema([
    ("image", pyarrow.string()), ("width", pyarrow.int32()), ("height", pyarrow.int32()),
    ("entropy_sum", pyarrow.float64()), ("entropy_mean", pyarrow.float64()), ("entropy_max", pyarrow.float64()),
    ("classes", pyarrow.list_(pyarrow.struct([("name", pyarrow.string()), ("pixels", pyarrow.int64()),
                                              ("entropy_mean", pyarrow.float64())])))])

# Of this process: contexts and models do not travel between processes, so each worker makes its own with its first picture.
_loaded: dict[str, tuple[segent.Context, segent.Model]] = {}


def measure(model_path: str, picture: str) -> Row:
    """The row of a picture, or a row with an "error" if it is one that cannot be read, which trying again would not change. All
    else that fails is raised, so that the scheduler tries again, elsewhere if need be."""
    import segent  # here, because only workers need the library

    if model_path not in _loaded:
        context = segent.Context(threads=1)
        _loaded[model_path] = context, context.load_model(model_path)
    context, model = _loaded[model_path]
    try:
        image = context.load_image(picture)
    except segent.Error as error:
        return {"image": picture, "error": str(error)}
    result = context.run(model, image)
    present = [(name, int(one["pixels"]), float(one["entropy_mean"])) for name, one in zip(model.class_names, result.statistics)
               if one["pixels"]]
    return {"image": picture, "width": result.width, "height": result.height, "entropy_sum": result.entropy_sum,
            "entropy_mean": result.entropy_mean, "entropy_max": result.summary.maximum,
            "classes": [dict(zip(("name", "pixels", "entropy_mean"), one)) for one in present]}


def good_rows(rows: Iterable[Row], skipped: list[str]) -> Iterator[Row]:
    """The rows of pictures that are done; of the others the reason is said, and the name added to `skipped`."""
    for row in rows:
        if "error" in row:
            print(f"skipped {row['error'] if row['image'] in row['error'] else row['image'] + ': ' + row['error']}", file=sys.stderr)
            skipped.append(row["image"])
        else:
            yield row


def write_table(rows: Iterable[Row], path: str) -> int:
    """Writes the table in pieces, under a temporary name until it is whole. Returns the number of rows."""
    temporary = f"{path}.{uuid.uuid4().hex}.part"
    count, waiting = 0, []

    def flush() -> None:
        writer.write_table(pyarrow.Table.from_pylist(waiting, schema=SCHEMA))
        waiting.clear()

    try:
        with pyarrow.parquet.ParquetWriter(temporary, SCHEMA) as writer:
            for row in rows:
                waiting.append(row)
                count += 1
                if len(waiting) == ROWS_AT_ONCE:
                    flush()
            flush()
        os.replace(temporary, path)
    finally:
        pathlib.Path(temporary).unlink(missing_ok=True)
    return count


def arguments(program: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=program)
    parser.add_argument("model", help="checkpoint, at the same path on every machine")
    parser.add_argument("folder", help="of pictures, .jpg, .jpeg and .png")
    parser.add_argument("table", help="Parquet file to write")
    parser.add_argument("--workers", type=int, default=2, help="processes of a local cluster (default 2)")
    parser.add_argument("--address", help="of a cluster that runs already")
    given = parser.parse_args()
    given.model = str(pathlib.Path(given.model).resolve())
    endings = {".jpg", ".jpeg", ".png"}
    given.pictures = sorted(str(path.resolve()) for path in pathlib.Path(given.folder).iterdir() if path.suffix.lower() in endings)
    return given


def finish(rows: Iterable[Row], path: str) -> None:
    """Writes the table and ends the program, with the status 1 if pictures were skipped."""
    skipped: list[str] = []
    print(f"{write_table(good_rows(rows, skipped), path)} pictures in {path}, {len(skipped)} skipped")
    sys.exit(1 if skipped else 0)
