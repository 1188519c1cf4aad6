# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""What libsegent sets out to reach against its peers, beside what a run measured. Figures of one run, in one thread count."""
import statistics

from case import DEFAULT_ARCH, DEFAULT_SIZE

ENGINES = {"ort": "ONNX Runtime's", "ort-python": "ONNX Runtime's (Python)", "openvino": "OpenVINO's"}
RESNET_MOST = 0.55  # of another engine's time
MOBILENET_MOST = 0.75  # of the fastest other engine's: memory and small products bind all of them


def median(rows, key):
    values = [row[key] for row in rows if key in row]
    return statistics.median(values) if values else None


def ratio(a, b):
    return a / b if a is not None and b else None


class Figures:
    """Medians by peer's name; None where a peer took no part."""

    def __init__(self, measured, operations=0):
        self.measured, self.operations = measured, operations

    def warm(self, name, key):
        return median(self.measured["peers"].get(name, {}).get("rounds", []), key)

    def cold(self, name, key):
        return median(self.measured["cold"].get(name, []), key)

    def maps(self, name, key):
        return median(self.measured["peers"].get(name, {}).get(key, []), "seconds")

    def limit(self, key):
        return max((row[key] for row in self.measured["limits"]), default=None)

    def network_ratio(self, name):
        return ratio(self.warm("segent", "network"), self.warm(name, "network"))

    def effective_rate(self):
        """GFLOP/s of direct convolution's work."""
        return ratio(self.operations * 1e-9, self.warm("segent", "network"))

    def share_of_reading(self, buffers):
        """Of the rate at which one core reads full-size logits, what the entropy map and sum reach."""
        shares = [run[buffers]["read"] / run[buffers]["entropy"] for run in self.measured["reading"]]
        return statistics.median(shares) if shares else None


def network_goals(arch, f, taking_part):
    """The network alone, against the engines that took part."""
    engines = [name for name in ENGINES if name in taking_part]
    if "mobilenet" in arch:
        fastest = max((r for r in map(f.network_ratio, engines) if r is not None), default=None)
        return [("network: segent's seconds / the fastest other engine's", fastest, MOBILENET_MOST, None)]
    return [(f"network: segent's seconds / {ENGINES[name]}", f.network_ratio(name), RESNET_MOST, None) for name in engines]


def first_result_goals(arch, f):
    def first(title, peer, most):
        return (f"first result: segent's seconds / {title}", ratio(f.cold("segent", "seconds"), f.cold(peer, "seconds")), most, None)

    if arch.startswith("lraspp"):
        return [first("ONNX Runtime's from Python, to labels", "ort-python-whole", 0.25),
                first("ONNX Runtime's from Node, to labels", "ort-whole", 0.6)]
    return [] if "mobilenet" in arch else [first("ONNX Runtime's", "ort", 0.45)]


def default_goals(f, measured):
    """Of the network and the size that every version is compared with."""
    rows = [("effective rate / peak of multiply-adds", ratio(f.effective_rate(), f.limit("fma_gflops")), None, 1.0)]
    if "onednn" in measured["peers"]:
        rows.append(("network: segent's seconds / oneDNN's convolutions'", f.network_ratio("onednn"), 0.72, None))
    for name in ("torch", "torch-channels-last", "torch-frozen", "torch-avx512"):
        if name in measured["peers"]:
            title = measured["peers"][name]["title"]
            rows.append((f"whole: {title}'s seconds / segent's", ratio(f.warm(name, "total"), f.warm("segent", "total")), None, 2.0))
    return rows + [
        ("peak memory of the small mode, MB", ratio(f.cold("segent-small", "peak_rss_bytes"), 1e6), 450.0, None),
        ("head: PyTorch's seconds / segent's", ratio(f.maps("torch", "head"), f.maps("segent", "head")), None, 25.0),
        ("full-size entropy: PyTorch's seconds / segent's", ratio(f.maps("torch", "maps"), f.maps("segent", "maps")), None, 10.0),
        ("full-size entropy: rate / reading's, from memory, one core", f.share_of_reading("many_buffers"), None, 0.7),
    ]


def version_goals(f):
    return [(f"{title}: segent's / the other version's", ratio(figure("segent", key), figure("segent-before", key)), 1.01, None)
            for title, figure, key in (("network, seconds", f.warm, "network"), ("first result, seconds", f.cold, "seconds"),
                                       ("peak memory", f.cold, "peak_rss_bytes"))]


def goals(one, measured):
    """[(what, measured or None, at most or None, at least or None)] of one network at one size, in one thread count"""
    f, peers = Figures(measured, one["shape"]["operations"]), measured["peers"]
    rows = network_goals(one["arch"], f, peers)
    if (one["arch"], one["size"]) == (DEFAULT_ARCH, DEFAULT_SIZE):
        rows += default_goals(f, measured)
    rows += first_result_goals(one["arch"], f)
    rows.append(("peak memory: segent's / ONNX Runtime's", ratio(f.cold("segent", "peak_rss_bytes"), f.cold("ort", "peak_rss_bytes")), 1.0, None))
    if "segent-small" in peers and "mobilenet" not in one["arch"]:
        rows.append(("network, small mode: seconds / ONNX Runtime's", ratio(f.warm("segent-small", "network"), f.warm("ort", "network")), 1.0, None))
    rows += [(f"labels as {peers[name]['title']}, share of the pixels", share, None, 0.999) for name, share in measured["agreement"].items()
             if name.startswith(("ort", "openvino"))]
    if "segent-before" in peers:
        rows += version_goals(f)
    if "segent-blas" in peers:
        rows.append(("network: OpenBLAS Haswell's seconds / AVX2's",
                     ratio(f.warm("segent-blas", "network"), f.warm("segent-avx2", "network")), None, 1.6))
    return rows


def verdict(value, most, least):
    if value is None:
        return "not measured"
    return "reached" if (most is None or value <= most) and (least is None or value >= least) else "missed"
