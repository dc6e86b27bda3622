"""Millimetres come with a source or not at all."""

import math

import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource, Point, measure
from fluoro_annotator.geometry.calibration import DEFAULT_ERRORS, DESCRIPTIONS, PLANES, UNUSABLE

USABLE = [source for source in CalibrationSource if source not in UNUSABLE]


@pytest.mark.parametrize("source", USABLE)
def test_non_square_pixels_are_measured_along_each_axis(source):
    calibration = Calibration(source, row_mm=0.5, column_mm=0.25)
    assert measure(Point(0, 0), Point(6, 0), calibration).mm == pytest.approx(3.0)
    assert measure(Point(0, 0), Point(0, 8), calibration).mm == pytest.approx(2.0)
    assert measure(Point(0, 0), Point(6, 16), calibration).mm == pytest.approx(5.0)


@pytest.mark.parametrize(
    "source", [CalibrationSource.DETECTOR_PLANE, CalibrationSource.UNTYPED_PIXEL_SPACING]
)
def test_spacing_that_does_not_hold_in_the_patient_gives_no_millimetres(source):
    distance = measure(Point(0, 0), Point(3, 4), Calibration(source, 0.2, 0.2))
    assert distance.mm is None
    assert distance.pixels == 5


def test_no_calibration_gives_pixels():
    distance = measure(Point(0, 0), Point(3, 4), UNCALIBRATED)
    assert (distance.pixels, distance.mm, distance.interval_mm) == (5, None, None)


def test_interval_follows_the_error_of_the_scale():
    calibration = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5, relative_error=0.1)
    assert measure(Point(0, 0), Point(0, 20), calibration).interval_mm == pytest.approx((9, 11))


def test_interval_is_unknown_without_an_error():
    calibration = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5)
    assert measure(Point(0, 0), Point(0, 20), calibration).interval_mm is None


@pytest.mark.parametrize("spacing", [0, -0.1, math.nan, math.inf, None])
def test_a_spacing_that_is_no_length_is_refused(spacing):
    with pytest.raises(GeometryError, match="positive number"):
        Calibration(CalibrationSource.KNOWN_LENGTH, spacing, 0.2)
    with pytest.raises(GeometryError, match="positive number"):
        Calibration(CalibrationSource.KNOWN_LENGTH, 0.2, spacing)


def test_a_spacing_without_a_source_is_refused():
    with pytest.raises(GeometryError, match="no source"):
        Calibration(CalibrationSource.NONE, 0.2, 0.2)


@pytest.mark.parametrize("error", [-0.1, math.nan, math.inf])
def test_an_impossible_error_is_refused(error):
    with pytest.raises(GeometryError, match="relative error"):
        Calibration(CalibrationSource.KNOWN_LENGTH, 0.2, 0.2, relative_error=error)


def test_every_source_is_described():
    assert set(DESCRIPTIONS) == set(CalibrationSource)


def test_every_source_names_its_plane_and_only_usable_ones_have_default_errors():
    assert set(PLANES) == set(CalibrationSource)
    assert set(DEFAULT_ERRORS) == set(USABLE) - {CalibrationSource.KNOWN_LENGTH}


def test_the_interval_of_a_pixel_follows_each_direction():
    scale = Calibration(CalibrationSource.PIXEL_SPACING_GEOMETRY, 0.2, 0.4, relative_error=0.1)
    assert scale.row_interval_mm == pytest.approx((0.18, 0.22))
    assert scale.column_interval_mm == pytest.approx((0.36, 0.44))
    assert scale.error_is_default
    assert not Calibration(CalibrationSource.PIXEL_SPACING_GEOMETRY, 0.2, 0.4, 0.3).error_is_default


def test_a_scale_that_cannot_be_used_says_why():
    assert UNCALIBRATED.reason == "the header states no pixel spacing"
    assert UNCALIBRATED.row_interval_mm is None
    assert Calibration(CalibrationSource.NONE, note="Pixel Spacing cannot be used").reason.startswith("Pixel")
    assert "at the detector" in Calibration(CalibrationSource.DETECTOR_PLANE, 0.2, 0.2).reason
    assert not Calibration(CalibrationSource.KNOWN_LENGTH, 0.2, 0.2).reason
