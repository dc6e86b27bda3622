"""What mouse and arrow keys do on the image of an exercise: placing, dragging, nudging, deleting; and what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.geometry import Point
from fluoro_annotator.training import ExerciseKind, Question
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.controllers.practice_draft import mark_of, points_wanted
from napari_fluoro_annotator.controllers.practice_protocols import PracticeBindingProtocol
from napari_fluoro_annotator.controllers.practice_sheet import AnswerSheet
from napari_fluoro_annotator.drawing import DrawnLine, DrawnMark, Handle
from napari_fluoro_annotator.wiring import Wires, Wiring

STEP, FAR = 1.0, 20.0
"""Pixels of the image that an arrow key moves a point, alone and with Control; engineering defaults."""

Say = Callable[[str, bool], None]
POINTS: Final = ("tip", "hub")
"""The points of a needle, in the order in which they are placed."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A point in the grip of the mouse."""

    order: int
    grip: Point
    place: Point


class PracticeHand:
    """Mouse and arrow keys, for the exercises that are answered on the image.

    Parameters
    ----------
    binding : PracticeBindingProtocol
        The image.
    sheet : AnswerSheet
        The answer.
    say : callable
        Gets a sentence for the trainee, and whether it is a warning.

    """

    def __init__(self, binding: PracticeBindingProtocol, sheet: AnswerSheet, say: Say) -> None:
        self._binding, self._sheet, self._say = binding, sheet, say
        self._held: _Held | None = None
        self._active = 0
        self._wiring = Wiring(self._wires())
        binding.set_mouse_handler(self)

    def _wires(self) -> Wires:
        return (
            (self._sheet.begun, self._on_begun),
            (self._sheet.changed, self._on_changed),
            (self._sheet.closed, self._on_closed),
            (self._binding.frame_changed, self.draw),
        )

    def close(self) -> None:
        """Let go of the image; may be called more than once."""
        self._wiring.close()
        self._binding.set_mouse_handler(None)

    # ------------------------------------------------------------------ mouse

    def press(self, point: Point, handle: Handle | None, *, shifted: bool = False) -> bool:
        """Place the next point, or take hold of one that is placed; return whether a drag is wanted."""
        question = self._placing()
        if question is None or shifted:
            return False
        problem = self._problem(question)
        if problem:
            self._say(problem, True)
            return False
        points = self._sheet.draft.points
        if handle is not None:
            order = POINTS.index(handle.name) if handle.name in POINTS else 0
            return self._take_hold(order, point)
        if len(points) < points_wanted(question):
            return self._add(point)
        return False

    def _take_hold(self, order: int, mouse: Point) -> bool:
        points = self._sheet.draft.points
        if order >= len(points):
            return False
        held = points[order]
        self._active = order
        self._held = _Held(order, Point(mouse.row - held.row, mouse.column - held.column), held)
        self.draw()
        return True

    def drag(self, point: Point) -> None:
        """Show where the point would go."""
        if self._held is None or not self._sheet.open:
            return
        grip = self._held.grip
        place = self._within(Point(point.row - grip.row, point.column - grip.column))
        self._held = _Held(self._held.order, grip, place)
        self.draw()

    def release(self, point: Point) -> None:  # noqa: ARG002 - the last drag has been there already
        """Keep the point where it was dragged to."""
        held, self._held = self._held, None
        if held is not None:
            self._move(held.order, held.place)
            self.draw()

    # ------------------------------------------------------------------ keys

    def place(self) -> None:
        """Put the next point into the middle of what is seen, to be moved from there."""
        question = self._placing()
        if question is None:
            return
        problem = self._problem(question)
        if problem:
            self._say(problem, True)
        elif len(self._sheet.draft.points) >= points_wanted(question):
            self._say(texts.PRACTICE_PLACED, True)
        else:
            self._add(self._aside(self._within(self._binding.middle)))

    def _aside(self, point: Point) -> Point:
        """Return a place that is not that of the point before."""
        taken = self._sheet.draft.points
        return Point(point.row, point.column + FAR) if point in taken else point

    def delete(self) -> None:
        """Take the mark away."""
        if self._placing() is not None and self._sheet.draft.points:
            self._active = 0
            self._sheet.put("delete", points=())

    def next_point(self) -> None:
        """Let the arrow keys move the other point of a needle."""
        count = len(self._sheet.draft.points)
        if count > 1:
            self._active = (self._active + 1) % count
            self.draw()

    def left(self) -> None:
        """Move the point to the left of the screen by one pixel."""
        self._nudge(0, -STEP)

    def right(self) -> None:
        """Move the point to the right by one pixel."""
        self._nudge(0, STEP)

    def up(self) -> None:
        """Move the point up by one pixel."""
        self._nudge(-STEP, 0)

    def down(self) -> None:
        """Move the point down by one pixel."""
        self._nudge(STEP, 0)

    def far_left(self) -> None:
        """Move the point to the left by twenty pixels."""
        self._nudge(0, -FAR)

    def far_right(self) -> None:
        """Move the point to the right by twenty pixels."""
        self._nudge(0, FAR)

    def far_up(self) -> None:
        """Move the point up by twenty pixels."""
        self._nudge(-FAR, 0)

    def far_down(self) -> None:
        """Move the point down by twenty pixels."""
        self._nudge(FAR, 0)

    def _nudge(self, down: float, right: float) -> None:
        question, points = self._placing(), self._sheet.draft.points
        if question is None or not points or self._held is not None:
            return
        problem = self._problem(question)
        if problem:
            self._say(problem, True)
            return
        rows, columns = self._binding.look.turn.direction_to_image((down, right))
        before = points[self._active]
        self._move(self._active, self._within(Point(before.row + rows, before.column + columns)))

    # ------------------------------------------------------------------ the answer

    def _placing(self) -> Question | None:
        """Return the question if it is answered on the image and still open."""
        question = self._sheet.question
        return question if question is not None and self._sheet.open and points_wanted(question) else None

    def _problem(self, question: Question) -> str:
        """Return why nothing can be placed now, or an empty text."""
        if self._binding.frame != question.frame:
            return texts.PRACTICE_OTHER_FRAME.format(number=question.frame.frame_number)
        return self._binding.problem

    def _add(self, point: Point) -> bool:
        points = self._sheet.draft.points
        if self._within(point) != point:
            self._say(texts.PRACTICE_BESIDE, True)
            return False
        if point in points:
            self._say(texts.PRACTICE_SAME_PLACE, True)
            return False
        self._active = len(points)
        return self._sheet.put("add", points=(*points, point))

    def _move(self, order: int, place: Point) -> None:
        points = self._sheet.draft.points
        if order >= len(points) or place == points[order]:
            return
        if place in points:
            self._say(texts.PRACTICE_SAME_PLACE, True)
            return
        self._sheet.put("move", points=(*points[:order], place, *points[order + 1 :]))

    def _within(self, point: Point) -> Point:
        """Return the place of the image that is nearest to a point."""
        stack = self._binding.current
        if stack is None:
            return point
        rows, columns = _size(stack)
        return Point(min(max(point.row, 0.0), rows - 1.0), min(max(point.column, 0.0), columns - 1.0))

    # ------------------------------------------------------------------ following and drawing

    def _on_begun(self) -> None:
        self._held, self._active = None, 0
        self.draw()

    def _on_changed(self) -> None:
        self._held = None
        self._active = min(self._active, max(len(self._sheet.draft.points) - 1, 0))
        self.draw()

    def _on_closed(self) -> None:
        self._held = None

    def draw(self) -> None:
        """Draw what is placed, or what the question shows; once the answer is handed in, others draw."""
        question = self._sheet.question
        if question is None:
            self._binding.draw(())
        elif self._sheet.open:
            self._draw(question)

    def _draw(self, question: Question) -> None:
        if self._binding.frame != question.frame:
            self._binding.draw(())
        elif question.kind is ExerciseKind.NAME_MARKED and question.shown is not None:
            self._binding.draw((), (question.shown,), ())
        elif question.kind is ExerciseKind.JUDGE_NEEDLE and question.shown_needle is not None:
            tip, *_ = path = question.shown_needle
            self._binding.draw((), (tip, path[-1]), (DrawnLine(points=path, colour=styles.WHITE),), tip=True)
        elif points_wanted(question):
            self._draw_answer(question)
        else:
            self._binding.draw(())

    def _draw_answer(self, question: Question) -> None:
        points = list(self._sheet.draft.points)
        if self._held is not None and self._held.order < len(points):
            points[self._held.order] = self._held.place
        mark = mark_of(question, tuple(points)) if len(set(points)) == len(points) else None
        if mark is None:
            self._binding.draw((), tuple(points), tip=question.needle)
            return
        active = POINTS[self._active] if question.needle else None
        self._binding.draw((DrawnMark(mark, "", selected=True, point=active),))


def _size(stack: FrameStack) -> tuple[int, int]:
    """Return how many rows and columns the frames have."""
    rows, columns = stack.shape[1:3]
    return int(rows), int(columns)
