"""Vehicles, in metres, y upward, the origin on the ground (boats: on the water line; aeroplanes: the middle), heading right."""
from __future__ import annotations

import math
from random import Random

from drawing.canvas import Canvas, Colour, any_colour, blend, fade, hsv, lit, shade

TYRE = (0.08, 0.08, 0.09)


def glass(r: Random) -> Colour:
    """Window panes: dark, or pale with the sky in them."""
    return hsv(r.uniform(0.52, 0.6), r.uniform(0.1, 0.35), r.choice((0.2, 0.3, 0.75, 0.9)))


def bodywork(r: Random) -> Colour:
    """Lacquer: often a strong colour, sometimes white, grey or black."""
    if r.random() < 0.3:
        return hsv(0.6, r.uniform(0, 0.1), r.choice((0.95, 0.7, 0.45, 0.2)))
    return any_colour(r, 0.75, 0.75)


def wheel(c: Canvas, x: float, radius: float) -> None:
    """A road wheel standing on the ground."""
    c.oval(x, radius, radius, radius, TYRE)
    c.oval(x, radius, radius * 0.55, radius * 0.55, (0.7, 0.7, 0.72))
    c.oval(x, radius, radius * 0.2, radius * 0.2, (0.3, 0.3, 0.32))


def car(c: Canvas, r: Random) -> None:
    """A car from the side or, less often, from the front or the back; 4.2 m x 1.5 m."""
    (car_front if r.random() < 0.3 else car_side)(c, r)


def car_side(c: Canvas, r: Random) -> None:
    """Saloon, hatchback or off-roader from the side."""
    paint, pane = bodywork(r), glass(r)
    roof = r.uniform(1.38, 1.6)
    back, front = r.choice(((-1.55, 1.15), (-2.0, 1.1), (-2.0, 1.3), (-1.3, 1.0)))
    radius = r.uniform(0.31, 0.37)
    cabin = ((back, 0.8), (back + r.uniform(0.15, 0.6), roof), (front - r.uniform(0.6, 0.9), roof), (front, 0.85))
    c.poly(cabin, lit(paint, 0.8, roof))
    middle = (cabin[1][0] + cabin[2][0]) / 2
    for side, foot, top in ((-1, cabin[0][0], cabin[1][0]), (1, cabin[3][0], cabin[2][0])):
        edge = middle - side * -0.05
        c.poly(((edge, 0.86), (edge, roof - 0.1), (top - side * 0.04, roof - 0.1), (foot - side * 0.2, 0.86)), pane)
    nose = r.uniform(0.72, 0.88)
    c.blob(((-2.1, 0.3), (-2.12, 0.6), (-2.0, 0.88), (-1.0, 0.92), (0.9, 0.9), (1.9, nose), (2.12, 0.6), (2.1, 0.3), (0, 0.22)),
           lit(paint, 0.25, 0.95))
    c.line(((middle, 0.85), (middle, 0.35)), 0.02, shade(paint, 0.6))
    c.oval(1.98, 0.64, 0.13, 0.09, (1.0, 0.97, 0.75))
    c.oval(-2.0, 0.66, 0.1, 0.1, (0.85, 0.1, 0.08))
    for x in (-1.3, 1.3):
        c.oval(x, 0.4, radius * 1.2, radius * 1.2, shade(paint, 0.35))
        wheel(c, x, radius)


def car_front(c: Canvas, r: Random) -> None:
    """A car that comes or goes."""
    paint, pane, coming = bodywork(r), glass(r), r.random() < 0.6
    roof, half = r.uniform(1.4, 1.6), r.uniform(0.82, 0.92)
    for x in (-half + 0.12, half - 0.12):
        c.box(x - 0.13, 0, 0.26, 0.5, TYRE, 0.06)
    c.poly(((-half * 0.95, 0.85), (-half * 0.72, roof), (half * 0.72, roof), (half * 0.95, 0.85)), lit(paint, 0.8, roof))
    c.poly(((-half * 0.86, 0.9), (-half * 0.68, roof - 0.08), (half * 0.68, roof - 0.08), (half * 0.86, 0.9)), pane)
    c.box(-half, 0.26, 2 * half, 0.68, lit(paint, 0.2, 0.95), 0.14)
    lamp = (1.0, 0.97, 0.78) if coming else (0.85, 0.08, 0.08)
    for x in (-half + 0.2, half - 0.2):
        c.oval(x, 0.68, 0.15, 0.1, lamp)
    c.box(-0.45, 0.42, 0.9, 0.2, (0.12, 0.12, 0.13) if coming else shade(paint, 0.7), 0.04)
    c.box(-0.24, 0.3, 0.48, 0.11, (0.95, 0.95, 0.9))


