"""How a C-arm stands to a vertebra, and where it has to stand to see it in a wanted way.

What counts is the ray through the middle of the vertebra's superior endplate, in the vertebra's own axes, because the
rays of a C-arm diverge: away from the middle of the image a view is another one.

*Turn*: angle of that ray in the plane of the endplate, from dorsal towards the patient's left; 0 is an AP, 90 a lateral
with the detector at the left, -90 one with the detector at the right, 25 a left oblique.
*Tilt*: angle of that ray to the endplate, positive if the detector is too far towards the head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.landmarks import Endplate
from fluoro_annotator.simulation.phantom import Point

FloatArray = NDArray[np.float64]

ROUNDS = 60
ANGLE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Stand:
    """Turn and tilt (degrees) at which a C-arm sees a vertebra."""

    turn: float
    tilt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Size of the image and distances of the C-arm.

    Parameters
    ----------
    edge : int
        Rows and columns.
    field_mm : float
        Edge of the square that encloses the round field, at the detector.
    source_to_detector_mm, source_to_isocentre_mm : float
        Distances along the central ray.

    """

    edge: int
    field_mm: float
    source_to_detector_mm: float = 1000.0
    source_to_isocentre_mm: float = 700.0


def stand_of(pose: CArmPose, plate: Endplate) -> Stand:
    """Return the turn and tilt at which a pose sees a vertebra."""
    ray = np.array(plate.middle_mm) - pose.source_mm
    ray = ray / np.linalg.norm(ray)
    turn = math.degrees(math.atan2(float(ray[1]), -float(ray @ plate.anterior)))
    return Stand(turn, math.degrees(math.asin(float(ray @ np.array(plate.normal)))))


def aimed(plate: Endplate, wanted: Stand, centre_mm: Point, frame: Frame) -> CArmPose:
    """Return the pose that sees a vertebra at a wanted turn and tilt, with a point in the middle of the image.

    Parameters
    ----------
    plate : Endplate
        Superior endplate of the vertebra.
    wanted : Stand
        Turn and tilt.
    centre_mm : tuple of float
        What the image is centred on.
    frame : Frame
        Size and distances.

    Returns
    -------
    CArmPose
        With angles rounded to hundredths of a degree.

    """
    turn, tilt = math.radians(wanted.turn), math.radians(wanted.tilt)
    level = -math.cos(turn) * plate.anterior + math.sin(turn) * np.array([0.0, 1.0, 0.0])
    ray = math.cos(tilt) * level + math.sin(tilt) * np.array(plate.normal)
    direction = ray
    for _ in range(ROUNDS):
        source = np.array(centre_mm) - frame.source_to_isocentre_mm * direction
        seen = np.array(plate.middle_mm) - source
        direction = direction + ray - seen / np.linalg.norm(seen)
        direction = direction / np.linalg.norm(direction)
    return _posed(direction, centre_mm, frame)


def _posed(direction: FloatArray, centre_mm: Point, frame: Frame) -> CArmPose:
    x, y, z = (float(value) for value in direction)
    return CArmPose(
        primary_angle=round(math.degrees(math.atan2(y, x)), ANGLE_DIGITS) + 0.0,
        secondary_angle=round(math.degrees(math.asin(z)), ANGLE_DIGITS) + 0.0,
        isocentre_mm=centre_mm,
        rows=frame.edge,
        columns=frame.edge,
        pixel_pitch_mm=frame.field_mm / frame.edge,
        source_to_detector_mm=frame.source_to_detector_mm,
        source_to_isocentre_mm=frame.source_to_isocentre_mm,
    )
