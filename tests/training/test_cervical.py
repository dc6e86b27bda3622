"""Two nerves at one bone, several needles for one nerve, and the line at the medial border of the pillar."""

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Calibration, CalibrationSource, Point, Ruler
from fluoro_annotator.marks import FrameRef, Landmark, Needle, Severity, Target
from fluoro_annotator.protocols import load_protocols, plan
from fluoro_annotator.training import (
    ImageFacts,
    Marking,
    Outcome,
    PlacedAnswer,
    PlaceTarget,
    Setting,
    score,
    score_reading,
)

FRAME = FrameRef("1.2.3.4", 1)
ANATOMY = load_anatomy()
CERVICAL = load_protocols(folders=()).get("cervical_mbb")
SCALED = Ruler(Calibration(CalibrationSource.KNOWN_LENGTH, 0.25, 0.25, 0.02))
LATERAL = ImageFacts(view="LATERAL_TRUE", ruler=SCALED, orientation=("P", "F"))
AP = ImageFacts(view="AP_TRUE", ruler=SCALED, orientation=("R", "F"))
TON, DEEP, C4 = (ANATOMY.site(nerve, Side.RIGHT) for nerve in ("TON", "C3_DMB", "C4_MB"))


def target(site, row, column=500.0):
    return Target(frame=FRAME, site=site, position=Point(row, column))


def needle(site, row):
    return Needle(frame=FRAME, site=site, tip=Point(row, 500.0), hub=Point(row, 900.0))


def placed(image, references, site, point):
    setting = Setting(protocol=CERVICAL, references=references, frame=FRAME, image=image)
    mark = Target(frame=FRAME, site=site, position=point)
    return score(PlaceTarget(setting, site), PlacedAnswer(mark=mark))


def test_the_other_nerve_of_the_bone_is_a_wrong_name_and_no_wrong_level():
    expert = Marking("Expert A", (target(TON, 300.0), target(DEEP, 340.0), target(C4, 420.0)))
    found = placed(LATERAL, (expert,), DEEP, Point(302.0, 500.0))
    assert found.outcome is Outcome.WRONG_NERVE_NAME
    assert "Third occipital nerve" in found.why[0].sentence
    assert placed(LATERAL, (expert,), DEEP, Point(418.0, 500.0)).outcome is Outcome.WRONG_LEVEL
    assert placed(LATERAL, (expert,), DEEP, Point(341.0, 500.0)).outcome is Outcome.CORRECT


def test_of_several_points_for_one_nerve_the_nearest_counts():
    expert = Marking("Expert A", tuple(needle(TON, row) for row in (280.0, 310.0, 340.0)))
    asked = plan(CERVICAL, ["C2-C3"], [Side.RIGHT])
    for rows, wanted in (
        ((281.0, 309.0, 341.0), {Outcome.CORRECT: 3}),
        ((281.0, 341.0), {Outcome.CORRECT: 2, Outcome.MISSING: 1}),
        ((281.0, 309.0, 341.0, 310.0), {Outcome.CORRECT: 3, Outcome.EXTRA: 1}),
    ):
        trainee = Marking("Trainee A", tuple(needle(TON, row) for row in rows))
        assert score_reading(trainee, [expert], asked, {"1.2.3.4": LATERAL}).counts == wanted


@pytest.mark.parametrize(("side", "sign"), [(Side.RIGHT, 1), (Side.LEFT, -1)])
def test_medial_to_the_pillar_is_critical(side, sign):
    """On this AP the patient's right is at the right; the medial border lies 20 pixels towards the midline."""
    site = ANATOMY.site("C4_MB", side)
    border = [
        Landmark(frame=FRAME, name=name, vertebra="C4", side=side, position=Point(row, 500.0 - 20 * sign))
        for name, row in (("pillar_medial_upper", 350.0), ("pillar_medial_lower", 450.0))
    ]
    expert = Marking("Expert A", (target(site, 400.0), *border))
    inside = placed(AP, (expert,), site, Point(400.0, 500.0 - 10 * sign))
    past = placed(AP, (expert,), site, Point(400.0, 500.0 - 30 * sign))
    assert inside.outcome is Outcome.CORRECT
    assert (past.outcome, past.why[0].fault, past.severity) == (
        Outcome.UNSAFE,
        "TOO_MEDIAL",
        Severity.CRITICAL,
    )
    turned = ImageFacts(view="AP_TRUE", ruler=SCALED, orientation=("L", "F"))
    assert placed(turned, (expert,), site, Point(400.0, 500.0 - 30 * sign)).outcome is not Outcome.UNSAFE


def test_disputed_targets_carry_their_badge():
    thoracic = load_protocols(folders=()).get("thoracic_mbb")
    site = ANATOMY.site("T5_MB", Side.RIGHT)
    expert = Marking("Expert A", (target(site, 400.0),))
    setting = Setting(protocol=thoracic, references=(expert,), frame=FRAME, image=AP)
    found = score(PlaceTarget(setting, site), PlacedAnswer(mark=target(site, 401.0)))
    assert found.outcome is Outcome.CORRECT
    assert any("disputed" in caution for caution in found.cautions)
    assert any("freehand" in caution for caution in found.cautions)


def test_what_cannot_be_told_from_the_reference_is_no_more_unsafe_than_it():
    """The reference lies half a pixel behind the line, the answers up to two pixels in front of it."""
    edge = [
        Landmark(frame=FRAME, name=name, vertebra="C4", side=Side.RIGHT, position=Point(row, 500.0))
        for name, row in (("pillar_upper_anterior", 350.0), ("pillar_lower_anterior", 450.0))
    ]
    expert = Marking("Expert A", (target(C4, 400.0, 500.5), *edge))
    same, past = (placed(LATERAL, (expert,), C4, Point(400.0, column)) for column in (498.5, 496.0))
    assert (same.outcome, past.outcome) == (Outcome.CORRECT, Outcome.UNSAFE)
    assert any("nearer than points can be placed" in caution for caution in same.cautions)
