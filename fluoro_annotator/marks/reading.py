"""A reading: all marks of one reader on one study for one purpose."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fluoro_annotator.marks.fields import LONGEST_NAME, checked_member, checked_reader, checked_text
from fluoro_annotator.marks.revisions import stored_time, utc_now

__all__ = ["LONGEST_NAME", "Purpose", "Reading", "Role", "checked_reader"]


class Role(StrEnum):
    """What the reader is in the department; not stated unless somebody said so."""

    NOT_STATED = "not_stated"
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
        If the study, the reader or the identifier is missing, the purpose or role is none
        of those above, or the start has no time zone.

    """

    study_uid: str
    reader: str
    purpose: Purpose = Purpose.PROCEDURE
    role: Role = Role.NOT_STATED
    reading_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started_at: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        checked_text("reading", "study_uid", self.study_uid)
        checked_text("reading", "reading_id", self.reading_id)
        kept = {
            "reader": checked_reader(self.reader),
            "purpose": checked_member("reading", "purpose", self.purpose, Purpose),
            "role": checked_member("reading", "role", self.role, Role),
            "started_at": stored_time(self.started_at),
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)
