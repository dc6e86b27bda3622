"""What many scored answers say, for one trainee and across trainees.

Rates keep their denominator and interval, outcomes are never averaged into a distance, and distances with and without
a scale stay apart. No number here is a finding about a person's competence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, TypeVar

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.statistics import Median, Proportion, median_with_interval, wilson
from fluoro_annotator.training.outcomes import Outcome, Reason
from fluoro_annotator.training.progress import (
    PassRule,
    Progress,
    confidence_rates,
    distances,
    fault_rates,
    outcome_rates,
    progress,
    rates,
)
from fluoro_annotator.training.questions import ExerciseKind
from fluoro_annotator.training.scored import ScoredAnswer

Key = TypeVar("Key", bound=Hashable)

PLACING: Final = frozenset({ExerciseKind.PLACE_TARGET.value, ExerciseKind.PLACE_BY_NAME.value})
"""Kinds of exercise in which a mark is placed, and may be moved before the answer is committed."""

DISAGREEMENTS: Final = frozenset(
    {
        Reason.EXPERTS_DISAGREE_ON_LEVEL.value,
        Reason.EXPERTS_DISAGREE_ON_SIDE.value,
        Reason.EXPERTS_DISAGREE_ON_PLACE.value,
        Reason.EXPERTS_DISAGREE_ON_VIEW.value,
    }
)
"""Reasons for which an attending has to look at an exercise."""


@dataclass(frozen=True, slots=True)
class Rescorings:
    """Answers that were scored again.

    Attributes
    ----------
    answers : int
        How many.
    changed : int
        How many of them have another outcome than at first.
    causes : mapping of str to int
        Why, as the store says, and how often.

    """

    answers: int
    changed: int
    causes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What can be said of answers in any order, by one trainee or several.

    Attributes
    ----------
    answers, not_assessable : int
        All answers, and those that count neither way.
    first_at, last_at : datetime.datetime or None
        Between which times they were committed, by the clocks of the computers.
    on_target : Proportion
        Correct answers of all that count.
    first_time : Proportion
        The same of the first answer of each trainee to each exercise: later ones may remember the picture.
    outcomes : mapping of Outcome to Proportion
        Of all answers that count; not assessable of all answers.
    faults : mapping of str to Proportion
        How often each fault of the protocol was found, of all that count, the most frequent first.
    by_nerve, by_view, by_kind : mapping of str to Proportion
        Correct answers by what was asked for. Those without a nerve or view are in no group.
    reasons : mapping of str to Proportion
        Why answers are not assessable, of all answers.
    confidence : mapping of MarkConfidence to Proportion
        Correct answers by stated confidence. No word stands for a chance.
    without_confidence : int
        Answers that count for which none was stated.
    certain_and_wrong : Proportion
        Wrong answers of those that count and were called certain.
    distances : mapping of str to Median
        By unit, ``"mm"`` and ``"px"``; the two are never put together.
    seconds : mapping of str to Median
        Time from the image shown to the answer committed, by kind of exercise.
    moves : mapping of str to Median
        How often a mark was put elsewhere, by kind of exercise that places marks.
    rescored : Rescorings
        Answers that were scored again.

    """

    answers: int
    not_assessable: int
    first_at: datetime | None
    last_at: datetime | None
    on_target: Proportion
    first_time: Proportion
    outcomes: Mapping[Outcome, Proportion]
    faults: Mapping[str, Proportion]
    by_nerve: Mapping[str, Proportion]
    by_view: Mapping[str, Proportion]
    by_kind: Mapping[str, Proportion]
    reasons: Mapping[str, Proportion]
    confidence: Mapping[MarkConfidence, Proportion]
    without_confidence: int
    certain_and_wrong: Proportion
    distances: Mapping[str, Median]
    seconds: Mapping[str, Median]
    moves: Mapping[str, Median]
    rescored: Rescorings


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How one trainee does.

    Attributes
    ----------
    trainee : str
        Who; empty without answers.
    rule : PassRule
        The rule that `progress` looks at.
    progress : Progress
        Learning curve, control chart and what is lacking, in the order in which the store took the answers.
    tally : Tally
        Rates, distances, times.

    """

    trainee: str
    rule: PassRule
    progress: Progress
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseRow:
    """How one exercise was answered.

    Attributes
    ----------
    set_id, exercise_id, kind, nerve, vertebra, side, view : str
        Which exercise.
    rate : Proportion
        Correct answers of those that count.
    answers, trainees : int
        All answers to it, and of how many trainees.
    wrong : tuple of (Outcome, int)
        Outcomes that are no success, the most frequent first.
    critical : int
        Answers with a critical fault.
    disagreements : tuple of str
        Reasons for which its newest answer is not assessable and that lie with the experts.

    """

    set_id: str
    exercise_id: str
    kind: str
    nerve: str
    vertebra: str
    side: str
    view: str
    rate: Proportion
    answers: int
    trainees: int
    wrong: tuple[tuple[Outcome, int], ...]
    critical: int
    disagreements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Several trainees side by side, for the attending.

    Attributes
    ----------
    everybody : Tally
        All answers together.
    trainees : tuple of Summary
        One for each, by name.
    exercises : tuple of ExerciseRow
        The hardest first: by the upper end of the interval, so that few answers do not make an exercise hard.
    disputed : tuple of ExerciseRow
        Those on which the experts disagree.
    set_aside : mapping of str to Proportion
        For each expert, in how many of the exercises with his or her reference the mark was set aside as an outlier.

    """

    everybody: Tally
    trainees: tuple[Summary, ...]
    exercises: tuple[ExerciseRow, ...]
    disputed: tuple[ExerciseRow, ...]
    set_aside: Mapping[str, Proportion]


