import json
import os
from pathlib import Path

import numpy as np
import pytest

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation import Size, load_phantom, make_lumbar_study
from fluoro_annotator.simulation.meshes import TriangleMesh, box

ROOT = Path(__file__).parents[2]


def subdivided(mesh):
    """Split each triangle into four."""
    corners = mesh.corners
    middles = (corners + np.roll(corners, -1, axis=1)) / 2
    a, b, c = np.moveaxis(corners, 1, 0)
    ab, bc, ca = np.moveaxis(middles, 1, 0)
    parts = np.concatenate(
        [np.stack(p, axis=1) for p in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
    )
    points, index = np.unique(parts.reshape(-1, 3), axis=0, return_inverse=True)
    return TriangleMesh(points, index.reshape(-1, 3))


def ply_bytes(mesh, *, vertices=None, last=b""):
    count = len(mesh.vertices) if vertices is None else vertices
    header = (
        "ply\nformat binary_little_endian 1.0\ncomment made by a test\n"
        f"element vertex {count}\nproperty float x\nproperty float y\nproperty float z\n"
        f"element face {len(mesh.triangles)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    faces = np.empty(len(mesh.triangles), dtype=[("size", "u1"), ("corners", "<i4", (3,))])
    faces["size"], faces["corners"] = 3, mesh.triangles
    return header.encode() + mesh.vertices.astype("<f4").tobytes() + faces.tobytes() + last


def landmarks():
    def side(y):
        return {"left": {"target_mm": [-30.0, y, 32.0]}, "right": {"target_mm": [-30.0, -y, 32.0]}}

    return {
        "vertebrae": {
            "L4": {"body_centroid_mm": [0.0, 0.0, 65.0], "cranial_axis": [0.2, 0.0, 0.98]},
            "L5": {"body_centroid_mm": [0.0, 0.0, 25.0], "cranial_axis": [0.3, 0.0, 0.95]},
        },
        "nerves": {"L4_MB": {"vertebra": "L5", **side(20.0)}},
    }


@pytest.fixture(name="ply_bytes")
def fixture_ply_bytes():
    return ply_bytes


@pytest.fixture
def cube_folder(tmp_path_factory):
    """A phantom folder with two boxes as vertebrae."""
    folder = tmp_path_factory.mktemp("phantom")
    write_cubes(folder)
    return folder


def write_cubes(folder):
    (folder / "meshes").mkdir()
    upper, lower = box((-30, -25, 50), (30, 25, 80)), box((-30, -25, 10), (30, 25, 40))
    for _ in range(3):
        upper, lower = subdivided(upper), subdivided(lower)
    (folder / "meshes" / "L4.ply").write_bytes(ply_bytes(upper))
    (folder / "meshes" / "L5.ply").write_bytes(ply_bytes(lower))
    (folder / "landmarks.json").write_text(json.dumps(landmarks()))


@pytest.fixture(scope="session")
def cubes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cubes")
    write_cubes(folder)
    return load_phantom(folder)


@pytest.fixture(scope="session")
def tiny_size():
    return Size(still=96, run=64, advance_frames=8, contrast_frames=8, oversampling=2)


@pytest.fixture(scope="session")
def tiny_study(cubes, tiny_size, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "made" / "here"
    make_lumbar_study(cubes, folder, tiny_size)
    return folder


@pytest.fixture(scope="session")
def sample_folder():
    return ROOT / "sample_dicoms"


@pytest.fixture(scope="session")
def sample_truth(sample_folder):
    return json.loads((sample_folder / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def phantom_folder():
    folder = Path(os.environ.get("FLUORO_ANNOTATOR_PHANTOM", ROOT.parent / "shared" / "phantom"))
    if not (folder / "landmarks.json").is_file():
        pytest.skip("the phantom is not here: set FLUORO_ANNOTATOR_PHANTOM to its folder")
    return folder


@pytest.fixture(scope="session")
def phantom(phantom_folder):
    return load_phantom(phantom_folder)


@pytest.fixture
def view_of():
    """Return a function that makes a pose: by default straight from behind, 64 x 64."""

    def make(primary=180.0, secondary=0.0, size=64, field_mm=120.0, isocentre=(0.0, 0.0, 0.0)):
        return CArmPose(
            primary_angle=primary,
            secondary_angle=secondary,
            isocentre_mm=isocentre,
            rows=size,
            columns=size,
            pixel_pitch_mm=field_mm / size,
        )

    return make
