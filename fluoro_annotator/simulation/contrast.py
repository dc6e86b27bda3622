"""Contrast medium that spreads along bone from a needle tip.

The pool is a sum of soft round drops on the surface of one bone. They wet the bone in the order of
their distance from the tip along the surface, as a periosteal pool does. The line
integral through a Gaussian drop is a Gaussian of the ray's distance from its centre, so no
volume has to be sampled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from fluoro_annotator.errors import SimulationError
from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.materials import MATERIALS
from fluoro_annotator.simulation.meshes import TriangleMesh

FloatArray = NDArray[np.float64]
Point = tuple[float, float, float]

IODINE_G_PER_ML = 0.24
"""Contrast medium with 240 mg of iodine per millilitre, a usual strength for spinal use."""

HEIGHT_MM = 0.9
"""Distance of the drops' centres from the bone; engineering default."""

DROPS = 220
REACH_SIGMAS = 4

SOFTNESS = 0.25
"""Share of the drops that fill at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """The course of one injection.

    Parameters
    ----------
    first_frame, last_frame : int
        Frame index (from 0) in which contrast is first visible, and in which flow ends.
    volume_ml : float
        Volume at the end.

    """

    first_frame: int
    last_frame: int
    volume_ml: float

    def __post_init__(self) -> None:
        if not (0 <= self.first_frame < self.last_frame and self.volume_ml > 0):
            raise SimulationError("injection", "frames or volume do not fit together")

    def volume_at(self, frame: int) -> float:
        """Return the millilitres injected up to a frame, that frame included."""
        steps = self.last_frame - self.first_frame + 1
        return self.volume_ml * min(1.0, max(0, frame - self.first_frame + 1) / steps)

    def state_at(self, frame: int) -> str:
        """Return ``none``, ``flowing`` or ``complete``."""
        if frame < self.first_frame:
            return "none"
        return "flowing" if frame < self.last_frame else "complete"


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Drops in the order in which they are wetted.

    Parameters
    ----------
    centres_mm : numpy.ndarray, shape (n, 3)
        Centres of the drops.
    sigmas_mm : numpy.ndarray, shape (n,)
        Standard deviations of the drops.
    shares : numpy.ndarray, shape (n,)
        Share of each drop in the final volume; the sum is 1.

    """

    centres_mm: FloatArray
    sigmas_mm: FloatArray
    shares: FloatArray

    def attenuation(self, volume_ml: float, final_ml: float, pose: CArmPose) -> FloatArray:
        """Return the line integral of attenuation of the pool, shape (rows, columns).

        Parameters
        ----------
        volume_ml, final_ml : float
            Volume injected so far and at the end.
        pose : CArmPose
            The view.

        """
        total = np.zeros((pose.rows, pose.columns))
        for index, drop_ml in enumerate(self.filled(volume_ml, final_ml)):
            if drop_ml > 0:
                self._add_drop(index, drop_ml, pose, total)
        return total

    def filled(self, volume_ml: float, final_ml: float) -> FloatArray:
        """Return the volume in each drop (ml): early ones are full while late ones are still dry."""
        shares = np.minimum(1.0, volume_ml / final_ml) * (1 + SOFTNESS) - np.linspace(0, 1, len(self.shares))
        weights = np.clip(shares / SOFTNESS, 0.0, 1.0) * self.shares
        total = float(weights.sum())
        return np.asarray(weights * (volume_ml / total) if total > 0 else weights)

    def _add_drop(self, index: int, volume_ml: float, pose: CArmPose, total: FloatArray) -> None:
        centre, sigma = self.centres_mm[index], float(self.sigmas_mm[index])
        row, column = pose.project([centre])[0]
        reach = REACH_SIGMAS * sigma * pose.magnification / pose.pixel_pitch_mm
        rows = _span(row, reach, pose.rows)
        columns = _span(column, reach, pose.columns)
        pixels = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
        rays = pose.detector_points(pixels) - pose.source_mm
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        offset = centre - pose.source_mm
        squared = offset @ offset - (rays @ offset) ** 2
        peak = 1000 * volume_ml * drop_attenuation() / (2 * math.pi * sigma**2)
        shadow = peak * np.exp(-squared / (2 * sigma**2))
        total[np.ix_(rows, columns)] += shadow.reshape(len(rows), len(columns))


def drop_attenuation() -> float:
    """Return the attenuation of undiluted contrast medium in 1/mm."""
    return MATERIALS["iodine"].per_mm * IODINE_G_PER_ML


def periosteal_pool(
    bone: TriangleMesh, tip_mm: Point, radius_mm: float, generator: np.random.Generator
) -> Pool:
    """Return a pool on a bone around a needle tip.

    Parameters
    ----------
    bone : TriangleMesh
        The bone that the tip touches.
    tip_mm : tuple of float
        Needle tip.
    radius_mm : float
        Distance along the bone that the pool reaches.
    generator : numpy.random.Generator
        Source of the irregular outline.

    Raises
    ------
    SimulationError
        If no bone surface lies within reach of the tip.

    """
    distances = _surface_distances(bone, np.array(tip_mm), radius_mm)
    ragged = distances * generator.uniform(0.75, 1.45, size=distances.shape)
    order = np.argsort(ragged)
    order = order[ragged[order] < radius_mm]
    if order.size == 0:
        raise SimulationError("contrast", "the needle tip does not touch the bone", "Move the tip onto bone.")
    chosen = order[np.sort(generator.integers(0, order.size, DROPS))]
    normals = bone.vertex_normals()[chosen]
    scatter = generator.normal(0, 0.7, (DROPS, 3))
    shares = generator.gamma(2.5, size=DROPS) * (1.3 - distances[chosen] / radius_mm).clip(0.1)
    return Pool(
        bone.vertices[chosen] + normals * HEIGHT_MM + scatter,
        generator.uniform(1.0, 1.9, DROPS),
        shares / shares.sum(),
    )


def _surface_distances(bone: TriangleMesh, tip: FloatArray, radius_mm: float) -> FloatArray:
    """Return the distance of every vertex from the tip along the edges of the bone (inf beyond reach)."""
    start, end = bone.triangles.ravel(), np.roll(bone.triangles, -1, axis=1).ravel()
    lengths = np.linalg.norm(bone.vertices[start] - bone.vertices[end], axis=1)
    count = len(bone.vertices)
    graph = coo_array((np.maximum(lengths, 1e-9), (start, end)), shape=(count, count)).tocsr()
    direct = np.linalg.norm(bone.vertices - tip, axis=1)
    nearest = int(np.argmin(direct))
    if direct[nearest] > radius_mm:
        return np.full(count, np.inf)
    along = dijkstra(graph, indices=nearest, limit=2 * radius_mm)
    return np.asarray(along + direct[nearest], dtype=np.float64)


def _span(middle: float, reach: float, size: int) -> NDArray[np.int64]:
    return np.arange(max(0, math.floor(middle - reach)), max(0, min(size, math.ceil(middle + reach) + 1)))
