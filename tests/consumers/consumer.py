#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The library through ctypes on NumPy's own buffers, and the command on files of NumPy's, both against NumPy's numbers:
consumer.py LIBRARY [COMMAND]"""
import ctypes as c
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

LABEL_U8 = 1
NOT_FINITE = 30


class Layout(c.Structure):
    _fields_ = [(name, c.c_int64) for name in "classes height width class_stride row_stride column_stride".split()]


class Plane(c.Structure):
    _fields_ = [("row_stride", c.c_int64), ("column_stride", c.c_int64)]


class Summary(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("pixels", c.c_int64)] + \
               [(name, c.c_double) for name in "sum mean minimum maximum sum_nats".split()]


def layout(array):
    """Of any (C, H, W) view of float32 values, dense or not."""
    return Layout(*array.shape, *(stride // array.itemsize for stride in array.strides))


def plane(array):
    return Plane(*(stride // array.itemsize for stride in array.strides))


def address(array):
    return c.c_void_p(array.ctypes.data)


class Library:
    def __init__(self, path):
        self.functions = c.CDLL(path)
        self.functions.segent_last_error.restype = c.c_char_p
        self.context = c.c_void_p()
        assert self.functions.segent_context_create(None, c.byref(self.context)) == 0

    def status(self, name, *arguments):
        return getattr(self.functions, "segent_" + name)(self.context, *arguments)

    def call(self, name, *arguments):
        if self.status(name, *arguments) != 0:
            sys.exit(f"{name}: {self.functions.segent_last_error(self.context).decode()}")


def softmax(logits):
    exponentials = np.exp(logits.astype(np.float64) - logits.max(0))
    return exponentials / exponentials.sum(0)


def entropy_nats(probabilities):
    return -(probabilities * np.log(np.where(probabilities > 0, probabilities, 1))).sum(0)


def views(logits):
    """The same logits in several memory layouts."""
    padded = np.full((logits.shape[0], logits.shape[1] + 3, logits.shape[2] + 5), np.nan, np.float32)
    padded[:, 1:-2, 2:-3] = logits
    yield "C x H x W", logits.copy()
    yield "H x W x C", np.ascontiguousarray(logits.transpose(1, 2, 0)).transpose(2, 0, 1)
    yield "a window of a larger array", padded[:, 1:-2, 2:-3]
    yield "bottom-up", np.ascontiguousarray(logits[:, ::-1])[:, ::-1]
    yield "every second column", np.repeat(logits, 2, axis=2)[:, :, ::2]


def check_layouts(library, logits):
    expected = softmax(logits)
    nats = entropy_nats(expected)
    for name, view in views(logits):
        shape = layout(view)
        normalized = np.zeros(logits.shape[1:], np.float32)
        labels = np.zeros((logits.shape[1], logits.shape[2] * 3), np.uint8)[:, ::3]
        library.call("entropy_map", address(view), c.byref(shape), None, address(normalized), None)
        library.call("argmax", address(view), c.byref(shape), address(labels), LABEL_U8, c.byref(plane(labels)))
        np.testing.assert_allclose(normalized, nats / np.log(len(logits)), atol=2e-6, err_msg=name)
        np.testing.assert_array_equal(labels, logits.argmax(0), err_msg=name)
        library.call("softmax", address(view), c.byref(shape), address(view), None)
        np.testing.assert_allclose(view, expected, atol=1e-6, err_msg=name + ", softmax in place")
        print(f"ctypes, {name}: ok")
    summary = Summary(struct_size=c.sizeof(Summary))
    library.call("image_entropy", address(normalized), c.c_int64(normalized.shape[0]), c.c_int64(normalized.shape[1]), None,
                 None, None, c.byref(summary))
    np.testing.assert_allclose([summary.sum, summary.mean], [normalized.sum(dtype=np.float64), normalized.mean(dtype=np.float64)],
                               rtol=1e-12)


def check_colours(library, labels):
    rgb = np.zeros((*labels.shape, 3), np.uint8)
    library.call("palette_decode", address(labels), LABEL_U8, None, c.c_int64(labels.shape[0]), c.c_int64(labels.shape[1]),
                 None, c.c_int64(0), address(rgb), c.c_int64(0))
    expected = np.zeros((256, 3), np.uint8)
    for index in range(256):
        for bit in range(8):
            for channel in range(3):
                expected[index, channel] |= ((index >> (3 * bit + channel)) & 1) << (7 - bit)
    expected[255] = (224, 224, 192)
    np.testing.assert_array_equal(rgb, expected[labels])
    print("ctypes, palette: ok")


def check_errors(library, logits):
    broken = logits.copy()
    broken[1, 2, 3] = np.nan
    out = np.zeros(logits.shape[1:], np.float32)
    assert library.status("entropy_map", address(broken), c.byref(layout(broken)), None, address(out), None) == NOT_FINITE
    assert library.functions.segent_last_error(library.context) != b""
    print("ctypes, NaN is refused: ok")


def check_command(command, logits):
    nats = entropy_nats(softmax(logits))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "logits.npy")
        np.save(path, logits)
        done = subprocess.run([command, "entropy", "--json", "--save", "none", path], text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
    np.testing.assert_allclose([report["entropy_sum_nats"], report["entropy_sum"], report["entropy_mean"]],
                               [nats.sum(), nats.sum() / np.log(len(logits)), nats.mean() / np.log(len(logits))], rtol=1e-5)
    assert (report["width"], report["height"], report["classes"]) == logits.shape[::-1], report
    print("command, entropy of a NumPy file: ok")


def main():
    random = np.random.default_rng(7)
    logits = (random.standard_normal((21, 33, 47)) * 4).astype(np.float32)
    library = Library(sys.argv[1])
    check_layouts(library, logits)
    check_colours(library, random.integers(0, 256, (19, 23), np.uint8))
    check_errors(library, logits)
    library.functions.segent_context_destroy(library.context)
    if len(sys.argv) > 2:
        check_command(sys.argv[2], logits)


main()
