"""What a store tells about itself and what it holds, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fluoro_annotator.errors import StoreError
from fluoro_annotator.marks import Reading, Role, StudyFacts

LONGEST_PAGE = 1000
"""Most studies on one page of a list; an engineering default."""


class ReadingStatus(StrEnum):
    """How far the readings of a study are."""

    NOT_BEGUN = "not_begun"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a reading ends at present.

    Attributes
    ----------
    sequence : int
        Number of its last revision, 0 if it has none.
    hash : str
        Hash of its last revision.
    submitted : bool
        Whether the reader has submitted it.
    plan : str
        Identifier of the protocol that was chosen last, empty if none was.
    changed_at : datetime.datetime
        Time of the last revision, or of the start, in UTC.

    """

    sequence: int
    hash: str
    submitted: bool
    plan: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a server says the reader is."""

    reader: str
    role: Role


class Purged(StrEnum):
    """What a tombstone stands for."""

    READING = "reading"
    STUDY = "study"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a reading or a study that was purged.

    Attributes
    ----------
    subject_kind : Purged
        A reading or a study.
    subject : str
        Identifier of the reading, or Study Instance UID.
    study_uid : str
        The study.
    revisions : int
        Number of revisions that were taken away.
    last_hash : str
        Hash of the last of them.
    purged_at : datetime.datetime
        When, in UTC.
    purged_by, reason : str
        Who did it, and why.

    """

    subject_kind: Purged
    subject: str
    study_uid: str
    revisions: int
    last_hash: str
    purged_at: datetime
    purged_by: str
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject_kind", Purged(self.subject_kind))
        for name in ("purged_by", "reason"):
            text = getattr(self, name)
            if not text.strip() or not text.isprintable():
                raise StoreError(
                    f"purge of {self.subject_kind} {self.subject}",
                    f"has no {name.replace('_', ' ')} that can be kept",
                    "Give one in a single line of plain text, without the name of a patient.",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFilter:
    """Which studies are wanted; what is not given is not asked for.

    Parameters
    ----------
    region : str
        Region of the spine.
    procedure : str
        Identifier of the protocol that a reading of the study follows.
    first_date, last_date : datetime.date or None
        Dates between which the study was made, both included.
    equipment : str
        Part of the name of the equipment; capital and small letters are the same.
    state : ReadingStatus or None
        How far a reading of the study is.
    reader : str
        A reader who has a reading of the study. Together with ``state`` or ``procedure``, that
        reading has to be in this state or follow this protocol.

    """

    region: str = ""
    procedure: str = ""
    first_date: date | None = None
    last_date: date | None = None
    equipment: str = ""
    state: ReadingStatus | None = None
    reader: str = ""


@dataclass(frozen=True, slots=True)
class ListedReading:
    """A reading in a list: where it ends, and how many marks it holds at present."""

    reading: Reading
    head: Head
    marks: int

    @property
    def state(self) -> ReadingStatus:
        """Whether it was submitted."""
        return ReadingStatus.SUBMITTED if self.head.submitted else ReadingStatus.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class ListedStudy:
    """A study in a list, with those of its readings that may be seen, oldest first."""

    uid: str
    facts: StudyFacts
    images: int
    readings: tuple[ListedReading, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A part of a list of studies, and how many the whole list has."""

    studies: tuple[ListedStudy, ...]
    total: int
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """What can be said of a store.

    Attributes
    ----------
    place : str
        Where it is, without a password.
    engine : str
        What keeps it, with its version.
    schema_version : int
        Version of its tables.
    store_id : str
        Identifier of the store, made when it was.
    protection : str
        Who is kept from what, in plain words.
    studies, readings, revisions, tombstones, set_versions, answers : int
        How many it holds, as far as they may be seen.

    """

    place: str
    engine: str
    schema_version: int
    store_id: str
    protection: str
    studies: int = field(default=0)
    readings: int = field(default=0)
    revisions: int = field(default=0)
    tombstones: int = field(default=0)
    set_versions: int = field(default=0)
    answers: int = field(default=0)

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing, as far as that may be seen."""
        return not (self.studies or self.readings or self.tombstones or self.set_versions or self.answers)
