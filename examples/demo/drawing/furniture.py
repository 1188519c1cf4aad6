"""Things in rooms, in metres, y upward, the origin on the floor (or on whatever they stand on)."""
from __future__ import annotations

import math
from random import Random

from drawing.canvas import Canvas, Colour, any_colour, fade, hsv, lit, shade


def wood(r: Random) -> Colour:
    """The colours furniture is made of."""
    return hsv(r.uniform(0.04, 0.11), r.uniform(0.35, 0.75), r.uniform(0.3, 0.85))


def bottle(c: Canvas, r: Random) -> None:
    """A bottle, 0.3 m x 0.09 m: wine, beer, milk, lemonade."""
    tint = r.choice((hsv(0.33, 0.7, 0.35), hsv(0.36, 0.6, 0.6), hsv(0.08, 0.8, 0.4), hsv(0.55, 0.4, 0.85), hsv(0.12, 0.5, 0.85), any_colour(r, 0.7, 0.7)))
    body, neck = r.uniform(0.036, 0.048), r.uniform(0.012, 0.018)
    shoulder, height = r.uniform(0.13, 0.2), r.uniform(0.25, 0.33)
    slope = shoulder + r.uniform(0.02, 0.06)
    outline = ((-body, 0.0), (body, 0.0), (body, shoulder), (neck, slope), (neck, height), (-neck, height), (-neck, slope), (-body, shoulder))
    c.poly(outline, glassy(tint, body))
    c.box(-body, r.uniform(0.03, 0.05), 2 * body, r.uniform(0.05, 0.09), r.choice(((0.96, 0.94, 0.86), any_colour(r, 0.6, 0.85))))
    c.box(-body * 0.6, 0.075, body * 1.2, 0.014, any_colour(r, 0.8, 0.5))
    c.box(-neck * 1.25, height - 0.025, neck * 2.5, 0.03, any_colour(r, 0.8, 0.6), 0.004)
    c.line(((-body * 0.62, 0.02), (-body * 0.62, shoulder * 0.95)), body * 0.2, (1, 1, 1, 0.45))


def glassy(tint: Colour, half: float):
    """A horizontal gradient: dark edges, light middle."""
    from cairo import LinearGradient
    gradient = LinearGradient(-half, 0, half, 0)
    for stop, tone in ((0, 0.6), (0.35, 1.4), (0.7, 1.0), (1, 0.5)):
        gradient.add_color_stop_rgb(stop, *shade(tint, tone))
    return gradient


def chair(c: Canvas, r: Random) -> None:
    """A chair, 0.5 m x 0.95 m, from the side or the front."""
    frame = wood(r) if r.random() < 0.8 else any_colour(r, 0.6, 0.7)
    seat = shade(frame, r.choice((0.8, 1.2))) if r.random() < 0.6 else any_colour(r, 0.6, 0.6)
    thick, top = r.uniform(0.045, 0.06), r.uniform(0.88, 1.05)
    (chair_side if r.random() < 0.5 else chair_front)(c, r, frame, seat, thick, top)


def chair_side(c: Canvas, r: Random, frame: Colour, seat: Colour, thick: float, top: float) -> None:
    """The h shape: back to the left."""
    lean = r.uniform(0.02, 0.1)
    for x, tone in ((-0.14, 0.6), (0.2, 0.6), (-0.22, 1.0), (0.22, 1.0)):
        c.line(((x, 0.45), (x * 1.1, 0.02)), thick, shade(frame, tone))
    c.line(((-0.22, 0.45), (-0.22 - lean, top)), thick * 1.5, frame)
    c.line(((-0.2, 0.2), (0.22, 0.2)), thick * 0.7, shade(frame, 0.7))
    c.box(-0.26, 0.43, 0.54, 0.075, lit(seat, 0.42, 0.5), 0.02)


def chair_front(c: Canvas, r: Random, frame: Colour, seat: Colour, thick: float, top: float) -> None:
    """Back rest above the seat: a board, bars or a frame."""
    for x in (-0.17, 0.17):
        c.line(((x, 0.45), (x, 0.08)), thick, shade(frame, 0.6))
    for x in (-0.2, 0.2):
        c.line(((x, 0.45), (x * 0.95, top)), thick, frame)
    style = r.random()
    if style < 0.4:
        c.box(-0.2, 0.6, 0.4, top - 0.6, lit(seat, 0.6, top), 0.06)
    else:
        c.line(((-0.19, top - 0.03), (0.19, top - 0.03)), thick * 1.6, frame)
        for x in (-0.1, 0, 0.1):
            c.line(((x, 0.5), (x, top - 0.05)), thick * 0.8, shade(frame, 0.9))
    c.poly(((-0.22, 0.5), (0.22, 0.5), (0.25, 0.38), (-0.25, 0.38)), lit(seat, 0.38, 0.5))
    for x in (-0.22, 0.22):
        c.line(((x, 0.4), (x, 0.02)), thick, frame)


