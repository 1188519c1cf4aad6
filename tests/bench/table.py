#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""The table of networks, in Markdown: file, parameters, seconds of one picture on this machine, memory.

    python3 tests/bench/table.py BUILD/src/segent [--size 520x520] [--threads 2] [--rounds 5] [--only NAME...]

Each network has its full size and weights from a seed (`segent bench --arch`). Seconds are those from the picture's bytes to labels, entropy
map and sum, the median over fresh processes whose first inference is not counted; memory is the most that such a process had in use. The
networks take turns, so that a slow minute of the machine falls on all of them.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

# Those beyond the published ones that people train most.
OTHERS = ("deeplabv3_resnet18", "deeplabv3_resnet34", "deeplabv3_resnet152", "deeplabv3_resnext50_32x4d", "deeplabv3_wide_resnet50_2",
          "fcn_mobilenet_v3_large")


def published_files(command):
    """{network: file name}, as `segent fetch --list` says."""
    listed = subprocess.run([command, "fetch", "--list"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return {row[0]: os.path.basename(row[-1]) for row in rows}


def measure(command, name, options):
    line = subprocess.run([command, "bench", "--arch", name, "--size", options.size, "-t", str(options.threads), "--runs", "1", "--json",
                           "--no-progress"], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(line)


def seconds_text(seconds):
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", help="path of segent, of a release build")
    parser.add_argument("--size", default="520x520", metavar="WxH")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these networks")
    options = parser.parse_args()
    files = published_files(options.command)
    names = options.only or [*files, *OTHERS]
    runs = {name: [] for name in names}
    for number in range(options.rounds):
        for name in names:
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
            runs[name].append(measure(options.command, name, options))
    first = runs[names[0]][0]
    print(f"{first['processor']}, kernels {first['kernels']}, {first['threads']} thread{'s' if first['threads'] > 1 else ''}, {options.size}, medians of {options.rounds}\n")
    print("| network | published file | parameters | seconds | memory |\n|---|---|---|---|---|")
    for name in names:
        seconds = statistics.median(run["seconds"]["total"] for run in runs[name])
        memory = statistics.median(run["peak_rss_bytes"] for run in runs[name])
        parameters = runs[name][0]["model"]["parameters"]
        file = f"`{files[name]}`" if name in files else ""
        print(f"| {name} | {file} | {parameters:,} | {seconds_text(seconds)} | {memory / 1e6:.0f} MB |")


if __name__ == "__main__":
    main()
