"""A narrow DeepLabV3-ResNet whose tensors carry torchvision's names, and its file."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.resnet import Bottleneck
from torchvision.models.segmentation.deeplabv3 import ASPP

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Backbone(nn.Module):
    """torchvision's dilated bottleneck ResNet: stride on the 3x3, layers 3 and 4 dilated instead of strided."""

    def __init__(self, blocks: Sequence[int], width: int) -> None:
        super().__init__()
        self.channels, self.dilation = width, 1
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.layer1 = self._layer(width, blocks[0], 1, False)
        self.layer2 = self._layer(width * 2, blocks[1], 2, False)
        self.layer3 = self._layer(width * 4, blocks[2], 2, True)
        self.layer4 = self._layer(width * 8, blocks[3], 2, True)

    def _layer(self, planes: int, count: int, stride: int, dilate: bool) -> nn.Sequential:
        previous = self.dilation
        if dilate:
            self.dilation, stride = self.dilation * stride, 1
        down = None
        if stride != 1 or self.channels != planes * 4:
            down = nn.Sequential(nn.Conv2d(self.channels, planes * 4, 1, stride, bias=False), nn.BatchNorm2d(planes * 4))
        layers = [Bottleneck(self.channels, planes, stride, down, 1, 64, previous, nn.BatchNorm2d)]
        self.channels = planes * 4
        layers += [Bottleneck(self.channels, planes, 1, None, 1, 64, self.dilation, nn.BatchNorm2d) for _ in range(1, count)]
        return nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class DilatedConv(nn.Conv2d):
    """A dilated 3x3 convolution; where every outer tap would read padding, only the centre is computed."""

    def forward(self, x: Tensor) -> Tensor:
        if self.dilation[0] >= max(x.shape[-2:]):
            return F.conv2d(x, self.weight[:, :, 1:2, 1:2])
        return super().forward(x)


class NarrowDeepLab(nn.Module):
    """DeepLabV3 on a narrow backbone; logits come at 1/8 of the input's size."""

    def __init__(self, blocks: Sequence[int] = (2, 3, 5, 1), width: int = 16, aspp: int = 40, classes: int = 21,
                 rates: Sequence[int] = (12, 24, 36)) -> None:
        super().__init__()
        self.backbone = Backbone(blocks, width)
        self.classifier = nn.Sequential(ASPP(width * 32, list(rates), aspp), nn.Conv2d(aspp, aspp, 3, padding=1, bias=False),
                                        nn.BatchNorm2d(aspp), nn.ReLU(), nn.Conv2d(aspp, classes, 1))
        self.classifier[0].project[3].p = 0.1
        for branch, rate in zip(self.classifier[0].convs[1:4], rates):
            branch[0] = DilatedConv(width * 32, aspp, 3, padding=rate, dilation=rate, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.backbone(x))


def upsample(logits: Tensor, size: Sequence[int]) -> Tensor:
    """Logits at the size of the input, as torchvision does it."""
    return F.interpolate(logits, size=tuple(size), mode="bilinear", align_corners=False)


def preprocess(pixels: np.ndarray) -> Tensor:
    """(..., H, W, 3) uint8 to a normalised (N, 3, H, W) float32 in channels-last memory."""
    x = torch.from_numpy(pixels.astype(np.float32) / 255)
    x = (x - torch.tensor(MEAN)) / torch.tensor(STD)
    return x.reshape(-1, *x.shape[-3:]).permute(0, 3, 1, 2)


def save(path: Path, model: nn.Module, metadata: dict[str, str]) -> None:
    """Write the model's parameters and statistics as float16 safetensors."""
    header: dict[str, object] = {"__metadata__": metadata}
    chunks, offset = [], 0
    for name, tensor in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        chunk = tensor.detach().contiguous().numpy().astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(chunk)]}
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    partial = path.with_suffix(".partial")
    partial.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(chunks))
    partial.replace(path)


def load(path: Path) -> tuple[NarrowDeepLab, dict[str, str]]:
    """The model of a file, its shape found from the tensors' own shapes, ready for inference; and the metadata."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__")
    state = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        values = np.frombuffer(data[start + first:start + last], "<f2").astype(np.float32)
        state[name] = torch.from_numpy(values.reshape(entry["shape"]))
    blocks = [1 + max(int(name.split(".")[2]) for name in state if name.startswith(f"backbone.layer{k}.")) for k in (1, 2, 3, 4)]
    model = NarrowDeepLab(blocks, state["backbone.bn1.weight"].numel(), state["classifier.2.weight"].numel(),
                          state["classifier.4.bias"].numel(), [int(rate) for rate in metadata["segent.rates"].split(",")])
    missing = model.load_state_dict(state, strict=False)
    lost = [name for name in missing.missing_keys if not name.endswith("num_batches_tracked")] + missing.unexpected_keys
    if lost:
        raise ValueError(f"{path}: tensors do not match: {lost}")
    return model.eval().to(memory_format=torch.channels_last), metadata
