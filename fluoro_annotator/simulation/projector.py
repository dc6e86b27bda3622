"""Path lengths of X-rays through closed meshes, by rasterising signed triangle distances.

A ray that crosses a closed surface leaves it as often as it enters it. The length inside
is the sum over all triangles hit of (distance from the source) times +1 where the ray leaves and
-1 where it enters, whatever the order of the triangles. Each triangle is visited once and
only the pixels under its shadow are tested, so the cost grows with triangles and shadow area.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.meshes import TriangleMesh

FloatArray = NDArray[np.float64]

JITTERS = ((3.1e-6, 5.3e-6), (-7.7e-5, 4.9e-5), (1.3e-4, 2.9e-4), (-6.1e-4, -8.3e-4))
"""Shifts (row, column) in pixels of the sampling grid, tried in turn.

A ray through a vertex or exactly along an edge could be counted for none or both of two
neighbours. A shift far below any visible size avoids exact hits; if one still occurs, the sum of
the signs along that ray is not zero, which is seen, and the next shift is used.
"""


def path_lengths(mesh: TriangleMesh, pose: CArmPose) -> FloatArray:
    """Return how many mm of each pixel's ray lie inside a closed mesh.

    Parameters
    ----------
    mesh : TriangleMesh
        Closed and wound outwards (see `require_closed`), wholly in front of the source.
    pose : CArmPose
        The view; `pose.rows` and `pose.columns` give the size of the result.

    Returns
    -------
    numpy.ndarray, shape (rows, columns), float64
        Length in mm. Where a mesh overlaps itself the parts are added; where it is
        folded inside out the length is negative.

    Raises
    ------
    SimulationError
        If a ray enters the mesh more often than it leaves it: the mesh has a hole.
    GeometryError
        If part of the mesh lies behind the source.

    """
    shadows = pose.project(mesh.vertices)
    for row_shift, column_shift in JITTERS:
        lengths, balance = _trace(mesh, pose, shadows, (row_shift, column_shift))
        if not balance.any():
            return lengths
    remedy = "Only closed surfaces can be rendered; repair the mesh."
    raise SimulationError("triangle mesh", "a ray enters the surface without leaving it", remedy)


def _trace(
    mesh: TriangleMesh,
    pose: CArmPose,
    shadows: FloatArray,
    shift: tuple[float, float],
) -> tuple[FloatArray, NDArray[np.int32]]:
    shape = (pose.rows, pose.columns)
    lengths, balance = np.zeros(shape), np.zeros(shape, dtype=np.int32)
    corner, row_step, column_step = _pixel_grid(pose, shift)
    vertices = mesh.vertices - pose.source_mm
    _accumulate(vertices, mesh.triangles, shadows, corner, row_step, column_step, lengths, balance)
    return lengths, balance


def _pixel_grid(pose: CArmPose, shift: tuple[float, float]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return source-to-pixel (0, 0) and the steps to the next row and column, in mm."""
    corner = pose.detector_points([shift])[0] - pose.source_mm
    pitch = pose.pixel_pitch_mm
    return corner, pitch * pose.row_direction, pitch * pose.column_direction


@njit(cache=True)
def _edge(ax, ay, az, bx, by, bz, dx, dy, dz):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0917  # compiled, called a billion times
    """Triple product (a x b) . d: on which side of the plane source-a-b the ray d passes."""
    return (ay * bz - az * by) * dx + (az * bx - ax * bz) * dy + (ax * by - ay * bx) * dz


@njit(cache=True)
def _accumulate(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0917  # compiled, results are written in place
    vertices: FloatArray,
    triangles: NDArray[np.int64],
    shadows: FloatArray,
    corner: FloatArray,
    row_step: FloatArray,
    column_step: FloatArray,
    lengths: FloatArray,
    balance: NDArray[np.int32],
):
    rows, columns = lengths.shape
    for index in range(triangles.shape[0]):
        i, j, k = triangles[index, 0], triangles[index, 1], triangles[index, 2]
        first_row = max(0, int(np.floor(min(shadows[i, 0], shadows[j, 0], shadows[k, 0]))))
        last_row = min(rows - 1, int(np.ceil(max(shadows[i, 0], shadows[j, 0], shadows[k, 0]))))
        first_column = max(0, int(np.floor(min(shadows[i, 1], shadows[j, 1], shadows[k, 1]))))
        last_column = min(columns - 1, int(np.ceil(max(shadows[i, 1], shadows[j, 1], shadows[k, 1]))))
        if first_row > last_row or first_column > last_column:
            continue
        ax, ay, az = vertices[i, 0], vertices[i, 1], vertices[i, 2]
        bx, by, bz = vertices[j, 0], vertices[j, 1], vertices[j, 2]
        cx, cy, cz = vertices[k, 0], vertices[k, 1], vertices[k, 2]
        volume = _edge(ax, ay, az, bx, by, bz, cx, cy, cz)
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                dx = corner[0] + row * row_step[0] + column * column_step[0]
                dy = corner[1] + row * row_step[1] + column * column_step[1]
                dz = corner[2] + row * row_step[2] + column * column_step[2]
                ab = _edge(ax, ay, az, bx, by, bz, dx, dy, dz)
                bc = _edge(bx, by, bz, cx, cy, cz, dx, dy, dz)
                ca = _edge(cx, cy, cz, ax, ay, az, dx, dy, dz)
                sign = 1 if ab > 0 and bc > 0 and ca > 0 else -1 if ab < 0 and bc < 0 and ca < 0 else 0
                if sign != 0:
                    scale = abs(volume / (ab + bc + ca))
                    lengths[row, column] += sign * scale * np.sqrt(dx * dx + dy * dy + dz * dz)
                    balance[row, column] += sign
