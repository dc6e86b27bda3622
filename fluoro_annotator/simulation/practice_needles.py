"""Where a planned needle lies in the phantom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.simulation.landmarks import START_MM, Endplate, bone_of, endplate, landmarks_of
from fluoro_annotator.simulation.meshes import TriangleMesh, ray_crossings
from fluoro_annotator.simulation.needle import LENGTH_MM, Needle
from fluoro_annotator.simulation.phantom import Phantom, Target
from fluoro_annotator.simulation.practice_cases import (
    NEXT_LEVEL,
    PLACES,
    SHORT_MM,
    NeedlePlan,
    Place,
    turned_to,
)

FloatArray = NDArray[np.float64]

BLOCK_TURN_DEG, SACRAL_TURN_DEG, BLOCK_DECLINE_DEG = 25.0, 8.0, 6.0
"""A needle for a block comes along the oblique beam, slightly from caudal; past the iliac crest with less obliquity."""

ELECTRODE_TURN_DEG, ELECTRODE_DECLINE_DEG = 20.0, 42.0
"""An electrode comes 20 degrees from lateral and 40 to 45 from caudal (Furman's atlas)."""

ELECTRODE_MM, DIAMETER_20G_MM, ACTIVE_TIP_MM = 100.0, 0.91, 10.0
CONTACT_MM = 0.5
"""Gap between the bone and the tip of a needle that touches it, half the diameter of the needle."""

NECK_SHARE = 0.35
"""How far from the notch to the target the tip of a well placed electrode lies: on the lateral neck."""

OTHER = {"left": "right", "right": "left"}


@dataclass(frozen=True, slots=True)
class PlacedNeedle:
    """A needle, and where its tip lies from the true target.

    Parameters
    ----------
    needle : Needle
        Tip and hub.
    offset_mm : tuple of float
        Vector from the true target to the tip: x, y, z.

    """

    needle: Needle
    offset_mm: tuple[float, float, float]


def placed_needle(phantom: Phantom, plan: NeedlePlan) -> PlacedNeedle:
    """Return the needle of a plan.

    Raises
    ------
    SimulationError
        If the phantom lacks what the plan needs, or the way of the needle goes through bone.

    """
    place = PLACES[plan.place]
    meant = phantom.target(plan.nerve, plan.side)
    lies_at = _lies_at(phantom, plan, place)
    plate = endplate(phantom, lies_at.vertebra)
    outward = _outward(plate, plan, place, lies_at.side)
    tip = _tip(phantom, lies_at, place, plate, outward)
    _require_free_way(phantom, plan, tip, outward)
    length, width = (ELECTRODE_MM, DIAMETER_20G_MM) if plan.electrode else (LENGTH_MM, None)
    hub = tip + length * outward
    ends = (
        tuple(float(value) for value in np.round(tip, 3)),
        tuple(float(value) for value in np.round(hub, 3)),
    )
    needle = Needle(ends[0], ends[1]) if width is None else Needle(ends[0], ends[1], width)  # type: ignore[arg-type]
    x, y, z = (float(value) for value in np.round(np.array(needle.tip_mm) - meant.point_mm, 3))
    return PlacedNeedle(needle, (x, y, z))


def _lies_at(phantom: Phantom, plan: NeedlePlan, place: Place) -> Target:
    nerve = NEXT_LEVEL[plan.nerve] if place.how == "next_level" else plan.nerve
    side = OTHER[plan.side] if place.how == "other_side" else plan.side
    return phantom.target(nerve, side)


def _outward(plate: Endplate, plan: NeedlePlan, place: Place, side: str) -> FloatArray:
    """Return the unit vector from tip to hub, in the axes of the vertebra."""
    electrode = plan.electrode and not place.perpendicular
    block_turn = SACRAL_TURN_DEG if plan.nerve == "L5_DR" else BLOCK_TURN_DEG
    turn, decline = (
        (ELECTRODE_TURN_DEG, ELECTRODE_DECLINE_DEG) if electrode else (block_turn, BLOCK_DECLINE_DEG)
    )
    turn, decline = np.radians(turn * turned_to(side)), np.radians(decline)
    level = -np.cos(turn) * plate.anterior + np.sin(turn) * np.array([0.0, 1.0, 0.0])
    return np.asarray(np.cos(decline) * level - np.sin(decline) * np.array(plate.normal))


def _tip(phantom: Phantom, target: Target, place: Place, plate: Endplate, outward: FloatArray) -> FloatArray:
    lateral, cranial, ventral = place.offset_mm
    start = np.array(target.point_mm)
    if place.how == "foramen":
        found = landmarks_of(phantom, target)
        start = (np.array(found["foramen_posterior_lower"]) + np.array(found["foramen_posterior_upper"])) / 2
        start[1] = target.point_mm[1]
    if place.how == "neck" and target.notch_mm is not None:
        start = start + (1 - NECK_SHARE) * (np.array(target.notch_mm) - start)
    tip = start + cranial * np.array(plate.normal) + ventral * plate.anterior
    tip[1] += lateral * turned_to(target.side)
    if place.on_bone:
        tip = _on_surface(phantom, tip, plate)
    if place.how == "short":
        return np.asarray(tip + SHORT_MM * outward)
    bone = bone_of(phantom, target.vertebra)
    return _out_of_bone(bone, tip, outward)


def _on_surface(phantom: Phantom, point: FloatArray, plate: Endplate) -> FloatArray:
    """Return where a ray from dorsal along the endplate first meets bone, of whichever vertebra."""
    start = point - START_MM * plate.anterior
    hits = [
        found[0]
        for bone in phantom.bones.values()
        if (found := ray_crossings(bone, start, plate.anterior)).size
    ]
    if not hits:
        raise SimulationError("practice needle", "there is no bone where the tip should touch it")
    return np.asarray(start + (min(hits) - CONTACT_MM) * plate.anterior)


def _out_of_bone(bone: TriangleMesh, tip: FloatArray, outward: FloatArray) -> FloatArray:
    """Return a tip drawn back along its shaft to where the shaft leaves the bone it lies just under."""
    hits = ray_crossings(bone, tip, outward)
    return np.asarray(tip + (hits[0] + CONTACT_MM) * outward) if len(hits) % 2 else tip


def _require_free_way(phantom: Phantom, plan: NeedlePlan, tip: FloatArray, outward: FloatArray) -> None:
    blocked = {
        name: hits.round(1).tolist()
        for name, bone in phantom.bones.items()
        if (hits := ray_crossings(bone, tip + CONTACT_MM * outward, outward)).size
    }
    if blocked:
        raise SimulationError(
            f"practice needle {plan.nerve} {plan.side} {plan.place}", f"its way meets {blocked}"
        )
