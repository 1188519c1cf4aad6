"""People and animals, in metres, y upward, the origin on the ground between the feet (flying birds: the middle), facing right."""
from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from drawing.canvas import Canvas, Colour, Point, any_colour, hsv, lit, shade

SKIN = ((0.98, 0.82, 0.7), (0.93, 0.72, 0.56), (0.78, 0.55, 0.38), (0.55, 0.36, 0.24), (0.38, 0.25, 0.17))
HAIR = ((0.1, 0.07, 0.05), (0.3, 0.18, 0.08), (0.55, 0.35, 0.15), (0.85, 0.7, 0.35), (0.65, 0.65, 0.66), (0.6, 0.22, 0.08))


def limb(c: Canvas, start: Point, length: float, angle: float, bend: float, width: float, colour: Colour) -> Point:
    """A jointed limb hanging from start; angles from straight down; returns where it ends."""
    joint = (start[0] + math.sin(angle) * length / 2, start[1] - math.cos(angle) * length / 2)
    end = (joint[0] + math.sin(angle + bend) * length / 2, joint[1] - math.cos(angle + bend) * length / 2)
    c.line((start, joint, end), width, colour)
    return end


def person(c: Canvas, r: Random) -> None:
    """Somebody of 1.75 m: standing, walking or waving, in trousers, skirt or coat."""
    skin, hair = r.choice(SKIN), r.choice(HAIR)
    shirt, trousers = any_colour(r, 0.6, 0.75), any_colour(r, 0.45, 0.45)
    stride, broad = r.choice((0.0, 0.08, 0.35, 0.5)) * r.uniform(0.6, 1.2), r.uniform(0.85, 1.15)
    skirt = r.random() < 0.3
    arms = [r.uniform(-0.6, 0.1), r.uniform(-0.1, 0.6)]
    if r.random() < 0.2:
        arms[1] = r.uniform(2.2, 2.9)
    reach = (0.34 * broad * 0.55, 1.4)
    hand = limb(c, (-reach[0], reach[1]), 0.62, arms[0], 0.25, 0.11, shade(shirt, 0.8))
    c.oval(*hand, 0.06, 0.06, shade(skin, 0.9))
    for sign in (-1, 1):
        foot = limb(c, (0.09 * sign * broad, 0.88), 0.84, sign * stride, -0.25 * stride, 0.16, skin if skirt else shade(trousers, 0.85 + 0.15 * sign))
        c.oval(foot[0] + 0.05, foot[1] + 0.01, 0.14, 0.06, (0.15, 0.1, 0.08))
    if skirt:
        c.poly(((-0.14 * broad, 1.0), (0.14 * broad, 1.0), (0.3 + stride * 0.2, 0.45), (-0.3 - stride * 0.2, 0.45)), lit(trousers, 0.4, 1))
    width = 0.22 * broad
    bottom = r.choice((0.85, 0.85, 0.55))
    c.blob(((-width, 1.42), (0, 1.5), (width, 1.42), (width * 0.85, bottom + 0.1), (width * 0.7, bottom), (-width * 0.7, bottom), (-width * 0.85, bottom + 0.1)),
           lit(shirt, bottom, 1.5, 0.25))
    hand = limb(c, (reach[0], reach[1]), 0.62, arms[1], 0.3, 0.115, shade(shirt, 1.1))
    c.oval(*hand, 0.06, 0.06, skin)
    c.line(((0, 1.42), (0.01, 1.55)), 0.1, shade(skin, 0.85))
    head(c, r, skin, hair)


def head(c: Canvas, r: Random, skin: Colour, hair: Colour) -> None:
    """Head with hair, a hat at times, and a face at times turned away."""
    back = r.random() < 0.2
    if r.random() < 0.35:
        c.blob(((-0.13, 1.7), (0.13, 1.7), (0.15, 1.45), (0, 1.4), (-0.16, 1.45)), shade(hair, 0.9))
    c.oval(0.01, 1.64, 0.105, 0.135, hair if back else lit(skin, 1.5, 1.8, 0.15))
    if not back:
        c.blob(((-0.12, 1.62), (-0.1, 1.77), (0.02, 1.81), (0.12, 1.75), (0.1, 1.7), (-0.03, 1.73)), hair)
        for x in (0.0, 0.07):
            c.oval(x, 1.65, 0.012, 0.016, (0.1, 0.07, 0.05))
        c.line(((0.01, 1.575), (0.06, 1.575)), 0.014, (0.65, 0.25, 0.22))
    if r.random() < 0.25:
        hat = any_colour(r, 0.6, 0.6)
        c.box(-0.18, 1.7, 0.38, 0.035, shade(hat, 0.8), 0.015)
        c.box(-0.11, 1.71, 0.23, 0.13, hat, 0.05)


