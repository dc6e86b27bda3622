"""What is exchanged: readings with their complete history, and the studies they are of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from fluoro_annotator import __version__
from fluoro_annotator.errors import ExchangeError, UnknownReadingError
from fluoro_annotator.marks import (
    Reading,
    ReadingState,
    Revision,
    StudyFacts,
    StudyRecord,
    check_chain,
    utc_now,
)


@dataclass(frozen=True, slots=True)
class Program:
    """The program that wrote a file.

    Parameters
    ----------
    name, version : str
        For example ``"fluoro_annotator"`` and ``"0.1.0"``.

    """

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


THIS_PROGRAM = Program("fluoro_annotator", __version__)


@dataclass(frozen=True, slots=True)
class ReadingContent:
    """One reading with every change that was ever made to it.

    Parameters
    ----------
    reading : Reading
        Who reads which study, and what for.
    revisions : tuple of Revision
        Its changes, oldest first, numbered and chained by hash.

    Raises
    ------
    ChainError
        If a revision is missing, changed or out of order.
    ExchangeError
        If a revision belongs to another reading.

    """

    reading: Reading
    revisions: tuple[Revision, ...]

    def __post_init__(self) -> None:
        own = self.reading.reading_id
        for revision in self.revisions:
            if revision.reading_id != own:
                raise ExchangeError(
                    f"reading {own}", f"holds a revision of another reading ({revision.reading_id})"
                )
        check_chain(self.revisions)

    @property
    def state(self) -> ReadingState:
        """The marks that the changes lead to, derived anew at each call."""
        return ReadingState.of(revision.draft for revision in self.revisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksDocument:
    """What one file of marks holds.

    Parameters
    ----------
    studies : tuple of StudyRecord
        The studies, each once; nothing about the patient. The facts by which a store looks studies up
        stay there: a pseudonym and a date do not leave the house in a file.
    readings : tuple of ReadingContent
        The readings, each once, of these studies.
    created_at : datetime.datetime
        When the document was put together, in UTC.
    program : Program
        What put it together.

    Raises
    ------
    ExchangeError
        If a study or reading comes twice, or the study of a reading is missing.

    """

    studies: tuple[StudyRecord, ...]
    readings: tuple[ReadingContent, ...]
    created_at: datetime = field(default_factory=utc_now)
    program: Program = THIS_PROGRAM

    def __post_init__(self) -> None:
        bare = tuple(replace(study, facts=StudyFacts()) for study in self.studies)
        object.__setattr__(self, "studies", bare)
        uids = [study.uid for study in self.studies]
        _require_once("study", uids)
        _require_once("reading", [content.reading.reading_id for content in self.readings])
        for content in self.readings:
            if content.reading.study_uid not in uids:
                raise ExchangeError(
                    f"reading {content.reading.reading_id}",
                    f"is of study {content.reading.study_uid}, which is not part of the document",
                )

    def study(self, uid: str) -> StudyRecord:
        """Return one study.

        Raises
        ------
        ExchangeError
            If the document does not hold it.

        """
        for study in self.studies:
            if study.uid == uid:
                return study
        raise ExchangeError(f"study {uid}", "is not part of the document")


def _require_once(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ExchangeError(f"{what} {name}", "is listed twice")


class ReadingSource(Protocol):
    """Where readings are taken from; every store is one."""

    def study(self, uid: str) -> StudyRecord:
        """Return one study."""

    def readings(self, *, study_uid: str | None = None, reader: str | None = None) -> tuple[Reading, ...]:
        """Return the readings of a study, a reader or both, oldest first."""

    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the changes of a reading whose numbers are greater than ``after``."""


def collect(
    source: ReadingSource,
    *,
    study_uid: str | None = None,
    reader: str | None = None,
    reading_ids: Collection[str] | None = None,
) -> MarksDocument:
    """Put readings together for export.

    Parameters
    ----------
    source : ReadingSource
        The store they are in.
    study_uid, reader : str or None
        Only readings of this study and this reader.
    reading_ids : collection of str or None
        Only these readings; all by default.

    Returns
    -------
    MarksDocument
        With the studies of these readings; it has no readings if nothing fits.

    Raises
    ------
    UnknownReadingError
        If one of ``reading_ids`` is not among the readings.
    ChainError
        If the store holds a damaged stream.

    """
    found = source.readings(study_uid=study_uid, reader=reader)
    if reading_ids is not None:
        found = _chosen(found, reading_ids)
    uids = dict.fromkeys(reading.study_uid for reading in found)
    return MarksDocument(
        studies=tuple(source.study(uid) for uid in uids),
        readings=tuple(ReadingContent(reading, source.revisions(reading.reading_id)) for reading in found),
    )


def _chosen(readings: tuple[Reading, ...], reading_ids: Collection[str]) -> tuple[Reading, ...]:
    known = {reading.reading_id for reading in readings}
    for reading_id in reading_ids:
        if reading_id not in known:
            raise UnknownReadingError(f"reading {reading_id}", "is not in the store, or not of that choice")
    return tuple(reading for reading in readings if reading.reading_id in reading_ids)
