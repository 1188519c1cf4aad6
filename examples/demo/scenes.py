#!/usr/bin/python3
"""Draw scenes with exact labels.

    /usr/bin/python3 scenes.py OUT [--count 12] [--seed 0] [--jpeg]

Writes OUT/scene-SEED.png (or .jpg) and OUT/scene-SEED.labels.png (VOC class ids with the VOC colours) for each seed of
the range. `draw(seed)` gives the same as arrays. One seed gives one scene, on every machine with the same cairo.
"""
from __future__ import annotations

import argparse
import io
from pathlib import Path
from random import Random
from typing import Callable, Sequence

import numpy as np
from PIL import Image, ImageFilter

from drawing import backdrops, creatures, furniture, vehicles
from drawing.canvas import Canvas, any_colour, blend, fade, hsv, shade
from voc import ID, palette

Draw = Callable[[Canvas, Random], None]
SIDE = 320  # pixels of the shorter side
SMALLEST = 30  # pixels: nothing that stands on a plain is lower than this
SHAPES = ((427, 320), (427, 320), (480, 320), (400, 320), (320, 320), (320, 427), (568, 320))

THINGS: dict[str, tuple[str, Draw]] = {
    "aeroplane": ("aeroplane", vehicles.aeroplane), "bicycle": ("bicycle", vehicles.bicycle),
    "bird": ("bird", creatures.bird), "flying bird": ("bird", creatures.flying_bird), "boat": ("boat", vehicles.boat),
    "bottle": ("bottle", furniture.bottle), "bus": ("bus", vehicles.bus), "car": ("car", vehicles.car),
    "cat": ("cat", creatures.cat), "chair": ("chair", furniture.chair), "cow": ("cow", creatures.cow),
    "table": ("diningtable", furniture.table), "dog": ("dog", creatures.dog), "horse": ("horse", creatures.horse),
    "motorbike": ("motorbike", vehicles.motorbike), "person": ("person", creatures.person),
    "plant": ("pottedplant", furniture.potted_plant), "sheep": ("sheep", creatures.sheep),
    "sofa": ("sofa", furniture.sofa), "train": ("train", vehicles.train), "television": ("tvmonitor", furniture.television),
    "tree": ("background", backdrops.tree), "bush": ("background", backdrops.bush), "house": ("background", backdrops.house),
    "lamp post": ("background", backdrops.lamp_post), "sign": ("background", backdrops.traffic_sign),
    "fence": ("background", backdrops.fence), "rock": ("background", backdrops.rock), "crate": ("background", backdrops.crate),
    "ball": ("background", backdrops.ball), "lighthouse": ("background", backdrops.lighthouse),
    "balloon": ("background", backdrops.balloon), "floor lamp": ("background", backdrops.floor_lamp),
    "shelf": ("background", backdrops.shelf), "cabinet": ("background", backdrops.cabinet), "cup": ("background", backdrops.cup),
    "bowl": ("background", backdrops.bowl), "books": ("background", backdrops.book_pile),
}
WIDTH = {"aeroplane": 12.5, "bicycle": 1.8, "bird": 0.5, "flying bird": 1.2, "boat": 6.2, "bottle": 0.1, "bus": 9.5, "car": 4.3,
         "cat": 0.55, "chair": 0.55, "cow": 2.5, "table": 1.9, "dog": 1.1, "horse": 2.2, "motorbike": 2.1, "person": 0.7,
         "plant": 0.7, "sheep": 1.3, "sofa": 2.1, "train": 13.0, "television": 1.0}
HEIGHT = {"aeroplane": 4.5, "bicycle": 1.1, "bird": 0.4, "flying bird": 0.8, "boat": 4.0, "bottle": 0.3, "bus": 3.2, "car": 1.5,
          "cat": 0.5, "chair": 1.0, "cow": 1.5, "table": 0.8, "dog": 0.8, "horse": 2.0, "motorbike": 1.1, "person": 1.8,
          "plant": 0.9, "sheep": 0.95, "sofa": 0.9, "train": 4.0, "television": 0.75}


