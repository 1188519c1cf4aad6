#!/usr/bin/python3
"""Make the pictures of this folder: scenes that are easy, crowded and ambiguous, and one that is no drawn scene at all.

    /usr/bin/python3 pictures.py pictures
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

import scenes

DRAWN = {"easy-boats": ("sea", 903), "easy-room": ("living_room", 902), "crowded-street": ("street", 903), "crowded-farm": ("pasture", 902)}
AMBIGUOUS = ("pasture", 905)
WIDTH, HEIGHT = 427, 320


def fractal(generator: np.random.Generator, slope: float) -> np.ndarray:
    """Noise whose amplitude falls as frequency to the power `slope`, as in photographs; (HEIGHT, WIDTH), 0..1."""
    white = np.fft.fft2(generator.standard_normal((HEIGHT, WIDTH)))
    frequency = np.hypot(np.fft.fftfreq(HEIGHT)[:, None], np.fft.fftfreq(WIDTH)[None, :])
    frequency[0, 0] = 1
    field = np.fft.ifft2(white / frequency ** slope).real
    low, high = np.percentile(field, (1, 99))
    return ((field - low) / (high - low)).clip(0, 1)


def mossy_stone(seed: int = 7) -> np.ndarray:
    """A texture with a photograph's statistics: stone, moss and lichen in relief, lit from one side."""
    generator = np.random.default_rng(seed)
    height, moss, lichen = fractal(generator, 1.3), fractal(generator, 1.6), fractal(generator, 1.1)
    relief = np.gradient(height, axis=1) + np.gradient(height, axis=0)
    light = (0.65 + 4.0 * relief).clip(0.1, 1.3)[..., None]
    stone, green, rust = np.array([[0.55, 0.52, 0.48], [0.25, 0.36, 0.14], [0.7, 0.42, 0.2]])
    share = (1 / (1 + np.exp(-18 * (moss - 0.55))))[..., None]
    spots = (1 / (1 + np.exp(-30 * (lichen - 0.75))))[..., None]
    colour = (stone * (1 - share) + green * share) * (1 - spots) + rust * spots
    grain = generator.standard_normal((HEIGHT, WIDTH, 3)) * 0.02
    return ((colour * light + grain).clip(0, 1) * 255).astype(np.uint8)


def mist(pixels: np.ndarray) -> np.ndarray:
    """The scene out of focus on a misty morning, thicker towards the top."""
    soft = np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(2.2))).astype(np.float64)
    thickness = np.linspace(0.85, 0.55, len(soft))[:, None, None]
    return (soft + (np.array([205, 208, 212]) - soft) * thickness).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    pictures = {name: scenes.draw(seed, scene)[0] for name, (scene, seed) in DRAWN.items()}
    pictures["ambiguous-mist"] = mist(scenes.draw(AMBIGUOUS[1], AMBIGUOUS[0])[0])
    pictures["outside-stone"] = mossy_stone()
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(out / f"{name}.jpg", quality=88)


if __name__ == "__main__":
    main()
