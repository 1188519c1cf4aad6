# SPDX-License-Identifier: BSD-2-Clause
"""torchvision's segmentation networks with the width and depth of their backbones free, and reference results from them.

Needs Debian's python3-torch, python3-torchvision and python3-pil.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision.transforms as T
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.mobilenetv3 import mobilenet_v3_large
from torchvision.models.resnet import BasicBlock, Bottleneck
from torchvision.models.segmentation.deeplabv3 import ASPP
from torchvision.models.segmentation.fcn import FCNHead
from torchvision.models.segmentation.lraspp import LRASPPHead


class Backbone(nn.Module):
    """torchvision's ResNet, with the width of the first layer free; `inner`: channels between layer1's 1x1 convolutions, 0: as many."""

    def __init__(self, blocks, width, block=Bottleneck, inner=0, groups=1, output_stride=8):
        super().__init__()
        self.channels, self.dilation, self.block = width, 1, block
        self.groups, self.base_width = groups, 64 * (inner or width) // (width * groups)
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.relu, self.maxpool = nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        self.layer1 = self._layer(width, blocks[0], 1, False)
        self.layer2 = self._layer(width * 2, blocks[1], 2, False)
        self.layer3 = self._layer(width * 4, blocks[2], 2, output_stride < 16)
        self.layer4 = self._layer(width * 8, blocks[3], 2, output_stride < 32)

    def _block(self, planes, stride, down, dilation):
        if self.block is BasicBlock:
            made = BasicBlock(self.channels, planes, stride, down)
            # torchvision's constructor refuses a dilation here, so it is set afterwards.
            for conv in (made.conv1, made.conv2):
                conv.dilation = conv.padding = (dilation, dilation)
            return made
        return Bottleneck(self.channels, planes, stride, down, self.groups, self.base_width, dilation, nn.BatchNorm2d)

    def _layer(self, planes, count, stride, dilate):
        previous, expansion = self.dilation, self.block.expansion
        if dilate:
            self.dilation, stride = self.dilation * stride, 1
        down = None
        if stride != 1 or self.channels != planes * expansion:
            down = nn.Sequential(nn.Conv2d(self.channels, planes * expansion, 1, stride, bias=False),
                                 nn.BatchNorm2d(planes * expansion))
        layers = [self._block(planes, stride, down, previous)]
        self.channels = planes * expansion
        layers += [self._block(planes, 1, None, self.dilation) for _ in range(1, count)]
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


def narrow_mobilenet(width, output_stride=16):
    """torchvision's MobileNetV3-Large of `width` / 16 times its channels: layers, low channels, high channels, which layer is low."""
    layers = mobilenet_v3_large(width_mult=width / 16, dilated=output_stride < 32).features
    strided = [i for i, layer in enumerate(layers) if getattr(layer, "_is_cn", False)]
    low = strided[-3]
    return layers, layers[low].out_channels, layers[-1].out_channels, low


def deeplab_head(channels, width, classes, rates):
    """torchvision's DeepLabHead, with the width of its branches free."""
    return nn.Sequential(ASPP(channels, list(rates), width), nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width),
                         nn.ReLU(), nn.Conv2d(width, classes, 1))


class Network(nn.Module):
    """(N, 3, H, W) to the logits (N, classes, h, w) before they are stretched to the picture's size."""

    def __init__(self, backbone, classifier, aux_classifier=None):
        super().__init__()
        self.backbone, self.classifier = backbone, classifier
        if aux_classifier is not None:
            self.aux_classifier = aux_classifier  # in the file, never used

    def forward(self, x):
        return self.classifier(self.backbone(x))


class NarrowDeepLab(Network):
    def __init__(self, blocks=(1, 2, 3, 2), width=8, aspp=32, classes=21, rates=(12, 24, 36)):
        super().__init__(Backbone(blocks, width), deeplab_head(width * 32, aspp, classes, rates), FCNHead(width * 16, classes))


class NarrowFCN(Network):
    """The same backbone under torchvision's FCN head."""

    def __init__(self, blocks=(1, 2, 3, 2), width=8, classes=21):
        super().__init__(Backbone(blocks, width), FCNHead(width * 32, classes), FCNHead(width * 16, classes))


def narrow_network(architecture, blocks, width, inner, groups, output_stride, head, classes, rates):
    """The network of that name and of these sizes, which are explained in tests/support/network_weights.h."""
    kind, backbone = architecture.split("_", 1)
    if backbone == "mobilenet_v3_large":
        layers, low, channels, at = narrow_mobilenet(width, output_stride)
        if kind == "lraspp":
            taps = {str(at): "low", str(len(layers) - 1): "high"}
            return Network(IntermediateLayerGetter(layers, taps), LRASPPHead(low, channels, classes, head))
        body, aux = layers, low
    else:
        block = BasicBlock if backbone in ("resnet18", "resnet34") else Bottleneck
        body = Backbone(blocks, width, block, inner, groups, output_stride)
        channels = width * 8 * block.expansion
        aux = channels // 2
    classifier = FCNHead(channels, classes) if kind == "fcn" else deeplab_head(channels, head, classes, rates)
    return Network(body, classifier, FCNHead(aux, classes))


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
