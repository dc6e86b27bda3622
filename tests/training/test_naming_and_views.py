"""Naming what is marked, and judging whether a view is true."""

from itertools import product

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import AnatomyError, ProtocolError, TrainingError
from fluoro_annotator.marks import (
    Adequacy,
    Correction,
    CountedFrom,
    MarkConfidence,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
    ViewJudgement,
)
from fluoro_annotator.training import (
    JudgeView,
    Marking,
    NamedAnswer,
    NameMarked,
    NeedleAnswer,
    Outcome,
    PlaceTarget,
    Reason,
    ViewAnswer,
    score,
)

ANATOMY = load_anatomy()
NERVES = ("T12_MB", "L1_MB", "L2_MB", "L3_MB", "L4_MB", "L5_DR")
OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
SITES = list(product(NERVES, OTHER))


@pytest.fixture
def named(views, references, make_setting):
    """Return a function: nerve, side, answered parts -> score; what is not given is answered rightly."""
    setting = make_setting(views["AP_TRUE"], [references["AP_TRUE"]])

    def answered(asked, on, confidence=None, **parts):
        site = ANATOMY.site(asked, on)
        right = {"nerve": asked, "vertebra": site.vertebra, "joint": site.joints[0], "side": on}
        return score(NameMarked(setting, site), NamedAnswer(confidence=confidence, **(right | parts)))

    return answered


@pytest.mark.parametrize(("nerve", "side"), SITES)
def test_names(named, nerve, side):
    number = ANATOMY.nerve(nerve).spinal_nerve
    far = "L1_MB" if nerve in {"L4_MB", "L5_DR"} else "L5_DR"
    assert named(nerve, side).outcome is Outcome.CORRECT
    assert named(nerve, side, side=OTHER[side]).outcome is Outcome.WRONG_SIDE
    level = named(nerve, side, nerve=far, vertebra=ANATOMY.nerve(far).vertebra)
    assert (level.outcome, level.critical) == (Outcome.WRONG_LEVEL, True)
    bone = named(nerve, side, vertebra=number)
    assert (bone.outcome, bone.faults) == (Outcome.WRONG_NERVE_NAME, ("NAME_CONVENTION_CONFUSION",))
    joint = named(nerve, side, joint="C2-C3")
    assert joint.outcome is Outcome.WRONG_NERVE_NAME
    assert " and ".join(ANATOMY.nerve(nerve).joints) in joint.why[0].sentence
    missing = named(nerve, side, side=None)
    assert (missing.outcome, missing.why[0].about) == (Outcome.MISSING, ("side",))


@pytest.mark.parametrize("side", OTHER)
@pytest.mark.parametrize("nerve", ["L1_MB", "L2_MB", "L3_MB"])
def test_the_number_of_the_vertebra_for_the_nerve(named, nerve, side):
    vertebra = ANATOMY.nerve(nerve).vertebra
    found = named(nerve, side, nerve=f"{vertebra}_MB")
    assert (found.outcome, found.faults) == (Outcome.WRONG_NERVE_NAME, ("NAME_CONVENTION_CONFUSION",))
    assert "not for the vertebra it crosses" in found.why[0].sentence
    assert found.why[0].backing.sources


def test_several_things_wrong_are_all_told(named):
    found = named("L3_MB", Side.RIGHT, nerve="L1_MB", vertebra="L2", side=Side.LEFT, joint="C2-C3")
    assert found.outcome is Outcome.WRONG_LEVEL
    assert [why.rule for why in found.why] == ["named_level", "named_side", "named_joint"]


def test_only_what_is_asked_for_counts(views, references, make_setting):
    setting = make_setting(views["AP_TRUE"], [references["AP_TRUE"]])
    site = ANATOMY.site("L3_MB", Side.RIGHT)
    asked = NameMarked(setting, site, ("nerve",))
    assert asked.prompt == "Name what is marked: nerve."
    outcomes = [score(asked, NamedAnswer(nerve=name)).outcome for name in ("L3_MB", "L4_MB", "L1_MB")]
    assert outcomes == [Outcome.CORRECT, Outcome.WRONG_NERVE_NAME, Outcome.WRONG_LEVEL]
    for parts in ((), ("colour",)):
        with pytest.raises(TrainingError):
            NameMarked(setting, site, parts)


def test_no_level_is_wrong_under_uncertain_numbering(views, references, make_setting):
    doubt = Numbering(
        scheme=NumberingScheme.UNKNOWN,
        counted_from=CountedFrom.NOT_DETERMINABLE,
        confidence=NumberingConfidence.UNCERTAIN,
    )
    unsure = Marking("Expert A", (*references["AP_TRUE"].records, doubt))
    setting = make_setting(views["AP_TRUE"], [unsure])
    asked = NameMarked(setting, ANATOMY.site("L3_MB", Side.RIGHT), ("nerve", "vertebra"))
    found = score(asked, NamedAnswer(nerve="L2_MB", vertebra="L3"))
    assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, Reason.NUMBERING_UNCERTAIN)


def test_what_no_reference_marks_is_not_asked_by_name(views, make_reading, make_setting):
    without = make_reading(views["AP_TRUE"], skip=[("L3_MB", Side.RIGHT)])
    asked = NameMarked(make_setting(views["AP_TRUE"], [without]), ANATOMY.site("L3_MB", Side.RIGHT))
    assert score(asked, NamedAnswer(nerve="L3_MB")).reason is Reason.NO_REFERENCE


