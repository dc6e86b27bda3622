"""The controller of the Annotate dock: between the marks, the store, the layers and the widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from psygnal import SignalInstance

from fluoro_annotator.anatomy import Anatomy, Evidence, Side, load_anatomy
from fluoro_annotator.errors import FluoroAnnotatorError, MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Change,
    Fact,
    FrameRef,
    LevelLabel,
    Mark,
    MarkSession,
    StudyRecord,
    Target,
    check_mark,
    site_of,
)
from fluoro_annotator.marks.reading import checked_reader
from fluoro_annotator.store import SaveState, StoreRecorder
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.dragging import Drag
from napari_fluoro_annotator.controllers.placing import NotReady, Placing, Tool
from napari_fluoro_annotator.controllers.protocols import (
    AnnotateViewProtocol,
    BindingProtocol,
    Choice,
    OpenReading,
)
from napari_fluoro_annotator.controllers.wording import mark_row, save_text, view_rows
from napari_fluoro_annotator.drawing import DrawnMark, Handle
from napari_fluoro_annotator.studies import study_record, study_title

EXPORTER = Callable[[MarkSession, Path], int]


class AnnotateController:
    """What the Annotate dock does.

    Parameters
    ----------
    binding : BindingProtocol
        Views, frames, drawing and mouse.
    view : AnnotateViewProtocol
        The widget.
    open_reading : OpenReading
        Opens the reading of a reader on a study.
    reader : str
        Who reads.
    export : callable
        Writes the reading to a file and returns the number of marks written.
    anatomy : Anatomy, optional
        The table of nerves.

    """

    def __init__(
        self,
        binding: BindingProtocol,
        view: AnnotateViewProtocol,
        open_reading: OpenReading,
        *,
        reader: str,
        export: EXPORTER,
        anatomy: Anatomy | None = None,
    ) -> None:
        self._binding = binding
        self._view = view
        self._open_reading = open_reading
        self._export = export
        self._reader = reader
        self._anatomy = anatomy or load_anatomy()
        self._placing = Placing(self._anatomy)
        self._open: dict[tuple[str, str], tuple[MarkSession, StoreRecorder]] = {}
        self._key: tuple[str, str] | None = None
        self._drag: Drag | None = None
        self._refusal = ""
        self._closed = False
        self._offer_choices()
        self._connect()
        self._on_views()

    # ------------------------------------------------------------------ wiring

    def _offer_choices(self) -> None:
        self._view.set_nerves(
            [
                Choice(nerve.id, nerve.label, texts.DISPUTED if nerve.evidence is Evidence.DISPUTED else "")
                for nerve in self._anatomy.nerves.values()
            ]
        )
        self._view.set_vertebrae(
            [Choice(vertebra.id, vertebra.name) for vertebra in self._anatomy.vertebrae.values()]
        )
        self._view.set_reader(self._reader)

    def _connect(self) -> None:
        for signal, slot in self._wires():
            signal.connect(slot)
        self._binding.set_mouse_handler(self)

    def _wires(self) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
        view = self._view
        return (
            (view.nerve_chosen, self.choose_nerve),
            (view.side_chosen, self.choose_side),
            (view.vertebra_chosen, self.choose_vertebra),
            (view.tool_chosen, self.choose_tool),
            (view.view_chosen, self.choose_view),
            (view.mark_chosen, self.choose_mark),
            (view.reader_entered, self.change_reader),
            (view.relabel_requested, self.relabel_selected),
            (view.delete_requested, self.delete_selected),
            (view.undo_requested, self.undo),
            (view.redo_requested, self.redo),
            (view.export_requested, self.export),
            (view.retry_requested, self.retry),
            (view.hidden, self.disarm),
            (self._binding.views_changed, self._on_views),
            (self._binding.frame_changed, self._on_frame),
        )

    def close(self) -> None:
        """Let go of viewer and widget; marks are stored already, or in a rescue file.

        The widget may be gone by now, so nothing is shown any more. May be called more than once.
        """
        if self._closed:
            return
        self._closed = True
        for signal, slot in self._wires():
            signal.disconnect(slot, missing_ok=True)
        self._unfollow()
        self._binding.disconnect()
        for _, recorder in self._open.values():
            recorder.state_changed.disconnect(self._on_saved, missing_ok=True)
            if recorder.state.pending:
                recorder.retry()
            recorder.close()

    @property
    def session(self) -> MarkSession | None:
        """The reading of the study that is shown."""
        return None if self._key is None else self._open[self._key][0]

    @property
    def recorder(self) -> StoreRecorder | None:
        """What stores the reading of the study that is shown."""
        return None if self._key is None else self._open[self._key][1]

    # ------------------------------------------------------------------ choosing

    def choose_nerve(self, nerve: str) -> None:
        """Take the nerve that the next target or needle is for."""
        self._placing.nerve = nerve or None
        self._rehint()

    def choose_side(self, side: str) -> None:
        """Take the side that the next target or needle is on."""
        self._placing.side = Side(side) if side else None
        self._rehint()

    def choose_vertebra(self, vertebra: str) -> None:
        """Take the vertebra that the next level label names."""
        self._placing.vertebra = vertebra or None
        self._rehint()

    def choose_view(self, position: int) -> None:
        """Show the view at this position of the list."""
        stacks = self._binding.stacks
        if 0 <= position < len(stacks):
            self._binding.show(stacks[position])

    def choose_mark(self, mark_id: str) -> None:
        """Select a mark and show the frame it is on."""
        session = self.session
        if session is None or mark_id not in session:
            return
        session.select(mark_id)
        self._go_to(session.mark(mark_id))

    def change_reader(self, name: str) -> None:
        """Go on as another reader, with that reader's own marks."""
        try:
            reader = checked_reader(name)
        except MarkError as error:
            self._view.set_reader(self._reader)
            self._say_error(error)
            return
        self._view.set_reader(reader)
        if reader != self._reader:
            self._reader = reader
            self._enter_reading()

    def _go_to(self, mark: Mark) -> None:
        for stack in self._binding.stacks:
            index = stack.index_of(mark.frame.sop_instance_uid, mark.frame.frame_number)
            if index is not None:
                self._binding.show(stack, index)
                return
        self._view.set_hint(texts.NOT_LOADED, warning=True)

    # ------------------------------------------------------------------ tools

    def choose_tool(self, tool: str) -> None:
        """Arm a tool, or put it away if it is armed already."""
        if not tool or self._placing.tool == tool:
            self.disarm()
            return
        self._arm(Tool(tool))

    def arm_target(self) -> None:
        """Let the next press mark a target."""
        self._arm(Tool.TARGET)

    def arm_needle(self) -> None:
        """Let the next two presses mark a needle, tip first."""
        self._arm(Tool.NEEDLE)

    def arm_level(self) -> None:
        """Let the next press label a vertebra."""
        self._arm(Tool.LEVEL)

    def disarm(self) -> None:
        """Put the tool away; a tip without a hub is forgotten."""
        self._placing.disarm()
        self._drag = None
        self._rehint()
        self._draw()

    def _arm(self, tool: Tool) -> None:
        if self.session is None:
            self._view.set_tool(None)
            self._view.set_hint(self._refusal or texts.NEED_VIEW, warning=True)
            return
        try:
            self._placing.arm(tool)
        except NotReady as reason:
            self._view.set_tool(None)
            self._view.set_hint(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._view.set_tool(None)
            self._say_error(error)
        else:
            self._rehint()
        self._draw()

    def _rehint(self) -> None:
        try:
            hint = self._placing.hint()
        except (NotReady, FluoroAnnotatorError):
            self._placing.disarm()
            hint = self._placing.hint()
        self._view.set_tool(self._placing.tool)
        if self._binding.current is None:
            hint = texts.NO_STUDY
        elif self._refusal:
            hint = ""  # the reason stands where else it says that everything is saved
        self._view.set_hint(hint)

    # ------------------------------------------------------------------ mouse

    def press(self, point: Point, handle: Handle | None) -> bool:
        """Place a mark if a tool is armed, otherwise take hold of the mark under the mouse."""
        session = self.session
        if session is None:
            return False
        if self._placing.tool is not None:
            self._place(session, point)
            return True
        if handle is None or handle.mark_id not in session:
            session.select(None)
            return False
        session.select(handle.mark_id)
        self._drag = Drag.begun(session.mark(handle.mark_id), handle.name, point)
        return True

    def drag(self, point: Point) -> None:
        """Show where the mark would go."""
        if self._drag is not None and self.session is not None:
            image = self.session.study.image(self._drag.mark.frame.sop_instance_uid)
            self._drag = self._drag.to(point, image)
            self._draw()

    def release(self, point: Point) -> None:  # noqa: ARG002 - the last drag has been there already
        """Keep the mark where it was dragged to."""
        drag, self._drag = self._drag, None
        if drag is None or not drag.change or self.session is None:
            return
        try:
            after = self.session.move(drag.mark.mark_id, **drag.change)
        except FluoroAnnotatorError as error:
            self._say_error(error)
        else:
            self._view.set_hint(texts.MOVED.format(label=self.session.label(after)))
        self._draw()

    def _place(self, session: MarkSession, point: Point) -> None:
        frame = self._binding.frame
        if frame is None:
            return
        if self._binding.problem:
            self._view.set_hint(self._binding.problem, warning=True)
            return
        try:
            self._check_tip(session, frame, point)
            mark = self._placing.press(frame, point)
            if mark is not None:
                session.add(mark)
        except NotReady as reason:
            self._view.set_hint(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._say_error(error)
        else:
            self._placed(session, mark)
        self._draw()

    def _check_tip(self, session: MarkSession, frame: FrameRef, point: Point) -> None:
        """Refuse a tip beside the image at once, and not only when the hub is marked."""
        if self._placing.tool is Tool.NEEDLE and self._placing.tip is None:
            tip = Target(frame=frame, site=self._placing.site(), position=point)
            check_mark(tip, session.study, self._anatomy)

    def _placed(self, session: MarkSession, mark: Mark | None) -> None:
        if mark is None:
            self._rehint()
            return
        self._placing.disarm()
        self._view.set_tool(None)
        session.select(mark.mark_id)
        self._view.set_hint(texts.MARKED.format(label=session.label(mark)))

    # ------------------------------------------------------------------ editing

    def relabel_selected(self) -> None:
        """Give the selected mark the nerve and side, or the vertebra, that are chosen."""
        mark, session = self._selected(), self.session
        if mark is None or session is None:
            return
        try:
            if isinstance(mark, LevelLabel):
                after = session.relabel(mark.mark_id, vertebra=self._placing.chosen_vertebra())
            else:
                after = session.relabel(mark.mark_id, site=self._placing.site())
        except NotReady as reason:
            self._view.set_hint(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._say_error(error)
        else:
            self._view.set_hint(
                texts.RELABELLED.format(before=session.label(mark), after=session.label(after))
            )

    def delete_selected(self) -> None:
        """Delete the selected mark."""
        mark, session = self._selected(), self.session
        if mark is not None and session is not None:
            session.delete(mark.mark_id)
            self._view.set_hint(texts.DELETED.format(label=session.label(mark)))

    def undo(self) -> None:
        """Take back the last change, on whatever frame it was, and show it."""
        session = self.session
        if session is not None and session.can_undo:
            what = session.undo_text
            self._show_changes(session.undo())
            self._view.set_hint(texts.UNDONE.format(what=what))

    def redo(self) -> None:
        """Repeat the last change that was taken back, and show it."""
        session = self.session
        if session is not None and session.can_redo:
            what = session.redo_text
            self._show_changes(session.redo())
            self._view.set_hint(texts.REDONE.format(what=what))

    def export(self, path: str) -> None:
        """Write the reading to a file."""
        session = self.session
        if session is None:
            return
        try:
            count = self._export(session, Path(path))
        except FluoroAnnotatorError as error:
            self._say_error(error)
        else:
            marks = texts.plural(count, texts.ONE_MARK, texts.MARKS)
            self._view.set_hint(texts.EXPORTED.format(count=marks, path=path))

    def retry(self) -> None:
        """Try again to store what could not be stored, and to show what could not be read."""
        for _, recorder in tuple(self._open.values()):
            if recorder.state.problem:
                recorder.retry()
        if self._refusal:
            self._enter_reading()

    def _selected(self) -> Mark | None:
        session = self.session
        if session is None or session.selected is None:
            self._view.set_hint(texts.NEED_SELECTION, warning=True)
            return None
        return session.mark(session.selected)

    def _show_changes(self, changes: Sequence[Change]) -> None:
        shown = next((change.mark for change in changes if not isinstance(change.mark, Fact)), None)
        if shown is not None:
            self._go_to(shown)

    def _say_error(self, error: FluoroAnnotatorError) -> None:
        self._view.set_hint(str(error), warning=True)

    # ------------------------------------------------------------------ following

    def _on_views(self) -> None:
        self._enter_reading()

    def _on_frame(self) -> None:
        if self._placing.tip is not None and self._placing.tip[0] != self._binding.frame:
            self._placing.tip = None
            self._rehint()
        self._drag = None
        study = self._binding.current.study_uid if self._binding.current is not None else None
        if self._key is None or study != self._key[0]:
            self._enter_reading()
        else:
            self._show_views()
            self._draw()

    def _enter_reading(self) -> None:
        current = self._binding.current
        self._leave_reading()
        if current is not None:
            self._open_key((current.study_uid, self._reader))
        self._show_everything()

    def _leave_reading(self) -> None:
        self._unfollow()
        self._key = None
        self._refusal = ""
        self._drag = None
        self._placing.disarm()

    def _unfollow(self) -> None:
        session = self.session
        if session is not None:
            session.changed.disconnect(self._on_marks, missing_ok=True)
            session.selection_changed.disconnect(self._on_selection, missing_ok=True)

    def _open_key(self, key: tuple[str, str]) -> None:
        stacks = [stack for stack in self._binding.stacks if stack.study_uid == key[0]]
        record = study_record(key[0], stacks)
        try:
            session = self._opened(key, record)
        except FluoroAnnotatorError as error:
            self._refusal = texts.STORE_CLOSED.format(problem=error)
            return
        session.changed.connect(self._on_marks)
        session.selection_changed.connect(self._on_selection)
        self._key = key

    def _opened(self, key: tuple[str, str], record: StudyRecord) -> MarkSession:
        """Return the session of a reading, with the images that are open now."""
        if key not in self._open:
            self._open[key] = self._open_reading(record, key[1])
            self._open[key][1].state_changed.connect(self._on_saved)
        session, recorder = self._open[key]
        if any(image.sop_instance_uid not in session.study for image in record.images):
            session.study = session.study.merged(record)
            recorder.extend_study(session.study)
        return session

    def _on_marks(self, changes: object) -> None:  # noqa: ARG002 - everything shown is resolved anew
        self._let_go_of_changed_mark()
        self._show_marks()
        self._draw()

    def _on_selection(self, mark_id: str | None) -> None:
        self._view.set_selected(mark_id)
        if mark_id is not None and self.session is not None and self._placing.tool is None:
            self._choose_as(self.session.mark(mark_id))
        self._draw()

    def _choose_as(self, mark: Mark) -> None:
        """Choose what a mark is called, so that a new name differs from it only where somebody says so."""
        if isinstance(mark, LevelLabel):
            self._view.set_vertebra(mark.vertebra)
            return
        site = site_of(mark)
        if site is not None:
            self._view.set_nerve(site.nerve)
            self._view.set_side(site.side)

    def _let_go_of_changed_mark(self) -> None:
        """End a drag whose mark was deleted or changed meanwhile, by a key or by somebody else."""
        if self._drag is not None and self.session is not None and self._drag.mark not in self.session.marks:
            self._drag = None

    def _on_saved(self, state: SaveState) -> None:  # noqa: ARG002 - the states of all readings count
        self._show_save_state()

    # ------------------------------------------------------------------ showing

    def _show_everything(self) -> None:
        current = self._binding.current
        self._view.set_study(study_title(current) if current is not None else "")
        self._view.set_marking_enabled(self.session is not None)
        self._rehint()
        self._show_marks()
        self._draw()

    def _show_save_state(self) -> None:
        """Show the state of the reading on the screen, unless another one has changes that are not stored."""
        current = [] if self.recorder is None else [self.recorder.state]
        states = [*current, *(recorder.state for _, recorder in self._open.values())]
        told = next((state for state in states if state.pending), current[0] if current else None)
        if self._refusal:
            self._view.set_save_state(self._refusal, saved=False)
        elif told is None:
            self._view.set_save_state("", saved=True)
        else:
            marks = len(self.session.marks) if self.session is not None else 0
            self._view.set_save_state(save_text(told, marks), saved=told.saved and not told.problem)

    def _show_marks(self) -> None:
        session = self.session
        self._show_views()
        self._show_save_state()
        if session is None:
            self._view.set_marks([])
            self._view.set_undo("")
            self._view.set_redo("")
            return
        stacks = self._binding.stacks
        self._view.set_marks([mark_row(session, mark, stacks) for mark in session.marks])
        self._view.set_selected(session.selected)
        self._view.set_undo(session.undo_text)
        self._view.set_redo(session.redo_text)

    def _show_views(self) -> None:
        stacks, current = self._binding.stacks, self._binding.current
        position = next((order for order, stack in enumerate(stacks) if stack is current), None)
        self._view.set_views(view_rows(stacks, self.session), position)
        self._view.set_frame(self._shown_frame())

    def _shown_frame(self) -> str:
        stack, index = self._binding.current, self._binding.index
        return "" if stack is None else texts.SHOWN_FRAME.format(number=index + 1, count=len(stack))

    def _draw(self) -> None:
        session, frame = self.session, self._binding.frame
        if session is None or frame is None:
            self._binding.draw(())
            return
        dragged = self._drag.preview if self._drag is not None else None
        marks = [
            dragged if dragged is not None and dragged.mark_id == mark.mark_id else mark
            for mark in session.marks_on(frame)
        ]
        self._binding.draw(
            [DrawnMark(mark, session.label(mark), mark.mark_id == session.selected) for mark in marks],
            self._placing.tip_on(frame),
        )
