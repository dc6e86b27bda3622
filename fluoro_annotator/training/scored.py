"""Answers with their scores, flat: what statistics and reports of many answers are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.protocols import Severity
from fluoro_annotator.store import KeptAnswer
from fluoro_annotator.training.outcomes import WITH_DISTANCE, Outcome
from fluoro_annotator.training.scores import Score

BEGINNING: Final = '{"summary":'
"""How the content of a kept score begins: what follows is read without reading the rest."""

_DECODE: Final = json.JSONDecoder().raw_decode
_OUTCOMES: Final = MappingProxyType({one.value: one for one in Outcome})
_CONFIDENCES: Final[Mapping[str | None, MarkConfidence | None]] = MappingProxyType(
    {None: None} | {one.value: one for one in MarkConfidence}
)
_SEVERITIES: Final[Mapping[str | None, Severity | None]] = MappingProxyType(
    {None: None} | {one.value: one for one in Severity}
)


@dataclass(frozen=True, slots=True)
class Length:
    """A distance with the source of its scale, in words; None where there is no scale."""

    value: float
    unit: str
    calibration: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredAnswer:
    """One answer with the score that counts now.

    Attributes
    ----------
    entry : int
        Its place in the order in which the store took the answers; clocks order nothing.
    answer_id, set_id, exercise_id, trainee : str
        Which answer, to what, by whom.
    set_version : int
        The version of the set that was answered.
    committed_at : datetime.datetime
        By the clock of the trainee's computer.
    kind : str
        Kind of the exercise, for example ``"place_target"``.
    nerve, vertebra, side, view : str
        What was asked for and in which view of the protocol; empty where the exercise has none.
    outcome : Outcome
        The outcome of the latest score.
    reason : str
        For what is not assessable: why not; otherwise empty.
    success : bool or None
        Whether it counts as on target; None if it counts neither way.
    critical : bool
        Whether a critical fault was found.
    faults : tuple of str
        Codes of the protocol's faults that were found.
    severity : Severity or None
        Of the most serious fault.
    confidence : MarkConfidence or None
        How sure the trainee was.
    millimetres, mm_error : float or None
        Distance from the reference and how far it may be off; None without a scale that holds in the patient.
    scale : str or None
        Where that scale is from, in words.
    pixels : float or None
        The distance in pixel widths; None for what marks no place.
    seconds : float
        From the image shown to the answer committed.
    moves : int
        How often something that had been placed was put elsewhere.
    cause : str
        ``"first"``, or why the answer was scored again.
    first_outcome : Outcome
        The outcome of its first score.
    rescored : bool
        Whether it has more than one score.
    experts, outliers : tuple of str
        Readers of the references that count, and of those whose marks were set aside; empty for what marks no place.

    """

    entry: int
    answer_id: str
    set_id: str
    set_version: int
    exercise_id: str
    trainee: str
    committed_at: datetime
    kind: str
    nerve: str
    vertebra: str
    side: str
    view: str
    outcome: Outcome
    reason: str
    success: bool | None
    critical: bool
    faults: tuple[str, ...]
    severity: Severity | None
    confidence: MarkConfidence | None
    millimetres: float | None
    mm_error: float | None
    scale: str | None
    pixels: float | None
    seconds: float
    moves: int
    cause: str
    first_outcome: Outcome
    rescored: bool
    experts: tuple[str, ...] = ()
    outliers: tuple[str, ...] = ()

    @property
    def distance(self) -> Length | None:
        """The distance from the reference where it means anything, in mm if there is a scale."""
        if self.outcome not in WITH_DISTANCE:
            return None
        if self.millimetres is not None:
            return Length(self.millimetres, "mm", self.scale or "")
        return None if self.pixels is None else Length(self.pixels, "px", None)

    @property
    def confident_and_wrong(self) -> bool:
        """Whether the trainee was certain of something that is wrong."""
        return self.success is False and self.confidence is MarkConfidence.CERTAIN


def summary_of(score: Score, *, kind: str, view: str, seconds: float, moves: int) -> dict[str, Any]:
    """Return what `ScoredAnswer` needs of a score, as plain values for JSON.

    Parameters
    ----------
    score : Score
        The score.
    kind, view : str
        Kind of the exercise, and its view.
    seconds, moves : float, int
        How long it took, and how often something was moved.

    """
    site, measures = score.site, score.measures
    mm = None if measures is None else measures.millimetres
    return {
        "kind": kind,
        "nerve": "" if site is None else site.nerve,
        "vertebra": "" if site is None else site.vertebra,
        "side": "" if site is None else site.side.value,
        "view": view,
        "reason": "" if score.reason is None else score.reason.value,
        "faults": list(score.faults),
        "severity": None if score.severity is None else score.severity.value,
        "confidence": None if score.confidence is None else score.confidence.value,
        "millimetres": None if mm is None else mm.value,
        "mm_error": None if mm is None else max(mm.high - mm.value, mm.value - mm.low),
        "scale": None if mm is None else mm.calibration,
        "pixels": None if measures is None else measures.pixels.value,
        "seconds": seconds,
        "moves": moves,
        "experts": [] if score.zone is None else list(score.zone.experts),
        "outliers": [] if score.zone is None else sorted({one.reader for one in score.zone.outliers}),
    }


def score_text(summary: dict[str, Any], details: dict[str, Any]) -> str:
    """Return the content of a kept score: the summary first, so that it can be read alone."""
    values = {"summary": summary, "details": details}
    return json.dumps(values, separators=(",", ":"), allow_nan=False)


def summary_in(content: str) -> dict[str, Any]:
    """Return the summary in the content of a kept score.

    Raises
    ------
    TrainingError
        If there is none.

    """
    try:
        if content.startswith(BEGINNING):
            found = _DECODE(content, len(BEGINNING))[0]
        else:
            found = json.loads(content)["summary"]
    except (ValueError, TypeError, KeyError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise TrainingError("score", "cannot be read: it has no summary")
    return found


def scored_answers(kept: Iterable[KeptAnswer]) -> tuple[ScoredAnswer, ...]:
    """Return the answers of a store that have a score, in the order in which the store took them.

    Parameters
    ----------
    kept : iterable of KeptAnswer
        As `PracticeRecords.answers` gives them. Those without a score yet are left out.

    Raises
    ------
    TrainingError
        If a score cannot be read.

    """
    return tuple(_scored(one) for one in kept if one.scores)


def _scored(kept: KeptAnswer) -> ScoredAnswer:
    answer, first, last = kept.answer, kept.scores[0], kept.scores[-1]
    found = summary_in(last.content)
    try:
        return ScoredAnswer(
            entry=kept.entry,
            answer_id=answer.answer_id,
            set_id=answer.set_id,
            set_version=answer.set_version,
            exercise_id=answer.exercise_id,
            trainee=answer.trainee,
            committed_at=answer.committed_at,
            kind=found["kind"],
            nerve=found["nerve"],
            vertebra=found["vertebra"],
            side=found["side"],
            view=found["view"],
            outcome=_OUTCOMES[last.outcome],
            reason=found["reason"],
            success=last.success,
            critical=last.critical,
            faults=tuple(found["faults"]),
            severity=_SEVERITIES[found["severity"]],
            confidence=_CONFIDENCES[found["confidence"]],
            millimetres=found["millimetres"],
            mm_error=found["mm_error"],
            scale=found["scale"],
            pixels=found["pixels"],
            seconds=found["seconds"],
            moves=found["moves"],
            cause=last.cause,
            first_outcome=_OUTCOMES[first.outcome],
            rescored=len(kept.scores) > 1,
            experts=tuple(found.get("experts", ())),
            outliers=tuple(found.get("outliers", ())),
        )
    except (KeyError, TypeError) as error:
        raise TrainingError(
            f"score of answer {answer.answer_id}",
            "cannot be read",
            "If a newer version of the program wrote it, update this one.",
        ) from error
