"""Copying from one store into another, with numbers and hashes unchanged, as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fluoro_annotator.errors import (
    ChainError,
    ReadingClosedError,
    StoreConflictError,
    StoreDamagedError,
    StoreError,
    StorePermissionError,
    StoreVersionError,
    UnknownReadingError,
    UnknownStudyError,
)
from fluoro_annotator.marks import Reading, Revision, Role, check_chain
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.practice_copying import PracticeCopying
from fluoro_annotator.store.sqlite import SqliteStore
from fluoro_annotator.store.values import Head, Purged

LEFT_ALONE = (ChainError, ReadingClosedError, StoreConflictError, StoreDamagedError, StoreVersionError)
"""What concerns one study or reading, so that the others can still be copied."""

GONE = (UnknownReadingError, UnknownStudyError)
"""What was purged while the copy was made."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A study, reading or tombstone that was left alone, and why."""

    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.reason}"


@dataclass(slots=True, kw_only=True)
class CopyReport:
    """What a copy has done.

    Attributes
    ----------
    studies : int
        Studies that the destination did not have.
    readings : int
        Readings that the destination did not have, or had less of.
    revisions : int
        Revisions that were added.
    already : int
        Readings of which the destination had everything.
    tombstones : int
        Tombstones that were added.
    set_versions, answers, assignments : int
        What was added of practice: versions of teaching sets, answers of trainees, assignments.
    conflicts : list of Conflict
        What was left alone.

    """

    studies: int = 0
    readings: int = 0
    revisions: int = 0
    already: int = 0
    tombstones: int = 0
    set_versions: int = 0
    answers: int = 0
    assignments: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def copy(source: Store, destination: Store, *, progress: Progress | None = None) -> CopyReport:
    """Copy what a store holds into another one: studies, readings with their revisions, practice, and tombstones.

    Only what is missing is added, so that a copy can be repeated. Where both hold facts of a study,
    those of the destination win. A reading whose revisions are others in the destination is left
    alone, and so is what was purged in one of the two and is held by the other; the rest is copied.

    Parameters
    ----------
    source, destination : Store
        The stores; nothing is changed in the source.
    progress : callable, optional
        Called with the number of studies done and the number of all.

    Returns
    -------
    CopyReport
        What was done, and what was left alone.

    Raises
    ------
    StorePermissionError
        If the login may not see everything in the source, or may not write everything into the destination.
    StoreError
        If both are the same store, one of them cannot be reached, or the destination does not hold
        at the end what was copied.

    """
    check_different(source, destination)
    check_sees_everything(source)
    copying = _Copying(source, destination)
    with _as_owner(destination):
        copying.run(progress or _ignore)
    copying.compare()
    return copying.report


def _ignore(_done: int, _total: int) -> None:
    """Tell nobody."""


def check_different(source: Store, destination: Store) -> None:
    """Refuse to copy a store into itself.

    Raises
    ------
    StoreError
        If both are the same.

    """
    if isinstance(source, SqliteStore) and isinstance(destination, SqliteStore):
        same = source.path.samefile(destination.path)  # a backup bears the identifier of its store
    else:
        same = source.store_id == destination.store_id
    if same:
        raise StoreError(
            f"store {destination.describe()}",
            "cannot be copied into itself",
            "Name another store as destination.",
        )


def check_sees_everything(source: Store) -> None:
    """Refuse to copy for somebody who sees only a part, because the copy would pass for the whole.

    Raises
    ------
    StorePermissionError
        If the store shows the reader only a part of it.

    """
    identity = source.identity()
    if identity is not None and identity.role is Role.TRAINEE:
        raise StorePermissionError(
            f"store {source.describe()}",
            f"shows {identity.reader} only a part of what it holds, so that a copy would not be complete",
            "Copy with a login that sees everything; your own readings can be saved with: fluoro-annotator marks export.",
        )


@contextmanager
def _as_owner(destination: Store) -> Iterator[None]:
    """Say who can copy into a store that keeps people from writing under the names of others."""
    try:
        yield
    except StorePermissionError as error:
        raise StorePermissionError(
            f"store {destination.describe()}",
            "does not let this login write readings of others, which a copy has to",
            "Copy as the login that made the store: its owner.",
        ) from error


