import numpy as np
import pytest

from fluoro_annotator.errors import GeometryError, SimulationError
from fluoro_annotator.simulation.meshes import TriangleMesh, box, ellipsoid, join
from fluoro_annotator.simulation.projector import path_lengths


def pixel_rays(pose):
    """Unit directions of all pixel rays, shape (rows, columns, 3)."""
    rows, columns = np.indices((pose.rows, pose.columns))
    points = pose.detector_points(np.column_stack([rows.ravel(), columns.ravel()])) - pose.source_mm
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).reshape(pose.rows, pose.columns, 3)


def sphere_chords(pose, centre, radius):
    offset = np.array(centre) - pose.source_mm
    along = pixel_rays(pose) @ offset
    return 2 * np.sqrt(np.maximum(radius**2 - (offset @ offset - along**2), 0))


def box_chords(pose, lower, upper):
    with np.errstate(divide="ignore"):
        first = (np.array(lower) - pose.source_mm) / pixel_rays(pose)
        second = (np.array(upper) - pose.source_mm) / pixel_rays(pose)
    entry = np.minimum(first, second).max(axis=-1)
    leave = np.maximum(first, second).min(axis=-1)
    return np.maximum(leave - entry, 0)


@pytest.mark.parametrize(("primary", "secondary"), [(180, 0), (-155, 16), (90, 0), (37, -41)])
def test_sphere(view_of, primary, secondary):
    pose = view_of(primary, secondary)
    lengths = path_lengths(ellipsoid((4, -6, 9), (22, 22, 22), steps=160), pose)
    exact = sphere_chords(pose, (4, -6, 9), 22)
    away_from_rim = exact > 12
    assert lengths[away_from_rim] == pytest.approx(exact[away_from_rim], rel=2e-3)
    assert np.abs(lengths - exact).max() < 1.5
    assert lengths.sum() == pytest.approx(exact.sum(), rel=1e-3)


@pytest.mark.parametrize(("primary", "secondary"), [(180, 0), (-155, 16), (90, 0), (12, 60)])
def test_box_in_perspective_is_exact(view_of, primary, secondary):
    pose = view_of(primary, secondary)
    lower, upper = (-20, -13, -7), (15, 17, 21)
    assert path_lengths(box(lower, upper), pose) == pytest.approx(box_chords(pose, lower, upper), abs=2e-3)


def test_rays_through_edges_and_vertices_are_counted_once(view_of):
    """The plane y = 0, the diagonals and the edges of this box all meet pixel centres exactly."""
    pose = view_of(size=65)
    lower, upper = (-10, -10, -10), (10, 10, 10)
    assert path_lengths(box(lower, upper), pose)[32] == pytest.approx(
        box_chords(pose, lower, upper)[32], abs=2e-3
    )


def test_order_of_triangles_does_not_matter(view_of):
    mesh = ellipsoid((0, 0, 0), (20, 15, 25), steps=30)
    shuffled = np.random.default_rng(5).permutation(mesh.triangles)
    rolled = np.roll(shuffled, 1, axis=1)
    expected = path_lengths(mesh, view_of())
    assert path_lengths(TriangleMesh(mesh.vertices, rolled), view_of()) == pytest.approx(expected, abs=1e-6)


def test_separate_bodies_add_up(view_of):
    near, far = box((30, -9, -9), (40, 9, 9)), box((-40, -9, -9), (-30, 9, 9))
    both = path_lengths(join([near, far]), view_of())
    assert both == pytest.approx(path_lengths(near, view_of()) + path_lengths(far, view_of()))


def test_hollow_body(view_of):
    outer, inner = box((-20, -20, -20), (20, 20, 20)), box((-15, -15, -15), (15, 15, 15))
    shell = join([outer, TriangleMesh(inner.vertices, inner.triangles[:, ::-1])])
    assert path_lengths(shell, view_of(size=65))[32, 32] == pytest.approx(10, abs=1e-3)


def test_nearer_to_the_source_looks_larger(view_of):
    near = path_lengths(box((100, -5, -5), (101, 5, 5)), view_of())
    far = path_lengths(box((-100, -5, -5), (-99, 5, 5)), view_of())
    assert np.count_nonzero(near) > 1.5 * np.count_nonzero(far)


def test_body_outside_the_image_leaves_it_empty(view_of):
    assert not path_lengths(box((0, 100, 0), (1, 101, 1)), view_of()).any()


def test_body_across_the_border_is_cut(view_of):
    pose = view_of()
    lower, upper = (-5, -200, -5), (5, -20, 200)
    assert path_lengths(box(lower, upper), pose) == pytest.approx(box_chords(pose, lower, upper), abs=2e-3)


@pytest.mark.parametrize("primary", [180.0, -155.0, 90.0])
def test_small_sphere_appears_where_projection_says(view_of, primary):
    centre = (-30.0, -17.0, 22.0)
    pose = view_of(primary, 15.0, size=256)
    lengths = path_lengths(ellipsoid(centre, (1.5, 1.5, 1.5), steps=24), pose)
    rows, columns = np.indices(lengths.shape)
    centroid = np.array([(rows * lengths).sum(), (columns * lengths).sum()]) / lengths.sum()
    assert centroid == pytest.approx(pose.project([centre])[0], abs=0.1)


def test_open_mesh_is_refused(view_of):
    shape = box((-10, -10, -10), (10, 10, 10))
    open_box = TriangleMesh(shape.vertices, shape.triangles[1:])
    with pytest.raises(SimulationError, match="enters the surface without leaving"):
        path_lengths(open_box, view_of())


def test_mesh_behind_the_source_is_refused(view_of):
    with pytest.raises(GeometryError, match="behind the source"):
        path_lengths(box((650, -5, -5), (750, 5, 5)), view_of())
