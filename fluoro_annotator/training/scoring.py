"""Scores one answer to one exercise; a pure function of its two arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fluoro_annotator.anatomy import Site, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import Adequacy, MarkKind, Needle, Target, ViewJudgement
from fluoro_annotator.training import sentences
from fluoro_annotator.training.exercises import (
    Exercise,
    ExerciseAnswer,
    JudgeNeedle,
    JudgeView,
    NamedAnswer,
    NameMarked,
    NeedleAnswer,
    NeedleVerdict,
    PlaceByName,
    PlacedAnswer,
    PlaceTarget,
    Setting,
    ViewAnswer,
    check_fault,
)
from fluoro_annotator.training.ground import Ground
from fluoro_annotator.training.material import Marking, numbering_is_uncertain
from fluoro_annotator.training.measured import Probe
from fluoro_annotator.training.outcomes import REASONS, Outcome, Reason
from fluoro_annotator.training.placing import PlaceCase, cautions_of, decide, zone_used
from fluoro_annotator.training.scores import Score, Why, rubric_of, severity_of

ACCEPTED_FAULT: Final[Mapping[str, Outcome]] = {
    "WRONG_LEVEL": Outcome.WRONG_LEVEL,
    "WRONG_SIDE": Outcome.WRONG_SIDE,
    "NAME_CONVENTION_CONFUSION": Outcome.WRONG_NERVE_NAME,
    "TOO_VENTRAL": Outcome.UNSAFE,
    "INTRATHECAL_SUBDURAL": Outcome.UNSAFE,
}
"""Outcome of accepting a needle that an expert faults, the gravest first; accepting any other fault is off target.

