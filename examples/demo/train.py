#!/usr/bin/python3
"""Train the demonstration model on drawn scenes, calibrate it, and write it as float16 safetensors.

    /usr/bin/python3 train.py segent-demo.safetensors
    /usr/bin/python3 train.py better.safetensors --init segent-demo.safetensors --steps 0 2000 2000 1000

The second form goes on from the weights of a file. A checkpoint beside the output is written every few minutes; the same command resumes from it. Seeds of training scenes
start at 1,000,000, those for calibration at 500,000; evaluate.py uses 0 to 299.
"""
from __future__ import annotations

import argparse
import ctypes
import datetime
import math
import tempfile
import time
from functools import lru_cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Iterator, NamedTuple, Sequence

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

import model as demo
import scenes
from voc import CLASSES

TRAINING_SEED, CALIBRATION_SEED = 1_000_000, 500_000
SHUFFLED = 384  # crops that wait to be drawn from at random
SUBTLE = ("bird", "cat", "chair", "cow", "dog", "horse", "sheep")  # crops are cut around these more often
APART = 3  # every so many pixels each way the loss looks at one


class Phase(NamedTuple):
    """A stage of training, from many small crops of objects to few large ones of scenes."""

    name: str
    side: int  # pixels of a crop in the scene
    shrink: int  # by which it is made smaller
    batch: int  # crops in a step, shared by the processes
    around: int  # crops around objects of one scene; 0: one crop anywhere


PHASES = (Phase("half", 128, 2, 64, 8), Phase("near", 128, 1, 32, 6), Phase("wide", 256, 1, 12, 2), Phase("whole", 320, 1, 8, 0))

Crop = tuple[Tensor, Tensor]  # picture (H, W, 3) uint8, labels (H, W) uint8


