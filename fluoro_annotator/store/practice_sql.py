"""The contract of practice, written once for SQL databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from fluoro_annotator.marks import utc_now
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store import practice_statements as sql
from fluoro_annotator.store import schema
from fluoro_annotator.store.practice_contract import PracticeRecords
from fluoro_annotator.store.practice_rows import to_row
from fluoro_annotator.store.practice_rules import (
    all_withheld,
    check_same_answer,
    check_same_version,
    current,
    exercises_of,
    is_new_score,
    purged_key,
    scores_to_add,
    unknown_answer,
    unknown_set,
    withheld,
)
from fluoro_annotator.store.practice_values import (
    Answer,
    Assignment,
    ExerciseKey,
    KeptAnswer,
    PublishedExercise,
    ScoreEntry,
    SetVersion,
)

ANSWERS = "answers of practice"
"""What is taken a turn for by everybody who adds answers or scores, so that the order of answers is that of
their transactions: nobody who has seen an entry finds a lower one later."""

ASSIGNMENTS = "assignments of practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What an engine does in its own way.

    Attributes
    ----------
    reading, writing : callable
        Return a transaction: one that sees one state of the database, one that is durable when it ends.
    take_turn : callable
        Keeps others from writing about a subject until the transaction ends.
    who : callable
        Tells who a reader is, by the login where there is one, and whether a server shows him or her every key.
    dates_answers : bool
        Whether the database itself writes down when it took an answer.

    """

    reading: Callable[[], AbstractContextManager[Connection]]
    writing: Callable[[], AbstractContextManager[Connection]]
    take_turn: Callable[[Connection, str], None]
    who: Callable[[Connection, str], tuple[str, bool]]
    dates_answers: bool


