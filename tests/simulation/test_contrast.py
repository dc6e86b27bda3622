import numpy as np
import pytest

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.contrast import Injection, Pool, drop_attenuation, periosteal_pool

TIP = (-30.0, -20.0, 32.0)


@pytest.fixture
def flow():
    return Injection(first_frame=5, last_frame=13, volume_ml=0.5)


@pytest.fixture
def pool(cubes):
    return periosteal_pool(cubes.bones["L5"], TIP, 15.0, np.random.default_rng(1))


def test_volume_grows_from_the_first_to_the_last_frame(flow):
    volumes = [flow.volume_at(frame) for frame in range(20)]
    assert volumes[:5] == [0.0] * 5
    assert volumes[5] == pytest.approx(0.5 / 9)
    assert volumes[13:] == pytest.approx([0.5] * 7)
    assert volumes == sorted(volumes)


def test_states(flow):
    states = [flow.state_at(frame) for frame in (0, 4, 5, 12, 13, 19)]
    assert states == ["none", "none", "flowing", "flowing", "complete", "complete"]


@pytest.mark.parametrize(
    "changes",
    [{"first_frame": -1}, {"first_frame": 13}, {"volume_ml": 0.0}],
)
def test_impossible_injection_is_refused(changes):
    with pytest.raises(SimulationError, match="do not fit"):
        Injection(**({"first_frame": 5, "last_frame": 13, "volume_ml": 0.5} | changes))


def test_one_drop_absorbs_what_its_volume_holds(view_of):
    """Integrated over the plane of the drop, attenuation x area is coefficient x volume."""
    drop = Pool(np.array([[0.0, 3.0, -4.0]]), np.array([2.0]), np.array([1.0]))
    pose = view_of(size=128, field_mm=60.0)
    shadow = drop.attenuation(0.5, 0.5, pose)
    pixel_area = (pose.pixel_pitch_mm / pose.magnification) ** 2
    assert shadow.sum() * pixel_area == pytest.approx(drop_attenuation() * 500, rel=0.01)
    peak = np.unravel_index(shadow.argmax(), shadow.shape)
    assert peak == pytest.approx(pose.project(drop.centres_mm)[0], abs=0.6)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_filled_volume_is_what_was_injected(pool, share):
    assert pool.filled(share * 0.5, 0.5).sum() == pytest.approx(share * 0.5)


def test_pool_spreads_from_the_tip_outwards(pool):
    def reach(volume):
        wet = pool.filled(volume, 0.5) > 0
        return np.linalg.norm(pool.centres_mm[wet] - TIP, axis=1).mean()

    assert reach(0.05) < reach(0.25) < reach(0.5)


def test_pool_stays_on_the_bone_surface(pool, cubes):
    vertices = cubes.bones["L5"].vertices
    gaps = [np.linalg.norm(vertices - centre, axis=1).min() for centre in pool.centres_mm]
    assert max(gaps) < 4.0


def test_shadow_grows_and_darkens(pool, view_of):
    pose = view_of(isocentre=(0, -20, 30), size=128, field_mm=80.0)
    early, late = pool.attenuation(0.1, 0.5, pose), pool.attenuation(0.5, 0.5, pose)
    assert np.count_nonzero(late > 0.1) > 1.5 * np.count_nonzero(early > 0.1) > 0
    assert not pool.attenuation(0.0, 0.5, pose).any()


def test_pool_outside_the_image_is_left_out(pool, view_of):
    assert not pool.attenuation(0.5, 0.5, view_of(isocentre=(0, 400, 0))).any()


def test_tip_away_from_bone_is_refused(cubes):
    with pytest.raises(SimulationError, match="does not touch the bone"):
        periosteal_pool(cubes.bones["L5"], (-90.0, 0.0, 30.0), 15.0, np.random.default_rng(1))
