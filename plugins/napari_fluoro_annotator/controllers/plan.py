"""The controller of the Plan panel: leads through the slots of a protocol, one key and one press each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import Ruler
from fluoro_annotator.marks import (
    Change,
    FrameRef,
    Mark,
    MarkConfidence,
    MarkKind,
    MarkSession,
    PlanChoice,
    Record,
    SlotMissing,
    SlotState,
    ViewAssignment,
)
from fluoro_annotator.protocols import ProtocolLibrary, Slot, load_protocols
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.image_views import (
    from_key,
    image_at,
    place_for,
    view_title,
)
from napari_fluoro_annotator.controllers.plan_figures import FrameMarks, figures
from napari_fluoro_annotator.controllers.plan_protocols import PlanViewProtocol
from napari_fluoro_annotator.controllers.plan_reading import (
    Mode,
    PlanReading,
    Status,
    alters_slots,
    neighbour_before,
    next_empty,
)
from napari_fluoro_annotator.controllers.plan_setup import PlanSetup
from napari_fluoro_annotator.controllers.plan_wording import (
    image_entries,
    instruction,
    slot_row,
    slot_words,
    summary,
)
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.slot_tool import SlotTool
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.keys import SHOWN


class PlanController:
    """What the Plan panel does.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    view : PlanViewProtocol
        The widget.
    load : callable
        Reads the protocols that are installed.

    """

    def __init__(
        self,
        desk: ReadingDesk,
        pointer: Pointer,
        view: PlanViewProtocol,
        *,
        load: Callable[[], ProtocolLibrary] = load_protocols,
    ) -> None:
        self._desk, self._pointer, self._view = desk, pointer, view
        self._setup = PlanSetup(view, desk.anatomy, load)
        self._reading = PlanReading(desk, self._setup.library)
        self._session: MarkSession | None = None
        self._current: str | None = None
        self._tool: SlotTool | None = None
        self._mode = Mode.SEQUENCE
        self._optional = self._bands = self._seen = self._choosing = False
        pointer.add_backdrop(self.lines)
        for signal, slot in self._wires():
            signal.connect(slot)
        self._on_reading()

    def _wires(self) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
        view, desk = self._view, self._desk
        return (
            (self._setup.decided, self.follow),
            (view.slot_chosen, self.choose_slot),
            (view.view_assigned, self.assign_view),
            (view.mode_chosen, self.choose_mode),
            (view.optional_toggled, self.list_optional),
            (view.bands_toggled, self.show_bands),
            (view.start_requested, self.next_slot),
            (view.previous_requested, self.previous_slot),
            (view.not_visible_requested, self.slot_not_visible),
            (view.not_applicable_requested, self.slot_not_applicable),
            (view.unsure_requested, self.slot_unsure),
            (view.change_requested, self.change_plan),
            (view.back_requested, self.back_to_list),
            (view.go_on_requested, self.follow_today),
            (view.shown, self._on_shown),
            (self._pointer.placed, self._on_placed),
            (desk.reading_changed, self._on_reading),
            (desk.frame_changed, self._on_frame),
            (desk.marks_changed, self._on_marks),
            (desk.selection_changed, self._on_selection),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        for signal, slot in self._wires():
            signal.disconnect(slot, missing_ok=True)
        self._setup.close()

    # ------------------------------------------------------------------ the plan

    def follow(self, choice: PlanChoice) -> None:
        """Keep a plan with the reading, in place of another one, and list its slots."""
        session = self._desk.session
        if session is None:
            self._desk.say(texts.PLAN_NO_STUDY, warning=True)
            return
        others = [
            other for other in session.records_of(MarkKind.PLAN_CHOICE) if other.mark_id != choice.mark_id
        ]
        before = session.find(choice.mark_id)
        changes = [Change(before, choice), *(Change(other, None) for other in others)]
        if self._kept(lambda: session.edit(changes)):
            self._choosing = False
            self._take_up()
            self._say_where()

    def follow_today(self) -> None:
        """Go on by the protocol as it is today; marks stay as they are."""
        followed = self._reading.followed
        present = None if followed is None or followed.comparison is None else followed.comparison.present
        if followed is not None and present is not None:
            self.follow(replace(followed.choice, version=present.version, content_hash=present.content_hash))

    def change_plan(self) -> None:
        """Choose anew; what is followed now stays until something else is."""
        followed = self._reading.followed
        self._choosing = True
        self._setup.offer(followed.choice if followed is not None else None)
        self._show_plan()

    def back_to_list(self) -> None:
        """Choose nothing else."""
        self._choosing = False
        self._show_plan()

    # ------------------------------------------------------------------ going from slot to slot

    def next_slot(self) -> None:
        """Mark the slot that is on; if its tool waits already or it is dealt with, go on to the next empty one."""
        status = self._reading.status(self._current)
        if not self._has_plan():
            return
        if status is not None and not status.done and not self._armed():
            self._take(status.slot)
            return
        listed = self._listed()
        slot = next_empty(listed, self._current) or next_empty(listed, None)
        if slot is None:
            self._finish()
        else:
            self._take(slot)

    def previous_slot(self) -> None:
        """Go to the slot before, empty or not."""
        if self._has_plan():
            slot = neighbour_before(self._listed(), self._current)
            if slot is not None:
                self.choose_slot(slot.slot_id)

    def choose_slot(self, slot_id: str) -> None:
        """Show the mark of a slot; let the next press mark it if there is none."""
        status, session = self._reading.status(slot_id), self._desk.session
        if status is None or session is None:
            return
        if not status.marks:
            self._take(status.slot)
            return
        self._pointer.disarm()
        self._turn_to(status.slot)
        session.select(status.marks[0].mark_id)
        self._desk.go_to(status.marks[0])

    def _take(self, slot: Slot, said: str = "") -> None:
        """Go to a view in which a slot can be filled, and wait for a press there."""
        self._turn_to(slot)
        led = self._lead_to(slot)
        self._arm(slot)
        if led:
            self._say_hint(said)
        else:
            key = SHOWN["slot_not_visible"]
            text = texts.PLAN_NO_IMAGE.format(what=slot_words(self._reading, slot), key=key)
            self._desk.say(f"{said} {text}".strip(), warning=True)

    def _arm(self, slot: Slot) -> None:
        done, total = self._reading.progress
        lead = texts.PLAN_LEAD.format(done=done, total=total)
        self._tool = SlotTool(slot, self._desk.anatomy, self._problem_on, lead)
        self._pointer.arm(self._tool)

    def _problem_on(self, frame: FrameRef) -> str:
        return self._reading.problem(self._tool.slot, frame) if self._tool is not None else ""

    def _say_hint(self, said: str = "") -> None:
        if self._tool is not None:
            self._desk.say(f"{said} {self._tool.hint()}".strip())

    def _armed(self) -> bool:
        return self._tool is not None and self._pointer.tool is self._tool

    def _turn_to(self, slot: Slot) -> None:
        self._current = slot.slot_id
        self._show_current()

    def _lead_to(self, slot: Slot) -> bool:
        """Show a frame on which a slot can be filled; return whether there is one."""
        frame, session, plan = self._desk.frame, self._desk.session, self._reading.plan
        if frame is None or session is None or plan is None:
            return False
        if not self._reading.problem(slot, frame):
            return True
        stacks = [stack for stack in self._desk.binding.stacks if stack.study_uid == session.study.uid]
        place = place_for(slot, stacks, session, plan.protocol)
        if place is None:
            return False
        stack, index = place
        self._desk.binding.show(stack, None if len(stack.images) == 1 else index)
        return True

    def _on_placed(self, mark: Mark) -> None:
        """Go on after a mark of the plan, the way the reader wants it."""
        if self._tool is None or self._tool.made is not mark:
            return
        slot, session = self._tool.slot, self._desk.session
        said = texts.MARKED.format(label=session.label(mark)) if session is not None else ""
        if self._mode is Mode.SEQUENCE:
            self._go_on(said)
        elif self._mode is Mode.LOOP:
            self._next_frame(slot, said)

    def _go_on(self, said: str) -> None:
        """Go on with the next empty slot after something was marked or said."""
        self._pointer.disarm()
        listed = self._listed()
        slot = next_empty(listed, self._current)
        if slot is not None:
            self._take(slot, said)
            return
        before = sum(not status.done for status in listed)
        if before:
            text = texts.PLAN_NONE_AFTER.format(count=before, key=SHOWN["next_slot"])
            self._desk.say(f"{said} {text}".strip())
        else:
            self._finish(said)

    def _finish(self, said: str = "") -> None:
        self._pointer.disarm()
        text = texts.PLAN_ALL_DONE.format(total=self._reading.progress[1])
        self._desk.say(f"{said} {text}".strip())

    def _next_frame(self, slot: Slot, said: str) -> None:
        """Mark the same on the next frame of the view."""
        binding = self._desk.binding
        stack, index = binding.current, binding.index + 1
        if stack is None or index >= len(stack):
            self._desk.say(f"{said} {texts.PLAN_LAST_FRAME}".strip())
            return
        binding.show(stack, index)
        self._arm(slot)
        self._say_hint(said)

    # ------------------------------------------------------------------ saying why nothing is marked

    def slot_not_visible(self) -> None:
        """Say that what the slot asks for cannot be seen."""
        self._say_missing(SlotMissing.NOT_VISIBLE)

    def slot_not_applicable(self) -> None:
        """Say that the slot does not apply."""
        self._say_missing(SlotMissing.NOT_APPLICABLE)

    def slot_unsure(self) -> None:
        """Say that the reader is unsure: of the mark, or where to mark."""
        status, session = self._reading.status(self._current), self._desk.session
        if status is None or session is None or not status.marks:
            self._say_missing(SlotMissing.UNSURE)
            return
        doubted = [mark for mark in status.marks if hasattr(mark, "confidence")]
        if not doubted:
            self._desk.say(texts.PLAN_CANNOT_BE_UNSURE, warning=True)
            return
        changes = [Change(mark, _unsure(mark)) for mark in doubted]
        if self._kept(lambda: session.edit(changes)):
            self._desk.say(texts.PLAN_SAID_UNSURE.format(what=slot_words(self._reading, status.slot)))

    def _say_missing(self, state: SlotMissing) -> None:
        status, session = self._reading.status(self._current), self._desk.session
        if not self._has_plan() or session is None:
            return
        if status is None:
            self._desk.say(texts.PLAN_NO_SLOT.format(key=SHOWN["next_slot"]), warning=True)
        elif status.marks:
            self._desk.say(texts.PLAN_IS_MARKED, warning=True)
        elif self._kept(lambda: session.put(SlotState(slot_id=status.slot.slot_id, state=state))):
            word = texts.PLAN_STATES[state.value]
            said = texts.PLAN_SAID.format(state=word)
            if self._mode is Mode.SEQUENCE:
                self._go_on(said)
            else:
                self._pointer.disarm()
                self._desk.say(said)

    def _kept(self, edit: Callable[[], object]) -> bool:
        """Make an edit; say why if it is refused, and return whether it was made."""
        try:
            edit()
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return False
        return True

    # ------------------------------------------------------------------ which view an image is

    def assign_view(self, key: str) -> None:
        """Note which view the images on the screen are; an empty key takes back what was said."""
        session, stack = self._desk.session, self._desk.stack
        plan = self._reading.plan
        if session is None or stack is None or plan is None:
            return
        view, side = from_key(key)
        wanted: dict[str, Record | None] = {
            image.sop_instance_uid: ViewAssignment(
                sop_instance_uid=image.sop_instance_uid, view=view, side=side
            )
            if key
            else None
            for image in stack.images
        }
        pairs = [(session.find(f"view:{uid}"), after) for uid, after in wanted.items()]
        changes = [Change(before, after) for before, after in pairs if before != after]
        if not changes or not self._kept(lambda: session.edit(changes)):
            return
        title = view_title(plan.protocol, view, side)
        self._desk.say(texts.PLAN_ASSIGNED.format(view=title) if key else texts.PLAN_UNASSIGNED)
        if self._armed():
            self._say_hint(texts.PLAN_ASSIGNED.format(view=title) if key else texts.PLAN_UNASSIGNED)

    # ------------------------------------------------------------------ choosing how

    def choose_mode(self, mode: str) -> None:
        """Take what comes after a mark."""
        self._mode = Mode(mode)

    def list_optional(self, wanted: bool) -> None:
        """List slots that the protocol does not demand, or not."""
        self._optional = wanted
        self._show_slots()

    def show_bands(self, wanted: bool) -> None:
        """Show acceptance bands before anything is marked, or not."""
        self._bands = wanted
        self._pointer.redraw()

    def lines(self, frame: FrameRef) -> Sequence[DrawnLine]:
        """Return the figures, safety lines and bands of a frame."""
        session, plan = self._desk.session, self._reading.plan
        if session is None or plan is None:
            return ()
        uid = frame.sop_instance_uid
        shown = self._reading.shown(uid)
        if shown is None:
            return ()
        ruler = Ruler(session.scale(uid))
        return figures(plan, FrameMarks(session.marks_on(frame), ruler, shown.view, self._bands))

    # ------------------------------------------------------------------ following

    def _on_shown(self) -> None:
        """Offer protocols when somebody looks at the page for the first time."""
        if not self._seen:
            self._seen = True
            if self._reading.followed is None:
                self._setup.offer(None)

    def _on_reading(self) -> None:
        another = self._desk.session is not self._session
        if another:
            self._session, self._current, self._choosing = self._desk.session, None, False
        self._tool = None
        self._take_up()
        if another and self._reading.followed is not None:
            self._say_where()
        elif self._seen and self._reading.followed is None:
            self._setup.offer(None)

    def _take_up(self) -> None:
        """Take up the plan of the reading, where it was left."""
        self._reading.take_up()
        if self._reading.status(self._current) is None:
            slot = next_empty(self._listed(), None)
            self._current = slot.slot_id if slot is not None else None
        self._show_plan()

    def _on_frame(self) -> None:
        if not self._desk.binding.playing:
            self._show_image_view()

    def _on_marks(self, changes: tuple[Change, ...]) -> None:
        if any(change.mark.kind is MarkKind.PLAN_CHOICE for change in changes):
            self._take_up()
        elif self._reading.plan is not None and any(alters_slots(change) for change in changes):
            self._reading.refresh()
            self._show_slots()
            if any(change.mark.kind is MarkKind.VIEW_ASSIGNMENT for change in changes):
                self._show_image_view()
                self._pointer.redraw()

    def _on_selection(self, mark_id: str | None) -> None:
        """Turn to the slot of a mark that is selected, unless a press is awaited for another one."""
        if mark_id is None or self._pointer.tool is not None:
            return
        slot = self._reading.slot_of(mark_id)
        if slot is not None:
            self._turn_to(slot)

    # ------------------------------------------------------------------ showing

    def _show_plan(self) -> None:
        followed = self._reading.followed
        self._view.set_enabled(self._desk.session is not None)
        self._view.set_setup_open(self._choosing or followed is None, back=followed is not None)
        if followed is not None:
            self._view.set_summary(*summary(followed))
        self._show_slots()
        self._show_image_view()

    def _show_slots(self) -> None:
        self._view.set_slots(
            [slot_row(self._reading, self._desk.anatomy, status) for status in self._listed()]
        )
        self._view.set_progress(*self._reading.progress)
        self._show_current()

    def _show_current(self) -> None:
        status = self._reading.status(self._current)
        if status is None:
            self._view.set_current("", "")
            return
        slot = status.slot
        self._view.set_current(slot.slot_id, instruction(self._reading, slot))

    def _show_image_view(self) -> None:
        stack = self._desk.stack
        if stack is None:
            self._view.set_image_views([], "")
        else:
            self._view.set_image_views(
                *image_entries(self._reading, image_at(stack, self._desk.binding.index))
            )

    def _say_where(self) -> None:
        """Say how far the plan has got and how to go on, or what has become of its protocol."""
        followed, status = self._reading.followed, self._reading.status(self._current)
        problem = summary(followed)[1] if followed is not None else ""
        if problem or status is None:
            self._desk.say(
                problem or texts.PLAN_ALL_DONE.format(total=self._reading.progress[1]), warning=bool(problem)
            )
            return
        done, total = self._reading.progress
        what, key = slot_words(self._reading, status.slot), SHOWN["next_slot"]
        self._desk.say(texts.PLAN_RESUMED.format(done=done, total=total, key=key, what=what))

    def _listed(self) -> list[Status]:
        return self._reading.listed(optional=self._optional)

    def _has_plan(self) -> bool:
        if self._reading.plan is None:
            followed = self._reading.followed
            self._desk.say(followed.problem if followed is not None else texts.PLAN_NONE, warning=True)
        return self._reading.plan is not None


def _unsure(mark: Any) -> Mark:
    """Return a mark of whose place the reader is unsure."""
    doubted: Mark = replace(mark, confidence=MarkConfidence.UNSURE)
    return doubted
