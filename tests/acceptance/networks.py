#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares a built libsegent with torchvision on every kind of segmentation network, of full size and with seeded weights.

    /usr/bin/python3 tests/acceptance/networks.py build/lib/libsegent.so PICTURE [--sizes 192,520] [--seed 1] [--only NAME...] [--engine fast]

Batch norm's statistics are settled on the picture itself, so that activations have the size of a trained network's. The truth is
torchvision's network in float64, whose interpolation to the picture's size is done in float64 too. A network is right if
  - labels are the truth's wherever its largest two logits differ by more than twice the largest error of torch's own float32 logits;
  - the largest difference of the normalised entropy is at most 4 times that of torch's float32, or 2e-4;
  - the sum of the entropy is within 1e-5 of the truth's, relative, or 4 times torch's own distance where that is more;
  - the auxiliary classifier's logits, where the network has one, are as far from the truth's as 4 times torch's at most.
Exit status 1 when one is not, 77 where there is no torchvision.
"""
import argparse
import copy
import math
import os
import sys
import tempfile

try:
    import numpy as np
    import torch
    import torchvision
    from PIL import Image
    from torchvision.models import mobilenetv3, resnet
    from torchvision.models._utils import IntermediateLayerGetter
    from torchvision.models.segmentation import deeplabv3, fcn
except ImportError as error:
    print(f"NOT TESTED: full-size networks against torchvision ({error}; Debian's packages are python3-torch and python3-torchvision)")
    sys.exit(77)

from against_torchvision import ENGINES, Segent

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def of_resnet(name, stride=8):
    dilate = {8: [False, True, True], 16: [False, False, True], 32: [False, False, False]}[stride]
    options = {} if stride == 32 else dict(replace_stride_with_dilation=dilate)
    backbone = getattr(resnet, name)(**options)
    return IntermediateLayerGetter(backbone, dict(layer4="out", layer3="aux")), backbone.fc.in_features


def of_mobilenet(dilated=True):
    backbone = mobilenetv3.mobilenet_v3_large(dilated=dilated).features
    stages = [0] + [i for i, b in enumerate(backbone) if getattr(b, "_is_cn", False)] + [len(backbone) - 1]
    return IntermediateLayerGetter(backbone, {str(stages[-1]): "out", str(stages[-4]): "aux"}), backbone[stages[-1]].out_channels


def with_head(kind, pair, classes=21, rates=(12, 24, 36)):
    backbone, channels = pair
    with torch.no_grad():
        auxiliary = fcn.FCNHead(backbone.eval()(torch.zeros(1, 3, 32, 32))["aux"].shape[1], classes)
    if kind == "fcn":
        return fcn.FCN(backbone, fcn.FCNHead(channels, classes), auxiliary)
    head = deeplabv3.DeepLabHead(channels, classes)
    if tuple(rates) != (12, 24, 36):
        head[0] = deeplabv3.ASPP(channels, list(rates))
    return deeplabv3.DeepLabV3(backbone, head, auxiliary)


# Each: the network, and the settings that its file does not tell.
NETWORKS = {
    "fcn_resnet50": lambda: (with_head("fcn", of_resnet("resnet50")), ""),
    "fcn_resnet101": lambda: (with_head("fcn", of_resnet("resnet101")), ""),
    "deeplabv3_resnet50": lambda: (with_head("deeplabv3", of_resnet("resnet50")), ""),
    "deeplabv3_resnet101": lambda: (with_head("deeplabv3", of_resnet("resnet101")), ""),
    "deeplabv3_resnet152": lambda: (with_head("deeplabv3", of_resnet("resnet152")), ""),
    "deeplabv3_mobilenet_v3_large": lambda: (with_head("deeplabv3", of_mobilenet()), ""),
    "lraspp_mobilenet_v3_large": lambda: (torchvision.models.segmentation.lraspp_mobilenet_v3_large(
        weights=None, weights_backbone=None), ""),
    "fcn_mobilenet_v3_large": lambda: (with_head("fcn", of_mobilenet()), ""),
    "deeplabv3_resnet18": lambda: (with_head("deeplabv3", of_resnet("resnet18", 32)), ""),
    "deeplabv3_resnet34": lambda: (with_head("deeplabv3", of_resnet("resnet34", 32)), ""),
    "fcn_resnet18": lambda: (with_head("fcn", of_resnet("resnet18", 32)), ""),
    "deeplabv3_wide_resnet50_2": lambda: (with_head("deeplabv3", of_resnet("wide_resnet50_2")), ""),
    "deeplabv3_resnext50_32x4d": lambda: (with_head("deeplabv3", of_resnet("resnext50_32x4d")), ""),
    "deeplabv3_resnext101_32x8d": lambda: (with_head("deeplabv3", of_resnet("resnext101_32x8d")), ""),
    "deeplabv3_resnet50, output stride 16, rates 6, 12, 18": lambda: (
        with_head("deeplabv3", of_resnet("resnet50", 16), rates=(6, 12, 18)), "output_stride=16; rates=6,12,18"),
    "deeplabv3_resnet50, output stride 32": lambda: (with_head("deeplabv3", of_resnet("resnet50", 32)), "output_stride=32"),
    "fcn_mobilenet_v3_large, output stride 32": lambda: (with_head("fcn", of_mobilenet(False)), "output_stride=32"),
    "lraspp_mobilenet_v3_large, one class": lambda: (torchvision.models.segmentation.lraspp_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=1), ""),
    "fcn_resnet50, one class": lambda: (with_head("fcn", of_resnet("resnet50"), classes=1), ""),
}


def settle(network, x, seed):
    """Weights from a seed, and statistics of batch norm from x."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, module in network.named_modules():
            if isinstance(module, torch.nn.Conv2d):
                fan = module.weight[0].numel()
                module.weight.copy_(torch.randn(module.weight.shape, generator=generator) * math.sqrt(2 / fan))
                if module.bias is not None:
                    module.bias.copy_(torch.randn(module.bias.shape, generator=generator) * 0.1)
            elif isinstance(module, torch.nn.BatchNorm2d):
                module.weight.copy_(torch.rand(module.weight.shape, generator=generator) + 0.5)
                module.bias.copy_(torch.randn(module.bias.shape, generator=generator) * 0.2)
                module.momentum = 1.0
        for module in network.modules():
            module.train(isinstance(module, torch.nn.BatchNorm2d))
        # A batch norm behind a global average needs more than one value a channel.
        network(torch.cat([x, x.flip(3) * 0.9]))
    return network.eval()


