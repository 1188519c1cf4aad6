"""What is behind and between the labelled things: all of it class 0."""
from __future__ import annotations

import math
from random import Random

from drawing.canvas import Canvas, Colour, any_colour, blend, fade, hsv, lit, shade
from drawing.furniture import wood


def sky(c: Canvas, r: Random, bottom: float) -> None:
    """A day, evening, overcast or night sky down to a height, with clouds."""
    zenith, low = r.choice((((0.25, 0.5, 0.9), (0.75, 0.88, 0.98)), ((0.35, 0.65, 0.95), (0.9, 0.95, 1.0)), ((0.3, 0.3, 0.6), (0.98, 0.7, 0.45)),
                            ((0.6, 0.64, 0.7), (0.82, 0.84, 0.86)), ((0.05, 0.07, 0.2), (0.2, 0.25, 0.45)), ((0.45, 0.75, 0.85), (0.95, 0.9, 0.8))))
    c.box(0, 0, c.width, bottom + 1, fade(0, zenith, bottom, low))
    if r.random() < 0.3:
        c.oval(r.uniform(0, c.width), r.uniform(0.1, 0.6) * bottom, 16, 16, (1.0, 0.95, 0.75))
    white = shade(blend(low, (1, 1, 1), 0.6), r.uniform(0.9, 1.2))
    for _ in range(r.choice((0, 1, 3, 5))):
        cloud(c, r, r.uniform(0, c.width), r.uniform(0.05, 0.75) * bottom, r.uniform(12, 40), white)


def cloud(c: Canvas, r: Random, x: float, y: float, size: float, white: Colour) -> None:
    """A heap of translucent ovals."""
    for _ in range(r.randint(4, 7)):
        c.oval(x + r.uniform(-1.2, 1.2) * size, y + r.uniform(-0.2, 0.25) * size, size * r.uniform(0.4, 0.8), size * r.uniform(0.2, 0.4), (*white, 0.75))


def hills(c: Canvas, r: Random, horizon: float, colour: Colour) -> None:
    """One or two ridges above the horizon."""
    for layer in range(r.randint(0, 2)):
        tall, phase = r.uniform(10, 50), r.uniform(0, 6)
        points = [(x, horizon + 2 - tall * (0.5 + 0.5 * math.sin(phase + x * r.uniform(0.008, 0.014)))) for x in range(-10, c.width + 41, 40)]
        c.poly([(-10, horizon + 2), *points, (c.width + 40, horizon + 2)], blend(colour, (0.7, 0.8, 0.9), 0.5 - 0.25 * layer))


def ground(c: Canvas, r: Random, horizon: float, colour: Colour, marks: int = 40) -> None:
    """A plain from the horizon down, with flecks that grow towards the viewer."""
    c.box(0, horizon, c.width, c.height - horizon, fade(horizon, shade(colour, 1.25), c.height, shade(colour, 0.8)))
    for _ in range(r.randint(0, marks)):
        y = horizon + (c.height - horizon) * r.random() ** 0.7
        size = 1 + 7 * (y - horizon) / c.height
        x = r.uniform(0, c.width)
        c.oval(x, y, size * r.uniform(0.5, 2.5), size * 0.35, shade(colour, r.choice((0.75, 0.88, 1.2, 1.4))))


def meadow_colour(r: Random) -> Colour:
    """Grass, straw, sand or snow."""
    return r.choice((hsv(r.uniform(0.2, 0.36), r.uniform(0.4, 0.75), r.uniform(0.4, 0.75)), hsv(r.uniform(0.22, 0.34), 0.6, 0.6),
                     hsv(0.12, r.uniform(0.3, 0.6), r.uniform(0.6, 0.85)), (0.9, 0.92, 0.95)))


