"""Numbers with their unit, interval and scale."""

import math

import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import Answer, Calibration, CalibrationSource, Point, Quantity, Ruler, Unit

FIDUCIAL = Calibration(CalibrationSource.PIXEL_SPACING_FIDUCIAL, 0.2, 0.2, relative_error=0.1)
DETECTOR = Calibration(CalibrationSource.DETECTOR_PLANE, 0.3, 0.2, note="magnification not stated")


def test_a_length_in_mm_carries_scale_and_both_errors():
    length = Ruler(FIDUCIAL).length(100, 5)
    assert (length.value, length.unit) == (20, Unit.MILLIMETRES)
    assert length.low == pytest.approx(95 * 0.18)
    assert length.high == pytest.approx(105 * 0.22)
    assert length.calibration == FIDUCIAL.description
    assert length.text == "20.0 mm (17.1 to 23.1)"


def test_a_length_is_never_below_nothing():
    assert Ruler(FIDUCIAL).length(2, 5).low == 0


def test_a_signed_distance_may_be():
    signed = Ruler(FIDUCIAL).length(-10, 5, least=-math.inf)
    assert signed.value == -2
    assert signed.low == pytest.approx(-15 * 0.22)
    assert signed.high == pytest.approx(-5 * 0.18)


def test_without_a_scale_lengths_are_in_pixel_widths_and_say_why():
    length = Ruler().length(100, 5)
    assert (length.value, length.unit, length.calibration) == (100, Unit.PIXELS, None)
    assert "no pixel spacing" in length.note
    assert length.text == "100.0 px (95.0 to 105.0)"


def test_a_scale_of_the_detector_gives_no_mm_but_the_shape_of_pixels():
    ruler = Ruler(DETECTOR)
    assert ruler.aspect == pytest.approx(1.5)
    assert ruler.unit is Unit.PIXELS
    assert ruler.pixels(Point(0, 0), Point(2, 4)) == pytest.approx(5)
    note = ruler.length(5, 0).note
    assert note.startswith("magnification not stated")
    assert "1.5 times as high as wide" in note


def test_the_shape_of_pixels_can_be_given():
    assert Ruler(aspect=0.5).pixels(Point(0, 0), Point(8, 3)) == 5


def test_a_scale_of_unknown_error_says_so():
    known = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5)
    length = Ruler(known).length(100, 2)
    assert (length.low, length.high) == (49, 51)
    assert "not known" in length.note


def test_a_scale_may_be_off_by_more_than_itself():
    wild = Calibration(CalibrationSource.KNOWN_LENGTH, 0.5, 0.5, relative_error=1.5)
    assert Ruler(wild).length(10, 0).low == 0


@pytest.mark.parametrize(
    ("interval", "answer"),
    [
        ((0.3, 0.4, 0.5), Answer.YES),
        ((0.25, 0.4, 0.75), Answer.YES),
        ((0.2, 0.4, 0.5), Answer.CANNOT_TELL),
        ((0.1, 0.15, 0.24), Answer.NO),
        ((0.76, 0.8, 0.9), Answer.NO),
        ((0.0, 0.5, 1.0), Answer.CANNOT_TELL),
    ],
)
def test_whether_a_number_lies_in_a_band(interval, answer):
    low, value, high = interval
    assert Quantity(value, Unit.FRACTION, low, high).within(0.25, 0.75) is answer


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 1, 2), (math.nan, 0, 1), (0, -math.inf, 1)])
def test_a_value_outside_its_bounds_is_refused(numbers):
    value, low, high = numbers
    with pytest.raises(GeometryError, match="measure"):
        Quantity(value, Unit.PIXELS, low, high)


@pytest.mark.parametrize(
    "wrong", [{"aspect": 0}, {"aspect": math.nan}, {"placement_px": -1}, {"placement_px": math.inf}]
)
def test_an_impossible_ruler_is_refused(wrong):
    with pytest.raises(GeometryError):
        Ruler(**wrong)


@pytest.mark.parametrize(
    ("unit", "text"),
    [(Unit.DEGREES, "12° (9 to 15)"), (Unit.FRACTION, "12.00 (9.00 to 15.00)")],
)
def test_texts_of_units(unit, text):
    assert Quantity(12, unit, 9, 15).text == text
