"""Scores answers again: a new score is put behind the old one with its cause, and nothing is taken away."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from fluoro_annotator.errors import ProtocolError, TrainingError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.protocols import Protocol, ProtocolLibrary
from fluoro_annotator.store import FIRST_SCORE, Answer, KeptAnswer, PracticeRecords, ScoreEntry
from fluoro_annotator.training.answers import read_answer
from fluoro_annotator.training.assessing import (
    Assessed,
    assess,
    assess_anew,
    basis_of,
    details_of,
    protocol_for,
    score_entry,
)
from fluoro_annotator.training.keys import Key
from fluoro_annotator.training.questions import Question
from fluoro_annotator.training.scored import summary_in
from fluoro_annotator.training.sets import TeachingSet, set_from_text
from fluoro_annotator.training.shelf import keys_of

BACK: Final = "as_published"
"""Cause of a score on the very basis on which the set was published, where an earlier score rests on another one."""

NO_EXERCISE: Final = "version {version} of the set has no such exercise"
OTHER_QUESTION: Final = "version {version} of the set asks something else"
PURGED: Final = "the key was purged with its study"
UNREADABLE: Final = (TrainingError, ProtocolError)


@dataclass(frozen=True, slots=True)
class Rescoring:
    """An answer with its new score; `old` is still kept in front of it."""

    answer: Answer
    old: ScoreEntry
    new: ScoreEntry

    @property
    def changed(self) -> bool:
        """Whether the outcome is another one."""
        return self.old.outcome != self.new.outcome


@dataclass(frozen=True, slots=True)
class NotRescored:
    """An answer that could not be scored again, and why; its score stays."""

    answer: Answer
    why: str


@dataclass(frozen=True, slots=True)
class RescoreReport:
    """What a rescoring did.

    Attributes
    ----------
    rescored : tuple of Rescoring
        Answers with a new score.
    not_rescored : tuple of NotRescored
        Answers that could not be scored again.
    unchanged : int
        Answers whose score rests on this basis already.

    """

    rescored: tuple[Rescoring, ...]
    not_rescored: tuple[NotRescored, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """A kept score that would be another one if it were computed now.

    Attributes
    ----------
    kept : KeptAnswer
        The answer.
    outcome_now : str
        The outcome that is computed now; empty if none can be.
    differs : tuple of str
        What differs, by name; or why nothing can be computed.

    """

    kept: KeptAnswer
    outcome_now: str
    differs: tuple[str, ...]


def rescore_answers(
    records: PracticeRecords,
    teaching_set: TeachingSet,
    *,
    by: str,
    protocols: ProtocolLibrary,
    trainee: str | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> RescoreReport:
    """Score all answers to a set on the references of one of its versions and the protocol that is installed now.

    Each new score is put behind the old one, with what has changed as its cause. An answer whose latest score rests on
    this basis already gets none, so that doing it twice changes nothing.

    Parameters
    ----------
    records : PracticeRecords
        What the store keeps of practice.
    teaching_set : TeachingSet
        The version that answers to any version are scored by.
    by : str
        Who asks for it: the author of the versions, or on a server an attending.
    protocols : ProtocolLibrary
        The protocols that are installed.
    trainee : str, optional
        Answers of one trainee only.
    clock : callable
        Returns the present time in UTC.

    Raises
    ------
    KeyWithheldError
        If the keys are not for this person.
    StoreError
        If the store is away; scores that were kept before stay.

    """
    versions = _Versions(records, by)
    versions.know(teaching_set)
    protocol = protocol_for(protocols, teaching_set)
    rescored: list[Rescoring] = []
    refused: list[NotRescored] = []
    unchanged = 0
    for kept in records.answers(set_id=teaching_set.set_id, trainee=trainee):
        if not kept.scores:
            continue
        try:
            new = _scored_anew(kept, teaching_set, protocol, versions)
        except UNREADABLE as error:
            refused.append(NotRescored(kept.answer, str(error)))
            continue
        if isinstance(new, str):
            refused.append(NotRescored(kept.answer, new))
        elif _rests_on(kept.scores[-1], new):
            unchanged += 1
        else:
            entry = score_entry(
                kept.answer,
                new,
                set_version=teaching_set.version,
                scored_at=clock(),
                scored_by=by,
                cause=_cause(kept.answer, new, teaching_set),
            )
            records.keep_score(entry)
            rescored.append(Rescoring(kept.answer, kept.scores[-1], entry))
    return RescoreReport(tuple(rescored), tuple(refused), unchanged)


def check_scores(
    records: PracticeRecords, set_id: str, *, by: str, protocols: ProtocolLibrary, trainee: str | None = None
) -> tuple[ScoreDifference, ...]:
    """Compute the latest score of each answer again as it was computed then, and return those that differ.

    Nothing is changed. Errors are those of `rescore_answers`.

    Parameters
    ----------
    records : PracticeRecords
        What the store keeps of practice.
    set_id : str
        The teaching set.
    by : str
        Who asks for it: the author of the versions, or on a server an attending.
    protocols : ProtocolLibrary
        The protocols that are installed.
    trainee : str, optional
        Answers of one trainee only.

    """
    versions = _Versions(records, by)
    return tuple(
        found
        for kept in records.answers(set_id=set_id, trainee=trainee)
        if kept.scores and (found := _difference(kept, versions, protocols)) is not None
    )


class _Versions:
    """Versions of sets with their keys, each read once."""

    def __init__(self, records: PracticeRecords, reader: str) -> None:
        self._records, self._reader = records, reader
        self._sets: dict[tuple[str, int], TeachingSet] = {}
        self._keys: dict[tuple[str, int], Mapping[str, Key]] = {}

    def know(self, teaching_set: TeachingSet) -> None:
        self._sets[teaching_set.set_id, teaching_set.version] = teaching_set

    def get(self, set_id: str, version: int) -> TeachingSet:
        if (set_id, version) not in self._sets:
            for kept in self._records.set_versions(set_id):
                if kept.version == version:
                    self.know(set_from_text(kept.content))
                    break
            else:
                raise TrainingError(f"teaching set {set_id}", f"has no version {version} in this store")
        return self._sets[set_id, version]

    def keys(self, teaching_set: TeachingSet) -> Mapping[str, Key]:
        """Return the keys of a version; those that were purged are missing."""
        which = (teaching_set.set_id, teaching_set.version)
        if which not in self._keys:
            self._keys[which] = keys_of(self._records, teaching_set, reader=self._reader)
        return self._keys[which]


def _scored_anew(
    kept: KeptAnswer, teaching_set: TeachingSet, protocol: Protocol, versions: _Versions
) -> Assessed | str:
    """Return an answer scored on a version, or why it cannot be."""
    answer = kept.answer
    exercise = answer.exercise_id
    if exercise not in teaching_set.key_hashes:
        return NO_EXERCISE.format(version=teaching_set.version)
    answered = versions.get(answer.set_id, answer.set_version)
    question = teaching_set.question(exercise)
    if not _same_question(answered.question(exercise), question):
        return OTHER_QUESTION.format(version=teaching_set.version)
    key = versions.keys(teaching_set).get(exercise)
    if key is None:
        return PURGED
    rules = read_answer(answer.content).rules
    published = basis_of(answered, versions.keys(answered).get(exercise), rules)
    return assess_anew(question, answer.content, key, protocol, published)


def _same_question(one: Question, other: Question) -> bool:
    return replace(one, difficulty=other.difficulty) == other


def _cause(answer: Answer, new: Assessed, teaching_set: TeachingSet) -> str:
    """Return what has changed since the answered version was published, in one word each."""
    reasons = [reason.value for reason in new.score.basis.changes_since(new.published)] or [BACK]
    if answer.set_version != teaching_set.version:
        reasons.append(f"version {teaching_set.version}")
    return ", ".join(reasons)


def _rests_on(entry: ScoreEntry, new: Assessed) -> bool:
    """Return whether a kept score is the one that would be given now, on the same basis."""
    basis = details_of(new.score, 0)["basis"]
    return _details(entry).get("basis") == basis and not any(_differing(entry, new))


def _difference(kept: KeptAnswer, versions: _Versions, protocols: ProtocolLibrary) -> ScoreDifference | None:
    answer, entry = kept.answer, kept.scores[-1]
    try:
        version = _details(entry).get("set_version", answer.set_version)
        teaching_set = versions.get(answer.set_id, version)
        protocol = protocol_for(protocols, teaching_set)
        key = versions.keys(teaching_set).get(answer.exercise_id)
        if entry.cause == FIRST_SCORE:
            now = assess(teaching_set, answer.exercise_id, answer.content, key, protocol)
        elif key is None:
            return ScoreDifference(kept, "", (PURGED,))
        else:
            question = teaching_set.question(answer.exercise_id)
            published = basis_of(teaching_set, key, read_answer(answer.content).rules)
            now = assess_anew(question, answer.content, key, protocol, published)
    except UNREADABLE as error:
        return ScoreDifference(kept, "", (str(error),))
    differs = tuple(_differing(entry, now))
    return ScoreDifference(kept, now.score.outcome.value, differs) if differs else None


def _differing(entry: ScoreEntry, now: Assessed) -> Iterator[str]:
    """Yield the names of what differs between a kept score and one that was computed now."""
    found = now.score
    for name, value in (
        ("outcome", found.outcome.value),
        ("success", found.success),
        ("critical", found.critical),
    ):
        if getattr(entry, name) != value:
            yield name
    before, after = summary_in(entry.content), now.summary
    for name in dict.fromkeys((*before, *after)):
        if not _alike(before.get(name), after.get(name)):
            yield name


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)  # another computer rounds otherwise
    return bool(one == other)


def _details(entry: ScoreEntry) -> dict[str, Any]:
    found = json.loads(entry.content).get("details")
    return found if isinstance(found, dict) else {}
