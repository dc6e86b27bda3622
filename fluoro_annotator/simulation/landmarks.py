"""Landmarks of the bones in 3-D, derived from the meshes by stated geometry.

Superior endplate: the plane that fits best (least squares) through the upward facing surface of the body; its normal is
kept in the mid-sagittal plane, about which the phantom is symmetric. Its ends are the outermost points of the rim.
Articular process and foramen: rays from dorsal, along the endplate, through the articular process; a level
is *free* if every ray leaves the bone dorsal to the body, that is above the pedicle, where the foramen lies in
front. The posterior margin is the most dorsal point of the process between the level of the target and there. Transverse process: highest point of its upper border at a distance lateral to the notch.

This is geometry of one phantom and not a physician's reading. What the meshes do not give is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.meshes import TriangleMesh, ray_crossings
from fluoro_annotator.simulation.phantom import Phantom, Point, Target

FloatArray = NDArray[np.float64]

BONE_OF: Mapping[str, str] = {"S1": "sacrum"}
"""Name of the mesh that holds a vertebra, where it is not the vertebra's own name."""

FACING_UP = 0.75
BODY_HALF_WIDTH_MM, BODY_HALF_DEPTH_MM, BODY_TOP_MM = 20.0, 14.0, 3.0
RIM_MM = 4.0
"""What belongs to the superior endplate and to its rim."""

PROCESS_OFFSETS_MM = tuple(float(value) for value in np.arange(2.0, 11.0, 1.0))
"""How far medial to the notch rays are sent through the articular process."""

LEVELS_MM = tuple(float(value) for value in np.arange(-2.0, 16.0, 0.5))
BEHIND_PEDICLE_MM = -12.0
FEWEST_RAYS = 3
START_MM = 80.0
FORAMEN_HEIGHT_MM = 4.0

BORDER_OFFSETS_MM = (14.0, 10.0, 7.0)
"""How far lateral to the notch the end of the upper border of a transverse process is taken; the first that exists."""

SLICE_MM = 1.5
BEHIND_BODY_MM = -15.0


@dataclass(frozen=True, slots=True)
class Endplate:
    """The superior endplate of a vertebra.

    Parameters
    ----------
    middle_mm : tuple of float
        Middle of its surface.
    normal : tuple of float
        Unit vector towards the head, in the mid-sagittal plane.
    right_mm, left_mm, anterior_mm, posterior_mm : tuple of float
        Outermost points of its rim.

    """

    middle_mm: Point
    normal: Point
    right_mm: Point
    left_mm: Point
    anterior_mm: Point
    posterior_mm: Point

    @property
    def anterior(self) -> FloatArray:
        """Unit vector (3,) along the endplate towards anterior."""
        x, _, z = self.normal
        return np.array([z, 0.0, -x])


def bone_of(phantom: Phantom, vertebra: str) -> TriangleMesh:
    """Return the mesh of a vertebra; `SimulationError` if the phantom does not have it."""
    name = BONE_OF.get(vertebra, vertebra)
    if name not in phantom.bones:
        raise SimulationError("phantom", f"it has no bone {name}")
    return phantom.bones[name]


def endplate(phantom: Phantom, vertebra: str) -> Endplate:
    """Return the superior endplate of a vertebra.

    Raises
    ------
    SimulationError
        If the phantom does not have the vertebra, or its body has no upper surface.

    """
    mesh, facts = bone_of(phantom, vertebra), phantom.vertebra(vertebra)
    upward = np.asarray(facts.cranial_axis) / np.linalg.norm(facts.cranial_axis)
    forward = np.array([upward[2], 0.0, -upward[0]])
    from_centre = mesh.vertices - facts.centroid_mm
    body = (np.abs(from_centre[:, 1]) < BODY_HALF_WIDTH_MM) & (
        np.abs(from_centre @ forward) < BODY_HALF_DEPTH_MM
    )
    chosen = mesh.vertices[
        body & (mesh.vertex_normals() @ upward > FACING_UP) & (from_centre @ upward > BODY_TOP_MM)
    ]
    if len(chosen) < FEWEST_RAYS:
        raise SimulationError(f"vertebra {vertebra}", "its body has no upper surface")
    middle = chosen.mean(axis=0)
    normal = np.linalg.svd(chosen - middle)[2][2]
    normal = normal * np.sign(normal @ upward) * (1.0, 0.0, 1.0)
    normal = normal / np.linalg.norm(normal)
    middle[1] = 0.0
    return _with_rim(mesh, middle, normal)


