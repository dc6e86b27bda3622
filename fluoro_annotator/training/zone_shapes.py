"""The zone of acceptance as outlines on the image: exactly where a place is good, and where it is marginal.

The rules are those by which `placing` judges a place; here they are turned into curves, so that a trainee sees the
zone that was used and no other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import Ellipse, Point, Polygon, fraction_along, nearest_on_polyline
from fluoro_annotator.marks import ZoneForm
from fluoro_annotator.protocols import Band, Measure
from fluoro_annotator.training.ground import Ground
from fluoro_annotator.training.measured import (
    ORDER,
    BandResult,
    BandState,
    Measures,
    reference_measures,
    state_in,
)
from fluoro_annotator.training.placing import ACROSS_SHARE, PLACE_MEASURES, PlaceCase, zone_method
from fluoro_annotator.training.scores import ZoneMethod

CIRCLE: Final = 120
"""Corners of what is drawn for a circle: at 100 pixels it is nowhere off by more than 0.04 pixels."""

LEAST_CORNERS: Final = 3

Outline = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ZoneShape:
    """One outline of a zone.

    Attributes
    ----------
    state : BandState
        Good inside of it, or marginal.
    outline : tuple of Point
        Corners of a closed curve, the first not repeated.
    title : str
        What it is, with its limits.

    """

    state: BandState
    outline: Outline
    title: str


@dataclass(frozen=True, slots=True)
class _HalfPlane:
    """Where ``normal . place <= limit``, in pixel widths."""

    normal: tuple[float, float]
    limit: float

    def beyond(self, point: Point, aspect: float) -> float:
        """Return how far a point lies outside; negative inside."""
        return self.normal[0] * point.row * aspect + self.normal[1] * point.column - self.limit


def zone_shapes(case: PlaceCase) -> tuple[ZoneShape, ...]:
    """Return the outlines of the zone of a case, marginal before good; none where no limit can be used.

    Parameters
    ----------
    case : PlaceCase
        The answer and its references.

    Notes
    -----
    A place that cannot be told from the reference, because points are placed to a pixel or two only, is good
    even where an outline is smaller than that.

    """
    measures = case.measures or reference_measures(case.ground)
    return () if measures is None else _SHAPES[zone_method(case.ground)](case.ground, measures)


# ---------------------------------------------------------------------- regions and drawn zones


def _of_region(ground: Ground, _measures: Measures) -> tuple[ZoneShape, ...]:
    region = ground.region
    if region is None:
        return ()
    many = len(region.experts)
    return (
        ZoneShape(BandState.MARGINAL, _curve(region.marginal), f"99 % ellipse of {many} experts"),
        ZoneShape(BandState.GOOD, _curve(region.good), f"95 % ellipse of {many} experts"),
    )


def _of_drawn(ground: Ground, measures: Measures) -> tuple[ZoneShape, ...]:
    """Return the drawn zone, and around it what a radius of the protocol makes marginal."""
    zone = ground.zone
    if zone is None:
        return ()
    try:
        area = Ellipse(zone.vertices) if zone.form is ZoneForm.ELLIPSE else Polygon(zone.vertices)
    except GeometryError:  # a zone that encloses nothing cannot be used: the bands are
        return _of_bands(ground, measures)
    outline = _curve(area) if isinstance(area, Ellipse) else area.vertices
    drawn = ZoneShape(BandState.GOOD, outline, "zone drawn by the expert")
    radii = [one for one in _used(measures) if one.band.measure is Measure.TIP_TO_TARGET]
    around = _zone(ground, radii, BandState.MARGINAL)
    return (drawn,) if around is None else (around, drawn)


def _curve(ellipse: Ellipse) -> Outline:
    return ellipse.outline(CIRCLE)[:-1]


# ---------------------------------------------------------------------- bands of the protocol


def _of_bands(ground: Ground, measures: Measures) -> tuple[ZoneShape, ...]:
    used = _used(measures)
    shapes = [_zone(ground, used, state) for state in (BandState.MARGINAL, BandState.GOOD)]
    wide, good = shapes
    if wide is not None and good is not None and wide.outline == good.outline:
        return (good,)
    return tuple(shape for shape in shapes if shape is not None)


_SHAPES: Final[dict[ZoneMethod, Callable[[Ground, Measures], tuple[ZoneShape, ...]]]] = {
    ZoneMethod.REGION: _of_region,
    ZoneMethod.DRAWN: _of_drawn,
    ZoneMethod.BANDS: _of_bands,
}


def _used(measures: Measures) -> list[BandResult]:
    """Return the bands about a place that count."""
    return [one for one in measures.bands if one.state in ORDER and one.band.measure in PLACE_MEASURES]


def limits(result: BandResult, state: BandState) -> tuple[float, float]:
    """Return between which values a band is good, or at least marginal, in an exercise.

    Where the reference itself is marginal, no more is asked of a trainee.
    """
    band = result.band
    wide = band.marginal or band.good
    lax = result.reference is not None and state_in(result.reference, band) is BandState.MARGINAL
    return wide if lax or state is BandState.MARGINAL else band.good


def _zone(ground: Ground, used: Sequence[BandResult], state: BandState) -> ZoneShape | None:
    """Return where all bands that are used are good, or marginal."""
    area: Outline | None = None
    borders: list[_HalfPlane] = []
    beside = any(one.band.measure is not Measure.FRACTION_ALONG for one in used)
    for one in used:
        found = _WHERE[one.band.measure](one, limits(one, state), ground)
        if isinstance(found, list):
            borders += found if beside else [*found, *_across(one.band, ground)]
        else:
            area = found if area is None else _clipped(area, _sides_of(found, ground), ground)
    if area is None and borders:
        area, borders = _between(borders[:4], ground), borders[4:]
    outline = () if area is None else _clipped(area, borders, ground)
    title = "; ".join(f"{one.band.title}: {_words(one.band, limits(one, state))}" for one in used)
    return ZoneShape(state, outline, title) if len(outline) >= LEAST_CORNERS else None


def _words(band: Band, ends: tuple[float, float]) -> str:
    unit = "" if band.unit.value == "fraction" else f" {band.unit.value}"
    return f"{ends[0]:g} to {ends[1]:g}{unit}"


def _around_centre(_one: BandResult, ends: tuple[float, float], ground: Ground) -> Outline:
    scale, centre = ground.image.ruler.mm_per_px, ground.centre
    if scale is None or centre is None:
        return ()
    radius = ends[1] / scale
    return _curve(Ellipse.around(centre, (radius, radius), aspect=ground.image.ruler.aspect))


def _along(one: BandResult, ends: tuple[float, float], ground: Ground) -> list[_HalfPlane]:
    """Return the two borders across an axis."""
    axis = ground.line(ground.protocol.construction(one.band.axis).landmarks)
    if axis is None:
        return []
    aspect = ground.image.ruler.aspect
    start, step = axis[0], _step(axis[0], axis[1], aspect)
    squared = step[0] ** 2 + step[1] ** 2
    from_start = (step[0] * start.row * aspect + step[1] * start.column) / squared
    normal = step[0] / squared, step[1] / squared
    return [
        _HalfPlane(normal, ends[1] + from_start),
        _HalfPlane((-normal[0], -normal[1]), -ends[0] - from_start),
    ]


def _across(band: Band, ground: Ground) -> list[_HalfPlane]:
    """Return the two borders beside an axis, where nothing else is known about that direction."""
    axis, centre = ground.line(ground.protocol.construction(band.axis).landmarks), ground.centre
    if axis is None or centre is None:
        return []
    aspect = ground.image.ruler.aspect
    step = _step(axis[0], axis[1], aspect)
    squared = step[0] ** 2 + step[1] ** 2
    normal = -step[1] / squared, step[0] / squared
    middle = normal[0] * centre.row * aspect + normal[1] * centre.column
    return [
        _HalfPlane(normal, ACROSS_SHARE + middle),
        _HalfPlane((-normal[0], -normal[1]), ACROSS_SHARE - middle),
    ]


def _around_course(_one: BandResult, ends: tuple[float, float], ground: Ground) -> Outline:
    """Return the curve at a distance from the course of a nerve, with round ends."""
    scale, course = ground.image.ruler.mm_per_px, ground.course
    if scale is None or course is None:
        return ()
    aspect, reach = ground.image.ruler.aspect, ends[1] / scale
    walked = [p for i, p in enumerate(course.vertices) if i == 0 or p != course.vertices[i - 1]]
    found = [point for side in (walked, walked[::-1]) for point in _beside(side, reach, aspect)]

    def is_edge(point: Point) -> bool:
        return nearest_on_polyline(point, walked, aspect=aspect).distance >= reach * (1 - 1e-6)

    return tuple(filter(is_edge, found))


def _beside(walked: Sequence[Point], reach: float, aspect: float) -> Iterable[Point]:
    """Yield points on the left of a walk at a distance, with arcs at its corners and around its end."""
    turns = [math.atan2(*_step(a, b, aspect)) for a, b in pairwise(walked)]
    for number, (start, end) in enumerate(pairwise(walked)):
        pieces = max(2, round(math.hypot(*_step(start, end, aspect)) * 8 / reach))
        for piece in range(pieces + 1):
            yield _off(fraction_along(start, end, piece / pieces), turns[number] - math.pi / 2, reach, aspect)
        last = number == len(turns) - 1
        bend = math.pi if last else _signed(turns[number + 1] - turns[number])
        for piece in range(1, CIRCLE // 4):
            yield _off(end, turns[number] - math.pi / 2 + bend * piece / (CIRCLE // 4), reach, aspect)


def _signed(radians: float) -> float:
    return math.remainder(radians, 2 * math.pi)


def _off(point: Point, direction: float, reach: float, aspect: float) -> Point:
    """Return the point at a distance in a direction: 0 rightwards, a quarter turn downwards."""
    return Point(point.row + reach * math.sin(direction) / aspect, point.column + reach * math.cos(direction))


_WHERE: Final[
    dict[Measure, Callable[[BandResult, tuple[float, float], Ground], Outline | list[_HalfPlane]]]
] = {
    Measure.TIP_TO_TARGET: _around_centre,
    Measure.FRACTION_ALONG: _along,
    Measure.TIP_TO_COURSE: _around_course,
}


# ---------------------------------------------------------------------- clipping


def _step(start: Point, end: Point, aspect: float) -> tuple[float, float]:
    return (end.row - start.row) * aspect, end.column - start.column


def _between(borders: Sequence[_HalfPlane], ground: Ground) -> Outline:
    """Return the rectangle within two borders across an axis and two beside it."""
    along, back, left, right = borders
    aspect = ground.image.ruler.aspect
    corners = [(along, left), (along, right), (back, right), (back, left)]
    return tuple(_meeting(one, other, aspect) for one, other in corners)


def _meeting(one: _HalfPlane, other: _HalfPlane, aspect: float) -> Point:
    (a, b), (c, d) = one.normal, other.normal
    area = a * d - b * c
    return Point((one.limit * d - b * other.limit) / area / aspect, (a * other.limit - c * one.limit) / area)


def _sides_of(outline: Outline, ground: Ground) -> list[_HalfPlane]:
    """Return the borders of a convex outline."""
    aspect = ground.image.ruler.aspect
    middle = Point(sum(p.row for p in outline) / len(outline), sum(p.column for p in outline) / len(outline))
    found = []
    for start, end in pairwise([*outline, outline[0]]):
        rows, columns = _step(start, end, aspect)
        normal = columns, -rows
        border = _HalfPlane(normal, normal[0] * start.row * aspect + normal[1] * start.column)
        inside = border.beyond(middle, aspect) <= 0
        found.append(border if inside else _HalfPlane((-normal[0], -normal[1]), -border.limit))
    return found


def _clipped(outline: Outline, borders: Iterable[_HalfPlane], ground: Ground) -> Outline:
    """Return the part of an outline within borders.

    Sutherland and Hodgman, Reentrant polygon clipping, Communications of the ACM 17 (1974) 32.
    """
    aspect, corners = ground.image.ruler.aspect, list(outline)
    for border in borders:
        kept: list[Point] = []
        for start, end in pairwise([*corners[-1:], *corners]):
            before, after = border.beyond(start, aspect), border.beyond(end, aspect)
            if (before > 0) != (after > 0):
                kept.append(fraction_along(start, end, before / (before - after)))
            if after <= 0:
                kept.append(end)
        corners = kept
    return tuple(corners)
