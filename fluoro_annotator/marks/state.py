"""The current state of a reading, derived from its revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from fluoro_annotator.errors import MarkError, UnknownMarkError
from fluoro_annotator.marks.revisions import Draft, RevisionKind
from fluoro_annotator.marks.values import LevelLabel, Mark


@dataclass(frozen=True, slots=True)
class Change:
    """What one step does to one mark: from ``before`` to ``after``.

    ``None`` before means that the mark was not there, ``None`` after that it is gone.

    Raises
    ------
    MarkError
        If there is a mark neither before nor after, or not the same one.

    """

    before: Mark | None
    after: Mark | None

    def __post_init__(self) -> None:
        identifiers = {mark.mark_id for mark in (self.before, self.after) if mark is not None}
        if len(identifiers) != 1:
            raise MarkError("change", "is not of one mark")

    @property
    def mark(self) -> Mark:
        """The mark after the change, or before it if it is gone."""
        mark = self.after if self.after is not None else self.before
        return cast("Mark", mark)

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
    """A mark with the history that tables and exports show.

    Attributes
    ----------
    mark : Mark
        Its present (or, if deleted, last) value.
    created_at, changed_at : datetime.datetime
        First and last change, in UTC.
    author : str
        Who changed it last.
    deleted : bool
        Whether it is deleted at present.

    """

    mark: Mark
    created_at: datetime
    changed_at: datetime
    author: str
    deleted: bool = False


@dataclass
class ReadingState:
    """All marks of a reading, present and deleted, in the order in which they were made."""

    _records: dict[str, MarkRecord] = field(default_factory=dict)

    @classmethod
    def of(cls, drafts: Iterable[Draft]) -> ReadingState:
        """Return the state that a stream of changes leads to."""
        state = cls()
        state.take(drafts)
        return state

    def take(self, drafts: Iterable[Draft]) -> tuple[Change, ...]:
        """Take in a stream of changes.

        Returns
        -------
        tuple of Change
            What it altered in all, one entry for each mark that is not as it was.

        """
        before: dict[str, Mark | None] = {}
        for draft in drafts:
            before.setdefault(draft.mark.mark_id, self.present(draft.mark.mark_id))
            self.apply(draft)
        return tuple(
            Change(old, new) for mark_id, old in before.items() if (new := self.present(mark_id)) != old
        )

    def apply(self, draft: Draft) -> None:
        """Take in one change.

        A change holds the whole mark, so it applies to any state: moving a mark that was
        deleted in the meantime brings it back where it was moved to.
        """
        mark = draft.mark
        old = self._records.get(mark.mark_id)
        deleted = draft.kind is RevisionKind.DELETE
        record = MarkRecord(mark, draft.recorded_at, draft.recorded_at, draft.author, deleted)
        self._records[mark.mark_id] = record if old is None else replace(record, created_at=old.created_at)

    def onto_present(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Return what changes would do now, without those that would do nothing."""
        pairs = ((self.present(change.mark_id), change.after) for change in changes)
        return tuple(Change(before, after) for before, after in pairs if before != after)

    def __iter__(self) -> Iterator[MarkRecord]:
        """Iterate over the records of the marks that are present."""
        return (record for record in self._records.values() if not record.deleted)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, mark_id: object) -> bool:
        return isinstance(mark_id, str) and self.present(mark_id) is not None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that are present."""
        return tuple(record.mark for record in self)

    def record(self, mark_id: str) -> MarkRecord:
        """Return the record of a mark, present or deleted.

        Raises
        ------
        UnknownMarkError
            If the reading never held the mark.

        """
        try:
            return self._records[mark_id]
        except KeyError:
            raise UnknownMarkError(f"mark {mark_id}", "is not part of this reading") from None

    def knows(self, mark_id: str) -> bool:
        """Whether the mark is present or was, before it was deleted."""
        return mark_id in self._records

    def present(self, mark_id: str) -> Mark | None:
        """Return a mark, or None if there is none or it is deleted."""
        record = self._records.get(mark_id)
        return None if record is None or record.deleted else record.mark

    def mark(self, mark_id: str) -> Mark:
        """Return a mark that is present.

        Raises
        ------
        UnknownMarkError
            If there is no such mark, or it is deleted.

        """
        record = self.record(mark_id)
        if record.deleted:
            raise UnknownMarkError(f"mark {mark_id}", "is deleted", "Undo the deletion to work with it.")
        return record.mark

    def kind_of(self, change: Change) -> RevisionKind:
        """Return the name for a change of this state: add, restore, delete, relabel or move."""
        if change.after is None:
            return RevisionKind.DELETE
        if change.before is None:
            return RevisionKind.RESTORE if self.knows(change.mark_id) else RevisionKind.ADD
        same_name = _name(change.before) == _name(change.after)
        return RevisionKind.MOVE if same_name else RevisionKind.RELABEL


def _name(mark: Mark) -> object:
    return mark.vertebra if isinstance(mark, LevelLabel) else mark.site
