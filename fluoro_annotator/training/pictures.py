"""What is drawn on the image after an answer was committed: lines and places with their roles, as numbers.

Everything is in pixels of the frame, so that it lies on the bone however the picture is turned or mirrored. Nothing
here knows a window: a report can draw the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Protocol

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.geometry import Point, fraction_of, perpendicular_foot
from fluoro_annotator.marks import Landmark, Needle
from fluoro_annotator.training import sentences
from fluoro_annotator.training.exercises import (
    Exercise,
    ExerciseAnswer,
    JudgeNeedle,
    JudgeView,
    NamedAnswer,
    NameMarked,
    PlaceByName,
    PlacedAnswer,
    PlaceTarget,
)
from fluoro_annotator.training.ground import ENDPLATE, Ground
from fluoro_annotator.training.measured import BandState, LineResult, Measures, reference_measures
from fluoro_annotator.training.placing import PlaceCase
from fluoro_annotator.training.scoring import name_case, needle_case, place_case
from fluoro_annotator.training.zone_shapes import zone_shapes

BEYOND: Final = 0.5
"""By how much of its length a safety line is drawn beyond the mark that lies past its end."""


MOST_NAMED: Final = 2
"""Experts' marks beside which each expert is named; of more, whose marks lie close together, the legend says who."""


