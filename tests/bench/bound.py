#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""How far a network is from what memory and multiplications allow, layer by layer.

    python3 tests/bench/bound.py BUILD [--arch lraspp_mobilenet_v3_large] [--size 520x520] [--threads 1] [--rounds 15] [--layers 20]

The bound of a layer is the time that its bytes take at the rate at which this machine reads memory, plus that of its multiply-adds at 70 %
of the machine's peak, both as bench-limits of the same build measures them. Bytes are those of the inputs, outputs and weights in float32,
each once a layer, as if nothing stayed in a cache between layers; maps that a residual block adds are not counted. Runs of `segent bench
-v` and of bench-limits take turns, each a fresh process whose first inference is not counted. Printed are the sums over all layers, the
network's time, median and least, and its ratio to the bound; and the layers that are furthest above theirs, in their least times. On a
machine that does other things as well only least times tell something.
"""
import argparse
import json
import os
import re
import statistics
import subprocess

SHARE_OF_PEAK = 0.7
SHAPE = re.compile(r"(\d+|all)x?\d* (\d+) -> (\d+).*?(\d+)x(\d+)$")


def run(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def measure(options):
    """(results of segent bench, results of bench-limits)"""
    bench = [os.path.join(options.build, "src", "segent"), "bench", "--arch", options.arch, "--size", options.size, "-t", str(options.threads),
             "--runs", "1", "-v", "--json", "--no-progress"]
    limits = [os.path.join(options.build, "tests", "bench", "bench-limits"), str(options.threads)]
    turns = [(run(bench), run(limits)) for _ in range(options.rounds)]
    return [bench for bench, _ in turns], [limit for _, limit in turns]


def layer_bytes(layer, before):
    """Of a layer, whose input is a map of `before` pixels if its stride is not 1."""
    _, inputs, outputs, width, height = SHAPE.match(layer["shape"]).groups()
    pixels = int(width) * int(height)
    reads_map_before = "stride" in layer["shape"] or layer["shape"].startswith("all")
    weights = layer["multiply_adds"] / pixels
    return 4 * (int(inputs) * (before if reads_map_before else pixels) + int(outputs) * pixels + weights), pixels


def with_bounds(layers, options, rate, peak):
    """Adds bytes and the bound, in seconds, to each layer."""
    width, height = map(int, options.size.split("x"))
    map_pixels = width * height
    for layer in layers:
        layer["bytes"], pixels = layer_bytes(layer, map_pixels)
        layer["bound"] = layer["bytes"] / rate + 2 * layer["multiply_adds"] / (SHARE_OF_PEAK * peak)
        map_pixels = pixels if pixels > 1 else map_pixels  # the squeeze's one pixel is beside the map


def print_layers(layers, count):
    print(f"\n{'layer':<30} {'shape':<38} {'algorithm':<13} {'ms':>8} {'bound':>8} {'is x':>6}")
    for layer in sorted(layers, key=lambda one: one["bound"] - one["seconds"])[:count]:
        print(f"{layer['name']:<30} {layer['shape']:<38} {layer['algorithm']:<13} {1e3 * layer['seconds']:>8.3f} {1e3 * layer['bound']:>8.3f} "
              f"{layer['seconds'] / layer['bound']:>6.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="build folder, of a release build")
    parser.add_argument("--arch", default="lraspp_mobilenet_v3_large")
    parser.add_argument("--size", default="520x520", metavar="WxH")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--layers", type=int, default=20, help="how many layers are printed (default 20)")
    options = parser.parse_args()
    runs, limits = measure(options)
    rate = 1e9 * max(one["read_gbs"] for one in limits)
    peak = 1e9 * max(one["fma_gflops"] for one in limits)
    layers = runs[0]["layers"]
    for i, layer in enumerate(layers):
        layer["seconds"] = min(one["layers"][i]["seconds"] for one in runs)
    with_bounds(layers, options, rate, peak)
    size, work, bound = (sum(layer[key] for layer in layers) for key in ("bytes", "multiply_adds", "bound"))
    seconds = [one["seconds"]["network"] for one in runs]
    middle, least = statistics.median(seconds), min(seconds)
    print(f"{options.arch}, {options.size}, {options.threads} thread{'s' if options.threads > 1 else ''}, {runs[0]['kernels']}, {runs[0]['processor']}")
    print(f"reads {rate * 1e-9:.1f} GB/s: {size * 1e-6:.1f} MB take {1e3 * size / rate:.2f} ms")
    print(f"peak {peak * 1e-9:.1f} GFLOP/s: {2e-9 * work:.2f} GFLOP take {2e3 * work / peak / SHARE_OF_PEAK:.2f} ms at {SHARE_OF_PEAK:.0%} of it")
    print(f"bound {1e3 * bound:.2f} ms; network {1e3 * middle:.2f} ms (median of {len(seconds)}), {1e3 * least:.2f} ms (least)")
    print(f"network / bound: {middle / bound:.3f} (median), {least / bound:.3f} (least), {sum(one['seconds'] for one in layers) / bound:.3f} "
          "(least of each layer)")
    print_layers(layers, options.layers)


if __name__ == "__main__":
    main()
