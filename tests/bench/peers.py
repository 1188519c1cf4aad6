#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Runs libsegent and its peers turn by turn and prints their ratios; see README.md. Called by peers.sh."""
import argparse
import json
import os
import subprocess
import sys

import case
import peer
import report

HERE = os.path.dirname(os.path.abspath(__file__))
QUICK = "ort,ort-whole,ort-python,openvino-whole,torch"
REPEATS = 9  # of what takes milliseconds, a request
ENTROPY_ROUNDS = 61  # turns of bench-entropy, a call
LABELS_ALIKE = 0.999  # of the pixels, at least: the weights are the same


def known_peers(options, arch, size):
    """[Peer]: those of the default run, then those that only --all or --peers adds."""
    folder = case.folder_of(os.path.join(options.folder, "data"), arch, size)
    packages = {"PYTHONPATH": os.path.join(options.folder, "python")}
    node = {"NODE_PATH": os.path.join(options.folder, "node", "node_modules")}

    def segent(name, title, engine, extra=False, build=options.build, **environment):
        program = os.path.join(build, "tests", "bench", "peer-segent")
        return peer.Peer(name, title, [program, folder, "{threads}", engine], environment, extra, maps=True)

    def onnx(name, title, graph):
        return peer.Peer(name, title, ["node", os.path.join(HERE, "peer_onnxruntime.js"), folder, "{threads}", graph], node,
                         labels=graph == "whole")

    def python(name, title, engine, graph):
        return peer.Peer(name, title, ["/usr/bin/python3", os.path.join(HERE, "peer_python.py"), folder, "{threads}", engine, graph], packages,
                         labels=graph == "whole")

    def torch(name, title, mode, extra=False, maps=False, **environment):
        return peer.Peer(name, title, ["/usr/bin/python3", os.path.join(HERE, "peer_torch.py"), folder, "{threads}", mode, arch], environment,
                         extra, maps)

    # Its convolutions are written down one by one.
    onednn = [peer.Peer("onednn", "oneDNN, its convolutions alone", [os.path.join(options.folder, "peer-onednn"), "{threads}"], labels=False,
                        network=False)] if (arch, size) == (case.DEFAULT_ARCH, case.DEFAULT_SIZE) else []
    before = [segent("segent-before", "segent, another version", "fast", build=options.before)] if options.before else []
    return [
        segent("segent", "segent", "fast"),
        *before,
        segent("segent-small", "segent, small-memory mode", "small"),
        segent("segent-exact", "segent, exact mode", "exact"),
        onnx("ort", "ONNX Runtime, network alone", "network"),
        onnx("ort-whole", "ONNX Runtime, head in the graph", "whole"),
        python("ort-python", "ONNX Runtime (Python), network alone", "onnxruntime", "network"),
        python("ort-python-whole", "ONNX Runtime (Python), head in the graph", "onnxruntime", "whole"),
        python("openvino", "OpenVINO, network alone", "openvino", "network"),
        python("openvino-whole", "OpenVINO, head in the graph", "openvino", "whole"),
        *onednn,
        torch("torch", "PyTorch, eager", "eager", maps=True),
        torch("torch-channels-last", "PyTorch, channels_last", "channels_last"),
        torch("torch-frozen", "PyTorch, frozen and optimised", "frozen"),
        segent("segent-avx2", "segent, capped to AVX2", "fast", True, SEGENT_CPU="avx2"),
        segent("segent-blas", "segent, OpenBLAS's Haswell kernels", "fast", True, SEGENT_CPU="ref", OPENBLAS_CORETYPE="Haswell"),
        torch("torch-avx512", "PyTorch, channels_last, AVX-512 BLAS", "channels_last", True, OPENBLAS_CORETYPE="SKYLAKEX"),
    ]


def parse():
    parser = argparse.ArgumentParser(prog="peers.sh", description="libsegent against its peers in one interleaved run")
    parser.add_argument("--folder", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--arch", default=case.DEFAULT_ARCH, metavar="NAMES",
                        help=f"torchvision's networks, separated by commas (default {case.DEFAULT_ARCH})")
    parser.add_argument("--size", default=case.DEFAULT_SIZE, metavar="WxH",
                        help=f"sizes of the picture, separated by commas (default {case.DEFAULT_SIZE})")
    parser.add_argument("--rounds", type=int, default=7, help="timed inferences of each peer (default 7)")
    parser.add_argument("--cold-rounds", type=int, default=3, help="fresh processes of each peer (default 3)")
    parser.add_argument("--threads", default="2,1", help="thread counts, separated by commas (default 2,1)")
    parser.add_argument("--peers", help="names, separated by commas; 'segent' always takes part")
    parser.add_argument("--all", action="store_true", help="the peers that are off by default as well")
    parser.add_argument("--before", metavar="BUILD", help="build folder of another version of this tree, which takes part as segent-before")
    parser.add_argument("--quick", action="store_true", help=f"does it run? segent,{QUICK}, no warm-up, one round, one thread count")
    parser.add_argument("--json", help="where the raw results go (default: peers.json in the build directory)")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.cold_rounds, options.threads = 1, 1, options.threads.split(",")[0]
        options.peers = options.peers or (None if options.all else QUICK)
    options.thread_counts = [int(count) for count in options.threads.split(",")]
    options.cases = [(arch, size.lower()) for arch in options.arch.split(",") for size in options.size.split(",")]
    for _, size in options.cases:
        try:
            case.sides(size)
        except ValueError:
            parser.error(f"--size {size}: no size such as {case.DEFAULT_SIZE}")
    return options


