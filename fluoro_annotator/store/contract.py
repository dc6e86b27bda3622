"""The contract of every store: values in, values out, never rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from fluoro_annotator.marks import Draft, Reading, Revision, StudyRecord


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

    @abstractmethod
    def save_study(self, study: StudyRecord) -> None:
        """Keep what marks need to know of a study.

        Images that are kept already stay; facts given now win over older ones.
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
    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this new one.

        If a reading with the same study, reader and purpose is kept, the first of these is
        returned and nothing is written. Two programs that begin at once get the same reading.

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
            If a reading with this identifier and other facts is kept.

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
    def verify(self) -> tuple[str, ...]:
        """Check everything that is kept.

        Returns
        -------
        tuple of str
            One sentence for each problem; empty if there is none. A stream that was cut off at
            its end cannot be told from a shorter one.

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
