#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""`segent bench` as a peer of peers.py:    peer_command.py COMMAND FOLDER THREADS f32|bf16

Prints a line of JSON, then answers each line on stdin with one: run; precision; quit. A run is a process of its own, which loads the model
and makes an inference to warm up; the times are those of the inference after it. Any build of the command can take part that has the option.
"""
import json
import os
import subprocess
import sys
import time

from case import read_shape

COMMAND, FOLDER, THREADS, PRECISION = sys.argv[1:5]
OPTIONS = [] if PRECISION == "f32" else ["--precision", PRECISION]  # float32 has no option, so that earlier builds can take part
TYPES = {"float32": "f32", "bfloat16": "bf16"}


def say(**values):
    print(json.dumps(values), flush=True)


def ask(*arguments):
    return subprocess.run([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, universal_newlines=True)


def bench(shape):
    """What one run reports."""
    size = f"{shape['width']}x{shape['height']}"
    done = ask("bench", "-m", os.path.join(FOLDER, "model.pth"), "--size", size, "-t", THREADS, "--runs", "1", "--json", "--no-progress", *OPTIONS)
    if done.returncode:
        sys.exit(done.stderr or f"segent bench ended with {done.returncode}")
    return json.loads(done.stdout)


def executed(report):
    """The command's own word for it; builds without the option know float32 alone and do not say so."""
    return [dict(kernel=report["kernels"], type=TYPES[report.get("precision", "float32")])]


def main():
    began = time.monotonic()
    try:
        version = ask("--version")
        accepted = ask("bench", *OPTIONS, "--help")
    except OSError as error:
        return say(failed=f"{COMMAND}: {error.strerror}")
    if accepted.returncode:
        return say(unable=(accepted.stderr.strip().splitlines() or ["no answer to --help"])[-1])
    shape = read_shape(FOLDER)
    say(ready=True, load=time.monotonic() - began, note="", versions={"segent (command)": version.stdout.split()[-1]})
    report = None
    for line in sys.stdin:
        request = line.strip()
        if request == "quit":
            break
        if request == "precision":
            say(executes=executed(report or bench(shape)))
            continue
        report = bench(shape)
        say(**report["seconds"], peak_rss_bytes=report["peak_rss_bytes"])


if __name__ == "__main__":
    main()