def maps(logits):
    """Labels, normalised entropy and margin."""
    if logits.shape[0] == 1:
        logits = torch.cat([torch.zeros_like(logits), logits])
    p = torch.softmax(logits, 0)
    top = torch.topk(logits, 2, 0).values
    entropy = -torch.special.xlogy(p, p).sum(0) / math.log(logits.shape[0])
    return logits, logits.argmax(0).numpy(), entropy.double().numpy(), (top[0] - top[1]).double().numpy()


def check_auxiliary(ours, single, double):
    """Whether logits of the auxiliary classifier, stretched to the picture, are torch's."""
    if "aux" not in double:
        return ours is None
    truth = double["aux"]
    low = torch.from_numpy(ours).double()[None]
    if truth.shape[1] == 1:
        low = low[:, 1:]
    stretched = torch.nn.functional.interpolate(low, size=truth.shape[-2:], mode="bilinear", align_corners=False)
    torch_error = float((single["aux"].double() - truth).abs().max())
    return float((stretched - truth).abs().max()) <= max(4 * torch_error, 1e-5 * float(truth.abs().max()))


def compare(segent, name, picture, size, seed, engine, folder):
    network, settings = NETWORKS[name]()
    image = Image.open(picture).convert("RGB")
    pixels = torchvision.transforms.Resize(size)(image)
    x = torchvision.transforms.functional.normalize(torchvision.transforms.functional.to_tensor(pixels), MEAN, STD)[None]
    settle(network, x, seed)
    with torch.no_grad():
        single_maps, double_maps = network(x), copy.deepcopy(network).double()(x.double())
        single, double = single_maps["out"][0], double_maps["out"][0]
    path = os.path.join(folder, "model.pth")
    torch.save(network.state_dict(), path)
    model = segent.model(path, settings, "aux" in double_maps)
    ours = segent.run(model, picture, size, ENGINES[engine])
    segent.lib.segent_model_destroy(model)
    logits, labels, entropy, margin = maps(double)
    own_logits, own_labels, own_entropy, _ = maps(single)
    own_error = float((own_logits.double() - logits).abs().max())
    torch_entropy, our_entropy = np.abs(own_entropy - entropy).max(), np.abs(ours["entropy"] - entropy).max()
    torch_sum, our_sum = (abs(float(e.sum()) - entropy.sum()) / entropy.sum() for e in (own_entropy, ours["entropy"].astype(np.float64)))
    auxiliary = check_auxiliary(ours["auxiliary"], single_maps, double_maps)
    wrong = int(((ours["labels"] != labels) & (margin > 2 * own_error)).sum())
    right = auxiliary and wrong == 0 and our_entropy <= max(4 * torch_entropy, 2e-4) and our_sum <= max(1e-5, 4 * torch_sum)
    print(f"{'right' if right else 'WRONG'}  {name}, {size}: {len(np.unique(labels))} classes seen, labels equal "
          f"{100 * (ours['labels'] == labels).mean():.4f} % (torch {100 * (own_labels == labels).mean():.4f}), {wrong} wrong beyond the margin, "
          f"auxiliary {'right' if auxiliary else 'WRONG'}, entropy {our_entropy:.1e} ({torch_entropy:.1e}), sum {our_sum:.1e} ({torch_sum:.1e})", flush=True)
    return right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("picture")
    parser.add_argument("--sizes", default="192,520", help="shorter sides, with commas between them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=list(NETWORKS), help="these networks")
    parser.add_argument("--engine", choices=list(ENGINES), default="fast")
    options = parser.parse_args()
    segent, failed = Segent(options.library), 0
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            for size in options.sizes.split(","):
                failed += not compare(segent, name, options.picture, int(size), options.seed, options.engine, folder)
    print(f"{failed} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
