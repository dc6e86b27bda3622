"""Needles as instruments, and the tools for courses, zones and landmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import (
    Change,
    FrameRef,
    Mark,
    MarkSession,
    Needle,
    NeedleStatus,
    new_mark_id,
)
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.active_tip import active_tip_bar
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.needle_groups import (
    is_same_thing,
    marks_of,
    other_needles,
    same_instrument,
)
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.shape_tools import ShapeTools
from napari_fluoro_annotator.controllers.wording import where_text
from napari_fluoro_annotator.drawing import DrawnLine
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.wiring import Wires, Wiring

OWN = ""
"""Key of the choice that a needle is none of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleShown:
    """What the panel shows of the selected needle.

    Attributes
    ----------
    title : str
        Which needle it is, and on how many frames it is marked.
    gauge : int or None
        Size.
    length_mm, active_tip_mm : float or None
        In mm.
    status : str
        What is done with it on this frame; empty if not stated.
    note : str
        How the active tip is drawn, or why it is not.
    others : sequence of Choice
        Needles of this nerve and side that it may be the same as; key and words.
    same : str
        Key of the needle it is the same as, `OWN` for none.

    """

    title: str
    gauge: int | None
    length_mm: float | None
    active_tip_mm: float | None
    status: str
    note: str
    others: Sequence[Choice]
    same: str


class NeedlesViewProtocol(Protocol):
    """The Needle page as the controller sees it."""

    gauge_chosen: SignalInstance
    length_entered: SignalInstance
    active_tip_entered: SignalInstance
    status_chosen: SignalInstance
    same_chosen: SignalInstance
    copy_requested: SignalInstance

    def set_needle(self, needle: NeedleShown | None) -> None:
        """Show the selected needle."""