def bus(c: Canvas, r: Random) -> None:
    """A bus, 10 m x 3.1 m, single or double deck, from the side or the front."""
    (bus_front if r.random() < 0.25 else bus_side)(c, r)


def bus_colour(r: Random) -> Colour:
    """Mostly red, orange and yellow, as buses are."""
    return hsv(r.uniform(-0.04, 0.15), r.uniform(0.75, 0.95), r.uniform(0.65, 0.95))


def bus_side(c: Canvas, r: Random) -> None:
    """Box, a row or two of windows, doors, a stripe."""
    paint, pane = bus_colour(r), glass(r)
    length, double = r.uniform(8.0, 10.5), r.random() < 0.25
    height, left = 4.2 if double else 3.0, -0.5
    left *= length
    c.box(left, 0.35, length, height - 0.35, lit(paint, 0.3, height, 0.25), 0.3)
    c.box(left, r.uniform(0.8, 1.0), length, 0.22, shade(paint, r.choice((0.55, 1.9))))
    for level in ((1.35, 2.85) if double else (1.4,)):
        count = int(length / r.uniform(1.1, 1.6))
        pitch = (length - 0.9) / count
        for i in range(count):
            c.box(left + 0.2 + i * pitch, level, pitch - 0.14, 1.0, pane, 0.08)
    c.box(left + length - 0.75, 0.5, 0.6, 2.0, shade(pane, 0.8), 0.05)
    if r.random() < 0.7:
        c.box(left + length * 0.45, 0.45, 0.9, 1.95, shade(pane, 0.75), 0.04)
        c.line(((left + length * 0.45 + 0.45, 0.45), (left + length * 0.45 + 0.45, 2.4)), 0.05, shade(paint, 0.6))
    for x in (left + length * 0.2, left + length * 0.82):
        c.oval(x, 0.5, 0.62, 0.6, shade(paint, 0.3))
        wheel(c, x, 0.5)
    c.oval(left + length - 0.06, 0.75, 0.08, 0.14, (1, 0.97, 0.7))


def bus_front(c: Canvas, r: Random) -> None:
    """Tall box with a big windscreen and a destination board."""
    paint, pane = bus_colour(r), glass(r)
    height = r.choice((3.0, 3.1, 4.2))
    for x in (-0.95, 0.95):
        c.box(x - 0.18, 0, 0.36, 0.7, TYRE, 0.08)
    c.box(-1.25, 0.32, 2.5, height - 0.32, lit(paint, 0.3, height, 0.25), 0.28)
    c.box(-1.1, 1.25, 2.2, 1.25, fade(1.2, shade(pane, 0.8), 2.5, shade(pane, 1.2)), 0.12)
    if height > 4:
        c.box(-1.1, 2.95, 2.2, 0.9, pane, 0.12)
    c.box(-0.8, 2.58, 1.6, 0.26, (0.1, 0.1, 0.1))
    c.box(-0.5, 2.64, 1.0, 0.12, (1.0, 0.75, 0.2))
    for x in (-0.9, 0.9):
        c.oval(x, 0.75, 0.2, 0.14, (1.0, 0.97, 0.8))
        c.line(((x * 1.35, 2.3), (x * 1.42, 1.7)), 0.14, (0.1, 0.1, 0.1))
    c.line(((0, 1.27), (0, 2.48)), 0.05, shade(pane, 0.5))


