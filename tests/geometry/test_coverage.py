"""How much of a course an active tip lies along."""

import math

import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    Calibration,
    CalibrationSource,
    Point,
    Ruler,
    along_shaft,
    covered_course,
    foreshortening,
)

SCALE = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5, relative_error=0.0)
EXACT = Ruler(SCALE, placement_px=0.0)
USUAL = Ruler(Calibration(CalibrationSource.PIXEL_SPACING_FIDUCIAL, 0.5, 0.5, relative_error=0.1))
COURSE = (Point(0, 0), Point(0, 200))
SHAFT = (Point(2, 50), Point(2, 250))
"""100 mm in the plane of the image, 1 mm beside the course."""


def test_part_of_a_bent_shaft():
    shaft = (Point(0, 0), Point(0, 10), Point(10, 10))
    assert along_shaft(shaft, 4) == ((0, 0), (0, 4))
    assert along_shaft(shaft, 15) == ((0, 0), (0, 10), (5, 10))
    assert along_shaft(shaft, 15, aspect=2)[-1] == (2.5, 10)
    assert along_shaft(shaft, 99) == shaft


def test_an_active_tip_beside_the_course_covers_its_own_length():
    found = covered_course(SHAFT, 10, COURSE, 2, EXACT, length_mm=100)
    assert found.value == pytest.approx(10)
    assert found.low == pytest.approx(10)
    assert found.high == pytest.approx(10)
    assert found.calibration == SCALE.description


def test_what_is_out_of_reach_does_not_count():
    """The shaft leaves the course at 45 degrees: within 2 mm for 2 sqrt(2) mm of it, 2 mm of the course."""
    shaft = (Point(0, 100), Point(100, 200))
    found = covered_course(shaft, 10, COURSE, 2, EXACT, length_mm=math.sqrt(2) * 50)
    assert found.value == pytest.approx(2, abs=0.2)
    assert covered_course((Point(50, 0), Point(50, 99)), 10, COURSE, 2, EXACT).value == 0


def test_a_shaft_across_the_course_covers_none_of_it():
    found = covered_course((Point(-10, 100), Point(190, 100)), 10, COURSE, 3, EXACT, length_mm=100)
    assert found.value == pytest.approx(0)


def test_a_shaft_that_points_out_of_the_image_is_foreshortened():
    found = covered_course(SHAFT, 10, COURSE, 2, EXACT, length_mm=200)
    assert foreshortening(SHAFT, EXACT, 200) == pytest.approx(0.5)
    assert found.value == pytest.approx(5)


def test_without_the_length_of_the_needle_the_value_is_an_upper_bound():
    found = covered_course(SHAFT, 10, COURSE, 2, EXACT)
    assert found.value == pytest.approx(10)
    assert found.low == pytest.approx(5)
    assert found.note.startswith("at most")


def test_the_interval_holds_scale_and_placement():
    found = covered_course(SHAFT, 10, COURSE, 3, USUAL, length_mm=100)
    assert found.low < 10 - 1.5
    assert found.low <= found.value <= found.high <= 10


def test_no_scale_no_coverage():
    assert covered_course(SHAFT, 10, COURSE, 2, Ruler()) is None
    assert foreshortening(SHAFT, Ruler()) is None


def test_a_shaft_never_looks_longer_than_it_is():
    assert foreshortening(SHAFT, EXACT, 60) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"active_tip_mm": 0},
        {"active_tip_mm": math.nan},
        {"reach_mm": -1},
        {"length_mm": 0},
        {"length_mm": math.inf},
        {"shaft": SHAFT[:1]},
        {"course": (Point(0, 0), Point(0, 0))},
    ],
)
def test_impossible_input_is_refused(wrong):
    values = {"shaft": SHAFT, "active_tip_mm": 10, "course": COURSE, "reach_mm": 2, "ruler": EXACT}
    with pytest.raises(GeometryError):
        covered_course(**(values | wrong))


@pytest.mark.parametrize("length", [0, -1, math.nan])
def test_a_part_of_a_shaft_has_a_length(length):
    with pytest.raises(GeometryError, match="positive"):
        along_shaft(SHAFT, length)
