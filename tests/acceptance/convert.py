#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Converts checkpoints as torch writes them by `segent convert`, and compares what comes out with torch, bit by bit.

    /usr/bin/python3 tests/acceptance/convert.py build/src/segent

Each case is a file of a narrow network: a form, a type of its numbers, a layout of its storages, names with something before them.
Of its conversion must hold:
  - the tensors are those of the state dict without the auxiliary classifier and the counters, as float32, or rounded as torch rounds;
  - torchvision's network takes them (load_state_dict, strict);
  - segent's logits of a picture are those of the source, bit by bit;
  - converted again it is the same file, byte by byte;
  - the package safetensors, where Python has it, reads the same tensors and metadata.
Needs Debian's python3-torch, python3-torchvision and python3-pil. Exit status 1 when anything does not hold.
"""
import argparse
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile

import torch
from PIL import Image

import reference

try:
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file
except ImportError:
    safe_open = None

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
WORDS = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}


def read(path):
    """Metadata and tensors of a safetensors file."""
    data = open(path, "rb").read()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    metadata, values = header.pop("__metadata__"), bytearray(data[8 + size:])
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        tensors[name] = torch.frombuffer(values[first:last], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return metadata, tensors


def same(a, b):
    """Whether two tensors are the same in type, shape and every bit."""
    return a.dtype == b.dtype and a.shape == b.shape and a.contiguous().view(-1).view(torch.uint8).equal(b.contiguous().view(-1).view(torch.uint8))


def same_tensors(a, b):
    return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)


def used(state):
    """The tensors that the network uses."""
    return {name: value for name, value in state.items() if not name.startswith("aux_classifier.") and "num_batches_tracked" not in name}


def one_storage(state):
    """The same values as views of one storage, as a program keeps them that flattens its parameters."""
    flat = torch.cat([value.float().reshape(-1) for value in state.values()])
    parts = flat.split([value.numel() for value in state.values()])
    return {name: part.view(value.shape) for (name, value), part in zip(state.items(), parts)}


def transposed(state):
    """The same values with other strides: convolutions' as (kernel, kernel, inputs, outputs) lie in memory."""
    return {name: value.permute(2, 3, 1, 0).contiguous().permute(3, 2, 0, 1) if value.dim() == 4 else value for name, value in state.items()}


def halves(dtype):
    return lambda state: {name: value.to(dtype) if value.is_floating_point() else value for name, value in state.items()}


def named(before):
    return lambda state: {before + name: value for name, value in state.items()}


def plain(state):
    return state


LAYOUTS = {
    "plain": plain, "float16": halves(torch.float16), "bfloat16": halves(torch.bfloat16), "float64": halves(torch.float64),
    "one storage": one_storage, "transposed": transposed, "module.": named("module."), "model.student.": named("model.student."),
    "channels last": lambda state: {name: value.contiguous(memory_format=torch.channels_last) if value.dim() == 4 else value
                                    for name, value in state.items()},
}


