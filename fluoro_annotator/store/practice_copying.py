"""Copying what is kept of practice from one store into another, as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from operator import itemgetter

from fluoro_annotator.errors import StoreConflictError
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.practice_contract import PracticeRecords
from fluoro_annotator.store.practice_rules import check_same_answer, named, scores_to_add
from fluoro_annotator.store.practice_values import Assignment, KeptAnswer, SetVersion
from fluoro_annotator.store.values import Purged

AT_ONCE = 1000
"""Most answers in one transaction."""

Leaving = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Copied:
    """How many versions of teaching sets, answers and assignments were added."""

    set_versions: int
    answers: int
    assignments: int


class PracticeCopying:
    """A copy of what is kept of practice.

    Parameters
    ----------
    source, destination : Store
        The stores.
    leaving : callable
        Gives, for a subject, a context that notes what cannot be copied, and goes on.

    """

    def __init__(self, source: Store, destination: Store, leaving: Leaving) -> None:
        self._source, self._destination = source.practice, destination.practice
        self._leaving = leaving
        gone = {grave.subject for grave in destination.tombstones() if grave.subject_kind is Purged.STUDY}
        self._gone = gone - set(destination.studies())

    def run(self) -> Copied:
        """Copy versions first, then the answers to their exercises, then who is asked to practise what."""
        answers, assignments = (
            self._source.answers(),
            self._source.all_assignments(),
        )  # whose sets come after them
        return Copied(self._copy_versions(), self._copy_answers(answers), self._copy_assignments(assignments))

    def _copy_versions(self) -> int:
        present = set(self._destination.set_versions())
        added = 0
        for version in self._source.set_versions():
            with self._leaving(named(version.set_id, version.version)):
                self._copy_version(version)
                added += version not in present
        return added

    def _copy_version(self, version: SetVersion) -> None:
        """Copy a version; keys of studies that were purged in the destination do not come back."""
        number = version.set_id, version.version
        keys = {key.exercise_id: key for key in self._source.keys(*number, reader=version.author)}
        exercises = self._source.exercises(*number)
        wanted = [
            keys[each.exercise_id]
            for each in exercises
            if each.exercise_id in keys and each.study_uid not in self._gone
        ]
        given = {key.exercise_id for key in wanted}
        keyless = [each for each in exercises if each.exercise_id not in given]
        self._destination.publish(version, wanted, keyless=keyless)

    def _copy_answers(self, answers: Sequence[KeptAnswer]) -> int:
        here = {kept.answer.answer_id: kept for kept in self._destination.answers()}
        known = _exercises(self._destination)
        missing: list[KeptAnswer] = []
        for kept in answers:
            with self._leaving(f"answer {kept.answer.answer_id}"):
                if _is_missing(kept, here.get(kept.answer.answer_id), known):
                    missing.append(kept)
        added = 0
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            with self._leaving(f"answers {some[0].answer.answer_id} to {some[-1].answer.answer_id}"):
                self._destination.take_over(some)
                added += sum(kept.answer.answer_id not in here for kept in some)
        return added

    def _copy_assignments(self, assignments: Sequence[Assignment]) -> int:
        here, missing = _by_trainee(self._destination.all_assignments()), []
        for whose, history in _by_trainee(assignments).items():
            with self._leaving(f"assignments of teaching set {whose[0]} to {whose[1]}"):
                missing += _continuation(here.get(whose, []), history)
        for _, assignment in sorted(missing, key=itemgetter(0)):
            with self._leaving(f"assignment of teaching set {assignment.set_id} to {assignment.trainee}"):
                self._destination.assign(assignment)
        return len(missing)


def _exercises(records: PracticeRecords) -> set[tuple[str, int, str]]:
    return {
        (each.set_id, each.version, each.exercise_id)
        for version in records.set_versions()
        for each in records.exercises(version.set_id, version.version)
    }


def _is_missing(kept: KeptAnswer, here: KeptAnswer | None, known: Iterable[tuple[str, int, str]]) -> bool:
    """Return whether there is anything to copy of an answer."""
    answer = kept.answer
    if here is None:
        if (answer.set_id, answer.set_version, answer.exercise_id) not in known:
            raise StoreConflictError(
                f"answer {answer.answer_id}",
                f"is one to {named(answer.set_id, answer.set_version)}, which was left alone",
            )
        return True
    check_same_answer(here.answer, answer)
    return bool(scores_to_add(answer.answer_id, here.scores, kept.scores))


Numbered = list[tuple[int, Assignment]]
"""Assignments, each with its place among all of its store."""


def _by_trainee(assignments: Iterable[Assignment]) -> dict[tuple[str, str], Numbered]:
    found: dict[tuple[str, str], Numbered] = {}
    for number, each in enumerate(assignments):
        found.setdefault((each.set_id, each.trainee), []).append((number, each))
    return found


def _continuation(kept: Numbered, given: Numbered) -> Numbered:
    """Return what is to be added to the assignments of a set to a trainee."""
    for (_, mine), (_, theirs) in zip(kept, given, strict=False):
        if mine != theirs:
            raise StoreConflictError("assignments", "are others in the destination")
    return given[len(kept) :]