class SqlPractice(PracticeRecords):
    """Keeps practice in the tables of a database; see `PracticeRecords` for the methods."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ------------------------------------------------------------------ teaching sets and keys

    def publish(
        self, version: SetVersion, keys: Sequence[ExerciseKey], *, keyless: Sequence[PublishedExercise] = ()
    ) -> None:
        """Keep a version of a teaching set with its keys."""
        exercises = exercises_of(version, keys, keyless)
        with self._engine.writing() as connection:
            for uid in sorted({key.study_uid for key in keys}):
                self._engine.take_turn(connection, uid)  # none of them may be purged meanwhile
            self._engine.take_turn(connection, f"teaching set {version.set_id}")
            kept = sql.find_version(connection, version.set_id, version.version)
            if kept is not None:
                known = sql.exercises(connection, version.set_id, version.version)
                check_same_version(kept, known, version, exercises)
                return
            connection.execute(insert(schema.practice_set), to_row(version))
            if exercises:
                connection.execute(insert(schema.practice_exercise), [to_row(each) for each in exercises])
            if keys:
                connection.execute(insert(schema.practice_key), [to_row(key) for key in keys])

    def set_versions(self, set_id: str | None = None) -> tuple[SetVersion, ...]:
        """Return versions of teaching sets."""
        with self._engine.reading() as connection:
            return sql.versions(connection, set_id)

    def exercises(self, set_id: str, version: int) -> tuple[PublishedExercise, ...]:
        """Return the exercises of a version."""
        with self._engine.reading() as connection:
            sql.known_version(connection, set_id, version)
            return sql.exercises(connection, set_id, version)

    def key(self, set_id: str, version: int, exercise_id: str, *, reader: str) -> ExerciseKey:
        """Return the key of an exercise to somebody who has answered it."""
        with self._engine.reading() as connection:
            author = sql.known_version(connection, set_id, version).author
            sql.known_exercise(connection, set_id, version, exercise_id)
            name, sees_everything = self._engine.who(connection, reader)
            if not (
                sees_everything
                or name == author
                or sql.has_answered(connection, set_id, version, exercise_id, name)
            ):
                raise withheld(exercise_id, name)
            found = sql.keys(connection, set_id, version, exercise_id)
            if not found:
                raise purged_key(exercise_id)
            return found[0]

    def keys(self, set_id: str, version: int, *, reader: str) -> tuple[ExerciseKey, ...]:
        """Return all keys of a version to its author."""
        with self._engine.reading() as connection:
            author = sql.known_version(connection, set_id, version).author
            name, sees_everything = self._engine.who(connection, reader)
            if name != author and not sees_everything:
                raise all_withheld(set_id, version, name)
            return sql.keys(connection, set_id, version)

    # ------------------------------------------------------------------ answers and scores

    def commit(self, answer: Answer) -> KeptAnswer:
        """Keep an answer for good."""
        with self._engine.writing() as connection:
            self._engine.take_turn(connection, ANSWERS)
            kept = sql.answers(connection, answer_id=answer.answer_id)
            if kept:
                check_same_answer(kept[0].answer, answer)
                return kept[0]
            sql.known_exercise(connection, answer.set_id, answer.set_version, answer.exercise_id)
            now = {} if self._engine.dates_answers else {"kept_at": time_to_text(utc_now())}
            return sql.add_answer(connection, answer, now)

    def answers(
        self, *, set_id: str | None = None, trainee: str | None = None, after: int = 0
    ) -> tuple[KeptAnswer, ...]:
        """Return answers with their scores."""
        with self._engine.reading() as connection:
            return sql.answers(connection, set_id=set_id, trainee=trainee, after=after)

    def keep_score(self, entry: ScoreEntry) -> None:
        """Keep a score behind those that the answer has."""
        with self._engine.writing() as connection:
            self._engine.take_turn(connection, ANSWERS)
            kept = sql.answers(connection, answer_id=entry.answer_id)
            if not kept:
                raise unknown_answer(entry.answer_id)
            if is_new_score(kept[0].scores, entry):
                connection.execute(insert(schema.practice_score), to_row(entry))

    def take_over(self, answers: Sequence[KeptAnswer]) -> None:
        """Keep answers as another store kept them."""
        with self._engine.writing() as connection:
            self._engine.take_turn(connection, ANSWERS)
            here = sql.answers_called(connection, [kept.answer.answer_id for kept in answers])
            known = sql.exercises_named(connection, {kept.answer.set_id for kept in answers})
            new: dict[str, dict[str, Any]] = {}
            scores: list[dict[str, Any]] = []
            for kept in answers:
                answer = kept.answer
                found = here.get(answer.answer_id)
                if found is None:
                    new[answer.answer_id] = to_row(answer) | {"kept_at": time_to_text(kept.kept_at)}
                else:
                    check_same_answer(found.answer, answer)
                if (answer.set_id, answer.set_version, answer.exercise_id) not in known:
                    sql.known_exercise(connection, answer.set_id, answer.set_version, answer.exercise_id)
                missing = scores_to_add(answer.answer_id, found.scores if found else (), kept.scores)
                scores += map(to_row, missing)
                here[answer.answer_id] = kept
            for table, rows in ((schema.practice_answer, [*new.values()]), (schema.practice_score, scores)):
                if rows:
                    connection.execute(insert(table), rows)

    # ------------------------------------------------------------------ assignments

    def assign(self, assignment: Assignment) -> None:
        """Ask a trainee to practise a set, or withdraw that."""
        with self._engine.writing() as connection:
            self._engine.take_turn(connection, ASSIGNMENTS)
            if not sql.versions(connection, assignment.set_id):
                raise unknown_set(assignment.set_id)
            same = sql.assignments(connection, assignment.trainee, assignment.set_id)
            if same[-1:] != (assignment,):
                connection.execute(insert(schema.practice_assignment), to_row(assignment))

    def assignments(self, trainee: str | None = None) -> tuple[Assignment, ...]:
        """Return the assignments that count."""
        with self._engine.reading() as connection:
            return current(sql.assignments(connection, trainee))

    def all_assignments(self) -> tuple[Assignment, ...]:
        """Return every assignment that was ever kept."""
        with self._engine.reading() as connection:
            return sql.assignments(connection)
