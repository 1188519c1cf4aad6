#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Are the labels of the last `peers.sh` those of float64?

    /usr/bin/python3 tests/bench/float64.py build-peers/data/deeplabv3_resnet101-856x640 [--threads 2]

Runs torchvision's network in float64 on the picture of the comparison, which takes half a minute or more, and prints for each engine whose labels
are there (`labels.NAME`) on how many pixels they are the same: of all, and of those whose two largest logits differ by more than a
hundredth of the logits' standard deviation.
"""
import argparse
import glob
import os

import numpy
import torch

from case import arch_of, read_shape
from network import empty_network


def logits(folder, height, width):
    """(classes, height, width)"""
    model = empty_network(arch_of(folder))
    model.load_state_dict(torch.load(os.path.join(folder, "model.pth"), map_location="cpu"))
    picture = numpy.fromfile(os.path.join(folder, "input.f32"), numpy.float32).reshape(1, 3, height, width)
    with torch.inference_mode():
        return model.eval().double()(torch.from_numpy(picture).double())["out"][0].numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="data of peers.sh")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    shape = read_shape(options.folder)
    height, width = shape["height"], shape["width"]
    truth = logits(options.folder, height, width)
    labels = truth.argmax(0)
    largest = numpy.sort(truth, 0)[-2:]
    sure = largest[1] - largest[0] > 0.01 * truth.std()
    print(f"{numpy.unique(labels).size} classes, {sure.mean():.2%} of the pixels with logits more than a hundredth of the deviation apart")
    for path in sorted(glob.glob(os.path.join(options.folder, "labels.*"))):
        same = numpy.fromfile(path, numpy.uint8).reshape(height, width) == labels
        print(f"{os.path.basename(path)}: {same.mean():.4%} of all, {same[sure].mean():.4%} of these, {(~same).sum()} pixels differ")


if __name__ == "__main__":
    main()