class Checker:
    def __init__(self, segent, folder):
        self.segent, self.folder, self.failed, self.checked = segent, folder, 0, 0
        self.picture = os.path.join(folder, "picture.png")
        Image.effect_noise((90, 70), 90).convert("RGB").save(self.picture)

    def run(self, *arguments):
        return subprocess.run([self.segent, *arguments], capture_output=True, text=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def logits(self, model):
        done = self.run("run", "-q", "-m", model, "--size", "64", "--save", "logits.npy", "-o", self.folder, self.picture)
        done.check_returncode()
        return open(self.path("picture.logits.npy"), "rb").read()

    def check(self, title, what, holds):
        self.checked += 1
        if not holds:
            self.failed += 1
            print(f"FAILED {title}: {what}")

    def package(self, title, path, metadata, tensors):
        """What the package makes of the file; and the file that it writes of the same tensors is converted to the same tensors."""
        with safe_open(path, "pt") as file:
            self.check(title, "safetensors reads its metadata", file.metadata() == metadata)
        self.check(title, "safetensors reads its tensors", same_tensors(load_file(path), tensors))
        save_file(tensors, self.path("package.safetensors"), metadata=metadata)
        done = self.run("convert", "-q", self.path("package.safetensors"), self.path("back.safetensors"))
        self.check(title, f"what safetensors writes is converted: {done.stderr}", done.returncode == 0)
        if done.returncode == 0:
            wide = {name: value.float() for name, value in tensors.items()}
            self.check(title, "what safetensors writes is the same", same_tensors(read(self.path("back.safetensors"))[1], wide))

    def conversion(self, title, source, state, network, dtype=torch.float32):
        """Checks the conversion of the file `source`, whose values are `state`."""
        out = self.path("out.safetensors")
        done = self.run("convert", "-q", "--dtype", WORDS[dtype], source, out)
        self.check(title, f"is converted: {done.stderr}", done.returncode == 0)
        if done.returncode:
            return
        metadata, tensors = read(out)
        self.check(title, "the tensors", same_tensors(tensors, {name: value.float().to(dtype) for name, value in used(state).items()}))
        self.check(title, "the source", metadata["segent.source"] == os.path.basename(source))
        self.check(title, "its sha256", metadata["segent.source_sha256"] == hashlib.sha256(open(source, "rb").read()).hexdigest())
        del network.aux_classifier
        self.check(title, "torchvision takes it", not any(network.load_state_dict(tensors, strict=True)))
        if dtype == torch.float32:
            self.check(title, "the logits", self.logits(source) == self.logits(out))
        again = self.path("again.safetensors")
        self.run("convert", "-q", "--dtype", WORDS[dtype], out, again)
        self.check(title, "converted again", open(out, "rb").read() == open(again, "rb").read())
        if safe_open:
            self.package(title, out, metadata, tensors)


def networks():
    yield "DeepLabV3", lambda: reference.NarrowDeepLab((1, 2, 1, 1), 8, 16, 5, (12, 24, 36))
    yield "FCN", lambda: reference.NarrowFCN((1, 1, 2, 1), 8, 21)


def check_state_dicts(checker, kind, make):
    state = reference.calibrate(make(), 1).state_dict()
    for layout, change in LAYOUTS.items():
        values = change(state)
        base = {name.split("module.")[-1].split("student.")[-1]: value for name, value in values.items()}
        source = checker.path("source.pth")
        for legacy in (False, True):
            torch.save({"epoch": 3, "state_dict": values}, source, _use_new_zipfile_serialization=not legacy)
            checker.conversion(f"{kind}, {layout}, {'legacy' if legacy else 'zip'}", source, base, make())
    torch.save(state, source)
    for dtype in (torch.float16, torch.bfloat16):
        checker.conversion(f"{kind} to {dtype}", source, state, make(), dtype)


def check_modules(checker, kind, make):
    """Whole modules: one eps for all batch norms is kept, several are refused."""
    network = reference.calibrate(make(), 2)
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for eps in (1e-5, 0.03, 1 / 3, 1.1e-7):
        for norm in norms:
            norm.eps = eps
        torch.save(torch.nn.DataParallel(network), checker.path("module.pth"), _use_new_zipfile_serialization=False)
        checker.conversion(f"{kind}, a whole module with eps {eps}", checker.path("module.pth"), network.state_dict(), make())
    norms[1].eps = 0.5
    torch.save(network, checker.path("module.pth"))
    done = checker.run("convert", checker.path("module.pth"), checker.path("mixed.safetensors"))
    checker.check(kind, f"several eps are refused: {done.stderr}", done.returncode == 3 and "different eps" in done.stderr)
    checker.check(kind, "and nothing is written", not os.path.exists(checker.path("mixed.safetensors")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("segent")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        checker = Checker(os.path.abspath(arguments.segent), folder)
        for kind, make in networks():
            check_state_dicts(checker, kind, make)
            check_modules(checker, kind, make)
    if not safe_open:
        print("NOT TESTED: the package safetensors, which this Python has not")
    print(f"{checker.checked - checker.failed} of {checker.checked} hold")
    return 1 if checker.failed else 0


sys.exit(main())