def put(c: Canvas, r: Random, name: str, x: float, y: float, scale: float, angle: float = 0.0, shadow: bool = True) -> None:
    """Draw one thing with its origin at (x, y) in pixels, at `scale` pixels a metre, facing either way."""
    label, draw = THINGS[name]
    if shadow and name in WIDTH:
        c.shadow(x, y, WIDTH[name] * scale * 0.48, max(1.5, 0.05 * WIDTH[name] * scale), 0.28)
    with c.labelled(ID[label]), c.frame(x, y, scale * r.choice((-1, 1)) * r.uniform(0.92, 1.08), -scale, angle):
        draw(c, r)


class Plain:
    """A ground plane seen from a height: what stands further up the picture is further away and smaller."""

    def __init__(self, c: Canvas, horizon: float, near_scale: float) -> None:
        self.canvas, self.horizon = c, horizon
        self.slope = near_scale / (c.height - horizon)

    def scale(self, y: float) -> float:
        """Pixels a metre for what touches the ground at y."""
        return self.slope * (y - self.horizon)

    def depth(self, scale: float) -> float:
        """Where things of that scale touch the ground."""
        return self.horizon + scale / self.slope


def populate(c: Canvas, r: Random, plain: Plain, names: Sequence[str], lowest: float = 1.0, highest: float = 0.2) -> None:
    """Stand things on the plain, far ones first; each at a random depth that leaves it tall enough."""
    spots = []
    for name in names:
        share = r.uniform(highest, lowest)
        y = plain.horizon + (c.height * 1.03 - plain.horizon) * share
        tall = HEIGHT.get(name, 2.0) * plain.scale(y)
        if tall < SMALLEST and name in HEIGHT:
            y = plain.depth(SMALLEST / HEIGHT[name])
        spots.append((y, r.uniform(0.02, 0.98) * c.width, name))
    for y, x, name in sorted(spots):
        put(c, r, name, x, y, plain.scale(y))


def some(r: Random, choices: Sequence[str], low: int, high: int) -> list[str]:
    """A few names from the choices, repeated ones allowed."""
    return [r.choice(choices) for _ in range(r.randint(low, high))]


def air(c: Canvas, r: Random) -> None:
    """Aeroplanes and birds in the sky, now and then a balloon; sometimes land below."""
    bottom = r.choice((c.height, c.height, c.height * r.uniform(0.75, 0.92)))
    backdrops.sky(c, r, bottom)
    if bottom < c.height:
        backdrops.hills(c, r, bottom, hsv(0.3, 0.4, 0.4))
        backdrops.ground(c, r, bottom, backdrops.meadow_colour(r))
    if r.random() < 0.2:
        put(c, r, "balloon", r.uniform(0, c.width), r.uniform(0.2, 0.6) * bottom, r.uniform(4, 14))
    if r.random() < 0.75:
        for _ in range(r.choice((1, 1, 2, 3))):
            size = r.uniform(7, 30)
            put(c, r, "aeroplane", r.uniform(0.1, 0.9) * c.width, r.uniform(0.1, 0.85) * bottom, size, r.uniform(-0.35, 0.35), shadow=False)
    for _ in range(r.choice((0, 1, 2, 4))):
        put(c, r, "flying bird", r.uniform(0.05, 0.95) * c.width, r.uniform(0.08, 0.9) * bottom, r.uniform(40, 130), r.uniform(-0.4, 0.4), shadow=False)