# ---------------------------------------------------------------------- is the view true

YES, NO, UNSURE = Adequacy.YES, Adequacy.NO, Adequacy.UNSURE
LEFT, RIGHT, UP, DOWN = Correction


@pytest.fixture
def judged(views, make_setting):
    """Return a function: what experts say, what the trainee says -> score."""
    view = views["AP_TRUE"]

    def answered(experts, answer):
        readings = [
            Marking(
                f"Expert {number}",
                (ViewJudgement(frame=view.frame, view="AP_TRUE", adequate=a, corrections=c),),
            )
            for number, (a, c) in enumerate(experts)
        ]
        return score(JudgeView(make_setting(view, readings), "AP_TRUE"), answer)

    return answered


VIEW_CASES = [
    ((YES, ()), (YES, ()), Outcome.CORRECT, [True]),
    ((YES, ()), (NO, (UP,)), Outcome.OFF_TARGET, [False]),
    ((YES, ()), (UNSURE, ()), Outcome.MISSING, [False]),
    *[((NO, (c,)), (YES, ()), Outcome.OFF_TARGET, [False, False, False]) for c in Correction],
    *[((NO, (c,)), (NO, (c,)), Outcome.CORRECT, [True, True, True]) for c in Correction],
    ((NO, (LEFT,)), (NO, (RIGHT,)), Outcome.NEAR, [True, True, False]),
    ((NO, (UP,)), (NO, (DOWN,)), Outcome.NEAR, [True, True, False]),
    ((NO, (UP,)), (NO, (LEFT,)), Outcome.NEAR, [True, False, False]),
    ((NO, (UP,)), (NO, ()), Outcome.NEAR, [True, False, False]),
    ((NO, (LEFT, UP)), (NO, (LEFT,)), Outcome.NEAR, [True, False, False]),
    ((NO, (LEFT, UP)), (NO, (UP, LEFT)), Outcome.CORRECT, [True, True, True]),
]


@pytest.mark.parametrize(("truth", "said", "outcome", "questions"), VIEW_CASES)
def test_the_three_questions(judged, truth, said, outcome, questions):
    found = judged([truth], ViewAnswer(adequate=said[0], corrections=said[1]))
    assert found.outcome is outcome
    assert [right for _, right in found.questions] == questions
    assert found.why[0].backing.sources
    assert ("VIEW_NOT_TRUE" in found.faults) == (
        truth[0] is NO and outcome in {Outcome.OFF_TARGET, Outcome.NEAR}
    )


def test_the_move_that_mends_a_view_is_told(judged):
    found = judged([(NO, (RIGHT, DOWN))], ViewAnswer(adequate=YES))
    assert (
        "turn the C-arm to the patient's right and tilt the C-arm towards the feet" in found.why[0].sentence
    )
    assert "the spinous process lies in the midline" in found.why[0].sentence


@pytest.mark.parametrize(
    ("experts", "reason"),
    [
        ([(YES, ()), (NO, (UP,))], Reason.EXPERTS_DISAGREE_ON_VIEW),
        ([(NO, (UP,)), (NO, (DOWN,))], Reason.EXPERTS_DISAGREE_ON_VIEW),
        ([(UNSURE, ())], Reason.REFERENCE_UNSURE),
    ],
)
def test_views_on_which_nothing_can_be_said(judged, experts, reason):
    assert judged(experts, ViewAnswer(adequate=YES)).reason is reason


def test_a_view_without_a_judgement_or_of_another_protocol(views, references, make_setting):
    setting = make_setting(views["AP_TRUE"], [references["AP_TRUE"]])
    assert score(JudgeView(setting, "AP_TRUE"), ViewAnswer(adequate=YES)).reason is Reason.NO_REFERENCE
    with pytest.raises(ProtocolError):
        JudgeView(setting, "PILLAR")
    with pytest.raises(TrainingError):
        ViewAnswer(adequate=YES, corrections=(UP,))


# ---------------------------------------------------------------------- every kind


def test_answers_go_with_their_exercises(views, references, make_setting):
    setting = make_setting(views["AP_TRUE"], [references["AP_TRUE"]])
    exercise = PlaceTarget(setting, ANATOMY.site("L3_MB", Side.RIGHT))
    with pytest.raises(TrainingError, match="Give a PlacedAnswer"):
        score(exercise, NeedleAnswer(acceptable=True))
    assert exercise.prompt == "Place the target: L3 medial branch, at L4, right."
    assert JudgeView(setting, "AP_TRUE").prompt.startswith("Is this a True AP?")


def test_nerves_that_the_protocol_does_not_cover_are_refused(views, references, make_setting):
    setting = make_setting(views["AP_TRUE"], [references["AP_TRUE"]])
    with pytest.raises(TrainingError, match="does not cover"):
        PlaceTarget(setting, ANATOMY.site("C5_MB", Side.RIGHT))
    with pytest.raises(AnatomyError):
        PlaceTarget(setting, ANATOMY.site("L3_MB", Side.MIDLINE))


def test_confident_and_wrong_is_known(named):
    wrong = named("L3_MB", Side.RIGHT, MarkConfidence.CERTAIN, side=Side.LEFT)
    unsure = named("L3_MB", Side.RIGHT, MarkConfidence.UNSURE, side=Side.LEFT)
    right = named("L3_MB", Side.RIGHT, MarkConfidence.CERTAIN)
    assert [one.confident_and_wrong for one in (wrong, unsure, right)] == [True, False, False]
