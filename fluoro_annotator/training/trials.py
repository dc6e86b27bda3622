"""Exercises tried out before they are published: the experts' own marks are scored as if they were answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkKind, Needle, Target, ViewJudgement
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training.exercises import (
    JudgeNeedle,
    JudgeView,
    NameMarked,
    PlacedAnswer,
    PlaceTarget,
    ViewAnswer,
)
from fluoro_annotator.training.ground import Ground, nearest_key
from fluoro_annotator.training.keys import exercise_of
from fluoro_annotator.training.material import Marking, numbering_is_uncertain
from fluoro_annotator.training.outcomes import OUTCOMES, REASONS, Outcome, Reason
from fluoro_annotator.training.questions import ExerciseKind
from fluoro_annotator.training.references import assigned_views
from fluoro_annotator.training.scores import Score
from fluoro_annotator.training.scoring import needle_verdict, score
from fluoro_annotator.training.set_drafts import DraftExercise

BESIDE_PX: Final = 12.0
"""How far beside the reference an answer is tried out, in pixel widths: far enough to be told from it."""

BESIDE: Final = ((0.0, BESIDE_PX), (0.0, -BESIDE_PX), (BESIDE_PX, 0.0), (-BESIDE_PX, 0.0))
NO_LIMIT: Final = frozenset({Reason.NO_SCALE, Reason.NO_THRESHOLD})
DISAGREE: Final = frozenset(
    {
        Reason.EXPERTS_DISAGREE_ON_LEVEL,
        Reason.EXPERTS_DISAGREE_ON_SIDE,
        Reason.EXPERTS_DISAGREE_ON_PLACE,
    }
)
WORTH_SAYING: Final = ("wrong level could not be told", "outlier", "uncertain")
"""Cautions of a score that its author should know before."""


class SetSeverity(StrEnum):
    """How much a finding weighs."""

    BLOCKS = "blocks"
    """The set cannot be published."""
    WARNS = "warns"
    """It can; less will be said of answers, or something is probably not meant so."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said of an exercise, as the end of a sentence that begins with its name."""

    severity: SetSeverity
    text: str


def blocks(text: str) -> Said:
    """Return something that stands against publication."""
    return Said(SetSeverity.BLOCKS, text)


def warns(text: str) -> Said:
    """Return something that the author should know."""
    return Said(SetSeverity.WARNS, text)


def try_out(exercise: DraftExercise, protocol: Protocol, whole: tuple[Marking, ...]) -> Iterator[Said]:
    """Yield what trying out an exercise shows.

    Parameters
    ----------
    exercise : DraftExercise
        The exercise.
    protocol : Protocol
        The protocol of the set.
    whole : tuple of Marking
        All that each expert marked, also where the exercise is not scored by it.

    Raises
    ------
    TrainingError, ProtocolError
        If the protocol does not cover the nerve or have the view, or the key lacks something.

    """
    made: Any = exercise_of(exercise.question, exercise.key, protocol)
    yield from _TRIALS[exercise.question.kind](made, exercise, whole)


def _same(first: Site, second: Site) -> bool:
    return (first.nerve, first.side) == (second.nerve, second.side)


# ---------------------------------------------------------------------- places


def _placed(made: PlaceTarget, exercise: DraftExercise, whole: tuple[Marking, ...]) -> Iterator[Said]:
    yield from _view_assigned(exercise, whole)
    own = [*_own_marks(made)]
    if not own:
        yield blocks("asks for a mark that no reference has on this frame. Leave it out.")
        return
    scores = [(reader, score(made, PlacedAnswer(mark=mark))) for reader, mark in own]
    reasons = [found.reason for _, found in scores if found.outcome is Outcome.NOT_ASSESSABLE]
    yield from _not_assessable(scores)
    if reasons:
        return
    yield from _other_names(made, exercise, whole)
    yield from _own_scores(scores)
    yield from _limits(made, own[0][1])
    for caution in scores[0][1].cautions:
        if any(words in caution for words in WORTH_SAYING):
            yield warns(f"has this to be known: {caution}")


def _view_assigned(exercise: DraftExercise, whole: tuple[Marking, ...]) -> Iterator[Said]:
    records = [record for marking in whole for record in marking.records]
    views = assigned_views(records, exercise.question.frame.sop_instance_uid)
    if len(views) > 1:
        named = " and ".join(f"{view} ({side.value})" if side else view for view, side in views)
        yield blocks(
            f"is on an image of which the experts say different views: {named}. Settle it, then take the references "
            "over anew."
        )
    elif not exercise.key.image.view:
        yield warns(
            "is on an image of which no reference says which view it shows: limits that hold in one view are not "
            "used. Assign the view, then take the references over anew."
        )


def _own_marks(made: PlaceTarget) -> Iterator[tuple[str, Target | Needle]]:
    wanted: type[Target | Needle] = Needle if made.needle else Target
    for marking in made.setting.references:
        marks = (mark for mark in marking.on(made.setting.frame, wanted) if _same(mark.site, made.site))
        first = next(marks, None)
        if first is not None:
            yield marking.reader, first


def _not_assessable(scores: Iterable[tuple[str, Score]]) -> Iterator[Said]:
    """Yield each reason once, with the experts it names."""
    found = {one.reason: one.why[0].about for _, one in scores if one.reason is not None and one.why}
    for reason, readers in found.items():
        who = f" ({', '.join(sorted(readers))})" if readers else ""
        yield blocks(
            f"cannot be scored. {REASONS[reason].rstrip('.')}{who}. Settle it among the experts, or leave it out."
        )