def airfield(c: Canvas, r: Random) -> None:
    """Aeroplanes on the ground, with cars, buses and people about."""
    horizon = c.height * r.uniform(0.35, 0.6)
    backdrops.sky(c, r, horizon)
    backdrops.hills(c, r, horizon, hsv(0.3, 0.4, 0.4))
    backdrops.ground(c, r, horizon, r.choice(((0.5, 0.5, 0.52), hsv(0.28, 0.5, 0.5))))
    plain = Plain(c, horizon, r.uniform(30, 60))
    for _ in range(r.randint(1, 2)):
        y = r.uniform(horizon + 0.3 * (c.height - horizon), c.height * 0.9)
        scale = max(9.0, plain.scale(y) * 0.7)
        c.shadow(r.uniform(0.2, 0.8) * c.width, y, 5 * scale, 0.3 * scale, 0.2)
        put(c, r, "aeroplane", r.uniform(0.2, 0.8) * c.width, y - 2.0 * scale, scale, shadow=False)
    populate(c, r, plain, some(r, ("person", "car", "bus", "sign"), 0, 4), highest=0.45)


def sea(c: Canvas, r: Random) -> None:
    """Boats on the water, gulls above, at times a beach in front or a lighthouse."""
    horizon = c.height * r.uniform(0.25, 0.6)
    backdrops.sky(c, r, horizon)
    backdrops.hills(c, r, horizon, hsv(0.35, 0.3, 0.45))
    water = hsv(r.uniform(0.48, 0.63), r.uniform(0.4, 0.75), r.uniform(0.35, 0.75))
    c.box(0, horizon, c.width, c.height - horizon, fade(horizon, shade(water, 1.4), c.height, shade(water, 0.75)))
    for _ in range(r.randint(10, 60)):
        y = horizon + (c.height - horizon) * r.random()
        size = 3 + 20 * (y - horizon) / c.height
        x = r.uniform(0, c.width)
        c.line(((x - size, y), (x, y - size * 0.12), (x + size, y)), 0.6 + size * 0.06, (*shade(water, r.choice((0.8, 1.3, 1.7))), 0.6), smooth=True)
    if r.random() < 0.25:
        put(c, r, "lighthouse", r.uniform(0.05, 0.95) * c.width, horizon + 3, r.uniform(5, 10))
    plain = Plain(c, horizon, r.uniform(35, 70))
    spots = sorted(horizon + (c.height * 0.95 - horizon) * r.uniform(0.12, 0.9) for _ in range(r.choice((1, 2, 3, 4))))
    for y in spots:
        x, scale = r.uniform(0.05, 0.95) * c.width, max(12.0, plain.scale(y))
        put(c, r, "boat", x, y, scale, r.uniform(-0.06, 0.06), shadow=False)
        with c.labelled(0):
            c.oval(x, y + 0.3 * scale, 3.3 * scale, 0.22 * scale, water)
    for _ in range(r.choice((0, 0, 1, 3))):
        put(c, r, "flying bird", r.random() * c.width, r.uniform(0.05, 0.9) * horizon, r.uniform(35, 80), r.uniform(-0.3, 0.3), shadow=False)
    if r.random() < 0.4:
        shore = c.height * r.uniform(0.8, 0.92)
        backdrops.ground(c, r, shore, hsv(0.11, 0.4, 0.85))
        beach = Plain(c, shore - c.height * 0.5, r.uniform(60, 110))
        populate(c, r, beach, some(r, ("person", "person", "dog", "bird", "ball", "rock", "chair"), 1, 4), highest=0.72)


