"""Needles: tip error, depth, angle to the nerve, covered course, and the judging of a needle that is shown."""

import math

import numpy as np
import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import Needle, NerveCourse, Target
from fluoro_annotator.training import (
    BandState,
    JudgeNeedle,
    Marking,
    NeedleAnswer,
    NeedleVerdict,
    Outcome,
    PlacedAnswer,
    PlaceTarget,
    Reason,
    needle_verdict,
    score,
)

SITE = load_anatomy().site("L3_MB", Side.RIGHT)
KEY = ("L3_MB", Side.RIGHT)
UP, FORWARD, LEFT = np.array([0, 0, 1.0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])


def needle(view, tip, hub, **known):
    return Needle(
        frame=view.frame, site=known.pop("site", SITE), tip=view.point(tip), hub=view.point(hub), **known
    )


def below(tip, degrees=0.0, length=60.0):
    """Return a hub from which a needle comes from below, turned outwards from the nerve's course by some degrees."""
    turn = math.radians(degrees)
    return tip - length * (math.cos(turn) * UP + math.sin(turn) * LEFT)


def placed(setting, mark):
    return score(PlaceTarget(setting, SITE, needle=True), PlacedAnswer(mark=mark))


@pytest.fixture
def ap(views):
    return views["AP_TRUE"]


@pytest.fixture
def lateral(views):
    return views["LATERAL_TRUE"]


def band(found, key):
    return next(one for one in found.measures.bands if one.band.id == key)


def test_the_tip_error_is_measured_from_the_reference_needle(ap, make_reading, make_setting):
    mm = ap.targets[KEY]
    reference = make_reading(ap, kinds=("target", "needle", "landmark"), shift=(0, 0, -5.0))
    setting = make_setting(ap, [reference], mm)
    for off, wanted in ((1.0, Outcome.CORRECT), (4.5, Outcome.NEAR), (8.0, Outcome.OFF_TARGET)):
        tip = mm - 5 * UP - off * UP
        found = placed(setting, needle(ap, tip, below(tip)))
        assert found.outcome is wanted
        truth = np.hypot(*(ap.pose.project([tip]) - ap.pose.project([mm - 5 * UP]))[0])
        assert found.measures.pixels.value == pytest.approx(truth, abs=0.1)


def test_without_a_reference_needle_it_is_judged_by_the_target(ap, make_reading, make_setting):
    mm = ap.targets[KEY]
    setting = make_setting(ap, [make_reading(ap)], mm)
    assert placed(setting, needle(ap, mm, below(mm))).outcome is Outcome.CORRECT
    high = mm + 9 * UP
    found = placed(setting, needle(ap, high, below(high)))
    assert (found.outcome, found.why[0].fault) == (Outcome.UNSAFE, "TOO_CEPHALAD")


def test_depth_on_the_lateral(lateral, make_reading, make_setting, neurotomy):
    """The process is 12 mm deep with the target in its middle; the middle two quarters are accepted."""
    mm = lateral.targets[KEY]
    setting = make_setting(lateral, [make_reading(lateral)], mm, protocol=neurotomy)
    for forward, fraction, state in (
        (0, 0.5, BandState.GOOD),
        (2.5, 0.5 - 2.5 / 12, BandState.GOOD),
        (4.0, 0.5 - 4 / 12, BandState.OUTSIDE),
        (-4.0, 0.5 + 4 / 12, BandState.OUTSIDE),
        (-9.0, 0.5 + 9 / 12, BandState.OUTSIDE),
    ):
        tip = mm + forward * FORWARD
        found = placed(setting, needle(lateral, tip, tip - 60 * FORWARD))
        assert band(found, "process_depth").measured.value == pytest.approx(fraction, abs=0.01)
        assert band(found, "process_depth").state is state
        assert found.outcome is (Outcome.CORRECT if state is BandState.GOOD else Outcome.OFF_TARGET)
    past = mm + 9 * FORWARD
    found = placed(setting, needle(lateral, past, past - 60 * FORWARD))
    assert (found.outcome, found.critical, found.why[0].about[0]) == (Outcome.UNSAFE, True, "SL_L_FORAMEN")


def test_a_reference_past_the_line_is_not_the_trainees_fault(lateral, make_reading, make_setting, block):
    mm = lateral.targets[KEY]
    reference = make_reading(lateral, kinds=("needle", "landmark"), shift=(9.0, 0, 0))
    setting = make_setting(lateral, [reference], mm)
    tip = mm + 9.5 * FORWARD
    found = placed(setting, needle(lateral, tip, tip - 60 * FORWARD))
    assert found.outcome is Outcome.CORRECT
    line = found.measures.lines[0]
    assert line.measured.distance.value < 0 > line.reference.distance.value
    assert not line.past