def tally(answers: Iterable[ScoredAnswer]) -> Tally:
    """Return what can be said of answers in any order."""
    listed = sorted(answers, key=attrgetter("entry"))
    counted = [one for one in listed if one.success is not None]
    successes = sum(bool(one.success) for one in counted)
    certain = [one for one in counted if one.confidence is MarkConfidence.CERTAIN]
    times = [one.committed_at for one in listed]
    return Tally(
        answers=len(listed),
        not_assessable=len(listed) - len(counted),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
        on_target=wilson(successes, len(counted)),
        first_time=_first_time(listed),
        outcomes=outcome_rates(listed),
        faults=_most_frequent(fault_rates(listed)),
        by_nerve=_by_nerve(counted),
        by_view=_ordered(rates((one for one in counted if one.view), attrgetter("view"))),
        by_kind=_by_kind(rates(counted, attrgetter("kind"))),
        reasons=_reasons(listed),
        confidence=confidence_rates(listed),
        without_confidence=sum(one.confidence is None for one in counted),
        certain_and_wrong=wilson(sum(one.confident_and_wrong for one in certain), len(certain)),
        distances=distances(listed),
        seconds=_by_kind(_medians(listed, "seconds")),
        moves=_by_kind(_medians((one for one in listed if one.kind in PLACING), "moves")),
        rescored=_rescorings(listed),
    )


def summarise(answers: Iterable[ScoredAnswer], rule: PassRule | None = None) -> Summary:
    """Return how one trainee does.

    Parameters
    ----------
    answers : iterable of ScoredAnswer
        Of one trainee, in any order: that of the store counts.
    rule : PassRule, optional
        That of the protocol (`PassRule.of`); the proposed one if none is given.

    Raises
    ------
    ValueError
        If they are of several trainees: one curve of several people says nothing about any of them.

    Examples
    --------
    >>> summarise([]).progress.lacking[0]
    '0 of 40 answers that count.'

    """
    listed = sorted(answers, key=attrgetter("entry"))
    names = {one.trainee for one in listed}
    if len(names) > 1:
        raise ValueError(f"answers of {len(names)} trainees in one summary")
    wanted = rule or PassRule()
    return Summary(
        trainee=next(iter(names), ""), rule=wanted, progress=progress(listed, wanted), tally=tally(listed)
    )


def compare(answers: Iterable[ScoredAnswer], rule: PassRule | None = None) -> Comparison:
    """Return several trainees side by side.

    Parameters
    ----------
    answers : iterable of ScoredAnswer
        Of any number of trainees.
    rule : PassRule, optional
        As for `summarise`, the same for all.

    """
    listed = sorted(answers, key=attrgetter("entry"))
    exercises = sorted(map(_exercise_row, _grouped(listed, _exercise_of).values()), key=_hardness)
    return Comparison(
        everybody=tally(listed),
        trainees=tuple(
            summarise(own, rule) for _, own in sorted(_grouped(listed, attrgetter("trainee")).items())
        ),
        exercises=tuple(exercises),
        disputed=tuple(row for row in exercises if row.disagreements),
        set_aside=_set_aside(listed),
    )


