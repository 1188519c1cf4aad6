#!/usr/bin/python3
"""Times libsegent's uncertainty functions against PyTorch's, interleaved, and prints medians and ratios.

    /usr/bin/python3 head_vs_torch.py BUILD/lib/libsegent.so [--rounds 15] [--threads 1 2] [--cpu]

Two measurements, 21 classes, 640 x 856:
  head   21 x 80 x 107 logits to labels, entropy map and sum at 640 x 856; PyTorch: interpolate, argmax, softmax, -sum p log p, sum
  full   entropy map and sum of 21 x 640 x 856 logits; PyTorch: softmax, -sum p log p, sum
Beside `full`, the time in which one core reads the same buffer (the largest of all values, by NumPy).
--cpu counts the main thread's processor time instead of the wall's, for one thread on a busy machine.
"""
import argparse, ctypes as c, statistics, time
import numpy as np
import torch
import torch.nn.functional as F

C, LOW, SIZE = 21, (80, 107), (640, 856)
i64, ptr = c.c_int64, c.c_void_p


class Options(c.Structure):
    _fields_ = [("size", c.c_size_t), ("threads", c.c_int32), ("cpu", c.c_uint32), ("allocate", ptr), ("release", ptr),
                ("allocator_user", ptr), ("log", ptr), ("log_user", ptr), ("parallel", ptr), ("parallel_user", ptr),
                ("memory_limit", i64), ("reserved", c.c_uint64 * 4)]


class Tensor(c.Structure):
    _fields_ = [("data", ptr)] + [(n, i64) for n in ("channels", "height", "width", "channel_stride", "row_stride", "column_stride")]


class Map(c.Structure):
    _fields_ = [("data", ptr)] + [(n, i64) for n in ("height", "width", "row_stride", "column_stride")]


class Labels(c.Structure):
    _fields_ = Map._fields_ + [("type", c.c_int32), ("reserved", c.c_int32)]


class Maps(c.Structure):
    _fields_ = [("size", c.c_size_t), ("height", i64), ("width", i64), ("labels", Labels), ("entropy", Map), ("top", Map),
                ("margin", Map), ("logits", Tensor), ("probabilities", Tensor), ("reserved", c.c_uint64 * 4)]


class Summary(c.Structure):
    _fields_ = [("size", c.c_size_t), ("pixels", i64)] + \
               [(n, c.c_double) for n in ("sum", "mean", "minimum", "maximum", "sum_nats")] + [("reserved", c.c_uint64 * 4)]


def dense(array):
    """A view of (C, H, W) values; all strides 0 mean that they are dense."""
    return Tensor(array.ctypes.data, *array.shape)


class Segent:
    def __init__(self, path, threads):
        self.lib = c.CDLL(path)
        self.lib.segent_last_error.restype = c.c_char_p
        self.context = ptr()
        options = Options(size=c.sizeof(Options), threads=threads)
        self.check(self.lib.segent_context_create(c.byref(options), c.byref(self.context)))
        self.labels, self.entropy = np.zeros(SIZE, np.uint8), np.zeros(SIZE, np.float32)
        self.summary = Summary(size=c.sizeof(Summary))

    def check(self, status):
        if status != 0:
            raise SystemExit(self.lib.segent_last_error(self.context).decode())

    def head(self, low):
        maps = Maps(size=c.sizeof(Maps), height=SIZE[0], width=SIZE[1], labels=Labels(self.labels.ctypes.data),
                    entropy=Map(self.entropy.ctypes.data))
        self.check(self.lib.segent_uncertainty_from_logits(self.context, c.byref(dense(low)), None, c.byref(maps),
                                                           c.byref(self.summary)))
        return self.summary.sum_nats

    def full(self, logits):
        entropy = Map(self.entropy.ctypes.data, *SIZE)
        self.check(self.lib.segent_entropy_map(self.context, c.byref(dense(logits)), None, c.byref(entropy)))
        self.check(self.lib.segent_image_entropy(self.context, c.byref(entropy), None, c.byref(self.summary)))
        return self.summary.sum * np.log(C)


def torch_full(full):
    p = torch.softmax(full, 0)
    return float((-(p * torch.log(p)).sum(0)).sum())


def torch_head(low):
    full = F.interpolate(low[None], size=SIZE, mode="bilinear", align_corners=False)[0]
    full.argmax(0)
    return torch_full(full)


def interleave(functions, rounds, clock):
    """Median seconds of each function; they take turns."""
    times = {name: [] for name in functions}
    for _ in range(rounds + 2):
        for name, function in functions.items():
            start = clock()
            function()
            times[name].append(clock() - start)
    return {name: statistics.median(t[2:]) for name, t in times.items()}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("library"); a.add_argument("--rounds", type=int, default=15)
    a.add_argument("--threads", type=int, nargs="+", default=[1, 2]); a.add_argument("--cpu", action="store_true")
    a = a.parse_args()
    clock = time.thread_time if a.cpu else time.perf_counter
    low = np.random.default_rng(0).normal(0, 4, (C, *LOW)).astype(np.float32)
    full = F.interpolate(torch.from_numpy(low)[None], size=SIZE, mode="bilinear", align_corners=False)[0].contiguous().numpy()
    for threads in a.threads:
        torch.set_num_threads(threads)
        ours = Segent(a.library, threads)
        expected, got = torch_head(torch.from_numpy(low)), ours.head(low)
        assert abs(got - expected) < 1e-4 * expected, (got, expected)
        expected, got = torch_full(torch.from_numpy(full)), ours.full(full)
        assert abs(got - expected) < 1e-4 * expected, (got, expected)
        t = interleave({"torch head": lambda: torch_head(torch.from_numpy(low)), "head": lambda: ours.head(low)}, a.rounds, clock)
        print(f"{threads} thread(s)  head: torch {t['torch head'] * 1e3:7.2f} ms, segent {t['head'] * 1e3:6.2f} ms, "
              f"{t['torch head'] / t['head']:5.1f} x")
        t = interleave({"torch full": lambda: torch_full(torch.from_numpy(full)), "full": lambda: ours.full(full),
                        "read": lambda: full.max()}, a.rounds, clock)
        line = (f"{threads} thread(s)  full: torch {t['torch full'] * 1e3:7.2f} ms, segent {t['full'] * 1e3:6.2f} ms, "
                f"{t['torch full'] / t['full']:5.1f} x")
        print(line + (f"; one core reads in {t['read'] * 1e3:.2f} ms ({full.nbytes / t['read'] / 1e9:.1f} GB/s): "
                      f"{100 * t['read'] / t['full']:.0f} % of that rate" if threads == 1 else ""))


if __name__ == "__main__":
    main()
