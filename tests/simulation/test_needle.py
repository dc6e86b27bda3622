import math

import numpy as np
import pytest

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.marker import right_marker
from fluoro_annotator.simulation.meshes import ellipsoid
from fluoro_annotator.simulation.needle import (
    DIAMETER_22G_MM,
    LENGTH_MM,
    Advance,
    Capsule,
    Needle,
    chord_lengths,
    rod_attenuation,
)
from fluoro_annotator.simulation.projector import path_lengths

ROD = Capsule((0, 0, 0), (10, 0, 0), 2.0, 1.0)


@pytest.mark.parametrize(
    ("origin", "direction", "expected"),
    [
        ((5, -50, 0), (0, 1, 0), 4.0),
        ((5, -50, 1), (0, 3, 0), 2 * math.sqrt(3)),
        ((-50, 0, 0), (1, 0, 0), 14.0),
        ((-50, 1, 0), (1, 0, 0), 10 + 2 * math.sqrt(3)),
        ((-1, -50, 0), (0, 1, 0), 2 * math.sqrt(3)),
        ((5, -50, 2.1), (0, 1, 0), 0.0),
        ((5, -50, 0), (1, 1, 0), 0.0),
        ((-45, -50, 0), (1, 1, 0), 4 * math.sqrt(2)),
    ],
)
def test_chord_by_hand(origin, direction, expected):
    assert chord_lengths(ROD, origin, [direction])[0] == pytest.approx(expected)


def test_short_rod_is_nearly_a_ball(view_of):
    pose = view_of(-155.0, 10.0)
    ball = path_lengths(ellipsoid((3, 4, 5), (9, 9, 9), steps=80), pose)
    rod = rod_attenuation([Capsule((3, 4, 5), (3, 4, 5 + 1e-6), 9.0, 1.0)], pose)
    assert rod == pytest.approx(ball, abs=0.3)
    assert rod.sum() == pytest.approx(ball.sum(), rel=2e-3)


def test_rods_outside_the_image_leave_it_empty(view_of):
    assert not rod_attenuation([Capsule((0, 300, 0), (0, 310, 0), 1.0, 1.0)], view_of()).any()


@pytest.mark.parametrize(
    ("start", "end", "radius"), [((0, 0, 0), (0, 0, 0), 1.0), ((0, 0, 0), (1, 0, 0), 0.0)]
)
def test_impossible_rod_is_refused(start, end, radius):
    with pytest.raises(SimulationError, match="more than zero"):
        Capsule(start, end, radius, 1.0)


def test_shaft_ends_exactly_at_the_tip():
    shaft = Needle((0, 0, 0), (0, 0, LENGTH_MM)).rods()[0]
    assert shaft.start_mm[2] - shaft.radius_mm == pytest.approx(0)
    assert 2 * shaft.radius_mm == DIAMETER_22G_MM


def test_hub_lies_beyond_the_shaft_and_is_wider():
    shaft, *hub = Needle((0, 0, 0), (0, 0, LENGTH_MM)).rods()
    assert all(part.start_mm[2] >= LENGTH_MM for part in hub)
    assert max(part.radius_mm for part in hub) > 5 * shaft.radius_mm


def test_shadow_of_the_shaft_lies_on_the_projected_line(view_of):
    pose = view_of(size=256)
    needle = Needle((0, 0, 0), (-40, -30, -60))
    shadow = rod_attenuation(needle.rods()[:1], pose)
    tip, hub = pose.project([needle.tip_mm, needle.hub_mm])
    rows, columns = np.nonzero(shadow > 0.5 * shadow.max())
    along = (hub - tip) / np.linalg.norm(hub - tip)
    offsets = np.column_stack([rows, columns]) - tip
    across = offsets @ np.array([-along[1], along[0]])
    assert np.abs(across).max() < 2.0
    assert (offsets @ along).min() == pytest.approx(0, abs=1.5)


@pytest.fixture
def advance():
    return Advance(entry_mm=(-90, -60, 30), target_mm=(-24, -27, 41), frames=30)


def test_needle_comes_to_rest_at_the_target(advance):
    for frame in (26, 29):
        assert advance.needle(frame).tip_mm == pytest.approx((-24, -27, 41))
    assert math.dist(advance.needle(25).tip_mm, (-24, -27, 41)) > 0.05


def test_needle_starts_just_under_the_skin(advance):
    assert math.dist(advance.needle(0).tip_mm, advance.entry_mm) == pytest.approx(8.0)


def test_needle_never_goes_back_and_moves_unevenly(advance):
    depths = [math.dist(advance.needle(f).tip_mm, advance.entry_mm) for f in range(30)]
    steps = np.diff(depths)
    assert steps.min() > -1e-9
    assert steps[:26].max() > 2 * steps[:26].min() + 0.5


def test_needle_keeps_its_length_and_passes_the_entry(advance):
    for frame in range(30):
        needle = advance.needle(frame)
        assert math.dist(needle.tip_mm, needle.hub_mm) == pytest.approx(LENGTH_MM)
        inside = np.subtract(advance.entry_mm, needle.tip_mm) / math.dist(advance.entry_mm, needle.tip_mm)
        shaft = np.subtract(needle.hub_mm, needle.tip_mm) / LENGTH_MM
        assert inside == pytest.approx(shaft)


def test_direction_is_off_at_first_and_corrected(advance):
    def angle(frame):
        shaft = np.subtract(advance.needle(frame).tip_mm, advance.needle(frame).hub_mm) / LENGTH_MM
        way = np.subtract(advance.target_mm, advance.entry_mm)
        return math.degrees(math.acos(min(1.0, shaft @ way / np.linalg.norm(way))))

    assert angle(0) == pytest.approx(2.5)
    assert angle(29) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(
    "changes",
    [
        {"frames": 4},
        {"resting": 0},
        {"start_depth_mm": 0.0},
        {"start_depth_mm": 500.0},
        {"target_mm": (90, 0, 0)},
    ],
)
def test_impossible_advance_is_refused(changes):
    values = {"entry_mm": (-90, -60, 30), "target_mm": (-24, -27, 41), "frames": 30} | changes
    with pytest.raises(SimulationError, match="do not fit"):
        Advance(**values)


@pytest.mark.parametrize("primary", [180.0, -155.0, 155.0])
def test_marker_is_a_readable_r_at_its_place(view_of, primary):
    pose = view_of(primary, 16.0, size=230, field_mm=230.0)
    shadow = rod_attenuation(right_marker(pose, (0.2, 0.8)), pose) > 1
    rows, columns = np.nonzero(shadow)
    assert (rows.min(), columns.min()) == pytest.approx((46, 184), abs=3)
    letter = shadow[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = letter.shape
    assert letter[:, 0].mean() > 0.8
    assert letter[0, : width // 2].mean() > 0.5
    assert letter[height // 2 :, width // 2 :].any()
    assert not letter[-1, width // 3 : 2 * width // 3].all()
