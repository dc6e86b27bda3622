"""What an import will do, as values that can be shown before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.marks import Draft, Reading, Record, Revision, StudyRecord, frame_of


class Outcome(StrEnum):
    """What an import does with a reading."""

    ADDED = "added"
    CONTINUED = "continued"
    KNOWN = "known"
    MERGED = "merged"


class Finding(StrEnum):
    """What a person should know about a mark of a reading that went two ways."""

    DIFFERS = "differs in the file; it stays as it is here"
    DELETED_HERE = "is deleted here; it stays deleted"
    DELETED_THERE = "is deleted in the file; it stays here"
    SUBMITTED_HERE = "is left out, because the reading is submitted here"
    SUBMITTED_THERE = "is left out: the reading went another way here, and has to be submitted here"


@dataclass(frozen=True, slots=True)
class Note:
    """A mark or other record that an import leaves alone, and why.

    Parameters
    ----------
    mark : Record
        The record as it is here, or was before it was deleted here.
    finding : Finding
        Why it is left alone.

    """

    mark: Record
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlan:
    """What an import will do with one reading.

    Parameters
    ----------
    reading : Reading
        The reading.
    outcome : Outcome
        What is done.
    revisions : tuple of Revision
        Changes that are taken over with their numbers and hashes.
    drafts : tuple of Draft
        Changes that are appended as new ones.
    after : int
        Number of the last change that is here already.
    notes : tuple of Note
        Marks that are left alone.
    beside : bool
        Whether another reading of the same study, reader and purpose is here already.

    """

    reading: Reading
    outcome: Outcome
    revisions: tuple[Revision, ...] = ()
    drafts: tuple[Draft, ...] = ()
    after: int = 0
    notes: tuple[Note, ...] = ()
    beside: bool = False

    @property
    def changes(self) -> int:
        """Number of changes that will be stored."""
        return len(self.revisions) + len(self.drafts)

    def lines(self, anatomy: Anatomy) -> Iterator[str]:
        """Yield what will be done, one sentence per line.

        Parameters
        ----------
        anatomy : Anatomy
            For the labels of marks.

        """
        reading = self.reading
        name = f"Reading of {reading.reader} ({reading.role}, {reading.purpose}), study {reading.study_uid}"
        yield f"{name}: {_SENTENCES[self.outcome](self)}"
        if self.beside:
            yield "  It is kept beside another reading of the same reader, study and purpose."
        for note in self.notes:
            yield f"  {note.mark.label(anatomy)}{_place(note.mark)} {note.finding}."


def _place(record: Record) -> str:
    frame = frame_of(record)
    return "" if frame is None else f" on frame {frame.frame_number}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_SENTENCES: dict[Outcome, Callable[[ReadingPlan], str]] = {
    Outcome.ADDED: lambda plan: f"new, {_counted(plan.changes, 'change')}.",
    Outcome.CONTINUED: lambda plan: f"continued by {_counted(plan.changes, 'change')}.",
    Outcome.KNOWN: lambda _plan: "already here.",
    Outcome.MERGED: lambda plan: (
        f"changed here and in the file; {_counted(plan.changes, 'mark')} added, "
        f"{_counted(len(plan.notes), 'mark')} left alone."
    ),
}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import will do.

    Parameters
    ----------
    studies : tuple of StudyRecord
        Studies with images that are not known yet, as they will be kept.
    readings : tuple of ReadingPlan
        One entry per reading of the file, in its order.

    """

    studies: tuple[StudyRecord, ...]
    readings: tuple[ReadingPlan, ...]

    @property
    def changes(self) -> int:
        """Number of changes of marks that will be stored."""
        return sum(plan.changes for plan in self.readings)

    def lines(self, anatomy: Anatomy) -> tuple[str, ...]:
        """Return what will be done, one sentence per line."""
        return tuple(line for plan in self.readings for line in plan.lines(anatomy))
