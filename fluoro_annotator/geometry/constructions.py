"""Points, lines and areas made from placed points.

Shapes live in pixels. Where right angles or distances matter, `aspect` says how much higher than
wide a pixel is (1 for square pixels); distances are then in pixel widths. Midpoints, fractions
and what lies inside an area do not depend on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.coordinates import Point

LEAST_POLYLINE: Final = 2
LEAST_POLYGON: Final = 3
AXIS_ENDS: Final = 4
ELLIPSE_STEPS: Final = 360
NEWTON_STEPS: Final = 8

AXES_TOLERANCE: Final = 0.02
"""How far the middles of both axes of an ellipse may lie apart, in lengths of the longer axis."""


def midpoint(first: Point, second: Point) -> Point:
    """Return the point half-way between two points."""
    return fraction_along(first, second, 0.5)


def fraction_along(start: Point, end: Point, fraction: float) -> Point:
    """Return the point at a fraction of the way from one point to another.

    Parameters
    ----------
    start, end : Point
        Positions in pixels.
    fraction : float
        0 is the start, 1 the end; other numbers lie beyond.

    Raises
    ------
    GeometryError
        If the fraction is not a finite number.

    Examples
    --------
    >>> fraction_along(Point(0, 0), Point(10, 20), 0.25)
    Point(row=2.5, column=5.0)

    """
    if not math.isfinite(fraction):
        raise GeometryError(f"fraction {fraction}", "is not a finite number")
    return Point(
        start.row + fraction * (end.row - start.row),
        start.column + fraction * (end.column - start.column),
    )


def fraction_of(point: Point, start: Point, end: Point, *, aspect: float = 1.0) -> float:
    """Return at which fraction of a line the perpendicular from a point meets it.

    The inverse of `fraction_along` for points on the line.

    Raises
    ------
    GeometryError
        If start and end coincide.

    """
    line = _vector(start, end, aspect)
    squared = line[0] ** 2 + line[1] ** 2
    if squared == 0:
        raise GeometryError("line", "has both ends at one place", "Set its ends apart.")
    offset = _vector(start, point, aspect)
    return (offset[0] * line[0] + offset[1] * line[1]) / squared


def perpendicular_foot(point: Point, start: Point, end: Point, *, aspect: float = 1.0) -> Point:
    """Return where the perpendicular from a point meets the (endless) line through two others.

    Raises
    ------
    GeometryError
        If start and end coincide.

    """
    return fraction_along(start, end, fraction_of(point, start, end, aspect=aspect))


def perpendicular_end(start: Point, end: Point, at: float, length: float, *, aspect: float = 1.0) -> Point:
    """Return the end of a perpendicular on a line.

    Parameters
    ----------
    start, end : Point
        The line.
    at : float
        Fraction of the line at which the perpendicular stands.
    length : float
        In pixel widths; positive is to the right of somebody who goes from start to end.
    aspect : float
        Height of a pixel divided by its width.

    Raises
    ------
    GeometryError
        If start and end coincide.

    """
    rows, columns = _vector(start, end, aspect)
    norm = math.hypot(rows, columns)
    if norm == 0:
        raise GeometryError("line", "has both ends at one place", "Set its ends apart.")
    foot = fraction_along(start, end, at)
    return Point(foot.row + length * columns / norm / aspect, foot.column - length * rows / norm)


def intersection(first: tuple[Point, Point], second: tuple[Point, Point]) -> Point | None:
    """Return where two (endless) lines cross; None if they are parallel.

    Parameters
    ----------
    first, second : tuple of (Point, Point)
        Two points of each line.

    """
    one, other = _vector(*first), _vector(*second)
    determinant = one[0] * other[1] - one[1] * other[0]
    if abs(determinant) <= 1e-12 * math.hypot(*one) * math.hypot(*other):
        return None
    between = _vector(first[0], second[0])
    along = (between[0] * other[1] - between[1] * other[0]) / determinant
    return fraction_along(*first, along)


def length_of(points: Sequence[Point], *, aspect: float = 1.0) -> float:
    """Return the length of a polyline in pixel widths; 0 for fewer than two points."""
    return math.fsum(math.hypot(*_vector(a, b, aspect)) for a, b in pairwise(points))


class Nearest(NamedTuple):
    """The point of a polyline nearest to another point.

    Attributes
    ----------
    point : Point
        Position on the polyline.
    distance : float
        In pixel widths.
    segment : int
        Number of the segment, from 0.
    along : float
        Fraction of the length of the polyline, 0 at its first point.

    """

    point: Point
    distance: float
    segment: int
    along: float


def nearest_on_polyline(point: Point, line: Sequence[Point], *, aspect: float = 1.0) -> Nearest:
    """Return the point of a polyline that is nearest to another point.

    Parameters
    ----------
    point : Point
        Where to look from.
    line : sequence of Point
        At least two points that do not all coincide.
    aspect : float
        Height of a pixel divided by its width.

    Raises
    ------
    GeometryError
        If the polyline has fewer than two points or no length.

    """
    best = _scan(point, checked_polyline(line), aspect)
    total = length_of(line, aspect=aspect)
    before = length_of(line[: best.segment + 1], aspect=aspect)
    within = math.hypot(*_vector(line[best.segment], best.point, aspect))
    return best._replace(along=min(1.0, (before + within) / total))


def _scan(point: Point, line: Sequence[Point], aspect: float) -> Nearest:
    found: list[Nearest] = []
    for segment, (start, end) in enumerate(pairwise(line)):
        if start == end:
            continue
        fraction = min(1.0, max(0.0, fraction_of(point, start, end, aspect=aspect)))
        foot = end if fraction == 1 else fraction_along(start, end, fraction)
        found.append(Nearest(foot, math.hypot(*_vector(point, foot, aspect)), segment, 0.0))
    return min(found, key=lambda one: one.distance)


def checked_polyline(line: Sequence[Point]) -> Sequence[Point]:
    """Return a polyline if it has two points or more, all finite, that do not all coincide.

    Raises
    ------
    GeometryError
        If it has not.

    """
    if len(line) < LEAST_POLYLINE or all(point == line[0] for point in line):
        raise GeometryError("line", "needs two points at different places", "Set another point.")
    _check_finite("line", line)
    return line


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
        _check_finite("zone", self.vertices)
        if self.area == 0:
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
        _check_finite("ellipse", self.ends)
        longer = max(self.ends[0].distance(self.ends[1]), self.ends[2].distance(self.ends[3]))
        apart = midpoint(*self.ends[:2]).distance(midpoint(*self.ends[2:]))
        if apart > AXES_TOLERANCE * longer:
            raise GeometryError("ellipse", "has axes that do not cut each other in half")
        if self.area <= 1e-9 * longer**2:
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
        one, other = self._half_axes()
        return math.pi * abs(one[0] * other[1] - one[1] * other[0])

    def _half_axes(self) -> tuple[tuple[float, float], tuple[float, float]]:
        first, second = _vector(self.ends[0], self.ends[1]), _vector(self.ends[2], self.ends[3])
        return (first[0] / 2, first[1] / 2), (second[0] / 2, second[1] / 2)

    def contains(self, point: Point) -> bool:
        """Whether a point lies inside or on the curve."""
        one, other = self._half_axes()
        offset = _vector(self.centre, point)
        determinant = one[0] * other[1] - one[1] * other[0]
        x = (offset[0] * other[1] - offset[1] * other[0]) / determinant
        y = (one[0] * offset[1] - one[1] * offset[0]) / determinant
        return x * x + y * y <= 1

    def point_at(self, radians: float) -> Point:
        """Return the point of the curve at a parameter: 0 is the second end of the first axis."""
        one, other = self._half_axes()
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

    def away(radians: float) -> float:
        return math.hypot(*_vector(point, ellipse.point_at(radians), aspect))

    best = min((2 * math.pi * step / ELLIPSE_STEPS for step in range(ELLIPSE_STEPS)), key=away)
    centre = ellipse.centre
    for _ in range(NEWTON_STEPS):
        at, ahead = ellipse.point_at(best), ellipse.point_at(best + math.pi / 2)
        gap, arm, speed = (
            _vector(start, end, aspect) for start, end in ((point, at), (centre, at), (centre, ahead))
        )
        slope = gap[0] * speed[0] + gap[1] * speed[1]
        curvature = speed[0] ** 2 + speed[1] ** 2 - gap[0] * arm[0] - gap[1] * arm[1]
        if curvature <= 0:
            break
        best -= slope / curvature
    return best


def _vector(start: Point, end: Point, aspect: float = 1.0) -> tuple[float, float]:
    return (end.row - start.row) * aspect, end.column - start.column


def _check_finite(subject: str, points: Sequence[Point]) -> None:
    if not all(math.isfinite(value) for point in points for value in point):
        raise GeometryError(subject, "has a coordinate that is not a finite number")
