#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Two builds of the segent command by turns, with any size, threads and model:

    pair.py BEFORE/src/segent NOW/src/segent [--rounds 9] -- --size 256x256 -t 1 -m MODEL.pth

What follows the dashes are options of `segent bench`. Prints the second program's network time, loading time and peak memory over the first
one's: ratios of medians, and for the network the median and quartiles of the rounds' ratios. Both must read the same model, since those that
--arch makes may differ between versions."""
import argparse
import json
import statistics
import subprocess
import sys


def bench(program, options):
    said = json.loads(subprocess.run([program, "bench", "--json", *options], stdout=subprocess.PIPE, check=True).stdout)
    return said["seconds"]["network"], said["seconds"]["load"], said["peak_rss_bytes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs=2, metavar="SEGENT")
    parser.add_argument("--rounds", type=int, default=9)
    parser.usage = "pair.py SEGENT SEGENT [--rounds ROUNDS] [-- OPTION...]"
    own, options = sys.argv[1:], []
    if "--" in own:
        own, options = own[:own.index("--")], own[own.index("--") + 1:]
    arguments = parser.parse_args(own)
    figures = ([], [])
    for i in range(arguments.rounds):
        for which in (0, 1) if i % 2 else (1, 0):
            figures[which].append(bench(arguments.programs[which], options))
    before, now = ([statistics.median(column) for column in zip(*runs)] for runs in figures)
    ratios = [after[0] / first[0] for first, after in zip(*figures)]
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    print(f"network {before[0]:.4f} s, {now[0]:.4f} s: {now[0] / before[0]:.3f} x; of the rounds {middle:.3f} ({low:.3f} to {high:.3f})")
    print(f"loading {now[1] / before[1]:.3f} x, peak memory {now[2] / before[2]:.4f} x")


main()