def train(c: Canvas, r: Random) -> None:
    """A train with coaches behind it: railcar with a nose or steam engine; the engine's front is at x = 6."""
    paint = hsv(r.uniform(0.4, 0.68), r.uniform(0.5, 0.9), r.uniform(0.4, 0.8))
    for i in range(1, r.randint(2, 4)):
        coach(c, r, 6 - 13.0 * i, 12.6, paint)
    (steam_engine if r.random() < 0.3 else railcar)(c, r, paint)


def bogie(c: Canvas, x: float) -> None:
    """Two small wheels in a dark frame."""
    c.box(x - 1.2, 0.3, 2.4, 0.45, (0.14, 0.14, 0.15), 0.1)
    for dx in (-0.75, 0.75):
        c.oval(x + dx, 0.42, 0.42, 0.42, (0.2, 0.2, 0.22))
        c.oval(x + dx, 0.42, 0.16, 0.16, (0.5, 0.5, 0.52))


def coach(c: Canvas, r: Random, left: float, length: float, paint: Colour) -> None:
    """A coach: grey roof, wide windows, doors at the ends."""
    pane = glass(r)
    c.box(left - 0.5, 0.8, length + 1, 0.35, (0.12, 0.12, 0.13))
    for x in (left + 2.0, left + length - 2.0):
        bogie(c, x)
    c.box(left, 0.7, length, 2.8, lit(paint, 0.7, 3.6, 0.25), 0.15)
    c.box(left, 3.35, length, 0.4, (0.5, 0.51, 0.53), 0.2)
    c.box(left, 1.2, length, 0.25, shade(paint, 1.8))
    for i in range(6):
        c.box(left + 1.6 + i * (length - 3.0) / 6, 1.9, 1.15, 1.0, pane, 0.1)
    for x in (left + 0.4, left + length - 1.1):
        c.box(x, 0.9, 0.7, 2.2, shade(paint, 0.7), 0.05)


def railcar(c: Canvas, r: Random, paint: Colour) -> None:
    """A modern unit with a slanted nose and a pantograph."""
    pane, slant = glass(r), r.uniform(0.8, 3.0)
    for x in (-4.2, 2.6):
        bogie(c, x)
    c.line(((-3, 3.7), (-2.2, 4.4), (-3, 5.0), (-2.0, 5.0)), 0.08, (0.25, 0.25, 0.27))
    c.poly(((-6.5, 0.65), (-6.5, 3.6), (6 - slant, 3.6), (6.0 - 0.2 * slant, 2.0), (6.0, 1.3), (5.9, 0.65)), lit(paint, 0.6, 3.7, 0.25))
    c.box(-6.5, 3.35, 12.5 - slant, 0.4, (0.5, 0.51, 0.53), 0.2)
    c.poly(((6 - slant, 3.25), (6.0 - 0.25 * slant, 2.1), (4.6 - slant * 0.6, 2.1), (4.9 - slant, 3.25)), (0.1, 0.12, 0.16))
    c.box(-6.5, 1.2, 12.3, 0.25, shade(paint, 1.8))
    for i in range(5):
        c.box(-5.6 + i * 1.65, 1.9, 1.25, 1.0, pane, 0.1)
    c.oval(5.75, 1.15, 0.12, 0.14, (1.0, 0.96, 0.7))