@dataclass(frozen=True)
class Build:
    """The proportions of a four-legged animal."""

    leg: float
    leg_width: float
    body: Point  # half length, half height
    neck: Point  # from the shoulder to the head
    neck_width: float
    hoof: bool


COW = Build(0.62, 0.17, (0.85, 0.36), (0.5, 0.16), 0.38, True)
HORSE = Build(0.85, 0.15, (0.75, 0.31), (0.46, 0.62), 0.3, True)
SHEEP = Build(0.36, 0.085, (0.48, 0.28), (0.2, 0.16), 0.2, True)
DOG = Build(0.32, 0.085, (0.36, 0.15), (0.17, 0.2), 0.16, False)
CAT = Build(0.15, 0.055, (0.2, 0.095), (0.08, 0.09), 0.1, False)


def legs(c: Canvas, r: Random, build: Build, coat: Colour, paw: Colour) -> float:
    """Four legs in some gait; returns the height of the body's middle."""
    height = build.leg + build.body[1] * 0.55
    swing = r.choice((0.06, 0.12, 0.4)) * r.uniform(0.6, 1.2)
    for x, phase, dark in ((-0.62, 1, 0.7), (0.58, -1, 0.7), (-0.74, -1, 0.95), (0.7, 1, 0.95)):
        start = (x * build.body[0], height)
        foot = limb(c, start, height, phase * swing, -0.25 * swing, build.leg_width, shade(coat, dark))
        c.oval(foot[0], max(foot[1], build.leg_width * 0.3), build.leg_width * 0.62, build.leg_width * (0.5 if build.hoof else 0.4), shade(paw, dark))
    return height


def barrel(build: Build, height: float, sag: float = 0.0) -> list[Point]:
    """The outline of the trunk."""
    half, tall = build.body
    return [(-half, height + tall * 0.3), (-half * 0.8, height + tall * 0.95), (0, height + tall * (0.88 - sag)), (half * 0.8, height + tall),
            (half * 1.05, height + tall * 0.3), (half * 0.85, height - tall * 0.7), (0, height - tall * (0.95 + sag)), (-half * 0.85, height - tall * 0.65)]


def cow(c: Canvas, r: Random) -> None:
    """Deep trunk with patches, horns, udder, tufted tail; often grazing."""
    coat, patch = r.choice((((0.96, 0.95, 0.92), (0.1, 0.09, 0.09)), ((0.96, 0.94, 0.9), (0.55, 0.3, 0.14)),
                            ((0.12, 0.11, 0.11), (0.95, 0.94, 0.92)), ((0.58, 0.33, 0.16), (0.95, 0.92, 0.88))))
    height = legs(c, r, COW, coat, (0.16, 0.13, 0.11))
    half, tall = COW.body
    c.line(((-half, height + 0.25), (-half - 0.16, height), (-half - 0.14, height - 0.45)), 0.05, shade(coat, 0.85), smooth=True)
    c.oval(-half - 0.14, height - 0.5, 0.06, 0.12, patch)
    c.oval(-half * 0.45, height - tall * 0.95, 0.2, 0.13, (0.95, 0.68, 0.66))
    grazing = r.random() < 0.35
    neck, muzzle = ((half + 0.42, height - 0.2), (half + 0.55, height - 0.5)) if grazing else ((half + 0.38, height + 0.36), (half + 0.72, height + 0.2))
    c.line(((half * 0.75, height + 0.1), neck), COW.neck_width, coat)
    outline = barrel(COW, height)
    c.blob(outline, lit(coat, height - tall, height + tall, 0.3))
    c.blob_path(outline)
    with c.clipped():
        for _ in range(r.randint(3, 5)):
            x, y, size = r.uniform(-half, half), height + r.uniform(-tall, tall), r.uniform(0.14, 0.3)
            points = [(x + size * r.uniform(0.7, 1.3) * math.cos(k), y + size * r.uniform(0.6, 1.0) * math.sin(k)) for k in (0, 1.2, 2.4, 3.6, 4.8)]
            c.blob(points, patch)
    for side in (-0.05, 0.09):
        c.line(((neck[0] - 0.02 + side, neck[1] + 0.1), (neck[0] + side, neck[1] + 0.26), (neck[0] + 0.08 + side, neck[1] + 0.3)), 0.045, (0.9, 0.86, 0.72), smooth=True)
    c.oval(neck[0] - 0.14, neck[1] + 0.08, 0.13, 0.06, shade(patch, 0.9), 0.4)
    c.line((neck, muzzle), 0.26, r.choice((coat, patch)))
    c.oval(muzzle[0] + 0.03, muzzle[1] - 0.01, 0.13, 0.11, (0.92, 0.7, 0.66))
    c.oval(neck[0] + 0.1, neck[1] + 0.04, 0.028, 0.028, (0.05, 0.04, 0.04))


