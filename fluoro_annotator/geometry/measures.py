"""What is measured between needles, targets, nerves, zones and lines in one image.

Everything is measured in the plane of the image: what lies in depth is not seen. Bounds are
intervals, not standard deviations: each placed point may be off by `Ruler.placement_px` in any
direction, and the scale by the interval of its calibration; both are taken at their worst.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.geometry.constructions import (
    checked_polyline,
    fraction_of,
    length_of,
    nearest_on_polyline,
    perpendicular_foot,
)
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import PROJECTED, Answer, Quantity, Ruler, Unit
from fluoro_annotator.geometry.zones import Zone

PROJECTED_ANGLE: Final = "between the projections, not the angle in the patient"

RIGHT_ANGLE: Final = 90.0


def distance(first: Point, second: Point, ruler: Ruler) -> Quantity:
    """Return the distance of two placed points.

    Parameters
    ----------
    first, second : Point
        Positions in pixels.
    ruler : Ruler
        Scale, shape of pixels and placement.

    """
    return ruler.length(ruler.pixels(first, second), 2 * ruler.placement_px)


def tip_to_target(tip: Point, target: Point, ruler: Ruler) -> Quantity:
    """Return the distance of a needle's tip from a target, in the plane of the image."""
    return ruler.length(ruler.pixels(tip, target), 2 * ruler.placement_px, PROJECTED)


@dataclass(frozen=True, slots=True)
class CourseDistance:
    """How far a tip is from the course of a nerve, and where along it.

    Attributes
    ----------
    distance : Quantity
        From the tip to the nearest point of the course.
    nearest : Point
        That point.
    along : Quantity
        Fraction of the length of the course, from its first point.

    """

    distance: Quantity
    nearest: Point
    along: Quantity


def tip_to_course(tip: Point, course: Sequence[Point], ruler: Ruler) -> CourseDistance:
    """Return the distance of a tip from the drawn course of a nerve.

    Parameters
    ----------
    tip : Point
        Position of the tip.
    course : sequence of Point
        At least two points.
    ruler : Ruler
        Scale, shape of pixels and placement.

    Raises
    ------
    GeometryError
        If the course has no length.

    """
    found = nearest_on_polyline(tip, course, aspect=ruler.aspect)
    error = 2 * ruler.placement_px
    share = error / length_of(course, aspect=ruler.aspect)
    low, high = max(0.0, found.along - share), min(1.0, found.along + share)
    return CourseDistance(
        ruler.length(found.distance, error, PROJECTED),
        found.point,
        Quantity(found.along, Unit.FRACTION, low, high, note="of the drawn course, from its first point"),
    )


@dataclass(frozen=True, slots=True)
class ZonePosition:
    """Where a tip lies in relation to a zone.

    Attributes
    ----------
    inside : Answer
        Whether it lies inside; cannot tell if the edge is nearer than the placement of points.
    distance : Quantity
        Distance from the edge, negative inside.

    """

    inside: Answer
    distance: Quantity


def tip_in_zone(tip: Point, zone: Zone, ruler: Ruler) -> ZonePosition:
    """Return whether a tip lies in a zone and how far from its edge.

    Parameters
    ----------
    tip : Point
        Position of the tip.
    zone : Polygon or Ellipse
        The zone.
    ruler : Ruler
        Scale, shape of pixels and placement.

    """
    pixels = ruler.pixels(tip, zone.nearest(tip, aspect=ruler.aspect))
    signed = -pixels if zone.contains(tip) else pixels
    measured = ruler.length(signed, 2 * ruler.placement_px, f"negative inside; {PROJECTED}", least=-math.inf)
    return ZonePosition(measured.within(-math.inf, 0), measured)


def shaft_to_course(shaft: Sequence[Point], course: Sequence[Point], ruler: Ruler) -> Quantity:
    """Return the angle between a needle's shaft and the course of a nerve, as projected.

    The shaft counts from its tip to the next point of it; the course where it is nearest to the tip.

    Parameters
    ----------
    shaft : sequence of Point
        Tip first, then bends, then the hub.
    course : sequence of Point
        At least two points.
    ruler : Ruler
        Shape of pixels and placement.

    Returns
    -------
    Quantity
        Degrees, 0 (parallel) to 90.

    Raises
    ------
    GeometryError
        If one of them has no length.

    """
    near = nearest_on_polyline(checked_polyline(shaft)[0], course, aspect=ruler.aspect)
    return shaft_to_line(shaft, (course[near.segment], course[near.segment + 1]), ruler)


def shaft_to_line(shaft: Sequence[Point], line: tuple[Point, Point], ruler: Ruler) -> Quantity:
    """Return the angle between the last part of a shaft and a line, for example an endplate.

    Parameters
    ----------
    shaft : sequence of Point
        Tip first, then bends, then the hub.
    line : tuple of (Point, Point)
        Two points of the line.
    ruler : Ruler
        Shape of pixels and placement.

    Returns
    -------
    Quantity
        Degrees between the projections, 0 (parallel) to 90.

    Raises
    ------
    GeometryError
        If shaft or line has no length.

    """
    end = next(point for point in checked_polyline(shaft) if point != shaft[0])
    checked_polyline(line)
    first, second = _step(shaft[0], end, ruler.aspect), _step(line[0], line[1], ruler.aspect)
    cross = abs(first[0] * second[1] - first[1] * second[0])
    dot = abs(first[0] * second[0] + first[1] * second[1])
    degrees = math.degrees(math.atan2(cross, dot))
    error = sum(_turned_by_placement(math.hypot(*step), ruler) for step in (first, second))
    low, high = max(0.0, degrees - error), min(RIGHT_ANGLE, degrees + error)
    return Quantity(degrees, Unit.DEGREES, low, high, note=PROJECTED_ANGLE)


def _step(start: Point, end: Point, aspect: float) -> tuple[float, float]:
    return (end.row - start.row) * aspect, end.column - start.column


def _turned_by_placement(length_px: float, ruler: Ruler) -> float:
    """Return by how many degrees a line of a length turns if both ends are off the opposite ways."""
    return math.degrees(math.asin(min(1.0, 2 * ruler.placement_px / length_px)))


def depth_fraction(tip: Point, anterior: Point, posterior: Point, ruler: Ruler) -> Quantity:
    """Return how deep a tip lies between two margins, on a lateral image.

    Parameters
    ----------
    tip : Point
        Position of the tip.
    anterior, posterior : Point
        Landmarks on the two margins, for example of a superior articular process.
    ruler : Ruler
        Shape of pixels and placement; no scale is needed.

    Returns
    -------
    Quantity
        Fraction: 0 at the anterior, 1 at the posterior margin; outside of both below 0 or above 1.

    Raises
    ------
    GeometryError
        If the landmarks coincide.

    Notes
    -----
    The tip counts by the foot of its perpendicular. First-order worst case of three points that
    are each off by p, for a line of length L and a tip at fraction f and at distance d from the
    line: ``p (1 + |f| + |1 - f| + 2 d / L) / L``.

    """
    fraction = fraction_of(tip, anterior, posterior, aspect=ruler.aspect)
    length = ruler.pixels(anterior, posterior)
    foot = perpendicular_foot(tip, anterior, posterior, aspect=ruler.aspect)
    beside = ruler.pixels(tip, foot) / length
    error = ruler.placement_px / length * (1 + abs(fraction) + abs(1 - fraction) + 2 * beside)
    return Quantity(
        fraction,
        Unit.FRACTION,
        fraction - error,
        fraction + error,
        note="from the anterior to the posterior landmark",
    )
