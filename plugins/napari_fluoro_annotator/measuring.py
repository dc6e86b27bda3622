"""What is measured at the needles of a frame, as rows to be read and lines to be seen.

Everything is measured between marks of the same nerve and the same side, in the plane of the image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    Answer,
    Ellipse,
    Point,
    Polygon,
    Quantity,
    Ruler,
    Zone,
    depth_fraction,
    direction_in_image,
    midpoint,
    perpendicular_end,
    shaft_to_course,
    shaft_to_line,
    tip_in_zone,
    tip_to_course,
    tip_to_safety_line,
    tip_to_target,
)
from fluoro_annotator.marks import Mark, Needle, NerveCourse, Target, TargetZone, ZoneForm
from fluoro_annotator.protocols import ANY_VIEW, Band, Measure, TipSide, Use
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.reference_lines import LineRole, PlacedLine, in_words

FENCE_PX = 14.0
"""Half the length of the strokes that show a depth band on its axis, in pixel widths."""

Bands = Callable[[str], Sequence[Band]]
"""Returns the acceptance bands of the plan for a nerve."""

Made = TypeVar("Made", bound=Mark)


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of the table of measures.

    Attributes
    ----------
    what : str
        What was measured.
    text : str
        The number with unit and interval, or why there is none.
    note : str
        Where the scale comes from, and what else to know.
    warning : bool
        Whether the row says that something is where it should not be.
    lines : tuple of DrawnLine
        The measure on the image.

    """

    what: str
    text: str
    note: str = ""
    warning: bool = False
    lines: tuple[DrawnLine, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedleMeasures:
    """What was measured at one needle."""

    mark_id: str
    label: str
    rows: tuple[Measured, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What needles of a frame are measured against.

    Attributes
    ----------
    marks : tuple of Mark
        The marks of the frame.
    lines : tuple of PlacedLine
        Endplates, axes and safety lines on it.
    ruler : Ruler
        Scale of the frame.
    orientation : tuple of str or None
        Patient Orientation of the image as stated.
    bands : callable
        Returns the acceptance bands of a nerve.
    views : frozenset of str
        Identifiers of the views that somebody says this frame shows.
    titles : mapping of str to str
        Names of views for the screen.

    """

    marks: tuple[Mark, ...]
    lines: tuple[PlacedLine, ...]
    ruler: Ruler
    orientation: tuple[str, ...] | None = None
    bands: Bands = lambda _nerve: ()
    views: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)

    def same_nerve(self, needle: Needle, kind: type[Made]) -> Iterator[Made]:
        """Yield the marks of a kind that are for the nerve and side of a needle."""
        for mark in self.marks:
            site = getattr(mark, "site", None)
            if isinstance(mark, kind) and site is not None and _same(site, needle.site):
                yield mark

    def of_role(self, needle: Needle, role: LineRole) -> Iterator[PlacedLine]:
        """Yield the lines of a role that a needle is measured against."""
        return (line for line in self.lines if line.kind.role is role and line.concerns(needle))


def _same(one: object, other: object) -> bool:
    return all(getattr(one, name, None) == getattr(other, name) for name in ("nerve", "side"))


def measure_needle(needle: Needle, scene: Scene) -> tuple[Measured, ...]:
    """Return everything that can be measured at a needle on its frame; what cannot be says why."""
    return tuple(row for measure in _MEASURES for row in measure(needle, scene))


# ---------------------------------------------------------------------- marks


def _to_target(needle: Needle, scene: Scene) -> Iterator[Measured]:
    for target in scene.same_nerve(needle, Target):
        found = tip_to_target(needle.tip, target.position, scene.ruler)
        row = _row(texts.TIP_TO_TARGET, found, lines=_measure_line(needle.tip, target.position, found.text))
        yield _judged(row, found, _bands(needle, scene, Measure.TIP_TO_TARGET), scene)


def _to_course(needle: Needle, scene: Scene) -> Iterator[Measured]:
    for course in scene.same_nerve(needle, NerveCourse):
        found = tip_to_course(needle.tip, course.vertices, scene.ruler)
        line = _measure_line(needle.tip, found.nearest, found.distance.text)
        row = _row(texts.TIP_TO_COURSE, found.distance, lines=line)
        yield _judged(row, found.distance, _bands(needle, scene, Measure.TIP_TO_COURSE), scene)
        angle = shaft_to_course(needle.path, course.vertices, scene.ruler)
        row = _row(texts.SHAFT_TO_COURSE, angle)
        yield _judged(row, angle, _bands(needle, scene, Measure.ANGLE_TO_COURSE), scene)


def _in_zone(needle: Needle, scene: Scene) -> Iterator[Measured]:
    for zone in scene.same_nerve(needle, TargetZone):
        try:
            found = tip_in_zone(needle.tip, _zone(zone), scene.ruler)
        except GeometryError as error:
            yield Measured(texts.TIP_IN_ZONE, str(error))
            continue
        answer = texts.IN_ZONE[found.inside]
        yield _row(texts.TIP_IN_ZONE, found.distance, answer, warning=found.inside is Answer.NO)


def _zone(mark: TargetZone) -> Zone:
    return Ellipse(mark.vertices) if mark.form is ZoneForm.ELLIPSE else Polygon(mark.vertices)


# ---------------------------------------------------------------------- lines


def _to_endplate(needle: Needle, scene: Scene) -> Iterator[Measured]:
    for line in scene.of_role(needle, LineRole.ENDPLATE):
        what = texts.SHAFT_TO_ENDPLATE.format(vertebra=line.vertebra)
        try:
            found = shaft_to_line(needle.path, (line.points[0], line.points[1]), scene.ruler)
        except GeometryError as error:
            yield Measured(what, str(error))
        else:
            yield _row(what, found)


def _depth(needle: Needle, scene: Scene) -> Iterator[Measured]:
    for line in scene.of_role(needle, LineRole.DEPTH):
        start, end = line.points
        what = line.kind.short_title
        try:
            found = depth_fraction(needle.tip, start, end, scene.ruler)
        except GeometryError as error:
            yield Measured(what, str(error))
            continue
        bands = [
            band
            for band in _bands(needle, scene, Measure.FRACTION_ALONG, any_use=True)
            if band.axis == line.kind.key
        ]
        first, last = line.kind.prompts
        note = texts.FRACTION_NOTE.format(first=first, last=last)
        row = _row(what, replace(found, note=note), lines=_fences(start, end, bands, scene.ruler))
        yield _judged(row, found, bands, scene, placed=True)


def _fences(start: Point, end: Point, bands: Sequence[Band], ruler: Ruler) -> tuple[DrawnLine, ...]:
    """Return strokes across an axis where the bands begin and end."""
    ends = sorted({at for band in bands for at in band.good})
    return tuple(
        DrawnLine(
            points=tuple(
                perpendicular_end(start, end, at, side * FENCE_PX, aspect=ruler.aspect) for side in (-1, 1)
            ),
            colour=styles.GREEN,
            text=texts.FENCE.format(at=at),
        )
        for at in ends
    )


def _to_safety(needle: Needle, scene: Scene) -> Iterator[Measured]:
    for line in scene.of_role(needle, LineRole.SAFETY):
        what = texts.TIP_TO_SAFETY.format(line=in_words(line.kind.title))
        try:
            safe = _safe_direction(line.kind.safe, needle.site.side, scene.orientation)
            if safe is None:
                yield Measured(what, texts.SAFE_SIDE_UNKNOWN, line.kind.rule)
                continue
            found = tip_to_safety_line(needle.tip, line.points, safe, scene.ruler)
        except GeometryError as error:
            yield Measured(what, str(error), line.kind.rule)
            continue
        row = _row(what, found.distance, texts.SAFE_SIDE[found.safe], warning=found.safe is Answer.NO)
        yield replace(row, note=f"{line.kind.rule}\n{row.note}")


def _safe_direction(
    safe: TipSide | None, side: Side, orientation: tuple[str, ...] | None
) -> tuple[int, int] | None:
    """Return where a tip may be; None if the file does not say, or it lies along the beam."""
    if safe is None or safe is TipSide.INSIDE or orientation is None:
        return None
    letter = {Side.LEFT: "L", Side.RIGHT: "R"}[side] if safe is TipSide.LATERAL else safe.value
    return direction_in_image(letter, orientation)


_MEASURES = (_to_target, _to_course, _in_zone, _to_safety, _depth, _to_endplate)


# ---------------------------------------------------------------------- rows


def _row(
    what: str,
    found: Quantity,
    answer: str = "",
    *,
    warning: bool = False,
    lines: tuple[DrawnLine, ...] = (),
) -> Measured:
    text = texts.ANSWERED.format(answer=answer, text=found.text) if answer else found.text
    scale = texts.SCALE_BY.format(source=found.calibration) if found.calibration else ""
    return Measured(what, text, "\n".join(filter(None, (scale, found.note))), warning, lines)


def _measure_line(tip: Point, end: Point, text: str) -> tuple[DrawnLine, ...]:
    """Return a dashed line with the number at its middle; nothing if it has no length."""
    if tip == end:
        return ()
    middle = midpoint(tip, end)
    return (
        DrawnLine(points=(middle, tip), colour=styles.WHITE, dashed=True, text=text),
        DrawnLine(points=(middle, end), colour=styles.WHITE, dashed=True),
    )


def _bands(needle: Needle, scene: Scene, measure: Measure, *, any_use: bool = False) -> list[Band]:
    return [
        band
        for band in scene.bands(needle.site.nerve)
        if band.measure is measure and (any_use or band.use is Use.ACCEPT)
    ]


def _judged(
    row: Measured, found: Quantity, bands: Sequence[Band], scene: Scene, *, placed: bool = False
) -> Measured:
    """Add what the plan says of a number: inside, outside, or that it cannot be told.

    A band holds in one view. It is not used on a frame of which nobody says that it shows that view,
    unless landmarks were placed for it.
    """
    for band in bands:
        elsewhere = not placed and band.view not in {ANY_VIEW, *scene.views}
        words = texts.BAND_ELSEWHERE if elsewhere else _answer(found, band)
        view = scene.titles.get(band.view, band.view)
        text = words.format(low=band.good[0], high=band.good[1], unit=texts.UNITS[band.unit], view=view)
        validated = "" if band.validated else texts.NOT_VALIDATED
        note = texts.BAND_NOTE.format(title=band.title, view=view, validated=validated)
        row = replace(row, text=f"{row.text}\n{text}", note="\n".join(filter(None, (row.note, note))))
    return row


def _answer(found: Quantity, band: Band) -> str:
    if band.unit.value != found.unit.value:
        return texts.BAND_UNIT
    return texts.IN_BAND[found.within(*band.good)]
