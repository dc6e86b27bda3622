"""Many slightly different pairs of C-arm poses at once, for the width of epipolar bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.view_geometry import FloatArray, Millimetres, UsableView

TINY: Final = 1e-12

STOPS: Final = 17
"""Places along the line at which the width of the band is computed."""

NEAREST_MM: Final = 50.0
"""Nothing is nearer to the X-ray source."""

TIE_MM: Final = 1.0
"""How well a tie fixes the shift, against how little is known of it before: an engineering default."""


def axes(angles: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the axes of many poses: towards the detector, down and across the image, head up.

    Parameters
    ----------
    angles : numpy.ndarray, shape (n, 2)
        Primary and secondary angles in degrees.

    Returns
    -------
    tuple of numpy.ndarray, each of shape (n, 3)
        Unit vectors (anterior, left, cranial), as in `CArmPose`.

    """
    primary, secondary = np.radians(angles).T
    level = np.cos(secondary)
    detector = np.column_stack([level * np.cos(primary), level * np.sin(primary), np.sin(secondary)])
    across = np.column_stack([-np.sin(primary), np.cos(primary), np.zeros_like(primary)])
    return detector, np.cross(-detector, across), across


def angle_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the angle between the central rays of two poses in degrees, 0 to 90 (opposite counts as 0)."""
    one, other = axes(np.array([first, second]))[0]
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), abs(one @ other))))


@dataclass(frozen=True, slots=True)
class Beams:
    """Two views and the shift between them, before anything is moved.

    Attributes
    ----------
    first, second : UsableView
        The views.
    shift_mm : tuple of 3 floats
        Isocentre of the second view minus that of the first, in the patient.
    shift_error_mm : float
        How far the shift may be off in any direction.

    """

    first: UsableView
    second: UsableView
    shift_mm: Millimetres
    shift_error_mm: float


@dataclass(frozen=True, slots=True)
class _Moved:
    """All uncertain numbers, n times: as they are, and each moved up and down.

    Shapes: angles (2 views, n, 2); near (2, n); shift (n, 3); points (n, 2) and ties (2, t, n, 2) in pixels.
    """

    angles: FloatArray
    near: FloatArray
    shift: FloatArray
    points: FloatArray
    ties: FloatArray


@dataclass(frozen=True, slots=True)
class Spread:
    """The image of a ray and how far it may be off, in mm (down, across) on the second detector.

    Attributes
    ----------
    ends : numpy.ndarray, shape (2, 2)
        The line, from far from to near the first detector.
    stops : numpy.ndarray, shape (k,)
        Places along the line, from its first end, including how far the ends may be off.
    half : numpy.ndarray, shape (k,)
        How far the line may be off to either side there.

    """

    ends: FloatArray
    stops: FloatArray
    half: FloatArray


def spread(
    beams: Beams,
    point: Point,
    ties: Sequence[tuple[Point, Point]],
    depth_mm: float,
    off: Mapping[str, float],
) -> Spread:
    """Return the image of a ray of the first view in the second, and how far it may be off.

    Parameters
    ----------
    beams : Beams
        The views.
    point : Point
        Position in the first image.
    ties : sequence of (Point, Point)
        Positions of the same structures in the first and in the second image.
    depth_mm : float
        How far the ray is followed to either side of the isocentre.
    off : mapping
        Half-widths: ``angle`` in degrees, ``distance`` and ``shift`` in mm, ``placement`` in pixels.

    """
    moved = _moved(beams, point, ties, off)
    ends = _seen(beams, moved, _tied_shift(beams, moved), np.array([-depth_mm, depth_mm]))
    unit = (ends[0, 1] - ends[0, 0]) / max(float(np.linalg.norm(ends[0, 1] - ends[0, 0])), TINY)
    along = (ends - ends[0, 0]) @ unit
    beside = (ends - ends[0, 0]) @ np.array([-unit[1], unit[0]])
    ahead = _together(along[1:] - along[0])
    stops = np.linspace(along[0, 0] - ahead[0], along[0, 1] + ahead[1], STOPS)
    return Spread(ends[0], stops, _together(_beside(along[1:], beside[1:], stops)))


def _beside(along: FloatArray, beside: FloatArray, stops: FloatArray) -> FloatArray:
    """Return how far other lines (n, 2 ends) lie beside the first one at places (k,) along it: (n, k)."""
    length = along[:, 1] - along[:, 0]
    slope = (beside[:, 1] - beside[:, 0]) / np.where(length > TINY, length, TINY)
    return np.asarray(beside[:, :1] + slope[:, None] * (stops - along[:, :1]))


SINGLES: Final = 6
"""Numbers that are moved for themselves: four angles and two distances."""

SHIFT_END: Final = 9


def _together(deviations: FloatArray) -> FloatArray:
    """Return the sum (k,) of the worst of deviations (2 n, k), which come in pairs up and down.

    Those of one position count as a ball or a disc, not as a box.
    """
    worst = np.abs(deviations).reshape(-1, 2, deviations.shape[1]).max(axis=1)
    shift = np.sqrt((worst[SINGLES:SHIFT_END] ** 2).sum(axis=0))
    places = worst[SHIFT_END:].reshape(-1, 2, deviations.shape[1])
    placed = np.sqrt((places**2).sum(axis=1)).sum(axis=0)
    return np.asarray(worst[:SINGLES].sum(axis=0) + shift + placed)


def _moved(
    beams: Beams, point: Point, ties: Sequence[tuple[Point, Point]], off: Mapping[str, float]
) -> _Moved:
    """Return each number moved up and down alone: first nothing, then pairs of rows per number."""
    ties_array = np.array(ties, dtype=np.float64).reshape(-1, 2, 2).transpose(1, 0, 2)
    start = np.concatenate(
        [
            np.ravel([beams.first.angles, beams.second.angles]),
            [beams.first.source_isocentre_mm, beams.second.source_isocentre_mm],
            beams.shift_mm,
            point,
            ties_array.ravel(),
        ]
    )
    sizes = np.repeat(
        [off["angle"], off["distance"], off["shift"], off["placement"]], [4, 2, 3, 2 + ties_array.size]
    )
    steps = np.stack([np.diag(sizes), -np.diag(sizes)], axis=1).reshape(-1, len(sizes))
    rows = start + np.vstack([np.zeros(len(sizes)), steps])
    count = len(rows)
    return _Moved(
        rows[:, :4].reshape(count, 2, 2).transpose(1, 0, 2),
        rows[:, 4:6].T,
        rows[:, 6:9],
        rows[:, 9:11],
        rows[:, 11:].reshape(count, 2, -1, 2).transpose(1, 2, 0, 3),
    )


def _rays(view: UsableView, angles: FloatArray, pixels: FloatArray) -> FloatArray:
    """Return vectors (n, 3) from the source to pixels (n, 2) on the detector."""
    detector, down, across = axes(angles)
    offsets = view.to_detector(pixels)
    return view.source_detector_mm * detector + offsets[:, :1] * down + offsets[:, 1:] * across


def _sources(angles: FloatArray, near: FloatArray) -> FloatArray:
    """Return positions (n, 3) of the X-ray source from the isocentre."""
    return -near[:, None] * axes(angles)[0]


def _tied_shift(beams: Beams, moved: _Moved) -> FloatArray:
    """Return the shifts (n, 3) with which the rays of each tie meet, as near as possible to the given ones.

    Two rays meet if the vector between their sources has no part along their common perpendicular.
    What the ties leave open stays as it was (ridge regression).
    """
    if not moved.ties.shape[1]:
        return moved.shift
    apart = _sources(moved.angles[0], moved.near[0]) - _sources(moved.angles[1], moved.near[1])
    normals = []
    for one, other in zip(*moved.ties, strict=True):
        normal = np.cross(
            _rays(beams.first, moved.angles[0], one), _rays(beams.second, moved.angles[1], other)
        )
        normals.append(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), TINY))
    system = np.stack(normals, axis=1)
    missing = np.einsum("ntx,nx->nt", system, apart - moved.shift)
    ridge = (TIE_MM / max(beams.shift_error_mm, TIE_MM)) ** 2 * np.eye(system.shape[1])
    weights = np.linalg.solve(system @ system.transpose(0, 2, 1) + ridge, missing[:, :, None])
    return np.asarray(moved.shift + (system.transpose(0, 2, 1) @ weights)[:, :, 0])


def _seen(beams: Beams, moved: _Moved, shift: FloatArray, depths: FloatArray) -> FloatArray:
    """Return where places along the ray of the point are seen: (n, k, 2) in mm on the second detector."""
    ray = _rays(beams.first, moved.angles[0], moved.points) / beams.first.source_detector_mm
    reach = moved.near[0][:, None] + depths
    from_first = _sources(moved.angles[0], moved.near[0])[:, None] + reach[:, :, None] * ray[:, None]
    offset = from_first - shift[:, None] - _sources(moved.angles[1], moved.near[1])[:, None]
    detector, down, across = axes(moved.angles[1])
    far = np.maximum(np.einsum("nkx,nx->nk", offset, detector), NEAREST_MM)
    seen = np.stack([np.einsum("nkx,nx->nk", offset, axis) for axis in (down, across)], axis=-1)
    return np.asarray(seen * beams.second.source_detector_mm / far[:, :, None])
