"""Placing marks of several presses: the course of a nerve, a zone, an ellipse; and landmarks."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field

from fluoro_annotator.anatomy import Anatomy, Side, Site
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, Landmark, Mark, NerveCourse, TargetZone, ZoneForm
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.placing import NotReady

APART = 0.5
"""Two presses nearer than this, in pixels, are one place: a double click that came by habit."""

AXIS_ENDS = 2


@dataclass
class ShapeTool:
    """The presses of a mark that is not complete, for one nerve on one side.

    Parameters
    ----------
    site : Site
        The nerve it is for.
    name : str
        The nerve in words, for the hint.

    """

    site: Site
    name: str
    _frame: FrameRef | None = field(default=None, init=False)
    _points: list[Point] = field(default_factory=list, init=False)

    @abstractmethod
    def hint(self) -> str:
        """Return what to do next."""

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; raises `NotReady` if it is where the last one was, or on another frame."""
        self._check(frame, point)
        self._frame = frame
        self._points.append(point)
        return None

    def finish(self) -> Mark | None:
        """Return the mark; raises `NotReady` if it needs more presses."""
        raise NotReady(self.hint())

    def step_back(self) -> bool:
        """Forget the last press; return whether there was one."""
        known = bool(self._points)
        self._points = self._points[:-1]
        self._frame = self._frame if self._points else None
        return known

    def leave_for(self, frame: FrameRef) -> bool:
        """Forget presses on another frame; return whether there were some."""
        if self._frame is None or self._frame == frame:
            return False
        self.clear()
        return True

    def waiting_on(self, frame: FrameRef) -> tuple[Point, ...]:
        """Return the presses on this frame."""
        return tuple(self._points) if self._frame == frame else ()

    def clear(self) -> None:
        """Forget all presses."""
        self._frame, self._points = None, []

    def _check(self, frame: FrameRef, point: Point) -> None:
        if self.leave_for(frame):
            raise NotReady(texts.SHAPE_OTHER_FRAME)
        if self._points and self._points[-1].distance(point) < APART:
            raise NotReady(f"{texts.SAME_PLACE} {self.hint()}")


@dataclass
class CourseTool(ShapeTool):
    """As many presses as the course of a nerve needs, at least two."""

    def hint(self) -> str:
        """Return what to do next."""
        text = texts.HINT_COURSE_END if len(self._points) > 1 else texts.HINT_COURSE
        return text.format(label=self.name)

    def finish(self) -> Mark | None:
        """Return the course; raises `NotReady` if it has fewer than two points."""
        if self._frame is None or len(self._points) < NerveCourse.least_listed:
            raise NotReady(self.hint())
        return NerveCourse(frame=self._frame, site=self.site, vertices=tuple(self._points))


@dataclass
class PolygonTool(ShapeTool):
    """As many presses as a zone has corners, at least three."""

    def hint(self) -> str:
        """Return what to do next."""
        enough = len(self._points) >= TargetZone.least_listed
        return (texts.HINT_ZONE_END if enough else texts.HINT_ZONE).format(label=self.name)

    def finish(self) -> Mark | None:
        """Return the zone; raises `NotReady` if it has fewer than three corners."""
        if self._frame is None or len(self._points) < TargetZone.least_listed:
            raise NotReady(self.hint())
        corners = self._points
        if corners[0].distance(corners[-1]) < APART:
            corners = corners[:-1]  # closed by a press on its first corner
        if len(corners) < TargetZone.least_listed:
            raise NotReady(self.hint())
        return TargetZone(frame=self._frame, site=self.site, form=ZoneForm.POLYGON, vertices=tuple(corners))


@dataclass
class EllipseTool(ShapeTool):
    """Two presses for both ends of an axis of an ellipse, and one for its width."""

    def hint(self) -> str:
        """Return what to do next."""
        steps = (texts.HINT_ELLIPSE, texts.HINT_ELLIPSE_AXIS, texts.HINT_ELLIPSE_WIDTH)
        return steps[len(self._points)].format(label=self.name)

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; the third one completes the ellipse."""
        if self._frame != frame or len(self._points) < AXIS_ENDS:
            return ShapeTool.press(self, frame, point)
        ends = ellipse_ends(self._points[0], self._points[1], point)
        return TargetZone(frame=frame, site=self.site, form=ZoneForm.ELLIPSE, vertices=ends)


def ellipse_ends(first: Point, second: Point, edge: Point) -> tuple[Point, ...]:
    """Return both ends of the longer axis of an ellipse, then of the shorter.

    Parameters
    ----------
    first, second : Point
        Ends of one axis, ``(row, column)`` in pixels.
    edge : Point
        How far the ellipse reaches from that axis.

    Raises
    ------
    NotReady
        If the edge lies on the axis.

    """
    length = first.distance(second)
    down, right = (second.row - first.row) / length, (second.column - first.column) / length
    half = abs((edge.row - first.row) * right - (edge.column - first.column) * down)
    if half < APART:
        raise NotReady(texts.ELLIPSE_FLAT)
    centre = ((first.row + second.row) / 2, (first.column + second.column) / 2)
    other = tuple(Point(centre[0] - sign * right * half, centre[1] + sign * down * half) for sign in (1, -1))
    return (first, second, *other) if 2 * half <= length else (*other, first, second)


@dataclass
class LandmarkTool:
    """One press on a bony point that a protocol knows by name.

    Parameters
    ----------
    name, title : str
        Identifier of the landmark, and what to press on.
    vertebra : str
        Identifier of the vertebra.
    side : Side or None
        Side of the patient, if the landmark has one.
    anatomy : Anatomy
        For the name of the vertebra in the hint.

    """

    name: str
    title: str
    vertebra: str
    side: Side | None
    anatomy: Anatomy

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Return the landmark."""
        return Landmark(frame=frame, name=self.name, vertebra=self.vertebra, side=self.side, position=point)

    def finish(self) -> Mark | None:
        """Raise `NotReady`: without a press there is no landmark."""
        raise NotReady(self.hint())

    def step_back(self) -> bool:
        """Return False: nothing waits."""
        return False

    def leave_for(self, frame: FrameRef) -> bool:  # noqa: ARG002 - it waits on every frame
        """Return False: nothing waits."""
        return False

    def waiting_on(self, frame: FrameRef) -> tuple[Point, ...]:  # noqa: ARG002 - nothing waits
        """Return nothing."""
        return ()

    def clear(self) -> None:
        """Forget nothing: there is nothing."""

    def hint(self) -> str:
        """Return what to press on."""
        side = f", {self.side}" if self.side is not None else ""
        where = f"{self.anatomy.vertebra(self.vertebra).name}{side}"
        return texts.HINT_LANDMARK.format(title=self.title, where=where)