def steam_engine(c: Canvas, r: Random, paint: Colour) -> None:
    """Boiler, chimney, cab, big driving wheels, and white steam that is background."""
    steel = hsv(0.6, 0.1, r.uniform(0.12, 0.3))
    with c.labelled(0):
        for i in range(5):
            size = 0.5 + 0.35 * i
            c.oval(4.2 - 1.3 * i, 5.2 + 0.5 * i + r.uniform(-0.2, 0.2), size * 1.3, size, (0.96, 0.96, 0.97, 0.85 - 0.1 * i))
    c.box(-6.5, 0.7, 3.2, 2.2, lit(paint, 0.6, 2.9), 0.1)
    c.box(-6.6, 0.9, 12.4, 0.3, (0.12, 0.12, 0.13))
    c.box(-3.2, 0.9, 2.6, 2.9, lit(paint, 0.9, 3.8), 0.08)
    c.box(-3.45, 3.7, 3.1, 0.25, shade(paint, 0.5), 0.1)
    c.box(-2.6, 2.2, 1.2, 1.0, (0.85, 0.9, 0.95), 0.1)
    c.box(-0.7, 1.2, 6.2, 1.8, lit(steel, 1.2, 3.0, 0.6), 0.3)
    for x in (0.8, 2.3, 3.8):
        c.box(x, 1.2, 0.14, 1.8, (0.75, 0.6, 0.25))
    c.poly(((4.3, 2.9), (4.15, 4.4), (5.15, 4.4), (5.0, 2.9)), lit(steel, 2.9, 4.4, 0.5))
    c.oval(1.5, 3.05, 0.5, 0.4, (0.75, 0.6, 0.25))
    for x in (-5.6, -4.2, 4.7):
        c.oval(x, 0.45, 0.45, 0.45, shade(paint, 0.6))
    for x in (-2.0, 0.1, 2.2):
        c.oval(x, 0.85, 0.85, 0.85, (0.1, 0.1, 0.11))
        c.ring(x, 0.85, 0.62, 0.12, shade(paint, 1.1))
    c.line(((-2.0, 0.7), (2.2, 0.7)), 0.16, (0.6, 0.6, 0.62))
    c.poly(((5.4, 1.2), (6.4, 0.15), (5.2, 0.15)), (0.5, 0.12, 0.1))
    c.oval(5.6, 2.6, 0.25, 0.25, (1.0, 0.96, 0.7))


def aeroplane(c: Canvas, r: Random) -> None:
    """An aeroplane, 12 m long, seen from the side or from below; the origin is its middle."""
    (aeroplane_plan if r.random() < 0.3 else aeroplane_side)(c, r)


def aeroplane_side(c: Canvas, r: Random) -> None:
    """Fuselage, fin, swept wing, engine or propeller."""
    paint = hsv(r.random(), r.choice((0.0, 0.05, 0.5)), r.uniform(0.8, 1.0))
    trim = any_colour(r, 0.8, 0.7)
    c.poly(((-5.6, 0.3), (-6.4, r.uniform(2.2, 2.8)), (-5.3, 2.4), (-3.6, 0.5)), trim)
    c.poly(((0.6, 0.1), (-1.6, 1.6), (-2.3, 1.6), (-1.2, 0.1)), shade(paint, 0.7))
    c.blob(((-6.2, 0.45), (-3.5, 0.75), (2, 0.8), (4.8, 0.65), (6.1, 0.0), (5.0, -0.55), (1, -0.75), (-3, -0.45)), lit(paint, -0.8, 0.8, 0.5))
    c.poly(((-5.2, 0.3), (-6.6, 0.55), (-6.9, 0.4), (-5.9, 0.05)), shade(trim, 0.9))
    c.poly(((-5.0, 0.02), (5.9, -0.1), (5.5, -0.3), (-4.6, -0.18)), trim)
    for i in range(r.randint(5, 9)):
        c.oval(-3.2 + i * 0.8, 0.3, 0.17, 0.17, (0.15, 0.2, 0.3))
    c.poly(((4.5, 0.6), (5.5, 0.3), (4.6, 0.22)), (0.12, 0.16, 0.24))
    wing = shade(paint, 0.8)
    c.poly(((1.6, -0.3), (-2.4, -2.0), (-3.3, -2.0), (-1.4, -0.3)), lit(wing, -2, -0.3))
    if r.random() < 0.7:
        c.box(-0.7, -1.15, 1.7, 0.62, lit(trim, -1.2, -0.5), 0.3)
    else:
        c.oval(6.2, 0.0, 0.1, 1.2, (0.2, 0.2, 0.22))


