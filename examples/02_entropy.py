#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Entropy of one's own logits from Python: ctypes and NumPy, no copies. Any (C, H, W) float32 array will do, whatever its
strides; a PyTorch tensor's .numpy() is one.

    python3 02_entropy.py [LOGITS.npy] [ENTROPY.npy]

Finds libsegent.so where the system's loader does; LIBSEGENT in the environment names another one."""
import ctypes as c
import os
import sys

import numpy as np


class TensorView(c.Structure):
    """segent_tensor_view: C x H x W values, where they lie, and strides, which count elements."""
    _fields_ = [("data", c.c_void_p)] + [(name, c.c_int64) for name in (
        "channels", "height", "width", "channel_stride", "row_stride", "column_stride")]


class MapView(c.Structure):
    """segent_map_view: H x W values; strides of 0 mean dense rows."""
    _fields_ = [("data", c.c_void_p)] + [(name, c.c_int64) for name in ("height", "width", "row_stride", "column_stride")]


segent = c.CDLL(os.environ.get("LIBSEGENT", "libsegent.so.0.9"))
segent.segent_last_error.restype = c.c_char_p
segent.segent_last_error.argtypes = [c.c_void_p]
segent.segent_context_create.argtypes = [c.c_void_p, c.POINTER(c.c_void_p)]
segent.segent_context_destroy.argtypes = [c.c_void_p]
segent.segent_entropy_map.argtypes = [c.c_void_p, c.POINTER(TensorView), c.c_void_p, c.POINTER(MapView)]


def entropy_map(context, logits):
    """Normalised entropy, (H, W), of logits, (C, H, W)."""
    if logits.dtype != np.float32 or logits.ndim != 3:
        raise ValueError("logits must be a (C, H, W) array of float32")
    values = TensorView(logits.ctypes.data, *logits.shape, *(stride // 4 for stride in logits.strides))
    entropy = np.empty(logits.shape[1:], np.float32)
    view = MapView(entropy.ctypes.data, *entropy.shape)
    if segent.segent_entropy_map(context, c.byref(values), None, c.byref(view)) != 0:
        raise ValueError(segent.segent_last_error(context).decode())
    return entropy


def main():
    if len(sys.argv) > 1:
        logits = np.load(sys.argv[1])
    else:
        # Three classes, more and more alike from left to right; channels last in memory.
        logits = np.zeros((64, 256, 3), np.float32)
        logits[:, :, 0] = np.linspace(10, 0, 256, dtype=np.float32)
        logits = logits.transpose(2, 0, 1)
    context = c.c_void_p()
    if segent.segent_context_create(None, c.byref(context)) != 0:
        sys.exit(segent.segent_last_error(None).decode())
    entropy = entropy_map(context, logits)
    segent.segent_context_destroy(context)
    if len(sys.argv) > 2:
        np.save(sys.argv[2], entropy)
    print(f"left {entropy[0, 0]:.3f}, right {entropy[0, -1]:.3f}, mean {entropy.mean(dtype=np.float64):.6f}, "
          f"sum {entropy.sum(dtype=np.float64):.3f}")


main()
