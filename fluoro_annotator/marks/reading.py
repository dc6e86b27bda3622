"""A reading: all marks of one reader on one study for one purpose."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fluoro_annotator.errors import MarkError
from fluoro_annotator.marks.revisions import utc_now

LONGEST_NAME = 64


class Role(StrEnum):
    """What the reader is in the department."""

    TRAINEE = "trainee"
    ATTENDING = "attending"
    AUDITOR = "auditor"


class Purpose(StrEnum):
    """What a reading is made for."""

    REFERENCE = "reference"
    PRACTICE = "practice"
    PROCEDURE = "procedure"
    REVIEW = "review"
    AUDIT = "audit"


def checked_reader(name: str) -> str:
    """Return a reader's name, trimmed.

    Raises
    ------
    MarkError
        If the name is empty, longer than 64 characters or holds control characters.

    """
    trimmed = name.strip()
    if not trimmed:
        raise MarkError("reader", "has no name", "Enter the name under which your marks are kept.")
    if len(trimmed) > LONGEST_NAME:
        raise MarkError("reader", f"has a name of more than {LONGEST_NAME} characters", "Use a shorter one.")
    if any(unicodedata.category(character).startswith("C") for character in trimmed):
        raise MarkError("reader", "has a name with control characters", "Type the name again.")
    return trimmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads which study, and what for.

    Parameters
    ----------
    study_uid : str
        Study Instance UID.
    reader : str
        Name of the reader.
    purpose : Purpose
        What the reading is for.
    role : Role
        The reader's role.
    reading_id : str
        Identifier, made anew by default.
    started_at : datetime.datetime
        Start, in UTC.

    Raises
    ------
    MarkError
        If the study or the reader is missing, or the start has no time zone.

    """

    study_uid: str
    reader: str
    purpose: Purpose = Purpose.PROCEDURE
    role: Role = Role.ATTENDING
    reading_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started_at: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        if not self.study_uid:
            raise MarkError("reading", "names no study")
        if self.started_at.tzinfo is None:
            raise MarkError("reading", "has a start without a time zone")
        object.__setattr__(self, "reader", checked_reader(self.reader))
