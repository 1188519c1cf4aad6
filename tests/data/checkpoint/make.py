#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Makes the checkpoints of this folder with torch 1.13 (Debian 12: python3-torch) and NumPy:

    /usr/bin/python3 make.py

types.*      every dtype, strides, views of one storage, 0 dimensions, no elements; types.npy has their values as float32,
             one tensor after the other
wrapped.*    {"model": state dict with "module." prefixes, "optimizer", "args": Namespace, ...}; wrapped.npy the values
cuda.*       a state dict whose storages say that they were on cuda:0
view.legacy  a storage that is a view of another, as torch before 0.4 wrote
the rest     what must be refused
"""
import argparse, collections, io, json, os, pickle, struct, tarfile
import numpy as np
import torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(7)


def save(value, name, both=True):
    torch.save(value, f"{name}.legacy.pth", _use_new_zipfile_serialization=False)
    if both:
        torch.save(value, f"{name}.zip.pth")


def float32(tensors):
    with np.errstate(over="ignore"):
        return np.concatenate([t.detach().double().numpy().astype(np.float32).ravel() if t.dtype != torch.int64
                               else t.numpy().astype(np.float32).ravel() for t in tensors])


def all_types():
    base = torch.randn(4, 6)
    halves = torch.tensor([0x0001, 0x03ff, 0x0400, 0x3c00, 0x7bff, 0x7c00, -0x8000, -0x7fff, -0x0400], dtype=torch.int16)
    state = collections.OrderedDict()
    state["f32"] = torch.tensor([[1.5, -0.0, 3.4028234e38], [1e-45, float("inf"), -2.25]])
    state["f16"] = halves.view(torch.float16)
    state["bf16"] = torch.tensor([1, 0x3f80, 0x7f7f, 0x7f80, -0x8000, 0x0080], dtype=torch.int16).view(torch.bfloat16)
    state["f64"] = torch.tensor([0.1, 1 + 2.0**-24, 1 + 3 * 2.0**-24, 1e300, -1e-300, 2.0**-149, 1e-40], dtype=torch.float64)
    state["i64"] = torch.tensor([0, -1, 2**24 + 1, 2**62 + 1, -2**63], dtype=torch.int64)
    state["i32"] = torch.tensor([-2**31, 2**31 - 1, 16777217], dtype=torch.int32)
    state["i16"] = torch.tensor([-2**15, 2**15 - 1], dtype=torch.int16)
    state["i8"] = torch.tensor([-128, 127], dtype=torch.int8)
    state["u8"] = torch.tensor([0, 255], dtype=torch.uint8)
    state["bool"] = torch.tensor([True, False, True])
    state["base"] = base
    state["transposed"] = base.t()
    state["row"] = base[2]
    state["column"] = base[:, 3]
    state["steps"] = base[::2, 1::2]
    state["expanded"] = base[1:2].expand(3, 6)
    state["permuted"] = torch.randn(2, 3, 4, 5).permute(3, 1, 0, 2)
    state["channels_last"] = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    state["scalar"] = torch.tensor(42, dtype=torch.int64)
    state["empty"] = torch.zeros(0, 3)
    state["parameter"] = torch.nn.Parameter(torch.randn(3))
    return state


def safetensors(name, tensors, metadata, header=None):
    table, data = {}, b""
    if metadata:
        table["__metadata__"] = metadata
    names = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64",
             torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL"}
    for key, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        raw = (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()
        table[key] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(table, ensure_ascii=True).encode()  # other characters become \uXXXX
    with open(name, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Attack:
    def __reduce__(self):
        return os.system, ("true",)


class ViewPickler(pickle.Pickler):
    """torch before 0.4: a persistent id's sixth member may be (view key, offset, size)."""

    def persistent_id(self, value):
        if isinstance(value, tuple) and len(value) == 2 and value[0] == "storage":
            return ("storage", torch.FloatStorage, "root", "cpu", 6, value[1])


class Tensor:
    def __init__(self, view, size):
        self.arguments = (("storage", view), 0, (size,), (1,), False, collections.OrderedDict())

    def __reduce__(self):
        return torch._utils._rebuild_tensor_v2, self.arguments


def view_of_storage():
    with open("view.legacy.pth", "wb") as file:
        for value in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}):
            pickle.dump(value, file, protocol=2)
        ViewPickler(file, protocol=2).dump({"whole": Tensor(None, 6), "part": Tensor(("view", 2, 3), 3)})
        pickle.dump(["root"], file, protocol=2)
        file.write(struct.pack("<q6f", 6, *range(6)))


def main():
    state = all_types()
    save(state, "types")
    np.save("types.npy", float32(state.values()))
    safetensors("types.safetensors", state, {"segent.rates": "1,2,3", "q\"uo\\te": "l\u00edne\nbreak \U0001f600", "empty": ""})

    network = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    network(torch.randn(1, 2, 5, 5)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 6])
    arguments = argparse.Namespace(lr=0.1, device=torch.device("cpu"), names=["a", None], big=2**70, size=torch.Size([1, 2]), kinds={1})
    wrapped = {"model": collections.OrderedDict(("module." + k, v) for k, v in network.state_dict().items()),
               "optimizer": optimizer.state_dict(), "lr_scheduler": scheduler.state_dict(), "epoch": 3, "best": np.float64(0.5),
               "args": arguments}
    wrapped["itself"] = [wrapped]
    save(wrapped, "wrapped")
    np.save("wrapped.npy", float32(network.state_dict().values()))

    torch.serialization.register_package(5, lambda storage: "cuda:0", lambda storage, location: None)
    save(collections.OrderedDict(weight=torch.tensor([1.0, 2.0])), "cuda")
    torch.serialization._package_registry.pop(0)
    view_of_storage()

    save({"weight": Attack()}, "system")
    torch.save(network, "module.zip.pth")
    cyclic = {}
    cyclic["model"] = cyclic
    save(cyclic, "cyclic", both=False)
    save({"weight": torch.zeros(2, dtype=torch.complex64)}, "complex", both=False)
    save({"weight": torch.zeros([1] * 9)}, "rank9", both=False)
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), "script.pth")
    with tarfile.open("old.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        for member in ("sys_info", "pickle", "tensors", "storages"):
            info = tarfile.TarInfo(member)
            content = pickle.dumps({}, protocol=2)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


main()
