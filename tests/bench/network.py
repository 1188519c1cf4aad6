# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""What the peers have in common: the network, the picture, the files they read. Needs torch and torchvision."""
import os
import sys
import warnings

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

warnings.filterwarnings("ignore")
import torchvision  # noqa: E402 (its import warns about parts that are not used here)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "network"))
import generator  # noqa: E402

SEED = 11
CLASSES, HEIGHT, WIDTH = 21, 640, 856
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def empty_network():
    """torchvision's own DeepLabV3-ResNet101, with the auxiliary classifier that published files hold."""
    return torchvision.models.segmentation.deeplabv3_resnet101(weights=None, weights_backbone=None, num_classes=CLASSES, aux_loss=True)


def seeded_state(model):
    """Weights under which activations stay in a sane range, the same on every machine."""
    return {name: torch.from_numpy(np.asarray(generator.tensor(SEED, name, tuple(value.shape))))
            for name, value in model.state_dict().items()}


def picture():
    """(H, W, 3) bytes: seeded noise of five scales, so that there are areas as well as detail."""
    total = torch.zeros(1, 3, HEIGHT, WIDTH)
    for step, weight in ((160, 0.5), (64, 0.5), (16, 0.3), (4, 0.2), (1, 0.2)):
        height, width = max(2, HEIGHT // step), max(2, WIDTH // step)
        noise = generator.uniform(SEED, f"picture 1/{step}", (1, 3, height, width), 0.0, weight)
        total += F.interpolate(torch.from_numpy(noise), size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)
    return (total[0].permute(1, 2, 0) * 127.5 + 127.5).round().clamp(0, 255).to(torch.uint8).numpy()


def read_picture(folder):
    return np.fromfile(os.path.join(folder, "picture.rgb"), np.uint8).reshape(HEIGHT, WIDTH, 3)


def normalised(pixels):
    """(1, 3, H, W): what ToTensor and Normalize make of the pixels."""
    x = torch.from_numpy(pixels).permute(2, 0, 1).contiguous().float().div(255)
    return ((x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(DEVIATION).view(3, 1, 1))[None]


class Network(nn.Module):
    """The network alone: normalised picture to logits at 1/8 of its size."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.classifier = model.backbone, model.classifier

    def forward(self, x):
        return self.classifier(self.backbone(x)["out"])


def published_chain(logits, height, width):
    """The post-processing that people use: (labels, entropy map in nats, its sum)."""
    full = F.interpolate(logits, size=(height, width), mode="bilinear", align_corners=False)[0]
    labels = full.argmax(0)
    p = F.softmax(full, dim=0)
    entropy = -(p * torch.log(p)).sum(0)
    return labels, entropy, entropy.sum()
