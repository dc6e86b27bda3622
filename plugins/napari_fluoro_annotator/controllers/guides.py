"""Where a mark of one view can lie in another: bands, and marks that cannot be one thing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from textwrap import fill
from typing import NamedTuple

from fluoro_annotator.dicom import AcquisitionGeometry, Image
from fluoro_annotator.geometry import Answer, Point
from fluoro_annotator.geometry.bands import EpipolarBand
from fluoro_annotator.geometry.epipolar import NoBand, Tie
from fluoro_annotator.geometry.view_geometry import ViewGeometry
from fluoro_annotator.marks import FrameRef, Landmark, LevelLabel, Mark, MarkKind, Needle, Target
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.wording import stack_of
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.projections import (
    band_between,
    correspondence,
    direction_words,
    obstacle,
    place_of,
    view_geometry,
)
from napari_fluoro_annotator.studies import view_number
from napari_fluoro_annotator.wiring import Wires, Wiring

LINE_LETTERS = 32
"""Letters in a line of the text beside a band."""


class Guide(NamedTuple):
    """What another view says of the selected mark.

    Attributes
    ----------
    line : DrawnLine or None
        The outline of the band.
    text : str
        What it means and what it assumes, or why there is none; empty if there is nothing to say.

    """

    line: DrawnLine | None = None
    text: str = ""


NOTHING = Guide()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two marks that carry one name and cannot be one thing.

    Attributes
    ----------
    mark_ids : tuple of (str, str)
        The marks.
    text : str
        What contradicts what, and what to check.

    """

    mark_ids: tuple[str, str]
    text: str


class _Place(NamedTuple):
    """A frame, and how it was projected."""

    image: Image
    stated: AcquisitionGeometry
    geometry: ViewGeometry


TieMarks = Mapping[Hashable, Mark]