def aeroplane_plan(c: Canvas, r: Random) -> None:
    """The cross shape from below."""
    paint, trim = hsv(0.6, r.uniform(0, 0.1), r.uniform(0.55, 1.0)), any_colour(r, 0.8, 0.7)
    sweep = r.uniform(0.6, 3.2)
    for side in (-1, 1):
        c.poly(((1.4, 0), (1.2 - sweep, side * 5.6), (0.2 - sweep, side * 5.6), (-1.4, 0)), lit(paint, -6, 6, 0.2))
        c.poly(((-4.4, 0), (-5.4, side * 2.1), (-6.1, side * 2.1), (-5.8, 0)), trim)
        c.box(0.4 - sweep * 0.4, side * 2.2 - 0.35, 1.5, 0.7, shade(trim, 0.8), 0.3)
    c.blob(((-6.2, 0), (-4.5, 0.4), (3, 0.65), (5.3, 0.5), (6.2, 0), (5.3, -0.5), (3, -0.65), (-4.5, -0.4)), lit(paint, -0.7, 0.7, 0.4))
    c.poly(((5.0, 0.35), (5.6, 0.0), (5.0, -0.35)), (0.15, 0.2, 0.3))


def boat(c: Canvas, r: Random) -> None:
    """A boat of about 6 m: sailing, motor or rowing; the origin is on the water line."""
    r.choice((sailing_boat, sailing_boat, motor_boat, rowing_boat))(c, r)


def hull(c: Canvas, paint: Colour, height: float) -> None:
    """The hull, a little of it under the water line."""
    c.poly(((-2.9, height), (3.3, height * 1.15), (2.2, -0.25), (-2.3, -0.25)), lit(paint, -0.3, height))
    c.poly(((-2.9, height), (3.3, height * 1.15), (3.15, height * 0.9), (-2.82, height * 0.8)), shade(paint, 1.8))


def sailing_boat(c: Canvas, r: Random) -> None:
    """Mast, main sail and jib."""
    cloth = r.choice(((0.97, 0.96, 0.92), (0.95, 0.9, 0.8), any_colour(r, 0.7, 0.85)))
    top, lean = r.uniform(5.0, 7.5), r.uniform(-0.3, 0.5)
    c.line(((0.2, 0.5), (0.2 + lean, top)), 0.12, (0.4, 0.28, 0.16))
    c.blob(((0.1, 1.0), (0.1 + lean, top - 0.3), (-1.4, 2.6), (-2.7, 1.0)), lit(cloth, 1, top, 0.2))
    c.poly(((0.4, top * 0.85), (2.9, 1.0), (0.45, 1.0)), lit(blend(cloth, any_colour(r), r.choice((0, 0.8))), 1, top, 0.2))
    hull(c, any_colour(r, 0.7, 0.6), r.uniform(0.6, 0.9))


def motor_boat(c: Canvas, r: Random) -> None:
    """Cabin with windows, perhaps a funnel."""
    cabin = hsv(0.1, r.uniform(0, 0.15), r.uniform(0.85, 1))
    c.box(-1.8, 0.6, 2.6, 1.3, lit(cabin, 0.6, 1.9), 0.15)
    for i in range(3):
        c.box(-1.6 + i * 0.8, 1.15, 0.6, 0.45, (0.2, 0.3, 0.4), 0.08)
    if r.random() < 0.5:
        c.box(-1.2, 1.8, 0.7, 0.9, lit(any_colour(r, 0.8, 0.7), 1.8, 2.7), 0.05)
    else:
        c.line(((0.4, 1.9), (0.4, 3.0)), 0.07, (0.3, 0.3, 0.3))
    hull(c, any_colour(r, 0.7, 0.6), r.uniform(0.8, 1.1))


def rowing_boat(c: Canvas, r: Random) -> None:
    """An open wooden boat with oars."""
    wood = hsv(r.uniform(0.04, 0.1), 0.65, r.uniform(0.4, 0.75))
    c.blob(((-2.6, 0.75), (-1.2, 0.5), (1.2, 0.5), (2.7, 0.85), (2.0, -0.2), (0, -0.3), (-1.9, -0.2)), lit(wood, -0.3, 0.9))
    c.line(((-2.2, 0.42), (0, 0.25), (2.3, 0.45)), 0.07, shade(wood, 0.6), smooth=True)
    for x in (-0.6, 0.7):
        c.line(((x, 0.6), (x - 1.4, -0.1)), 0.09, shade(wood, 1.5))


