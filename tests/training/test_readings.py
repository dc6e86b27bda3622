"""Whole readings against whole readings, and what many scores say together."""

from dataclasses import replace

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import MixedMeasuresError, StatisticsError, TrainingError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    CountedFrom,
    FrameRef,
    ImageRecord,
    LevelLabel,
    MarkConfidence,
    MarkSession,
    Needle,
    NoRecorder,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
    Reading,
    Severity,
    SlotMissing,
    SlotState,
    StudyRecord,
    Target,
)
from fluoro_annotator.protocols import SlotKind, load_protocols, plan
from fluoro_annotator.statistics import CusumPlan, median_of, wilson
from fluoro_annotator.training import (
    Marking,
    Outcome,
    PassRule,
    Reason,
    confidence_calibration,
    confidence_rates,
    distances,
    fault_rates,
    feedback_order,
    outcome_rates,
    outliers_reported,
    progress,
    rates,
    score_reading,
)

ANATOMY = load_anatomy()
RIGHT = Side.RIGHT


@pytest.fixture
def ap(views):
    return views["AP_TRUE"]


@pytest.fixture
def asked(block):
    return plan(block, ["L3-L4", "L4-L5"], [RIGHT])


@pytest.fixture
def images(ap):
    return {ap.frame.sop_instance_uid: ap.facts(ap.targets["L3_MB", RIGHT])}


def target(ap, nerve, side=RIGHT, *, at=None, **known):
    site = ANATOMY.site(nerve, side)
    point = ap.point(ap.targets[at or (nerve, side)])
    return Target(frame=known.pop("frame", ap.frame), site=site, position=point, **known)


def three(ap):
    return [target(ap, nerve) for nerve in ("L2_MB", "L3_MB", "L4_MB")]


def outcomes(found):
    return {
        (one.kind.value, one.site.nerve if one.site else one.why[0].about[0]): one.outcome
        for one in found.scores
    }


def test_a_reading_against_itself_is_right_throughout(ap, asked, images, references):
    reference = references["AP_TRUE"]
    found = score_reading(Marking("Trainee A", tuple(three(ap))), [reference], asked, images)
    assert found.reader == "Trainee A"
    assert set(found.counts) == {Outcome.CORRECT}
    assert [score.site.nerve for score in found.scores] == ["L2_MB", "L3_MB", "L4_MB"]
    assert SlotKind.EVENT in found.not_scored


def test_missing_extra_and_twice(ap, asked, images, references):
    marks = [
        target(ap, "L3_MB"),
        target(ap, "L3_MB", at=("L3_MB", Side.LEFT)),
        target(ap, "L4_MB"),
        target(ap, "L4_MB", Side.LEFT),
    ]
    found = score_reading(Marking("Trainee A", tuple(marks)), [references["AP_TRUE"]], asked, images)
    assert found.counts == {Outcome.CORRECT: 2, Outcome.MISSING: 1, Outcome.EXTRA: 2}
    assert next(s for s in found.scores if s.outcome is Outcome.MISSING).site.nerve == "L2_MB"


def test_names_shifted_by_one_level_are_wrong_levels(ap, asked, images, references):
    """The trainee takes the number of the vertebra for that of the nerve, on every level."""
    marks = [
        target(ap, "L3_MB", at=("L2_MB", RIGHT)),
        target(ap, "L4_MB", at=("L3_MB", RIGHT)),
    ]
    found = score_reading(Marking("Trainee A", tuple(marks)), [references["AP_TRUE"]], asked, images)
    assert found.counts == {Outcome.WRONG_LEVEL: 2, Outcome.MISSING: 1}
    assert all(
        "NAME_CONVENTION_CONFUSION" in s.faults for s in found.scores if s.outcome is Outcome.WRONG_LEVEL
    )


