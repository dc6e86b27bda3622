"""Marks with a course or an outline: the course of a nerve, and the zone to be reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, ClassVar

from fluoro_annotator.anatomy import Anatomy, Site
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.base import MarkConfidence, MarkKind, OnFrame
from fluoro_annotator.marks.fields import checked_member, checked_optional

AXIS_ENDS = 4
AXIS_TOLERANCE = 1e-3
"""How far the axes of an ellipse may be from bisecting each other at right angles, in their own length."""


class ZoneForm(StrEnum):
    """How the vertices of a zone are to be read."""

    POLYGON = "polygon"
    ELLIPSE = "ellipse"


@dataclass(frozen=True, slots=True, kw_only=True)
class NerveCourse(OnFrame):
    """Where a nerve runs, as a line of straight pieces.

    Parameters
    ----------
    site : Site
        Nerve, vertebra, joints and side.
    vertices : tuple of Point
        At least two points, ``(row, column)`` in pixels; neighbours differ.
    confidence : MarkConfidence or None
        How sure the reader is.

    Raises
    ------
    MarkError
        If there are fewer than two points or two neighbours coincide.

    """

    site: Site
    vertices: tuple[Point, ...]
    confidence: MarkConfidence | None = None

    kind: ClassVar[MarkKind] = MarkKind.NERVE_COURSE
    point_list: ClassVar[str] = "vertices"
    least_listed: ClassVar[int] = 2
    required: ClassVar[tuple[str, ...]] = ("site",)
    optional: ClassVar[tuple[str, ...]] = ("confidence",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        _check_neighbours(self.kind.words, self.vertices)
        self._keep(confidence=_confidence(self.kind.words, self.confidence))

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark."""
        return f"Course, {anatomy.site_label(self.site)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetZone(OnFrame):
    """The area within which a nerve is reached.

    Parameters
    ----------
    site : Site
        Nerve, vertebra, joints and side.
    form : ZoneForm
        Polygon or ellipse.
    vertices : tuple of Point
        Corners of the polygon, at least three; or both ends of one axis of the ellipse, then both of
        the other (as DICOM PS3.3 C.18.6.1.2 writes an ELLIPSE, there the longer axis first).
    confidence : MarkConfidence or None
        How sure the reader is.

    Raises
    ------
    MarkError
        If the vertices do not make a polygon or an ellipse.

    """

    site: Site
    form: ZoneForm
    vertices: tuple[Point, ...]
    confidence: MarkConfidence | None = None

    kind: ClassVar[MarkKind] = MarkKind.TARGET_ZONE
    point_list: ClassVar[str] = "vertices"
    least_listed: ClassVar[int] = 3
    required: ClassVar[tuple[str, ...]] = ("site", "form")
    optional: ClassVar[tuple[str, ...]] = ("confidence",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        subject = self.kind.words
        form = checked_member(subject, "form", self.form, ZoneForm)
        self._keep(form=form, confidence=_confidence(subject, self.confidence))
        if form is ZoneForm.ELLIPSE:
            _check_axes(subject, self.vertices)
        else:
            _check_neighbours(subject, (*self.vertices, self.vertices[0]))

    def with_points(self, points: Mapping[str, Point]) -> dict[str, Any]:
        """Return the fields that change; an ellipse of which one axis end is moved stays an ellipse."""
        changed = OnFrame.with_points(self, points)
        if self.form is ZoneForm.ELLIPSE and len(points) == 1:
            index = self.point_names.index(next(iter(points)))
            changed["vertices"] = ellipse_dragged(self.vertices, index, next(iter(points.values())))
        return changed

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark."""
        return f"Zone, {anatomy.site_label(self.site)}"


def ellipse_dragged(vertices: tuple[Point, ...], index: int, place: Point) -> tuple[Point, ...]:
    """Return the axis ends of an ellipse after one of them was dragged.

    The centre and the length of the other axis stay; the opposite end mirrors the dragged one, and the
    other axis turns with it.

    Parameters
    ----------
    vertices : tuple of Point
        Both ends of one axis, then both of the other.
    index : int
        Which end is dragged.
    place : Point
        Where it goes, another place than the centre.

    """
    row, column = _middle(vertices[0], vertices[1])
    down, right = place[0] - row, place[1] - column
    length = math.hypot(down, right)
    if not (math.isfinite(length) and length > 0):
        raise MarkError("target zone", "cannot be drawn: an axis has no length", "Drag the end elsewhere.")
    first = index % 2
    other = vertices[2:] if index < 2 else vertices[:2]  # noqa: PLR2004 - two ends an axis
    half = other[0].distance(other[1]) / 2 / length
    axis = (Point(row + down, column + right), Point(row - down, column - right))
    turned = (
        Point(row - right * half, column + down * half),
        Point(row + right * half, column - down * half),
    )
    if math.dist(turned[0], other[0]) > math.dist(turned[1], other[0]):
        turned = turned[::-1]
    axis = axis if first == 0 else axis[::-1]
    return (*axis, *turned) if index < 2 else (*turned, *axis)  # noqa: PLR2004 - two ends an axis


def _middle(first: Point, second: Point) -> Point:
    return Point((first.row + second.row) / 2, (first.column + second.column) / 2)


def _check_neighbours(subject: str, points: tuple[Point, ...]) -> None:
    if any(first == second for first, second in pairwise(points)):
        raise MarkError(subject, "has two neighbouring points in one place", "Leave one of them out.")


def _check_axes(subject: str, ends: tuple[Point, ...]) -> None:
    if len(ends) != AXIS_ENDS:
        raise MarkError(subject, f"is an ellipse with {len(ends)} points instead of {AXIS_ENDS} axis ends")
    lengths = ends[0].distance(ends[1]), ends[2].distance(ends[3])
    if min(lengths) <= 0:
        raise MarkError(subject, "is an ellipse with an axis without length")
    apart = _middle(ends[0], ends[1]).distance(_middle(ends[2], ends[3]))
    product = (ends[1].row - ends[0].row) * (ends[3].row - ends[2].row)
    product += (ends[1].column - ends[0].column) * (ends[3].column - ends[2].column)
    skew = abs(product) / lengths[0] / lengths[1]
    if not (apart <= AXIS_TOLERANCE * max(lengths) and skew <= AXIS_TOLERANCE):
        raise MarkError(subject, "is an ellipse whose axes do not bisect each other at right angles")


def _confidence(subject: str, value: MarkConfidence | None) -> MarkConfidence | None:
    return checked_optional(checked_member, subject, "confidence", value, MarkConfidence)
