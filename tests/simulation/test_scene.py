import numpy as np
import pytest

from fluoro_annotator.simulation import Scene
from fluoro_annotator.simulation.materials import MATERIALS, difference
from fluoro_annotator.simulation.meshes import box, require_closed
from fluoro_annotator.simulation.scene import CORTEX_MM, TEXTURES, bone_bodies, disc_bodies, texture_field
from fluoro_annotator.simulation.soft_tissue import (
    ERECTOR,
    FAT_MM,
    PSOAS,
    TORSO,
    Body,
    skin,
    soft_tissue,
    tube,
)


@pytest.fixture
def generator():
    return np.random.default_rng(11)


def test_attenuation_is_coefficient_times_length(view_of, generator):
    scene = Scene((Body("slab", box((-10, -30, -30), (10, 30, 30)), 0.02),))
    assert scene.attenuation(view_of(size=65), generator)[32, 32] == pytest.approx(0.4, abs=1e-4)


def test_bodies_inside_each_other_add_their_differences(view_of, generator):
    fat, muscle = (
        Body("fat", box((-50, -40, -40), (50, 40, 40)), 0.02),
        Body("muscle", box((-5, -9, -9), (5, 9, 9)), 0.003),
    )
    middle = Scene((fat, muscle)).attenuation(view_of(size=65), generator)[32, 32]
    assert middle == pytest.approx(100 * 0.02 + 10 * 0.003, abs=1e-4)


def test_bone_is_a_shell_around_a_core(cubes, view_of, generator):
    """Through the middle of the box: 2 x 1.3 mm of shell and 57.4 mm of core instead of soft tissue."""
    plain = tuple(Body(b.name, b.mesh, b.attenuation_per_mm) for b in bone_bodies(cubes))
    middle = Scene(plain).attenuation(view_of(size=65, isocentre=(0, 0, 25)), generator)[32, 32]
    expected = 2 * CORTEX_MM * difference("shell", "viscera") + (60 - 2 * CORTEX_MM) * difference(
        "cancellous", "viscera"
    )
    assert middle == pytest.approx(expected, rel=1e-3)


def test_discs_lie_between_vertebrae(cubes):
    (disc,) = disc_bodies(cubes)
    assert disc.name == "disc L4-L5"
    assert require_closed(disc.mesh, "disc").vertices.mean(axis=0) == pytest.approx((0, 0, 45))


def test_empty_scene_lets_everything_through(view_of, generator):
    assert np.array_equal(Scene(()).attenuation(view_of(), generator), np.zeros((64, 64)))


@pytest.mark.parametrize("name", list(TEXTURES))
def test_texture_has_its_strength_and_no_mean(view_of, generator, name):
    field = texture_field(TEXTURES[name], view_of(size=256), generator)
    assert field.std() == pytest.approx(TEXTURES[name].strength, rel=0.25)
    assert abs(field.mean()) < TEXTURES[name].strength


def test_texture_touches_only_bodies_that_ask_for_it(view_of, generator):
    mesh = box((-10, -60, -60), (10, 60, 60))
    smooth = Scene((Body("plain", mesh, 0.02),)).attenuation(view_of(), generator)
    rough = Scene((Body("rough", mesh, 0.02, "trabecular"),)).attenuation(view_of(), generator)
    assert smooth[20:40, 20:40].std() < 0.001
    assert rough[20:40, 20:40].std() > 0.01


def test_soft_tissue_is_closed_and_lies_inside_the_skin():
    bodies = soft_tissue()
    for body in bodies[1:]:
        assert body.mesh.volume_mm3 > 0
    inner = tube(TORSO, squareness=2.4, inset_mm=FAT_MM)
    assert inner.volume_mm3 < require_closed(skin(), "skin").volume_mm3
    assert bodies[0].attenuation_per_mm == pytest.approx(MATERIALS["fat"].per_mm, rel=0.01)


@pytest.mark.parametrize("sections", [PSOAS, ERECTOR, TORSO])
def test_mirrored_tube_is_closed_and_on_the_other_side(sections):
    left, right = tube(sections), tube(sections, mirror=True)
    assert require_closed(right, "right").volume_mm3 == pytest.approx(require_closed(left, "left").volume_mm3)
    assert right.vertices[:, 1].mean() == pytest.approx(-left.vertices[:, 1].mean(), abs=1e-6)


def test_soft_tissue_is_always_the_same():
    first, second = soft_tissue(), soft_tissue()
    assert all(np.array_equal(a.mesh.vertices, b.mesh.vertices) for a, b in zip(first, second, strict=True))


def test_order_of_attenuation_is_physical():
    order = ["air", "fat", "viscera", "muscle", "cancellous", "shell", "cortical", "steel", "lead"]
    values = [MATERIALS[name].per_mm for name in order]
    assert values == sorted(values)
    assert MATERIALS["cortical"].per_mm == pytest.approx(0.0814, abs=0.0005)
    assert all(material.source for material in MATERIALS.values())
