"""Values of practice as rows of the tables, and back: declared pairs that lose nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from operator import itemgetter
from typing import Any, TypeVar

from fluoro_annotator.errors import FluoroAnnotatorError, StoreDamagedError
from fluoro_annotator.marks.revisions import time_from_text
from fluoro_annotator.store.practice_values import (
    Answer,
    Assignment,
    ExerciseKey,
    KeptAnswer,
    PracticeValue,
    PublishedExercise,
    ScoreEntry,
    SetVersion,
    plain,
)

Value = TypeVar("Value", SetVersion, ExerciseKey, PublishedExercise, Answer, ScoreEntry, Assignment)
Read = TypeVar("Read", Answer, ScoreEntry)

FLAGS = ("withdrawn", "critical", "success")
TIMES = ("published_at", "presented_at", "committed_at", "scored_at", "assigned_at")

ANSWER = tuple(Answer.__dataclass_fields__)
SCORE = tuple(ScoreEntry.__dataclass_fields__)
SCORE_BEGINS = 2 + len(ANSWER)
"""Where the number of a score stands, behind entry, time and the fields of the answer."""

NAMES = {"answer_id": "answer", "exercise_id": "exercise", "set_id": "teaching set"}

# How a field is set past the checks, and read if its column is not what it is itself.
Setter = Callable[[object, Any], None]
READERS: dict[str, Callable[[Any], Any]] = dict.fromkeys(TIMES, datetime.fromisoformat) | {
    "success": {None: None, 0: False, 1: True}.__getitem__,
    "critical": bool,
}
SET_ANSWER: tuple[Setter, ...] = tuple(Answer.__dict__[name].__set__ for name in ANSWER)
SET_SCORE: tuple[Setter, ...] = tuple(ScoreEntry.__dict__[name].__set__ for name in SCORE)
READ_ANSWER = tuple((at, READERS[name]) for at, name in enumerate(ANSWER) if name in READERS)
READ_SCORE = tuple((at, READERS[name]) for at, name in enumerate(SCORE) if name in READERS)


def _flag(value: Any) -> bool | None:
    """Return a truth value that stands in the tables as a number."""
    return None if value is None else bool(value)


def to_row(value: PracticeValue) -> dict[str, Any]:
    """Return the row of a value, with its hash; the inverse of `from_row`."""
    row = plain(value) | {"hash": value.hash}
    row |= {name: int(row[name]) for name in FLAGS if row.get(name) is not None}
    return row | {"due": row["due"] or ""} if "due" in row else row


def from_row(kind: type[Value], row: Mapping[Any, Any]) -> Value:
    """Return the value of a row written by `to_row`, checked like any other.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.

    """
    with readable(subject(row)):
        facts = {name: row[name] for name in kind.__dataclass_fields__}
        facts |= {name: time_from_text(facts[name]) for name in TIMES if name in facts}
        facts |= {name: _flag(facts[name]) for name in FLAGS if name in facts}
        if "due" in facts:
            facts["due"] = date.fromisoformat(facts["due"]) if facts["due"] else None
        return kind(**facts)


def kept_answers(rows: Iterable[Sequence[Any]]) -> tuple[KeptAnswer, ...]:
    """Return answers with their scores, in the order of their entries.

    A hundred thousand are read in about a second and a half. What was checked when it was kept is not checked
    again; `Store.verify` does that. Putting them into order here is quicker than a server's sorting of long rows.

    Parameters
    ----------
    rows : iterable of sequences
        Entry, time of keeping, the fields of `ANSWER`, and number and fields of a score, in the order of
        `SCORE`; None where an answer has no score. In any order.

    Raises
    ------
    StoreDamagedError
        If a row is not one that a store has written.

    """
    answers: dict[int, tuple[str, Answer]] = {}
    scores: dict[int, list[tuple[int, ScoreEntry]]] = {}
    with readable("answers of practice"), _nothing_collected():
        for row in rows:
            entry, number = row[0], row[SCORE_BEGINS]
            if number is not None:
                score = _made(ScoreEntry, SET_SCORE, READ_SCORE, row[SCORE_BEGINS + 1 :])
                scores.setdefault(entry, []).append((number, score))
            if entry not in answers:
                answers[entry] = (row[1], _made(Answer, SET_ANSWER, READ_ANSWER, row[2:SCORE_BEGINS]))
        return tuple(
            KeptAnswer(entry, datetime.fromisoformat(time), answer, _in_order(scores.get(entry, ())))
            for entry, (time, answer) in sorted(answers.items(), key=itemgetter(0))
        )


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Do not look for garbage while many values are made, of which none is; that takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _in_order(scores: Sequence[tuple[int, ScoreEntry]]) -> tuple[ScoreEntry, ...]:
    return tuple([score for _, score in sorted(scores, key=itemgetter(0))])


def _made(
    kind: type[Read],
    setters: Sequence[Setter],
    readers: Sequence[tuple[int, Callable[[Any], Any]]],
    fields: Sequence[Any],
) -> Read:
    """Return a value without its checks, from what was checked when it was kept."""
    values = list(fields)
    for at, read in readers:
        values[at] = read(values[at])
    made = object.__new__(kind)
    for put, value in zip(setters, values, strict=True):
        put(made, value)
    return made


def subject(row: Mapping[Any, Any]) -> str:
    """Return what to call a row that cannot be read."""
    name = next((name for name in ("answer_id", "exercise_id", "set_id") if name in row), "")
    return f"{NAMES[name]} {row[name]}" if name else "practice"


@contextmanager
def readable(subject: str) -> Iterator[None]:
    """Say of a row that is not as it was written that the store is damaged."""
    try:
        yield
    except (FluoroAnnotatorError, TypeError, ValueError) as error:
        raise StoreDamagedError(
            subject,
            "cannot be read: the store is damaged",
            "Restore the store from a backup, and keep the damaged file.",
        ) from error
