"""The tables of practice, as typed models; every row is only ever added.

The keys of exercises stand in a table of their own, apart from the questions: on a server the two are seen by
different people, and keys alone are taken away with their study. Every row bears the hash of its value.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fluoro_annotator.store.models import NUMBER, Base

EXERCISE = ("practice_exercise.set_id", "practice_exercise.version", "practice_exercise.exercise_id")


class PracticeSetRow(Base):
    """A version of a teaching set, as everybody may see it."""

    __tablename__ = "practice_set"
    __table_args__ = (UniqueConstraint("set_id", "version"),)

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    set_id: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    author: Mapped[str]
    published_at: Mapped[str]
    content: Mapped[str]
    withdrawn: Mapped[int]
    """1 if the version withdraws the set, otherwise 0."""
    hash: Mapped[str]


class PracticeExerciseRow(Base):
    """An exercise of a version, and the hash of its key; it outlives the key."""

    __tablename__ = "practice_exercise"
    __table_args__ = (
        UniqueConstraint("set_id", "version", "exercise_id"),
        ForeignKeyConstraint(("set_id", "version"), ("practice_set.set_id", "practice_set.version")),
    )

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    set_id: Mapped[str]
    version: Mapped[int]
    exercise_id: Mapped[str]
    study_uid: Mapped[str]
    key_hash: Mapped[str]
    hash: Mapped[str]


class PracticeKeyRow(Base):
    """What an answer is compared with; on a server it is seen by nobody who has not answered."""

    __tablename__ = "practice_key"
    __table_args__ = (
        ForeignKeyConstraint(("set_id", "version", "exercise_id"), EXERCISE),
        Index(None, "study_uid"),
    )

    set_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    exercise_id: Mapped[str] = mapped_column(primary_key=True)
    study_uid: Mapped[str]
    content: Mapped[str]
    hash: Mapped[str]


class PracticeAnswerRow(Base):
    """An answer that a trainee has committed."""

    __tablename__ = "practice_answer"
    __table_args__ = (
        ForeignKeyConstraint(("set_id", "set_version", "exercise_id"), EXERCISE),
        Index(None, "set_id", "set_version", "exercise_id", "trainee"),
        Index(None, "trainee"),
    )

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    answer_id: Mapped[str] = mapped_column(unique=True)
    set_id: Mapped[str]
    set_version: Mapped[int]
    exercise_id: Mapped[str]
    trainee: Mapped[str]
    presented_at: Mapped[str]
    committed_at: Mapped[str]
    client: Mapped[str]
    content: Mapped[str]
    hash: Mapped[str]
    kept_at: Mapped[str]
    """When the store took it; not part of the hash."""


class PracticeScoreRow(Base):
    """A score that an answer was given once."""

    __tablename__ = "practice_score"
    __table_args__ = (UniqueConstraint("answer_id", "hash"),)

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("practice_answer.answer_id"))
    outcome: Mapped[str]
    success: Mapped[int | None]
    """1 or 0; nothing where it cannot be told."""
    critical: Mapped[int]
    cause: Mapped[str]
    scored_at: Mapped[str]
    scored_by: Mapped[str]
    content: Mapped[str]
    hash: Mapped[str]


class PracticeAssignmentRow(Base):
    """A teaching set that a trainee is asked to practise, or no longer; the last one counts."""

    __tablename__ = "practice_assignment"
    __table_args__ = (Index(None, "trainee"), Index(None, "set_id", "trainee"))

    entry: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    set_id: Mapped[str]
    trainee: Mapped[str]
    assigned_by: Mapped[str]
    assigned_at: Mapped[str]
    due: Mapped[str]
    """A day, or empty."""
    withdrawn: Mapped[int]
    hash: Mapped[str]
