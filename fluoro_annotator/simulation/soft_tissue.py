"""Soft tissue around the lumbar spine: body outline, muscles, bowel.

Sizes are engineering defaults for an adult of medium build lying prone; they were chosen by the
look of the rendered images, not measured. Everything is a closed mesh in the patient
frame, so the bones' projector renders it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.simulation.materials import difference
from fluoro_annotator.simulation.meshes import TriangleMesh, ellipsoid, join, loft

FloatArray = NDArray[np.float64]

RING_POINTS = 96
FAT_MM = 16.0
SQUARENESS = 2.4


@dataclass(frozen=True, slots=True)
class Body:
    """A closed mesh, how much more (1/mm) it attenuates than what it lies in, and its texture."""

    name: str
    mesh: TriangleMesh
    attenuation_per_mm: float
    texture: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A horizontal section through a tube: height, centre and half-axes, all mm."""

    z: float
    x: float
    y: float
    half_depth: float
    half_width: float


TORSO: tuple[Section, ...] = (
    Section(-190, 4, 0, 112, 178),
    Section(-120, 2, 0, 114, 180),
    Section(-50, 5, 0, 108, 174),
    Section(0, 8, 0, 103, 166),
    Section(50, 12, 0, 101, 156),
    Section(100, 14, 0, 104, 152),
    Section(150, 10, 0, 108, 154),
    Section(220, 2, 0, 112, 160),
    Section(290, -4, 0, 112, 164),
)
PSOAS: tuple[Section, ...] = (
    Section(-95, 52, 78, 14, 13),
    Section(-40, 42, 68, 19, 17),
    Section(10, 26, 55, 22, 20),
    Section(60, 14, 46, 21, 19),
    Section(110, 8, 38, 17, 15),
    Section(150, -2, 33, 12, 10),
    Section(185, -10, 29, 7, 6),
)
ERECTOR: tuple[Section, ...] = (
    Section(-60, -66, 22, 9, 14),
    Section(0, -58, 30, 16, 24),
    Section(60, -54, 34, 20, 28),
    Section(120, -58, 36, 20, 29),
    Section(190, -66, 36, 18, 28),
    Section(260, -72, 34, 16, 26),
)

BOWEL_SEED = 23
BOWEL_LOOPS = 110
GAS_CLUSTERS = 9
LOOP_CONTRAST_PER_MM = 0.0024
"""Engineering default: bowel content differs by up to this much from its surroundings."""


def tube(
    sections: Sequence[Section], *, squareness: float = 2.0, inset_mm: float = 0.0, mirror: bool = False
) -> TriangleMesh:
    """Return the closed tube through sections, smoothly interpolated in height.

    Parameters
    ----------
    sections : sequence of Section
        From caudal to cranial.
    squareness : float
        Exponent of the superellipse; 2 is an ellipse, more is squarer.
    inset_mm : float
        Taken off both half-axes, for a layer under the surface.
    mirror : bool
        Use -y instead of y (the right side of the patient).

    """
    heights = np.array([section.z for section in sections])
    levels = np.linspace(heights[0], heights[-1], 6 * len(sections))
    columns = [
        _smooth(heights, [getattr(s, name) for s in sections], levels)
        for name in ("x", "y", "half_depth", "half_width")
    ]
    angles = 2 * np.pi * np.arange(RING_POINTS) / RING_POINTS
    outline = np.column_stack(
        [_power(np.cos(angles), 2 / squareness), _power(np.sin(angles), 2 / squareness)]
    )
    sign = -1.0 if mirror else 1.0
    rings = [
        np.column_stack(
            [
                x + outline[:, 0] * (deep - inset_mm),
                sign * y + outline[:, 1] * (wide - inset_mm),
                np.full(RING_POINTS, z),
            ]
        )
        for z, x, y, deep, wide in zip(levels, *columns, strict=True)
    ]
    return loft(rings)


def skin() -> TriangleMesh:
    """Return the surface of the body."""
    return tube(TORSO, squareness=SQUARENESS)