def test_a_wrong_name_at_the_right_place_is_one_error_and_not_two(ap, asked, images, references):
    marks = [target(ap, "L2_MB"), target(ap, "L3_MB"), target(ap, "L5_DR", at=("L4_MB", RIGHT))]
    found = score_reading(Marking("Trainee A", tuple(marks)), [references["AP_TRUE"]], asked, images)
    assert found.counts == {Outcome.CORRECT: 2, Outcome.WRONG_NERVE_NAME: 1}


def test_the_other_side_named_at_the_right_place(ap, asked, images, references):
    marks = [*three(ap)[:2], target(ap, "L4_MB", Side.LEFT, at=("L4_MB", RIGHT))]
    found = score_reading(Marking("Trainee A", tuple(marks)), [references["AP_TRUE"]], asked, images)
    assert found.counts == {Outcome.CORRECT: 2, Outcome.WRONG_SIDE: 1}


def test_another_frame_and_a_reference_that_is_not_there(ap, asked, images, make_reading):
    reference = make_reading(ap, skip=[("L2_MB", RIGHT)])
    other = FrameRef(ap.frame.sop_instance_uid, 2)
    marks = [target(ap, "L2_MB"), target(ap, "L3_MB", frame=other), target(ap, "L4_MB")]
    found = score_reading(Marking("Trainee A", tuple(marks)), [reference], asked, images)
    reasons = {score.site.nerve: score.reason for score in found.scores}
    assert reasons == {"L2_MB": Reason.NO_REFERENCE, "L3_MB": Reason.OTHER_FRAME, "L4_MB": None}


def test_empty_slots_agree_or_are_filled_without_need(ap, asked, images, make_reading):
    slot = "L2_MB:R:AP_TRUE:target"
    empty = SlotState(slot_id=slot, state=SlotMissing.NOT_VISIBLE)
    reference = make_reading(ap, skip=[("L2_MB", RIGHT)])
    reference = Marking("Expert A", (*reference.records, empty))
    agreed = score_reading(Marking("Trainee A", (*three(ap)[1:], empty)), [reference], asked, images)
    assert agreed.counts == {Outcome.CORRECT: 3}
    assert agreed.scores[-1].frame is None
    filled = score_reading(Marking("Trainee A", tuple(three(ap))), [reference], asked, images)
    assert filled.counts == {Outcome.CORRECT: 2, Outcome.EXTRA: 1}


def test_needles_and_targets_are_told_apart(ap, asked, images, make_reading):
    reference = make_reading(ap, kinds=("target", "needle"))
    tools = [
        Needle(frame=ap.frame, site=mark.site, tip=mark.position, hub=Point(mark.position.row + 200, 500.0))
        for mark in three(ap)
    ]
    found = score_reading(Marking("Trainee A", (*three(ap), *tools[:2])), [reference], asked, images)
    assert outcomes(found) == {
        ("target", "L2_MB"): Outcome.CORRECT,
        ("target", "L3_MB"): Outcome.CORRECT,
        ("target", "L4_MB"): Outcome.CORRECT,
        ("needle", "L2_MB"): Outcome.CORRECT,
        ("needle", "L3_MB"): Outcome.CORRECT,
        ("needle", "L4_MB"): Outcome.MISSING,
    }


# ---------------------------------------------------------------------- level labels


def labels(ap, rows, reader="Expert A", *more):
    named = (
        LevelLabel(frame=ap.frame, vertebra=name, position=Point(row, 512.0)) for name, row in rows.items()
    )
    return Marking(reader, (*named, *more))


COLUMN = {"L3": 155.0, "L4": 412.0, "L5": 676.0}


def test_labels_belong_to_the_nearest_reference(ap, asked, images):
    trainee = labels(ap, {"L3": 200.0, "L4": 640.0}, "Trainee A")
    found = score_reading(trainee, [labels(ap, COLUMN)], asked, images)
    assert [score.outcome for score in found.scores] == [
        Outcome.CORRECT,
        Outcome.WRONG_LEVEL,
        Outcome.MISSING,
    ]
    assert (found.scores[1].why[0].about, found.scores[1].critical) == (("L5",), True)