def _own_scores(scores: Iterable[tuple[str, Score]]) -> Iterator[Said]:
    for reader, found in scores:
        if found.outcome not in {Outcome.CORRECT, Outcome.NEAR}:
            title = OUTCOMES[found.outcome].title.lower()
            why = found.why[0].sentence if found.why else ""
            yield warns(f"would call the mark of {reader} itself {title}. {why}".rstrip())


def _limits(made: PlaceTarget, mark: Target | Needle) -> Iterator[Said]:
    """Yield whether near and off target can be told at all; level and side can in any case."""
    reasons = [score(made, PlacedAnswer(mark=_shifted(mark, *by))).reason for by in BESIDE]
    reason = next((one for one in reasons if one in NO_LIMIT), None)
    if reason is not None:
        yield warns(
            f"can tell wrong levels and sides, but not near from off target. {REASONS[reason]} Set a scale on the "
            "image, mark the landmarks, or draw a zone."
        )
    elif made.setting.image.ruler.mm_per_px is None:
        yield warns("is on an image without a scale that holds in the patient: distances are in pixels.")


def _shifted(mark: Target | Needle, rows: float, columns: float) -> Target | Needle:
    points = {
        name: Point(mark.point(name).row + rows, mark.point(name).column + columns)
        for name in mark.point_names
    }
    return replace(mark, **mark.with_points(points))


# ---------------------------------------------------------------------- names


def _named(made: NameMarked, exercise: DraftExercise, whole: tuple[Marking, ...]) -> Iterator[Said]:
    frame, site = made.setting.frame, made.site
    needle = not any(_has(marking, frame, site, Target) for marking in whole)
    if needle and not any(_has(marking, frame, site, Needle) for marking in whole):
        yield blocks("shows a place at which no reference has this mark any more. Leave it out.")
        return
    placing = PlaceTarget(replace(made.setting, references=whole), site, needle=needle)
    scores = [(reader, score(placing, PlacedAnswer(mark=mark))) for reader, mark in _own_marks(placing)]
    disagreeing = [one for one in scores if one[1].reason in DISAGREE]
    yield from _not_assessable(disagreeing)
    if not disagreeing:
        yield from _other_names(placing, exercise, whole)
    if numbering_is_uncertain(whole):
        yield warns("rests on a numbering that is uncertain: no wrong level will be called one.")


def _has(marking: Marking, frame: FrameRef, site: Site, kind: type[Target | Needle]) -> bool:
    return any(_same(mark.site, site) for mark in marking.on(frame, kind))


def _other_names(made: PlaceTarget, exercise: DraftExercise, whole: tuple[Marking, ...]) -> Iterator[Said]:
    """Yield where an expert has another name for the place, although he has none of this name himself."""
    kind = MarkKind.NEEDLE if made.needle else MarkKind.TARGET
    setting = made.setting
    ground = Ground(setting.protocol, made.site, setting.image, setting.frame, whole, kind)
    own = (made.site.nerve, made.site.side)
    for reader, key, point in _named_otherwise(ground, own):
        for places in ground.points.values():
            told = {one: at for one, at in places.items() if one == own or ground.tells(one)}
            lies_there = own in told and nearest_key(point, told, setting.image) == own
            away = setting.image.ruler.pixels(point, told[own]) if lies_there else math.inf
            if lies_there and (key in told or away < BESIDE_PX):
                name = load_anatomy().nerve(key[0]).label
                where = "asks for" if exercise.question.kind is not ExerciseKind.NAME_MARKED else "shows"
                yield blocks(
                    f"{where} a place that {reader} calls {name}, {key[1].value}. The experts do not agree on what it "
                    "is. Settle it among them, or leave it out."
                )
                break


def _named_otherwise(ground: Ground, own: tuple[str, Side]) -> Iterator[tuple[str, tuple[str, Side], Point]]:
    for reader, places in ground.points.items():
        if own not in places:
            yield from ((reader, key, point) for key, point in places.items() if ground.tells(key))


# ---------------------------------------------------------------------- views and needles


def _viewed(made: JudgeView, _exercise: DraftExercise, _whole: tuple[Marking, ...]) -> Iterator[Said]:
    frame = made.setting.frame
    said = [one for marking in made.setting.references for one in marking.on(frame, ViewJudgement)]
    said = [one for one in said if one.view == made.view]
    if not said:
        yield blocks("asks about a view that no reference judges on this frame any more. Leave it out.")
        return
    found = score(made, ViewAnswer(adequate=said[0].adequate, corrections=said[0].corrections))
    if found.reason is not None:
        yield blocks(
            f"cannot be scored. {REASONS[found.reason]} Settle it among the experts, or leave it out."
        )


def _needled(made: JudgeNeedle, _exercise: DraftExercise, _whole: tuple[Marking, ...]) -> Iterator[Said]:
    derived, source = needle_verdict(replace(made, verdict=None))
    if made.verdict is None and derived is None:
        reason = REASONS[source.reason] if source.reason is not None else ""
        yield blocks(
            f"has no verdict. {reason} Say whether the needle is acceptable, mark its target, or leave it out."
        )
    elif made.verdict and derived and made.verdict.acceptable is not derived.acceptable:
        word = "acceptable" if derived.acceptable else "not acceptable"
        yield warns(
            f"has a verdict that contradicts the experts' targets: by them and the protocol the needle is {word}. The "
            "verdict counts."
        )


_Trial = Callable[[Any, DraftExercise, tuple[Marking, ...]], Iterator[Said]]
_TRIALS: Final[dict[ExerciseKind, _Trial]] = {
    ExerciseKind.PLACE_TARGET: _placed,
    ExerciseKind.PLACE_BY_NAME: _placed,
    ExerciseKind.NAME_MARKED: _named,
    ExerciseKind.JUDGE_VIEW: _viewed,
    ExerciseKind.JUDGE_NEEDLE: _needled,
}
