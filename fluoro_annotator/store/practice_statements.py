"""The SQL statements of practice, each within a transaction that its caller holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, insert, select

from fluoro_annotator.marks.revisions import time_from_text
from fluoro_annotator.store import schema
from fluoro_annotator.store.practice_rows import ANSWER, SCORE, from_row, kept_answers, to_row
from fluoro_annotator.store.practice_rules import unknown_exercise, unknown_version
from fluoro_annotator.store.practice_values import (
    Answer,
    Assignment,
    ExerciseKey,
    KeptAnswer,
    PublishedExercise,
    SetVersion,
)

SET, EXERCISE, KEY = schema.practice_set.c, schema.practice_exercise.c, schema.practice_key.c
GIVEN, SCORED = schema.practice_answer.c, schema.practice_score.c

VERSIONS = select(schema.practice_set).order_by(SET.entry)
EXERCISES = select(schema.practice_exercise).order_by(EXERCISE.entry)
KEYS = (
    select(schema.practice_key)
    .join(
        schema.practice_exercise,
        and_(
            EXERCISE.set_id == KEY.set_id,
            EXERCISE.version == KEY.version,
            EXERCISE.exercise_id == KEY.exercise_id,
        ),
    )
    .order_by(EXERCISE.entry)
)
ANSWERS: Select[Any] = select(
    *(GIVEN.entry, GIVEN.kept_at, *(GIVEN[name] for name in ANSWER)),
    *(SCORED.entry, *(SCORED[name] for name in SCORE)),
).select_from(schema.practice_answer.outerjoin(schema.practice_score, SCORED.answer_id == GIVEN.answer_id))
"""In no order: `kept_answers` puts them into it."""

ASSIGNMENTS = select(schema.practice_assignment).order_by(schema.practice_assignment.c.entry)
AT_ONCE = 500
"""Most identifiers in one statement."""


def versions(connection: Connection, set_id: str | None = None) -> tuple[SetVersion, ...]:
    """Return versions of teaching sets."""
    query = VERSIONS if set_id is None else VERSIONS.where(SET.set_id == set_id)
    return tuple(from_row(SetVersion, row) for row in connection.execute(query).mappings())


def find_version(connection: Connection, set_id: str, version: int) -> SetVersion | None:
    """Return a version of a teaching set, None if it is not kept."""
    query = VERSIONS.where(SET.set_id == set_id, SET.version == version)
    row = connection.execute(query).mappings().first()
    return None if row is None else from_row(SetVersion, row)


def known_version(connection: Connection, set_id: str, version: int) -> SetVersion:
    """Return a version of a teaching set; raises UnknownExerciseError."""
    found = find_version(connection, set_id, version)
    if found is None:
        raise unknown_version(set_id, version)
    return found


def exercises(connection: Connection, set_id: str, version: int) -> tuple[PublishedExercise, ...]:
    """Return the exercises of a version in the order in which they were published."""
    query = EXERCISES.where(EXERCISE.set_id == set_id, EXERCISE.version == version)
    return tuple(from_row(PublishedExercise, row) for row in connection.execute(query).mappings())


def exercises_named(connection: Connection, set_ids: Collection[str]) -> set[tuple[str, int, str]]:
    """Return set, version and name of every exercise of some teaching sets."""
    wanted = select(EXERCISE.set_id, EXERCISE.version, EXERCISE.exercise_id)
    found: set[tuple[str, int, str]] = set()
    for some in _portions(sorted(set_ids)):
        found |= {tuple(row) for row in connection.execute(wanted.where(EXERCISE.set_id.in_(some)))}
    return found


def known_exercise(connection: Connection, set_id: str, version: int, exercise_id: str) -> None:
    """Make sure that a version has an exercise; raises UnknownExerciseError."""
    wanted = exists().where(
        EXERCISE.set_id == set_id, EXERCISE.version == version, EXERCISE.exercise_id == exercise_id
    )
    if not connection.scalar(select(wanted)):
        known_version(connection, set_id, version)
        raise unknown_exercise(set_id, version, exercise_id)


def keys(
    connection: Connection, set_id: str, version: int, exercise_id: str | None = None
) -> tuple[ExerciseKey, ...]:
    """Return the keys of a version, or of one exercise, as far as the database shows them."""
    query = KEYS.where(KEY.set_id == set_id, KEY.version == version)
    if exercise_id is not None:
        query = query.where(KEY.exercise_id == exercise_id)
    return tuple(from_row(ExerciseKey, row) for row in connection.execute(query).mappings())


def has_keys(connection: Connection, study_uid: str) -> bool:
    """Return whether there is a key of an exercise on a study."""
    return bool(connection.scalar(select(exists().where(KEY.study_uid == study_uid))))


def has_answered(connection: Connection, set_id: str, version: int, exercise_id: str, trainee: str) -> bool:
    """Return whether a trainee has committed an answer to an exercise of a version."""
    wanted = exists().where(
        GIVEN.set_id == set_id,
        GIVEN.set_version == version,
        GIVEN.exercise_id == exercise_id,
        GIVEN.trainee == trainee,
    )
    return bool(connection.scalar(select(wanted)))


def answers(
    connection: Connection,
    *,
    set_id: str | None = None,
    trainee: str | None = None,
    answer_id: str | None = None,
    after: int = 0,
) -> tuple[KeptAnswer, ...]:
    """Return answers with their scores, in the order in which the store took them."""
    wanted = {"set_id": set_id, "trainee": trainee, "answer_id": answer_id}
    limits: list[ColumnElement[bool]] = [
        GIVEN[name] == value for name, value in wanted.items() if value is not None
    ]
    return kept_answers(connection.execute(ANSWERS.where(GIVEN.entry > after, *limits)))


def answers_called(connection: Connection, answer_ids: Sequence[str]) -> dict[str, KeptAnswer]:
    """Return those answers that are kept, by their identifiers."""
    found = (
        kept
        for some in _portions(answer_ids)
        for kept in kept_answers(connection.execute(ANSWERS.where(GIVEN.answer_id.in_(some))))
    )
    return {kept.answer.answer_id: kept for kept in found}


def add_answer(connection: Connection, answer: Answer, more: dict[str, str]) -> KeptAnswer:
    """Keep an answer and return it with its place and time."""
    statement = insert(schema.practice_answer).returning(GIVEN.entry, GIVEN.kept_at)
    row = connection.execute(statement, to_row(answer) | more).one()
    return KeptAnswer(row.entry, time_from_text(row.kept_at), answer)


def assignments(
    connection: Connection, trainee: str | None = None, set_id: str | None = None
) -> tuple[Assignment, ...]:
    """Return assignments in the order in which they were kept."""
    wanted = {"trainee": trainee, "set_id": set_id}
    query = ASSIGNMENTS.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    return tuple(from_row(Assignment, row) for row in connection.execute(query).mappings())


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
