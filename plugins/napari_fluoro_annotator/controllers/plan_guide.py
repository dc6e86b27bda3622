"""Leading from slot to slot of a plan: one key and one press each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from psygnal import Signal

from fluoro_annotator.dicom import FrameStack
from fluoro_annotator.marks import Change, FrameRef, Mark, MarkConfidence, SlotMissing, SlotState
from fluoro_annotator.protocols import Slot
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.image_views import place_for
from napari_fluoro_annotator.controllers.plan_reading import (
    Mode,
    PlanReading,
    Status,
    neighbour_before,
    next_empty,
)
from napari_fluoro_annotator.controllers.plan_wording import all_done, doubted, slot_words
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.slot_tool import SlotTool
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.wiring import Wiring


class SlotGuide:
    """Goes from slot to slot.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    reading : PlanReading
        The plan and what has become of its slots.

    Attributes
    ----------
    turned : psygnal.Signal
        Emitted after another slot is on.
    current : str or None
        Identifier of the slot that is on.
    mode : Mode
        What comes after a mark.
    optional : bool
        Whether slots are gone through that the protocol does not demand.

    """

    turned = Signal()

    def __init__(self, desk: ReadingDesk, pointer: Pointer, reading: PlanReading) -> None:
        self._desk, self._pointer, self._reading = desk, pointer, reading
        self._tool: SlotTool | None = None
        self.current: str | None = None
        self.mode = Mode.SEQUENCE
        self.optional = False
        self._wiring = Wiring(
            ((pointer.placed, self._on_placed), (desk.selection_changed, self._on_selection))
        )

    def close(self) -> None:
        """Let go of the desk; may be called more than once."""
        self._wiring.close()

    def begin(self, *, anew: bool) -> None:
        """Turn to the first empty slot, unless there is one on already and nothing is begun anew."""
        self.current = None if anew else self.current
        if self._reading.status(self.current) is None:
            slot = next_empty(self.listed(), None)
            self.current = slot.slot_id if slot is not None else None

    def listed(self) -> list[Status]:
        """Return the slots that are gone through."""
        return self._reading.listed(optional=self.optional)

    # ------------------------------------------------------------------ going

    def go_on(self) -> None:
        """Mark the slot that is on; if its tool waits already or it is dealt with, go on to the next empty one."""
        status = self._reading.status(self.current)
        if not self._has_plan():
            return
        if status is not None and not status.done and not self.armed:
            self._take(status.slot)
            return
        listed = self.listed()
        slot = next_empty(listed, self.current) or next_empty(listed, None)
        if slot is None:
            self._finish()
        else:
            self._take(slot)

    def go_back(self) -> None:
        """Go to the slot before, empty or not."""
        if self._has_plan():
            slot = neighbour_before(self.listed(), self.current)
            if slot is not None:
                self.choose(slot.slot_id)

    def choose(self, slot_id: str) -> None:
        """Show the mark of a slot; let the next press mark it if there is none."""
        status, session = self._reading.status(slot_id), self._desk.session
        if status is None or session is None:
            return
        if not status.marks:
            self._take(status.slot)
            return
        self._pointer.disarm()
        self.turn_to(status.slot)
        session.select(status.marks[0].mark_id)
        self._desk.go_to(status.marks[0])

    def _take(self, slot: Slot, said: str = "") -> None:
        """Go to a view in which a slot can be filled, and wait for a press there."""
        self.turn_to(slot)
        led = self._lead_to(slot)
        self._arm(slot)
        if led:
            self.say_hint(said)
        else:
            self._say_no_image(slot, said)

    def say_what_to_press(self, said: str) -> None:
        """Say what to press on after what was said, unless a press on the image shown would be refused."""
        frame = self._desk.frame
        if self._tool is None or frame is None or not self._problem_on(frame):
            self.say_hint(said)
        elif self._place_for(self._tool.slot) is None:
            self._say_no_image(self._tool.slot, said)

    def _say_no_image(self, slot: Slot, said: str) -> None:
        key = SHOWN["slot_not_visible"]
        text = texts.PLAN_NO_IMAGE.format(what=slot_words(self._reading, slot), key=key)
        self._desk.say(f"{said} {text}".strip(), warning=True)

    def _arm(self, slot: Slot) -> None:
        done, total = self._reading.progress
        lead = texts.PLAN_LEAD.format(done=done, total=total)
        if self._reading.doubt:
            lead = f"{lead} {texts.PLAN_DOUBT_LEAD.format(doubt=self._reading.doubt)}"
        self._tool = SlotTool(slot, self._desk.anatomy, self._problem_on, lead)
        if not self._pointer.arm(self._tool):
            self._tool = None

    def _problem_on(self, frame: FrameRef) -> str:
        return self._reading.problem(self._tool.slot, frame) if self._tool is not None else ""

    def say_hint(self, said: str = "") -> None:
        """Say what to press on, after what was said before."""
        if self._tool is not None:
            self._desk.say(f"{said} {self._tool.hint()}".strip())

    @property
    def armed(self) -> bool:
        """Whether a press is awaited for the slot that is on."""
        return self._tool is not None and self._pointer.tool is self._tool

    def turn_to(self, slot: Slot) -> None:
        """Let a slot be the one that is on."""
        self.current = slot.slot_id
        self.turned.emit()

    def _lead_to(self, slot: Slot) -> bool:
        """Show a frame on which a slot can be filled; return whether there is one."""
        frame = self._desk.frame
        if frame is None:
            return False
        if not self._reading.problem(slot, frame):
            return True
        place = self._place_for(slot)
        if place is None:
            return False
        stack, index = place
        self._desk.binding.show(stack, None if len(stack.images) == 1 else index)
        return True

    def _place_for(self, slot: Slot) -> tuple[FrameStack, int] | None:
        """Return a frame on which a slot can be filled, of an image that is open."""
        session, plan = self._desk.session, self._reading.plan
        if session is None or plan is None:
            return None
        stacks = [stack for stack in self._desk.binding.stacks if stack.study_uid == session.study.uid]
        return place_for(slot, stacks, session, plan.protocol)

    def _on_placed(self, mark: Mark) -> None:
        """Go on after a mark of the plan, the way the reader wants it."""
        if self._tool is None or self._tool.made is not mark:
            return
        slot, session = self._tool.slot, self._desk.session
        said = texts.MARKED.format(label=session.label(mark)) if session is not None else ""
        if self.mode is Mode.SEQUENCE:
            self._go_on(said)
        elif self.mode is Mode.LOOP and mark.frame == self._desk.frame:
            self._next_frame(slot, said)

    def _go_on(self, said: str) -> None:
        """Go on with the next empty slot after something was marked or said."""
        self._pointer.disarm()
        listed = self.listed()
        slot = next_empty(listed, self.current)
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
        text, warning = all_done(self._reading)
        self._desk.say(f"{said} {text}".strip(), warning=warning)

    def _next_frame(self, slot: Slot, said: str) -> None:
        """Mark the same on the next frame of the view."""
        binding = self._desk.binding
        stack, index = binding.current, binding.index + 1
        if stack is None or index >= len(stack):
            self._desk.say(f"{said} {texts.PLAN_LAST_FRAME}".strip())
            return
        binding.show(stack, index)
        self._arm(slot)
        self.say_hint(said)

    # ------------------------------------------------------------------ saying why nothing is marked

    def doubt(self) -> None:
        """Say that the reader is unsure: of the mark, or where to mark."""
        status, session = self._reading.status(self.current), self._desk.session
        if status is None or session is None or not status.marks:
            self.leave_empty(SlotMissing.UNSURE)
            return
        doubted = [mark for mark in status.marks if hasattr(mark, "confidence")]
        if not doubted:
            self._desk.say(texts.PLAN_CANNOT_BE_UNSURE, warning=True)
            return
        changes = [Change(mark, _unsure(mark)) for mark in doubted]
        if self._desk.keep(lambda: session.edit(changes)):
            self._desk.say(texts.PLAN_SAID_UNSURE.format(what=slot_words(self._reading, status.slot)))

    def leave_empty(self, state: SlotMissing) -> None:
        """Say why nothing is marked in the slot that is on."""
        status, session = self._reading.status(self.current), self._desk.session
        if not self._has_plan() or session is None:
            return
        if status is None:
            self._desk.say(texts.PLAN_NO_SLOT.format(key=SHOWN["next_slot"]), warning=True)
        elif status.marks:
            self._desk.say(texts.PLAN_IS_MARKED, warning=True)
        elif self._desk.keep(lambda: session.put(SlotState(slot_id=status.slot.slot_id, state=state))):
            word = texts.PLAN_STATES[state.value]
            label = doubted(self._reading, status.slot.label)
            said = texts.PLAN_SAID.format(label=label, state=word)
            if self.mode is Mode.SEQUENCE:
                self._go_on(said)
            else:
                self._pointer.disarm()
                self._desk.say(said)

    def _on_selection(self, mark_id: str | None) -> None:
        """Turn to the slot of a mark that is selected, unless a press is awaited for another one."""
        if mark_id is None or self._pointer.tool is not None:
            return
        slot = self._reading.slot_of(mark_id)
        if slot is not None:
            self.turn_to(slot)

    def _has_plan(self) -> bool:
        if self._reading.plan is None:
            followed = self._reading.followed
            self._desk.say(followed.problem if followed is not None else texts.PLAN_NONE, warning=True)
        return self._reading.plan is not None


def _unsure(mark: Any) -> Mark:
    """Return a mark of whose place the reader is unsure."""
    doubted: Mark = replace(mark, confidence=MarkConfidence.UNSURE)
    return doubted
