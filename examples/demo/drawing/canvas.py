"""A picture and its label map, drawn together.

Every shape is filled twice: antialiased into the picture, and without antialiasing, as a class id, into the label map.
So the labels are exact: a pixel belongs to the last shape that covers its centre.
"""
from __future__ import annotations

import colorsys
import math
from contextlib import contextmanager
from random import Random
from typing import Iterator, Optional, Sequence, Union

import cairo
import numpy as np

Colour = tuple[float, ...]  # red, green, blue and possibly alpha, each 0..1
Paint = Union[Colour, cairo.Pattern]
Point = tuple[float, float]


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """A colour from hue (any real, one turn is 1), saturation and value."""
    return colorsys.hsv_to_rgb(hue % 1.0, min(1.0, max(0.0, saturation)), min(1.0, max(0.0, value)))


def shade(colour: Colour, factor: float) -> Colour:
    """The colour darker (factor < 1) or lighter (factor > 1)."""
    if factor <= 1.0:
        return tuple(channel * factor for channel in colour[:3])
    return tuple(1.0 - (1.0 - channel) / factor for channel in colour[:3])


def blend(first: Colour, second: Colour, share: float) -> Colour:
    """The colour that has `share` of the second one in it."""
    return tuple(a + (b - a) * share for a, b in zip(first, second))


def fade(y0: float, colour0: Colour, y1: float, colour1: Colour) -> cairo.LinearGradient:
    """A vertical gradient between two heights."""
    gradient = cairo.LinearGradient(0, y0, 0, y1)
    gradient.add_color_stop_rgb(0, *colour0[:3])
    gradient.add_color_stop_rgb(1, *colour1[:3])
    return gradient


def lit(colour: Colour, low: float, high: float, depth: float = 0.35) -> cairo.LinearGradient:
    """A solid lit from above, between the heights low and high."""
    return fade(low, shade(colour, 1 - depth), high, shade(colour, 1 + depth))


