#!/usr/bin/python3
"""Writes lib/colormaps.c (the tables of matplotlib's jet and viridis, 256 entries, byte = truncate(255 v)) and, beside this
file, jet.npy and viridis.npy for the tests. matplotlib's viridis is by Nathaniel J. Smith, Stefan van der Walt and Eric Firing,
released as CC0; jet is a formula (facts in lib/colormaps.c). Needs python3-matplotlib."""
import pathlib
import matplotlib
import numpy as np
from matplotlib import cm

HERE = pathlib.Path(__file__).resolve().parent
HEAD = """/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright (c) 2026, the libsegent authors */

/* Written by tests/data/uncertainty/colormaps.py from matplotlib's tables, byte = truncate(255 v).
 *
 * jet is piecewise linear in (x, value): red (0, 0) (.35, 0) (.66, 1) (.89, 1) (1, .5),
 * green (0, 0) (.125, 0) (.375, 1) (.64, 1) (.91, 0) (1, 0),
 * blue (0, .5) (.11, 1) (.34, 1) (.65, 0) (1, 0).
 * viridis is by Nathaniel J. Smith, Stefan van der Walt and Eric Firing, released as CC0. */

#include "colormaps.h"

/* clang-format off */
"""


def table(name):
    rgba = cm.get_cmap(name, 256)(np.arange(256))
    return (rgba[:, :3] * 255).astype(np.uint8)


def c_array(name, values):
    lines = [f"const uint8_t sg_{name}[256][3] = {{"]
    for i in range(0, 256, 6):
        lines.append("    " + " ".join("{%d, %d, %d}," % tuple(v) for v in values[i:i + 6]))
    return "\n".join(lines) + "\n};\n"


def main():
    tables = {name: table(name) for name in ("jet", "viridis")}
    for name, values in tables.items():
        np.save(HERE / f"{name}.npy", values)
    body = "\n".join(c_array(name, values) for name, values in tables.items())
    (HERE.parents[2] / "lib" / "colormaps.c").write_text(HEAD + "\n" + body)
    print("from matplotlib", matplotlib.__version__)


if __name__ == "__main__":
    main()
