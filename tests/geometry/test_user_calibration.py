"""Scales made from what a reader knows: a length, or the size of a needle."""

import math

import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    NEEDLE_DIAMETERS_MM,
    CalibrationSource,
    Point,
    from_instrument_width,
    from_known_length,
    measure,
)


@pytest.mark.parametrize("aspect", [1.0, 0.5, 2.0, 1.2])
@pytest.mark.parametrize("end", [Point(30, 40), Point(0, 70), Point(70, 0), Point(-12, 5)])
def test_the_known_length_itself_measures_right(aspect, end):
    scale = from_known_length((Point(0, 0), end), 50.0, aspect=aspect)
    assert scale.source is CalibrationSource.KNOWN_LENGTH
    assert measure(Point(0, 0), end, scale).mm == pytest.approx(50.0)
    assert scale.row_mm / scale.column_mm == pytest.approx(aspect)


def test_the_interval_holds_lengths_whose_ends_were_misplaced_by_a_pixel():
    scale = from_known_length((Point(0, 0), Point(0, 100)), 50.0, mm_error=0.5)
    assert scale.relative_error == pytest.approx(math.hypot(math.sqrt(2) / 100, 0.01))
    low, high = scale.column_interval_mm
    for end in (99, 101):
        assert low <= 50.0 / end <= high


def test_a_computed_interval_is_no_default():
    scale = from_known_length((Point(0, 0), Point(0, 100)), 50.0)
    assert not scale.error_is_default
    assert "tilted out of the plane" in scale.note
    assert not scale.reason


@pytest.mark.parametrize("mm", [0, -1, math.nan, math.inf])
def test_an_impossible_length_is_refused(mm):
    with pytest.raises(GeometryError, match="positive"):
        from_known_length((Point(0, 0), Point(0, 100)), mm)


@pytest.mark.parametrize("wrong", [{"aspect": 0}, {"mm_error": -1}, {"end_error_px": math.nan}])
def test_impossible_options_are_refused(wrong):
    with pytest.raises(GeometryError):
        from_known_length((Point(0, 0), Point(0, 100)), 10, **wrong)


def test_two_equal_points_are_no_length():
    with pytest.raises(GeometryError, match="one place"):
        from_known_length((Point(3, 4), Point(3, 4)), 10)


@pytest.mark.parametrize(("gauge", "diameter"), NEEDLE_DIAMETERS_MM.items())
def test_a_needle_gives_a_scale_that_is_right_within_a_fifth(gauge, diameter):
    scale = from_instrument_width(5.0, gauge)
    assert scale.source is CalibrationSource.INSTRUMENT_WIDTH
    assert scale.row_mm == scale.column_mm == pytest.approx(diameter / 5)
    assert scale.relative_error == 0.2
    assert scale.error_is_default
    assert "blurred" in scale.note


@pytest.mark.parametrize(
    ("across", "column_mm"), [((1, 0), 0.09), ((0, 2), 0.18), ((3, 4), 0.72 / 4 / 1.4422)]
)
def test_pixels_that_are_not_square_need_the_direction(across, column_mm):
    scale = from_instrument_width(4.0, 22, aspect=2.0, across=across)
    assert scale.column_mm == pytest.approx(column_mm, rel=1e-4)
    assert scale.row_mm == pytest.approx(2 * column_mm, rel=1e-4)


@pytest.mark.parametrize("across", [None, (0, 0), (math.nan, 1)])
def test_without_a_direction_pixels_that_are_not_square_are_refused(across):
    with pytest.raises(GeometryError, match="direction"):
        from_instrument_width(4.0, 22, aspect=2.0, across=across)


@pytest.mark.parametrize("pixels", [0, 1.9, -4, math.nan, math.inf])
def test_a_width_that_is_only_blur_is_refused(pixels):
    with pytest.raises(GeometryError, match="at least 2"):
        from_instrument_width(pixels, 22)


def test_an_unknown_gauge_is_refused_with_those_that_are_known():
    with pytest.raises(GeometryError, match="18, 20, 22, 25"):
        from_instrument_width(4, 30)