class Canvas:
    """Two cairo surfaces that share every transform and every path."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._picture = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
        self._labels = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
        self.ink, self._mark = cairo.Context(self._picture), cairo.Context(self._labels)
        self._mark.set_antialias(cairo.ANTIALIAS_NONE)
        self._mark.set_operator(cairo.OPERATOR_SOURCE)
        self.outline = 0.0  # width in pixels of a dark line around shapes; 0 for none
        self._label: Optional[int] = 0

    @contextmanager
    def labelled(self, label: Optional[int]) -> Iterator[None]:
        """Shapes drawn inside belong to this class; None leaves the label map alone (shadows, reflections)."""
        previous, self._label = self._label, label
        yield
        self._label = previous

    @contextmanager
    def frame(self, x: float, y: float, scale_x: float = 1.0, scale_y: Optional[float] = None,
              angle: float = 0.0) -> Iterator[None]:
        """A frame with its origin at (x, y), rotated by angle, then scaled."""
        for context in (self.ink, self._mark):
            context.save()
            context.translate(x, y)
            context.rotate(angle)
            context.scale(scale_x, scale_x if scale_y is None else scale_y)
        yield
        for context in (self.ink, self._mark):
            context.restore()

    @contextmanager
    def clipped(self) -> Iterator[None]:
        """Shapes drawn inside stay within the current path, which is used up."""
        path = self.ink.copy_path()
        self._mark.new_path()
        self._mark.append_path(path)
        for context in (self.ink, self._mark):
            context.save()
            context.clip()
        yield
        for context in (self.ink, self._mark):
            context.restore()

    def oval_path(self, x: float, y: float, rx: float, ry: float, angle: float = 0.0) -> None:
        """An ellipse as the current path."""
        self.ink.new_path()
        self.ink.save()
        self.ink.translate(x, y)
        self.ink.rotate(angle)
        self.ink.scale(rx, ry)
        self.ink.arc(0, 0, 1, 0, 2 * math.pi)
        self.ink.restore()

    def blob_path(self, points: Sequence[Point]) -> None:
        """A smooth closed curve through the points (Catmull-Rom) as the current path."""
        count = len(points)
        self.ink.new_path()
        self.ink.move_to(*points[0])
        for i in range(count):
            (x0, y0), (x1, y1) = points[i - 1], points[i]
            (x2, y2), (x3, y3) = points[(i + 1) % count], points[(i + 2) % count]
            self.ink.curve_to(x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2)
        self.ink.close_path()

    def oval(self, x: float, y: float, rx: float, ry: float, paint: Paint, angle: float = 0.0) -> None:
        """A filled ellipse."""
        self.oval_path(x, y, rx, ry, angle)
        self._fill(paint)

    def blob(self, points: Sequence[Point], paint: Paint) -> None:
        """A filled smooth closed curve."""
        self.blob_path(points)
        self._fill(paint)

    def poly(self, points: Sequence[Point], paint: Paint) -> None:
        """A filled polygon."""
        self.ink.new_path()
        for point in points:
            self.ink.line_to(*point)
        self.ink.close_path()
        self._fill(paint)

    def box(self, x: float, y: float, width: float, height: float, paint: Paint, radius: float = 0.0) -> None:
        """A filled rectangle with its corner at (x, y), possibly with round corners."""
        self.ink.new_path()
        radius = min(radius, width / 2, height / 2)
        if radius <= 0:
            self.ink.rectangle(x, y, width, height)
        else:
            for corner, (cx, cy) in enumerate(((x + width - radius, y + height - radius), (x + radius, y + height - radius),
                                               (x + radius, y + radius), (x + width - radius, y + radius))):
                self.ink.arc(cx, cy, radius, corner * math.pi / 2, (corner + 1) * math.pi / 2)
            self.ink.close_path()
        self._fill(paint)

    def line(self, points: Sequence[Point], width: float, paint: Paint, smooth: bool = False) -> None:
        """A stroke with round ends through the points."""
        self.ink.new_path()
        self.ink.move_to(*points[0])
        if smooth:
            ends = [points[0], *points, points[-1]]
            for (x0, y0), (x1, y1), (x2, y2), (x3, y3) in zip(ends, ends[1:], ends[2:], ends[3:]):
                self.ink.curve_to(x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6, x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6, x2, y2)
        else:
            for point in points[1:]:
                self.ink.line_to(*point)
        self._stroke(width, paint)

    def ring(self, x: float, y: float, radius: float, width: float, paint: Paint) -> None:
        """A circle's outline."""
        self.oval_path(x, y, radius, radius)
        self._stroke(width, paint)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float) -> None:
        """A dark ellipse on the ground that belongs to no class."""
        with self.labelled(None):
            self.oval(x, y, rx, ry, (0.0, 0.0, 0.05, strength))

    def pixels(self) -> np.ndarray:
        """The picture, (H, W, 3) uint8."""
        self._picture.flush()
        rows = np.frombuffer(self._picture.get_data(), np.uint8).reshape(self.height, self._picture.get_stride())
        return rows[:, :self.width * 4].reshape(self.height, self.width, 4)[:, :, 2::-1].copy()

    def labels(self) -> np.ndarray:
        """The class ids, (H, W) uint8."""
        self._labels.flush()
        rows = np.frombuffer(self._labels.get_data(), np.uint8).reshape(self.height, self._labels.get_stride())
        return rows[:, :self.width].copy()

    def _source(self, paint: Paint) -> None:
        if isinstance(paint, cairo.Pattern):
            self.ink.set_source(paint)
        else:
            self.ink.set_source_rgba(*paint) if len(paint) == 4 else self.ink.set_source_rgb(*paint)

    def _copy_to_labels(self) -> bool:
        if self._label is None:
            return False
        self._mark.set_source_rgba(0, 0, 0, self._label / 255)
        self._mark.new_path()
        self._mark.append_path(self.ink.copy_path())
        return True

    def _fill(self, paint: Paint) -> None:
        if self._copy_to_labels():
            self._mark.fill()
        self._source(paint)
        if self.outline and self._label:
            self.ink.fill_preserve()
            self.ink.set_source_rgba(0.05, 0.04, 0.08, 0.8)
            self.ink.save()
            self.ink.identity_matrix()
            self.ink.set_line_width(self.outline)
            self.ink.stroke()
            self.ink.restore()
        else:
            self.ink.fill()

    def _stroke(self, width: float, paint: Paint) -> None:
        for context in (self.ink, self._mark):
            context.set_line_width(width)
            context.set_line_cap(cairo.LINE_CAP_ROUND)
            context.set_line_join(cairo.LINE_JOIN_ROUND)
        if self._copy_to_labels():
            self._mark.stroke()
        self._source(paint)
        self.ink.stroke()


def any_colour(r: Random, saturation: float = 0.7, value: float = 0.8) -> Colour:
    """A random hue near the given saturation and value."""
    return hsv(r.random(), saturation + r.uniform(-0.25, 0.25), value + r.uniform(-0.25, 0.2))
