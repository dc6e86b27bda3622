"""Constructions on placed points, against results worked out by hand."""

import math

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import (
    Ellipse,
    Point,
    Polygon,
    clipped_to_image,
    fraction_along,
    fraction_of,
    in_image,
    intersection,
    length_of,
    midpoint,
    nearest_on_polyline,
    perpendicular_end,
    perpendicular_foot,
    point_in_polygon,
)

A, B = Point(10, 20), Point(30, 60)
CORNER = (Point(0, 0), Point(0, 10), Point(10, 10))
SQUARE = (Point(0, 0), Point(0, 10), Point(10, 10), Point(10, 0))
NAN = float("nan")


def test_midpoint_and_fractions():
    assert midpoint(A, B) == (20, 40)
    assert fraction_along(A, B, 0) == A
    assert fraction_along(A, B, 0.25) == (15, 30)
    assert fraction_along(A, B, 1.5) == (40, 80)
    assert fraction_along(A, B, -0.5) == (0, 0)


@pytest.mark.parametrize("fraction", [-1, 0, 0.3, 1, 2.5])
@pytest.mark.parametrize("aspect", [1, 0.5, 1.7])
def test_fraction_along_and_fraction_of_are_inverse(fraction, aspect):
    assert fraction_of(fraction_along(A, B, fraction), A, B, aspect=aspect) == pytest.approx(fraction)


@pytest.mark.parametrize("fraction", [NAN, math.inf])
def test_a_fraction_is_a_number(fraction):
    with pytest.raises(GeometryError, match="finite"):
        fraction_along(A, B, fraction)


def test_foot_of_a_perpendicular():
    assert perpendicular_foot(Point(5, 3), Point(0, 0), Point(0, 10)) == (0, 3)
    assert perpendicular_foot(Point(0, 10), Point(0, 0), Point(5, 5)) == (5, 5)
    assert perpendicular_foot(Point(7, -4), Point(0, 0), Point(0, 10)) == (0, -4)


def test_perpendicular_in_pixels_that_are_twice_as_high_as_wide():
    """(row 1, column 2) is a diagonal of a square of 2 x 2 pixel widths there."""
    foot = perpendicular_foot(Point(0, 4), Point(0, 0), Point(5, 10), aspect=2)
    assert foot == pytest.approx((1, 2))


def test_end_of_a_perpendicular_is_to_the_right_of_the_walk():
    assert perpendicular_end(Point(0, 0), Point(0, 10), 0.5, 3) == pytest.approx((3, 5))
    assert perpendicular_end(Point(0, 0), Point(10, 0), 0.0, 3) == pytest.approx((0, -3))
    end = perpendicular_end(A, B, 0.25, 7, aspect=1.5)
    assert perpendicular_foot(end, A, B, aspect=1.5) == pytest.approx(fraction_along(A, B, 0.25))
    assert length_of((end, fraction_along(A, B, 0.25)), aspect=1.5) == pytest.approx(7)


@pytest.mark.parametrize(
    "construct",
    [
        lambda: fraction_of(B, A, A),
        lambda: perpendicular_foot(B, A, A),
        lambda: perpendicular_end(A, A, 0.5, 1),
    ],
)
def test_a_line_needs_two_ends(construct):
    with pytest.raises(GeometryError, match="one place"):
        construct()


def test_crossing_lines():
    assert intersection((Point(0, 0), Point(1, 1)), (Point(0, 10), Point(10, 0))) == pytest.approx((5, 5))
    assert intersection((Point(0, 0), Point(1, 1)), (Point(3, 0), Point(5, 2))) is None


def test_length_of_a_polyline():
    assert length_of(CORNER) == 20
    assert length_of(CORNER, aspect=3) == 40
    assert length_of(CORNER[:1]) == 0


@pytest.mark.parametrize(
    ("point", "nearest", "distance", "segment", "along"),
    [
        (Point(-3, 4), (0, 4), 3, 0, 0.2),
        (Point(6, 7), (6, 10), 3, 1, 0.8),
        (Point(-3, 14), (0, 10), 5, 0, 0.5),
        (Point(-3, -4), (0, 0), 5, 0, 0.0),
        (Point(14, 13), (10, 10), 5, 1, 1.0),
    ],
)
def test_nearest_point_of_a_polyline(point, nearest, distance, segment, along):
    found = nearest_on_polyline(point, CORNER)
    assert found == (nearest, distance, segment, pytest.approx(along))


def test_repeated_points_of_a_polyline_do_no_harm():
    line = (Point(0, 0), Point(0, 0), Point(0, 10), Point(0, 10))
    assert nearest_on_polyline(Point(2, 5), line).along == pytest.approx(0.5)


def test_nearest_point_depends_on_the_shape_of_pixels():
    line = (Point(0, 0), Point(10, 10))
    assert nearest_on_polyline(Point(0, 10), line).point == (5, 5)
    assert nearest_on_polyline(Point(0, 10), line, aspect=2).point == pytest.approx((2, 2))


@pytest.mark.parametrize("line", [(), (A,), (A, A), (A, Point(NAN, 0))])
def test_a_polyline_without_length_is_refused(line):
    with pytest.raises(GeometryError):
        nearest_on_polyline(B, line)


def test_points_in_a_polygon():
    assert point_in_polygon(Point(5, 5), SQUARE)
    assert not point_in_polygon(Point(5, 11), SQUARE)
    assert not point_in_polygon(Point(-1, 5), SQUARE)
    assert Polygon(SQUARE).contains(Point(9, 1))


