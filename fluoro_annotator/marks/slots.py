"""What has become of each slot of a plan, derived from the records of a reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from typing import Protocol as Shape

from fluoro_annotator.anatomy import Side
from fluoro_annotator.marks.base import MarkConfidence, MarkKind
from fluoro_annotator.marks.facts import SlotState
from fluoro_annotator.marks.observations import EventMark, Landmark, LevelLabel
from fluoro_annotator.marks.session import MarkSession
from fluoro_annotator.marks.values import Mark, site_of
from fluoro_annotator.protocols import ANY_VIEW

SLOT_KINDS = {
    MarkKind.TARGET: "target",
    MarkKind.NEEDLE: "needle",
    MarkKind.NERVE_COURSE: "course",
    MarkKind.TARGET_ZONE: "zone",
    MarkKind.LANDMARK: "landmark",
    MarkKind.LEVEL_LABEL: "level",
    MarkKind.EVENT: "event",
}
"""What a slot calls each kind of mark; others fill no slot."""


class PlanSlot(Shape):
    """What is needed of a slot of a plan; `fluoro_annotator.protocols.Slot` is one."""

    @property
    def slot_id(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def what(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def nerve(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def vertebra(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def side(self) -> Side | None: ...  # noqa: D102 - the names say it
    @property
    def view(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def name(self) -> str: ...  # noqa: D102 - the names say it


class SlotProgress(StrEnum):
    """The state of a slot."""

    EMPTY = "empty"
    MARKED = "marked"
    NOT_VISIBLE = "not_visible"
    NOT_APPLICABLE = "not_applicable"
    UNSURE = "unsure"


AnySlot = TypeVar("AnySlot", bound=PlanSlot)


@dataclass(frozen=True, slots=True)
class SlotStatus(Generic[AnySlot]):
    """A slot and what has become of it.

    Attributes
    ----------
    slot : PlanSlot
        The slot.
    progress : SlotProgress
        Its state. A mark goes before what was said of the empty slot.
    marks : tuple of Mark
        What is marked in it, the first one made first.

    """

    slot: AnySlot
    progress: SlotProgress
    marks: tuple[Mark, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the reader has dealt with it."""
        return self.progress is not SlotProgress.EMPTY


_Key = tuple[str, str, str, Side | None, str]


def slot_states(
    slots: Iterable[AnySlot], session: MarkSession, view_of: Callable[[str], str | None]
) -> tuple[SlotStatus[AnySlot], ...]:
    """Return the state of each slot of a plan, in the order of the plan.

    Parameters
    ----------
    slots : iterable of PlanSlot
        The slots.
    session : MarkSession
        The reading.
    view_of : callable
        Returns the identifier of the view that an image shows for its SOP Instance UID, or None.

    """
    marked = _marked(session, view_of)
    said = {
        record.slot_id: SlotProgress(record.state.value)
        for record in session.records_of(MarkKind.SLOT_STATE)
        if isinstance(record, SlotState)
    }
    return tuple(_status(slot, marked.get(_slot_key(slot), ()), said) for slot in slots)


def _status(slot: AnySlot, marks: Iterable[Mark], said: dict[str, SlotProgress]) -> SlotStatus[AnySlot]:
    found = tuple(marks)
    if not found:
        return SlotStatus(slot, said.get(slot.slot_id, SlotProgress.EMPTY))
    unsure = all(getattr(mark, "confidence", None) is MarkConfidence.UNSURE for mark in found)
    return SlotStatus(slot, SlotProgress.UNSURE if unsure else SlotProgress.MARKED, found)


def _marked(session: MarkSession, view_of: Callable[[str], str | None]) -> dict[_Key, list[Mark]]:
    """Return the marks by what they could fill: a slot of their view, and one of any view."""
    marked: dict[_Key, list[Mark]] = {}
    views: dict[str, str | None] = {}
    for mark in session.marks:
        key = _mark_key(mark)
        if key is None:
            continue
        uid = mark.frame.sop_instance_uid
        if uid not in views:
            views[uid] = view_of(uid)
        for view in {views[uid], ANY_VIEW} - {None}:
            marked.setdefault((*key, str(view)), []).append(mark)
    return marked


def _slot_key(slot: PlanSlot) -> _Key:
    by_bone = slot.what in {"landmark", "level"}
    return str(slot.what), slot.name, slot.vertebra if by_bone else slot.nerve, slot.side, slot.view


def _mark_key(mark: Mark) -> tuple[str, str, str, Side | None] | None:
    """Return what a mark is, without its view; None for one that fills no slot."""
    what = SLOT_KINDS.get(mark.kind)
    if what is None:
        return None
    if isinstance(mark, LevelLabel):
        return what, "", mark.vertebra, None
    if isinstance(mark, Landmark):
        return what, mark.name, mark.vertebra, mark.side
    site = site_of(mark)
    name = mark.event.value if isinstance(mark, EventMark) else ""
    return None if site is None else (what, name, site.nerve, site.side)
