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
QUICK = "ort,ort-whole,ort-python,openvino-whole,torch,segent-command,segent-command-bf16,ort-python-bf16,openvino-bf16,onednn-bf16"
REPEATS = 9  # of what takes milliseconds, a request
ENTROPY_ROUNDS = 61  # turns of bench-entropy, a call
LABELS_ALIKE = 0.999  # of the pixels, at least: the weights are the same


def known_peers(options, arch, size):
    """[Peer]: those of the default run, then those that only --all or --peers adds."""
    folder = case.folder_of(os.path.join(options.folder, "data"), arch, size)
    packages = {"PYTHONPATH": os.path.join(options.folder, "python")}
    # torch.compile keeps what it compiled; it would otherwise start processes that compile.
    newest_torch = {"PYTHONPATH": os.path.join(options.folder, "torch"), "TORCHINDUCTOR_COMPILE_THREADS": "1",
                    "TORCHINDUCTOR_CACHE_DIR": os.path.join(options.folder, "inductor")}
    node = {"NODE_PATH": os.path.join(options.folder, "node", "node_modules")}

    def segent(name, title, engine, extra=False, build=options.build, **environment):
        program = os.path.join(build, "tests", "bench", "peer-segent")
        return peer.Peer(name, title, [program, folder, "{threads}", engine], environment, extra, maps=True)

    def command(name, title, precision):
        program = ["/usr/bin/python3", os.path.join(HERE, "peer_command.py"), options.segent, folder, "{threads}", precision]
        return peer.Peer(name, title, program, extra=True, labels=False, network=False, precision=precision, tells=True)

    def onnx(name, title, graph):
        return peer.Peer(name, title, ["node", os.path.join(HERE, "peer_onnxruntime.js"), folder, "{threads}", graph], node,
                         labels=graph == "whole")

    def python(name, title, engine, graph, precision="f32"):
        program = ["/usr/bin/python3", os.path.join(HERE, "peer_python.py"), folder, "{threads}", engine, graph, precision]
        return peer.Peer(name, title, program, packages, extra=precision != "f32", labels=graph == "whole", precision=precision,
                         tells=engine == "openvino")

    def torch(name, title, mode, precision="f32", extra=False, maps=False, **environment):
        program = ["/usr/bin/python3", os.path.join(HERE, "peer_torch.py"), folder, "{threads}", mode, precision, arch]
        return peer.Peer(name, title, program, environment, extra or precision != "f32", maps, precision=precision, tells=True)

    def onednn(name, title, precision="f32"):
        if arch != case.DEFAULT_ARCH:  # its convolutions are written down one by one
            return []
        program = [os.path.join(options.folder, "peer-onednn"), "{threads}", precision, size]
        return [peer.Peer(name, title, program, extra=precision != "f32", labels=False, network=False, precision=precision, tells=True)]

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
        *onednn("onednn", "oneDNN, its convolutions alone"),
        torch("torch", "PyTorch, eager", "eager", maps=True),
        torch("torch-channels-last", "PyTorch, channels_last", "channels_last"),
        torch("torch-frozen", "PyTorch, frozen and optimised", "frozen"),
        segent("segent-avx2", "segent, capped to AVX2", "fast", True, SEGENT_CPU="avx2"),
        segent("segent-blas", "segent, OpenBLAS's Haswell kernels", "fast", True, SEGENT_CPU="ref", OPENBLAS_CORETYPE="Haswell"),
        torch("torch-avx512", "PyTorch, channels_last, AVX-512 BLAS", "channels_last", extra=True, OPENBLAS_CORETYPE="SKYLAKEX"),
        torch("torch-python-compiled", "PyTorch (Python), compiled", "compiled", extra=True, **newest_torch),
        # In bfloat16: each has the name of its float32 twin, if there is one, and -bf16.
        command("segent-command", "segent bench", "f32"),
        command("segent-command-bf16", "segent bench --precision bf16", "bf16"),
        python("ort-python-bf16", "ONNX Runtime (Python), bfloat16", "onnxruntime", "network", "bf16"),
        python("openvino-bf16", "OpenVINO, bfloat16", "openvino", "network", "bf16"),
        *onednn("onednn-bf16", "oneDNN, its convolutions alone, bfloat16", "bf16"),
        torch("torch-frozen-bf16", "PyTorch, frozen, bfloat16", "frozen", "bf16"),
        torch("torch-python-frozen-bf16", "PyTorch (Python), frozen, bfloat16", "frozen", "bf16", **newest_torch),
        torch("torch-python-compiled-bf16", "PyTorch (Python), compiled, bfloat16", "compiled", "bf16", **newest_torch),
    ]


