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

LABEL_U8 = 0
PIXEL_RGB = 0
NOT_FINITE = 30


def numbers(names):
    return [(name, c.c_int64) for name in names.split()]


class Tensor(c.Structure):
    _fields_ = [("data", c.c_void_p)] + numbers("channels height width channel_stride row_stride column_stride")


class Map(c.Structure):
    _fields_ = [("data", c.c_void_p)] + numbers("height width row_stride column_stride")


class Labels(c.Structure):
    _fields_ = Map._fields_ + [("type", c.c_int32), ("reserved", c.c_int32)]


class Pixels(c.Structure):
    _fields_ = [("data", c.c_void_p)] + numbers("height width row_stride") + [("format", c.c_int32), ("reserved", c.c_int32)]


class Summary(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("pixels", c.c_int64)] + \
               [(name, c.c_double) for name in "sum mean minimum maximum sum_nats".split()] + [("reserved", c.c_uint64 * 4)]


def view(kind, array):
    """Of an array, dense or not: its address, sizes and strides in elements. It keeps the array alive."""
    made = kind(array.ctypes.data, *array.shape, *(stride // array.itemsize for stride in array.strides))
    made.array = array
    return made


def pixels(rgb):
    """Of (H, W, 3) bytes."""
    made = Pixels(rgb.ctypes.data, rgb.shape[0], rgb.shape[1], rgb.strides[0], PIXEL_RGB)
    made.array = rgb
    return made


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


def layouts(logits):
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
    for name, array in layouts(logits):
        values = view(Tensor, array)
        normalized = np.zeros(logits.shape[1:], np.float32)
        labels = np.zeros((logits.shape[1], logits.shape[2] * 3), np.uint8)[:, ::3]
        library.call("entropy_map", c.byref(values), None, c.byref(view(Map, normalized)))
        library.call("argmax", c.byref(values), c.byref(view(Labels, labels)))
        np.testing.assert_allclose(normalized, nats / np.log(len(logits)), atol=2e-6, err_msg=name)
        np.testing.assert_array_equal(labels, logits.argmax(0), err_msg=name)
        library.call("softmax", c.byref(values), c.byref(values))
        np.testing.assert_allclose(array, expected, atol=1e-6, err_msg=name + ", softmax in place")
        print(f"ctypes, {name}: ok")
    summary = Summary(struct_size=c.sizeof(Summary))
    library.call("image_entropy", c.byref(view(Map, normalized)), None, c.byref(summary))
    np.testing.assert_allclose([summary.sum, summary.mean], [normalized.sum(dtype=np.float64), normalized.mean(dtype=np.float64)],
                               rtol=1e-12)


def check_colours(library, labels):
    rgb = np.zeros((*labels.shape, 3), np.uint8)
    library.call("palette_decode", c.byref(view(Labels, labels)), None, c.c_int64(0), c.byref(pixels(rgb)))
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
    assert library.status("entropy_map", c.byref(view(Tensor, broken)), None, c.byref(view(Map, out))) == NOT_FINITE
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
