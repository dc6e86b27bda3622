"""Frozen values: what a reader can mark on one frame of one image."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

from fluoro_annotator.anatomy import Anatomy, Site
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.fields import checked_count, checked_point, checked_text


class MarkKind(StrEnum):
    """The kinds of mark, as they are written to the store and to files."""

    TARGET = "target"
    NEEDLE = "needle"
    LEVEL_LABEL = "level_label"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnFrame:
    """What every mark has: an identity, a frame and points of finite floats."""

    frame: FrameRef
    mark_id: str = field(default_factory=new_mark_id)

    kind: ClassVar[MarkKind]
    point_names: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        checked_text(self.kind.value, "mark_id", self.mark_id)
        for name in self.point_names:
            object.__setattr__(self, name, checked_point(self.kind.value, name, getattr(self, name)))

    @property
    def points(self) -> tuple[Point, ...]:
        """The positions of the mark, in the order of ``point_names``."""
        return tuple(getattr(self, name) for name in self.point_names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(_OnFrame):
    """The place at which a nerve has to be reached.

    Attributes
    ----------
    site : Site
        Nerve, vertebra, joints and side.
    position : Point
        ``(row, column)`` in pixels.

    """

    site: Site
    position: Point

    kind: ClassVar[MarkKind] = MarkKind.TARGET
    point_names: ClassVar[tuple[str, ...]] = ("position",)

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark, for example "L3 medial branch, at L4, right"."""
        return anatomy.site_label(self.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle(_OnFrame):
    """A needle, marked tip first, meant for one nerve on one side.

    Attributes
    ----------
    site : Site
        Nerve, vertebra, joints and side that the needle is meant for.
    tip, hub : Point
        ``(row, column)`` in pixels; the two differ.

    """

    site: Site
    tip: Point
    hub: Point

    kind: ClassVar[MarkKind] = MarkKind.NEEDLE
    point_names: ClassVar[tuple[str, ...]] = ("tip", "hub")

    def __post_init__(self) -> None:
        _OnFrame.__post_init__(self)  # super() does not find the class that slots=True makes anew
        if self.tip == self.hub:
            raise MarkError(
                "needle", "has its tip and its hub in the same place", "Mark the tip, then the hub."
            )

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark."""
        return f"Needle, {anatomy.site_label(self.site)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLabel(_OnFrame):
    """The name of a vertebra, placed on its image.

    Attributes
    ----------
    vertebra : str
        Identifier of the vertebra, for example "L4".
    position : Point
        ``(row, column)`` in pixels.

    """

    vertebra: str
    position: Point

    kind: ClassVar[MarkKind] = MarkKind.LEVEL_LABEL
    point_names: ClassVar[tuple[str, ...]] = ("position",)

    def __post_init__(self) -> None:
        _OnFrame.__post_init__(self)
        checked_text("level label", "vertebra", self.vertebra)

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark, for example "L4 vertebra"."""
        return anatomy.vertebra(self.vertebra).name


Mark = Target | Needle | LevelLabel
MARK_TYPES: dict[MarkKind, type[Mark]] = {cls.kind: cls for cls in (Target, Needle, LevelLabel)}


def moved(mark: Mark, **points: Point) -> Mark:
    """Return the mark with some of its points elsewhere.

    Parameters
    ----------
    mark : Mark
        The mark to move.
    **points : Point
        New positions by point name (``position``, or ``tip`` and ``hub``).

    Raises
    ------
    MarkError
        If the mark has no point of that name.

    """
    for name in points:
        if name not in mark.point_names:
            raise MarkError(mark.kind.value, f"has no point called {name!r}")
    changed: dict[str, Any] = dict(points)
    return replace(mark, **changed)


def relabelled(mark: Mark, *, site: Site | None = None, vertebra: str | None = None) -> Mark:
    """Return the mark with another name: a site for targets and needles, a vertebra for level labels.

    Raises
    ------
    MarkError
        If the name is not of the sort that the mark carries.

    """
    if isinstance(mark, LevelLabel):
        if vertebra is None or site is not None:
            raise MarkError("level label", "takes a vertebra and nothing else")
        return replace(mark, vertebra=vertebra)
    if site is None or vertebra is not None:
        raise MarkError(mark.kind.value, "takes a nerve with its side, not a vertebra alone")
    return replace(mark, site=site)
