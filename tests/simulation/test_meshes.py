import math

import numpy as np
import pytest

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.meshes import (
    TriangleMesh,
    box,
    ellipsoid,
    join,
    loft,
    ray_crossings,
    read_ply,
    require_closed,
)


def test_box_is_closed_and_has_its_volume():
    assert require_closed(box((1, 2, 3), (4, 6, 8)), "box").volume_mm3 == pytest.approx(3 * 4 * 5)


def test_ellipsoid_is_closed_and_has_its_volume():
    ball = require_closed(ellipsoid((5, -3, 2), (10, 20, 30), steps=80), "ball")
    assert ball.volume_mm3 == pytest.approx(4 / 3 * math.pi * 6000, rel=2e-3)
    assert ball.vertices.mean(axis=0) == pytest.approx((5, -3, 2))


def test_loft_closes_both_ends():
    angles = 2 * np.pi * np.arange(12) / 12
    ring = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(12)])
    tube = loft([ring, ring + np.array([0, 0, 5]), ring + np.array([1, 0, 9])])
    assert require_closed(tube, "tube").volume_mm3 == pytest.approx(9 * 3.0, rel=1e-6)


def test_shrinking_moves_a_ball_inwards():
    ball = ellipsoid((0, 0, 0), (20, 20, 20), steps=60)
    radii = np.linalg.norm(ball.shrunk(1.3).vertices, axis=1)
    assert radii == pytest.approx(18.7, abs=0.03)


def test_moved_scaled_and_joined():
    small = box((0, 0, 0), (1, 1, 1))
    both = join([small.scaled((2, 1, 1)), small.moved((10, 0, 0)).scaled(2)])
    assert require_closed(both, "both").volume_mm3 == pytest.approx(2 + 8)
    assert both.vertices.max(axis=0) == pytest.approx((22, 2, 2))


def test_missing_triangle_is_a_hole():
    shape = box((0, 0, 0), (1, 1, 1))
    with pytest.raises(SimulationError, match="L9: the surface has a hole"):
        require_closed(TriangleMesh(shape.vertices, shape.triangles[:-1]), "L9")


def test_one_turned_triangle_is_refused():
    shape = box((0, 0, 0), (1, 1, 1))
    triangles = shape.triangles.copy()
    triangles[3] = triangles[3][::-1]
    with pytest.raises(SimulationError, match="winding"):
        require_closed(TriangleMesh(shape.vertices, triangles), "L9")


def test_mesh_inside_out_is_refused():
    shape = box((0, 0, 0), (1, 1, 1))
    with pytest.raises(SimulationError, match="inwards"):
        require_closed(TriangleMesh(shape.vertices, shape.triangles[:, ::-1]), "L9")


def test_mesh_without_triangles_is_refused():
    with pytest.raises(SimulationError, match="no triangles"):
        require_closed(TriangleMesh(np.zeros((3, 3)), np.empty((0, 3), dtype=int)), "L9")


@pytest.mark.parametrize(
    ("vertices", "triangles", "problem"),
    [
        (np.zeros((3, 2)), [[0, 1, 2]], "three columns"),
        (np.zeros((3, 3)), [[0, 1]], "three columns"),
        (np.zeros((3, 3)), [[0, 1, 3]], "does not exist"),
        (np.zeros((3, 3)), [[0, 1, -1]], "does not exist"),
        (np.full((3, 3), np.nan), [[0, 1, 2]], "not a number"),
    ],
)
def test_impossible_mesh_is_refused(vertices, triangles, problem):
    with pytest.raises(SimulationError, match=problem):
        TriangleMesh(vertices, np.array(triangles))


def test_ray_crossings_of_a_box():
    shape = box((10, -1, -1), (14, 2, 3))
    assert ray_crossings(shape, (0, 0.3, 0.4), (5, 0, 0)) == pytest.approx([10, 14])
    assert ray_crossings(shape, (12, 0.3, 0.4), (1, 0, 0)) == pytest.approx([2])
    assert ray_crossings(shape, (0, 0.3, 0.4), (-1, 0, 0)).size == 0


def test_ply_round_trip(tmp_path, ply_bytes):
    shape = box((-1, 0.5, 2), (3, 4, 5.25))
    (tmp_path / "shape.ply").write_bytes(ply_bytes(shape))
    read = read_ply(tmp_path / "shape.ply")
    assert np.array_equal(read.vertices, shape.vertices)
    assert np.array_equal(read.triangles, shape.triangles)


def test_ply_with_normals_reads_positions(tmp_path, ply_bytes):
    shape = box((0, 0, 0), (1, 1, 1))
    plain = ply_bytes(shape)
    header, _, body = plain.partition(b"end_header\n")
    points = np.frombuffer(body, "<f4", count=24).reshape(8, 3)
    header = header.replace(b"property float z\n", b"property float z\nproperty float nx\n")
    wide = np.column_stack([points, np.full(8, 9.0, dtype="<f4")]).astype("<f4").tobytes()
    (tmp_path / "n.ply").write_bytes(header + b"end_header\n" + wide + body[points.nbytes :])
    assert np.array_equal(read_ply(tmp_path / "n.ply").vertices, shape.vertices)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(SimulationError, match=r"L1\.ply: the mesh file cannot be read"):
        read_ply(tmp_path / "L1.ply")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"\x00\xff" * 40,
        lambda data: data.replace(b"binary_little_endian", b"ascii"),
        lambda data: data.replace(b"end_header", b"end_of_all"),
        lambda data: data[:-5],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"element face", b"element fact"),
        lambda data: data.replace(b"element vertex 8", b"element vertex x"),
        lambda data: data.replace(b"property float z", b"property float w"),
        lambda data: data.replace(b"property float z", b"property quark z"),
        lambda data: data.replace(b"element vertex 8", b"element vertex 9"),
        lambda data: data.replace(b"element vertex 8", b"element vertex -8"),
        lambda data: data.replace(b"\x03\x00\x00\x00\x00", b"\x04\x00\x00\x00\x00"),
    ],
)
def test_malformed_ply_is_named(tmp_path, ply_bytes, damage):
    path = tmp_path / "L2.ply"
    path.write_bytes(damage(ply_bytes(box((0, 0, 0), (1, 1, 1)))))
    with pytest.raises(SimulationError, match=r"L2\.ply: .* Use the binary little endian PLY"):
        read_ply(path)