class Guides:
    """Compares the marks of a reading from view to view.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Knows where a mark is that is dragged; draws the bands.

    Attributes
    ----------
    shown : bool
        Whether bands are drawn.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer) -> None:
        self._desk, self._pointer = desk, pointer
        self.shown = True
        self._tie_marks: dict[FrameRef, TieMarks] = {}
        self._wiring = Wiring(self._wires())
        pointer.add_backdrop(self.lines)

    def _wires(self) -> Wires:
        return (self._desk.marks_changed, self._forget), (self._desk.reading_changed, self._forget)

    def close(self) -> None:
        """Let go of the desk; may be called more than once."""
        self._wiring.close()

    def _forget(self, changes: object = None) -> None:  # noqa: ARG002 - everything is found anew
        self._tie_marks.clear()

    # ------------------------------------------------------------------ bands

    def lines(self, frame: FrameRef) -> Sequence[DrawnLine]:
        """Return the band of the selected mark on a frame of another view, if there is one."""
        line = self.guide(frame).line
        return () if line is None else (line,)

    def guide(self, frame: FrameRef) -> Guide:
        """Return what a frame says of the selected mark, which is on another view."""
        mark = self._selected()
        point = None if mark is None else compared_point(mark)
        if mark is None or point is None or mark.frame.sop_instance_uid == frame.sop_instance_uid:
            return NOTHING
        first, second = self._place(mark.frame), self._place(frame)
        if first is None or second is None:
            return NOTHING
        problem = obstacle(first.stated, second.stated)
        if problem:
            return _no_band(NoBand(problem), second)
        tied = self._ties(mark.frame, frame, without=tie_key(mark))
        band = band_between(point, first.geometry, second.geometry, tuple(tie for _, tie in tied))
        if isinstance(band, NoBand):
            return _no_band(band, second)
        return self._band(mark, band, [label for label, _ in tied])

    def _selected(self) -> Mark | None:
        """Return the selected mark, where it would go now if it is dragged."""
        session = self._desk.session
        if not self.shown or session is None or session.selected is None:
            return None
        frame = getattr(session.find(session.selected), "frame", None)
        shown = () if frame is None else self._pointer.marks_shown(frame)
        return next((mark for mark in shown if mark.mark_id == session.selected), None)

    def _band(self, mark: Mark, band: EpipolarBand, ties: Sequence[str]) -> Guide:
        name = self._name(mark)
        assumed = texts.plural(len(ties), texts.IF_TIE, texts.IF_TIES) if ties else texts.IF_STILL
        text = texts.GUIDE.format(width=band.half_width_px, assumed=assumed)
        if ties:
            text += " " + texts.TIED_BY.format(ties="; ".join(ties))
        if not band.polygon:
            return Guide(None, f"{text} {texts.BESIDE}")
        line = DrawnLine(
            points=from_the_left(band.polygon),
            colour=styles.style_of(mark.kind).colour,
            closed=True,
            dashed=True,
            text=f"{name}:\n" + fill(texts.GUIDE_LINE.format(assumed=assumed), LINE_LETTERS),
        )
        return Guide(line, text)

    def _name(self, mark: Mark) -> str:
        session = self._desk.session
        label = "" if session is None else session.label(mark)
        pattern = _NAMES.get(mark.kind, "{label}")
        return pattern.format(label=label)

    def _place(self, frame: FrameRef) -> _Place | None:
        found = place_of(frame, self._desk.binding.stacks)
        if found is None:
            return None
        image, index = found
        return _Place(image, image.geometry_at(index), view_geometry(image, index))

    # ------------------------------------------------------------------ ties

    def _ties(self, first: FrameRef, second: FrameRef, *, without: Hashable) -> list[tuple[str, Tie]]:
        """Return what was marked in both views, with its name; not the mark that is in question."""
        session = self._desk.session
        if session is None:
            return []
        one, other = self._tie_marks_of(first), self._tie_marks_of(second)
        keys = [key for key in one if key in other and key != without]
        return [(session.label(one[key]), Tie(one[key].points[0], other[key].points[0])) for key in keys]

    def _tie_marks_of(self, frame: FrameRef) -> TieMarks:
        if frame not in self._tie_marks:
            self._tie_marks[frame] = self._found_tie_marks(frame)
        return self._tie_marks[frame]

    def _found_tie_marks(self, frame: FrameRef) -> TieMarks:
        """Return the marks that can tie a frame: on it, or on a frame of its image that was taken alike."""
        place, session = self._place(frame), self._desk.session
        if place is None or session is None:
            return {}
        nearest: dict[Hashable, tuple[int, list[Mark]]] = {}
        for mark in (*session.records_of(MarkKind.TARGET), *session.records_of(MarkKind.LANDMARK)):
            if not isinstance(mark, Target | Landmark) or not _alike(mark.frame, frame, place):
                continue
            away = abs(mark.frame.frame_number - frame.frame_number)
            best, marks = nearest.get(tie_key(mark), (away, []))
            if away < best:
                best, marks = away, []
            nearest[tie_key(mark)] = (best, [*marks, mark] if away == best else marks)
        return {key: marks[0] for key, (_, marks) in nearest.items() if len(marks) == 1}

    # ------------------------------------------------------------------ marks that cannot be one thing

    def conflicts(self, shown: Iterable[FrameRef] = ()) -> tuple[Conflict, ...]:
        """Return pairs of needle marks of one needle, or of one nerve and side, that cannot be one needle.

        Of each image counts the mark on a frame that is shown, otherwise that on the last frame.

        Parameters
        ----------
        shown : iterable of FrameRef
            The frames on the screen.

        """
        seen, on_screen = set[tuple[str, str]](), set(shown)
        found = []
        for group in self._needle_groups():
            for one, other in combinations(_one_of_each_image(group, on_screen), 2):
                if (one.mark_id, other.mark_id) not in seen:
                    seen.add((one.mark_id, other.mark_id))
                    found.append(self._conflict(one, other))
        return tuple(conflict for conflict in found if conflict is not None)

    def _needle_groups(self) -> list[list[Needle]]:
        groups: dict[Hashable, list[Needle]] = {}
        session = self._desk.session
        for needle in () if session is None else session.records_of(MarkKind.NEEDLE):
            if isinstance(needle, Needle):
                groups.setdefault(("needle", needle.needle_id), []).append(needle)
                groups.setdefault(("site", needle.site.nerve, needle.site.side), []).append(needle)
        return list(groups.values())

    def _conflict(self, one: Needle, other: Needle) -> Conflict | None:
        first, second = self._place(one.frame), self._place(other.frame)
        if first is None or second is None or obstacle(first.stated, second.stated):
            return None
        ties = tuple(tie for _, tie in self._ties(one.frame, other.frame, without=None))
        found = correspondence((one.tip, other.tip), first.geometry, second.geometry, ties)
        if found.answer is not Answer.NO:
            return None
        text = texts.CONFLICT.format(
            label=self._name(one), first=self._where(one), second=self._where(other), reason=found.reason
        )
        return Conflict((one.mark_id, other.mark_id), text)

    def _where(self, mark: Mark) -> str:
        stack = stack_of(mark, self._desk.binding.stacks)
        view = texts.NOT_OPEN if stack is None else view_number(stack)
        return texts.VIEW_AND_FRAME.format(view=view, number=mark.frame.frame_number)


_NAMES: Mapping[MarkKind, str] = {
    MarkKind.NEEDLE: texts.TIP_OF,
    MarkKind.LEVEL_LABEL: texts.PLACE_OF_LABEL,
}


def compared_point(mark: Mark) -> Point | None:
    """Return the point of a mark that can be looked for in another view: the tip of a needle, a place."""
    if isinstance(mark, Needle):
        return mark.tip
    return mark.position if isinstance(mark, Target | LevelLabel | Landmark) else None


def tie_key(mark: Mark) -> Hashable:
    """Return what makes marks in two views the same point of the body, None where a mark is not one point.

    A label of a vertebra is none: it is put anywhere on it.
    """
    if isinstance(mark, Target):
        return mark.kind, mark.site.nerve, mark.site.side
    if isinstance(mark, Landmark):
        return mark.kind, mark.name, mark.vertebra, mark.side
    return None


def _no_band(why: NoBand, second: _Place) -> Guide:
    parts = [texts.NO_GUIDE.format(reason=why.reason), why.remedy]
    if why.direction is not None:
        words = direction_words(why.direction, second.stated)
        parts.append(texts.WOULD_RUN.format(direction=words) if words else "")
    return Guide(None, " ".join(part for part in parts if part))


def from_the_left(outline: Sequence[Point]) -> tuple[Point, ...]:
    """Return an outline that begins with its leftmost corner, beside which its text stands."""
    start = min(range(len(outline)), key=lambda place: (outline[place].column, outline[place].row))
    return (*outline[start:], *outline[:start])


def _alike(marked: FrameRef, frame: FrameRef, place: _Place) -> bool:
    """Whether two frames belong to one image and C-arm and table stood alike."""
    if marked.sop_instance_uid != frame.sop_instance_uid:
        return False
    return place.image.geometry_at(marked.frame_number - 1) == place.stated


def _one_of_each_image(needles: Iterable[Needle], shown: set[FrameRef]) -> list[Needle]:
    """Return the needle that counts of each image."""
    chosen: dict[str, Needle] = {}
    for needle in needles:
        before = chosen.get(needle.frame.sop_instance_uid)
        if before is None or _rank(needle, shown) >= _rank(before, shown):
            chosen[needle.frame.sop_instance_uid] = needle
    return list(chosen.values())


def _rank(needle: Needle, shown: set[FrameRef]) -> tuple[bool, int]:
    return needle.frame in shown, needle.frame.frame_number