def sofa(c: Canvas, r: Random) -> None:
    """A sofa from the front, about 2 m x 0.85 m, with cushions."""
    cloth = hsv(r.uniform(0.7, 1.0), r.uniform(0.3, 0.7), r.uniform(0.4, 0.75))
    half, back, arm = r.uniform(0.85, 1.15), r.uniform(0.78, 0.95), r.uniform(0.5, 0.62)
    for x in (-half + 0.1, half - 0.1):
        c.box(x - 0.04, 0, 0.08, 0.15, (0.25, 0.16, 0.08))
    c.box(-half + 0.05, 0.3, 2 * half - 0.1, back - 0.3, lit(shade(cloth, 0.9), 0.3, back), 0.12)
    count = r.choice((2, 2, 3))
    width = (2 * half - 0.36) / count
    for i in range(count):
        c.box(-half + 0.18 + i * width, 0.42, width - 0.015, back - 0.5, lit(cloth, 0.4, back), 0.08)
    c.box(-half + 0.05, 0.12, 2 * half - 0.1, 0.22, lit(shade(cloth, 0.75), 0.1, 0.4), 0.05)
    for i in range(count):
        c.box(-half + 0.18 + i * width, 0.32, width - 0.015, 0.17, lit(shade(cloth, 1.1), 0.3, 0.5), 0.06)
    for x in (-half, half - 0.24):
        c.box(x, 0.1, 0.24, arm, lit(shade(cloth, 0.95), 0.1, arm), 0.1)
    for _ in range(r.randint(0, 2)):
        x = r.uniform(-half + 0.45, half - 0.45)
        with c.frame(x, 0.62, 1.0, angle=r.uniform(-0.4, 0.4)):
            c.box(-0.18, -0.16, 0.36, 0.32, any_colour(r, 0.7, 0.8), 0.07)


def table(c: Canvas, r: Random) -> None:
    """A dining table, about 1.7 m x 0.75 m, seen a little from above; its top is at y = 0.75."""
    timber = wood(r)
    half, depth = r.uniform(0.75, 1.05), 0.14
    legs = r.uniform(0.06, 0.1)
    for x in (-half + 0.22, half - 0.22):
        c.box(x - legs / 2, 0.12, legs, 0.55, shade(timber, 0.5))
    for x in (-half + 0.1, half - 0.1):
        c.box(x - legs / 2, 0.0, legs, 0.68, lit(shade(timber, 0.8), 0, 0.7))
    if r.random() < 0.4:
        cloth = r.choice(((0.95, 0.94, 0.9), any_colour(r, 0.5, 0.85)))
        c.poly(((-half, 0.67), (half, 0.67), (half + 0.03, 0.45), (-half - 0.03, 0.45)), lit(shade(cloth, 0.85), 0.45, 0.7))
        timber = cloth
    else:
        c.box(-half, 0.61, 2 * half, 0.06, shade(timber, 0.65))
    c.poly(((-half, 0.66), (half, 0.66), (half - 0.14, 0.66 + depth), (-half + 0.14, 0.66 + depth)), fade(0.66, shade(timber, 1.15), 0.8, timber))


def television(c: Canvas, r: Random) -> None:
    """A flat screen or an old set, about 1 m x 0.65 m: dark or showing something."""
    case = hsv(0.6, 0.1, r.choice((0.06, 0.1, 0.16)))
    half, low, high = r.uniform(0.42, 0.55), 0.1, r.uniform(0.62, 0.74)
    if r.random() < 0.25:
        case = hsv(0.07, 0.5, r.uniform(0.25, 0.45))
        c.line(((0, high), (-0.25, high + 0.28)), 0.02, (0.5, 0.5, 0.52))
        c.line(((0, high), (0.25, high + 0.28)), 0.02, (0.5, 0.5, 0.52))
        c.box(-half, 0.03, 2 * half, high, lit(case, 0, high), 0.05)
        screen(c, r, -half + 0.07, 0.1, 2 * half - 0.32, high - 0.15)
        for y in (0.5, 0.36):
            c.oval(half - 0.12, y, 0.05, 0.05, (0.8, 0.75, 0.6))
        return
    c.box(-0.05, 0.02, 0.1, 0.12, shade(case, 0.8))
    c.box(-0.22, 0.0, 0.44, 0.035, shade(case, 0.9), 0.015)
    c.box(-half, low, 2 * half, high - low, case, 0.02)
    screen(c, r, -half + 0.035, low + 0.045, 2 * half - 0.07, high - low - 0.08)