Where no expert has judged, the outcome is that of the needle itself.
"""


def score(exercise: Exercise, answer: ExerciseAnswer) -> Score:
    """Return what became of an answer.

    Parameters
    ----------
    exercise : Exercise
        One of the five kinds.
    answer : ExerciseAnswer
        The answer that goes with it.

    Returns
    -------
    Score
        Not assessable if the answer was committed on another basis: references, protocol, image facts or rules have
        changed since. `rescore` scores it on the present one and keeps the old score.

    Raises
    ------
    TrainingError
        If the answer is not one to this kind of exercise, or names a fault that the protocol does not know.

    """
    wanted, scorer = _SCORERS[type(exercise)]
    if not isinstance(answer, wanted):
        raise TrainingError(
            f"answer of the kind {type(answer).__name__}",
            f"does not answer {type(exercise).__name__}",
            f"Give a {wanted.__name__}.",
        )
    changes = exercise.setting.basis.changes_since(answer.basis) if answer.basis else ()
    return _not_assessable(exercise, answer, changes) if changes else scorer(exercise, answer)


@dataclass(frozen=True, slots=True)
class Rescored:
    """An old score beside the one on the present basis; neither is lost.

    Attributes
    ----------
    old, new : Score
        The scores.
    because : tuple of Reason
        What has changed between them.

    """

    old: Score
    new: Score
    because: tuple[Reason, ...]


def rescore(old: Score, exercise: Exercise, answer: ExerciseAnswer) -> Rescored:
    """Score an answer again on the basis that holds now, and keep the old score.

    Parameters
    ----------
    old : Score
        As it was given.
    exercise, answer
        As for `score`; the basis of the answer is not looked at.

    """
    new = score(exercise, replace(answer, basis=None))
    return Rescored(old, new, new.basis.changes_since(old.basis))


def _not_assessable(exercise: Exercise, answer: ExerciseAnswer, changes: tuple[Reason, ...]) -> Score:
    why = tuple(Why(change.value, REASONS[change]) for change in changes)
    return _score(exercise, answer, Outcome.NOT_ASSESSABLE, why, reason=changes[0])


def _score(
    exercise: Exercise,
    answer: ExerciseAnswer,
    outcome: Outcome,
    why: tuple[Why, ...],
    *,
    reason: Reason | None = None,
    questions: tuple[tuple[str, bool], ...] = (),
) -> Score:
    setting = exercise.setting
    return Score(
        outcome=outcome,
        reason=reason,
        why=why,
        severity=severity_of(setting.protocol, why),
        kind=_kind_of(exercise),
        site=_site_of(exercise),
        frame=setting.frame,
        confidence=answer.confidence,
        questions=questions,
        basis=setting.basis,
    )


def _kind_of(exercise: Exercise) -> MarkKind:
    if isinstance(exercise, JudgeView):
        return MarkKind.VIEW_JUDGEMENT
    needle = isinstance(exercise, JudgeNeedle) or (isinstance(exercise, PlaceTarget) and exercise.needle)
    return MarkKind.NEEDLE if needle else MarkKind.TARGET


def _site_of(exercise: Exercise) -> Site | None:
    if isinstance(exercise, JudgeNeedle):
        return exercise.needle.site
    return None if isinstance(exercise, JudgeView) else exercise.site


def score_place(setting: Setting, case: PlaceCase, answer: PlacedAnswer) -> Score:
    """Return the score of a marked place by the table of rules."""
    rule, why = decide(case)
    return Score(
        outcome=rule.outcome,
        reason=rule.reason,
        why=why,
        severity=severity_of(setting.protocol, why),
        cautions=cautions_of(case),
        kind=case.ground.kind,
        site=case.asked,
        frame=setting.frame,
        confidence=answer.confidence,
        zone=zone_used(case),
        measures=case.measures,
        basis=setting.basis,
    )


# ---------------------------------------------------------------------- place the target, place by name


def _place(exercise: PlaceTarget, answer: PlacedAnswer) -> Score:
    kind, mark = _kind_of(exercise), answer.mark
    if mark is not None and mark.kind is not kind:
        raise TrainingError(
            f"answer with a {mark.kind.words}", f"is not a {kind.words}", f"Mark a {kind.words}."
        )
    return score_place(exercise.setting, place_case(exercise, answer), answer)


def place_case(exercise: PlaceTarget, answer: PlacedAnswer) -> PlaceCase:
    """Return what a placed answer is judged against, as `score` does it."""
    mark = answer.mark
    probe = probe_of(mark)
    ground = _ground(exercise.setting, exercise.site, _kind_of(exercise), probe)
    elsewhere = mark is not None and mark.frame != exercise.setting.frame
    return PlaceCase(ground, probe, None if mark is None else mark.site, elsewhere)


def name_case(exercise: NameMarked) -> PlaceCase:
    """Return the references of an exercise in which a place is named; nothing is placed."""
    return PlaceCase(_ground(exercise.setting, exercise.site, MarkKind.TARGET), None)


def needle_case(exercise: JudgeNeedle) -> PlaceCase:
    """Return what the needle of an exercise is judged against: targets, and no needle of an expert."""
    setting, needle = exercise.setting, exercise.needle
    targets_only = tuple(_without_needles(one) for one in setting.references)
    ground = Ground(
        setting.protocol, needle.site, setting.image, setting.frame, targets_only, MarkKind.NEEDLE, needle.tip
    )
    return PlaceCase(ground, Probe.of(needle))


def _ground(setting: Setting, site: Site, kind: MarkKind, probe: Probe | None = None) -> Ground:
    near = None if probe is None else probe.tip
    return Ground(setting.protocol, site, setting.image, setting.frame, setting.references, kind, near)


def probe_of(mark: Target | Needle | None) -> Probe | None:
    """Return what is measured of a mark, None of none."""
    if mark is None:
        return None
    return Probe.of(mark) if isinstance(mark, Needle) else Probe(mark.position)


# ---------------------------------------------------------------------- name what is marked


def _name(exercise: NameMarked, answer: NamedAnswer) -> Score:
    asked = exercise.site
    rule, why = decide(name_case(exercise))
    if rule.outcome is Outcome.NOT_ASSESSABLE:  # no reference, or experts who disagree
        return _score(exercise, answer, rule.outcome, why, reason=rule.reason)
    given = {part: getattr(answer, part) for part in exercise.parts}
    missing = [part for part, value in given.items() if value is None]
    if missing:
        text = f"Not named: {', '.join(missing)}. It is the {sentences.label_of(asked)}."
        return _score(exercise, answer, Outcome.MISSING, (Why("not_named", text, tuple(missing)),))
    found = [entry for test in _NAME_TESTS if (entry := test(exercise, given)) is not None]
    if not found:
        text = f"It is the {sentences.label_of(asked)}."
        return _score(exercise, answer, Outcome.CORRECT, (Why("named", text, (asked.nerve,)),))
    outcome = found[0][0]
    reason = Reason.NUMBERING_UNCERTAIN if outcome is Outcome.NOT_ASSESSABLE else None
    return _score(exercise, answer, outcome, tuple(one for _, one in found), reason=reason)


Named = tuple[Outcome, Why]


def _named_level(exercise: NameMarked, given: Mapping[str, Any]) -> Named | None:
    """Apply where neither nerve nor vertebra is right, as far as both were asked for."""
    asked = exercise.site
    wanted = {"nerve": asked.nerve, "vertebra": asked.vertebra}
    wrong = [part for part in wanted if part in given and given[part] != wanted[part]]
    if not wrong or len(wrong) < len(set(wanted) & set(given)):
        return None
    if len(wrong) == 1 and wrong == ["nerve"] and _is_number_of_vertebra(asked, given["nerve"]):
        return None
    if numbering_is_uncertain(exercise.setting.references):
        text = REASONS[Reason.NUMBERING_UNCERTAIN]
        return Outcome.NOT_ASSESSABLE, Why("level_unknown", text, tuple(wrong))
    found = sentences.named({part: given[part] for part in wrong})
    text = sentences.NAMED_AS.format(found=found, asked=sentences.label_of(asked))
    return Outcome.WRONG_LEVEL, _name_why(exercise, "named_level", text, tuple(wrong), "WRONG_LEVEL")


def _named_side(exercise: NameMarked, given: Mapping[str, Any]) -> Named | None:
    side = given.get("side")
    if side is None or side is exercise.site.side:
        return None
    text = sentences.NAMED_SIDE.format(found=side.value, asked=exercise.site.side.value)
    return Outcome.WRONG_SIDE, _name_why(exercise, "named_side", text, (side.value,), "WRONG_SIDE")


def _named_nerve(exercise: NameMarked, given: Mapping[str, Any]) -> Named | None:
    """Apply where one of nerve and vertebra is right and the other is not, or only the nerve was asked for."""
    if _named_level(exercise, given) is not None:
        return None
    asked = exercise.site
    wanted = {"nerve": asked.nerve, "vertebra": asked.vertebra}
    wrong = tuple(part for part in wanted if part in given and given[part] != wanted[part])
    if not wrong:
        return None
    found = sentences.named({wrong[0]: given[wrong[0]]})
    text = sentences.NAMED_AS.format(found=found, asked=sentences.label_of(asked))
    text = f"{text} {sentences.name_rule(asked)}"
    fault = "NAME_CONVENTION_CONFUSION" if _takes_number(asked, given, wrong) else "WRONG_LEVEL"
    return Outcome.WRONG_NERVE_NAME, _name_why(exercise, "named_nerve", text, wrong, fault)


def _takes_number(asked: Site, given: Mapping[str, Any], wrong: tuple[str, ...]) -> bool:
    """Return whether the number of the vertebra was given to the nerve, or the reverse."""
    if wrong == ("nerve",):
        return _is_number_of_vertebra(asked, given["nerve"])
    return bool(load_anatomy().nerve(asked.nerve).spinal_nerve == given["vertebra"])


def _is_number_of_vertebra(asked: Site, nerve: str) -> bool:
    return sentences.confuses_names(nerve, asked.nerve)


def _named_joint(exercise: NameMarked, given: Mapping[str, Any]) -> Named | None:
    nerve = load_anatomy().nerve(exercise.site.nerve)
    joint = given.get("joint")
    if joint is None or joint in nerve.joints:
        return None
    text = sentences.JOINT_NAME.format(nerve=nerve.name, joint=joint, supplied=" and ".join(nerve.joints))
    return Outcome.WRONG_NERVE_NAME, _name_why(
        exercise, "named_joint", text, (joint,), "NAME_CONVENTION_CONFUSION"
    )


def _name_why(exercise: NameMarked, rule: str, text: str, about: tuple[str, ...], fault: str) -> Why:
    item = rubric_of(exercise.setting.protocol, fault)
    return Why(rule, text, about, fault, item.backing if item else None)


_NAME_TESTS: Final = (_named_level, _named_side, _named_nerve, _named_joint)
"""What can be wrong with a name; the first gives the outcome, the others are noted besides."""


# ---------------------------------------------------------------------- judge the view


def _judge_view(exercise: JudgeView, answer: ViewAnswer) -> Score:
    truth = _true_view(exercise)
    if isinstance(truth, Reason):
        return _score(
            exercise, answer, Outcome.NOT_ASSESSABLE, (Why(truth.value, REASONS[truth]),), reason=truth
        )
    is_true = truth.adequate is Adequacy.YES
    text = sentences.view_sentence(exercise.spec, truth.corrections, true=is_true)
    questions = _three_questions(truth, answer)
    outcome = _view_outcome(answer, questions)
    fault = "VIEW_NOT_TRUE" if outcome not in {Outcome.CORRECT, Outcome.MISSING} and not is_true else ""
    why = Why("judged_view", text, (exercise.view,), fault, exercise.spec.backing)
    return _score(exercise, answer, outcome, (why,), questions=questions)


def _true_view(exercise: JudgeView) -> ViewJudgement | Reason:
    said = [
        judged
        for reference in exercise.setting.references
        for judged in reference.on(exercise.setting.frame, ViewJudgement)
        if judged.view == exercise.view
    ]
    if not said:
        return Reason.NO_REFERENCE
    if len({(one.adequate, frozenset(one.corrections)) for one in said}) > 1:
        return Reason.EXPERTS_DISAGREE_ON_VIEW
    return Reason.REFERENCE_UNSURE if said[0].adequate is Adequacy.UNSURE else said[0]


def _three_questions(truth: ViewJudgement, answer: ViewAnswer) -> tuple[tuple[str, bool], ...]:
    """Return for each of the three questions whether it was answered rightly; of a true view there is but one."""
    true = ("is it true", answer.adequate is truth.adequate)
    if truth.adequate is Adequacy.YES:
        return (true,)
    axes = [{one.value.partition("_")[0] for one in side.corrections} for side in (truth, answer)]
    ways = set(truth.corrections) == set(answer.corrections)
    return true, ("oblique or tilt", axes[0] == axes[1]), ("which way", ways)


def _view_outcome(answer: ViewAnswer, questions: tuple[tuple[str, bool], ...]) -> Outcome:
    if answer.adequate is Adequacy.UNSURE:
        return Outcome.MISSING
    if not questions[0][1]:
        return Outcome.OFF_TARGET
    return Outcome.CORRECT if all(right for _, right in questions) else Outcome.NEAR


# ---------------------------------------------------------------------- judge a needle


def _judge_needle(exercise: JudgeNeedle, answer: NeedleAnswer) -> Score:
    if answer.fault:
        check_fault(exercise.setting.protocol, answer.fault)
    truth, source = needle_verdict(exercise)
    if truth is None:
        return _score(exercise, answer, Outcome.NOT_ASSESSABLE, source.why, reason=source.reason)
    outcome = _needle_outcome(exercise, truth, answer, source.outcome)
    measured = replace(source, outcome=outcome, reason=None, confidence=answer.confidence)
    why = (_verdict_why(exercise, truth), *source.why)
    if answer.acceptable and not truth.acceptable:
        return replace(measured, why=why, severity=severity_of(exercise.setting.protocol, why))
    # the faults are the needle's, and the trainee did not accept them
    return replace(measured, why=tuple(replace(one, fault="") for one in why), severity=None)


def _verdict_why(exercise: JudgeNeedle, truth: NeedleVerdict) -> Why:
    meaning = {fault.code: fault.meaning for fault in exercise.setting.protocol.faults}
    faults = "; ".join(meaning[code] for code in truth.faults)
    head = "acceptable" if truth.acceptable else "not acceptable"
    verdict = f"{head}: {faults}" if faults else head
    fault = truth.faults[0] if truth.faults else ""
    item = rubric_of(exercise.setting.protocol, fault)
    sentence = sentences.NEEDLE_IS.format(verdict=verdict)
    about = (exercise.needle.site.nerve, *truth.faults)
    return Why("judged_needle", sentence, about, fault, item.backing if item else None)


def needle_verdict(exercise: JudgeNeedle) -> tuple[NeedleVerdict | None, Score]:
    """Return what the experts say of a needle, or what follows from their targets and the protocol's limits.

    Returns
    -------
    tuple of (NeedleVerdict or None, Score)
        None where neither answer would be wrong; the score of the needle as a placement, without its reference
        needles, says why.

    """
    placed = score_place(exercise.setting, needle_case(exercise), PlacedAnswer(mark=exercise.needle))
    if exercise.verdict is not None:
        return exercise.verdict, replace(placed, why=())
    if placed.outcome is Outcome.NEAR:
        reason = Reason.REFERENCE_MARGINAL
        return None, replace(placed, reason=reason, why=(Why(reason.value, REASONS[reason]), *placed.why))
    if placed.outcome is Outcome.NOT_ASSESSABLE:
        return None, placed
    if placed.outcome is Outcome.CORRECT:
        return NeedleVerdict(acceptable=True), placed
    return NeedleVerdict(acceptable=False, faults=placed.faults), placed


def _without_needles(reference: Marking) -> Marking:
    """Return a reference without its needles, so that a needle is judged by its target and not by itself."""
    kept = tuple(record for record in reference.records if not isinstance(record, Needle))
    return Marking(reference.reader, kept)


def _needle_outcome(
    exercise: JudgeNeedle, truth: NeedleVerdict, answer: NeedleAnswer, placed: Outcome
) -> Outcome:
    if answer.acceptable is None:
        return Outcome.MISSING
    if truth.acceptable:
        return Outcome.CORRECT if answer.acceptable else Outcome.OFF_TARGET
    if answer.acceptable:
        return placed if exercise.verdict is None else _accepted(truth)
    known = not truth.faults or answer.fault in truth.faults
    return Outcome.CORRECT if known else Outcome.NEAR


def _accepted(truth: NeedleVerdict) -> Outcome:
    """Return the outcome of accepting a needle with faults: that of the first one in the table."""
    found = (outcome for fault, outcome in ACCEPTED_FAULT.items() if fault in truth.faults)
    return next(found, Outcome.OFF_TARGET)


_SCORERS: Final[dict[type, tuple[type, Callable[[Any, Any], Score]]]] = {
    PlaceTarget: (PlacedAnswer, _place),
    PlaceByName: (PlacedAnswer, _place),
    NameMarked: (NamedAnswer, _name),
    JudgeView: (ViewAnswer, _judge_view),
    JudgeNeedle: (NeedleAnswer, _judge_needle),
}
"""For each kind of exercise the answer that it takes, and what scores it."""
