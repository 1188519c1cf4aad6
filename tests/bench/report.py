# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""The table of a run of peers.py.    python3 tests/bench/report.py peers.json prints it again."""
import json
import sys

from goals import ENGINES, Figures, goals, median, ratio, verdict

DISTURBED = 0.05  # share of the processors that others may use before it is said


def cell(value, form):
    return format(value, form) if value is not None else "-"


def spread(rows, key):
    values = [row[key] for row in rows if key in row]
    return f"{min(values):.3f}..{max(values):.3f}" if values else "-"


def table(header, rows):
    columns = list(zip(header, *rows))
    widths = [max(map(len, column)) for column in columns]

    def line(cells):
        return "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths))).rstrip()

    return "\n".join([line(header), line(["-" * w for w in widths])] + [line(row) for row in rows])


def inference_table(measured):
    peers = measured["peers"]
    mine = peers["segent"]["rounds"]
    rows = []
    for peer in peers.values():
        runs = peer["rounds"]
        network, total = median(runs, "network"), median(runs, "total")
        rows.append([peer["title"], cell(network, ".3f"), cell(median(runs, "head"), ".4f"), cell(total, ".3f"),
                     spread(runs, "network" if network is not None else "total"),
                     cell(ratio(median(mine, "network"), network), ".3f"), cell(ratio(median(mine, "total"), total), ".3f"),
                     cell(median(runs, "processor_seconds"), ".3f"),
                     cell(ratio(median(mine, "processor_seconds"), median(runs, "processor_seconds")), ".3f"), cell(median(runs, "others"), ".0%")])
    return table(["seconds, medians", "network", "head", "total", "least..most", "segent's network is x", "segent's total is x",
                  "processor s", "segent's is x", "others"], rows)


def executed(executes):
    """What an engine told about its convolutions, in words."""
    return ", ".join(" ".join(filter(None, (str(row.get("count", "")), row["kernel"], f"({row['type']})"))) for row in executes)


def computes_with(peer):
    """The types that an engine told, those that were asked for where it tells nothing, or that it cannot."""
    if "failed" in peer or "unable" in peer:
        return "cannot" if "unable" in peer else "failed"
    told = {row["type"] for row in peer.get("executes", [])}
    return " and ".join(sorted(told)) if told else f"{peer['precision']}, not told"


def precision_table(measured):
    """Each engine's network beside segent's in both precisions, each as the command has it, or else as the library has it."""
    peers = measured["peers"]
    mine = [next((peers[name]["rounds"] for name in names if name in peers), []) for names in
            (("segent-command-bf16",), ("segent-command", "segent"))]
    rows = []
    for peer in peers.values():
        network = median(peer["rounds"], "network")
        rows.append([peer["title"], computes_with(peer), cell(network, ".3f"), spread(peer["rounds"], "network"),
                     *(cell(ratio(median(own, "network"), network), ".3f") for own in mine), cell(median(peer["rounds"], "others"), ".0%")])
    return table(["the network, seconds, medians", "computes with", "network", "least..most", "segent's in bf16 is x", "segent's in f32 is x",
                  "others"], rows)


def precision_lines(measured):
    return [f"{peer['title']} ran {executed(peer['executes'])}" for peer in measured["peers"].values() if peer.get("executes")]


def has_halves(measured):
    return any(peer.get("precision", "f32") != "f32" for peer in measured["peers"].values())


def cold_table(measured):
    cold = measured["cold"]
    mine = median(cold.get("segent", []), "seconds")
    rows = []
    for name, peer in measured["peers"].items():
        runs = cold.get(name, [])
        seconds, peak = median(runs, "seconds"), median(runs, "peak_rss_bytes")
        rows.append([peer["title"], cell(seconds, ".2f"), cell(ratio(mine, seconds), ".3f"),
                     cell(peak / 1e6 if peak else None, ".0f"), cell(peer.get("peak_rss_bytes", 0) / 1e6 or None, ".0f"),
                     cell(peer.get("ready", {}).get("load"), ".2f")])
    return table(["fresh process", "first result s", "segent's is x", "peak MB", "peak MB, warm", "load s"], rows)


def head_table(measured):
    peers = measured["peers"]
    rows = []
    for key, title in (("head", "the network's logits to labels, entropy, sum"), ("maps", "full-size logits to entropy, sum")):
        mine = median(peers["segent"][key], "seconds")
        theirs = median(peers["torch"][key], "seconds") if "torch" in peers else None
        rows.append([title, cell(mine * 1e3 if mine else None, ".3f"), cell(theirs * 1e3 if theirs else None, ".3f"),
                     cell(ratio(theirs, mine), ".1f")])
    return table(["milliseconds, medians", "segent", "PyTorch", "PyTorch's is x"], rows)


