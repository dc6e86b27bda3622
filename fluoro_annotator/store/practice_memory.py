"""What is kept of practice, in memory: the same contract, gone when the program ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from fluoro_annotator.errors import StoreError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.store.practice_contract import PracticeRecords
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
    unknown_exercise,
    unknown_set,
    unknown_version,
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

Version = tuple[str, int]
Exercise = tuple[str, int, str]


class MemoryPractice(PracticeRecords):
    """Keeps practice until its store is closed; see `PracticeRecords` for the methods.

    Parameters
    ----------
    held : callable
        Returns the lock of the store, or raises if the store is closed.

    """

    def __init__(self, held: Callable[[], AbstractContextManager[bool]]) -> None:
        self._held = held
        self._versions: dict[Version, SetVersion] = {}
        self._exercises: dict[Exercise, PublishedExercise] = {}
        self._keys: dict[Exercise, ExerciseKey] = {}
        self._answers: dict[str, KeptAnswer] = {}
        self._assignments: list[Assignment] = []

    def clear(self) -> None:
        """Forget everything."""
        for kept in (self._versions, self._exercises, self._keys, self._answers, self._assignments):
            kept.clear()

    def purge_study(self, uid: str) -> None:
        """Take away the keys of exercises on a study."""
        for where in [where for where, key in self._keys.items() if key.study_uid == uid]:
            del self._keys[where]

    def has_keys(self, uid: str) -> bool:
        """Return whether there is a key of an exercise on a study."""
        return any(key.study_uid == uid for key in self._keys.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many set versions and answers there are."""
        return {"set_versions": len(self._versions), "answers": len(self._answers)}

    def publish(
        self, version: SetVersion, keys: Sequence[ExerciseKey], *, keyless: Sequence[PublishedExercise] = ()
    ) -> None:
        """Keep a version of a teaching set with its keys."""
        exercises = exercises_of(version, keys, keyless)
        with self._held():
            number = (version.set_id, version.version)
            kept = self._versions.get(number)
            if kept is not None:
                check_same_version(kept, self.exercises(*number), version, exercises)
                return
            self._versions[number] = version
            self._exercises |= {(*number, each.exercise_id): each for each in exercises}
            self._keys |= {(*number, key.exercise_id): key for key in keys}

    def set_versions(self, set_id: str | None = None) -> tuple[SetVersion, ...]:
        """Return versions of teaching sets."""
        with self._held():
            return tuple(each for each in self._versions.values() if set_id in {None, each.set_id})

    def exercises(self, set_id: str, version: int) -> tuple[PublishedExercise, ...]:
        """Return the exercises of a version."""
        with self._held():
            self._version(set_id, version)
            return tuple(each for where, each in self._exercises.items() if where[:2] == (set_id, version))

    def key(self, set_id: str, version: int, exercise_id: str, *, reader: str) -> ExerciseKey:
        """Return the key of an exercise to somebody who has answered it."""
        where = (set_id, version, exercise_id)
        with self._held():
            self._exercise(where)
            answered = any(
                kept.answer.trainee == reader and _where(kept.answer) == where
                for kept in self._answers.values()
            )
            if not answered and reader != self._versions[set_id, version].author:
                raise withheld(exercise_id, reader)
            if where not in self._keys:
                raise purged_key(exercise_id)
            return self._keys[where]

    def keys(self, set_id: str, version: int, *, reader: str) -> tuple[ExerciseKey, ...]:
        """Return all keys of a version to its author."""
        with self._held():
            if reader != self._version(set_id, version).author:
                raise all_withheld(set_id, version, reader)
            return tuple(key for where, key in self._keys.items() if where[:2] == (set_id, version))

    def commit(self, answer: Answer) -> KeptAnswer:
        """Keep an answer for good."""
        with self._held():
            return self._keep(answer, utc_now())

    def answers(
        self, *, set_id: str | None = None, trainee: str | None = None, after: int = 0
    ) -> tuple[KeptAnswer, ...]:
        """Return answers with their scores."""
        with self._held():
            return tuple(
                kept
                for kept in self._answers.values()
                if set_id in {None, kept.answer.set_id}
                and trainee in {None, kept.answer.trainee}
                and kept.entry > after
            )

    def keep_score(self, entry: ScoreEntry) -> None:
        """Keep a score behind those that the answer has."""
        with self._held():
            kept = self._answers.get(entry.answer_id)
            if kept is None:
                raise unknown_answer(entry.answer_id)
            if is_new_score(kept.scores, entry):
                self._add_scores(kept, (entry,))

    def assign(self, assignment: Assignment) -> None:
        """Ask a trainee to practise a set, or withdraw that."""
        with self._held():
            if not self.set_versions(assignment.set_id):
                raise unknown_set(assignment.set_id)
            whose = (assignment.set_id, assignment.trainee)
            same = [each for each in self._assignments if (each.set_id, each.trainee) == whose]
            if same[-1:] != [assignment]:
                self._assignments.append(assignment)

    def assignments(self, trainee: str | None = None) -> tuple[Assignment, ...]:
        """Return the assignments that count."""
        with self._held():
            return current(each for each in self._assignments if trainee in {None, each.trainee})

    def all_assignments(self) -> tuple[Assignment, ...]:
        """Return every assignment that was ever kept."""
        with self._held():
            return tuple(self._assignments)

    def take_over(self, answers: Sequence[KeptAnswer]) -> None:
        """Keep answers as another store kept them."""
        with self._held():
            before = dict(self._answers)
            try:
                for kept in answers:
                    here = self._keep(kept.answer, kept.kept_at)
                    missing = scores_to_add(kept.answer.answer_id, here.scores, kept.scores)
                    self._add_scores(here, missing)
            except StoreError:
                self._answers = before
                raise

    def _keep(self, answer: Answer, kept_at: datetime) -> KeptAnswer:
        self._exercise(_where(answer))
        new = KeptAnswer(len(self._answers) + 1, kept_at, answer)
        kept = self._answers.setdefault(answer.answer_id, new)
        check_same_answer(kept.answer, answer)
        return kept

    def _add_scores(self, kept: KeptAnswer, scores: tuple[ScoreEntry, ...]) -> None:
        more = KeptAnswer(kept.entry, kept.kept_at, kept.answer, (*kept.scores, *scores))
        self._answers[kept.answer.answer_id] = more

    def _version(self, set_id: str, version: int) -> SetVersion:
        if (set_id, version) not in self._versions:
            raise unknown_version(set_id, version)
        return self._versions[set_id, version]

    def _exercise(self, where: Exercise) -> PublishedExercise:
        self._version(*where[:2])
        if where not in self._exercises:
            raise unknown_exercise(*where)
        return self._exercises[where]


def _where(answer: Answer) -> Exercise:
    return answer.set_id, answer.set_version, answer.exercise_id
