"""How much of a nerve's course the active tip of an electrode lies along."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.constructions import (
    checked_polyline,
    fraction_along,
    length_of,
    nearest_on_polyline,
)
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import Quantity, Ruler, Unit

LONGEST_NEEDLE_MM: Final = 200.0
"""Longer needles are not used for this: an engineering default, for shafts of unknown length."""

STEPS: Final = 60
"""Pieces into which the active tip is cut, at least."""


def foreshortening(shaft: Sequence[Point], ruler: Ruler, length_mm: float | None = None) -> float | None:
    """Return how much shorter a shaft looks than it is: 1 in the plane of the image, 0 end-on.

    Parameters
    ----------
    shaft : sequence of Point
        Tip first, then bends, then the hub.
    ruler : Ruler
        Scale of the image.
    length_mm : float, optional
        Length of the shaft from tip to hub in mm; if not known, the longest in use
        (`LONGEST_NEEDLE_MM`), so that the result is a lower bound.

    Returns
    -------
    float or None
        At most 1; None without a usable scale.

    Raises
    ------
    GeometryError
        If the shaft or its length is not usable.

    """
    if length_mm is not None and not (math.isfinite(length_mm) and length_mm > 0):
        raise GeometryError(f"needle length {length_mm} mm", "is not a positive number")
    seen = length_of(checked_polyline(shaft), aspect=ruler.aspect)
    scale = ruler.mm_per_px
    return None if scale is None else min(1.0, seen * scale / (length_mm or LONGEST_NEEDLE_MM))


def along_shaft(shaft: Sequence[Point], pixels: float, *, aspect: float = 1.0) -> tuple[Point, ...]:
    """Return the part of a shaft from its tip over a length in pixel widths, or all of it.

    Raises
    ------
    GeometryError
        If the shaft has no length, or `pixels` is not a positive number.

    """
    if not (math.isfinite(pixels) and pixels > 0):
        raise GeometryError(f"length {pixels} along the shaft", "is not a positive number")
    part = [checked_polyline(shaft)[0]]
    left = pixels
    for start, end in pairwise(shaft):
        step = length_of((start, end), aspect=aspect)
        if step >= left:
            return (*part, fraction_along(start, end, left / step))
        part.append(end)
        left -= step
    return tuple(part)


def covered_course(
    shaft: Sequence[Point],
    active_tip_mm: float,
    course: Sequence[Point],
    reach_mm: float,
    ruler: Ruler,
    *,
    length_mm: float | None = None,
) -> Quantity | None:
    """Return the length of a nerve's course that an active tip lies along, as projected.

    The active tip is laid off along the shaft from its tip. Its parts within `reach_mm` of the course
    count, and what they cover is measured along the course.

    Parameters
    ----------
    shaft : sequence of Point
        Tip first, then bends, then the hub.
    active_tip_mm : float
        Length of the active tip.
    course : sequence of Point
        Course of the nerve, at least two points.
    reach_mm : float
        How far the active tip may be from the course.
    ruler : Ruler
        Scale of the image.
    length_mm : float, optional
        Length of the shaft from tip to hub, from which follows how much it is foreshortened. If it
        is not known, the value is what an active tip in the plane of the image covers, an upper
        bound, and the lower bound holds for the longest needle.

    Returns
    -------
    Quantity or None
        In mm. None without a usable scale. Depth is not seen: a tip may lie in front of the nerve.

    Raises
    ------
    GeometryError
        If a length or a line is not usable.

    """
    for name, value in (("active tip", active_tip_mm), ("reach", reach_mm)):
        if not (math.isfinite(value) and value > 0):
            raise GeometryError(f"{name} of {value} mm", "is not a positive number")
    scale, least = ruler.mm_per_px, foreshortening(shaft, ruler, length_mm)
    if scale is None or least is None:
        return None
    error = ruler.calibration.relative_error or 0.0
    shown = least if length_mm is not None else 1.0

    def covered(factor: float, reach_px: float, stretch: float) -> float:
        part = along_shaft(shaft, max(factor * active_tip_mm / scale * stretch, 1e-9), aspect=ruler.aspect)
        return _span(part, course, max(reach_px, 0.0), ruler.aspect) * scale

    reach, slack = reach_mm / scale, 2 * ruler.placement_px
    value = covered(shown, reach, 1.0)
    low = covered(least, reach / (1 + error) - slack, 1 / (1 + error)) - slack * scale
    high = covered(shown, reach / max(1e-6, 1 - error) + slack, 1 / max(1e-6, 1 - error)) + slack * scale
    return Quantity(
        value,
        Unit.MILLIMETRES,
        min(value, max(0.0, low * max(0.0, 1 - error))),
        max(value, min(active_tip_mm, high * (1 + error))),
        ruler.calibration.description,
        _NOTES[length_mm is not None],
    )


_NOTES: Final = {
    True: "foreshortened as the whole shaft is; depth is not seen",
    False: "at most, because the length of the needle is not known and it may point out of the image; "
    "depth is not seen",
}


def _span(part: Sequence[Point], course: Sequence[Point], reach_px: float, aspect: float) -> float:
    """Return the length of the course in pixel widths that the near pieces of a line stand over."""
    whole = length_of(course, aspect=aspect)
    feet = [nearest_on_polyline(point, course, aspect=aspect) for point in _pieces(part, aspect)]
    return whole * math.fsum(
        abs(b.along - a.along) for a, b in pairwise(feet) if max(a.distance, b.distance) <= reach_px
    )


def _pieces(part: Sequence[Point], aspect: float) -> Iterator[Point]:
    """Return the ends of the pieces into which a line is cut."""
    total = length_of(part, aspect=aspect)
    for start, end in pairwise(part):
        count = math.ceil(STEPS * length_of((start, end), aspect=aspect) / total)
        yield from (fraction_along(start, end, step / count) for step in range(count))
    yield part[-1]
