import math

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.projection import CArmPose, direction_letters, squared_secondary_angle

VALID = {
    "primary_angle": 180.0,
    "secondary_angle": 0.0,
    "isocentre_mm": (0.0, 0.0, 0.0),
    "rows": 101,
    "columns": 201,
    "pixel_pitch_mm": 0.5,
}


def pose(**changes):
    return CArmPose(**(VALID | changes))


def test_isocentre_projects_to_the_middle_of_the_image():
    assert pose(isocentre_mm=(3, -4, 50)).project([(3, -4, 50)])[0] == pytest.approx((50, 100))


# seen from behind: isocentre plane magnified 1000/700, a plane 100 mm nearer to the detector 1000/800
@pytest.mark.parametrize(
    ("point", "row", "column"),
    [
        ((0, -14, 0), 50, 100 + 14 * 1000 / 700 / 0.5),
        ((0, 14, 0), 50, 100 - 14 * 1000 / 700 / 0.5),
        ((0, 0, 7), 50 - 7 * 1000 / 700 / 0.5, 100),
        ((-100, -14, 7), 50 - 7 * 1000 / 800 / 0.5, 100 + 14 * 1000 / 800 / 0.5),
        ((200, 0, -7), 50 + 7 * 1000 / 500 / 0.5, 100),
    ],
)
def test_ap_view_of_a_prone_patient_by_hand(point, row, column):
    assert pose().project([point])[0] == pytest.approx((row, column))


def test_left_lateral_by_hand():
    lateral = pose(primary_angle=90.0)
    ventral, dorsal, left = lateral.project([(7, 0, 0), (-7, 0, 0), (0, 100, 7)])
    assert ventral == pytest.approx((50, 100 - 20))
    assert dorsal == pytest.approx((50, 100 + 20))
    assert left == pytest.approx((50 - 17.5, 100))


def test_oblique_by_hand():
    """A point 10 mm behind the isocentre moves by 10 sin(25 deg) to the image's left at RPO 25."""
    row, column = pose(primary_angle=-155.0).project([(-10, 0, 0)])[0]
    nearer = 700 + 10 * math.cos(math.radians(25))
    assert row == pytest.approx(50)
    assert column == pytest.approx(100 - 10 * math.sin(math.radians(25)) * 1000 / nearer / 0.5)


@pytest.mark.parametrize(
    ("primary", "secondary", "expected"),
    [
        (0, 0, (1, 0, 0)),
        (90, 0, (0, 1, 0)),
        (-90, 0, (0, -1, 0)),
        (180, 0, (-1, 0, 0)),
        (180, 30, (-math.cos(math.pi / 6), 0, 0.5)),
        (-155, 0, (-math.cos(math.radians(25)), -math.sin(math.radians(25)), 0)),
        (155, 0, (-math.cos(math.radians(25)), math.sin(math.radians(25)), 0)),
    ],
)
def test_detector_stands_where_dicom_says(primary, secondary, expected):
    view = pose(primary_angle=primary, secondary_angle=secondary)
    assert view.detector_direction == pytest.approx(expected, abs=1e-12)
    assert view.source_mm == pytest.approx(np.array(expected) * -700, abs=1e-9)
    assert view.detector_centre_mm == pytest.approx(np.array(expected) * 300, abs=1e-9)


def test_cranial_tilt_moves_what_is_behind_the_isocentre_down():
    row, _ = pose(secondary_angle=20.0).project([(-50, 0, 0)])[0]
    assert row > 50


def test_image_axes_are_orthonormal_and_show_the_image_from_the_detector():
    view = pose(primary_angle=-137.0, secondary_angle=23.0)
    axes = np.vstack([view.column_direction, view.row_direction, -view.detector_direction])
    assert axes @ axes.T == pytest.approx(np.eye(3))
    assert np.linalg.det(axes) == pytest.approx(1.0)
    assert view.row_direction[2] < 0