def side_by_side(known):
    """Those in bfloat16 and their twins in float32."""
    names = {p.name for p in known}
    return [p for p in known if p.precision == "bf16" or p.name + "-bf16" in names]


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
    parser.add_argument("--peers", help="names, separated by commas; 'segent' always takes part, but for --precisions")
    parser.add_argument("--precisions", action="store_true", help="bfloat16 beside float32, the networks alone: the peers in bfloat16 and their "
                        "twins in float32, or those of --peers; no cold starts, nothing of the head")
    parser.add_argument("--segent", metavar="COMMAND", help="the command that segent-command runs (default: that of this tree)")
    parser.add_argument("--all", action="store_true", help="the peers that are off by default as well")
    parser.add_argument("--before", metavar="BUILD", help="build folder of another version of this tree, which takes part as segent-before")
    parser.add_argument("--quick", action="store_true", help=f"does it run? segent,{QUICK}, no warm-up, one round, one thread count")
    parser.add_argument("--json", help="where the raw results go (default: peers.json in the build directory)")
    options = parser.parse_args()
    options.segent = os.path.abspath(options.segent or os.path.join(options.build, "src", "segent"))
    if options.precisions:
        options.cold_rounds = 0
    if options.quick:
        options.rounds, options.cold_rounds, options.threads = 1, min(1, options.cold_rounds), options.threads.split(",")[0]
        options.peers = options.peers or (None if options.all or options.precisions else QUICK)
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
        wanted = {*options.peers.split(",")} | ({"segent"} if not options.precisions else set())
        unknown = wanted - {p.name for p in known}
        if unknown:
            sys.exit(f"peers.sh: no such peer: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in known)}")
        return [p for p in known if p.name in wanted]
    if options.precisions:
        return side_by_side(known)
    return [p for p in known if options.all or not p.extra]


def say(text):
    print(text, file=sys.stderr, flush=True)


def check_precision(process, result):
    """Notes what the engine executes, where it tells; Unable if nothing of that has the precision that was asked for. In float32, PyTorch does
    some of it where oneDNN does not see it."""
    if not process.peer.tells:
        return
    precision = process.peer.precision
    executes = result["executes"] = process.ask("precision")["executes"]
    if precision != "f32" and not any(row["type"] == precision for row in executes):
        raise peer.Unable(f"asked for {precision}, it tells of no convolution in that: {report.executed(executes) or 'of none at all'}")


def warm_rounds(peers, threads, options, folder, shape):
    """Every peer loaded and warm, then A B C A B C ...; what milliseconds take and the machine's limits in each round as well."""
    results = {p.name: dict(title=p.title, precision=p.precision, rounds=[], head=[], maps=[]) for p in peers}
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
                check_precision(process, results[p.name])
            except peer.Unable as reason:
                results[p.name]["unable"] = str(reason)
                say(f"    cannot: {reason}")
            except peer.Failure as failure:
                results[p.name]["failed"] = str(failure)
                say(f"    takes no part: {failure}")
        for process in [process for process in running if not takes_part(results[process.peer.name])]:
            process.end()
            running.remove(process)
        for number in range(options.rounds):
            say(f"{threads} threads: round {number + 1} of {options.rounds}")
            for process in running:
                results[process.peer.name]["rounds"].append(process.ask("run"))
            for request in () if options.precisions else ("head", "maps"):
                for process in running:
                    if process.peer.maps:
                        results[process.peer.name][request].append(process.ask(f"{request} {REPEATS}"))
            limits.append(peer.run_once([os.path.join(programs, "bench-limits"), str(threads)]))
            if not options.precisions:
                reading.append(peer.run_once([os.path.join(programs, "bench-entropy"), "--json", str(ENTROPY_ROUNDS)]))
        labels = {} if options.precisions else collect_labels(running, folder, shape["height"] * shape["width"])
    finally:
        for process in running:
            results[process.peer.name]["peak_rss_bytes"] = process.end()
    return dict(peers=results, limits=limits, reading=reading, agreement=labels)


def takes_part(result):
    return "failed" not in result and "unable" not in result


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
    peers = choose(options, arch, size)
    halves = ["bf16"] if any(p.name.startswith("ort") and p.precision == "bf16" for p in peers) else []
    subprocess.run(["/usr/bin/python3", os.path.join(HERE, "prepare.py"), folder, arch, size, *halves], check=True)
    shape = case.read_shape(folder)
    results = dict(arch=arch, size=size, shape=shape, threads={})
    for threads in options.thread_counts:
        say(f"{arch}, {size}")
        measured = warm_rounds(peers, threads, options, folder, shape)
        alive = [p for p in peers if p.network and takes_part(measured["peers"][p.name])]
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
                      for name, share in measured["agreement"].items()
                      if share < LABELS_ALIKE and measured["peers"][name]["precision"] == "f32"]
    return found


def main():
    options = parse()
    os.makedirs(os.path.join(options.folder, "log"), exist_ok=True)
    results = dict(machine=peer.machine(), precisions=options.precisions, rounds=options.rounds, cold_rounds=options.cold_rounds, cases=[])
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
