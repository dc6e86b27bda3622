"""Scores the names of vertebrae: a label belongs to the vertebra whose reference label is nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, LevelLabel, MarkKind
from fluoro_annotator.protocols import Plan, SlotKind
from fluoro_annotator.training.exercises import Setting
from fluoro_annotator.training.ground import middle_of
from fluoro_annotator.training.material import Marking, numbering_is_uncertain
from fluoro_annotator.training.outcomes import REASONS, Outcome, Reason
from fluoro_annotator.training.scores import Score, Why, rubric_of, severity_of

FEWEST_LABELS: Final = 2
"""Labels of one reference on a frame without which the nearest one says nothing."""

SettingOf = Callable[[FrameRef], Setting]


def score_levels(
    answer: Marking, references: tuple[Marking, ...], plan: Plan, setting_of: SettingOf
) -> Iterator[Score]:
    """Yield a score for each vertebra of a plan that the references name, and for each label of the answer.

    Parameters
    ----------
    answer, references, plan
        As for `score_reading`.
    setting_of : callable
        Returns what a score on a frame rests on.

    """
    wanted = dict.fromkeys(slot.vertebra for slot in plan.slots if slot.what is SlotKind.LEVEL)
    given = answer.of_kind(LevelLabel)
    for label in given:
        yield _scored(label, references, setting_of(label.frame))
    for vertebra in wanted:
        frame = next(
            (one.frame for r in references for one in r.of_kind(LevelLabel) if one.vertebra == vertebra), None
        )
        if frame is not None and not any(label.vertebra == vertebra for label in given):
            text = f"The vertebra {vertebra} was not named."
            yield _score(setting_of(frame), Outcome.MISSING, Why("level_missing", text, (vertebra,)))


def _scored(label: LevelLabel, references: tuple[Marking, ...], setting: Setting) -> Score:
    reason = _why_not(label, references, setting)
    if reason is not None:
        why = Why(reason.value, REASONS[reason], (label.vertebra,))
        return _score(setting, Outcome.NOT_ASSESSABLE, why, reason)
    found = _nearest(label.position, _labels(references, label.frame), setting)
    if found == label.vertebra:
        text = f"{found} is the vertebra that the reference names here."
        return _score(setting, Outcome.CORRECT, Why("level_named", text, (found,)))
    if numbering_is_uncertain(references):
        reason = Reason.NUMBERING_UNCERTAIN
        return _score(setting, Outcome.NOT_ASSESSABLE, Why(reason.value, REASONS[reason], (found,)), reason)
    text = f"The reference calls this vertebra {found}, not {label.vertebra}. Count again from a landmark you trust."
    item = rubric_of(setting.protocol, "WRONG_LEVEL")
    backing = item.backing if item else None
    return _score(setting, Outcome.WRONG_LEVEL, Why("level_named", text, (found,), "WRONG_LEVEL", backing))


def _why_not(label: LevelLabel, references: tuple[Marking, ...], setting: Setting) -> Reason | None:
    """Return why a label cannot be judged: no references, only one label, or experts who count otherwise."""
    own = [_labels((one,), label.frame) for one in references]
    named = [labels for labels in own if labels]
    if not named:
        return Reason.NO_REFERENCE
    if max(map(len, named)) < FEWEST_LABELS:
        return Reason.NO_THRESHOLD
    for labels in named:
        for vertebra, point in labels.items():
            for others in named:
                if vertebra in others and _nearest(point, others, setting) != vertebra:
                    return Reason.EXPERTS_DISAGREE_ON_LEVEL
    return None


def _labels(references: tuple[Marking, ...], frame: FrameRef) -> dict[str, Point]:
    """Return where the references have each vertebra on a frame, the mean of those who name it."""
    found: dict[str, list[Point]] = {}
    for reference in references:
        for label in reference.on(frame, LevelLabel):
            found.setdefault(label.vertebra, []).append(label.position)
    centres = {vertebra: middle_of(points) for vertebra, points in found.items()}
    return {vertebra: point for vertebra, point in centres.items() if point is not None}


def _nearest(point: Point, labels: dict[str, Point], setting: Setting) -> str:
    return min(labels, key=lambda vertebra: setting.image.ruler.pixels(point, labels[vertebra]))


def _score(setting: Setting, outcome: Outcome, why: Why, reason: Reason | None = None) -> Score:
    return Score(
        outcome=outcome,
        reason=reason,
        why=(why,),
        severity=severity_of(setting.protocol, (why,)),
        kind=MarkKind.LEVEL_LABEL,
        frame=setting.frame,
        basis=setting.basis,
    )