def test_labels_that_cannot_be_judged(ap, asked, images):
    doubt = Numbering(
        scheme=NumberingScheme.SIX_LUMBAR,
        counted_from=CountedFrom.SACRUM_UP,
        confidence=NumberingConfidence.UNCERTAIN,
    )
    trainee = labels(ap, {"L4": 676.0}, "Trainee A")
    shifted = labels(ap, {"L2": 155.0, "L3": 412.0, "L4": 676.0}, "Expert B")
    for references, reason in (
        ([labels(ap, {"L5": 676.0})], Reason.NO_THRESHOLD),
        ([Marking("Expert A", ())], Reason.NO_REFERENCE),
        ([labels(ap, COLUMN, "Expert A", doubt)], Reason.NUMBERING_UNCERTAIN),
        ([labels(ap, COLUMN), shifted], Reason.EXPERTS_DISAGREE_ON_LEVEL),
    ):
        found = score_reading(trainee, references, asked, images).scores[0]
        assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, reason)


def test_a_session_is_a_reading_in_memory(ap, asked, images, references):
    image = ImageRecord(
        sop_instance_uid=ap.frame.sop_instance_uid, series_uid="1.2.3", rows=1024, columns=1024, frames=1
    )
    session = MarkSession(
        Reading(study_uid="1.2", reader="Trainee A"), StudyRecord("1.2", (image,)), NoRecorder()
    )
    for mark in three(ap):
        session.add(mark)
    taken = Marking.of(session)
    assert taken == Marking("Trainee A", session.marks)
    assert score_reading(taken, [references["AP_TRUE"]], asked, images).counts == {Outcome.CORRECT: 3}
    with pytest.raises(TrainingError):
        score_reading(taken, [], asked, images)


# ---------------------------------------------------------------------- many scores


@pytest.fixture
def scores(ap, asked, images, references):
    """Three scores of one reading: correct, correct, wrong level."""
    marks = [
        target(ap, "L2_MB", confidence=MarkConfidence.PROBABLE),
        target(ap, "L3_MB", confidence=MarkConfidence.CERTAIN),
        target(ap, "L4_MB", at=("L3_MB", RIGHT), confidence=MarkConfidence.CERTAIN),
    ]
    return score_reading(Marking("Trainee A", tuple(marks)), [references["AP_TRUE"]], asked, images).scores


def not_assessable(score):
    return replace(score, outcome=Outcome.NOT_ASSESSABLE, severity=None, why=())


def test_confident_and_wrong_comes_first(scores):
    right, _, wrong = scores
    near = replace(right, outcome=Outcome.NEAR, confidence=None)
    critical = replace(wrong, confidence=MarkConfidence.UNSURE)
    nothing = not_assessable(right)
    shown = feedback_order([right, nothing, near, critical, wrong])
    assert shown == (wrong, critical, near, nothing, right)


def test_rates_have_their_denominators(scores):
    listed = [*scores, not_assessable(scores[0])]
    assert outcome_rates(listed)[Outcome.CORRECT] == wilson(2, 3)
    assert outcome_rates(listed)[Outcome.NOT_ASSESSABLE] == wilson(1, 4)
    assert rates(listed, lambda score: score.site.nerve) == {
        "L2_MB": wilson(1, 1),
        "L3_MB": wilson(1, 1),
        "L4_MB": wilson(0, 1),
    }
    assert fault_rates(listed) == {"WRONG_LEVEL": wilson(1, 3), "NAME_CONVENTION_CONFUSION": wilson(1, 3)}
    assert confidence_rates(listed) == {
        MarkConfidence.CERTAIN: wilson(1, 2),
        MarkConfidence.PROBABLE: wilson(1, 1),
    }


def test_stated_confidence_needs_its_chances(scores):
    chances = {MarkConfidence.CERTAIN: 1.0, MarkConfidence.PROBABLE: 0.5}
    assert confidence_calibration(scores, chances).brier == pytest.approx((0.25 + 0 + 1) / 3)
    with pytest.raises(TrainingError, match="no chance"):
        confidence_calibration(scores, {MarkConfidence.CERTAIN: 1.0})
    with pytest.raises(StatisticsError):
        confidence_calibration([not_assessable(scores[0])], chances)


