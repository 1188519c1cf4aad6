#!/usr/bin/python3
"""Golden data for tests/uncertainty from torch (Debian: python3-torch). Run: /usr/bin/python3 make.py

For each case NAME, (classes, height, width) to (output height, output width):
  NAME.input.npy          float32 (C, h, w): low-resolution logits
  NAME.logits.npy         float32 (C, H, W): torch.nn.functional.interpolate, bilinear, align_corners=False
  NAME.probabilities.npy  float32 (C, H, W): softmax of those
  NAME.entropy.npy        float64 (H, W): entropy in nats of the float32 logits, computed in float64
  NAME.labels.npy         uint16 (H, W): argmax
"""
import pathlib
import numpy as np
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
CASES = {
    "up": (21, 3, 4, 17, 29),
    "wide": (21, 2, 10, 3, 150),
    "down": (21, 23, 31, 7, 11),
    "same": (19, 6, 7, 6, 7),
    "point": (21, 1, 1, 3, 5),
    "to_point": (21, 9, 13, 1, 1),
    "one_class": (1, 3, 3, 7, 5),
    "two": (2, 5, 4, 13, 9),
    "ade": (150, 3, 2, 7, 5),
    "many": (300, 2, 3, 5, 4),
    "imagenet": (1000, 1, 2, 3, 4),
}


def main():
    for index, (name, (c, h, w, out_h, out_w)) in enumerate(CASES.items()):
        low = torch.from_numpy(np.random.default_rng(index).normal(0, 4, (c, h, w)).astype(np.float32))
        full = F.interpolate(low[None], size=(out_h, out_w), mode="bilinear", align_corners=False)[0]
        wide = full.double()
        entropy = -(torch.softmax(wide, 0) * torch.log_softmax(wide, 0)).sum(0)
        results = dict(input=low.numpy(), logits=full.numpy(), probabilities=torch.softmax(full, 0).numpy(),
                       entropy=entropy.numpy(), labels=full.argmax(0).numpy().astype(np.uint16))
        for kind, value in results.items():
            np.save(HERE / f"{name}.{kind}.npy", np.ascontiguousarray(value))


if __name__ == "__main__":
    main()