def screen(c: Canvas, r: Random, x: float, y: float, width: float, height: float) -> None:
    """What is on the screen."""
    kind = r.random()
    if kind < 0.35:
        c.box(x, y, width, height, fade(y, (0.06, 0.07, 0.09), y + height, (0.2, 0.22, 0.26)))
    elif kind < 0.7:
        sky = any_colour(r, 0.5, 0.8)
        c.box(x, y, width, height, fade(y, shade(sky, 0.6), y + height, shade(sky, 1.4)))
        c.box(x, y, width, height * r.uniform(0.2, 0.45), any_colour(r, 0.5, 0.5))
        c.oval(x + width * r.uniform(0.2, 0.8), y + height * 0.7, height * 0.1, height * 0.1, (1, 0.95, 0.7))
    else:
        c.box(x, y, width, height, r.choice(((0.95, 0.96, 0.97), (0.1, 0.12, 0.25))))
        ink = any_colour(r, 0.6, 0.6)
        for k in range(4):
            c.box(x + width * 0.08, y + height * (0.15 + 0.2 * k), width * r.uniform(0.3, 0.8), height * 0.09, ink)
    with c.labelled(None):
        c.poly(((x, y + height), (x + width * 0.35, y + height), (x + width * 0.1, y), (x, y)), (1, 1, 1, 0.08))


def potted_plant(c: Canvas, r: Random) -> None:
    """A pot with leaves, flowers, a cactus or a little tree; about 0.8 m tall."""
    pot = r.choice((hsv(r.uniform(0.02, 0.08), 0.65, 0.7), hsv(0.05, 0.7, 0.6), any_colour(r, 0.5, 0.8)))
    leaf = hsv(r.uniform(0.24, 0.38), r.uniform(0.5, 0.85), r.uniform(0.3, 0.65))
    r.choice((fronds, fronds, bushy, cactus))(c, r, leaf)
    c.poly(((-0.11, 0.0), (0.11, 0.0), (0.16, 0.27), (-0.16, 0.27)), lit(pot, 0, 0.3))
    c.box(-0.18, 0.23, 0.36, 0.07, lit(shade(pot, 1.1), 0.2, 0.3), 0.01)


def fronds(c: Canvas, r: Random, leaf: Colour) -> None:
    """Long leaves that arch outward."""
    count = r.randint(7, 11)
    for k in range(count):
        angle = (k + 0.5) / count * 2.6 - 1.3 + r.uniform(-0.1, 0.1)
        length = r.uniform(0.4, 0.6)
        x, y = math.sin(angle) * length, 0.3 + math.cos(angle) * length
        c.blob(((0, 0.27), (x * 0.5 - 0.05, 0.3 + (y - 0.3) * 0.62), (x, y), (x * 0.5 + 0.05, 0.3 + (y - 0.3) * 0.55)), shade(leaf, r.uniform(0.7, 1.3)))


def bushy(c: Canvas, r: Random, leaf: Colour) -> None:
    """A round crown, with flowers at times."""
    tall = r.uniform(0.5, 0.75)
    c.line(((0, 0.25), (0, tall)), 0.04, (0.35, 0.24, 0.12))
    for _ in range(9):
        c.oval(r.uniform(-0.16, 0.16), tall + r.uniform(-0.16, 0.16), 0.14, 0.12, shade(leaf, r.uniform(0.75, 1.25)))
    if r.random() < 0.6:
        flower = any_colour(r, 0.8, 0.95)
        for _ in range(7):
            c.oval(r.uniform(-0.2, 0.2), tall + r.uniform(-0.18, 0.2), 0.04, 0.04, flower)


def cactus(c: Canvas, r: Random, leaf: Colour) -> None:
    """A trunk with two arms."""
    tall = r.uniform(0.6, 0.85)
    c.line(((0, 0.25), (0, tall)), 0.17, leaf)
    c.line(((0, 0.42), (0.17, 0.45), (0.17, 0.62)), 0.09, shade(leaf, 0.9), smooth=True)
    c.line(((0, 0.5), (-0.17, 0.53), (-0.17, 0.68)), 0.09, shade(leaf, 1.1), smooth=True)
    for x in (-0.045, 0.0, 0.045):
        c.line(((x, 0.3), (x, tall)), 0.012, shade(leaf, 0.65))
