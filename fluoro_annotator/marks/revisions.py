"""Revisions: every change of a reading, numbered and chained by hash.

A `Draft` is a change as a session makes it. Appended to a store it becomes a `Revision`:
it gets the next number of its reading and a hash that covers its own content and the hash
before it, so that a missing, changed or inserted revision is found. A stream cut off at its end still
fits together; only somebody who noted its last hash can tell.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Protocol

from fluoro_annotator.errors import ChainError, MarkError
from fluoro_annotator.marks.fields import checked_kind, checked_member, checked_reader, checked_text, taken
from fluoro_annotator.marks.serialise import mark_from_dict, mark_to_dict, mark_to_text
from fluoro_annotator.marks.values import Record

FIRST_HASH = "0" * 64


class RevisionKind(StrEnum):
    """What happened to the record; "change" is of a fact that is neither its place nor its name."""

    ADD = "add"
    MOVE = "move"
    RELABEL = "relabel"
    DELETE = "delete"
    RESTORE = "restore"
    CHANGE = "change"


class Cause(StrEnum):
    """Why it happened."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"


def utc_now() -> datetime:
    """Return the present time in UTC, to the millisecond that is stored."""
    return stored_time(datetime.now(UTC))


def stored_time(time: datetime) -> datetime:
    """Return a time as it is stored: in UTC, cut to the millisecond.

    Raises
    ------
    MarkError
        If it is not a time, has no time zone, or leaves the calendar in UTC.

    """
    if not isinstance(time, datetime):
        raise MarkError("time", "is not a date and time")
    if time.tzinfo is UTC and not time.microsecond % 1000:
        return time
    if time.tzinfo is None:
        raise MarkError(f"time {time.isoformat()}", "has no time zone")
    try:
        utc = time.astimezone(UTC)
    except OverflowError:
        raise MarkError(f"time {time.isoformat()}", "is outside the calendar") from None
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def time_to_text(time: datetime) -> str:
    """Write a time as ISO 8601 in UTC with milliseconds; the inverse of `time_from_text`."""
    return _utc_text(stored_time(time))


@lru_cache(maxsize=1024)
def _utc_text(time: datetime) -> str:
    """Write a time in UTC; changes of one step, and many of an import, bear the same one."""
    return time.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def time_from_text(text: str) -> datetime:
    """Read a time written by `time_to_text`.

    Raises
    ------
    MarkError
        If the text is not an ISO 8601 time with a time zone.

    """
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise MarkError(f"time {text!r}", "is not an ISO 8601 date and time") from None
    return stored_time(time)


