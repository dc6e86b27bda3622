"""What every record of a reading has: a kind, an identity and, for most, a frame and points."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.fields import checked_count, checked_point, checked_points, checked_text


class MarkKind(StrEnum):
    """The kinds of record, as they are written to the store and to files."""

    TARGET = "target"
    NEEDLE = "needle"
    LEVEL_LABEL = "level_label"
    NERVE_COURSE = "nerve_course"
    TARGET_ZONE = "target_zone"
    LANDMARK = "landmark"
    EVENT = "event"
    VIEW_JUDGEMENT = "view_judgement"
    PLAN_CHOICE = "plan_choice"
    SLOT_STATE = "slot_state"
    NUMBERING = "numbering"
    USER_CALIBRATION = "user_calibration"
    VIEW_ASSIGNMENT = "view_assignment"
    SUBMISSION = "submission"

    @property
    def words(self) -> str:
        """The kind for the screen, for example "level label"."""
        return self.value.replace("_", " ")


class MarkConfidence(StrEnum):
    """How sure the reader is of a place."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    UNSURE = "unsure"


def new_mark_id() -> str:
    """Return an identifier for a new mark that no other mark anywhere has."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class FrameRef:
    """One frame of one image, independent of file names and slider positions.

    Parameters
    ----------
    sop_instance_uid : str
        SOP Instance UID of the image.
    frame_number : int
        DICOM frame number, counted from 1.

    Raises
    ------
    MarkError
        If the UID is empty or the frame number is not a whole number of at least 1.

    """

    sop_instance_uid: str
    frame_number: int

    def __post_init__(self) -> None:
        checked_text("frame", "sop_instance_uid", self.sop_instance_uid)
        object.__setattr__(self, "frame_number", checked_count("frame", "frame_number", self.frame_number))


class WithPoints:
    """Points of a record: some with a name of their own, some in a list.

    Class attributes
    ----------------
    single_points : tuple of str
        Fields that hold one point, or None where the point may be missing.
    point_list : str
        Field that holds a tuple of points; empty if there is none.
    list_name : str
        What one point of the list is called; "vertex" makes "vertex_1", "vertex_2" ...
    least_listed : int
        How many points the list has at least.

    """

    __slots__ = ()

    kind: ClassVar[MarkKind]
    single_points: ClassVar[tuple[str, ...]] = ()
    point_list: ClassVar[str] = ""
    list_name: ClassVar[str] = "vertex"
    least_listed: ClassVar[int] = 0

    def _check_points(self) -> None:
        for name in self.single_points:
            value = getattr(self, name)
            if value is not None or not self._may_lack(name):
                object.__setattr__(self, name, checked_point(self.kind.words, name, value))
        if self.point_list:
            values = getattr(self, self.point_list)
            kept = checked_points(self.kind.words, self.point_list, values, least=self.least_listed)
            object.__setattr__(self, self.point_list, kept)

    def _may_lack(self, name: str) -> bool:  # noqa: ARG002 - for those that override it
        return False

    @property
    def listed(self) -> tuple[Point, ...]:
        """The points of the list, nothing for a record that has no list."""
        return getattr(self, self.point_list) if self.point_list else ()

    @property
    def point_names(self) -> tuple[str, ...]:
        """Names of the points: those with a name of their own, then "vertex_1", "vertex_2" ..."""
        single = tuple(name for name in self.single_points if getattr(self, name) is not None)
        return single + tuple(f"{self.list_name}_{number}" for number in range(1, len(self.listed) + 1))

    @property
    def points(self) -> tuple[Point, ...]:
        """The positions, ``(row, column)`` in pixels, in the order of ``point_names``."""
        single = (getattr(self, name) for name in self.single_points)
        return (*(point for point in single if point is not None), *self.listed)

    def point(self, name: str) -> Point:
        """Return the point of a name.

        Raises
        ------
        MarkError
            If there is no point of that name.

        """
        try:
            return self.points[self.point_names.index(name)]
        except ValueError:
            raise MarkError(self.kind.words, f"has no point called {name!r}") from None

    def with_points(self, points: Mapping[str, Point]) -> dict[str, Any]:
        """Return the fields that change when some points are elsewhere.

        Raises
        ------
        MarkError
            If there is no point of a name.

        """
        for name in points:
            if name not in self.point_names and name not in self.single_points:
                raise MarkError(self.kind.words, f"has no point called {name!r}")
        changed: dict[str, Any] = {name: points[name] for name in self.single_points if name in points}
        if len(changed) < len(points):
            names = (f"{self.list_name}_{number}" for number in range(1, len(self.listed) + 1))
            listed = tuple(points.get(name, old) for name, old in zip(names, self.listed, strict=True))
            changed[self.point_list] = listed
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFrame(WithPoints):
    """A record on one frame, with an identity of its own.

    Class attributes
    ----------------
    required, optional : tuple of str
        Fields, besides identity, frame and points, that are always written, and those that
        are written only where they differ from their default, so that what was written
        before they existed keeps its hash.

    """

    frame: FrameRef
    mark_id: str = field(default_factory=new_mark_id)

    required: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        checked_text(self.kind.words, "mark_id", self.mark_id)
        self._check_points()

    def _keep(self, **values: Any) -> None:
        """Set fields to the form in which they are kept."""
        for name, value in values.items():
            object.__setattr__(self, name, value)