@pytest.mark.parametrize(
    ("primary", "secondary", "expected"),
    [
        (180, 0, ("R", "F")),
        (180, 18, ("R", "F")),
        (-155, 16.5, ("RA", "F")),
        (155, 16.5, ("RP", "F")),
        (90, 0, ("P", "F")),
        (-90, 0, ("A", "F")),
        (0, 0, ("L", "F")),
        (180, 40, ("R", "FP")),
    ],
)
def test_patient_orientation(primary, secondary, expected):
    assert pose(primary_angle=primary, secondary_angle=secondary).patient_orientation == expected


def test_direction_without_length_is_refused():
    with pytest.raises(GeometryError, match="length"):
        direction_letters((0, 0, 0))


@pytest.mark.parametrize("primary", [180, -155, 155, 90, 0, 40])
def test_squared_view_has_the_endplate_in_the_beam(primary):
    axis = np.array([0.3112, 0.05, 0.949])
    view = pose(primary_angle=primary, secondary_angle=squared_secondary_angle(primary, axis))
    assert view.detector_direction @ axis == pytest.approx(0, abs=1e-12)


def test_lordotic_l5_needs_cranial_tilt_from_behind():
    assert squared_secondary_angle(180, (0.3112, 0, 0.9503)) == pytest.approx(18.13, abs=0.01)


def test_squaring_needs_an_axis_towards_the_head():
    with pytest.raises(GeometryError, match="cranial axis"):
        squared_secondary_angle(180, (0, 0, -1))


def test_pixels_on_the_detector_project_back_to_themselves():
    view = pose(primary_angle=-155.0, secondary_angle=12.0, isocentre_mm=(5, 6, 7))
    pixels = np.random.default_rng(4).uniform(-20, 220, (50, 2))
    points = view.detector_points(pixels)
    assert view.project(points) == pytest.approx(pixels)
    half_way = (points + view.source_mm) / 2
    assert view.project(half_way) == pytest.approx(pixels)


def test_detector_points_lie_in_the_detector_plane():
    view = pose(primary_angle=20.0, secondary_angle=-30.0)
    points = view.detector_points([(0, 0), (100, 0), (0, 200)])
    assert (points - view.source_mm) @ view.detector_direction == pytest.approx([1000] * 3)
    assert np.linalg.norm(points[1] - points[0]) == pytest.approx(50)


def test_resampled_pose_covers_the_same_area():
    coarse, fine = pose(), pose().resampled(3)
    point = [(-20, 13, 9)]
    assert fine.project(point) == pytest.approx(3 * (coarse.project(point) + 0.5) - 0.5)


def test_magnification():
    assert pose().magnification == pytest.approx(1000 / 700)


@pytest.mark.parametrize(
    "changes",
    [
        {"primary_angle": 181.0},
        {"primary_angle": math.nan},
        {"secondary_angle": 90.0},
        {"secondary_angle": math.nan},
        {"rows": 0},
        {"columns": -5},
        {"pixel_pitch_mm": 0.0},
        {"pixel_pitch_mm": math.nan},
        {"pixel_pitch_mm": math.inf},
        {"isocentre_mm": (0.0, math.nan, 0.0)},
        {"isocentre_mm": (0.0, 0.0)},
        {"source_to_isocentre_mm": 1100.0},
        {"source_to_isocentre_mm": 0.0},
        {"source_to_detector_mm": math.inf},
    ],
)
def test_unusable_pose_is_refused(changes):
    with pytest.raises(GeometryError, match="C-arm"):
        pose(**changes)


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ([(1, 2)], "not \\(n, 3\\)"),
        ((1, 2, 3), "not \\(n, 3\\)"),
        ([(1, 2, math.nan)], "not a number"),
        ([(700, 0, 0)], "behind the source"),
        ([(0, 0, 0), (900, 0, 0)], "behind the source"),
    ],
)
def test_unusable_points_are_refused(points, problem):
    with pytest.raises(GeometryError, match=problem):
        pose().project(points)


def test_no_points_give_no_pixels():
    assert pose().project(np.empty((0, 3))).shape == (0, 2)