def test_distances_with_and_without_a_scale_stay_apart(ap, asked, images, references, scores):
    bare = {ap.frame.sop_instance_uid: ap.facts()}
    plain = score_reading(Marking("Trainee A", tuple(three(ap))), [references["AP_TRUE"]], asked, bare).scores
    found = distances([*scores, *plain])
    assert {unit: (one.trials, one.unit) for unit, one in found.items()} == {"mm": (2, "mm"), "px": (3, "px")}
    with pytest.raises(MixedMeasuresError):
        median_of([scores[0].measures.millimetres, plain[0].measures.pixels])
    assert distances([not_assessable(scores[0])]) == {}


def test_the_proposed_rule_and_what_is_lacking(scores):
    right, _, wrong = scores
    near = replace(right, outcome=Outcome.NEAR)
    passing = progress([right] * 36 + [near] * 4)
    assert (passing.passed, passing.latest, passing.critical) == (True, wilson(36, 40), 0)
    assert passing.chart.lower_at is not None
    few = progress([right] * 30)
    assert few.lacking == ("30 of 40 answers that count.",)
    weak = progress([right] * 31 + [near] * 9)
    assert any("asked for" in text for text in weak.lacking)
    critical = progress([right] * 39 + [wrong])
    assert critical.lacking == ("1 critical fault in the last 40; none is allowed.",)
    assert progress([right] * 39 + [wrong], replace(PassRule(), critical_allowed=1)).passed
    forgiven = progress([wrong] + [right] * 40)
    assert forgiven.passed
    slow = progress([near] * 30 + [right] * 10, PassRule(last=10, on_target=0.8))
    assert slow.lacking == ("The control chart has not reached its lower boundary.",)


def test_the_rule_is_that_of_the_protocol():
    protocol = load_protocols(folders=()).get("lumbar_mbb")
    assert PassRule.of(protocol) == replace(PassRule(), standing="engineering default, not validated")
    assert PassRule.of(replace(protocol, pass_rule=None)) == PassRule()
    own = replace(protocol.pass_rule, last=20, on_target=0.9, critical_allowed=2, p0=0.1, p1=0.3, alpha=0.05)
    rule = PassRule.of(replace(protocol, pass_rule=own))
    assert (rule.last, rule.on_target, rule.critical_allowed) == (20, 0.9, 2)
    assert rule.cusum == CusumPlan(0.1, 0.3, 0.05, 0.1)
    assert rule.text.startswith(
        "At least 90 % on target in the last 20 answers that count, at most 2 critical"
    )


def test_what_is_not_assessable_counts_in_nothing(scores):
    found = progress([scores[0], not_assessable(scores[0]), scores[2]])
    assert (found.assessed, found.not_assessable, found.on_target) == (2, 1, wilson(1, 2))
    assert len(found.curve) == len(found.chart.curve) == 2
    assert progress([]).on_target == wilson(0, 0)


def test_a_site_sets_its_own_rule():
    with pytest.raises(TrainingError):
        PassRule(last=0)
    with pytest.raises(TrainingError):
        PassRule(on_target=1.2)
    assert PassRule(cusum=CusumPlan(0.1, 0.3)).cusum.upper == pytest.approx(1.63, abs=0.005)


def test_outliers_are_reported_by_expert(ap, asked, images, make_reading):
    shifts = [(0, 0, 0), (0, 0.5, 0), (0, 0, 0.5), (0, -0.5, 0), (0, 0, -9.0)]
    experts = [make_reading(ap, f"Expert {n}", shift=shift) for n, shift in enumerate(shifts, 1)]
    found = score_reading(Marking("Trainee A", tuple(three(ap))), experts, asked, images)
    assert outliers_reported(found.scores) == {"Expert 5": 3}


def test_severity_is_the_protocols(scores):
    assert [score.severity for score in scores] == [None, None, Severity.CRITICAL]
