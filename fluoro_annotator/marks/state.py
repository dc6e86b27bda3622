"""The current state of a reading, derived from its revisions."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, cast

from fluoro_annotator.errors import MarkError, UnknownMarkError
from fluoro_annotator.marks.base import FrameRef, MarkKind
from fluoro_annotator.marks.facts import Fact
from fluoro_annotator.marks.revisions import Draft, RevisionKind
from fluoro_annotator.marks.values import Mark, Record, frame_of, site_of, vertebra_of

Found = TypeVar("Found", bound=Record)


@dataclass(frozen=True, slots=True)
class Change:
    """What one step does to one mark: from ``before`` to ``after``.

    ``None`` before means that the mark was not there, ``None`` after that it is gone.

    Raises
    ------
    MarkError
        If there is a mark neither before nor after, or not the same one.

    """

    before: Record | None
    after: Record | None

    def __post_init__(self) -> None:
        identifiers = {mark.mark_id for mark in (self.before, self.after) if mark is not None}
        if len(identifiers) != 1:
            raise MarkError("change", "is not of one mark")

    @property
    def mark(self) -> Record:
        """The record after the change, or before it if it is gone."""
        mark = self.after if self.after is not None else self.before
        return cast("Record", mark)

    @property
    def mark_id(self) -> str:
        """Identifier of the mark."""
        return self.mark.mark_id

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """A record of a reading with the history that tables and exports show.

    Attributes
    ----------
    mark : Record
        Its present (or, if deleted, last) value.
    created_at, changed_at : datetime.datetime
        Earliest and last change, in UTC. Two programs may both have made the record of one thing.
    author : str
        Who changed it last.
    deleted : bool
        Whether it is deleted at present.

    """

    mark: Record
    created_at: datetime
    changed_at: datetime
    author: str
    deleted: bool = False


@dataclass
class ReadingState:
    """All records of a reading, present and deleted, in the order in which they were made.

    What is on a frame and what is of a kind is looked up, not searched for.
    """

    _records: dict[str, MarkRecord] = field(default_factory=dict)
    _made: dict[str, datetime] = field(default_factory=dict, compare=False, repr=False)
    _order: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    _by_frame: dict[FrameRef, dict[str, Mark]] = field(default_factory=dict, compare=False, repr=False)
    _by_kind: dict[MarkKind, dict[str, Record]] = field(default_factory=dict, compare=False, repr=False)
    _present: dict[str, Mark] = field(default_factory=dict, compare=False, repr=False)
    _in_order: bool = field(default=True, compare=False, repr=False)
    _marks: tuple[Mark, ...] | None = field(default=(), compare=False, repr=False)

    @classmethod
    def of(cls, drafts: Iterable[Draft]) -> ReadingState:
        """Return the state that a stream of changes leads to."""
        state = cls()
        for draft in drafts:
            state.apply(draft)
        return state

    def take(self, drafts: Iterable[Draft]) -> tuple[Change, ...]:
        """Take in a stream of changes.

        Returns
        -------
        tuple of Change
            What it altered in all, one entry for each record that is not as it was.

        """
        before: dict[str, Record | None] = {}
        for draft in drafts:
            mark_id = draft.mark.mark_id
            if mark_id not in before:
                before[mark_id] = self.present(mark_id)
            self.apply(draft)
        return tuple(
            Change(old, new) for mark_id, old in before.items() if (new := self.present(mark_id)) != old
        )

    def apply(self, draft: Draft) -> None:
        """Take in one change.

        A change holds the whole record, so it applies to any state: moving a mark that was
        deleted in the meantime brings it back where it was moved to.
        """
        mark = draft.mark
        old = self._records.get(mark.mark_id)
        deleted = draft.kind is RevisionKind.DELETE
        made = self._made_at(draft)
        self._records[mark.mark_id] = MarkRecord(mark, made, draft.recorded_at, draft.author, deleted)
        self._order.setdefault(mark.mark_id, len(self._order))
        if old is not None and not old.deleted:
            self._forget(old.mark, for_good=deleted or isinstance(mark, Fact))
        if not deleted:
            self._remember(mark, back=old is not None and old.deleted)

    def note(self, draft: Draft) -> None:
        """Take notice of a change that present changes of our own go before: only of when it was made."""
        made, old = self._made_at(draft), self._records.get(draft.mark.mark_id)
        if old is not None and made != old.created_at:
            self._records[draft.mark.mark_id] = replace(old, created_at=made)

    def _made_at(self, draft: Draft) -> datetime:
        known = self._made.get(draft.mark.mark_id, draft.recorded_at)
        self._made[draft.mark.mark_id] = min(known, draft.recorded_at)
        return self._made[draft.mark.mark_id]

    def _remember(self, record: Record, *, back: bool) -> None:
        self._by_kind.setdefault(record.kind, {})[record.mark_id] = record
        if not isinstance(record, Fact):
            self._by_frame.setdefault(record.frame, {})[record.mark_id] = record
            self._present[record.mark_id] = record
            self._in_order = self._in_order and not back
            self._marks = None

    def _forget(self, record: Record, *, for_good: bool) -> None:
        del self._by_kind[record.kind][record.mark_id]
        if not isinstance(record, Fact):
            if for_good:
                del self._present[record.mark_id]
            on_frame = self._by_frame[record.frame]
            del on_frame[record.mark_id]
            if not on_frame:
                del self._by_frame[record.frame]
            self._marks = None

    def onto_present(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Return what changes would do now, without those that would do nothing."""
        pairs = ((self.present(change.mark_id), change.after) for change in changes)
        return tuple(Change(before, after) for before, after in pairs if before != after)

    def __iter__(self) -> Iterator[MarkRecord]:
        """Iterate over the records that are present, with author and times."""
        return (record for record in self._records.values() if not record.deleted)

    def __len__(self) -> int:
        return sum(map(len, self._by_kind.values()))

    def __contains__(self, mark_id: object) -> bool:
        return isinstance(mark_id, str) and self.present(mark_id) is not None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks on frames that are present."""
        if self._marks is None:
            if not self._in_order:
                self._present = {mark.mark_id: mark for mark in self._ordered(self._present)}
                self._in_order = True
            self._marks = tuple(self._present.values())
        return self._marks

    @property
    def frames(self) -> frozenset[FrameRef]:
        """The frames that carry marks."""
        return frozenset(self._by_frame)

    def marks_on(self, frame: FrameRef) -> tuple[Mark, ...]:
        """Return the marks of one frame, in the order in which they were made."""
        return tuple(self._ordered(self._by_frame.get(frame, {})))

    def count_on(self, images: Container[str]) -> int:
        """Return how many marks lie on images, by their SOP Instance UIDs."""
        return sum(len(marks) for frame, marks in self._by_frame.items() if frame.sop_instance_uid in images)

    def of_kind(self, kind: MarkKind) -> tuple[Record, ...]:
        """Return the present records of one kind, in the order in which they were made."""
        return tuple(self._ordered(self._by_kind.get(kind, {})))

    def _ordered(self, records: dict[str, Found]) -> list[Found]:
        return sorted(records.values(), key=lambda record: self._order[record.mark_id])

    def record(self, mark_id: str) -> MarkRecord:
        """Return a record with author and times, present or deleted.

        Raises
        ------
        UnknownMarkError
            If the reading never held it.

        """
        try:
            return self._records[mark_id]
        except KeyError:
            raise UnknownMarkError(f"mark {mark_id}", "is not part of this reading") from None

    def knows(self, mark_id: str) -> bool:
        """Whether the record is present or was, before it was deleted."""
        return mark_id in self._records

    def present(self, mark_id: str) -> Record | None:
        """Return a record, or None if there is none or it is deleted."""
        record = self._records.get(mark_id)
        return None if record is None or record.deleted else record.mark

    def mark(self, mark_id: str) -> Record:
        """Return a record that is present.

        Raises
        ------
        UnknownMarkError
            If there is no such record, or it is deleted.

        """
        record = self.record(mark_id)
        if record.deleted:
            raise UnknownMarkError(f"mark {mark_id}", "is deleted", "Undo the deletion to work with it.")
        return record.mark

    def kind_of(self, change: Change) -> RevisionKind:
        """Return the name for a change of this state: add, restore, delete, relabel, move or change."""
        if change.after is None:
            return RevisionKind.DELETE
        if change.before is None:
            return RevisionKind.RESTORE if self.knows(change.mark_id) else RevisionKind.ADD
        before, after = change.before, change.after
        if (site_of(before), vertebra_of(before)) != (site_of(after), vertebra_of(after)):
            return RevisionKind.RELABEL
        same_place = (before.points, frame_of(before)) == (after.points, frame_of(after))
        return RevisionKind.CHANGE if same_place else RevisionKind.MOVE