def bicycle(c: Canvas, r: Random) -> None:
    """A bicycle, 1.75 m x 1.1 m; the spoked discs of the wheels count as bicycle."""
    paint, radius = any_colour(r, 0.85, 0.7), 0.36
    rear, front, crank, seat, head = (-0.55, radius), (0.55, radius), (-0.08, 0.3), (-0.22, 0.86), (0.4, 0.86)
    spokes = (0.75, 0.75, 0.78, r.uniform(0.25, 0.6))
    for x, y in (rear, front):
        c.oval(x, y, radius, radius, spokes)
        for k in range(6):
            angle = k * math.pi / 6
            dx, dy = radius * math.cos(angle), radius * math.sin(angle)
            c.line(((x - dx, y - dy), (x + dx, y + dy)), 0.012, (0.35, 0.35, 0.37))
        c.ring(x, y, radius - 0.02, 0.055, TYRE)
    for a, b in ((rear, crank), (rear, seat), (crank, seat), (crank, head), (seat, head), (head, front)):
        c.line((a, b), 0.055, paint)
    c.line((head, (0.36, 1.0), (0.5, 1.06)), 0.05, (0.15, 0.15, 0.16))
    c.line(((-0.25, 0.86), (-0.27, 0.96)), 0.05, (0.15, 0.15, 0.16))
    c.oval(-0.27, 0.98, 0.15, 0.05, (0.15, 0.12, 0.1))
    c.oval(*crank, 0.1, 0.1, (0.25, 0.25, 0.27))
    if r.random() < 0.4:
        c.box(0.45, 0.78, 0.34, 0.24, (0.62, 0.45, 0.25), 0.04)


def motorbike(c: Canvas, r: Random) -> None:
    """A motorbike or scooter, 2 m x 1.1 m: thick tyres, tank, engine, seat."""
    paint, steel = any_colour(r, 0.85, 0.7), (0.55, 0.56, 0.58)
    radius = r.uniform(0.29, 0.34)
    for x in (-0.72, 0.74):
        c.oval(x, radius, radius, radius, TYRE)
        c.oval(x, radius, radius * 0.6, radius * 0.6, steel)
        c.oval(x, radius, radius * 0.2, radius * 0.2, TYRE)
    c.line(((0.74, radius), (0.45, 1.0)), 0.1, steel)
    if r.random() < 0.35:
        c.blob(((-1.0, 0.4), (-0.95, 0.72), (-0.2, 0.72), (0.0, 0.36), (0.3, 0.36), (0.45, 0.95), (0.6, 0.9), (0.45, 0.22), (-0.3, 0.22)), lit(paint, 0.2, 0.9))
    else:
        c.blob(((-0.4, 0.25), (-0.35, 0.6), (0.3, 0.6), (0.4, 0.3), (0.1, 0.16)), (0.28, 0.28, 0.3))
        for k in range(3):
            c.line(((-0.25, 0.3 + 0.1 * k), (0.22, 0.3 + 0.1 * k)), 0.035, steel)
        c.line(((0.2, 0.25), (-0.3, 0.2), (-1.05, 0.3)), 0.09, (0.75, 0.75, 0.77))
        c.blob(((-0.1, 0.62), (0.0, 0.9), (0.3, 0.95), (0.52, 0.8), (0.4, 0.6)), lit(paint, 0.6, 0.95))
    c.blob(((-0.95, 0.72), (-1.0, 0.84), (-0.6, 0.8), (-0.1, 0.84), (0.0, 0.74), (-0.5, 0.66)), (0.12, 0.11, 0.11))
    c.line(((0.55, 0.86), (0.42, 1.05), (0.3, 1.08)), 0.06, (0.12, 0.12, 0.13))
    c.oval(0.62, 0.86, 0.12, 0.12, (1.0, 0.97, 0.8))
    c.line(((-1.02, 0.62), (-0.72, 0.7), (-0.45, 0.62)), 0.08, paint, smooth=True)