def street(c: Canvas, r: Random) -> None:
    """Houses, a road with cars, buses and motorbikes, people and dogs on the pavement."""
    horizon = c.height * r.uniform(0.3, 0.5)
    backdrops.sky(c, r, horizon)
    backdrops.ground(c, r, horizon, hsv(0.6, r.uniform(0, 0.12), r.uniform(0.55, 0.75)))
    plain = Plain(c, horizon, r.uniform(45, 95))
    kerb = horizon + (c.height - horizon) * r.uniform(0.15, 0.25)
    x = r.uniform(-60, 0)
    while x < c.width + 40:
        scale = plain.scale(kerb) * r.uniform(0.8, 1.2)
        put(c, r, r.choice(("house", "house", "house", "tree", "bush")), x, kerb - r.uniform(2, 8), max(7.0, scale))
        x += scale * r.uniform(5, 9)
    road_top = kerb + (c.height - kerb) * r.uniform(0.08, 0.2)
    road_end = c.height * r.choice((1.1, r.uniform(0.85, 1.0)))
    tarmac = hsv(0.6, r.uniform(0, 0.1), r.uniform(0.25, 0.45))
    c.box(0, road_top, c.width, road_end - road_top, fade(road_top, shade(tarmac, 1.2), road_end, shade(tarmac, 0.85)))
    middle, pitch = (road_top + min(road_end, c.height)) / 2, r.uniform(40, 90)
    for k in range(int(c.width / pitch) + 1):
        c.box(k * pitch, middle, pitch * 0.5, 3, (0.92, 0.92, 0.88))
    populate(c, r, plain, some(r, ("person", "person", "lamp post", "tree", "sign", "dog"), 0, 4), highest=0.2, lowest=0.32)
    populate(c, r, plain, some(r, ("car", "car", "bus", "motorbike", "bicycle"), 1, 4), highest=0.4, lowest=0.9)
    populate(c, r, plain, some(r, ("person", "person", "dog", "cat", "lamp post", "sign", "bicycle", "motorbike", "plant"), 0, 3), highest=0.85, lowest=1.1)


def railway(c: Canvas, r: Random) -> None:
    """A train across the picture, with trees behind and at times a platform in front."""
    horizon = c.height * r.uniform(0.35, 0.55)
    backdrops.sky(c, r, horizon)
    backdrops.hills(c, r, horizon, hsv(0.3, 0.4, 0.4))
    backdrops.ground(c, r, horizon, backdrops.meadow_colour(r))
    plain = Plain(c, horizon, r.uniform(50, 90))
    populate(c, r, plain, some(r, ("tree", "house", "bush"), 0, 5), highest=0.1, lowest=0.25)
    y = horizon + (c.height - horizon) * r.uniform(0.3, 0.75)
    scale = r.uniform(14, 45)
    ballast = hsv(0.08, 0.1, r.uniform(0.35, 0.5))
    c.box(0, y - 0.3 * scale, c.width, 0.9 * scale, ballast)
    for k in range(int(c.width / (0.7 * scale)) + 1):
        c.box(k * 0.7 * scale, y, 0.3 * scale, 0.3 * scale, (0.3, 0.22, 0.15))
    c.box(0, y + 0.02 * scale, c.width, max(1.5, 0.1 * scale), (0.55, 0.54, 0.53))
    put(c, r, "train", r.uniform(0.15, 0.85) * c.width, y, scale, shadow=False)
    if r.random() < 0.5:
        edge = y + (c.height - y) * r.uniform(0.3, 0.6)
        backdrops.ground(c, r, edge, (0.62, 0.6, 0.58))
        c.box(0, edge, c.width, 4, (0.93, 0.9, 0.6))
        platform = Plain(c, edge - 90, r.uniform(55, 110))
        populate(c, r, platform, some(r, ("person", "person", "person", "lamp post", "dog", "bicycle", "crate", "plant"), 1, 4), highest=0.65)
    else:
        populate(c, r, plain, some(r, ("person", "cow", "sheep", "bush", "fence", "sign", "horse"), 0, 3), highest=0.75)


