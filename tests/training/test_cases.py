"""Constructed cases of placed targets: every outcome, both sides, every lumbar level, each view.

Displacements are in three dimensions, and what is expected follows from the limits in the protocol's file and from
where the landmarks were built; nothing here asks the scoring code.
"""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import yaml

import fluoro_annotator.protocols
from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import UNCALIBRATED, Ruler
from fluoro_annotator.marks import Target
from fluoro_annotator.training import (
    OUTCOMES,
    Outcome,
    PlaceByName,
    PlacedAnswer,
    PlaceTarget,
    Reason,
    score,
)

FILE = Path(fluoro_annotator.protocols.__file__).parent / "data" / "lumbar_mbb.yaml"
CONTENT = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RADIUS = next(band for band in CONTENT["bands"] if band["id"] == "target_radius")
LINES = {nerve: group["safety_lines"] for group in CONTENT["groups"] for nerve in group["nerves"]}

NERVES = ("T12_MB", "L1_MB", "L2_MB", "L3_MB", "L4_MB", "L5_DR")
VIEWS = ("AP_TRUE", "IPSI_OBLIQUE", "LATERAL_TRUE")
SITES = list(product(NERVES, (Side.LEFT, Side.RIGHT), VIEWS))
ANATOMY = load_anatomy()

GOOD, MARGINAL = RADIUS["good"][1], RADIUS["marginal"][1]


def neighbour(nerve):
    """Return the nerve one level up, or down for the uppermost."""
    place = NERVES.index(nerve)
    return NERVES[place - 1] if place else NERVES[1]


@pytest.fixture
def case(views, references, make_setting, directions):
    """Return a function: nerve, side, view -> image, place of the target in mm, setting, names of directions."""
    cranial, anterior, outward = directions

    def made(nerve, side, view_id, **changes):
        name = {"IPSI_OBLIQUE": f"IPSI_{side.name}"}.get(view_id, view_id)
        view = views[name]
        mm = view.targets[nerve, side]
        ways = {
            "cranial": cranial,
            "caudal": -cranial,
            "ventral": anterior,
            "dorsal": -anterior,
            "lateral": outward(side),
            "medial": -outward(side),
        }
        return view, mm, make_setting(view, [references[name]], mm, **changes), ways

    return made


def placed(setting, nerve, side, point, *, named=None, exercise=PlaceTarget):
    site = ANATOMY.site(nerve, side)
    mark = Target(frame=setting.frame, site=named or site, position=point)
    return score(exercise(setting, site), PlacedAnswer(mark=mark))


