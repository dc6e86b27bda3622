"""The contract of every store: values in, values out, never rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from fluoro_annotator.marks import Draft, Reading, Record, Revision, StudyRecord
from fluoro_annotator.store.practice_contract import PracticeRecords
from fluoro_annotator.store.values import Head, Identity, StoreStatus, StudyFilter, StudyPage, Tombstone

EVERY_STUDY = StudyFilter()


class Store(ABC):
    """Where readings are kept.

    What is in a store is only ever added to: a reading is its stream of revisions, numbered
    from 1 and chained by hash. Every method raises `StoreUnavailableError` if the store cannot
    be reached, besides the errors that it names itself. A store is a context manager that
    closes itself.
    """

    @abstractmethod
    def describe(self) -> str:
        """Return where the readings are kept, as text for the screen, without any password."""

    @property
    @abstractmethod
    def store_id(self) -> str:
        """Identifier that tells this store from every other, made when the store was."""

    @abstractmethod
    def status(self) -> StoreStatus:
        """Return what can be said of the store."""

    def identity(self) -> Identity | None:
        """Return who the store says the reader is, None if it takes any name."""
        return None

    @property
    @abstractmethod
    def practice(self) -> PracticeRecords:
        """What is kept of practice: teaching sets, answers, scores and assignments."""

    @abstractmethod
    def save_study(self, study: StudyRecord) -> None:
        """Keep what marks need to know of a study.

        Images that are kept already stay; facts given now win over older ones, which are kept as well.
        """

    @abstractmethod
    def study(self, uid: str) -> StudyRecord:
        """Return a study by its Study Instance UID.

        Raises
        ------
        UnknownStudyError
            If the store does not hold it.

        """

    @abstractmethod
    def studies(self) -> tuple[str, ...]:
        """Return the Study Instance UIDs of all studies, in the order in which they were first saved."""

    @abstractmethod
    def index(self, wanted: StudyFilter = EVERY_STUDY, *, limit: int = 50, offset: int = 0) -> StudyPage:
        """Return a page of the list of studies, in the order in which they were first saved.

        Parameters
        ----------
        wanted : StudyFilter
            Which studies.
        limit : int
            Most studies on the page, 1 to `LONGEST_PAGE`.
        offset : int
            Number of studies before the page.

        Raises
        ------
        StoreError
            If there can be no such page.

        """

    @abstractmethod
    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this new one.

        If a reading with the same study, reader and purpose is kept, the first of these is
        returned and nothing is written. Two programs that begin at once get the same reading.
        A practice reading that was submitted is over: it is passed by, unless it is this very one.
        Any other is returned although it was submitted, because it can be reopened.

        Raises
        ------
        UnknownStudyError
            If the study was not saved before.

        """

    @abstractmethod
    def add_reading(self, reading: Reading) -> None:
        """Keep a reading exactly as it is; one that is kept already with the same facts is left alone.

        Raises
        ------
        UnknownStudyError
            If the study was not saved before.
        StoreConflictError
            If a reading with this identifier and other facts is kept, or one was purged.

        """

    @abstractmethod
    def reading(self, reading_id: str) -> Reading:
        """Return a reading.

        Raises
        ------
        UnknownReadingError
            If the store does not hold it.

        """

    @abstractmethod
    def readings(self, *, study_uid: str | None = None, reader: str | None = None) -> tuple[Reading, ...]:
        """Return readings, the oldest start first, of one study or one reader if given."""

    @abstractmethod
    def head(self, reading_id: str) -> Head:
        """Return where a reading ends at present.

        Raises
        ------
        UnknownReadingError
            If the store does not hold it.

        """

    @abstractmethod
    def records(self, reading_id: str) -> tuple[Record, ...]:
        """Return the records of a reading that are present, the one changed last coming last.

        Raises
        ------
        UnknownReadingError
            If the store does not hold it.

        """

    @abstractmethod
    def append(self, reading_id: str, drafts: Sequence[Draft], *, after: int) -> tuple[Revision, ...]:
        """Keep changes, all or none of them; they are on disk when this returns.

        Parameters
        ----------
        reading_id : str
            The reading.
        drafts : sequence of Draft
            New changes, oldest first.
        after : int
            Number of the last revision that the writer knows of, 0 for none.

        Returns
        -------
        tuple of Revision
            The changes with their numbers and hashes.

        Raises
        ------
        UnknownReadingError
            If the store does not hold the reading.
        StoreConflictError
            If the last revision of the reading does not have the number ``after``.
        ReadingClosedError
            If the reading was submitted.

        """

    @abstractmethod
    def append_behind(
        self, reading_id: str, choose: Callable[[Sequence[Revision]], Sequence[Draft]], *, after: int
    ) -> tuple[Revision, ...]:
        """Keep changes behind whatever is in the reading, in one turn with looking at it.

        Where many write into one reading, a writer that looks first and appends later comes too late
        again and again.

        Parameters
        ----------
        reading_id : str
            The reading.
        choose : callable
            Gets the revisions with numbers above ``after``, which may be none, and returns the changes
            that are to be kept behind them. It must not use the store.
        after : int
            Number of the last revision that the writer knows of, 0 for none.

        Returns
        -------
        tuple of Revision
            The changes with their numbers and hashes.

        Raises
        ------
        UnknownReadingError
            If the store does not hold the reading.
        StoreConflictError
            If the reading ends before ``after``.
        ReadingClosedError
            If the reading was submitted.

        """

    @abstractmethod
    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep revisions that carry their numbers and hashes already, all or none of them.

        Raises
        ------
        UnknownReadingError
            If the store does not hold the reading.
        StoreConflictError
            If the first one does not follow from the last one kept.
        ChainError
            If they do not follow from each other, belong to another reading or were changed.

        """

    @abstractmethod
    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the revisions of a reading with numbers above ``after``, in order.

        Raises
        ------
        UnknownReadingError
            If the store does not hold the reading.

        """

    @abstractmethod
    def purge_reading(self, reading_id: str, *, reason: str, by: str) -> Tombstone:
        """Take a reading with all its revisions out of the store for ever, and leave a tombstone.

        Parameters
        ----------
        reading_id : str
            The reading.
        reason : str
            Why, in one line without the name of a patient.
        by : str
            Who does it. A server puts the name of the account in its place.

        Raises
        ------
        UnknownReadingError
            If the store does not hold it.
        StoreError
            If no reason or no person is given.

        """

    @abstractmethod
    def purge_study(self, uid: str, *, reason: str, by: str) -> tuple[Tombstone, ...]:
        """Take a study with all its readings out of the store for ever, and leave tombstones.

        The keys of exercises on the study go, too; answers to them and their scores stay.

        Parameters and errors are those of `purge_reading`.

        Raises
        ------
        UnknownStudyError
            If the store does not hold it.
        StoreError
            If no reason or no person is given.

        """

    @abstractmethod
    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return what was purged, oldest first."""

    @abstractmethod
    def keep_tombstone(self, tombstone: Tombstone) -> None:
        """Take over a tombstone from another store, so that what was purged there cannot come back.

        Raises
        ------
        StoreConflictError
            If the store holds what the tombstone says is gone.

        """

    @abstractmethod
    def verify(self) -> tuple[str, ...]:
        """Check everything that is kept.

        Returns
        -------
        tuple of str
            One sentence for each problem; empty if there is none. A stream that was cut off at
            its end is noticed as long as nobody also rewrote where the reading ends.

        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the store; may be called again. Nothing else may be called afterwards."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
