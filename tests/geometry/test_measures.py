"""Measures between needles, targets, courses, zones and safety lines."""

import math

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    Answer,
    Calibration,
    CalibrationSource,
    Ellipse,
    Point,
    Polygon,
    Ruler,
    Unit,
    depth_fraction,
    direction_in_image,
    distance,
    shaft_to_course,
    shaft_to_line,
    tip_in_zone,
    tip_to_course,
    tip_to_safety_line,
    tip_to_target,
)

HALF_MM = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5, relative_error=0.1)
MM = Ruler(HALF_MM, placement_px=1.0)
PX = Ruler(placement_px=1.0)
EXACT = Ruler(placement_px=0.0)
COURSE = (Point(0, 0), Point(0, 100), Point(100, 100))
SQUARE = Polygon((Point(0, 0), Point(0, 40), Point(40, 40), Point(40, 0)))
NAN = float("nan")


def test_distance_in_mm_with_its_interval():
    found = distance(Point(0, 0), Point(30, 40), MM)
    assert (found.value, found.unit) == (25, Unit.MILLIMETRES)
    assert found.low == pytest.approx(48 * 0.45)
    assert found.high == pytest.approx(52 * 0.55)


def test_distance_in_pixels_that_are_not_square():
    tall = Calibration(CalibrationSource.KNOWN_LENGTH, 1.0, 0.5, relative_error=0.0)
    assert distance(Point(0, 0), Point(3, 8), Ruler(tall)).value == pytest.approx(5)
    assert distance(Point(0, 0), Point(3, 8), Ruler(aspect=2)).value == pytest.approx(10)


def test_the_interval_holds_whatever_the_placement():
    generator = np.random.default_rng(7)
    for _ in range(300):
        a, b = (Point(*place) for place in generator.uniform(0, 20, (2, 2)))
        found = tip_to_target(a, b, PX)
        turns = generator.uniform(0, 2 * math.pi, 2)
        moved = [
            Point(p.row + math.sin(t), p.column + math.cos(t)) for p, t in zip((a, b), turns, strict=True)
        ]
        assert found.low - 1e-9 <= moved[0].distance(moved[1]) <= found.high + 1e-9
    assert "depth is not seen" in found.note


def test_tip_to_course_says_where_along_it():
    found = tip_to_course(Point(-6, 50), COURSE, MM)
    assert found.distance.value == 3
    assert found.nearest == (0, 50)
    assert found.along.value == pytest.approx(0.25)
    assert found.along.low == pytest.approx(0.24)
    assert found.along.unit is Unit.FRACTION
    assert found.distance.within(0, 2) is Answer.CANNOT_TELL


def test_fractions_along_a_course_stay_on_it():
    assert tip_to_course(Point(0, -5), COURSE, PX).along.low == 0
    assert tip_to_course(Point(105, 100), COURSE, PX).along.high == 1


@pytest.mark.parametrize(
    ("tip", "inside", "mm"),
    [
        (Point(20, 20), Answer.YES, -10),
        (Point(20, 50), Answer.NO, 5),
        (Point(20, 39), Answer.CANNOT_TELL, -0.5),
        (Point(20, 41), Answer.CANNOT_TELL, 0.5),
        (Point(-3, 44), Answer.NO, 2.5),
    ],
)
def test_tip_in_a_zone(tip, inside, mm):
    found = tip_in_zone(tip, SQUARE, MM)
    assert found.inside is inside
    assert found.distance.value == pytest.approx(mm)


def test_tip_in_an_ellipse():
    zone = Ellipse.around(Point(50, 50), (30, 10))
    assert tip_in_zone(Point(50, 78), zone, PX).distance.value == pytest.approx(-2)
    assert tip_in_zone(Point(65, 50), zone, PX).distance.value == pytest.approx(5)
    assert tip_in_zone(Point(65, 50), zone, PX).inside is Answer.NO


FORAMEN = (Point(0, 100), Point(100, 100), Point(200, 120))
"""Runs down a lateral view whose right side is dorsal."""
DORSAL = direction_in_image("dorsal", ("P", "F"))


