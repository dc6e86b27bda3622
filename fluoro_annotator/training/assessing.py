"""From a committed answer to its score: the key is asked for, the answer is compared with it, the score is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from fluoro_annotator.errors import (
    ProtocolError,
    TrainingError,
    UnknownExerciseError,
    UnknownProtocolError,
)
from fluoro_annotator.marks import MarkKind
from fluoro_annotator.protocols import Protocol, ProtocolLibrary
from fluoro_annotator.store import FIRST_SCORE, Answer, PracticeRecords, ScoreEntry
from fluoro_annotator.training.answers import AnswerRecord, read_answer
from fluoro_annotator.training.exercises import Exercise
from fluoro_annotator.training.keys import Key, exercise_of
from fluoro_annotator.training.material import Basis, Marking
from fluoro_annotator.training.outcomes import REASONS, Outcome, Reason
from fluoro_annotator.training.questions import ExerciseKind, Question
from fluoro_annotator.training.scored import score_text, summary_of
from fluoro_annotator.training.scores import Score, Why
from fluoro_annotator.training.scoring import score
from fluoro_annotator.training.sets import TeachingSet
from fluoro_annotator.training.shelf import key_of as opened

KINDS: Final[Mapping[ExerciseKind, MarkKind]] = {
    ExerciseKind.NAME_MARKED: MarkKind.TARGET,
    ExerciseKind.JUDGE_VIEW: MarkKind.VIEW_JUDGEMENT,
    ExerciseKind.JUDGE_NEEDLE: MarkKind.NEEDLE,
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """An answer beside its key.

    Attributes
    ----------
    question : Question
        What was asked.
    record : AnswerRecord
        What was answered.
    key : Key or None
        The key; None if it was purged with its study.
    exercise : Exercise or None
        The exercise on the protocol of now; None if that cannot be put together any more.
    score : Score
        What became of the answer.
    published : Basis
        What the score would rest on if nothing had changed since the set was published.

    """

    question: Question
    record: AnswerRecord
    key: Key | None
    exercise: Exercise | None
    score: Score
    published: Basis

    @property
    def view(self) -> str:
        """View of the protocol: the one that was asked about, or else what the image shows."""
        return self.question.view or ("" if self.key is None else self.key.image.view)

    @property
    def summary(self) -> dict[str, Any]:
        """What statistics need of it."""
        record = self.record
        return summary_of(
            self.score,
            kind=self.question.kind.value,
            view=self.view,
            seconds=record.seconds,
            moves=record.moves,
        )


def key_if_there(
    records: PracticeRecords, teaching_set: TeachingSet, exercise_id: str, reader: str
) -> Key | None:
    """Return the key of an exercise that was answered; None if it was purged with its study.

    Raises
    ------
    StoreError
        If the store is away or withholds it.
    TrainingError
        If it is not the key that the set names, or cannot be read.

    """
    try:
        return opened(records, teaching_set, exercise_id, reader=reader)
    except UnknownExerciseError:
        # a version that the store does not hold at all is another matter
        records.exercises(teaching_set.set_id, teaching_set.version)
        return None


def protocol_for(protocols: ProtocolLibrary, teaching_set: TeachingSet) -> Protocol:
    """Return the protocol of a set as it was published if it is installed, otherwise the one in use today.

    Raises
    ------
    UnknownProtocolError
        If no protocol of this name is installed.

    """
    for entry in protocols.installed:
        found = entry.protocol
        if (found.id, found.content_hash) == (teaching_set.protocol_id, teaching_set.protocol_hash):
            return found
    try:
        return protocols.get(teaching_set.protocol_id, teaching_set.protocol_version)
    except UnknownProtocolError:
        return protocols.get(teaching_set.protocol_id)


def basis_of(teaching_set: TeachingSet, key: Key | None, rules: int) -> Basis:
    """Return what a score rests on if nothing has changed since the set was published."""
    markings: tuple[Marking, ...] = () if key is None else key.markings
    named = tuple(sorted((one.reader, one.fingerprint) for one in markings))
    return Basis(
        teaching_set.protocol_id,
        teaching_set.protocol_version,
        teaching_set.protocol_hash,
        named,
        "" if key is None else key.image.key,
        rules,
    )


def assess(
    teaching_set: TeachingSet, exercise_id: str, content: str, key: Key | None, protocol: Protocol
) -> Assessed:
    """Score an answer on the basis on which the set was published.

    Parameters
    ----------
    teaching_set : TeachingSet
        The version that was answered.
    exercise_id, content : str
        Which exercise, and the text of the `AnswerRecord`.
    key : Key or None
        The key; None if it was purged.
    protocol : Protocol
        The protocol as it is installed now. If it is another one than the set was published with, the answer is
        not assessable.

    Raises
    ------
    TrainingError
        If the answer cannot be read, or does not answer the question.

    """
    question, record = teaching_set.question(exercise_id), read_answer(content)
    published = basis_of(teaching_set, key, record.rules)
    if key is None:
        found = _unscored(question, record, published, Reason.REFERENCE_PURGED)
        return Assessed(question, record, None, None, found, published)
    edited = protocol.content_hash != teaching_set.protocol_hash
    try:
        exercise = exercise_of(question, key, protocol)
    except (TrainingError, ProtocolError):
        if not edited:
            raise
        found = _unscored(question, record, published, Reason.PROTOCOL_EDITED)
        return Assessed(question, record, key, None, found, published)
    found = score(exercise, replace(record.answer, basis=published))
    return Assessed(question, record, key, exercise, found, published)


def assess_anew(question: Question, content: str, key: Key, protocol: Protocol, published: Basis) -> Assessed:
    """Score an answer on another basis than the one it was given on.

    Raises
    ------
    TrainingError, ProtocolError
        If the question cannot be asked on this basis.

    """
    record, exercise = read_answer(content), exercise_of(question, key, protocol)
    return Assessed(question, record, key, exercise, score(exercise, record.answer), published)


def score_entry(
    answer: Answer,
    assessed: Assessed,
    *,
    set_version: int,
    scored_at: datetime,
    scored_by: str,
    cause: str = FIRST_SCORE,
) -> ScoreEntry:
    """Return the score of an answer as the store keeps it; `set_version` is that of the key it rests on."""
    found = assessed.score
    return ScoreEntry(
        answer_id=answer.answer_id,
        outcome=found.outcome.value,
        success=found.success,
        critical=found.critical,
        cause=cause,
        scored_at=scored_at,
        scored_by=scored_by,
        content=score_text(assessed.summary, details_of(found, set_version)),
    )


def details_of(found: Score, set_version: int) -> dict[str, Any]:
    """Return everything else that a trainee was told, as plain values for JSON."""
    measures, zone = found.measures, found.zone
    return {
        "set_version": set_version,
        "why": [_why(one) for one in found.why],
        "cautions": list(found.cautions),
        "questions": [list(one) for one in found.questions],
        "basis": {
            "protocol": [found.basis.protocol_id, found.basis.protocol_version, found.basis.protocol_hash],
            "references": [list(one) for one in found.basis.references],
            "image": found.basis.image,
            "rules": found.basis.rules,
        },
        "zone": None
        if zone is None
        else {
            "method": zone.method.value,
            "text": zone.text,
            "experts": list(zone.experts),
            "outliers": [[one.reader, *one.position, one.deviations] for one in zone.outliers],
            "validated": zone.validated,
        },
        "directions": [] if measures is None else [list(one) for one in measures.directions],
        "shares": [] if measures is None else [[one.key, one.of, one.value] for one in measures.shares],
        "covered_mm": None if measures is None or measures.covered is None else measures.covered.value,
    }


def _why(one: Why) -> dict[str, Any]:
    sources = () if one.backing is None else one.backing.sources
    return {
        "rule": one.rule,
        "sentence": one.sentence,
        "about": list(one.about),
        "fault": one.fault,
        "sources": list(sources),
        "severity": None if one.severity is None else one.severity.value,
    }


def _unscored(question: Question, record: AnswerRecord, basis: Basis, reason: Reason) -> Score:
    placed = MarkKind.NEEDLE if question.needle else MarkKind.TARGET
    return Score(
        outcome=Outcome.NOT_ASSESSABLE,
        reason=reason,
        why=(Why(reason.value, REASONS[reason]),),
        kind=KINDS.get(question.kind, placed),
        site=question.site,
        frame=question.frame,
        confidence=record.answer.confidence,
        basis=basis,
    )
