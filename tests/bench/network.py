# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""What the peers have in common: the network, the picture, the files they read. Needs torch and torchvision."""
import inspect
import os
import sys
import warnings

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")
import torchvision  # noqa: E402 (its import warns about parts that are not used here)

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TESTS, "data", "network"))
import generator  # noqa: E402

from case import DEFAULT_ARCH  # noqa: E402

SEED = 11
CLASSES = 21
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def empty_network(arch):
    """torchvision's own network of that name, with the auxiliary classifier where published files hold one."""
    make = getattr(torchvision.models.segmentation, arch, None)
    if make:
        # LR-ASPP has no auxiliary classifier, and takes no argument about it.
        auxiliary = dict(aux_loss=True) if "aux_loss" in inspect.signature(make).parameters else {}
        return make(weights=None, weights_backbone=None, num_classes=CLASSES, **auxiliary)
    sys.path.append(os.path.join(TESTS, "acceptance"))
    from networks import NETWORKS  # (put together from torchvision's parts)
    if arch not in NETWORKS:
        sys.exit(f"no network is called {arch}: there are {', '.join(name for name in NETWORKS if ',' not in name)}")
    return NETWORKS[arch]()[0]


def settle(model, x):
    """Makes batch norm's statistics those of a picture, so that activations have the size of a trained network's at any depth."""
    for module in model.modules():
        module.train(isinstance(module, nn.BatchNorm2d))
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        model(torch.cat([x, x.flip(3) * 0.9]))  # behind a global average it needs more than one value a channel
    return model.eval()


def seeded_network(arch, x):
    """With weights from a seed under which activations stay in a sane range: by their names those of the default, by a picture others."""
    model = empty_network(arch)
    model.load_state_dict({name: torch.from_numpy(np.asarray(generator.tensor(SEED, name, tuple(value.shape))))
                           for name, value in model.state_dict().items()})
    return model.eval() if arch == DEFAULT_ARCH else settle(model, x)


def picture(height, width):
    """(H, W, 3) bytes: seeded noise of five scales, so that there are areas as well as detail."""
    total = torch.zeros(1, 3, height, width)
    for step, weight in ((160, 0.5), (64, 0.5), (16, 0.3), (4, 0.2), (1, 0.2)):
        rows, columns = max(2, height // step), max(2, width // step)
        noise = generator.uniform(SEED, f"picture 1/{step}", (1, 3, rows, columns), 0.0, weight)
        total += F.interpolate(torch.from_numpy(noise), size=(height, width), mode="bilinear", align_corners=False)
    return (total[0].permute(1, 2, 0) * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8).numpy()


def read_picture(folder, shape):
    return np.fromfile(os.path.join(folder, "picture.rgb"), np.uint8).reshape(shape["height"], shape["width"], 3)


def normalised(pixels):
    """(1, 3, H, W): what ToTensor and Normalize make of the pixels."""
    x = torch.from_numpy(pixels).permute(2, 0, 1).contiguous().float().div(255)
    return ((x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(DEVIATION).view(3, 1, 1))[None]


class Network(nn.Module):
    """The network alone: normalised picture to logits, at 1/8, 1/16 or 1/32 of its size."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.classifier = model.backbone, model.classifier

    def forward(self, x):
        features = self.backbone(x)
        return self.classifier(features["out"] if "out" in features else features)


def published_chain(logits, height, width):
    """The post-processing that people use: (labels, entropy map in nats, its sum)."""
    full = F.interpolate(logits, size=(height, width), mode="bilinear", align_corners=False)[0]
    labels = full.argmax(0)
    p = F.softmax(full, dim=0)
    entropy = -(p * torch.log(p)).sum(0)
    return labels, entropy, entropy.sum()