def cut(pixels: np.ndarray, labels: np.ndarray, y: int, x: int, phase: Phase) -> Crop:
    """A square crop, moved into the picture where it would leave it."""
    y, x = (min(max(0, start), size - phase.side) for start, size in zip((y, x), labels.shape))
    window, shrink = np.s_[y:y + phase.side, x:x + phase.side], phase.shrink
    pixels, labels = pixels[window], labels[window]
    if shrink > 1:
        small = phase.side // shrink
        pixels = pixels.reshape(small, shrink, small, shrink, 3).mean((1, 3)).astype(np.uint8)
        labels = labels[shrink // 2::shrink, shrink // 2::shrink]
    return torch.from_numpy(pixels.copy()), torch.from_numpy(labels.copy())


class Crops(IterableDataset):
    """An endless row of crops of scenes from a seed on, in steps of `stride`, shuffled across scenes."""

    def __init__(self, phase: Phase, seed: int, stride: int = 1) -> None:
        self.phase, self.seed, self.stride = phase, seed, stride

    def __iter__(self) -> Iterator[Crop]:
        r, waiting, seed = Random(self.seed), [], self.seed
        while True:
            while len(waiting) < (SHUFFLED if self.phase.around else 1):
                waiting += self.of_scene(r, *scenes.draw(seed))
                seed += self.stride
            yield waiting.pop(r.randrange(len(waiting)))

    def of_scene(self, r: Random, pixels: np.ndarray, labels: np.ndarray) -> list[Crop]:
        """One crop anywhere, or some near random pixels of the classes present, each class in turn."""
        side = self.phase.side
        if not self.phase.around:
            return [cut(pixels, labels, *(r.randint(0, size - side) for size in labels.shape), self.phase)]
        counts = np.bincount(labels.ravel(), minlength=len(CLASSES))
        present = [index for index in range(1, len(CLASSES)) if counts[index] >= 60]
        present.sort(key=lambda index: r.random() - 0.5 * (CLASSES[index] in SUBTLE))
        crops = []
        for index in (present * 2)[:self.phase.around]:
            at = np.unravel_index(np.flatnonzero(labels == index)[r.randrange(counts[index])], labels.shape)
            corner = (int(position) - side // 2 + r.randint(-side // 5, side // 5) for position in at)
            crops.append(cut(pixels, labels, *corner, self.phase))
        return crops


def initialise(network: nn.Module) -> None:
    """He's initialisation; the head's dilated branches start as their centres, the last layer undecided."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    for branch in network.classifier[0].convs[1:4]:
        centre = torch.zeros_like(branch[0].weight)
        nn.init.kaiming_normal_(centre[:, :, 1:2, 1:2], mode="fan_out", nonlinearity="relu")
        branch[0].weight.data.copy_(centre)
    nn.init.normal_(network.classifier[4].weight, 0, 0.01)
    nn.init.zeros_(network.classifier[4].bias)


def rate_at(step: int, steps: Sequence[int], peak: float) -> float:
    """Warm-up, constant over the first phase, so that steps may be added to it, then a straight line to zero."""
    warm = peak * min(1.0, (step + 1) / 100)
    return warm if step < steps[0] else warm * (1 - (step - steps[0]) / sum(steps[1:]))


@lru_cache(maxsize=None)
def interpolation(inputs: int, outputs: int, first: int) -> Tensor:
    """The rows first, first + APART, ... of the matrix (outputs, inputs) that upsamples a line as demo.upsample does."""
    lines = torch.eye(inputs)[:, None, None, :]
    return demo.upsample(lines, (1, outputs))[:, 0, 0, first::APART].T.contiguous()


def jaccard(probabilities: Tensor, labels: Tensor) -> Tensor:
    """One minus the mean over the classes present of a differentiable intersection over union; it weighs rare classes up."""
    hits = probabilities.gather(1, labels[:, None]).flatten()
    drawn = torch.bincount(labels.flatten(), minlength=len(CLASSES))
    overlap = torch.zeros(len(CLASSES)).index_add(0, labels.flatten(), hits)
    union = probabilities.sum((0, 2, 3)) + drawn - overlap
    return 1 - ((overlap + 50) / (union + 50))[drawn > 0].mean()  # 50 pixels: slivers shall not dominate


def loss_of(network: nn.Module, pixels: Tensor, labels: Tensor, options: argparse.Namespace) -> Tensor:
    """Mean cross-entropy and the Jaccard term over every third pixel each way, the first one at random."""
    with torch.autocast("cpu", torch.bfloat16, enabled=not options.float32):
        logits = network(demo.preprocess(pixels.numpy()))
    first = [int(torch.randint(APART, ())) for _ in range(2)]
    down, across = (interpolation(*sides, start) for *sides, start in zip(logits.shape[2:], labels.shape[1:], first))
    logs = torch.log_softmax(down @ logits.float().contiguous() @ across.T, 1)
    truth = labels[:, first[0]::APART, first[1]::APART].long()
    return F.nll_loss(logs, truth) + options.jaccard * jaccard(logs.exp(), truth)


def batches_from(step: int, options: argparse.Namespace, rank: int) -> Iterator[list[Tensor]]:
    """One process's batches from a step on, through all phases; resuming goes on with scenes not seen before."""
    last = 0
    for phase, count in zip(PHASES, options.steps):
        last += count
        if step < last:
            crops = Crops(phase, TRAINING_SEED * options.seed + step * 32 + rank, options.processes)
            loader = DataLoader(crops, phase.batch // options.processes, num_workers=1, prefetch_factor=8)
            yield from islice(iter(loader), last - step)
            step = last


def share_gradients(network: nn.Module) -> None:
    """Replace each process's gradients by their mean over the processes."""
    gradients = [parameter.grad for parameter in network.parameters()]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    for gradient, mean in zip(gradients, (flat / dist.get_world_size()).split([gradient.numel() for gradient in gradients])):
        gradient.copy_(mean.view_as(gradient))


def fit(network: nn.Module, options: argparse.Namespace, rank: int) -> None:
    """AdamW through all phases, resumable; each of the processes does its share of every batch."""
    checkpoint = options.out.with_suffix(".checkpoint.pth")
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.02)
    step = 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    network.train()
    started, mean = time.process_time(), []
    for pixels, labels in batches_from(step, options, rank):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options.steps, options.rate)
        loss = loss_of(network, pixels, labels, options)
        optimizer.zero_grad()
        loss.backward()
        share_gradients(network)
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        step += 1
        mean.append(loss.item())
        if rank == 0 and step % 50 == 0:
            print(f"step {step} loss {sum(mean) / len(mean):.4f} processor seconds {time.process_time() - started:.0f}", flush=True)
            mean.clear()
        if rank == 0 and (step % 100 == 0 or step == sum(options.steps)):
            partial = checkpoint.with_suffix(".partial")
            torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, partial)
            partial.replace(checkpoint)


