# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""What libsegent sets out to reach against its peers, beside what a run measured. Figures of one run, in one thread count."""
import statistics

TERA_OPERATIONS = 1.008  # 504.0 G multiply-accumulates, of convolution, at 640 x 856


def median(rows, key):
    values = [row[key] for row in rows if key in row]
    return statistics.median(values) if values else None


def ratio(a, b):
    return a / b if a is not None and b else None


class Figures:
    """Medians by peer's name; None where a peer took no part."""

    def __init__(self, measured):
        self.measured = measured

    def warm(self, name, key):
        return median(self.measured["peers"].get(name, {}).get("rounds", []), key)

    def cold(self, name, key):
        return median(self.measured["cold"].get(name, []), key)

    def maps(self, name, key):
        return median(self.measured["peers"].get(name, {}).get(key, []), "seconds")

    def limit(self, key):
        return max((row[key] for row in self.measured["limits"]), default=None)

    def effective_rate(self):
        return ratio(TERA_OPERATIONS * 1e3, self.warm("segent", "network"))

    def share_of_reading(self, buffers):
        """Of the rate at which one core reads full-size logits, what the entropy map and sum reach."""
        shares = [run[buffers]["read"] / run[buffers]["entropy"] for run in self.measured["reading"]]
        return statistics.median(shares) if shares else None


def goals(measured):
    """[(what, measured or None, at most or None, at least or None)]"""
    f = Figures(measured)
    rows = [("network: segent's seconds / ONNX Runtime's", ratio(f.warm("segent", "network"), f.warm("ort", "network")), 0.58, None)]
    if "onednn" in measured["peers"]:
        rows.append(("network: segent's seconds / oneDNN's convolutions'", ratio(f.warm("segent", "network"), f.warm("onednn", "network")), 0.72, None))
    for name in ("torch", "torch-channels-last", "torch-frozen", "torch-avx512"):
        if name in measured["peers"]:
            title = measured["peers"][name]["title"]
            rows.append((f"whole: {title}'s seconds / segent's", ratio(f.warm(name, "total"), f.warm("segent", "total")), None, 2.0))
    rows += [
        ("effective rate / peak of multiply-adds", ratio(f.effective_rate(), f.limit("fma_gflops")), None, 1.0),
        ("peak memory: segent's / ONNX Runtime's", ratio(f.cold("segent", "peak_rss_bytes"), f.cold("ort", "peak_rss_bytes")), 1.0, None),
        ("peak memory of the small mode, MB", ratio(f.cold("segent-small", "peak_rss_bytes"), 1e6), 450.0, None),
        ("network, small mode: seconds / ONNX Runtime's", ratio(f.warm("segent-small", "network"), f.warm("ort", "network")), 1.0, None),
        ("first result: segent's seconds / ONNX Runtime's", ratio(f.cold("segent", "seconds"), f.cold("ort", "seconds")), 0.45, None),
        ("head: PyTorch's seconds / segent's", ratio(f.maps("torch", "head"), f.maps("segent", "head")), None, 25.0),
        ("full-size entropy: PyTorch's seconds / segent's", ratio(f.maps("torch", "maps"), f.maps("segent", "maps")), None, 10.0),
        ("full-size entropy: rate / reading's, from memory, one core", f.share_of_reading("many_buffers"), None, 0.7),
        ("labels as ONNX Runtime's, share of the pixels", measured["agreement"].get("ort-whole"), None, 0.999),
    ]
    if "segent-before" in measured["peers"]:
        for title, figure, key in (("network, seconds", f.warm, "network"), ("first result, seconds", f.cold, "seconds"),
                                   ("peak memory", f.cold, "peak_rss_bytes")):
            rows.append((f"{title}: segent's / the other version's", ratio(figure("segent", key), figure("segent-before", key)), 1.01, None))
    if "segent-blas" in measured["peers"]:
        rows.append(("network: OpenBLAS Haswell's seconds / AVX2's",
                     ratio(f.warm("segent-blas", "network"), f.warm("segent-avx2", "network")), None, 1.6))
    return rows


def verdict(value, most, least):
    if value is None:
        return "not measured"
    return "reached" if (most is None or value <= most) and (least is None or value >= least) else "missed"
