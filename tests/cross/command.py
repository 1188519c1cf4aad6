#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Whether `segent run`, built for another processor, gives what this processor's gives (Debian: python3-numpy python3-pil).

    command.py EMULATOR BUILD SEGENT

EMULATOR runs the programs of the build folder BUILD, SEGENT is the command of this processor. Both run a seeded network, which BUILD's own
make-checkpoint writes, on a picture of the tests and write every kind of output. Labels must be the same: the two largest logits of a pixel differ by 6e-4 and more
there, some 400 times what the processors' kernels differ by. Values may differ by rounding, and colours by the step that this may take them over.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
PICTURE = os.path.join(HERE, "..", "data", "command", "cat.jpg")
SAVED = "panel,labels,overlay,entropy,entropy.npy,logits.npy,probs.npy"
# Largest difference of an output's values. Neighbours in the colour map of entropies differ by at most 5.
BARS = {"panel.png": 5, "labels.png": 0, "overlay.png": 0, "entropy.png": 5, "entropy.npy": 1e-5, "logits.npy": 1e-4, "probs.npy": 1e-5}


def run(command):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGENT_")}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def values(path):
    array = np.load(path) if path.endswith(".npy") else np.asarray(Image.open(path))
    return array.astype(np.float64)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    emulator, build, segent = sys.argv[1:]
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        model = os.path.join(work, "seeded.pth")
        run([emulator, os.path.join(build, "tests", "command", "make-checkpoint"), model])
        sides = {"other": [emulator, os.path.join(build, "src", "segent")], "this": [segent]}
        for side, command in sides.items():
            run(command + ["run", "-q", "-m", model, "--size", "48", "--save", SAVED, "-o", os.path.join(work, side), PICTURE])
        for output, bar in BARS.items():
            other, this = (values(os.path.join(work, side, "cat." + output)) for side in sides)
            difference = np.abs(other - this).max() if other.shape == this.shape else np.inf
            holds = difference <= bar and np.ptp(this) > 0
            failed += not holds
            print(f"{'passed' if holds else 'FAILED'} {output}: {' x '.join(map(str, this.shape))}, differs by at most {difference:.3g}, bar {bar:g}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
