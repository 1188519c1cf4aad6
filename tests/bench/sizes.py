#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Does the network's time grow with the number of pixels, and nothing else? `segent bench` at 25 sizes, odd ones among them.

    python3 tests/bench/sizes.py build/src/segent [--runs 2] [--passes 2] [--svg docs/images/sizes.svg] [bench's options]

Prints for each size the median of all runs, in nanoseconds a pixel, and how far that is from the median over all sizes; and the power of
the number of pixels that time grows by (1: linear), fitted to all sizes. Sizes are gone through in turn, --passes times, so that a slow
minute of the machine does not fall on one size.
"""
import argparse
import json
import math
import statistics
import subprocess
import sys

SIZES = [(256, 256), (257, 257), (320, 320), (321, 479), (384, 384), (500, 333), (511, 383), (512, 512), (513, 513), (640, 480),
         (640, 640), (799, 601), (768, 768), (856, 640), (857, 641), (1000, 750), (1024, 1024), (1025, 1025), (1281, 721), (1280, 1280),
         (1537, 1153), (1536, 1536), (1792, 1792), (1999, 1499), (2048, 2048)]


def measure(command, size, runs, extra):
    """The seconds that the network took in each run."""
    line = subprocess.run([command, "bench", "--size", f"{size[0]}x{size[1]}", "--runs", str(runs), "-v", "--json", "--no-progress", *extra],
                          check=True, stdout=subprocess.PIPE).stdout
    result = json.loads(line)
    return [run["network"] for run in result["each"]], result


def plot(rows, title):
    """An SVG: pixels on a logarithmic axis, nanoseconds a pixel from 0."""
    width, height, left, right, top, bottom = 760, 360, 60, 20, 40, 50
    low, high = math.log2(0.05), math.log2(5)
    most = 1.25 * max(row[1] for row in rows)
    step = 10 ** math.floor(math.log10(most / 3))
    step *= 5 if most / step > 25 else 2 if most / step > 10 else 1

    def x(pixels):
        return left + (math.log2(pixels / 1e6) - low) / (high - low) * (width - left - right)

    def y(value):
        return height - bottom - value / most * (height - top - bottom)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="white"/>', f'<text x="{left}" y="20" font-size="14">{title}</text>']
    for tick in range(int(most / step) + 1):
        parts.append(f'<path d="M{left} {y(tick * step):.1f}H{width - right}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y(tick * step) + 4:.1f}" text-anchor="end">{tick * step:g}</text>')
    for tick in (0.0625, 0.125, 0.25, 0.5, 1, 2, 4):
        parts.append(f'<path d="M{x(tick * 1e6):.1f} {top}V{height - bottom}" stroke="#eee"/>')
        parts.append(f'<text x="{x(tick * 1e6):.1f}" y="{height - bottom + 16}" text-anchor="middle">{tick:g}</text>')
    parts.append(f'<text x="{(left + width - right) / 2}" y="{height - 12}" text-anchor="middle">megapixels</text>')
    parts.append(f'<text x="16" y="{(top + height - bottom) / 2}" text-anchor="middle" transform="rotate(-90 16 {(top + height - bottom) / 2})">'
                 'nanoseconds a pixel</text>')
    for (w, h), value, _ in rows:
        odd = w % 8 or h % 8
        shape = f'<circle cx="{x(w * h):.1f}" cy="{y(value):.1f}" r="4" fill="{"#c50" if odd else "#057"}">'
        parts.append(f'{shape}<title>{w} x {h}: {value:.0f} ns</title></circle>')
    parts.append(f'<circle cx="{width - 250}" cy="16" r="4" fill="#057"/><text x="{width - 240}" y="20">sides multiples of 8</text>')
    parts.append(f'<circle cx="{width - 110}" cy="16" r="4" fill="#c50"/><text x="{width - 100}" y="20">other sides</text></svg>')
    return "\n".join(parts) + "\n"


def power(rows):
    """The slope of log(seconds) over log(pixels), by least squares."""
    x = [math.log(size[0] * size[1]) for size, _, _ in rows]
    y = [math.log(total) for _, _, total in rows]
    at, of = statistics.fmean(x), statistics.fmean(y)
    return sum((a - at) * (b - of) for a, b in zip(x, y)) / sum((a - at) ** 2 for a in x)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", help="path of segent")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--svg", help="where to draw the result")
    options, extra = parser.parse_known_args()
    seconds = {size: [] for size in SIZES}
    result = None
    for number in range(options.passes):
        for size in SIZES:
            print(f"pass {number + 1}: {size[0]} x {size[1]}", file=sys.stderr, flush=True)
            each, result = measure(options.command, size, options.runs, extra)
            seconds[size] += each
    rows = [(size, 1e9 * statistics.median(seconds[size]) / (size[0] * size[1]), statistics.median(seconds[size])) for size in SIZES]
    middle = statistics.median(row[1] for row in rows)
    print(f"{result['processor']}, kernels {result['kernels']}, {result['threads']} threads, {result['model']['architecture']}")
    print(f"{'size':>12} {'seconds':>9} {'ns a pixel':>11} {'to the median':>14}")
    for (width, height), value, total in rows:
        print(f"{width:>6} x {height:<4} {total:>8.3f} {value:>11.0f} {value / middle:>13.2f}x")
    print(f"time grows by the {power(rows):.3f}-th power of the number of pixels")
    if options.svg:
        title = f"{result['model']['architecture']}, {result['threads']} threads, {result['kernels']}"
        with open(options.svg, "w", encoding="utf-8") as file:
            file.write(plot(rows, title))


if __name__ == "__main__":
    main()
