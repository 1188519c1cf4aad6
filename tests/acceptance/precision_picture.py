#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Draws what bfloat16 does to a picture's entropy map, as docs/precision.md shows it: the map of float32, that of bfloat16, and their distance.

    SEGENT_LIBRARY=build/lib/libsegent.so /usr/bin/python3 tests/acceptance/precision_picture.py PICTURE OUT.png [--model FILE] [--times 100]

The distance is drawn TIMES as large as it is, in the same colours. Needs Debian's python3-numpy and python3-pil.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "examples" / "bindings" / "python" / "src"))
import segent  # noqa: E402

GAP = 8  # white pixels between the maps


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture")
    parser.add_argument("out")
    parser.add_argument("--model", default=str(ROOT / "examples" / "demo" / "segent-demo.safetensors"))
    parser.add_argument("--times", type=float, default=100)
    options = parser.parse_args()
    with segent.Context() as context:
        full, half = (context.run(context.load_model(options.model, precision=name), options.picture) for name in ("float32", "bfloat16"))
        distance = np.abs(half.entropy - full.entropy)
        maps = [segent.colormap(values) for values in (full.entropy, half.entropy, np.minimum(distance * np.float32(options.times), 1))]
    gap = np.full((full.height, GAP, 3), 255, np.uint8)
    Image.fromarray(np.hstack([maps[0], gap, maps[1], gap, maps[2]])).save(options.out)
    print(f"{options.picture}: mean entropy {full.entropy_mean:.5f} and {half.entropy_mean:.5f}; distance {distance.mean():.2e} on average, "
          f"{distance.max():.2e} at most; labels equal on {100 * (full.labels == half.labels).mean():.3f} % of the pixels")


if __name__ == "__main__":
    main()
