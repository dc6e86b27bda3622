"""Epipolar bands: the truth lies within, what is far does not, and gaps are said."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import Answer, Point, Polygon, Turn
from fluoro_annotator.geometry.epipolar import (
    NoBand,
    Tie,
    Uncertainty,
    epipolar_band,
    same_object_possible,
)
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.geometry.view_geometry import ViewGeometry

STILLS = ("01_ap", "02_right_oblique", "03_left_oblique", "04_lateral")
PAIRS = list(itertools.permutations(STILLS, 2))
EXACT = Uncertainty(angle_deg=0, distance_mm=0, shift_mm=0, placement_px=0)


def pose(primary, secondary, isocentre=(0.0, 0.0, 0.0), near=700.0):
    return CArmPose(
        primary_angle=primary,
        secondary_angle=secondary,
        isocentre_mm=tuple(map(float, isocentre)),
        source_to_isocentre_mm=near,
        rows=1024,
        columns=1024,
        pixel_pitch_mm=0.25,
    )


def seen(view, place):
    return Point(*map(float, view.project([place])[0]))


AP, LATERAL = pose(180, 0), pose(90, 0)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_true_targets_of_the_simulated_study_lie_in_their_bands(simulated, first, second):
    one, other = simulated[first], simulated[second]
    for key, point in one.targets.items():
        found = same_object_possible(point, other.targets[key], one.geometry, other.geometry)
        assert found.answer is Answer.YES


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_targets_of_other_levels_are_recognised_as_others(simulated, first, second):
    one, other = simulated[first], simulated[second]
    for (nerve, _), point in one.targets.items():
        for (different, _), wrong in other.targets.items():
            if different != nerve:
                found = same_object_possible(point, wrong, one.geometry, other.geometry)
                assert found.answer is Answer.NO
                assert "level, side and needle" in found.reason


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_one_tie_replaces_the_position_of_the_table(simulated, first, second):
    one, other = simulated[first], simulated[second]
    views = [replace(view.geometry, isocentre_mm=None) for view in (one, other)]
    keys = list(one.targets)
    refused, pairs = 0, [(key, tied) for key in keys for tied in keys[3:9:2] if key != tied]
    for key, tied in pairs:
        ties = [Tie(one.targets[tied], other.targets[tied])]
        point, there = one.targets[key], other.targets[key]
        assert same_object_possible(point, there, *views, ties=ties).answer is Answer.YES
        wrong = other.targets[keys[(keys.index(key) + 2) % len(keys)]]
        refused += same_object_possible(point, wrong, *views, ties=ties).answer is Answer.NO
    assert refused > 0.85 * len(pairs)


def test_the_needle_of_two_runs_is_the_same_one(simulated):
    advance, contrast = simulated["05_needle_advance"], simulated["06_contrast"]
    tips = [Point(v.needles[-1]["tip"]["row"], v.needles[-1]["tip"]["column"]) for v in (advance, contrast)]
    found = same_object_possible(*tips, advance.geometry, contrast.geometry)
    assert found.answer is Answer.YES
    assert "same" not in found.reason


def test_with_exact_numbers_the_band_is_the_line_itself():
    place = (-23, 27, 41)
    band = epipolar_band(
        seen(AP, place), ViewGeometry.of_pose(AP), ViewGeometry.of_pose(LATERAL), uncertainty=EXACT
    )
    assert band.half_width_px == pytest.approx(0, abs=1e-9)
    assert band.excess_px(seen(LATERAL, place), 0) == pytest.approx(0, abs=1e-9)
    assert band.excess_px(seen(LATERAL, (-23, 27, 42)), 0) == pytest.approx(1000 / 727 / 0.25, rel=0.01)


def test_the_line_runs_from_far_to_near_the_first_detector():
    """AP from behind: near the detector is dorsal, which is right on a left lateral."""
    band = epipolar_band(Point(511.5, 511.5), ViewGeometry.of_pose(AP), ViewGeometry.of_pose(LATERAL))
    far, near = band.line
    assert near.column > far.column
    assert near.row == pytest.approx(far.row)


def test_the_polygon_is_the_band(simulated):
    one, other = simulated["01_ap"], simulated["04_lateral"]
    point = one.targets["L4_MB", "right"]
    band = epipolar_band(point, one.geometry, other.geometry)
    outline = Polygon(band.polygon)
    generator = np.random.default_rng(13)
    for place in generator.uniform(0, 1023, (400, 2)):
        excess = band.excess_px(Point(*place), 0)
        if abs(excess) > 2:
            assert outline.contains(Point(*place)) == (excess < 0)
    assert all(-0.5 <= value <= 1023.5 for corner in band.polygon for value in corner)


def test_a_band_beside_the_image_is_empty():
    band = epipolar_band(
        seen(AP, (0, 0, 300)), ViewGeometry.of_pose(AP), ViewGeometry.of_pose(LATERAL), uncertainty=EXACT
    )
    assert band.polygon == ()
    assert band.line[0].row < 0


LIMITS = Uncertainty()


def _off(generator, extreme):
    """Return errors at or within the limits: angles, distance, a shift and a misplacement."""
    pick = generator.choice([-1.0, 1.0], 8) if extreme else generator.uniform(-1, 1, 8)
    shift, place = pick[3:6] / math.sqrt(3), pick[6:] / math.sqrt(2)
    return (
        pick[:2] * LIMITS.angle_deg,
        pick[2] * LIMITS.distance_mm,
        shift * LIMITS.shift_mm,
        place * LIMITS.placement_px,
    )


def _random_pair(generator):
    """Return two poses of which the header will be off, and a place that both see."""
    while True:
        first, second = (pose(p, s) for p, s in generator.uniform((-180, -30), (180, 30), (2, 2)))
        if abs(first.detector_direction @ second.detector_direction) < math.cos(math.radians(20)):
            return first, second, generator.uniform(-55, 55, 3)


def _true_pose(stated, angles, distance):
    primary = (stated.primary_angle + angles[0] + 180) % 360 - 180
    near = stated.source_to_isocentre_mm + distance
    return pose(primary, stated.secondary_angle + angles[1], (0, 0, 0), near)


@pytest.mark.parametrize("extreme", [False, True])
@pytest.mark.parametrize("table", ["known", "unknown"])
def test_random_poses_with_every_error_at_once_keep_the_truth_in_the_band(extreme, table):
    generator = np.random.default_rng(14)
    for _ in range(250):
        first, second, place = _random_pair(generator)
        off = [_off(generator, extreme) for _ in range(2)]
        real = [_true_pose(view, o[0], o[1]) for view, o in zip((first, second), off, strict=True)]
        far = off[0][2] / LIMITS.shift_mm * LIMITS.untied_shift_mm if table == "unknown" else off[0][2]
        real[1] = replace(real[1], isocentre_mm=tuple(map(float, far)))

        def marked(at, real=real, off=off):
            return [Point(*map(float, v.project([at])[0] + o[3])) for v, o in zip(real, off, strict=True)]

        point, there = marked(place)
        views = [replace(ViewGeometry.of_pose(view), isocentre_mm=None) for view in (first, second)]
        if table == "known":
            views = [replace(view, table_mm=(0.0, 0.0, 0.0)) for view in views]
            ties = []
        else:
            ties = [Tie(*marked(generator.uniform(-40, 40, 3)))]
        assert epipolar_band(point, *views, ties=ties).allows(there)


def _worst_case(first, second, place):
    """Return the marks with every error at its limit, all to the side that takes the second one away."""
    across = np.cross(first.detector_direction, second.detector_direction)
    shift = across / np.linalg.norm(across) * LIMITS.shift_mm

    def marks(signs):
        one = _true_pose(first, signs[:2] * LIMITS.angle_deg, signs[2] * LIMITS.distance_mm)
        other = _true_pose(second, signs[3:5] * LIMITS.angle_deg, signs[5] * LIMITS.distance_mm)
        return seen(one, place), seen(replace(other, isocentre_mm=tuple(map(float, signs[6] * shift))), place)

    views = [ViewGeometry.of_pose(view) for view in (first, second)]
    exact = [epipolar_band(marks(signs)[0], *views, uncertainty=EXACT) for signs in (np.zeros(7), *np.eye(7))]
    beside = [
        _side(band, marks(signs)[1]) for band, signs in zip(exact, (np.zeros(7), *np.eye(7)), strict=True)
    ]
    return marks(np.sign(np.array(beside[1:]) - beside[0]))


def _side(band, point):
    """Return the signed distance of a point from the middle of a band."""
    (start, end), length = band.line, band.line[0].distance(band.line[1])
    rows, columns = (end.row - start.row) / length, (end.column - start.column) / length
    return (point.row - start.row) * columns - (point.column - start.column) * rows


def test_the_worst_case_lies_in_the_band_and_near_its_edge():
    generator = np.random.default_rng(17)
    shares = []
    for _ in range(150):
        first, second, place = _random_pair(generator)
        point, there = _worst_case(first, second, place)
        band = epipolar_band(point, ViewGeometry.of_pose(first), ViewGeometry.of_pose(second))
        assert band.allows(there)
        inside = -band.excess_px(there, 0)
        away = abs(_side(band, there))
        shares.append(away / (away + inside))
    assert np.median(shares) > 0.9
    assert max(shares) > 0.94


def test_far_points_of_random_poses_are_refused():
    generator = np.random.default_rng(15)
    refused = 0
    for _ in range(100):
        first, second, place = _random_pair(generator)
        views = [ViewGeometry.of_pose(view) for view in (first, second)]
        across = np.cross(first.detector_direction, second.detector_direction)
        away = place + 60 * across / np.linalg.norm(across)
        found = same_object_possible(seen(first, place), seen(second, away), *views)
        refused += found.answer is Answer.NO
    assert refused == 100


def test_wider_uncertainty_makes_wider_bands():
    views = ViewGeometry.of_pose(AP), ViewGeometry.of_pose(LATERAL)
    widths = [
        epipolar_band(Point(300, 600), *views, uncertainty=Uncertainty(**wider)).half_width_px
        for wider in ({}, {"angle_deg": 4}, {"shift_mm": 10}, {"placement_px": 9}, {"distance_mm": 60})
    ]
    assert all(wider > widths[0] for wider in widths[1:])


def test_more_ties_make_narrower_bands(simulated):
    one, other = simulated["01_ap"], simulated["02_right_oblique"]
    views = [replace(view.geometry, isocentre_mm=None) for view in (one, other)]
    ties = [Tie(one.targets[key], other.targets[key]) for key in list(one.targets)[4:10]]
    point = one.targets["L4_MB", "left"]
    widths = [epipolar_band(point, *views, ties=ties[:n]).half_width_px for n in (1, 4)]
    assert widths[1] < widths[0]
    assert epipolar_band(point, *views, ties=ties).tied


def test_a_turned_image_has_a_turned_band():
    turn, place = Turn(1), (-23, 27, 41)
    upright = ViewGeometry.of_pose(LATERAL)
    turned = replace(
        upright, orientation=turn.orientation_to_display(upright.orientation), view_rotation=90.0
    )
    bands = [epipolar_band(seen(AP, place), ViewGeometry.of_pose(AP), view) for view in (upright, turned)]
    for end, moved in zip(bands[0].line, bands[1].line, strict=True):
        assert moved == pytest.approx(turn.to_display(end, (1024, 1024)))
    assert bands[1].allows(turn.to_display(seen(LATERAL, place), (1024, 1024)))


def test_pixels_that_are_not_square():
    place = (-23, 27, 41)
    flat = replace(ViewGeometry.of_pose(LATERAL), rows=512, row_mm=0.5)
    row, column = seen(LATERAL, place)
    band = epipolar_band(seen(AP, place), ViewGeometry.of_pose(AP), flat, uncertainty=EXACT)
    assert band.excess_px(Point((row + 0.5) / 2 - 0.5, column), 0) == pytest.approx(0, abs=1e-9)


HEADER = replace(ViewGeometry.of_pose(AP), isocentre_mm=None, table_mm=(0.0, 0.0, 0.0))
SIDEWAYS = replace(ViewGeometry.of_pose(LATERAL), isocentre_mm=None, table_mm=(0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (replace(HEADER, primary_angle=None), SIDEWAYS, "first view: the header does not state"),
        (HEADER, replace(SIDEWAYS, source_detector_mm=None), "second view: the distances"),
        (HEADER, replace(SIDEWAYS, orientation=None), "second view: the header does not say how"),
        (
            replace(HEADER, patient_position="HFP"),
            replace(SIDEWAYS, patient_position="HFS"),
            "lay in different",
        ),
        (HEADER, replace(HEADER, primary_angle=176.0), "differ by 4°"),
        (HEADER, replace(HEADER, primary_angle=0.0, orientation=("L", "F")), "differ by 0°"),
    ],
)
def test_gaps_of_the_header_are_said_instead_of_a_band(first, second, reason):
    found = epipolar_band(Point(500, 500), first, second)
    assert isinstance(found, NoBand)
    assert reason in found.reason
    assert found.direction is None
    answer = same_object_possible(Point(500, 500), Point(500, 500), first, second)
    assert answer.answer is Answer.CANNOT_TELL
    assert reason in answer.reason


def test_a_patient_position_that_one_header_lacks_contradicts_nothing():
    first = replace(HEADER, patient_position="HFP")
    assert not isinstance(epipolar_band(Point(500, 500), first, SIDEWAYS), NoBand)
    assert not isinstance(epipolar_band(Point(500, 500), SIDEWAYS, first), NoBand)


@pytest.mark.parametrize("table", [None, (0.0, 80.0, 0.0)])
def test_a_table_that_moved_or_may_have_leaves_only_the_direction(table):
    other = replace(SIDEWAYS, table_mm=table)
    found = epipolar_band(Point(511.5, 511.5), HEADER, other)
    assert "table" in found.reason
    assert "both views" in found.remedy
    assert found.direction == pytest.approx((0, 1))
    answer = same_object_possible(Point(500, 500), Point(9, 9), HEADER, other)
    assert (answer.answer, answer.reason) == (Answer.CANNOT_TELL, found.reason)


def test_at_the_edge_of_a_band_nothing_is_claimed():
    views = ViewGeometry.of_pose(AP), ViewGeometry.of_pose(pose(-155, 16.5))
    point = seen(AP, (-20, 20, 60))
    answers = set()
    for row in range(0, 1024, 4):
        answers.add(same_object_possible(point, Point(row, 500), *views).answer)
    assert answers == set(Answer)


@pytest.mark.parametrize("bad", [Point(math.nan, 0), Point(0, math.inf)])
def test_points_are_numbers(bad):
    with pytest.raises(GeometryError, match="finite"):
        epipolar_band(bad, HEADER, SIDEWAYS)
    with pytest.raises(GeometryError, match="finite"):
        same_object_possible(Point(0, 0), bad, HEADER, SIDEWAYS)
    with pytest.raises(GeometryError, match="finite"):
        Tie(bad, Point(0, 0))


@pytest.mark.parametrize(
    "wrong", [{"angle_deg": -1}, {"shift_mm": math.nan}, {"depth_mm": math.inf}, {"depth_mm": 0}]
)
def test_impossible_uncertainties_are_refused(wrong):
    with pytest.raises(GeometryError, match="uncertainty"):
        Uncertainty(**wrong)