def tree(c: Canvas, r: Random) -> None:
    """A tree, about 5 m: round, fir or bare; in metres, y upward."""
    leaf = hsv(r.choice((r.uniform(0.22, 0.4), r.uniform(0.03, 0.15))), r.uniform(0.4, 0.8), r.uniform(0.25, 0.6))
    bark = hsv(0.08, 0.5, r.uniform(0.2, 0.4))
    tall = r.uniform(3.5, 6.5)
    kind = r.random()
    c.poly(((-0.2, 0), (0.2, 0), (0.1, tall * 0.8), (-0.1, tall * 0.8)), bark)
    if kind < 0.55:
        for _ in range(r.randint(5, 9)):
            c.oval(r.uniform(-1.1, 1.1), tall * r.uniform(0.55, 0.95), r.uniform(0.7, 1.2), r.uniform(0.6, 1.0), shade(leaf, r.uniform(0.75, 1.25)))
    elif kind < 0.85:
        for k in range(4):
            y = tall * (0.2 + 0.2 * k)
            c.poly(((-1.5 + 0.32 * k, y), (1.5 - 0.32 * k, y), (0, y + tall * 0.36)), shade(leaf, 0.8 + 0.1 * k))
    else:
        for k in range(6):
            side = -1 if k % 2 else 1
            y = tall * (0.4 + 0.08 * k)
            c.line(((0, y), (side * r.uniform(0.5, 1.2), y + r.uniform(0.5, 1.1))), 0.1, bark)


def bush(c: Canvas, r: Random) -> None:
    """A bush, about 1.2 m."""
    leaf = hsv(r.uniform(0.2, 0.4), r.uniform(0.4, 0.8), r.uniform(0.25, 0.55))
    for _ in range(r.randint(4, 7)):
        c.oval(r.uniform(-0.8, 0.8), r.uniform(0.2, 0.8), r.uniform(0.3, 0.55), r.uniform(0.25, 0.45), shade(leaf, r.uniform(0.75, 1.25)))


def house(c: Canvas, r: Random) -> None:
    """A house, 6 m to 9 m wide, with a gable or a flat roof."""
    wall, roof = hsv(r.uniform(0.02, 0.16), r.uniform(0.03, 0.3), r.uniform(0.6, 0.92)), hsv(r.choice((0.02, 0.05, 0.6)), r.uniform(0.2, 0.6), r.uniform(0.3, 0.6))
    half, floors = r.uniform(2.5, 4.5), r.randint(1, 4)
    tall = 2.9 * floors
    c.box(-half, 0, 2 * half, tall, lit(wall, 0, tall, 0.12))
    if r.random() < 0.65:
        c.poly(((-half - 0.4, tall), (half + 0.4, tall), (half * r.uniform(0.0, 0.8), tall + 2.2), (-half * r.uniform(0.0, 0.8), tall + 2.2)), roof)
    else:
        c.box(-half - 0.2, tall, 2 * half + 0.4, 0.4, roof)
    pane, count = r.choice(((0.25, 0.3, 0.4), (0.95, 0.85, 0.5), (0.75, 0.85, 0.92))), r.randint(2, 4)
    for floor in range(floors):
        for i in range(count):
            x = -half + (i + 0.5) * 2 * half / count
            c.box(x - 0.55, 0.9 + 2.9 * floor, 1.1, 1.3, shade(wall, 1.6))
            c.box(x - 0.45, 1.0 + 2.9 * floor, 0.9, 1.1, pane)
    c.box(-half * 0.5, 0, 1.0, 2.1, shade(roof, 0.7))


def lamp_post(c: Canvas, r: Random) -> None:
    """A street lamp, 5 m."""
    steel = shade((0.5, 0.52, 0.55), r.uniform(0.3, 1.2))
    c.line(((0, 0), (0, 4.8), (0.9, 5.0)), 0.14, steel)
    c.box(0.6, 4.85, 0.7, 0.2, (1.0, 0.95, 0.7), 0.08)


def traffic_sign(c: Canvas, r: Random) -> None:
    """A sign or a traffic light on a pole."""
    c.line(((0, 0), (0, 2.4)), 0.09, (0.5, 0.5, 0.52))
    kind = r.random()
    if kind < 0.4:
        c.oval(0, 2.6, 0.38, 0.38, (0.85, 0.1, 0.1))
        c.oval(0, 2.6, 0.26, 0.26, (0.97, 0.97, 0.97))
    elif kind < 0.7:
        c.poly(((-0.42, 2.3), (0.42, 2.3), (0, 3.0)), (0.95, 0.8, 0.1))
    else:
        c.box(-0.2, 2.2, 0.4, 1.0, (0.12, 0.12, 0.12), 0.08)
        for k, colour in enumerate(((0.1, 0.8, 0.3), (0.95, 0.7, 0.1), (0.9, 0.1, 0.1))):
            c.oval(0, 2.37 + 0.32 * k, 0.12, 0.12, colour)


def fence(c: Canvas, r: Random) -> None:
    """Six metres of wooden fence."""
    timber = r.choice((wood(r), (0.93, 0.93, 0.92)))
    for y in (0.4, 0.85):
        c.box(-3, y, 6, 0.12, shade(timber, 0.85))
    for k in range(9):
        c.box(-3 + 0.72 * k, 0, 0.14, 1.1, timber)