def test_a_notch_is_outside():
    notched = Polygon((*SQUARE[:3], Point(2, 5), SQUARE[3]))
    assert not notched.contains(Point(8, 5))
    assert notched.contains(Point(1, 5))
    assert notched.nearest(Point(8, 5)).distance(Point(8, 5)) == pytest.approx(6 * 5 / math.sqrt(89))


def test_polygon_against_random_triangles_by_their_signs():
    generator = np.random.default_rng(5)
    for corners in generator.uniform(0, 100, (50, 3, 2)):
        triangle = Polygon(tuple(Point(*corner) for corner in corners))
        for place in generator.uniform(0, 100, (20, 2)):
            sides = np.roll(corners, -1, axis=0) - corners
            offsets = place - corners
            signs = np.sign(sides[:, 0] * offsets[:, 1] - sides[:, 1] * offsets[:, 0])
            assert triangle.contains(Point(*place)) == (abs(signs.sum()) == 3)


def test_polygon_area_and_edge():
    assert Polygon(SQUARE).area == 100
    assert Polygon(SQUARE).nearest(Point(5, 7)) == (5, 10)
    assert Polygon(SQUARE).outline[-1] == SQUARE[0]


@pytest.mark.parametrize(
    "corners",
    [SQUARE[:2], (A, B, midpoint(A, B)), (A, B, fraction_along(A, B, 1 / 3)), (A, B, Point(NAN, 1))],
)
def test_a_zone_needs_three_corners_that_enclose_something(corners):
    with pytest.raises(GeometryError, match="zone"):
        Polygon(corners)


def test_ellipse_by_its_axis_ends():
    ellipse = Ellipse((Point(5, 0), Point(5, 20), Point(0, 10), Point(10, 10)))
    assert ellipse.centre == (5, 10)
    assert ellipse.area == pytest.approx(math.pi * 50)
    assert ellipse.contains(Point(5, 19.9))
    assert ellipse.contains(Point(9, 15))
    assert not ellipse.contains(Point(9.5, 15))
    assert ellipse.outline(4)[:3] == (
        pytest.approx((5, 20)),
        pytest.approx((10, 10)),
        pytest.approx((5, 0)),
    )


def test_nearest_point_of_an_ellipse():
    ellipse = Ellipse((Point(5, 0), Point(5, 20), Point(0, 10), Point(10, 10)))
    assert ellipse.nearest(Point(5, 30)) == pytest.approx((5, 20))
    assert ellipse.nearest(Point(-7, 10)) == pytest.approx((0, 10))
    assert ellipse.nearest(Point(6, 10)) == pytest.approx((10, 10))


@pytest.mark.parametrize("aspect", [1.0, 0.6, 1.5])
def test_nearest_point_of_a_turned_ellipse_is_the_nearest_of_very_many(aspect):
    ellipse = Ellipse.around(Point(40, 50), (30, 8), 25, aspect=aspect)
    curve = np.array(ellipse.outline(20000))
    for place in np.random.default_rng(6).uniform(0, 100, (100, 2)):
        nearest = ellipse.nearest(Point(*place), aspect=aspect)
        found = length_of((Point(*place), nearest), aspect=aspect)
        all_of_them = np.hypot((curve[:, 0] - place[0]) * aspect, curve[:, 1] - place[1])
        assert found == pytest.approx(all_of_them.min(), abs=1e-4)


def test_an_ellipse_around_a_point():
    ellipse = Ellipse.around(Point(0, 0), (10, 5), 90, aspect=2)
    assert ellipse.ends[1] == pytest.approx((5, 0))
    assert ellipse.ends[3] == pytest.approx((0, -5))
    assert ellipse.contains(Point(4.9, 0))
    assert not ellipse.contains(Point(5.1, 0))


@pytest.mark.parametrize(
    "ends",
    [
        SQUARE[:3],
        (Point(0, 0), Point(0, 10), Point(5, 5), Point(9, 5)),
        (Point(0, 0), Point(0, 10), Point(0, 4), Point(0, 6)),
        (Point(0, 0), Point(0, 0), Point(0, 0), Point(0, 0)),
        (Point(0, 0), Point(0, 10), Point(-5, 5), Point(NAN, 5)),
    ],
)
def test_axes_that_make_no_ellipse_are_refused(ends):
    with pytest.raises(GeometryError, match="ellipse"):
        Ellipse(ends)


def test_clipping_to_an_image_keeps_what_is_inside():
    assert clipped_to_image(SQUARE, (20, 20)) == SQUARE
    beside = tuple(Point(row + 50, column) for row, column in SQUARE)
    assert clipped_to_image(beside, (20, 20)) == ()
    half = clipped_to_image(SQUARE, (20, 5))
    assert Polygon(half).area == pytest.approx(45)
    assert max(point.column for point in half) == 4.5
    around = (Point(-90, -90), Point(-90, 90), Point(90, 90), Point(90, -90))
    assert Polygon(clipped_to_image(around, (4, 6))).area == 24


def test_the_border_of_an_image_is_that_of_its_pixels():
    assert in_image(Point(-0.5, 5.5), (4, 6))
    assert not in_image(Point(-0.6, 0), (4, 6))
    assert not in_image(Point(0, 5.6), (4, 6))
