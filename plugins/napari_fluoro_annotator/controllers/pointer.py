"""What the mouse does on the image: place with the tool that is armed, or take hold of a mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psygnal import Signal

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, Mark, MarkSession, check_point
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.dragging import Drag
from napari_fluoro_annotator.controllers.picture import Backdrop, Picture, Seen, Unnamed
from napari_fluoro_annotator.controllers.placing import NotReady
from napari_fluoro_annotator.controllers.protocols import BendingTool, PlacingTool
from napari_fluoro_annotator.drawing import Handle
from napari_fluoro_annotator.wiring import Wires, Wiring

PressTaker = Callable[[FrameRef, Point], bool]
"""Takes a press beside all marks while no tool is armed, for example on something that is offered, or leaves it."""


ShiftedPress = Callable[[Point], bool]
"""Takes a press with Shift held down while no tool waits; returns whether it did something with it."""


class Pointer:
    """The one who answers presses, and says what is drawn.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.

    Attributes
    ----------
    placed : psygnal.Signal
        Emitted with a mark after a tool completed it.
    tool_changed : psygnal.Signal
        Emitted after a tool was armed or put away.
    redrawn : psygnal.Signal
        Emitted after a frame was drawn: another one, with other marks, or with one dragged further.
    point_shown : psygnal.Signal
        Emitted with the place of the point that is dragged or nudged, and None when it is let go of.

    """

    placed = Signal(object)
    tool_changed = Signal()
    redrawn = Signal()
    point_shown = Signal(object)

    def __init__(self, desk: ReadingDesk) -> None:
        self._desk = desk
        self._tool: PlacingTool | None = None
        self._drag: Drag | None = None
        self._holding = 0
        self._seen = Seen(desk)
        self._takers: list[PressTaker] = []
        self._shifted: ShiftedPress | None = None
        self._point: str | None = None
        self._wiring = Wiring(self._wires())
        desk.binding.set_mouse_handler(self)

    def _wires(self) -> Wires:
        desk = self._desk
        return (
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
            (desk.selection_changed, self._on_selection),
        )

    def close(self) -> None:
        """Let go of the desk; may be called more than once."""
        self._wiring.close()
        self._desk.binding.set_mouse_handler(None)

    def add_backdrop(self, backdrop: Backdrop) -> None:
        """Let somebody draw lines beneath the marks of each frame that is shown."""
        self._seen.backdrops.append(backdrop)

    def add_taker(self, taker: PressTaker) -> None:
        """Let somebody take presses that meet no mark while no tool is armed."""
        self._takers.append(taker)

    def leave_unnamed(self, unnamed: Unnamed) -> None:
        """Let somebody say which marks need no name on the image; a selected one has it all the same."""
        self._seen.unnamed = unnamed

    def give_shifted_presses_to(self, taker: ShiftedPress | None) -> None:
        """Say who is told of presses with Shift while no tool waits."""
        self._shifted = taker

    # ------------------------------------------------------------------ the point that keys act on

    @property
    def selected_point(self) -> str | None:
        """Name of the point of the selected mark that was taken hold of last; its first one otherwise."""
        session = self._desk.session
        if session is None or session.selected is None or session.selected not in session:
            return None
        names = session.mark(session.selected).point_names
        return self._point if self._point in names else next(iter(names), None)

    def select_point(self, name: str | None) -> None:
        """Let keys act on a point of the selected mark."""
        self._point = name
        self.redraw()

    @property
    def dragging(self) -> bool:
        """Whether a mark is in the grip of the mouse."""
        return self._drag is not None

    # ------------------------------------------------------------------ tools

    @property
    def tool(self) -> PlacingTool | None:
        """The tool that waits for a press."""
        return self._tool

    def arm(self, tool: PlacingTool, *, marks: bool = True) -> bool:
        """Let presses go to a tool; return whether there is a reading to mark in.

        A tool that ``marks`` needs one that is not submitted.
        """
        session = self._desk.session
        if session is None:
            self._put_away()
            self._desk.say(self._desk.refusal or texts.NEED_VIEW, warning=True)
            return False
        if marks and not self._desk.keep(session.check_open):
            self._put_away()
            return False
        self._put_away()
        self._tool = tool
        self.tool_changed.emit()
        self.redraw()
        return True

    def disarm(self) -> None:
        """Let presses select again; what a tool has taken in so far is forgotten, a drag is broken off."""
        self._let_go()
        self._put_away()
        self.redraw()

    def finish(self) -> None:
        """Complete a mark with as many points as the reader has given it."""
        session = self._desk.session
        if self._tool is not None and session is not None:
            self._take(session, self._tool.finish)

    def step_back(self) -> None:
        """Take back the last press of a mark that is not complete."""
        if self._tool is not None and self._tool.step_back():
            self._say_next()
            self.redraw()

    def _put_away(self) -> None:
        tool, self._tool = self._tool, None
        if tool is not None:
            tool.clear()
            self.tool_changed.emit()

    # ------------------------------------------------------------------ mouse

    def press(self, point: Point, handle: Handle | None, *, shifted: bool = False) -> bool:
        """Place a mark if a tool is armed, otherwise take hold of the mark under the mouse.

        With Shift the press goes to a tool that knows bends, or to whoever takes such presses.
        """
        session, frame = self._desk.session, self._desk.frame
        if session is None or frame is None:
            return False
        if self._desk.binding.playing:
            self._stop_playing()
            return True
        if shifted and self._tool is None:
            return self._shifted is not None and self._shifted(point)
        return self.press_on(frame, point, handle, self._desk.binding.problem, shifted=shifted)

    def press_on(
        self,
        frame: FrameRef,
        point: Point,
        handle: Handle | None,
        problem: str = "",
        *,
        shifted: bool = False,
    ) -> bool:
        """Take a press on a frame of the study, wherever it is shown.

        Parameters
        ----------
        frame : FrameRef
            The frame that was pressed on.
        point : Point
            Where.
        handle : Handle or None
            The point of a mark that is there.
        problem : str
            Why nothing can be marked on the frame.
        shifted : bool
            Whether Shift was held down: only a tool that knows bends takes such a press.

        Returns
        -------
        bool
            Whether the drag that may follow is wanted too.

        """
        session = self._desk.session
        if session is None:
            return False
        if shifted:
            return self._press_shifted(session, frame, point, problem)
        if self._tool is not None:
            self._place(session, self._tool, frame, point, problem)
            return True
        if handle is None or handle.mark_id not in session:
            if not problem and any(taker(frame, point) for taker in self._takers):
                return True
            session.select(None)
            return False
        self._point = handle.name
        session.select(handle.mark_id)
        self._drag = Drag.begun(session.mark(handle.mark_id), handle.name, point)
        return True

    def _press_shifted(self, session: MarkSession, frame: FrameRef, point: Point, problem: str) -> bool:
        tool = self._tool
        if not isinstance(tool, BendingTool):
            return False
        self._place(session, tool, frame, point, problem, bend=True)
        return True

    def _stop_playing(self) -> None:
        """Stop the cine instead: the frame that was pressed on may not be the one that was seen."""
        self._desk.pause_requested.emit()
        self._desk.say(texts.STOPPED_FOR_PRESS.format(number=self._desk.binding.index + 1), warning=True)

    def drag(self, point: Point) -> None:
        """Show where the mark would go."""
        session = self._desk.session
        if self._drag is not None and session is not None:
            image = session.study.image(self._drag.mark.frame.sop_instance_uid)
            self._drag = self._drag.to(point, image)
            self.redraw()
            if self._drag.mark.frame == self._desk.frame:
                # a drag in another pane than the image has no place on it
                self.point_shown.emit(self._drag.preview.point(self._drag.name))

    def release(self, point: Point) -> None:  # noqa: ARG002 - the last drag has been there already
        """Keep the mark where it was dragged to."""
        drag, session = self._drag, self._desk.session
        self._let_go()
        if drag is None or not drag.change or session is None:
            return
        try:
            after = session.move(drag.mark.mark_id, **drag.change)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            self._desk.say(texts.MOVED.format(label=session.label(after)))
        self.redraw()

    def _let_go(self) -> None:
        """Hold no mark any more."""
        if self._drag is not None:
            self._drag = None
            self.point_shown.emit(None)

    def _place(
        self,
        session: MarkSession,
        tool: PlacingTool,
        frame: FrameRef,
        point: Point,
        problem: str,
        *,
        bend: bool = False,
    ) -> None:
        if problem:
            self._desk.say(problem, warning=True)
            return
        self._take(session, lambda: _pressed(session, tool, frame, point, bend=bend))

    def _take(self, session: MarkSession, complete: Callable[[], Mark | None]) -> None:
        """Take in what a press or the end of a tool gives: a mark, or nothing yet."""
        with self._drawn_once():
            try:
                mark = complete()
                if mark is not None:
                    session.add(mark)
            except NotReady as reason:
                self._desk.say(str(reason), warning=True)
            except FluoroAnnotatorError as error:
                self._desk.say_error(error)
            else:
                self._taken(session, mark)

    @contextmanager
    def _drawn_once(self) -> Iterator[None]:
        """Draw at the end what a press changed step by step: the marks, the selection, the tool."""
        self._holding += 1
        try:
            yield
        finally:
            self._holding -= 1
            self.redraw()

    def _taken(self, session: MarkSession, mark: Mark | None) -> None:
        if mark is None:
            self._say_next()
            return
        self._put_away()
        session.select(mark.mark_id)
        self._desk.say(texts.MARKED.format(label=session.label(mark)))
        self.placed.emit(mark)

    def _say_next(self) -> None:
        if self._tool is not None:
            self._desk.say(self._tool.hint())

    # ------------------------------------------------------------------ following and drawing

    def _on_reading(self) -> None:
        self._let_go()
        self._put_away()
        self.redraw()

    def leave(self, before: FrameRef, now: FrameRef) -> None:
        """Take note that a frame is shown no more, and another one in its place."""
        if self._tool is not None and self._tool.waiting_on(before) and self._tool.leave_for(now):
            self._say_next()
            self.redraw()

    def _on_frame(self) -> None:
        self._let_go()
        frame = self._desk.frame
        if self._tool is not None and frame is not None and self._tool.leave_for(frame):
            self._say_next()
        self.redraw()

    def _on_marks(self, changes: object) -> None:  # noqa: ARG002 - everything shown is resolved anew
        session = self._desk.session
        drag = self._drag
        if drag is not None and session is not None and not _holds(session, drag.mark):
            self._let_go()  # deleted or changed meanwhile, by a key or by somebody else
        self.redraw()

    def _on_selection(self, mark_id: str | None) -> None:  # noqa: ARG002 - the session knows it
        self.redraw()

    def redraw(self) -> None:
        """Draw the marks of the frame that is shown."""
        if self._holding:
            return
        frame = self._desk.frame
        if self._desk.session is None or frame is None:
            self._desk.binding.draw(())
        else:
            self._desk.binding.draw(*self.picture(frame))
        self.redrawn.emit()

    def picture(self, frame: FrameRef) -> Picture:
        """Return what is to be seen on a frame, wherever it is shown."""
        return self._seen.picture(frame, self._tool, self._drag, self.selected_point)

    def marks_shown(self, frame: FrameRef) -> tuple[Mark, ...]:
        """Return the marks of a frame, one that is dragged where it would go now."""
        return self._seen.marks(frame, self._drag)


def _pressed(
    session: MarkSession, tool: PlacingTool, frame: FrameRef, point: Point, *, bend: bool
) -> Mark | None:
    """Hand a press to a tool, unless it lies beside the image: said at once, not with the last press."""
    check_point(texts.PRESS, point, session.study.image(frame.sop_instance_uid))
    if bend and isinstance(tool, BendingTool):
        tool.bend(frame, point)
        return None
    return tool.press(frame, point)


def _holds(session: MarkSession, mark: Mark) -> bool:
    return mark.mark_id in session and session.mark(mark.mark_id) == mark