def horse(c: Canvas, r: Random) -> None:
    """Long legs, arched neck with a mane, flowing tail."""
    coat = r.choice(((0.45, 0.25, 0.12), (0.6, 0.36, 0.17), (0.22, 0.14, 0.1), (0.88, 0.86, 0.83), (0.72, 0.55, 0.33), (0.13, 0.12, 0.12)))
    mane = r.choice((shade(coat, 0.4), shade(coat, 0.3), (0.92, 0.87, 0.75)))
    height = legs(c, r, HORSE, coat, (0.12, 0.1, 0.09))
    half, tall = HORSE.body
    c.blob(((-half + 0.05, height + 0.28), (-half - 0.2, height + 0.2), (-half - 0.3, height - 0.5), (-half - 0.14, height - 0.6), (-half - 0.04, height)), mane)
    low = r.random() < 0.25
    top = (half + 0.42, height - 0.05) if low else (half + r.uniform(0.3, 0.42), height + r.uniform(0.72, 0.85))
    muzzle = (top[0] + 0.22, top[1] - 0.44) if low else (top[0] + 0.4, top[1] - 0.22)
    c.line(((half * 0.62, height + 0.12), top), HORSE.neck_width, lit(coat, height, height + 1, 0.2))
    c.line(((half * 0.7, height - 0.02), (half * 0.85, height + 0.15)), 0.4, coat)
    c.blob(barrel(HORSE, height, 0.06), lit(coat, height - tall, height + tall, 0.3))
    c.line(((half * 0.45, height + 0.3), ((half * 0.5 + top[0]) / 2 - 0.14, (height + top[1]) / 2 + 0.2), (top[0] - 0.1, top[1] + 0.12)), 0.13, mane, smooth=True)
    c.poly(((top[0] - 0.06, top[1] + 0.1), (top[0], top[1] + 0.28), (top[0] + 0.07, top[1] + 0.08)), coat)
    c.line((top, muzzle), 0.2, coat)
    c.oval(*muzzle, 0.11, 0.1, shade(coat, 0.75))
    c.oval(top[0] + 0.12, top[1] + 0.0, 0.025, 0.025, (0.04, 0.03, 0.03))
    if r.random() < 0.25:
        c.blob(((-0.25, height + tall * 0.6), (-0.22, height + tall * 1.15), (0.2, height + tall * 1.1), (0.25, height + tall * 0.5), (0, height)), any_colour(r, 0.7, 0.6))


def sheep(c: Canvas, r: Random) -> None:
    """A cloud of wool with a narrow face."""
    wool = hsv(0.11, r.uniform(0.02, 0.16), r.uniform(0.82, 0.98))
    face = r.choice(((0.12, 0.1, 0.1), (0.2, 0.16, 0.14), (0.85, 0.76, 0.66)))
    height = legs(c, r, SHEEP, face, shade(face, 0.6))
    half, tall = SHEEP.body
    low = r.random() < 0.35
    top = (half + 0.16, height - 0.08) if low else (half + 0.12, height + 0.24)
    c.line(((half * 0.6, height + 0.05), top), 0.24, shade(wool, 0.9))
    bumps = 11
    for k in range(bumps):
        angle = 2 * math.pi * k / bumps + r.uniform(-0.1, 0.1)
        c.oval(half * 0.85 * math.cos(angle), height + 0.08 + tall * 0.75 * math.sin(angle), 0.16, 0.14, shade(wool, 0.86 + 0.14 * math.sin(angle)))
    c.oval(0, height + 0.08, half * 0.92, tall * 0.88, lit(wool, height - tall, height + tall, 0.2))
    for _ in range(9):
        x, y = r.uniform(-0.7, 0.7) * half, height + 0.08 + r.uniform(-0.6, 0.6) * tall
        c.line(((x - 0.05, y), (x, y + 0.035), (x + 0.05, y)), 0.02, shade(wool, 0.82), smooth=True)
    c.oval(top[0] - 0.04, top[1] + 0.09, 0.13, 0.1, wool)
    c.oval(top[0] + 0.09, top[1] - 0.04, 0.15, 0.09, face, -0.7)
    c.oval(top[0] - 0.08, top[1] - 0.01, 0.1, 0.04, shade(face, 0.8), 0.4)
    c.oval(top[0] + 0.07, top[1] + 0.01, 0.018, 0.018, (0.95, 0.9, 0.7))


