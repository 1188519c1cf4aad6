#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026, the libsegent authors
"""Golden data for the networks from torch and torchvision (Debian: python3-torch python3-torchvision).

    tests/data/network/make.py [narrow] [layers] [modules] [full]        default: all four; full takes a minute or two

Weights and pictures come from generator.py, so that only results are stored, next to this file:
  narrow.txt, narrow_NN.npy   low-resolution logits (classes, h, w) of narrow networks
  weights.npy                 the first values of every tensor of the network of layers_00.txt and of its picture, in order
  layers_NN.txt, .npy         every layer's output (h, w, channels) of a narrow network, one after another
  module_NN.pth               whole modules of zeros, for the strides and dilations that they say
  full.txt, full_NN.npy       low-resolution logits of torchvision's deeplabv3_resnet101, every `step`-th row and column, and the
                              root mean square distance of torch's own float32 logits to them, on the same pixels
All results but modules are those of a forward pass in float64, rounded to float32.
"""
import io
import os
import sys
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
import torchvision

import generator

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "acceptance"))
from reference import narrow_network  # noqa: E402

USUAL, NONE = (12, 24, 36), (0, 0, 0)

# Architecture, seed, blocks, width, inner, groups, output stride, channels of the head, classes, rates, picture height, picture width; what these
# are is said in tests/support/network_weights.h.
NARROW = [
    ("deeplabv3_resnet50", 1, (1, 1, 1, 1), 4, 4, 1, 8, 8, 2, USUAL, 1, 1),
    ("deeplabv3_resnet50", 2, (1, 2, 3, 2), 8, 8, 1, 8, 32, 21, USUAL, 7, 5),
    ("deeplabv3_resnet50", 3, (1, 2, 3, 2), 8, 8, 1, 8, 32, 21, USUAL, 97, 129),
    ("deeplabv3_resnet50", 4, (3, 4, 6, 3), 4, 4, 1, 8, 16, 19, USUAL, 33, 65),
    ("deeplabv3_resnet50", 5, (1, 1, 1, 1), 16, 16, 1, 8, 24, 300, USUAL, 31, 43),
    ("deeplabv3_resnet50", 6, (1, 2, 3, 2), 5, 5, 1, 8, 7, 3, USUAL, 321, 417),
    ("deeplabv3_resnet50", 7, (2, 1, 2, 1), 8, 8, 1, 8, 16, 2, (6, 12, 18), 64, 200),
    ("deeplabv3_resnet50", 8, (1, 1, 2, 2), 3, 3, 1, 8, 9, 21, (1, 2, 3), 129, 1),
    ("fcn_resnet50", 12, (1, 2, 3, 2), 8, 8, 1, 8, 64, 21, NONE, 97, 129),
    ("fcn_resnet50", 13, (3, 4, 6, 3), 4, 4, 1, 8, 32, 2, NONE, 33, 65),
    ("deeplabv3_resnet50", 14, (1, 2, 2, 2), 8, 8, 1, 16, 16, 5, (6, 12, 18), 225, 257),
    ("fcn_resnet50", 15, (1, 2, 2, 2), 8, 8, 1, 32, 64, 5, NONE, 161, 129),
    ("fcn_resnet50", 16, (1, 2, 1, 2), 4, 4, 1, 8, 32, 1, NONE, 65, 97),
    ("deeplabv3_resnet18", 17, (2, 2, 2, 2), 8, 8, 1, 32, 16, 5, (1, 2, 3), 161, 225),
    ("deeplabv3_resnet18", 18, (2, 1, 2, 2), 8, 8, 1, 8, 16, 3, (6, 12, 18), 113, 97),
    ("fcn_resnet34", 19, (3, 4, 6, 3), 8, 8, 1, 32, 16, 4, NONE, 97, 129),
    ("deeplabv3_resnext50_32x4d", 20, (1, 2, 2, 1), 8, 16, 4, 8, 16, 5, USUAL, 97, 129),
    ("fcn_resnext50_32x4d", 21, (2, 2, 3, 2), 16, 64, 2, 16, 128, 3, NONE, 65, 81),
    ("deeplabv3_wide_resnet50_2", 22, (1, 2, 2, 2), 8, 16, 1, 8, 16, 5, USUAL, 97, 129),
    ("deeplabv3_mobilenet_v3_large", 23, NONE, 4, 0, 0, 16, 16, 5, (1, 2, 3), 161, 225),
    ("lraspp_mobilenet_v3_large", 24, NONE, 4, 0, 0, 16, 12, 5, NONE, 97, 129),
    ("fcn_mobilenet_v3_large", 25, NONE, 4, 0, 0, 16, 60, 5, NONE, 97, 129),
    ("lraspp_mobilenet_v3_large", 26, NONE, 1, 0, 0, 16, 8, 1, NONE, 131, 93),
    ("lraspp_mobilenet_v3_large", 27, NONE, 6, 0, 0, 32, 16, 3, NONE, 161, 225),
    ("fcn_mobilenet_v3_large", 28, NONE, 1, 0, 0, 32, 24, 1, NONE, 161, 97),
]
LAYERS = [
    ("deeplabv3_resnet50", 9, (1, 2, 2, 2), 4, 4, 1, 8, 8, 5, (1, 2, 3), 33, 41),
    ("fcn_resnet18", 29, (1, 2, 1, 2), 4, 4, 1, 32, 8, 3, NONE, 65, 41),
    ("lraspp_mobilenet_v3_large", 30, NONE, 1, 0, 0, 16, 8, 3, NONE, 33, 25),
    ("fcn_mobilenet_v3_large", 31, NONE, 1, 0, 0, 32, 24, 2, NONE, 33, 25),
]
# Architecture, blocks, width, inner, groups, output stride, channels of the head, classes, rates: as above.
MODULES = [
    ("deeplabv3_resnet50", (1, 2, 1, 2), 2, 2, 1, 16, 3, 2, (6, 12, 18)),
    ("fcn_resnet18", (1, 1, 1, 2), 4, 4, 1, 32, 8, 2, NONE),
    ("deeplabv3_resnext50_32x4d", (1, 1, 2, 1), 2, 4, 2, 32, 3, 2, (1, 2, 3)),
    ("lraspp_mobilenet_v3_large", NONE, 1, 0, 0, 32, 8, 2, NONE),
    ("fcn_mobilenet_v3_large", NONE, 1, 0, 0, 16, 24, 1, NONE),
]
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
        # An LR-ASPP takes all of them.
        return model.classifier(features.get("out", features) if isinstance(features, dict) else features)[0].double().numpy()


