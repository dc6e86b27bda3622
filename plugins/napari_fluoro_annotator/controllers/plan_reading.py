"""The plan that a reading follows, and what has become of its slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import Image
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import (
    Change,
    FrameRef,
    MarkKind,
    MarkSession,
    PlanChoice,
    SlotStatus,
    ViewAssignment,
    frame_of,
    slot_states,
)
from fluoro_annotator.protocols import ANY_VIEW, Comparison, Plan, ProtocolLibrary, Slot, plan
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.image_views import (
    ShownView,
    shown_view,
    slot_view_title,
    view_title,
)
from napari_fluoro_annotator.controllers.plan_views import RequiredView, required_views

Status = SlotStatus[Slot]


class Mode(StrEnum):
    """What comes after a mark."""

    SEQUENCE = "sequence"
    """The next empty slot."""
    STAY = "stay"
    """Nothing, until a key is pressed."""
    LOOP = "loop"
    """The same slot on the next frame."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A plan, as it was chosen and as it can be followed now.

    Attributes
    ----------
    choice : PlanChoice
        What the reading holds.
    plan : Plan or None
        None if the protocol is gone, or cannot be used for the joints any more.
    comparison : Comparison or None
        How the protocol of today stands to the one that was chosen; None if that cannot be told.
    problem : str
        Why there is no plan; empty if there is one.

    """

    choice: PlanChoice
    plan: Plan | None
    comparison: Comparison | None = None
    problem: str = ""


def latest_choice(session: MarkSession) -> PlanChoice | None:
    """Return the plan that was chosen or changed last."""
    found = [entry for entry in session.records if isinstance(entry.mark, PlanChoice)]
    if not found:
        return None
    last = max(found, key=lambda entry: entry.changed_at).mark
    return last if isinstance(last, PlanChoice) else None


def follow(choice: PlanChoice, library: ProtocolLibrary) -> Followed:
    """Return the plan for a choice: by the protocol as it was then if it is still there, otherwise by that of today."""
    comparison = library.compare(choice)
    protocol = comparison.original or comparison.present
    if protocol is None:
        return Followed(choice, None, comparison, comparison.text)
    try:
        return Followed(choice, plan(protocol, choice.joints, choice.sides), comparison)
    except FluoroAnnotatorError as error:
        return Followed(choice, None, comparison, str(error))


class PlanReading:
    """The plan of the reading on the desk, its slots and the views of its images.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    library : callable
        Returns the protocols; called when there is a plan.

    Attributes
    ----------
    followed : Followed or None
        The plan.
    statuses : tuple of SlotStatus
        Its slots, in working order.
    views : tuple of RequiredView
        The views it requires, as of the last `refresh_views`.

    """

    def __init__(self, desk: ReadingDesk, library: Callable[[], ProtocolLibrary]) -> None:
        self._desk = desk
        self._library = library
        self._shown: dict[str, ShownView | None] = {}
        self._images: dict[str, Image] = {}
        self.followed: Followed | None = None
        self.views: tuple[RequiredView, ...] = ()
        self.statuses: tuple[Status, ...] = ()

    @property
    def plan(self) -> Plan | None:
        """The plan that can be followed."""
        return None if self.followed is None else self.followed.plan

    def take_up(self) -> None:
        """Find the plan of the reading, and what has become of its slots."""
        session = self._desk.session
        choice = None if session is None else latest_choice(session)
        self.followed = None if choice is None else follow(choice, self._library())
        stacks = self._desk.binding.stacks
        self._images = {image.sop_instance_uid: image for stack in stacks for image in stack.images}
        self.refresh()
        self.refresh_views()

    @property
    def doubt(self) -> str:
        """The doubt about the numbering of the vertebrae, on which every name of a slot rests; or ``""``."""
        numbering = None if self._desk.session is None else self._desk.session.numbering
        return "" if numbering is None else numbering.doubt

    def refresh_views(self) -> None:
        """Find anew which of the required views are there."""
        session, followed = self._desk.session, self.plan
        if session is None or followed is None:
            self.views = ()
        else:
            stacks = self._desk.binding.stacks
            self.views = required_views(followed, session, stacks, self.shown)

    def refresh(self) -> None:
        """Find anew what has become of the slots."""
        self._shown.clear()
        session, followed = self._desk.session, self.plan
        if session is None or followed is None:
            self.statuses = ()
            return
        found: dict[str, Status] = {}
        for side in (None, *followed.sides):
            slots = [slot for slot in followed.slots if slot.side is side]
            for status in slot_states(slots, session, self._viewer_for(side)):
                found[status.slot.slot_id] = status
        self.statuses = tuple(found[slot.slot_id] for slot in followed.slots)

    def _viewer_for(self, side: Side | None) -> Callable[[str], str | None]:
        """Return what says which view an image is for the slots of a side: a view turned away is none."""

        def view_of(uid: str) -> str | None:
            shown = self.shown(uid)
            if shown is None or (shown.side is not None and shown.side is not side):
                return None
            return shown.view

        return view_of

    # ------------------------------------------------------------------ slots

    def status(self, slot_id: str | None) -> Status | None:
        """Return the state of a slot, None if the plan has no such slot."""
        return next((status for status in self.statuses if status.slot.slot_id == slot_id), None)

    def listed(self, *, optional: bool) -> list[Status]:
        """Return the slots that are listed: those demanded, those dealt with and, if wanted, all others."""
        return [status for status in self.statuses if optional or status.slot.required or status.done]

    @property
    def progress(self) -> tuple[int, int]:
        """How many slots that have to be filled are dealt with, and how many there are."""
        required = [status for status in self.statuses if status.slot.required]
        return sum(status.done for status in required), len(required)

    def slot_of(self, mark_id: str) -> Slot | None:
        """Return the slot that a mark fills."""
        for status in self.statuses:
            if any(mark.mark_id == mark_id for mark in status.marks):
                return status.slot
        return None

    # ------------------------------------------------------------------ views

    def shown(self, uid: str) -> ShownView | None:
        """Return which view an image shows, None if that is not known."""
        if uid not in self._shown:
            self._shown[uid] = self._found_view(uid)
        return self._shown[uid]

    def _found_view(self, uid: str) -> ShownView | None:
        session, followed = self._desk.session, self.plan
        if session is None or followed is None:
            return None
        image = self.image(uid)
        if image is not None:
            return shown_view(image, session, followed.protocol)
        said = session.find(f"view:{uid}")
        return ShownView(said.view, said.side) if isinstance(said, ViewAssignment) else None

    def image(self, uid: str) -> Image | None:
        """Return an image that is open."""
        return self._images.get(uid)

    def problem(self, slot: Slot, frame: FrameRef) -> str:
        """Return why a slot cannot be filled on a frame; empty if it can."""
        followed = self.plan
        if slot.view == ANY_VIEW or followed is None:
            return ""
        shown, wanted = self.shown(frame.sop_instance_uid), slot_view_title(followed.protocol, slot)
        if shown is None:
            return texts.PLAN_VIEW_UNKNOWN.format(view=wanted)
        if shown.serves(slot):
            return ""
        title = view_title(followed.protocol, shown.view, shown.side)
        return texts.PLAN_WRONG_VIEW.format(shown=title, view=wanted)


def next_empty(statuses: Sequence[Status], after: str | None) -> Slot | None:
    """Return the first empty slot after another one, or the first of all."""
    identifiers = [status.slot.slot_id for status in statuses]
    start = identifiers.index(after) + 1 if after in identifiers else 0
    return next((status.slot for status in statuses[start:] if not status.done), None)


def neighbour_before(statuses: Sequence[Status], slot_id: str | None) -> Slot | None:
    """Return the slot before another one; the last one if there is no other."""
    identifiers = [status.slot.slot_id for status in statuses]
    place = identifiers.index(slot_id) if slot_id in identifiers else len(statuses)
    return statuses[place - 1].slot if place > 0 else None


def alters_slots(change: Change) -> bool:
    """Return whether a change may alter the state of a slot; moving a mark does not."""
    before, after = change.before, change.after
    if before is None or after is None or change.mark.kind in FACTS:
        return True
    return _sense(before) != _sense(after)


FACTS = frozenset({MarkKind.PLAN_CHOICE, MarkKind.SLOT_STATE, MarkKind.VIEW_ASSIGNMENT, MarkKind.NUMBERING})


def _sense(record: object) -> tuple[object, ...]:
    names = ("site", "vertebra", "name", "side", "event", "confidence")
    return (frame_of(record), *(getattr(record, name, None) for name in names))  # type: ignore[arg-type]
