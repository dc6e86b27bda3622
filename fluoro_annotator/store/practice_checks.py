"""Finding what was changed, lost or torn in what a database keeps of practice."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, and_, exists, select

from fluoro_annotator.errors import StoreDamagedError
from fluoro_annotator.store import schema
from fluoro_annotator.store.practice_rows import Value, from_row, subject
from fluoro_annotator.store.practice_values import (
    Answer,
    Assignment,
    ExerciseKey,
    PublishedExercise,
    ScoreEntry,
    SetVersion,
)
from fluoro_annotator.store.values import Purged

SET, EXERCISE, KEY = schema.practice_set.c, schema.practice_exercise.c, schema.practice_key.c
ANSWER, SCORE = schema.practice_answer.c, schema.practice_score.c
ASSIGNMENT = schema.practice_assignment.c

IS_PURGED = exists().where(
    schema.tombstone.c.subject_kind == Purged.STUDY.value, schema.tombstone.c.subject == EXERCISE.study_uid
)
OF_KEY = and_(
    EXERCISE.set_id == KEY.set_id, EXERCISE.version == KEY.version, EXERCISE.exercise_id == KEY.exercise_id
)
OF_ANSWER = and_(
    EXERCISE.set_id == ANSWER.set_id,
    EXERCISE.version == ANSWER.set_version,
    EXERCISE.exercise_id == ANSWER.exercise_id,
)
TORN = (
    (
        select(EXERCISE.exercise_id).where(
            ~exists().where(SET.set_id == EXERCISE.set_id, SET.version == EXERCISE.version)
        ),
        "exercise {}: its teaching set is not there.",
    ),
    (
        select(EXERCISE.exercise_id).where(~exists().where(OF_KEY), ~IS_PURGED),
        "exercise {}: its key is gone, and its study was not purged.",
    ),
    (
        select(KEY.exercise_id).where(
            ~exists().where(OF_KEY, EXERCISE.key_hash == KEY.hash, EXERCISE.study_uid == KEY.study_uid)
        ),
        "exercise {}: its key is not the one that was published.",
    ),
    (select(ANSWER.answer_id).where(~exists().where(OF_ANSWER)), "answer {}: its exercise is not there."),
    (
        select(SCORE.answer_id).where(~exists().where(ANSWER.answer_id == SCORE.answer_id)),
        "score of answer {}: its answer is not there.",
    ),
    (
        select(ASSIGNMENT.set_id).where(~exists().where(SET.set_id == ASSIGNMENT.set_id)),
        "assignment of teaching set {}: the set is not there.",
    ),
)
"""What has to be found for each row, and what to say where it is not."""


def practice_problems(connection: Connection) -> Iterator[str]:
    """Yield one sentence for each problem with what is kept of practice."""
    yield from _changed(connection, schema.practice_set, SetVersion)
    yield from _changed(connection, schema.practice_exercise, PublishedExercise)
    yield from _changed(connection, schema.practice_key, ExerciseKey)
    yield from _changed(connection, schema.practice_answer, Answer)
    yield from _changed(connection, schema.practice_score, ScoreEntry)
    yield from _changed(connection, schema.practice_assignment, Assignment)
    for query, sentence in TORN:
        for name in connection.scalars(query).all():
            yield sentence.format(name)


def _changed(connection: Connection, table: Table, kind: type[Value]) -> Iterator[str]:
    """Yield rows that cannot be read, or are not as they were written."""
    for row in connection.execute(select(table)).mappings():
        try:
            value = from_row(kind, row)
        except StoreDamagedError as error:
            yield str(error)
            continue
        if value.hash != row["hash"]:
            yield f"{subject(row)}: was changed after it was kept ({table.name})."
