"""Teaching sets: questions in an order, with the hashes of their keys, in a version that never changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.marks.fields import checked_count, checked_reader, checked_text
from fluoro_annotator.marks.revisions import stored_time, time_to_text
from fluoro_annotator.training.plain import Group, read_text, written
from fluoro_annotator.training.questions import Question, question_from, question_to_dict

SET_FORMAT: Final = "fluoro_annotator.teaching_set"
SET_VERSION: Final = 1
SET_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""What the identifier of a set looks like: it is typed on command lines and may be part of a file's name."""

LONGEST_TITLE: Final = 100
LONGEST_DESCRIPTION: Final = 2000
"""Longest title and description, in characters."""

HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingSet:
    """One version of a teaching set, as everybody may see it.

    Parameters
    ----------
    set_id : str
        Identifier, the same in all versions.
    version : int
        Counted from 1.
    title, description : str
        For the screen; neither must tell an answer. The description may be empty.
    author : str
        Who published it.
    protocol_id, protocol_version, protocol_hash : str
        The protocol that answers are scored by, as it was at publication.
    questions : tuple of Question
        One or more, each with an identifier of its own.
    key_hashes : mapping of str to str
        For each exercise the hash of its key (`key_hash`).
    mixed : bool
        Whether the order is chosen for each trainee; otherwise it is that of the questions.
    published_at : datetime.datetime
        When, in UTC.

    Raises
    ------
    TrainingError
        If there is no question, an exercise comes twice, or keys and questions do not go together.
    MarkError
        If a value is not of its kind.

    """

    set_id: str
    version: int
    title: str
    author: str
    protocol_id: str
    protocol_version: str
    protocol_hash: str
    questions: tuple[Question, ...]
    key_hashes: Mapping[str, str]
    description: str = ""
    mixed: bool = True
    published_at: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        subject = "teaching set"
        for name in ("protocol_id", "protocol_version", "protocol_hash"):
            checked_text(subject, name, getattr(self, name))
        kept = {
            "set_id": checked_set_id(self.set_id),
            "version": checked_count(subject, "version", self.version),
            "title": checked_title(self.title),
            "description": checked_description(self.description),
            "author": checked_reader(self.author),
            "questions": tuple(self.questions),
            "key_hashes": MappingProxyType(dict(self.key_hashes)),
            "published_at": stored_time(self.published_at),
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)
        self._check_questions()

    def _check_questions(self) -> None:
        subject = f"teaching set {self.set_id}"
        identifiers = [question.exercise_id for question in self.questions]
        if not identifiers:
            raise TrainingError(subject, "has no exercise", "Add at least one.")
        if len(set(identifiers)) < len(identifiers):
            raise TrainingError(subject, "has an exercise twice", "Leave one of them out.")
        if set(identifiers) != set(self.key_hashes):
            raise TrainingError(subject, "has an exercise without a key, or a key without an exercise")
        if not all(isinstance(one, str) and HASH.fullmatch(one) for one in self.key_hashes.values()):
            raise TrainingError(subject, "has a hash of a key that is none")

    def question(self, exercise_id: str) -> Question:
        """Return the question of an exercise.

        Raises
        ------
        TrainingError
            If the set has no such exercise.

        """
        for question in self.questions:
            if question.exercise_id == exercise_id:
                return question
        raise TrainingError(
            f"exercise {exercise_id}",
            f"is not part of version {self.version} of the teaching set {self.set_id}",
            "Read the teaching set again.",
        )

    @property
    def studies(self) -> tuple[str, ...]:
        """Study Instance UIDs of the studies it needs, each once."""
        return tuple(dict.fromkeys(question.study_uid for question in self.questions))


def checked_set_id(value: str) -> str:
    """Return the identifier of a set.

    Raises
    ------
    TrainingError
        If it has other characters than small letters, digits, dots, dashes and underscores, or too many.

    """
    if not isinstance(value, str) or not SET_ID.fullmatch(value):
        raise TrainingError(
            "teaching set",
            "has an identifier that cannot be used",
            "Use up to 64 small letters, digits, dots, dashes and underscores.",
        )
    return value


def checked_title(value: str) -> str:
    """Return a title without blanks around it.

    Raises
    ------
    TrainingError
        If there is none, or it is too long.

    """
    return _short("title", value, LONGEST_TITLE, may_be_empty=False)


def checked_description(value: str) -> str:
    """Return a description without blanks around it; it may be empty.

    Raises
    ------
    TrainingError
        If it is too long.

    """
    return _short("description", value, LONGEST_DESCRIPTION, may_be_empty=True)


def _short(name: str, value: object, longest: int, *, may_be_empty: bool) -> str:
    text = checked_text("teaching set", name, value, may_be_empty=True).strip()
    if not text and not may_be_empty:
        raise TrainingError("teaching set", f"has no {name}", f"Type a {name}.")
    if len(text) > longest:
        raise TrainingError("teaching set", f"has a {name} of more than {longest} characters", "Shorten it.")
    return text


def set_to_text(teaching_set: TeachingSet) -> str:
    """Return a set as JSON of which there is only one form; the inverse of `set_from_text`."""
    return written(SET_FORMAT, SET_VERSION, set_to_dict(teaching_set))


def set_from_text(text: str | bytes, subject: str = "teaching set") -> TeachingSet:
    """Return the set written by `set_to_text`.

    Raises
    ------
    TrainingFormatError
        Naming text, place and reason.

    """
    return read_text(text, subject, SET_FORMAT, SET_VERSION).made(set_from)


def set_to_dict(teaching_set: TeachingSet) -> dict[str, Any]:
    """Return a set as plain values; the inverse of `set_from`."""
    return {
        "set_id": teaching_set.set_id,
        "set_version": teaching_set.version,
        "title": teaching_set.title,
        "description": teaching_set.description,
        "author": teaching_set.author,
        "published_at": time_to_text(teaching_set.published_at),
        "protocol": {
            "id": teaching_set.protocol_id,
            "version": teaching_set.protocol_version,
            "content_hash": teaching_set.protocol_hash,
        },
        "mixed": teaching_set.mixed,
        "questions": [question_to_dict(question) for question in teaching_set.questions],
        "key_hashes": dict(teaching_set.key_hashes),
    }


def set_from(group: Group) -> TeachingSet:
    """Return a set from its plain values; what is left over in the group is refused by whoever made it."""
    protocol_id, protocol_version, protocol_hash = group.group("protocol").made(_protocol)
    return TeachingSet(
        set_id=group.text("set_id"),
        version=group.whole("set_version"),
        title=group.text("title"),
        description=group.text("description", may_be_empty=True),
        author=group.text("author"),
        published_at=group.time("published_at"),
        protocol_id=protocol_id,
        protocol_version=protocol_version,
        protocol_hash=protocol_hash,
        mixed=group.flag("mixed"),
        questions=tuple(question_from(one) for one in group.groups("questions")),
        key_hashes=_hashes(group.group("key_hashes")),
    )


def _protocol(group: Group) -> tuple[str, str, str]:
    return group.text("id"), group.text("version"), group.text("content_hash")


def _hashes(group: Group) -> dict[str, str]:
    return group.made(lambda one: {name: one.text(name) for name in one.names})
