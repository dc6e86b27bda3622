"""What every store does for practice: values in, values out, and no key before its answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from fluoro_annotator.store.practice_values import (
    Answer,
    Assignment,
    ExerciseKey,
    KeptAnswer,
    PublishedExercise,
    ScoreEntry,
    SetVersion,
)


class PracticeRecords(ABC):
    """What a store keeps of practice; nothing of it is ever changed or taken back.

    Every method raises `StoreUnavailableError` if the store cannot be reached, and
    `StorePermissionError` if a server does not allow it to this login, besides the errors that it
    names itself. What is kept is on disk when a method returns.
    """

    @abstractmethod
    def publish(
        self, version: SetVersion, keys: Sequence[ExerciseKey], *, keyless: Sequence[PublishedExercise] = ()
    ) -> None:
        """Keep a version of a teaching set with the keys of its exercises, all or nothing.

        The same version with the same keys once more: nothing happens. A version that withdraws the set
        needs no keys.

        Parameters
        ----------
        version : SetVersion
            The version, with the questions.
        keys : sequence of ExerciseKey
            One for each exercise.
        keyless : sequence of PublishedExercise
            For copies from store to store: exercises whose keys were purged.

        Raises
        ------
        StoreConflictError
            If this version of the set is kept already with another content or other keys.
        StoreError
            If a key is of another version, an exercise has two, or there is none.

        """

    @abstractmethod
    def set_versions(self, set_id: str | None = None) -> tuple[SetVersion, ...]:
        """Return versions of teaching sets, those of one set if given, in the order in which they were kept."""

    @abstractmethod
    def exercises(self, set_id: str, version: int) -> tuple[PublishedExercise, ...]:
        """Return the exercises of a version, in the order of its keys; also those whose keys were purged.

        Raises
        ------
        UnknownExerciseError
            If the store does not hold the version.

        """

    @abstractmethod
    def key(self, set_id: str, version: int, exercise_id: str, *, reader: str) -> ExerciseKey:
        """Return the key of an exercise to somebody who has answered it.

        Parameters
        ----------
        set_id, version, exercise_id : str, int, str
            The exercise.
        reader : str
            Who asks. The key is given to readers who have committed an answer to this exercise of this
            very version, and to the author of the version. A server gives it to attendings, auditors and
            administrators as well, and goes by the login, whatever name is given.

        Raises
        ------
        KeyWithheldError
            If the reader has not answered yet.
        UnknownExerciseError
            If the version has no such exercise, or its key was purged with the study.

        """

    @abstractmethod
    def keys(self, set_id: str, version: int, *, reader: str) -> tuple[ExerciseKey, ...]:
        """Return all keys of a version to its author; on a server to those who see everything, too.

        Keys that were purged with their studies are left out.

        Raises
        ------
        KeyWithheldError
            If the reader is not the author.
        UnknownExerciseError
            If the store does not hold the version.

        """

    @abstractmethod
    def commit(self, answer: Answer) -> KeptAnswer:
        """Keep an answer for good, and return it with its place.

        The same answer once more: nothing happens, and it is returned as it was kept. A key that was purged
        meanwhile does not hinder.

        Raises
        ------
        StoreConflictError
            If another answer with this identifier is kept.
        UnknownExerciseError
            If the set has no such version, or the version no such exercise.

        """

    @abstractmethod
    def answers(
        self, *, set_id: str | None = None, trainee: str | None = None, after: int = 0
    ) -> tuple[KeptAnswer, ...]:
        """Return answers with their scores, in the order in which the store took them.

        Parameters
        ----------
        set_id, trainee : str, optional
            Those to one set, of one trainee.
        after : int
            Those with higher entries only.

        """

    @abstractmethod
    def keep_score(self, entry: ScoreEntry) -> None:
        """Keep a score of an answer behind those that it has; the same score once more: nothing happens.

        Raises
        ------
        StoreConflictError
            If it is the first score of an answer that has been scored already, by another window perhaps.
        UnknownAnswerError
            If the store does not hold the answer.

        """

    @abstractmethod
    def assign(self, assignment: Assignment) -> None:
        """Ask a trainee to practise a set, or withdraw that; the one that counts already: nothing happens.

        Raises
        ------
        UnknownExerciseError
            If the store holds no version of the set.

        """

    @abstractmethod
    def assignments(self, trainee: str | None = None) -> tuple[Assignment, ...]:
        """Return the assignments that count, of one trainee if given, those that were withdrawn left out."""

    @abstractmethod
    def all_assignments(self) -> tuple[Assignment, ...]:
        """Return every assignment that was ever kept, in the order in which they were."""

    @abstractmethod
    def take_over(self, answers: Sequence[KeptAnswer]) -> None:
        """Keep answers with their scores as another store kept them, all or none of them.

        They keep the times at which the other store took them, and get places behind all others, in the
        order given. What is here already is left alone; scores that are missing are added.

        Raises
        ------
        StoreConflictError
            If another answer with the same identifier is kept, or other scores of it.
        UnknownExerciseError
            If a set has no such version, or the version no such exercise.

        """
