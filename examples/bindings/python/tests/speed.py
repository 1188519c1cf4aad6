#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What Python costs, measured in pairs on a machine that has nothing else to do: speed.py MODEL PICTURE [SIZE [PAIRS]]

segent.entropy of 21 x 640 x 856 values against the same call in C, and context.run of a picture whose shorter side is SIZE against
the network's time in `segent bench`, which must be installed beside the library. Both run several times in a row, since the first
run after a pause is faster. Fails beyond 1.05 and 1.02, medians of the ratios of neighbours."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import segent
from segent.__main__ import command

CALLS, RUNS = 40, 3
C = r"""
#include <segent/segent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
static int compare(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}
int main(int argc, char **argv) /* the logits' file, and how many calls */
{
    const int calls = atoi(argv[2]);
    float *logits = malloc(sizeof(float) * 21 * 640 * 856), *entropy = malloc(sizeof(float) * 640 * 856);
    double *seconds = malloc(sizeof(double) * (size_t)calls);
    FILE *file = fopen(argv[1], "rb");
    segent_context *context = NULL;
    if (argc != 3 || !file || fread(logits, sizeof(float), 21 * 640 * 856, file) != 21 * 640 * 856 ||
        segent_context_create(NULL, &context) != 0)
        return 1;
    const segent_tensor_view values = segent_tensor_chw(logits, 21, 640, 856);
    const segent_map_view map = segent_map(entropy, 640, 856);
    for (int i = -3; i < calls; i++) {
        const double start = now();
        if (segent_entropy_map(context, &values, NULL, &map) != 0)
            return 1;
        if (i >= 0)
            seconds[i] = now() - start;
    }
    qsort(seconds, (size_t)calls, sizeof(double), compare);
    printf("%.9f\n", seconds[calls / 2]);
    return 0;
}
"""


def c_program(folder):
    source = pathlib.Path(folder) / "entropy.c"
    source.write_text(C, encoding="ascii")
    flags = subprocess.run(["pkg-config", "--cflags", "segent"], capture_output=True, text=True, check=True).stdout.split()
    library = pathlib.Path(segent.library_path)
    subprocess.run(["cc", "-O2", "-o", source.with_suffix(""), source, *flags, library, f"-Wl,-rpath,{library.parent}"], check=True)
    return source.with_suffix("")


def entropy_pairs(pairs):
    values = np.random.default_rng(1).normal(0, 4, (21, 640, 856)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        program, file = c_program(folder), os.path.join(folder, "logits")
        values.tofile(file)
        for _ in range(pairs):
            in_c = float(subprocess.run([program, file, str(CALLS)], capture_output=True, text=True, check=True).stdout)
            seconds = []
            for i in range(-3, CALLS):
                start = time.perf_counter()
                segent.entropy(values)
                if i >= 0:
                    seconds.append(time.perf_counter() - start)
            yield in_c, statistics.median(seconds)


def run_pairs(model_path, picture, size, pairs):
    with segent.Context() as context:
        model = context.load_model(model_path)
        image = context.load_image(picture)
        first = context.run(model, image, size=size)
        bench = [command(), "bench", "-m", model_path, "--size", f"{first.width}x{first.height}", "--runs", str(RUNS), "--json"]
        for _ in range(pairs):
            done = subprocess.run(bench, capture_output=True, text=True, check=True)
            context.run(model, image, size=size)
            runs = []
            for _ in range(RUNS):
                start = time.perf_counter()
                timings = context.run(model, image, size=size).timings
                runs.append((time.perf_counter() - start, *timings))
            yield json.loads(done.stdout)["seconds"]["network"], *map(statistics.median, zip(*runs))


def main():
    model, picture = sys.argv[1:3]
    size, pairs = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((3, 640), (4, 5)))
    entropies = list(entropy_pairs(pairs))
    entropy = statistics.median(python / c for c, python in entropies)
    print(f"entropy: C {1000 * statistics.median(c for c, _ in entropies):.3f} ms, Python x {entropy:.3f}")
    rows = list(run_pairs(model, picture, size, pairs))
    network = statistics.median(ours / theirs for theirs, _, _, ours, _ in rows)
    print(f"run: the network takes the command {statistics.median(row[0] for row in rows):.4f} s, and context.run x {network:.4f}")
    _, whole, *parts = map(statistics.median, zip(*rows))
    print(f"context.run {whole:.4f} s: preprocessing {parts[0]:.4f}, network {parts[1]:.4f}, head {parts[2]:.4f}, "
          f"the rest {whole - sum(parts):.5f}")
    return 0 if entropy <= 1.05 and network <= 1.02 else 1


sys.exit(main())
