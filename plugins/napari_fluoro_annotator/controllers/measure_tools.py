"""The tools of the Measure page: a free distance, and lines that are placed as landmarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point, Ruler, distance, midpoint
from fluoro_annotator.marks import Change, FrameRef, Landmark, Mark, MarkSession
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.points_tool import PointsTool
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.reference_lines import LineKind


class DistanceTool(PointsTool):
    """Measures between two presses, again and again, until it is put away; nothing is stored.

    Parameters
    ----------
    ruler : callable
        Returns what is measured with on a frame.

    """

    def __init__(self, ruler: Callable[[FrameRef], Ruler]) -> None:
        super().__init__((texts.HINT_DISTANCE_FIRST, texts.HINT_DISTANCE_SECOND), self._measure)
        self._ruler = ruler
        self._found: tuple[FrameRef, tuple[Point, ...]] | None = None
        self._says = ""

    def hint(self) -> str:
        """Return the distance that was measured, otherwise what to press on next."""
        return self._says or super().hint()

    def press(self, frame: FrameRef, point: Point) -> Mark | None:
        """Take a press; the first one takes the line before away."""
        self._found, self._says = None, ""
        return super().press(frame, point)

    def clear(self) -> None:
        """Take the line away."""
        super().clear()
        self._found, self._says = None, ""

    def lines_on(self, frame: FrameRef) -> tuple[DrawnLine, ...]:
        """Return the line that was measured, if it is on this frame."""
        if self._found is None or self._found[0] != frame:
            return ()
        first, last = self._found[1]
        middle = midpoint(first, last)
        text = distance(first, last, self._ruler(frame)).text
        return (
            DrawnLine(points=(middle, first), colour=styles.YELLOW, dashed=True, text=text),
            DrawnLine(points=(middle, last), colour=styles.YELLOW, dashed=True),
        )

    def _measure(self, frame: FrameRef, points: tuple[Point, ...]) -> None:
        found = distance(points[0], points[1], self._ruler(frame))
        source = texts.SCALE_BY.format(source=found.calibration) if found.calibration else found.note
        self._says = texts.DISTANCE_SAYS.format(text=found.text, note=source)
        self._found = (frame, points) if points[0] != points[1] else None


class LinePlacing:
    """Makes landmarks of the points of a line, in one step; those that are there already are moved.

    Parameters
    ----------
    desk : ReadingDesk
        The reading.
    pointer : Pointer
        Whose tool it is.
    kind : LineKind
        The line.
    vertebra : str
        The vertebra it belongs to.
    side : Side or None
        The side, where the line has one.

    """

    def __init__(
        self, desk: ReadingDesk, pointer: Pointer, kind: LineKind, vertebra: str, side: Side | None
    ) -> None:
        self._desk, self._pointer = desk, pointer
        self._kind, self._vertebra, self._side = kind, vertebra, side

    def take(self, frame: FrameRef, points: tuple[Point, ...]) -> None:
        """Place the landmarks.

        Raises
        ------
        MarkError
            If one lies outside the image.

        """
        session = self._desk.session
        if session is None:
            return
        named = zip(self._kind.landmarks, points, strict=True)
        changes = [self._change(session, frame, name, point) for name, point in named]
        what = f"{texts.PLACING_LINE} {self._kind.title.lower()},"
        session.edit(changes, what=what)
        self._pointer.disarm()
        side = texts.LINE_SIDE.format(side=self._side) if self._side else ""
        line = self._kind.title
        self._desk.say(texts.LINE_PLACED.format(line=line, vertebra=self._vertebra, side=side))

    def _change(self, session: MarkSession, frame: FrameRef, name: str, point: Point) -> Change:
        after = Landmark(frame=frame, name=name, vertebra=self._vertebra, side=self._side, position=point)
        for mark in reversed(session.marks_on(frame)):
            if isinstance(mark, Landmark) and _is_same(mark, after):
                return Change(mark, replace(mark, position=point))
        return Change(None, after)


def _is_same(one: Landmark, other: Landmark) -> bool:
    return (one.name, one.vertebra, one.side) == (other.name, other.vertebra, other.side)