class Role(StrEnum):
    """What something on the picture is; each looks different."""

    BONE = "bone"
    """Outline of the vertebra that was asked for."""
    OTHER_BONE = "other_bone"
    """Outline of the vertebra that was hit or named instead."""
    MARGINAL = "marginal"
    """Outer limit of the zone."""
    GOOD = "good"
    """The zone."""
    AXIS = "axis"
    """A line of landmarks along which fractions are measured."""
    SAFETY = "safety"
    """A safety line."""
    SAFETY_BEYOND = "safety_beyond"
    """A safety line continued straight on beyond its landmarks, as it is measured."""
    COURSE = "course"
    """The course of the nerve."""
    DISTANCE = "distance"
    """From the mark to the reference."""
    OUTLIER = "outlier"
    """An expert's mark that was set aside."""
    REFERENCE = "reference"
    """An expert's mark."""
    MIDDLE = "middle"
    """The mean of several experts' marks."""
    ELSEWHERE = "elsewhere"
    """The reference of what was hit or named instead."""
    TRAIL = "trail"
    """The way that the trainee's mark has gone."""
    REPLAYED = "replayed"
    """The trainee's mark at a step that is shown again."""
    SHOWN = "shown"
    """What the question showed."""
    ANSWER = "answer"
    """The trainee's mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One line or place.

    Attributes
    ----------
    role : Role
        What it is.
    points : tuple of Point
        ``(row, column)`` in pixels of the frame: one for a place, several for a line.
    closed : bool
        Whether the last point is joined to the first.
    label : str
        What stands beside it; may be empty.
    meaning : str
        What it is in words, for the legend.

    """

    role: Role
    points: tuple[Point, ...]
    closed: bool = False
    label: str = ""
    meaning: str = ""

    @property
    def is_place(self) -> bool:
        """Whether it is a single point."""
        return len(self.points) == 1


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, and what could not be.

    Attributes
    ----------
    drawn : tuple of Drawn
        From the lowest to the uppermost.
    not_drawn : tuple of str
        What a person may look for and will not find, and why: a sentence each.

    """

    drawn: tuple[Drawn, ...] = ()
    not_drawn: tuple[str, ...] = ()

    def of(self, *roles: Role) -> tuple[Drawn, ...]:
        """Return what has one of some roles."""
        return tuple(one for one in self.drawn if one.role in roles)

    @property
    def legend(self) -> tuple[tuple[Role, str], ...]:
        """Each role with the meanings of what has it, in the order of `Role`; each meaning once."""
        found = ((role, dict.fromkeys(one.meaning for one in self.of(role) if one.meaning)) for role in Role)
        return tuple((role, "; ".join(meanings)) for role, meanings in found if meanings)


class BoneOutline(Protocol):
    """The outline of a vertebra on the frame of an exercise."""

    @property
    def vertebra(self) -> str:
        """For example ``"L4"``."""

    @property
    def points(self) -> tuple[Point, ...]:
        """Corners of a closed curve."""


def picture_of(
    exercise: Exercise,
    answer: ExerciseAnswer,
    *,
    outlines: Iterable[BoneOutline] = (),
    shown: Point | None = None,
) -> Picture:
    """Return what is drawn after an answer.

    Parameters
    ----------
    exercise : Exercise
        One of the five kinds.
    answer : ExerciseAnswer
        The answer that was committed.
    outlines : iterable of BoneOutline
        Outlines of vertebrae that are kept with the exercise.
    shown : Point, optional
        The place that was shown, where something marked was to be named.

    """
    maker: Callable[[Any, Any, Point | None], _Maker] = _MAKERS[type(exercise)]
    made = maker(exercise, answer, shown)
    made.draw_bones(tuple(outlines))
    order = tuple(Role)
    return Picture(
        tuple(sorted(made.drawn, key=lambda one: order.index(one.role))), tuple(dict.fromkeys(made.not_drawn))
    )


class _Maker:
    """Puts together the picture of one answer."""

    def __init__(self) -> None:
        self.drawn: list[Drawn] = []
        self.not_drawn: list[str] = []
        self.asked: str | None = None
        self.other: str | None = None

    def add(
        self, role: Role, points: Iterable[Point], label: str = "", meaning: str = "", *, closed: bool = False
    ) -> None:
        """Draw something."""
        self.drawn.append(Drawn(role=role, points=tuple(points), closed=closed, label=label, meaning=meaning))

    # ------------------------------------------------------------------ bones

    def draw_bones(self, outlines: tuple[BoneOutline, ...]) -> None:
        """Draw the outline of the vertebra asked for and of the one that was hit; of a view, all there are."""
        roles = {self.other: Role.OTHER_BONE, self.asked: Role.BONE}
        for outline in outlines:
            role = Role.BONE if self.asked is None else roles.get(outline.vertebra)
            if role is not None:
                meaning = f"outline of {outline.vertebra}"
                self.add(role, outline.points, outline.vertebra, meaning, closed=True)
        known = {outline.vertebra for outline in outlines}
        for vertebra in (self.asked, self.other):
            if vertebra is not None and vertebra not in known:
                self.not_drawn.append(f"Outline of {vertebra}: none is kept with this exercise.")

    # ------------------------------------------------------------------ references

    def draw_case(self, case: PlaceCase) -> None:
        """Draw the references of a case, its zone, its lines and what was hit instead."""
        ground, rival = case.ground, case.rival
        self.draw_references(ground)
        if rival is not None:
            self.draw_elsewhere(ground, (rival.nerve, rival.side), "reference of what was hit")
        measures = case.measures or reference_measures(ground)
        if measures is None:
            self.not_drawn.append("Zone and safety line: no reference has this mark on this frame.")
            return
        self._draw_zone(case)
        self._draw_lines(ground, measures, case)
        if ground.course is not None:
            self.add(Role.COURSE, ground.course.vertices, meaning="course of the nerve, as an expert drew it")

    def draw_elsewhere(self, ground: Ground, key: tuple[str, Any], meaning: str) -> None:
        """Draw where the references have another nerve or side."""
        place = ground.rivals.get(key)
        site = load_anatomy().site(*key)
        self.other = None if site.vertebra == ground.site.vertebra else site.vertebra
        if place is not None:
            label = sentences.label_of(site)
            self.add(Role.ELSEWHERE, (place,), label, f"{meaning}: {label}")

    def draw_references(self, ground: Ground) -> None:
        """Draw where the experts have what was asked for."""
        self.asked = ground.site.vertebra
        count = len(ground.kept)
        many = count > MOST_NAMED
        for reader, place in ground.kept.items():
            label = "" if many else reader
            self._draw_reference(ground, Role.REFERENCE, reader, place, (label, f"reference: {reader}"))
        for one in ground.outliers:
            meaning = f"set aside, {one.deviations:.1f} standard deviations away: {one.reader}"
            said = f"{one.reader}, set aside", meaning
            self._draw_reference(ground, Role.OUTLIER, one.reader, one.position, said)
        if len(ground.own) > 1 and ground.centre is not None:
            label = f"{count} experts" if many else ""
            self.add(Role.MIDDLE, (ground.centre,), label, f"mean of the {count} marks that count")

    def _draw_reference(
        self, ground: Ground, role: Role, reader: str, place: Point, said: tuple[str, str]
    ) -> None:
        self.add(role, (place,), *said)
        for needle in _needles(ground, reader, place):
            meaning = said[1]
            self.add(role, needle.path, meaning=meaning)

    # ------------------------------------------------------------------ zone and lines

    def _draw_zone(self, case: PlaceCase) -> None:
        shapes = zone_shapes(case)
        for shape in shapes:
            role = Role.GOOD if shape.state is BandState.GOOD else Role.MARGINAL
            said = "zone" if role is Role.GOOD else "marginal"
            self.add(role, shape.outline, meaning=f"{said}: {shape.title}", closed=True)
        if not shapes:
            measures = case.measures or reference_measures(case.ground)
            reasons = {one.reason for one in measures.bands if one.reason} if measures else set()
            why = "; ".join(sorted(reasons)) or "the protocol has no limit for this place and view"
            self.not_drawn.append(f"Zone: {why}.")

    def _draw_lines(self, ground: Ground, measures: Measures, case: PlaceCase) -> None:
        for one in measures.bands:
            axis = one.band.axis and ground.protocol.construction(one.band.axis)
            ends = ground.line(axis.landmarks) if axis else None
            if axis and ends is not None:
                self.add(Role.AXIS, ends, meaning=axis.title)
        for result in measures.lines:
            self._draw_line(ground, result, case)
        if not measures.lines:
            self.not_drawn.append("Safety line: the protocol has none for this nerve in this view.")

    def _draw_line(self, ground: Ground, result: LineResult, case: PlaceCase) -> None:
        line, ends = result.line, ground.line(result.line.landmarks)
        if ends is None:
            self.not_drawn.append(f"{line.title}: {result.reason}.")
            return
        unsure = f" (not measured: {result.reason})" if result.reason else ""
        self.add(Role.SAFETY, ends, "safety line", f"safety line: {sentences.in_words(line.title)}{unsure}")
        if case.probe is not None and result.measured is not None and result.measured.beyond_end:
            self.add(Role.SAFETY_BEYOND, _beyond(case.probe.tip, ends, ground), meaning="the same, continued")

    # ------------------------------------------------------------------ the answer

    def draw_needle(self, role: Role, needle: Needle, label: str, meaning: str) -> None:
        """Draw a needle: its tip with a name, and its shaft."""
        self.add(role, (needle.tip,), label, meaning)
        self.add(role, needle.path, meaning=meaning)

    def draw_distance(self, case: PlaceCase) -> None:
        """Draw the line from the mark to the reference, with its length where that says something."""
        if case.probe is None or case.measures is None or case.ground.centre is None:
            return
        measures, ends = case.measures, (case.probe.tip, case.ground.centre)
        if case.is_elsewhere:
            self.add(Role.DISTANCE, ends, "", sentences.NO_DISTANCE)
        else:
            self.add(Role.DISTANCE, ends, sentences.how_far(measures), sentences.distance_words(measures))


def _needles(ground: Ground, reader: str, place: Point) -> Iterator[Needle]:
    """Yield the needle of an expert whose tip is a reference."""
    if not ground.against_needles:
        return
    for expert in ground.experts:
        if expert.reader == reader:
            yield from (one for one in expert.on(ground.frame, Needle) if one.tip == place)


def _beyond(tip: Point, ends: tuple[Point, ...], ground: Ground) -> tuple[Point, Point]:
    """Return the straight continuation of a line as far as a mark that lies past its end, and a little further."""
    aspect = ground.image.ruler.aspect
    pairs = ((ends[1], ends[0]), (ends[-2], ends[-1]))
    before, end = max(pairs, key=lambda pair: fraction_of(tip, *pair, aspect=aspect))
    foot = perpendicular_foot(tip, before, end, aspect=aspect)
    step = (end.row - before.row) * BEYOND, (end.column - before.column) * BEYOND
    return end, Point(foot.row + step[0], foot.column + step[1])


def _placed(exercise: PlaceTarget, answer: PlacedAnswer, _shown: Point | None) -> _Maker:
    made, case = _Maker(), place_case(exercise, answer)
    made.draw_case(case)
    mark = answer.mark
    if mark is None:
        return made
    if case.elsewhere:
        made.not_drawn.append("Your mark: it is on another frame or image.")
    elif isinstance(mark, Needle):
        made.draw_needle(Role.ANSWER, mark, "your needle", "your needle")
    else:
        made.add(Role.ANSWER, (mark.position,), "your mark", "your mark")
    made.draw_distance(case)
    return made


def _named(exercise: NameMarked, answer: NamedAnswer, shown: Point | None) -> _Maker:
    """Draw the references alone: nothing was placed, so that no zone was used."""
    made, ground = _Maker(), name_case(exercise).ground
    if shown is not None:
        ground = replace(ground, near=shown)
        made.add(Role.SHOWN, (shown,), sentences.label_of(exercise.site), "what was to be named")
    made.draw_references(ground)
    side = answer.side or exercise.site.side
    named = answer.nerve
    if named is not None and named in exercise.setting.protocol.nerves:
        if (named, side) != (exercise.site.nerve, exercise.site.side):
            made.draw_elsewhere(ground, (named, side), "what you named")
    elif answer.vertebra not in {None, exercise.site.vertebra}:
        made.other = answer.vertebra
    return made


def _view(exercise: JudgeView, _answer: Any, _shown: Point | None) -> _Maker:
    """Draw the endplates that the references placed: whether they are one line is part of the question."""
    made, frame = _Maker(), exercise.setting.frame
    for expert in exercise.setting.references:
        marks = [one for one in expert.on(frame, Landmark) if one.name in ENDPLATE]
        for vertebra in dict.fromkeys(one.vertebra for one in marks):
            ends = {one.name: one.position for one in marks if one.vertebra == vertebra}
            if len(ends) == len(ENDPLATE):
                label = f"superior endplate of {vertebra}"
                made.add(Role.AXIS, [ends[name] for name in ENDPLATE], label, f"{label}: {expert.reader}")
    if not made.drawn:
        made.not_drawn.append(
            "A judgement of a view has no place on the image; what to look for is said beside it."
        )
    return made


def _judged(exercise: JudgeNeedle, _answer: Any, _shown: Point | None) -> _Maker:
    made, case = _Maker(), needle_case(exercise)
    made.draw_case(case)
    made.draw_needle(Role.SHOWN, exercise.needle, "needle shown", "the needle that was to be judged")
    made.draw_distance(case)
    return made


_MAKERS: Final[dict[type, Callable[[Any, Any, Point | None], _Maker]]] = {
    PlaceTarget: _placed,
    PlaceByName: _placed,
    NameMarked: _named,
    JudgeView: _view,
    JudgeNeedle: _judged,
}
"""What draws each kind of exercise."""
