"""The controller of the Annotate panel: choices, tools and the table of marks."""

from __future__ import annotations

from collections.abc import Sequence

from fluoro_annotator.anatomy import Evidence, Side, Site
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import (
    Change,
    Fact,
    Landmark,
    LevelLabel,
    Mark,
    MarkSession,
    Numbering,
    Role,
    site_of,
)
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.placing import NotReady, Placing, Tool
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.protocols import AnnotateViewProtocol, Choice
from napari_fluoro_annotator.controllers.wording import mark_row, view_rows
from napari_fluoro_annotator.studies import study_title
from napari_fluoro_annotator.wiring import Wires, Wiring


class AnnotateController:
    """What the Annotate panel does.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    view : AnnotateViewProtocol
        The widget.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer, view: AnnotateViewProtocol) -> None:
        self._desk = desk
        self._binding = desk.binding
        self._pointer = pointer
        self._view = view
        self._anatomy = desk.anatomy
        self._placing = Placing(self._anatomy)
        self._offer_choices()
        self._wiring = Wiring(self._wires())
        self._on_reading()

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
        self._view.set_reader(self._desk.reader)

    def _wires(self) -> Wires:
        view, desk = self._view, self._desk
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
            (view.retry_requested, desk.retry),
            (view.retry_due, desk.retry_waiting),
            (view.hidden, self._put_away),
            (self._pointer.tool_changed, self._on_tool),
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
            (desk.selection_changed, self._on_selection),
            (desk.saved_changed, self._show_save_state),
            (desk.said, self._on_said),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    @property
    def session(self) -> MarkSession | None:
        """The reading of the study that is shown."""
        return self._desk.session

    # ------------------------------------------------------------------ choosing

    def chosen_site(self) -> Site:
        """Return the nerve and side that are chosen; raises `NotReady` if they are not."""
        return self._placing.site()

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
        self._desk.go_to(session.mark(mark_id))

    def change_reader(self, name: str) -> None:
        """Go on as another reader, with that reader's own marks."""
        self._desk.change_reader(name)
        self._view.set_reader(self._desk.reader)

    # ------------------------------------------------------------------ tools

    def choose_tool(self, tool: str) -> None:
        """Arm a tool, or put it away if it is armed already."""
        if not tool or self._armed() == tool:
            self._put_away()
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
        """Put the tool away; a tip without a hub is forgotten. If none waits, let go of the selected mark."""
        if self.session is not None and self._pointer.tool is None and not self._pointer.dragging:
            self.session.select(None)
        self._put_away()

    def _put_away(self) -> None:
        self._pointer.disarm()
        self._rehint()

    def _arm(self, tool: Tool) -> None:
        self._pointer.disarm()
        if self.session is None:
            self._desk.say(self._desk.refusal or texts.NEED_VIEW, warning=True)
            return
        try:
            self._placing.prepare(tool)
        except NotReady as reason:
            self._desk.say(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            if self._pointer.arm(self._placing):
                self._rehint()

    def _armed(self) -> Tool | None:
        return self._placing.tool if self._pointer.tool is self._placing else None

    def _rehint(self) -> None:
        try:
            hint = self._placing.hint()
        except (NotReady, FluoroAnnotatorError):
            self._pointer.disarm()
            hint = self._placing.hint()
        if self._pointer.tool is not None and self._pointer.tool is not self._placing:
            return  # a tool of another panel says what it waits for
        if self._binding.current is None:
            hint = texts.NO_STUDY
        elif self._desk.refusal:
            hint = ""  # the reason stands where else it says that everything is saved
        self._desk.say(hint)

    # ------------------------------------------------------------------ editing

    def relabel_selected(self) -> None:
        """Give the selected mark the nerve and side, or the vertebra, that are chosen."""
        mark, session = self._selected(), self.session
        if mark is None or session is None:
            return
        try:
            if isinstance(mark, LevelLabel | Landmark):
                after = session.relabel(mark.mark_id, vertebra=self._placing.chosen_vertebra())
            else:
                after = session.relabel(mark.mark_id, site=self._placing.site())
        except NotReady as reason:
            self._desk.say(str(reason), warning=True)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            self._desk.say(texts.RELABELLED.format(before=session.label(mark), after=session.label(after)))

    def delete_selected(self) -> None:
        """Delete the selected mark."""
        mark, session = self._selected(), self.session
        if mark is None or session is None:
            return
        if self._desk.keep(lambda: session.delete(mark.mark_id)):
            self._desk.say(texts.DELETED.format(label=session.label(mark)))

    def undo(self) -> None:
        """Take back the last change, on whatever frame it was, and show it."""
        session = self.session
        if session is not None and session.submitted:
            self._desk.keep(session.undo)
        elif session is not None and session.can_undo:
            what = session.undo_text
            self._show_changes(session.undo())
            self._desk.say(texts.UNDONE.format(what=what))

    def redo(self) -> None:
        """Repeat the last change that was taken back, and show it."""
        session = self.session
        if session is not None and session.submitted:
            self._desk.keep(session.redo)
        elif session is not None and session.can_redo:
            what = session.redo_text
            self._show_changes(session.redo())
            self._desk.say(texts.REDONE.format(what=what))

    def ask_for_export(self) -> None:
        """Ask where to export to."""
        if self.session is None:
            self._desk.say(self._desk.refusal or texts.NEED_VIEW, warning=True)
        else:
            self._view.ask_for_export()

    def _selected(self) -> Mark | None:
        session = self.session
        if session is None or session.selected is None:
            self._desk.say(texts.NEED_SELECTION, warning=True)
            return None
        return session.mark(session.selected)

    def _show_changes(self, changes: Sequence[Change]) -> None:
        shown = next((change.mark for change in changes if not isinstance(change.mark, Fact)), None)
        if shown is not None:
            self._desk.go_to(shown)

    # ------------------------------------------------------------------ following

    def _on_said(self, text: str, warning: bool) -> None:
        self._view.set_hint(text, warning=warning)

    def _on_tool(self) -> None:
        self._view.set_tool(self._armed())

    def _on_reading(self) -> None:
        current = self._binding.current
        self._view.set_study(study_title(current) if current is not None else "")
        self._view.set_login(self._login_text())
        self._view.set_marking_enabled(self.session is not None)
        self._on_tool()
        self._rehint()
        self._show_all_marks()

    def _login_text(self) -> str:
        """Return what is said beside the reader's name where a server knows who reads, and as what."""
        if not self._desk.login:
            return ""
        role = Role.NOT_STATED if self.session is None else self.session.reading.role
        return texts.LOGIN if role is Role.NOT_STATED else texts.LOGIN_AS.format(role=role.value)

    def _on_frame(self) -> None:
        if self._binding.playing:
            self._view.set_frame(self._shown_frame())
        else:
            self._show_views()

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        session = self.session
        if session is None:
            return
        if any(isinstance(change.mark, Numbering) for change in changes):
            self._show_all_marks()  # the doubt about the levels is part of every name
            return
        for change in changes:
            self._show_change(session, change)
        self._show_state(session)

    def _show_change(self, session: MarkSession, change: Change) -> None:
        """Show what became of one mark; the others stay as they are in the list."""
        after = change.after
        if after is None:
            self._view.remove_mark(change.mark_id)
        elif not isinstance(after, Fact):
            self._view.put_mark(mark_row(session, after, self._binding.stacks))

    def _show_all_marks(self) -> None:
        session = self.session
        if session is None:
            self._view.set_marks([])
            self._view.set_undo("")
            self._view.set_redo("")
            self._show_views()
            self._show_save_state()
            return
        stacks = self._binding.stacks
        self._view.set_marks([mark_row(session, mark, stacks) for mark in session.marks])
        self._show_state(session)

    def _show_state(self, session: MarkSession) -> None:
        self._show_views()
        self._show_save_state()
        self._view.set_selected(session.selected)
        self._view.set_undo(session.undo_text)
        self._view.set_redo(session.redo_text)

    def _on_selection(self, mark_id: str | None) -> None:
        self._view.set_selected(mark_id)
        if mark_id is not None and self.session is not None and self._pointer.tool is None:
            self._choose_as(self.session.mark(mark_id))

    def _choose_as(self, mark: Mark) -> None:
        """Choose what a mark is called, so that a new name differs from it only where somebody says so."""
        if isinstance(mark, LevelLabel | Landmark):
            self._view.set_vertebra(mark.vertebra)
            return
        site = site_of(mark)
        if site is not None:
            self._view.set_nerve(site.nerve)
            self._view.set_side(site.side)

    # ------------------------------------------------------------------ showing

    def _show_save_state(self) -> None:
        text, saved = self._desk.saved_text()
        self._view.set_save_state(text, saved=saved)

    def _show_views(self) -> None:
        stacks, current = self._binding.stacks, self._binding.current
        position = next((order for order, stack in enumerate(stacks) if stack is current), None)
        self._view.set_views(view_rows(stacks, self.session), position)
        self._view.set_frame(self._shown_frame())

    def _shown_frame(self) -> str:
        stack, index = self._binding.current, self._binding.index
        return "" if stack is None else texts.SHOWN_FRAME.format(number=index + 1, count=len(stack))
