"""What a header supports, and the sentence where it does not."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry import ALL_TURNS, Point, Turn
from fluoro_annotator.geometry.beams import angle_between, axes
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.geometry.view_geometry import (
    UsableView,
    ViewGeometry,
    expected_orientation,
    shift_between,
    usable_view,
)

FULL = ViewGeometry(
    rows=100,
    columns=200,
    primary_angle=-155.0,
    secondary_angle=16.5,
    source_detector_mm=1000.0,
    source_isocentre_mm=700.0,
    row_mm=0.5,
    column_mm=0.25,
    orientation=("RA", "F"),
)


def test_a_full_header_is_usable():
    view = usable_view(FULL)
    assert isinstance(view, UsableView)
    assert view.turn == Turn()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"primary_angle": None}, "positioner angles"),
        ({"secondary_angle": None}, "positioner angles"),
        ({"secondary_angle": 85.0}, "out of range"),
        ({"primary_angle": 200.0}, "out of range"),
        ({"source_detector_mm": None}, "distances"),
        ({"source_isocentre_mm": None}, "distances"),
        ({"source_isocentre_mm": 1200.0}, "cannot be right"),
        ({"source_isocentre_mm": 7.0}, "cannot be right"),
        ({"source_detector_mm": 100000.0}, "cannot be right"),
        ({"source_isocentre_mm": 0.0}, "distances"),
        ({"row_mm": None}, "size of a pixel"),
        ({"column_mm": 0.0}, "size of a pixel"),
        ({"orientation": None}, "how the image lies"),
        ({"orientation": ("R", "R")}, "cannot be used"),
        ({"orientation": ("P", "R")}, "contradicts"),
        ({"orientation": ("L", "F")}, "turned or mirrored"),
        ({"orientation": ("L", "H")}, "turned or mirrored"),
        ({"orientation": ("L", "F"), "view_rotation": 180.0}, "turned or mirrored"),
        ({"orientation": ("L", "H"), "view_rotation": 90.0}, "turned or mirrored"),
    ],
)
def test_each_gap_has_its_reason(changes, reason):
    assert reason in usable_view(replace(FULL, **changes))


@pytest.mark.parametrize("turn", ALL_TURNS, ids=str)
def test_a_turned_image_is_believed_if_the_header_says_that_it_was_turned(turn):
    turned = replace(
        FULL,
        orientation=turn.orientation_to_display(expected_orientation(-155, 16.5)),
        view_rotation=90.0 * turn.quarters,
        mirrored=turn.mirrored,
    )
    assert usable_view(turned).turn == turn


@pytest.mark.parametrize("turn", ALL_TURNS, ids=str)
def test_positions_on_the_detector_follow_the_turn_and_lead_back(turn):
    """The same pixel of the image as seen, and of the image as stored, is one place on the detector."""
    seen = usable_view(FULL)
    shape = turn.shape((100, 200))
    pixel_mm = (0.25, 0.5) if turn.quarters % 2 else (0.5, 0.25)
    stored = replace(seen, turn=turn, shape=shape, pixel_mm=pixel_mm)
    pixels = np.random.default_rng(11).uniform(-10, 210, (20, 2))
    moved = [turn.to_display(Point(*pixel), (100, 200)) for pixel in pixels]
    assert stored.to_detector(moved) == pytest.approx(seen.to_detector(pixels))
    assert stored.to_image(stored.to_detector(moved)) == pytest.approx(np.array(moved))


def test_positions_on_the_detector_are_those_of_the_pose():
    pose = CArmPose(
        primary_angle=-155.0,
        secondary_angle=16.5,
        isocentre_mm=(1, 2, 3),
        rows=101,
        columns=201,
        pixel_pitch_mm=0.4,
    )
    view = usable_view(ViewGeometry.of_pose(pose))
    down, across = view.to_detector([(10, 30)])[0]
    place = pose.detector_centre_mm + down * pose.row_direction + across * pose.column_direction
    assert place == pytest.approx(pose.detector_points([(10, 30)])[0])


def test_axes_of_many_poses_are_those_of_one():
    angles = np.random.default_rng(12).uniform((-180, -80), (180, 80), (30, 2))
    for found, (primary, secondary) in zip(zip(*axes(angles), strict=True), angles, strict=True):
        pose = CArmPose(
            primary_angle=primary,
            secondary_angle=secondary,
            isocentre_mm=(0, 0, 0),
            rows=1,
            columns=1,
            pixel_pitch_mm=1.0,
        )
        assert found[0] == pytest.approx(pose.detector_direction)
        assert found[1] == pytest.approx(pose.row_direction)
        assert found[2] == pytest.approx(pose.column_direction)


@pytest.mark.parametrize(
    ("first", "second", "degrees"),
    [
        ((0, 0), (90, 0), 90),
        ((180, 0), (0, 0), 0),
        ((180, 20), (180, -20), 40),
        ((10, 0), (-10, 0), 20),
        ((7, 3), (7, 3), 0),
    ],
)
def test_angle_between_views(first, second, degrees):
    assert angle_between(first, second) == pytest.approx(degrees, abs=1e-9)


def test_the_shift_between_views():
    assert "does not say" in shift_between(FULL, FULL)
    still = replace(FULL, table_mm=(100.0, 20.0, 3.0))
    assert shift_between(still, replace(still, table_mm=(100.2, 20.0, 3.0))) == (0, 0, 0)
    assert "moved" in shift_between(still, replace(still, table_mm=(100.0, 60.0, 3.0)))
    known = replace(still, isocentre_mm=(1.0, 2.0, 3.0))
    assert shift_between(known, replace(FULL, isocentre_mm=(1.0, 7.0, 1.0))) == (0, 5, -2)


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": 0},
        {"primary_angle": math.nan},
        {"row_mm": math.inf},
        {"table_mm": (0.0, math.nan, 0.0)},
        {"isocentre_mm": (math.inf, 0.0, 0.0)},
    ],
)
def test_impossible_numbers_are_refused(changes):
    with pytest.raises(GeometryError):
        replace(FULL, **changes)


def test_the_letters_to_confirm_are_refused_for_impossible_angles():
    assert expected_orientation(180, 0) == ("R", "F")
    with pytest.raises(GeometryError, match="angle"):
        expected_orientation(0, 88)
