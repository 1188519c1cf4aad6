# SPDX-License-Identifier: BSD-2-Clause
"""torchvision's DeepLabV3 with the width and depth of its ResNet free, and reference results from it.

Needs Debian's python3-torch, python3-torchvision and python3-pil.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision.transforms as T
from torchvision.models.resnet import Bottleneck
from torchvision.models.segmentation.deeplabv3 import ASPP
from torchvision.models.segmentation.fcn import FCNHead


class Backbone(nn.Module):
    """torchvision's dilated bottleneck ResNet, with the width of the first layer free."""

    def __init__(self, blocks, width):
        super().__init__()
        self.channels, self.dilation = width, 1
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.relu, self.maxpool = nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        self.layer1 = self._layer(width, blocks[0], 1, False)
        self.layer2 = self._layer(width * 2, blocks[1], 2, False)
        self.layer3 = self._layer(width * 4, blocks[2], 2, True)
        self.layer4 = self._layer(width * 8, blocks[3], 2, True)

    def _layer(self, planes, count, stride, dilate):
        previous = self.dilation
        if dilate:
            self.dilation, stride = self.dilation * stride, 1
        down = None
        if stride != 1 or self.channels != planes * 4:
            down = nn.Sequential(nn.Conv2d(self.channels, planes * 4, 1, stride, bias=False),
                                 nn.BatchNorm2d(planes * 4))
        layers = [Bottleneck(self.channels, planes, stride, down, 1, 64, previous, nn.BatchNorm2d)]
        self.channels = planes * 4
        layers += [Bottleneck(self.channels, planes, 1, None, 1, 64, self.dilation, nn.BatchNorm2d)
                   for _ in range(1, count)]
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class NarrowDeepLab(nn.Module):
    """(N, 3, H, W) to logits (N, classes, H/8, W/8)."""

    def __init__(self, blocks=(1, 2, 3, 2), width=8, aspp=32, classes=21, rates=(12, 24, 36)):
        super().__init__()
        self.backbone = Backbone(blocks, width)
        self.classifier = nn.Sequential(ASPP(width * 32, list(rates), aspp),
                                        nn.Conv2d(aspp, aspp, 3, padding=1, bias=False),
                                        nn.BatchNorm2d(aspp), nn.ReLU(), nn.Conv2d(aspp, classes, 1))
        self.aux_classifier = FCNHead(width * 16, classes)  # in the file, never used

    def forward(self, x):
        return self.classifier(self.backbone(x))


class NarrowFCN(nn.Module):
    """The same backbone under torchvision's FCN head."""

    def __init__(self, blocks=(1, 2, 3, 2), width=8, classes=21):
        super().__init__()
        self.backbone = Backbone(blocks, width)
        self.classifier = FCNHead(width * 32, classes)
        self.aux_classifier = FCNHead(width * 16, classes)

    def forward(self, x):
        return self.classifier(self.backbone(x))


def calibrate(model, seed, gain=6.0, batches=None):
    """Random affine parameters, and batch-norm statistics from batches of inputs, or else from noise: activations stay in a sane range."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.6, 1.4)
            nn.init.normal_(module.bias, 0, 0.2)
            module.momentum = 0.3
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    model.train()
    with torch.no_grad():
        for i in range(12):
            model(batches[i] if batches else torch.randn(2, 3, 97, 129))
        model.classifier[4].weight *= gain
    return model.eval()


def preprocess(picture, size):
    """A PIL picture to (resized picture, normalised input (1, 3, H, W)); size 0 keeps the picture's own."""
    rgb = picture.convert("RGB")
    resized = T.Resize(size)(rgb) if size else rgb
    normalize = T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    return resized, normalize(T.ToTensor()(resized)).unsqueeze(0)


def uncertainty(logits, size):
    """Low-resolution logits (1, C, h, w) to (full-size logits, labels, entropy in nats), without the batch axis.

    The entropy is float64, of the float32 logits: torch's own float32 entropy of a confident network is not good to 1e-5.
    """
    full = F.interpolate(logits, size=size, mode="bilinear", align_corners=False)
    double = full.double()
    entropy = -(torch.softmax(double, 1) * torch.log_softmax(double, 1)).sum(1)[0]
    return full[0], full[0].argmax(0), entropy