def save(name, values):
    np.save(os.path.join(HERE, name), np.ascontiguousarray(values, np.float32))


def line(architecture, seed, blocks, *rest):
    blocks = blocks if blocks != NONE else (0, 0, 0, 0)
    *sizes, rates, height, width = rest
    return " ".join(str(v) for v in (architecture, seed, *blocks, *sizes, *rates, height, width)) + "\n"


def make_narrow():
    with open(os.path.join(HERE, "narrow.txt"), "w") as index:
        for i, (architecture, seed, *shape, height, width) in enumerate(NARROW):
            model = weighted(narrow_network(architecture, *shape), seed)
            picture = generator.picture(seed, height, width)
            single = lowres(model, picture, torch.float32)
            result = lowres(model, picture, torch.float64)
            print(f"narrow {i}: {result.shape} std {result.std():.3f} torch's float32 differs by "
                  f"{np.abs(single - result).max() / np.abs(result).max():.1e}")
            save(f"narrow_{i:02}.npy", result)
            index.write(line(architecture, seed, *shape, height, width))


def keep(outputs, name, activation=None):
    """A hook that stores a module's output, (h, w, channels), after an activation that torchvision has as a module behind it."""
    def hook(_module, _inputs, output):
        value = activation(output) if activation else output
        outputs[name] = value[0].permute(1, 2, 0).numpy().copy()
    return hook


def resnet_layers(backbone):
    """{name: (module, its activation)}"""
    watched = {"backbone.conv1": (backbone.bn1, F.relu), "backbone.maxpool": (backbone.maxpool, None)}
    for l in range(1, 5):
        for b, block in enumerate(getattr(backbone, f"layer{l}")):
            name = f"backbone.layer{l}.{b}"
            watched[f"{name}.conv1"] = (block.bn1, F.relu)
            if hasattr(block, "conv3"):
                watched[f"{name}.conv2"] = (block.bn2, F.relu)
            if block.downsample is not None:
                watched[f"{name}.downsample"] = (block.downsample, None)
            watched[name] = (block, None)
    return watched