BESIDE = {"AP_TRUE": "lateral", "IPSI_OBLIQUE": "lateral", "LATERAL_TRUE": "caudal"}
"""A direction that lies in the image and along no fraction of the protocol."""


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
@pytest.mark.parametrize(
    ("share", "wanted"),
    [
        (GOOD / 3, Outcome.CORRECT),
        ((GOOD + MARGINAL) / 2, Outcome.NEAR),
        (1.5 * MARGINAL, Outcome.OFF_TARGET),
    ],
)
def test_distance_decides_where_nothing_else_does(case, nerve, side, view_id, *, share, wanted):
    view, mm, setting, ways = case(nerve, side, view_id)
    found = placed(setting, nerve, side, view.point(mm + share * ways[BESIDE[view_id]]))
    assert found.outcome is wanted
    assert found.zone.experts == ("Expert A",)
    assert not found.zone.validated
    assert "not validated" in found.zone.text
    if wanted is not Outcome.CORRECT:
        assert found.measures.directions[0][0] == BESIDE[view_id]


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
def test_places_of_another_level(case, nerve, side, view_id):
    view, _, setting, _ = case(nerve, side, view_id)
    other = neighbour(nerve)
    found = placed(setting, nerve, side, view.point(view.targets[other, side]))
    assert (found.outcome, found.critical) == (Outcome.WRONG_LEVEL, True)
    assert ANATOMY.nerve(other).label in found.why[0].sentence
    assert found.why[0].backing.sources


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
def test_places_and_names_of_the_other_side(case, nerve, side, view_id):
    view, mm, setting, _ = case(nerve, side, view_id)
    other = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    named = placed(setting, nerve, side, view.point(mm), named=ANATOMY.site(nerve, other))
    assert (named.outcome, named.critical) == (Outcome.WRONG_SIDE, True)
    found = placed(setting, nerve, side, view.point(view.targets[nerve, other]))
    told_apart = view_id != "LATERAL_TRUE"
    assert (found.outcome is Outcome.WRONG_SIDE) == told_apart


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
def test_places_past_a_safety_line(case, nerve, side, view_id):
    view, mm, setting, ways = case(nerve, side, view_id)
    way, line = {
        "AP_TRUE": ("cranial", "SL_L_TP_TOP"),
        "IPSI_OBLIQUE": ("cranial", ""),
        "LATERAL_TRUE": ("ventral", "SL_S_ALA" if nerve == "L5_DR" else "SL_L_FORAMEN"),
    }[view_id]
    found = placed(setting, nerve, side, view.point(mm + 9 * ways[way]))
    if line not in LINES[nerve]:
        assert found.outcome is Outcome.OFF_TARGET
        return
    assert found.outcome is Outcome.UNSAFE
    assert found.why[0].about[0] == line
    assert found.why[0].fault == {"cranial": "TOO_CEPHALAD", "ventral": "TOO_VENTRAL"}[way]
    assert found.critical == (way == "ventral")
    assert found.why[0].backing.sources


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
def test_the_right_place_with_the_wrong_name(case, nerve, side, view_id):
    view, mm, setting, _ = case(nerve, side, view_id)
    found = placed(setting, nerve, side, view.point(mm), named=ANATOMY.site(neighbour(nerve), side))
    assert found.outcome is Outcome.WRONG_NERVE_NAME
    is_number = ANATOMY.nerve(neighbour(nerve)).spinal_nerve == ANATOMY.nerve(nerve).vertebra
    assert ("NAME_CONVENTION_CONFUSION" in found.faults) == is_number


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
def test_nothing_marked_and_nothing_to_judge_by(case, nerve, side, view_id):
    view, mm, setting, ways = case(nerve, side, view_id)
    given_up = score(PlaceTarget(setting, ANATOMY.site(nerve, side)), PlacedAnswer(mark=None))
    assert (given_up.outcome, given_up.measures) == (Outcome.MISSING, None)
    plain = case(nerve, side, view_id, ruler=Ruler(UNCALIBRATED))[2]
    bare = [
        type(one)(one.reader, tuple(r for r in one.records if isinstance(r, Target)))
        for one in plain.references
    ]
    plain = type(plain)(protocol=plain.protocol, references=tuple(bare), frame=plain.frame, image=plain.image)
    found = placed(plain, nerve, side, view.point(mm + 4 * ways[BESIDE[view_id]]))
    assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, Reason.NO_SCALE)
    assert found.measures.millimetres is None
    assert found.measures.pixels.value > 10


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
@pytest.mark.parametrize("nerve", ["L1_MB", "L2_MB", "L3_MB", "L4_MB"])
def test_by_name_the_number_of_the_vertebra_is_the_trap(case, nerve, side):
    view, _, setting, _ = case(nerve, side, "AP_TRUE")
    number = ANATOMY.nerve(nerve).spinal_nerve
    at_number = next(one.id for one in ANATOMY.nerves.values() if one.vertebra == number)
    place = view.point(view.targets[at_number, side])
    found = placed(setting, nerve, side, place, exercise=PlaceByName)
    assert found.outcome is Outcome.WRONG_LEVEL
    assert found.faults == ("WRONG_LEVEL", "NAME_CONVENTION_CONFUSION")
    assert f"is at {ANATOMY.nerve(nerve).vertebra}" in found.why[0].sentence


@pytest.mark.parametrize(("nerve", "side", "view_id"), SITES)
def test_distances_are_those_of_the_projection(case, nerve, side, view_id):
    rng = np.random.default_rng(NERVES.index(nerve) * 10 + VIEWS.index(view_id))
    view, mm, setting, _ = case(nerve, side, view_id)
    for vector in rng.uniform(-12, 12, size=(6, 3)):
        shown, hit = view.pose.project([mm, mm + vector])
        truth = float(np.hypot(*(hit - shown)))
        found = placed(setting, nerve, side, view.point(mm + vector)).measures
        assert found.pixels.value == pytest.approx(truth, abs=0.1)
        assert found.pixels.low <= truth <= found.pixels.high
        assert found.millimetres.value == pytest.approx(truth * view.mm_per_px(mm), abs=0.01)
        flat = vector - (vector @ view.pose.detector_direction) * view.pose.detector_direction
        level = placed(setting, nerve, side, view.point(mm + flat)).measures.millimetres
        assert level.value == pytest.approx(np.linalg.norm(flat), abs=0.01)
        assert level.low < level.value < level.high


def test_the_cases_are_many_and_cover_every_outcome_of_a_place():
    of_places = 3 + 1 + 2 + 1 + 1 + 2
    assert len(SITES) * of_places + 8 >= 200
    assert set(OUTCOMES) == set(Outcome)
    assert (GOOD, MARGINAL) == (3, 6)
