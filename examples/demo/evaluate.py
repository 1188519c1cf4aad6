#!/usr/bin/python3
"""Measure the demonstration model on 300 held-out scenes (seeds 0 to 299, never trained on).

    /usr/bin/python3 evaluate.py --torch
    /usr/bin/python3 evaluate.py --segent ../../build/src/segent

Prints mIoU, pixel accuracy, how well entropy ranks wrong pixels above right ones (AUROC), the expected calibration error
of the largest probability (15 bins), and the mean entropy within 2 pixels of a class border against interiors. With both
options the figures are those of the segent command, and its difference from torch is printed too.
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

import numpy as np
from PIL import Image, ImageFilter

import scenes
from voc import CLASSES

HERE = Path(__file__).resolve().parent
BATCH = 20  # scenes in one call of the command: their probabilities take some 12 MB each on disk


class Prediction(NamedTuple):
    """What a network says about one scene."""

    labels: np.ndarray  # (H, W) class ids
    entropy: np.ndarray  # (H, W) normalised
    confidence: np.ndarray  # (H, W) largest probability


def near_border(truth: np.ndarray) -> np.ndarray:
    """True where another class is at most 2 pixels away, diagonals included."""
    image = Image.fromarray(truth)
    return np.asarray(image.filter(ImageFilter.MaxFilter(5))) != np.asarray(image.filter(ImageFilter.MinFilter(5)))


class Tally:
    """Sums over all pixels of all scenes, from which every figure follows."""

    LEVELS = 1 << 16  # entropy is ranked in steps of 1/65536

    def __init__(self) -> None:
        self.confusion = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
        self.ranks = np.zeros((2, self.LEVELS), np.int64)  # wrong, right
        self.bins = np.zeros((3, 15))  # pixels, confidence, right ones
        self.border = np.zeros((2, 2))  # interior, border: pixels, entropy

    def add(self, truth: np.ndarray, seen: Prediction) -> None:
        """Count one scene."""
        count = len(CLASSES)
        pairs = truth.astype(np.int64) * count + seen.labels
        self.confusion += np.bincount(pairs.ravel(), minlength=count * count).reshape(count, count)
        right = truth == seen.labels
        levels = np.minimum(seen.entropy * self.LEVELS, self.LEVELS - 1).astype(np.int64)
        bins = np.minimum(seen.confidence * 15, 14).astype(np.int64).ravel()
        self.bins += [np.bincount(bins, weights, 15) for weights in (None, seen.confidence.ravel(), right.ravel())]
        edge = near_border(truth)
        for side in (0, 1):
            self.ranks[side] += np.bincount(levels[right == bool(side)], minlength=self.LEVELS)
            chosen = seen.entropy[edge == bool(side)]
            self.border[side] += chosen.size, chosen.sum(dtype=np.float64)

    def class_iou(self) -> np.ndarray:
        """Intersection over union of each class; nan for classes never drawn."""
        hits, drawn = np.diag(self.confusion), self.confusion.sum(1)
        union = drawn + self.confusion.sum(0) - hits
        return np.where(drawn > 0, hits / np.maximum(union, 1), np.nan)

    def figures(self) -> dict[str, float]:
        """Every figure by name."""
        iou = self.class_iou()
        wrong, right = self.ranks
        below = np.cumsum(right) - right
        pixels, confidence, hits = self.bins
        inside, edge = self.border[:, 1] / self.border[:, 0]
        return {"miou": float(np.nanmean(iou[1:])), "miou_with_background": float(np.nanmean(iou)),
                "pixel_accuracy": float(right.sum() / self.ranks.sum()),
                "auroc": float((wrong * (below + right / 2)).sum() / (wrong.sum() * right.sum())),
                "ece": float(np.abs(confidence - hits).sum() / pixels.sum()),
                "border_entropy": float(edge), "interior_entropy": float(inside), "border_ratio": float(edge / inside)}


def by_torch(model: Path, pictures: list[np.ndarray]) -> Iterator[Prediction]:
    """Predictions of the model file by torch, with the file's temperature."""
    import torch

    import model as demo
    network, metadata = demo.load(model)
    for pixels in pictures:
        with torch.no_grad():
            logits = demo.upsample(network(demo.preprocess(pixels)), pixels.shape[:2])[0]
            logs = torch.log_softmax(logits / float(metadata["segent.temperature"]), 0)
            entropy = -(logs.exp() * logs).sum(0) / np.log(len(CLASSES))
        yield Prediction(logs.argmax(0).numpy(), entropy.numpy(), logs.exp().amax(0).numpy())


def by_segent(command: Path, model: Path, pictures: list[np.ndarray]) -> Iterator[Prediction]:
    """Predictions of the model file by the segent command, read from the files it writes."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{index}.png" for index in range(len(pictures))]
        for name, pixels in zip(names, pictures):
            Image.fromarray(pixels).save(name, compress_level=1)
        subprocess.run([command, "run", "-m", model, "--out", folder, "--save", "labels,entropy.npy,probs.npy", "--size", str(scenes.SIDE),
                        "--output-size", "network", "--json", "-q", "--", *names], check=True, stdout=subprocess.DEVNULL)
        for index in range(len(pictures)):
            stem = f"{folder}/{index}"
            yield Prediction(np.asarray(Image.open(f"{stem}.labels.png")), np.load(f"{stem}.entropy.npy"), np.load(f"{stem}.probs.npy").max(0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", action="store_true", help="predict with torch")
    parser.add_argument("--segent", type=Path, help="predict with this segent command")
    parser.add_argument("--model", type=Path, default=HERE / "segent-demo.safetensors")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    if not (options.torch or options.segent):
        parser.error("--torch or --segent COMMAND is needed")
    tally, agreement, gap = Tally(), [], 0.0
    for first in range(options.seed, options.seed + options.count, BATCH):
        drawn = [scenes.draw(seed) for seed in range(first, min(first + BATCH, options.seed + options.count))]
        pictures = [pixels for pixels, _ in drawn]
        torch_side = list(by_torch(options.model, pictures)) if options.torch else []
        command_side = list(by_segent(options.segent, options.model, pictures)) if options.segent else []
        for (_, truth), seen in zip(drawn, command_side or torch_side):
            tally.add(truth, seen)
        for ours, theirs in zip(command_side, torch_side):
            agreement.append(float((ours.labels == theirs.labels).mean()))
            gap = max(gap, float(np.abs(ours.entropy - theirs.entropy).max()))
    figures = tally.figures()
    if agreement:
        figures |= {"labels_equal_to_torch": float(np.mean(agreement)), "largest_entropy_difference": gap}
    iou = {name: float(value) for name, value in zip(CLASSES, tally.class_iou()) if not np.isnan(value)}
    if options.json:
        json.dump({"scenes": options.count, **figures, "iou": iou}, sys.stdout, indent=1)
        print()
        return
    for name, value in iou.items():
        print(f"{name:>24} {value:.3f}")
    for name, value in figures.items():
        print(f"{name:>24} {value:.5g}")


if __name__ == "__main__":
    main()