def _with_rim(mesh: TriangleMesh, middle: FloatArray, normal: FloatArray) -> Endplate:
    forward = np.array([normal[2], 0.0, -normal[0]])
    offsets = mesh.vertices - middle
    rim = np.abs(offsets @ normal) < RIM_MM
    across = rim & (np.abs(offsets @ forward) < RIM_MM)
    along = rim & (np.abs(offsets[:, 1]) < RIM_MM) & (offsets @ forward > BEHIND_BODY_MM - RIM_MM)
    wide, deep = mesh.vertices[across], mesh.vertices[along]
    depth = (deep - middle) @ forward
    return Endplate(
        _point(middle),
        _point(normal),
        _point(wide[wide[:, 1].argmin()]),
        _point(wide[wide[:, 1].argmax()]),
        _point(deep[depth.argmax()]),
        _point(deep[depth.argmin()]),
    )


def landmarks_of(phantom: Phantom, target: Target) -> dict[str, Point]:
    """Return landmarks by the names of the protocols, for one target, in mm; what cannot be had is left out."""
    found: dict[str, Point] = {}
    if target.notch_mm is None:
        return found
    found["sap_tp_angle"] = target.notch_mm
    if target.lower_mm is not None and target.vertebra != "S1":  # S1 has no mamillo-accessory notch
        found["mamillo_accessory_notch"] = target.lower_mm
    plate, mesh = endplate(phantom, target.vertebra), bone_of(phantom, target.vertebra)
    if target.vertebra != "S1":  # the sacrum has no transverse process
        found |= _border(mesh, plate, target.notch_mm)
    return found | _process(mesh, plate, target.notch_mm)


def _border(mesh: TriangleMesh, plate: Endplate, notch: Point) -> dict[str, Point]:
    offsets = mesh.vertices - plate.middle_mm
    side = math.copysign(1.0, notch[1])
    behind = offsets @ plate.anterior < BEHIND_BODY_MM
    for lateral in BORDER_OFFSETS_MM:
        near = behind & (np.abs(mesh.vertices[:, 1] * side - (abs(notch[1]) + lateral)) < SLICE_MM)
        if near.any():
            points = mesh.vertices[near]
            highest = points[((points - plate.middle_mm) @ plate.normal).argmax()]
            return {"tp_border_medial": notch, "tp_border_lateral": _point(highest)}
    return {}


def _process(mesh: TriangleMesh, plate: Endplate, notch: Point) -> dict[str, Point]:
    """Return margins of the articular process and the posterior border of the foramen in front of it."""
    levels = {level: _chords(mesh, plate, notch, level) for level in LEVELS_MM}
    free = [level for level, chords in levels.items() if _is_free(chords, plate)]
    if not free:
        return {}
    lower = free[0]
    upper = min(free, key=lambda level: abs(level - lower - FORAMEN_HEIGHT_MM))
    if upper <= lower:
        return {}
    backs = [back for level, chords in levels.items() if level <= upper for back, _ in chords]

    def depth(point: FloatArray) -> float:
        return float(point @ plate.anterior)

    border = [_point(max((front for _, front in levels[level]), key=depth)) for level in (lower, upper)]
    return {
        "sap_anterior": border[0],
        "sap_posterior": _point(min(backs, key=depth)),
        "foramen_posterior_lower": border[0],
        "foramen_posterior_upper": border[1],
    }


Chords = list[tuple[FloatArray, FloatArray]]


def _chords(mesh: TriangleMesh, plate: Endplate, notch: Point, level: float) -> Chords:
    """Return where rays at a height above the notch enter the process from dorsal, and where they leave it."""
    side = math.copysign(1.0, notch[1])
    found: Chords = []
    for offset in PROCESS_OFFSETS_MM:
        start = np.array(notch) + level * np.array(plate.normal) - START_MM * plate.anterior
        start[1] -= side * offset
        hits = ray_crossings(mesh, start, plate.anterior)[:2]
        if len(hits) == len(("in", "out")):
            back, front = (start + hit * plate.anterior for hit in hits)
            if (back - plate.middle_mm) @ plate.anterior < BEHIND_BODY_MM:
                found.append((back, front))
    return found


def _is_free(chords: Chords, plate: Endplate) -> bool:
    """Return whether the process stands free of pedicle and body at a level."""
    fronts = [(front - plate.middle_mm) @ plate.anterior for _, front in chords]
    return len(fronts) >= FEWEST_RAYS and bool(max(fronts) < BEHIND_PEDICLE_MM)


def _point(values: FloatArray) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z