_exercise_of: Final[Callable[[ScoredAnswer], tuple[str, str]]] = attrgetter("set_id", "exercise_id")


def _grouped(
    answers: Iterable[ScoredAnswer], by: Callable[[ScoredAnswer], Key]
) -> dict[Key, list[ScoredAnswer]]:
    found: dict[Key, list[ScoredAnswer]] = defaultdict(list)
    for one in answers:
        found[by(one)].append(one)
    return found


def _first_time(answers: Sequence[ScoredAnswer]) -> Proportion:
    first: dict[tuple[str, str, str], bool | None] = {}
    for one in answers:
        first.setdefault((one.trainee, one.set_id, one.exercise_id), one.success)
    counted = [success for success in first.values() if success is not None]
    return wilson(sum(counted), len(counted))


def _by_nerve(counted: Iterable[ScoredAnswer]) -> dict[str, Proportion]:
    """Return rates by nerve, in the order of the anatomy table, from cranial to caudal."""
    found = rates((one for one in counted if one.nerve), attrgetter("nerve"))
    places = {nerve: place for place, nerve in enumerate(load_anatomy().nerves)}
    return dict(sorted(found.items(), key=lambda item: (places.get(item[0], len(places)), item[0])))


def _by_kind(found: Mapping[str, Key]) -> dict[str, Key]:
    """Return groups in the order of the kinds of exercise; unknown kinds, of a newer program, come last."""
    known = [kind.value for kind in ExerciseKind if kind.value in found]
    return {kind: found[kind] for kind in (*known, *sorted(found.keys() - set(known)))}


def _ordered(found: Mapping[str, Proportion]) -> dict[str, Proportion]:
    return dict(sorted(found.items()))


def _most_frequent(found: Mapping[str, Proportion]) -> dict[str, Proportion]:
    return dict(sorted(found.items(), key=lambda item: (-item[1].count, item[0])))


def _reasons(answers: Sequence[ScoredAnswer]) -> dict[str, Proportion]:
    found = Counter(one.reason for one in answers if one.success is None)
    return {reason: wilson(times, len(answers)) for reason, times in found.most_common()}


def _medians(answers: Iterable[ScoredAnswer], name: str) -> dict[str, Median]:
    found: dict[str, list[float]] = defaultdict(list)
    value = attrgetter(name)
    for one in answers:
        found[one.kind].append(value(one))
    return {kind: median_with_interval(values) for kind, values in found.items()}


def _rescorings(answers: Iterable[ScoredAnswer]) -> Rescorings:
    again = [one for one in answers if one.rescored]
    changed = sum(one.outcome is not one.first_outcome for one in again)
    return Rescorings(len(again), changed, dict(Counter(one.cause for one in again).most_common()))


def _exercise_row(answers: Sequence[ScoredAnswer]) -> ExerciseRow:
    last = answers[-1]
    counted = [one for one in answers if one.success is not None]
    wrong = Counter(one.outcome for one in counted if not one.success)
    return ExerciseRow(
        set_id=last.set_id,
        exercise_id=last.exercise_id,
        kind=last.kind,
        nerve=last.nerve,
        vertebra=last.vertebra,
        side=last.side,
        view=last.view,
        rate=wilson(len(counted) - wrong.total(), len(counted)),
        answers=len(answers),
        trainees=len({one.trainee for one in answers}),
        wrong=tuple(wrong.most_common()),
        critical=sum(one.critical for one in counted),
        disagreements=(last.reason,) if last.reason in DISAGREEMENTS else (),
    )


def _hardness(row: ExerciseRow) -> tuple[float, float, str, str]:
    return row.rate.high, row.rate.low, row.set_id, row.exercise_id


def _set_aside(answers: Iterable[ScoredAnswer]) -> dict[str, Proportion]:
    """Return shares by expert, of the newest answer to each exercise whose experts are told."""
    newest = {_exercise_of(one): one for one in answers if one.experts or one.outliers}
    asked: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for one in newest.values():
        outliers = set(one.outliers)
        asked.update(outliers | set(one.experts))
        aside.update(outliers)
    return {reader: wilson(aside[reader], asked[reader]) for reader in sorted(asked)}