def mobilenet_layers(backbone):
    watched = {}
    for name, layer in backbone.named_children():
        for part, module in enumerate(getattr(layer, "block", [])[:-1]):
            if hasattr(module, "fc1"):
                watched[f"backbone.{name}.block.{part}.fc1"] = (module.fc1, F.relu)
                watched[f"backbone.{name}.block.{part}.fc2"] = (module.fc2, F.hardsigmoid)
            else:
                watched[f"backbone.{name}.block.{part}"] = (module, None)
        watched[f"backbone.{name}"] = (layer, None)
    return watched


def deeplab_layers(classifier):
    # Of the last branch: before it is stretched to the others' size.
    watched = {f"classifier.0.convs.{i}": (classifier[0].convs[i][-2 if i == 4 else -1], F.relu) for i in range(5)}
    return {**watched, "classifier.0.project": (classifier[0].project[2], None), "classifier.1": (classifier[3], None),
            "classifier.4": (classifier[4], None)}


def lraspp_layers(classifier):
    return {"classifier.cbr": (classifier.cbr, None), "classifier.scale.1": (classifier.scale[2], None)}


def add_lraspp_sums(outputs, classifier, logits):
    """What the library has at the end, where it stretches after the convolution to the classes and not before."""
    y = torch.from_numpy(outputs["classifier.cbr"] * outputs["classifier.scale.1"]).permute(2, 0, 1)[None]
    with torch.no_grad():
        high = classifier.high_classifier(y)
        stretched = F.interpolate(high, logits.shape[1:], mode="bilinear", align_corners=False)
    for name, value in (("high_classifier", high), ("resize", stretched), ("low_classifier", torch.from_numpy(logits)[None])):
        keep(outputs, f"classifier.{name}")(None, None, value)


def layer_outputs(model, picture):
    """{name: (h, w, channels)}: after batch norm and activation where they follow."""
    outputs, classifier = {}, model.classifier
    lraspp = hasattr(classifier, "cbr")
    watched = resnet_layers(model.backbone) if hasattr(model.backbone, "layer1") else mobilenet_layers(model.backbone)
    if lraspp:
        watched.update(lraspp_layers(classifier))
    elif hasattr(classifier[0], "convs"):
        watched.update(deeplab_layers(classifier))
    else:
        watched.update({"classifier.0": (classifier[2], None), "classifier.4": (classifier[4], None)})
    for name, (module, activation) in watched.items():
        module.register_forward_hook(keep(outputs, name, activation))
    logits = lowres(model, picture, torch.float64)
    if lraspp:
        add_lraspp_sums(outputs, classifier, logits)
    return outputs


def make_layers():
    for i, case in enumerate(LAYERS):
        architecture, seed, *shape, height, width = case
        model = weighted(narrow_network(architecture, *shape), seed)
        tensors = [generator.tensor(seed, name, tuple(value.shape)) for name, value in model.state_dict().items() if value.dim() > 0]
        if i == 0:
            save("weights.npy", np.concatenate([t.ravel()[:3] for t in tensors + [generator.picture(seed, height, width)]]))
        outputs = layer_outputs(model, generator.picture(seed, height, width))
        with open(os.path.join(HERE, f"layers_{i:02}.txt"), "w") as index:
            index.write(line(*case))
            for name, value in outputs.items():
                index.write(f"{name} {value.shape[0]} {value.shape[1]} {value.shape[2]}\n")
        save(f"layers_{i:02}.npy", np.concatenate([value.ravel() for value in outputs.values()]))
        print(f"layers {i}: {len(outputs)}, {sum(v.size for v in outputs.values())} values")


def save_deflated(value, name):
    """torch.save's archive, with its members deflated and without times, so that the file is small and always the same."""
    stored = io.BytesIO()
    torch.save(value, stored)
    with zipfile.ZipFile(stored) as source, zipfile.ZipFile(os.path.join(HERE, name), "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(zipfile.ZipInfo(member.filename), source.read(member), zipfile.ZIP_DEFLATED, 9)


def make_modules():
    for i, case in enumerate(MODULES):
        model = narrow_network(*case).eval()
        model.aux_classifier = None
        with torch.no_grad():
            for name, value in model.state_dict().items():
                value.fill_(name.endswith("running_var"))
        save_deflated(model, f"module_{i:02}.pth")


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
    wanted = sys.argv[1:] or ["narrow", "layers", "modules", "full"]
    for part in wanted:
        {"narrow": make_narrow, "layers": make_layers, "modules": make_modules, "full": make_full}[part]()
