#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""PyTorch as a peer of peers.py:    peer_torch.py FOLDER THREADS eager|channels_last|frozen ARCH

Loads once and prints a line of JSON, then answers each line on stdin with one: run; head N and maps N (the published
post-processing from the network's logits, and softmax, entropy and sum from full-size logits, the median of N); labels FILE (the last run's); quit.
"""
import json
import os
import statistics
import sys
import time

FOLDER, THREADS, MODE, ARCH = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
began = time.monotonic()

import numpy as np  # noqa: E402 (importing is a part of the cold start)
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
import torchvision  # noqa: E402

from case import read_shape  # noqa: E402
from network import Network, empty_network, normalised, published_chain, read_picture  # noqa: E402

SHAPE = read_shape(FOLDER)
HEIGHT, WIDTH = SHAPE["height"], SHAPE["width"]


def say(**values):
    print(json.dumps(values), flush=True)


def load():
    """The network, and what is to be said about it."""
    model = empty_network(ARCH)
    model.load_state_dict(torch.load(os.path.join(FOLDER, "model.pth"), map_location="cpu"))
    network = Network(model).eval()
    if MODE == "channels_last":
        network = network.to(memory_format=torch.channels_last)
    if MODE != "frozen":
        return network, ""
    network = torch.jit.freeze(torch.jit.trace(network, normalised(read_picture(FOLDER, SHAPE)), check_trace=False))
    try:
        return torch.jit.optimize_for_inference(network), ""
    except Exception as error:  # a peer that can do less still takes part, and says so
        return network, "frozen only, optimize_for_inference failed: " + str(error).strip().splitlines()[-1]


def run(network, pixels):
    start = time.monotonic()
    x = normalised(pixels)
    if MODE == "channels_last":
        x = x.contiguous(memory_format=torch.channels_last)
    prepared = time.monotonic()
    logits = network(x)
    inferred = time.monotonic()
    labels, _, total = published_chain(logits, HEIGHT, WIDTH)
    total = float(total)
    end = time.monotonic()
    return labels, dict(preprocess=prepared - start, network=inferred - prepared, head=end - inferred, total=end - start,
                        entropy_sum_nats=total)


def softmax_entropy_sum(full):
    p = F.softmax(full, dim=0)
    entropy = -(p * torch.log(p)).sum(0)
    return float(entropy.sum())


def timed(function, count):
    seconds = []
    for _ in range(count):
        start = time.monotonic()
        function()
        seconds.append(time.monotonic() - start)
    return statistics.median(seconds)


def answer_maps(words):
    logits = torch.from_numpy(np.fromfile(os.path.join(FOLDER, "logits.f32"), np.float32))
    logits = logits.view(1, SHAPE["classes"], SHAPE["low_height"], SHAPE["low_width"])
    if words[0] == "head":
        return dict(seconds=timed(lambda: float(published_chain(logits, HEIGHT, WIDTH)[2]), int(words[1])))
    if words[0] == "maps":
        full = F.interpolate(logits, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)[0]
        return dict(seconds=timed(lambda: softmax_entropy_sum(full), int(words[1])))
    raise ValueError("no such request: " + words[0])


def main():
    torch.set_num_threads(THREADS)
    torch.set_num_interop_threads(1)
    with torch.inference_mode():
        network, note = load()
        pixels = read_picture(FOLDER, SHAPE)
        say(ready=True, load=time.monotonic() - began, note=note, threads=torch.get_num_threads(),
            versions=dict(torch=torch.__version__, torchvision=torchvision.__version__, numpy=np.__version__,
                          python=sys.version.split()[0]))
        labels = None
        for line in sys.stdin:
            words = line.rstrip("\n").split(" ", 1)
            if words[0] == "quit":
                break
            if words[0] == "run":
                labels, result = run(network, pixels)
                say(**result)
            elif words[0] == "labels":
                labels.to(torch.uint8).numpy().tofile(words[1])
                say()
            else:
                say(**answer_maps(words))


if __name__ == "__main__":
    main()
