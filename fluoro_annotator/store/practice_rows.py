"""Values of practice as rows of the tables, and back: declared pairs that lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
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
ANSWER_ENDS = 2 + len(ANSWER)
"""Where the fields of a score begin, behind entry, time and the fields of the answer."""

NAMES = {"answer_id": "answer", "exercise_id": "exercise", "set_id": "teaching set"}


def _flag(value: Any) -> bool | None:
    """Return a truth value that stands in the tables as a number."""
    return None if value is None else bool(value)


READERS: dict[str, Callable[[Any], Any]] = dict.fromkeys(TIMES, datetime.fromisoformat) | dict.fromkeys(
    FLAGS, _flag
)
Fields = tuple[tuple[str, Callable[[Any], Any] | None], ...]
READ_ANSWER: Fields = tuple((name, READERS.get(name)) for name in ANSWER)
READ_SCORE: Fields = tuple((name, READERS.get(name)) for name in SCORE)

_set = object.__setattr__


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
    """Return answers with their scores.

    A hundred thousand are read in about a second, because what was checked when it was kept is not checked
    again; `Store.verify` does that.

    Parameters
    ----------
    rows : iterable of sequences
        Entry, time of keeping, the fields of `ANSWER`, and those of `SCORE`, which are None where an answer
        has no score. The scores of an answer follow each other.

    Raises
    ------
    StoreDamagedError
        If a row is not one that a store has written.

    """
    with readable("answers"):
        return tuple(_kept(list(same)) for _, same in groupby(rows, key=itemgetter(0)))


def _kept(rows: list[Sequence[Any]]) -> KeptAnswer:
    """Return an answer from its rows, one for each score."""
    first = rows[0]
    scores = tuple(
        [_made(ScoreEntry, READ_SCORE, row[ANSWER_ENDS:]) for row in rows if row[ANSWER_ENDS] is not None]
    )
    answer = _made(Answer, READ_ANSWER, first[2:ANSWER_ENDS])
    return KeptAnswer(first[0], datetime.fromisoformat(first[1]), answer, scores)


def _made(kind: type[Read], fields: Fields, values: Sequence[Any]) -> Read:
    """Return a value without its checks, from what was checked when it was kept."""
    made = object.__new__(kind)
    for (name, read), value in zip(fields, values, strict=True):
        _set(made, name, value if read is None else read(value))
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
