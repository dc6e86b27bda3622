"""Editing points by key: nudging, choosing, adding and taking out; and the arrow keys without a selection."""

from __future__ import annotations

from typing import Protocol

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Change, Mark, MarkSession
from fluoro_annotator.marks.values import inserted, removed
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.vertices import has_vertices, middle_after, number_of, place_for
from napari_fluoro_annotator.wiring import Wires, Wiring

STEP, HALF_STEP = 1.0, 0.5


class Stepper(Protocol):
    """What shows the frame before and after."""

    def step(self, frames: int) -> None:
        """Go a number of frames on or back."""


class PointsController:
    """What keys do to the points of the selected mark.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    stepper : Stepper
        What the arrow keys do where no mark is selected.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer, stepper: Stepper) -> None:
        self._desk, self._pointer, self._stepper = desk, pointer, stepper
        pointer.give_shifted_presses_to(self.add_point_at)
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        return (
            (self._desk.frame_changed, self._on_frame),
            (self._desk.selection_changed, self._on_selection),
        )

    def close(self) -> None:
        """Let go of the desk; may be called more than once."""
        self._wiring.close()
        self._pointer.give_shifted_presses_to(None)

    # ------------------------------------------------------------------ nudging

    def left(self) -> None:
        """Nudge the point to the left by one pixel; without a selection, show the frame before."""
        self._arrow(0, -STEP, frames=-1)

    def right(self) -> None:
        """Nudge the point to the right by one pixel; without a selection, show the next frame."""
        self._arrow(0, STEP, frames=1)

    def up(self) -> None:
        """Nudge the point up by one pixel."""
        self._arrow(-STEP, 0)

    def down(self) -> None:
        """Nudge the point down by one pixel."""
        self._arrow(STEP, 0)

    def left_half(self) -> None:
        """Nudge the point to the left by half a pixel."""
        self._arrow(0, -HALF_STEP)

    def right_half(self) -> None:
        """Nudge the point to the right by half a pixel."""
        self._arrow(0, HALF_STEP)

    def up_half(self) -> None:
        """Nudge the point up by half a pixel."""
        self._arrow(-HALF_STEP, 0)

    def down_half(self) -> None:
        """Nudge the point down by half a pixel."""
        self._arrow(HALF_STEP, 0)

    def _arrow(self, down: float, right: float, *, frames: int = 0) -> None:
        session, mark = self._desk.session, self._selected()
        if session is None or mark is None:
            if frames:
                self._stepper.step(frames)
            else:
                self._desk.say(texts.NEED_SELECTION, warning=True)
            return
        name = self._pointer.selected_point
        if self._cannot_be_seen():
            return
        if name is not None and not self._pointer.dragging and not self._desk.binding.playing:
            step = self._desk.binding.look.turn.direction_to_image((down, right))
            self._move(session, mark, name, Point(*step))

    def _move(self, session: MarkSession, mark: Mark, name: str, step: Point) -> None:
        before = mark.point(name)
        place = Point(before.row + step.row, before.column + step.column)
        try:
            after = session.nudge(mark.mark_id, **{name: place})
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return
        self._desk.say(texts.MOVED.format(label=session.label(after)))
        self._pointer.point_shown.emit(after.point(name))

    # ------------------------------------------------------------------ points of a line

    def finish_mark(self) -> None:
        """Complete the course or zone that is being drawn."""
        self._pointer.finish()

    def take_back(self) -> None:
        """Take back the last press of a mark that is being drawn; otherwise take out the selected point."""
        if self._pointer.tool is not None:
            self._pointer.step_back()
            return
        session, mark, name = self._desk.session, self._selected(), self._pointer.selected_point
        if session is None or mark is None or name is None:
            self._desk.say(texts.NEED_SELECTION, warning=True)
            return
        try:
            session.edit([Change(mark, removed(mark, number_of(mark, name)))], texts.STEP_POINT_OUT)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            self._desk.say(texts.POINT_REMOVED.format(label=session.label(mark)))

    def next_point(self) -> None:
        """Let the arrow keys act on the next point of the selected mark."""
        mark, name = self._selected(), self._pointer.selected_point
        if mark is None or name is None:
            self._desk.say(texts.NEED_SELECTION, warning=True)
            return
        names = mark.point_names
        following = names[(names.index(name) + 1) % len(names)]
        self._pointer.select_point(following)
        self._desk.say(texts.POINT_SELECTED.format(point=following.replace("_", " ")))
        self._pointer.point_shown.emit(mark.point(following))

    def insert_point(self) -> None:
        """Put a point into the selected mark, in the middle of the piece behind the selected point."""
        mark, name = self._selected(), self._pointer.selected_point
        if mark is None or name is None or not has_vertices(mark):
            self._desk.say(texts.NO_POINTS, warning=True)
        elif not self._cannot_be_seen():
            self._insert(mark, middle_after(mark, name))

    def add_point_at(self, point: Point) -> bool:
        """Put a point into the selected mark where it was pressed; return whether there is such a mark."""
        mark = self._selected()
        if mark is None or not has_vertices(mark):
            return False
        if not self._cannot_be_seen():
            self._insert(mark, point)
        return True

    def _cannot_be_seen(self) -> bool:
        """Return whether the frame cannot be seen as it is, and say why: nothing is moved unseen."""
        problem = self._desk.binding.problem
        if problem:
            self._desk.say(problem, warning=True)
        return bool(problem)

    def _insert(self, mark: Mark, point: Point) -> None:
        session = self._desk.session
        if session is None:
            return
        index = place_for(mark, point)
        try:
            session.edit([Change(mark, inserted(mark, index, point))], texts.STEP_POINT_IN)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return
        self._pointer.select_point(f"{mark.list_name}_{index + 1}")
        self._desk.say(texts.POINT_ADDED.format(label=session.label(mark)))

    # ------------------------------------------------------------------ following

    def _selected(self) -> Mark | None:
        """Return the selected mark if it is on the frame that is shown: no other may be changed unseen."""
        session = self._desk.session
        if session is None or session.selected is None:
            return None
        mark = session.mark(session.selected)
        return mark if mark.frame == self._desk.frame else None

    def _on_frame(self) -> None:
        self._pointer.point_shown.emit(None)

    def _on_selection(self, mark_id: str | None) -> None:
        if mark_id is None:
            self._pointer.point_shown.emit(None)
