"""What is to be seen on a frame: marks, a mark that is not complete, and lines beneath them."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import NamedTuple

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, Mark, MarkSession
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.dragging import Drag
from napari_fluoro_annotator.controllers.protocols import PlacingTool, TipTool
from napari_fluoro_annotator.controllers.wording import image_label
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark

Backdrop = Callable[[FrameRef], Sequence[DrawnLine]]
"""Returns the lines that belong beneath the marks of a frame: bands, zones, safety lines."""
Unnamed = Callable[[FrameRef], Container[str]]
"""Returns identifiers of marks of a frame whose names would say what a line beneath them says already."""


class Picture(NamedTuple):
    """What is to be seen on a frame.

    Attributes
    ----------
    marks : list of DrawnMark
        Its marks.
    waiting : sequence of Point
        The points of a mark that is not complete.
    lines : list of DrawnLine
        Lines beneath the marks.
    tip : bool
        Whether the first of the points that wait is the tip of a needle.

    """

    marks: list[DrawnMark]
    waiting: Sequence[Point]
    lines: list[DrawnLine]
    tip: bool = False


class Seen:
    """Puts together what is to be seen on a frame, wherever it is shown.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.

    Attributes
    ----------
    backdrops : list of Backdrop
        Who draws lines beneath the marks.
    unnamed : Unnamed or None
        Who says which marks need no name; a selected one has it all the same.

    """

    def __init__(self, desk: ReadingDesk) -> None:
        self._desk = desk
        self.backdrops: list[Backdrop] = []
        self.unnamed: Unnamed | None = None

    def picture(
        self, frame: FrameRef, tool: PlacingTool | None, drag: Drag | None, point: str | None
    ) -> Picture:
        """Return what is to be seen on a frame.

        Parameters
        ----------
        frame : FrameRef
            The frame.
        tool : PlacingTool or None
            The tool that waits for a press: its points are shown.
        drag : Drag or None
            A mark in the grip of the mouse: it is shown where it would go.
        point : str or None
            Name of the point of the selected mark that keys act on.

        """
        session = self._desk.session
        if session is None:
            return Picture([], (), [])
        unnamed = self.unnamed(frame) if self.unnamed is not None else ()
        waiting = tool.waiting_on(frame) if tool is not None else ()
        return Picture(
            [_drawn(session, mark, unnamed, point) for mark in self.marks(frame, drag)],
            waiting,
            [*_unfinished(waiting), *(line for backdrop in self.backdrops for line in backdrop(frame))],
            isinstance(tool, TipTool) and tool.tip_first,
        )

    def marks(self, frame: FrameRef, drag: Drag | None) -> tuple[Mark, ...]:
        """Return the marks of a frame, one that is dragged where it would go now."""
        session = self._desk.session
        if session is None:
            return ()
        dragged = {} if drag is None else {drag.mark.mark_id: drag.preview}
        return tuple(dragged.get(mark.mark_id, mark) for mark in session.marks_on(frame))


def _unfinished(waiting: Sequence[Point]) -> list[DrawnLine]:
    """Return the line through the points of a mark that is not complete."""
    points = tuple(waiting)
    return [DrawnLine(points=points, colour=styles.WHITE, dashed=True)] if len(points) > 1 else []


def _drawn(session: MarkSession, mark: Mark, unnamed: Container[str], point: str | None) -> DrawnMark:
    selected = mark.mark_id == session.selected
    named = selected or mark.mark_id not in unnamed
    label = image_label(session, mark) if named else ""
    return DrawnMark(mark, label, selected, point if selected else None)
