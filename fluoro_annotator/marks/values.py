"""Frozen values: every sort of record a reading can hold, and how one becomes another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

from fluoro_annotator.anatomy import Anatomy, Site
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.base import FrameRef, MarkConfidence, MarkKind, OnFrame, new_mark_id
from fluoro_annotator.marks.facts import Fact, Numbering, PlanChoice, SlotState, Submission, ViewAssignment
from fluoro_annotator.marks.fields import checked_member, checked_optional
from fluoro_annotator.marks.needle import Needle
from fluoro_annotator.marks.observations import EventMark, Landmark, LevelLabel, ViewJudgement
from fluoro_annotator.marks.own_scale import UserCalibration
from fluoro_annotator.marks.shapes import NerveCourse, TargetZone

__all__ = [
    "MARK_TYPES",
    "FrameRef",
    "LevelLabel",
    "Mark",
    "MarkKind",
    "Needle",
    "Record",
    "Target",
    "frame_of",
    "image_of",
    "inserted",
    "moved",
    "new_mark_id",
    "relabelled",
    "removed",
    "site_of",
    "vertebra_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(OnFrame):
    """The place at which a nerve has to be reached.

    Parameters
    ----------
    site : Site
        Nerve, vertebra, joints and side.
    position : Point
        ``(row, column)`` in pixels.
    confidence : MarkConfidence or None
        How sure the reader is of the place.

    """

    site: Site
    position: Point
    confidence: MarkConfidence | None = None

    kind: ClassVar[MarkKind] = MarkKind.TARGET
    single_points: ClassVar[tuple[str, ...]] = ("position",)
    required: ClassVar[tuple[str, ...]] = ("site",)
    optional: ClassVar[tuple[str, ...]] = ("confidence",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        kept = checked_optional(checked_member, "target", "confidence", self.confidence, MarkConfidence)
        self._keep(confidence=kept)

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark, for example "L3 medial branch, at L4, right"."""
        return anatomy.site_label(self.site)


Mark = Target | Needle | LevelLabel | NerveCourse | TargetZone | Landmark | EventMark | ViewJudgement
"""A record on one frame of one image."""

Record = Mark | PlanChoice | SlotState | Numbering | UserCalibration | ViewAssignment | Submission
"""Anything a reading holds."""

MARK_TYPES: dict[MarkKind, type[Record]] = {
    cls.kind: cls
    for cls in (
        Target,
        Needle,
        LevelLabel,
        NerveCourse,
        TargetZone,
        Landmark,
        EventMark,
        ViewJudgement,
        PlanChoice,
        SlotState,
        Numbering,
        UserCalibration,
        ViewAssignment,
        Submission,
    )
}


Moved = TypeVar("Moved", bound=Record)


def frame_of(record: Record) -> FrameRef | None:
    """Return the frame of a record, None for one that is on no frame."""
    return None if isinstance(record, Fact) else record.frame


def image_of(record: Record) -> str | None:
    """Return the SOP Instance UID of the image a record is about, None if it is about none."""
    if isinstance(record, UserCalibration | ViewAssignment):
        return record.sop_instance_uid
    frame = frame_of(record)
    return None if frame is None else frame.sop_instance_uid


def site_of(record: Record) -> Site | None:
    """Return nerve, vertebra, joints and side, None for a record that names no nerve."""
    site: Site | None = getattr(record, "site", None)
    return site


def vertebra_of(record: Record) -> str | None:
    """Return the vertebra a record names or whose nerve it is about, None if there is none."""
    site = site_of(record)
    return site.vertebra if site is not None else getattr(record, "vertebra", None)


def moved(mark: Moved, **points: Point) -> Moved:
    """Return the mark with some of its points elsewhere.

    Parameters
    ----------
    mark : Mark
        The mark to move.
    **points : Point
        New positions by point name (``position``; ``tip``, ``hub``, ``shaft_1``; ``vertex_1`` ...).

    Raises
    ------
    MarkError
        If the mark has no point of that name.

    """
    return replace(mark, **mark.with_points(points))


def inserted(mark: Moved, index: int, point: Point) -> Moved:
    """Return the mark with one more point in its list.

    Parameters
    ----------
    mark : Record
        A course, a polygon or a needle.
    index : int
        Place in the list, counted from 0, before which the point comes; its length for the end.
    point : Point
        ``(row, column)`` in pixels.

    Raises
    ------
    MarkError
        If the mark has no list, or no such place in it.

    """
    points = mark.listed
    if not mark.point_list or not 0 <= index <= len(points):
        raise MarkError(mark.kind.words, f"has no place for a point before number {index + 1}")
    changed: dict[str, Any] = {mark.point_list: (*points[:index], point, *points[index:])}
    return replace(mark, **changed)


def removed(mark: Moved, index: int) -> Moved:
    """Return the mark with one point less in its list.

    Raises
    ------
    MarkError
        If there is no such point, or too few would be left.

    """
    points = mark.listed
    if not 0 <= index < len(points):
        raise MarkError(mark.kind.words, f"has no point number {index + 1}")
    changed: dict[str, Any] = {mark.point_list: points[:index] + points[index + 1 :]}
    return replace(mark, **changed)


def relabelled(mark: Moved, *, site: Site | None = None, vertebra: str | None = None) -> Moved:
    """Return the mark with another name: a vertebra for level labels and landmarks, a site for others.

    Raises
    ------
    MarkError
        If the name is not of the sort that the mark carries.

    """
    if isinstance(mark, LevelLabel | Landmark):
        if vertebra is None or site is not None:
            raise MarkError(mark.kind.words, "takes a vertebra and nothing else")
        return replace(mark, vertebra=vertebra)
    if isinstance(mark, ViewJudgement | Fact):
        raise MarkError(mark.kind.words, "names no nerve and no vertebra")
    if site is None or vertebra is not None:
        raise MarkError(mark.kind.words, "takes a nerve with its side, not a vertebra alone")
    return replace(mark, site=site)