@pytest.mark.parametrize(
    ("tip", "safe", "pixels", "beyond"),
    [
        (Point(50, 110), Answer.YES, 10, False),
        (Point(50, 90), Answer.NO, -10, False),
        (Point(50, 101), Answer.CANNOT_TELL, 1, False),
        (Point(-40, 110), Answer.YES, 10, True),
        (Point(-40, 95), Answer.NO, -5, True),
        (Point(101, 70), Answer.NO, -math.hypot(1, 30), False),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_signed_distance_to_a_safety_line(tip, safe, pixels, beyond, turned):
    line = FORAMEN[::-1] if turned else FORAMEN
    found = tip_to_safety_line(tip, line, DORSAL, PX)
    assert found.safe is safe
    assert found.distance.value == pytest.approx(pixels)
    assert found.beyond_end is beyond
    assert ("continued" in found.distance.note) is beyond


def test_the_safe_side_is_the_other_one_in_a_mirrored_image():
    found = tip_to_safety_line(Point(50, 110), FORAMEN, direction_in_image("dorsal", ("A", "F")), PX)
    assert found.safe is Answer.NO


def test_signs_agree_with_a_closed_area_at_every_corner_of_a_zigzag():
    line = (Point(0, 0), Point(20, 30), Point(40, -10), Point(60, 25), Point(80, 0))
    right = Polygon((Point(-500, 500), Point(-500, -750), *line, Point(580, -500 * 1.25), Point(580, 500)))
    generator = np.random.default_rng(8)
    for place in generator.uniform((-10, -30), (90, 50), (500, 2)):
        tip = Point(*place)
        found = tip_to_safety_line(tip, line, (0, 1), EXACT)
        if not found.beyond_end:
            assert (found.distance.value > 0) == right.contains(tip)


def test_repeated_points_of_a_safety_line_do_no_harm():
    doubled = (FORAMEN[0], FORAMEN[0], FORAMEN[1], FORAMEN[1], FORAMEN[2], FORAMEN[2])
    for tip in (Point(50, 110), Point(-40, 95), Point(230, 0)):
        assert tip_to_safety_line(tip, doubled, DORSAL, PX) == tip_to_safety_line(tip, FORAMEN, DORSAL, PX)


@pytest.mark.parametrize("direction", [(1, 0), (0, 0), (NAN, 1), (1, 0.04)])
def test_a_direction_along_the_line_names_no_side(direction):
    with pytest.raises(GeometryError, match="no safe side"):
        tip_to_safety_line(Point(0, 0), FORAMEN[:2], direction, PX)


def test_a_closed_safety_line_has_no_sides():
    with pytest.raises(GeometryError, match="closed"):
        tip_to_safety_line(Point(0, 0), (*FORAMEN, FORAMEN[0]), DORSAL, PX)


def test_safety_in_pixels_that_are_not_square():
    """The line is a diagonal of 1 row and 2 columns, at 45 degrees where pixels are twice as high."""
    line = (Point(0, 0), Point(10, 20))
    found = tip_to_safety_line(Point(0, 4), line, (-1, 1), Ruler(aspect=2, placement_px=0))
    assert found.distance.value == pytest.approx(4 / math.sqrt(2))


@pytest.mark.parametrize("degrees", [0, 10, 45, 89, 90, 120, 180, 250])
def test_angle_of_a_shaft(degrees):
    turn = math.radians(degrees)
    shaft = (Point(10, 10), Point(10 + 80 * math.sin(turn), 10 + 80 * math.cos(turn)))
    found = shaft_to_line(shaft, (Point(0, 0), Point(0, 100)), PX)
    folded = degrees % 180
    assert found.value == pytest.approx(min(folded, 180 - folded), abs=1e-9)
    error = math.degrees(math.asin(2 / 80) + math.asin(2 / 100))
    assert found.high == pytest.approx(min(90, found.value + error))
    assert "not the angle in the patient" in found.note


def test_the_interval_of_an_angle_holds_whatever_the_placement():
    generator = np.random.default_rng(9)
    for _ in range(300):
        points = generator.uniform(0, 60, (4, 2))
        line, shaft = (tuple(Point(*place) for place in half) for half in (points[:2], points[2:]))
        turns = generator.uniform(0, 2 * math.pi, 4)
        moved = points + np.column_stack([np.sin(turns), np.cos(turns)])
        found = shaft_to_line(shaft, line, PX)
        other = shaft_to_line([Point(*p) for p in moved[2:]], [Point(*p) for p in moved[:2]], EXACT)
        assert found.low - 1e-9 <= other.value <= found.high + 1e-9


def test_a_bent_shaft_counts_near_its_tip_and_a_course_near_the_tip():
    shaft = (Point(5, 90), Point(5, 60), Point(80, 0))
    assert shaft_to_course(shaft, COURSE, PX).value == pytest.approx(0)
    assert shaft_to_course((Point(60, 98), Point(60, 60)), COURSE, PX).value == pytest.approx(90)


def test_angles_in_pixels_that_are_not_square():
    found = shaft_to_line((Point(0, 0), Point(10, 20)), (Point(0, 0), Point(0, 10)), Ruler(aspect=2))
    assert found.value == pytest.approx(45)


@pytest.mark.parametrize(
    ("shaft", "line"),
    [
        ((Point(0, 0),), COURSE[:2]),
        ((Point(0, 0), Point(0, 0)), COURSE[:2]),
        (COURSE[:2], (Point(1, 1),) * 2),
    ],
)
def test_angles_need_lines_with_a_length(shaft, line):
    with pytest.raises(GeometryError, match="two points"):
        shaft_to_line(shaft, line, PX)


@pytest.mark.parametrize(
    ("tip", "fraction"),
    [
        (Point(10, 0), 0.0),
        (Point(10, 80), 1.0),
        (Point(10, 20), 0.25),
        (Point(33, 60), 0.75),
        (Point(10, -8), -0.1),
    ],
)
def test_depth_between_two_margins(tip, fraction):
    found = depth_fraction(tip, Point(10, 0), Point(10, 80), PX)
    assert (found.value, found.unit) == (pytest.approx(fraction), Unit.FRACTION)
    assert found.low < found.value < found.high


def test_depth_band_of_a_neurotomy_answers_only_when_it_can():
    margins = Point(10, 0), Point(10, 80)
    assert depth_fraction(Point(10, 40), *margins, PX).within(0.25, 0.75) is Answer.YES
    assert depth_fraction(Point(10, 21), *margins, PX).within(0.25, 0.75) is Answer.CANNOT_TELL
    assert depth_fraction(Point(10, 5), *margins, PX).within(0.25, 0.75) is Answer.NO


def test_the_interval_of_a_depth_holds_whatever_the_placement_to_first_order():
    generator = np.random.default_rng(10)
    for _ in range(300):
        points = np.array([[10, 20], [0, 0], [0, 80]]) + generator.uniform(-30, 30, (3, 2)) * [[1, 2]]
        length = np.hypot(*(points[2] - points[1]))
        found = depth_fraction(*(Point(*place) for place in points), Ruler(placement_px=0.01 * length))
        turns = generator.uniform(0, 2 * math.pi, 3)
        moved = points + 0.01 * length * np.column_stack([np.sin(turns), np.cos(turns)])
        other = depth_fraction(*(Point(*place) for place in moved), EXACT)
        slack = 0.03 * (found.high - found.low)
        assert found.low - slack <= other.value <= found.high + slack


def test_depth_needs_two_margins():
    with pytest.raises(GeometryError, match="one place"):
        depth_fraction(Point(0, 0), Point(1, 1), Point(1, 1), PX)


@pytest.mark.parametrize(
    "measured",
    [
        lambda tip: distance(tip, Point(0, 0), PX),
        lambda tip: tip_to_course(tip, COURSE, PX),
        lambda tip: tip_in_zone(tip, SQUARE, PX),
        lambda tip: tip_in_zone(tip, Ellipse.around(Point(5, 5), (3, 2)), PX),
        lambda tip: tip_to_safety_line(tip, FORAMEN, DORSAL, PX),
        lambda tip: shaft_to_line((tip, Point(0, 0)), COURSE[:2], PX),
        lambda tip: depth_fraction(tip, Point(0, 0), Point(0, 9), PX),
    ],
)
@pytest.mark.parametrize("tip", [Point(NAN, 3), Point(3, math.inf)])
def test_a_tip_that_is_nowhere_is_refused(measured, tip):
    with pytest.raises(GeometryError, match="finite"):
        measured(tip)