def settle(network: nn.Module, batches: int = 60) -> None:
    """Replace the moving averages of batch norm by plain averages for the final weights."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
    loader = iter(DataLoader(Crops(PHASES[-1], TRAINING_SEED), 2 * PHASES[-1].batch, num_workers=1))
    network.train()
    with torch.no_grad():
        for _ in range(batches):
            network(demo.preprocess(next(loader)[0].numpy()))
    network.eval()


@torch.no_grad()
def temperature_of(network: nn.Module, count: int = 200) -> float:
    """The temperature that minimises the negative log-likelihood on calibration scenes (every third pixel each way)."""
    logits, labels = [], []
    for seed in range(CALIBRATION_SEED, CALIBRATION_SEED + count):
        pixels, truth = scenes.draw(seed)
        full = demo.upsample(network(demo.preprocess(pixels)), truth.shape)[0]
        logits.append(full[:, ::3, ::3].flatten(1).T)
        labels.append(torch.from_numpy(truth[::3, ::3].copy()).flatten().long())
    scores, truth = torch.cat(logits), torch.cat(labels)
    low, high = math.log(0.25), math.log(4.0)
    for _ in range(18):
        first, second = low + (high - low) / 3, high - (high - low) / 3
        if F.cross_entropy(scores / math.exp(first), truth) < F.cross_entropy(scores / math.exp(second), truth):
            high = second
        else:
            low = first
    return math.exp((low + high) / 2)


def metadata(options: argparse.Namespace, temperature: float) -> dict[str, str]:
    """What the file says about itself."""
    return {"format": "pt", "segent.name": "segent-demo", "segent.classes": ",".join(CLASSES), "segent.rates": "12,24,36",
            "segent.size": str(scenes.SIDE), "segent.temperature": f"{temperature:.4f}",
            "segent.description": "Demonstration model trained on drawn scenes only; it is not meant for real photographs.",
            "segent.training": f"examples/demo/train.py --steps {' '.join(map(str, options.steps))} --rate {options.rate} --seed {options.seed}"
                               f" --jaccard {options.jaccard}" + (f" --init {options.init.name}" if options.init else ""),
            "segent.date": datetime.date.today().isoformat()}


def keep_memory() -> None:
    """Have glibc's malloc keep what is freed: fresh pages for every large tensor cost a quarter of the time."""
    trim_threshold, mmap_max = -1, -4  # malloc.h
    library = ctypes.CDLL(None)
    library.mallopt(mmap_max, 0)
    library.mallopt(trim_threshold, 2 ** 31 - 1)


def work(rank: int, options: argparse.Namespace) -> None:
    """One process of the training; the first one also calibrates and writes the file."""
    keep_memory()
    torch.set_num_threads(1)
    dist.init_process_group("gloo", f"file://{options.meeting}", rank=rank, world_size=options.processes)
    torch.manual_seed(options.seed)
    if options.init:
        network, _ = demo.load(options.init)
    else:
        network = demo.NarrowDeepLab().to(memory_format=torch.channels_last)
        initialise(network)
    torch.manual_seed(1000 * options.seed + rank)
    fit(network, options, rank)
    if rank:
        return
    settle(network)
    demo.save(options.out, network, metadata(options, 1.0))
    rounded, _ = demo.load(options.out)
    temperature = temperature_of(rounded)
    demo.save(options.out, rounded, metadata(options, temperature))
    print(f"temperature {temperature:.4f}, {options.out.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--init", type=Path, help="start from the weights of this file instead of random ones")
    parser.add_argument("--steps", type=int, nargs=len(PHASES), default=(3000, 1800, 2200, 700), help="of each phase: " + ", ".join(p.name for p in PHASES))
    parser.add_argument("--rate", type=float, default=2.5e-3, help="peak learning rate")
    parser.add_argument("--jaccard", type=float, default=0.5, help="weight of the Jaccard term beside cross-entropy")
    parser.add_argument("--seed", type=int, default=1, help="scenes of the seeds from a million times this on are trained on")
    parser.add_argument("--processes", type=int, default=2, help="that share each batch")
    parser.add_argument("--float32", action="store_true", help="no bfloat16: slower on processors that have it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options.meeting = f"{folder}/meeting"
        torch.multiprocessing.spawn(work, (options,), options.processes)


if __name__ == "__main__":
    main()
