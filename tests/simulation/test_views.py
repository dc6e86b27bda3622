import numpy as np
import pytest

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation import Size
from fluoro_annotator.simulation.meshes import box
from fluoro_annotator.simulation.needle import LENGTH_MM
from fluoro_annotator.simulation.phantom import Phantom
from fluoro_annotator.simulation.soft_tissue import skin
from fluoro_annotator.simulation.views import lumbar_views, planned_advance


@pytest.fixture
def views(cubes, tiny_size):
    return lumbar_views(cubes, skin(), tiny_size)


def test_six_series_with_unique_numbers_names_and_times(views):
    assert [view.number for view in views] == [1, 2, 3, 4, 5, 6]
    assert len({view.key for view in views}) == len({view.description for view in views}) == 6
    times = [view.time for view in views]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("key", "primary", "orientation"),
    [
        ("ap", 180, ("R", "F")),
        ("right_oblique", -155, ("RA", "F")),
        ("left_oblique", 155, ("RP", "F")),
        ("lateral", 90, ("P", "F")),
        ("needle_advance", -155, ("RA", "F")),
        ("contrast", 180, ("R", "F")),
    ],
)
def test_angles_of_a_prone_patient(views, key, primary, orientation):
    (view,) = [view for view in views if view.key == key]
    assert view.pose.primary_angle == primary
    assert view.pose.patient_orientation == orientation


def test_l5_is_squared_in_every_view(views, cubes):
    axis = np.array(cubes.vertebra("L5").cranial_axis)
    for view in views:
        tilt = np.degrees(np.arcsin(view.pose.detector_direction @ axis / np.linalg.norm(axis)))
        assert abs(tilt) < 0.06


def test_right_target_is_right_in_the_image_from_behind(views, cubes):
    pose = views[0].pose
    left, right = pose.project([cubes.target("L4_MB", side).point_mm for side in ("left", "right")])
    assert right[1] > left[1]
    assert right[1] - left[1] > 10


def test_lengths_and_sizes(views, tiny_size):
    assert [view.frames for view in views] == [1, 1, 1, 1, 8, 8]
    assert [view.pose.rows for view in views] == [96] * 4 + [64] * 2
    assert Size() == Size(still=1024, run=512, advance_frames=30, contrast_frames=20)


def test_needle_of_the_contrast_run_lies_where_the_advance_ended(views, cubes):
    advance, contrast = views[4:]
    assert advance.needle_at(7) == contrast.needle_at(0) == contrast.needle_at(7)
    assert contrast.needle_at(0).tip_mm == pytest.approx(cubes.target("L4_MB", "right").point_mm)
    assert views[0].needle_at(0) is None


def test_contrast_appears_within_the_run(views):
    flow = views[5].injection
    assert flow.state_at(0) == "none"
    assert flow.state_at(views[5].frames - 1) == "complete"


def test_bone_in_the_way_is_refused(cubes):
    wall = box((-80, -80, 0), (-60, 10, 90))
    blocked = Phantom(bones={**cubes.bones, "wall": wall}, vertebrae=cubes.vertebrae, targets=cubes.targets)
    with pytest.raises(SimulationError, match=r"no free way .*wall"):
        planned_advance(blocked, skin(), 30)


def test_target_outside_the_body_is_refused(cubes):
    with pytest.raises(SimulationError, match="no free way"):
        planned_advance(cubes, box((200, 200, 200), (210, 210, 210)), 30)


@pytest.mark.parametrize(
    "changes", [{"still": 8}, {"run": 4}, {"advance_frames": 7}, {"contrast_frames": 0}, {"oversampling": 0}]
)
def test_impossible_size_is_refused(changes):
    with pytest.raises(SimulationError, match="sample study"):
        Size(**changes)


def test_real_needle_reaches_bone_through_soft_tissue_only(phantom):
    advance = planned_advance(phantom, skin(), 30)
    target = phantom.target("L4_MB", "right")
    gap = np.linalg.norm(phantom.bones["L5"].vertices - target.point_mm, axis=1).min()
    assert gap < 3.0
    depth = np.linalg.norm(np.subtract(advance.entry_mm, target.point_mm))
    assert 50 < depth < LENGTH_MM - 5
