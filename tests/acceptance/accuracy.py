#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What an engine and a precision cost on the demonstration model: the segent command against its own exact engine in float32, on held-out scenes.

    /usr/bin/python3 tests/acceptance/accuracy.py build/src/segent [--engine fast] [--precision bf16] [--count 300] [--scenes FOLDER] [--json]

examples/demo/scenes.py draws the scenes with their labels from seeds that the model was not trained on, into a folder that is kept if --scenes
names one. Every figure is computed here, with NumPy in float64, from the files that `segent run` writes; nothing of `segent bench --accuracy` is
used, so that the two can be compared. The bars, each printed with what was measured:
  - labels equal on at least 99.9 % of the pixels;
  - mIoU against the drawn labels within 0.002;
  - mean |difference of the normalised entropy| at most 1e-3;
  - mean entropy of a picture within 1 % for 99 % of the pictures;
  - Spearman's rank correlation of the pictures' mean entropy at least 0.999.
Exit status 1 when one is missed, 77 where Debian's python3-numpy, python3-pil or python3-cairo is missing.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from multiprocessing import Pool
from pathlib import Path

DEMO = Path(__file__).resolve().parent.parent.parent / "examples" / "demo"
sys.path.insert(0, str(DEMO))

try:
    import numpy as np
    from PIL import Image

    import scenes
    from evaluate import Prediction, Tally
except ImportError as error:
    print(f"NOT TESTED: accuracy on drawn scenes ({error}; Debian's packages are python3-numpy, python3-pil and python3-cairo)")
    sys.exit(77)

BATCH = 20  # scenes in one call of the command: their logits take some 12 MB each on disk


def draw(task):
    """Writes a scene and its labels, unless both are there."""
    folder, seed = task
    picture, truth = folder / f"scene-{seed}.png", folder / f"scene-{seed}.labels.png"
    if not (picture.exists() and truth.exists()):
        pixels, labels = scenes.draw(seed)
        Image.fromarray(pixels).save(picture, compress_level=1)
        scenes.label_image(labels).save(truth)
    return picture, truth


def segment(command, model, pictures, options):
    """Labels, normalised entropy and the margin of the logits, each (H, W), of every picture."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([command, "run", "-q", "--json", "-m", model, "--size", str(scenes.SIDE), "--output-size", "network", "--out", folder,
                        "--save", "labels,entropy.npy,logits.npy", *options, "--", *pictures], check=True, stdout=subprocess.DEVNULL)
        for picture in pictures:
            stem = f"{folder}/{picture.stem}"
            two = np.partition(np.load(f"{stem}.logits.npy"), -2, axis=0)[-2:].astype(np.float64)
            yield np.asarray(Image.open(f"{stem}.labels.png")), np.load(f"{stem}.entropy.npy").astype(np.float64), two[1] - two[0]


def ranks(values):
    """Ranks from 1, ties with the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2)[place]


