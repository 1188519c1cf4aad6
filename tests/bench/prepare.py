#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Makes what the peers read, once:    /usr/bin/python3 tests/bench/prepare.py FOLDER ARCH WIDTHxHEIGHT [bf16]

    shape.json     classes, sides of picture and logits, operations of the network's convolutions
    model.pth      the weights, in the legacy form of the published file
    network.onnx   normalised picture -> logits, at 1/8 or so of its size
    network-bf16.onnx   with bf16: the same with bfloat16 in between
    whole.onnx     normalised picture -> labels, entropy map, its sum
    picture.rgb    the picture's bytes, and what it becomes normalised: input.f32
    logits.f32     the network's logits of it, by torch: input of the measurements of the head
"""
import json
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from case import FILES, HALVES, sides
from network import CLASSES, Network, empty_network, normalised, picture, seeded_network

OPSET = 17
HALVES_OPSET = 22  # the first whose convolutions may be bfloat16, and which Debian's PyTorch cannot write


class Whole(nn.Module):
    """The same with the published post-processing in the graph; log softmax, so that p = 0 gives 0 and not NaN."""

    def __init__(self, network, size):
        super().__init__()
        self.network, self.size = network, size

    def forward(self, x):
        full = F.interpolate(self.network(x), size=self.size, mode="bilinear", align_corners=False)
        entropy = -(F.softmax(full, dim=1) * F.log_softmax(full, dim=1)).sum(1)
        return full.argmax(1), entropy, entropy.sum()


class Halves(nn.Module):
    """A network of bfloat16, with float32 in and out."""

    def __init__(self, network):
        super().__init__()
        self.network = network.to(torch.bfloat16)

    def forward(self, x):
        return self.network(x.to(torch.bfloat16)).float()


def export(module, x, path, outputs, **options):
    torch.onnx.export(module, x, path, opset_version=OPSET, input_names=["input"], output_names=outputs, **options)


def export_halves(network, path):
    """For pictures of any size, traced with a small one and without oneDNN, because PyTorch is slow in bfloat16 where the processor has none,
    and oneDNN may refuse it. As OPSET has it, and then called HALVES_OPSET: in both, the operations of these networks mean the same. The file
    ends with the number (ModelProto's opset_import, field 8, with the field 2, version, alone)."""
    with torch.backends.mkldnn.flags(enabled=False):
        export(Halves(network), normalised(picture(64, 64)), path, ["logits"], dynamic_axes={"input": {2: "height", 3: "width"}})
    with open(path, "rb+") as file:
        file.seek(-4, os.SEEK_END)
        if file.read() != bytes((0x42, 2, 0x10, OPSET)):
            sys.exit("the exported network does not end with its opset")
        file.seek(-1, os.SEEK_END)
        file.write(bytes((HALVES_OPSET,)))


def write(folder, name, make):
    """Written whole or not at all, so that an interrupted run leaves nothing half."""
    path = os.path.join(folder, name)
    print(f"making {name}", file=sys.stderr)
    make(path + ".part")
    os.replace(path + ".part", path)


def operations(network, x):
    """Multiplications and additions of the convolutions' definition."""
    counts = []

    def count(module, inputs, output):
        counts.append(2 * output.numel() * module.weight[0].numel())

    hooks = [module.register_forward_hook(count) for module in network.modules() if isinstance(module, nn.Conv2d)]
    logits = network(x)
    for hook in hooks:
        hook.remove()
    return logits, sum(counts)


def make_all(folder, arch, width, height):
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(os.cpu_count())
    pixels = picture(height, width)
    x = normalised(pixels)
    model = seeded_network(arch, x)
    network = Network(model)
    with torch.no_grad():
        logits, work = operations(network, x)
        if logits.shape[1] != CLASSES or not torch.isfinite(logits).all():
            sys.exit("the network's logits are not finite")
        write(folder, "model.pth", lambda path: torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False))
        write(folder, "network.onnx", lambda path: export(network, x, path, ["logits"]))
        write(folder, "whole.onnx", lambda path: export(Whole(network, (height, width)), x, path, ["labels", "entropy", "sum"]))
    write(folder, "picture.rgb", pixels.tofile)
    write(folder, "input.f32", x.numpy().tofile)
    write(folder, "logits.f32", logits.numpy().tofile)
    shape = dict(classes=CLASSES, height=height, width=width, low_height=logits.shape[2], low_width=logits.shape[3], operations=work)
    write(folder, "shape.json", lambda path: write_json(shape, path))


def make_halves(folder, arch):
    """Of the weights that are there."""
    model = empty_network(arch)
    model.load_state_dict(torch.load(os.path.join(folder, "model.pth"), map_location="cpu"))
    with torch.no_grad():
        write(folder, HALVES, lambda path: export_halves(Network(model).eval(), path))


def main():
    folder, arch, (width, height) = sys.argv[1], sys.argv[2], sides(sys.argv[3])
    if not all(os.path.exists(os.path.join(folder, name)) for name in FILES):
        make_all(folder, arch, width, height)
    if sys.argv[4:] == ["bf16"] and not os.path.exists(os.path.join(folder, HALVES)):
        make_halves(folder, arch)


def write_json(values, path):
    with open(path, "w") as file:
        json.dump(values, file)


if __name__ == "__main__":
    main()
