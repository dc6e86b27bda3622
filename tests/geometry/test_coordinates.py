"""Positions and their conversions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import Point, array_to_dicom, dicom_to_array, frame_index, frame_number

PIXEL = st.floats(min_value=-0.5, max_value=8192, allow_nan=False, width=32)


def test_centre_of_the_top_left_pixel_is_half_a_pixel_from_its_corner():
    assert array_to_dicom(Point(0, 0)) == (0.5, 0.5)


def test_dicom_counts_columns_first():
    assert array_to_dicom(Point(row=10, column=20)) == (20.5, 10.5)


@given(PIXEL, PIXEL)
def test_array_and_dicom_coordinates_round_trip(row, column):
    back = dicom_to_array(*array_to_dicom(Point(row, column)))
    assert back == pytest.approx((row, column), abs=1e-9)


@given(st.integers(0, 10_000))
def test_frame_number_and_index_round_trip(index):
    assert frame_index(frame_number(index)) == index
    assert frame_number(index) == index + 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_point_that_is_no_number_is_refused(value):
    with pytest.raises(GeometryError, match="finite"):
        Point.checked(value, 1)
    with pytest.raises(GeometryError, match="finite"):
        Point.checked(1, value)


def test_distance_in_pixels():
    assert Point(0, 0).distance(Point(3, 4)) == 5
