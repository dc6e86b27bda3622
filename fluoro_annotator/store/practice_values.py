"""What a store keeps of practice, as values: teaching sets, their keys, answers, scores and assignments.

The store does not know what an exercise is. It keeps texts in JSON, with what they are found by and who may
see them; the meaning is given to them elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NoReturn

from fluoro_annotator.errors import StoreError
from fluoro_annotator.marks.fields import checked_count, checked_reader, checked_text
from fluoro_annotator.marks.revisions import stored_time, time_to_text
from fluoro_annotator.marks.serialise import canonical_json

FIRST_SCORE = "first"
"""The cause of the first score of an answer; any other cause is the reason of a rescoring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVersion:
    """A version of a teaching set, as everybody may see it.

    Attributes
    ----------
    set_id : str
        The teaching set.
    version : int
        Number of the version, at least 1.
    title, author : str
        What it is called, and who published it.
    published_at : datetime.datetime
        When, by the clock of the author's computer; kept in UTC to the millisecond.
    content : str
        A JSON object with the questions, without anything that gives an answer away.
    withdrawn : bool
        Whether this version withdraws the set: nothing of the set is to be practised any more.

    """

    set_id: str
    version: int
    title: str
    author: str
    published_at: datetime
    content: str
    withdrawn: bool = False

    def __post_init__(self) -> None:
        _check(self, f"teaching set {self.set_id!s:.80}")

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it."""
        return _hash(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseKey:
    """What an answer to one exercise of a teaching set is compared with; nobody sees it before answering.

    Attributes
    ----------
    set_id, version, exercise_id : str, int, str
        The exercise.
    study_uid : str
        The study that the exercise is about. If it is purged, the key goes with it.
    content : str
        A JSON object. Its hash can be seen by everybody, so it has to hold something random.

    """

    set_id: str
    version: int
    exercise_id: str
    study_uid: str
    content: str

    def __post_init__(self) -> None:
        _check(self, f"key of exercise {self.exercise_id!s:.80}")

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it."""
        return _hash(self)

    @property
    def exercise(self) -> PublishedExercise:
        """What everybody may see of it."""
        return PublishedExercise(
            set_id=self.set_id,
            version=self.version,
            exercise_id=self.exercise_id,
            study_uid=self.study_uid,
            key_hash=self.hash,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedExercise:
    """An exercise that a version of a teaching set has, and the hash of its key; it outlives the key."""

    set_id: str
    version: int
    exercise_id: str
    study_uid: str
    key_hash: str

    def __post_init__(self) -> None:
        _check(self, f"exercise {self.exercise_id!s:.80}")

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it."""
        return _hash(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that a trainee has committed.

    Attributes
    ----------
    answer_id : str
        Identifier of the answer.
    set_id, set_version, exercise_id : str, int, str
        What is answered.
    trainee : str
        Who answers.
    presented_at, committed_at : datetime.datetime
        By the clock of the trainee's computer; kept in UTC to the millisecond.
    client : str
        Program and version.
    content : str
        A JSON object.

    """

    answer_id: str
    set_id: str
    set_version: int
    exercise_id: str
    trainee: str
    presented_at: datetime
    committed_at: datetime
    client: str
    content: str

    def __post_init__(self) -> None:
        _check(self, f"answer {self.answer_id!s:.80}")

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it."""
        return _hash(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEntry:
    """A score that an answer was given once; later ones are added and take nothing back.

    Attributes
    ----------
    answer_id : str
        The answer.
    outcome : str
        What came out, in one word.
    success : bool or None
        Whether that is a success; None if it cannot be told.
    critical : bool
        Whether a critical error was made.
    cause : str
        `FIRST_SCORE`, or the reason of a rescoring.
    scored_at : datetime.datetime
        By the clock of the computer that scored; kept in UTC to the millisecond.
    scored_by : str
        Whose program did.
    content : str
        A JSON object with the whole score.

    """

    answer_id: str
    outcome: str
    success: bool | None
    critical: bool
    cause: str
    scored_at: datetime
    scored_by: str
    content: str

    def __post_init__(self) -> None:
        _check(self, f"score of answer {self.answer_id!s:.80}")

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it."""
        return _hash(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A teaching set that a trainee is asked to practise, until when, or no longer.

    Of several for the same set and trainee the one that the store took last counts.
    """

    set_id: str
    trainee: str
    assigned_by: str
    assigned_at: datetime
    due: date | None = None
    withdrawn: bool = False

    def __post_init__(self) -> None:
        _check(self, f"assignment of teaching set {self.set_id!s:.80}")

    @property
    def hash(self) -> str:
        """SHA-256 over everything in it."""
        return _hash(self)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as a store keeps it.

    Attributes
    ----------
    entry : int
        Its place in the order in which the store took the answers. Times do not tell it: clocks differ,
        are set, and answers may have waited for the store.
    kept_at : datetime.datetime
        When the store took it, in UTC, by the clock of the server or else of this computer.
    answer : Answer
        The answer.
    scores : tuple of ScoreEntry
        Its scores, in the order in which the store took them; none yet if it waits for one.

    """

    entry: int
    kept_at: datetime
    answer: Answer
    scores: tuple[ScoreEntry, ...] = ()


PracticeValue = SetVersion | ExerciseKey | PublishedExercise | Answer | ScoreEntry | Assignment


def _identifier(subject: str, name: str, value: Any) -> str:
    return checked_text(subject, name, value)


def _remark(subject: str, name: str, value: Any) -> str:
    return checked_text(subject, name, value, may_be_empty=True)


def _count(subject: str, name: str, value: Any) -> int:
    return checked_count(subject, name, value)


def _person(_subject: str, _name: str, value: Any) -> str:
    return checked_reader(value)


def _time(_subject: str, _name: str, value: Any) -> datetime:
    return stored_time(value)


def _flag(subject: str, name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise StoreError(subject, f"cannot be kept: {name!r} is neither true nor false")
    return value


def _flag_or_none(subject: str, name: str, value: Any) -> bool | None:
    return None if value is None else _flag(subject, name, value)


def _day(subject: str, name: str, value: Any) -> date | None:
    if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
        raise StoreError(subject, f"cannot be kept: {name!r} is not a day")
    return value


def _object(subject: str, name: str, value: Any) -> str:
    try:
        known = json.loads(value, parse_constant=_no_number)
    except (TypeError, ValueError, RecursionError):
        known = None
    if not isinstance(value, str) or not isinstance(known, dict):
        raise StoreError(subject, f"cannot be kept: {name!r} is not a JSON object")
    return value


def _no_number(constant: str) -> NoReturn:
    raise ValueError(constant)


_CHECKS = {
    "set_id": _identifier,
    "exercise_id": _identifier,
    "study_uid": _identifier,
    "key_hash": _identifier,
    "answer_id": _identifier,
    "title": _identifier,
    "outcome": _identifier,
    "cause": _identifier,
    "client": _remark,
    "version": _count,
    "set_version": _count,
    "author": _person,
    "trainee": _person,
    "scored_by": _person,
    "assigned_by": _person,
    "published_at": _time,
    "presented_at": _time,
    "committed_at": _time,
    "scored_at": _time,
    "assigned_at": _time,
    "withdrawn": _flag,
    "critical": _flag,
    "success": _flag_or_none,
    "due": _day,
    "content": _object,
}
"""What each field has to satisfy; the same name means the same everywhere."""


def _check(value: PracticeValue, subject: str) -> None:
    """Bring every field into the form in which it is kept, or refuse it."""
    for field in fields(value):
        checked = _CHECKS[field.name](subject, field.name, getattr(value, field.name))
        object.__setattr__(value, field.name, checked)


def plain(value: PracticeValue) -> dict[str, Any]:
    """Return the fields of a value as plain texts, numbers and truth values."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return time_to_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _hash(value: PracticeValue) -> str:
    return hashlib.sha256(canonical_json(plain(value)).encode("ascii")).hexdigest()
