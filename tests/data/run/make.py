#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Golden data for whole runs, from picture file to labels and entropy, from Pillow, torch and torchvision.

    tests/data/run/make.py        (Debian: python3-torch python3-torchvision python3-pil)

Writes next to itself, for each case NN: NN.jpg or NN.png (the picture), NN.pixels.npy (H, W, 3: uint8 after the resize),
NN.lowres.npy (C, h, w: logits at 1/8), NN.labels.npy, NN.clear.npy (1 where the top two logits differ by more than 1e-3),
NN.entropy.npy (normalised, float32 of a float64 softmax of torch's float32 logits) cases.txt: one line a case with its network, size and sums;
shared.pth: a checkpoint that is refused; module*.pth: whole modules, see make_modules().
"""
import math
import os
import sys
import unittest.mock

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "network"), os.path.join(HERE, "..", "..", "acceptance")]
import generator  # noqa: E402
import reference  # noqa: E402

RATES = (12, 24, 36)
# seed, blocks, width, ASPP channels, classes, picture width, height, mode, EXIF orientation, shorter side (0: own)
CASES = [
    (21, (1, 2, 3, 2), 8, 32, 21, 101, 75, "RGB.jpg", 0, 64),
    (22, (1, 1, 1, 1), 8, 16, 19, 64, 96, "RGB.jpg", 6, 81),
    (23, (3, 4, 6, 3), 4, 16, 21, 57, 70, "L.png", 0, 0),
    (24, (1, 1, 2, 1), 16, 24, 2, 90, 60, "RGBA.png", 0, 48),
    (25, (1, 1, 1, 1), 8, 16, 300, 40, 33, "RGB.png", 0, 40),
    (26, (2, 1, 2, 1), 8, 32, 150, 53, 47, "CMYK.jpg", 3, 33),
    (27, (1, 2, 1, 1), 8, 16, 21, 9, 130, "P.png", 0, 0),
    (28, (1, 1, 1, 1), 8, 16, 21, 1, 1, "RGB.png", 0, 0),
]


def draw(seed, width, height):
    """Smooth colours with noise: what a photograph looks like to a resampler."""
    coarse = (generator.uniform(seed, "coarse", (6, 7, 3), 128, 127)).astype(np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.BICUBIC)).astype(np.float32)
    noisy = smooth + generator.uniform(seed, "noise", (height, width, 3), 0, 24)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def save_picture(index, seed, width, height, kind, orientation):
    mode, suffix = kind.split(".")
    picture = draw(seed, width, height)
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    elif mode == "P":
        picture = picture.quantize(40)
    else:
        picture = picture.convert(mode)
    options = dict(quality=90) if suffix == "jpg" else {}
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    path = os.path.join(HERE, f"{index:02}.{suffix}")
    picture.save(path, **options)
    return path


def weighted(seed, blocks, width, aspp, classes):
    model = reference.NarrowDeepLab(blocks, width, aspp, classes, RATES).eval()
    model.load_state_dict({name: torch.from_numpy(np.asarray(generator.tensor(seed, name, tuple(value.shape))))
                           for name, value in model.state_dict().items()})
    return model


def save(name, values):
    np.save(os.path.join(HERE, name), np.ascontiguousarray(values))


def make(index, seed, blocks, width, aspp, classes, picture_width, picture_height, kind, orientation, size):
    path = save_picture(index, seed, picture_width, picture_height, kind, orientation)
    resized, x = reference.preprocess(ImageOps.exif_transpose(Image.open(path)), size)
    with torch.no_grad():
        low = weighted(seed, blocks, width, aspp, classes)(x)
        full = F.interpolate(low, size=x.shape[-2:], mode="bilinear", align_corners=False)[0].double()
    nats = -(torch.softmax(full, 0) * torch.log_softmax(full, 0)).sum(0).numpy()
    top = full.topk(2, 0).values
    clear = (top[0] - top[1] > 1e-3).numpy()
    save(f"{index:02}.pixels.npy", np.asarray(resized))
    save(f"{index:02}.lowres.npy", low[0].numpy())
    save(f"{index:02}.labels.npy", full.argmax(0).numpy().astype(np.uint16))
    save(f"{index:02}.clear.npy", clear.astype(np.uint8))
    save(f"{index:02}.entropy.npy", (nats / math.log(classes)).astype(np.float32))
    print(f"{index}: {resized.size} logits std {float(low.std()):.2f} mean entropy {nats.mean() / math.log(classes):.3f}")
    return " ".join(map(str, (os.path.basename(path), seed, *blocks, width, aspp, classes, size,
                              repr(float(nats.sum())), repr(float(nats.sum() / math.log(classes))))))


def make_shared():
    """A network whose tensors are all views of one storage: few bytes, many elements."""
    storage = torch.zeros(5000)
    shapes = {name: value.shape for name, value in reference.NarrowDeepLab((1, 1, 1, 1), 1, 1, 2).state_dict().items()
              if value.dim()}
    state = {name: storage[:int(np.prod(shape))].reshape(shape) for name, shape in shapes.items()}
    state.update({f"backbone.more.{i}": storage for i in range(40)})
    torch.save(state, os.path.join(HERE, "shared.pth"), _use_new_zipfile_serialization=False)


def save_module(value, name):
    """The legacy form, without the source text of the modules' classes that torch would put in."""
    with unittest.mock.patch("inspect.getsourcelines", side_effect=OSError):
        torch.save(value, os.path.join(HERE, name), _use_new_zipfile_serialization=False)


def make_modules():
    """Whole modules: one with other rates and eps, inside DataParallel; its tensors alone, with the eps moved into the
    variances; and one of another output stride."""
    model = reference.calibrate(reference.NarrowDeepLab((1, 1, 1, 1), 1, 2, 3, rates=(2, 3, 5)), 7)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eps = 0.03
    save_module(torch.nn.DataParallel(model), "module.pth")
    state = {name: value + (0.03 - 1e-5) if name.endswith("running_var") else value
             for name, value in model.state_dict().items() if not name.startswith("aux_classifier.")}
    torch.save(state, os.path.join(HERE, "module_tensors.pth"), _use_new_zipfile_serialization=False)
    model.backbone.layer4[0].conv2.dilation = model.backbone.layer4[0].conv2.padding = (1, 1)
    save_module({"model": model}, "module_stride.pth")


def main():
    make_shared()
    make_modules()
    with open(os.path.join(HERE, "cases.txt"), "w") as index:
        for i, case in enumerate(CASES):
            index.write(make(i, *case) + "\n")


if __name__ == "__main__":
    main()
