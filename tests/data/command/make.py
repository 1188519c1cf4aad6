#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the pictures and arrays beside this script, for tests/command (Debian: python3-numpy python3-pil).

    /usr/bin/python3 make.py

The logits are such that their entropies are known without computing: alike (1), or one class far above the rest (0)."""
import os

import numpy as np
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def scene(width, height):
    y, x = np.mgrid[0:height, 0:width].astype(float)
    pixels = np.stack([120 + 80 * np.sin(x / 9), 140 + 60 * np.cos(y / 7), 100 + x + y], -1)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


scene(64, 48).save("cat.jpg", quality=90)
scene(40, 60).save("dog.png")
exif = Image.Exif()
exif[0x0112] = 6
scene(64, 48).save("turned.jpg", quality=90, exif=exif)
clear = scene(40, 30).convert("RGBA")
clear.putalpha(Image.linear_gradient("L").resize((40, 30)))
clear.save("clear.png")

# 21 classes, 2 x 3: one pixel of each of five classes, and one that could be anything
logits = np.zeros((21, 2, 3), np.float32)
for index, label in enumerate([0, 8, 12, 15, 15]):
    logits[label, index // 3, index % 3] = 200
np.save("logits.npy", logits)
np.save("batch.npy", logits[None].astype(np.float64))
np.save("fortran.npy", np.asfortranarray(logits.astype(">f4")))
np.save("half.npy", logits.astype(np.float16))

probs = np.zeros((4, 1, 2), np.float32)
probs[2, 0, 0] = 1
probs[:, 0, 1] = 0.25
np.save("probs.npy", probs)
np.save("wrong.npy", probs * np.float32(1.5))
logits[3, 1, 1] = np.nan
np.save("nan.npy", logits)
np.save("counts.npy", np.zeros((21, 2, 3), np.int32))
np.save("plane.npy", np.zeros((2, 3), np.float32))
many = np.zeros((300, 1, 2), np.float32)
many[299, 0, 0] = 200
np.save("many.npy", many)

labels = Image.fromarray(np.array([[0, 1, 15], [20, 255, 8]], np.uint8))
labels.save("grey.png")
indexed = labels.convert("P")
indexed.putdata(list(labels.getdata()))
indexed.save("indexed.png")
