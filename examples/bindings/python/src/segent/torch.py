# SPDX-License-Identifier: BSD-2-Clause
"""PyTorch's modules and tensors: `import segent.torch`, where torch is installed. Tensors are on the CPU and share their memory
with the library; no gradient goes through it."""
from __future__ import annotations

import json
import math
import os
import warnings
from typing import Any, Mapping

import numpy as np
import torch

import segent
from segent._model import Model

TYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64"}
DILATIONS = {8: [1, 1, 2, 4], 16: [1, 1, 1, 2], 32: [1, 1, 1, 1]}  # of the last block of a ResNet's layers, by its output stride


# ---- networks ----

def from_torchvision(model: torch.nn.Module, *, context: segent.Context | None = None, settings: Mapping[str, object] | None = None,
                     **options: Any) -> Model:
    """A model from a network of torchvision.models.segmentation, or one put together from its parts: without a file, and with the
    output stride, the rates and the eps that the module has. settings and options are those of Context.load_model."""
    model = _unwrapped(model)
    told = settings_of(model, bool(options.get("auxiliary")))
    return from_state_dict(model.state_dict(), context=context, settings={**told, **(settings or {})}, **options)


def from_state_dict(state: Mapping[str, torch.Tensor], *, context: segent.Context | None = None, **options: Any) -> Model:
    """A model from the tensors of a module. What names and shapes do not tell, settings must: {"rates": (12, 24, 36), ...}."""
    data = safetensors(state)
    if context is not None:
        return context.load_model(data, **options)
    with segent.Context() as own:
        return own.load_model(data, **options)


def safetensors(state: Mapping[str, torch.Tensor]) -> bytearray:
    """The floating-point tensors as the bytes of a safetensors file."""
    tensors = {name: tensor for name, tensor in state.items() if tensor.dtype in TYPES}
    header, end = {}, 0
    for name, tensor in tensors.items():
        begin, end = end, end + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file = bytearray(8 + len(text) + end)
    file[:8 + len(text)] = len(text).to_bytes(8, "little") + text
    values = np.frombuffer(file, np.uint8)[8 + len(text):]
    for name, tensor in tensors.items():
        dense = tensor.detach().cpu().contiguous().reshape(-1)
        dense = dense.view(torch.int16) if tensor.dtype == torch.bfloat16 else dense  # which NumPy does not know
        begin, end = header[name]["data_offsets"]
        values[begin:end] = dense.numpy().view(np.uint8)
    return file


def _unwrapped(model: torch.nn.Module) -> torch.nn.Module:
    """Without DistributedDataParallel, torch.compile and the like around it."""
    for name in ("module", "_orig_mod"):
        while isinstance(getattr(model, name, None), torch.nn.Module):
            model = getattr(model, name)
    return model


def settings_of(model: torch.nn.Module, auxiliary: bool = False) -> dict[str, object]:
    """What a network's tensors do not tell, read from its modules. ValueError for what the library cannot be told."""
    backbone, classifier = getattr(model, "backbone", None), getattr(model, "classifier", None)
    if not isinstance(backbone, torch.nn.Module) or not isinstance(classifier, torch.nn.Module):
        raise ValueError(f"{type(model).__name__} is no network of torchvision.models.segmentation: no backbone and classifier")
    stride = _stride(backbone)
    if hasattr(backbone, "layer4"):
        dilations = [_dilation(getattr(backbone, f"layer{i}")) for i in range(1, 5)]
        if dilations != DILATIONS.get(stride, dilations):
            raise ValueError(f"the backbone's output stride of {stride} with dilations of {dilations} in its layers is not supported")
    found: dict[str, object] = {"output_stride": stride}
    rates = [module.dilation[0] for name, module in classifier.named_modules()
             if isinstance(module, torch.nn.Conv2d) and "convs." in f".{name}" and module.kernel_size == (3, 3)]
    if rates:
        found["rates"] = tuple(rates)
    eps = _eps(backbone, classifier, getattr(model, "aux_classifier", None) if auxiliary else None)
    return found if eps is None else {**found, "eps": eps}


def _stride(backbone: torch.nn.Module) -> int:
    """Pixels for one of the last map: the product of what stands one behind the other."""
    steps = [module.stride for name, module in backbone.named_modules()
             if isinstance(module, (torch.nn.Conv2d, torch.nn.MaxPool2d)) and "downsample" not in name]
    stride: int = math.prod(step if isinstance(step, int) else step[0] for step in steps)
    return stride


def _dilation(layer: Any) -> int:
    return max(module.dilation[0] for module in layer[-1].modules() if isinstance(module, torch.nn.Conv2d))


def _eps(backbone: torch.nn.Module, *heads: torch.nn.Module | None) -> float | None:
    """The eps of all batch norms; None if they are what the library takes: 1e-3 in a MobileNetV3 and 1e-5 behind it."""
    def of(*modules: torch.nn.Module | None) -> set[float]:
        return {norm.eps for module in modules if module for norm in module.modules() if isinstance(norm, torch.nn.BatchNorm2d)}

    found = of(backbone, *heads)
    if len(found) <= 1:
        return next(iter(found), None)
    if of(backbone) == {1e-3} and of(*heads) == {1e-5} and not hasattr(backbone, "layer4"):
        return None
    raise ValueError(f"batch norms of different eps, {sorted(found)}, are not supported")


class Network(torch.nn.Module):
    """A model in the place of torchvision's: normalised pictures, (N, 3, H, W), to {"out": logits, (N, C, H, W)}. For one thread at a
    time. Its weights are the library's: nothing of it is trained, saved or moved."""

    def __init__(self, model: Model, threads: int = 0, **options: Any) -> None:
        super().__init__()
        self._model, self._context, self._options = model, segent.Context(threads), options

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        values = numpy(pictures)
        if values.ndim != 4:
            raise ValueError(f"the pictures must be (N, 3, H, W), not {tuple(values.shape)}")
        out = torch.empty((len(values), self._model.classes, *values.shape[2:]))
        for picture, logits in zip(values, out.numpy()):
            self._context.run_into(self._model, picture, logits=logits, **self._options)
        return {"out": out}


# ---- tensors ----

def numpy(tensor: torch.Tensor) -> Any:
    """A tensor's memory as an array."""
    if tensor.device.type != "cpu":
        raise ValueError(f"the tensor is on {tensor.device}: tensor.cpu() is meant")
    return tensor.detach().numpy()


def tensor(array: Any) -> torch.Tensor:
    """An array's memory as a tensor, which keeps it alive. That of a result's maps must not be written."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*not writ(e)?able.*")
        return torch.from_numpy(np.asarray(array))


def entropy(logits: torch.Tensor, unit: str = "normalized", **options: Any) -> torch.Tensor:
    """segent.entropy: (C, H, W) or (N, C, H, W) to (H, W) or (N, H, W)."""
    return tensor(segent.entropy(numpy(logits), unit, **options))


def softmax(logits: torch.Tensor, **options: Any) -> torch.Tensor:
    """segent.softmax."""
    return tensor(segent.softmax(numpy(logits), **options))


def argmax(values: torch.Tensor, **options: Any) -> torch.Tensor:
    """segent.argmax, as int64, which indexes."""
    indices: torch.Tensor = tensor(segent.argmax(numpy(values), **options)).long()
    return indices