def rock(c: Canvas, r: Random) -> None:
    """A stone, about 0.8 m."""
    grey = hsv(0.09, r.uniform(0, 0.15), r.uniform(0.35, 0.65))
    c.poly(((-0.5, 0), (-0.42, 0.3), (-0.1, r.uniform(0.4, 0.7)), (0.3, 0.42), (0.5, 0)), lit(grey, 0, 0.6))


def crate(c: Canvas, r: Random) -> None:
    """A box, about 0.6 m."""
    side, tint = r.uniform(0.4, 0.8), hsv(0.1, r.uniform(0.2, 0.45), r.uniform(0.5, 0.8))
    c.box(-side / 2, 0, side, side * r.uniform(0.6, 1.1), lit(tint, 0, side))
    c.line(((-side / 2, 0.04), (side / 2, side * 0.55)), 0.05, shade(tint, 0.7))


def ball(c: Canvas, r: Random) -> None:
    """A ball, 0.3 m."""
    tint = any_colour(r, 0.8, 0.85)
    c.oval(0, 0.15, 0.15, 0.15, lit(tint, 0, 0.3))
    c.line(((-0.14, 0.17), (0, 0.12), (0.14, 0.17)), 0.03, (0.96, 0.96, 0.96), smooth=True)


def lighthouse(c: Canvas, r: Random) -> None:
    """A striped tower, 14 m."""
    tint = any_colour(r, 0.85, 0.75)
    for k in range(5):
        half = 1.5 - 0.15 * k
        c.poly(((-half, 2.2 * k), (half, 2.2 * k), (half - 0.15, 2.2 * k + 2.2), (0.15 - half, 2.2 * k + 2.2)), tint if k % 2 else (0.96, 0.96, 0.94))
    c.box(-0.6, 11, 1.2, 1.4, (1.0, 0.95, 0.6))
    c.poly(((-0.9, 12.4), (0.9, 12.4), (0, 13.6)), shade(tint, 0.7))


def balloon(c: Canvas, r: Random) -> None:
    """A hot-air balloon, 12 m; the origin is its middle."""
    first, second = any_colour(r, 0.8, 0.85), any_colour(r, 0.8, 0.85)
    c.line(((-1.4, -3), (-0.5, -6)), 0.1, (0.3, 0.2, 0.1))
    c.line(((1.4, -3), (0.5, -6)), 0.1, (0.3, 0.2, 0.1))
    c.blob(((0, 6), (-4, 3.6), (-4.2, 0.5), (-1.4, -3.2), (1.4, -3.2), (4.2, 0.5), (4, 3.6)), first)
    for x in (-2.6, 0, 2.6):
        c.oval(x, 1.2, 0.6, 4.2 - abs(x) * 0.5, second)
    c.box(-0.8, -7, 1.6, 1.1, (0.55, 0.38, 0.2))


def floor_lamp(c: Canvas, r: Random) -> None:
    """A standard lamp, 1.6 m."""
    tint = any_colour(r, 0.4, 0.9)
    c.line(((0, 0), (0, 1.3)), 0.035, (0.2, 0.18, 0.16))
    c.oval(0, 0.02, 0.16, 0.03, (0.2, 0.18, 0.16))
    c.poly(((-0.26, 1.2), (0.26, 1.2), (0.15, 1.6), (-0.15, 1.6)), lit(tint, 1.2, 1.6))


def shelf(c: Canvas, r: Random) -> None:
    """A bookcase, 1 m x 1.9 m."""
    timber = wood(r)
    c.box(-0.5, 0, 1.0, 1.9, shade(timber, 0.6))
    for level in range(4):
        c.box(-0.5, 0.05 + 0.46 * level, 1.0, 0.05, timber)
        x = -0.45
        while x < 0.38:
            width = r.uniform(0.03, 0.09)
            c.box(x, 0.1 + 0.46 * level, width, r.uniform(0.22, 0.36), any_colour(r, 0.6, 0.6))
            x += width + r.choice((0.0, 0.01, 0.12))
    for x in (-0.5, 0.46):
        c.box(x, 0, 0.05, 1.9, timber)


