"""A spinal needle: its shape, its shadow and its way from the skin to the target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.materials import MATERIALS

FloatArray = NDArray[np.float64]
Point = tuple[float, float, float]

TINY = 1e-12

DIAMETER_22G_MM = 0.72
"""Nominal outer diameter of a 22 gauge needle; with its stylet it is solid steel."""

LENGTH_MM = 89.0
"""Shaft of a 3.5 inch spinal needle, from the tip to the hub."""


@dataclass(frozen=True, slots=True)
class Capsule:
    """A straight rod with round ends; its axis runs from `start_mm` to `end_mm`."""

    start_mm: Point
    end_mm: Point
    radius_mm: float
    attenuation_per_mm: float

    def __post_init__(self) -> None:
        if self.radius_mm <= 0 or math.dist(self.start_mm, self.end_mm) <= 0:
            raise SimulationError("rod", "length and radius have to be more than zero")


@dataclass(frozen=True, slots=True)
class Needle:
    """A needle at one moment.

    Parameters
    ----------
    tip_mm : tuple of float
        Foremost point of the shaft.
    hub_mm : tuple of float
        Where the shaft ends in the hub.
    diameter_mm : float
        Outer diameter of the shaft.

    """

    tip_mm: Point
    hub_mm: Point
    diameter_mm: float = DIAMETER_22G_MM

    def rods(self) -> tuple[Capsule, ...]:
        """Return shaft, steel sleeve, plastic hub and wings of the stylet cap.

        The hub lies outside the body, so its parts carry their full attenuation. Sizes
        other than the gauge are engineering defaults.
        """
        tip, hub = np.array(self.tip_mm), np.array(self.hub_mm)
        back = (hub - tip) / np.linalg.norm(hub - tip)
        radius = self.diameter_mm / 2
        steel, plastic = MATERIALS["steel"].per_mm, MATERIALS["plastic"].per_mm
        return (
            Capsule(_point(tip + radius * back), _point(hub), radius, steel),
            Capsule(_point(hub), _point(hub + 5.0 * back), 0.75, steel),
            Capsule(_point(hub + 2.5 * back), _point(hub + 8.0 * back), 2.4, plastic),
            Capsule(_point(hub + 8.0 * back), _point(hub + 17.0 * back), 3.6, plastic),
        )


def rod_attenuation(rods: Sequence[Capsule], pose: CArmPose) -> FloatArray:
    """Return the line integral of attenuation of rods for every pixel.

    Parameters
    ----------
    rods : sequence of Capsule
        Overlapping parts are added.
    pose : CArmPose
        The view.

    Returns
    -------
    numpy.ndarray, shape (rows, columns)
        Dimensionless.

    """
    total = np.zeros((pose.rows, pose.columns))
    for rod in rods:
        rows, columns = _shadow_box(rod, pose)
        if rows.size and columns.size:
            pixels = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
            rays = pose.detector_points(pixels) - pose.source_mm
            lengths = chord_lengths(rod, pose.source_mm, rays).reshape(len(rows), len(columns))
            total[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += rod.attenuation_per_mm * lengths
    return total


def chord_lengths(rod: Capsule, origin: ArrayLike, directions: ArrayLike) -> FloatArray:
    """Return how many mm of each ray lie inside a rod.

    A rod is the union of a cylinder and two balls and is convex, so the chord runs from the
    first entry into any of the three to the last exit.

    Parameters
    ----------
    rod : Capsule
        The rod.
    origin : array_like, shape (3,)
        Common start of the rays.
    directions : array_like, shape (n, 3)
        Directions of any length.

    Returns
    -------
    numpy.ndarray, shape (n,)

    """
    rays = np.asarray(directions, dtype=np.float64)
    rays = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    start, end = np.array(rod.start_mm), np.array(rod.end_mm)
    origin = np.asarray(origin, dtype=np.float64)
    parts = [_ball(origin - centre, rays, rod.radius_mm) for centre in (start, end)]
    parts.append(_cylinder(origin - start, rays, end - start, rod.radius_mm))
    entry = np.min([part[0] for part in parts], axis=0)
    leave = np.max([part[1] for part in parts], axis=0)
    return np.where(leave > entry, leave - entry, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """A needle on its way from the skin to the target, frame by frame.

    Parameters
    ----------
    entry_mm, target_mm : tuple of float
        Where the needle enters the skin, and where its tip comes to rest.
    frames : int
        Length of the run.
    resting : int
        Number of last frames in which the needle lies still at the target.
    start_depth_mm : float
        Depth of the tip in the first frame.
    error_deg : float
        Angle by which the direction is off at the start; it is corrected half-way.

    """

    entry_mm: Point
    target_mm: Point
    frames: int
    resting: int = 4
    start_depth_mm: float = 8.0
    error_deg: float = 2.5

    def __post_init__(self) -> None:
        depth = math.dist(self.entry_mm, self.target_mm)
        if not (self.frames > self.resting >= 1 and 0 < self.start_depth_mm < depth < LENGTH_MM):
            raise SimulationError("needle advance", "frames or depths do not fit together")

    def needle(self, frame: int) -> Needle:
        """Return the needle of a frame; `frame` counts from 0."""
        progress = min(1.0, frame / (self.frames - self.resting))
        entry, target = np.array(self.entry_mm), np.array(self.target_mm)
        inward = (target - entry) / np.linalg.norm(target - entry)
        inward = _tilted(inward, math.radians(self.error_deg) * _remaining_error(progress))
        depth = math.dist(self.entry_mm, self.target_mm)
        tip = entry + inward * (self.start_depth_mm + (depth - self.start_depth_mm) * _staircase(progress))
        return Needle(_point(tip), _point(tip - inward * LENGTH_MM))


def _remaining_error(progress: float) -> float:
    """Return 1 until 40 % of the way, 0 from 70 %."""
    return min(1.0, max(0.0, (0.7 - progress) / 0.3))


def _staircase(progress: float) -> float:
    """Return the share of the way done: a needle is pushed in steps, not at a steady pace."""
    return progress - math.sin(2 * math.pi * 4 * progress) / (2 * math.pi * 4) * 0.9


def _tilted(direction: FloatArray, angle: float) -> FloatArray:
    """Return a direction turned towards the head by `angle` radians."""
    side = np.array([0.0, 0.0, 1.0])
    side = side - (side @ direction) * direction
    return np.asarray(direction * math.cos(angle) + side / np.linalg.norm(side) * math.sin(angle))


def _shadow_box(rod: Capsule, pose: CArmPose) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    shadows = pose.project([rod.start_mm, rod.end_mm])
    margin = 3 * pose.magnification * rod.radius_mm / pose.pixel_pitch_mm + 2
    lower, upper = np.floor(shadows.min(axis=0) - margin), np.ceil(shadows.max(axis=0) + margin)
    limits = (pose.rows, pose.columns)
    rows, columns = (
        np.arange(max(0, int(low)), max(0, min(size, int(high) + 1)))
        for low, high, size in zip(lower, upper, limits, strict=True)
    )
    return rows, columns


def _roots(half_b: FloatArray, c: float | FloatArray, a: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the two solutions of a t^2 + 2 half_b t + c = 0, or (inf, -inf) where there is none."""
    square = half_b**2 - a * c
    root = np.sqrt(np.maximum(square, 0.0))
    a = np.where(a > 0, a, np.inf)
    hit = square > 0
    return np.where(hit, (-half_b - root) / a, np.inf), np.where(hit, (-half_b + root) / a, -np.inf)


def _ball(offset: FloatArray, rays: FloatArray, radius: float) -> tuple[FloatArray, FloatArray]:
    return _roots(rays @ offset, float(offset @ offset) - radius**2, np.ones(len(rays)))


def _cylinder(
    offset: FloatArray, rays: FloatArray, axis: FloatArray, radius: float
) -> tuple[FloatArray, FloatArray]:
    length = float(np.linalg.norm(axis))
    unit = axis / length
    along, height = rays @ unit, float(offset @ unit)
    flat_rays, flat_offset = rays - np.outer(along, unit), offset - height * unit
    squared = np.einsum("ij,ij->i", flat_rays, flat_rays)
    entry, leave = _roots(flat_rays @ flat_offset, float(flat_offset @ flat_offset) - radius**2, squared)
    safe = np.where(np.abs(along) > TINY, along, TINY)
    ends = np.sort(np.stack([-height / safe, (length - height) / safe]), axis=0)
    entry, leave = np.maximum(entry, ends[0]), np.minimum(leave, ends[1])
    return np.where(leave > entry, entry, np.inf), np.where(leave > entry, leave, -np.inf)


def _point(values: FloatArray) -> Point:
    x, y, z = (float(value) for value in values)
    return x, y, z