class _Copying:
    """A copy under way."""

    def __init__(self, source: Store, destination: Store) -> None:
        self._source = source
        self._destination = destination
        self._copied: dict[str, Head] = {}
        self.report = CopyReport()

    def run(self, progress: Progress) -> None:
        """Copy tombstones first, so that nothing comes in that was purged."""
        self._copy_tombstones()
        present = set(self._destination.studies())
        purged = {
            grave.subject for grave in self._destination.tombstones() if grave.subject_kind is Purged.STUDY
        }
        studies = self._source.studies()
        for done, uid in enumerate(studies, start=1):
            if uid in purged and uid not in present:
                self._leave(f"study {uid}", "was purged from the destination")
            else:
                with self._leaving(f"study {uid}"):
                    self._copy_study(uid, new=uid not in present)
            progress(done, len(studies))
        self._copy_practice()

    def _copy_practice(self) -> None:
        done = PracticeCopying(self._source, self._destination, self._leaving).run()
        report = self.report
        report.set_versions, report.answers = done.set_versions, done.answers
        report.assignments = done.assignments

    def compare(self) -> None:
        """Prove that the destination holds every reading as it was read from the source."""
        for reading_id, expected in self._copied.items():
            found = self._at(self._destination, reading_id, expected.sequence)
            if found != expected.hash:
                raise StoreError(
                    f"store {self._destination.describe()}",
                    f"does not hold reading {reading_id} as it was copied",
                    "Check both stores with: fluoro-annotator store verify.",
                )

    def _copy_tombstones(self) -> None:
        present = set(self._destination.tombstones())
        for grave in self._source.tombstones():
            if grave not in present:
                with self._leaving(f"{grave.subject_kind} {grave.subject}"):
                    self._destination.keep_tombstone(grave)
                    self.report.tombstones += 1

    def _copy_study(self, uid: str, *, new: bool) -> None:
        study, source, destination = self._source.study(uid), self._source, self._destination
        destination.save_study(study if new else study.merged(destination.study(uid)))
        self.report.studies += new
        present = {reading.reading_id for reading in destination.readings(study_uid=uid)}
        for reading in source.readings(study_uid=uid):
            with self._leaving(f"reading {reading.reading_id}"):
                if reading.reading_id in present:
                    self._complete(reading)
                else:
                    self._add(reading)

    def _add(self, reading: Reading) -> None:
        """Copy a reading that the destination does not have."""
        head, revisions = self._read(reading, after=0)
        check_chain(revisions)  # before anything is written
        self._destination.add_reading(reading)
        self._append(reading, head, revisions)

    def _complete(self, reading: Reading) -> None:
        """Copy what the destination does not have of a reading."""
        self._destination.add_reading(reading)  # refused if it is another one
        kept = self._destination.head(reading.reading_id)
        head, revisions = self._read(reading, after=kept.sequence)
        if revisions:
            first = revisions[0].previous_hash
            if first != kept.hash:
                raise _other_chain(reading.reading_id)
            self._append(reading, head, revisions)
        elif self._at(self._destination, reading.reading_id, head.sequence) != head.hash:
            raise _other_chain(reading.reading_id)
        else:
            self.report.already += 1
            self._copied[reading.reading_id] = head

    def _read(self, reading: Reading, after: int) -> tuple[Head, tuple[Revision, ...]]:
        """Return where a reading ends, and its revisions; somebody may add more between the two."""
        return self._source.head(reading.reading_id), self._source.revisions(reading.reading_id, after=after)

    def _append(self, reading: Reading, head: Head, revisions: tuple[Revision, ...]) -> None:
        self._destination.append_chained(reading.reading_id, revisions)
        self._copied[reading.reading_id] = head
        self.report.readings += 1
        self.report.revisions += len(revisions)

    @staticmethod
    def _at(store: Store, reading_id: str, sequence: int) -> str:
        """Return the hash that a reading has at a number; empty if it does not reach it."""
        head = store.head(reading_id)
        if head.sequence == sequence:
            return head.hash
        following = store.revisions(reading_id, after=sequence)
        return following[0].previous_hash if following else ""

    @contextmanager
    def _leaving(self, subject: str) -> Iterator[None]:
        """Note what cannot be copied, and go on; what was purged meanwhile is nothing to copy."""
        try:
            yield
        except GONE:
            return
        except LEFT_ALONE as error:
            self._leave(
                subject, f"{error.problem} ({error.subject})" if error.subject != subject else error.problem
            )

    def _leave(self, subject: str, reason: str) -> None:
        self.report.conflicts.append(Conflict(subject, reason))


def _other_chain(reading_id: str) -> StoreConflictError:
    return StoreConflictError(f"reading {reading_id}", "holds other changes in the destination")