class Comparison:
    """Sums over all pixels of all scenes."""

    def __init__(self):
        self.pixels = self.equal = 0
        self.entropy_sum = self.entropy_max = 0.0
        self.margin_squares = self.margin_max = self.flipped_margin = 0.0
        self.means, self.worst = [], []
        self.miou = Tally(), Tally()

    def add(self, truth, exact, other):
        entropy, margin = np.abs(other[1] - exact[1]), np.abs(other[2] - exact[2])
        equal = other[0] == exact[0]
        self.pixels += equal.size
        self.equal += int(equal.sum())
        self.worst.append(float(equal.mean()))
        self.entropy_sum += entropy.sum()
        self.entropy_max = max(self.entropy_max, entropy.max())
        self.margin_squares += (margin**2).sum()
        self.margin_max = max(self.margin_max, margin.max())
        self.flipped_margin = max(self.flipped_margin, other[2][~equal].max(initial=0))
        self.means.append((exact[1].mean(), other[1].mean()))
        for tally, seen in zip(self.miou, (exact, other)):
            tally.add(truth, Prediction(seen[0], seen[1].astype(np.float32), np.ones(equal.shape, np.float32)))

    def figures(self):
        exact, other = np.array(self.means).T
        relative = np.abs(other - exact) / np.where(exact > 0, exact, 1)
        places = ranks(exact), ranks(other)
        spread = min(np.ptp(exact), np.ptp(other))
        exact_iou, other_iou = (tally.figures()["miou"] for tally in self.miou)
        return {"pictures": len(exact), "labels_equal": self.equal / self.pixels, "labels_equal_worst": min(self.worst),
                "miou_exact": exact_iou, "miou": other_iou, "miou_difference": abs(other_iou - exact_iou),
                "entropy_mean_difference": self.entropy_sum / self.pixels, "entropy_max_difference": float(self.entropy_max),
                "image_entropy_relative": float(relative.max()), "image_entropy_relative_mean": float(relative.mean()),
                "image_entropy_within_1_percent": float((relative <= 0.01).mean()),
                "rank_correlation": float(np.corrcoef(*places)[0, 1]) if spread > 0 else None, "ranks_changed": int((places[0] != places[1]).sum()),
                "margin_rms_difference": float(np.sqrt(self.margin_squares / self.pixels)), "margin_max_difference": float(self.margin_max),
                "changed_label_max_margin": float(self.flipped_margin)}


def bars(found):
    """What the figures must hold: words, value, bar, whether it holds."""
    rank = found["rank_correlation"]
    yield "labels equal", found["labels_equal"], ">= 0.999", found["labels_equal"] >= 0.999
    yield "difference of mIoU", found["miou_difference"], "<= 0.002", found["miou_difference"] <= 0.002
    yield "mean difference of entropy", found["entropy_mean_difference"], "<= 0.001", found["entropy_mean_difference"] <= 1e-3
    yield "pictures within 1 %", found["image_entropy_within_1_percent"], ">= 0.99", found["image_entropy_within_1_percent"] >= 0.99
    yield "rank correlation", rank, ">= 0.999", rank is not None and rank >= 0.999


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segent", type=Path, help="the command")
    parser.add_argument("--engine", default="fast")
    parser.add_argument("--precision", default="", help="what `segent run --precision` takes; none: float32")
    parser.add_argument("--model", type=Path, default=DEMO / "segent-demo.safetensors")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--scenes", type=Path, help="where scenes are kept; without it they are drawn into a folder that goes")
    parser.add_argument("--jobs", type=int, default=2, help="scenes drawn at once")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    if options.count < 1:
        parser.error("--count must be at least 1")
    command = options.segent.resolve()
    other = ["--engine", options.engine] + (["--precision", options.precision] if options.precision else [])
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.scenes or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with Pool(options.jobs) as pool:
            drawn = pool.map(draw, [(folder, seed) for seed in range(options.seed, options.seed + options.count)])
        for first in range(0, len(drawn), BATCH):
            batch = drawn[first:first + BATCH]
            pictures = [picture for picture, _ in batch]
            pairs = zip(segment(command, options.model, pictures, ["--engine", "exact"]), segment(command, options.model, pictures, other))
            for (_, truth), (ours, theirs) in zip(batch, pairs):
                comparison.add(np.asarray(Image.open(truth)), ours, theirs)
    found = comparison.figures()
    verdicts = list(bars(found))
    if options.json:
        print(json.dumps({"engine": options.engine, "precision": options.precision or "f32", **found, "holds": all(holds for *_, holds in verdicts)}))
    else:
        print(f"{' '.join(other)} against --engine exact in float32, {len(drawn)} scenes")
        for name, value in found.items():
            print(f"{name:>32} {'null' if value is None else f'{value:.6g}'}")
        for words, value, bar, holds in verdicts:
            print(f"{words:>32} {'null' if value is None else f'{value:.6g}':>12} {bar:<9} {'holds' if holds else 'MISSED'}")
    sys.exit(0 if all(holds for *_, holds in verdicts) else 1)


if __name__ == "__main__":
    main()
