#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""How many pictures an hour a core does, and what a second worker adds: `segent run` over copies of one picture, by one process and by two
that share them by --shard, each with one thread, and by one process with two threads.

    /usr/bin/python3 tests/bench/scale.py build FOLDER [--arch NAME,NAME] [--size 520] [--seconds 4] [--rounds 2]

FOLDER keeps the networks, whose weights come from a seed (a first run makes them, so that a second one only measures). Everything that a
picture takes is counted: reading the JPEG file, the network, the entropy map and labels, and the line of the manifest; but neither
loading the network nor writing pictures (--save none). A worker's rate is its number of pictures, less the first, over the time between
the end of its first picture and the end of its last; two workers have as many pictures each.
"""
import argparse
import ctypes
import json
import os
import pathlib
import selectors
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURE = ROOT / "examples" / "demo" / "pictures" / "crowded-street.jpg"


def make_networks(path, folder, names):
    """Packed networks with weights from a seed, where they are not there yet."""
    library = ctypes.CDLL(str(path))
    library.segent_last_error.restype = ctypes.c_char_p
    library.segent_last_error.argtypes = [ctypes.c_void_p]
    context = ctypes.c_void_p()

    def check(status):
        if status:
            sys.exit(library.segent_last_error(context).decode())
    check(library.segent_context_create(None, ctypes.byref(context)))
    for name in names:
        packed = folder / f"{name}.segent"
        if packed.exists():
            continue
        checkpoint, model = ctypes.c_void_p(), ctypes.c_void_p()
        check(library.segent_checkpoint_seeded(context, name.encode(), ctypes.c_uint64(1), ctypes.byref(checkpoint)))
        check(library.segent_model_from_checkpoint(context, checkpoint, None, ctypes.byref(model)))
        check(library.segent_model_pack(context, model, str(packed).encode(), None, None))
        library.segent_model_destroy(model)
        library.segent_checkpoint_destroy(checkpoint)
    library.segent_context_destroy(context)


class Bench:
    def __init__(self, build, folder, size):
        self.segent, self.folder, self.size = build / "src" / "segent", folder, size
        self.environment = os.environ | {"LD_LIBRARY_PATH": str(build / "lib")}

    def command(self, name, threads, pictures, *more):
        return [self.segent, "run", "-q", "--json", "--save", "none", "-t", str(threads), "--size", str(self.size), "-m", self.folder / f"{name}.segent",
                "--manifest", self.folder / "manifest.jsonl", *more, *pictures]

    def balanced(self, count):
        """Copies of the picture, `count` in each of two parts. Which part a name is in, `segent run` says."""
        names = [f"{i}.jpg" for i in range(4 * count + 20)]
        for each in names:
            if not (self.folder / each).exists():
                shutil.copyfile(PICTURE, self.folder / each)
        parts = []
        for part in ("1/2", "2/2"):
            lines = subprocess.run([self.segent, "run", "-q", "--json", "--save", "none", "--size", "16", "--shard", part, *names], cwd=self.folder,
                                   env=self.environment, check=True, stdout=subprocess.PIPE).stdout
            parts.append([json.loads(line)["image"] for line in lines.splitlines()][:count])
        assert [len(part) for part in parts] == [count, count]
        return parts[0] + parts[1]

    def rates(self, commands):
        """Pictures a second of each of these processes, which run at the same time."""
        (self.folder / "manifest.jsonl").unlink(missing_ok=True)
        workers = [subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, bufsize=0) for command in commands]
        ends = {worker: [] for worker in workers}
        with selectors.DefaultSelector() as selector:
            for worker in workers:
                selector.register(worker.stdout, selectors.EVENT_READ, worker)
            while selector.get_map():
                for key, _ in selector.select():
                    text = os.read(key.fd, 1 << 20)
                    ends[key.data] += [time.monotonic()] * text.count(b"\n")
                    if not text:
                        selector.unregister(key.fileobj)
        for worker in workers:
            if worker.wait() != 0:
                sys.exit(f"segent run: exit status {worker.returncode}")
        return [(len(times) - 1) / (times[-1] - times[0]) for times in ends.values()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="a build folder, with the shared library and the command")
    parser.add_argument("folder", type=pathlib.Path, help="for networks and copies of the picture")
    parser.add_argument("--arch", default="lraspp_mobilenet_v3_large,deeplabv3_resnet101")
    parser.add_argument("--size", type=int, default=520, help="of the shorter side")
    parser.add_argument("--seconds", type=float, default=4, help="that one measurement takes, about")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    folder, names = options.folder.resolve(), options.arch.split(",")
    build = options.build.resolve()
    make_networks(build / "lib" / "libsegent.so", folder, names)
    bench = Bench(build, folder, options.size)
    for name in names:
        first = bench.rates([bench.command(name, 1, bench.balanced(1))])[0]
        count = max(3, round(options.seconds * first) + 1)
        pictures = bench.balanced(count)
        one, two, threads = [], [], []
        for _ in range(options.rounds):
            one += bench.rates([bench.command(name, 1, pictures[:count])])
            two.append(sum(bench.rates([bench.command(name, 1, pictures, "--shard", part) for part in ("1/2", "2/2")])))
            threads += bench.rates([bench.command(name, 2, pictures[:count])])
        hour = [3600 * statistics.median(found) for found in (one, two, threads)]
        print(f"{name} at {options.size}: {hour[0]:.0f} pictures an hour by one worker with one thread; {hour[1]:.0f} by two workers, {hour[1] / hour[0]:.2f} times as "
              f"many; {hour[2]:.0f} by one with two threads, {hour[2] / hour[0]:.2f} times. Two workers: {1e6 * 2 / hour[1]:.3g} core hours a million pictures. "
              f"({options.rounds} rounds of {count} pictures a worker; {PICTURE.name} is 427 x 320)", flush=True)


if __name__ == "__main__":
    main()
