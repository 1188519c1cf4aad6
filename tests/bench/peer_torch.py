#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""PyTorch as a peer of peers.py:    peer_torch.py FOLDER THREADS eager|channels_last|frozen|compiled f32|bf16 ARCH

Weights and feature maps have the precision, what comes behind the logits is float32. With PYTHONPATH it is the PyTorch of that folder.
Loads once and prints a line of JSON, then answers each line on stdin with one: run; precision (what oneDNN says that it ran in one more
inference); head N and maps N (the published post-processing from the network's logits, and softmax, entropy and sum from full-size logits, the
median of N); labels FILE (the last run's); quit.
"""
import collections
import ctypes
import json
import os
import statistics
import sys
import tempfile
import time

FOLDER, THREADS, MODE, PRECISION, ARCH = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
began = time.monotonic()

import numpy as np  # noqa: E402 (importing is a part of the cold start)
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
import torchvision  # noqa: E402

from case import Unable, read_shape  # noqa: E402
from network import Network, empty_network, normalised, published_chain, read_picture  # noqa: E402

SHAPE = read_shape(FOLDER)
HEIGHT, WIDTH = SHAPE["height"], SHAPE["width"]
TYPE = {"f32": torch.float32, "bf16": torch.bfloat16}[PRECISION]
CHANNELS_LAST = MODE in ("channels_last", "compiled") or PRECISION == "bf16"
INDEX = " (Python)" if "PYTHONPATH" in os.environ else ""  # as other engines of the Python index are called
PRODUCTS = ("convolution", "inner_product", "matmul")  # what oneDNN may make of a convolution


def say(**values):
    print(json.dumps(values), flush=True)


def input_of(pixels):
    """The normalised picture with the type and the order of axes that the network has."""
    x = normalised(pixels).to(TYPE)
    return x.contiguous(memory_format=torch.channels_last) if CHANNELS_LAST else x


def load():
    """The network, and what is to be said about it."""
    wanted = os.environ.get("PYTHONPATH", "")
    if wanted and not os.path.realpath(torch.__file__).startswith(os.path.realpath(wanted) + os.sep):
        raise Unable("the PyTorch of the Python index is not installed: TORCH=index sh tests/bench/peers.sh --install")
    if MODE == "compiled" and not hasattr(torch, "compile"):
        raise Unable(f"PyTorch {torch.__version__} has no torch.compile")
    model = empty_network(ARCH)
    model.load_state_dict(torch.load(os.path.join(FOLDER, "model.pth"), map_location="cpu"))
    network = Network(model).eval().to(TYPE)
    if CHANNELS_LAST:
        network = network.to(memory_format=torch.channels_last)
    if MODE == "compiled":
        return compiled(network), ""
    return frozen(network) if MODE == "frozen" else (network, "")


def compiled(network):
    """By torch.compile, with the weights as constants. It compiles here, with a C++ compiler; TORCHINDUCTOR_CACHE_DIR keeps what that made."""
    import torch._inductor.config
    torch._inductor.config.freezing = True
    network = torch.compile(network)
    network(input_of(read_picture(FOLDER, SHAPE)))
    return network


def frozen(network):
    """Traced, with the weights as constants; in float32 optimised as well. And what is to be said about it."""
    network = torch.jit.freeze(torch.jit.trace(network, input_of(read_picture(FOLDER, SHAPE)), check_trace=False))
    if PRECISION != "f32":
        return network, ""
    try:
        return torch.jit.optimize_for_inference(network), ""
    except Exception as error:  # a peer that can do less still takes part, and says so
        return network, "frozen only, optimize_for_inference failed: " + str(error).strip().splitlines()[-1]


def run(network, pixels):
    start = time.monotonic()
    x = input_of(pixels)
    prepared = time.monotonic()
    logits = network(x).float()
    inferred = time.monotonic()
    labels, _, total = published_chain(logits, HEIGHT, WIDTH)
    total = float(total)
    end = time.monotonic()
    return labels, dict(preprocess=prepared - start, network=inferred - prepared, head=end - inferred, total=end - start,
                        entropy_sum_nats=total)


def verbose_lines(function):
    """What oneDNN prints about function()'s work, which goes to the process's standard output: that is a file meanwhile."""
    sys.stdout.flush()
    with tempfile.TemporaryFile() as file:
        kept = os.dup(1)
        os.dup2(file.fileno(), 1)
        try:
            with torch.backends.mkldnn.verbose(torch.backends.mkldnn.VERBOSE_ON):
                function()
            ctypes.CDLL(None).fflush(None)  # oneDNN's printf
        finally:
            os.dup2(kept, 1)
            os.close(kept)
        file.seek(0)
        return file.read().decode(errors="replace").splitlines()


def executed(lines):
    """The products among lines such as "onednn_verbose,v1,primitive,exec,cpu,convolution,jit:avx512_core,forward_inference,src:f32::... wei:..."
    (oneDNN 3; oneDNN 2 has src_f32): implementation, type of what is multiplied, and how often."""
    counts = collections.Counter()
    for words in (line.split(",") for line in lines):
        at = words.index("exec") if "exec" in words else len(words)
        if len(words) > at + 5 and words[at + 2] in PRODUCTS:
            types = {part[4:].split(":")[0] for part in words[at + 5].split() if part[:4] in ("src:", "src_", "wei:", "wei_")}
            counts[words[at + 3], " and ".join(sorted(types))] += 1
    return [dict(kernel=kernel, type=kind, count=count) for (kernel, kind), count in counts.items()]


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
        try:
            network, note = load()
        except Unable as reason:
            return say(unable=str(reason))
        pixels = read_picture(FOLDER, SHAPE)
        say(ready=True, load=time.monotonic() - began, note=note, threads=torch.get_num_threads(),
            versions={**{name + INDEX: module.__version__ for name, module in (("torch", torch), ("torchvision", torchvision), ("numpy", np))},
                      "python": sys.version.split()[0]})
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
            elif words[0] == "precision":
                say(executes=executed(verbose_lines(lambda: run(network, pixels))))
            else:
                say(**answer_maps(words))


if __name__ == "__main__":
    main()
