"""Points and lines made from placed points.

They live in pixels. Where right angles or distances matter, `aspect` says how much higher than
wide a pixel is (1 for square pixels); distances are then in pixel widths. Midpoints and
fractions do not depend on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.coordinates import Point

LEAST_POLYLINE: Final = 2


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
    line = step_between(start, end, aspect)
    squared = line[0] ** 2 + line[1] ** 2
    if squared == 0:
        raise GeometryError("line", "has both ends at one place", "Set its ends apart.")
    offset = step_between(start, point, aspect)
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
    rows, columns = step_between(start, end, aspect)
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
    one, other = step_between(*first), step_between(*second)
    determinant = one[0] * other[1] - one[1] * other[0]
    if abs(determinant) <= 1e-12 * math.hypot(*one) * math.hypot(*other):
        return None
    between = step_between(first[0], second[0])
    along = (between[0] * other[1] - between[1] * other[0]) / determinant
    return fraction_along(*first, along)


def length_of(points: Sequence[Point], *, aspect: float = 1.0) -> float:
    """Return the length of a polyline in pixel widths; 0 for fewer than two points."""
    return math.fsum(math.hypot(*step_between(a, b, aspect)) for a, b in pairwise(points))


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
    within = math.hypot(*step_between(line[best.segment], best.point, aspect))
    return best._replace(along=min(1.0, (before + within) / total))


def _scan(point: Point, line: Sequence[Point], aspect: float) -> Nearest:
    found: list[Nearest] = []
    for segment, (start, end) in enumerate(pairwise(line)):
        if start == end:
            continue
        fraction = min(1.0, max(0.0, fraction_of(point, start, end, aspect=aspect)))
        foot = end if fraction == 1 else fraction_along(start, end, fraction)
        found.append(Nearest(foot, math.hypot(*step_between(point, foot, aspect)), segment, 0.0))
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
    check_finite("line", line)
    return line


def step_between(start: Point, end: Point, aspect: float = 1.0) -> tuple[float, float]:
    """Return the way from one point to another as (rows, columns) in pixel widths."""
    return (end.row - start.row) * aspect, end.column - start.column


def check_finite(subject: str, points: Sequence[Point]) -> None:
    """Refuse points that are not pairs of finite numbers.

    Raises
    ------
    GeometryError
        With the subject, if there is one.

    """
    if not all(math.isfinite(value) for point in points for value in point):
        raise GeometryError(subject, "has a coordinate that is not a finite number")