def with_course(ap, make_reading, *, course_mm=16.0):
    mm = ap.targets[KEY]
    ends = (ap.point(mm + course_mm / 2 * UP), ap.point(mm - course_mm / 2 * UP))
    course = NerveCourse(frame=ap.frame, site=SITE, vertices=ends)
    return Marking("Expert A", (*make_reading(ap, kinds=("target",)).records, course))


def test_angle_and_distance_to_the_course(ap, make_reading, make_setting, neurotomy):
    mm = ap.targets[KEY]
    setting = make_setting(ap, [with_course(ap, make_reading)], mm, protocol=neurotomy)
    upright = math.cos(math.radians(ap.pose.secondary_angle))
    for degrees, wanted in ((0, Outcome.CORRECT), (20, Outcome.NEAR), (45, Outcome.OFF_TARGET)):
        found = placed(setting, needle(ap, mm, below(mm, degrees)))
        shown = math.degrees(
            math.atan2(math.sin(math.radians(degrees)), math.cos(math.radians(degrees)) * upright)
        )
        assert band(found, "angle_to_nerve").measured.value == pytest.approx(shown, abs=1.0)
        assert found.outcome is wanted
        assert found.why[0].fault == ("" if wanted is Outcome.CORRECT else "NON_PARALLEL")
    for aside, wanted in ((1.5, Outcome.CORRECT), (3.0, Outcome.NEAR), (5.0, Outcome.OFF_TARGET)):
        tip = mm - aside * LEFT
        found = placed(setting, needle(ap, tip, below(tip)))
        assert band(found, "miss").measured.value == pytest.approx(aside, abs=0.1)
        assert found.outcome is wanted


def test_covered_course_needs_a_scale_and_is_not_judged(ap, make_reading, make_setting, neurotomy):
    mm = ap.targets[KEY]
    references = [with_course(ap, make_reading)]
    top = mm + 8 * UP
    tool = needle(ap, top, below(top), active_tip_mm=10.0, length_mm=60.0)
    setting = make_setting(ap, references, mm, protocol=neurotomy)
    covered = placed(setting, tool).measures.covered
    upright = math.cos(math.radians(ap.pose.secondary_angle))
    assert covered.value == pytest.approx(10 * upright, abs=0.3)
    assert covered.calibration
    assert placed(make_setting(ap, references, protocol=neurotomy), tool).measures.covered is None
    aside = mm + 8 * UP - 5 * LEFT
    off = placed(setting, needle(ap, aside, below(aside), active_tip_mm=10.0, length_mm=60.0))
    assert off.measures.covered.value == 0


def test_angles_that_are_only_shown_are_never_judged(lateral, make_reading, make_setting, neurotomy):
    mm = lateral.targets[KEY]
    setting = make_setting(lateral, [make_reading(lateral)], mm, protocol=neurotomy)
    found = placed(setting, needle(lateral, mm, mm - 60 * FORWARD))
    assert band(found, "caudal_angle").state is BandState.NOT_USED
    assert found.outcome is Outcome.CORRECT


def test_a_target_is_no_answer_where_a_needle_is_asked_for(ap, make_reading, make_setting):
    setting = make_setting(ap, [make_reading(ap)])
    mark = Target(frame=ap.frame, site=SITE, position=ap.point(ap.targets[KEY]))
    with pytest.raises(TrainingError, match="Mark a needle"):
        placed(setting, mark)


# ---------------------------------------------------------------------- judging a needle

CRITIQUE = [
    ("AP_TRUE", "good", 0 * UP, None, ""),
    ("AP_TRUE", "too high", 9 * UP, Outcome.UNSAFE, "TOO_CEPHALAD"),
    ("AP_TRUE", "too lateral", -9 * LEFT, Outcome.OFF_TARGET, "TOO_LATERAL"),
    ("AP_TRUE", "too medial", 9 * LEFT, Outcome.OFF_TARGET, "TOO_MEDIAL"),
    ("AP_TRUE", "too low", -9 * UP, Outcome.OFF_TARGET, "TOO_CAUDAL"),
    ("LATERAL_TRUE", "too ventral", 9 * FORWARD, Outcome.UNSAFE, "TOO_VENTRAL"),
    ("LATERAL_TRUE", "too dorsal", -9 * FORWARD, Outcome.OFF_TARGET, "TOO_DORSAL"),
    ("AP_TRUE", "wrong level", "L2_MB", Outcome.WRONG_LEVEL, "WRONG_LEVEL"),
    ("AP_TRUE", "wrong side", "other side", Outcome.WRONG_SIDE, "WRONG_SIDE"),
]


