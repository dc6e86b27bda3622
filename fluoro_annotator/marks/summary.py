"""What has changed in a reading since some moment: added, moved, renamed, deleted, and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.marks.revisions import Draft, RevisionKind
from fluoro_annotator.marks.state import Change, ReadingState
from fluoro_annotator.marks.values import Record, frame_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that is not as it was.

    Attributes
    ----------
    kind : RevisionKind
        Added, moved, relabelled, changed, deleted or restored, on balance.
    change : Change
        The record before and after.
    author : str
        Who changed it last.
    changed_at : datetime.datetime
        When, in UTC.

    """

    kind: RevisionKind
    change: Change
    author: str
    changed_at: datetime

    def line(self, anatomy: Anatomy) -> str:
        """Return one line for the screen, for example "moved L3 medial branch, ... (frame 2), Reader A"."""
        frame = frame_of(self.change.mark)
        where = f" (frame {frame.frame_number})" if frame is not None else ""
        return f"{WORDS[self.kind]} {self.change.mark.label(anatomy)}{where}, {self.author}"


WORDS = {
    RevisionKind.ADD: "added",
    RevisionKind.MOVE: "moved",
    RevisionKind.RELABEL: "renamed",
    RevisionKind.CHANGE: "changed",
    RevisionKind.DELETE: "deleted",
    RevisionKind.RESTORE: "brought back",
}


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """All records that are not as they were, in the order in which they changed first."""

    differences: tuple[Difference, ...]

    def __len__(self) -> int:
        return len(self.differences)

    @property
    def counts(self) -> dict[str, dict[RevisionKind, int]]:
        """How often each thing happened, by author."""
        counted: dict[str, Counter[RevisionKind]] = {}
        for each in self.differences:
            counted.setdefault(each.author, Counter())[each.kind] += 1
        return {author: dict(counter) for author, counter in counted.items()}

    def text(self) -> str:
        """Return one line for each author, for example "Reader A: added 2, moved 1"."""
        return "\n".join(
            f"{author}: {', '.join(f'{WORDS[kind]} {number}' for kind, number in kinds.items())}"
            for author, kinds in self.counts.items()
        )


def summarise(earlier: Iterable[Draft], later: Iterable[Draft]) -> ChangeSummary:
    """Compare what a stream of changes led to with what the rest of it led to.

    Parameters
    ----------
    earlier, later : iterable of Draft
        Changes up to some moment, and those after it, oldest first.

    """
    last = list(later)
    touched = dict.fromkeys(draft.mark.mark_id for draft in last)
    state = ReadingState.of(draft for draft in earlier if draft.mark.mark_id in touched)
    before = {mark_id: state.present(mark_id) for mark_id in touched}
    known = {mark_id for mark_id in touched if state.knows(mark_id)}
    for draft in last:
        state.apply(draft)
    return ChangeSummary(
        tuple(
            _difference(state, before[mark_id], mark_id, was_known=mark_id in known)
            for mark_id in touched
            if state.present(mark_id) != before[mark_id]
        )
    )


def _difference(state: ReadingState, before: Record | None, mark_id: str, *, was_known: bool) -> Difference:
    record = state.record(mark_id)
    change = Change(before, state.present(mark_id))
    kind = state.kind_of(change)
    if kind is RevisionKind.RESTORE and not was_known:
        kind = RevisionKind.ADD
    return Difference(kind, change, record.author, record.changed_at)
