import json

import pytest

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation import load_phantom
from fluoro_annotator.simulation.meshes import TriangleMesh, box


def test_phantom_holds_bones_vertebrae_and_targets(cube_folder):
    phantom = load_phantom(cube_folder)
    assert list(phantom.bones) == ["L4", "L5"]
    assert phantom.vertebra("L5").centroid_mm == (0, 0, 25)
    assert [(t.nerve, t.vertebra, t.side) for t in phantom.targets] == [
        ("L4_MB", "L5", "left"),
        ("L4_MB", "L5", "right"),
    ]
    assert phantom.target("L4_MB", "right").point_mm == (-30, -20, 32)


def test_phantom_cannot_be_changed(cubes):
    with pytest.raises(TypeError):
        cubes.bones["L3"] = cubes.bones["L4"]


def test_unknown_target_and_vertebra_are_named(cubes):
    with pytest.raises(SimulationError, match="no target L1_MB, left"):
        cubes.target("L1_MB", "left")
    with pytest.raises(SimulationError, match="no vertebra T12"):
        cubes.vertebra("T12")


def test_missing_folder(tmp_path):
    with pytest.raises(SimulationError, match=r"no meshes in this folder\. Give the folder"):
        load_phantom(tmp_path / "nowhere")


def test_missing_landmarks(cube_folder):
    (cube_folder / "landmarks.json").unlink()
    with pytest.raises(SimulationError, match=r"landmarks\.json: the landmarks cannot be read"):
        load_phantom(cube_folder)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"vertebrae": {}}',
        '{"vertebrae": {"L5": {"body_centroid_mm": [1, 2], "cranial_axis": [0, 0, 1]}}, "nerves": {}}',
        '{"vertebrae": {"L5": {"body_centroid_mm": [1, 2, NaN], "cranial_axis": [0, 0, 1]}}, "nerves": {}}',
        '{"vertebrae": {}, "nerves": {"L4_MB": {"vertebra": "L5", "left": {"target_mm": [1, 2, 3]}}}}',
        '{"vertebrae": [], "nerves": {}}',
        '{"vertebrae": {}, "nerves": {"L4_MB": 3}}',
    ],
)
def test_malformed_landmarks(cube_folder, content):
    (cube_folder / "landmarks.json").write_text(content)
    with pytest.raises(SimulationError, match=r"landmarks\.json: the landmarks are malformed"):
        load_phantom(cube_folder)


def test_landmarks_in_another_encoding(cube_folder):
    (cube_folder / "landmarks.json").write_bytes(json.dumps({"é": 1}, ensure_ascii=False).encode("latin-1"))
    with pytest.raises(SimulationError, match="malformed"):
        load_phantom(cube_folder)


def test_open_bone_is_named(cube_folder, ply_bytes):
    shape = box((0, 0, 0), (1, 1, 1))
    (cube_folder / "meshes" / "L3.ply").write_bytes(
        ply_bytes(TriangleMesh(shape.vertices, shape.triangles[2:]))
    )
    with pytest.raises(SimulationError, match=r"L3\.ply: the surface has a hole"):
        load_phantom(cube_folder)


def test_real_phantom(phantom):
    assert set(phantom.bones) == {"L1", "L2", "L3", "L4", "L5", "sacrum", "hip_bones"}
    assert len(phantom.targets) == 12
    heights = [vertebra.centroid_mm[2] for vertebra in phantom.vertebrae.values()]
    assert heights == sorted(heights, reverse=True)