@pytest.mark.parametrize(
    ("view_id", "name", "where", "outcome", "fault"), CRITIQUE, ids=[row[1] for row in CRITIQUE]
)
def test_a_needle_is_judged_by_its_target(
    views, make_reading, make_setting, view_id, name, *, where, outcome, fault
):
    view = views[view_id]
    mm = view.targets[KEY]
    tips = {"L2_MB": ("L2_MB", Side.RIGHT), "other side": ("L3_MB", Side.LEFT)}
    tip = view.targets[tips[where]] if isinstance(where, str) else mm + where
    hub = below(tip) if view_id == "AP_TRUE" else tip - 60 * FORWARD
    setting = make_setting(view, [make_reading(view)], mm)
    shown = JudgeNeedle(setting, needle(view, tip, hub))
    good = outcome is None
    verdict, _ = needle_verdict(shown)
    assert verdict.acceptable == good
    accepted = score(shown, NeedleAnswer(acceptable=True))
    assert accepted.outcome is (outcome or Outcome.CORRECT)
    if good:
        rejected = score(shown, NeedleAnswer(acceptable=False, fault="TOO_LATERAL"))
        assert (rejected.outcome, rejected.severity) == (Outcome.OFF_TARGET, None)
        return
    assert verdict.faults[0] == fault
    assert score(shown, NeedleAnswer(acceptable=False, fault=fault)).outcome is Outcome.CORRECT
    other = "TOO_DORSAL" if fault != "TOO_DORSAL" else "TOO_CEPHALAD"
    assert score(shown, NeedleAnswer(acceptable=False, fault=other)).outcome is Outcome.NEAR
    assert score(shown, NeedleAnswer(acceptable=None)).outcome is Outcome.MISSING
    assert accepted.critical == (fault in {"WRONG_LEVEL", "WRONG_SIDE", "TOO_VENTRAL"})


def test_in_the_marginal_zone_neither_answer_is_wrong(ap, make_reading, make_setting):
    mm = ap.targets[KEY]
    tip = mm - 4.5 * LEFT
    shown = JudgeNeedle(make_setting(ap, [make_reading(ap)], mm), needle(ap, tip, below(tip)))
    for acceptable in (True, False):
        found = score(shown, NeedleAnswer(acceptable=acceptable))
        assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, Reason.REFERENCE_MARGINAL)
    assert needle_verdict(shown)[0] is None


def test_a_needle_is_not_judged_by_the_mark_of_itself(ap, make_reading, make_setting):
    mm = ap.targets[KEY]
    tip = mm - 9 * LEFT
    tool = needle(ap, tip, below(tip))
    reference = make_reading(ap)
    with_it = Marking("Expert A", (*reference.records, tool))
    shown = JudgeNeedle(make_setting(ap, [with_it], mm), tool)
    assert not needle_verdict(shown)[0].acceptable


@pytest.mark.parametrize(
    ("faults", "accepted"),
    [
        (("TOO_CAUDAL", "TOO_VENTRAL"), Outcome.UNSAFE),
        (("TOO_VENTRAL", "WRONG_SIDE"), Outcome.WRONG_SIDE),
        (("NAME_CONVENTION_CONFUSION",), Outcome.WRONG_NERVE_NAME),
        (("NOT_ON_BONE",), Outcome.OFF_TARGET),
        ((), Outcome.OFF_TARGET),
    ],
)
def test_the_experts_verdict_goes_first(ap, make_reading, make_setting, faults, accepted):
    mm = ap.targets[KEY]
    verdict = NeedleVerdict(acceptable=False, faults=faults)
    shown = JudgeNeedle(make_setting(ap, [make_reading(ap)], mm), needle(ap, mm, below(mm)), verdict)
    assert score(shown, NeedleAnswer(acceptable=True)).outcome is accepted
    assert score(shown, NeedleAnswer(acceptable=False, fault="POOR_COLLIMATION")).outcome is (
        Outcome.NEAR if faults else Outcome.CORRECT
    )


def test_faults_are_those_of_the_protocol(ap, make_reading, make_setting, views):
    mm = ap.targets[KEY]
    setting, tool = make_setting(ap, [make_reading(ap)], mm), needle(ap, mm, below(mm))
    with pytest.raises(TrainingError, match="not known to the protocol"):
        JudgeNeedle(setting, tool, NeedleVerdict(acceptable=False, faults=("TOO_BLUE",)))
    with pytest.raises(TrainingError, match="not known to the protocol"):
        score(JudgeNeedle(setting, tool), NeedleAnswer(acceptable=False, fault="TOO_BLUE"))
    with pytest.raises(TrainingError, match="another frame"):
        JudgeNeedle(make_setting(views["LATERAL_TRUE"], [make_reading(ap)]), tool)
    with pytest.raises(TrainingError):
        NeedleVerdict(acceptable=True, faults=("TOO_VENTRAL",))
    with pytest.raises(TrainingError):
        NeedleAnswer(acceptable=True, fault="TOO_VENTRAL")
