"""How far a needle's tip is from a safety line, and on which side of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.constructions import (
    checked_polyline,
    fraction_along,
    fraction_of,
    nearest_on_polyline,
    perpendicular_foot,
    step_between,
)
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import PROJECTED, Answer, Quantity, Ruler

CLEAR_SIDE: Final = 0.05
"""Least cosine between the safe direction and the perpendicular on a line (87 degrees apart)."""

SAME_PLACE: Final = 1e-9
"""Pixel widths by which two computed positions of one point may differ."""


@dataclass(frozen=True, slots=True)
class SafetyDistance:
    """How far a tip is from a safety line.

    Attributes
    ----------
    safe : Answer
        Whether the tip is on the safe side; cannot tell if the line is nearer than the placement
        of points.
    distance : Quantity
        Positive on the safe side.
    beyond_end : bool
        Whether the nearest part is not drawn: the line was continued straight on.

    """

    safe: Answer
    distance: Quantity
    beyond_end: bool


def tip_to_safety_line(
    tip: Point, line: Sequence[Point], safe_direction: tuple[float, float], ruler: Ruler
) -> SafetyDistance:
    """Return the signed distance of a tip from a safety line.

    Beyond its ends the line is taken to go on straight.

    Parameters
    ----------
    tip : Point
        Position of the tip.
    line : sequence of Point
        At least two points.
    safe_direction : tuple of (float, float)
        Direction (rows, columns) of any length from the line to where a tip may be, for example
        ``direction_in_image("dorsal", orientation)``.
    ruler : Ruler
        Scale, shape of pixels and placement.

    Raises
    ------
    GeometryError
        If the line has no length, or the direction runs along it and names no side.

    """
    corners = [p for i, p in enumerate(checked_polyline(line)) if i == 0 or p != line[i - 1]]
    turn = _safe_turn(corners, safe_direction, ruler.aspect)
    near, beyond = _nearest_of_endless(tip, corners, ruler)
    normals = _normals_at(near, corners, ruler.aspect)
    offset = (tip.row - near.row) * ruler.aspect, tip.column - near.column
    side = turn * sum(offset[0] * rows + offset[1] * columns for rows, columns in normals)
    note = f"positive on the safe side; {PROJECTED}"
    if beyond:
        note = f"{note}; the line was continued beyond its end"
    measured = ruler.length(
        math.copysign(math.hypot(*offset), side), 2 * ruler.placement_px, note, least=-math.inf
    )
    return SafetyDistance(measured.within(0, math.inf), measured, beyond)


def _safe_turn(line: Sequence[Point], safe: tuple[float, float], aspect: float) -> float:
    """Return +1 if the safe side is to the left of somebody who walks the line, otherwise -1."""
    rows, columns = (line[-1].row - line[0].row) * aspect, line[-1].column - line[0].column
    if line[0] == line[-1]:
        raise GeometryError("safety line", "is closed and has no sides", "Draw it as an open line.")
    wanted = safe[0] * aspect, safe[1]
    across = -columns * wanted[0] + rows * wanted[1]
    size = math.hypot(rows, columns) * math.hypot(*wanted)
    if not (math.isfinite(across) and abs(across) > CLEAR_SIDE * size):
        raise GeometryError(
            "safety line",
            "runs along the direction that should be safe, so it has no safe side",
            "Draw the line across that direction.",
        )
    return math.copysign(1.0, across)


def _nearest_of_endless(tip: Point, line: Sequence[Point], ruler: Ruler) -> tuple[Point, bool]:
    """Return the nearest point of a line that goes on straight at both ends, and whether it is added."""
    best = nearest_on_polyline(tip, line, aspect=ruler.aspect).point
    beyond = False
    for end, before in ((line[0], line[1]), (line[-1], line[-2])):
        if fraction_of(tip, before, end, aspect=ruler.aspect) <= 1:
            continue
        foot = perpendicular_foot(tip, before, end, aspect=ruler.aspect)
        if ruler.pixels(tip, foot) < ruler.pixels(tip, best):
            best, beyond = foot, True
    return best, beyond


def _normals_at(point: Point, line: Sequence[Point], aspect: float) -> list[tuple[float, float]]:
    """Return the unit normals (left of the walk) of the segments that touch a point of the line.

    At a corner their sum points to the same side as the corner itself, which the normal of either
    segment alone may not.
    """
    found: list[tuple[float, tuple[float, float]]] = []
    last = len(line) - 2
    for number, (start, end) in enumerate(pairwise(line)):
        fraction = fraction_of(point, start, end, aspect=aspect)
        fraction = fraction if number == 0 else max(fraction, 0.0)
        fraction = fraction if number == last else min(fraction, 1.0)
        away = step_between(fraction_along(start, end, fraction), point, aspect)
        rows, columns = step_between(start, end, aspect)
        length = math.hypot(rows, columns)
        found.append((math.hypot(*away), (-columns / length, rows / length)))
    least = min(away for away, _ in found)
    return [normal for away, normal in found if away <= least + SAME_PLACE]
