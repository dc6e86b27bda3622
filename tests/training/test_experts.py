"""One, two and more experts: zones, outliers, disagreement, and what else makes a place not assessable."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fluoro_annotator.protocols
from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.geometry import UNCALIBRATED, Point, Ruler
from fluoro_annotator.marks import (
    CountedFrom,
    FrameRef,
    Landmark,
    Numbering,
    NumberingConfidence,
    NumberingScheme,
    Target,
    TargetZone,
    ZoneForm,
)
from fluoro_annotator.protocols import read_protocol
from fluoro_annotator.training import (
    Marking,
    Outcome,
    PlacedAnswer,
    PlaceTarget,
    Reason,
    Setting,
    ZoneMethod,
    estimate_region,
    rescore,
    score,
    split_outliers,
)
from fluoro_annotator.training.regions import GOOD_SHARE, geometric_median

TEXTS = Path(fluoro_annotator.protocols.__file__).parent / "data"
RIGHT_L3 = ("L3_MB", Side.RIGHT)
SITE = load_anatomy().site(*RIGHT_L3)
MM = np.array([0.0, 0.0, 1.0])


@pytest.fixture
def ap(views):
    return views["AP_TRUE"]


@pytest.fixture
def place(ap):
    return ap.targets[RIGHT_L3]


def placed(setting, point, **answer):
    mark = Target(frame=setting.frame, site=SITE, position=point)
    return score(PlaceTarget(setting, SITE), PlacedAnswer(mark=mark, **answer))


def experts(view, make_reading, shifts, **wanted):
    return [
        make_reading(view, f"Expert {number}", shift=shift, **wanted)
        for number, shift in enumerate(shifts, 1)
    ]


SHIFTS = [(0, 0, 0), (0, 1.0, 0.4), (0, -0.8, 0.7), (0, 0.3, -1.1), (0, -0.4, -0.5)]


def test_three_experts_make_a_region_that_needs_no_scale(ap, place, make_reading, make_setting):
    for number in (3, 5):
        setting = make_setting(ap, experts(ap, make_reading, SHIFTS[:number]))
        found = placed(setting, ap.point(place))
        assert (found.outcome, found.zone.method) == (Outcome.CORRECT, ZoneMethod.REGION)
        assert found.zone.experts == tuple(f"Expert {n}" for n in range(1, number + 1))
        assert "covariance ellipse" in found.zone.text
        assert found.zone.text.endswith("not validated")
        far = placed(setting, ap.point(place - 12 * MM))
        assert (far.outcome, far.measures.millimetres) == (Outcome.OFF_TARGET, None)


def test_between_the_ellipses_is_near(ap, place, make_reading, make_setting):
    setting = make_setting(ap, experts(ap, make_reading, SHIFTS))
    region = placed(setting, ap.point(place)).zone.region
    inner, outer = (one.half_axes[0] for one in (region.good, region.marginal))
    middle = Point(*(c + (a + b) / 2 for c, a, b in zip(region.centre, inner, outer, strict=True)))
    beyond = Point(*(c + 1.1 * b for c, b in zip(region.centre, outer, strict=True)))
    assert [placed(setting, point).outcome for point in (middle, beyond)] == [
        Outcome.NEAR,
        Outcome.OFF_TARGET,
    ]


def test_an_outlier_is_set_aside_and_reported(ap, place, make_reading, make_setting):
    off = experts(ap, make_reading, [*SHIFTS, (0, 0, -9.0)])
    found = placed(make_setting(ap, off), ap.point(place))
    assert [one.reader for one in found.zone.outliers] == ["Expert 6"]
    assert "Expert 6" not in found.zone.experts
    assert any("Expert 6 is an outlier" in caution for caution in found.cautions)
    assert found.outcome is Outcome.CORRECT


def test_of_three_experts_of_whom_one_is_off_the_protocols_limits_are_left(
    ap, place, make_reading, make_setting
):
    off = experts(ap, make_reading, [(0, 0, 0), (0, 0.2, 0), (0, 0, -9.0)])
    found = placed(make_setting(ap, off, place), ap.point(place))
    assert (found.outcome, found.zone.method, len(found.zone.outliers)) == (
        Outcome.CORRECT,
        ZoneMethod.BANDS,
        1,
    )
    assert any("Too few marks" in caution for caution in found.cautions)


def test_of_two_experts_the_middle_counts(ap, place, make_reading, make_setting):
    setting = make_setting(ap, experts(ap, make_reading, [(0, 0, 0), (0, 0, -2.0)]), place)
    found = placed(setting, ap.point(place - 1 * MM))
    assert found.outcome is Outcome.CORRECT
    assert found.measures.pixels.value == pytest.approx(0, abs=0.2)


def test_experts_farther_apart_than_the_protocol_allows(ap, place, make_reading, make_setting):
    setting = make_setting(ap, experts(ap, make_reading, [(0, 0, 0), (0, 0, -9.0)]), place)
    found = placed(setting, ap.point(place))
    assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, Reason.EXPERTS_DISAGREE_ON_PLACE)


def renamed(marking, mapping):
    """Return a reference whose reader calls nerves otherwise."""
    anatomy = load_anatomy()
    kept = [r for r in marking.records if isinstance(r, Target) and r.site.nerve in mapping]
    return Marking(
        marking.reader,
        tuple(
            Target(frame=r.frame, site=anatomy.site(mapping[r.site.nerve], r.site.side), position=r.position)
            for r in kept
        ),
    )


@pytest.mark.parametrize("agreeing", [1, 3])
def test_experts_who_disagree_on_the_level(ap, place, make_reading, make_setting, agreeing):
    whole = experts(ap, make_reading, SHIFTS[: agreeing + 1])
    mapping = {"L1_MB": "L2_MB", "L2_MB": "L3_MB", "L3_MB": "L4_MB"}
    setting = make_setting(ap, [*whole[:-1], renamed(whole[-1], mapping)], place)
    found = placed(setting, ap.point(place))
    assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, Reason.EXPERTS_DISAGREE_ON_LEVEL)
    assert f"Expert {agreeing + 1}" in found.why[0].about


def test_experts_who_disagree_on_the_side(ap, place, make_reading, make_setting):
    first, second = experts(ap, make_reading, SHIFTS[:2])
    anatomy, other = load_anatomy(), {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
    swapped = tuple(
        Target(frame=r.frame, site=anatomy.site(r.site.nerve, other[r.site.side]), position=r.position)
        for r in second.records
        if isinstance(r, Target)
    )
    found = placed(make_setting(ap, [first, Marking("Expert 2", swapped)], place), ap.point(place))
    assert found.reason is Reason.EXPERTS_DISAGREE_ON_SIDE


def numbered(reference, confidence):
    numbering = Numbering(
        scheme=NumberingScheme.STANDARD, counted_from=CountedFrom.SACRUM_UP, confidence=confidence
    )
    return Marking(reference.reader, (*reference.records, numbering))


def test_uncertain_numbering_calls_no_level_wrong(ap, place, references, make_setting):
    other = ap.point(ap.targets["L2_MB", Side.RIGHT])
    for confidence, wanted in (
        (NumberingConfidence.UNCERTAIN, Outcome.NOT_ASSESSABLE),
        (NumberingConfidence.NOT_DETERMINABLE, Outcome.NOT_ASSESSABLE),
        (NumberingConfidence.PROBABLE, Outcome.WRONG_LEVEL),
    ):
        setting = make_setting(ap, [numbered(references["AP_TRUE"], confidence)], place)
        assert placed(setting, other).outcome is wanted
    uncertain = make_setting(ap, [numbered(references["AP_TRUE"], NumberingConfidence.UNCERTAIN)], place)
    right = placed(uncertain, ap.point(place))
    assert right.outcome is Outcome.CORRECT
    assert any("numbering" in caution for caution in right.cautions)
    assert placed(uncertain, ap.point(ap.targets["L2_MB", Side.LEFT])).outcome is Outcome.WRONG_SIDE


def test_without_reference_or_on_another_frame(ap, place, make_reading, make_setting):
    without = make_setting(ap, [make_reading(ap, skip=[RIGHT_L3])], place)
    assert placed(without, ap.point(place)).reason is Reason.NO_REFERENCE
    setting = make_setting(ap, [make_reading(ap)], place)
    elsewhere = Target(frame=FrameRef("1.2.3", 1), site=SITE, position=ap.point(place))
    found = score(PlaceTarget(setting, SITE), PlacedAnswer(mark=elsewhere))
    assert (found.reason, found.measures) == (Reason.OTHER_FRAME, None)


def test_a_view_that_nobody_names_has_no_limits(ap, place, make_reading, make_setting):
    setting = make_setting(ap, [make_reading(ap)], place, view="")
    assert placed(setting, ap.point(place - 4 * MM)).reason is Reason.NO_THRESHOLD
    assert placed(setting, ap.point(place)).outcome is Outcome.CORRECT


def test_an_oblique_to_the_other_side_has_no_limits(views, make_reading, make_setting):
    left = views["IPSI_LEFT"]
    place = left.targets[RIGHT_L3]
    setting = make_setting(left, [make_reading(left)], place)
    assert placed(setting, left.point(place - 4 * MM)).reason is Reason.NO_THRESHOLD


def test_without_a_scale_fractions_decide(views, make_reading, make_setting, directions):
    """Half-way from angle to notch is the target; the protocol takes a quarter to three quarters of 12 mm."""
    view = views["IPSI_RIGHT"]
    place = view.targets[RIGHT_L3]
    setting = make_setting(view, [make_reading(view)], ruler=Ruler(UNCALIBRATED))
    out = directions[2](Side.RIGHT)
    wanted = {
        (2.0, 0): Outcome.CORRECT,
        (-2.0, 0): Outcome.CORRECT,
        (4.0, 0): Outcome.OFF_TARGET,
        (-4.0, 0): Outcome.OFF_TARGET,
        (0, 3.0): Outcome.CORRECT,
        (0, 9.0): Outcome.OFF_TARGET,
    }
    for (up, aside), outcome in wanted.items():
        assert placed(setting, view.point(place + up * MM + aside * out)).outcome is outcome, (up, aside)
    share = next(s for s in placed(setting, view.point(place + 3 * MM)).measures.shares)
    assert (share.key, share.value) == ("lumbar_angle_to_notch", pytest.approx(3 / 12, abs=0.01))


def test_a_band_that_the_reference_itself_leaves_is_not_used(views, make_reading, make_setting):
    """The reference lies 5 mm above the middle of 12, outside of the middle half; so nothing judges the answer."""
    view = views["IPSI_RIGHT"]
    place = view.targets[RIGHT_L3]
    shifted = make_reading(view, shift=(0, 0, 5.0))
    setting = make_setting(view, [shifted], ruler=Ruler(UNCALIBRATED))
    found = placed(setting, view.point(place + 9 * MM))
    assert (found.outcome, found.reason) == (Outcome.NOT_ASSESSABLE, Reason.NO_SCALE)
    band = next(one for one in found.measures.bands if one.band.id == "angle_to_notch")
    assert "the reference itself lies outside" in band.reason
    assert band.measured.value < band.reference.value < 0.25


def test_a_zone_that_the_only_expert_drew(ap, place, make_reading, make_setting):
    corners = [ap.point(place + np.array([0, y, z])) for y, z in ((-8, -2), (8, -2), (8, 2), (-8, 2))]
    drawn = TargetZone(frame=ap.frame, site=SITE, form=ZoneForm.POLYGON, vertices=tuple(corners))
    reference = make_reading(ap)
    setting = make_setting(ap, [Marking("Expert A", (*reference.records, drawn))], place)
    outcomes = [
        placed(setting, ap.point(place + np.array([0, y, z]))).outcome for y, z in ((7, 0), (0, -4), (0, -9))
    ]
    assert outcomes == [Outcome.CORRECT, Outcome.NEAR, Outcome.OFF_TARGET]
    assert placed(setting, ap.point(place)).zone.method is ZoneMethod.DRAWN


def test_vertebral_width_is_a_measure_where_the_endplate_is_placed(ap, place, make_reading, make_setting):
    ends = [
        Landmark(frame=ap.frame, name=name, vertebra="L4", position=ap.point(place + np.array([0, y, 13])))
        for name, y in (("superior_endplate_1", 0), ("superior_endplate_2", 45))
    ]
    setting = make_setting(ap, [Marking("Expert A", (*make_reading(ap).records, *ends))], place)
    shares = placed(setting, ap.point(place + np.array([0, 9.0, 0]))).measures.shares
    found = {share.key: share for share in shares}["superior_endplate"]
    assert found.value == pytest.approx(9 / 45, abs=0.002)
    assert "width" in found.of


# ---------------------------------------------------------------------- what changed since the answer


def test_a_reference_that_was_changed_is_not_rescored_silently(ap, place, make_reading, make_setting):
    before = make_setting(ap, [make_reading(ap)], place)
    after = make_setting(ap, [make_reading(ap, shift=(0, 0, -9.0))], place)
    mark = Target(frame=ap.frame, site=SITE, position=ap.point(place))
    answer = PlacedAnswer(mark=mark, basis=before.basis)
    old = score(PlaceTarget(before, SITE), answer)
    refused = score(PlaceTarget(after, SITE), answer)
    assert (old.outcome, refused.outcome) == (Outcome.CORRECT, Outcome.NOT_ASSESSABLE)
    assert refused.reason is Reason.REFERENCE_CHANGED
    again = rescore(old, PlaceTarget(after, SITE), answer)
    assert (again.old, again.new.outcome) == (old, Outcome.OFF_TARGET)
    assert again.because == (Reason.REFERENCE_CHANGED,)


def test_an_edited_protocol_is_known_by_its_content(ap, place, make_reading, make_setting, tmp_path):
    text = (TEXTS / "lumbar_mbb.yaml").read_text(encoding="utf-8")
    edited = tmp_path / "lumbar_mbb.yaml"
    edited.write_text(text.replace("good: [0, 3]", "good: [0, 2]"), encoding="utf-8")
    same = make_reading(ap)
    before = make_setting(ap, [same], place)
    after = make_setting(ap, [same], place, protocol=read_protocol(edited))
    mark = Target(frame=ap.frame, site=SITE, position=ap.point(place - 2.5 * MM))
    answer = PlacedAnswer(mark=mark, basis=before.basis)
    assert score(PlaceTarget(after, SITE), answer).reason is Reason.PROTOCOL_EDITED
    again = rescore(score(PlaceTarget(before, SITE), answer), PlaceTarget(after, SITE), answer)
    assert [again.old.outcome, again.new.outcome] == [Outcome.CORRECT, Outcome.NEAR]
    assert again.because == (Reason.PROTOCOL_EDITED,)


def test_another_scale_is_another_basis_and_the_order_of_references_is_not(
    ap, place, make_reading, make_setting
):
    two = experts(ap, make_reading, SHIFTS[:2])
    basis = make_setting(ap, two, place).basis
    assert make_setting(ap, two[::-1], place).basis == basis
    assert make_setting(ap, two).basis.changes_since(basis) == (Reason.IMAGE_FACTS_CHANGED,)
    shuffled = Marking("Expert 1", tuple(reversed(two[0].records)))
    assert shuffled.fingerprint == two[0].fingerprint


def test_references_are_of_different_readers(ap, make_reading, block):
    one = make_reading(ap)
    for references in ((), (one, one)):
        with pytest.raises(TrainingError):
            Setting(protocol=block, references=references, frame=ap.frame, image=ap.facts())


# ---------------------------------------------------------------------- regions

points = st.builds(Point, st.floats(0, 1000), st.floats(0, 1000))
unhurried = settings(deadline=None, max_examples=60)


@unhurried
@given(st.lists(points, min_size=1, max_size=9))
def test_no_other_point_has_less_distance_than_the_geometric_median(marks):
    places = np.array(marks)
    middle = geometric_median(places)
    least = np.linalg.norm(places - middle, axis=1).sum()
    others = np.vstack([places, places.mean(axis=0), middle + np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])])
    sums = [np.linalg.norm(places - other, axis=1).sum() for other in others]
    assert least <= min(sums) + 1e-3 * max(1.0, least)


@unhurried
@given(st.lists(points, min_size=3, max_size=9), st.floats(0.5, 2.0))
def test_the_region_is_that_of_the_covariance(marks, aspect):
    named = {f"Expert {number}": mark for number, mark in enumerate(marks)}
    region = estimate_region(named, aspect=aspect, placement_px=1.5)
    places = np.array(marks) * (aspect, 1)
    inverse = np.linalg.inv(np.cov(places.T) + np.eye(2) * 1.5**2)
    limit = -2 * np.log(1 - GOOD_SHARE)
    for point in region.good.outline(24):
        away = np.array(point) * (aspect, 1) - places.mean(axis=0)
        assert away @ inverse @ away == pytest.approx(limit, rel=1e-3)
    assert all(region.marginal.contains(point) for point in region.good.outline(24))


@unhurried
@given(st.integers(0, 10_000), st.integers(5, 12))
def test_one_mark_far_away_is_always_found(seed, number):
    rng = np.random.default_rng(seed)
    marks = {f"Expert {n}": Point(*map(float, rng.normal(500, 4, 2))) for n in range(number)}
    marks["Expert off"] = Point(700.0, 500.0)
    kept, outliers = split_outliers(marks, aspect=1.0, placement_px=1.5)
    assert "Expert off" in {one.reader for one in outliers}
    assert set(kept) | {one.reader for one in outliers} == set(marks)


def test_marks_at_one_place_make_a_region_of_the_placement():
    same = {f"Expert {number}": Point(10.0, 20.0) for number in range(3)}
    region = estimate_region(same, aspect=1.0, placement_px=2.0)
    radius = np.sqrt(-2 * np.log(1 - GOOD_SHARE)) * 2
    assert region.good.area == pytest.approx(np.pi * radius**2)
    assert estimate_region(dict(list(same.items())[:2]), aspect=1.0, placement_px=2.0) is None
    assert split_outliers({"a": Point(0, 0), "b": Point(900, 0)}, aspect=1.0, placement_px=1.5)[1] == ()
