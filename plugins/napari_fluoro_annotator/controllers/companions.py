"""Views side by side: which view and frame each pane shows, and what is marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from fluoro_annotator.dicom import Display, FrameStack
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.guides import Guides
from napari_fluoro_annotator.controllers.panes import (
    MOST_PANES,
    CompanionsViewProtocol,
    Pane,
    apart,
    pane_image,
)
from napari_fluoro_annotator.controllers.picture import Picture
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.drawing import Handle
from napari_fluoro_annotator.shown_frames import ShownFrames
from napari_fluoro_annotator.studies import view_title
from napari_fluoro_annotator.wiring import Wires, Wiring

USUAL_PANES = 2
MOST_CONFLICTS = 2
"""Pairs of marks that are named at once, so that the panes keep their room; the next follow when one is settled."""
CHECK_AFTER_MS = 250
"""How long nothing changes before marks are compared between views; engineering default."""


class CompanionsController:
    """Shows other views of the study beside the main image; marking works there, too.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Takes presses, and says what is to be seen.
    view : CompanionsViewProtocol
        The panes.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer, view: CompanionsViewProtocol) -> None:
        self._desk, self._pointer, self._view = desk, pointer, view
        self.guides = Guides(desk, pointer)
        self._panes = [Pane() for _ in range(MOST_PANES)]
        self._count = USUAL_PANES
        self._main: FrameStack | None = None
        self._left_at: WeakKeyDictionary[FrameStack, int] = WeakKeyDictionary()
        self._told: set[tuple[str, str]] | None = None
        self._wiring = Wiring(self._wires())
        view.set_mouse_handler(self)
        view.set_count(self._count)
        self._on_reading()

    def _wires(self) -> Wires:
        desk, view = self._desk, self._view
        return (
            (view.opened, self._show_all),
            (view.count_chosen, self.choose_count),
            (view.guides_chosen, self.show_guides),
            (view.view_chosen, self.choose_view),
            (view.frame_chosen, self.choose_frame),
            (view.swap_requested, self.swap),
            (view.check_due, self._check),
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
            (self._pointer.redrawn, self._on_redrawn),
            (desk.binding.look.turned, self._show_all),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self.guides.close()
        self._wiring.close()
        for pane in self._panes:
            pane.stack = pane.drawn = None

    # ------------------------------------------------------------------ choosing

    def side_by_side(self) -> None:
        """Show other views beside the main image, or hide them."""
        if not self._view.is_open and len(self._stacks()) < 2:  # noqa: PLR2004 - the main one and another
            self._desk.say(texts.NO_OTHER_VIEW, warning=True)
            return
        self._view.set_open(not self._view.is_open)

    def choose_count(self, count: int) -> None:
        """Show this many views beside the main image."""
        self._count = min(max(count, 1), MOST_PANES)
        self._view.set_count(self._count)
        self._show_all()

    def show_guides(self, shown: bool) -> None:
        """Draw guide lines, or none."""
        self.guides.shown = shown
        self._pointer.redraw()

    def choose_view(self, pane: int, position: int) -> None:
        """Show the view at this position of the list in a pane, where it was left."""
        stacks = self._stacks()
        if 0 <= position < len(stacks):
            self._turn(self._panes[pane], stacks[position])
            self._show(pane)

    def choose_frame(self, pane: int, index: int) -> None:
        """Show a frame (0-based index) in a pane."""
        shown = self._panes[pane]
        if shown.stack is not None:
            self._go(shown, min(max(index, 0), len(shown.stack) - 1))
            self._show(pane)

    def swap(self, pane: int) -> None:
        """Show the frame of a pane in the main window, and the view that was there in the pane."""
        shown = self._panes[pane]
        if shown.stack is not None:
            self._desk.binding.show(shown.stack, shown.index)

    def _turn(self, pane: Pane, stack: FrameStack | None) -> None:
        before = pane.frame
        if pane.stack is not None:
            self._left_at[pane.stack] = pane.index
        pane.stack = stack
        pane.index = 0 if stack is None else min(self._left_at.get(stack, 0), len(stack) - 1)
        self._leave(before, pane.frame)

    def _go(self, pane: Pane, index: int) -> None:
        before, pane.index = pane.frame, index
        self._leave(before, pane.frame)

    def _leave(self, before: FrameRef | None, now: FrameRef | None) -> None:
        """Let a tool forget the points on a frame that is to be seen nowhere any more."""
        if before is not None and now is not None and before not in self._shown():
            self._pointer.leave(before, now)

    def _stacks(self) -> list[FrameStack]:
        """Return the views of the study that is read: marks of it cannot be put on another."""
        main = self._desk.stack
        stacks = self._desk.binding.stacks
        return [stack for stack in stacks if main is not None and stack.study_uid == main.study_uid]

    def _shown(self) -> list[FrameRef]:
        """Return the frames on the screen."""
        open_panes = self._panes[: self._count] if self._view.is_open else []
        frames = (self._desk.frame, *(pane.frame for pane in open_panes))
        return [frame for frame in frames if frame is not None]

    # ------------------------------------------------------------------ mouse

    def press(self, pane: int, point: Point, handle: Handle | None, *, shifted: bool = False) -> bool:
        """Place a mark in a pane if a tool is armed, otherwise take hold of the mark there."""
        shown = self._panes[pane]
        if shown.frame is None:
            return False
        return self._pointer.press_on(shown.frame, point, handle, self._problem(shown), shifted=shifted)

    def drag(self, pane: int, point: Point) -> None:  # noqa: ARG002 - the pointer knows what is held
        """Show where the mark would go."""
        self._pointer.drag(point)

    def release(self, pane: int, point: Point) -> None:  # noqa: ARG002 - the pointer knows what is held
        """Keep the mark where it was dragged to."""
        self._pointer.release(point)

    # ------------------------------------------------------------------ following

    def _on_reading(self) -> None:
        stacks = self._stacks()
        for pane in self._panes:
            if pane.stack not in stacks:
                pane.stack = pane.drawn = None
        self._main = self._desk.stack
        self._told = None
        self._fill(stacks)
        self._show_all()
        self._view.check_in(CHECK_AFTER_MS)

    def _fill(self, stacks: Sequence[FrameStack]) -> None:
        """Give empty panes views that are shown nowhere else, those that look from elsewhere first."""
        for pane in self._panes:
            if pane.stack is None:
                taken = [self._main, *(other.stack for other in self._panes)]
                free = [stack for stack in stacks if stack not in taken]
                best = max(free, key=lambda stack: apart(stack, taken), default=None)
                self._turn(pane, best)

    def _on_frame(self) -> None:
        main = self._desk.stack
        if main is not self._main:
            self._change_places(self._main, main)
            self._main = main
            self._show_all()
        elif not self._desk.binding.playing:
            self._show_late_frames()

    def _change_places(self, before: FrameStack | None, now: FrameStack | None) -> None:
        """Show the view that the main window left in the pane that showed the one it turned to."""
        for pane in self._panes:
            if pane.stack is now and before in self._stacks():
                self._turn(pane, before)

    def _show_late_frames(self) -> None:
        for number, pane in enumerate(self._panes[: self._count]):
            if self._problem(pane):
                pane.drawn = None
                self._show(number)

    def _on_marks(self, changes: object) -> None:  # noqa: ARG002 - all are compared
        self._view.check_in(CHECK_AFTER_MS)

    def _on_redrawn(self) -> None:
        """Show marks as they are now; not while a cine is played, which changes nothing beside it."""
        if not self._desk.binding.playing:
            self._show_marks()

    # ------------------------------------------------------------------ showing

    def _show_all(self) -> None:
        if self._view.is_open:
            for pane in range(self._count):
                self._show(pane)
        self._show_main_note()

    def _show(self, number: int) -> None:
        """Show the view and the frame of a pane, and what is marked there."""
        if not self._view.is_open:
            return
        pane, stacks = self._panes[number], self._stacks()
        position = stacks.index(pane.stack) if pane.stack in stacks else None
        self._view.set_views(number, [view_title(stack) for stack in stacks], position)
        if pane.stack is None:
            self._view.set_image(number, None)
            self._view.set_frame(number, 0, 0)
        else:
            self._show_image(number, pane, pane.stack)
        self._show_marks_of(number)

    def _show_image(self, number: int, pane: Pane, stack: FrameStack) -> None:
        """Show the frame of a pane, unless it is there already and looks as it did."""
        display = self._display(stack, pane.index)
        turn = self._desk.binding.look.turn_of(stack)
        wanted = (stack, pane.index, stack.options, display, turn)
        if pane.drawn != wanted:
            self._view.set_frame(number, pane.index, len(stack))
            image = None if display is None else pane_image(stack, pane.index, display, turn)
            self._view.set_image(number, image)
            pane.drawn = wanted

    def _display(self, stack: FrameStack, index: int) -> Display | None:
        """Return how a frame is shown, None if its file cannot be asked: the stack says why by itself."""
        try:
            return self._desk.binding.display_at(stack, index)
        except FluoroAnnotatorError:
            return None

    def _show_marks(self) -> None:
        if self._view.is_open:
            for pane in range(self._count):
                self._show_marks_of(pane)
        self._show_main_note()

    def _show_marks_of(self, number: int) -> None:
        pane = self._panes[number]
        frame = pane.frame
        if frame is None:
            self._view.set_marks(number, Picture([], (), []))
            self._view.set_note(number, texts.NO_VIEW_FOR_PANE)
            return
        self._view.set_marks(number, self._pointer.picture(frame))
        problem = self._problem(pane)
        self._view.set_note(number, problem or self.guides.guide(frame).text, warning=bool(problem))

    def _show_main_note(self) -> None:
        frame = self._desk.frame
        text = "" if frame is None else self.guides.guide(frame).text
        self._view.set_main_note(texts.MAIN_NOTE.format(text=text) if text else "")

    def _problem(self, pane: Pane) -> str:
        stack = pane.stack
        problem = stack.problem(pane.index) if isinstance(stack, ShownFrames) else ""
        return texts.UNREADABLE.format(problem=problem) if problem else ""

    # ------------------------------------------------------------------ marks that cannot be one thing

    def _check(self) -> None:
        """Compare needles between views; keep what is found in sight, and say at once what is new."""
        if self._desk.binding.playing:
            self._view.check_in(CHECK_AFTER_MS)
            return
        found = self.guides.conflicts(self._shown())
        lines = [conflict.text for conflict in found[:MOST_CONFLICTS]]
        if len(found) > MOST_CONFLICTS:
            lines.append(texts.MORE_CONFLICTS.format(count=len(found) - MOST_CONFLICTS))
        self._view.set_conflicts("\n".join(lines))
        known = self._told
        self._told = {conflict.mark_ids for conflict in found}
        new = [] if known is None else [each for each in found if each.mark_ids not in known]
        if new:
            self._desk.say(new[0].text, warning=True)