class NeedlesController:
    """What the Needle page does.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who answers presses.
    view : NeedlesViewProtocol
        The widget.
    shapes : ShapeTools
        The tools for shapes and landmarks on the same page; closed with this.

    """

    def __init__(
        self, desk: ReadingDesk, pointer: Pointer, view: NeedlesViewProtocol, shapes: ShapeTools
    ) -> None:
        self._desk, self._pointer, self._view, self._shapes = desk, pointer, view, shapes
        pointer.add_backdrop(self.active_tips)
        self._wiring = Wiring(self._wires())
        self._show()

    def _wires(self) -> Wires:
        view, desk, pointer = self._view, self._desk, self._pointer
        return (
            (view.gauge_chosen, self.choose_gauge),
            (view.length_entered, self.enter_length),
            (view.active_tip_entered, self.enter_active_tip),
            (view.status_chosen, self.choose_status),
            (view.same_chosen, self.choose_same),
            (view.copy_requested, self.copy_on),
            (pointer.placed, self._on_placed),
            (desk.reading_changed, self._show),
            (desk.marks_changed, self._on_marks),
            (desk.selection_changed, self._on_selection),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()
        self._shapes.close()

    # ------------------------------------------------------------------ tools

    def arm_course(self) -> None:
        """Let presses draw the course of the chosen nerve."""
        self._shapes.arm("course")

    def arm_zone(self) -> None:
        """Let presses draw the zone of the chosen nerve as a polygon."""
        self._shapes.arm("zone")

    def arm_ellipse(self) -> None:
        """Let three presses draw the zone of the chosen nerve as an ellipse."""
        self._shapes.arm("ellipse")

    def arm_landmark(self) -> None:
        """Let the next press mark the chosen landmark."""
        self._shapes.arm("landmark")

    # ------------------------------------------------------------------ the instrument

    def choose_gauge(self, gauge: int) -> None:
        """Say which size the selected needle has, on all its frames; 0 for not stated."""
        self._set_instrument(gauge=gauge or None)

    def enter_length(self, length: float) -> None:
        """Say how long the selected needle is, in mm, on all its frames; 0 for not stated."""
        self._set_instrument(length_mm=length or None)

    def enter_active_tip(self, length: float) -> None:
        """Say how long its active tip is, in mm, on all its frames; 0 for not stated."""
        self._set_instrument(active_tip_mm=length or None)

    def _set_instrument(self, **properties: Any) -> None:
        session, needle = self._desk.session, self._needle()
        if session is None or needle is None:
            return
        self._edit(
            session,
            lambda: [Change(one, replace(one, **properties)) for one in marks_of(session, needle.needle_id)],
            texts.STEP_INSTRUMENT,
        )

    def choose_status(self, status: str) -> None:
        """Say what is done with the selected needle on this frame; empty for not stated."""
        session, needle = self._desk.session, self._needle()
        if session is None or needle is None:
            return
        state = NeedleStatus(status) if status else None
        self._edit(session, lambda: [Change(needle, replace(needle, status=state))], texts.STEP_STATUS)

    def _edit(self, session: MarkSession, changes: Callable[[], list[Change]], what: str) -> None:
        try:
            session.edit(changes(), what)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            self._show()

    # ------------------------------------------------------------------ which needle it is

    def same_needle(self) -> None:
        """Say that the selected needle is the one of its nerve and side that was marked last before it."""
        session, needle = self._desk.session, self._needle()
        if session is None or needle is None:
            self._desk.say(texts.NEED_NEEDLE, warning=True)
            return
        others = other_needles(session, needle)
        if others:
            self.choose_same(others[-1].needle_id)
        else:
            self._desk.say(texts.NO_OTHER_NEEDLE, warning=True)

    def choose_same(self, needle_id: str) -> None:
        """Say that the selected needle is the same as another, or none of them (empty)."""
        session, needle = self._desk.session, self._needle()
        if session is None or needle is None or needle_id == needle.needle_id:
            return
        if needle_id == OWN:
            after = replace(needle, needle_id=new_mark_id())
            self._edit(session, lambda: [Change(needle, after)], texts.STEP_OWN_NEEDLE)
            self._desk.say(texts.NEEDLE_OF_ITS_OWN)
            return
        other = marks_of(session, needle_id)[-1]
        self._edit(session, lambda: [Change(needle, same_instrument(needle, other))], texts.STEP_SAME_NEEDLE)
        self._desk.say(texts.NEEDLE_SAME.format(where=self._where(other.frame)))

    def copy_on(self) -> None:
        """Copy the selected mark to the next frame of the view, and show it there."""
        session, stack = self._desk.session, self._desk.stack
        if session is None or stack is None or session.selected is None:
            self._desk.say(texts.NEED_SELECTION, warning=True)
            return
        mark, index = session.mark(session.selected), self._desk.binding.index
        if mark.frame != self._desk.frame:
            self._desk.say(texts.COPY_FROM_HERE, warning=True)
        elif index + 1 >= len(stack):
            self._desk.say(texts.COPY_LAST, warning=True)
        else:
            self._copy(session, mark, FrameRef(*stack.frame_ref(index + 1)))

    def _copy(self, session: MarkSession, mark: Mark, frame: FrameRef) -> None:
        if any(is_same_thing(mark, other) for other in session.marks_on(frame)):
            self._desk.say(texts.COPY_THERE.format(number=frame.frame_number), warning=True)
            return
        copy = replace(mark, frame=frame, mark_id=new_mark_id())
        if isinstance(copy, Needle):
            copy = replace(copy, status=None)  # what was done there is not known of here
        self._desk.go_to_frame(frame)
        if self._desk.binding.problem:
            self._desk.say(self._desk.binding.problem, warning=True)
            return  # nothing is marked on a frame that cannot be seen
        try:
            session.add(copy)
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
            return
        session.select(copy.mark_id)
        self._desk.say(texts.COPIED.format(label=session.label(copy), number=frame.frame_number))

    def _on_placed(self, mark: object) -> None:
        """Say that there is a needle of this nerve and side already: whether it is this one, only the reader knows."""
        session = self._desk.session
        if session is None or not isinstance(mark, Needle):
            return
        others = other_needles(session, mark)
        if others:
            where = self._where(others[-1].frame)
            label, key = session.label(mark), SHOWN["same_needle"]
            asked = texts.SAME_NEEDLE_ASKED.format(label=label, where=where, key=key)
            waiting = self._pointer.tool  # a plan goes on by itself
            self._desk.say(asked if waiting is None else f"{asked} {waiting.hint()}")

    def _where(self, frame: FrameRef) -> str:
        return where_text(frame, self._desk.binding.stacks)

    # ------------------------------------------------------------------ showing

    def active_tips(self, frame: FrameRef) -> Sequence[DrawnLine]:
        """Return where the active tips of the needles of a frame end; nothing where there is no scale."""
        session = self._desk.session
        if session is None or frame.sop_instance_uid not in session.study:
            return ()
        scale = session.scale(frame.sop_instance_uid)
        lines = (
            active_tip_bar(mark, scale)
            for mark in self._pointer.marks_shown(frame)
            if isinstance(mark, Needle)
        )
        return [line for line in lines if line is not None]

    def _needle(self) -> Needle | None:
        session = self._desk.session
        if session is None or session.selected is None:
            return None
        mark = session.mark(session.selected)
        return mark if isinstance(mark, Needle) else None

    def _on_marks(self, changes: object) -> None:  # noqa: ARG002 - what is shown is found anew
        self._show()

    def _on_selection(self, mark_id: str | None) -> None:  # noqa: ARG002 - the session knows it
        self._show()

    def _show(self) -> None:
        session, needle = self._desk.session, self._needle()
        if session is None or needle is None:
            self._view.set_needle(None)
            return
        others = {other.needle_id: other for other in other_needles(session, needle)}
        group = marks_of(session, needle.needle_id)
        current = [needle.needle_id] if len(group) > 1 else []
        count = texts.plural(len(group), texts.ONE_FRAME, texts.FRAMES)
        self._view.set_needle(
            NeedleShown(
                title=texts.NEEDLE_TITLE.format(label=session.label(needle), frames=count),
                gauge=needle.gauge,
                length_mm=needle.length_mm,
                active_tip_mm=needle.active_tip_mm,
                status=needle.status.value if needle.status is not None else "",
                note=self._tip_note(session, needle),
                others=[
                    *(Choice(key, self._needle_words(group, needle)) for key in current),
                    *(Choice(key, self._where(other.frame)) for key, other in others.items()),
                ],
                same=next(iter(current), OWN),
            )
        )

    def _needle_words(self, group: Sequence[Needle], needle: Needle) -> str:
        other = next(one for one in group if one.mark_id != needle.mark_id)
        return self._where(other.frame)

    def _tip_note(self, session: MarkSession, needle: Needle) -> str:
        if needle.active_tip_mm is None:
            return ""
        scale = session.scale(needle.frame.sop_instance_uid)
        if not scale.usable:
            return texts.TIP_NOT_DRAWN.format(reason=scale.reason)
        if active_tip_bar(needle, scale) is None:
            return texts.TIP_SHORTENED
        return texts.TIP_TO_SCALE.format(source=scale.description)