def choose(options, arch, size):
    known = known_peers(options, arch, size)
    if options.peers:
        wanted = {"segent", *options.peers.split(",")}
        unknown = wanted - {p.name for p in known}
        if unknown:
            sys.exit(f"peers.sh: no such peer: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in known)}")
        return [p for p in known if p.name in wanted]
    return [p for p in known if options.all or not p.extra]


def say(text):
    print(text, file=sys.stderr, flush=True)


def warm_rounds(peers, threads, options, folder, shape):
    """Every peer loaded and warm, then A B C A B C ...; what milliseconds take and the machine's limits in each round as well."""
    results = {p.name: dict(title=p.title, rounds=[], head=[], maps=[]) for p in peers}
    limits, reading = [], []
    programs = os.path.join(options.build, "tests", "bench")
    running = []
    try:
        for p in peers:
            say(f"{threads} threads: loading {p.title}")
            try:
                process = p.start(threads, os.path.join(options.folder, "log"))
                running.append(process)
                results[p.name]["ready"] = process.ready
                if not options.quick:
                    results[p.name]["warm_up"] = process.ask("run")
            except peer.Failure as failure:
                results[p.name]["failed"] = str(failure)
                say(f"    takes no part: {failure}")
        running = [process for process in running if "failed" not in results[process.peer.name]]
        for number in range(options.rounds):
            say(f"{threads} threads: round {number + 1} of {options.rounds}")
            for process in running:
                results[process.peer.name]["rounds"].append(process.ask("run"))
            for request in ("head", "maps"):
                for process in running:
                    if process.peer.maps:
                        results[process.peer.name][request].append(process.ask(f"{request} {REPEATS}"))
            limits.append(peer.run_once([os.path.join(programs, "bench-limits"), str(threads)]))
            reading.append(peer.run_once([os.path.join(programs, "bench-entropy"), "--json", str(ENTROPY_ROUNDS)]))
        labels = collect_labels(running, folder, shape["height"] * shape["width"])
    finally:
        for process in running:
            results[process.peer.name]["peak_rss_bytes"] = process.end()
    return dict(peers=results, limits=limits, reading=reading, agreement=labels)


def collect_labels(running, folder, pixels):
    """{peer: share of pixels with segent's label}, of those that make labels."""
    labels = {}
    for process in running:
        if process.peer.labels:
            path = os.path.join(folder, f"labels.{process.peer.name}")
            process.ask(f"labels {path}")
            with open(path, "rb") as file:
                labels[process.peer.name] = file.read()
    mine = labels.get("segent", b"")
    return {name: sum(map(int.__eq__, mine, theirs)) / pixels for name, theirs in labels.items()
            if name != "segent" and len(mine) == len(theirs) == pixels}


def cold_rounds(peers, threads, options, folder):
    """Fresh processes, turn by turn: from the start of the process to the first result, and the memory that took."""
    results = {p.name: [] for p in peers}
    for number in range(options.cold_rounds):
        say(f"{threads} threads: cold start {number + 1} of {options.cold_rounds}")
        for p in list(peers):
            peer.into_page_cache(folder)
            try:
                results[p.name].append(p.cold(threads, os.path.join(options.folder, "log")))
            except peer.Failure as failure:
                say(f"    {p.title} takes no part: {failure}")
                peers = [q for q in peers if q is not p]
    return results


def measure(arch, size, options):
    """All thread counts of one network at one size."""
    folder = case.folder_of(os.path.join(options.folder, "data"), arch, size)
    subprocess.run(["/usr/bin/python3", os.path.join(HERE, "prepare.py"), folder, arch, size], check=True)
    shape = case.read_shape(folder)
    peers = choose(options, arch, size)
    results = dict(arch=arch, size=size, shape=shape, threads={})
    for threads in options.thread_counts:
        say(f"{arch}, {size}")
        measured = warm_rounds(peers, threads, options, folder, shape)
        alive = [p for p in peers if p.network and "failed" not in measured["peers"][p.name]]
        measured["cold"] = cold_rounds(alive, threads, options, folder)
        results["threads"][str(threads)] = measured
    return results


def problems(results, quick):
    """What is wrong beyond the numbers, in sentences: segent must run, the labels must agree, and in a quick run every peer must take part."""
    found = []
    for one in results["cases"]:
        for threads, measured in one["threads"].items():
            where = f"{one['arch']}, {one['size']}, {threads} threads"
            found += [f"{where}: {values['title']} took no part: {values['failed']}" for name, values in measured["peers"].items()
                      if "failed" in values and (quick or name == "segent")]
            found += [f"{where}: {name} gives other labels than segent on {100 * (1 - share):.2f} % of the pixels"
                      for name, share in measured["agreement"].items() if share < LABELS_ALIKE]
    return found


def main():
    options = parse()
    os.makedirs(os.path.join(options.folder, "log"), exist_ok=True)
    results = dict(machine=peer.machine(), rounds=options.rounds, cold_rounds=options.cold_rounds, cases=[])
    path = options.json or os.path.join(options.folder, "peers.json")
    for arch, size in options.cases:
        results["cases"].append(measure(arch, size, options))
        with open(path, "w") as file:
            json.dump(results, file, indent=1)
            file.write("\n")
    print(report.text(results))
    print(f"\nraw results: {path}", flush=True)
    if found := problems(results, options.quick):
        sys.exit("\n".join(["peers.sh: FAILED", *found]))


if __name__ == "__main__":
    main()
