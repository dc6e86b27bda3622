"""What a protocol draws beneath the marks: figures from landmarks, acceptance bands.

Everything follows from marks of the reader on the same frame. Axes and safety lines are drawn where tips are
measured against them, on the page Measure. Bands are shown with the needle that they judge,
or when the reader asks for them: whoever looks for a place should not be led to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import (
    Point,
    Ruler,
    fraction_along,
    intersection,
    midpoint,
    perpendicular_end,
    perpendicular_foot,
)
from fluoro_annotator.marks import Landmark, Mark, Needle, Target
from fluoro_annotator.protocols import Band, Construction, ConstructionKind, Measure, Plan, PlannedNerve
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.drawing import DrawnLine

CROSS = 0.04
"""Half the size of a cross, and a tick, as a share of the length of its figure."""
LEAST_CROSS = 3.0
CIRCLE_PIECES = 48
FIGURE, BAND = styles.PURPLE, styles.GREEN

Places = Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class FrameMarks:
    """The marks of a frame as figures need them.

    Attributes
    ----------
    marks : sequence of Mark
        All marks of the frame.
    ruler : Ruler
        What lengths on the image are measured with.
    view : str
        Which view it is; ``""`` if nobody has said.
    bands_wanted : bool
        Whether bands are shown without a needle, too.

    """

    marks: Sequence[Mark]
    ruler: Ruler
    view: str
    bands_wanted: bool = False

    def landmarks(self, vertebra: str, side: Side) -> dict[str, Point]:
        """Return where the landmarks of a vertebra and side are."""
        return {
            mark.name: mark.position
            for mark in self.marks
            if isinstance(mark, Landmark) and mark.vertebra == vertebra and mark.side in (side, None)
        }

    def targets(self, nerve: str, side: Side) -> list[Point]:
        """Return where the targets of a nerve are."""
        return [
            mark.position for mark in self.marks if isinstance(mark, Target) and _is_of(mark, nerve, side)
        ]

    def has_needle(self, nerve: str, side: Side) -> bool:
        """Return whether a needle of a nerve is marked."""
        return any(isinstance(mark, Needle) and _is_of(mark, nerve, side) for mark in self.marks)


def _is_of(mark: Target | Needle, nerve: str, side: Side) -> bool:
    return mark.site.nerve == nerve and mark.site.side is side


def figures(plan: Plan, frame: FrameMarks) -> list[DrawnLine]:
    """Return the lines that the protocol of a plan draws on a frame; each once."""
    if not any(isinstance(mark, Landmark | Target) for mark in frame.marks):
        return []
    lines = (
        line
        for side in plan.sides
        for planned in plan.nerves
        for line in _of_nerve(plan, planned, side, frame)
    )
    return list(dict.fromkeys(lines))


def _of_nerve(plan: Plan, planned: PlannedNerve, side: Side, frame: FrameMarks) -> Iterator[DrawnLine]:
    nerve, protocol = planned.nerve, plan.protocol
    places = frame.landmarks(nerve.vertebra, side)
    for construction in protocol.constructions_of(nerve.id):
        if construction.view == frame.view:
            yield from construction_lines(construction, places, frame.ruler.aspect)
    judged = frame.has_needle(nerve.id, side)
    for band in protocol.bands_of(nerve.id):
        if (
            band.view == frame.view
            and band.measure is Measure.TIP_TO_TARGET
            and (judged or frame.bands_wanted)
        ):
            for target in frame.targets(nerve.id, side):
                yield from _rings(band, target, frame.ruler)
        if band.view == frame.view and band.axis and frame.bands_wanted and not judged:
            yield from _ticks(band, protocol.construction(band.axis).landmarks, places, frame.ruler.aspect)


# ---------------------------------------------------------------------- constructions


def construction_lines(construction: Construction, places: Places, aspect: float) -> list[DrawnLine]:
    """Return the lines of a construction; nothing for an axis, or unless all of its landmarks are placed, apart.

    Parameters
    ----------
    construction : Construction
        Of the protocol.
    places : mapping of str to Point
        Where the landmarks are.
    aspect : float
        Height of a pixel divided by its width.

    """
    points = [places[key] for key in construction.landmarks if key in places]
    if len(points) < len(construction.landmarks) or len(set(points)) < len(points):
        return []
    draw = _FIGURES.get(construction.kind)
    return list(draw(construction, points, aspect)) if draw is not None else []


def _dashed(*points: Point, text: str = "", closed: bool = False) -> DrawnLine:
    return DrawnLine(points=points, colour=FIGURE, dashed=True, text=text, closed=closed)


def _midpoint(_construction: Construction, points: Sequence[Point], _aspect: float) -> Iterator[DrawnLine]:
    yield _dashed(*points)
    yield from _cross(midpoint(*points), _size(points), texts.PLAN_MIDPOINT)


def _fractions(construction: Construction, points: Sequence[Point], _aspect: float) -> Iterator[DrawnLine]:
    yield _dashed(*points)
    for fraction in construction.fractions:
        yield from _cross(fraction_along(points[0], points[1], fraction), _size(points), f"{fraction:g}")


def _perpendicular(
    _construction: Construction, points: Sequence[Point], aspect: float
) -> Iterator[DrawnLine]:
    start, end, third = points
    yield _dashed(start, end)
    yield _dashed(third, perpendicular_foot(third, start, end, aspect=aspect), text=texts.PLAN_FOOT)


def _diagonals(_construction: Construction, points: Sequence[Point], _aspect: float) -> Iterator[DrawnLine]:
    first, second, third, fourth = points
    yield _dashed(first, fourth)
    yield _dashed(second, third)
    crossing = intersection((first, fourth), (second, third))
    if crossing is not None:
        yield from _cross(crossing, _size(points), texts.PLAN_CROSSING)


def _polygon(_construction: Construction, points: Sequence[Point], _aspect: float) -> Iterator[DrawnLine]:
    yield _dashed(*points, closed=True)


Figure = Callable[[Construction, Sequence[Point], float], Iterator[DrawnLine]]
_FIGURES: Mapping[ConstructionKind, Figure] = MappingProxyType(
    {
        ConstructionKind.MIDPOINT: _midpoint,
        ConstructionKind.FRACTIONS: _fractions,
        ConstructionKind.PERPENDICULAR: _perpendicular,
        ConstructionKind.DIAGONALS: _diagonals,
        ConstructionKind.POLYGON: _polygon,
    }
)


def _size(points: Sequence[Point]) -> float:
    return max(LEAST_CROSS, CROSS * points[0].distance(points[-1]))


def _cross(centre: Point, size: float, text: str) -> Iterator[DrawnLine]:
    row, column = centre
    yield DrawnLine(points=(Point(row - size, column), Point(row + size, column)), colour=FIGURE, text=text)
    yield DrawnLine(points=(Point(row, column - size), Point(row, column + size)), colour=FIGURE)


# ---------------------------------------------------------------------- bands


def _rings(band: Band, centre: Point, ruler: Ruler) -> Iterator[DrawnLine]:
    """Yield a circle in the patient for each end of a band in mm; nothing without a scale."""
    if ruler.mm_per_px is None:
        return
    for limits in filter(None, (band.good, band.marginal)):
        radius = limits[1] / ruler.mm_per_px
        turns = [2 * math.pi * piece / CIRCLE_PIECES for piece in range(CIRCLE_PIECES)]
        points = tuple(
            Point(
                centre.row - radius / ruler.aspect * math.cos(turn), centre.column + radius * math.sin(turn)
            )
            for turn in turns
        )
        yield DrawnLine(
            points=points,
            colour=BAND,
            closed=True,
            dashed=True,
            text=texts.PLAN_RING.format(limit=limits[1]),
        )


def _ticks(band: Band, axis: Sequence[str], places: Places, aspect: float) -> Iterator[DrawnLine]:
    """Yield a stroke across an axis at each end of a band; nothing unless the axis is placed."""
    if any(key not in places for key in axis) or places[axis[0]] == places[axis[1]]:
        return
    start, end = places[axis[0]], places[axis[1]]
    half = max(LEAST_CROSS, 2 * CROSS * Ruler(aspect=aspect).pixels(start, end))
    label = texts.PLAN_TICKS.format(first=band.good[0], last=band.good[1])
    for order, fraction in enumerate(band.good):
        ends = tuple(
            perpendicular_end(start, end, fraction, way * half, aspect=aspect) for way in (-1.0, 1.0)
        )
        yield DrawnLine(points=ends, colour=BAND, text="" if order else label)