def pasture(c: Canvas, r: Random) -> None:
    """Cows, horses, sheep, a dog, a farmer."""
    horizon = c.height * r.uniform(0.25, 0.5)
    backdrops.sky(c, r, horizon)
    backdrops.hills(c, r, horizon, hsv(0.3, 0.4, 0.4))
    backdrops.ground(c, r, horizon, backdrops.meadow_colour(r), 70)
    plain = Plain(c, horizon, r.uniform(70, 150))
    populate(c, r, plain, some(r, ("tree", "tree", "bush", "house", "fence"), 0, 5), highest=0.08, lowest=0.25)
    herd = r.choice((("cow",), ("horse",), ("sheep",), ("cow", "horse", "sheep"), ("cow", "sheep"), ("horse", "cow")))
    names = some(r, herd, 1, 5) + some(r, ("person", "dog", "bird", "fence", "rock", "bush", "horse", "sheep"), 0, 3)
    populate(c, r, plain, names, highest=0.2)
    for _ in range(r.choice((0, 0, 1, 2))):
        put(c, r, "flying bird", r.random() * c.width, r.uniform(0.05, 0.8) * horizon, r.uniform(35, 80), r.uniform(-0.3, 0.3), shadow=False)


def park(c: Canvas, r: Random) -> None:
    """People, dogs, birds, bicycles, chairs and pots on the grass."""
    horizon = c.height * r.uniform(0.2, 0.45)
    backdrops.sky(c, r, horizon)
    backdrops.ground(c, r, horizon, backdrops.meadow_colour(r), 70)
    plain = Plain(c, horizon, r.uniform(110, 260))
    populate(c, r, plain, some(r, ("tree", "tree", "bush", "house", "lamp post"), 2, 7), highest=0.04, lowest=0.15)
    names = some(r, ("person", "person", "dog", "cat", "bird", "bicycle", "bicycle", "motorbike", "chair", "plant", "ball", "bush", "rock", "horse"), 2, 6)
    populate(c, r, plain, names, highest=0.25)


def room(c: Canvas, r: Random) -> Plain:
    """An empty room: wall, floor, window, pictures."""
    corner = c.height * r.uniform(0.5, 0.72)
    backdrops.wall(c, r, corner)
    timber = hsv(r.uniform(0.05, 0.12), r.uniform(0.1, 0.45), r.uniform(0.4, 0.8))
    c.box(0, corner, c.width, c.height - corner, fade(corner, shade(timber, 0.85), c.height, shade(timber, 1.15)))
    if r.random() < 0.5:
        for k in range(-6, 16):
            c.line(((c.width * 0.1 * k, c.height), (c.width * (0.25 + 0.05 * k), corner)), 1, shade(timber, 0.75))
    c.box(0, corner - 4, c.width, 5, shade(timber, r.choice((0.6, 1.6))))
    if r.random() < 0.6:
        backdrops.window(c, r, r.uniform(0.05, 0.75) * c.width, r.uniform(0.08, 0.2) * c.height, r.uniform(50, 110), r.uniform(50, 90))
    for _ in range(r.choice((0, 1, 2))):
        backdrops.hanging_picture(c, r, r.uniform(0, 0.9) * c.width, r.uniform(0.05, 0.25) * c.height, r.uniform(25, 70), r.uniform(25, 60))
    if r.random() < 0.4:
        c.oval(c.width * r.uniform(0.3, 0.7), (corner + c.height) / 2, c.width * r.uniform(0.2, 0.4), (c.height - corner) * 0.3, hsv(r.random(), r.uniform(0.1, 0.35), r.uniform(0.5, 0.85)))
    return Plain(c, corner - c.height * r.uniform(0.4, 0.8), r.uniform(125, 200))


def living_room(c: Canvas, r: Random) -> None:
    """Sofa, television on a cabinet, plants, lamps, people and pets."""
    plain = room(c, r)
    back = [r.choice(("sofa", "sofa", "television", "shelf", "floor lamp", "plant", "chair")) for _ in range(r.randint(2, 3))]
    low = max(plain.depth(80), c.height * 0.66)
    slots = [(k + 0.5) / len(back) for k in range(len(back))]
    for name, slot in zip(back, slots):
        x, y = slot * c.width + r.uniform(-20, 20), low + r.uniform(0, 25)
        scale = plain.scale(y) * r.uniform(0.9, 1.1)
        if name == "television":
            put(c, r, "cabinet", x, y, scale)
            y -= 0.52 * scale
        put(c, r, name, x, y, scale, shadow=name != "television")
        if name == "sofa" and r.random() < 0.35:
            put(c, r, "cat", x + r.uniform(-0.5, 0.5) * scale, y - 0.48 * scale, scale, shadow=False)
    populate(c, r, plain, some(r, ("person", "cat", "dog", "plant", "chair", "ball", "crate", "sofa"), 0, 3), highest=0.75, lowest=1.05)


