#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Golden data for the network from torch and torchvision (Debian: python3-torch python3-torchvision).

    tests/data/network/make.py [narrow] [layers] [full]        default: all three; full takes a minute or two

Weights and pictures come from generator.py, so that only results are stored, next to this file:
  narrow.txt, narrow_NN.npy   low-resolution logits (classes, h, w) of narrow networks
  weights.npy                 the first values of every tensor of the network of layers.txt and of its picture, in order
  layers.txt, layers.npy      every layer's output (h, w, channels) of one narrow network, one after another
  full.txt, full_NN.npy       low-resolution logits of torchvision's deeplabv3_resnet101, every `step`-th row and column, and the
                              root mean square distance of torch's own float32 logits to them, on the same pixels
All results are those of a forward pass in float64, rounded to float32.
"""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
import torchvision

import generator

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "acceptance"))
from reference import NarrowDeepLab, NarrowFCN  # noqa: E402

# seed, blocks, width, ASPP channels (0: an FCN), classes, rates, picture height, picture width
NARROW = [
    (1, (1, 1, 1, 1), 4, 8, 2, (12, 24, 36), 1, 1),
    (2, (1, 2, 3, 2), 8, 32, 21, (12, 24, 36), 7, 5),
    (3, (1, 2, 3, 2), 8, 32, 21, (12, 24, 36), 97, 129),
    (4, (3, 4, 6, 3), 4, 16, 19, (12, 24, 36), 33, 65),
    (5, (1, 1, 1, 1), 16, 24, 300, (12, 24, 36), 31, 43),
    (6, (1, 2, 3, 2), 5, 7, 3, (12, 24, 36), 321, 417),
    (7, (2, 1, 2, 1), 8, 16, 2, (6, 12, 18), 64, 200),
    (8, (1, 1, 2, 2), 3, 9, 21, (1, 2, 3), 129, 1),
    (12, (1, 2, 3, 2), 8, 0, 21, (0, 0, 0), 97, 129),
    (13, (3, 4, 6, 3), 4, 0, 2, (0, 0, 0), 33, 65),
]
LAYERS = (9, (1, 2, 2, 2), 4, 8, 5, (1, 2, 3), 33, 41)
FULL = [(10, 65, 97, 1), (11, 640, 856, 4)]  # seed, height, width, step


def weighted(model, seed):
    model.load_state_dict({name: torch.from_numpy(np.asarray(generator.tensor(seed, name, tuple(value.shape))))
                           for name, value in model.state_dict().items()})
    return model.eval()


def lowres(model, picture, dtype):
    """Logits (classes, h, w) in float64, of a forward pass in `dtype`."""
    x = torch.from_numpy(picture).permute(2, 0, 1)[None].to(dtype)
    with torch.no_grad():
        features = model.to(dtype).backbone(x)
        return model.classifier(features["out"] if isinstance(features, dict) else features)[0].double().numpy()


def save(name, values):
    np.save(os.path.join(HERE, name), np.ascontiguousarray(values, np.float32))


def line(seed, blocks, width, aspp, classes, rates, *rest):
    return " ".join(str(v) for v in (seed, *blocks, width, aspp, classes, *rates, *rest)) + "\n"


def narrow(blocks, width, aspp, classes, rates):
    return NarrowDeepLab(blocks, width, aspp, classes, rates) if aspp else NarrowFCN(blocks, width, classes)


def make_narrow():
    with open(os.path.join(HERE, "narrow.txt"), "w") as index:
        for i, (seed, *shape, height, width) in enumerate(NARROW):
            model = weighted(narrow(*shape), seed)
            picture = generator.picture(seed, height, width)
            result = lowres(model, picture, torch.float64)
            single = lowres(weighted(narrow(*shape), seed), picture, torch.float32)
            print(f"narrow {i}: {result.shape} std {result.std():.3f} torch's float32 differs by "
                  f"{np.abs(single - result).max() / np.abs(result).max():.1e}")
            save(f"narrow_{i:02}.npy", result)
            index.write(line(seed, *shape, height, width))


def layer_outputs(model, picture):
    """{name: (h, w, channels)}: after batch norm and ReLU where they follow, in the order of torch's forward pass."""
    outputs = {}

    def keep(name, rectify):
        def hook(_module, _inputs, output):
            value = F.relu(output) if rectify else output
            outputs[name] = value[0].permute(1, 2, 0).numpy().copy()
        return hook

    backbone, classifier = model.backbone, model.classifier
    watched = {"backbone.conv1": (backbone.bn1, True), "backbone.maxpool": (backbone.maxpool, False)}
    for l in range(1, 5):
        for b, block in enumerate(getattr(backbone, f"layer{l}")):
            name = f"backbone.layer{l}.{b}"
            watched[f"{name}.conv1"], watched[f"{name}.conv2"] = (block.bn1, True), (block.bn2, True)
            if block.downsample is not None:
                watched[f"{name}.downsample"] = (block.downsample, False)
            watched[name] = (block, False)
    for i in range(5):
        watched[f"classifier.0.convs.{i}"] = (classifier[0].convs[i][-2] if i == 4 else classifier[0].convs[i][-1], True)
    watched["classifier.0.project"] = (classifier[0].project[2], False)
    watched["classifier.1"] = (classifier[3], False)
    watched["classifier.4"] = (classifier[4], False)
    for name, (module, rectify) in watched.items():
        module.register_forward_hook(keep(name, rectify))
    lowres(model, picture, torch.float64)
    return outputs


def make_layers():
    seed, *shape, height, width = LAYERS
    outputs = layer_outputs(weighted(NarrowDeepLab(*shape), seed), generator.picture(seed, height, width))
    with open(os.path.join(HERE, "layers.txt"), "w") as index:
        index.write(line(*LAYERS))
        for name, value in outputs.items():
            index.write(f"{name} {value.shape[0]} {value.shape[1]} {value.shape[2]}\n")
    save("layers.npy", np.concatenate([value.ravel() for value in outputs.values()]))
    model = NarrowDeepLab(*shape)
    tensors = [generator.tensor(seed, name, tuple(value.shape)) for name, value in model.state_dict().items() if value.dim() > 0]
    save("weights.npy", np.concatenate([t.ravel()[:3] for t in tensors + [generator.picture(seed, height, width)]]))
    print(f"layers: {len(outputs)}, {sum(v.size for v in outputs.values())} values")


def make_full():
    model = torchvision.models.segmentation.deeplabv3_resnet101(weights=None, weights_backbone=None, num_classes=21, aux_loss=True)
    with open(os.path.join(HERE, "full.txt"), "w") as index:
        for i, (seed, height, width, step) in enumerate(FULL):
            picture = generator.picture(seed, height, width)
            single = lowres(weighted(model.float(), seed), picture, torch.float32)[:, ::step, ::step]
            result = lowres(weighted(model.float(), seed), picture, torch.float64)[:, ::step, ::step]
            distance = float(np.sqrt(np.mean((single - result) ** 2)))
            print(f"full {i}: {result.shape} std {result.std():.3f} torch's float32 at {distance:.3e}")
            save(f"full_{i:02}.npy", result)
            index.write(f"{seed} {height} {width} {step} {distance:.9e}\n")


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["narrow", "layers", "full"]
    for part in wanted:
        {"narrow": make_narrow, "layers": make_layers, "full": make_full}[part]()
