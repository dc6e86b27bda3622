"""What the beam crosses: bones in soft tissue, and the attenuation it suffers there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.geometry.projection import CArmPose
from fluoro_annotator.simulation.filters import wide_blur
from fluoro_annotator.simulation.materials import difference
from fluoro_annotator.simulation.meshes import TriangleMesh, ellipsoid
from fluoro_annotator.simulation.phantom import Phantom, Vertebra
from fluoro_annotator.simulation.projector import path_lengths
from fluoro_annotator.simulation.soft_tissue import Body

FloatArray = NDArray[np.float64]

DISC_RADII_MM = (18.0, 25.0, 6.5)
CORTEX_MM = 1.3
"""Thickness of the cortical shell, as recommended with the phantom."""


DISC_RADII_MM = (18.0, 25.0, 6.5)
CORTEX_MM = 1.3
"""Thickness of the cortical shell, as recommended with the phantom."""


@dataclass(frozen=True, slots=True)
class Texture:
    """Random variation of attenuation along the path through a body.

    Parameters
    ----------
    scales_mm : tuple of float
        Standard deviations of the Gaussians that smooth white noise, in the isocentre plane.
    strength : float
        Standard deviation relative to the body's own attenuation.

    """

    scales_mm: tuple[float, ...]
    strength: float


TEXTURES: Mapping[str, Texture] = MappingProxyType(
    {
        "soft": Texture((1.2, 2.5, 5.0, 11.0), 0.009),
        "trabecular": Texture((0.28, 0.5, 1.1, 3.0), 0.11),
    }
)
"""Engineering defaults. The texture is painted on the projection, so it is fixed within a view and
unrelated between views; geometry and ground truth do not depend on it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Closed bodies that differ in attenuation from what surrounds them.

    Parameters
    ----------
    bodies : tuple of Body
        Contributions are added, so a body inside another carries the difference only.

    """

    bodies: tuple[Body, ...]

    def attenuation(self, pose: CArmPose, generator: np.random.Generator) -> FloatArray:
        """Return the line integral of attenuation for every pixel.

        Parameters
        ----------
        pose : CArmPose
            View; sets the size of the result.
        generator : numpy.random.Generator
            Source of the textures.

        Returns
        -------
        numpy.ndarray, shape (rows, columns)
            Dimensionless; the transmitted fraction is ``exp(-result)``.

        """
        total = np.zeros((pose.rows, pose.columns))
        textured: dict[str, FloatArray] = {}
        for body in self.bodies:
            path = body.attenuation_per_mm * path_lengths(body.mesh, pose)
            total += path
            if body.texture:
                textured[body.texture] = textured.get(body.texture, 0.0) + path
        for name in filter(textured.__contains__, TEXTURES):
            total += textured[name] * texture_field(TEXTURES[name], pose, generator)
        return total


def texture_field(texture: Texture, pose: CArmPose, generator: np.random.Generator) -> FloatArray:
    """Return smooth noise of the size of the image, mean 0, standard deviation `strength`."""
    pitch = pose.pixel_pitch_mm / pose.magnification
    field = np.zeros((pose.rows, pose.columns))
    for scale in texture.scales_mm:
        layer = wide_blur(generator.normal(size=field.shape), scale / pitch)
        field += layer / max(float(layer.std()), 1e-12)
    return field * texture.strength / math.sqrt(len(texture.scales_mm))


def bone_bodies(phantom: Phantom) -> tuple[Body, ...]:
    """Return every bone as a cortical shell around a cancellous core, in soft tissue."""
    return tuple(body for name in phantom.bones for body in _shell_and_core(phantom, name))


def _shell_and_core(phantom: Phantom, name: str) -> Iterable[Body]:
    mesh = phantom.bones[name]
    core = mesh.shrunk(CORTEX_MM)
    yield Body(f"{name} shell", mesh, difference("shell", "viscera"))
    yield Body(f"{name} core, taken out", core, difference("viscera", "shell"))
    yield Body(f"{name} core", core, difference("cancellous", "viscera"), "trabecular")


def disc_bodies(phantom: Phantom) -> tuple[Body, ...]:
    """Return flat ellipsoids between neighbouring vertebral bodies."""
    vertebrae = list(phantom.vertebrae.items())
    pairs = itertools.pairwise(vertebrae)
    contrast = difference("disc", "viscera")
    return tuple(Body(f"disc {above}-{below}", _disc(a, b), contrast) for (above, a), (below, b) in pairs)


def _disc(above: Vertebra, below: Vertebra) -> TriangleMesh:
    axis = np.add(above.cranial_axis, below.cranial_axis)
    axis = axis / np.linalg.norm(axis)
    across = np.array([0.0, 1.0, 0.0])
    frame = np.vstack([np.cross(across, axis), across, axis])
    flat = ellipsoid((0, 0, 0), DISC_RADII_MM)
    middle = (np.array(above.centroid_mm) + np.array(below.centroid_mm)) / 2
    return TriangleMesh(flat.vertices @ frame + middle, flat.triangles)