def limit_lines(one, measured):
    figures = Figures(measured, one["shape"]["operations"])
    lines = [f"this machine: {figures.limit('fma_gflops'):.0f} GFLOP/s of float32 multiply-adds ({measured['limits'][0]['isa']}), reads "
             f"{figures.limit('read_gbs'):.1f} GB/s"]
    rate = figures.effective_rate()
    if rate:
        lines.append(f"segent's effective rate: {one['shape']['operations'] * 1e-12:.4g} TFLOP / {figures.warm('segent', 'network'):.3f} s = {rate:.0f} GFLOP/s")
    shares = [figures.share_of_reading(buffers) for buffers in ("many_buffers", "one_buffer")]
    if all(shares):
        lines.append("one core makes entropy of full-size logits at {:.2f} of the rate at which it reads them from memory, {:.2f} from one buffer".format(*shares))
    return lines


def goal_table(one, measured):
    rows = [[title, cell(value, ".4g"), f"<= {most:g}" if most is not None else f">= {least:g}", verdict(value, most, least)]
            for title, value, most, least in goals(one, measured)]
    return table(["goals", "measured", "goal", ""], rows)


def agreement_lines(measured):
    """Below 99.9 % something is wrong with float32; what another precision changes is a measurement."""
    return [f"labels as {measured['peers'][name]['title']}: {share:.4%} of the pixels"
            + ("   BELOW 99.9 %" if share < 0.999 and measured["peers"][name].get("precision", "f32") == "f32" else "")
            for name, share in measured["agreement"].items()]


def notes(measured):
    lines = []
    for name, peer in measured["peers"].items():
        if "failed" in peer:
            lines.append(f"{peer['title']}: took no part: {peer['failed']}")
        elif "unable" in peer:
            lines.append(f"{peer['title']}: cannot on this machine: {peer['unable']}")
        elif peer["ready"].get("note"):
            lines.append(f"{peer['title']}: {peer['ready']['note']}")
    runs = [row for peer in measured["peers"].values() for row in peer["rounds"]]
    others = median(runs, "others") or 0.0
    if others > DISTURBED:
        lines.append(f"THE MACHINE WAS BUSY: others used {others:.0%} of it (median). These numbers show that the script runs, no more.")
    return lines


def measured_parts(one, measured, precisions):
    """The lines of one thread count; with `precisions`, those of a run that was of nothing else."""
    halves = [precision_table(measured), "", *precision_lines(measured), ""] if precisions or has_halves(measured) else []
    if precisions:
        return [*halves, *limit_lines(one, measured), *notes(measured)]
    return [inference_table(measured), "", *halves, cold_table(measured), "", head_table(measured), "", *limit_lines(one, measured),
            *agreement_lines(measured), "", goal_table(one, measured), *notes(measured)]


def case_text(one, results):
    width, height = one["shape"]["width"], one["shape"]["height"]
    precisions = results.get("precisions", False)
    parts = [f"{one['arch']}, 1x3x{height}x{width}, {'float32 and bfloat16' if precisions else 'float32 where nothing else is said'}; "
             f"{results['rounds']} rounds, {results['cold_rounds']} cold starts, turn by turn"]
    for threads, measured in one["threads"].items():
        parts += ["", f"==== {one['arch']}, {height}x{width}, {threads} {'thread' if threads == '1' else 'threads'} ====",
                  *measured_parts(one, measured, precisions)]
    return "\n".join(parts)


def summary_table(results):
    """One line for each network, size and thread count: segent's seconds, and what they are of each engine's."""
    rows = []
    for one in results["cases"]:
        for threads, measured in one["threads"].items():
            f = Figures(measured)
            seconds, processor = f.warm("segent", "network"), f.warm("segent", "processor_seconds")
            rows.append([one["arch"], f"{one['shape']['height']}x{one['shape']['width']}", threads, cell(seconds, ".4f")] +
                        [cell(f.network_ratio(name), ".3f") for name in ENGINES] +
                        [cell(ratio(processor, f.warm(name, "processor_seconds")), ".3f") for name in ENGINES] +
                        [cell(ratio(f.cold("segent", "seconds"), f.cold(name, "seconds")), ".3f") for name in ("ort-whole", "ort-python-whole")])
    engines = [title.removesuffix("'s").replace("'s (", " (") for title in ENGINES.values()]
    return table(["segent's share of others' time", "size", "threads", "segent, s", *engines, *(f"processor: {e}" for e in engines),
                  "first result: Node", "first result: Python"], rows)


def text(results):
    machine = results["machine"]
    versions = {}
    for measured in (m for one in results["cases"] for m in one["threads"].values()):
        for peer in measured["peers"].values():
            versions = {**peer.get("ready", {}).get("versions", {}), **versions}  # an earlier build of segent comes after segent
    parts = [f"{machine['processor']}, {machine['processors']} processors, Linux {machine['kernel']}, {machine['time']}",
             ", ".join(f"{name} {version}" for name, version in versions.items())]
    parts += [case_text(one, results) for one in results["cases"]]
    if len(results["cases"]) > 1 and not results.get("precisions", False):
        parts += ["", summary_table(results)]
    return "\n".join(parts)


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(text(json.load(file)))