def soft_tissue() -> tuple[Body, ...]:
    """Return the torso with fat, muscles and bowel, always the same."""
    pair = (False, True)
    return (
        Body("subcutaneous fat", skin(), difference("fat", "air"), "soft"),
        Body("abdomen", tube(TORSO, squareness=SQUARENESS, inset_mm=FAT_MM), difference("viscera", "fat")),
        *(Body("psoas", tube(PSOAS, mirror=side), difference("muscle", "viscera")) for side in pair),
        *(
            Body("erector spinae", tube(ERECTOR, mirror=side), difference("muscle", "viscera"))
            for side in pair
        ),
        *bowel(np.random.default_rng(BOWEL_SEED)),
    )


def bowel(generator: np.random.Generator) -> tuple[Body, ...]:
    """Return random bowel loops in front of the spine, some denser, some fatter, some with gas."""
    loops = [_loop(generator) for _ in range(BOWEL_LOOPS)]
    half = BOWEL_LOOPS // 2
    gas = [bubble for _ in range(GAS_CLUSTERS) for bubble in _gas_cluster(generator)]
    return (
        Body("fuller bowel", join(loops[:half]), LOOP_CONTRAST_PER_MM),
        Body("mesenteric fat", join(loops[half:]), -LOOP_CONTRAST_PER_MM),
        Body("bowel gas", join(gas), difference("air", "viscera")),
    )


def _loop(generator: np.random.Generator) -> TriangleMesh:
    centre = generator.uniform((55, -120, -70), (88, 120, 190))
    size = generator.uniform(9, 20) * generator.uniform((0.5, 0.8, 0.6), (0.9, 1.8, 1.3))
    return lumpy(generator, 0.16).scaled(size).moved(centre)


def _gas_cluster(generator: np.random.Generator) -> list[TriangleMesh]:
    """Return a short chain of touching bubbles, as gas looks between the folds of the colon."""
    place = generator.uniform((62, -105, -60), (84, 105, 170))
    heading = generator.normal(0, 1, 3) * (0.2, 1.0, 0.8)
    heading /= np.linalg.norm(heading)
    bubbles = []
    for size in generator.gamma(3.5, 1.7, size=generator.integers(2, 6)) + 1.5:
        bubbles.append(lumpy(generator, 0.32).scaled(size * np.array([0.5, 1.0, 0.9])).moved(place))
        heading += generator.normal(0, 0.35, 3) * (0.2, 1.0, 1.0)
        place = place + heading / np.linalg.norm(heading) * size * generator.uniform(0.7, 1.6)
    return bubbles


def lumpy(generator: np.random.Generator, roughness: float) -> TriangleMesh:
    """Return a closed ball of radius about 1 with smooth random bulges."""
    ball = ellipsoid((0, 0, 0), (1, 1, 1), steps=14)
    waves = generator.normal(0, 2.2, (6, 3))
    phases = generator.uniform(0, 2 * np.pi, 6)
    bulge = np.cos(ball.vertices @ waves.T + phases).mean(axis=1, keepdims=True)
    return TriangleMesh(ball.vertices * (1 + 2.4 * roughness * bulge), ball.triangles)


def _power(values: FloatArray, exponent: float) -> FloatArray:
    return np.asarray(np.sign(values) * np.abs(values) ** exponent, dtype=np.float64)


def _smooth(heights: FloatArray, values: Sequence[float], levels: FloatArray) -> FloatArray:
    """Interpolate with a cosine ramp between neighbours: no overshoot, no kink in the outline."""
    index = np.clip(np.searchsorted(heights, levels, side="right") - 1, 0, len(heights) - 2)
    share = (levels - heights[index]) / (heights[index + 1] - heights[index])
    weight = (1 - np.cos(np.pi * np.clip(share, 0, 1))) / 2
    table = np.asarray(values, dtype=np.float64)
    return table[index] * (1 - weight) + table[index + 1] * weight
