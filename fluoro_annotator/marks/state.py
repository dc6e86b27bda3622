"""The current state of a reading, derived from its revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from fluoro_annotator.errors import UnknownMarkError
from fluoro_annotator.marks.revisions import Cause, Draft, RevisionKind
from fluoro_annotator.marks.values import Mark


@dataclass(frozen=True, slots=True)
class Change:
    """What one step does to one mark: from ``before`` to ``after``.

    ``None`` before means that the mark was not there, ``None`` after that it is gone.
    """

    before: Mark | None
    after: Mark | None

    @property
    def mark(self) -> Mark:
        """The mark after the change, or before it if it is gone."""
        mark = self.after if self.after is not None else self.before
        if mark is None:
            raise ValueError("a change needs a mark before or after it")
        return mark

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
        for draft in drafts:
            state.apply(draft)
        return state

    def apply(self, draft: Draft) -> Change:
        """Take in one change and return what it did.

        A change holds the whole mark, so it applies to any state: moving a mark that was
        deleted in the meantime brings it back where it was moved to.
        """
        mark = draft.mark
        old = self._records.get(mark.mark_id)
        deleted = draft.kind is RevisionKind.DELETE
        record = MarkRecord(mark, draft.recorded_at, draft.recorded_at, draft.author, deleted)
        self._records[mark.mark_id] = record if old is None else replace(record, created_at=old.created_at)
        before = None if old is None or old.deleted else old.mark
        return Change(before, None if deleted else mark)

    def __iter__(self) -> Iterator[MarkRecord]:
        """Iterate over the records of the marks that are present."""
        return (record for record in self._records.values() if not record.deleted)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, mark_id: object) -> bool:
        record = self._records.get(mark_id) if isinstance(mark_id, str) else None
        return record is not None and not record.deleted

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
    return getattr(mark, "site", None), getattr(mark, "vertebra", None)


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that are undone and redone together."""

    action_id: str
    kind: RevisionKind
    changes: tuple[Change, ...]


@dataclass
class History:
    """What can be undone and redone; rebuilt from the stored revisions, so it survives a restart."""

    undoable: list[Step] = field(default_factory=list)
    redoable: list[Step] = field(default_factory=list)

    def done(self, step: Step) -> None:
        """Take in a new edit, after which nothing can be redone."""
        self.undoable.append(step)
        self.redoable.clear()

    def undone(self, action_id: str) -> None:
        """Take in that an edit was taken back."""
        _transfer(action_id, self.undoable, self.redoable)

    def redone(self, action_id: str) -> None:
        """Take in that an edit was repeated."""
        _transfer(action_id, self.redoable, self.undoable)

    def replay(self, step: Step, cause: Cause, concerns: str | None) -> None:
        """Take in a stored step, whatever its cause."""
        if cause is Cause.EDIT:
            self.done(step)
        elif cause is Cause.UNDO and concerns is not None:
            self.undone(concerns)
        elif cause is Cause.REDO and concerns is not None:
            self.redone(concerns)


def _transfer(action_id: str, source: list[Step], destination: list[Step]) -> None:
    for position in range(len(source) - 1, -1, -1):
        if source[position].action_id == action_id:
            destination.append(source.pop(position))
            return
