"""A lead letter on the detector cover, as technologists place one to show the patient's right."""

from __future__ import annotations

import numpy as np

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.materials import MATERIALS
from fluoro_annotator.simulation.needle import Capsule, Point

GAP_MM = 20.0
"""Distance of the letter from the detector plane."""

WIRE_MM = 1.1
"""Diameter of the lead wire."""

LETTER_R: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = (
    ((0.0, 0.0), (0.0, 10.0)),
    ((0.0, 0.0), (4.6, 0.0)),
    ((4.6, 0.0), (6.2, 2.4)),
    ((6.2, 2.4), (4.6, 4.9)),
    ((4.6, 4.9), (0.0, 4.9)),
    ((2.8, 4.9), (6.6, 10.0)),
)
"""Strokes of the letter R in mm: pairs of (to the right, down)."""


def right_marker(pose: CArmPose, place: tuple[float, float]) -> tuple[Capsule, ...]:
    """Return the strokes of a lead R.

    Parameters
    ----------
    pose : CArmPose
        The view in which the letter is to be read.
    place : tuple of float
        Top left corner of the letter as shares (row, column) of the image.

    """
    corner = np.array([place[0] * pose.rows, place[1] * pose.columns])
    origin = pose.detector_points([corner])[0] - GAP_MM * pose.detector_direction
    return tuple(
        Capsule(_at(pose, origin, start), _at(pose, origin, end), WIRE_MM / 2, MATERIALS["lead"].per_mm)
        for start, end in LETTER_R
    )


def _at(pose: CArmPose, origin: np.ndarray, stroke: tuple[float, float]) -> Point:
    right, down = stroke
    x, y, z = origin + right * pose.column_direction + down * pose.row_direction
    return float(x), float(y), float(z)
