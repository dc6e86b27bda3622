"""Outline of a bone in an image: the border of its shadow, as a polygon of few points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.meshes import TriangleMesh
from fluoro_annotator.simulation.projector import path_lengths

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_POINTS = 60
STEPS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
"""Neighbours of a pixel (row, column), clockwise, from the one to the right."""

FIRST_TOLERANCE_PX, GROWTH = 0.4, 1.3


def outline(mesh: TriangleMesh, pose: CArmPose) -> list[tuple[float, float]]:
    """Return the outline of a bone in the image of a pose.

    Parameters
    ----------
    mesh : TriangleMesh
        The bone.
    pose : CArmPose
        The view.

    Returns
    -------
    list of (row, column)
        Corners of the polygon around the largest part of the shadow that is in the image, at most 60 of them;
        nothing if the bone is not in the image.

    """
    shadow = ndimage.binary_opening(path_lengths(mesh, pose) > 0, iterations=2)
    points = traced(_largest(shadow))
    if len(points) < 3:  # noqa: PLR2004  # a polygon has three corners
        return []
    tolerance = FIRST_TOLERANCE_PX
    kept = simplified(points, tolerance)
    while len(kept) > MOST_POINTS:
        tolerance *= GROWTH
        kept = simplified(points, tolerance)
    return [(float(row), float(column)) for row, column in kept]


def _largest(shadow: BoolArray) -> BoolArray:
    labels, count = ndimage.label(shadow)
    if count == 0:
        return shadow
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray(labels == sizes.argmax())


def traced(shadow: BoolArray) -> FloatArray:
    """Return the border pixels of one connected shadow, in order (Moore's neighbour tracing), shape (n, 2)."""
    padded = np.pad(shadow, 1)
    if not padded.any():
        return np.empty((0, 2))
    start = tuple(int(value) for value in np.argwhere(padded)[0])
    border = [start]
    place, heading = start, 0
    while True:
        for turn in range(len(STEPS)):
            trial = (heading + 6 + turn) % len(STEPS)
            row, column = place[0] + STEPS[trial][0], place[1] + STEPS[trial][1]
            if padded[row, column]:
                place, heading = (row, column), trial
                break
        else:
            break  # a single pixel
        if place == start:
            break
        border.append(place)
    return np.asarray(border, dtype=np.float64) - 1


def simplified(points: FloatArray, tolerance: float) -> FloatArray:
    """Return the corners of a closed polygon that keep it within a tolerance (Ramer 1972, Douglas and Peucker 1973)."""
    far = int(np.linalg.norm(points - points[0], axis=1).argmax())
    closed = np.vstack([points, points[:1]])
    kept = np.zeros(len(closed), dtype=bool)
    kept[[0, far, -1]] = True
    waiting = [(0, far), (far, len(closed) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < len(("both", "ends")):
            continue
        gaps = _distances(closed[first + 1 : last], closed[first], closed[last])
        worst = int(gaps.argmax())
        if gaps[worst] > tolerance:
            middle = first + 1 + worst
            kept[middle] = True
            waiting += [(first, middle), (middle, last)]
    return np.asarray(closed[:-1][kept[:-1]])


def _distances(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    along = end - start
    length = float(np.linalg.norm(along))
    if length == 0:
        return np.asarray(np.linalg.norm(points - start, axis=1))
    offsets = points - start
    return np.asarray(np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / length)