def cabinet(c: Canvas, r: Random) -> None:
    """A low cabinet, 1.5 m x 0.5 m, that a television may stand on."""
    timber = r.choice((wood(r), (0.93, 0.92, 0.9), (0.2, 0.2, 0.22)))
    c.box(-0.75, 0.05, 1.5, 0.45, lit(timber, 0, 0.6))
    c.box(-0.8, 0.48, 1.6, 0.05, shade(timber, 1.2))
    for x in (-0.72, 0.01):
        c.box(x, 0.1, 0.71, 0.34, shade(timber, 0.88))
        c.oval(x + 0.36, 0.27, 0.025, 0.025, (0.75, 0.7, 0.55))


def cup(c: Canvas, r: Random) -> None:
    """A cup, 0.1 m."""
    tint = any_colour(r, 0.5, 0.9)
    c.ring(0.055, 0.05, 0.025, 0.012, shade(tint, 0.9))
    c.box(-0.045, 0, 0.09, 0.095, lit(tint, 0, 0.1), 0.015)


def bowl(c: Canvas, r: Random) -> None:
    """A bowl of fruit, 0.25 m."""
    for x in (-0.07, 0.0, 0.07):
        c.oval(x, 0.09, 0.042, 0.042, hsv(r.choice((0.0, 0.08, 0.14, 0.27)), 0.8, 0.85))
    c.blob(((-0.13, 0.08), (0.13, 0.08), (0.06, 0.0), (-0.06, 0.0)), lit(any_colour(r, 0.4, 0.85), 0, 0.1))


def book_pile(c: Canvas, r: Random) -> None:
    """Three books, 0.1 m high."""
    for k in range(3):
        width = r.uniform(0.16, 0.24)
        c.box(-width / 2, 0.032 * k, width, 0.03, any_colour(r, 0.6, 0.6))


def wall(c: Canvas, r: Random, bottom: float) -> None:
    """A papered, painted or tiled wall, down to a height."""
    paint = hsv(r.random(), r.uniform(0.02, 0.2), r.uniform(0.65, 0.95))
    c.box(0, 0, c.width, bottom + 1, fade(0, shade(paint, 0.9), bottom, shade(paint, 1.1)))
    style, second = r.random(), shade(paint, r.choice((0.9, 1.15)))
    if style < 0.2:
        step = r.randint(14, 50)
        for x in range(0, c.width, step):
            c.box(x, 0, step / 2, bottom, second)
    elif style < 0.35:
        step = r.randint(16, 40)
        for row, y in enumerate(range(0, int(bottom), step)):
            for x in range(0, c.width, step):
                c.oval(x + (row % 2) * step / 2, y, step / 7, step / 7, second)
    elif style < 0.45:
        for y in range(0, int(bottom), 14):
            c.line(((0, y), (c.width, y)), 1, second)


def window(c: Canvas, r: Random, x: float, y: float, width: float, height: float) -> None:
    """A window with daylight or night in it, perhaps curtains."""
    c.box(x - 4, y - 4, width + 8, height + 8, (0.95, 0.95, 0.93))
    day = r.choice((((0.5, 0.72, 0.95), (0.85, 0.93, 1.0)), ((0.05, 0.07, 0.16), (0.12, 0.15, 0.3)), ((0.7, 0.74, 0.78), (0.85, 0.86, 0.88))))
    c.box(x, y, width, height, fade(y, day[0], y + height, day[1]))
    if r.random() < 0.5:
        c.oval(x + width * 0.3, y + height, width * 0.3, height * 0.3, hsv(0.3, 0.5, 0.5))
    c.box(x, y + height - 1, width, 5, (0.95, 0.95, 0.93))
    c.box(x + width / 2 - 2, y, 4, height, (0.95, 0.95, 0.93))
    if r.random() < 0.6:
        cloth = any_colour(r, 0.5, 0.75)
        for left in (x - 12, x + width - 6):
            c.box(left, y - 8, 18, height + 20, cloth)
            for k in range(3):
                c.box(left + 2 + 6 * k, y - 8, 2, height + 20, shade(cloth, 0.85))


def hanging_picture(c: Canvas, r: Random, x: float, y: float, width: float, height: float) -> None:
    """A framed picture: shapes that are no objects."""
    c.box(x, y, width, height, wood(r))
    c.box(x + 4, y + 4, width - 8, height - 8, any_colour(r, 0.3, 0.85))
    for _ in range(3):
        c.oval(x + width * r.uniform(0.3, 0.7), y + height * r.uniform(0.3, 0.7), width * r.uniform(0.05, 0.2), height * r.uniform(0.05, 0.2), any_colour(r, 0.5, 0.7))