def dining_room(c: Canvas, r: Random) -> None:
    """Chairs around a table with bottles, cups and bowls on it."""
    plain = room(c, r)
    y = c.height * r.uniform(0.78, 0.98)
    scale, x = plain.scale(y) * r.uniform(0.95, 1.25), r.uniform(0.3, 0.7) * c.width
    populate(c, r, plain, some(r, ("plant", "shelf", "floor lamp", "person", "chair"), 0, 2), highest=0.6, lowest=0.7)
    for side in r.sample((-0.8, -0.35, 0.35, 0.8), r.randint(0, 3)):
        put(c, r, r.choice(("chair", "chair", "chair", "person")), x + side * scale, y - 0.1 * scale, scale * 0.95)
    put(c, r, "table", x, y, scale)
    for spot in r.sample(range(-6, 7), r.randint(0, 5)):
        name = r.choice(("bottle", "bottle", "bottle", "cup", "bowl", "books"))
        put(c, r, name, x + spot * 0.11 * scale, y - r.uniform(0.69, 0.76) * scale, scale * r.uniform(1.2, 1.7), shadow=False)
    populate(c, r, plain, some(r, ("chair", "chair", "cat", "dog", "plant", "person"), 0, 2), highest=0.85, lowest=1.08)


def close_up(c: Canvas, r: Random) -> None:
    """A shelf or a sill with bottles, plants, a cat, a bird or a small television, from near."""
    edge = c.height * r.uniform(0.6, 0.92)
    backdrops.wall(c, r, edge)
    if r.random() < 0.4:
        backdrops.window(c, r, r.uniform(0.05, 0.5) * c.width, 10, r.uniform(80, 180), edge * 0.8)
    timber = hsv(r.uniform(0.05, 0.12), r.uniform(0.05, 0.4), r.uniform(0.5, 0.93))
    c.box(0, edge - 14, c.width, 32, fade(edge - 14, shade(timber, 1.1), edge + 18, shade(timber, 0.95)))
    c.box(0, edge + 18, c.width, c.height, shade(timber, 0.7))
    size = {"bottle": 0.31, "plant": 0.85, "television": 0.75, "cat": 0.48, "bird": 0.38, "cup": 0.1, "bowl": 0.13, "books": 0.1}
    names = some(r, ("bottle", "bottle", "bottle", "bottle", "plant", "television", "cat", "bird", "cup", "bowl", "books"), 2, 6)
    for k, name in enumerate(names):
        x = (k + r.uniform(0.2, 0.8)) / len(names) * c.width
        tall = r.uniform(0.3, 0.85) * edge * (0.45 if size[name] < 0.2 else 1.0)
        put(c, r, name, x, edge + r.uniform(-10, 10), tall / size[name])


def medley(c: Canvas, r: Random) -> None:
    """Anything anywhere on a plain ground: shape must do, for the surroundings tell nothing."""
    first, second = (hsv(r.random(), r.uniform(0.05, 0.35), r.uniform(0.5, 0.9)) for _ in range(2))
    style = r.random()
    if style < 0.3:
        backdrops.wall(c, r, c.height)
    elif style < 0.6:
        c.box(0, 0, c.width, c.height, fade(0, first, c.height, second))
    else:
        backdrops.sky(c, r, c.height * 0.5)
        backdrops.ground(c, r, c.height * r.uniform(0.3, 0.6), first)
    names = [r.choice(list(WIDTH)) for _ in range(r.randint(1, 5))] + some(r, ("tree", "bush", "house", "rock", "crate", "sign"), 0, 2)
    r.shuffle(names)
    for k, name in enumerate(names):
        tall = HEIGHT.get(name, 3.0)
        size = r.uniform(0.2, 0.75) * c.height
        scale = min(size / tall, 0.8 * c.width / WIDTH.get(name, 1.0))
        x = (k + r.uniform(0.2, 0.8)) / len(names) * c.width
        y = r.uniform(0.35, 1.02) * c.height
        put(c, r, name, x, y, scale, r.gauss(0, 0.08), shadow=r.random() < 0.5)