def dog(c: Canvas, r: Random) -> None:
    """Long snout, hanging ears, tail up; standing or sitting."""
    coat = r.choice(((0.72, 0.5, 0.26), (0.4, 0.24, 0.12), (0.14, 0.12, 0.12), (0.9, 0.85, 0.75), (0.55, 0.5, 0.46), (0.82, 0.62, 0.36)))
    ear, chest = shade(coat, r.choice((0.5, 0.7))), shade(coat, r.choice((1.0, 1.5, 2.2)))
    half, tall = DOG.body
    if r.random() < 0.3:
        c.line(((-0.2, 0.08), (-0.38, 0.1), (-0.48, 0.22)), 0.07, coat, smooth=True)
        c.oval(-0.1, 0.2, 0.22, 0.2, shade(coat, 0.9))
        c.line(((0.12, 0.45), (0.14, 0.05)), 0.09, shade(coat, 0.85))
        c.blob(((-0.28, 0.1), (-0.18, 0.4), (0.02, 0.62), (0.2, 0.56), (0.2, 0.1), (0, 0.04)), lit(coat, 0, 0.6, 0.25))
        c.line(((0.17, 0.4), (0.2, 0.05)), 0.09, chest)
        c.oval(-0.02, 0.05, 0.15, 0.05, shade(coat, 0.9))
        top = (0.16, 0.7)
    else:
        height = legs(c, r, DOG, coat, chest)
        curl = r.uniform(0.1, 0.32)
        c.line(((-half, height + 0.08), (-half - 0.16, height + 0.2), (-half - 0.16 + curl * 0.6, height + 0.2 + curl)), 0.065, coat, smooth=True)
        c.blob(barrel(DOG, height), lit(coat, height - tall, height + tall, 0.3))
        c.oval(half * 0.75, height - 0.05, 0.12, 0.13, chest)
        top = (half + 0.14, height + r.uniform(0.2, 0.3))
        c.line(((half * 0.7, height + 0.04), top), DOG.neck_width, coat)
        if r.random() < 0.4:
            c.line(((half * 0.98, height + 0.18), (half * 1.22, height + 0.08)), 0.05, any_colour(r, 0.9, 0.8))
    c.oval(*top, 0.135, 0.12, lit(coat, top[1] - 0.12, top[1] + 0.12, 0.2))
    c.line(((top[0] + 0.06, top[1] - 0.03), (top[0] + 0.23, top[1] - 0.06)), 0.11, chest)
    c.oval(top[0] + 0.28, top[1] - 0.03, 0.035, 0.03, (0.06, 0.05, 0.05))
    c.blob(((top[0] - 0.07, top[1] + 0.1), (top[0] - 0.14, top[1] - 0.02), (top[0] - 0.1, top[1] - 0.18), (top[0] - 0.02, top[1] - 0.1), (top[0], top[1] + 0.06)), ear)
    c.oval(top[0] + 0.06, top[1] + 0.035, 0.018, 0.02, (0.05, 0.04, 0.04))