class WithText:
    """A place for the written record and time of a change, which are no part of its value."""

    __slots__ = ("_mark_text", "_time_text")

    _mark_text: str
    _time_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(WithText):
    """A change that has not been stored yet.

    Parameters
    ----------
    kind : RevisionKind
        What happened.
    mark : Record
        The record after the change; for a deletion, as it was before.
    author : str
        Who did it.
    recorded_at : datetime.datetime
        When, in UTC.
    client : str
        Program and version that recorded it.
    action_id : str
        Changes with the same value are undone together.
    cause : Cause
        Edit, undo, redo or import.
    concerns : str or None
        For an undo or redo, the ``action_id`` of the edit that it takes back or repeats.
    what : str
        What the program calls the whole step, for example "renumber"; empty if its kind says it.

    Raises
    ------
    MarkError
        If a value is of the wrong kind, the time has no time zone, or only one of an
        undo or redo and its ``concerns`` is given.

    """

    kind: RevisionKind
    mark: Record
    author: str
    recorded_at: datetime = field(default_factory=utc_now)
    client: str = ""
    action_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    cause: Cause = Cause.EDIT
    concerns: str | None = None
    what: str = ""

    def __post_init__(self) -> None:
        kept = {
            "kind": checked_kind("revision", self.kind, RevisionKind),
            "author": checked_reader(self.author),
            "recorded_at": stored_time(self.recorded_at),
            "cause": checked_member("revision", "cause", self.cause, Cause),
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)
        checked_text("revision", "client", self.client, may_be_empty=True)
        checked_text("revision", "action_id", self.action_id)
        checked_text("revision", "what", self.what, may_be_empty=True)
        if self.concerns is not None:
            checked_text("revision", "concerns", self.concerns)
        if (self.cause in {Cause.UNDO, Cause.REDO}) != (self.concerns is not None):
            raise MarkError("revision", "is an undo or redo that does not say of what, or the reverse")

    @property
    def mark_text(self) -> str:
        """The record as canonical JSON; written when it is first asked for."""
        text: str | None = getattr(self, "_mark_text", None)
        if text is None:
            text = mark_to_text(self.mark)
            object.__setattr__(self, "_mark_text", text)
        return text

    @property
    def time_text(self) -> str:
        """The time as `time_to_text` writes it; written when it is first asked for."""
        text: str | None = getattr(self, "_time_text", None)
        if text is None:
            text = time_to_text(self.recorded_at)
            object.__setattr__(self, "_time_text", text)
        return text

    def to_text(self) -> str:
        """Return `to_dict` as canonical JSON, put together from parts because it is needed for every hash."""
        concerns = "null" if self.concerns is None else quoted(self.concerns)
        return (
            f'{{"action_id":{quoted(self.action_id)},"author":{quoted(self.author)},"cause":"{self.cause._value_}",'
            f'"client":{quoted(self.client)},"concerns":{concerns},"kind":"{self.kind._value_}",'
            f'"mark":{self.mark_text},"recorded_at":"{self.time_text}"'
            + (f',"what":{quoted(self.what)}}}' if self.what else "}")
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain values for JSON; the inverse of `from_dict`."""
        named = {"what": self.what} if self.what else {}
        return named | {
            "kind": self.kind.value,
            "mark": mark_to_dict(self.mark),
            "author": self.author,
            "recorded_at": time_to_text(self.recorded_at),
            "client": self.client,
            "action_id": self.action_id,
            "cause": self.cause.value,
            "concerns": self.concerns,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Draft:
        """Return the change written by `to_dict`.

        Raises
        ------
        UnknownKindError
            If this version of the program does not know the kind of change or of record.
        MarkError
            If a value is missing or of the wrong kind.

        """
        fields = {name: taken("revision", values, name) for name in DRAFT_FIELDS if name != "what"}
        fields["what"] = values.get("what", "")
        fields["mark"] = mark_from_dict(fields["mark"])
        fields["recorded_at"] = time_from_text(fields["recorded_at"])
        return cls(**fields)


DRAFT_FIELDS = tuple(entry.name for entry in dataclass_fields(Draft))


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored change.

    Parameters
    ----------
    reading_id : str
        The reading it belongs to.
    sequence : int
        Its number within the reading, counted from 1 without gaps.
    draft : Draft
        The change itself.
    previous_hash, hash : str
        SHA-256, hexadecimal, of the revision before and of this one.

    """

    reading_id: str
    sequence: int
    draft: Draft
    previous_hash: str
    hash: str


def revision_hash(reading_id: str, sequence: int, draft: Draft, previous_hash: str) -> str:
    """Return the hash of a revision: SHA-256 over its canonical JSON, the previous hash included."""
    text = f"[{quoted(reading_id)},{sequence},{quoted(previous_hash)},{draft.to_text()}]"
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Link(Protocol):
    """What a chain goes on from: a number, 0 before the first revision, and a hash."""

    @property
    def sequence(self) -> int:
        """Number within the reading."""

    @property
    def hash(self) -> str:
        """Hash of the revision with this number."""


def chain(reading_id: str, drafts: Iterable[Draft], last: Link | None = None) -> tuple[Revision, ...]:
    """Give drafts their numbers and hashes, behind the last stored revision of a reading.

    Parameters
    ----------
    reading_id : str
        The reading.
    drafts : iterable of Draft
        New changes, oldest first.
    last : Link or None
        The last revision of the reading, or its number and hash; None if there is none.

    """
    sequence, previous = (last.sequence, last.hash) if last else (0, FIRST_HASH)
    revisions = []
    for draft in drafts:
        sequence += 1
        current = revision_hash(reading_id, sequence, draft, previous)
        revisions.append(Revision(reading_id, sequence, draft, previous, current))
        previous = current
    return tuple(revisions)


def check_chain(revisions: Sequence[Revision]) -> None:
    """Prove that a reading's revisions are complete and unchanged.

    Parameters
    ----------
    revisions : sequence of Revision
        All revisions of one reading, oldest first.

    Raises
    ------
    ChainError
        At the first revision whose number, link or hash is wrong.

    """
    previous = FIRST_HASH
    for number, revision in enumerate(revisions, start=1):
        subject = f"revision {number} of reading {revision.reading_id}"
        if revision.reading_id != revisions[0].reading_id:
            raise ChainError(subject, f"stands among those of reading {revisions[0].reading_id}")
        if revision.sequence != number:
            raise ChainError(subject, f"has number {revision.sequence}: one is missing or out of order")
        if revision.previous_hash != previous:
            raise ChainError(subject, "does not follow from the one before")
        if revision.hash != revision_hash(revision.reading_id, number, revision.draft, previous):
            raise ChainError(subject, "was changed after it was stored")
        previous = revision.hash
