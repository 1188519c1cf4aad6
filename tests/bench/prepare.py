#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Makes what the peers read, once:    /usr/bin/python3 tests/bench/prepare.py FOLDER

    model.pth      the weights, in the legacy form of the published file
    network.onnx   normalised picture -> logits at 1/8
    whole.onnx     normalised picture -> labels, entropy map, its sum
    picture.rgb    the picture's bytes, and what it becomes normalised: input.f32
    logits.f32     the network's logits of it at 1/8, by torch: input of the measurements of the head
"""
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from network import CLASSES, HEIGHT, WIDTH, Network, empty_network, normalised, picture, seeded_state

OPSET = 13


class Whole(nn.Module):
    """The same with the published post-processing in the graph; log softmax, so that p = 0 gives 0 and not NaN."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        full = F.interpolate(self.network(x), size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)
        entropy = -(F.softmax(full, dim=1) * F.log_softmax(full, dim=1)).sum(1)
        return full.argmax(1), entropy, entropy.sum()


def export(module, x, path, outputs):
    torch.onnx.export(module, x, path, opset_version=OPSET, input_names=["input"], output_names=outputs)


def write(folder, name, make):
    """Written whole or not at all, so that an interrupted run leaves nothing half."""
    path = os.path.join(folder, name)
    print(f"making {name}", file=sys.stderr)
    make(path + ".part")
    os.replace(path + ".part", path)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    files = ("model.pth", "network.onnx", "whole.onnx", "picture.rgb", "input.f32", "logits.f32")
    if all(os.path.exists(os.path.join(folder, name)) for name in files):
        return
    torch.set_num_threads(os.cpu_count())
    model = empty_network()
    state = seeded_state(model)
    model.load_state_dict(state)
    network = Network(model.eval())
    pixels = picture()
    x = normalised(pixels)
    with torch.no_grad():
        logits = network(x)
        if logits.shape[1] != CLASSES or not torch.isfinite(logits).all():
            sys.exit("the network's logits are not finite")
        write(folder, "model.pth", lambda path: torch.save(state, path, _use_new_zipfile_serialization=False))
        write(folder, "network.onnx", lambda path: export(network, x, path, ["logits"]))
        write(folder, "whole.onnx", lambda path: export(Whole(network), x, path, ["labels", "entropy", "sum"]))
    write(folder, "picture.rgb", pixels.tofile)
    write(folder, "input.f32", x.numpy().tofile)
    write(folder, "logits.f32", logits.numpy().tofile)


if __name__ == "__main__":
    main()