def cat(c: Canvas, r: Random) -> None:
    """Round head with pointed ears and whiskers, long tail, often stripes; sitting or walking."""
    coat = r.choice(((0.9, 0.55, 0.2), (0.5, 0.48, 0.46), (0.12, 0.11, 0.12), (0.93, 0.91, 0.88), (0.6, 0.45, 0.3)))
    stripe = shade(coat, r.choice((1.0, 0.6, 0.6)))
    if r.random() < 0.5:
        c.line(((-0.1, 0.04), (-0.26, 0.04), (-0.3, 0.16), (-0.24, 0.24)), 0.05, stripe, smooth=True)
        c.blob(((-0.15, 0.03), (-0.15, 0.16), (-0.06, 0.3), (0.07, 0.3), (0.11, 0.14), (0.11, 0.02), (0, 0.0)), lit(coat, 0, 0.3, 0.25))
        for k in range(3):
            c.line(((-0.14, 0.12 + 0.055 * k), (-0.05, 0.14 + 0.05 * k)), 0.018, stripe)
        for x in (0.02, 0.09):
            c.line(((x, 0.17), (x, 0.03)), 0.045, shade(coat, 1.15))
        top = (0.03, 0.37)
    else:
        height = legs(c, r, CAT, coat, shade(coat, 1.3))
        half, tall = CAT.body
        c.line(((-half, height + 0.04), (-half - 0.1, height + 0.1), (-half - 0.08, height + 0.26), (-half - 0.14, height + 0.34)), 0.045, stripe, smooth=True)
        c.blob(barrel(CAT, height), lit(coat, height - tall, height + tall, 0.3))
        for k in range(4):
            x = -half * 0.7 + 0.09 * k
            c.line(((x, height + tall * 0.85), (x + 0.015, height + 0.0)), 0.02, stripe)
        top = (half + 0.05, height + 0.12)
    x, y = top
    for side in (-1, 1):
        c.poly(((x + side * 0.1, y + 0.02), (x + side * 0.085, y + 0.17), (x + side * 0.01, y + 0.08)), coat)
        c.poly(((x + side * 0.08, y + 0.06), (x + side * 0.075, y + 0.135), (x + side * 0.035, y + 0.08)), (0.9, 0.65, 0.62))
    c.oval(x, y, 0.115, 0.098, lit(coat, y - 0.1, y + 0.1, 0.2))
    c.line(((x, y + 0.09), (x, y + 0.05)), 0.02, stripe)
    iris = r.choice(((0.55, 0.75, 0.25), (0.9, 0.75, 0.2)))
    for side in (-1, 1):
        c.oval(x + side * 0.045, y + 0.02, 0.02, 0.024, iris)
        c.oval(x + side * 0.045, y + 0.02, 0.007, 0.02, (0.03, 0.03, 0.03))
        with c.labelled(None):
            c.line(((x + side * 0.03, y - 0.03), (x + side * 0.16, y - 0.02)), 0.006, (0.95, 0.95, 0.95))
    c.oval(x, y - 0.035, 0.045, 0.035, shade(coat, 1.6))
    c.oval(x, y - 0.02, 0.014, 0.01, (0.9, 0.5, 0.5))


def bird(c: Canvas, r: Random) -> None:
    """A bird on its feet, about 0.3 m tall."""
    coat = r.choice((any_colour(r, 0.7, 0.7), any_colour(r, 0.1, 0.9), (0.15, 0.15, 0.18), (0.5, 0.36, 0.24)))
    belly, beak = r.choice((shade(coat, 1.8), (0.95, 0.6, 0.35), (0.96, 0.95, 0.9))), (0.95, 0.65, 0.1)
    for x in (-0.02, 0.04):
        c.line(((x, 0.12), (x, 0.01), (x + 0.04, 0.008)), 0.014, (0.7, 0.45, 0.15))
    c.poly(((-0.1, 0.17), (-0.3, 0.1), (-0.28, 0.06), (-0.08, 0.1)), shade(coat, 0.7))
    c.poly(((0.17, 0.33), (0.27, 0.3), (0.17, 0.285)), beak)
    c.oval(0, 0.17, 0.145, 0.095, lit(belly, 0.07, 0.27, 0.2), 0.35)
    c.oval(0.11, 0.305, 0.075, 0.07, coat)
    c.blob(((0.1, 0.25), (0.0, 0.28), (-0.13, 0.17), (-0.2, 0.11), (-0.05, 0.12), (0.07, 0.16)), lit(shade(coat, 0.85), 0.1, 0.28))
    c.oval(0.135, 0.32, 0.014, 0.014, (0.02, 0.02, 0.02))


def flying_bird(c: Canvas, r: Random) -> None:
    """A bird with spread wings, span about 1.2 m; the origin is its middle."""
    coat = r.choice(((0.95, 0.95, 0.95), (0.2, 0.2, 0.23), (0.45, 0.36, 0.3), (0.6, 0.65, 0.72), any_colour(r, 0.6, 0.7)))
    flap = r.choice((r.uniform(0.2, 0.5), r.uniform(0.2, 0.5), r.uniform(-0.5, -0.3)))
    c.poly(((-0.2, 0.02), (-0.42, 0.09), (-0.42, -0.07)), shade(coat, 0.7))
    for side, tone in ((-1, 0.75), (1, 1.0)):
        tip = (side * 0.6 - 0.05, flap + (0.12 if side > 0 else 0.05))
        c.blob(((0.12, 0.03), (side * 0.3 + 0.08, flap * 0.75 + 0.12), tip, (side * 0.3 - 0.1, flap * 0.45), (-0.12, 0.0)), shade(coat, tone))
    c.blob(((0.3, 0.03), (0.12, 0.09), (-0.2, 0.04), (-0.24, -0.02), (0.0, -0.08), (0.22, -0.05)), lit(coat, -0.08, 0.09, 0.3))
    c.oval(0.27, 0.03, 0.075, 0.065, coat)
    c.poly(((0.33, 0.06), (0.44, 0.02), (0.33, 0.0)), (0.95, 0.65, 0.1))
    c.oval(0.3, 0.05, 0.014, 0.014, (0.02, 0.02, 0.02))
