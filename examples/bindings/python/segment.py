#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The classes in a picture: segment.py MODEL PICTURE"""
import sys

import segent


def main(model_path: str, picture: str) -> None:
    with segent.Context() as context:
        model = context.load_model(model_path)
        result = context.run(model, picture)
    print(f"{model.architecture}, {model.classes} classes")
    print(f"image entropy {result.entropy_sum:.3f}, mean {result.entropy_mean:.6f}")
    for name, pixels in zip(model.class_names, result.statistics["pixels"]):
        if pixels:
            print(f"{name}: {pixels} pixels")


if len(sys.argv) != 3:
    sys.exit(__doc__)
try:
    main(*sys.argv[1:])
except segent.Error as error:
    sys.exit(str(error))
