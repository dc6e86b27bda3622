"""Closed areas made from placed points: polygons and ellipses.

They live in pixels. What lies inside does not depend on the shape of pixels; what is nearest does:
`aspect` says how much higher than wide a pixel is (1 for square pixels).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.constructions import (
    check_finite,
    length_of,
    midpoint,
    nearest_on_polyline,
    step_between,
)
from fluoro_annotator.geometry.coordinates import Point

LEAST_POLYGON: Final = 3
AXIS_ENDS: Final = 4
ELLIPSE_STEPS: Final = 120
NEWTON_STEPS: Final = 8

FLAT: Final = 1e-9
"""An area smaller than this share of the square of its size is a line."""

AXES_TOLERANCE: Final = 0.02
"""How far the middles of both axes of an ellipse may lie apart, in lengths of the longer axis."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed area with straight edges; the last vertex is joined to the first.

    Parameters
    ----------
    vertices : tuple of Point
        At least three, not on one line.

    Raises
    ------
    GeometryError
        If there are fewer, they enclose nothing, or one is not finite.

    """

    vertices: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.vertices) < LEAST_POLYGON:
            raise GeometryError("zone", "has fewer than three corners", "Set another corner.")
        check_finite("zone", self.vertices)
        if self.area <= FLAT * length_of(self.outline) ** 2:
            raise GeometryError("zone", "encloses nothing", "Set a corner beside the line.")

    @property
    def outline(self) -> tuple[Point, ...]:
        """The vertices with the first repeated at the end."""
        return (*self.vertices, self.vertices[0])

    @property
    def area(self) -> float:
        """Area in pixels; parts that are run round twice in opposite directions cancel out."""
        return abs(math.fsum(a.row * b.column - b.row * a.column for a, b in pairwise(self.outline))) / 2

    def contains(self, point: Point) -> bool:
        """Whether a point lies inside, by the even-odd rule; points on the edge may count either way."""
        return point_in_polygon(point, self.vertices)

    def nearest(self, point: Point, *, aspect: float = 1.0) -> Point:
        """Return the point of the edge that is nearest to another point."""
        return nearest_on_polyline(point, self.outline, aspect=aspect).point


def point_in_polygon(point: Point, vertices: Sequence[Point]) -> bool:
    """Return whether a point lies in a polygon, by the even-odd rule.

    Points exactly on an edge may count either way.
    """
    inside = False
    for a, b in pairwise((*vertices, vertices[0])):
        if (a.row > point.row) != (b.row > point.row):
            across = a.column + (point.row - a.row) * (b.column - a.column) / (b.row - a.row)
            inside ^= point.column < across
    return inside


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A closed curve given by the ends of its two axes, as DICOM writes an ELLIPSE.

    DICOM PS3.3 C.18.6.1.2: the first two points are the ends of the major axis, the other two
    those of the minor axis.

    Parameters
    ----------
    ends : tuple of Point
        Four points, ends of one axis and then of the other, which cut each other in half.

    Raises
    ------
    GeometryError
        If there are not four finite points, the axes do not share their middle, or an ellipse of
        this kind encloses nothing.

    """

    ends: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.ends) != AXIS_ENDS:
            raise GeometryError("ellipse", f"has {len(self.ends)} axis ends instead of 4")
        check_finite("ellipse", self.ends)
        longer = max(self.ends[0].distance(self.ends[1]), self.ends[2].distance(self.ends[3]))
        apart = midpoint(*self.ends[:2]).distance(midpoint(*self.ends[2:]))
        if apart > AXES_TOLERANCE * longer:
            raise GeometryError("ellipse", "has axes that do not cut each other in half")
        if self.area <= FLAT * longer**2:
            raise GeometryError("ellipse", "encloses nothing", "Set the ends of its axes apart.")

    @classmethod
    def around(
        cls, centre: Point, radii: tuple[float, float], degrees: float = 0.0, *, aspect: float = 1.0
    ) -> Ellipse:
        """Return an ellipse around a point.

        Parameters
        ----------
        centre : Point
            Its middle.
        radii : tuple of (float, float)
            Half axes in pixel widths.
        degrees : float
            Direction of the first axis: 0 rightwards, 90 downwards.
        aspect : float
            Height of a pixel divided by its width.

        Raises
        ------
        GeometryError
            If a half axis is not a positive number.

        """
        turn = math.radians(degrees)
        steps = [(math.sin(turn), math.cos(turn)), (math.cos(turn), -math.sin(turn))]
        ends = [
            Point(centre.row + sign * radius * row / aspect, centre.column + sign * radius * column)
            for radius, (row, column) in zip(radii, steps, strict=True)
            for sign in (-1, 1)
        ]
        return cls(tuple(ends))

    @property
    def centre(self) -> Point:
        """The middle of both axes."""
        return midpoint(midpoint(*self.ends[:2]), midpoint(*self.ends[2:]))

    @property
    def area(self) -> float:
        """Area in pixels."""
        one, other = self.half_axes
        return math.pi * abs(one[0] * other[1] - one[1] * other[0])

    @property
    def half_axes(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Vectors (rows, columns) from the middle to the second end of each axis."""
        first, second = step_between(self.ends[0], self.ends[1]), step_between(self.ends[2], self.ends[3])
        return (first[0] / 2, first[1] / 2), (second[0] / 2, second[1] / 2)

    def contains(self, point: Point) -> bool:
        """Whether a point lies inside or on the curve."""
        one, other = self.half_axes
        offset = step_between(self.centre, point)
        determinant = one[0] * other[1] - one[1] * other[0]
        x = (offset[0] * other[1] - offset[1] * other[0]) / determinant
        y = (one[0] * offset[1] - one[1] * offset[0]) / determinant
        return x * x + y * y <= 1

    def point_at(self, radians: float) -> Point:
        """Return the point of the curve at a parameter: 0 is the second end of the first axis."""
        one, other = self.half_axes
        cosine, sine = math.cos(radians), math.sin(radians)
        return Point(
            self.centre.row + cosine * one[0] + sine * other[0],
            self.centre.column + cosine * one[1] + sine * other[1],
        )

    def outline(self, steps: int = 72) -> tuple[Point, ...]:
        """Return points along the curve, the first repeated at the end, for drawing."""
        return tuple(self.point_at(2 * math.pi * step / steps) for step in (*range(steps), 0))

    def nearest(self, point: Point, *, aspect: float = 1.0) -> Point:
        """Return the point of the curve that is nearest to another point."""
        return self.point_at(_nearest_parameter(self, point, aspect))


Zone = Polygon | Ellipse


def _nearest_parameter(ellipse: Ellipse, point: Point, aspect: float) -> float:
    """Return the parameter of the nearest point: the best of many, then Newton's method."""
    centre, (one, other) = ellipse.centre, ellipse.half_axes
    offset = step_between(centre, point)

    def away(radians: float) -> float:
        cosine, sine = math.cos(radians), math.sin(radians)
        rows = (cosine * one[0] + sine * other[0] - offset[0]) * aspect
        return math.hypot(rows, cosine * one[1] + sine * other[1] - offset[1])

    best = min((2 * math.pi * step / ELLIPSE_STEPS for step in range(ELLIPSE_STEPS)), key=away)
    for _ in range(NEWTON_STEPS):
        at, ahead = ellipse.point_at(best), ellipse.point_at(best + math.pi / 2)
        gap, arm, speed = (
            step_between(start, end, aspect) for start, end in ((point, at), (centre, at), (centre, ahead))
        )
        slope = gap[0] * speed[0] + gap[1] * speed[1]
        curvature = speed[0] ** 2 + speed[1] ** 2 - gap[0] * arm[0] - gap[1] * arm[1]
        if curvature <= 0:
            break
        best -= slope / curvature
    return best
