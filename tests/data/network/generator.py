# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Weights and pictures from a seed, the same numbers as tests/support/network_weights.c makes.

Element i of a tensor depends on (seed, name of the tensor, i) only, through splitmix64. A value is centre + radius * u in
float32, with u one of 2^24 equally spaced numbers in [-1, 1). Centre and radius follow from the tensor's name and shape, so that
activations stay in a sane range through any number of blocks without looking at a single one.
"""
import numpy as np

GOLDEN = np.uint64(0x9e3779b97f4a7c15)


def mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return z ^ (z >> np.uint64(31))


def key(seed, name):
    """64-bit FNV-1a of the name, mixed with the seed."""
    value = 0xcbf29ce484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001b3 % (1 << 64)
    with np.errstate(over="ignore"):
        return mix(np.uint64(value) + np.uint64(seed) * GOLDEN)


def uniform(seed, name, shape, centre, radius):
    count = int(np.prod(shape, dtype=np.int64))
    with np.errstate(over="ignore"):
        z = mix(key(seed, name) + np.arange(1, count + 1, dtype=np.uint64) * GOLDEN)
    u = ((z >> np.uint64(40)).astype(np.int32) - np.int32(1 << 23)).astype(np.float32) * np.float32(2.0 ** -23)
    return (np.float32(radius) * u + np.float32(centre)).reshape(shape)


# Of what the first convolution of a layer's first block sees; of its second block, and what each further block adds.
FIRST = (5.5, 1.7, 2.0, 2.5)
SECOND = (1.3, 1.4, 1.6, 1.3)
GROWTH = (0.2, 0.15, 0.18, 0.1)


def variance(module):
    """About the mean square of what the batch norm of that name sees."""
    if module == "backbone.bn1":
        return 2.7
    if module.startswith("backbone.layer") and (module.endswith(".bn1") or module.endswith(".downsample.1")):
        layer, block = int(module[14]) - 1, int(module.split(".")[2])
        return FIRST[layer] if block == 0 else SECOND[layer] + GROWTH[layer] * (block - 1)
    if ".block." in module:  # of a MobileNet
        return 2.0
    if module.startswith("classifier.0.convs"):
        return 0.5 if module[19] in "123" else 1.6
    return 1.5 if module == "classifier.0.project.1" else 1.05


def parameters(name, shape):
    """(centre, radius) of a tensor's values."""
    module, part = name.rsplit(".", 1)
    if len(shape) == 4:
        gain = 1.0 if name != "classifier.4.weight" else 2.0 if shape[1] >= 256 else 4.0
        if ".fc" in module:  # squeezes or excites: keeps factors off 0 and 1
            gain = 0.5
        return 0.0, gain * np.sqrt(6.0 / (shape[1] * shape[2] * shape[3]))
    branch = 0.3 if module.endswith("bn3") else 1.0  # of a residual sum: keeps its growth mild
    if part == "weight":
        return branch, 0.4 * branch
    if part == "running_var":
        return variance(module), 0.4 * variance(module)
    if part == "running_mean":
        return 0.0, 0.3
    return 0.0, 0.5 * branch  # bias


def tensor(seed, name, shape):
    if name.endswith(".num_batches_tracked"):
        return np.zeros(shape, np.int64)
    return uniform(seed, name, shape, *parameters(name, shape))


def picture(seed, height, width):
    """A "normalised" picture of noise, (height, width, 3)."""
    return uniform(seed, f"picture {width}x{height}", (height, width, 3), 0.0, 2.0)