SCENES: tuple[tuple[Callable[[Canvas, Random], object], float], ...] = (
    (air, 1.0), (airfield, 0.6), (sea, 1.2), (street, 2.0), (railway, 1.2), (pasture, 1.8), (park, 1.4), (living_room, 1.8),
    (dining_room, 1.4), (close_up, 1.3), (medley, 1.5))


def develop(r: Random, pixels: np.ndarray) -> np.ndarray:
    """Light, haze, blur, noise and JPEG: what stands between a scene and its file."""
    tone = np.linspace(0, 1, 256) ** r.uniform(0.85, 1.2) * r.uniform(0.82, 1.08)
    picture = tone.astype(np.float32)[pixels]
    picture *= np.float32([r.gauss(1, 0.025), r.gauss(1, 0.015), r.gauss(1, 0.03)])
    if r.random() < 0.15:
        picture += (np.float32([0.8, 0.83, 0.87]) - picture) * r.uniform(0.1, 0.35)
    if r.random() < 0.3:
        rows, columns = picture.shape[:2]
        across = np.linspace(r.uniform(0.7, 1.1), r.uniform(0.7, 1.1), columns, dtype=np.float32)
        down = np.linspace(r.uniform(0.8, 1.1), r.uniform(0.8, 1.1), rows, dtype=np.float32)
        picture *= across[None, :, None]
        picture *= down[:, None, None]
    noise = r.choice((0.0, 0.01, 0.02, 0.035)) * r.random()
    if noise:
        picture += np.random.default_rng(r.getrandbits(32)).standard_normal(picture.shape, np.float32) * noise
    image = Image.fromarray((picture.clip(0, 1, out=picture) * 255).astype(np.uint8))
    if r.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(r.uniform(0.3, 1.1)))
    if r.random() < 0.5:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=r.randint(45, 92))
        image = Image.open(buffer)
    return np.asarray(image)


def draw(seed: int, scene: str = "") -> tuple[np.ndarray, np.ndarray]:
    """The picture, (H, W, 3) uint8, and the labels, (H, W) uint8, of a seed; of one kind of scene if named."""
    r = Random(seed)
    c = Canvas(*r.choice(SHAPES))
    c.outline = r.choice((0.0, 0.0, 0.0, 1.0))
    kinds = [kind for kind, _ in SCENES]
    kind = r.choices(kinds, [weight for _, weight in SCENES])[0]
    if scene:
        kind = next(k for k in kinds if k.__name__ == scene)
    kind(c, r)
    return develop(r, c.pixels()), c.labels()


def label_image(labels: np.ndarray) -> Image.Image:
    """Labels as a palette picture in VOC's colours."""
    image = Image.fromarray(labels, "P")
    image.putpalette(palette())
    return image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scene", default="", choices=[""] + [kind.__name__ for kind, _ in SCENES])
    parser.add_argument("--jpeg", action="store_true", help="pictures as JPEG of quality 90 instead of PNG")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for seed in range(options.seed, options.seed + options.count):
        pixels, labels = draw(seed, options.scene)
        stem = options.out / f"scene-{seed}"
        if options.jpeg:
            Image.fromarray(pixels).save(f"{stem}.jpg", quality=90)
        else:
            Image.fromarray(pixels).save(f"{stem}.png")
        label_image(labels).save(f"{stem}.labels.png")


if __name__ == "__main__":
    main()
