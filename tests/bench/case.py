# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""What a comparison is of: a network's name, a picture's size, and the folder that holds both. Imports nothing big, because peers do."""
import json
import os

DEFAULT_ARCH, DEFAULT_SIZE = "deeplabv3_resnet101", "856x640"
FILES = ("shape.json", "model.pth", "network.onnx", "whole.onnx", "picture.rgb", "input.f32", "logits.f32")
HALVES = "network-bf16.onnx"  # for the engines that have a precision from the graph


class Unable(Exception):
    """What an engine cannot do on this machine, or in the version that is installed."""


def sides(size):
    """(width, height) of what the command's --size takes."""
    width, height = size.lower().split("x")
    return int(width), int(height)


def folder_of(data, arch, size):
    return os.path.join(data, f"{arch}-{size}")


def arch_of(folder):
    return os.path.basename(os.path.normpath(folder)).rsplit("-", 1)[0]


def read_shape(folder):
    """classes, height and width, low_height and low_width of the logits, operations of one inference"""
    with open(os.path.join(folder, "shape.json")) as file:
        return json.load(file)
